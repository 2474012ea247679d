"""Editable charts from the same declared tables as the figures, and with the same footnotes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from pmqa.charts import LEVEL_COLOURS, Caption, Look
from pmqa.charts.palette import ACCENT, NO_SCORE_COLOUR, looks
from pmqa.charts.points import median_note, missing_note, missing_of, shown_series
from pmqa.charts.style import SMALL_SIZE
from pmqa.exports.native import (
    MOST_ROWS,
    NEUTRAL,
    Kind,
    NativeChart,
    Series,
    broken,
    filled,
    label,
    range_of,
    round_step,
    values,
)
from pmqa.exports.stamp import clean_text
from pmqa.text import Translator

RATE_SCALE: Final = 200.0  # percent
REACHED: Final = 100.0  # percent: the target is met
LONGEST_LABEL: Final = 80  # characters of a criterion beside its bar
RADAR_LABEL: Final = 150.0  # pixels of a line of an axis's name: programs do not break Thai, or not where one may


def radar_chart(
    points: pd.DataFrame, caption: Caption, t: Translator, *, colours: Mapping[str, Look] | None = None
) -> NativeChart:
    """CHART_POINTS as a radar: profile of a few series over 4..12 scopes."""
    return _profile("radar", points, caption, t, colours)


def bar_chart(
    points: pd.DataFrame, caption: Caption, t: Translator, *, colours: Mapping[str, Look] | None = None
) -> NativeChart:
    """CHART_POINTS as clustered bars: a scope a row."""
    return _profile("bars", points, caption, t, colours)


def dot_chart(
    points: pd.DataFrame, caption: Caption, t: Translator, *, colours: Mapping[str, Look] | None = None
) -> NativeChart:
    """CHART_POINTS as dots: many agencies on one scope, the median as a line; or few series over scopes."""
    if points["scope"].nunique() != 1:
        return _profile("dots", points, caption, t, colours)
    agencies = points[points["role"] == "agency"]
    rules = points[points["role"] != "agency"]
    rows = zip(agencies["series_name"], agencies["coverage"], strict=True)
    labels = tuple(label(name, coverage, t) for name, coverage in rows)
    series = [Series(clean_text(str(points["scope_name"].iloc[0])), values(agencies["score"]), NEUTRAL["own"])]
    for name, role, score in zip(rules["series_name"], rules["role"], rules["score"], strict=True):
        if pd.notna(score):
            series.append(Series(clean_text(name), (float(score),) * len(labels), NEUTRAL[role], rule=True))
    said = _with_notes(caption, points, dict.fromkeys(missing_of(points), ()), t)
    return NativeChart(
        "dots", said, labels, tuple(series), coverage=range_of(agencies["coverage"]), axis=t("charts.score_axis")
    )


def pairs_chart(pairs: pd.DataFrame, names: tuple[str, str], caption: Caption, t: Translator) -> NativeChart:
    """PAIRS as dots: two values a row, A against B or last year against this."""
    coverage = pairs[["first_coverage", "second_coverage"]]
    labels = tuple(label(name, lowest, t) for name, lowest in zip(pairs["row_name"], coverage.min(axis=1), strict=True))
    series = (
        Series(clean_text(names[0]), values(pairs["first"]), NEUTRAL["other"]),
        Series(clean_text(names[1]), values(pairs["second"]), NEUTRAL["own"]),
    )
    return NativeChart(
        "dots", caption, labels, series, coverage=range_of(coverage.stack()), axis=t("charts.score_axis")
    )


def spine_chart(rows: pd.DataFrame, caption: Caption, t: Translator, *, own_name: str = "") -> NativeChart:
    """SPINE as dots: own value beside the peers' quartiles and median, and the target where there is one."""
    parts = [
        ("q1", t("exports.first_quartile"), NEUTRAL["quartile"]),
        ("median", t("exports.median"), NEUTRAL["median"]),
        ("q3", t("exports.third_quartile"), NEUTRAL["quartile"]),
        ("target", t("exports.target"), NEUTRAL["target"]),
        ("own", clean_text(own_name) or t("exports.own"), NEUTRAL["own"]),
    ]
    series = tuple(
        Series(name, values(rows[column]), look) for column, name, look in parts if rows[column].notna().any()
    )
    return _of_scopes("dots", rows, series, caption, t)


