"""Every slide of reports, one-pagers and briefings, measured in the file: nothing leaves it or is too small to read."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pptx import Presentation
from pptx.enum.text import PP_ALIGN
from pptx.util import Inches, Pt

from pmqa.charts import MOST_SERIES
from pmqa.charts.words import lines_of, width_of
from pmqa.cli.viewing import Chosen, compared, comparison_file
from pmqa.demo import demo_submissions
from pmqa.exports import report_pptx
from pmqa.exports.drawings import drawing_pages, in_one_look
from pmqa.exports.fonts import bold_width
from pmqa.exports.legends import PIXELS_A_POINT
from pmqa.exports.slides import EMU_A_PIXEL, LINE
from pmqa.framework import Framework
from pmqa.store import Incoming, Store
from pmqa.submission import Submission
from pmqa.text import languages, translator
from pmqa.views.files import drawings_of, stamp_of
from pmqa.views.reporting import agency_report, briefing_of, ministry_report, profiles
from pmqa.views.view import View
from tests.charting import untied
from tests.pages import a_view

pytestmark = pytest.mark.slow  # whole reports are made

LONG = "กรมตัวอย่างส่งเสริมและพัฒนาคุณภาพชีวิตผู้สูงอายุ คนพิการ และผู้ด้อยโอกาสในพื้นที่ห่างไกล ภาคตะวันออกเฉียงเหนือ"
LEAST = 12  # points
CODES = {f"DEMO-{number:03}" for number in range(1, 13)}
FIRST = min(CODES)
SIZES = {7: "กระทรวงตัวอย่างเจ็ดหน่วยงาน", 4: "กระทรวงตัวอย่างสี่หน่วยงาน", 2: "กระทรวงตัวอย่างสองหน่วยงาน"}
KINDS = ("agency", "ministry of 7", "ministry of 4", "ministry of 2", "long names", "comparison", "profile", "briefing")
CHARTS = re.compile(r"ppt/charts/chart\d+\.xml")
SIZE = re.compile(rb'sz="(\d+)"')


@pytest.fixture(scope="module")
def view_of(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], View]]:
    """Thirteen agencies with evidence in ministries of 7, 4 and 2, the first half blank: `view_of(names, language)`,
    names as they are or long."""
    folder, databases = tmp_path_factory.mktemp("slides"), {}
    sent = [of_ministry(half_blank(one)) for one in demo_submissions(framework, agencies=13, years=2)]
    for names, renamed in (
        ("usual", sent),
        ("long", [replace(one, agency_name=f"{one.agency_code} {LONG}") for one in sent]),
    ):
        databases[names] = Path(folder / f"{names}.duckdb")
        with Store(databases[names]) as store:
            incoming = [Incoming(one, str(n).encode(), f"{n}.xlsx") for n, one in enumerate(renamed)]
            store.recording.record_many(incoming, received_by="demo", sample=True)
    with pytest.MonkeyPatch.context() as patch:

        def view(names: str, language: str) -> View:
            patch.setenv("PMQA_DATABASE", str(databases[names]))
            return a_view(language, basis="evidenced")

        yield view


@pytest.fixture(scope="module")
def deck(view_of: Callable[[str, str], View]) -> Callable[[str, str], bytes]:
    made: dict[tuple[str, str], bytes] = {}

    def of(what: str, language: str) -> bytes:
        if (what, language) not in made:
            view = view_of("long" if what == "long names" else "usual", language)
            made[what, language] = MAKERS[what.partition(" of ")[0]](view, what)
        return made[what, language]

    return of


def of_ministry(one: Submission) -> Submission:
    number = int(one.agency_code.rpartition("-")[2])
    return replace(one, ministry=SIZES[7 if number <= 7 else 4 if number <= 11 else 2])


def half_blank(one: Submission) -> Submission:
    return replace(one, answers=one.answers[::2]) if one.agency_code == FIRST else one


def of_everybody(view: View) -> Chosen:
    return Chosen(view, tuple(sorted(CODES)), "")


def one_page(view: View, _: str) -> bytes:
    ((_, content),) = profiles(view, [FIRST], stamp_of(view, "", len(view.agencies)), "pptx")
    return content


MAKERS: dict[str, Callable[[View, str], bytes]] = {
    "agency": lambda view, _: report_pptx(agency_report(view, FIRST)),
    "ministry": lambda view, what: report_pptx(ministry_report(view, SIZES[int(what.rpartition(" ")[2])])),
    "long names": lambda view, _: report_pptx(ministry_report(view, SIZES[7])),
    "comparison": lambda view, _: comparison_file(of_everybody(view), "pptx", "radar", {}),
    "profile": one_page,
    "briefing": lambda view, _: briefing_of(view, SIZES[7], stamp_of(view, "", len(view.agencies)), "pptx"),
}


def of_most(view: View) -> str:
    """The ministry of most agencies."""
    return str(view.submissions["ministry"].astype("str").value_counts().index[0])


# Ministries of few are of one language each: what differs between languages is seen in the others.
ONE_LANGUAGE = {"ministry of 4": "en", "ministry of 2": "th"}


@pytest.fixture(
    params=[(what, one) for what in KINDS for one in languages() if ONE_LANGUAGE.get(what, one) == one], ids=str
)
def content(request: pytest.FixtureRequest, deck: Callable[[str, str], bytes]) -> bytes:
    return deck(*request.param)


def frames(shape: Any) -> Iterator[Any]:
    if shape.has_text_frame:
        yield shape.text_frame
    if shape.has_table:
        yield from (cell.text_frame for row in shape.table.rows for cell in row.cells)


def slides(content: bytes) -> Iterator[tuple[Any, Any]]:
    presentation = Presentation(io.BytesIO(content))
    return ((presentation, slide) for slide in presentation.slides)


def test_every_table_and_text_stays_on_its_slide(content):
    for presentation, slide in slides(content):
        for shape in slide.shapes:
            height = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
            width = sum(column.width for column in shape.table.columns) if shape.has_table else shape.width
            assert shape.left >= 0 <= shape.top
            assert shape.left + width <= presentation.slide_width
            assert shape.top + height <= presentation.slide_height, (slide.shapes.title.text_frame.text, shape.name)


def test_sentences_tables_and_charts_have_twelve_points_or_more(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        charts = [archive.read(name) for name in archive.namelist() if CHARTS.fullmatch(name)]
    assert all(int(size) >= LEAST * 100 for chart in charts for size in SIZE.findall(chart))
    for _, slide in slides(content):
        texts = (line for shape in slide.shapes for frame in frames(shape) for line in frame.paragraphs)
        runs = [run for line in texts for run in line.runs]
        assert all(run.font.size is None or run.font.size.pt >= LEAST for run in runs), (
            slide.shapes.title.text_frame.text
        )


def test_every_slide_says_which_of_how_many_it_is_of_which_data_and_that_they_are_samples(content):
    found = [
        {shape.name: shape.text_frame.text for shape in s.shapes if shape.has_text_frame} for _, s in slides(content)
    ]
    assert all(words["page"] == f"{number}/{len(found)}" for number, words in enumerate(found, 1))
    sample = {translator(language)("exports.sample") for language in languages()}
    assert all(words["footer"].split(" · ")[0] in sample for words in found)
    assert all(words["footer"].count(" · ") == 2 for words in found)


def test_titles_say_what_was_found_and_no_topic_or_question(content):
    method = {translator(language)("exports.report.how") for language in languages()}
    for _, slide in slides(content):
        title, topics = (
            slide.shapes.title.text_frame.text,
            [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame],
        )
        if title in method:
            continue
        assert re.search(r"\d", title), title
        assert "?" not in title
        assert not [topic for topic in topics[1:] if topic.partition(" · ")[0] == title]


def test_ranges_and_numbers_of_agencies_are_not_torn_and_the_edition_is_called_as_people_do(content):
    texts = [
        run.text
        for _, slide in slides(content)
        for shape in slide.shapes
        for frame in frames(shape)
        for paragraph in frame.paragraphs
        for run in paragraph.runs
    ]
    assert not [text for text in texts if re.search(r"\d[–-]\d|n = ", text)]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if CHARTS.fullmatch(name)]
    assert not [names for chart in charts for names in re.findall("<c:cat>.*?</c:cat>", chart) if "n = " in names]
    assert any("PMQA 4.0 " in text for text in texts)
    assert not [text for text in texts if "pmqa4" in text]


def test_an_agencys_deck_has_its_categories_and_its_way_once(deck):
    for language in languages():
        t = translator(language)
        heads = [
            [cell.text_frame.text for cell in shape.table.rows[0].cells]
            for _, slide in slides(deck("agency", language))
            for shape in slide.shapes
            if shape.has_table
        ]
        assert sum(head[0] in (t("ui.category"), t("exports.one_pager.category")) for head in heads) == 1
        assert not [head for head in heads if t("gaps_page.score_after") in head]
        assert sum(t("exports.one_pager.running") in head for head in heads) == 1


def test_titles_take_two_lines_at_most_and_have_room_for_those_that_they_take(content):
    for _, slide in slides(content):
        holder = slide.shapes.title
        (size,) = {run.font.size.pt if run.font.size else 26 for run in holder.text_frame.paragraphs[0].runs}
        title, width = holder.text_frame.text, holder.width - Inches(0.2)
        assert len(lines_of(title, width / EMU_A_PIXEL, size * PIXELS_A_POINT)) <= 2
        lines = 1 if bold_width(title) * Pt(size) <= 0.98 * width else 2
        assert lines * LINE * Pt(size) <= holder.height, title


def test_the_last_slide_of_a_table_is_not_left_with_a_row_or_two(content):
    rows: dict[str, list[int]] = {}
    for _, slide in slides(content):
        whole, _, number = untied(slide.shapes.title.text_frame.text).rpartition(" (")
        tables = [shape.table for shape in slide.shapes if shape.has_table]
        if re.fullmatch(r"\d+/\d+\)", number) and len(tables) == 1 and tables[0].cell(0, 0).text_frame.text:
            rows.setdefault(whole, []).append(len(tables[0].rows) - 1)
    assert all(2 * min(of_parts) >= max(of_parts) for of_parts in rows.values()), rows


def test_a_table_has_letters_so_large_that_no_number_code_or_latin_word_is_torn(content):
    for _, slide in slides(content):
        for table in (shape.table for shape in slide.shapes if shape.has_table):
            if table.cell(0, 0).text_frame.text == "":
                continue  # a grid of tiles has one size
            for row in table.rows:
                for cell, column in zip(row.cells, table.columns, strict=True):
                    (run,) = cell.text_frame.paragraphs[0].runs
                    room = (column.width - Inches(0.2)) / EMU_A_PIXEL
                    for word in re.findall(r"[^ \u0e00-\u0e7f]+", run.text) if run.font.size.pt > LEAST else []:
                        assert width_of(word, run.font.size.pt * PIXELS_A_POINT) <= room, word


def test_numbers_in_tables_stand_on_the_right(content):
    for _, slide in slides(content):
        for table in (shape.table for shape in slide.shapes if shape.has_table):
            if table.cell(0, 0).text_frame.text == "":
                continue  # a grid of tiles
            columns = ([row.cells[at] for row in list(table.rows)[1:]] for at in range(len(table.columns)))
            for cells in columns:
                if all(re.fullmatch(r"[+−]?[\d,]+\.\d", cell.text_frame.text) for cell in cells):
                    assert {cell.text_frame.paragraphs[0].alignment for cell in cells} == {PP_ALIGN.RIGHT}


def test_twelve_agencies_are_compared_on_the_same_slides(deck, view_of):
    assert len(list(slides(deck("comparison", "th")))) <= len(CODES) + 3
    drawings = drawings_of(compared(of_everybody(view_of("usual", "th"))))
    assert [len(drawing_pages(one)) for one in drawings if {row.key for row in one.rows} == CODES] == [1] * 4
    radars = [{layer.key for layer in one.drawn()} for one in drawings if one.kind == "radar"]
    assert sorted(code for keys in radars for code in keys) == sorted(CODES)
    assert max(map(len, radars)) == MOST_SERIES


def test_an_agency_keeps_one_look_through_a_deck_and_differs_from_those_beside_it(view_of):
    drawings = in_one_look(drawings_of(compared(of_everybody(view_of("usual", "th")))))
    seen: dict[str, set[tuple[str, str]]] = {}
    for drawing in drawings:
        looks = {one.key: (one.style.colour, one.style.mark) for one in drawing.layers if one.key in CODES}
        assert len(set(looks.values())) == len(looks)
        for code, look in looks.items():
            seen.setdefault(code, set()).add(look)
    assert seen.keys() == CODES
    assert all(len(looks) == 1 for looks in seen.values())


def test_a_tile_has_the_letter_of_its_level(content):
    tiles = [
        cell.text_frame.text
        for _, slide in slides(content)
        for shape in slide.shapes
        if shape.has_table and shape.table.cell(0, 0).text_frame.text == ""
        for row in list(shape.table.rows)[1:]
        for cell in list(row.cells)[1:]
    ]
    assert all(re.fullmatch(r"–|(<B|B|A|S) \d+(\.\d)?\*?", tile) for tile in tiles)


def test_tables_and_charts_say_what_they_show(content):
    for _, slide in slides(content):
        for shape in slide.shapes:
            if shape.has_table or shape.has_chart:
                said = shape._element.xpath("./p:nvGraphicFramePr/p:cNvPr")[0].get("descr", "")
                assert len(said) > 10, slide.shapes.title.text_frame.text


@pytest.mark.parametrize("language", languages())
def test_the_file_says_its_size_language_maker_and_notes(deck, language):
    content = deck("agency", language)
    presentation = Presentation(io.BytesIO(content))
    assert presentation.core_properties.author
    assert presentation.core_properties.title
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        main = etree.fromstring(archive.read("ppt/presentation.xml"))
        names = {etree.QName(child).localname: child for child in main}
        assert "type" not in names["sldSz"].attrib
        assert len(names["notesMasterIdLst"]) == 1
        assert b"4:3" not in archive.read("docProps/app.xml")
        slide = etree.fromstring(archive.read("ppt/slides/slide1.xml"))
    runs = slide.findall(".//{*}r/{*}rPr")
    assert runs
    assert {run.get("lang") for run in runs} == {{"th": "th-TH", "en": "en-US"}[language]}


def test_a_ministry_of_few_agencies_shows_them_and_no_empty_radar(view_of):
    view = view_of("usual", "th")
    ministry = str(view.submissions["ministry"].astype("str").value_counts().index[1])
    few = set(view.submissions.loc[view.submissions["ministry"] == ministry, "agency_name"].astype("str"))
    assert len(few) < view.peer_minimum
    report = ministry_report(view, ministry)
    (radar,) = (page.chart for page in report.pages if page.chart is not None and page.chart.kind == "radar")
    assert {layer.name.split(" · ")[0] for layer in radar.drawn()} == few


def test_a_ministrys_median_that_most_dimensions_have_not_gives_way_to_its_agencies(view_of):
    view = view_of("usual", "th")
    (radar,) = radars(view)
    own = view.submissions[view.submissions["ministry"] == SIZES[7]]
    assert {layer.key for layer in radar.drawn()} == set(own["agency_code"])


def test_a_ministry_is_compared_with_everybody_where_the_page_shows_it_alone(view_of):
    view = view_of("usual", "th")
    alone = replace(view, ministries=(of_most(view),))
    assert radars(alone) == radars(view) != []


def radars(view: View) -> list[Any]:
    """The radars of the report of the ministry of most agencies."""
    pages = ministry_report(view, of_most(view)).pages
    return [page.chart for page in pages if page.chart and page.chart.kind == "radar"]
