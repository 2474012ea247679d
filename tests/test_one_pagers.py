"""An agency's one page: what it says, on one sheet whatever the names, as PDF and as slides, in both languages."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import segno
from PIL import Image
from pptx import Presentation

from pmqa.exports import one_pager_file
from pmqa.store import Store
from pmqa.text import languages, translator
from pmqa.views import derived
from pmqa.views.paper.agency import one_pager, with_unit
from pmqa.views.reporting import profiles
from pmqa.views.view import View
from tests.reported import STAMPS, view_of

pytestmark = pytest.mark.slow  # samples are scored


AGENCY = "DEMO-001"


@pytest.fixture(scope="module")
def view(nine: Store) -> View:
    return view_of(nine)


def words_of(pdf: bytes, folder) -> str:
    path = folder / "page.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True).stdout.decode()


def test_the_page_says_the_numbers_of_the_tables(view):
    page, t = one_pager(view, AGENCY, STAMPS["th"]), translator("th")
    own = view.scored[view.scored["agency_code"] == AGENCY].astype({"kind": "str", "scope": "str"})
    overall = own[own["kind"] == "overall"].iloc[0]
    assert page.tiles[0][1] == t.number(overall["score"])
    bases = dict(page.bases)
    assert bases[view.basis_name] == t.number(overall["score"])
    claimed = replace(view, basis="claimed")
    of_claimed = claimed.scored[(claimed.scored["agency_code"] == AGENCY) & (claimed.scored["kind"] == "overall")]
    assert bases[claimed.basis_name] == t.number(of_claimed["score"].iloc[0])
    scores = own[own["kind"] == "category"].set_index("scope")["score"]
    assert [row.score for row in page.rows] == [t.number(score) for score in scores]
    assert [row.at for row in page.rows] == pytest.approx([score / 500 for score in scores])
    told = "".join(marks for _, marks in page.marks).casefold()
    assert len(told) == len(view.framework.scopes("indicator"))
    counts = [int(number) for number in re.findall(r"\d+", page.results)]
    assert counts == [len(told), told.count("m"), told.count("x"), told.count("n")]


def test_the_steps_run_from_todays_score_to_the_next_level(view):
    reached = [page for agency in view.agencies if (page := one_pager(view, agency, STAMPS["th"])).steps]
    assert reached
    for page in reached:
        assert page.steps[0].start == 0
        assert [step.start for step in page.steps[1:]] == [step.end for step in page.steps[:-1]]
        assert page.steps[-1].end <= 1


def test_a_rank_is_the_band_of_the_page_and_incomplete_agencies_have_none(view):
    bands = derived.ranks(view, "overall", "overall").set_index("agency_code")
    shown = {}
    for agency in view.agencies:
        overall = view.scored[(view.scored["agency_code"] == agency) & (view.scored["kind"] == "overall")].iloc[0]
        _, shown[agency], _ = one_pager(view, agency, STAMPS["th"]).tiles[2]
        assert (shown[agency] == "–") == (not overall["complete"])
    wide = bands[bands["rank_low"] < bands["rank_high"]]
    assert len(wide), "one item moves somebody's rank"
    assert all(shown[agency] == f"{row.rank_low}–{row.rank_high}" for agency, row in wide.iterrows())


def test_fewer_than_the_least_agencies_have_no_median_and_no_quartiles(view):
    page = one_pager(replace(view, peer_minimum=99), AGENCY, STAMPS["th"])
    assert all(row.quartiles is None for row in page.rows)
    assert "99" in page.tiles[2][2] or page.tiles[2][1] == "–"
    assert "มัธยฐาน" not in " ".join(rest for _, rest in (*page.strengths, *page.gaps))


@pytest.mark.parametrize("language", languages())
def test_it_is_one_page_whatever_the_names_and_the_words_come_back(nine, language, monkeypatch, tmp_path):
    monkeypatch.setenv("PMQA_ADDRESS", "https://pmqa.example.go.th")  # a code takes room
    long = "กรมตัวอย่างส่งเสริมและพัฒนาคุณภาพชีวิตผู้สูงอายุ คนพิการ และผู้ด้อยโอกาสในพื้นที่ห่างไกล ภาคตะวันออกเฉียงเหนือ 2"
    named = view_of(nine, language, lambda rows: rows.assign(agency_name=long))
    for agency in named.agencies:
        page = one_pager(named, agency, replace(STAMPS[language], sample=True))
        shown = words_of(one_pager_file(page, STAMPS[language], "pdf"), tmp_path)
        assert shown.count("\f") == 1
        assert page.sample in shown
        assert "1/1" in shown
        one_line = " ".join(shown.split())
        for said in (page.where, page.results, page.tiles[0][2], *(lead for lead, _ in page.gaps)):
            assert said in one_line


def test_a_code_opens_the_agencys_page_where_it_is_known_where_people_open_it(view, monkeypatch, tmp_path):
    def made() -> tuple[Path, list]:
        files = dict(suffix_and_content(view, form) for form in ("pdf", "pptx"))
        (tmp_path / "page.pdf").write_bytes(files["pdf"])
        slides = Presentation(io.BytesIO(files["pptx"])).slides
        return tmp_path / "page.pdf", [one for slide in slides for one in slide.shapes if hasattr(one, "image")]

    paper, pictures = made()
    assert "http" not in said_by("pdfinfo", "-url", paper)
    assert pictures == []
    monkeypatch.setenv("PMQA_ADDRESS", "https://pmqa.example.go.th/pmqa/")
    paper, (picture,) = made()
    link = f"https://pmqa.example.go.th/pmqa/agency?lang=th&year=2569&basis=evidenced&agency={AGENCY}"
    assert link in said_by("pdfinfo", "-url", paper)
    assert picture.click_action.hyperlink.address == link
    code = [list(row) for row in segno.make(link, error="m", boost_error=False).matrix_iter(border=4)]
    assert modules(Image.open(io.BytesIO(picture.image.blob)), (0, 0, 1), len(code)) == code
    said_by("pdftoppm", "-r", "300", "-png", "-singlefile", paper, tmp_path / "page")
    assert modules(Image.open(tmp_path / "page.png"), (178 / 210, 270 / 297, 18 / 210), len(code)) == code


def suffix_and_content(view: View, form: str) -> tuple[str, bytes]:
    ((_, content),) = profiles(view, [AGENCY], STAMPS["th"], form)
    return form, content


def said_by(*command: object) -> str:
    return subprocess.run([*map(str, command)], check=True, capture_output=True).stdout.decode()


def modules(picture: Image.Image, place: tuple[float, float, float], across: int) -> list[list[int]]:
    """The dark and light modules of a code; place: its left, top and width in shares of the picture's."""
    left, top, width = place[0] * picture.width, place[1] * picture.height, place[2] * picture.width
    at = [(number + 0.5) * width / across for number in range(across)]
    grey = picture.convert("L")
    return [[int(grey.getpixel((int(left + x), int(top + y))) < 128) for x in at] for y in at]


