"""Dots as a scatter in DrawingML: its rows named, marks on them, and the columns that they stand in."""

from __future__ import annotations

from dataclasses import dataclass

from pmqa.exports.chart_parts import (
    FIRST_AXIS,
    NO_LINE,
    NO_MARKER,
    SECOND_AXIS,
    Pen,
    axis_ids,
    broken_name,
    escape,
    label_shows,
    line_style,
    marker_style,
    marks_of,
    open_marks,
    plot_layout,
    row_names,
    run_style,
    series_head,
    text_style,
    value_axis,
    values_ref,
)
from pmqa.exports.editable_rows import row_axis
from pmqa.exports.native import NativeChart, Series


@dataclass(frozen=True)
class Helper:
    """A column that a scatter needs beside its series. head: "" where nobody needs to see it."""

    head: str
    values: tuple[float | str | None, ...]


def helpers(chart: NativeChart) -> tuple[Helper, ...]:
    """Right of the last series: the rows' heights, the scale's beginning, and of each series with gaps its own heights.

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
    found += [Helper("", tuple(heights_of(chart, series))) for series in chart.series if None in series.values]
    return tuple(found)


def heights(chart: NativeChart) -> list[float]:
    """Where the rows of dots stand on the vertical axis: the first on top."""
    return [float(len(chart.labels) - row) for row in range(len(chart.labels))]


def heights_of(chart: NativeChart, series: Series) -> list[float | None]:
    """The same without those of a series' gaps."""
    rows = zip(heights(chart), series.values, strict=True)
    return [None if value is None else height for height, value in rows]


def dots_xml(pen: Pen) -> str:
    """A scatter whose rows are named by the data labels of a series without marks on the axis.

    Scatter charts have no axis of names; this keeps the dots dots, and the names text.
    """
    chart, font, size = pen.chart, pen.font, pen.size
    return (
        f"{plot_layout(pen)}"
        '<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>'
        f"{_row_names(pen)}{_series(pen)}{axis_ids()}</c:scatterChart>"
        f"{value_axis(chart, font, size, axis=FIRST_AXIS, other=SECOND_AXIS, position='b')}"
        f"{row_axis(len(chart.labels))}"
    )


def _row_names(pen: Pen) -> str:
    chart, font, size = pen.chart, pen.font, pen.size
    high, height_column = heights(chart), len(chart.series) + 1
    names = "".join(
        f'<c:dLbl><c:idx val="{row}"/><c:layout/><c:tx><c:rich><a:bodyPr wrap="none"/><a:lstStyle/>'
        f"{_name_lines(pen, label)}</c:rich></c:tx>"
        f'<c:dLblPos val="l"/>{label_shows("c:showVal")}</c:dLbl>'
        for row, label in enumerate(row_names(pen))
    )
    return (
        f'<c:ser><c:idx val="{len(chart.series)}"/><c:order val="0"/><c:tx><c:v> </c:v></c:tx>'
        f"{NO_LINE}{NO_MARKER}"
        f'<c:dLbls>{names}<c:spPr><a:noFill/></c:spPr>{text_style(font, size)}<c:dLblPos val="l"/>'
        f"{label_shows('c:showVal')}</c:dLbls>"
        f"{values_ref(pen, 'c:xVal', height_column + 1, [chart.minimum] * len(high))}"
        f"{values_ref(pen, 'c:yVal', height_column, high)}"
        '<c:smooth val="0"/></c:ser>'
    )


def _name_lines(pen: Pen, name: str) -> str:
    """A paragraph a line: LibreOffice joins what a line break parts."""
    head, style = run_style(pen.font, pen.size, "a:defRPr"), run_style(pen.font, pen.size, "a:rPr")
    return "".join(
        f'<a:p><a:pPr algn="r">{head}</a:pPr><a:r>{style}<a:t>{escape(line)}</a:t></a:r></a:p>'
        for line in broken_name(pen, name)
    )


def _series(pen: Pen) -> str:
    chart = pen.chart
    return "".join(
        f"<c:ser>{series_head(pen, number, name, number + 1, order=number + 1)}"
        f"{line_style(series.look, 1.5) + NO_MARKER if series.rule else NO_LINE + marker_style(series.look, mark, 9)}"
        f"{open_marks(series, mark, 9, NO_LINE)}"
        f"{values_ref(pen, 'c:xVal', number + 1, series.values)}{_heights_of(pen, number)}"
        '<c:smooth val="0"/></c:ser>'
        for number, ((series, name), mark) in enumerate(zip(pen.named(), marks_of(chart), strict=True))
    )


def _heights_of(pen: Pen, number: int) -> str:
    """Where a series' marks stand; nowhere for a gap: programs put a mark that has a height and no value at 0."""
    chart = pen.chart
    if None not in chart.series[number].values:
        return values_ref(pen, "c:yVal", len(chart.series) + 1, heights(chart))
    before = sum(None in series.values for series in chart.series[:number])
    column = len(chart.series) + 3 + before
    return values_ref(pen, "c:yVal", column, heights_of(chart, chart.series[number]))
