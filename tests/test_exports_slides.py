"""Every slide of agency and ministry reports, measured in the file: nothing leaves it, nothing is too small to read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pptx import Presentation

from pmqa.demo import demo_submissions
from pmqa.exports import report_pptx
from pmqa.framework import Framework
from pmqa.store import Incoming, Store
from pmqa.text import languages
from pmqa.views.reporting import agency_report, ministry_report
from pmqa.views.view import View
from tests.pages import a_view

pytestmark = pytest.mark.slow  # whole reports are made

LONG = "กรมตัวอย่างส่งเสริมและพัฒนาคุณภาพชีวิตผู้สูงอายุ คนพิการ และผู้ด้อยโอกาสในพื้นที่ห่างไกล ภาคตะวันออกเฉียงเหนือ"
LEAST = 12  # points
KINDS = ("agency", "ministry", "long names")


@pytest.fixture(scope="module")
def view_of(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], View]]:
    """Nine agencies with evidence: `view_of(names, language)`, their names as they are or long."""
    folder, databases = tmp_path_factory.mktemp("slides"), {}
    sent = demo_submissions(framework, agencies=9, years=2)
    for names, renamed in (
        ("usual", sent),
        ("long", [replace(one, agency_name=f"{one.agency_code} {LONG}") for one in sent]),
    ):
        databases[names] = Path(folder / f"{names}.duckdb")
        with Store(databases[names]) as store:
            incoming = [Incoming(one, str(n).encode(), f"{n}.xlsx") for n, one in enumerate(renamed)]
            store.recording.record_many(incoming, received_by="demo")
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
            report = (
                agency_report(view, sorted(view.agencies)[0])
                if what == "agency"
                else ministry_report(view, of_most(view))
            )
            made[what, language] = report_pptx(report)
        return made[what, language]

    return of


def of_most(view: View) -> str:
    """The ministry of most agencies."""
    return str(view.submissions["ministry"].astype("str").value_counts().index[0])


@pytest.fixture(params=[(what, language) for what in KINDS for language in languages()], ids=str)
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
    ministry = of_most(view)
    few = set(view.submissions.loc[view.submissions["ministry"] == ministry, "agency_name"].astype("str"))
    assert len(few) < view.peer_minimum
    report = ministry_report(view, ministry)
    (radar,) = (page.chart for page in report.pages if page.chart is not None and page.chart.kind == "radar")
    assert {layer.name.split(" · ")[0] for layer in radar.drawn()} == few


def test_a_ministry_is_compared_with_everybody_where_the_page_shows_it_alone(view_of):
    view = view_of("usual", "th")
    alone = replace(view, ministries=(of_most(view),))
    assert radars(alone) == radars(view) != []


def radars(view: View) -> list[Any]:
    """The radars of the report of the ministry of most agencies."""
    pages = ministry_report(view, of_most(view)).pages
    return [page.chart for page in pages if page.chart and page.chart.kind == "radar"]
