"""Every slide of agency and ministry reports, measured in the file: nothing leaves it, nothing is too small to read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from lxml import etree
from pptx import Presentation
from test_exports_reports import AGENCY, DATA, MINISTRY, STAMPS

from pmqa.exports import agency_report, ministry_report, report_pptx
from pmqa.text import LANGUAGES

pytestmark = pytest.mark.slow  # whole reports are made

LONG = "กรมตัวอย่างส่งเสริมและพัฒนาคุณภาพชีวิตผู้สูงอายุ คนพิการ และผู้ด้อยโอกาสในพื้นที่ห่างไกล ภาคตะวันออกเฉียงเหนือ"
NAMED = replace(DATA, scored=DATA.scored.assign(agency_name=DATA.scored["agency_code"].astype("str") + " " + LONG))
REPORTS = {
    "agency": lambda language: agency_report(DATA, AGENCY, STAMPS[language]),
    "ministry": lambda language: ministry_report(DATA, MINISTRY, STAMPS[language]),
    "long names": lambda language: ministry_report(NAMED, MINISTRY, STAMPS[language]),
}
LEAST = 12  # points


@cache
def deck(what: str, language: str) -> bytes:
    return report_pptx(REPORTS[what](language))


@pytest.fixture(params=[(what, language) for what in REPORTS for language in LANGUAGES], ids=str)
def content(request: pytest.FixtureRequest) -> bytes:
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


def test_sentences_and_tables_have_twelve_points_or_more(content):
    for _, slide in slides(content):
        # A heatmap of thirty columns keeps what fits its tiles.
        shapes = [one for one in slide.shapes if not (one.has_table and len(one.table.columns) > 12)]
        runs = [run for shape in shapes for frame in frames(shape) for line in frame.paragraphs for run in line.runs]
        assert all(run.font.size is None or run.font.size.pt >= LEAST for run in runs), (
            slide.shapes.title.text_frame.text
        )


def test_every_slide_says_which_of_how_many_it_is(content):
    found = [{shape.text_frame.text for shape in slide.shapes if shape.has_text_frame} for _, slide in slides(content)]
    assert all(f"{number}/{len(found)}" in words for number, words in enumerate(found, 1))


def test_tables_and_charts_say_what_they_show(content):
    for _, slide in slides(content):
        for shape in slide.shapes:
            if shape.has_table or shape.has_chart:
                said = shape._element.xpath("./p:nvGraphicFramePr/p:cNvPr")[0].get("descr", "")
                assert len(said) > 10, slide.shapes.title.text_frame.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_says_its_size_language_maker_and_notes(language):
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


def test_a_ministry_of_few_agencies_shows_them_and_no_empty_radar():
    report = ministry_report(DATA, MINISTRY, STAMPS["th"])
    few = set(DATA.scored.loc[DATA.scored["ministry"] == MINISTRY, "agency_name"].astype("str"))
    assert len(few) < DATA.minimum
    (radar,) = (page.chart for page in report.pages if page.chart is not None and page.chart.kind == "radar")
    assert {layer.name.split(" · ")[0] for layer in radar.drawn()} == few
