"""The page Shortest way and what if: the path, what a scenario changes, both as an improvement plan to fill in."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Final, Literal

import pandas as pd

from pmqa import charts, exports
from pmqa.analysis.paths import Path, cheapest_path, met_criteria
from pmqa.analysis.plans import criteria_to_close, draft_actions
from pmqa.analysis.scenarios import rank_move
from pmqa.errors import CardGone
from pmqa.scoring import OVERALL
from pmqa.shown import rounded_each
from pmqa.text import MISSING
from pmqa.views import data, derived
from pmqa.views.cards import Card, Column, Metric, card, headed, usual
from pmqa.views.choices import TOTAL, Agency, Scope
from pmqa.views.derived import Actuals, Answers
from pmqa.views.files import labelled, stamp
from pmqa.views.memory import shared
from pmqa.views.numbers import numbers
from pmqa.views.view import View
from pmqa.views.wide import criterion_columns

SECTIONS: Final = ("path", "whatif")
KINDS: Final = ("overall", "category", "dimension", "item")

Efforts = tuple[tuple[str, float], ...]


def scopes(view: View) -> dict[str, str]:
    """What a path can lead to: the overall, each process category, each dimension."""
    framework = view.framework
    found = {OVERALL: view.scope_name("overall", OVERALL)}
    found |= {c.id: view.scope_name("category", c.id) for c in framework.categories if c.kind == "process"}
    return found | {dimension: view.scope_name("dimension", dimension) for dimension in framework.dimension}


@shared(most=64)
def next_level(view: View, submission: str, scope: str) -> str:
    """The level above the one that the scope is at; the highest where it is there already."""
    rows = data.scores(view.version, view.viewer, (submission,))
    rows = rows[(rows["basis"] == view.basis) & (rows["scope"] == scope)]
    level = None if rows.empty else rows["level"].astype("object").iloc[0]
    order = list(view.framework.level)
    return order[min(order.index(level) + 1, len(order) - 1)] if level in order else order[0]


def path_summary(view: View, submission: str, points: int, scope: str, efforts: Efforts) -> list[Metric]:
    """From where to where, with how many criteria and how much effort."""
    t = view.t
    way, _ = _way(view, submission, points, scope, efforts)
    metrics = [
        Metric(t("plan_page.now"), t.number(way.score_before)),
        Metric(t("plan_page.target"), t.number(points, 0)),
        Metric(t("plan_page.criteria"), t.number(len(way.criteria), 0)),
        Metric(t("plan_page.after"), t.number(way.score_after)),
    ]
    if efforts:
        metrics.insert(3, Metric(t("plan_page.effort_of_all"), t.number(way.effort)))
    return metrics


@card("plan.path")
def path(view: View, agency: Agency, points: int = 0, scope: Scope = TOTAL, efforts: tuple[str, ...] = ()) -> Card:
    """The cheapest path, in the order of the plan, with the score after each step.

    points: of the target; 0 = those of the next level. efforts: "1.1.B1=2.0" of criteria, (): all are alike.
    """
    t, submission, name = view.t, view.submission_id(agency), scopes(view).get(scope)
    if name is None:
        raise CardGone(t("views.gone", name="scope", ids=scope, known=", ".join(scopes(view))))
    points = points or int(view.framework.scoring.level_thresholds[next_level(view, submission, scope)])
    given = tuple((criterion, effort or 0.0) for criterion, effort in _numbers_read(view, "efforts", efforts))
    way, enough = _way(view, submission, points, scope, given)
    title = t("plan_page.path", agency=view.agencies[agency], scope=name, points=t.number(points, 0))
    table, columns = _steps(view, way, given)
    notes = (_verdict(view, way, enough, bool(efforts)),)
    if not way.criteria:
        return Card(title, table, columns, 1, notes=notes)
    rows = charts.plan_steps_data(way.steps, way.score_before, view.framework, t)
    caption = view.caption(title, 1)
    drawing = charts.plan_steps(rows, caption, view.framework, t, target=points, by_effort=bool(efforts))
    start = pd.Series([way.score_before], dtype="float64")
    traced = numbers(view, agency_code=agency, scope=scope, score=start)
    return Card(title, table, columns, 1, notes=notes, numbers=traced, drawing=drawing)


def criteria_of_path(view: View, submission: str, points: int, scope: str, efforts: Efforts) -> tuple[str, ...]:
    """The criteria that the path closes, in order."""
    return _way(view, submission, points, scope, efforts)[0].criteria


def met_on_basis(view: View, submission: str) -> frozenset[str]:
    """The criteria that count as met on the view's basis: a มี without evidence does not on `evidenced`."""
    return met_criteria(view.answers(submission), view.basis)


