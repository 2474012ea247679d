"""Rows with marks on one scale: dots, bars, spans, posts, links and rules, names left, words right of the plot; on a
phone both above their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import plotly.graph_objects as go

from pmqa.charts.drawing import Cell, Drawing, Layer, Row, Style
from pmqa.charts.palette import SHADES, Theme, ink_on
from pmqa.charts.render.frame import STROKE, behind, fill_of, framed, hovers, legend_of, marks_of, named
from pmqa.charts.render.frame import width_of as width_of_figure
from pmqa.charts.render.row_names import NAME_LINES, Rows, row_axis, rows_below_names
from pmqa.charts.style import (
    EDGE,
    SMALL_SIZE,
    SMALLEST,
    Room,
    axis_room,
    beside_plot,
    label,
    posts,
    value_axis,
)
from pmqa.charts.words import escaped, lines_of, width_of
from pmqa.text import Translator

BAR: Final = 0.6  # of a row's height
IN_BAR: Final = 8  # pixels around what is printed on one
NAME_WIDTHS: Final = (220, 270, 320)  # pixels of names: the first that has them all in two lines
PLAIN_ROW, FULL_ROW, BAND_ROW = 26, 36, 64  # least pixels of a row: of one mark, of several, of many marks of a kind
LANE: Final = 11  # pixels between marks that stand above each other
RULE_NAME, END_TITLE, EDGE_ABOVE = 22, 18, 4  # pixels above the plot
BESIDE: Final = 30  # pixels beside it, around its words
WIDER: Final = 1.1  # than measured: bold words
NEAR_EDGE: Final = 0.24  # of the scale, from an end, where a centred name would leave the picture
PRINTED: Final = 0.12  # of the scale: what a printed value takes at the least width
PRINTED_ON_PHONE: Final = 0.24


def rows(drawing: Drawing, t: Translator, theme: Theme) -> go.Figure:
    """A row a Row, its layers drawn in order."""
    shades, scale = SHADES[theme], drawing.scale
    axis, right = _rows(drawing, theme), _right(drawing)
    plot = _Plot(drawing, theme, width_of_figure(drawing) - axis.left - right, axis)
    layers = [layer for layer in drawing.drawn() if layer.mark != "rule"]
    rules = [(layer, cell) for layer in drawing.drawn() if layer.mark == "rule" for cell in layer.cells]
    over = [_rule_name(drawing, cell, theme) for _, cell in rules if cell.text]
    beside = [] if drawing.phone else [_beside(row, at, theme) for at, row in enumerate(drawing.rows) if row.end]
    printed = [one for layer in layers for one in _on_patterns(plot, layer)]
    bars = any(layer.mark in ("bar", "span") for layer in layers)
    return framed(
        drawing,
        t,
        theme,
        [trace for layer in layers for trace in (_trace(plot, layer, t), *_key(drawing, layer, theme))],
        height=axis.height,
        room=Room(axis.left, right, _above(drawing, bool(over)), axis_room(scale.title, plot.room)),
        layout={
            "xaxis": value_axis(theme, scale.title, (scale.low, scale.high), scale.ticks, plot.room),
            "yaxis": dict(axis.axis) | {"showgrid": not bars, "gridcolor": shades.grid},
            "barmode": "overlay",
            "annotations": [*axis.labels, *beside, *_end_title(drawing, theme), *printed, *over],
            "shapes": [
                *(_rule(cell.value, axis.count, layer.style, theme) for layer, cell in rules if cell.value is not None),
                *(_group_rule(place, shades.band) for place, row in enumerate(drawing.rows) if row.ruled),
            ],
        },
        legend=legend_of(drawing, layers),
        legend_below=drawing.legend_below,
    )


@dataclass(frozen=True)
class _Plot:
    """What all layers of one figure need. room: pixels of the scale at the least width. axis: where rows stand."""

    drawing: Drawing
    theme: Theme
    room: float
    axis: Rows


def _trace(plot: _Plot, layer: Layer, t: Translator) -> dict[str, Any]:
    shown = [cell for cell in layer.cells if cell.value is not None]
    at = [plot.axis.at(cell.row, cell.lift) for cell in shown]
    said = hovers(plot.drawing, layer, shown, t)
    trace = {"bar": _bars, "span": _bars, "post": _posts, "link": _links}.get(layer.mark, _dots)
    if layer.mark in ("post", "link") and "hovertext" in said:
        said["hovertext"] = [part for words in said["hovertext"] for part in (words, words, "")]
    own = {"showlegend": False} if _key(plot.drawing, layer, plot.theme) else {}
    if layer.mark not in ("post", "link"):  # lines, of which no point can be clicked
        own |= behind(plot.drawing, layer, shown)
    return trace(plot, layer, shown, at) | named(plot.drawing, layer) | own | said


def _key(drawing: Drawing, layer: Layer, theme: Theme) -> list[dict[str, Any]]:
    """An entry of the legend that draws nothing, where Plotly would take the look of a first mark unlike its layer."""
    first = next(cell for cell in layer.cells if cell.value is not None)
    if (
        layer.mark != "dot"
        or not layer.legend
        or ((first.style or layer.style) == layer.style and not first.incomplete)
    ):
        return []
    key = replace(layer, cells=(Cell(0, None),))
    return [
        {"type": "scatter", "mode": "markers", "x": [None], "y": [None], "marker": marks_of(key, key.cells, theme)}
        | named(drawing, layer)
    ]


def _bars(plot: _Plot, layer: Layer, shown: Sequence[Cell], at: Sequence[float]) -> dict[str, Any]:
    ends = [bar_ends(plot.drawing, layer, cell) for cell in shown]
    marker = fill_of(layer.style, plot.theme)
    if any(cell.style for cell in shown):
        marker = marker | {"color": [(cell.style or layer.style).hue(plot.theme) for cell in shown]}
    looks = [cell.style or layer.style for cell in shown]
    return {
        "type": "bar",
        "orientation": "h",
        "width": BAR * layer.style.weight * plot.axis.share,
        "y": at,
        "base": [low for low, _ in ends],
        "x": [high - low for low, high in ends],
        "marker": marker,
        "text": [escaped(text) if layer.style.fill == "solid" else "" for text in _fitting(plot, shown, ends)],
        "textposition": "inside",
        "insidetextanchor": "end",
        "textangle": 0,
        "constraintext": "none",
        "textfont": {"size": SMALL_SIZE, "color": [ink_on(look.hue(plot.theme)) for look in looks]},
        "cliponaxis": False,
    }


def _on_patterns(plot: _Plot, layer: Layer) -> list[dict[str, Any]]:
    """What is printed at the ends of bars that are not filled: on paper, or it could not be read."""
    if layer.mark != "bar" or layer.style.fill == "solid":
        return []
    shown = [cell for cell in layer.cells if cell.value is not None]
    ends = [bar_ends(plot.drawing, layer, cell) for cell in shown]
    paper: dict[str, Any] = {"xanchor": "right", "xshift": -3, "bgcolor": SHADES[plot.theme].background, "borderpad": 1}
    return [
        label(escaped(cell.text), end, plot.axis.at(cell.row, cell.lift), plot.theme, size=SMALLEST, **paper)
        for cell, (_, end) in zip(shown, ends, strict=True)
        if cell.text
    ]


def _fitting(plot: _Plot, shown: Sequence[Cell], ends: Sequence[tuple[float, float]]) -> list[str]:
    """What is printed on bars, "" where one is too short for it."""
    scale = plot.drawing.scale
    a_unit = plot.room / (scale.high - scale.low)
    return [
        cell.text if width_of(cell.text, SMALL_SIZE) + IN_BAR <= (high - low) * a_unit else ""
        for cell, (low, high) in zip(shown, ends, strict=True)
    ]


def bar_ends(drawing: Drawing, layer: Layer, cell: Cell) -> tuple[float, float]:
    """Where a bar or span begins and ends on the scale; a bar of one value begins at 0, or at the scale's lowest."""
    value = cell.value or 0.0
    if cell.to is None:
        low = max(drawing.scale.low, 0.0)
        return low, value
    around = drawing.scale.around if layer.mark == "bar" else 0.0
    return value - around, cell.to + around


