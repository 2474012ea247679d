"""A ministry's one page: asks, tables and sentences from the tables, on one sheet, as PDF and as a deck."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pandas as pd
import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from test_one_pagers import said_by, words_of

from pmqa.demo import demo_submissions
from pmqa.exports import Briefing, briefing_file
from pmqa.exports.briefings import briefing_report
from pmqa.exports.reports import Tinted
from pmqa.framework import Framework
from pmqa.store import Incoming, Store
from pmqa.text import languages, translator
from pmqa.views import data
from pmqa.views.paper.group import signed
from pmqa.views.paper.ministry import briefing
from pmqa.views.view import View
from tests.reported import STAMPS, view_of

pytestmark = pytest.mark.slow  # samples are scored

NAME = "กระทรวงตัวอย่างส่งเสริมและพัฒนาคุณภาพชีวิตของประชาชนทุกกลุ่มวัย"
SAMPLES = {language: replace(stamp, sample=True) for language, stamp in STAMPS.items()}
STATUS = pd.DataFrame(
    [("กรมตัวอย่างที่ยังไม่ส่ง", NAME, "missing"), ("กรมตัวอย่างของกระทรวงอื่น", "อื่น", "missing"), ("กรมตัวอย่างที่ช้า", NAME, "late")],
    columns=["agency_name", "ministry", "state"],
)


@pytest.fixture(scope="module")
def one_ministry(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Nine agencies of two years, all of one ministry, and their assessors."""
    sent = enumerate(replace(one, ministry=NAME) for one in demo_submissions(framework, 9, 2))
    incoming = [Incoming(one, str(n).encode(), f"{n}.xlsx") for n, one in sent]
    with Store(tmp_path_factory.mktemp("ministry") / "one.duckdb") as store:
        store.recording.record_many(incoming, received_by="t")
        yield store


@pytest.fixture
def view(one_ministry: Store, monkeypatch: pytest.MonkeyPatch) -> View:
    monkeypatch.setattr(data, "status", lambda *_: STATUS)
    return view_of(one_ministry)


def page_of(view: View) -> Briefing:
    return briefing(view, NAME, SAMPLES[view.language])


def overall_of(view: View) -> pd.DataFrame:
    return view.scored[view.scored["kind"] == "overall"]


def test_the_table_has_every_agency_best_first_with_its_scores(view):
    overall = overall_of(view).sort_values("score", ascending=False, na_position="last")
    shown = [tiles[0].score for _, tiles in page_of(view).rows]
    assert shown == [translator("th").number(score) for score in overall["score"]]


def test_levels_hold_every_agency_of_both_years(view):
    levels = page_of(view).levels
    assert len(levels) == 2
    for _, parts in levels:
        assert sum(count for _, count in parts) == 9


def test_who_is_missing_late_or_incomplete_is_named_and_no_other_ministry(view):
    page, t = page_of(view), translator("th")
    told = [who for _, who in page.absent]
    assert "กรมตัวอย่างที่ยังไม่ส่ง" in told
    assert "กรมตัวอย่างที่ช้า" in told
    assert not any("อื่น" in who for who in told)
    incomplete = int((overall_of(view)["coverage"] < 1).sum())
    assert page.absent_title == t("exports.briefing.absent", n=2 + incomplete)


def test_there_are_three_asks_and_the_assessors_are_told_with_their_median(view):
    page = page_of(view)
    assert len(page.asks) == 3
    assert all(what and gives for what, gives in page.asks)
    own, theirs = (
        overall_of(replace(view, basis=basis)).astype({"agency_code": "str"}).set_index("agency_code")["score"]
        for basis in ("claimed", "verified")
    )
    differences = (theirs - own).dropna()
    assert signed(differences.median(), view.t) in page.assessed_title
    assert {pair.difference for pair in page.assessed} <= {signed(one, view.t) for one in differences}
    assert page.assessed


def test_movers_are_those_of_last_year_and_without_one_there_are_none(view):
    changes = [float(pair.difference.replace("−", "-")) for pair in page_of(view).movers]
    assert changes
    assert changes == sorted(changes, reverse=True)
    alone = page_of(replace(view, fiscal_year=2568))
    assert alone.movers == ()
    assert len(alone.levels) == 1
    assert briefing_file(alone, STAMPS["th"], "pdf").startswith(b"%PDF-")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("agencies", [2, 9, 27])
