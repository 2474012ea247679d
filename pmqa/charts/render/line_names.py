"""Names at the ends of lines: beside them, pushed apart where they would lie on each other, joined by thin leaders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pmqa.charts.drawing import Cell, Drawing, Layer
from pmqa.charts.palette import Theme
from pmqa.charts.style import SMALL_SIZE, label
from pmqa.charts.words import escaped, fitted
from pmqa.text import Translator

LABEL_STEP: Final = 34  # pixels between labels of two lines
LEADER: Final = (7, 22)  # pixels from the end of a line where the leader to its label starts and ends
END_OF_LINE: Final = 54  # pixels of the leader, of the dot and to the picture's edge


def beside_ends(
    drawing: Drawing,
    ends: Sequence[tuple[Layer, Cell]],
    t: Translator,
    theme: Theme,
    *,
    right: bool,
    room: int,
    height: int,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Labels of lines where they end, beside a plot of `height` pixels, as annotations of at most `room` pixels; and
    as shapes a thin line to each."""
    scale, away = drawing.scale, 1 if right else -1
    order = sorted(ends, key=lambda end: end[1].value or 0.0)
    values = [cell.value or 0.0 for _, cell in order]
    places = apart(values, LABEL_STEP * (scale.high - scale.low) / height, (scale.low, scale.high))
    side: dict[str, Any] = {
        "xref": "paper",
        "xanchor": "left" if right else "right",
        "align": "left" if right else "right",
    }
    at = {"type": "line", "xref": "paper", "xsizemode": "pixel", "xanchor": int(right)}
    labels, leaders = [], []
    for (layer, cell), value, place in zip(order, values, places, strict=True):
        colour = layer.style.hue(theme)
        text = end_label(colour, scale.words(value, t), layer.name, room, cell.said)
        labels.append(label(text, int(right), place, theme, xshift=away * (LEADER[1] + 2), **side))
        ends_at = {"x0": away * LEADER[0], "x1": away * LEADER[1], "y0": value, "y1": place}
        leaders.append({**at, **ends_at, "line": {"width": 1, "color": colour}})
    return labels, leaders


def end_label(colour: str, value: str, name: str, room: int, answered: str = "") -> str:
    """A line's value and name beside its end, in two lines of at most `room` pixels with a dot of its colour.

    answered: its coverage in words where that is below 100 %; a long name gives way, and the coverage never.
    """
    # The value is a part of the first line, so that the second has all of the room.
    beside = f" · {answered}" if answered else ""
    shown = fitted(f"{value} {name}", room - END_OF_LINE, SMALL_SIZE, 2, beside)
    lines = "<br>".join(escaped(line) for line in shown)
    return f'<span style="color:{colour}">●</span> <b>{value}</b>{lines.removeprefix(value)}'


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
