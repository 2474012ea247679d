"""The legend of an editable chart: as much room as its names need, names as long as there is room.

Programs place a legend without looking: over the plot where it is large, and without the entries that find no room.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from pmqa.charts.words import ELLIPSIS, KEPT_END, NO_BREAK, clusters, fitted, lines_of, plain, width_of

PIXELS_A_POINT: Final = 4 / 3
KEY: Final = 56.0  # pixels of an entry's mark, and of the gap to the next
LINE: Final = 1.6  # height of a line in font sizes: Thai marks above and below need it
BETWEEN: Final = 1.7  # font sizes that programs leave between entries that stand one below the other
ACROSS: Final = 0.94  # of a chart's width, for a legend below it
BESIDE_LEFT, BESIDE_WIDTH = 0.745, 0.25  # of a chart's width, for one beside it
MOST_LINES: Final = 4  # of an entry
TIGHTER: Final = 0.95
BEHIND: Final = " · "  # what stands before that which belongs to a name
PAD: Final = 8.0  # pixels around


def height_below(names: Sequence[str], width: float, size: int) -> float:
    """Pixels of a legend below a chart: columns as wide as the widest name, which is broken where it is too wide."""
    if len(names) < 2:  # noqa: PLR2004 - one thing needs no legend
        return 0.0
    text, room = size * PIXELS_A_POINT, ACROSS * width
    widest = max(width_of(name, text) for name in names)
    columns = max(int(room // (widest + KEY)), 1)
    lines = 1 if columns > 1 else max(len(lines_of(name, room - KEY, text)) for name in names)
    return math.ceil(len(names) / columns) * lines * LINE * text + 2 * PAD


def beside(names: Sequence[str], width: float, height: float, size: int) -> tuple[list[str], float]:
    """Names of a legend beside a plot, as long as there is room: too long ones keep their ends. And its share of the
    height."""
    room, text = BESIDE_WIDTH * width - KEY, size * PIXELS_A_POINT
    most = max((m for m in range(1, MOST_LINES + 1) if _height_beside(len(names), m, size) <= height), default=1)
    fitting = [shortened(name, room, size, most) for name in names]
    lines = max((len(lines_of(name, room, text)) for name in fitting), default=1)
    return fitting, min(_height_beside(len(names), lines, size) / height, 1.0)


def _height_beside(entries: int, lines: int, size: int) -> float:
    return (entries * lines * LINE + (entries - 1) * BETWEEN) * size * PIXELS_A_POINT + 2 * PAD


def broken(text: str, width: float, size: float) -> list[str]:
    """The text in lines of at most `width` pixels, which joined are the text again."""
    return [line.replace(NO_BREAK, " ") for line in lines_of(text, width, size)]


def shortened(name: str, room: float, size: int, most: int) -> str:
    """A name in at most `most` lines of `room` pixels; what stands behind it (its coverage, n) stays, on one line."""
    text = size * PIXELS_A_POINT
    first, dot, said = name.partition(BEHIND)
    behind = f"{dot}{said.replace(' ', NO_BREAK)}"
    if width_of(behind, text) > room:  # a name with a dot in itself
        first, behind = name, ""
    if len(lines_of(first + behind, room, text)) <= most:
        return first + behind
    least = width_of(ELLIPSIS + "".join(clusters(plain(first))[-KEPT_END:]), text)
    wide = max(most * room - width_of(behind, text), least)
    while True:
        (shown,) = fitted(first, wide, text, 1)
        if len(lines_of(f"{shown}{behind}", room, text)) <= most or wide == least:
            return f"{shown}{behind}"
        wide = max(wide * TIGHTER, least)  # lines end before their room does
