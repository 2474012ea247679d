"""A NativeChart as DrawingML, the same for slides and for workbooks, and the small workbook behind a slide's chart.

python-pptx and xlsxwriter can write charts too, but neither these in one go (font for Thai, fixed scale, dashes, names
beside dots that do not wrap): it would take a second pass over the XML of each.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from pmqa.charts import Look
from pmqa.exports.native import MOST_LABELLED, NativeChart, Series
from pmqa.exports.stamp import Stamp
from pmqa.exports.tables import new_workbook, write_text

SPACES: Final = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
INK, GRID = "1F2937", "CBD5E1"
DASHES: Final = {"solid": "solid", "dot": "sysDot", "dash": "dash", "longdash": "lgDash", "dashdot": "dashDot"}
# Of the marks that Excel and PowerPoint know, those that are told apart at this size; plotly has others.
MARKS: Final = {
    "circle": "circle",
    "square": "square",
    "diamond": "diamond",
    "triangle-up": "triangle",
    "star": "star",
    "cross": "plus",
    "x": "x",
    "dash": "dash",
}
QUIET: Final = "dash"  # of quartiles: both may have it
OPEN_MARKS: Final = frozenset({"x", "star", "plus", "dash"})
PIXELS_A_POINT: Final = 4 / 3
NO_LINE: Final = "<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>"
NO_MARKER: Final = '<c:marker><c:symbol val="none"/></c:marker>'
FIRST_AXIS, SECOND_AXIS = 111111111, 222222222  # ids within the part


@dataclass(frozen=True)
class Source:
    """Where the numbers stand: labels in column A below the row of names (1-based), a series a column from B."""

    sheet: str = "Sheet1"
    names_row: int = 1

    def cells(self, column: int, rows: int) -> str:
        """Reference to the values of a column (0 = A)."""
        first, last = self.names_row + 1, self.names_row + rows
        return escape(f"{self._sheet()}!${letters(column)}${first}:${letters(column)}${last}")

    def name(self, column: int) -> str:
        """Reference to the name of a series."""
        return escape(f"{self._sheet()}!${letters(column)}${self.names_row}")

    def _sheet(self) -> str:
        return "'" + self.sheet.replace("'", "''") + "'"


def letters(column: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def marks_of(chart: NativeChart) -> list[str]:
    """A mark for each series: that of its look where there is one like it, no two alike while they last."""
    wanted = [MARKS.get(series.look.marker.removesuffix("-open")) for series in chart.series]
    free = [mark for mark in MARKS.values() if mark not in wanted]
    found: list[str] = []
    for mark in wanted:
        if mark is not None and (mark not in found or mark == QUIET):
            found.append(mark)
        else:
            found.append(free.pop(0) if free else "circle")
    return found


def chart_xml(
    chart: NativeChart, font: str, size: int = 12, *, source: Source = Source(), title: Sequence[str] = ()
) -> bytes:
    """The chart part.

    font: a typeface that has Thai, or a theme reference ("+mn-lt"); size in points. title: its lines, the first bold.
    """
    plot = {"radar": _radar, "bars": _bars, "stacked": _bars, "dots": _dots, "lines": _lines}[chart.kind]
    hidden = '<c:legendEntry><c:idx val="0"/><c:delete val="1"/></c:legendEntry>' if chart.kind == "dots" else ""
    legend = ""
    if len(chart.series) > 1:
        place = "r" if chart.kind == "radar" else "b"
        legend = f'<c:legend><c:legendPos val="{place}"/>{hidden}<c:overlay val="0"/>{_text(font, size)}</c:legend>'
    pen = _Pen(chart, font, size, source, 0.16 if title else 0.02)
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace {SPACES}>'
        '<c:date1904 val="0"/><c:roundedCorners val="0"/>'
        f'<c:chart>{_title(title, font, size)}<c:autoTitleDeleted val="{0 if title else 1}"/>'
        f"<c:plotArea>{plot(pen)}</c:plotArea>"
        f'{legend}<c:plotVisOnly val="0"/><c:dispBlanksAs val="gap"/></c:chart>{_text(font, size)}</c:chartSpace>'
    ).encode()


def _title(lines: Sequence[str], font: str, size: int) -> str:
    if not lines:
        return ""
    heads = [_run(font, size + 2, "a:rPr", bold=True), *[_run(font, size - 1, "a:rPr")] * (len(lines) - 1)]
    paragraphs = "".join(
        f"<a:p><a:pPr>{_run(font, size, 'a:defRPr')}</a:pPr><a:r>{head}<a:t>{escape(line)}</a:t></a:r></a:p>"
        for head, line in zip(heads, lines, strict=True)
    )
    return f'<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/>{paragraphs}</c:rich></c:tx><c:overlay val="0"/></c:title>'


@dataclass(frozen=True)
class _Pen:
    """What all parts of one chart's XML need. top: share of the height that the title takes."""

    chart: NativeChart
    font: str
    size: int
    source: Source
    top: float


