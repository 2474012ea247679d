"""Figures as png, svg and pdf, drawn by the shared browser exactly as the page shows them."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

from pmqa.charts import EXPORT_WIDTH
from pmqa.errors import ExportError
from pmqa.text import DEFAULT_LANGUAGE, translator

if TYPE_CHECKING:
    import plotly.graph_objects as go

# When Chromium wrote a PDF: the same picture must give the same bytes tomorrow.
WRITTEN: Final = re.compile(rb"/(?:CreationDate|ModDate) ?\(D:[^)]*\)")
SCALE: Final = 2.0  # pixels of a png for each of the figure's: sharp on paper and on a projector
MOST_PIXELS: Final = 65_535  # of a png's side: Chromium paints nothing on a larger canvas, and says nothing
MOST_AREA: Final = 16_384**2  # pixels, likewise


def to_png(
    figure: go.Figure,
    language: str = DEFAULT_LANGUAGE,
    *,
    width: int | None = None,
    height: int | None = None,
    scale: float = SCALE,
) -> bytes:
    """The figure as PNG, in its own size unless given another (pixels before scaling); a figure that follows
    the page's width gets EXPORT_WIDTH. A very tall one has a smaller scale. Raises ExportError."""
    return _drawn(figure, "png", language, width, height, scale)


def to_svg(
    figure: go.Figure, language: str = DEFAULT_LANGUAGE, *, width: int | None = None, height: int | None = None
) -> bytes:
    """The figure as SVG; the same figure gives the same bytes. Raises ExportError."""
    return _drawn(figure, "svg", language, width, height, 1.0)


def to_pdf(
    figure: go.Figure, language: str = DEFAULT_LANGUAGE, *, width: int | None = None, height: int | None = None
) -> bytes:
    """The figure as a PDF of one page of its size, without the time of its making. Raises ExportError."""
    drawn = _drawn(figure, "pdf", language, width, height, 1.0)
    # Blanks of the same length: a PDF counts the bytes before each of its parts.
    return WRITTEN.sub(lambda found: b" " * len(found.group()), drawn)


def can_draw() -> bool:
    """Whether there is a browser to draw with; where not, a page offers the reader's own browser instead."""
    from pmqa.exports.browser import find_chromium  # noqa: PLC0415 - see _drawn

    return find_chromium() is not None


def _drawn(figure: go.Figure, form: str, language: str, width: int | None, height: int | None, scale: float) -> bytes:
    # kaleido takes a fifth of a second to import, which only those who want a picture should pay.
    from pmqa.exports.browser import WORKER  # noqa: PLC0415

    content, layout = figure.to_dict(), figure.layout
    if width is None and layout.width is None:
        width = EXPORT_WIDTH
    size = {name: value for name, value in (("width", width), ("height", height)) if value is not None}
    if form == "png":
        scale = min(scale, _largest_scale(width or layout.width, height or layout.height or 0))

    async def draw(browser: Any) -> bytes:
        drawn: bytes = await browser.calc_fig(content, opts={"format": form, "scale": scale, **size})
        return drawn

    drawn = WORKER.run(draw, language)
    if not drawn:
        raise ExportError(translator(language)("exports.picture.failed"))
    return drawn


def _largest_scale(width: float, height: float) -> float:
    """Pixels of a png for each of the figure's, as far as the browser's canvas goes."""
    return min(MOST_PIXELS / max(width, height, 1), math.sqrt(MOST_AREA / max(width * height, 1)))
