"""One score against another: a mark a row, rules that cross, words in the corners, names on free sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from pmqa.charts.drawing import Cell, Drawing, Layer, Scale
from pmqa.charts.palette import SHADES, Theme
from pmqa.charts.render.frame import behind, framed, hovers, legend_of, marks_of, named, width_of
from pmqa.charts.style import LINE, SMALL_SIZE, Room, above_plot, axis_room, key_of, label, value_axis
from pmqa.charts.words import lines_of, wrapped
from pmqa.text import Translator

HEIGHT: Final = 440
LEFT, RIGHT, ABOVE = 56, 30, 30  # pixels around the plot
NUMBER_ROOM: Final = 16  # pixels across a mark that its number leaves free
BESIDE: Final = 0.036  # of the scale, from a mark to its number
SIDES: Final = {"middle right": (1, 0), "middle left": (-1, 0), "top center": (0, 1), "bottom center": (0, -1)}
RULE: Final = 1.2
CORNER: Final = 6  # pixels from an edge to the words in a corner


def field(drawing: Drawing, t: Translator, theme: Theme) -> go.Figure:
    """A mark a cell, across by `to` and up by `value`; who is named has a number, which a footnote explains: names
    would hide other marks."""
    across, scale, layers = across_of(drawing), drawing.scale, list(drawing.drawn())
    called = called_in(drawing)
    entries = (f"{number} {cell.text}" for number, cell in enumerate(called, 1))
    width = width_of(drawing) - LEFT - RIGHT
    corners = [_corner(drawing, cell, theme, width) for layer in layers if layer.mark == "text" for cell in layer.cells]
    more = round(LINE * SMALL_SIZE * (len(lines_of(scale.title, width, SMALL_SIZE)) - 1))
    traces = [
        _rules(drawing, layer, theme) if layer.mark == "rule" else _dots(drawing, layer, t, theme)
        for layer in layers
        if layer.mark != "text"
    ]
    return framed(
        drawing,
        t,
        theme,
        [*traces, _numbers(drawing, called, theme)],
        height=HEIGHT,
        room=Room(LEFT, RIGHT, ABOVE + more, axis_room(across.title, width)),
        layout={
            "xaxis": value_axis(theme, across.title, (across.low, across.high), across.ticks, width),
            "yaxis": value_axis(theme, "", (scale.low, scale.high), scale.ticks),
            "annotations": [above_plot(scale.title, theme, width), *corners],
        },
        notes=key_of(t("charts.agency"), entries, width_of(drawing)) if called else (),
        legend=legend_of(drawing, [layer for layer in layers if layer.mark != "text"]),
    )


def across_of(drawing: Drawing) -> Scale:
    """The other scale, which a field always has."""
    assert drawing.across is not None  # noqa: S101 - as said
    return drawing.across


def called_in(drawing: Drawing) -> list[Cell]:
    """The marks that have a name beside them."""
    return [cell for layer in drawing.drawn() if layer.mark == "dot" for cell in layer.cells if cell.text]


def free_sides(drawing: Drawing, called: Sequence[Cell]) -> list[str]:
    """Where the name of each mark stands: on the side that is farthest from all other marks and names."""
    across, scale = across_of(drawing), drawing.scale
    marks = [cell for layer in drawing.layers if layer.mark == "dot" for cell in layer.cells]
    at = {cell.row: place for place, cell in enumerate(marks)}
    size = np.array([across.high - across.low, scale.high - scale.low])
    taken = np.array([(cell.to, cell.value) for cell in marks], dtype=float).reshape(-1, 2) / size
    sides: list[str] = []
    for cell in called:
        own = at[cell.row]
        places = taken[own] + BESIDE * np.array(list(SIDES.values()))
        others = np.delete(taken, own, axis=0)
        distances = np.linalg.norm(places[:, None] - others[None], axis=2).min(axis=1, initial=np.inf)
        best = int(distances.argmax())
        sides.append(list(SIDES)[best])
        taken = np.vstack([taken, places[best]])
    return sides


def _dots(drawing: Drawing, layer: Layer, t: Translator, theme: Theme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [cell.to for cell in layer.cells],
        "y": [cell.value for cell in layer.cells],
        "marker": marks_of(layer, layer.cells, theme),
        "cliponaxis": False,
        **named(drawing, layer),
        **hovers(drawing, layer, layer.cells, t),
        **behind(drawing, layer, layer.cells),
    }


def _numbers(drawing: Drawing, called: Sequence[Cell], theme: Theme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [cell.to for cell in called],
        "y": [cell.value for cell in called],
        # Nothing to see: it keeps the numbers off the marks.
        "marker": {"size": NUMBER_ROOM, "color": "rgba(0,0,0,0)", "line": {"width": 0}},
        "text": [f"<b>{number}</b>" for number in range(1, len(called) + 1)],
        "textposition": free_sides(drawing, called),
        "textfont": {"size": SMALL_SIZE, "color": SHADES[theme].ink},
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
    }


def _rules(drawing: Drawing, layer: Layer, theme: Theme) -> dict[str, Any]:
    """A line each way through a cell, across the whole plane."""
    across, scale = across_of(drawing), drawing.scale
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for cell in layer.cells for x in (cell.to, cell.to, None, across.low, across.high, None)],
        "y": [y for cell in layer.cells for y in (scale.low, scale.high, None, cell.value, cell.value, None)],
        "line": {"color": layer.style.hue(theme), "width": RULE, "dash": layer.style.dash},
        "hoverinfo": "skip",
        **named(drawing, layer),
    }


def _corner(drawing: Drawing, cell: Cell, theme: Theme, width: float) -> dict[str, Any]:
    """Words in a corner of the plane, of at most half its width."""
    right, up = cell.to == across_of(drawing).high, cell.value == drawing.scale.high
    ends: dict[str, Any] = {"xanchor": "right" if right else "left", "yanchor": "top" if up else "bottom"}
    shift: dict[str, Any] = {
        "xref": "paper",
        "yref": "paper",
        "xshift": -CORNER if right else CORNER,
        "yshift": -4 if up else 4,
    }
    words = wrapped(cell.text, width / 2 - 2 * CORNER, SMALL_SIZE)
    ends["align"] = "right" if right else "left"
    return label(words, int(right), int(up), theme, colour=SHADES[theme].muted, **ends, **shift)