def chart_workbook(chart: NativeChart, stamp: Stamp) -> bytes:
    """The workbook behind the chart: labels in A, a series a column; for dots the rows' heights in the last column."""
    content = io.BytesIO()
    workbook = new_workbook(content, stamp)
    sheet = workbook.add_worksheet(Source.sheet)
    plain, quoted = workbook.add_format(), workbook.add_format({"quote_prefix": True})
    number = workbook.add_format({"num_format": "0.0"})
    for row, label in enumerate(chart.labels, start=1):
        write_text(sheet, row, 0, label, plain, quoted)
    for column, series in enumerate(chart.series, start=1):
        write_text(sheet, 0, column, series.name, plain, quoted)
        for row, value in enumerate(series.values, start=1):
            if value is not None:
                sheet.write_number(row, column, value, number)
    if chart.kind == "dots":
        for row, height in enumerate(heights(chart), start=1):
            sheet.write_number(row, len(chart.series) + 1, height, number)
            sheet.write_number(row, len(chart.series) + 2, 0.0, number)
    sheet.set_column(0, 0, 40)
    workbook.close()
    return content.getvalue()


def heights(chart: NativeChart) -> list[float]:
    """Where the rows of dots stand on the vertical axis: the first on top."""
    return [float(len(chart.labels) - row) for row in range(len(chart.labels))]


def _radar(pen: _Pen) -> str:
    chart, font, size = pen.chart, pen.font, pen.size
    drawn = "".join(
        f"<c:ser>{_head(pen, number, series)}{_line(series.look, 2.25)}{_marker(series.look, mark, 7)}"
        f"{_labels_ref(pen)}{_values_ref(pen, 'c:val', number + 1, series.values)}</c:ser>"
        for number, (series, mark) in enumerate(zip(chart.series, marks_of(chart), strict=True))
    )
    return (
        '<c:layout/><c:radarChart><c:radarStyle val="marker"/><c:varyColors val="0"/>'
        f"{drawn}{_axis_ids()}</c:radarChart>{_label_axis(font, size, grid=True)}{_value_axis(chart, font, size - 2)}"
    )


def _bars(pen: _Pen) -> str:
    chart, font, size = pen.chart, pen.font, pen.size
    stacked = chart.kind == "stacked"
    values = f'<c:dLbls><c:numFmt formatCode="{_format(chart)}" sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>' + (
        f"{_text(font, size - 2)}{_shown('c:showVal')}</c:dLbls>"
    )
    drawn = "".join(
        f'<c:ser>{_head(pen, number, series)}{_fill(series.look)}<c:invertIfNegative val="0"/>'
        f"{'' if stacked or len(chart.series) > MOST_LABELLED else values}"
        f"{_labels_ref(pen)}{_values_ref(pen, 'c:val', number + 1, series.values)}</c:ser>"
        for number, series in enumerate(chart.series)
    )
    overlap = '<c:overlap val="100"/>' if stacked else ""
    return (
        f'<c:layout/><c:barChart><c:barDir val="bar"/><c:grouping val="{"stacked" if stacked else "clustered"}"/>'
        f'<c:varyColors val="0"/>{drawn}<c:gapWidth val="60"/>{overlap}'
        f"{_axis_ids()}</c:barChart>{_label_axis(font, size, reverse=True)}"
        f"{_value_axis(chart, font, size, crosses='max')}"
    )


def _lines(pen: _Pen) -> str:
    chart, font, size = pen.chart, pen.font, pen.size
    drawn = "".join(
        f"<c:ser>{_head(pen, number, series)}{_line(series.look, 2.25)}{_marker(series.look, mark, 7)}"
        f'{_labels_ref(pen)}{_values_ref(pen, "c:val", number + 1, series.values)}<c:smooth val="0"/></c:ser>'
        for number, (series, mark) in enumerate(zip(chart.series, marks_of(chart), strict=True))
    )
    return (
        '<c:layout/><c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'{drawn}<c:marker val="1"/>{_axis_ids()}</c:lineChart>'
        f"{_label_axis(font, size)}{_value_axis(chart, font, size)}"
    )


