"""The page Agency: standing, profile against peers, ladder, results, answers with evidence, history, submissions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Final, Literal

import pandas as pd

from pmqa import charts
from pmqa.scoring import government_index
from pmqa.views import data
from pmqa.views.cards import Card, Column, Kind, Metric, card, headed, usual
from pmqa.views.choices import Agency, Category, Sent
from pmqa.views.differing import found_between, workbook
from pmqa.views.numbers import numbers, numbers_of_points
from pmqa.views.remarks import notes_of_history
from pmqa.views.succession import succession_notes
from pmqa.views.view import View
from pmqa.views.wide import measure_columns, rows_of, wide_points
from pmqa.views.words import source_name, type_name
from pmqa.workbook.differing import difference_tables, share_formats
from pmqa.workbook.layout import CLASSIFIED

MOST_WORDED: Final = 60  # rows with sentences that wrap; more scroll


def standing(view: View, agency: str) -> list[Metric]:
    """The agency's overall score, level, index, coverage and what it could reach."""
    t = view.t
    row = rows_of(_own(view, agency), "overall").iloc[0]
    return [
        Metric(t("ui.overall"), t.number(row["score"])),
        Metric(t("ui.level"), view.level_name(row["level"]), t("agency_page.level_help")),
        Metric(t("ui.index"), t.number(government_index(row["score"], view.framework), 2)),
        Metric(t("ui.coverage"), t.percent(row["coverage"])),
        Metric(t("ui.score_max"), t.number(row["score_max"]), t("agency_page.score_max_help")),
    ]


@card("agency.categories")
def categories(view: View, agency: Agency) -> Card:
    """The agency's categories beside their peers' median, with what it reached overall above them."""
    t = view.t
    title = t("exports.report.of_agency", agency=view.agencies[agency])
    overall = rows_of(_own(view, agency), "overall").iloc[0]
    peers = view.peers_of("category").astype({"scope": "str"}).set_index("scope")
    table = rows_of(_own(view, agency), "category")
    table = table.assign(
        name=[view.scope_name("category", scope) for scope in table["scope"]],
        level_name=[view.level_name(level) for level in table["level"]],
        median=peers["median"].reindex(table["scope"]).to_numpy(),
        n=peers["n"].reindex(table["scope"]).to_numpy(),
    )
    columns = (
        Column("name", t("ui.category")),
        *usual(t, "score", "level_name", "coverage", "median", "n"),
    )
    reached = {
        "score": t.number(overall["score"]),
        "level": view.level_name(overall["level"]),
        "index": t.number(government_index(overall["score"], view.framework), 2),
        "coverage": t.percent(overall["coverage"]),
    }
    notes = (
        f"{overall['ministry']} · {type_name(overall['agency_type'], t)} · {agency}",
        t("exports.report.overall", **reached),
        t(f"exports.report.{'complete' if overall['complete'] else 'incomplete'}", best=t.number(overall["score_max"])),
    )
    traced = numbers(view, agency_code=agency, scope=table["scope"], score=table["score"])
    return Card(title, table, columns, 1, notes=notes, numbers=traced)


@card("agency.profile")
def profile(view: View, agency: Agency, kind: Literal["dimension", "category"] = "dimension") -> Card:
    """The agency's radar against its peers' median."""
    t = view.t
    name = view.agencies[agency]
    title = t("agency_page.profile", agency=name, kind=t(f"ui.by.{kind}"))
    points = charts.radar_data(
        view.scored_with(kind), view.framework, t, kind=kind, agencies=(agency,), peers=view.peers_of(kind)
    )
    caption = view.caption(title, len(view.agencies))
    drawing = charts.radar(points, caption, view.framework, t, colours=charts.agency_colours([agency]))
    table, columns = wide_points(view, points)
    traced = numbers_of_points(view, points)
    return Card(title, table, columns, len(view.agencies), numbers=traced, drawing=drawing)


@card("agency.ladder")
def ladder(view: View, agency: Agency) -> Card:
    """The items of the process categories: what each level earns, what the gate holds back, what is unanswered."""
    t = view.t
    title = t("agency_page.ladder", agency=view.agencies[agency], **view.framework.kinds(t))
    rows = charts.level_ladder_data(view.answers(view.submission_id(agency)), view.framework, t, basis=view.basis)
    caption = view.caption(title, 1)
    table = rows.assign(level_name=[view.level_name(level) for level in rows["level"]])
    columns = (
        Column("item_name", t("ui.item")),
        *usual(t, "level_name"),
        *headed(
            t,
            "count",
            "agency_page.criteria",
            "agency_page.met",
            "agency_page.held_back",
            "agency_page.not_met",
            "ui.unanswered",
        ),
        Column("points", t("agency_page.points"), "score"),
    )
    drawing = charts.level_ladder(rows, caption, view.framework, t)
    items = rows_of(_own(view, agency), "item")
    items = items[items["scope"].isin(rows["item"])]
    traced = numbers(view, agency_code=agency, scope=items["scope"], score=items["score"])
    return Card(title, table, columns, 1, numbers=traced, drawing=drawing)


