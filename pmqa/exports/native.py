"""Charts that stay editable: what PowerPoint and Excel need to know to draw a chart by themselves.

A NativeChart is made from the same declared table as the figure on screen (pmqa.charts.tables) and is written by
`to_pptx` and `xlsx_with_charts`. A missing value is None and stays a gap; the scale is fixed, never the data's own.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import pandas as pd

from pmqa.charts import LEVEL_COLOURS, Caption, Look
from pmqa.charts.palette import ACCENT, CONTRAST, NO_SCORE_COLOUR, ROLE_MARKS, SHADES, looks
from pmqa.charts.points import median_note, missing_note, missing_of, shown_series
from pmqa.charts.style import SMALL_SIZE
from pmqa.charts.words import NO_BREAK, lines_of, width_of
from pmqa.exports.stamp import SEPARATOR, basis_line, clean_text
from pmqa.text import Translator

Kind = Literal["radar", "bars", "stacked", "dots", "lines", "grid"]
SCALE: Final = 500.0  # points
RATE_SCALE: Final = 200.0  # percent
REACHED: Final = 100.0  # percent: the target is met
LONGEST_LABEL: Final = 80  # characters of a criterion beside its bar
MOST_LABELLED: Final = 2  # series of bars with their values printed; those of more would collide
RADAR_LABEL: Final = 150.0  # pixels of a line of an axis's name: programs do not break Thai, or not where one may
MOST_ROWS: Final = 14  # of one chart on one slide, so that Thai labels stay readable
MOST_WRAPPED: Final = 8  # of a chart with labels of two lines: programs leave out every other label where they meet
LABEL_LINE: Final = 30.0  # of a label's line, in font sizes

INK: Final = SHADES["light"].ink
NEUTRAL: Final = {
    "median": Look(INK, *ROLE_MARKS["median"]),
    "best": Look(INK, *ROLE_MARKS["best"]),
    "target": Look(CONTRAST, *ROLE_MARKS["target"]),
    "own": Look(ACCENT, "solid", "circle"),
    "other": Look(CONTRAST, "solid", "square"),
    "quartile": Look(SHADES["light"].muted, "dot", "dash"),
    "gap": Look(SHADES["light"].band, "solid", "square"),
}


@dataclass(frozen=True)
class Series:
    """One value a label; None is a gap. A rule is a line across all rows at its one value (the peers' median).

    hidden: it only carries the next of the stack; neither drawn nor in the legend.
    """

    name: str
    values: tuple[float | None, ...]
    look: Look
    rule: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Mark:
    """One of many marks in a row (0 = the first): whose it is, its value, how far above the row's middle (in rows)."""

    row: int
    name: str
    value: float
    above: float


@dataclass(frozen=True)
class Cloud:
    """Marks of one look, any number a row: every agency of a group."""

    name: str
    marks: tuple[Mark, ...]
    look: Look


@dataclass(frozen=True)
class NativeChart:
    """A chart as data: labels in order of display, series over them, a fixed scale from 0 to `maximum`.

    A grid is a table with coloured cells, a series a column. clouds: of dots only. axis: what the values measure.
    coverage: lowest and highest coverage (0..1) behind the values; None where that means nothing.
    alt: the finding in words.
    """

    kind: Kind
    caption: Caption
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    maximum: float = SCALE
    unit: float = 100.0  # between grid lines
    coverage: tuple[float, float] | None = None
    alt: str = ""
    clouds: tuple[Cloud, ...] = ()
    axis: str = ""


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


def caption_line(chart: NativeChart, t: Translator) -> str:
    """Basis, fiscal year, edition, n and coverage of the chart."""
    caption = chart.caption
    line = basis_line(caption.basis, caption.fiscal_year, caption.edition, caption.n, t.language)
    if chart.coverage is None:
        return line
    lowest, highest = (t.percent(share) for share in chart.coverage)
    share = lowest if lowest == highest else f"{lowest}–{highest}"
    return SEPARATOR.join(part for part in (line, t("exports.coverage", share=share)) if part)


def pages_of(chart: NativeChart) -> list[NativeChart]:
    """The chart in parts of as many rows as have room, even ones, titles numbered; a radar or lines stay whole."""
    wrapped = chart.kind != "grid" and any(width_of(label, 1) > LABEL_LINE for label in chart.labels)
    most = MOST_WRAPPED if wrapped else MOST_ROWS
    count = -(-len(chart.labels) // most)
    if count < 2 or chart.kind in {"radar", "lines"}:  # noqa: PLR2004 - fewer than two pages is one
        return [chart]
    bounds = [round(number * len(chart.labels) / count) for number in range(count + 1)]
    return [
        replace(
            chart,
            caption=replace(chart.caption, title=f"{chart.caption.title} ({number}/{count})"),
            labels=chart.labels[start:end],
            series=tuple(replace(series, values=series.values[start:end]) for series in chart.series),
            clouds=tuple(replace(cloud, marks=_between(cloud.marks, start, end)) for cloud in chart.clouds),
        )
        for number, (start, end) in enumerate(itertools.pairwise(bounds), start=1)
    ]


def _between(marks: Sequence[Mark], start: int, end: int) -> tuple[Mark, ...]:
    return tuple(replace(mark, row=mark.row - start) for mark in marks if start <= mark.row < end)


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
    return replace(caption, notes=(*caption.notes, *missing_note(missing, t), *median_note(points, caption, t)))


def _looks(points: pd.DataFrame, colours: Mapping[str, Look] | None) -> dict[str, Look]:
    """Series -> Look as on screen: agencies keep theirs everywhere, medians and the like are neutral."""
    series = points.drop_duplicates("series")
    roles = dict(zip(series["series"].astype(str), series["role"].astype(str), strict=True))
    return looks(roles, "light", colours)


def broken(text: str, width: float, size: float) -> list[str]:
    """The text in lines of at most `width` pixels, which joined are the text again."""
    return [line.replace(NO_BREAK, " ") for line in lines_of(text, width, size)]


def filled(colour: str) -> Look:
    return Look(colour, "solid", "square")


def round_step(least: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50, ...: what people count in."""
    size = 10.0 ** math.floor(math.log10(max(least, 1.0)))
    return next(step * size for step in (1.0, 2.0, 5.0, 10.0) if step * size >= least)


def _shortened(text: str) -> str:
    shown = clean_text(text)
    return shown if len(shown) <= LONGEST_LABEL else f"{shown[: LONGEST_LABEL - 1]}…"


def _scope_labels(rows: pd.DataFrame, t: Translator) -> tuple[str, ...]:
    return tuple(label(name, share, t) for name, share in zip(rows["scope_name"], rows["coverage"], strict=True))


def label(name: str, coverage: float | None, t: Translator) -> str:
    """A name, with its coverage where that is below all."""
    shown = clean_text(str(name))
    return shown if coverage is None or pd.isna(coverage) or coverage >= 1 else f"{shown} ({t.percent(coverage)})"


def values(scores: Sequence[float] | pd.Series[float]) -> tuple[float | None, ...]:
    return tuple(None if pd.isna(score) else float(score) for score in scores)


def range_of(coverage: pd.Series[float]) -> tuple[float, float] | None:
    known = coverage.dropna()
    return (float(known.min()), float(known.max())) if len(known) else None
