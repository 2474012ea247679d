"""Tiles in rows and columns, coloured by their values: printed, hatched where there is none; on a phone below the
names of their rows, under upright headings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import unescape
from typing import Any, Final

import plotly.graph_objects as go

from pmqa.charts.drawing import MANY_COLUMNS, Cell, Drawing, Layer, Row
from pmqa.charts.palette import SHADES, Theme, blend, ink_on
from pmqa.charts.render.frame import behind, framed, hovers, width_of
from pmqa.charts.render.row_names import Rows, row_axis, rows_below_names
from pmqa.charts.style import EDGE, LINE, SMALL_SIZE, SMALLEST, Room, hatched
from pmqa.charts.words import escaped, fitted, widest_word, wrapped
from pmqa.charts.words import width_of as width_of_text
from pmqa.text import Translator

SCALE_BAR: Final = 58  # pixels right of the plot
NARROW_EDGE: Final = 8  # where there is no room for it: the values stand in the tiles
SCALE_LENGTH: Final = 200
LEAST_OF_SCALE: Final = 100  # pixels of plot below which the scale's numbers would lie on each other
NAMES_WIDTH, NAME_LINES, ROW_HEIGHT = 185, 3, 26
NARROW_NAMES, NARROW_HEIGHT = 130, 24
DENSE_SIZE: Final = 9
NARROW_SIZE: Final = 9.5  # of the headings of narrow columns, at which the words of the framework stay whole
TOUCHED: Final = 10  # pixels of the unseen marks
STEPS: Final = 100  # of the scale, for which paper and ink of a tile are chosen
HEADING_LINES: Final = 5
HEADING_ROOM: Final = 12  # pixels of the headings beside their lines
TORN: Final = 1.15  # of its column's width: a word slightly wider reads better than a word torn
NARROW_ROOM: Final = 0.92  # of a narrow column's, where that would touch the next heading; a word alone stays whole
UPRIGHT: Final = 120  # pixels of a line of an upright heading
UPRIGHT_LINES: Final = 2
STRIP_PLOT: Final = 6  # pixels of plot that Plotly needs below headings that stand alone


def grid(drawing: Drawing, t: Translator, theme: Theme) -> go.Figure:
    """A tile a Cell, at its row and column."""
    rows = _rows(drawing, theme)
    beside = EDGE if drawing.phone else SCALE_BAR if _has_scale(drawing) else NARROW_EDGE
    headings = _headings(drawing, (width_of(drawing) - rows.left - beside) / max(len(drawing.columns), 1))
    (layer,) = drawing.layers
    return framed(
        drawing,
        t,
        theme,
        [
            _tiles(drawing, layer, rows, theme) | _scale_bar(drawing, rows.height, theme),
            _printed(drawing, layer, rows, t, theme),
            _blanks(layer, rows, theme),
            _touched(drawing, layer, rows, t),
        ],
        height=rows.height,
        room=Room(rows.left, beside, _height_of(headings, upright=drawing.phone), 6),
        notes=() if _in_whole_points(drawing) else (drawing.levels_key,),
        layout={
            "xaxis": _column_axis(headings, theme, NARROW_SIZE if drawing.narrow else SMALLEST, upright=drawing.phone),
            "yaxis": dict(rows.axis),
            "annotations": list(rows.labels),
            "barmode": "overlay",
            "hoverdistance": -1,  # the nearest middle: that of the tile itself, wherever in it somebody points
        },
    )


def headings_of(figure: go.Figure) -> tuple[go.Figure, int] | None:
    """A grid's column headings alone, and the pixels above them in it; None for any other chart.

    A page lays them over those of the grid, where they stay in sight while hundreds of rows scroll.
    """
    if not any(trace.type == "heatmap" for trace in figure.data):
        return None
    whole = figure.layout.to_plotly_json()  # without the data, which is large
    height = _height_of(whole["xaxis"]["ticktext"], upright=bool(whole["xaxis"]["tickangle"]))
    margin = {**whole["margin"], "t": height - STRIP_PLOT, "b": 0}
    kept = {name: whole[name] for name in ("template", "autosize", "font", "paper_bgcolor", "plot_bgcolor", "xaxis")}
    layout = {**kept, "height": height, "margin": margin, "yaxis": {"visible": False}, "dragmode": False}
    strip = go.Figure({"data": [{"type": "scatter", "x": [], "y": []}], "layout": layout}, _validate=False)
    return strip, whole["margin"]["t"] - height


def tile_of(drawing: Drawing, value: float, theme: Theme = "light") -> tuple[str, str]:
    """The paper of a tile and the ink on it, by where its value stands on the scale."""
    scale = drawing.scale
    share = min(max((value - scale.low) / (scale.high - scale.low), 0.0), 1.0)
    return _steps(SHADES[theme].scale)[round(share * STEPS)]


@lru_cache(maxsize=4)
def _steps(ends: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Paper and ink of each step: Plotly's own choice of ink falls to 3:1 in the middle of the scale."""
    papers = [blend(*ends, step / STEPS) for step in range(STEPS + 1)]
    return tuple((paper, ink_on(paper)) for paper in papers)