def gap_chart(rows: pd.DataFrame, caption: Caption, t: Translator) -> NativeChart:
    """GAP_BARS as stacked bars: the score, and on top of it the gap to the target."""
    series = (
        Series(t("exports.score"), values(rows["score"]), NEUTRAL["own"]),
        Series(t("exports.gap"), values(rows["gap"]), NEUTRAL["gap"]),
    )
    return _of_scopes("stacked", rows, series, caption, t)


def levels_chart(counts: pd.DataFrame, caption: Caption, t: Translator) -> NativeChart:
    """LEVEL_COUNTS as stacked bars: agencies at each level of each scope."""
    scopes = counts.drop_duplicates("scope")
    wide = counts.pivot(index="scope", columns="level", values="agencies").reindex(scopes["scope"])
    levels = counts.drop_duplicates("level")
    series = tuple(
        Series(clean_text(name), values(wide[level]), filled(LEVEL_COLOURS.get(level, NO_SCORE_COLOUR)))
        for level, name in zip(levels["level"], levels["level_name"], strict=True)
    )
    labels = tuple(f"{clean_text(name)} (n={n})" for name, n in zip(scopes["scope_name"], scopes["n"], strict=True))
    most = max(float(wide.sum(axis=1).max()), 1.0) if len(wide) else 1.0
    axis = t("charts.agencies_axis")
    return NativeChart("stacked", caption, labels, series, maximum=most, unit=round_step(most / 5), axis=axis)


def ladder_chart(ladder: pd.DataFrame, caption: Caption, t: Translator) -> NativeChart:
    """LADDER as stacked bars: the points that each level adds to each item; blank where nothing was answered."""
    items = ladder.drop_duplicates("item")
    by_item = ladder.groupby("item", observed=True)[["unanswered", "criteria"]].sum().reindex(items["item"])
    coverage = 1 - by_item["unanswered"] / by_item["criteria"]
    wide = ladder.pivot(index="item", columns="level", values="points").reindex(items["item"])
    wide = wide.where(coverage > 0)
    series = tuple(
        Series(clean_text(name), values(wide[level]), filled(LEVEL_COLOURS.get(level, ACCENT)))
        for level, name in ladder.drop_duplicates("level")[["level", "level_name"]].itertuples(index=False)
    )
    labels = tuple(label(name, share, t) for name, share in zip(items["item_name"], coverage, strict=True))
    answered, axis = range_of(coverage), t("charts.score_axis")
    return NativeChart("stacked", caption, labels, series, coverage=answered, axis=axis)


def pareto_chart(rows: pd.DataFrame, caption: Caption, t: Translator, *, top: int = MOST_ROWS) -> NativeChart:
    """PARETO as bars: the points that closing each of the first `top` criteria releases."""
    first = rows.head(top)
    labels = tuple(
        _shortened(f"{criterion} {text}")
        for criterion, text in zip(first["criterion"], first["criterion_text"], strict=True)
    )
    most = max(float(first["points"].max()), 1.0) if len(first) else 1.0
    unit = round_step(most / 5)
    series = (Series(t("exports.released"), values(first["points"]), NEUTRAL["own"]),)
    return NativeChart(
        "bars", caption, labels, series, maximum=unit * math.ceil(most / unit), unit=unit, axis=t("charts.points_axis")
    )


def rates_chart(rows: pd.DataFrame, caption: Caption, t: Translator) -> NativeChart:
    """SUCCESS_RATES as dots on the one scale of 0-200 %, with a line at 100 %."""
    labels = tuple(
        clean_text(f"{name} *" if core else name) for name, core in zip(rows["row_name"], rows["core"], strict=True)
    )
    series = (
        Series(t("exports.success_rate"), values(rows["success_rate"]), NEUTRAL["own"]),
        Series(t("exports.reached"), (REACHED,) * len(labels), NEUTRAL["target"], rule=True),
    )
    return NativeChart("dots", caption, labels, series, maximum=RATE_SCALE, unit=50.0, axis=t("charts.rate_axis"))