def path_maker(view: View, agency: str, submission: str, points: int, scope: str, efforts: Efforts) -> partial[bytes]:
    """What a click on the download of the path runs."""
    return partial(_path_workbook, view, agency, submission, points, scope, efforts)


def _path_workbook(view: View, agency: str, submission: str, points: int, scope: str, efforts: Efforts) -> bytes:
    way, _ = _way(view, submission, points, scope, efforts)
    card = path(view, Agency(agency), points, Scope(scope), written(efforts))
    answers = tuple((criterion, True) for criterion in way.criteria)
    return _plan_workbook(view, card, agency, answers, ())


# --- what if ----------------------------------------------------------------------------------------------------------


def outcome(view: View, agency: str, submission: str, answers: Answers, actuals: Actuals) -> list[Metric]:
    """Overall, level and rank, before and after."""
    t = view.t
    rows = derived.changes(view, submission, answers, actuals)
    overall = rows[rows["kind"] == "overall"].iloc[0]
    moved = rank_move(view.scored, rows, agency, view.framework, complete_only=view.complete_only)
    raised = rows[(rows["kind"] == "item") & (rows["level_before"] != rows["level_after"])]
    bands = [
        MISSING if pd.isna(row.rank_low) else _band(int(row.rank_low), int(row.rank_high)) for row in moved.itertuples()
    ]
    levels = [view.level_name(overall[name]) for name in ("level_before", "level_after")]
    return [
        Metric(t("plan_page.overall_move"), _move(t.number(overall["before"]), t.number(overall["after"]))),
        Metric(t("plan_page.level_move"), _move(*levels)),
        Metric(t("plan_page.rank_move", n=int(moved["n"].max())), _move(*bands), t("plan_page.rank_help")),
        Metric(t("plan_page.items_raised"), t.number(len(raised), 0)),
    ]


@card("plan.scenario", closed="plans")
def profile(
    view: View,
    agency: Agency,
    answers: tuple[str, ...] = (),
    actuals: tuple[str, ...] = (),
    kind: Literal["dimension", "category"] = "dimension",
) -> Card:
    """The agency's profile now and in the scenario."""
    t = view.t
    title = t("plan_page.profile", agency=view.agencies[agency], kind=t(f"ui.by.{kind}"))
    rows = derived.changes(view, *_assumed(view, agency, answers, actuals))
    rows = rows[rows["kind"] == kind]
    points = charts.CHART_POINTS.conform(
        pd.concat(
            pd.DataFrame(
                {
                    "series": series,
                    "series_name": name,
                    "role": role,
                    "scope": rows["scope"],
                    "scope_name": [view.scope_name(kind, scope) for scope in rows["scope"]],
                    "score": rows[column],
                    "coverage": 1.0 if role == "agency" else None,
                    "n": None,
                }
            )
            for series, name, role, column in (
                (agency, t("plan_page.as_sent"), "agency", "before"),
                ("scenario", t("plan_page.in_scenario"), "target", "after"),
            )
        )
    )
    caption = view.caption(title, 1, t("plan_page.assumed_note"))
    drawing = charts.radar(points, caption, view.framework, t)
    table = rows.assign(
        scope_name=[view.scope_name(kind, scope) for scope in rows["scope"]],
        level_from=[view.level_name(level) for level in rows["level_before"]],
        level_to=[view.level_name(level) for level in rows["level_after"]],
    )
    traced = numbers(view, agency_code=agency, scope=rows["scope"], score=rows["before"])
    return Card(title, table, _move_columns(view), 1, numbers=traced, drawing=drawing)


