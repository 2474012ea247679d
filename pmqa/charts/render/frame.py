"""What figures of every kind share: headline, notes, legend, hover, and how a Style looks in Plotly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import plotly.graph_objects as go

from pmqa.charts.drawing import MANY_COLUMNS, Cell, Drawing, Layer, Style
from pmqa.charts.palette import SHADES, Theme, blend, contrast
from pmqa.charts.render.wording import alt, hover
from pmqa.charts.style import (
    EXPORT_WIDTH,
    HALF_WIDTH,
    MIN_WIDTH,
    PHONE_WIDTH,
    WIDE_EXPORT,
    Room,
    drawn,
    hatched,
    legend_name,
    see_through,
)
from pmqa.charts.words import escaped
from pmqa.text import Translator

MARK: Final = 11  # pixels of a usual mark
STROKE: Final = 2.5  # of a usual line
SEEN: Final = 2.0  # contrast with the paper, below which a bar needs an edge
ALWAYS_OPEN: Final = frozenset({"x", "cross", "star-open"})  # marks that have no inside to leave open


def framed(
    drawing: Drawing,
    t: Translator,
    theme: Theme,
    traces: Sequence[Mapping[str, Any]],
    *,
    height: int,
    room: Room,
    layout: Mapping[str, Any],
    notes: Sequence[str] = (),
    legend: Sequence[str] = (),
    legend_below: bool = False,
) -> go.Figure:
    """The figure of a drawing: `traces` in a plot of `height` pixels, with all that a drawing says about itself.

    notes: the renderer's own (a key of numbers), before the drawing's.
    """
    return drawn(
        traces,
        drawing.caption,
        t,
        theme=theme,
        height=height,
        room=room,
        layout={**layout, "meta": {"alt": alt(drawing), "picture": picture_width(drawing)}},
        headline=drawing.finding,
        notes=(*notes, *drawing.notes),
        legend=legend,
        legend_below=legend_below or drawing.phone,
        width=width_of(drawing),
    )


def width_of(drawing: Drawing) -> int:
    """The pixels that a drawing has to fit into."""
    return HALF_WIDTH if drawing.narrow else PHONE_WIDTH if drawing.phone else MIN_WIDTH


def picture_width(drawing: Drawing) -> int:
    """The pixels of a picture of it in a file."""
    return WIDE_EXPORT if len(drawing.columns) > MANY_COLUMNS else EXPORT_WIDTH


def legend_of(drawing: Drawing, layers: Sequence[Layer]) -> list[str]:
    """Plain names of the entries that layers have in the legend."""
    width = width_of(drawing)
    return list(dict.fromkeys(legend_name(layer.name, width=width) for layer in layers if layer.legend))


def named(drawing: Drawing, layer: Layer) -> dict[str, Any]:
    """A trace's name and whether the legend has it."""
    name = escaped(legend_name(layer.name, width=width_of(drawing)))
    return {"name": f"<b>{name}</b>" if layer.bold else name, "showlegend": layer.legend}


def hovers(drawing: Drawing, layer: Layer, shown: Sequence[Cell], t: Translator) -> dict[str, Any]:
    """What a trace says at its marks."""
    if layer.plain:
        return {"hoverinfo": "skip"}
    return {"hoverinfo": "text", "hovertext": [hover(drawing, layer, cell, t) for cell in shown]}


def behind(drawing: Drawing, layer: Layer, shown: Sequence[Cell]) -> dict[str, Any]:
    """What a click on a trace's marks brings back: row and id of each; nothing where ids name nothing."""
    if not (drawing.rows_of or drawing.marks_of):
        return {}
    return {"customdata": [[cell.row, drawing.mark_id(layer, cell)] for cell in shown]}


def fill_of(style: Style, theme: Theme) -> dict[str, Any]:
    """The marker of a bar: its colour or pattern."""
    colour, paper = style.hue(theme), SHADES[theme].background
    faint = contrast(colour, paper) < SEEN
    if style.fill in ("hatch", "dotted"):
        lines = blend(colour, SHADES[theme].ink, 0.5) if faint else colour
        return hatched(lines, paper, "/" if style.fill == "hatch" else ".")
    if style.fill in ("outline", "open"):
        return {"color": paper, "line": {"width": 1 if style.fill == "outline" else 2, "color": colour}}
    edge = {"width": 1, "color": SHADES[theme].muted} if faint and style.fill == "solid" else {"width": 0}
    return {"color": see_through(colour, 0.45) if style.fill == "faint" else colour, "line": edge}


def marks_of(layer: Layer, shown: Sequence[Cell], theme: Theme) -> dict[str, Any]:
    """The markers of dots: each its own or its layer's look, open where answers are incomplete."""
    styles = [cell.style or layer.style for cell in shown]
    colours = [style.hue(theme) for style in styles]
    return {
        "symbol": [symbol_of(style, cell) for style, cell in zip(styles, shown, strict=True)],
        "size": [MARK * style.weight for style in styles],
        "color": colours,
        "opacity": 1,
        "line": {"width": 2, "color": colours},
    }


def symbol_of(style: Style, cell: Cell) -> str:
    """Plotly's name of a mark."""
    is_open = (style.fill == "open" or cell.incomplete) and style.mark not in ALWAYS_OPEN
    return f"{style.mark}-open" if is_open else style.mark
