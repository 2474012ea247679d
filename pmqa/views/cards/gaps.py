"""The page Gaps: how far to the target by scope, which criteria block, and the shortest way to an overall score."""

from __future__ import annotations

from typing import Final, Literal, get_args

import pandas as pd

from pmqa import charts
from pmqa.analysis import gaps as analysis
from pmqa.analysis.paths import cheapest_path
from pmqa.errors import CardGone
from pmqa.scoring import OVERALL
from pmqa.text import Translator
from pmqa.views.cards import Card, Column, card, usual
from pmqa.views.choices import Agency, Kind, Level
from pmqa.views.memory import shared
from pmqa.views.numbers import numbers
from pmqa.views.view import View
from pmqa.views.wide import criterion_columns, rows_of

Target = Literal["next_level", "level", "peer_median", "best_peer", "number"]

TARGETS: Final = get_args(Target)
BLANK: Final = Level("")
OF_PEERS: Final = ("peer_median", "best_peer")


@card("gaps.to_target")
def to_target(
    view: View,
    agency: Agency,
    kind: Kind = "category",
    target: Target = "next_level",
    level: Level = BLANK,
    number: int = 0,
) -> Card:
    """The gap of each scope of a kind. level, number: what the targets of these names mean; BLANK = the first."""
    t = view.t
    title = t(
        "gaps_page.gaps",
        agency=view.agencies[agency],
        kind=t(f"ui.by.{kind}"),
        target=target_name(view, target, level, number),
    )
    own = rows_of(view.scored_with(kind), kind)
    own = own[own["agency_code"] == agency]
    gaps = analysis.gaps_to_target(own, _targets(view, own, target, level, number))
    rows = charts.gap_bars_data(gaps, view.framework, t, kind=kind)
    caption = view.caption(title, len(view.agencies) if target in OF_PEERS else 1)
    drawing = charts.gap_bars(rows, caption, view.framework, t)
    columns = (
        *usual(t, "scope_name", "score"),
        Column("target", t("ui.target"), "score"),
        *usual(t, "gap", "coverage"),
    )
    few = target in OF_PEERS and bool(rows["target"].isna().any())
    notes = (t("gaps_page.too_few", minimum=view.peer_minimum, counted=view.who_counts),) if few else ()
    traced = numbers(view, agency_code=agency, scope=rows["scope"], score=rows["score"])
    return Card(title, rows, columns, caption.n, notes=notes, numbers=traced, drawing=drawing)


@card("gaps.blocking")
def blocking(view: View, agency: Agency) -> Card:
    """The criteria that keep items from their next level, with what closing each releases."""
    t = view.t
    title, submission = t("gaps_page.blocking", agency=view.agencies[agency]), view.submission_id(agency)
    blockers = analysis.blocking_criteria(view.answers(submission), view.framework, view.basis)
    rows = charts.pareto_data(blockers, view.framework, t)
    drawing = charts.pareto(rows, view.caption(title, 1), view.framework, t) if len(rows) else None
    known = blockers.set_index("criterion").reindex(rows["criterion"])
    said = view.answers(submission).set_index("criterion")["met"].reindex(rows["criterion"])
    table = rows.assign(
        item_name=[view.scope_name("item", item) for item in rows["item"]],
        level_name=[view.level_name(level) for level in rows["level"]],
        answer=[_said(met, t) for met in said],
        overall=known["release_overall"].to_numpy(),
    )
    columns = (
        *criterion_columns(t, text="criterion_text"),
        *usual(t, "answer"),
        Column("points", t("gaps_page.release_item"), "score"),
        Column("overall", t("gaps_page.release_overall"), "score"),
    )
    notes = () if len(rows) else (t("gaps_page.nothing_blocks", **view.framework.kinds(t)),)
    items = rows_of(view.broad[view.broad["agency_code"] == agency], "item")
    items = items[items["scope"].isin(rows["item"])]
    traced = numbers(view, agency_code=agency, scope=items["scope"], score=items["score"])
    return Card(title, table, columns, 1, notes=notes, numbers=traced, drawing=drawing)


def _said(met: bool | None, t: Translator) -> str:
    """What was answered to a criterion that blocks; มี blocks too where the basis asks for evidence."""
    if pd.isna(met):
        return t("ui.unanswered")
    return t("gaps_page.without_evidence") if met else t("ui.answer_no")


@card("gaps.path")
def path(view: View, agency: Agency, target: Target = "next_level", level: Level = BLANK, number: int = 0) -> Card:
    """The fewest criteria to an overall score, in the order to close them."""
    t, framework, submission = view.t, view.framework, view.submission_id(agency)
    points = goal(view, agency, target, level, number)
    if points is None:
        raise CardGone(t("gaps_page.too_few", minimum=view.peer_minimum, counted=view.who_counts))
    title = t("gaps_page.path", agency=view.agencies[agency], points=t.number(points, 0))
    way = cheapest_path(view.answers(submission), framework, view.basis, points, measures=view.measures(submission))
    steps = way.steps
    table = steps.assign(
        item=[view.scope_name("item", framework.criterion[criterion].item) for criterion in steps["criterion"]],
        level_name=[view.level_name(level) for level in steps["level"]],
        text=[t.pick(framework.criterion[criterion].text) for criterion in steps["criterion"]],
    )
    columns = (
        Column("step", t("gaps_page.step"), "count"),
        *criterion_columns(t, item="item"),
        Column("score", t("gaps_page.score_after"), "score"),
    )
    verdict = _verdict(view, way.reachable, len(way.criteria), way.best)
    start = pd.Series([way.score_before], dtype="float64")
    traced = numbers(view, agency_code=agency, scope=OVERALL, score=start)
    return Card(title, table, columns, 1, notes=(verdict,), numbers=traced, finding=verdict)


@shared(most=64)
def goal(view: View, agency: str, target: str, level: str, number: int) -> float | None:
    """The target of the overall score in points; None where the peers are too few to give one."""
    own = rows_of(view.broad[view.broad["agency_code"] == agency], "overall")
    targets = _targets(view, own, target, level, number)
    found = targets[targets["kind"] == "overall"]["target"].dropna()
    return None if found.empty else float(found.iloc[0])


def target_name(view: View, target: str, level: str, number: int) -> str:
    """A target in words."""
    if target == "level":
        return view.level_name(level or view.framework.levels[0].id)
    if target == "number":
        return view.t("gaps_page.points", number=number)
    return view.t(f"gaps_page.target_{target}")


def _targets(view: View, own: pd.DataFrame, target: str, level: str, number: int) -> pd.DataFrame:
    if target == "next_level":
        return analysis.next_level_targets(own, view.framework)
    if target == "level":
        return analysis.level_targets(own, level or view.framework.levels[0].id, view.framework)
    if target == "number":
        return analysis.number_targets(own, number)
    return analysis.peer_targets(view.peers, "median" if target == "peer_median" else "maximum")


def _verdict(view: View, reachable: bool, criteria: int, best: float) -> str:
    t, kinds = view.t, view.framework.kinds(view.t)
    if not reachable:
        return t("gaps_page.unreachable", best=t.number(best), **kinds)
    return t("gaps_page.enough", n=criteria, **kinds) if criteria else t("gaps_page.reached")
