"""A Drawing as a chart that Office can edit: which renderer, on how many pages, what stands below its headline."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pmqa.charts.drawing import MANY_COLUMNS, Drawing, Kind, Layer
from pmqa.charts.palette import AGENCY_COLOURS, AGENCY_MARKERS, agency_slots
from pmqa.charts.render.radar import COLUMNS
from pmqa.charts.render.wording import row_name
from pmqa.charts.words import NO_BREAK, width_of
from pmqa.exports.editable import Place
from pmqa.exports.editable_plane import course_chart, field_chart
from pmqa.exports.editable_radar import radar_chart
from pmqa.exports.editable_rows import rows_chart
from pmqa.exports.legends import LINE, PIXELS_A_POINT, shortened
from pmqa.exports.sheets import Sheet
from pmqa.exports.stamp import SEPARATOR, basis_line
from pmqa.text import Translator

# Kinds that are one chart part and its sheet; a grid is a table, on slides and on sheets.
CHARTS: Final[Mapping[Kind, Callable[[Drawing, Place, Translator], tuple[bytes, Sheet]]]] = {
    "rows": rows_chart,
    "radar": radar_chart,
    "course": course_chart,
    "field": field_chart,
}
MOST_ROWS: Final = 12  # of one chart on one slide, so that Thai labels stay readable
MOST_WRAPPED: Final = 7  # of bars with names of two lines: programs leave out every other name where they meet
LABEL_LINE: Final = 26.0  # of a name's line, in font sizes
MOST_TWO_LINES: Final = 5  # rows on a slide with names of two lines, which are drawn as words: an axis leaves some out
TOGETHER: Final = 8  # rows that stay on one slide, their names on a line where two find no room: all dimensions
PAGED: Final[frozenset[Kind]] = frozenset({"rows", "grid"})  # kinds with a row a row
MOST_PANELS: Final = COLUMNS  # of small multiples on one slide
PANEL_TITLE: Final = 2  # lines of a panel's title
PANEL_EDGE: Final = 20.0  # pixels at both sides of it


def chart_of(drawing: Drawing, place: Place, t: Translator) -> tuple[bytes, Sheet]:
    """The chart part at a place, and the sheet that it is drawn from."""
    return CHARTS[drawing.kind](drawing, place, t)


@dataclass(frozen=True)
class Piece:
    """A chart of a drawing: its place, pixels from the drawing's left and top, what it is called."""

    place: Place
    left: float
    top: float
    name: str
    xml: bytes
    sheet: Sheet


def pieces_of(drawing: Drawing, place: Place, t: Translator) -> Iterator[Piece]:
    """The charts of a drawing at a place: one, or one a panel side by side, each headed by whose it is."""
    if not drawing.panels:
        yield Piece(place, 0, 0, drawing.caption.title, *chart_of(drawing, place, t))
        return
    columns = min(COLUMNS, len(drawing.panels))
    wide, tall = place.width / columns, place.height / math.ceil(len(drawing.panels) / columns)
    size = place.size
    for number, (key, title) in enumerate(drawing.panels):
        name, *more = title.split("\n")
        lines = (shortened(name, wide - 2 * PANEL_EDGE, size + 2, PANEL_TITLE), *more)
        heading = (PANEL_TITLE + len(more)) * LINE * (size + 2) * PIXELS_A_POINT
        own = replace(place, size=size, width=wide, height=tall, title=lines, heading=heading)
        row, column = divmod(number, columns)
        yield Piece(own, column * wide, row * tall, name, *radar_chart(drawing, own, t, key))


def topic_line(drawing: Drawing, t: Translator) -> str:
    """Topic, basis, fiscal year, edition and n: what stands below the finding."""
    said = drawing.caption
    line = basis_line(said.basis, said.fiscal_year, said.edition, said.n, t.language)
    return SEPARATOR.join(part for part in (said.title, line) if part)


def in_one_look(drawings: Sequence[Drawing]) -> list[Drawing]:
    """The drawings of one file: an agency has the same colour and mark in all of them, and another than those beside
    it as far as there are colours."""
    slots = agency_slots([_agencies_of(drawing) for drawing in drawings])
    return [replace(drawing, layers=tuple(_in_look(layer, slots) for layer in drawing.layers)) for drawing in drawings]


