"""Dots as a scatter in DrawingML: its rows named, marks on them, and the columns that they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from pmqa.exports.chart_parts import (
    FIRST_AXIS,
    NO_LINE,
    NO_MARKER,
    SECOND_AXIS,
    Pen,
    axis_ids,
    label_shows,
    line_style,
    marker_style,
    marks_of,
    rows_layout,
    run_style,
    series_head,
    text_style,
    value_axis,
    values_ref,
)
from pmqa.exports.native import NativeChart


@dataclass(frozen=True)
class Helper:
    """A column that a scatter needs beside its series. head: "" where nobody needs to see it."""

    head: str
    values: tuple[float | str, ...]


def helpers(chart: NativeChart) -> tuple[Helper, ...]:
    """Right of the last series: the rows' heights, the scale's beginning, each cloud's names, values and heights.

    Of a scatter: of each rule its value twice, and the ends of the scale.
    """
    if chart.kind == "scatter":
        rules = [series.values[0] for series in chart.series if series.rule and series.values]
        ends = (chart.minimum, chart.maximum)
        return tuple(Helper("", values) for at in rules if at is not None for values in ((at, at), ends))
    if chart.kind != "dots":
        return ()
    high = heights(chart)
    found = [Helper("", tuple(high)), Helper("", (chart.minimum,) * len(high))]
    for cloud in chart.clouds:
        found += [
            Helper(cloud.name, tuple(mark.name for mark in cloud.marks)),
            Helper(cloud.name, tuple(mark.value for mark in cloud.marks)),
            Helper("", tuple(high[mark.row] + mark.above for mark in cloud.marks)),
        ]
    return tuple(found)


def heights(chart: NativeChart) -> list[float]:
    """Where the rows of dots stand on the vertical axis: the first on top."""
    return [float(len(chart.labels) - row) for row in range(len(chart.labels))]


def dots_xml(pen: Pen) -> str:
    """A scatter whose rows are named by the data labels of a series without marks on the axis.

    Scatter charts have no axis of names; this keeps the dots dots, and the names text.
    """
    chart, font, size = pen.chart, pen.font, pen.size
    return (
        f"{rows_layout(pen)}"
        '<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>'
        f"{_row_names(pen)}{_series(pen)}{_clouds(pen)}{axis_ids()}</c:scatterChart>"
        f"{value_axis(chart, font, size, axis=FIRST_AXIS, other=SECOND_AXIS, position='b')}"
        f"{row_axis(len(chart.labels))}"
    )


def _row_names(pen: Pen) -> str:
    chart, font, size = pen.chart, pen.font, pen.size
    high, height_column = heights(chart), len(chart.series) + 1
    names = "".join(
        f'<c:dLbl><c:idx val="{row}"/><c:layout/><c:tx><c:rich><a:bodyPr wrap="none"/><a:lstStyle/><a:p>'
        f"<a:pPr>{run_style(font, size, 'a:defRPr')}</a:pPr><a:r>{run_style(font, size, 'a:rPr')}"
        f'<a:t>{escape(label)}</a:t></a:r></a:p></c:rich></c:tx><c:dLblPos val="l"/>{label_shows("c:showVal")}</c:dLbl>'
        for row, label in enumerate(chart.labels)
    )
    return (
        f'<c:ser><c:idx val="{len(chart.series) + len(chart.clouds)}"/><c:order val="0"/><c:tx><c:v> </c:v></c:tx>'
        f"{NO_LINE}{NO_MARKER}"
        f'<c:dLbls>{names}<c:spPr><a:noFill/></c:spPr>{text_style(font, size)}<c:dLblPos val="l"/>'
        f"{label_shows('c:showVal')}</c:dLbls>"
        f"{_cells(pen, 'c:xVal', height_column + 1, [chart.minimum] * len(high))}"
        f"{_cells(pen, 'c:yVal', height_column, high)}"
        '<c:smooth val="0"/></c:ser>'
    )


def _series(pen: Pen) -> str:
    chart = pen.chart
    high, height_column = heights(chart), len(chart.series) + 1
    return "".join(
        f"<c:ser>{series_head(pen, number, series.name, number + 1, order=number + 1)}"
        f"{line_style(series.look, 1.5) + NO_MARKER if series.rule else NO_LINE + marker_style(series.look, mark, 9)}"
        f"{_cells(pen, 'c:xVal', number + 1, series.values)}{_cells(pen, 'c:yVal', height_column, high)}"
        '<c:smooth val="0"/></c:ser>'
        for number, (series, mark) in enumerate(zip(chart.series, marks_of(chart), strict=True))
    )


def _clouds(pen: Pen) -> str:
    chart = pen.chart
    high, first = heights(chart), len(chart.series) + 3
    drawn = []
    for place, cloud in enumerate(chart.clouds):
        number, column = len(chart.series) + place, first + 3 * place + 1
        values = [mark.value for mark in cloud.marks]
        above = [high[mark.row] + mark.above for mark in cloud.marks]
        mark = cloud.look.marker.removesuffix("-open")
        drawn.append(
            f"<c:ser>{series_head(pen, number, cloud.name, column, order=number + 1)}"
            f"{NO_LINE}{marker_style(cloud.look, mark, 7)}{_cells(pen, 'c:xVal', column, values)}"
            f"{_cells(pen, 'c:yVal', column + 1, above)}"
            '<c:smooth val="0"/></c:ser>'
        )
    return "".join(drawn)


def _cells(pen: Pen, tag: str, column: int, values: Sequence[float | None]) -> str:
    """Values down to the last row of the longest column: LibreOffice loses series that are shorter than others."""
    deepest = max([len(pen.chart.labels), *(len(cloud.marks) for cloud in pen.chart.clouds)])
    return values_ref(pen, tag, column, [*values, *[None] * (deepest - len(values))])


def row_axis(rows: int) -> str:
    """The axis of the rows' heights, which nobody needs to see."""
    return (
        f'<c:valAx><c:axId val="{SECOND_AXIS}"/><c:scaling><c:orientation val="minMax"/><c:max val="{rows + 0.6:g}"/>'
        '<c:min val="0.4"/></c:scaling><c:delete val="1"/><c:axPos val="l"/><c:numFmt formatCode="General" '
        'sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="none"/>'
        f'<c:crossAx val="{FIRST_AXIS}"/><c:crosses val="autoZero"/><c:crossBetween val="midCat"/>'
        '<c:majorUnit val="1"/></c:valAx>'
    )
