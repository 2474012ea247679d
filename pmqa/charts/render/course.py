"""Values over years or steps: lines that break at blanks, each named at its end or in the legend; bands behind them.
On a phone all names are in the legend, and those of bands within the plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import plotly.graph_objects as go

from pmqa.charts.drawing import Cell, Drawing, Layer
from pmqa.charts.palette import SHADES, Theme
from pmqa.charts.render.frame import STROKE, behind, framed, hovers, legend_of, marks_of, named
from pmqa.charts.render.frame import width_of as width_of_figure
from pmqa.charts.render.line_names import beside_ends
from pmqa.charts.style import (
    LINE,
    SMALL_SIZE,
    Room,
    above_plot,
    axis_room,
    beside_plot,
    see_through,
    value_axis,
)
from pmqa.charts.words import escaped, lines_of, width_of
from pmqa.text import Translator

HEIGHT: Final = 380
TICK_ROOM: Final = 28  # pixels beside the upright axis' numbers
NAMES: Final = 236  # pixels beside a plot for the names of its lines
PLAIN: Final = 30  # pixels right of a plot without names
ABOVE: Final = 30
POST: Final = 0.4  # of a row, to either side
MARK: Final = 9
BAND: Final = 0.12  # opacity behind the lines
PRINTED: Final = 24  # pixels of a value above its mark
LEVEL: Final = "1px,3px"  # dash of what leads from a line's last mark to the plot's edge

_Parts = tuple[list[dict[str, Any]], list[dict[str, Any]]]  # annotations and shapes


def course(drawing: Drawing, t: Translator, theme: Theme) -> go.Figure:
    """A Row a place across; of ruled rows a slope: names at both ends and no numbers."""
    if drawing.phone:
        drawing = _named_in_legend(drawing, t)
    layers, slope = list(drawing.drawn()), _is_slope(drawing)
    bands = [layer for layer in layers if layer.mark == "span"]
    marks = [layer for layer in layers if layer.mark != "span"]
    beside = max((width_of(layer.name, SMALL_SIZE) for layer in bands if not drawing.phone), default=0.0)
    numbers = max(width_of(f"{tick:,.10g}", SMALL_SIZE) for tick in drawing.scale.ticks)
    left = NAMES if slope else TICK_ROOM + round(numbers)
    right = NAMES if _named_at_ends(drawing) else PLAIN + round(beside)
    width = width_of_figure(drawing) - left - right
    heading = 0 if slope else round(LINE * SMALL_SIZE * (len(lines_of(drawing.scale.title, width, SMALL_SIZE)) - 1))
    labels, shapes = (
        [*of_bands, *of_ends]
        for of_bands, of_ends in zip(_bands(drawing, bands, theme), _ends(drawing, t, theme), strict=True)
    )
    return framed(
        drawing,
        t,
        theme,
        [_trace(drawing, layer, t, theme) for layer in marks],
        height=HEIGHT,
        room=Room(
            left=left,
            right=right,
            above=ABOVE + heading,
            below=10 if slope else axis_room(drawing.across.title if drawing.across else "", width),
        ),
        layout={
            **_axes(drawing, theme, width),
            "annotations": [*([] if slope else [above_plot(drawing.scale.title, theme, width)]), *labels],
            "shapes": shapes,
        },
        legend=legend_of(drawing, marks),
    )


def _named_in_legend(drawing: Drawing, t: Translator) -> Drawing:
    """For a phone: what is named at the ends of lines is in the legend, with the values there; a slope has years."""
    scale = drawing.scale

    def entry(layer: Layer) -> Layer:
        ends = [scale.words(cell.value, t) for cell in _known(layer)]
        values = " → ".join((ends[0], ends[-1])) if _is_slope(drawing) and len(ends) > 1 else ends[-1]
        return replace(layer, name=f"{values} {layer.name}", legend=True)

    at_ends = _named_at_ends(drawing)
    layers = tuple(entry(layer) if layer in at_ends else layer for layer in drawing.layers)
    return replace(drawing, layers=layers, rows=tuple(replace(row, ruled=False) for row in drawing.rows))


def _named_at_ends(drawing: Drawing) -> list[Layer]:
    return [layer for layer in drawing.drawn() if layer.mark == "line" and not layer.legend]


def _is_slope(drawing: Drawing) -> bool:
    return any(row.ruled for row in drawing.rows)


def _known(layer: Layer) -> list[Cell]:
    return [cell for cell in layer.cells if cell.value is not None]


def _axes(drawing: Drawing, theme: Theme, width: float) -> dict[str, dict[str, Any]]:
    scale, across, shades = drawing.scale, drawing.across, SHADES[theme]
    upright = value_axis(theme, "", (scale.low, scale.high), scale.ticks)
    if across is not None:
        along = value_axis(theme, across.title, (across.low, across.high), across.ticks, width)
        return {"xaxis": along | {"showgrid": False}, "yaxis": upright}
    names, places = [escaped(row.name) for row in drawing.rows], [float(row) for row in range(len(drawing.rows))]
    along = value_axis(theme, "", (-0.5, len(names) - 0.5), places) | {"ticktext": names, "showgrid": False}
    if _is_slope(drawing):
        along |= {"range": [0, 1], "ticktext": [f"<b>{name}</b>" for name in names], "side": "top", "showgrid": True}
        along |= {"tickfont": {"size": SMALL_SIZE, "color": shades.ink}, "gridcolor": shades.band}
        upright |= {"showticklabels": False, "showgrid": False}
    return {"xaxis": along, "yaxis": upright}


def _trace(drawing: Drawing, layer: Layer, t: Translator, theme: Theme) -> dict[str, Any]:
    if layer.mark == "rule":
        return _rule(drawing, layer, theme) | named(drawing, layer)
    if layer.mark == "post":
        return _posts(drawing, layer, t, theme) | named(drawing, layer)
    own = _line(layer, theme) if layer.mark in ("line", "step") else {"mode": "markers"}
    if any(cell.text for cell in layer.cells):
        own |= {
            "mode": f"{own['mode']}+text",
            "text": [f"<b>{escaped(cell.text)}</b>" if cell.text else "" for cell in layer.cells],
            "textposition": [_beside_mark(drawing, layer, cell) for cell in layer.cells],
            "textfont": {"size": SMALL_SIZE, "color": SHADES[theme].ink},
        }
    return {
        "type": "scatter",
        "x": [float(cell.row) if drawing.across is None else cell.to for cell in layer.cells],
        "y": [cell.value for cell in layer.cells],
        "marker": marks_of(layer, layer.cells, theme) | {"size": MARK * layer.style.weight},
        "cliponaxis": False,
        **own,
        **named(drawing, layer),
        **hovers(drawing, layer, layer.cells, t),
        **behind(drawing, layer, layer.cells),
    }


def _line(layer: Layer, theme: Theme) -> dict[str, Any]:
    shape = {"shape": "hv"} if layer.mark == "step" else {}
    line = {"color": layer.style.hue(theme), "dash": layer.style.dash, "width": STROKE, **shape}
    return {"mode": "lines+markers", "connectgaps": False, "line": line}


def _beside_mark(drawing: Drawing, layer: Layer, cell: Cell) -> str:
    """Where a mark's value is printed: above it, below where a rule or another mark is in the way; to the left of what
    ends the plot."""
    room = PRINTED * (drawing.scale.high - drawing.scale.low) / HEIGHT
    others = [
        other.value - (cell.value or 0.0)
        for one in drawing.drawn()
        for other in one.cells
        if other.value is not None
        and (one.mark == "rule" or (one is not layer and drawing.across is None and other.row == cell.row))
    ]
    under = any(0 < above < room for above in others) and not any(-room < below < 0 for below in others)
    last = drawing.across is not None and cell.row == len(drawing.rows) - 1
    return f"{'bottom' if under else 'top'} {'left' if last else 'center'}"


def _rule(drawing: Drawing, layer: Layer, theme: Theme) -> dict[str, Any]:
    """A line across all rows."""
    across, last = drawing.across, len(drawing.rows) - 1
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [-0.5, last + 0.5] if across is None else [across.low, across.high],
        "y": [layer.cells[0].value] * 2,
        "line": {"color": layer.style.hue(theme), "width": 2, "dash": layer.style.dash},
        "hoverinfo": "skip",
    }


def _posts(drawing: Drawing, layer: Layer, t: Translator, theme: Theme) -> dict[str, Any]:
    """A stroke across each row."""
    shown = _known(layer)
    said = hovers(drawing, layer, shown, t)
    if "hovertext" in said:
        said["hovertext"] = [part for words in said["hovertext"] for part in (words, words, "")]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [part for cell in shown for part in (cell.row - POST, cell.row + POST, None)],
        "y": [part for cell in shown for part in (cell.value, cell.value, None)],
        "line": {"color": layer.style.hue(theme), "width": STROKE, "dash": layer.style.dash},
        **said,
    }


def _bands(drawing: Drawing, layers: Sequence[Layer], theme: Theme) -> _Parts:
    """Bands across the plot, each named at its right, on a phone within the plot, where no line ends."""
    ends = [
        _known(layer)[-1].value or 0.0 for layer in drawing.layers if layer.mark in ("line", "step") and _known(layer)
    ]
    labels, shapes = [], []
    across = {"type": "rect", "layer": "below", "xref": "paper", "x0": 0, "x1": 1, "line": {"width": 0}}
    for layer in layers:
        for cell in _known(layer):
            low, high = cell.value or 0.0, cell.to or 0.0
            label = beside_plot(escaped(cell.text), (low + high) / 2, theme, quiet=True)
            labels.append(label | (_within(low, high, ends) if drawing.phone else {}))
            if high > low:
                fill = see_through(layer.style.hue(theme), BAND)
                shapes.append({**across, "y0": low, "y1": high, "fillcolor": fill})
    return labels, shapes


def _within(low: float, high: float, ends: Sequence[float]) -> dict[str, Any]:
    """A band's name in the plot: in that half where no line ends, above it where the band is a line itself."""
    inside = {"xanchor": "right", "xshift": -4}
    if low == high:
        return inside | {"yanchor": "bottom"}
    middle = (low + high) / 2
    if any(low <= end <= middle for end in ends):
        return inside | {"y": high, "yanchor": "top"}
    return inside | ({"y": low, "yanchor": "bottom"} if any(middle < end <= high for end in ends) else {})


