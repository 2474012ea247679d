"""A NativeChart as DrawingML, the same for slides and for workbooks, and the small workbook behind a slide's chart.

python-pptx and xlsxwriter can write charts too, but neither these in one go (font for Thai, fixed scale, dashes, names
beside dots that do not wrap): it would take a second pass over the XML of each.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

from pmqa.exports.chart_parts import (
    EDGE,
    HEADING,
    OWN_SHEET,
    Pen,
    Source,
    axis_ids,
    fill_style,
    has_legend,
    label_axis,
    label_shows,
    labels_ref,
    line_style,
    marker_style,
    marks_of,
    number_format,
    rows_layout,
    run_style,
    series_head,
    text_style,
    value_axis,
    values_ref,
)
from pmqa.exports.dots_xml import dots_xml, helpers
from pmqa.exports.native import MOST_LABELLED, NativeChart
from pmqa.exports.scatter_xml import scatter_xml
from pmqa.exports.stamp import Stamp
from pmqa.exports.tables import new_workbook, write_text

SPACES: Final = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
# Shares of a chart's size for the outline of a radar; its names stand beside it, its legend right of them.
RADAR_LEFT, RADAR_WIDTH, RADAR_MARGIN = 0.2, 0.32, 0.12
LEGEND_LEFT, LEGEND_WIDTH = 0.74, 0.25
USUAL_HEIGHT: Final = 500.0  # pixels of a chart on a slide


def chart_xml(
    chart: NativeChart,
    font: str,
    size: int = 12,
    *,
    height: float = USUAL_HEIGHT,
    source: Source = OWN_SHEET,
    title: Sequence[str] = (),
) -> bytes:
    """The chart part.

    font: a typeface that has Thai, or a theme reference ("+mn-lt"); size in points; height of the chart in
    pixels. title: its lines, the first bold.
    """
    plots = {
        "radar": _radar,
        "bars": _bars,
        "stacked": _bars,
        "dots": dots_xml,
        "lines": _lines,
        "scatter": scatter_xml,
    }
    plot = (plots | {"dots": dots_xml, "scatter": scatter_xml})[chart.kind]
    pen = Pen(chart, font, size, source, height, (HEADING if title else EDGE) / height)
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace {SPACES}>'
        '<c:date1904 val="0"/><c:roundedCorners val="0"/>'
        f'<c:chart>{_title(title, font, size)}<c:autoTitleDeleted val="{0 if title else 1}"/>'
        f"<c:plotArea>{plot(pen)}</c:plotArea>"
        f'{_legend(chart, font, size)}<c:plotVisOnly val="0"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"{text_style(font, size)}</c:chartSpace>"
    ).encode()


def _legend(chart: NativeChart, font: str, size: int) -> str:
    """Of what is drawn, where that is more than one thing; below, but beside a radar."""
    if not has_legend(chart):
        return ""
    silent = chart.kind in {"dots", "scatter"} or any(series.hidden for series in chart.series)
    left_out = '<c:legendEntry><c:idx val="0"/><c:delete val="1"/></c:legendEntry>' if silent else ""
    place, where = "b", ""
    if chart.kind == "radar":
        place = "r"
        where = (
            '<c:layout><c:manualLayout><c:xMode val="edge"/><c:yMode val="edge"/>'
            f'<c:x val="{LEGEND_LEFT:g}"/><c:y val="0.3"/><c:w val="{LEGEND_WIDTH:g}"/><c:h val="0.5"/>'
            "</c:manualLayout></c:layout>"
        )
    return (
        f'<c:legend><c:legendPos val="{place}"/>{left_out}{where}<c:overlay val="0"/>{text_style(font, size)}'
        "</c:legend>"
    )


def _title(lines: Sequence[str], font: str, size: int) -> str:
    if not lines:
        return ""
    heads = [run_style(font, size + 2, "a:rPr", bold=True), *[run_style(font, size - 1, "a:rPr")] * (len(lines) - 1)]
    paragraphs = "".join(
        f"<a:p><a:pPr>{run_style(font, size, 'a:defRPr')}</a:pPr><a:r>{head}<a:t>{escape(line)}</a:t></a:r></a:p>"
        for head, line in zip(heads, lines, strict=True)
    )
    return f'<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/>{paragraphs}</c:rich></c:tx><c:overlay val="0"/></c:title>'


def chart_workbook(chart: NativeChart, stamp: Stamp) -> bytes:
    """The workbook behind the chart: labels in A, a series a column, then what dots need."""
    content = io.BytesIO()
    workbook = new_workbook(content, stamp)
    sheet = workbook.add_worksheet(OWN_SHEET.sheet)
    plain, quoted = workbook.add_format(), workbook.add_format({"quote_prefix": True})
    number = workbook.add_format({"num_format": "0.0"})
    for row, label in enumerate(chart.labels, start=1):
        write_text(sheet, row, 0, label, plain, quoted)
    for column, series in enumerate(chart.series, start=1):
        write_text(sheet, 0, column, series.name, plain, quoted)
        for row, value in enumerate(series.values, start=1):
            if value is not None:
                sheet.write_number(row, column, value, number)
    for column, helper in enumerate(helpers(chart), start=len(chart.series) + 1):
        write_text(sheet, 0, column, helper.head, plain, quoted)
        for row, cell in enumerate(helper.values, start=1):
            if isinstance(cell, str):
                write_text(sheet, row, column, cell, plain, quoted)
            else:
                sheet.write_number(row, column, cell, number)
    sheet.set_column(0, 0, 40)
    workbook.close()
    return content.getvalue()


def _radar(pen: Pen) -> str:
    chart, font, size = pen.chart, pen.font, pen.size
    drawn = "".join(
        f"<c:ser>{series_head(pen, number, series.name, number + 1)}"
        f"{line_style(series.look, 2.25)}{marker_style(series.look, mark, 7)}"
        f"{labels_ref(pen)}{values_ref(pen, 'c:val', number + 1, series.values)}</c:ser>"
        for number, (series, mark) in enumerate(zip(chart.series, marks_of(chart), strict=True))
    )
    return (
        f"{_radar_layout(pen)}"
        '<c:radarChart><c:radarStyle val="marker"/><c:varyColors val="0"/>'
        f"{drawn}{axis_ids()}</c:radarChart>{label_axis(font, size, grid=True)}{value_axis(chart, font, size - 2)}"
    )


def _radar_layout(pen: Pen) -> str:
    """A fixed place for the outline: left to themselves, programs shrink it beside long names beyond reading."""
    return (
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f'<c:x val="{RADAR_LEFT:g}"/><c:y val="{pen.top + RADAR_MARGIN:.3f}"/><c:w val="{RADAR_WIDTH:g}"/>'
        f'<c:h val="{1 - pen.top - 2 * RADAR_MARGIN:.3f}"/></c:manualLayout></c:layout>'
    )


def _bars(pen: Pen) -> str:
    chart, font, size = pen.chart, pen.font, pen.size
    stacked = chart.kind == "stacked"
    values = (
        f'<c:dLbls><c:numFmt formatCode="{number_format(chart)}" sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>'
        + (f"{text_style(font, size - 2)}{label_shows('c:showVal')}</c:dLbls>")
    )
    drawn = "".join(
        f"<c:ser>{series_head(pen, number, series.name, number + 1)}{fill_style(series.look, hidden=series.hidden)}"
        '<c:invertIfNegative val="0"/>'
        f"{'' if stacked or len(chart.series) > MOST_LABELLED else values}"
        f"{labels_ref(pen)}{values_ref(pen, 'c:val', number + 1, series.values)}</c:ser>"
        for number, series in enumerate(chart.series)
    )
    overlap = '<c:overlap val="100"/>' if stacked else ""
    return (
        f'{rows_layout(pen)}<c:barChart><c:barDir val="bar"/>'
        f'<c:grouping val="{"stacked" if stacked else "clustered"}"/>'
        f'<c:varyColors val="0"/>{drawn}<c:gapWidth val="60"/>{overlap}'
        f"{axis_ids()}</c:barChart>{label_axis(font, size, reverse=True)}"
        f"{value_axis(chart, font, size, crosses='max')}"
    )


def _lines(pen: Pen) -> str:
    chart, font, size = pen.chart, pen.font, pen.size
    drawn = "".join(
        f"<c:ser>{series_head(pen, number, series.name, number + 1)}"
        f"{line_style(series.look, 2.25)}{marker_style(series.look, mark, 7)}"
        f'{labels_ref(pen)}{values_ref(pen, "c:val", number + 1, series.values)}<c:smooth val="0"/></c:ser>'
        for number, (series, mark) in enumerate(zip(chart.series, marks_of(chart), strict=True))
    )
    return (
        '<c:layout/><c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'{drawn}<c:marker val="1"/>{axis_ids()}</c:lineChart>'
        f"{label_axis(font, size)}{value_axis(chart, font, size)}"
    )
