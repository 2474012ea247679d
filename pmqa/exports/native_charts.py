"""Editable charts from the same declared tables as the figures, and with the same footnotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from pmqa.charts import LEAST_AXES, MOST_AXES, MOST_SERIES, Caption, Look, agency_colours, radar_alt
from pmqa.charts.footnotes import (
    history_notes,
    open_notes,
    pair_notes,
)
from pmqa.charts.palette import looks
from pmqa.charts.points import median_note, missing_note, missing_of, shown_series
from pmqa.charts.style import SMALL_SIZE
from pmqa.exports.native import (
    NEUTRAL,
    Kind,
    NativeChart,
    Series,
    broken,
    label,
    partly,
    range_of,
    values,
)
from pmqa.exports.stamp import clean_text
from pmqa.text import Translator

RADAR_LABEL: Final = 150.0  # pixels of a line of an axis's name: programs do not break Thai, or not where one may


def radar_chart(
    points: pd.DataFrame, caption: Caption, t: Translator, *, colours: Mapping[str, Look] | None = None
) -> NativeChart:
    """CHART_POINTS as a radar: profile of a few series over 4..12 scopes, other numbers of scopes as dots.

    More series than a radar can hold: one radar an agency, beside the median and the like.
    """
    if not LEAST_AXES <= points["scope"].nunique() <= MOST_AXES:
        return _profile("dots", points, caption, t, colours)
    whole = _profile("radar", points, caption, t, colours)
    if len(whole.series) <= MOST_SERIES:
        return whole
    agencies = points[points["role"] == "agency"].drop_duplicates("series")
    own = colours or agency_colours(agencies["series"].astype("str").tolist())
    parts = []
    for agency, name in zip(agencies["series"], agencies["series_name"], strict=True):
        rows = points[(points["series"] == agency) | (points["role"] != "agency")]
        said = replace(caption, title=f"{caption.title} – {name}", n=1)
        parts.append(replace(_profile("radar", rows, said, t, own), alt=radar_alt(rows, said, t)))
    return replace(whole, parts=tuple(parts))


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


def _profile(
    kind: Kind, points: pd.DataFrame, caption: Caption, t: Translator, colours: Mapping[str, Look] | None
) -> NativeChart:
    scopes = points.drop_duplicates("scope")
    wide, answered = (
        points.pivot(index="series", columns="scope", values=of).reindex(columns=list(scopes["scope"]))
        for of in ("score", "coverage")
    )
    lowest = points.groupby("series", observed=True)["coverage"].min()
    looks, shown = _looks(points, colours), shown_series(points)
    series = tuple(
        Series(
            label(name, lowest[key], t),
            values(wide.loc[key]),
            looks[key],
            partial=partly(answered.loc[key]) if kind == "dots" else (),
        )
        for key, name in points.drop_duplicates("series")[["series", "series_name"]].itertuples(index=False)
        if key in shown
    )
    labels = tuple(clean_text(str(name)) for name in scopes["scope_name"])
    if kind == "radar":
        labels = tuple("\n".join(broken(name, RADAR_LABEL, SMALL_SIZE)) for name in labels)
    axis = "" if kind == "radar" else t("charts.score_axis")
    open_marks = open_notes(points["score"], points["coverage"], t) if kind == "dots" else []
    said = _noted(caption, [*missing_note(missing_of(points), t), *median_note(points, caption, t), *open_marks])
    return NativeChart(kind, said, labels, series, coverage=range_of(points["coverage"]), axis=axis)


def _noted(caption: Caption, notes: Sequence[str]) -> Caption:
    """The caption with the chart's own footnotes first, which a slide has room for."""
    return replace(caption, notes=(*notes, *caption.notes))


def _looks(points: pd.DataFrame, colours: Mapping[str, Look] | None) -> dict[str, Look]:
    """Series -> Look as on screen: agencies keep theirs everywhere, medians and the like are neutral."""
    series = points.drop_duplicates("series")
    roles = dict(zip(series["series"].astype(str), series["role"].astype(str), strict=True))
    return looks(roles, "light", colours)
