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
import pytest
from lxml import etree
from pptx import Presentation
from pptx.util import Inches

from pmqa.charts import (
    CHART_POINTS,
    GAP_BARS,
    HISTORY_POINTS,
    LADDER,
    LEVEL_COUNTS,
    PAIRS,
    PARETO,
    RANK_BANDS,
    SPINE,
    STRIP_POINTS,
    STRIP_STATS,
    SUCCESS_RATES,
    Caption,
)
from pmqa.errors import ExportError
from pmqa.exports import (
    NativeChart,
    Stamp,
    bar_chart,
    dot_chart,
    gap_chart,
    heat_chart,
    history_chart,
    ladder_chart,
    levels_chart,
    pairs_chart,
    pareto_chart,
    radar_chart,
    rank_chart,
    rates_chart,
    spine_chart,
    strip_chart,
    to_csv,
    to_pptx,
    to_xlsx,
    to_zip,
    xlsx_with_charts,
)
from pmqa.exports.chart_parts import letters, marks_of
from pmqa.exports.chart_xml import chart_xml
from pmqa.exports.native import MOST_ROWS, caption_line, pages_of
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


def every_chart() -> dict[str, NativeChart]:
    many = points(1, {f"M{number}": f"หน่วยงานตัวอย่าง {number}" for number in range(30)})
    ladder = [
        ("1.1", "1.1 ก", "1", "basic", "พื้นฐาน", 3, 3, 0, 0, 0, 300.0, 300.0),
        ("1.1", "1.1 ก", "1", "advance", "ก้าวหน้า", 3, 1, 0, 1, 1, 33.3, 100.0),
        ("1.2", "1.2 ข", "1", "basic", "พื้นฐาน", 2, 0, 0, 0, 2, 0.0, 300.0),
    ]
    return {
        "radar": radar_chart(points(), CAPTION, T),
        "bars": bar_chart(points(), CAPTION, T),
        "dots": dot_chart(points(), CAPTION, T),
        "agencies": dot_chart(many, CAPTION, T),
        "pairs": pairs_chart(
            frame(PAIRS, [("A1", "กรม", 200.0, 300.0, 100.0, 1.0, 0.5), ("A2", "จังหวัด", None, 310.0, None, 0.0, 1.0)]),
            ("2568", "2569"),
            CAPTION,
            T,
        ),
        "spine": spine_chart(
            frame(SPINE, [("1", "หมวด 1", 300.0, 1.0, 100.0, 200.0, 250.0, 350.0, 500.0, 400.0, 24)]), CAPTION, T
        ),
        "gaps": gap_chart(
            frame(GAP_BARS, [("1", "หมวด 1", 250.0, 300.0, 50.0, 0.9), ("2", "หมวด 2", None, 300.0, None, 0.0)]),
            CAPTION,
            T,
        ),
        "levels": levels_chart(
            frame(LEVEL_COUNTS, [("1", "หมวด 1", "below", "ยังไม่ถึง", 3, 7), ("1", "หมวด 1", "basic", "พื้นฐาน", 4, 7)]),
            CAPTION,
            T,
        ),
        "ladder": ladder_chart(frame(LADDER, ladder), CAPTION, T),
        "rates": rates_chart(
            frame(
                SUCCESS_RATES,
                [
                    ("7.1.1#1", "ร้อยละ", True, 101.2, 400.0, "better", None),
                    ("7.1.2", "จำนวน", True, None, None, None, None),
                ],
            ),
            CAPTION,
            T,
        ),
        "pareto": pareto_chart(
            frame(PARETO, [("1.1.B1", "ข้อความ" * 30, "1.1", "basic", "พื้นฐาน", 733.3, 4, 1.0)]), CAPTION, T
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
        "heat": heat_chart(points(), CAPTION, T),
        "ranks": rank_chart(bands(), CAPTION, T),
        "strip": strip_chart(*strip(), CAPTION, T, highlight=["A2"]),
    }


def bands() -> pd.DataFrame:
    """The second and the third share their ranks."""
    rows = [("A", "หน่วย ก", 400.0, 1, 1, 3), ("B", "หน่วย ข", 300.0, 2, 3, 3), ("C", "หน่วย ค", 300.0, 2, 3, 3)]
    return frame(RANK_BANDS, rows)


def strip() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two groups: three agencies, one of them chosen and one without a score; one that answered half."""
    agencies = [
        ("g1", "กระทรวงหนึ่ง", "A1", "=1+1", 310.0, 1.0),
        ("g1", "กระทรวงหนึ่ง", "A2", "หน่วย ข", 320.0, 1.0),
        ("g1", "กระทรวงหนึ่ง", "A3", "หน่วย ค", None, 0.0),
        ("g2", "กระทรวงสอง", "A4", "หน่วย ง", 150.0, 0.5),
    ]
    quartiles = [("g1", 2, 311.0, 315.0, 319.0), ("g2", 0, None, None, None)]
    return frame(STRIP_POINTS, agencies), frame(STRIP_STATS, quartiles)


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
    if name not in {"levels", "pareto", "rates", "ranks"}:
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


def test_what_was_not_answered_at_all_has_no_bar_on_the_ladder():
    basic, *_ = CHARTS["ladder"].series
    assert basic.values == (300.0, None)
    assert CHARTS["ladder"].labels == ("1.1 ก (83%)", "1.2 ข (0%)")


def test_coverage_below_all_stands_beside_the_name_and_in_the_caption():
    chart = CHARTS["radar"]
    assert [series.name for series in chart.series] == [NAMES["A1"], f"{NAMES['A2']} (60%)", "มัธยฐาน"]
    assert caption_line(chart, T).endswith("n = 24 หน่วยงาน · ความครบถ้วน 60%–100%")


def test_series_differ_in_colour_dash_and_mark():
    chart = radar_chart(points(8, {f"X{n}": f"หน่วยงาน {n}" for n in range(3)}), CAPTION, T)
    assert len({series.look.colour for series in chart.series}) == 4
    assert len({series.look.dash for series in chart.series}) == 4
    assert len(set(marks_of(chart))) == 4


@pytest.mark.parametrize("name", ["radar", "bars", "dots"])
def test_an_editable_chart_says_what_is_missing_and_what_the_median_is_of(name):
    assert CHARTS[name].caption.notes == (
        *CAPTION.notes,
        T("charts.missing_one", series=NAMES["A1"], scopes="มิติที่ 1"),
        T("charts.median_of", n=24, counted=T("charts.counted_complete")),
    )


def test_the_median_of_agencies_on_one_scope_is_a_line_across():
    rules = [series for series in CHARTS["agencies"].series if series.rule]
    assert [set(rule.values) for rule in rules] == [{310.5}]
    assert len(CHARTS["agencies"].labels) == 30


def test_a_chart_with_many_rows_takes_several_pages_that_lose_no_row():
    parts = pages_of(CHARTS["agencies"])
    assert [part.caption.title for part in parts] == [f"{CAPTION.title} ({n}/3)" for n in (1, 2, 3)]
    assert all(len(part.labels) <= MOST_ROWS for part in parts)
    assert sum((part.labels for part in parts), ()) == CHARTS["agencies"].labels
    assert sum((part.series[0].values for part in parts), ()) == CHARTS["agencies"].series[0].values
    assert pages_of(CHARTS["radar"]) == [CHARTS["radar"]]


def test_rows_with_names_of_two_lines_share_a_page_with_fewer_others():
    chart = CHARTS["agencies"]
    wordy = replace(chart, labels=(*chart.labels[:-1], "หน่วยงานที่มีชื่อยาวกว่าหนึ่งบรรทัด " * 3))
    assert {len(part.labels) for part in pages_of(wordy)} == {7, 8}
    assert sum((part.labels for part in pages_of(wordy)), ()) == wordy.labels


@pytest.mark.parametrize(("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_the_letters_of_a_spreadsheet(column, name):
    assert letters(column) == name


# --- slides -----------------------------------------------------------------------------------------------------------


def test_a_deck_has_a_slide_a_chart_with_title_caption_and_notes():
    content = to_pptx([CHARTS["radar"], CHARTS["gaps"]], STAMP)
    slides = list(deck(content).slides)
    assert [slide.shapes.title.text for slide in slides] == [CAPTION.title] * 2
    texts = [shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame]
    assert caption_line(CHARTS["radar"], T) in texts
    assert any("ขาดข้อมูล 1 มิติ" in text and "a1b2c3" in text for text in texts)
    notes = slides[0].notes_slide.notes_text_frame.text
    assert "ที่มา: แบบประเมินตนเอง" in notes
    assert "วิธีคิด" in notes


def test_every_run_of_a_slide_names_a_font_for_thai():
    for slide in deck(to_pptx([CHARTS["radar"]], STAMP)).slides:
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
    content = to_pptx([replace(CHARTS["radar"], alt="กรมตัวอย่างหนึ่งเด่นด้านมิติที่ 7")], STAMP)
    described = [e.get("descr") for e in deck(content).slides[0].element.iter() if e.get("descr")]
    assert described == ["กรมตัวอย่างหนึ่งเด่นด้านมิติที่ 7"]


def template(*, layout_fonts: str = "", slides: int = 2) -> bytes:
    """A ministry's template: its own size, example slides, a theme of its own."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(10), Inches(5.625)
    for number in range(slides):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = f"สไลด์ตัวอย่าง {number}"
    presentation.core_properties.author = "กองแผน"
    if layout_fonts:
        for relation in presentation.slide_master.part.rels.values():
            if relation.reltype.endswith("/theme"):
                part = relation.target_part
                part._blob = part.blob.replace(b'<a:cs typeface=""/>', f'<a:cs typeface="{layout_fonts}"/>'.encode())
    content = io.BytesIO()
    presentation.save(content)
    return content.getvalue()


def test_a_given_template_lends_its_size_and_layouts_but_not_its_slides():
    made = deck(to_pptx([CHARTS["radar"], CHARTS["bars"]], STAMP, template=template()))
    assert (made.slide_width, made.slide_height) == (Inches(10), Inches(5.625))
    assert [slide.shapes.title.text for slide in made.slides] == [CAPTION.title] * 2
    assert {slide.slide_layout.name for slide in made.slides} == {"Title and Content"}
    for slide in made.slides:
        assert not [
            p
            for p in slide.placeholders
            if p.placeholder_format.type is not None and p.shape_id != slide.shapes.title.shape_id
        ]


def test_nothing_stands_outside_of_a_templates_slide():
    """The layouts of this template are taller than its slides."""
    made = deck(to_pptx([CHARTS["radar"], CHARTS["agencies"]], STAMP, template=template()))
    for slide in made.slides:
        for shape in slide.shapes:
            if not shape.is_placeholder:
                assert shape.left >= 0
                assert shape.left + shape.width <= made.slide_width
                assert shape.top + shape.height <= made.slide_height


def test_a_template_whose_theme_has_a_thai_font_keeps_it():
    slide = deck(to_pptx([CHARTS["radar"]], STAMP, template=template(layout_fonts="Sarabun"))).slides[0]
    fonts = {element.get("typeface") for element in slide.element.iter(f"{A}cs")}
    assert fonts == {"+mn-cs", "+mj-cs"}


def repacked(content: bytes, **changed: bytes) -> bytes:
    """The zip with parts replaced or added; names with __ for / and _dot_ for the dot."""
    files = {name.replace("__", "/").replace("_dot_", "."): data for name, data in changed.items()}
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            made.writestr(name, files.pop(name, None) or source.read(name))
        for name, data in files.items():
            made.writestr(name, data)
    return target.getvalue()


def hostile_templates() -> dict[str, tuple[bytes, str]]:
    sound = template()
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        types = archive.read("[Content_Types].xml")
        rels = archive.read("ppt/_rels/presentation.xml.rels")
        main = archive.read("ppt/presentation.xml")
    linked = rels.replace(
        b"</Relationships>",
        b'<Relationship Id="rX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        b'Target="file://server/share/x.png" TargetMode="External"/></Relationships>',
    )
    macros = types.replace(b"presentationml.presentation.main", b"presentationml.presentation.macroEnabled.main")
    kinds = {"types": {"[Content_Types].xml": types}}
    return {
        "nothing": (b"", "damaged"),
        "no zip": (b"MZ" + b"\0" * 100, "damaged"),
        "another zip": (to_zip({"a.txt": b"x"}, STAMP), "damaged"),
        "a workbook": (to_xlsx({"a": pd.DataFrame({"a": [1]})}, STAMP), "damaged"),
        "cut short": (sound[: len(sound) // 2], "damaged"),
        "a DTD": (
            repacked(sound, **{"ppt__presentation_dot_xml": b'<!DOCTYPE x [<!ENTITY a "b">]>' + main}),
            "damaged",
        ),
        "no XML": (repacked(sound, **{"ppt__presentation_dot_xml": b"<p:presentation"}), "damaged"),
        "a bomb": (repacked(sound, **{"ppt__media__x_dot_png": b"\0" * 60_000_000}), "large"),
        "a picture elsewhere": (repacked(sound, **{"ppt___rels__presentation_dot_xml_dot_rels": linked}), "outside"),
        "macros": (repacked(sound, **{"[Content_Types]_dot_xml": macros}), "macros"),
        "a .potx": (
            repacked(
                sound,
                **{
                    "[Content_Types]_dot_xml": kinds["types"]["[Content_Types].xml"].replace(
                        b"presentation.main+xml", b"template.main+xml"
                    )
                },
            ),
            "potx",
        ),
    }


HOSTILE = hostile_templates()


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", ["th", "en"])
def test_a_template_that_cannot_be_used_is_refused_with_what_to_do(name, language):
    content, why = HOSTILE[name]
    with pytest.raises(ExportError) as refused:
        to_pptx([CHARTS["radar"]], replace(STAMP, language=language), template=content)
    assert str(refused.value).startswith(translator(language)(f"exports.template.{why}"))


# --- workbooks --------------------------------------------------------------------------------------------------------


def test_a_workbook_has_a_sheet_a_chart_with_its_numbers_and_its_own_chart():
    content = xlsx_with_charts(list(CHARTS.values()), STAMP, {"ข้อมูล": points()})
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert len(book.sheetnames) == len(CHARTS) + 1
    assert book.sheetnames[-1] == "ข้อมูล"
    assert [len(sheet._charts) for sheet in book.worksheets] == [int(name in DRAWN) for name in CHARTS] + [0]
    first = list(book.worksheets[0].iter_rows(min_row=6, max_row=8, max_col=4, values_only=True))
    assert first[0][1:] == tuple(series.name for series in CHARTS["radar"].series)
    assert first[2] == ("มิติที่ 1", None, 150.5, 310.5)
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


# A template that is the same in every process, as one read from a file is.
FIXED_TEMPLATE = (Path(__import__("pptx").__file__).parent / "templates" / "default.pptx").read_bytes()