@card("plan.moved", closed="plans")
def moved(view: View, agency: Agency, answers: tuple[str, ...] = (), actuals: tuple[str, ...] = ()) -> Card:
    """Every scope whose score the scenario changes."""
    t = view.t
    rows = derived.changes(view, *_assumed(view, agency, answers, actuals))
    rows = rows[rows["kind"].isin(KINDS) & (rounded_each(rows["change"]).abs() > 0)]
    table = rows.assign(
        scope_name=[view.scope_name(kind, scope) for kind, scope in zip(rows["kind"], rows["scope"], strict=True)],
        level_from=[view.level_name(level) for level in rows["level_before"]],
        level_to=[view.level_name(level) for level in rows["level_after"]],
    )
    title = t("plan_page.moved", agency=view.agencies[agency])
    traced = numbers(view, agency_code=agency, scope=rows["scope"], score=rows["before"])
    return Card(title, table, _move_columns(view), 1, notes=(t("plan_page.never_changes"),), numbers=traced)


@card("plan.assumed", closed="plans")
def assumed(view: View, agency: Agency, answers: tuple[str, ...] = (), actuals: tuple[str, ...] = ()) -> Card:
    """What the scenario assumes, beside what was sent."""
    t = view.t
    submission, wanted_answers, wanted_actuals = _assumed(view, agency, answers, actuals)
    sent = view.answers(submission)
    said = dict(zip(sent["criterion"].astype("str"), sent["met"].astype("object"), strict=True))
    met = met_on_basis(view, submission)
    measures = view.measures(submission)
    was = {
        f"{indicator}#{number}": (view.scope_name("indicator", indicator) if pd.isna(name) else name, actual)
        for indicator, number, name, actual in zip(
            measures["indicator"].astype("str"), measures["number"], measures["name"], measures["actual"], strict=True
        )
    }
    rows = [
        (
            c,
            t.pick(view.framework.criterion[c].text),
            t("gaps_page.without_evidence") if said[c] is True and c not in met else _said(view, said[c]),
            _said(view, wanted),
        )
        for c, wanted in wanted_answers
    ]
    rows += [(scope, str(was[scope][0]), value(was[scope][1]), value(actual)) for scope, actual in wanted_actuals]
    table = pd.DataFrame(rows, columns=["code", "text", "before", "after"])
    columns = (
        Column("code", t("ui.code")),
        Column("text", t("plan_page.what"), "long"),
        Column("before", t("plan_page.as_sent")),
        Column("after", t("plan_page.in_scenario")),
    )
    return Card(t("plan_page.assumed", agency=view.agencies[agency]), table, columns, 1)


def written(of: Answers | Actuals | Efforts) -> tuple[str, ...]:
    """Answers, actuals or efforts as an address has them: id=number; id= for what is unanswered or without."""
    return tuple(f"{name}={'' if value is None else float(value)}" for name, value in of)


def _numbers_read(view: View, name: str, words: tuple[str, ...]) -> tuple[tuple[str, float | None], ...]:
    """What `written` gave. Raises CardGone."""
    try:
        pairs = [word.rsplit("=", 1) for word in words]
        return tuple((of, float(number) if number else None) for of, number in pairs)
    except ValueError:
        raise CardGone(view.t("views.not_numbers", name=name)) from None


def _assumed(
    view: View, agency: str, answers: tuple[str, ...], actuals: tuple[str, ...]
) -> tuple[str, Answers, Actuals]:
    """The agency's submission, and what is assumed of it. Raises CardGone where it has no such criterion or measure."""
    submission = view.submission_id(agency)
    measures = view.measures(submission)
    there = {f"{i}#{n}" for i, n in zip(measures["indicator"].astype("str"), measures["number"], strict=True)}
    there |= set(view.answers(submission)["criterion"].astype("str"))
    said = _numbers_read(view, "answers", answers)
    wanted = _numbers_read(view, "actuals", actuals)
    if gone := [of for of, _ in (*said, *wanted) if of not in there]:
        raise CardGone(view.t("views.not_sent", ids=", ".join(gone)))
    return submission, tuple((of, None if met is None else bool(met)) for of, met in said), wanted


def scenario_maker(view: View, agency: str, answers: Answers, actuals: Actuals) -> partial[bytes]:
    """What a click on the download of the scenario runs."""
    return partial(_scenario_workbook, view, agency, answers, actuals)