def _posts(plot: _Plot, layer: Layer, shown: Sequence[Cell], at: Sequence[float]) -> dict[str, Any]:
    half = 0.4 * layer.style.weight * plot.axis.share
    return posts([cell.value for cell in shown], at, layer.name, layer.style.hue(plot.theme), half, layer.style.dash)


def _links(plot: _Plot, layer: Layer, shown: Sequence[Cell], at: Sequence[float]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "line": {"color": layer.style.hue(plot.theme), "width": STROKE * layer.style.weight},
        "x": [part for cell in shown for part in (cell.value, cell.to, None)],
        "y": [part for place in at for part in (place, place, None)],
    }


def _dots(plot: _Plot, layer: Layer, shown: Sequence[Cell], at: Sequence[float]) -> dict[str, Any]:
    shades, printed = SHADES[plot.theme], any(cell.text for cell in shown)
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "text" if layer.mark == "text" else "markers+text" if printed else "markers",
        "x": [cell.value for cell in shown],
        "y": at,
        "cliponaxis": False,
    }
    if layer.mark != "text":
        trace["marker"] = marks_of(layer, shown, plot.theme)
    if printed:
        trace |= {
            "text": [f"&nbsp;{escaped(cell.text)}&nbsp;" for cell in shown],
            "textposition": [side_of(plot.drawing, cell) for cell in shown],
            "textfont": {"size": SMALL_SIZE, "color": shades.muted if layer.mark == "text" else shades.ink},
        }
    return trace


