"""What the report of a ministry shows beside the cards of its agencies: itself against all, gaps and medians."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from pmqa import charts
from pmqa.analysis.gaps import gaps_to_target, next_level_targets
from pmqa.analysis.peers import peer_stats
from pmqa.charts.chart_points import scope_label
from pmqa.charts.results import TARGET_RATE
from pmqa.errors import CardGone
from pmqa.views.cards import Card, Column, card, usual
from pmqa.views.choices import Agency, Ministry
from pmqa.views.numbers import numbers
from pmqa.views.view import View
from pmqa.views.wide import rows_of, wide_points

MOST_BLANK: Final = 0.5  # of the dimensions, for a line that says something


@card("ministry.profile", closed="reports")
def profile(view: View, of_ministry: Ministry) -> Card:
    """The ministry's median as a series of its own beside that of all; where most have none, the agencies."""
    t, framework = view.t, view.framework
    scored = view.scored[view.scored["ministry"] == of_ministry]
    within = peer_stats(scored, complete_only=view.complete_only, minimum=view.peer_minimum)
    if within.loc[within["kind"] == "dimension", "median"].isna().mean() > MOST_BLANK:
        return _few(view, scored)
    median, everyone = (
        charts.radar_data(view.scored, framework, t, kind="dimension", agencies=[], peers=peers)
        for peers in (within, view.peers)
    )
    own = median.assign(series=of_ministry, series_name=t("exports.report.median_of", name=of_ministry), role="agency")
    points = pd.concat([own, everyone], ignore_index=True)
    known = own["n"].dropna()
    n = "" if known.empty else str(known.min()) if known.min() == known.max() else f"{known.min()}–{known.max()}"
    note = t("exports.report.median_n", name=of_ministry, n=n or 0)
    agencies = scored["agency_code"].nunique()
    caption = view.caption(t("exports.report.ministry_radar"), agencies, note)
    table, columns = wide_points(view, points)
    drawing = charts.radar(points, caption, framework, t)
    return Card(caption.title, table, columns, agencies, notes=(note,), drawing=drawing)


def _few(view: View, scored: pd.DataFrame) -> Card:
    """The agencies of a ministry that has too few for a median, each as a series."""
    codes = sorted(scored["agency_code"].astype("str").unique())
    points = charts.radar_data(scored, view.framework, view.t, kind="dimension", agencies=codes)
    caption = view.caption(view.t("exports.report.ministry_radar"), len(codes))
    table, columns = wide_points(view, points)
    drawing = charts.radar(points, caption, view.framework, view.t)
    return Card(caption.title, table, columns, len(codes), drawing=drawing)


@card("gaps.agencies")
def gaps(view: View, agencies: tuple[Agency, ...] = ()) -> Card:
    """How far the overall of each agency of the view, or of some, is from its next level, an agency a row, the farthest
    first."""
    t = view.t
    chosen = view.scored[view.scored["agency_code"].isin(agencies)] if agencies else view.scored
    found = []
    for agency, rows in rows_of(chosen, "overall").groupby("agency_code", sort=True, observed=True):
        gap = gaps_to_target(rows, next_level_targets(rows, view.framework))
        found.append(gap.assign(scope=str(agency), scope_name=str(rows["agency_name"].iloc[0])))
    bars = pd.concat(found)[list(charts.GAP_BARS.columns)]
    rows = charts.GAP_BARS.conform(bars.sort_values("gap", ascending=False, kind="stable", ignore_index=True))
    caption = view.caption(t("exports.report.ministry_gaps"), len(rows))
    columns = (
        Column("scope_name", t("ui.agency")),
        *usual(t, "score"),
        Column("target", t("ui.target"), "score"),
        *usual(t, "gap", "coverage"),
    )
    traced = numbers(view, agency_code=rows["scope"], scope="overall", score=rows["score"])
    drawing = replace(charts.gap_bars(rows, caption, view.framework, t), rows_of="agency")
    return Card(caption.title, rows, columns, len(rows), numbers=traced, drawing=drawing)


@card("indicators.medians")
def medians(view: View) -> Card:
    """Median success rates, and how many agencies and measures are behind each; no median of too few agencies."""
    t, framework = view.t, view.framework
    results = view.measure_results(*view.submissions["submission"])
    rates = results[results["success_rate"].notna()].astype({"indicator": "str"})
    order = [indicator for indicator in framework.scopes("indicator") if indicator in set(rates["indicator"])]
    if not order:
        raise CardGone(t("views.no_rates"))
    by_indicator = rates.groupby("indicator")
    reached = rates[rates["success_rate"] >= TARGET_RATE].groupby("indicator").size()
    found = pd.DataFrame(
        {
            "agencies": by_indicator["submission"].nunique(),
            "measures": by_indicator.size(),
            "reached": reached.reindex(by_indicator.size().index, fill_value=0),
            "median": by_indicator["success_rate"].median(),
        }
    ).reindex(order)
    found["median"] = found["median"].where(found["agencies"] >= view.peer_minimum)
    found["core"] = [framework.indicator[indicator].core for indicator in order]
    names = [scope_label(framework, "indicator", indicator, t) for indicator in order]
    table = found.assign(
        name=[f"{name} *" if core else name for name, core in zip(names, found["core"], strict=True)],
        share=[f"{int(one)}/{of}" for one, of in zip(found["reached"], found["measures"], strict=True)],
    ).reset_index()
    columns = (
        *usual(t, "indicator"),
        Column("name", t("exports.report.indicator")),
        Column("agencies", t("exports.report.reporting"), "count"),
        Column("share", t("exports.report.measures_reached")),
        Column("median", t("exports.report.median_rate"), "score"),
    )
    line, n = t("exports.report.ministry_rates", least=view.peer_minimum), len(view.agencies)
    title = t("exports.report.ministry_indicators")
    shown = found.assign(name=names)[found["median"].notna()]
    rows = charts.SUCCESS_RATES.conform(
        pd.DataFrame(
            {
                "row": shown.index.astype("str"),
                "row_name": [
                    f"{name} ({t('charts.n', n=count)})"
                    for name, count in zip(shown["name"], shown["agencies"], strict=True)
                ],
                "core": shown["core"].to_numpy(),
                "success_rate": shown["median"].to_numpy(),
            }
        ).reindex(columns=list(charts.SUCCESS_RATES.columns))
    )
    caption = replace(view.caption(title, n), notes=(line,))
    drawing = charts.success_rates(rows, caption, framework, t) if len(rows) else None
    return Card(title, table, columns, n, notes=(line, t("charts.core_mark")), drawing=drawing)
