"""Outlines of the marks that tell series apart, as Plotly draws them on screens."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from pmqa.exports.scenes import Point, Scene

OPEN_EDGE: Final = 2.0  # pixels of an open mark's line
STAR: Final = (1.4, 1.4 * 0.382)  # radii of its points and of its inner corners
HEXAGRAM: Final = (1.0, 0.577)


def _around(radii: Sequence[float], count: int, turn: float = 0.0) -> tuple[Point, ...]:
    """Corners clockwise from `turn` degrees after the top, their radii in turn."""
    angles = [math.tau * place / count + math.radians(turn) for place in range(count)]
    return tuple(
        (radii[place % len(radii)] * math.sin(angle), -radii[place % len(radii)] * math.cos(angle))
        for place, angle in enumerate(angles)
    )


def _plus(arm: float, half: float) -> tuple[Point, ...]:
    """A cross of four equal arms, clockwise."""
    corners = [(-half, -half), (-half, -arm), (half, -arm)]
    whole = list(corners)
    for _ in range(3):
        corners = [(-y, x) for x, y in corners]
        whole += corners
    return tuple(whole)


# In radii; y grows downwards.
OUTLINES: Final[Mapping[str, tuple[Point, ...]]] = {
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "diamond": _around((1.3,), 4),
    "pentagon": _around((1.0,), 5),
    "star": _around(STAR, 10),
    "hexagram": _around(HEXAGRAM, 12),
    "cross": _plus(1.2, 0.4),
    "x": tuple(((x - y) * math.sqrt(0.5), (x + y) * math.sqrt(0.5)) for x, y in _plus(1.1, 0.4)),
    "triangle-up": _around((1.15,), 3),
    "triangle-right": _around((1.15,), 3, 90),
    "triangle-down": _around((1.15,), 3, 180),
    "triangle-left": _around((1.15,), 3, 270),
}


def add_symbol(scene: Scene, at: Point, name: str, size: float, colour: str, edge: float) -> None:
    """A mark of `size` pixels across; an open one has an edge and no inside."""
    shape, is_open, radius = name.removesuffix("-open"), name.endswith("-open"), size / 2
    fill, width = ("", edge or OPEN_EDGE) if is_open else (colour, edge)
    if shape == "circle":
        scene.circle(at, radius, fill, colour, width)
        return
    outline = [(at[0] + radius * x, at[1] + radius * y) for x, y in OUTLINES[shape]]
    scene.path([outline], fill=fill, stroke=colour, width=width, closed=True)
