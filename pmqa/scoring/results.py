"""Measures to indicators and result items; trend and comparison beside the score. Paragraph 5 of docs/scoring.md."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Final

import numpy as np
import pandas as pd

from pmqa.framework import Framework, Scoring
from pmqa.scoring.exact import (
    GRID,
    SMALL,
    band_points,
    fraction_of,
    interval_points,
    is_on_grid,
    measure_rate,
    nearest_double,
    settled,
)
from pmqa.scoring.points import Codes, Flags, Floats, coded
from pmqa.scoring.totals import Totals, sum_of_groups
from pmqa.sources import Basis

OF_RULES: Final = (
    *("target", "actual", "direction", "method", "step"),  # what success rate and points follow from
    *("actual_1", "actual_2", "benchmark", "accepted"),
)
TRENDS: Final = ("worse", "steady", "better")
COMPARISONS: Final = ("worse", "same", "better")
TEN_THOUSANDTHS: Final = 10_000
MOST_WHOLE: Final = 1e15  # differences of whole numbers below it are exact in doubles
CLOSE: Final = 1e-9  # of the whole: nearer to the edge of steady than this, fractions decide


@dataclass(frozen=True)
class Figures:
    """What success rates and points of measures follow from, as arrays."""

    target: Floats
    actual: Floats
    step: Floats
    is_lower: Flags
    by_interval: Flags

    def at(self, places: Codes) -> Figures:
        """Those of some measures."""
        return Figures(*(getattr(self, part.name)[places] for part in fields(self)))


@dataclass(frozen=True)
class Measured:
    """MEASURES of known submissions and indicators as arrays, one place a measure, in order of their keys."""

    rows: pd.DataFrame  # OF_RULES of them
    figures: Figures
    submission: Codes  # place of its submission
    indicator: Codes
    number: Codes
    rate: Floats  # success rate in percent; nan where there is none
    points: Floats  # nan where the measure is unanswered


def measured(submissions: list[str], measures: pd.DataFrame, framework: Framework) -> Measured:
    """MEASURES with their success rates and points, whatever order they came in."""
    submission = coded(measures["submission"], submissions)
    indicator = coded(measures["indicator"], [indicator.id for indicator in framework.indicators])
    number = measures["number"].to_numpy(dtype=np.int64)
    order = np.lexsort((number, indicator, submission))
    order = order[(submission[order] >= 0) & (indicator[order] >= 0)]
    rows = measures[list(OF_RULES)].iloc[order]
    figures = _figures(rows)
    # Equal numbers score alike: of ten thousand agencies few are distinct, and fractions are slow.
    _, first, of = np.unique(_alike(figures), return_index=True, return_inverse=True)
    distinct = figures.at(first)
    rate = success_rates(distinct, framework.scoring)
    points = measure_points(distinct, rate, framework.scoring)
    return Measured(rows, figures, submission[order], indicator[order], number[order], rate[of], points[of])


def _figures(measures: pd.DataFrame) -> Figures:
    target, actual, step = (_numbers(measures, name) for name in ("target", "actual", "step"))
    by_interval = (measures["method"] == "interval").to_numpy(dtype=np.bool_)
    return Figures(target, actual, step, _is_lower(measures), by_interval)


def _alike(figures: Figures) -> Codes:
    """A number for each measure, the same where all figures are; blanks are the same."""
    number: Codes = figures.is_lower * 2 + figures.by_interval.astype(np.int64)
    for column in (figures.target, figures.actual, figures.step):
        places, distinct = pd.factorize(column)
        number = pd.factorize(number * (len(distinct) + 1) + places)[0]  # anew each time: none grows too long
    return number


def success_rates(of: Figures, scoring: Scoring) -> Floats:
    """Percent of the target that was reached (5.2); nan without target or actual, or below a target of 0."""
    target, actual, lower = of.target, of.actual, of.is_lower
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        share = 100 * actual / target
        rate = np.where(lower, 200 - share, share)
        met = np.where(lower, actual <= target, actual >= target)
    rate = np.where(target == 0, np.where(met, 100.0, 0.0), rate)
    rate = np.where(np.isnan(actual) | np.isnan(target) | (target < 0), np.nan, rate)
    rate = np.clip(rate, scoring.success_rate_min, scoring.success_rate_max)
    return settled(rate, _proven(of), lambda at: _exact_rate(of, at, scoring))


def measure_points(of: Figures, rate: Floats, scoring: Scoring) -> Floats:
    """Points by each measure's method (5.3, 5.4); nan where it is unanswered (5.1). rate: settled."""
    points = np.full(len(rate), np.nan)
    for band in reversed(scoring.bands):
        within = rate <= band.limit if band.inclusive else rate < band.limit
        earned = np.full(len(rate), band.points) if band.points_per_percent is None else rate * band.points_per_percent
        points = np.where(within, earned, points)
    points = settled(points, _proven(of), lambda at: band_points(_exact_rate(of, at, scoring), scoring))
    return np.where(of.by_interval, _by_interval(of, scoring), points)


