"""Of fewer than five agencies no page, file or report shows a median, quartiles or a best: a setting, on by default."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd
import pytest

from pmqa.analysis.peers import peer_stats
from pmqa.charts.render.wording import alt
from pmqa.cli import main
from pmqa.demo import demo_submissions
from pmqa.framework import Framework
from pmqa.settings import read_settings
from pmqa.store import Incoming, Store
from pmqa.ui.forms import report as reporting
from pmqa.viewer import Viewer
from pmqa.views import data, peers
from pmqa.views.cards import compare, doctor, overview
from pmqa.views.view import View
from tests.crawl import Taken, every_choice, keep_taken
from tests.pages import a_view, everything_sent, filled

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("cached_within_file")]  # whole pages run

YEAR: Final = 2569
PAGES: Final = ("overview", "compare", "agency", "indicators", "gaps", "years", "trust", "doctor", "assess", "report")
STATISTICS: Final = ("minimum", "q1", "median", "q3", "maximum")


@pytest.fixture(scope="module")
def four(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("few") / "four.duckdb", framework, 4, 2)


def view_of(database: Path, monkeypatch: pytest.MonkeyPatch, **changes: object) -> View:
    monkeypatch.setenv("PMQA_DATABASE", str(database))
    view = a_view("th", fiscal_year=YEAR)
    return replace(view, **changes)


def medians_of(view: View) -> set[str]:
    """Medians to all their digits, as files and figures write them; only those that no agency's own score could be."""
    stats = peer_stats(view.scored)
    own = {f"{score:.4f}" for score in data.store().facts.scores()["score"].dropna()}
    found = {f"{median:.4f}" for median in stats["median"].dropna()}
    return {median for median in found - own if not median.endswith("0")}


def numbers_in(text: str) -> set[str]:
    return {f"{float(number):.4f}" for number in re.findall(r"(?<![\d.])\d{1,3}\.\d{3,}", text)}


def texts_of_files(taken: Taken) -> Iterator[str]:
    for _, content in taken.files():
        if content.startswith(b"PK"):
            archive = zipfile.ZipFile(io.BytesIO(content))
            yield from (archive.read(part).decode("utf-8", "ignore") for part in archive.namelist())
        else:
            yield content.decode("utf-8", "ignore")


