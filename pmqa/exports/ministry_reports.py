"""What the report of a ministry says: pages as data, before any format."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from pmqa.analysis.gaps import blocking_criteria, gaps_to_target, next_level_targets
from pmqa.analysis.peers import peer_stats
from pmqa.charts import (
    GAP_BARS,
    SUCCESS_RATES,
    dots,
    dots_data,
    gap_bars,
    heatmap,
    heatmap_data,
    level_distribution,
    level_distribution_data,
    notes_of,
    pareto,
    pareto_data,
    radar,
    radar_data,
    success_rates,
)
from pmqa.charts.chart_points import scope_label, too_few_text
from pmqa.charts.results import TARGET_RATE
from pmqa.exports.reports import Page, Report, ReportData, caption_of, level_name, method_page, origins_page
from pmqa.exports.stamp import Stamp
from pmqa.text import Translator, translator


def ministry_report(data: ReportData, ministry: str, stamp: Stamp) -> Report:
    """The report of one ministry: its agencies, levels, profile, who stands where, items, gaps, what to work on,
    indicators, whose the rules are, method.

    Raises KeyError where the ministry is not in data.scored.
    """
    t = translator(stamp.language)
    own = data.scored[data.scored["ministry"] == ministry]
    if own.empty:
        raise KeyError(ministry)
    n = own["agency_code"].nunique()
    stamp = replace(stamp, title=t("exports.report.of_ministry", ministry=ministry), n=n)
    within = peer_stats(own, complete_only=data.complete_only, minimum=data.minimum)
    submissions = set(own["submission"].astype(str))
    answers = data.answers[data.answers["submission"].isin(submissions)]
    pages = [
        _agencies_page(own, within, data, stamp, t),
        _levels_page(own, data, stamp, t),
        _ministry_radar_page(within, data, ministry, stamp, t),
        _standing_page(own, within, data, stamp, t),
        _items_page(own, data, stamp, t),
        _gaps_page(own, data, stamp, t),
        _leverage_page(answers, data, stamp, t),
        *_indicator_pages(submissions, data, stamp, t),
        origins_page(data, t),
        method_page(data, stamp, t),
    ]
    return Report(stamp, tuple(pages))


def _agencies_page(own: pd.DataFrame, within: pd.DataFrame, data: ReportData, stamp: Stamp, t: Translator) -> Page:
    framework = data.framework
    overall = own[own["kind"] == "overall"].sort_values(
        ["score", "agency_code"], ascending=[False, True], kind="stable", na_position="last"
    )
    lines = (
        stamp.basis_line(),
        _spread_text(within[within["kind"] == "overall"].iloc[0], data, t),
        *notes_of(own, framework, t, kind="category")[:2],
    )
    table = pd.DataFrame(
        {
            t("exports.report.agency"): [
                f"{name} ({code})" for name, code in zip(overall["agency_name"], overall["agency_code"], strict=True)
            ],
            t("exports.score"): [t.number(score) for score in overall["score"]],
            t("exports.report.level"): [level_name(level, framework, t) for level in overall["level"]],
            t("exports.report.coverage"): [t.percent(share) for share in overall["coverage"]],
        }
    )
    return Page(stamp.title, lines, table)


def _spread_text(stats: pd.Series[Any], data: ReportData, t: Translator) -> str:
    """Of a row of PEER_STATS: median and ends, or why there are none."""
    if pd.isna(stats["median"]):
        return too_few_text(int(stats["n"]), data.who_counts(t), t)
    return t(
        "exports.report.spread",
        n=t.number(stats["n"], 0),
        counted=data.who_counts(t),
        median=t.number(stats["median"]),
        low=t.number(stats["minimum"]),
        high=t.number(stats["maximum"]),
    )


def _levels_page(own: pd.DataFrame, data: ReportData, stamp: Stamp, t: Translator) -> Page:
    counts = level_distribution_data(own, data.framework, t, kind="category")
    caption = caption_of(t("exports.report.levels"), data, stamp)
    return Page(caption.title, chart=level_distribution(counts, caption, data.framework, t))


def _ministry_radar_page(within: pd.DataFrame, data: ReportData, ministry: str, stamp: Stamp, t: Translator) -> Page:
    """The ministry's median as a series of its own beside that of all; of fewer agencies than the least, themselves."""
    if within["median"].isna().all():
        own = data.scored[data.scored["ministry"] == ministry]
        codes = sorted(own["agency_code"].astype("str").unique())
        points = radar_data(own, data.framework, t, kind="dimension", agencies=codes)
        caption = caption_of(t("exports.report.ministry_radar"), data, stamp)
        return Page(caption.title, chart=radar(points, caption, data.framework, t))
    median = radar_data(data.scored, data.framework, t, kind="dimension", agencies=[], peers=within)
    own = median.assign(series=ministry, series_name=t("exports.report.median_of", name=ministry), role="agency")
    everyone = radar_data(data.scored, data.framework, t, kind="dimension", agencies=[], peers=data.peer_stats())
    points = pd.concat([own, everyone], ignore_index=True)
    known = own["n"].dropna()
    n = "" if known.empty else str(known.min()) if known.min() == known.max() else f"{known.min()}–{known.max()}"
    note = t("exports.report.median_n", name=ministry, n=n or 0)
    caption = replace(caption_of(t("exports.report.ministry_radar"), data, stamp), notes=(note,))
    return Page(caption.title, chart=radar(points, caption, data.framework, t))


