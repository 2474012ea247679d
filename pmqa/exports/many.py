"""Editable charts of many agencies: the heatmap as a table with coloured cells, spread and ranks as charts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import pandas as pd

from pmqa.charts import Caption, Look
from pmqa.charts.footnotes import strip_notes
from pmqa.charts.palette import ACCENT, CONTRAST
from pmqa.charts.points import missing_note, missing_of
from pmqa.charts.spread import dodges
from pmqa.exports.native import NEUTRAL, Cloud, Mark, NativeChart, Series, filled, label, range_of, round_step, values
from pmqa.exports.stamp import clean_text
from pmqa.text import Translator

MANY_COLUMNS: Final = 12  # of a grid: above it they are headed by the numbers of their scopes
QUARTERS: Final = (
    ("q1", "first_quartile", "quartile"),
    ("median", "median", "median"),
    ("q3", "third_quartile", "quartile"),
)


def heat_chart(points: pd.DataFrame, caption: Caption, t: Translator) -> NativeChart:
    """CHART_POINTS as a table, agencies x scopes in the table's order; a missing score stays blank."""
    scopes = points.drop_duplicates("scope")
    agencies = points.drop_duplicates("series")
    wide = points.pivot(index="series", columns="scope", values="score").reindex(agencies["series"])
    lowest = points.groupby("series", observed=True)["coverage"].min().reindex(agencies["series"])
    heads = scopes["scope"] if len(scopes) > MANY_COLUMNS else scopes["scope_name"]
    series = tuple(
        Series(clean_text(str(head)), values(wide[scope]), NEUTRAL["own"])
        for scope, head in zip(scopes["scope"], heads, strict=True)
    )
    labels = tuple(label(name, share, t) for name, share in zip(agencies["series_name"], lowest, strict=True))
    cut = [t("charts.cut_points")] if len(scopes) > MANY_COLUMNS else []
    said = replace(caption, notes=(*missing_note(missing_of(points), t), *cut, *caption.notes))
    return NativeChart("grid", said, labels, series, coverage=range_of(points["coverage"]))


def rank_chart(bands: pd.DataFrame, caption: Caption, t: Translator) -> NativeChart:
    """RANK_BANDS as bars from the best to the worst rank of those that share it; 1 is the first bar's width."""
    last = float(bands["n"].max()) if len(bands) else 1.0
    rows = zip(bands["series_name"], bands["rank_low"], bands["rank_high"], strict=True)
    labels = tuple(f"{low if low == high else f'{low}–{high}'} · {clean_text(name)}" for name, low, high in rows)
    before = values(bands["rank_low"] - 1)
    shared = values(bands["rank_high"] - bands["rank_low"] + 1)
    series = (
        Series(t("exports.ranked_before"), before, filled(ACCENT), hidden=True),
        Series(t("exports.sharing_rank"), shared, filled(ACCENT)),
    )
    axis = t("charts.rank_axis", n=int(last))
    said = replace(caption, notes=(t("exports.ranks_read"), *caption.notes))
    return NativeChart("stacked", said, labels, series, last, round_step(last / 10), axis=axis)


def strip_chart(
    points: pd.DataFrame,
    stats: pd.DataFrame,
    caption: Caption,
    t: Translator,
    *,
    highlight: Collection[str] = (),
) -> NativeChart:
    """STRIP_POINTS as a mark for every agency, a row a group, with the quartiles of STRIP_STATS."""
    names = points.drop_duplicates("group").set_index("group")["group_name"]
    labels = tuple(
        f"{clean_text(str(names[group]))} ({t('charts.n', n=t.number(n, 0))})"
        for group, n in zip(stats["group"], stats["n"], strict=True)
    )
    quarters = tuple(
        Series(t(f"exports.{name}"), values(stats[column]), NEUTRAL[look])
        for column, name, look in QUARTERS
        if stats[column].notna().any()
    )
    at = {group: row for row, group in enumerate(stats["group"])}
    scored = points[points["score"].notna()].sort_values(["group", "score"], kind="stable")
    chosen, whole = scored["series"].isin(list(highlight)), scored["coverage"] >= 1
    above, _ = dodges(scored)
    looks = (
        (~chosen & whole, t("charts.agency"), Look(ACCENT, "solid", "circle")),
        (~chosen & ~whole, t("exports.incomplete_agency"), Look(ACCENT, "solid", "circle-open")),
        (chosen, t("charts.highlighted"), Look(CONTRAST, "solid", "diamond")),
    )
    clouds = tuple(
        Cloud(
            name, tuple(_mark(at, row, -shift) for row, shift in zip(_rows(scored[of]), above[of], strict=True)), look
        )
        for of, name, look in looks
        if of.any()
    )
    coverage = range_of(points["coverage"])
    said = replace(caption, notes=(*strip_notes(points, stats, caption, t), *caption.notes))
    return NativeChart("dots", said, labels, quarters, coverage=coverage, clouds=clouds, axis=t("charts.score_axis"))


def _rows(scored: pd.DataFrame) -> list[tuple[str, str, float]]:
    return list(zip(scored["group"], scored["series_name"], scored["score"], strict=True))


def _mark(at: dict[str, int], row: tuple[str, str, float], above: float) -> Mark:
    group, name, score = row
    return Mark(at[group], clean_text(name), float(score), above)
