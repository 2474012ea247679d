"""Where doubles could tell a level or a shown digit wrongly, the exact value decides. Paragraph 2 of the rules.

A score matters by where it lies among the GRID: the places where a shown value or a level changes. Computed in doubles
it is off by less than 1e-11 (a few dozen operations on values below 1000). Off the grid by more than NEAR, level and
shown digits are those of the exact value. Nearer, either the exact value has a denominator so small that it can only
be the place itself, or it is computed again in fractions. So nothing depends on a tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Final

import numpy as np

from pmqa.framework import Scoring
from pmqa.scoring.points import Flags, Floats

GRID: Final = 20  # places a point: a shown value changes at odd ones, and levels begin at whole points
NEAR: Final = 1e-10
# Two different fractions with denominators GRID and at most this are more than 2 * NEAR apart.
SMALL: Final = int(1 / (2 * NEAR * GRID))
SHARES: Final = 200  # places of a share: a shown percent changes at odd ones


@lru_cache(maxsize=4096)  # the numbers of an edition, and round ones, are asked for again and again
def fraction_of(value: float) -> Fraction:
    """The decimal that a number stands for, as a fraction."""
    return Fraction(repr(float(value)))


def nearest_double(exact: Fraction) -> float:
    """The double nearest to the exact value, but on its side of a place of the grid."""
    found = float(exact)
    place = Fraction(round(exact * GRID), GRID)
    if exact != place and found == float(place):
        return math.nextafter(found, math.inf if exact > place else -math.inf)
    return found


def settled(values: Floats, proven: Flags, exact: Callable[..., Fraction], places: int = GRID) -> Floats:
    """The values, each on its side of the grid.

    proven: where the exact value has a denominator that is SMALL, so that near a place it is the place. exact: the
    exact value at an index, asked only elsewhere. Blanks stay.
    """
    nearest = np.rint(values * places) / places
    near = np.abs(values - nearest) < NEAR
    found = np.where(near & proven, nearest, values)
    for index in zip(*np.nonzero(near & ~proven), strict=True):
        found[index] = nearest_double(exact(*(int(place) for place in index)))
    return found


def of_settled(values: Floats, places: int = GRID) -> Floats:
    """Means and medians of settled values: nearer to a place of the grid than NEAR, they are it."""
    nearest = np.rint(values * places) / places
    return np.where(np.abs(values - nearest) < NEAR, nearest, values)


def is_small(denominators: Iterable[int]) -> Flags:
    """Which denominators prove what they are of to be a place of the grid when it is near."""
    return np.array([denominator <= SMALL for denominator in denominators], dtype=np.bool_)


def is_on_grid(values: Floats) -> Flags:
    """Which settled values are exactly a place of the grid."""
    found: Flags = np.rint(values * GRID) / GRID == values
    return found


def measure_rate(actual: float, target: float, lower: bool, scoring: Scoring) -> Fraction:
    """The success rate in percent (5.2); target at least 0."""
    done, wanted = fraction_of(actual), fraction_of(target)
    if wanted == 0:
        met = done <= 0 if lower else done >= 0
        return Fraction(100 if met else 0)
    share = 100 * done / wanted
    rate = 200 - share if lower else share
    return min(max(rate, fraction_of(scoring.success_rate_min)), fraction_of(scoring.success_rate_max))


def band_points(rate: Fraction, scoring: Scoring) -> Fraction:
    """Points of a success rate (5.3)."""
    for band in scoring.bands:
        limit = Fraction(band.limit) if math.isfinite(band.limit) else None
        if limit is None or rate < limit or (band.inclusive and rate == limit):
            if band.points_per_percent is not None:
                return rate * fraction_of(band.points_per_percent)
            return fraction_of(band.points or 0.0)
    raise ValueError(rate)


def interval_points(actual: float, target: float, step: float, lower: bool, scoring: Scoring) -> Fraction:
    """Points by the method interval (5.4); step above 0."""
    ahead = fraction_of(actual) - fraction_of(target)
    points = fraction_of(scoring.interval_points_at_target) + (
        fraction_of(scoring.interval_points_per_step) * (-ahead if lower else ahead) / fraction_of(step)
    )
    return min(max(points, fraction_of(scoring.scale_min)), fraction_of(scoring.scale_max))
