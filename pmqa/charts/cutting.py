"""Drawings of very many rows: marks that are made when they are asked for, and some of the rows alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, overload

from pmqa.charts.drawing import Cell, Drawing, Layer

CUT: Final = ("rows", "grid")  # kinds of drawings whose rows stand alone


class Tiles(Sequence[Cell]):
    """The cells of a full grid, row by row, each made when it is asked for: a screen shows few of a hundred thousand.

    width: columns. make: a cell from its place.
    """

    def __init__(self, count: int, width: int, make: Callable[[int], Cell]) -> None:
        self._count = count
        self.width = width
        self._make = make

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Cell: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Cell, ...]: ...
    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return tuple(map(self._make, range(*place.indices(self._count))))
        return self._make(range(self._count)[place])

    def __iter__(self) -> Iterator[Cell]:
        return map(self._make, range(self._count))


def rows_of(drawing: Drawing, places: Sequence[int]) -> Drawing:
    """The drawing of some of its rows, in the order given; what it says of all of them stays.

    places: of the rows, each once. Raises ValueError for a drawing whose rows mean nothing alone.
    """
    if drawing.kind not in CUT:
        raise ValueError(f"rows of {drawing.kind}")
    now = {place: number for number, place in enumerate(places)}
    layers = tuple(replace(layer, cells=_cells_of(layer, places, now)) for layer in drawing.layers)
    return replace(drawing, rows=tuple(drawing.rows[place] for place in places), layers=layers)


def _cells_of(layer: Layer, places: Sequence[int], now: dict[int, int]) -> tuple[Cell, ...]:
    cells = layer.cells
    if layer.mark == "rule":  # through all rows
        return tuple(cells)
    if isinstance(cells, Tiles):
        found = [cells[place * cells.width + column] for place in places for column in range(cells.width)]
    else:
        found = [cell for cell in cells if cell.row in now]
    return tuple(replace(cell, row=now[cell.row]) for cell in found)
