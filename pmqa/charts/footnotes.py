"""What stands below a chart because of its values: gaps, medians that are left out, open marks.

Figures and editable charts say the same.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pmqa.charts.chart_points import listed, median_note, missing_note, who_counts
from pmqa.charts.style import Caption
from pmqa.text import Translator

ANNOUNCED: Final = "announced"  # the role of scores as they were announced
SUFFIX: Final = " announced"  # behind the id of the series whose they are


def gap_notes(rows: pd.DataFrame, t: Translator, *, value: str = "score", name: str = "scope_name") -> list[str]:
    """Which rows have no value."""
    return missing_note({str(blank): [] for blank in rows[rows[value].isna()][name]}, t)


def spine_notes(rows: pd.DataFrame, caption: Caption, t: Translator) -> list[str]:
    """Of SPINE: scopes without a score, and medians that are of too few."""
    few = t("charts.no_median", counted=who_counts(t, incomplete=caption.incomplete))
    return [*gap_notes(rows, t, value="own"), *([few] if rows["median"].isna().any() else [])]


def pair_notes(pairs: pd.DataFrame, t: Translator) -> list[str]:
    """Of PAIRS: what cannot be compared."""
    blank = [str(name) for name in pairs[pairs["difference"].isna()]["row_name"]]
    return [t("charts.not_compared", rows=listed(blank, t))] if blank else []


def pair_open_notes(pairs: pd.DataFrame, t: Translator) -> list[str]:
    """Of PAIRS: what open marks mean, where either side has one."""
    sides = (open_notes(pairs[side], pairs[f"{side}_coverage"], t) for side in ("first", "second"))
    return next((notes for notes in sides if notes), [])


def rate_notes(rows: pd.DataFrame, most: float, t: Translator) -> list[str]:
    """Of SUCCESS_RATES: the scale up to `most` percent, which are core, and how many were not reported."""
    blank = int(rows["success_rate"].isna().sum())
    return [
        t("charts.rates_read", high=t.number(most, 0)),
        *([t("charts.core_mark")] if rows["core"].any() else []),
        *([t("charts.missing_rates", n=blank)] if blank else []),
    ]


def history_notes(points: pd.DataFrame, caption: Caption, t: Translator) -> list[str]:
    """Of HISTORY_POINTS: what the median is of, years without any score, and what open marks mean."""
    notes = median_note(points, caption, t)
    told = points[(points["role"] == ANNOUNCED) & points["score"].notna()]
    said = set(zip(told["series"].str.removesuffix(SUFFIX), told["fiscal_year"], strict=True))
    rows = points[points["score"].isna() & ~points["role"].isin(["median", ANNOUNCED])]
    blank = rows.loc[[whose not in said for whose in zip(rows["series"], rows["fiscal_year"], strict=True)]]
    if len(blank):
        gaps = [f"{name} ({year})" for name, year in zip(blank["series_name"], blank["fiscal_year"], strict=True)]
        notes.append(t("charts.missing_years", rows=listed(gaps, t)))
    notes += open_notes(points["score"], points["coverage"], t)
    return [*notes, t("charts.announced_marks")] if len(told) else notes


def strip_notes(points: pd.DataFrame, stats: pd.DataFrame, caption: Caption, t: Translator) -> list[str]:
    """Of STRIP_POINTS and STRIP_STATS: agencies without a score, open marks, groups without quartiles."""
    few = t("charts.few_no_quartiles", counted=who_counts(t, incomplete=caption.incomplete))
    return [
        *gap_notes(points, t, name="series_name"),
        *open_notes(points["score"], points["coverage"], t),
        *([few] if stats["median"].isna().any() else []),
    ]


def open_notes(values: pd.Series[float], coverage: pd.Series[float], t: Translator) -> list[str]:
    """What open marks mean, where there are any."""
    return [t("charts.open_marks")] if (values.notna() & (coverage < 1)).any() else []
