"""A scatter in DrawingML: what one thing measures against another, of many, with the lines that divide them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from xml.sax.saxutils import escape

from pmqa.charts.palette import CONTRAST
from pmqa.charts.quadrants import MOST_NAMED
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
    run_style,
    series_head,
    value_axis,
    values_ref,
)
from pmqa.exports.native import Series


def scatter_xml(pen: Pen) -> str:
    """Marks across and up, few of them or the chosen ones with their names; a rule crosses both ways at its value."""
    chart, font, size = pen.chart, pen.font, pen.size
    across, *up = chart.series
    called = [name for _, name in pen.named()][1:]
    with_names = len(chart.labels) <= MOST_NAMED
    drawn, number = [], 0
    first = len(chart.series) + 1  # column of the rules' ends, as `helpers` has them
    rules = [(rule, name) for rule, name in zip(up, called, strict=True) if rule.rule]
    for place, (rule, name) in enumerate(rules):
        column = first + 2 * place
        ends: list[tuple[int, Sequence[float | None]]]
        ends = [(column, [rule.values[0]] * 2), (column + 1, [chart.minimum, chart.maximum])]
        # The first of the two is the one that the legend leaves out.
        for across_ends, up_ends in (ends, ends[::-1]):
            drawn.append(
                f"<c:ser>{series_head(pen, number, name, 1 + chart.series.index(rule))}"
                f"{line_style(rule.look, 1)}{NO_MARKER}"
                f"{_ends(pen, 'c:xVal', *across_ends)}{_ends(pen, 'c:yVal', *up_ends)}"
                '<c:smooth val="0"/></c:ser>'
            )
            number += 1
    for column, (series, name) in enumerate(zip(up, called, strict=True), start=2):
        if series.rule:
            continue
        mark = series.look.marker.removesuffix("-open")
        names = _names_of(pen, series) if with_names or series.look.colour == CONTRAST else ""
        drawn.append(
            f"<c:ser>{series_head(pen, number, name, column)}{NO_LINE}{marker_style(series.look, mark, 8)}"
            f"{names}{values_ref(pen, 'c:xVal', 1, across.values)}{values_ref(pen, 'c:yVal', column, series.values)}"
            '<c:smooth val="0"/></c:ser>'
        )
        number += 1
    below = value_axis(replace(chart, axis=across.name), font, size, axis=FIRST_AXIS, other=SECOND_AXIS, position="b")
    return (
        '<c:layout/><c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>'
        f"{''.join(drawn)}{axis_ids()}</c:scatterChart>"
        f"{below}{value_axis(chart, font, size)}"
    )


def _names_of(pen: Pen, series: Series) -> str:
    """The names beside a series' marks."""
    labels = "".join(
        f'<c:dLbl><c:idx val="{row}"/><c:layout/><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p>'
        f"<a:pPr>{run_style(pen.font, pen.size - 2, 'a:defRPr')}</a:pPr><a:r>"
        f"{run_style(pen.font, pen.size - 2, 'a:rPr')}<a:t>{escape(label)}</a:t></a:r></a:p></c:rich></c:tx>"
        f'<c:dLblPos val="r"/>{label_shows("c:showVal")}</c:dLbl>'
        for row, (label, value) in enumerate(zip(pen.chart.labels, series.values, strict=True))
        if value is not None
    )
    return f"<c:dLbls>{labels}{label_shows('')}</c:dLbls>"


def _ends(pen: Pen, tag: str, column: int, ends: Sequence[float | None]) -> str:
    """Two values down to the last row: LibreOffice loses series that are shorter than others."""
    return values_ref(pen, tag, column, [*ends, *[None] * (len(pen.chart.labels) - len(ends))])
