"""What a report says: pages for an agency or a ministry, as data, before any format.

Each page has a title, a caption line, and one of: a chart, a table, sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from pmqa.analysis.gaps import blocking_criteria, gaps_to_target, next_level_targets
from pmqa.analysis.indicators import indicator_table
from pmqa.analysis.paths import Path, cheapest_path
from pmqa.analysis.peers import PEER_STATS, peer_stats
from pmqa.charts import (
    Caption,
    dots,
    gap_bars,
    gap_bars_data,
    history,
    history_data,
    level_ladder,
    level_ladder_data,
    radar,
    radar_data,
    spine,
    spine_data,
    success_rates,
    success_rates_data,
    who_counts,
)
from pmqa.charts.drawing import Drawing
from pmqa.exports.origins import origins_table
from pmqa.exports.stamp import Stamp
from pmqa.framework import Framework
from pmqa.scoring import government_index
from pmqa.settings import PEER_MINIMUM
from pmqa.text import Translator, translator

MOST_ROWS_PRINTED: Final = 10  # of a figure on a sheet of A4 landscape
MOST_BLOCKERS: Final = 11  # rows of the table of blocking criteria
MOST_LINES: Final = 8  # of a chart over years
TREND_SIGNS: Final = {"better": "▲", "steady": "►", "worse": "▼"}


@dataclass(frozen=True)
class ReportData:
    """What reports are made from; the caller has left out what the reader may not see.

    scored: SCORED of one fiscal year and basis, of every agency that is reported on or compared with. over_years: the
    same over the years, or None. answers, measures, measure_results: of the submissions in scored. peers: PEER_STATS
    that agencies are held against; None = of all of scored. minimum: agencies below which there are no statistics.
    complete_only: whether statistics are of complete agencies alone; the stamp's filters say where they are not.
    """

    scored: pd.DataFrame
    answers: pd.DataFrame
    measures: pd.DataFrame
    measure_results: pd.DataFrame
    framework: Framework
    basis: str  # claimed, evidenced, verified
    source: str  # worded
    minimum: int = PEER_MINIMUM
    over_years: pd.DataFrame | None = None
    peers: pd.DataFrame | None = None
    complete_only: bool = True

    def peer_stats(self) -> pd.DataFrame:
        """PEER_STATS that agencies are held against."""
        if self.peers is not None:
            return self.peers
        if self.scored.empty:
            return PEER_STATS.empty()
        return peer_stats(self.scored, complete_only=self.complete_only, minimum=self.minimum)

    def who_counts(self, t: Translator) -> str:
        """In words: the agencies that statistics are of."""
        return who_counts(t, incomplete=not self.complete_only)


@dataclass(frozen=True)
class Page:
    """One page. table: headings as columns, values worded. chart: its headline is its own."""

    title: str
    lines: tuple[str, ...] = ()
    table: pd.DataFrame | None = None
    chart: Drawing | None = None


@dataclass(frozen=True)
class Report:
    """A report as pages; stamp.title is its name."""

    stamp: Stamp
    pages: tuple[Page, ...]


def agency_report(data: ReportData, agency: str, stamp: Stamp) -> Report:
    """The report of one agency: profile, radar, items, gaps, indicators, years, whose the rules are, method.

    Raises KeyError where the agency is not in data.scored.
    """
    t = translator(stamp.language)
    own = data.scored[data.scored["agency_code"] == agency]
    if own.empty:
        raise KeyError(agency)
    first = own.iloc[0]
    name, submission = str(first["agency_name"]), str(first["submission"])
    stamp = replace(stamp, title=t("exports.report.of_agency", agency=name))
    peers = data.peer_stats()
    alone = replace(stamp, n=1)  # of what is about this agency only
    pages = [
        _profile(own, peers, data.framework, alone, t),
        _radar_page(data, agency, name, peers, stamp, t),
        _spine_page(data, agency, name, peers, stamp, t),
        _ladder_page(data, submission, alone, t),
        _results_page(data, agency, peers, stamp, t),
        *_gap_pages(data, own, alone, t),
        *_blocker_pages(data, submission, alone, t),
        *_indicator_pages(data, submission, alone, t),
        *_history_pages(data, agency, alone, t),
        origins_page(data, t),
        method_page(data, stamp, t),
    ]
    return Report(stamp, tuple(pages))


# --- an agency --------------------------------------------------------------------------------------------------


def _profile(own: pd.DataFrame, peers: pd.DataFrame, framework: Framework, stamp: Stamp, t: Translator) -> Page:
    first = own.iloc[0]
    overall = own[own["kind"] == "overall"].iloc[0]
    index = government_index(overall["score"], framework)
    lines = (
        f"{first['ministry']} · {first['agency_type']} · {first['agency_code']}",
        stamp.basis_line(),
        t(
            "exports.report.overall",
            score=t.number(overall["score"]),
            level=level_name(overall["level"], framework, t),
            index=t.number(index, 2),
            coverage=t.percent(overall["coverage"]),
        ),
        t(
            "exports.report.complete" if overall["complete"] else "exports.report.incomplete",
            best=t.number(overall["score_max"]),
        ),
    )
    of_peers = peers[peers["kind"] == "category"].set_index("scope")
    rows = own[own["kind"] == "category"].assign(scope=lambda r: r["scope"].astype("str")).set_index("scope")
    table = pd.DataFrame(
        {
            t("exports.report.category"): [f"{c.id} {t.pick(c.name)}" for c in framework.categories],
            t("exports.score"): [t.number(rows["score"].get(c.id)) for c in framework.categories],
            t("exports.report.level"): [
                level_name(rows["level"].get(c.id), framework, t) for c in framework.categories
            ],
            t("exports.report.coverage"): [t.percent(rows["coverage"].get(c.id)) for c in framework.categories],
            t("exports.median"): [t.number(of_peers["median"].get(c.id)) for c in framework.categories],
            t("exports.report.peers"): [t.number(of_peers["n"].get(c.id), 0) for c in framework.categories],
        }
    )
    return Page(stamp.title, lines, table)


def _radar_page(data: ReportData, agency: str, name: str, peers: pd.DataFrame, stamp: Stamp, t: Translator) -> Page:
    points = radar_data(data.scored, data.framework, t, kind="dimension", agencies=[agency], peers=peers)
    caption = caption_of(t("exports.report.radar", agency=name), data, stamp)
    return Page(caption.title, chart=radar(points, caption, data.framework, t))


def _spine_page(data: ReportData, agency: str, name: str, peers: pd.DataFrame, stamp: Stamp, t: Translator) -> Page:
    rows = spine_data(data.scored, peers, data.framework, t, kind="category", agency=agency)
    caption = caption_of(t("exports.report.spine"), data, stamp)
    return Page(caption.title, chart=spine(rows, caption, data.framework, t, own_name=name))


def _ladder_page(data: ReportData, submission: str, stamp: Stamp, t: Translator) -> Page:
    answers = data.answers[data.answers["submission"] == submission]
    ladder = level_ladder_data(answers, data.framework, t, basis=data.basis)
    caption = caption_of(t("exports.report.items", **data.framework.kinds(t)), data, stamp)
    return Page(caption.title, chart=level_ladder(ladder, caption, data.framework, t))


def _results_page(data: ReportData, agency: str, peers: pd.DataFrame, stamp: Stamp, t: Translator) -> Page:
    items = [item.id for item in data.framework.items_with_indicators]
    points = radar_data(data.scored, data.framework, t, kind="item", agencies=[agency], peers=peers, scopes=items)
    caption = caption_of(t("exports.report.results", **data.framework.kinds(t)), data, stamp)
    return Page(caption.title, chart=dots(points, caption, data.framework, t))


def _gap_pages(data: ReportData, own: pd.DataFrame, stamp: Stamp, t: Translator) -> list[Page]:
    gaps = gaps_to_target(own, next_level_targets(own, data.framework))
    pages = []
    for kind in ("category", "dimension"):
        rows = gap_bars_data(gaps, data.framework, t, kind=kind)
        caption = caption_of(t(f"exports.report.gaps_{kind}"), data, stamp)
        pages.append(Page(caption.title, chart=gap_bars(rows, caption, data.framework, t)))
    return pages


def _blocker_pages(data: ReportData, submission: str, stamp: Stamp, t: Translator) -> list[Page]:
    answers = data.answers[data.answers["submission"] == submission]
    blockers = blocking_criteria(answers, data.framework, data.basis)
    # Many release the same: those of the shortest way to the next level come first, in its order.
    way = shortest_way(data, submission)
    order = {criterion: place for place, criterion in enumerate(way.criteria if way else ())}
    places = blockers["criterion"].astype("str").map(order).fillna(len(order))
    blockers = blockers.assign(place=places).sort_values(
        ["place", "release_overall", "criterion"], ascending=[True, False, True], kind="stable"
    )
    if blockers.empty:
        return []
    first = blockers.head(MOST_BLOCKERS)
    framework = data.framework
    table = pd.DataFrame(
        {
            t("exports.report.criterion"): [
                f"{criterion} {t.pick(framework.criterion[criterion].text)}"
                for criterion in first["criterion"].astype(str)
            ],
            t("exports.report.level"): [level_name(level, framework, t) for level in first["level"]],
            t("exports.report.answer"): [
                t("exports.report.not_met" if answered else "exports.report.unanswered")
                for answered in first["answered"]
            ],
            t("exports.report.release"): [t.number(points) for points in first["release"]],
        }
    )
    line = t("exports.report.blockers_shown", shown=len(first), all=len(blockers))
    return [Page(t("exports.report.blockers"), (line, stamp.basis_line()), table)]


def next_level(level: object, framework: Framework) -> str | None:
    """The level after one; None after the highest, the first where there is none."""
    ids = [one.id for one in framework.levels]
    place = ids.index(level) + 1 if isinstance(level, str) and level in ids else 0
    return ids[place] if place < len(ids) else None


def shortest_way(data: ReportData, submission: str) -> Path | None:
    """The way of the overall to its next level; None where there is none, or no score."""
    rows = data.scored[(data.scored["submission"] == submission) & (data.scored["kind"] == "overall")]
    overall = rows.iloc[0]
    following = next_level(overall["level"], data.framework)
    if following is None or pd.isna(overall["score"]):
        return None
    answers = data.answers[data.answers["submission"] == submission]
    measures = data.measures[data.measures["submission"] == submission]
    target = data.framework.scoring.level_thresholds[following]
    return cheapest_path(answers, data.framework, data.basis, target, measures=measures)


def _indicator_pages(data: ReportData, submission: str, stamp: Stamp, t: Translator) -> list[Page]:
    measures = data.measures[data.measures["submission"] == submission]
    results = data.measure_results[data.measure_results["submission"] == submission]
    rows = success_rates_data(results, measures, data.framework, t)
    if rows.empty:
        return []
    caption = caption_of(t("exports.report.indicators"), data, stamp)
    pages = [Page(caption.title, chart=success_rates(rows, caption, data.framework, t))]
    reported = indicator_table(measures, results, data.framework)
    reported = reported[reported["number"].notna()]
    if len(reported):
        title = t("exports.report.measures", **data.framework.kinds(t))
        pages.append(Page(title, (stamp.basis_line(),), _measure_table(reported, data.framework, t)))
    return pages


def _measure_table(reported: pd.DataFrame, framework: Framework, t: Translator) -> pd.DataFrame:
    names = [
        f"{indicator} {name if isinstance(name, str) and name else t.pick(framework.indicator[indicator].name)}"
        for indicator, name in zip(reported["indicator"].astype(str), reported["name"], strict=True)
    ]
    return pd.DataFrame(
        {
            t("exports.report.measure"): names,
            t("exports.report.unit"): [unit if isinstance(unit, str) else "" for unit in reported["unit"]],
            t("exports.target"): [t.number(value, 2) for value in reported["target"]],
            t("exports.report.actual"): [t.number(value, 2) for value in reported["actual"]],
            t("exports.report.rate"): [t.number(value) for value in reported["success_rate"]],
            t("exports.score"): [t.number(value) for value in reported["score"]],
            t("exports.report.trend"): [TREND_SIGNS.get(str(value), t.number(None)) for value in reported["trend"]],
        }
    )


def _history_pages(data: ReportData, agency: str, stamp: Stamp, t: Translator) -> list[Page]:
    if data.over_years is None:
        return []
    own = data.over_years[data.over_years["agency_code"] == agency]
    years = sorted(int(year) for year in own["fiscal_year"].unique())
    if len(years) < 2:  # noqa: PLR2004 - one year has no course
        return []
    points = history_data(own, data.framework, t, kind="category", agencies=[agency])
    caption = replace(
        caption_of(t("exports.report.years"), data, stamp), fiscal_year=f"{t.year(years[0])} – {t.year(years[-1])}"
    )
    return [Page(caption.title, chart=history(points, caption, data.framework, t))]


# --- both -------------------------------------------------------------------------------------------------------


def origins_page(data: ReportData, t: Translator) -> Page:
    """What is in the source document, and what is this product's choice."""
    return Page(t("exports.origins.title"), table=origins_table(data.framework, t))