def _by_interval(of: Figures, scoring: Scoring) -> Floats:
    """Points by intervals where wanted (5.4); nan where there are none.

    A difference of two long numbers has no digits to spare in doubles, so it is one of whole ten-thousandths where
    the numbers are such, and of fractions elsewhere.
    """
    target, actual, step, wanted = of.target, of.actual, of.step, of.by_interval
    at_target, per_step = scoring.interval_points_at_target, scoring.interval_points_per_step
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        whole = [np.rint(numbers * TEN_THOUSANDTHS) for numbers in (target, actual, step)]
        short = np.all(
            [
                (parts / TEN_THOUSANDTHS == numbers) & (np.abs(parts) <= MOST_WHOLE)
                for parts, numbers in zip(whole, (target, actual, step), strict=True)
            ],
            axis=0,
        )
        ahead = np.where(of.is_lower, whole[0] - whole[1], whole[1] - whole[0])
        points = np.clip(at_target + per_step * ahead / whole[2], scoring.scale_min, scoring.scale_max)
    points = np.where(wanted & short & (step > 0), points, np.nan)
    proven = (whole[2] <= SMALL) & float(at_target).is_integer() & float(per_step).is_integer()
    points = settled(points, np.asarray(proven), lambda at: _exact_interval(of, at, scoring))
    for at in np.flatnonzero(wanted & ~short & (step > 0) & ~np.isnan(target) & ~np.isnan(actual)):
        points[at] = nearest_double(_exact_interval(of, int(at), scoring))
    return points


def exact_points(of: Figures, at: int, points: float, scoring: Scoring) -> Fraction:
    """The exact points of the measure at a place, of which `points` are the settled ones."""
    if fraction_of(points) * GRID == round(points * GRID):
        return fraction_of(points)
    if of.by_interval[at]:
        return _exact_interval(of, at, scoring)
    return band_points(_exact_rate(of, at, scoring), scoring)


def _proven(of: Figures) -> Flags:
    """Where target and actual have so few digits that a rate near a place of the grid can only be the place."""
    with np.errstate(invalid="ignore", over="ignore"):
        short = [np.rint(numbers * TEN_THOUSANDTHS) / TEN_THOUSANDTHS == numbers for numbers in (of.target, of.actual)]
        proven: Flags = short[0] & short[1] & (of.target <= SMALL / TEN_THOUSANDTHS)
    return proven


def _exact_rate(of: Figures, at: int, scoring: Scoring) -> Fraction:
    return measure_rate(of.actual[at], of.target[at], bool(of.is_lower[at]), scoring)


def _exact_interval(of: Figures, at: int, scoring: Scoring) -> Fraction:
    return interval_points(of.actual[at], of.target[at], of.step[at], bool(of.is_lower[at]), scoring)


def points_on(basis: Basis, of: Measured, scoring: Scoring) -> Floats:
    """Points of measures on a basis: the assessor may refuse a measure, which then has none left (3.1, 5.5)."""
    if not basis.needs_opinion:
        return of.points
    verdict = of.rows["accepted"].astype("boolean").to_numpy(dtype=np.int8, na_value=-1)
    refused = np.where(np.isnan(of.points), np.nan, scoring.scale_min)
    return np.select([verdict == 1, verdict == 0], [of.points, refused], np.nan)


@dataclass(frozen=True)
class Reported:
    """What some submissions reported, on one basis. points: of every measure of `of`. chosen: their places."""

    of: Measured
    points: Floats
    chosen: Codes
    submissions: int  # that `of` holds measures of
    framework: Framework
    _exact: dict[tuple[int, int], Fraction] = field(default_factory=dict, init=False, repr=False, compare=False)

    def means(self) -> Floats:
        """Submissions x indicators: the mean of the scored measures (5.6); nan where there is none."""
        dense = self._dense(self.points, np.nan)
        scored = ~np.isnan(dense)
        total = np.zeros(dense.shape[:2])
        for number in range(dense.shape[2]):
            total += np.where(scored[:, :, number], dense[:, :, number], 0)
        with np.errstate(invalid="ignore"):
            mean: Floats = total / scored.sum(axis=2)
        return mean

    def off_grid(self) -> Flags:
        """Submissions x indicators: whether any scored measure lies off the grid, so that no denominator is known."""
        off = ~np.isnan(self.points) & ~is_on_grid(self.points)
        found: Flags = np.asarray(self._dense(off.astype(np.float64), 0.0).any(axis=2))
        return found

    def exact(self, row: int, indicator: int) -> Fraction:
        """The exact mean of an indicator that has one; a score and the most that it can become ask for the same."""
        if (row, indicator) not in self._exact:
            self._exact[row, indicator] = self._mean(row, indicator)
        return self._exact[row, indicator]

    def _mean(self, row: int, indicator: int) -> Fraction:
        scoring, submission = self.framework.scoring, self.chosen[row]
        own = np.flatnonzero((self.of.submission == submission) & (self.of.indicator == indicator))
        own = own[~np.isnan(self.points[own])]
        return sum(
            (exact_points(self.of.figures, int(at), float(self.points[at]), scoring) for at in own), Fraction(0)
        ) / len(own)

    def _dense(self, values: Floats, blank: float) -> Floats:
        """Chosen submissions x indicators x numbers of measures."""
        shape = (self.submissions, len(self.framework.indicators), int(self.of.number.max(initial=1)) + 1)
        dense = np.full(shape, blank)
        dense[self.of.submission, self.of.indicator, self.of.number] = values
        return dense[self.chosen]