def test_nobodys_score_is_said_and_not_drawn(nine):
    def silent(rows):
        rows = rows[rows["fiscal_year"] == rows["fiscal_year"].max()]
        return rows.assign(score=float("nan"), level=None, complete=False, coverage=0.0)

    page = one_pager(view_of(nine, change=silent), AGENCY, STAMPS["th"])
    assert translator("th")("exports.one_pager.no_score", agency="").strip() in page.finding
    assert all(row.at is None and row.score == "–" for row in page.rows)
    assert one_pager_file(page, STAMPS["th"], "pdf").startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("numbers", "unit", "said"),
    [
        ("85.5 / 90", "ร้อยละ", "85.5 / 90 ร้อยละ"),
        ("463.98 / 1,234", "ล้านบาท", "463.98 / 1,234"),  # a part of the unit would say nothing
        ("1,463.98 / 12,345.67", "ล้านบาท", "1,463.98 / 12,345.67"),
        ("3 / 5", "ครั้งต่อหน่วยบริการต่อไตรมาสของปีงบประมาณ", "3 / 5 ครั้งต่อหน่วย…"),
        ("3 / 5", "", "3 / 5"),
        ("3 / 5", None, "3 / 5"),
    ],
)
def test_where_there_is_no_room_the_unit_gives_way_and_no_figure(numbers, unit, said):
    assert with_unit(numbers, unit) == said


def test_an_agency_that_is_not_in_the_view_is_an_error(view):
    with pytest.raises(KeyError):
        one_pager(view, "nobody", STAMPS["th"])


def test_the_slides_have_the_finding_as_title(nine):
    view = view_of(nine, "en")
    ((_, content),) = profiles(view, [AGENCY], STAMPS["en"], "pptx")
    slides = list(Presentation(io.BytesIO(content)).slides)
    assert slides[0].shapes.title.text_frame.text == one_pager(view, AGENCY, STAMPS["en"]).finding


def test_the_slide_of_results_counts_indicators_by_item_above_measures_by_their_whole_names(view):
    ((_, content),) = profiles(view, [AGENCY], STAMPS["th"], "pptx")
    slide = Presentation(io.BytesIO(content)).slides[3]
    by_item, worst = (
        [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
        for shape in slide.shapes
        if shape.has_table
    )
    page = one_pager(view, AGENCY, STAMPS["th"])
    assert by_item[0][1:] == [item for item, _ in page.marks]
    counts = [sum(map(int, row[1:])) for row in by_item[1:]]
    assert counts == [int(number) for number in re.findall(r"\d+", page.results)[1:]]
    assert [row[0] for row in worst[1:]] == [one.whole for one in page.worst]
    assert not [row for row in worst if "…" in row[0]]