def method_page(data: ReportData, stamp: Stamp, t: Translator) -> Page:
    """How scores are made, from what, and what the stamp says."""
    framework = data.framework
    levels = " → ".join(
        f"{t.pick(level.name)} ({t.number(framework.scoring.level_thresholds[level.id], 0)})"
        for level in framework.levels
    )
    lines = (
        t("exports.report.bases"),
        t("exports.method"),
        t("exports.report.thresholds", levels=levels, most=t.number(framework.scoring.scale_max, 0)),
        t("exports.report.results_method", most=t.number(framework.scoring.success_rate_max, 0)),
        t("exports.report.statistics", least=data.minimum, counted=data.who_counts(t)),
        t.pick(framework.source),
        f"{t.pick(framework.name)} · {framework.edition} {framework.version}",
        *stamp.lines(),
    )
    return Page(t("exports.report.how"), lines)


def caption_of(title: str, data: ReportData, stamp: Stamp) -> Caption:
    """What a chart says about itself; n is the stamp's, else of all agencies."""
    n = data.scored["agency_code"].nunique() if stamp.n is None else stamp.n
    about = (stamp.basis, stamp.fiscal_year, stamp.edition, n, data.source, (), stamp.filters)
    return Caption(title, *about, incomplete=not data.complete_only)


def level_name(level: object, framework: Framework, t: Translator) -> str:
    """A level as people call it; a dash where there is none."""
    if not isinstance(level, str):
        return t.number(None)
    return framework.level_name(level, t)


def agencies_of(data: ReportData) -> Sequence[str]:
    """The codes of all agencies that a report can be made of, in order."""
    return sorted(data.scored["agency_code"].astype(str).unique())
