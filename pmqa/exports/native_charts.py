"""Editable charts from the same declared tables as the figures, and with the same footnotes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from pmqa.charts import LEAST_AXES, LEVEL_COLOURS, MOST_AXES, MOST_SERIES, Caption, Look, agency_colours, radar_alt
from pmqa.charts.footnotes import (
    gap_notes,
    history_notes,
    open_notes,
    pair_notes,
    rate_notes,
    spine_notes,
)
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
    partly,
    range_of,
    round_step,
    values,
)
from pmqa.exports.stamp import clean_text
from pmqa.text import Translator

STRIPES, DOTTED = "wdUpDiag", "pct20"  # patterns of DrawingML
RATE_SCALE: Final = 200.0  # percent
REACHED: Final = 100.0  # percent: the target is met
LONGEST_LABEL: Final = 80  # characters of a criterion beside its bar
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
    scope, partial = clean_text(str(points["scope_name"].iloc[0])), partly(agencies["coverage"])
    series = [Series(scope, values(agencies["score"]), NEUTRAL["own"], partial=partial)]
    for name, role, score in zip(rules["series_name"], rules["role"], rules["score"], strict=True):
        if pd.notna(score):
            series.append(Series(clean_text(name), (float(score),) * len(labels), NEUTRAL[role], rule=True))
    open_marks = open_notes(agencies["score"], agencies["coverage"], t)
    missing = missing_note(dict.fromkeys(missing_of(points), ()), t)
    said = _noted(caption, [*missing, *median_note(points, caption, t), *open_marks])
    return NativeChart(
        "dots", said, labels, tuple(series), coverage=range_of(agencies["coverage"]), axis=t("charts.score_axis")
    )


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


def spine_chart(rows: pd.DataFrame, caption: Caption, t: Translator, *, own_name: str = "") -> NativeChart:
    """SPINE as dots: own value beside the peers' quartiles and median, and the target where there is one."""
    parts = [
        ("q1", t("exports.first_quartile"), NEUTRAL["quartile"]),
        ("median", t("exports.median"), NEUTRAL["median"]),
        ("q3", t("exports.third_quartile"), NEUTRAL["quartile"]),
        ("target", t("exports.target"), NEUTRAL["target"]),
        ("own", clean_text(own_name) or t("exports.own"), NEUTRAL["own"]),
    ]
    # The agency's own series stays though it has no score at all: the chart is of it.
    series = tuple(
        Series(name, values(rows[column]), look, partial=partly(rows["coverage"]) if column == "own" else ())
        for column, name, look in parts
        if column == "own" or rows[column].notna().any()
    )
    said = _noted(caption, [*spine_notes(rows, caption, t), *open_notes(rows["own"], rows["coverage"], t)])
    return _of_scopes("dots", rows, series, said, t)


def gap_chart(rows: pd.DataFrame, caption: Caption, t: Translator) -> NativeChart:
    """GAP_BARS as stacked bars: the score, and on top of it the gap to the target."""
    series = (
        Series(t("exports.score"), values(rows["score"]), NEUTRAL["own"]),
        Series(t("exports.gap"), values(rows["gap"]), NEUTRAL["gap"], pattern=STRIPES),
    )
    return _of_scopes("stacked", rows, series, _noted(caption, gap_notes(rows, t)), t)


def levels_chart(counts: pd.DataFrame, caption: Caption, t: Translator) -> NativeChart:
    """LEVEL_COUNTS as stacked bars: agencies at each level of each scope."""
    scopes = counts.drop_duplicates("scope")
    wide = counts.pivot(index="scope", columns="level", values="agencies").reindex(scopes["scope"])
    levels = counts.drop_duplicates("level")
    series = tuple(
        Series(
            clean_text(name),
            values(wide[level]),
            filled(LEVEL_COLOURS.get(level, NO_SCORE_COLOUR)),
            pattern="" if level in LEVEL_COLOURS else DOTTED,
        )
        for level, name in zip(levels["level"], levels["level_name"], strict=True)
    )
    labels = tuple(f"{clean_text(name)} (n={n})" for name, n in zip(scopes["scope_name"], scopes["n"], strict=True))
    most = max(float(wide.sum(axis=1).max()), 1.0) if len(wide) else 1.0
    axis = t("charts.agencies_axis")
    said = _noted(caption, [t("charts.levels_read")])
    return NativeChart("stacked", said, labels, series, maximum=most, unit=round_step(most / 5), axis=axis)


def ladder_chart(ladder: pd.DataFrame, caption: Caption, t: Translator) -> NativeChart:
    """LADDER as stacked bars: the points that each level adds to each item, and those that its gate holds back.

    Blank where nothing was answered.
    """
    ladder = ladder.assign(waiting=ladder["worth"] * ladder["held_back"] / ladder["criteria"])
    items = ladder.drop_duplicates("item")
    summed = ["unanswered", "criteria", "waiting"]
    by_item = ladder.groupby("item", observed=True)[summed].sum().reindex(items["item"])
    coverage = 1 - by_item["unanswered"] / by_item["criteria"]
    wide = ladder.pivot(index="item", columns="level", values="points").reindex(items["item"])
    wide = wide.where(coverage > 0)
    series = tuple(
        Series(clean_text(name), values(wide[level]), filled(LEVEL_COLOURS.get(level, ACCENT)))
        for level, name in ladder.drop_duplicates("level")[["level", "level_name"]].itertuples(index=False)
    )
    if by_item["waiting"].any():
        waiting = values(by_item["waiting"].where(coverage > 0))
        series = (*series, Series(t("charts.held_back"), waiting, NEUTRAL["held_back"], pattern=STRIPES))
    labels = tuple(label(name, share, t) for name, share in zip(items["item_name"], coverage, strict=True))
    blank = gap_notes(items.assign(score=coverage.where(coverage > 0).to_numpy()), t, name="item_name")
    said = _noted(caption, [t("exports.ladder_read"), *blank])
    answered, axis = range_of(coverage), t("charts.score_axis")
    return NativeChart("stacked", said, labels, series, coverage=answered, axis=axis)


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
    rest = rows["points"].iloc[top:]
    more = [t("exports.pareto_rest", n=len(rest), points=t.number(rest.sum()))] if len(rest) else []
    said = _noted(caption, [t("exports.pareto_read"), *more])
    return NativeChart(
        "bars", said, labels, series, maximum=unit * math.ceil(most / unit), unit=unit, axis=t("charts.points_axis")
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
    said = _noted(caption, rate_notes(rows, t))
    return NativeChart("dots", said, labels, series, maximum=RATE_SCALE, unit=50.0, axis=t("charts.rate_axis"))


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


def _of_scopes(
    kind: Kind, rows: pd.DataFrame, series: tuple[Series, ...], caption: Caption, t: Translator
) -> NativeChart:
    """One agency's scopes, a row each, on the scale of points."""
    coverage = range_of(rows["coverage"])
    return NativeChart(kind, caption, _scope_labels(rows, t), series, coverage=coverage, axis=t("charts.score_axis"))


def _noted(caption: Caption, notes: Sequence[str]) -> Caption:
    """The caption with the chart's own footnotes first, which a slide has room for."""
    return replace(caption, notes=(*notes, *caption.notes))


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