@card("agency.results")
def results(view: View, agency: Agency) -> Card:
    """The measures of the results category on one scale."""
    t = view.t
    title, submission = (
        t("agency_page.results", agency=view.agencies[agency], **view.framework.kinds(t)),
        view.submission_id(agency),
    )
    rows = charts.success_rates_data(view.measure_results(submission), view.measures(submission), view.framework, t)
    caption = view.caption(title, 1)
    traced = numbers(view, agency_code=agency, scope=rows["row"], score=rows["score"])
    drawing = charts.success_rates(rows, caption, view.framework, t)
    return Card(title, *rates_table(view, rows), 1, numbers=traced, drawing=drawing)


def rates_table(view: View, rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """SUCCESS_RATES with trend and comparison in words, and how to show it."""
    t = view.t
    table = rows.assign(
        core_name=[t("ui.core") if core else t("ui.optional") for core in rows["core"]],
        trend_name=[None if pd.isna(trend) else t(f"ui.trend_{trend}") for trend in rows["trend"]],
        comparison_name=[None if pd.isna(found) else t(f"ui.comparison_{found}") for found in rows["comparison"]],
    )
    columns = (
        Column("row_name", t("ui.measure")),
        *usual(t, "core_name", "success_rate", "score", "trend_name", "comparison_name"),
    )
    return table, columns


@card("agency.answers", closed="evidence")
def answers(view: View, agency: Agency, category: Category) -> Card:
    """What the agency answered to each criterion of a category, on what evidence; of results, what it measured."""
    t, framework, submission = view.t, view.framework, view.submission_id(agency)
    if framework.category[category].kind != "process":
        return _measures(view, agency, submission, category)
    title = t("agency_page.answers", agency=view.agencies[agency], category=view.scope_name("category", category))
    given = view.answers(submission).astype({"criterion": "str"}).set_index("criterion")
    criteria = [criterion for item in framework.items_of[category] for criterion in framework.criteria_of[item.id]]
    rows = given.reindex([criterion.id for criterion in criteria])
    table = pd.DataFrame(
        {
            "item": [view.scope_name("item", criterion.item) for criterion in criteria],
            "criterion": [criterion.id for criterion in criteria],
            "level": [view.level_name(criterion.level) for criterion in criteria],
            "text": [t.pick(criterion.text) for criterion in criteria],
            "answer": [_answer(view, met) for met in rows["met"]],
            "evidence": rows["evidence"].replace(CLASSIFIED, t("agency_page.classified")).to_numpy(),
            "explanation": rows["explanation"].to_numpy(),
            "suggestion": rows["suggestion"].to_numpy(),
            "place": [
                None if pd.isna(sheet) else f"{sheet}!{cell}"
                for sheet, cell in zip(rows["sheet"], rows["cell"], strict=True)
            ],
        }
    )
    columns = [
        Column("item", t("ui.item"), "id"),
        *usual(t, "criterion"),
        Column("level", t("ui.level")),
        *usual(t, "text", "answer", "evidence", "explanation"),
        Column("place", t("agency_page.place"), "id"),
    ]
    if rows["suggestion"].notna().any():
        columns += usual(t, "suggestion")
    return Card(title, table, tuple(columns), 1)


def _measures(view: View, agency: str, submission: str, category: str) -> Card:
    """The measures that the agency reported, with its numbers of three years."""
    t = view.t
    title = t("agency_page.answers", agency=view.agencies[agency], category=view.scope_name("category", category))
    rows = view.measures(submission).astype({"indicator": "str", "direction": "str"})
    table = rows.assign(
        indicator_name=[view.scope_name("indicator", indicator) for indicator in rows["indicator"]],
        direction_name=[t(f"ui.direction_{direction}") for direction in rows["direction"]],
    )
    columns = (
        *usual(t, "indicator_name"),
        *measure_columns(view),
        *usual(t, "evidence"),
        Column("note", t("agency_page.note"), "long"),
    )
    return Card(title, table, columns, 1)


@card("agency.history")
def history(view: View, agency: Agency, kind: Literal["overall", "dimension", "category"] = "overall") -> Card:
    """The agency's scores over the years: the overall, or each dimension or category."""
    t = view.t
    words = "history_overall" if kind == "overall" else "history"  # the overall is one line, of no kind
    title = t(f"agency_page.{words}", agency=view.agencies[agency], kind=t(f"ui.by.{kind}"))
    every = view.every_year(kind)
    own = every[every["agency_code"] == agency]
    scope = "overall" if kind == "overall" else None
    told = view.announced
    points = charts.history_data(own, view.framework, t, kind=kind, scope=scope, agencies=[agency], announced=told)
    caption = view.caption(title, 1, years=points["fiscal_year"].tolist())
    drawing = charts.history(points, caption, view.framework, t)
    table = points.assign(year=[t.year(int(year)) for year in points["fiscal_year"]])
    table = table[table["score"].notna() | (table["role"] != charts.ANNOUNCED)]
    columns = (
        Column("series_name", t("ui.scope")),
        *usual(t, "year", "score", "coverage"),
    )
    computed = points[points["role"] != charts.ANNOUNCED]
    traced = numbers(
        view,
        agency_code=agency,
        scope=scope or computed["series"],
        score=computed["score"],
        fiscal_year=computed["fiscal_year"],
    )
    notes, span = notes_of_history(points, t), caption.fiscal_year
    notes += succession_notes(view, [agency], points["fiscal_year"].tolist())
    return Card(title, table, columns, 1, notes=notes, numbers=traced, fiscal_year=span, drawing=drawing)


@card("agency.sent", closed="files", of_scores=False)
def sent(view: View, agency: Agency) -> Card:
    """Every submission about the agency, latest first."""
    t = view.t
    rows = view.received[view.received["agency_code"] == agency]
    table = rows.assign(
        year=[t.year(int(year)) for year in rows["fiscal_year"]],
        source_name=[source_name(source, t) for source in rows["source"]],
        received=[t.moment(moment) for moment in rows["received_at"]],
    )
    columns = (
        Column("submission", t("ui.code")),
        *usual(t, "year", "source_name", "file_name", "received", "received_by"),
    )
    return Card(t("agency_page.sent", agency=view.agencies[agency]), table, columns, 1, of_scores=False)


def versions(view: View, agency: str) -> dict[str, str]:
    """Id -> words of every submission about the agency, withdrawn ones too, the latest recorded first."""
    t, rows = view.t, data.history(view.version, view.viewer)
    rows = rows[rows["agency_code"] == agency]
    return {
        row["submission"]: " · ".join(
            (row["submission"], t.year(row["fiscal_year"]), source_name(row["source"], t), t.moment(row["received_at"]))
        )
        for row in rows.to_dict("records")
    }


@card("agency.versions", closed="files", of_scores=False)
def two_versions(
    view: View,
    before: Sent,
    after: Sent,
    part: Literal["versions", "effects", "criteria", "measures"] = "versions",
) -> Card:
    """Two submissions side by side: who sent each when, what that does to scores, what they say otherwise."""
    t, (found, framework) = view.t, found_between(view, before, after)
    heading = t(f"differing.{part}")
    table = difference_tables(found, framework, t)[heading]
    long = {name for name in table if part == "criteria" and name not in (t("ui.code"), t("ui.item"))}
    kinds: dict[str, Kind] = dict.fromkeys(share_formats(t), "percent")
    kinds |= {str(name): "score" for name in table.select_dtypes("number") if name not in kinds}
    kinds |= dict.fromkeys(long if len(table) <= MOST_WORDED else (), "long")
    columns = tuple(Column(name, name, kinds.get(name, "text")) for name in table)
    agency = found.versions["agency_name"].iloc[-1]
    title = f"{heading}: {t('differing.title', before=before, after=after, agency=agency)}"
    nothing = "two_bases" if part == "effects" and found.effects.empty else "none"
    notes = () if len(table) else (t(f"cli.diff.{nothing}"),)
    return Card(title, table, columns, 1, notes=notes, of_scores=False)


def versions_book(view: View, before: str, after: str) -> bytes:
    """The same as a workbook, a sheet a part."""
    return workbook(*found_between(view, before, after), data.short(view.version), view.t)


@dataclass(frozen=True)
class Original:
    """A file as it was sent."""

    submission: str
    file_name: str
    contents: Callable[[], bytes]


def originals(view: View, agency: str) -> list[Original]:
    """The files of the agency's submissions, latest first."""
    rows = view.received[view.received["agency_code"] == agency]
    return [
        Original(submission, PurePath(name).stem, partial(data.original, view.viewer, submission))
        for submission, name in zip(rows["submission"], rows["file_name"], strict=True)
    ]


def _own(view: View, agency: str) -> pd.DataFrame:
    return view.scored[view.scored["agency_code"] == agency]


def _answer(view: View, met: object) -> str:
    t = view.t
    if pd.isna(met):
        return t("ui.unanswered")
    return t("ui.answer_yes") if met else t("ui.answer_no")