def side_of(drawing: Drawing, cell: Cell) -> str:
    """Where a printed value stands: right of its mark, left where a rule runs through there, above what is lifted."""
    if cell.lift < 0:
        return "top center"
    rules = [one.value for layer in drawing.layers if layer.mark == "rule" for one in layer.cells]
    value, low = cell.value or 0.0, drawing.scale.low
    printed = (PRINTED_ON_PHONE if drawing.phone else PRINTED) * (drawing.scale.high - low)
    crossed = any(rule is not None and value < rule < value + printed for rule in rules)
    return "middle left" if crossed and value - printed > low else "middle right"


def _rule(value: float, rows: int, style: Style, theme: Theme) -> dict[str, Any]:
    """A line across all rows."""
    line = {"color": style.hue(theme), "width": 1.5, "dash": style.dash}
    return {"type": "line", "layer": "below", "x0": value, "x1": value, "y0": -0.5, "y1": rows - 0.5, "line": line}


def _rule_name(drawing: Drawing, cell: Cell, theme: Theme) -> dict[str, Any]:
    """What a rule is, above it and within the picture."""
    value, scale = cell.value or 0.0, drawing.scale
    share = (value - scale.low) / (scale.high - scale.low)
    anchor = "left" if share < NEAR_EDGE else "right" if share > 1 - NEAR_EDGE else "center"
    return label(escaped(cell.text), value, 1, theme, yref="paper", yanchor="bottom", xanchor=anchor)


def _group_rule(place: int, colour: str) -> dict[str, Any]:
    """A thin line across the chart, names included, where a group of rows begins."""
    line = {"width": 1, "color": colour}
    return {"type": "line", "xref": "paper", "x0": -0.5, "x1": 1, "y0": place - 0.5, "y1": place - 0.5, "line": line}


def _beside(row: Row, place: int, theme: Theme) -> dict[str, Any]:
    """The words right of a row's plot: the first line bold, what follows smaller."""
    first, *more = (escaped(line) for line in row.end.split("\n"))
    head = first if row.quiet else f"<b>{first}</b>"
    rest = [f'<span style="font-size:{SMALLEST}px">{line}</span>' for line in more]
    return beside_plot("<br>".join([head, *rest]), place, theme, quiet=row.quiet)


def _end_title(drawing: Drawing, theme: Theme) -> list[dict[str, Any]]:
    if not drawing.end_title or drawing.phone:
        return []
    colour, at = SHADES[theme].muted, {"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
    return [label(escaped(drawing.end_title), 1, 1, theme, size=SMALLEST, colour=colour, xshift=14, **at)]


def _rows(drawing: Drawing, theme: Theme) -> Rows:
    """The rows with their names; on a phone, what stands right of the plot is said below the name."""
    names, asides = [row.name for row in drawing.rows], [row.aside for row in drawing.rows]
    more: dict[str, Any] = {"bold": [row.bold for row in drawing.rows], "least": _least(drawing)}
    if not drawing.phone:
        width = _width_of_names(names)
        return row_axis(names, theme, suffixes=asides, width=width, lines=NAME_LINES, **more)
    below = [" · ".join(part for part in (row.aside, _ends(drawing, row)) if part) for row in drawing.rows]
    return rows_below_names(names, theme, below=below, width=width_of_figure(drawing) - 2 * EDGE, **more)


def _ends(drawing: Drawing, row: Row) -> str:
    words = row.end.replace("\n", " · ")
    return f"{drawing.end_title} {words}" if words and drawing.end_title else words


def _width_of_names(names: Sequence[str]) -> int:
    """Pixels of a line of the rows' names."""
    for width in NAME_WIDTHS:
        if all(len(lines_of(name, width, SMALL_SIZE)) < NAME_LINES for name in names):
            return width
    return NAME_WIDTHS[-1]


def _least(drawing: Drawing) -> int:
    """Least pixels of a row: of its marks, and of those that stand above each other."""
    dodged = [cell for layer in drawing.layers if layer.mark == "dot" for cell in layer.cells if cell.value is not None]
    lifts = sorted({round(cell.lift, 6) for cell in dodged})
    lanes = max((round(LANE / (high - low)) for low, high in pairwise(lifts)), default=0)
    crowded = any(cell.name for cell in dodged)
    marks = [layer for layer in drawing.layers if layer.mark not in ("rule", "text") and not layer.plain]
    return max(BAND_ROW if crowded else FULL_ROW if len(marks) > 1 else PLAIN_ROW, lanes)


def _right(drawing: Drawing) -> int:
    """Pixels right of the plot."""
    words = [line for row in drawing.rows for line in row.end.split("\n")] + [drawing.end_title]
    words = [""] if drawing.phone else words
    printed = [cell.text for layer in drawing.layers if layer.mark == "dot" for cell in layer.cells]
    widest = max(width_of(text, SMALL_SIZE) for text in [*words, *printed])
    return BESIDE + round(WIDER * widest)


def _above(drawing: Drawing, rule_names: bool) -> int:
    """Pixels above the plot."""
    lifted = any(layer.mark == "text" and cell.lift < 0 for layer in drawing.layers for cell in layer.cells)
    return RULE_NAME if rule_names else END_TITLE if drawing.end_title or lifted else EDGE_ABOVE
