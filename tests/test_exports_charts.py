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
from pathlib import Path

import openpyxl
import pandas as pd
import pptx
import pytest
from charting import FRAMEWORK
from lxml import etree
from pptx import Presentation
from pptx.util import Inches

from pmqa.charts import CHART_POINTS, HISTORY_POINTS, PAIRS, Caption, heatmap, history, radar, slope
from pmqa.charts.drawing import Drawing
from pmqa.charts.render.wording import columns_of
from pmqa.charts.words import lines_of, width_of
from pmqa.exports import Stamp, to_csv, to_pptx, to_zip, xlsx_with_charts
from pmqa.exports.chart_parts import letters
from pmqa.exports.legends import PIXELS_A_POINT, shortened
from pmqa.exports.report_files import CELL_MARGINS, _widths
from pmqa.exports.slides import EMU_A_PIXEL, text_height
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


def every_chart() -> dict[str, Drawing]:
    years = ((2567, 200.0), (2568, None), (2569, 300.0))
    over_years = frame(HISTORY_POINTS, [("A1", "กรม", "agency", year, score, 1.0, None) for year, score in years])
    pair = [("A1", "กรม", 200.0, 300.0, 100.0, 1.0, 0.5), ("A2", "จังหวัด", None, 310.0, None, 0.0, 1.0)]
    return {
        "radar": radar(points(), CAPTION, FRAMEWORK, T),
        "slope": slope(frame(PAIRS, pair), ("2568", "2569"), CAPTION, FRAMEWORK, T),
        "history": history(over_years, CAPTION, FRAMEWORK, T),
        "heat": heatmap(points(), CAPTION, FRAMEWORK, T),
    }


CHARTS = every_chart()
DRAWN = {name: chart for name, chart in CHARTS.items() if chart.kind != "grid"}  # a grid is a table


def deck(content: bytes):
    return Presentation(io.BytesIO(content))


def drawn(content: bytes) -> list[object]:
    """The charts of a deck, in order of slides."""
    return [shape.chart for slide in deck(content).slides for shape in slide.shapes if shape.has_chart]


# --- the chart itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_the_letters_of_a_spreadsheet(column, name):
    assert letters(column) == name


@pytest.mark.parametrize("behind", ["incomplete (from 65%)", "99% answered", "n = 8"])
@pytest.mark.parametrize("most", [1, 4])
def test_a_long_name_gives_way_and_what_stands_behind_it_does_not(behind, most):
    shown = shortened(f"{'สำนักงานตัวอย่าง' * 9} เขตที่ 7 · {behind}", 250, 12, most).replace("\u00a0", " ")
    assert shown.endswith(f"เขตที่ 7 · {behind}")
    assert len(lines_of(shown, 250, 16)) <= most or most == 1


def test_codes_of_a_table_stay_on_their_line_beside_a_long_name():
    table = pd.DataFrame({"Code": ["DEMO-002"], "Agency": ["สำนักงานตัวอย่าง" * 8], "Overall": ["419.0"]})
    code, *_ = _widths(table, Inches(12.3), 18)
    assert (code - CELL_MARGINS) / EMU_A_PIXEL > width_of("DEMO-002", 18 * PIXELS_A_POINT)


def test_a_row_is_as_tall_as_a_name_that_breaks_between_words():
    name = "สำนักงานตัวอย่างเพื่อการบูรณาการเชิงพื้นที่และการขับเคลื่อนยุทธศาสตร์ชาติระยะยี่สิบปี"
    wide = 400 * EMU_A_PIXEL
    assert text_height([name], 18, wide) >= len(lines_of(name, 400, 24)) * text_height(["x"], 18, wide)


# --- slides -----------------------------------------------------------------------------------------------------------


def test_every_run_of_a_slide_names_a_font_for_thai():
    for slide in deck(to_pptx([CHARTS["history"]], STAMP)).slides:
        for run in slide.element.iter(f"{A}r"):
            assert run.find(f"{A}rPr/{A}cs").get("typeface") == FONT
            assert run.find(f"{A}rPr/{A}latin").get("typeface") == FONT


@pytest.mark.parametrize("name", DRAWN)
def test_edit_data_in_powerpoint_finds_the_numbers_and_their_names(name):
    drawing = CHARTS[name]
    found = drawn(to_pptx([drawing], STAMP))[0]
    sheet = openpyxl.load_workbook(io.BytesIO(found.part.chart_workbook.xlsx_part.blob)).active
    assert sheet.title == "Sheet1"
    rows = list(sheet.iter_rows(values_only=True))
    for number, column in enumerate(columns_of(drawing, T), start=1):
        assert rows[0][number] == column.head
        assert tuple(row[number] for row in rows[1 : 1 + len(column.values)]) == column.values
    assert [row[0] for row in rows[1 : 1 + len(drawing.rows)]] == [row.name for row in drawing.rows]


# --- workbooks --------------------------------------------------------------------------------------------------------


def test_a_workbook_has_a_sheet_a_chart_with_its_numbers_and_its_own_chart():
    content = xlsx_with_charts(list(CHARTS.values()), STAMP, {"ข้อมูล": points()})
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert len(book.sheetnames) == len(CHARTS) + 1
    assert book.sheetnames[-1] == "ข้อมูล"
    assert [len(sheet._charts) for sheet in book.worksheets] == [int(name in DRAWN) for name in CHARTS] + [0]
    first = list(book.worksheets[0].iter_rows(min_row=6, max_row=8, max_col=4, values_only=True))
    assert first[0][1:] == tuple(layer.name for layer in CHARTS["radar"].layers)
    assert first[2] == ("มิติที่ 1", 310.5, None, 150.5)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        chart = etree.fromstring(archive.read("xl/charts/chart1.xml"))
    assert chart.find(f".//{C}cat/{C}strRef/{C}f").text == f"'{book.sheetnames[0]}'!$A$7:$A$14"
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
        "d.csv": to_csv(table),
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
