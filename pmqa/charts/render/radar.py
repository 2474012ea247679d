"""Outlines around axes, on one plot or in small ones side by side; on a phone a row of dots an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import plotly.graph_objects as go

from pmqa.charts.drawing import Drawing, Layer
from pmqa.charts.palette import SHADES, Theme
from pmqa.charts.render.frame import STROKE, behind, framed, hovers, legend_of, named
from pmqa.charts.render.rows import rows
from pmqa.charts.style import EDGE, GAP, LINE, MIN_WIDTH, SMALL_SIZE, Room, key_of, label, see_through
from pmqa.charts.words import escaped, fitted, lines_of, wrapped
from pmqa.text import Translator

HEIGHT: Final = 460
FILLED: Final = 0.08  # opacity of a lone profile; more than one is never filled
GHOST: Final = 0.55  # opacity of what is in every panel
AXIS_NAME: Final = 135  # pixels
AXIS_LINES: Final = 4
COLUMNS: Final = 3  # of panels
PANEL_WIDTH: Final = MIN_WIDTH / COLUMNS - 2 * EDGE  # pixels of a panel's title
PANEL_RADAR: Final = 140  # pixels of a panel's outermost ring
PANEL_SIZE: Final = 10  # of the names around a panel
PANEL_NAME: Final = 54  # pixels of such a name
PANEL_LINES: Final = 3  # of such a name; longer ones give way to the axes' numbers
PANEL_EDGE: Final = 0.08  # of the width, beside a panel
TITLE_LINES: Final = 3  # of a panel's title
MARK, SMALL_MARK, LARGE_MARK = 8, 5, 11
SMALL_STROKE, WIDE_STROKE = 1.6, 4.6  # of a panel's line; of what stands out among others
LANES: Final = 0.8  # of a row of dots
WHOLE: Final = {"x": [0, 1], "y": [0.1, 0.9]}
CLICKED: Final = "zoom"  # the way of dragging in which Plotly selects what is clicked; no press is a drag (clicks.js)


def radar(drawing: Drawing, t: Translator, theme: Theme) -> go.Figure:
    """An axis a Row, clockwise from the top; a line a layer, in panels where there are any."""
    if drawing.phone:
        return rows(as_dots(drawing), t, theme)
    axes, titles = axes_of(drawing), [_title(title) for _, title in drawing.panels]
    lines = max(1, math.ceil(len(titles) / COLUMNS))
    title = round(LINE * SMALL_SIZE * max((text.count("<br>") + 1 for text in titles), default=1))
    names = _room_for_names(axes)
    height = lines * (title + names + PANEL_RADAR + names + GAP)
    traces: list[dict[str, Any]] = []
    polars: dict[str, Any] = {}
    headings: list[dict[str, Any]] = []
    for place, (key, _) in enumerate(drawing.panels or (("", ""),)):
        line, column = divmod(place, COLUMNS)
        polar, left, top = f"polar{place + 1}" if place else "polar", column / COLUMNS, 1 - line / lines
        right, ring = left + 1 / COLUMNS, top - (title + names) / height
        domain = {"x": [left + PANEL_EDGE, right - PANEL_EDGE], "y": [ring - PANEL_RADAR / height, ring]}
        polars[polar] = _polar(drawing, axes, theme) | {"domain": domain if titles else WHOLE}
        for layer in drawing.drawn():
            if layer.panel in ("", key):
                more = {"showlegend": False} if place else {}
                ghost = {"opacity": GHOST} if titles and not layer.panel else {}
                traces.append(_outline(drawing, layer, t, theme) | {"subplot": polar} | more | ghost)
        if titles:
            at: dict[str, Any] = {"xref": "paper", "yref": "paper", "xanchor": "center", "yanchor": "top"}
            headings.append(label(titles[place], (left + right) / 2, top, theme, **at))
    return framed(
        drawing,
        t,
        theme,
        traces,
        height=height if titles else HEIGHT,
        room=Room(left=EDGE, right=EDGE, above=0, below=0),
        layout=polars | {"annotations": headings, "dragmode": CLICKED},
        notes=key_of_axes(drawing, t),
        legend=legend_of(drawing, list(drawing.drawn())),
        legend_below=not titles,
    )


def as_dots(drawing: Drawing) -> Drawing:
    """A radar as rows: a row an axis, a lane in it for each outline, however many panels there are."""
    layers = [layer for layer in drawing.drawn() if layer.mark == "line"]
    dots = tuple(
        replace(
            layer,
            mark="dot",
            panel="",
            legend=True,
            cells=tuple(
                replace(cell, lift=LANES * ((lane + 0.5) / len(layers) - 0.5), text="") for cell in layer.cells
            ),
        )
        for lane, layer in enumerate(layers)
    )
    return replace(drawing, kind="rows", layers=dots, panels=())


def axes_of(drawing: Drawing) -> list[str]:
    """What stands around a plot: the axes' names, or around panels, where one is long, the numbers of all."""
    names = [row.name for row in drawing.rows]
    short = all(len(lines_of(name, PANEL_NAME, PANEL_SIZE)) <= PANEL_LINES for name in names)
    return names if short or not drawing.panels else [row.key for row in drawing.rows]