def indicator_totals(score: Floats, framework: Framework) -> Totals:
    """Indicators: an unreported core one could be anything, an unreported optional one does not apply (5.7)."""
    reported = ~np.isnan(score)
    core = np.array([indicator.core for indicator in framework.indicators])
    at_best = np.where(core, framework.scoring.scale_max, np.nan)
    return Totals(score, np.where(reported, score, at_best), reported.astype(np.float64))


def result_items(indicators: Totals, framework: Framework) -> Totals:
    """Result items: the mean over the indicators in scope, reported or core (5.8, 5.9)."""
    scoring = framework.scoring
    place = {indicator.id: number for number, indicator in enumerate(framework.indicators)}
    groups = [[place[i.id] for i in framework.indicators_of[item.id]] for item in framework.items_with_indicators]
    core = np.array([indicator.core for indicator in framework.indicators])
    reported = ~np.isnan(indicators.score)

    def summed(parts: Flags | Floats) -> Floats:
        return sum_of_groups(parts.astype(np.float64), groups)

    some = summed(reported) > 0
    in_scope = summed(reported | core)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = summed(np.where(reported, indicators.score, scoring.scale_min * core)) / in_scope
        score_max = summed(np.where(reported, indicators.score, scoring.scale_max * core)) / in_scope
        coverage = summed(reported & core) / summed(np.broadcast_to(core, reported.shape))
    return Totals(
        np.where(some, score, np.nan),
        np.where(in_scope > 0, score_max, scoring.scale_max),
        # Without any core indicator there is no share to take: complete as soon as something was reported.
        np.where(np.isnan(coverage), some, coverage),
    )


def trends(measures: pd.DataFrame, scoring: Scoring) -> pd.Categorical:
    """Sign of the Theil-Sen slope over the years given, in the direction that is better (5.10)."""
    first, second, third = (_numbers(measures, name) for name in ("actual_2", "actual_1", "actual"))
    early, late, whole = second - first, third - second, (third - first) / 2
    # The median of three slopes; with two years there is only one, and the other two are nan.
    middle = np.maximum(np.minimum(early, late), np.minimum(np.maximum(early, late), whole))
    slope = np.where(np.isnan(middle), np.fmax(np.fmax(early, late), whole), middle)
    years = np.stack([first, second, third])
    count = (~np.isnan(years)).sum(axis=0)
    level = np.abs(np.where(np.isnan(years), 0, years).sum(axis=0)) / np.maximum(count, 1)
    allowed = scoring.trend_steady_percent / 100 * level
    steady: Flags = np.asarray(np.abs(slope) <= allowed)
    magnitude = np.nanmax(np.abs(np.where(np.isnan(years), 0, years)), axis=0, initial=0)
    for at in np.flatnonzero((slope != 0) & (np.abs(np.abs(slope) - allowed) <= CLOSE * magnitude)):
        steady[at] = _is_steady([float(value) for value in years[:, at]], scoring)
    better = np.where(_is_lower(measures), slope < 0, slope > 0)
    return pd.Categorical.from_codes(
        np.select([np.isnan(slope), steady, better], [-1, 1, 2], 0), categories=pd.Index(TRENDS, dtype="str")
    )


def _is_steady(years: list[float], scoring: Scoring) -> bool:
    """Whether the slope is within the allowed share of the mean level, in fractions (5.10)."""
    given = [(place, fraction_of(value)) for place, value in enumerate(years) if not np.isnan(value)]
    slopes = sorted((y - x) / (b - a) for n, (a, x) in enumerate(given) for b, y in given[n + 1 :])
    mean = abs(sum((value for _, value in given), Fraction(0)) / len(given))
    return abs(slopes[len(slopes) // 2]) <= fraction_of(scoring.trend_steady_percent) / 100 * mean


def comparisons(measures: pd.DataFrame) -> pd.Categorical:
    """The actual against the benchmark, in the direction that is better (5.11)."""
    ahead = _numbers(measures, "actual") - _numbers(measures, "benchmark")
    ahead = np.where(_is_lower(measures), -ahead, ahead)
    return pd.Categorical.from_codes(
        np.where(np.isnan(ahead), -1, np.sign(ahead) + 1).astype(np.int8),
        categories=pd.Index(COMPARISONS, dtype="str"),
    )


def _numbers(measures: pd.DataFrame, column: str) -> Floats:
    values: Floats = measures[column].to_numpy(dtype=np.float64)
    return values


def _is_lower(measures: pd.DataFrame) -> Flags:
    lower: Flags = (measures["direction"] == "lower").to_numpy(dtype=np.bool_)
    return lower
