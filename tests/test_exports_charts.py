"""Native charts stay editable and honest: fixed scale, gaps as gaps, Thai fonts; the same input, the same bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pptx
import pytest
from charting import FRAMEWORK
from lxml import etree
from pptx import Presentation

from pmqa.charts import (
    CHART_POINTS,
    HISTORY_POINTS,
    PAIRS,
    Caption,
    heatmap,
)
from pmqa.charts.drawing import Drawing
from pmqa.exports import (
    NativeChart,
    Stamp,
    history_chart,
    pairs_chart,
    to_csv,
    to_pptx,
    to_zip,
    xlsx_with_charts,
)
from pmqa.exports.chart_parts import letters
from pmqa.exports.chart_xml import chart_xml
from pmqa.exports.native import caption_line, pages_of
from pmqa.exports.tables import FONT
from pmqa.tables import Table
from pmqa.text import translator

pytestmark = pytest.mark.slow  # decks are made and made again

ROOT = Path(__file__).parent.parent
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
T = translator("th")
STAMP = Stamp("เปรียบเทียบ", "เฉพาะที่มีหลักฐาน", "2569", "PMQA 4.0", 24, "", "a1b2c3", dt.date(2026, 11, 22))
CAPTION = Caption("ใครเด่นด้านใด", "เฉพาะที่มีหลักฐาน", "2569", "PMQA 4.0", 24, "แบบประเมินตนเอง", ("ขาดข้อมูล 1 มิติ",))
NAMES = {"A1": "กรมตัวอย่างหนึ่ง", "A2": "=cmd|' /C calc'!A0 <b>&"}


# A template that is the same in every process, as one read from a file is.
FIXED_TEMPLATE = (Path(pptx.__file__).parent / "templates" / "default.pptx").read_bytes()


def frame(table: Table, rows: list[tuple[object, ...]]) -> pd.DataFrame:
    return table.conform(pd.DataFrame(rows, columns=list(table.columns)))


def points(scopes: int = 8, agencies: dict[str, str] = NAMES) -> pd.DataFrame:
    """Agency A1 has no score in the second scope and A2 answered 60 %; the median is of 24."""
    rows: list[tuple[object, ...]] = []
    for place, (code, name) in enumerate(agencies.items()):
        for scope in range(scopes):
            missing = place == 0 and scope == 1
            score = None if missing else 100.0 + 40 * scope + 10.5 * place
            rows.append((code, name, "agency", f"s{scope}", f"มิติที่ {scope}", score, 0.6 if place == 1 else 1.0, None))
    rows += [("median", "มัธยฐาน", "median", f"s{scope}", f"มิติที่ {scope}", 310.5, None, 24) for scope in range(scopes)]
    return frame(CHART_POINTS, rows)


def every_chart() -> dict[str, NativeChart | Drawing]:
    return {
        "pairs": pairs_chart(
            frame(PAIRS, [("A1", "กรม", 200.0, 300.0, 100.0, 1.0, 0.5), ("A2", "จังหวัด", None, 310.0, None, 0.0, 1.0)]),
            ("2568", "2569"),
            CAPTION,
            T,
        ),
        "history": history_chart(
            frame(
                HISTORY_POINTS,
                [
                    ("A1", "กรม", "agency", year, score, 1.0, None)
                    for year, score in ((2567, 200.0), (2568, None), (2569, 300.0))
                ],
            ),
            CAPTION,
            T,
        ),
        "heat": heatmap(points(), CAPTION, FRAMEWORK, T),
    }


CHARTS = every_chart()
DRAWN = {name: chart for name, chart in CHARTS.items() if chart.kind != "grid"}  # a grid is a table


def xml_of(chart: NativeChart) -> etree._Element:
    return etree.fromstring(chart_xml(chart, FONT))


def deck(content: bytes):
    return Presentation(io.BytesIO(content))


def drawn(content: bytes) -> list[object]:
    """The charts of a deck, in order of slides."""
    return [shape.chart for slide in deck(content).slides for shape in slide.shapes if shape.has_chart]


# --- the chart itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DRAWN)
def test_every_native_chart_has_a_fixed_scale_from_zero(name):
    chart = CHARTS[name]
    scales = [
        axis.find(f"{C}scaling")
        for axis in xml_of(chart).iter(f"{C}valAx")
        if axis.find(f"{C}delete").get("val") == "0"
    ]
    assert [(s.find(f"{C}min").get("val"), float(s.find(f"{C}max").get("val"))) for s in scales] == [
        ("0", chart.maximum)
    ]
    assert chart.maximum == 500


@pytest.mark.parametrize("name", DRAWN)
def test_every_text_of_a_native_chart_has_a_font_for_thai(name):
    texts = [run for tag in ("defRPr", "rPr") for run in xml_of(CHARTS[name]).iter(f"{A}{tag}")]
    assert texts
    for run in texts:
        assert run.find(f"{A}latin").get("typeface") == FONT
        assert run.find(f"{A}cs").get("typeface") == FONT


@pytest.mark.parametrize("name", DRAWN)
def test_a_missing_value_is_a_gap_and_never_zero(name):
    chart = CHARTS[name]
    root = xml_of(chart)
    assert root.find(f".//{C}dispBlanksAs").get("val") == "gap"
    values = f"{C}xVal" if chart.kind == "dots" else f"{C}val"
    found = {}
    for series in root.iter(f"{C}ser"):
        reference = series.find(f"{C}tx/{C}strRef/{C}strCache/{C}pt/{C}v")
        if reference is not None:
            found[reference.text] = {
                int(point.get("idx")): float(point.find(f"{C}v").text) for point in series.find(values).iter(f"{C}pt")
            }
    for series in chart.series:
        expected = {row: value for row, value in enumerate(series.values) if value is not None}
        assert found[series.name] == expected


def test_coverage_below_all_stands_beside_the_name_and_in_the_caption():
    chart = CHARTS["pairs"]
    assert chart.labels == ("กรม (50%)", "จังหวัด (0%)")
    assert caption_line(chart, T).endswith("n = 24 หน่วยงาน · ความครบถ้วน 60%–100%")


FOOTNOTES = {
    "pairs": ["charts.not_compared", "charts.open_marks"],
    "history": ["charts.missing_years"],
}


@pytest.mark.parametrize("name", FOOTNOTES)
def test_every_editable_chart_has_the_footnotes_of_its_figure_before_those_given(name):
    """By what a sentence begins with, up to its first blank."""
    own = CHARTS[name].caption.notes[: -len(CAPTION.notes)]
    begins = [T(key).partition("{")[0] for key in FOOTNOTES[name]]
    assert len(own) == len(begins), own
    assert all(note.startswith(begin) for note, begin in zip(own, begins, strict=True))


def test_a_gap_among_dots_has_no_height_so_that_no_program_puts_it_at_zero():
    chart = CHARTS["pairs"]
    drawn_series = xml_of(chart).findall(f".//{C}ser")[1 : len(chart.series) + 1]
    for series, found in zip(chart.series, drawn_series, strict=True):
        at = {point.get("idx") for point in found.findall(f"{C}yVal//{C}pt")}
        assert at == {str(row) for row, value in enumerate(series.values) if value is not None}


@pytest.mark.parametrize(("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_the_letters_of_a_spreadsheet(column, name):
    assert letters(column) == name


# --- slides -----------------------------------------------------------------------------------------------------------


def test_a_deck_has_a_slide_a_chart_with_title_caption_and_notes():
    content = to_pptx([CHARTS["pairs"], CHARTS["history"]], STAMP)
    slides = list(deck(content).slides)
    assert [slide.shapes.title.text for slide in slides] == [CAPTION.title] * 2
    texts = [shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame]
    assert caption_line(CHARTS["pairs"], T) in texts
    assert any("ขาดข้อมูล 1 มิติ" in text and "a1b2c3" in text for text in texts)
    notes = slides[0].notes_slide.notes_text_frame.text
    assert "ที่มา: แบบประเมินตนเอง" in notes
    assert "วิธีคิด" in notes


def test_every_run_of_a_slide_names_a_font_for_thai():
    for slide in deck(to_pptx([CHARTS["history"]], STAMP)).slides:
        for run in slide.element.iter(f"{A}r"):
            assert run.find(f"{A}rPr/{A}cs").get("typeface") == FONT
            assert run.find(f"{A}rPr/{A}latin").get("typeface") == FONT


@pytest.mark.parametrize("name", DRAWN)
def test_edit_data_in_powerpoint_finds_the_numbers_and_no_formula(name):
    chart = pages_of(CHARTS[name])[0]
    found = drawn(to_pptx([chart], STAMP))[0]
    blob = found.part.chart_workbook.xlsx_part.blob
    sheet = openpyxl.load_workbook(io.BytesIO(blob)).active
    assert sheet.title == "Sheet1"
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][1 : len(chart.series) + 1] == tuple(series.name for series in chart.series)
    for number, label in enumerate(chart.labels, start=1):
        assert rows[number][0] == label
        assert rows[number][1 : len(chart.series) + 1] == tuple(series.values[number - 1] for series in chart.series)
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_chart_on_a_slide_has_its_finding_as_alternative_text():
    content = to_pptx([replace(CHARTS["history"], alt="กรมตัวอย่างหนึ่งเด่นด้านมิติที่ 7")], STAMP)
    described = [e.get("descr") for e in deck(content).slides[0].element.iter() if e.get("descr")]
    assert described == ["กรมตัวอย่างหนึ่งเด่นด้านมิติที่ 7"]


# --- workbooks --------------------------------------------------------------------------------------------------------


def test_a_workbook_has_a_sheet_a_chart_with_its_numbers_and_its_own_chart():
    content = xlsx_with_charts(list(CHARTS.values()), STAMP, {"ข้อมูล": points()})
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert len(book.sheetnames) == len(CHARTS) + 1
    assert book.sheetnames[-1] == "ข้อมูล"
    assert [len(sheet._charts) for sheet in book.worksheets] == [int(name in DRAWN) for name in CHARTS] + [0]
    first = list(book.worksheets[0].iter_rows(min_row=6, max_row=8, max_col=4, values_only=True))
    assert first[0][1:3] == tuple(series.name for series in CHARTS["pairs"].series)
    assert first[2][:3] == ("จังหวัด (0%)", None, 310.0)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        chart = etree.fromstring(archive.read("xl/charts/chart1.xml"))
    assert f"'{book.sheetnames[0]}'!$B$7:$B$8" in [ref.text for ref in chart.iter(f"{C}f")]
    assert CAPTION.title in "".join(chart.find(f".//{C}title").itertext())


def convert(content: bytes, name: str, folder: Path) -> Path:
    source = folder / name
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return source.with_suffix(".pdf")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["xlsx", "pptx"])
def test_libreoffice_opens_the_charts_and_shows_thai(form, tmp_path):
    charts = list(CHARTS.values())
    content = xlsx_with_charts(charts, STAMP) if form == "xlsx" else to_pptx(charts, STAMP)
    found = convert(content, f"charts.{form}", tmp_path)
    text = subprocess.run(["pdftotext", str(found), "-"], check=True, capture_output=True).stdout.decode()
    pages = text.count("\f")
    assert pages >= len(charts)
    assert "PMQA 4.0" in text
    fonts = subprocess.run(["pdffonts", str(found)], check=True, capture_output=True).stdout.decode()
    assert "yes" in fonts
    drawn_with = subprocess.run(["pdftoppm", "-r", "20", "-png", str(found), str(tmp_path / "page")], check=True)
    assert drawn_with.returncode == 0
    assert len(list(tmp_path.glob("page*.png"))) == pages


# --- reproducible -----------------------------------------------------------------------------------------------------


def digests() -> list[str]:
    """What of every format must be the same for the same input."""
    charts = list(CHARTS.values())
    table = points()
    files = {
        "a.pptx": to_pptx(charts, STAMP),
        "b.pptx": to_pptx(charts[:1], STAMP, template=FIXED_TEMPLATE),
        "c.xlsx": xlsx_with_charts(charts, STAMP, {"ก": table}),
        "d.csv": to_csv(table, "ก", STAMP),
    }
    files["e.zip"] = to_zip(dict(files), STAMP)
    return [hashlib.sha256(content).hexdigest() for content in files.values()]


def test_the_same_charts_give_the_same_bytes_later():
    first = digests()
    time.sleep(2.1)  # zip entries have times of two seconds
    assert digests() == first


def test_the_same_charts_give_the_same_bytes_in_another_process():
    code = "import test_exports_charts as m; print(m.digests())"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
        "PYTHONHASHSEED": "7",
        "TZ": "America/New_York",
    }
    found = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)
    assert found.stdout.strip() == str(digests())
