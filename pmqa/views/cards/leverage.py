"""The page What holds many back: what blocks many agencies, what most miss, who met it and could show how."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from pmqa import charts
from pmqa.analysis import leverage as analysis
from pmqa.scoring import OVERALL, of_settled
from pmqa.tables import as_text
from pmqa.views import derived
from pmqa.views.cards import Card, Column, Metric, card, headed, usual
from pmqa.views.choices import Agency, Criterion, Level
from pmqa.views.numbers import numbers
from pmqa.views.view import View
from pmqa.views.wide import criterion_columns, prose, rows_of

EVERY: Final = Level("all")
MOST_ARROWS: Final = 25  # rows of a chart
MOST_SHOWN: Final = 40  # rows of sentences on one screen


def summary(view: View) -> list[Metric]:
    """How many agencies are blocked, by how many criteria, and how few of these make half of the points."""
    t = view.t
    found = derived.leverage(view, "points")
    blocked = derived.blockers(view)["submission"].nunique()
    half = int((found["share"] < 1 / 2).sum()) + 1 if len(found) else 0
    return [
        Metric(t("leverage_page.agencies_blocked", n=len(view.agencies)), t.number(blocked, 0)),
        Metric(t("leverage_page.criteria_that_block"), t.number(len(found), 0)),
        Metric(t("leverage_page.half"), t.number(half, 0), t("leverage_page.half_help")),
    ]


@card("leverage.together")
def together(view: View, number: int = 5, by: analysis.Order = "points") -> Card:
    """What closing the first criteria of that order at once gives: agency by agency, and how many reach a level."""
    t = view.t
    criteria = tuple(derived.leverage(view, by)["criterion"].astype("str").head(number))
    found = derived.together(view, criteria)
    whose = view.submissions[["submission", "agency_code", "agency_name"]].astype({"submission": "str"})
    rows = found[found["change"].notna()].merge(whose, on="submission")
    rows = rows.sort_values(["change", "agency_name"], ascending=[False, True], kind="stable").reset_index(drop=True)
    texts = "; ".join(f"{c} {t.pick(view.framework.criterion[c].text)}" for c in criteria)
    table = rows.assign(
        level_from=view.level_names(rows["level_before"].tolist()),
        level_to=view.level_names(rows["level_after"].tolist()),
    )
    columns = (
        *usual(t, "agency_code", "agency_name"),
        Column("missed", t("leverage_page.missed_of", n=len(criteria)), "count"),
        Column("before", t("leverage_page.now"), "score"),
        Column("after", t("leverage_page.after"), "score"),
        Column("change", t("leverage_page.gain"), "score"),
        Column("level_from", t("leverage_page.level_now")),
        Column("level_to", t("leverage_page.level_after")),
    )
    said = _said(view, rows, criteria)
    traced = numbers(view, agency_code=rows["agency_code"], scope=OVERALL, score=rows["before"])
    if rows.empty or not criteria:
        return Card(
            said, table, columns, len(view.agencies), notes=(t("leverage_page.nothing_blocks"),), numbers=traced
        )
    old, new = (
        rows.assign(kind=OVERALL, scope=OVERALL, score=rows[side], coverage=np.nan) for side in ("before", "after")
    )
    pairs = charts.pairs_data(old, new, view.framework, t, kind=OVERALL, scope=OVERALL, order="gap")
    names = (t("leverage_page.now"), t("leverage_page.after"))
    caption = view.caption(t("leverage_page.together", n=len(criteria)), len(rows))
    drawing = charts.arrows(pairs, names, caption, view.framework, t, most=MOST_ARROWS)
    drawing = replace(drawing, finding=said, rows_of="agency")
    notes = [t("leverage_page.these", criteria=texts), t("leverage_page.together_note")]
    if len(rows) > MOST_ARROWS:
        notes.append(t("years_page.first", n=MOST_ARROWS, of=len(rows)))
    title = caption.title
    return Card(title, table, columns, len(rows), notes=tuple(notes), numbers=traced, drawing=drawing)


def _said(view: View, rows: pd.DataFrame, criteria: tuple[str, ...]) -> str:
    """TOGETHER of the view in a sentence: the mean gain, and how many reach a level that they did not have."""
    t, lowest = view.t, view.framework.levels[0]
    if rows.empty or not criteria:
        return t("leverage_page.nothing_blocks")
    gain = of_settled(np.array([rows["change"].mean()]))[0]
    words = {
        "criteria": ", ".join(criteria),
        "n": len(criteria),
        "gain": t.number(float(gain)),
        "agencies": t.number(len(rows), 0),
        "reached": t.number(int(rows["reaches"].sum()), 0),
        "level": view.level_name(lowest.id),
        "risen": t.number(int(rows["rises"].sum()), 0),
    }
    return t("leverage_page.said", **words)


@card("leverage.leverage")
def leverage(view: View, by: analysis.Order = "points") -> Card:
    """Criteria by what closing each releases, summed over the agencies that it blocks, or by how many these are."""
    t = view.t
    title = t("leverage_page.leverage")
    rows = charts.pareto_data(derived.blockers(view), view.framework, t, by=by)
    caption = view.caption(title, len(view.agencies))
    found = derived.leverage(view, by)
    table = _named(view, found)
    kind = prose(len(table))
    columns = (
        *usual(t, "criterion"),
        Column("text", t("ui.criterion"), kind),
        Column("item_name", t("ui.item"), kind),
        *usual(t, "level_name"),
        Column("agencies", t("leverage_page.agencies"), "count"),
        Column("alone", t("leverage_page.alone_count"), "count"),
        *headed(t, "score", "leverage_page.release", "leverage_page.release_overall"),
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
    own = _in_words(analysis.lone_blockers(rows[rows["submission"] == view.submission_id(agency)]))
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
    found = analysis.missed_criteria(derived.met(view), view.framework)
    found = found if level == EVERY else found[found["level"] == level]
    table = _named(view, found.head(MOST_SHOWN))
    columns = (
        *usual(t, "criterion", "text", "item_name", "level_name"),
        Column("share_missed", t("leverage_page.share_missed"), "percent"),
        *headed(t, "count", "leverage_page.not_met", "leverage_page.unanswered", "leverage_page.n"),
    )
    notes = (t("leverage_page.first", n=MOST_SHOWN, of=len(found)),) if len(found) > MOST_SHOWN else ()
    return Card(t("leverage_page.missed"), table, columns, len(view.agencies), notes=notes)


def criteria_to_learn(view: View) -> dict[str, str]:
    """Criteria that block somebody, most points first; where nothing blocks, all of them."""
    t, framework = view.t, view.framework
    blocking = list(derived.leverage(view, "points")["criterion"].astype("str"))
    return {c: t.pick(framework.criterion[c].text) for c in blocking or list(framework.criterion)}


@card("leverage.teachers", closed="evidence")
def teachers(view: View, criterion: Criterion) -> Card:
    """Agencies that met a criterion and say with which evidence."""
    t = view.t
    answers = view.answers(*view.submissions["submission"], texts=("evidence", "explanation"))
    rows = analysis.teachers(answers, view.submissions, [criterion])
    kind = prose(len(rows))
    columns = (
        *usual(t, "agency_code", "agency_name", "ministry"),
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
    rows = _in_words(rows[rows["criterion"] == criterion])
    whose = view.submissions[["submission", "agency_code", "agency_name", "ministry"]]
    table = rows.merge(whose, on="submission").sort_values(["release_overall", "agency_name"], ascending=[False, True])
    columns = (
        *usual(t, "agency_code", "agency_name", "ministry"),
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
    rows = rows_of(view.broad[view.broad["agency_code"].isin(agencies)], "item")
    rows = rows[rows["scope"].isin(items)]
    return numbers(view, agency_code=rows["agency_code"], scope=rows["scope"], score=rows["score"])


def _in_words(blockers: pd.DataFrame) -> pd.DataFrame:
    return as_text(blockers, "submission", "item", "criterion", "level")


def _named(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    t, framework = view.t, view.framework
    return rows.assign(
        text=pd.Series([t.pick(framework.criterion[c].text) for c in rows["criterion"]], index=rows.index, dtype="str"),
        item_name=pd.Series([view.scope_name("item", item) for item in rows["item"]], index=rows.index, dtype="str"),
        level_name=pd.Series([view.level_name(level) for level in rows["level"]], index=rows.index, dtype="str"),
    )
