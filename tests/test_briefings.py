"""A ministry's one page: asks, tables and sentences from the tables, on one sheet, as PDF and as a deck."""

from __future__ import annotations

import io
from dataclasses import replace

import pandas as pd
import pytest
from pptx import Presentation
from test_one_pagers import words_of

from pmqa.exports.briefings import Briefing, briefing, briefing_file
from pmqa.text import languages, translator
from tests.reported import DATA, STAMPS

pytestmark = pytest.mark.slow  # samples are scored

NAME = "กระทรวงตัวอย่างส่งเสริมและพัฒนาคุณภาพชีวิตของประชาชนทุกกลุ่มวัย"
ONE = replace(
    DATA, scored=DATA.scored.assign(ministry=NAME), over_years=DATA.over_years.assign(ministry=NAME)
)  # every agency is one ministry's
ASSESSED = pd.concat(
    [ONE.scored.assign(basis="claimed"), ONE.scored.assign(basis="verified", score=ONE.scored["score"] - 7)]
)
SAMPLES = {language: replace(stamp, sample=True) for language, stamp in STAMPS.items()}
STATUS = pd.DataFrame(
    [("กรมตัวอย่างที่ยังไม่ส่ง", NAME, "missing"), ("กรมตัวอย่างของกระทรวงอื่น", "อื่น", "missing"), ("กรมตัวอย่างที่ช้า", NAME, "late")],
    columns=["agency_name", "ministry", "state"],
)


def page_of(language: str = "th", **more) -> Briefing:
    return briefing(replace(ONE, **more), NAME, SAMPLES[language], ASSESSED, STATUS)


def test_the_table_has_every_agency_best_first_with_its_scores():
    overall = ONE.scored[ONE.scored["kind"] == "overall"].sort_values("score", ascending=False, na_position="last")
    shown = [tiles[0].score for _, tiles in page_of().rows]
    assert shown == [translator("th").number(score) for score in overall["score"]]


def test_levels_hold_every_agency_of_both_years():
    for _, parts in page_of().levels:
        assert sum(count for _, count in parts) == 9


def test_who_is_missing_late_or_incomplete_is_named_and_no_other_ministry():
    page, t = page_of(), translator("th")
    told = [who for _, who in page.absent]
    assert "กรมตัวอย่างที่ยังไม่ส่ง" in told
    assert "กรมตัวอย่างที่ช้า" in told
    assert not any("อื่น" in who for who in told)
    overall = ONE.scored[ONE.scored["kind"] == "overall"]
    assert page.absent_title == t("exports.briefing.absent", n=2 + int((overall["coverage"] < 1).sum()))


def test_there_are_three_asks_and_the_assessors_are_told_with_their_median():
    page = page_of()
    assert len(page.asks) == 3
    assert all(what and gives for what, gives in page.asks)
    assert "−7.0" in page.assessed_title
    assert {pair.difference for pair in page.assessed} == {"−7.0"}


def test_movers_are_those_of_last_year_and_without_one_there_are_none():
    changes = [float(pair.difference.replace("−", "-")) for pair in page_of().movers]
    assert changes == sorted(changes, reverse=True)
    alone = page_of(over_years=None)
    assert alone.movers == ()
    assert len(alone.levels) == 1
    assert briefing_file(alone, STAMPS["th"], "pdf").startswith(b"%PDF-")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("agencies", [2, 9, 26])
def test_it_is_one_page_and_of_many_agencies_all_stand_on_the_next(language, agencies, tmp_path):
    codes = sorted(ONE.scored["agency_code"].astype("str").unique())
    names = dict(zip(codes, [f"สถาบันตัวอย่างวิจัยและพัฒนาเทคโนโลยีสารสนเทศแห่งชาติ {n}" for n in range(9)], strict=True))
    scored = ONE.scored.assign(agency_name=ONE.scored["agency_code"].astype("str").map(names))
    scored = scored[scored["agency_code"].isin(codes[:agencies])]
    if agencies > len(codes):
        copies = [scored.assign(agency_code=scored["agency_code"].astype("str") + f"-{n}") for n in range(3)]
        scored = pd.concat(copies, ignore_index=True)
        agencies = 27
    page = briefing(replace(ONE, scored=scored), NAME, SAMPLES[language], ASSESSED, STATUS)
    shown = words_of(briefing_file(page, STAMPS[language], "pdf"), tmp_path)
    assert shown.count("\f") == (2 if agencies > 11 else 1)
    assert len(page.rows) == agencies
    one_line = " ".join(shown.split())
    for said in (page.table_title, page.levels_title, page.absent_title, page.movers_title):
        assert said in one_line


def test_its_deck_has_six_to_eight_slides_or_one_more_where_a_table_is_long():
    slides = list(Presentation(io.BytesIO(briefing_file(page_of("en"), STAMPS["en"], "pptx"))).slides)
    assert 6 <= len(slides) <= 8
    assert slides[0].shapes.title.text_frame.text == page_of("en").finding


def test_an_unknown_ministry_is_an_error():
    with pytest.raises(KeyError):
        briefing(ONE, "nobody", STAMPS["th"])
