"""Editable charts in raw units, and of one thing against another: honest scales, everything drawn."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest
from charting import FRAMEWORK
from lxml import etree
from pptx import Presentation
from test_drawings import PLACE

from pmqa import charts
from pmqa.charts import INDICATOR_YEARS, QUADRANT, Caption
from pmqa.charts.drawing import Drawing
from pmqa.exports import to_pptx, xlsx_with_charts
from pmqa.exports.drawings import chart_of
from pmqa.tables import Table
from pmqa.text import translator
from tests.test_exports_charts import STAMP

T = translator("th")
CAPTION = Caption(title="ชื่อ", basis="ตามที่ตอบ", fiscal_year="2569", edition="pmqa4", n=3, source="แบบ")
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def frame(table: Table, *rows: tuple[object, ...]) -> pd.DataFrame:
    return table.conform(pd.DataFrame(rows, columns=list(table.columns)))


def quadrant() -> Drawing:
    rows = frame(
        QUADRANT,
        ("A", "หนึ่ง", 400.0, 350.0, 1.0),
        ("B", "สอง", 250.0, 100.0, 0.5),
        ("C", "สาม", None, 100.0, 0.5),
        ("D", "=สี่", 100.0, 450.0, 1.0),
    )
    return charts.quadrant(rows, CAPTION, FRAMEWORK, T, highlight=("D",))


def years() -> Drawing:
    rows = frame(INDICATOR_YEARS, (2567, -2.0, None, None), (2568, None, 3.0, None), (2569, 4.0, 3.0, None))
    return charts.indicator_line(rows, CAPTION, T, unit="ร้อยละ", direction="higher")


EVERY = {"quadrant": quadrant(), "years": years()}


def series_of(drawing: Drawing) -> dict[str, tuple[dict[int, float], dict[int, float]]]:
    """What each named series of a scatter holds across and up, by row."""
    root = etree.fromstring(chart_of(drawing, PLACE, T)[0])
    return {
        one.findtext(f"{C}tx//{C}v"): tuple(
            {int(pt.get("idx")): float(pt.findtext(f"{C}v")) for pt in one.findall(f"{C}{axis}//{C}pt")}
            for axis in ("xVal", "yVal")
        )
        for one in root.iter(f"{C}ser")
    }


def test_who_lacks_one_side_is_left_out_of_the_scatter_and_named_below_and_nobody_else() -> None:
    drawing = quadrant()
    assert [row.name for row in drawing.rows] == ["หนึ่ง", "สอง", "=สี่"]
    marks = [cell for layer in drawing.layers if layer.mark == "dot" for cell in layer.cells]
    assert [(cell.to, cell.value) for cell in marks] == [(400.0, 350.0), (250.0, 100.0), (100.0, 450.0)]
    assert any("สาม" in note for note in drawing.notes)


def test_both_lines_of_the_quarters_cross_the_whole_scatter() -> None:
    across, up = series_of(quadrant())[T("charts.quarters", points="300")]
    lines = [(across[row], up[row]) for row in sorted(across)]
    assert lines == [(0.0, 300.0), (500.0, 300.0), (300.0, 0.0), (300.0, 500.0)]


def test_a_mark_of_the_scatter_stands_at_its_own_two_values() -> None:
    across, up = series_of(quadrant())[T("charts.highlighted")]
    assert up == {2: 450.0}
    assert across[2] == 100.0


def test_a_year_that_was_not_reported_is_a_gap_and_a_line_without_any_value_is_not_drawn() -> None:
    drawing = years()
    drawn = {layer.name: tuple(cell.value for cell in layer.cells) for layer in drawing.drawn()}
    assert drawn == {T("charts.actual"): (-2.0, None, 4.0), T("charts.target"): (None, 3.0, 3.0)}
    assert drawing.scale.low < 0


@pytest.mark.parametrize("name", EVERY)
def test_they_make_valid_slides_and_workbooks(name: str) -> None:
    names = [row.name for row in EVERY[name].rows]
    (slide,) = Presentation(io.BytesIO(to_pptx([EVERY[name]], STAMP))).slides
    (chart,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    behind = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
    cells = [behind.cell(row, 1) for row in range(2, 2 + len(names))]
    assert [cell.value for cell in cells] == names
    assert all(cell.data_type == "s" for cell in cells)
    content = xlsx_with_charts([EVERY[name]], STAMP)
    assert openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]._charts
