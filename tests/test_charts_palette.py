"""Colours that colour-blind readers tell apart, on white and on dark, and that stay with their agency."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmqa.charts.drawing import level_colours
from pmqa.charts.palette import (
    ACCENT,
    AGENCY_COLOURS,
    AGENCY_MARKERS,
    CONTRAST,
    DASHES,
    MEDIAN_DASH,
    MEDIAN_MARKER,
    ON_DARK,
    SHADES,
    THEMES,
    agency_colours,
    blend,
    contrast,
    ink_on,
    looks,
)

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
SIGHT = {
    "normal": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}
LMS = np.array(
    [[0.41222147, 0.53633254, 0.05144599], [0.21190350, 0.68069955, 0.10739696], [0.08830246, 0.28171884, 0.62997870]]
)
LAB = np.array(
    [
        [0.21045426, 0.79361779, -0.00407205],
        [1.97799850, -2.42859220, 0.45059371],
        [0.02590404, 0.78277177, -0.80867577],
    ]
)


def seen(colour: str, sight: str) -> np.ndarray:
    """OKLab (times 100) of a colour as it is seen; 2 is about the least difference that anyone notices."""
    srgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return 100 * (LAB @ np.cbrt(LMS @ np.clip(SIGHT[sight] @ linear, 0, 1)))


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(
    ("colours", "least"), [(AGENCY_COLOURS, 10), (tuple(ON_DARK.values()), 10), ((ACCENT, CONTRAST), 20)]
)
def test_colours_that_mean_different_things_look_different(colours: tuple[str, ...], least: float, sight: str) -> None:
    for one, other in combinations(colours, 2):
        assert np.linalg.norm(seen(one, sight) - seen(other, sight)) >= least, (one, other)


@pytest.mark.parametrize("theme", THEMES)
def test_marks_have_3_to_1_and_texts_4_and_a_half_to_1_on_their_background(theme: str) -> None:
    shades = SHADES[theme]
    for colour in (*AGENCY_COLOURS, ACCENT, CONTRAST):
        assert contrast(colour, shades.background) >= 3, colour
    for colour in ON_DARK.values() if theme == "dark" else ():
        assert contrast(colour, shades.background) >= 4, colour
    for text in (shades.ink, shades.muted):
        assert contrast(text, shades.background) >= 4.5, text


@pytest.mark.parametrize("theme", THEMES)
def test_numbers_in_cells_can_be_read_over_the_whole_scale(theme: str) -> None:
    for step in range(51):
        cell = blend(*SHADES[theme].scale, step / 50)
        assert contrast(ink_on(cell), cell) >= 4.5, cell


def test_numbers_on_levels_can_be_read() -> None:
    assert all(contrast(ink_on(colour), colour) >= 4.5 for count in range(1, 6) for colour in level_colours(count))


def test_an_agency_alone_keeps_its_look_on_every_page() -> None:
    assert agency_colours(["กรม-01"]) == agency_colours(["กรม-01"])
    assert agency_colours(["D-07"])["D-07"].colour == "#c60d0d"  # changes only if the rule does, for everybody at once


codes = st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=8, unique=True)


@given(codes)
def test_agencies_shown_together_differ_in_colour_and_dash_and_marker(chosen: list[str]) -> None:
    found = list(agency_colours(chosen).values())
    for part in ("colour", "dash", "marker"):
        assert len({getattr(look, part) for look in found}) == len(chosen)


@given(codes)
def test_the_order_of_choosing_moves_no_colour(chosen: list[str]) -> None:
    forwards, backwards = agency_colours(chosen), agency_colours(chosen[::-1])
    assert {code: look.colour for code, look in forwards.items()} == {c: look.colour for c, look in backwards.items()}


@given(codes, st.integers(0, 7))
def test_whoever_is_alone_in_its_preference_has_it_in_company_too(chosen: list[str], place: int) -> None:
    code = chosen[place % len(chosen)]
    alone = agency_colours([code])[code]
    others = [agency_colours([other])[other].colour for other in chosen if other != code]
    if alone.colour not in others and len(set(others)) == len(others):
        assert agency_colours(chosen)[code].colour == alone.colour


def test_more_than_eight_share_the_colours_evenly() -> None:
    found = agency_colours([f"A{n}" for n in range(24)])
    counts = [sum(look.colour == colour for look in found.values()) for colour in AGENCY_COLOURS]
    assert counts == [3] * 8


def test_a_median_is_never_mistaken_for_an_agency() -> None:
    assert MEDIAN_MARKER not in AGENCY_MARKERS
    assert MEDIAN_DASH not in DASHES
    for theme in THEMES:
        found = looks({"A": "agency", "median": "median", "best": "best", "target": "target"}, theme)
        assert found["median"].colour == SHADES[theme].ink
        assert len({look.dash for look in found.values()}) == len({look.marker for look in found.values()}) == 4