def _dots(pen: _Pen) -> str:
    """A scatter whose rows are named by the data labels of a series without marks on the axis.

    Scatter charts have no axis of names; this keeps the dots dots, and the names text.
    """
    chart, font, size = pen.chart, pen.font, pen.size
    height_column, zero_column = len(chart.series) + 1, len(chart.series) + 2
    high = heights(chart)
    names = "".join(
        f'<c:dLbl><c:idx val="{row}"/><c:layout/><c:tx><c:rich><a:bodyPr wrap="none"/><a:lstStyle/><a:p>'
        f"<a:pPr>{_run(font, size, 'a:defRPr')}</a:pPr><a:r>{_run(font, size, 'a:rPr')}<a:t>{escape(label)}</a:t></a:r>"
        f'</a:p></c:rich></c:tx><c:dLblPos val="l"/>{_shown("c:showVal")}</c:dLbl>'
        for row, label in enumerate(chart.labels)
    )
    named = (
        f'<c:ser><c:idx val="{len(chart.series)}"/><c:order val="0"/><c:tx><c:v> </c:v></c:tx>'
        f"{NO_LINE}{NO_MARKER}"
        f'<c:dLbls>{names}<c:spPr><a:noFill/></c:spPr>{_text(font, size)}<c:dLblPos val="l"/>'
        f"{_shown('c:showVal')}</c:dLbls>"
        f"{_values_ref(pen, 'c:xVal', zero_column, [0.0] * len(high))}{_values_ref(pen, 'c:yVal', height_column, high)}"
        '<c:smooth val="0"/></c:ser>'
    )
    drawn = "".join(
        f"<c:ser>{_head(pen, number, series, order=number + 1)}"
        f"{_line(series.look, 1.5) + NO_MARKER if series.rule else NO_LINE + _marker(series.look, mark, 9)}"
        f"{_values_ref(pen, 'c:xVal', number + 1, series.values)}{_values_ref(pen, 'c:yVal', height_column, high)}"
        '<c:smooth val="0"/></c:ser>'
        for number, (series, mark) in enumerate(zip(chart.series, marks_of(chart), strict=True))
    )
    left = label_share(chart)
    return (
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f'<c:x val="{left:.3f}"/><c:y val="{pen.top:g}"/><c:w val="{0.97 - left:.3f}"/>'
        f'<c:h val="{0.82 - pen.top:g}"/>'
        "</c:manualLayout></c:layout>"
        f'<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>{named}{drawn}{_axis_ids()}'
        f"</c:scatterChart>{_value_axis(chart, font, size, axis=FIRST_AXIS, other=SECOND_AXIS, position='b')}"
        f"{_row_axis(len(high))}"
    )


def label_share(chart: NativeChart) -> float:
    """The share of a chart's width that the rows' names take."""
    longest = max((len(label) for label in chart.labels), default=0)
    return min(max(longest * 0.0085, 0.08), 0.45)


def _head(pen: _Pen, number: int, series: Series, order: int | None = None) -> str:
    return (
        f'<c:idx val="{number}"/><c:order val="{number if order is None else order}"/><c:tx><c:strRef>'
        f'<c:f>{pen.source.name(number + 1)}</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0">'
        f"<c:v>{escape(series.name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>"
    )


def _labels_ref(pen: _Pen) -> str:
    labels = pen.chart.labels
    points = "".join(f'<c:pt idx="{row}"><c:v>{escape(label)}</c:v></c:pt>' for row, label in enumerate(labels))
    return (
        f"<c:cat><c:strRef><c:f>{pen.source.cells(0, len(labels))}</c:f><c:strCache>"
        f'<c:ptCount val="{len(labels)}"/>{points}</c:strCache></c:strRef></c:cat>'
    )


def _values_ref(pen: _Pen, tag: str, column: int, values: Sequence[float | None]) -> str:
    points = "".join(
        f'<c:pt idx="{row}"><c:v>{value!r}</c:v></c:pt>' for row, value in enumerate(values) if value is not None
    )
    return (
        f"<{tag}><c:numRef><c:f>{pen.source.cells(column, len(values))}</c:f><c:numCache>"
        f'<c:formatCode>0.0</c:formatCode><c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef></{tag}>'
    )


def _format(chart: NativeChart) -> str:
    return "0.0" if chart.unit >= 10 else "0"  # noqa: PLR2004 - counts have small units


def _shown(part: str) -> str:
    """Which part of a point its label shows; the schema wants all of them, in this order."""
    parts = ("c:showLegendKey", "c:showVal", "c:showCatName", "c:showSerName", "c:showPercent", "c:showBubbleSize")
    return "".join(f'<{name} val="{int(name == part)}"/>' for name in parts)


def _axis_ids() -> str:
    return f'<c:axId val="{FIRST_AXIS}"/><c:axId val="{SECOND_AXIS}"/>'


