"""Many agencies in files that can be edited: coloured tables that follow their numbers."""

from __future__ import annotations

import io

import openpyxl
import pytest
from charting import FRAMEWORK
from lxml import etree
from pptx import Presentation
from test_drawings import PLACE
from test_exports_charts import CAPTION, CHARTS, NAMES, STAMP, C, T, points

from pmqa.charts import heatmap, radar
from pmqa.charts.palette import SHADES, contrast
from pmqa.exports import to_pptx, xlsx_with_charts
from pmqa.exports.drawings import chart_of
from pmqa.exports.grids import paper_turns_dark

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

pytestmark = pytest.mark.slow  # decks and workbooks are made


def table_of(slide):
    return next(shape.table for shape in slide.shapes if shape.has_table)


def fill_of(cell) -> tuple[str, str]:
    """Kind of filling and its first colour."""
    for kind in ("solidFill", "pattFill"):
        if (found := cell._tc.tcPr.find(f"{A}{kind}")) is not None:
            return kind, next(found.iter(f"{A}srgbClr")).get("val")
    return "", ""


def test_a_heatmap_on_a_slide_is_a_table_with_every_value_and_a_hatched_blank():
    slide = Presentation(io.BytesIO(to_pptx([CHARTS["heat"]], STAMP))).slides[0]
    grid = table_of(slide)
    texts = [[cell.text for cell in row.cells] for row in grid.rows]
    assert [head.replace("\v", "") for head in texts[0]] == ["", *(f"มิติที่ {n}" for n in range(8))]
    assert texts[1] == [
        "กรมตัวอย่างหนึ่ง",
        "<B 100.0",
        "–",
        "<B 180.0",
        *(f"{'B' if n > 4 else '<B'} {100 + 40 * n}.0" for n in range(3, 8)),
    ]
    assert texts[2][0] == NAMES["A2"] + " · 60%*"  # coverage stands beside the name
    assert fill_of(grid.cell(1, 2))[0] == "pattFill"
    light, dark = (fill_of(grid.cell(row, column)) for row, column in ((1, 1), (1, 8)))
    assert light[0] == dark[0] == "solidFill"
    assert contrast(f"#{light[1]}", "#ffffff") < contrast(f"#{dark[1]}", "#ffffff")


def test_values_of_a_coloured_cell_can_be_read():
    grid = table_of(Presentation(io.BytesIO(to_pptx([CHARTS["heat"]], STAMP))).slides[0])
    for row in list(grid.rows)[1:]:
        for cell in list(row.cells)[1:]:
            kind, paper = fill_of(cell)
            ink = next(cell._tc.iter(f"{A}rPr")).find(f"{A}solidFill/{A}srgbClr").get("val")
            assert kind == "pattFill" or contrast(f"#{ink}", f"#{paper}") >= 4.5


def test_many_agencies_take_several_slides_and_many_scopes_whole_points():
    many = {f"M{number:03}": f"หน่วยงานตัวอย่าง {number}" for number in range(30)}
    shown = points(24, many).query("role == 'agency'")
    chart = heatmap(shown.assign(score=299.96), CAPTION, FRAMEWORK, T)
    slides = Presentation(io.BytesIO(to_pptx([chart], STAMP))).slides
    assert len(slides) == 6  # two halves of the scopes, ten agencies each
    heads = [[cell.text for cell in table_of(slide).rows[0].cells][1:] for slide in slides]
    assert [*heads[0], *heads[3]] == [f"s{n}" for n in range(24)]
    printed = {cell.text for row in list(table_of(slides[0]).rows)[1:] for cell in list(row.cells)[1:]}
    assert printed <= {"<B 299", "<B 299*"}
    names = [row.cells[0].text for slide in list(slides)[:3] for row in list(table_of(slide).rows)[1:]]
    assert [name.partition(" · ")[0] for name in names] == list(many.values())


