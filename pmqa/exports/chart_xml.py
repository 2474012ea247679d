"""A NativeChart as DrawingML, the same for slides and for workbooks, and the small workbook behind a slide's chart.

python-pptx and xlsxwriter can write charts too, but neither these in one go (font for Thai, fixed scale, dashes, names
beside dots that do not wrap): it would take a second pass over the XML of each.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from pmqa.exports.chart_parts import (
    EDGE,
    HEADING,
    OWN_SHEET,
    Pen,
    Source,
    axis_ids,
    escape,
    label_axis,
    labels_ref,
    line_style,
    marker_style,
    marks_of,
    open_marks,
    plot_layout,
    run_style,
    series_head,
    text_style,
    value_axis,
    values_ref,
)
from pmqa.exports.dots_xml import dots_xml, helpers
from pmqa.exports.legends import has_legend, legend_layout, shown_names
from pmqa.exports.native import NativeChart
from pmqa.exports.scatter_xml import scatter_xml
from pmqa.exports.stamp import Stamp
from pmqa.exports.tables import new_workbook, write_text

SPACES: Final = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
USUAL_WIDTH, USUAL_HEIGHT = 1180.0, 500.0  # pixels of a chart on a slide


def chart_xml(
    chart: NativeChart,
    font: str,
    size: int = 12,
    *,
    width: float = USUAL_WIDTH,
    height: float = USUAL_HEIGHT,
    source: Source = OWN_SHEET,
    title: Sequence[str] = (),
) -> bytes:
    """The chart part.

    font: a typeface that has Thai, or a theme reference ("+mn-lt"); size in points; width and height of the
    chart in pixels. title: its lines, the first bold.
    """
    plot = {"lines": _lines, "dots": dots_xml, "scatter": scatter_xml}[chart.kind]
    names = shown_names(chart, width, height, size)
    pen = Pen(chart, font, size, source, width, height, (HEADING if title else EDGE) / height, names)
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace {SPACES}>'
        '<c:date1904 val="0"/><c:roundedCorners val="0"/>'
        f'<c:chart>{_title(title, font, size)}<c:autoTitleDeleted val="{0 if title else 1}"/>'
        f"<c:plotArea>{plot(pen)}</c:plotArea>"
        f'{_legend(pen)}<c:plotVisOnly val="0"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"{text_style(font, size)}</c:chartSpace>"
    ).encode()


def _legend(pen: Pen) -> str:
    """Of what is drawn, where that is more than one thing."""
    chart = pen.chart
    if not has_legend(chart):
        return ""
    silent = chart.kind in {"dots", "scatter"} or any(series.hidden for series in chart.series)
    left_out = '<c:legendEntry><c:idx val="0"/><c:delete val="1"/></c:legendEntry>' if silent else ""
    layout = legend_layout(pen.drawn_names(), pen.width, pen.height, pen.size)
    return (
        f'<c:legend><c:legendPos val="b"/>{left_out}{layout}'
        f'<c:overlay val="0"/>{text_style(pen.font, pen.size)}</c:legend>'
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
            elif cell is not None:
                sheet.write_number(row, column, cell, number)
    sheet.set_column(0, 0, 40)
    workbook.close()
    return content.getvalue()


def _lines(pen: Pen) -> str:
    chart, font, size = pen.chart, pen.font, pen.size
    drawn = "".join(
        f"<c:ser>{series_head(pen, number, name, number + 1)}"
        f"{line_style(series.look, 2.25)}{marker_style(series.look, mark, 7)}"
        f"{open_marks(series, mark, 7, line_style(series.look, 2.25))}"
        f'{labels_ref(pen)}{values_ref(pen, "c:val", number + 1, series.values)}<c:smooth val="0"/></c:ser>'
        for number, ((series, name), mark) in enumerate(zip(pen.named(), marks_of(chart), strict=True))
    )
    return (
        f'{plot_layout(pen)}<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'{drawn}<c:marker val="1"/>{axis_ids()}</c:lineChart>'
        f"{label_axis(font, size)}{value_axis(chart, font, size)}"
    )
