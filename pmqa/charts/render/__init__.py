"""Drawings as Plotly figures, for screens: a renderer a kind, none of a chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import plotly.graph_objects as go

from pmqa.charts.drawing import Drawing, Kind
from pmqa.charts.palette import Theme
from pmqa.charts.render.course import course
from pmqa.charts.render.field import field
from pmqa.charts.render.grid import grid, headings_of
from pmqa.charts.render.radar import radar
from pmqa.charts.render.rows import rows
from pmqa.text import Translator

RENDERERS: Final[Mapping[Kind, Callable[[Drawing, Translator, Theme], go.Figure]]] = {
    "rows": rows,
    "radar": radar,
    "grid": grid,
    "course": course,
    "field": field,
}


def figure(drawing: Drawing, t: Translator, theme: Theme = "light") -> go.Figure:
    """The drawing as a figure in this product's style: its finding as the title, topic, basis, year, n below it."""
    return RENDERERS[drawing.kind](drawing, t, theme)


__all__ = ["RENDERERS", "figure", "headings_of"]
