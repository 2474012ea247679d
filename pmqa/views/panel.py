"""What is behind a score: how it stands and moved, its parts, the answers, evidence and cells that it comes from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from pmqa.charts.pairs import signed
from pmqa.errors import CardGone
from pmqa.exports import worded_trace
from pmqa.shown import differences_shown
from pmqa.text import MISSING
from pmqa.views.behind import Subject, above, below, scope_of
from pmqa.views.cards import Card, Column, Metric, headed, trace, usual
from pmqa.views.numbers import kind_of, number_name
from pmqa.views.view import View
from pmqa.views.wide import prose
from pmqa.views.words import type_name

WRITTEN: Final = ("evidence", "place", "target_place")  # of a TRACE, what an agency wrote, and where


@dataclass(frozen=True)
class Panel:
    """What is behind a subject. about: basis, year, edition and whose it is. parts: None where it is made of answers.

    sent: criteria and measures with answers, evidence and cells. above: the scopes that hold it.
    """

    subject: Subject
    title: str
    about: str
    metrics: tuple[Metric, ...]
    parts: Card | None
    sent: Card
    above: tuple[str, ...]


def panel(view: View, subject: Subject) -> Panel:
    """What is behind a scope of an agency. Raises CardGone where the view has none: it names nobody."""
    t, (agency, scope, year) = view.t, subject
    if year and year not in view.years:
        raise CardGone(t("drill.gone"))
    view = replace(view, fiscal_year=year or view.fiscal_year)
    if view.tells_too_much or agency not in view.agencies or not scope_of(view, scope):
        raise CardGone(t("drill.gone"))
    try:
        rows = _trace(view, subject)
    except KeyError as error:  # a measure that was not sent
        raise CardGone(t("drill.gone")) from error
    own = view.submissions.set_index("agency_code").loc[agency]
    about = (view.basis_name, t.year(view.fiscal_year), view.framework.called(t))
    whose = (str(own["ministry"]), type_name(str(own["agency_type"]), t))
    return Panel(
        subject,
        t("drill.title", agency=view.agencies[agency], scope=number_name(view, scope)),
        " · ".join((*about, *whose, *(() if view.meeting else (agency,)))),
        _standing(view, subject, rows.iloc[0]),
        _parts(view, subject),
        _sent(view, subject, rows),
        above(view, scope),
    )


def _trace(view: View, subject: Subject) -> pd.DataFrame:
    """TRACE of the subject; in a meeting without what the agency wrote."""
    named = view.named
    rows = trace.traced(named, named.submission_id(view.code(subject.agency)), subject.scope)
    return rows.assign(**dict.fromkeys(WRITTEN)) if view.meeting else rows


def _standing(view: View, subject: Subject, first: pd.Series[Any]) -> tuple[Metric, ...]:
    t = view.t
    metrics = [Metric(t("ui.score"), t.number(first["score"]))]
    if "#" not in subject.scope:
        metrics.append(Metric(t("ui.level"), view.level_name(first["level"])))
        metrics.append(Metric(t("ui.coverage"), t.percent(first["coverage"])))
        metrics.append(_change(view, subject))
    return tuple(metrics)


def _change(view: View, subject: Subject) -> Metric:
    """Against the year before; how much was answered then says whether both can be compared."""
    t, year = view.t, view.t.year(view.fiscal_year - 1)
    moved = _moved(view, subject.agency).reindex([subject.scope]).iloc[0]
    label = t("drill.change", year=year)
    if pd.isna(moved["before"]):
        return Metric(label, MISSING, t("drill.no_year_before", year=year))
    said = t("drill.before", year=year, score=t.number(moved["before"]), coverage=t.percent(moved["before_coverage"]))
    return Metric(label, MISSING if pd.isna(moved["change"]) else signed(float(moved["change"]), t), said)


def _moved(view: View, agency: str) -> pd.DataFrame:
    """SCORED of an agency by scope, with before and before_coverage, of the year before, and the shown difference."""
    now, then = (
        rows[rows["agency_code"] == agency].astype({"scope": "str"}).set_index("scope")
        for rows in (view.scored, view.of_year(view.fiscal_year - 1))
    )
    before = then["score"].reindex(now.index)
    return now.assign(
        before=before,
        before_coverage=then["coverage"].reindex(now.index),
        change=differences_shown(now["score"].astype("float64"), before.astype("float64")),
    )


def _parts(view: View, subject: Subject) -> Card | None:
    t, scopes = view.t, below(view, subject.scope)
    if not scopes:
        return None
    rows = _moved(view, subject.agency).reindex(list(scopes))
    table = pd.DataFrame(
        {
            "agency_code": subject.agency,
            "scope": scopes,
            "fiscal_year": view.fiscal_year,
            "name": [view.scope_name(kind_of(view.framework, scope), scope) for scope in scopes],
            "score": rows["score"].to_numpy(),
            "change": rows["change"].to_numpy(),
            "level_name": [view.level_name(level) for level in rows["level"]],
            "coverage": rows["coverage"].to_numpy(),
        }
    )
    columns = (
        Column("name", t("drill.part")),
        *usual(t, "score"),
        Column("change", t("drill.change", year=t.year(view.fiscal_year - 1)), "score"),
        *usual(t, "level_name", "coverage"),
    )
    whole = subject.scope in view.framework.dimension
    return Card(t("drill.parts"), table, columns, 1, notes=(t("drill.whole_items"),) if whole else ())


def _sent(view: View, subject: Subject, rows: pd.DataFrame) -> Card:
    t, kinds = view.t, ("criterion",) if view.meeting else ("criterion", "measure")
    rows = rows[rows["kind"].isin(kinds)].drop_duplicates("scope")
    table = worded_trace(rows.assign(depth=0), view.framework, t).reset_index(drop=True)
    if not view.meeting:
        known = trace.scopes(view, view.submission_id(subject.agency))  # measures by their names, too
        table["name"] = [known.get(scope, name) for scope, name in zip(table["scope"], table["name"], strict=True)]
    long = prose(len(table))
    every = (
        Column("name", t("drill.asked"), long),
        *usual(t, "answer_name"),
        Column("state_name", t("trace_page.state"), long),
        *usual(t, "score"),
        Column("evidence", t("ui.evidence"), long),
        *headed(t, "text", "trace_page.place", "trace_page.target_place"),
    )
    columns = tuple(column for column in every if column.name == "name" or table[column.name].notna().any())
    answers = rows[rows["kind"] == "criterion"]
    met = answers[answers["answer"].astype("boolean").fillna(value=False)]
    words = {"met": len(met), "cited": int(met["evidence"].notna().sum()), "n": len(answers)}
    notes = (t("drill.in_meetings"),) if view.meeting else (t("drill.cited", **words),) if len(answers) else ()
    return Card(t("drill.sent", n=len(table)), table, columns, 1, notes=notes)
