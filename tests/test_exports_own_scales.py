"""Editable charts in raw units, and of one thing against another: honest scales, everything drawn."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest
from lxml import etree
from pptx import Presentation

from pmqa.charts import INDICATOR_YEARS, QUADRANT, Caption
from pmqa.exports import (
    NativeChart,
    indicator_chart,
    quadrant_chart,
    to_pptx,
    xlsx_with_charts,
)
from pmqa.exports.chart_xml import chart_xml
from pmqa.tables import Table
from pmqa.text import translator
from tests.test_exports_charts import STAMP

T = translator("th")
CAPTION = Caption(title="ชื่อ", basis="ตามที่ตอบ", fiscal_year="2569", edition="pmqa4", n=3, source="แบบ")
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def frame(table: Table, *rows: tuple[object, ...]) -> pd.DataFrame:
    return table.conform(pd.DataFrame(rows, columns=list(table.columns)))


def quadrant() -> NativeChart:
    rows = frame(
        QUADRANT,
        ("A", "หนึ่ง", 400.0, 350.0, 1.0),
        ("B", "สอง", 250.0, 100.0, 0.5),
        ("C", "สาม", None, 100.0, 0.5),
        ("D", "=สี่", 100.0, 450.0, 1.0),
    )
    return quadrant_chart(rows, CAPTION, T, highlight=("D",))


def years() -> NativeChart:
    rows = frame(INDICATOR_YEARS, (2567, -2.0, None, None), (2568, None, 3.0, None), (2569, 4.0, 3.0, None))
    return indicator_chart(rows, CAPTION, T, unit="ร้อยละ", direction="higher")


EVERY = {"quadrant": quadrant(), "years": years()}


def xml_of(chart: NativeChart) -> etree._Element:
    return etree.fromstring(chart_xml(chart, "Sarabun"))


def test_who_lacks_one_side_is_left_out_of_the_scatter_and_nobody_else():
    chart = quadrant()
    assert chart.labels == ("หนึ่ง", "สอง", "=สี่")
    across, *up = (series for series in chart.series if not series.rule)
    assert across.values == (400.0, 250.0, 100.0)
    assert [[value for value in series.values if value is not None] for series in up] == [[350.0], [100.0], [450.0]]


def test_both_lines_of_the_quarters_cross_the_whole_scatter():
    series = xml_of(quadrant()).findall(f".//{C}ser")
    lines = [
        [[float(v.text) for v in one.findall(f"{C}{axis}//{C}v")] for axis in ("xVal", "yVal")] for one in series[:2]
    ]
    assert lines == [[[300.0, 300.0], [0.0, 500.0]], [[0.0, 500.0], [300.0, 300.0]]]


def test_a_mark_of_the_scatter_stands_at_its_own_two_values():
    chosen = xml_of(quadrant()).findall(f".//{C}ser")[-1]
    points = {
        axis: {int(pt.get("idx")): float(pt[0].text) for pt in chosen.findall(f"{C}{axis}//{C}pt")}
        for axis in ("xVal", "yVal")
    }
    assert points["yVal"] == {2: 450.0}
    assert points["xVal"][2] == 100.0


def test_a_year_that_was_not_reported_is_a_gap_and_a_line_without_any_value_is_not_drawn():
    chart = years()
    assert [series.values for series in chart.series] == [(-2.0, None, 4.0), (None, 3.0, 3.0)]
    assert chart.minimum < 0


@pytest.mark.parametrize("name", EVERY)
def test_the_scale_of_the_file_is_that_of_the_chart(name: str) -> None:
    chart = EVERY[name]
    axis = next(axis for axis in xml_of(chart).iter(f"{C}valAx") if axis.find(f"{C}delete").get("val") == "0")
    ends = [float(axis.find(f"{C}scaling/{C}{end}").get("val")) for end in ("min", "max")]
    assert ends == pytest.approx([chart.minimum, chart.maximum])


@pytest.mark.parametrize("name", EVERY)
def test_they_make_valid_slides_and_workbooks(name: str) -> None:
    (slide,) = Presentation(io.BytesIO(to_pptx([EVERY[name]], STAMP))).slides
    (chart,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    behind = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
    assert [behind.cell(row, 1).value for row in range(2, 2 + len(EVERY[name].labels))] == list(EVERY[name].labels)
    assert all(behind.cell(row, 1).data_type == "s" for row in range(2, 2 + len(EVERY[name].labels)))
    content = xlsx_with_charts([EVERY[name]], STAMP)
    assert openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]._charts