def _agencies_of(drawing: Drawing) -> list[str]:
    """The agencies that a drawing tells apart by colour."""
    if drawing.marks_of != "agency":
        return []
    return [layer.key for layer in drawing.layers if layer.key and layer.style.colour in AGENCY_COLOURS]


def _in_look(layer: Layer, slots: Mapping[str, int]) -> Layer:
    if layer.key not in slots or layer.style.colour not in AGENCY_COLOURS:
        return layer
    slot = slots[layer.key]
    return replace(layer, style=replace(layer.style, colour=AGENCY_COLOURS[slot], mark=AGENCY_MARKERS[slot]))


def drawing_pages(drawing: Drawing, most: int = MOST_ROWS) -> list[Drawing]:
    """The drawing in even parts of at most so many rows, fewer where a slide's would be left out, and of so many
    columns that they can be read; or of MOST_PANELS panels. Findings are numbered; kinds without rows stay whole."""
    if drawing.panels:
        return _numbered(drawing, _even(drawing, len(drawing.panels), MOST_PANELS, _panels_between))
    # Agencies stay side by side: their names give way in the middle, while those of criteria are read whole.
    whole = len(drawing.rows) <= TOGETHER or drawing.rows_of == "agency"
    wrapped = drawing.kind == "rows" and any(width_of(row_name(row), 1) > LABEL_LINE for row in drawing.rows)
    if wrapped and most == MOST_ROWS and not whole:
        most = MOST_WRAPPED if any(layer.mark == "bar" for layer in drawing.layers) else MOST_TWO_LINES
    if drawing.kind not in PAGED:
        return [drawing]
    side_by_side = _even(drawing, len(drawing.columns), MANY_COLUMNS, _columns_between)
    parts = (_even(one, len(one.rows), most, _rows_between) for one in side_by_side)
    return _numbered(drawing, list(itertools.chain.from_iterable(parts)))


def _numbered(drawing: Drawing, parts: Sequence[Drawing]) -> list[Drawing]:
    """Parts of a drawing with their numbers behind its finding."""
    if len(parts) < 2:  # noqa: PLR2004 - fewer than two pages is one
        return list(parts)
    of = len(parts)
    found = drawing.finding
    return [replace(part, finding=f"{found}{NO_BREAK}({n}/{of})") for n, part in enumerate(parts, start=1)]


def _even(drawing: Drawing, whole: int, most: int, between: Callable[[Drawing, int, int], Drawing]) -> list[Drawing]:
    """A drawing in even parts of at most so many."""
    count = -(-whole // most)
    if count < 2:  # noqa: PLR2004 - as above
        return [drawing]
    bounds = [round(number * whole / count) for number in range(count + 1)]
    return [between(drawing, start, end) for start, end in itertools.pairwise(bounds)]


def _panels_between(drawing: Drawing, start: int, end: int) -> Drawing:
    """Some panels, with what is in every one."""
    panels = drawing.panels[start:end]
    shown = {"", *(key for key, _ in panels)}
    return replace(drawing, panels=panels, layers=tuple(layer for layer in drawing.layers if layer.panel in shown))


def _columns_between(drawing: Drawing, start: int, end: int) -> Drawing:
    """Some columns of a grid."""
    kept = (
        [replace(cell, column=cell.column - start) for cell in layer.cells if start <= cell.column < end]
        for layer in drawing.layers
    )
    layers = (replace(layer, cells=tuple(cells)) for layer, cells in zip(drawing.layers, kept, strict=True))
    return replace(drawing, columns=drawing.columns[start:end], layers=tuple(layers))


def _rows_between(drawing: Drawing, start: int, end: int) -> Drawing:
    """Some rows; a rule crosses all."""
    layers = (layer if layer.mark == "rule" else _between(layer, start, end) for layer in drawing.layers)
    return replace(drawing, rows=drawing.rows[start:end], layers=tuple(layers))


def _between(layer: Layer, start: int, end: int) -> Layer:
    kept = (replace(cell, row=cell.row - start) for cell in layer.cells if start <= cell.row < end)
    return replace(layer, cells=tuple(kept))
