"""Who fills in a form is a row of one table: a source more is sent, scored, compared and exported like the others."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from pmqa.cli import main
from pmqa.demo import demo_submissions
from pmqa.errors import AccessDenied, CardGone
from pmqa.framework import Framework
from pmqa.scoring import score
from pmqa.sources import SOURCES, VERIFIED, Basis, Source, bases, bases_of, source_of
from pmqa.store import Incoming, Store
from pmqa.submission import answer_frame, measure_frame, source_frame
from pmqa.viewer import LOCAL_ANALYST, Viewer, sources_of
from pmqa.views import data
from pmqa.views.address import parse
from pmqa.views.building import build
from pmqa.workbook import read, read_submission, write_form
from pmqa.workbook.cells import read_cells
from pmqa.workbook.judging import Judged, judge
from tests.pages import opened, words_on

PANEL = Source(
    id="panel",
    name={"th": "คณะผู้ทรงคุณวุฒิ", "en": "Panel"},
    line={"th": "ผลของคณะผู้ทรงคุณวุฒิ", "en": "Findings of the panel"},
    said=("panel",),
    deed="assess",
    reviews=True,
    bases=(Basis("judged", {"th": "ตามที่คณะเห็น", "en": "As judged"}, needs_opinion=True),),
)


@pytest.fixture
def panels(monkeypatch: pytest.MonkeyPatch) -> None:
    """A source more than those that come with the product: one row."""

    def judged_here(content: bytes, editions: Mapping[str, Framework]) -> tuple[Judged, bytes]:
        cells = read_cells(content)  # children begin with the rows that are in the file
        return judge(cells, editions), json.dumps(cells).encode()

    monkeypatch.setitem(SOURCES, PANEL.id, PANEL)
    monkeypatch.setattr(read, "judged", judged_here)


def test_every_basis_belongs_to_one_source_and_every_source_has_one():
    assert list(bases()) == ["claimed", "evidenced", "verified", "visited"]
    assert [source_of(basis).id for basis in bases()] == ["self", "self", "assessor", "visit"]
    assert {source: bases_of(source) for source in SOURCES} == {
        "self": ("claimed", "evidenced"),
        "assessor": ("verified",),
        "visit": ("visited",),
    }
    with pytest.raises(KeyError):
        source_of("promised")


@pytest.mark.usefixtures("panels")
@pytest.mark.parametrize(("source", "word"), [("visit", "ผู้ประเมิน (ตรวจเยี่ยม)"), ("panel", "คณะผู้ทรงคุณวุฒิ")])
@pytest.mark.slow
def test_a_source_more_is_sent_as_a_form_of_its_own(source: str, word: str, framework: Framework):
    by_agency, by_assessor = one_of_each(framework)
    form = write_form(framework, prefill=by_agency, source=source)
    shown = load_workbook(io.BytesIO(form))["หน่วยงาน"]
    assert word in [cell.value for row in shown.iter_rows() for cell in row]

    sent = replace(by_assessor, source=source)
    reading = read_submission(write_form(framework, prefill=sent), {framework.edition: framework})
    assert reading.submission == sent


@pytest.mark.usefixtures("panels")
@pytest.mark.parametrize(("source", "basis"), [("visit", "visited"), ("panel", "judged")])
def test_it_is_scored_on_its_own_basis_as_its_row_says(source: str, basis: str, framework: Framework):
    _, by_assessor = one_of_each(framework)
    both = {"a": by_assessor, "v": replace(by_assessor, source=source)}
    scores = score(source_frame(both), answer_frame(both), measure_frame(both), framework)
    scores = scores.astype(dict.fromkeys(("submission", "basis", "kind", "scope"), "str"))
    assert set(scores.loc[scores["submission"] == "v", "basis"]) == {basis}
    columns = ["kind", "scope", "score", "score_max", "coverage", "level"]
    visited, verified = (scores.loc[scores["basis"] == one, columns] for one in (basis, VERIFIED))
    pd.testing.assert_frame_equal(visited.reset_index(drop=True), verified.reset_index(drop=True))


def test_who_may_do_its_deed_may_send_it(framework: Framework, tmp_path: Path):
    by_agency, by_assessor = one_of_each(framework)
    sent = replace(by_assessor, source="visit")
    assessor, agency = Viewer("a", "assessor"), Viewer("b", "agency", frozenset({by_agency.agency_code}))
    assert sources_of(assessor) == {"assessor", "visit"}
    with Store(tmp_path / "pmqa.duckdb") as store:
        with pytest.raises(AccessDenied):
            store.recording.record(sent, b"v", file_name="v.xlsx", received_by="b", viewer=agency)
        store.recording.record(sent, b"v", file_name="v.xlsx", received_by="a", viewer=assessor)
        assert store.submissions.current(None, source="visit")["agency_code"].to_list() == [sent.agency_code]
        assert store.submissions.current(None, source="self").empty


@pytest.fixture
def visited(framework: Framework, tmp_path: Path) -> Path:
    """Three agencies that assessed themselves and were visited; the first was assessed by documents, too."""
    own = [one for one in demo_submissions(framework, agencies=3, years=1) if one.source == "self"]
    fit = [tuple(replace(measure, accepted=True) for measure in one.measures) for one in own]
    seen = [replace(one, source="visit", measures=measures) for one, measures in zip(own, fit, strict=True)]
    unmet = tuple(replace(answer, met=False) for answer in own[0].answers)
    seen.append(replace(own[0], source="assessor", answers=unmet, measures=fit[0]))
    path = tmp_path / "pmqa.duckdb"
    with Store(path) as store:
        files = [Incoming(one, str(n).encode(), f"{n}.xlsx") for n, one in enumerate([*own, *seen])]
        store.recording.record_many(files, received_by="demo")
    return path


@pytest.mark.slow
@pytest.mark.usefixtures("nothing_cached")
@pytest.mark.parametrize("page", ["overview", "compare", "agency", "gaps"])
def test_pages_compare_agencies_on_its_basis(page: str, visited: Path, monkeypatch: pytest.MonkeyPatch):
    at = opened(page, visited, monkeypatch, basis="visited")
    assert not at.exception
    shown = "\n".join(words_on(at))
    assert "ตามที่พบเมื่อตรวจเยี่ยม" in shown
    assert "แบบของผู้ประเมินจากการตรวจเยี่ยม" in shown


@pytest.mark.slow
@pytest.mark.usefixtures("nothing_cached")
def test_agencies_are_held_against_the_assessment_that_is_chosen(visited: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PMQA_DATABASE", str(visited))
    store = data.store()
    n = {
        address: build(parse(address, "en"), LOCAL_ANALYST, store).n
        for address in (
            "assess.agencies",
            "assess.agencies?theirs=visited",
            "assess.agencies?basis=visited",
            "assess.agencies?basis=visited&theirs=verified",
        )
    }
    assert list(n.values()) == [1, 3, 3, 1]
    answers = "assess.answers?agency=DEMO-001"
    tables = [build(parse(f"{answers}{more}", "en"), LOCAL_ANALYST, store).table for more in ("", "&theirs=visited")]
    assert [frame.empty for frame in tables] == [False, True]
    card = build(
        parse("compare.assessed?agencies=DEMO-001&agencies=DEMO-002&theirs=visited", "th"), LOCAL_ANALYST, store
    )
    assert card.table["first"].notna().all()
    assert "ตามที่พบเมื่อตรวจเยี่ยม" in card.columns[2].label
    with pytest.raises(CardGone):
        build(parse("assess.agencies?theirs=claimed", "en"), LOCAL_ANALYST, store)


@pytest.mark.slow
@pytest.mark.usefixtures("nothing_cached")
def test_the_pages_ask_which_assessment_where_there_are_two(visited: Path, monkeypatch: pytest.MonkeyPatch):
    at = opened("assess", visited, monkeypatch, against="visited", lang="en")
    assert not at.exception
    assert at.segmented_control(key="against").value == "visited"
    assert "As found on the site visit" in "\n".join(words_on(at))
    at = opened("assess", visited, monkeypatch, assess_part="grid", assess_as="visit", lang="en", agency="DEMO-001")
    assert not at.exception
    met = {
        one.key.rpartition("-")[2]: one.value for one in at.segmented_control if "assess-answer-visit-" in str(one.key)
    }
    assert met
    assert set(met.values()) <= {True, False, None}


@pytest.mark.slow
def test_the_command_line_exports_it(visited: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "out.xlsx"
    words = ["export", "--database", visited, "--what", "comparison", "--basis", "visited", "--out", out]
    assert main([str(word) for word in words]) == 0
    cells = [cell.value for sheet in load_workbook(out) for row in sheet.iter_rows() for cell in row]
    assert any("ตามที่พบเมื่อตรวจเยี่ยม" in str(value) for value in cells)
    words = ["export", "--database", visited, "--what", "data", "--source", "visit", "--out", tmp_path / "data"]
    assert main([str(word) for word in words]) == 0
    scores = pd.read_csv(tmp_path / "data" / "scores.csv")
    assert set(scores["source"]) == {"visit"}
    assert set(scores["basis"]) == {"visited"}


def one_of_each(framework: Framework):
    """An agency's own submission, and the assessor's of the same agency."""
    sent = demo_submissions(framework, agencies=24, years=1)
    by_assessor = next(one for one in sent if one.source == "assessor")
    return next(one for one in sent if one.source == "self" and one.agency_code == by_assessor.agency_code), by_assessor
