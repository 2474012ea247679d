"""The page Indicators: an agency's measures, one over the years, an indicator across agencies, core, reach."""

from __future__ import annotations

import pandas as pd

from pmqa import charts
from pmqa.analysis import indicators as analysis
from pmqa.errors import CardGone
from pmqa.views.cards import Card, Column, card, headed, usual
from pmqa.views.choices import NOBODY, Agency, Indicator
from pmqa.views.numbers import numbers, numbers_of_points
from pmqa.views.view import View
from pmqa.views.wide import measure_columns, prose, rows_of, scores_of


@card("indicators.achievement")
def achievement(view: View, agency: Agency) -> Card:
    """Every measure of the agency on one scale; the table has target, three years, trend and benchmark."""
    t = view.t
    title, submission = t("indicators_page.achievement", agency=view.agencies[agency]), view.submission_id(agency)
    measures, results = view.measures(submission), view.measure_results(submission)
    rows = charts.success_rates_data(results, measures, view.framework, t)
    caption = view.caption(title, 1)
    drawing = charts.success_rates(rows, caption, view.framework, t)
    found = analysis.indicator_table(measures, results, view.framework)
    table = found.assign(
        indicator_name=[view.scope_name("indicator", indicator) for indicator in found["indicator"]],
        core_name=[t("ui.core") if core else t("ui.optional") for core in found["core"]],
        direction_name=_directions(view, found),
        trend_name=[None if pd.isna(trend) else t(f"ui.trend_{trend}") for trend in found["trend"]],
        comparison_name=[None if pd.isna(side) else t(f"ui.comparison_{side}") for side in found["comparison"]],
    )
    columns = (
        *usual(t, "indicator", "indicator_name", "core_name"),
        *measure_columns(view),
        *usual(t, "success_rate", "score", "trend_name", "comparison_name"),
    )
    traced = numbers(view, agency_code=agency, scope=rows["row"], score=rows["score"])
    return Card(title, table, columns, 1, numbers=traced, drawing=drawing)


@card("indicators.years")
def over_the_years(view: View, agency: Agency, measure: str) -> Card:
    """One measure ("7.1.1#2") in its own unit, with target, benchmark and the better direction."""
    t, submission = view.t, view.submission_id(agency)
    if measure not in reported(view, submission):
        raise CardGone(t("indicators_page.not_reported", measure=measure))
    indicator, number = measure.split("#", maxsplit=1)[0], int(measure.split("#")[1])
    about = _measure(view.measures(submission), indicator, number).iloc[0]
    name = about["name"] if pd.notna(about["name"]) else view.scope_name("indicator", indicator)
    title = t("indicators_page.over_the_years", agency=view.agencies[agency], measure=f"{indicator} {name}")
    years = charts.indicator_line_data(_of_every_year(view, agency, indicator, number))
    unit = "" if pd.isna(about["unit"]) else str(about["unit"])
    direction = str(about["direction"])
    caption = view.caption(title, 1, years=years["fiscal_year"].tolist())
    drawing = charts.indicator_line(years, caption, t, unit=unit, direction=direction)
    table = years.assign(year=[t.year(int(year)) for year in years["fiscal_year"]])
    columns = (
        *usual(t, "year"),
        Column("actual", t("indicators_page.actual_in", unit=unit), "value"),
        *usual(t, "target", "benchmark"),
    )
    own = _measure(view.measure_results(submission), indicator, number)
    traced = numbers(view, agency_code=agency, scope=f"{indicator}#{number}", score=own["score"])
    return Card(title, table, columns, 1, numbers=traced, fiscal_year=caption.fiscal_year, drawing=drawing)


@card("indicators.across")
def across(view: View, indicator: Indicator, agency: Agency = NOBODY) -> Card:
    """One indicator's points over all agencies that report it."""
    t = view.t
    title = t("indicators_page.across", indicator=view.scope_name("indicator", indicator))
    points = charts.dots_data(view.scored, view.framework, t, kind="indicator", scope=indicator, peers=view.peers)
    caption = view.caption(title, len(view.agencies))
    drawing = charts.dots(points, caption, view.framework, t, highlight=(agency,))
    table, columns = scores_of(view, rows_of(view.scored, "indicator", indicator))
    traced = numbers_of_points(view, points)
    return Card(title, table, columns, len(table), numbers=traced, drawing=drawing)


