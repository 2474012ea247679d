"""Figures as png, svg and pdf: what the page shows, set by Typst in the product's font."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from pmqa.exports.plots import scene_of
from pmqa.exports.scenes import Scene
from pmqa.exports.typesetting import Form, typeset
from pmqa.text import DEFAULT_LANGUAGE

if TYPE_CHECKING:
    import plotly.graph_objects as go

SLIDE: Final = 960.0  # points of a slide's width, which a picture fills as it is inserted
LEAST: Final = 12.0  # points of its smallest words there
PIXELS: Final = 1920  # of a png's width: sharp on paper and on a projector
POINTS_AN_INCH: Final = 72
MOST_PIXELS: Final = 65_535  # of a png's side: other programs open no larger one
MOST_AREA: Final = 16_384**2 // 4  # pixels, likewise, and so that a picture takes no gigabyte while it is made


def to_png(
    figure: go.Figure,
    language: str = DEFAULT_LANGUAGE,
    *,
    width: int | None = None,
    height: int | None = None,
    scale: float | None = None,
) -> bytes:
    """The figure as PNG, in its own size unless given another (pixels before scaling). scale: pixels of the png for
    each of them; None = as many as make PIXELS of its width. A very tall one has fewer. Raises ExportError."""
    scene = scene_of(figure, width=width, height=height)
    wanted = scale or PIXELS / scene.width
    return _set(scene, language, "png", min(wanted, _largest_scale(scene.width, scene.height)))


def to_svg(
    figure: go.Figure, language: str = DEFAULT_LANGUAGE, *, width: int | None = None, height: int | None = None
) -> bytes:
    """The figure as SVG, its text as outlines; the same figure gives the same bytes. Raises ExportError."""
    return _set(scene_of(figure, width=width, height=height), language, "svg")


def to_pdf(
    figure: go.Figure, language: str = DEFAULT_LANGUAGE, *, width: int | None = None, height: int | None = None
) -> bytes:
    """The figure as a PDF of one page of its size, tagged, without the time of its making. Raises ExportError."""
    return _set(scene_of(figure, width=width, height=height), language, "pdf")


def _set(scene: Scene, language: str, form: Form, scale: float = 1.0) -> bytes:
    pixel = SLIDE / scene.width  # in points
    data = {"language": language, "picture": scene.with_least(LEAST / pixel).data(), "pixel": pixel}
    (page,) = typeset("picture", data, language, form, POINTS_AN_INCH * scale / pixel)
    return page


def _largest_scale(width: float, height: float) -> float:
    """Pixels of a png for each of the figure's, as far as programs read them."""
    return min(MOST_PIXELS / max(width, height, 1), math.sqrt(MOST_AREA / max(width * height, 1)))