def test_it_is_one_page_and_of_many_agencies_all_stand_on_the_next(
    view, one_ministry, language, agencies, tmp_path, monkeypatch
):
    monkeypatch.setenv("PMQA_ADDRESS", "https://pmqa.example.go.th")  # a code takes room
    codes = sorted(view.agencies)
    names = dict(zip(codes, [f"สถาบันตัวอย่างวิจัยและพัฒนาเทคโนโลยีสารสนเทศแห่งชาติ {n}" for n in range(9)], strict=True))

    def renamed(rows):
        rows = rows.assign(agency_name=rows["agency_code"].astype("str").map(names))
        if agencies <= len(codes):
            return rows[rows["agency_code"].isin(codes[:agencies])]
        copies = [rows.assign(agency_code=rows["agency_code"].astype("str") + f"-{n}") for n in range(3)]
        return pd.concat(copies, ignore_index=True)

    page = page_of(view_of(one_ministry, language, renamed))
    shown = words_of(briefing_file(page, STAMPS[language], "pdf"), tmp_path)
    assert shown.count("\f") == (2 if agencies > 11 else 1)
    assert len(page.rows) == agencies
    one_line = " ".join(shown.split())
    for said in (page.table_title, page.levels_title, page.absent_title, page.movers_title):
        assert said in one_line


def test_from_paper_and_slides_its_code_opens_the_ministry(view, monkeypatch, tmp_path):
    assert page_of(view).link == ""
    monkeypatch.setenv("PMQA_ADDRESS", "https://pmqa.example.go.th")
    link = "https://pmqa.example.go.th/?" + urlencode(
        {"lang": "th", "year": 2569, "basis": "evidenced", "ministry": NAME}
    )
    page, paper = page_of(view), tmp_path / "page.pdf"
    paper.write_bytes(briefing_file(page, STAMPS["th"], "pdf"))
    assert page.link == link
    assert link in said_by("pdfinfo", "-url", paper)
    slide = next(iter(Presentation(io.BytesIO(briefing_file(page, STAMPS["th"], "pptx"))).slides))
    (picture,) = (shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE)
    assert picture.click_action.hyperlink.address == link


def test_its_deck_has_six_to_eight_slides_or_one_more_where_a_table_is_long(view):
    page = page_of(replace(view, language="en"))
    slides = list(Presentation(io.BytesIO(briefing_file(page, STAMPS["en"], "pptx"))).slides)
    assert 6 <= len(slides) <= 8
    assert slides[0].shapes.title.text_frame.text == page.finding


def test_its_deck_says_levels_and_agencies_in_the_levels_colours_and_two_tables_stand_beside_each_other(view):
    page = page_of(replace(view, language="en"))
    report = briefing_report(page, STAMPS["en"])
    levels, agencies = report.pages[1].table, report.pages[2].table
    counted = {(year, str(count)) for year, parts in page.levels for _, count in parts if count}
    tinted = [(row.iloc[0], cell.text) for _, row in levels.iterrows() for cell in row if isinstance(cell, Tinted)]
    tinted = [(year, count) for year, count in tinted if count != "0"]
    assert set(tinted) == counted
    assert all(isinstance(cell, Tinted) for cell in agencies.iloc[:, 1:].to_numpy().ravel())
    assert any("▲" in str(cell) for cell in agencies.iloc[:, 1:].to_numpy().ravel())
    ((both, slide),) = [
        (tables, slide)
        for slide in Presentation(io.BytesIO(briefing_file(page, STAMPS["en"], "pptx"))).slides
        if len(tables := [shape for shape in slide.shapes if shape.has_table]) == 2 and tables[0].top == tables[1].top
    ]
    assert both[0].left + both[0].width < both[1].left
    assert slide.shapes.title.text_frame.text.startswith(page.movers_title)


def test_few_agencies_stand_on_the_slide_of_the_levels_where_nobody_is_missing(view):
    page = page_of(replace(view, language="en"))
    few = briefing_report(replace(page, absent=(), rows=page.rows[:4]), STAMPS["en"])
    whole = briefing_report(page, STAMPS["en"])
    assert len(few.pages) == len(whole.pages) - 1
    assert len(few.pages[1].second) == 4
    assert page.table_title in few.pages[1].title


def test_an_unknown_ministry_is_an_error(view):
    with pytest.raises(KeyError):
        briefing(view, "nobody", STAMPS["th"])
