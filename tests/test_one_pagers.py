"""An agency's one page: what it says, on one sheet whatever the names, as PDF and as slides, in both languages."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace

import pytest
from pptx import Presentation

from pmqa.exports import one_pagers
from pmqa.exports.one_pagers import OnePager, one_pager, one_pager_pdf
from pmqa.text import languages, translator
from tests.reported import AGENCIES, AGENCY, DATA, STAMPS

pytestmark = pytest.mark.slow  # samples are scored


def words_of(pdf: bytes, folder) -> str:
    path = folder / "page.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True).stdout.decode()


def test_the_page_says_the_numbers_of_the_tables():
    page, t = one_pager(DATA, AGENCY, STAMPS["th"], DATA.scored), translator("th")
    own = DATA.scored[DATA.scored["agency_code"] == AGENCY].astype({"kind": "str", "scope": "str"})
    overall = own[own["kind"] == "overall"].iloc[0]
    assert page.tiles[0][1] == t.number(overall["score"])
    assert dict(page.bases)[STAMPS["th"].basis] == t.number(overall["score"])
    scores = own[own["kind"] == "category"].set_index("scope")["score"]
    assert [row.score for row in page.rows] == [t.number(score) for score in scores]
    assert [row.at for row in page.rows] == pytest.approx([score / 500 for score in scores])
    told = "".join(marks for _, marks in page.marks).casefold()
    assert len(told) == len(DATA.framework.scopes("indicator"))
    counts = [int(number) for number in re.findall(r"\d+", page.results)]
    assert counts == [len(told), told.count("m"), told.count("x"), told.count("n")]


def test_the_steps_run_from_todays_score_to_the_next_level():
    reached = [page for agency in AGENCIES if (page := one_pager(DATA, agency, STAMPS["th"])).steps]
    assert reached
    for page in reached:
        assert page.steps[0].start == 0
        assert [step.start for step in page.steps[1:]] == [step.end for step in page.steps[:-1]]
        assert page.steps[-1].end <= 1


def test_a_rank_is_a_band_of_those_that_count_and_incomplete_agencies_have_none():
    for agency in AGENCIES:
        overall = DATA.scored[(DATA.scored["agency_code"] == agency) & (DATA.scored["kind"] == "overall")].iloc[0]
        _, rank, _ = one_pager(DATA, agency, STAMPS["th"]).tiles[2]
        assert (rank == "–") == (not overall["complete"])


def test_fewer_than_the_least_agencies_have_no_median_and_no_quartiles():
    few = replace(DATA, minimum=99)
    page = one_pager(few, AGENCY, STAMPS["th"])
    assert all(row.quartiles is None for row in page.rows)
    assert "99" in page.tiles[2][2] or page.tiles[2][1] == "–"
    assert "มัธยฐาน" not in " ".join(rest for _, rest in (*page.strengths, *page.gaps))


@pytest.mark.parametrize("language", languages())
def test_it_is_one_page_whatever_the_names_and_the_words_come_back(language, tmp_path):
    long = "กรมตัวอย่างส่งเสริมและพัฒนาคุณภาพชีวิตผู้สูงอายุ คนพิการ และผู้ด้อยโอกาสในพื้นที่ห่างไกล ภาคตะวันออกเฉียงเหนือ 2"
    named = replace(DATA, scored=DATA.scored.assign(agency_name=long), minimum=5)
    for agency in AGENCIES:
        page = one_pager(named, agency, replace(STAMPS[language], sample=True), named.scored)
        shown = words_of(one_pager_pdf(page), tmp_path)
        assert shown.count("\f") == 1
        assert page.sample in shown
        assert "1/1" in shown
        one_line = " ".join(shown.split())
        for said in (page.where, page.results, page.tiles[0][2], *(lead for lead, _ in page.gaps)):
            assert said in one_line


def test_nobodys_score_is_said_and_not_drawn():
    silent = DATA.scored.assign(score=float("nan"), level=None, complete=False, coverage=0.0)
    page: OnePager = one_pager(replace(DATA, scored=silent, over_years=None), AGENCY, STAMPS["th"])
    assert translator("th")("exports.one_pager.no_score", agency="").strip() in page.finding
    assert all(row.at is None and row.score == "–" for row in page.rows)
    assert one_pager_pdf(page).startswith(b"%PDF-")


def test_the_slides_have_the_finding_as_title():
    ((_, content),) = one_pagers(DATA, [AGENCY], STAMPS["en"], "pptx")
    slides = list(Presentation(io.BytesIO(content)).slides)
    assert slides[0].shapes.title.text_frame.text == one_pager(DATA, AGENCY, STAMPS["en"]).finding