def _rows(drawing: Drawing, theme: Theme) -> Rows:
    bold = [row.bold for row in drawing.rows]
    if drawing.phone:
        names = [" · ".join(part for part in (row.name, row.aside) if part) for row in drawing.rows]
        return rows_below_names(names, theme, width=width_of(drawing) - 2 * EDGE, least=NARROW_HEIGHT, bold=bold)
    if drawing.narrow:
        names = [_on_a_line(row) for row in drawing.rows]
        return row_axis(names, theme, width=NARROW_NAMES, lines=1, least=NARROW_HEIGHT, bold=bold)
    names, asides = [row.name for row in drawing.rows], [row.aside for row in drawing.rows]
    return row_axis(names, theme, suffixes=asides, width=NAMES_WIDTH, lines=NAME_LINES, least=ROW_HEIGHT, bold=bold)


def _on_a_line(row: Row) -> str:
    """The name with what stands beside it, which stays whole."""
    return "".join(fitted(row.name, NARROW_NAMES, SMALL_SIZE, 1, f" {row.aside}" if row.aside else ""))


def _tiles(drawing: Drawing, layer: Layer, rows: Rows, theme: Theme) -> dict[str, Any]:
    shades, width = SHADES[theme], len(drawing.columns)
    values: list[list[float | None]] = [[None] * width for _ in drawing.rows]
    for cell in layer.cells:
        values[cell.row][cell.column] = cell.value
    at: list[float] = list(range(len(drawing.rows)))
    if rows.labels:  # every second row of tiles is empty, for a name
        nothing: list[float | None] = [None] * width
        values = [line for tiles in values for line in (nothing, tiles)]
        at = [edge for row in at for edge in (row - 0.5, rows.at(row, -0.5))] + [len(at) - 0.5]
    return {
        "type": "heatmap",
        "z": values,
        "x": list(range(width)),
        "y": at,
        "zmin": drawing.scale.low,
        "zmax": drawing.scale.high,
        "zauto": False,
        "colorscale": [[0, shades.scale[0]], [1, shades.scale[1]]],
        "xgap": 1,
        "ygap": 1,
        "hoverinfo": "skip",
    }


def _touched(drawing: Drawing, layer: Layer, rows: Rows, t: Translator) -> dict[str, Any]:
    """Unseen marks in the middles of all tiles, which say what there is and can be clicked: Plotly selects no tile."""
    unseen = {"marker": {"opacity": 0}}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [cell.column for cell in layer.cells],
        "y": [rows.at(cell.row) for cell in layer.cells],
        "marker": {"opacity": 0, "size": TOUCHED},
        "selected": unseen,
        "unselected": unseen,
        "showlegend": False,
        **hovers(drawing, layer, layer.cells, t),
        **behind(drawing, layer, layer.cells),
    }


def _has_scale(drawing: Drawing) -> bool:
    """Whether there is room for the bar of colours beside the tiles, in which the values stand as well."""
    return not (drawing.narrow or drawing.phone or len(drawing.columns) > MANY_COLUMNS)


def _scale_bar(drawing: Drawing, height: int, theme: Theme) -> dict[str, Any]:
    return {
        "showscale": height >= LEAST_OF_SCALE and _has_scale(drawing),
        "colorbar": {
            "thickness": 12,
            "len": min(SCALE_LENGTH, 0.8 * height),
            "lenmode": "pixels",
            "x": 1,
            "xpad": 12,
            "y": 1,
            "yanchor": "top",
            "tickvals": list(drawing.scale.ticks),
            "tickfont": {"size": SMALLEST, "color": SHADES[theme].muted},
            "outlinewidth": 0,
        },
    }