def _label_axis(font: str, size: int, *, reverse: bool = False, grid: bool = False) -> str:
    return (
        f'<c:catAx><c:axId val="{FIRST_AXIS}"/><c:scaling><c:orientation val="{"maxMin" if reverse else "minMax"}"/>'
        f'</c:scaling><c:delete val="0"/><c:axPos val="{"l" if reverse else "b"}"/>{_grid() if grid else ""}'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="low"/>{_axis_line()}{_text(font, size)}<c:crossAx val="{SECOND_AXIS}"/>'
        '<c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>'
        '<c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _value_axis(
    chart: NativeChart,
    font: str,
    size: int,
    *,
    axis: int = SECOND_AXIS,
    other: int = FIRST_AXIS,
    position: str = "l",
    crosses: str = "autoZero",
) -> str:
    return (
        f'<c:valAx><c:axId val="{axis}"/><c:scaling><c:orientation val="minMax"/><c:max val="{chart.maximum:g}"/>'
        f'<c:min val="0"/></c:scaling><c:delete val="0"/><c:axPos val="{position}"/>{_grid()}'
        '<c:numFmt formatCode="0" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/>{_axis_line()}{_text(font, size)}<c:crossAx val="{other}"/>'
        f'<c:crosses val="{crosses}"/><c:crossBetween val="{"midCat" if position == "b" else "between"}"/>'
        f'<c:majorUnit val="{chart.unit:g}"/></c:valAx>'
    )


def _row_axis(rows: int) -> str:
    return (
        f'<c:valAx><c:axId val="{SECOND_AXIS}"/><c:scaling><c:orientation val="minMax"/><c:max val="{rows + 0.6:g}"/>'
        '<c:min val="0.4"/></c:scaling><c:delete val="1"/><c:axPos val="l"/><c:numFmt formatCode="General" '
        'sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="none"/>'
        f'<c:crossAx val="{FIRST_AXIS}"/><c:crosses val="autoZero"/><c:crossBetween val="midCat"/>'
        '<c:majorUnit val="1"/></c:valAx>'
    )


def _grid() -> str:
    return f"<c:majorGridlines>{_axis_line()}</c:majorGridlines>"


def _axis_line() -> str:
    return f'<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="{GRID}"/></a:solidFill></a:ln></c:spPr>'


def _line(look: Look, width: float) -> str:
    return (
        f'<c:spPr><a:ln w="{round(width * 12700)}" cap="flat"><a:solidFill><a:srgbClr val="{look.colour.lstrip("#")}"/>'
        f"</a:solidFill>{_dash(look.dash, width)}<a:round/></a:ln></c:spPr>"
    )


def _dash(dash: str, width: float) -> str:
    """Plotly's dash: a name, or lengths in pixels ("9px,4px"), which DrawingML gives in widths of the line."""
    if "px" not in dash:
        return f'<a:prstDash val="{DASHES.get(dash, "solid")}"/>'
    lengths = [round(float(part.removesuffix("px")) / (width * PIXELS_A_POINT) * 100_000) for part in dash.split(",")]
    strokes = "".join(
        f'<a:ds d="{drawn}" sp="{left}"/>' for drawn, left in zip(lengths[::2], lengths[1::2], strict=True)
    )
    return f"<a:custDash>{strokes}</a:custDash>"


def _fill(look: Look) -> str:
    return f'<c:spPr><a:solidFill><a:srgbClr val="{look.colour.lstrip("#")}"/></a:solidFill></c:spPr>'


def _marker(look: Look, mark: str, size: int) -> str:
    colour = f'<a:solidFill><a:srgbClr val="{look.colour.lstrip("#")}"/></a:solidFill>'
    return (
        f'<c:marker><c:symbol val="{mark}"/><c:size val="{size}"/>'
        f'<c:spPr>{"<a:noFill/>" if mark in OPEN_MARKS else colour}<a:ln w="15875">{colour}</a:ln></c:spPr></c:marker>'
    )


def _text(font: str, size: int) -> str:
    return (
        f"<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{_run(font, size, 'a:defRPr')}</a:pPr>"
        '<a:endParaRPr lang="th-TH"/></a:p></c:txPr>'
    )


def _run(font: str, size: int, tag: str, *, bold: bool = False) -> str:
    """Run properties with the font for Latin and for complex scripts: Thai follows the second."""
    complex_font = font.replace("-lt", "-cs") if font.startswith("+") else font
    return (
        f'<{tag} lang="th-TH" sz="{size * 100}" b="{int(bold)}"><a:solidFill><a:srgbClr val="{INK}"/></a:solidFill>'
        f"<a:latin typeface={quoteattr(font)}/><a:cs typeface={quoteattr(complex_font)}/></{tag}>"
    )
