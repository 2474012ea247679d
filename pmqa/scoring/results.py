"""Measures to indicators and result items; trend and comparison beside the score. Paragraph 5 of docs/scoring.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pmqa.framework import Framework, Scoring
from pmqa.scoring.points import EDGE, Codes, Flags, Floats, coded
from pmqa.scoring.totals import Totals, sum_of_groups

TRENDS: Final = ("worse", "steady", "better")
COMPARISONS: Final = ("worse", "same", "better")


@dataclass(frozen=True)
class Measured:
    """MEASURES of known submissions and indicators as arrays, one place a measure, in order of their keys."""

    rows: pd.DataFrame
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
    rows = measures.iloc[order]
    rate = success_rates(rows, framework.scoring)
    return Measured(
        rows, submission[order], indicator[order], number[order], rate, measure_points(rows, rate, framework.scoring)
    )


def success_rates(measures: pd.DataFrame, scoring: Scoring) -> Floats:
    """Percent of the target that was reached (5.2); nan without target or actual, or below a target of 0."""
    target, actual, lower = _numbers(measures, "target"), _numbers(measures, "actual"), _is_lower(measures)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        share = 100 * actual / target
        rate = np.where(lower, 200 - share, share)
        met = np.where(lower, actual <= target, actual >= target)
    rate = np.where(target == 0, np.where(met, 100.0, 0.0), rate)
    rate = np.where(np.isnan(actual) | np.isnan(target) | (target < 0), np.nan, rate)
    rate = np.clip(rate, scoring.success_rate_min, scoring.success_rate_max)
    for band in scoring.bands:
        # 85.85 of 85 is 101 on paper and 101.00000000000001 in doubles (2.3).
        rate = np.where(np.abs(rate - band.limit) <= EDGE, band.limit, rate)
    return rate


def measure_points(measures: pd.DataFrame, rate: Floats, scoring: Scoring) -> Floats:
    """Points by each measure's method (5.3, 5.4); nan where it is unanswered (5.1)."""
    points = np.full(len(rate), np.nan)
    for band in reversed(scoring.bands):
        within = rate <= band.limit if band.inclusive else rate < band.limit
        earned = np.full(len(rate), band.points) if band.points_per_percent is None else rate * band.points_per_percent
        points = np.where(within, earned, points)
    by_interval = (measures["method"] == "interval").to_numpy(dtype=np.bool_)
    return np.where(by_interval, _interval_points(measures, scoring), points)


def _interval_points(measures: pd.DataFrame, scoring: Scoring) -> Floats:
    target, actual, step = _numbers(measures, "target"), _numbers(measures, "actual"), _numbers(measures, "step")
    ahead = np.where(_is_lower(measures), target - actual, actual - target)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        points = scoring.interval_points_at_target + scoring.interval_points_per_step * ahead / step
    return np.where(step > 0, np.clip(points, scoring.scale_min, scoring.scale_max), np.nan)


def points_on(basis: str, of: Measured, scoring: Scoring) -> Floats:
    """Points of measures on a basis: the assessor may refuse a measure, which then has none left (3.1, 5.5)."""
    if basis != "verified":
        return of.points
    verdict = of.rows["accepted"].astype("boolean").to_numpy(dtype=np.int8, na_value=-1)
    refused = np.where(np.isnan(of.points), np.nan, scoring.scale_min)
    return np.select([verdict == 1, verdict == 0], [of.points, refused], np.nan)


def indicator_means(points: Floats, of: Measured, submissions: int, indicators: int) -> Floats:
    """Submissions x indicators: the mean of the scored measures (5.6); nan where there is none."""
    width = int(of.number.max(initial=1)) + 1
    dense = np.full((submissions, indicators, width), np.nan)
    dense[of.submission, of.indicator, of.number] = points
    scored = ~np.isnan(dense)
    total = np.zeros((submissions, indicators))
    for number in range(width):
        total += np.where(scored[:, :, number], dense[:, :, number], 0)
    with np.errstate(invalid="ignore"):
        mean: Floats = total / scored.sum(axis=2)
    return mean


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
    steady = np.abs(slope) <= scoring.trend_steady_percent / 100 * level * (1 + EDGE)
    better = np.where(_is_lower(measures), slope < 0, slope > 0)
    return pd.Categorical.from_codes(
        np.select([np.isnan(slope), steady, better], [-1, 1, 2], 0), categories=pd.Index(TRENDS, dtype="str")
    )


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