def _printed(drawing: Drawing, layer: Layer, rows: Rows, t: Translator, theme: Theme) -> dict[str, Any]:
    """The values in the tiles, behind the letters of their levels where there is room, in a narrow grid as whole
    points; a mark of what is incomplete stays. On a phone, tiles of many columns are too small for any."""
    many = len(drawing.columns) > MANY_COLUMNS
    known = [cell for cell in layer.cells if cell.value is not None and not (many and drawing.phone)]
    whole = _in_whole_points(drawing)
    return {
        "type": "scatter",
        "mode": "text",
        "x": [cell.column for cell in known],
        "y": [rows.at(cell.row) for cell in known],
        "text": [cell.text if many else _whole(cell, t) if whole else escaped(cell.printed) for cell in known],
        "textfont": {
            "size": DENSE_SIZE if many else SMALL_SIZE,
            "color": [tile_of(drawing, cell.value or 0.0, theme)[1] for cell in known],
        },
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _in_whole_points(drawing: Drawing) -> bool:
    """Whether tiles have no room for the letter of a level and a decimal."""
    return drawing.narrow or drawing.phone or len(drawing.columns) > MANY_COLUMNS


def _whole(cell: Cell, t: Translator) -> str:
    return t.number(cell.value, 0) + cell.text.lstrip("-0123456789.,")


def _blanks(layer: Layer, rows: Rows, theme: Theme) -> dict[str, Any]:
    """A hatch that fills each tile without a value."""
    shades, blank = SHADES[theme], [cell for cell in layer.cells if cell.value is None]
    as_wide_as_gaps = {"line": {"width": 1, "color": shades.background}}
    return {
        "type": "bar",
        "orientation": "h",
        "base": [cell.column - 0.5 for cell in blank],
        "x": [1] * len(blank),
        "y": [rows.at(cell.row) for cell in blank],
        "width": rows.share,
        "marker": hatched(shades.muted, shades.background, "/", 0.2) | as_wide_as_gaps,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _column_axis(headings: Sequence[str], theme: Theme, size: float, *, upright: bool) -> dict[str, Any]:
    return {
        "side": "top",
        "range": [-0.5, len(headings) - 0.5],
        "autorange": False,
        "fixedrange": True,
        "tickvals": list(range(len(headings))),
        "ticktext": list(headings),
        "tickangle": -90 if upright else 0,
        "tickfont": {"size": size, "color": SHADES[theme].ink},
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "automargin": False,
    }


def _headings(drawing: Drawing, width: float) -> list[str]:
    if len(drawing.columns) > MANY_COLUMNS:
        return [column.name for column in drawing.columns]
    if drawing.phone:
        return [wrapped(column.name, UPRIGHT, SMALLEST, UPRIGHT_LINES) for column in drawing.columns]
    if not drawing.narrow:
        return [wrapped(column.name, TORN * width, SMALLEST, HEADING_LINES) for column in drawing.columns]
    names = [_hyphened(column.name, width) for column in drawing.columns]
    rooms = [max(NARROW_ROOM * width, min(widest_word(name, NARROW_SIZE), TORN * width)) for name in names]
    return [wrapped(name, room, NARROW_SIZE, HEADING_LINES) for name, room in zip(names, rooms, strict=True)]


def _hyphened(name: str, width: float) -> str:
    """Words of Latin letters that are wider than a narrow column in two, with a hyphen; Thai breaks by itself."""
    words = name.split(" ")
    return " ".join(
        f"{word[: (len(word) + 1) // 2]}- {word[(len(word) + 1) // 2 :]}"
        if word.isascii() and width_of_text(word, SMALLEST) > width
        else word
        for word in words
    )


def _height_of(headings: Sequence[str], *, upright: bool) -> int:
    """Pixels of column headings, by the one with most lines, or of upright ones the longest."""
    if upright:
        lines_of_all = (unescape(line) for heading in headings for line in heading.split("<br>"))
        return HEADING_ROOM + round(max((width_of_text(line, SMALLEST) for line in lines_of_all), default=0.0))
    lines = max((heading.count("<br>") + 1 for heading in headings), default=1)
    return HEADING_ROOM + round(lines * SMALLEST * LINE)