def _scenario_workbook(view: View, agency: str, answers: Answers, actuals: Actuals) -> bytes:
    card = assumed(view, Agency(agency), written(answers), written(actuals))
    return _plan_workbook(view, card, agency, answers, actuals)


def _plan_workbook(view: View, first: Card, agency: str, answers: Answers, actuals: Actuals) -> bytes:
    """An improvement plan: actions to fill in, what it is made of, what it does to each score."""
    t, framework = view.t, view.framework
    closing = [criterion for criterion, met in answers if met]
    actions = draft_actions(criteria_to_close(closing, framework), agency, view.fiscal_year)
    texts = [
        "\n".join(f"{c} {t.pick(framework.criterion[c].text)}" for c in ids.split()) for ids in actions["criteria"]
    ]
    blank = pd.Series([None] * len(actions), dtype="str")
    columns = {
        t("ui.item"): [view.scope_name("item", item) for item in actions["what"]],
        t("plan_page.criteria_to_close"): pd.Series(texts, dtype="str"),
        **{t(f"plan_page.{name}"): blank for name in ("action", "owner", "due", "month_6", "month_12")},
    }
    effects = moved(view, Agency(agency), written(answers), written(actuals))
    sheets = {
        t("plan_page.sheet_actions"): pd.DataFrame(columns),
        t("plan_page.sheet_basis"): labelled(first),
        t("plan_page.sheet_effects"): labelled(effects),
    }
    formats = {column.label: "0.0" for card in (first, effects) for column in card.columns if column.kind == "score"}
    about = replace(stamp(view, first), title=t("plan_page.workbook", agency=view.agencies[agency]))
    return exports.to_xlsx(sheets, about, formats)


@shared(most=64)
def _way(view: View, submission: str, points: int, scope: str, efforts: Efforts) -> tuple[Path, bool]:
    """The cheapest path and whether it reaches the target; where none does, the one that goes as far as there is."""

    def to(target: float) -> Path:
        return cheapest_path(
            view.answers(submission),
            view.framework,
            view.basis,
            target,
            None if scope == OVERALL else scope,
            dict(efforts) or None,
            view.measures(submission),
        )

    way = to(float(points))
    # The double next to what is best may lie above it, and would be out of reach again.
    return (way, True) if way.reachable else (to(math.nextafter(way.best, 0.0)), False)


def _steps(view: View, way: Path, efforts: Efforts) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    t, framework, steps = view.t, view.framework, way.steps
    table = steps.assign(
        item_name=[view.scope_name("item", item) for item in steps["item"]],
        level_name=[view.level_name(level) for level in steps["level"]],
        text=[t.pick(framework.criterion[criterion].text) for criterion in steps["criterion"]],
    )
    columns = [
        Column("step", t("gaps_page.step"), "count"),
        *criterion_columns(t),
        Column("gain", t("plan_page.gain"), "score"),
        Column("score", t("plan_page.score_after"), "score"),
    ]
    if efforts:
        columns.insert(5, Column("effort", t("plan_page.effort"), "value"))
    return table, tuple(columns)


def _verdict(view: View, way: Path, enough: bool, weighed: bool) -> str:
    t, kinds = view.t, view.framework.kinds(view.t)
    if not enough:
        return t("plan_page.unreachable", best=t.number(way.best), **kinds)
    if not way.criteria:
        return t("plan_page.reached")
    return t("plan_page.least_effort" if weighed else "plan_page.fewest", n=len(way.criteria), **kinds)


def _move_columns(view: View) -> tuple[Column, ...]:
    t = view.t
    return (
        *usual(t, "scope_name"),
        Column("before", t("plan_page.as_sent"), "score"),
        Column("after", t("plan_page.in_scenario"), "score"),
        Column("change", t("plan_page.change"), "score"),
        *headed(t, "text", "plan_page.level_from", "plan_page.level_to"),
    )


def _move(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _band(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _said(view: View, met: object) -> str:
    t = view.t
    return t("ui.unanswered") if pd.isna(met) else t("ui.answer_yes") if met else t("ui.answer_no")


def value(value: float | None) -> str:
    return MISSING if value is None or pd.isna(value) else f"{value:,.10g}"