def _standing_page(own: pd.DataFrame, within: pd.DataFrame, data: ReportData, stamp: Stamp, t: Translator) -> Page:
    points = dots_data(own, data.framework, t, kind="overall", scope="overall", peers=within)
    caption = caption_of(t("exports.report.standing"), data, stamp)
    return Page(caption.title, chart=dots(points, caption, data.framework, t))


def _items_page(own: pd.DataFrame, data: ReportData, stamp: Stamp, t: Translator) -> Page:
    points = heatmap_data(own, data.framework, t, kind="item")
    caption = caption_of(t("exports.report.ministry_items"), data, stamp)
    return Page(caption.title, chart=heatmap(points, caption, data.framework, t, minimum=data.minimum))


def _gaps_page(own: pd.DataFrame, data: ReportData, stamp: Stamp, t: Translator) -> Page:
    """How far each agency is from its next level, an agency a row, the farthest first."""
    overall = own[own["kind"] == "overall"]
    found = []
    for agency, rows in overall.groupby("agency_code", sort=True, observed=True):
        gaps = gaps_to_target(rows, next_level_targets(rows, data.framework))
        found.append(gaps.assign(scope=str(agency), scope_name=str(rows["agency_name"].iloc[0])))
    rows = GAP_BARS.conform(
        pd.concat(found)[list(GAP_BARS.columns)].sort_values("gap", ascending=False, kind="stable", ignore_index=True)
    )
    caption = caption_of(t("exports.report.ministry_gaps"), data, stamp)
    return Page(caption.title, chart=gap_bars(rows, caption, data.framework, t))


def _leverage_page(answers: pd.DataFrame, data: ReportData, stamp: Stamp, t: Translator) -> Page:
    rows = pareto_data(blocking_criteria(answers, data.framework, data.basis), data.framework, t)
    caption = caption_of(t("exports.report.leverage"), data, stamp)
    return Page(caption.title, chart=pareto(rows, caption, data.framework, t))


def _indicator_pages(submissions: set[str], data: ReportData, stamp: Stamp, t: Translator) -> list[Page]:
    """Median success rates, and how many agencies and measures are behind each; no median of too few agencies."""
    results = data.measure_results[data.measure_results["submission"].isin(submissions)]
    rates = results[results["success_rate"].notna()].astype({"indicator": "str"})
    order = [indicator for indicator in data.framework.scopes("indicator") if indicator in set(rates["indicator"])]
    if not order:
        return []
    by_indicator = rates.groupby("indicator")
    found = pd.DataFrame(
        {
            "agencies": by_indicator["submission"].nunique(),
            "measures": by_indicator.size(),
            "reached": rates[rates["success_rate"] >= TARGET_RATE].groupby("indicator").size(),
            "median": by_indicator["success_rate"].median(),
        }
    ).reindex(order)
    found["median"] = found["median"].where(found["agencies"] >= data.minimum)
    found["name"] = [scope_label(data.framework, "indicator", indicator, t) for indicator in order]
    core = [data.framework.indicator[indicator].core for indicator in order]
    table = pd.DataFrame(
        {
            t("exports.report.indicator"): [
                f"{name} *" if needed else name for name, needed in zip(found["name"], core, strict=True)
            ],
            t("exports.report.reporting"): [t.number(count, 0) for count in found["agencies"]],
            t("exports.report.measures_reached"): [
                f"{0 if pd.isna(reached) else int(reached)}/{count}"
                for reached, count in zip(found["reached"], found["measures"], strict=True)
            ],
            t("exports.report.median_rate"): [t.number(median) for median in found["median"]],
        }
    )
    line = t("exports.report.ministry_rates", least=data.minimum)
    title = t("exports.report.ministry_measures", **data.framework.kinds(t))
    listed = Page(title, (stamp.basis_line(), line, t("charts.core_mark")), table)
    shown = found.assign(core=core)[found["median"].notna()]
    if shown.empty:
        return [listed]
    rows = SUCCESS_RATES.conform(
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
        ).reindex(columns=list(SUCCESS_RATES.columns))
    )
    caption = replace(caption_of(t("exports.report.ministry_indicators"), data, stamp), notes=(line,))
    return [Page(caption.title, chart=success_rates(rows, caption, data.framework, t)), listed]
