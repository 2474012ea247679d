"""The page What holds many back: what blocks many agencies, what most miss, who met it and could show how."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pmqa import charts
from pmqa.analysis import leverage as analysis
from pmqa.views import derived
from pmqa.views.cards import Card, Column, Metric, card
from pmqa.views.choices import Agency, Criterion, Level
from pmqa.views.numbers import numbers
from pmqa.views.view import View
from pmqa.views.wide import criterion_columns, prose, rows_of

EVERY: Final = Level("all")
MOST_SHOWN: Final = 40  # rows of sentences on one screen


def summary(view: View) -> list[Metric]:
    """How many agencies are blocked, by how many criteria, and how few of these make half of the points."""
    t = view.t
    found = analysis.leverage(derived.blockers(view))
    blocked = derived.blockers(view)["submission"].nunique()
    half = int((found["share"] < 1 / 2).sum()) + 1 if len(found) else 0
    return [
        Metric(t("leverage_page.agencies_blocked", n=len(view.agencies)), t.number(blocked, 0)),
        Metric(t("leverage_page.criteria_that_block"), t.number(len(found), 0)),
        Metric(t("leverage_page.half"), t.number(half, 0), t("leverage_page.half_help")),
    ]


@card("leverage.leverage")
def leverage(view: View) -> Card:
    """Criteria by what closing each would release, summed over the agencies that it blocks."""
    t = view.t
    title = t("leverage_page.leverage")
    blockers = derived.blockers(view)
    rows = charts.pareto_data(blockers, view.framework, t)
    caption = view.caption(title, len(view.agencies))
    found = analysis.leverage(blockers)
    table = _named(view, found)
    kind = prose(len(table))
    columns = (
        Column("criterion", t("ui.code")),
        Column("text", t("ui.criterion"), kind),
        Column("item_name", t("ui.item"), kind),
        Column("level_name", t("ui.level")),
        Column("agencies", t("leverage_page.agencies"), "count"),
        Column("alone", t("leverage_page.alone_count"), "count"),
        Column("release", t("leverage_page.release"), "score"),
        Column("release_overall", t("leverage_page.release_overall"), "score"),
        Column("share", t("leverage_page.share"), "percent"),
    )
    if table.empty:
        return Card(title, table, columns, len(view.agencies), notes=(t("leverage_page.nothing_blocks"),))
    drawing = charts.pareto(rows, caption, view.framework, t)
    return Card(title, table, columns, len(view.agencies), notes=(t("leverage_page.read"),), drawing=drawing)


@card("leverage.alone")
def alone(view: View, agency: Agency) -> Card:
    """The single criteria that keep an agency's items from their next level."""
    t = view.t
    rows = derived.blockers(view)
    own = analysis.lone_blockers(rows[rows["submission"] == view.submission_id(agency)])
    table = _named(view, own)
    columns = (
        *criterion_columns(t),
        Column("release", t("gaps_page.release_item"), "score"),
        Column("release_overall", t("gaps_page.release_overall"), "score"),
    )
    notes = () if len(table) else (t("leverage_page.nothing_alone"),)
    title = t("leverage_page.alone", agency=view.agencies[agency])
    return Card(title, table, columns, 1, notes=notes, numbers=_of_items(view, [agency], set(own["item"])))


@card("leverage.missed")
def missed(view: View, level: Level = EVERY) -> Card:
    """Criteria by the share of agencies that miss them, whatever the gates."""
    t = view.t
    found = analysis.missed_criteria(view.answers(*view.submissions["submission"]), view.framework, view.basis)
    found = found if level == EVERY else found[found["level"] == level]
    table = _named(view, found.head(MOST_SHOWN))
    columns = (
        Column("criterion", t("ui.code")),
        Column("text", t("ui.criterion"), "long"),
        Column("item_name", t("ui.item"), "long"),
        Column("level_name", t("ui.level")),
        Column("share_missed", t("leverage_page.share_missed"), "percent"),
        Column("not_met", t("leverage_page.not_met"), "count"),
        Column("unanswered", t("leverage_page.unanswered"), "count"),
        Column("n", t("leverage_page.n"), "count"),
    )
    notes = (t("leverage_page.first", n=MOST_SHOWN, of=len(found)),) if len(found) > MOST_SHOWN else ()
    return Card(t("leverage_page.missed"), table, columns, len(view.agencies), notes=notes)


def criteria_to_learn(view: View) -> dict[str, str]:
    """Criteria that block somebody, most points first; where nothing blocks, all of them."""
    t, framework = view.t, view.framework
    blocking = list(analysis.leverage(derived.blockers(view))["criterion"].astype("str"))
    return {c: t.pick(framework.criterion[c].text) for c in blocking or list(framework.criterion)}


@card("leverage.teachers", closed="evidence")
def teachers(view: View, criterion: Criterion) -> Card:
    """Agencies that met a criterion and say with which evidence."""
    t = view.t
    rows = analysis.teachers(view.answers(*view.submissions["submission"]), view.submissions, [criterion])
    kind = prose(len(rows))
    columns = (
        Column("agency_code", t("ui.code"), "id"),
        Column("agency_name", t("ui.agency")),
        Column("ministry", t("ui.ministry")),
        Column("evidence", t("ui.evidence"), kind),
        Column("explanation", t("ui.explanation"), kind),
    )
    title = t("leverage_page.teachers", criterion=criterion, n=len(rows))
    return Card(title, rows, columns, len(view.agencies), notes=(t("leverage_page.teachers_note"),))


@card("leverage.learners")
def learners(view: View, criterion: Criterion) -> Card:
    """Agencies that the criterion keeps from their next level, those first that gain most."""
    t = view.t
    rows = derived.blockers(view)
    rows = rows[rows["criterion"] == criterion].astype({"submission": "str"})
    whose = view.submissions[["submission", "agency_code", "agency_name", "ministry"]]
    table = rows.merge(whose, on="submission").sort_values(["release_overall", "agency_name"], ascending=[False, True])
    columns = (
        Column("agency_code", t("ui.code"), "id"),
        Column("agency_name", t("ui.agency")),
        Column("ministry", t("ui.ministry")),
        Column("release", t("gaps_page.release_item"), "score"),
        Column("release_overall", t("gaps_page.release_overall"), "score"),
    )
    title = t("leverage_page.learners", criterion=criterion, n=len(table))
    traced = _of_items(view, list(table["agency_code"]), {view.framework.criterion[criterion].item})
    return Card(title, table, columns, len(view.agencies), numbers=traced)


def level_words(view: View, level: str) -> str:
    """A level, or all of them."""
    return view.t("leverage_page.all_levels") if level == EVERY else view.level_name(level)


def _of_items(view: View, agencies: list[str], items: set[str]) -> pd.DataFrame:
    """NUMBERS of the items in which agencies are blocked."""
    rows = rows_of(view.scored[view.scored["agency_code"].isin(agencies)], "item")
    rows = rows[rows["scope"].isin(items)]
    return numbers(view, agency_code=rows["agency_code"], scope=rows["scope"], score=rows["score"])


def _named(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    t, framework = view.t, view.framework
    return rows.assign(
        text=pd.Series([t.pick(framework.criterion[c].text) for c in rows["criterion"]], index=rows.index, dtype="str"),
        item_name=pd.Series([view.scope_name("item", item) for item in rows["item"]], index=rows.index, dtype="str"),
        level_name=pd.Series([view.level_name(level) for level in rows["level"]], index=rows.index, dtype="str"),
    )
