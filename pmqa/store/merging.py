"""Two who changed one thing side by side: what becomes of it, cell by cell."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

Cell = TypeVar("Cell", bound=Hashable)
Value = TypeVar("Value")


def merged(
    began: Mapping[Cell, Value], mine: Mapping[Cell, Value], now: Mapping[Cell, Value]
) -> tuple[dict[Cell, Value | None], list[Cell]]:
    """`now` with my changes of what I began from; and the cells that somebody else has changed since, to another value.

    A cell that is missing has the value None: it was added, or removed.
    """
    cells = dict.fromkeys([*began, *mine])
    changed = {cell: mine.get(cell) for cell in cells if mine.get(cell) != began.get(cell)}
    clashes = [cell for cell, value in changed.items() if now.get(cell) not in (began.get(cell), value)]
    return {**now, **changed}, clashes
