"""Names at the ends of lines: beside them, pushed apart where they would lie on each other, joined by thin leaders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pmqa.charts.palette import Theme
from pmqa.charts.points import coverage_text
from pmqa.charts.style import SCORE_RANGE, SMALL_SIZE, label
from pmqa.charts.words import escaped, fitted
from pmqa.text import Translator

LABEL_STEP: Final = 34  # pixels between labels of two lines
LEADER: Final = (7, 22)  # pixels from the end of a line where the leader to its label starts and ends
END_OF_LINE: Final = 54  # pixels of the leader, of the dot and to the picture's edge


@dataclass(frozen=True)
class End:
    """Where a line ends and where its label stands, in points; what the label says, escaped; the line's colour."""

    value: float
    place: float
    text: str
    colour: str


def ends_of(
    values: Sequence[float],
    names: Sequence[str],
    coverages: Sequence[float],
    colours: Sequence[str],
    t: Translator,
    *,
    room: int,
    height: int,
) -> list[End]:
    """Ends of lines in a plot of 0..500 points and `height` pixels, lowest first; labels take `room` pixels."""
    order = sorted(range(len(values)), key=values.__getitem__)
    step = LABEL_STEP * (SCORE_RANGE[1] - SCORE_RANGE[0]) / height
    places = apart([values[at] for at in order], step, SCORE_RANGE)
    return [
        End(
            values[at],
            place,
            end_label(colours[at], t.number(values[at]), names[at], room, coverage_text(coverages[at], t)),
            colours[at],
        )
        for at, place in zip(order, places, strict=True)
    ]


def end_label(colour: str, value: str, name: str, room: int, answered: str = "") -> str:
    """A line's value and name beside its end, in two lines of at most `room` pixels with a dot of its colour.

    answered: its coverage in words where that is below 100 %; a long name gives way, and the coverage never.
    """
    # The value is a part of the first line, so that the second has all of the room.
    beside = f" · {answered}" if answered else ""
    shown = fitted(f"{value} {name}", room - END_OF_LINE, SMALL_SIZE, 2, beside)
    lines = "<br>".join(escaped(line) for line in shown)
    return f'<span style="color:{colour}">●</span> <b>{value}</b>{lines.removeprefix(value)}'


def beside_ends(ends: Sequence[End], side: int, theme: Theme) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Labels beside a plot (side: 0 = left, 1 = right) as annotations, and as shapes a thin line to each."""
    away = 1 if side else -1
    labels = [
        label(
            end.text,
            side,
            end.place,
            theme,
            xref="paper",
            xanchor="left" if side else "right",
            xshift=away * (LEADER[1] + 2),
            align="left" if side else "right",
        )
        for end in ends
    ]
    leaders = [
        {
            "type": "line",
            "xref": "paper",
            "xsizemode": "pixel",
            "xanchor": side,
            "x0": away * LEADER[0],
            "x1": away * LEADER[1],
            "y0": end.value,
            "y1": end.place,
            "line": {"width": 1, "color": end.colour},
        }
        for end in ends
    ]
    return labels, leaders


def apart(values: Sequence[float], step: float, limits: tuple[float, float]) -> list[float]:
    """Places for labels of ascending values: at least `step` apart, as near to the values as that allows.

    Values that are too near share out the room around their mean (pooling of adjacent violators); the whole is then
    shifted inside the limits.
    """
    pools: list[tuple[float, int]] = []  # mean of (value - rank * step), how many
    for rank, value in enumerate(values):
        mean, count = value - rank * step, 1
        while pools and pools[-1][0] > mean:
            before, many = pools.pop()
            mean, count = (before * many + mean * count) / (many + count), many + count
        pools.append((mean, count))
    flat = [mean for mean, count in pools for _ in range(count)]
    places = [mean + rank * step for rank, mean in enumerate(flat)]
    # From the top down, then from the bottom up: what leaves the limits pushes its neighbours inwards.
    ceiling = limits[1]
    for rank in range(len(places) - 1, -1, -1):
        places[rank] = min(places[rank], ceiling)
        ceiling = places[rank] - step
    floor = limits[0]
    for rank, place in enumerate(places):
        places[rank] = max(place, floor)
        floor = places[rank] + step
    return places