def key_of_axes(drawing: Drawing, t: Translator) -> list[str]:
    """Footnotes that say what numbers around panels stand for."""
    names = [row.name for row in drawing.rows]
    return [] if axes_of(drawing) == names else key_of(t("charts.axes"), names)


def _title(title: str) -> str:
    """A panel's name in bold lines, and what else there is below it."""
    name, *more = title.split("\n")
    bold = "<br>".join(escaped(line) for line in fitted(name, PANEL_WIDTH, SMALL_SIZE, TITLE_LINES))
    return "<br>".join([f"<b>{bold}</b>", *(escaped(line) for line in more)])


def _room_for_names(axes: Sequence[str]) -> int:
    """Pixels above and below a panel's ring for its names; one at the side of the ring needs none."""
    lines = [
        len(lines_of(name, PANEL_NAME, PANEL_SIZE)) * abs(math.cos(math.radians(angle)))
        for name, angle in zip(axes, _angles(len(axes)), strict=True)
    ]
    return round(LINE * PANEL_SIZE * max(lines)) + GAP // 2


def _outline(drawing: Drawing, layer: Layer, t: Translator, theme: Theme) -> dict[str, Any]:
    """A closed line; a blank breaks it, and what stands alone between blanks keeps its marker. Marks of incomplete
    answers stay filled: an open one would read as another agency's."""
    closed, angles = [*layer.cells, layer.cells[0]], _angles(len(layer.cells))
    colour, small = layer.style.hue(theme), bool(drawing.panels)
    width, size = (SMALL_STROKE, SMALL_MARK) if small else (STROKE, MARK)
    width, size = (WIDE_STROKE, LARGE_MARK) if layer.bold else (width, size)
    filled = {"fill": "toself", "fillcolor": see_through(colour, FILLED)} if layer.style.fill == "faint" else {}
    return {
        "type": "scatterpolar",
        "mode": "lines+markers",
        "connectgaps": False,
        "r": [cell.value for cell in closed],
        "theta": [*angles, angles[0]],
        "line": {"color": colour, "width": width, "dash": layer.style.dash},
        "marker": {"color": colour, "symbol": layer.style.mark, "size": size},
        "cliponaxis": False,
        **filled,
        **named(drawing, layer),
        **hovers(drawing, layer, closed, t),
        **behind(drawing, layer, closed),
    }


def _angles(count: int) -> list[float]:
    return [place * 360 / count for place in range(count)]


def _polar(drawing: Drawing, axes: Sequence[str], theme: Theme) -> dict[str, Any]:
    shades, scale, small = SHADES[theme], drawing.scale, bool(drawing.panels)
    size, width = (PANEL_SIZE, PANEL_NAME) if small else (SMALL_SIZE, AXIS_NAME)
    rings = [tick for tick in scale.ticks if tick > scale.low]
    turn = 90 - 180 / len(axes)  # between the first two axes, where no outline's corner lies on the numbers
    return {
        "bgcolor": shades.background,
        "angularaxis": {
            "tickvals": _angles(len(axes)),
            "ticktext": [wrapped(name, width, size, AXIS_LINES) for name in axes],
            "rotation": 90,
            "direction": "clockwise",
            "tickfont": {"size": size, "color": shades.ink},
            "gridcolor": shades.grid,
            "linecolor": shades.grid,
            "ticks": "",
        },
        "radialaxis": {
            "range": [scale.low, scale.high],
            "autorange": False,
            "tickvals": rings,
            "ticktext": ["" if small else f"{ring:,g}" for ring in rings],
            "tickfont": {"size": PANEL_SIZE, "color": shades.muted},
            "angle": turn,
            "tickangle": turn,
            "gridcolor": shades.band,
            "showline": False,
            "ticks": "",
        },
    }
