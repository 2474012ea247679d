"""Editable charts that are not on the scale of points from 0 alone: raw units, two scales."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final, TypedDict

import pandas as pd

from pmqa.charts import Caption, Look
from pmqa.charts.palette import ACCENT, CONTRAST
from pmqa.charts.quadrants import MIDDLE
from pmqa.exports.native import NEUTRAL, NativeChart, Series, range_of, values
from pmqa.exports.stamp import clean_text
from pmqa.text import Translator

LEAST_LINES: Final = 5  # grid lines that a scale of its own has at least
RULE: Final = Look(NEUTRAL["median"].colour, "solid", "circle")


class Scale(TypedDict):
    """The fixed scale of a NativeChart."""

    minimum: float
    maximum: float
    unit: float


def quadrant_chart(
    points: pd.DataFrame, caption: Caption, t: Translator, *, highlight: Collection[str] = (), middle: float = MIDDLE
) -> NativeChart:
    """QUADRANT as a scatter: processes across, results up, quartered at `middle`; who lacks one of them is left out."""
    known = points[points["process"].notna() & points["results"].notna()]
    chosen, whole = known["series"].isin(list(highlight)), known["coverage"] >= 1
    looks = (
        (~chosen & whole, t("charts.agency"), Look(ACCENT, "solid", "circle")),
        (~chosen & ~whole, t("exports.incomplete_agency"), Look(ACCENT, "solid", "circle-open")),
        (chosen, t("charts.highlighted"), Look(CONTRAST, "solid", "diamond")),
    )
    marks = tuple(Series(name, values(known["results"].where(of)), look) for of, name, look in looks if of.any())
    divided = t("charts.quarters", points=t.number(middle, 0))
    series = (
        Series(t("charts.process_axis"), values(known["process"]), NEUTRAL["own"], hidden=True),
        *marks,
        *([Series(divided, (middle,) * len(known), RULE, rule=True)] if len(known) else []),
    )
    labels = tuple(clean_text(name) for name in known["series_name"])
    return NativeChart(
        "scatter", caption, labels, series, coverage=range_of(known["coverage"]), axis=t("charts.results_axis")
    )


def indicator_chart(years: pd.DataFrame, caption: Caption, t: Translator, *, unit: str, direction: str) -> NativeChart:
    """INDICATOR_YEARS as lines in the measure's own unit; a year that was not reported breaks its line."""
    looks = (
        ("actual", t("charts.actual"), "own"),
        ("target", t("charts.target"), "target"),
        ("benchmark", t("charts.benchmark"), "best"),
    )
    series = [
        Series(name, values(years[column]), NEUTRAL[look])
        for column, name, look in looks
        if column == "actual" or years[column].notna().any()
    ]
    labels = tuple(t.year(int(year)) for year in years["fiscal_year"])
    said = _with(caption, t(f"charts.better_{direction}"))
    return NativeChart("lines", said, labels, tuple(series), axis=clean_text(unit), **_scale_of(series))


def _with(caption: Caption, note: str) -> Caption:
    return replace(caption, notes=(*caption.notes, note))


def _scale_of(series: Iterable[Series], *also: float) -> Scale:
    """A scale in whole steps that holds every value, zero, and what else it must."""
    known = [value for one in series for value in one.values if value is not None]
    low, high = min([0.0, *known, *also]), max([0.0, *known, *also])
    least = ((high - low) or 1.0) / LEAST_LINES
    power = 10.0 ** math.floor(math.log10(least))
    unit = next(step * power for step in (1, 2, 5, 10) if step * power >= least)
    return {
        "minimum": math.floor(low / unit) * unit,
        "maximum": max(math.ceil(high / unit), math.floor(low / unit) + 1) * unit,
        "unit": unit,
    }