def _ends(drawing: Drawing, t: Translator, theme: Theme) -> _Parts:
    """The names of lines at their ends, of a slope at both, and what leads to them."""
    layers, slope = _named_at_ends(drawing), _is_slope(drawing)
    labels: list[dict[str, Any]] = []
    shapes = [] if slope else [_level(drawing, layer, theme) for layer in layers]
    for right in (True, False)[: 1 + slope] if layers else ():
        ends = [(layer, _known(layer)[-1 if right else 0]) for layer in layers]
        if slope:
            ends = [(layer, cell) for layer, cell in ends if cell.row == right]
        more, leaders = beside_ends(drawing, ends, t, theme, right=right, room=NAMES, height=HEIGHT)
        labels, shapes = [*labels, *more], [*shapes, *leaders]
    return labels, shapes


def _level(drawing: Drawing, layer: Layer, theme: Theme) -> dict[str, Any]:
    """Level with a line's last mark, from there to the plot's edge, where the leader to its name starts."""
    last = _known(layer)[-1]
    line = {"width": 1, "color": layer.style.hue(theme), "dash": LEVEL}
    ends = {"x0": last.row, "x1": len(drawing.rows) - 0.5, "y0": last.value, "y1": last.value}
    return {"type": "line", "layer": "below", **ends, "line": line}
