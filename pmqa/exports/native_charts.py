"""Editable charts from the same declared tables as the figures, and with the same footnotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from pmqa.charts import Caption, Look
from pmqa.charts.footnotes import (
    history_notes,
    open_notes,
    pair_notes,
)
from pmqa.charts.palette import looks
from pmqa.charts.points import shown_series
from pmqa.exports.native import (
    NEUTRAL,
    NativeChart,
    Series,
    label,
    partly,
    range_of,
    values,
)
from pmqa.exports.stamp import clean_text
from pmqa.text import Translator


def pairs_chart(pairs: pd.DataFrame, names: tuple[str, str], caption: Caption, t: Translator) -> NativeChart:
    """PAIRS as dots: two values a row, A against B or last year against this."""
    sides = [pairs["first_coverage"], pairs["second_coverage"]]
    lowest = pd.concat(sides, axis=1).min(axis=1)
    labels = tuple(label(name, share, t) for name, share in zip(pairs["row_name"], lowest, strict=True))
    series = tuple(
        Series(clean_text(name), values(pairs[side]), NEUTRAL[look], partial=partly(pairs[f"{side}_coverage"]))
        for name, side, look in ((names[0], "first", "other"), (names[1], "second", "own"))
    )
    coverage = pd.concat(sides)
    open_marks = open_notes(pd.concat([pairs["first"], pairs["second"]]), coverage, t)
    said = _noted(caption, [*pair_notes(pairs, t), *open_marks])
    return NativeChart("dots", said, labels, series, coverage=range_of(coverage), axis=t("charts.score_axis"))


def history_chart(
    points: pd.DataFrame, caption: Caption, t: Translator, *, colours: Mapping[str, Look] | None = None
) -> NativeChart:
    """HISTORY_POINTS as lines over fiscal years; a year without score breaks the line."""
    years = sorted(points["fiscal_year"].unique().tolist())
    wide, answered = (
        points.pivot(index="series", columns="fiscal_year", values=of).reindex(columns=years)
        for of in ("score", "coverage")
    )
    own, shown = _looks(points, colours), shown_series(points)
    series = tuple(
        Series(clean_text(name), values(wide.loc[key]), own[key], partial=partly(answered.loc[key]))
        for key, name in points.drop_duplicates("series")[["series", "series_name"]].itertuples(index=False)
        if key in shown
    )
    labels = tuple(t.year(int(year)) for year in years)
    said = _noted(caption, history_notes(points, caption, t))
    return NativeChart(
        "lines", said, labels, series, coverage=range_of(points["coverage"]), axis=t("charts.score_axis")
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


def _noted(caption: Caption, notes: Sequence[str]) -> Caption:
    """The caption with the chart's own footnotes first, which a slide has room for."""
    return replace(caption, notes=(*notes, *caption.notes))


def _looks(points: pd.DataFrame, colours: Mapping[str, Look] | None) -> dict[str, Look]:
    """Series -> Look as on screen: agencies keep theirs everywhere, medians and the like are neutral."""
    series = points.drop_duplicates("series")
    roles = dict(zip(series["series"].astype(str), series["role"].astype(str), strict=True))
    return looks(roles, "light", colours)
