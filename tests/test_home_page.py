"""The first page: findings that lead to what proves them, what is new since one last looked, how to begin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pandas as pd
import pytest

from pmqa.charts import heatmap, heatmap_data
from pmqa.charts.render import figure
from pmqa.charts.style import HALF_WIDTH
from pmqa.charts.words import width_of
from pmqa.framework import Framework
from pmqa.scoring import KINDS
from pmqa.store import Incoming, Store
from pmqa.store.facts import Facts
from pmqa.text import languages, translator
from pmqa.viewer import LOCAL_ANALYST, Viewer
from pmqa.views import data, derived
from pmqa.views.address import parse, write
from pmqa.views.ahead import look_ahead, look_further
from pmqa.views.building import build, card_of, view_of
from pmqa.views.cards import home, overview
from pmqa.views.selected import Selection
from pmqa.views.told import headline
from tests.charting import FRAMEWORK
from tests.factories import make_submission
from tests.pages import SAMPLES, opened, serve, words_on

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("nothing_cached")]  # whole pages run

NOW = dt.datetime(2026, 11, 28, 3)
DUE = dt.date(2026, 11, 20)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "home.duckdb") as store:
        yield store


def sent(store: Store, code: str, content: str, *no: str) -> None:
    met = {one.id: one.id not in no for one in FRAMEWORK.criteria}
    store.recording.record_many(
        [Incoming(make_submission(code, met=met), content.encode(), f"{code}.xlsx")], received_by="t"
    )


def expected(store: Store, *codes: str) -> None:
    rows = [(code, f"กรมตัวอย่าง {code}", "กระทรวงตัวอย่างหนึ่ง", "กรม") for code in codes]
    before = store.register.agencies()
    after = before.iloc[:0].reindex(range(len(rows)))
    after[list(before.columns)] = rows
    store.register.change_agencies(before, after.astype("str"), who="t")
    store.register.expect(2569, codes, due=DUE, who="t")


@pytest.mark.parametrize("language", languages())
def test_every_finding_has_the_address_of_a_card_that_can_be_built(databases: dict[str, Path], language: str) -> None:
    with Store(databases[SAMPLES]) as store:
        view = view_of(Selection(language=language), LOCAL_ANALYST, data.version_of(store))
        first, more = home.lines(view, NOW)
        assert len(first) == 10
        assert home.lines(view, NOW)[0] is first  # whoever looks again waits for no words
        for line in (*first, *more):
            card = build(parse(write(home.proof(view, line))), LOCAL_ANALYST, store)
            assert headline(card, view.t), line.sentence
        assert set(home.highlights(view).table["proof"]) == {write(home.proof(view, one)) for one in (*first, *more)}


def test_a_ministry_has_findings_of_its_own_agencies_alone(databases: dict[str, Path]) -> None:
    with Store(databases[SAMPLES]) as store:
        view = view_of(Selection(), LOCAL_ANALYST, data.version_of(store))
        ministry = str(view.submissions["ministry"].iloc[0])
        one = view_of(Selection(ministries=(ministry,)), LOCAL_ANALYST, data.version_of(store))
        found = derived.highlights(one, NOW)
        assert set(found["subject"]) <= {*one.agencies, ministry, *FRAMEWORK.criterion}
        assert set(derived.asks(one, 5)["agencies"].str.split("\n").explode()) <= set(one.agencies)


def test_who_is_overdue_is_named_and_in_a_meeting_only_counted(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [f"D00{n}" for n in range(1, 8)]
    expected(store, *codes)
    for code in codes[:6]:
        sent(store, code, code, "1.1.B1")
    store.close()
    at = opened("overview", tmp_path / "home.duckdb", monkeypatch)
    assert not at.exception
    links = [link.proto.label for link in at.get("page_link")]
    assert any("กรมตัวอย่าง D007" in label for label in links)
    meeting = opened("overview", tmp_path / "home.duckdb", monkeypatch, meeting="0a1b2c3d")
    assert not meeting.exception
    labels = [link.proto.label for link in meeting.get("page_link")]
    assert labels
    assert not [label for label in labels if "กรมตัวอย่าง D00" in label]


def test_what_came_since_one_last_looked_is_told_once_and_marked(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    t = translator("th")
    sent(store, "D001", "1", "1.1.B1")
    store.audit.look(LOCAL_ANALYST.name, store.version())
    sent(store, "D002", "2", "1.2.B1", "1.3.B1")
    store.close()
    at = opened("overview", tmp_path / "home.duckdb", monkeypatch)
    said = t("home.since_recorded", n="1")
    links = [link.proto.label for link in at.get("page_link")]
    assert [label for label in links if said in label]
    marked = [label for label in links if f":blue-badge[{t('home.new')}]" in label]
    assert marked
    assert all("D002" in label for label in marked)
    again = opened("overview", tmp_path / "home.duckdb", monkeypatch)  # another visit, nothing new
    assert not [link for link in again.get("page_link") if said in link.proto.label or "blue-badge" in link.proto.label]


def test_looking_changes_no_version_and_is_nobodys_business(store: Store) -> None:
    sent(store, "D001", "1")
    version = store.version()
    assert store.audit.last_look("somebody") is None
    store.audit.look("somebody", version)
    store.audit.look("somebody", version)
    assert store.version() == version
    seen, when = store.audit.last_look("somebody") or ("", dt.datetime.min)
    assert (seen, when.date()) == (version, dt.datetime.now(dt.UTC).date())
    assert store.audit.last_look("another") is None
    assert "looked" not in set(store.audit.trail()["action"])


def test_a_finding_leads_to_its_page_with_what_is_selected(
    databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("overview", databases[SAMPLES], monkeypatch, basis="evidenced")
    links = [link.proto for link in at.get("page_link")]
    gaps = next(link for link in links if link.page == "gaps")
    assert {"agency", "year", "basis"} <= parse_qs(gaps.query_string).keys()
    assert parse_qs(gaps.query_string)["basis"] == ["evidenced"]


@pytest.mark.parametrize(
    ("viewer", "samples", "register"),
    [
        (LOCAL_ANALYST, True, True),
        (Viewer("x", "agency", frozenset({"D001"})), False, False),
    ],
)
def test_an_empty_installation_says_what_this_is_and_three_steps(
    viewer: Viewer, samples: bool, register: bool, databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: viewer)
    at = opened("overview", databases["nothing"], monkeypatch)
    t = translator("th")
    assert not at.exception
    words = "\n".join(words_on(at))
    assert all(t(f"home.step_{n}") in words for n in (1, 2, 3))
    assert "PMQA 4.0 คือ" in words
    pages = [link.proto.page for link in at.get("page_link")]
    assert pages == ["submit", "framework", *(["register"] if register else [])]
    assert bool([button for button in at.button if button.key == "fill-samples"]) == samples


def test_of_hundreds_of_agencies_an_ask_names_the_first_and_files_name_all(
    databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "MOST_NAMED", 2)
    with Store(databases[SAMPLES]) as store:
        asked = home.asks(view_of(Selection(), LOCAL_ANALYST, data.version_of(store)))
    row = asked.table.iloc[0]
    assert asked.finding == row["ask"]
    names = row["names"].split(", ")
    assert len(names) == row["n"] > 2
    assert row["first"] == f"{names[0]}, {names[1]} และอีก {row['n'] - 2} หน่วยงาน"
    assert {one.name: one.kind for one in asked.columns if one.name in ("first", "names")} == {
        "first": "long",
        "names": "id",
    }


def test_a_narrow_grid_keeps_marks_whole_points_and_a_line_a_row(
    databases: dict[str, Path], framework: Framework
) -> None:
    with Store(databases[SAMPLES]) as store:
        view = view_of(Selection(), LOCAL_ANALYST, data.version_of(store))
        points = heatmap_data(view.scored, framework, view.t, kind="dimension")
        wide = heatmap(points, view.caption("x", 24), framework, view.t)
    whole, narrow = (figure(one, view.t) for one in (wide, replace(wide, narrow=True)))
    texts = [next(trace for trace in one.data if trace.type == "scatter").text for one in (whole, narrow)]
    assert all(text.rstrip("*").isdigit() for text in texts[1])
    # Where there is room, the letter of its level stands before a score.
    scores = [one.rpartition(" ")[2].rstrip("*") for one in texts[0]]
    pairs = [(float(one), float(other.rstrip("*"))) for one, other in zip(scores, texts[1], strict=True)]
    assert max(abs(one - other) for one, other in pairs) < 1  # 399.9 is 399, never 400
    assert [text.endswith("*") for text in texts[1]] == [text.endswith("*") for text in texts[0]]
    assert not [name for name in narrow.layout.yaxis.ticktext if "<br>" in name]
    assert narrow.layout.height < whole.layout.height
    column = (HALF_WIDTH - narrow.layout.margin.l - narrow.layout.margin.r) / len(narrow.layout.xaxis.ticktext)
    lines = [line for heading in narrow.layout.xaxis.ticktext for line in heading.split("<br>")]
    assert (
        max(width_of(line, narrow.layout.xaxis.tickfont.size) for line in lines) < 1.2 * column
    )  # measured wide: they do not touch
    assert {"นวัตกรรม", "กระบวนการ", "ความร่วมมือ"} < set(narrow.layout.xaxis.ticktext)
    assert "การ<br>ปรับเปลี่ยน<br>เป็นดิจิทัล" in narrow.layout.xaxis.ticktext


def test_the_first_page_reads_of_scores_only_what_it_shows(
    databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[set[str], set[int]]] = []
    scored = Facts.scored

    def noted(facts: Facts, viewer: Viewer | None, **asked: Any) -> pd.DataFrame:
        read.append((set(asked["kinds"] or KINDS), set(asked["years"] or ())))
        return scored(facts, viewer, **asked)

    monkeypatch.setattr(Facts, "scored", noted)
    with Store(databases[SAMPLES]) as store:
        view = view_of(Selection(), LOCAL_ANALYST, data.version_of(store))
        home.lines(view, NOW)
        overview.summary(view)
        for card in ("home.asks", "overview.strengths", "overview.levels", "overview.totals"):
            card_of(view, card, ())
    assert {"overall"} <= set.intersection(*(kinds for kinds, _ in read))
    assert not any("measure" in kinds for kinds, _ in read)
    assert all(years and years <= {view.fiscal_year, view.fiscal_year - 1} for _, years in read)
    assert len(read) == 3  # this year's, those of both years that moves follow from, the assessors' overall


@pytest.mark.parametrize("page", ["overview", "compare", "leverage", "doctor", "trust"])
def test_what_a_server_looks_at_ahead_is_what_the_first_visitor_asks_for_signed_in_or_not(
    page: str, databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noted(name: str, read: Any) -> Any:
        return lambda *args, **more: asked.append(name) or read(*args, **more)

    for name in ("scored", "met", "measure_results"):
        monkeypatch.setattr(Facts, name, noted(name, getattr(Facts, name)))
    serve(databases[SAMPLES], monkeypatch)
    look_ahead()
    if page != "overview":
        look_further()
    assert set(asked) == {"scored", "met", "measure_results"}
    asked.clear()
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: Viewer("all@x.example", "admin"))
    at = opened(page, databases[SAMPLES], monkeypatch, lang="en")
    assert words_on(at)
    assert not at.exception
    assert not asked


def test_of_an_empty_database_there_is_nothing_to_look_at_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path / "empty.duckdb", monkeypatch)
    look_ahead()
    look_further()
    assert data.submissions(data.version(), LOCAL_ANALYST, "self").empty