def test_a_table_on_a_slide_stays_on_it():
    many = {f"M{number:03}": "หน่วยงานตัวอย่างที่มีชื่อยาวเป็นพิเศษเพื่อทดสอบการตัดบรรทัดของตาราง" for number in range(14)}
    made = Presentation(io.BytesIO(to_pptx([heatmap(points(8, many), CAPTION, FRAMEWORK, T)], STAMP)))
    for slide in made.slides:
        for shape in slide.shapes:
            tall = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
            assert shape.top + tall <= made.slide_height
            assert shape.left + shape.width <= made.slide_width


@pytest.mark.parametrize(("scopes", "agencies"), [(8, 14), (24, 24), (8, 4)])
def test_long_names_in_a_table_are_told_apart_and_take_no_more_lines_than_their_row_has(scopes: int, agencies: int):
    start = "สำนักงานตัวอย่างเพื่อการบูรณาการเชิงพื้นที่และการขับเคลื่อนยุทธศาสตร์ชาติระยะยี่สิบปีภาคตะวันออกเฉียงเหนือตอนบน"
    many = {f"M{number:03}": f"{start} เขต {number}" for number in range(agencies)}
    rows = points(scopes, many).query("role == 'agency'")
    made = Presentation(io.BytesIO(to_pptx([heatmap(rows, CAPTION, FRAMEWORK, T)], STAMP)))
    grid_rows = [row for slide in made.slides for row in list(table_of(slide).rows)[1:]]
    names = [row.cells[0].text for row in grid_rows]
    assert len(set(names)) == agencies
    for row, name in zip(grid_rows, names, strict=True):
        size = int(next(row.cells[0]._tc.iter(f"{A}rPr")).get("sz")) / 100
        assert (name.count("\v") + 1) * size * 1.2 <= row.height.pt


def test_colours_of_a_sheet_follow_its_numbers_and_blanks_are_hatched():
    book = openpyxl.load_workbook(io.BytesIO(xlsx_with_charts([CHARTS["heat"]], STAMP)))
    sheet = book.worksheets[0]
    rules = {rule.type: (area.sqref, rule) for area in sheet.conditional_formatting for rule in area.rules}
    assert {str(where) for where, _ in rules.values()} == {"B7:I9"}
    scale = rules["colorScale"][1].colorScale
    assert [float(end.val) for end in scale.cfvo] == [0, 500]
    assert [colour.rgb[2:].lower() for colour in scale.color] == [shade[1:] for shade in SHADES["light"].scale]
    blank = rules["containsBlanks"][1]
    assert blank.stopIfTrue
    assert blank.dxf.fill.patternType not in (None, "solid")
    assert float(rules["cellIs"][1].formula[0]) == paper_turns_dark(CHARTS["heat"])
    assert [cell.value for cell in sheet[7]][:4] == ["กรมตัวอย่างหนึ่ง", 100.0, None, 180.0]
    assert sheet["A8"].value.startswith("=cmd")
    assert sheet["A8"].data_type == "s"


def test_names_of_a_radars_axes_are_broken_so_that_they_leave_room_for_its_legend():
    renamed = points().assign(scope_name="การให้ความสำคัญกับผู้รับบริการและผู้มีส่วนได้ส่วนเสีย")
    xml, sheet = chart_of(radar(renamed, CAPTION, FRAMEWORK, T), PLACE, T)
    assert all("\n" in name for name in sheet.names)
    assert {name.replace("\n", "") for name in sheet.names} == set(renamed["scope_name"])
    root = etree.fromstring(xml)
    outline = root.find(f".//{C}plotArea/{C}layout/{C}manualLayout")
    legend = root.find(f".//{C}legend/{C}layout/{C}manualLayout")
    right = sum(float(outline.find(f"{C}{part}").get("val")) for part in ("x", "w"))
    assert float(legend.find(f"{C}x").get("val")) - right >= 0.2
