"""A Drawing as a chart that Office can edit: which renderer, on how many pages, what stands below its headline."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from pmqa.charts.drawing import Drawing, Kind, Layer
from pmqa.charts.render.wording import row_name
from pmqa.charts.words import width_of
from pmqa.exports.editable import Place
from pmqa.exports.editable_rows import rows_chart
from pmqa.exports.native import LABEL_LINE, MOST_ROWS, MOST_WRAPPED
from pmqa.exports.sheets import Sheet
from pmqa.exports.stamp import SEPARATOR, basis_line
from pmqa.text import Translator

# Kinds that are one chart part and its sheet; a grid is a table, on slides and on sheets.
CHARTS: Final[Mapping[Kind, Callable[[Drawing, Place, Translator], tuple[bytes, Sheet]]]] = {"rows": rows_chart}
MOST_TWO_LINES: Final = 9  # rows on a slide with names of two lines, which are drawn as words: an axis leaves some out
PAGED: Final[frozenset[Kind]] = frozenset({"rows", "grid"})  # kinds with a row a row


def chart_of(drawing: Drawing, place: Place, t: Translator) -> tuple[bytes, Sheet]:
    """The chart part at a place, and the sheet that it is drawn from."""
    return CHARTS[drawing.kind](drawing, place, t)


def topic_line(drawing: Drawing, t: Translator) -> str:
    """Topic, basis, fiscal year, edition and n: what stands below the finding."""
    said = drawing.caption
    line = basis_line(said.basis, said.fiscal_year, said.edition, said.n, t.language)
    return SEPARATOR.join(part for part in (said.title, line) if part)


def drawing_pages(drawing: Drawing, most: int = MOST_ROWS) -> list[Drawing]:
    """The drawing in even parts of at most so many rows, fewer where a slide's would be left out, findings numbered;
    kinds without rows stay whole."""
    wrapped = drawing.kind == "rows" and any(width_of(row_name(row), 1) > LABEL_LINE for row in drawing.rows)
    if wrapped and most == MOST_ROWS:
        most = MOST_WRAPPED if any(layer.mark == "bar" for layer in drawing.layers) else MOST_TWO_LINES
    count = -(-len(drawing.rows) // most) if drawing.kind in PAGED else 1
    if count < 2:  # noqa: PLR2004 - fewer than two pages is one
        return [drawing]
    bounds = [round(number * len(drawing.rows) / count) for number in range(count + 1)]
    return [
        replace(
            drawing,
            finding=f"{drawing.finding} ({number}/{count})",
            rows=drawing.rows[start:end],
            layers=tuple(_between(layer, start, end) for layer in drawing.layers),
        )
        for number, (start, end) in enumerate(itertools.pairwise(bounds), start=1)
    ]


def _between(layer: Layer, start: int, end: int) -> Layer:
    """The layer's cells of some rows; a rule crosses all."""
    if layer.mark == "rule":
        return layer
    kept = (replace(cell, row=cell.row - start) for cell in layer.cells if start <= cell.row < end)
    return replace(layer, cells=tuple(kept))