def history_chart(
    points: pd.DataFrame, caption: Caption, t: Translator, *, colours: Mapping[str, Look] | None = None
) -> NativeChart:
    """HISTORY_POINTS as lines over fiscal years; a year without score breaks the line."""
    years = sorted(points["fiscal_year"].unique().tolist())
    wide = points.pivot(index="series", columns="fiscal_year", values="score").reindex(columns=years)
    own, shown = _looks(points, colours), shown_series(points)
    series = tuple(
        Series(clean_text(name), values(wide.loc[key]), own[key])
        for key, name in points.drop_duplicates("series")[["series", "series_name"]].itertuples(index=False)
        if key in shown
    )
    labels = tuple(t.year(int(year)) for year in years)
    return NativeChart(
        "lines", caption, labels, series, coverage=range_of(points["coverage"]), axis=t("charts.score_axis")
    )


def plan_chart(rows: pd.DataFrame, caption: Caption, t: Translator, *, target: float) -> NativeChart:
    """PLAN_STEPS as lines: the score after each criterion of a plan, and the target."""
    labels = tuple(
        str(step) if step == 0 else f"{step} {clean_text(criterion)}"
        for step, criterion in zip(rows["step"], rows["criterion"], strict=True)
    )
    series = (
        Series(t("charts.plan_score"), values(rows["score"]), NEUTRAL["own"]),
        Series(t("charts.plan_target", points=t.number(target)), (target,) * len(rows), NEUTRAL["target"]),
    )
    return NativeChart("lines", caption, labels, series)


def _profile(
    kind: Kind, points: pd.DataFrame, caption: Caption, t: Translator, colours: Mapping[str, Look] | None
) -> NativeChart:
    scopes = points.drop_duplicates("scope")
    wide = points.pivot(index="series", columns="scope", values="score").reindex(columns=list(scopes["scope"]))
    lowest = points.groupby("series", observed=True)["coverage"].min()
    looks, shown = _looks(points, colours), shown_series(points)
    series = tuple(
        Series(label(name, lowest[key], t), values(wide.loc[key]), looks[key])
        for key, name in points.drop_duplicates("series")[["series", "series_name"]].itertuples(index=False)
        if key in shown
    )
    labels = tuple(clean_text(str(name)) for name in scopes["scope_name"])
    if kind == "radar":
        labels = tuple("\n".join(broken(name, RADAR_LABEL, SMALL_SIZE)) for name in labels)
    axis = "" if kind == "radar" else t("charts.score_axis")
    said = _with_notes(caption, points, missing_of(points), t)
    return NativeChart(kind, said, labels, series, coverage=range_of(points["coverage"]), axis=axis)


def _of_scopes(
    kind: Kind, rows: pd.DataFrame, series: tuple[Series, ...], caption: Caption, t: Translator
) -> NativeChart:
    """One agency's scopes, a row each, on the scale of points."""
    coverage = range_of(rows["coverage"])
    return NativeChart(kind, caption, _scope_labels(rows, t), series, coverage=coverage, axis=t("charts.score_axis"))


def _with_notes(caption: Caption, points: pd.DataFrame, missing: Mapping[str, Sequence[str]], t: Translator) -> Caption:
    """The caption with the footnotes that the figure has: what is missing, and what the median is of."""
    return replace(caption, notes=(*caption.notes, *missing_note(missing, t), *median_note(points, t)))


def _looks(points: pd.DataFrame, colours: Mapping[str, Look] | None) -> dict[str, Look]:
    """Series -> Look as on screen: agencies keep theirs everywhere, medians and the like are neutral."""
    series = points.drop_duplicates("series")
    roles = dict(zip(series["series"].astype(str), series["role"].astype(str), strict=True))
    return looks(roles, "light", colours)


def _shortened(text: str) -> str:
    shown = clean_text(text)
    return shown if len(shown) <= LONGEST_LABEL else f"{shown[: LONGEST_LABEL - 1]}…"


def _scope_labels(rows: pd.DataFrame, t: Translator) -> tuple[str, ...]:
    return tuple(label(name, share, t) for name, share in zip(rows["scope_name"], rows["coverage"], strict=True))
