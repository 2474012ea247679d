"""Colours, dashes and markers: safe for colour-blind readers, 3:1 or better on both backgrounds, never alone.

The eight agency colours are the farthest apart (OKLab, simulated deuteranopia and protanopia after Machado 2009) that
keep 3:1 on white and on the dark background; tests measure them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from types import MappingProxyType
from typing import Final, Literal

Theme = Literal["light", "dark"]
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")


@dataclass(frozen=True)
class Look:
    """How a series is told from others: colour and dash and marker, each different."""

    colour: str
    dash: str
    marker: str


@dataclass(frozen=True)
class Shades:
    """The neutral colours of a theme."""

    background: str
    ink: str  # text, and the line of a median
    muted: str  # second-rank text; 4.5:1 or better
    grid: str
    band: str  # quartiles and other quiet areas
    scale: tuple[str, str]  # of the sequential hue: at 0 and at 500


SHADES: Final[Mapping[Theme, Shades]] = MappingProxyType(
    {
        "light": Shades("#ffffff", "#16202b", "#4d5b6a", "#dbe1e8", "#c9d3df", ("#eef4fb", "#0b4a8f")),
        "dark": Shades("#0f161d", "#e9eef3", "#a9b5c2", "#2c3844", "#3d4c5c", ("#16273a", "#9cc9f7")),
    }
)

# A colour keeps its marker; the dash goes by the place in the chart, so that the first series is solid.
AGENCY_COLOURS: Final = ("#0465ad", "#fe570b", "#2a6d64", "#8a14ff", "#128dad", "#c60d0d", "#2ba574", "#957eff")
# The same on the dark background, where a dotted line of 3:1 can hardly be followed: 4:1, as far apart.
ON_DARK: Final = MappingProxyType(
    dict(
        zip(
            AGENCY_COLOURS,
            ("#2c7eba", "#ff9650", "#6e827c", "#8c50ff", "#71a8a1", "#d64432", "#91d0b7", "#948bff"),
            strict=True,
        )
    )
)
AGENCY_MARKERS: Final = ("circle", "square", "diamond", "triangle-up", "pentagon", "triangle-down", "hexagram", "star")
DASHES: Final = (
    "solid",
    "9px,4px",
    "2px,4px",
    "12px,4px,2px,4px",
    "16px,6px",
    "5px,3px",
    "12px,4px,2px,4px,2px,4px",
    "3px,8px",
)
MEDIAN_DASH: Final = "6px,3px"
MEDIAN_MARKER: Final = "x"
ROLE_MARKS: Final = MappingProxyType(
    {
        "median": (MEDIAN_DASH, MEDIAN_MARKER),
        "best": ("1px,3px", "star-open"),
        "target": ("8px,2px,2px,2px", "cross"),
    }
)

ACCENT: Final = "#1f6fb5"  # the one colour of charts that need one
CONTRAST: Final = "#d9630f"  # the second: below target, behind


def agency_colours(codes: Sequence[str]) -> dict[str, Look]:
    """Agency code -> Look, in the order given.

    A code prefers the same colour and marker on every page (a hash of the code, not a place in a selection). Where two
    that are shown together prefer the same, the one whose code sorts later takes the next free; beyond eight, colours
    repeat. Dashes go by the order given: the first is solid.
    """
    slots = agency_slots([codes])
    return {
        code: Look(AGENCY_COLOURS[slots[code]], DASHES[place % len(DASHES)], AGENCY_MARKERS[slots[code]])
        for place, code in enumerate(dict.fromkeys(codes))
    }


def agency_slots(together: Sequence[Sequence[str]]) -> dict[str, int]:
    """Agency code -> place of its colour and marker, one for several charts; of each, the codes that it tells apart.

    A code keeps the colour that it prefers unless a code that sorts before it has that in one of its charts.
    """
    slots: dict[str, int] = {}
    for code in sorted({code for group in together for code in group}):
        beside = {other for group in together if code in group for other in group if other in slots}
        taken = Counter(slots[other] for other in beside)
        own = ((_preferred(code) + step) % len(AGENCY_COLOURS) for step in range(len(AGENCY_COLOURS)))
        slots[code] = min(own, key=taken.__getitem__)
    return slots


def looks(roles: Mapping[str, str], theme: Theme, colours: Mapping[str, Look] | None = None) -> dict[str, Look]:
    """Series -> Look, from series -> role: agencies by `agency_colours` or as given, others in ink with fixed marks."""
    own = colours or agency_colours([series for series, role in roles.items() if role not in ROLE_MARKS])
    return {
        series: Look(SHADES[theme].ink, *ROLE_MARKS[role]) if role in ROLE_MARKS else own[series]
        for series, role in roles.items()
    }


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0..1 (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1..21 (WCAG 2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on the colour; it is 4.5:1 or better on any."""
    return max(("#ffffff", "#000000"), key=lambda ink: contrast(ink, colour))


def blend(start: str, end: str, share: float) -> str:
    """The colour at `share` of the way, as Plotly's scales mix it (sRGB)."""
    mixed = (round(int(start[at : at + 2], 16) * (1 - share) + int(end[at : at + 2], 16) * share) for at in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _preferred(code: str) -> int:
    return blake2s(code.encode(), digest_size=4).digest()[0] % len(AGENCY_COLOURS)