@pytest.mark.parametrize("page", PAGES)
def test_four_agencies_have_no_statistics_on_any_page_or_in_any_file(
    page: str, four: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    medians = medians_of(view_of(four, monkeypatch))
    assert len(medians) > 10
    taken = keep_taken(monkeypatch, traced=False)
    for choices, at in every_choice(page, four, monkeypatch, taken, long=2, first=1):
        assert not at.exception, choices
        for text in (everything_sent(at), *texts_of_files(taken)):
            assert not numbers_in(text) & medians, (page, choices)
        for metric in at.metric:
            assert "มัธยฐาน" not in metric.label or metric.value == "–", (page, choices, metric.label)
        for _, shown in taken.cards:
            table = shown.card().table
            for name in (*STATISTICS, *(["best"] if "q1" in table else [])):
                assert name not in table or table[name].isna().all(), (page, choices, shown.title, name)


def test_twenty_four_agencies_have_them(databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the test above would find what it looks for."""
    database = databases["24 agencies, 3 years"]
    medians = medians_of(view_of(database, monkeypatch))
    taken = keep_taken(monkeypatch)
    _, at = next(every_choice("compare", database, monkeypatch, taken))
    assert numbers_in(everything_sent(at)) & medians
    assert numbers_in("\n".join(texts_of_files(taken))) & medians


def test_reports_of_four_agencies_have_none(four: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    view = view_of(four, monkeypatch)
    medians = medians_of(view)
    for content in (
        reporting.agency_file(view, next(iter(view.agencies)), "pptx"),
        reporting.ministry_file(view, str(view.submissions["ministry"].iloc[0]), "pptx"),
    ):
        archive = zipfile.ZipFile(io.BytesIO(content))
        for part in archive.namelist():
            parts = [archive.read(part)]
            if parts[0].startswith(b"PK"):
                inner = zipfile.ZipFile(io.BytesIO(parts[0]))
                parts = [inner.read(name) for name in inner.namelist()]
            for one in parts:
                assert not numbers_in(one.decode("utf-8", "ignore")) & medians, part


@pytest.mark.usefixtures("nothing_cached")  # it closes the store
@pytest.mark.parametrize("form", ["xlsx", "pptx", "zip", "csv"])
def test_exports_from_the_command_line_have_none(form: str, four: Path, tmp_path: Path, monkeypatch) -> None:
    medians = medians_of(view_of(four, monkeypatch))
    data.store().close()
    out = tmp_path / f"out.{form}"
    words = ["export", "--database", four, "--what", "comparison", "--year", YEAR, "--format", form, "--out", out]
    assert main([str(word) for word in words]) == 0
    waiting = [out.read_bytes()]
    while waiting:
        content = waiting.pop()
        if content.startswith(b"PK"):
            archive = zipfile.ZipFile(io.BytesIO(content))
            waiting += [archive.read(part) for part in archive.namelist()]
        else:
            assert not numbers_in(content.decode("utf-8", "ignore")) & medians


def test_the_setting_is_on_where_nobody_set_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PMQA_PEER_MINIMUM", raising=False)
    assert read_settings().peer_minimum == 5


def test_the_setting_can_be_switched_off(four: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    view = view_of(four, monkeypatch, peer_minimum=1)
    assert view.peers[list(STATISTICS)].notna().any(axis=None)


@pytest.mark.parametrize(("minimum", "said"), [(5, True), (25, False)])
def test_words_and_lines_of_charts_follow_a_raised_setting(
    minimum: int, said: bool, databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = view_of(databases["24 agencies, 3 years"], monkeypatch, peer_minimum=minimum)
    medians = view.t("headline.medians").partition("{")[0]
    for card in (compare.heat(view, "category"), overview.strengths(view, "category", "score")):
        assert (medians in alt(card.drawing)) == said
    quadrant = doctor.consistency(view, next(iter(view.agencies))).drawing
    assert (view.t("charts.median") in {layer.name for layer in quadrant.layers}) == said


# --- what differences would tell ----------------------------------------------------------------------------------


@pytest.fixture
def five_and_one(framework: Framework, tmp_path: Path) -> Path:
    """Six complete agencies: five of one ministry, one of another."""
    sent = [one for one in demo_submissions(framework, agencies=24, years=1) if one.source == "self"][:6]
    whole = {a.criterion: a for one in sent for a in one.answers if a.met is not None}
    sent = [
        replace(
            one,
            ministry="กระทรวงตัวอย่างหนึ่ง" if number < 5 else "กระทรวงตัวอย่างสอง",
            answers=tuple(whole[a.criterion] if a.met is None else a for a in one.answers),
        )
        for number, one in enumerate(sent)
    ]
    path = tmp_path / "six.duckdb"
    with Store(path) as store:
        store.recording.record_many(
            [Incoming(one, str(n).encode(), f"{n}.xlsx") for n, one in enumerate(sent)], received_by="t"
        )
    return path


def test_who_may_see_four_of_five_gets_no_statistic_that_would_tell_of_the_fifth(
    five_and_one: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = view_of(five_and_one, monkeypatch)
    codes = list(every.agencies)
    four = replace(every, viewer=Viewer("x", "viewer", frozenset(codes[:4])))
    for group in peers.KINDS:
        stats = peers.stats_of_peers(four, group, codes[0])
        assert (stats["n"] <= 4).all()
        assert stats[list(STATISTICS)].isna().all(axis=None)
        assert stats["best_agency"].isna().all()


def test_a_group_that_its_filter_makes_small_has_no_statistics_beside_the_large_one(
    five_and_one: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = view_of(five_and_one, monkeypatch)
    alone = replace(every, ministries=("กระทรวงตัวอย่างสอง",))
    (code,) = alone.agencies
    shown = compare.against_peers(every, code, "category", peers="ministry")
    assert shown.table[list(STATISTICS)].isna().all(axis=None)
    assert alone.peers[list(STATISTICS)].isna().all(axis=None)
    assert not pd.isna(every.peer_row("overall", "overall")["n"])