@card("indicators.worse")
def worsening(view: View) -> Card:
    """Measures of all agencies that miss their target while their trend is worse, the least successful first."""
    t, ids = view.t, view.submissions["submission"]
    found = analysis.worsening(view.measures(*ids), view.measure_results(*ids))
    whose = view.submissions[["submission", "agency_code", "agency_name"]].astype({"submission": "str"})
    table = found.worse.merge(whose, on="submission").sort_values(["success_rate", "agency_name"], kind="stable")
    table = table.assign(
        indicator_name=[view.scope_name("indicator", indicator) for indicator in table["indicator"]],
        direction_name=_directions(view, table),
        scope=table["indicator"] + "#" + table["number"].astype("str"),
    )
    columns = (
        *usual(t, "agency_name"),
        Column("indicator_name", t("ui.indicator"), prose(len(table))),
        *measure_columns(view),
        *usual(t, "success_rate", "score"),
    )
    notes = [t("indicators_page.worse_note") if len(table) else t("indicators_page.worse_none")]
    if found.unknown:
        notes.append(t("indicators_page.worse_unknown", n=found.unknown))
    many = t("indicators_page.worse", n=len(table), agencies=table["agency_code"].nunique()) if len(table) else ""
    traced = numbers(view, agency_code=table["agency_code"], scope=table["scope"], score=table["score"])
    title = t("indicators_page.worse_topic")
    return Card(title, table, columns, len(view.agencies), notes=tuple(notes), numbers=traced, finding=many)


@card("indicators.core")
def core(view: View) -> Card:
    """How many core indicators every agency reports, item by item, and which are missing."""
    t = view.t
    found = analysis.core_completeness(view.scored, view.framework)
    names = view.submissions.set_index("submission")["agency_name"]
    wide = found.assign(shown=[f"{n}/{of}" for n, of in zip(found["reported"], found["core"], strict=True)])
    table = wide.pivot(index="submission", columns="item", values="shown")
    totals = found.groupby("submission")[["reported", "core"]].sum()
    missing = found.groupby("submission")["missing"].agg(lambda ids: ", ".join(ids.dropna()) or None)
    table = table.assign(
        agency=names.reindex(table.index),
        share=totals["reported"] / totals["core"],
        missing=missing,
    ).reset_index()
    items = [item for item in view.framework.scopes("item") if item in table.columns]
    columns = (
        Column("agency", t("ui.agency")),
        *(Column(item, item) for item in items),
        Column("share", t("indicators_page.core_share"), "percent"),
        Column("missing", t("indicators_page.missing")),
    )
    ordered = table.sort_values(["share", "agency"], kind="stable")
    scored = rows_of(view.broad, "item")
    scored = scored[scored["scope"].isin(items)]
    traced = numbers(view, agency_code=scored["agency_code"], scope=scored["scope"], score=scored["score"])
    notes = (t("indicators_page.core_note"),)
    return Card(t("indicators_page.core"), ordered, columns, len(table), notes=notes, numbers=traced)


@card("indicators.reach")
def reach(view: View, agency: Agency) -> Card:
    """The agency's reported indicators by reach, beside the median of all agencies."""
    t = view.t
    found = analysis.by_reach(view.scored, view.framework)
    submission = view.submission_id(agency)
    own = found[found["submission"] == submission].set_index("reach")
    groups = found.dropna(subset=["score"]).groupby("reach")["score"]
    n, medians = groups.size().reindex(own.index), groups.median().reindex(own.index)
    table = own.assign(
        reach_name=[t(f"ui.reach_{name}") for name in own.index],
        median=medians.where(n >= view.peer_minimum),
        n=n.astype("Int64"),
    )
    columns = (
        Column("reach_name", t("ui.reach")),
        *headed(t, "count", "indicators_page.indicators", "indicators_page.reported"),
        Column("score", t("indicators_page.mean"), "score"),
        *usual(t, "median", "n"),
    )
    few = bool((n.notna() & (n < view.peer_minimum)).any())
    notes = (t("indicators_page.too_few", minimum=view.peer_minimum),) if few else ()
    title = t("indicators_page.reach", agency=view.agencies[agency])
    scored = rows_of(view.scored[view.scored["agency_code"] == agency], "indicator")
    traced = numbers(view, agency_code=agency, scope=scored["scope"], score=scored["score"])
    return Card(title, table, columns, len(view.agencies), notes=notes, numbers=traced)


def reported(view: View, submission: str) -> dict[str, str]:
    """Measures that the agency reported, "7.1.1#2" -> its name."""
    rows = view.measures(submission)
    return {
        f"{indicator}#{number}": f"{indicator} {name}" if pd.notna(name) else view.scope_name("indicator", indicator)
        for indicator, number, name in zip(rows["indicator"].astype("str"), rows["number"], rows["name"], strict=True)
    }


def _directions(view: View, measures: pd.DataFrame) -> list[str | None]:
    return [None if pd.isna(way) else view.t(f"ui.direction_{way}") for way in measures["direction"]]


def _measure(measures: pd.DataFrame, indicator: str, number: int) -> pd.DataFrame:
    return measures[(measures["indicator"] == indicator) & (measures["number"] == number)]


def _of_every_year(view: View, agency: str, indicator: str, number: int) -> pd.DataFrame:
    own = view.every_submission[view.every_submission["agency_code"] == agency]
    rows = _measure(view.measures(*own["submission"]), indicator, number).astype({"submission": "str"})
    return rows.merge(own[["submission", "fiscal_year"]].astype({"submission": "str"}), on="submission")
