"""What is derived from many agencies' answers and takes its time: calculated once for a view and shared by its cards.

Frames are shared between visitors and runs: take from them, never assign into them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pandas as pd

from pmqa.analysis import highlights as first
from pmqa.analysis import robustness as robust
from pmqa.analysis.compare import DIFFERENCES, SAME
from pmqa.analysis.compare import differences as differences_of
from pmqa.analysis.doctor import diagnoses as diagnoses_of
from pmqa.analysis.evidence import evidence_quality as quality_of
from pmqa.analysis.gaps import blocking_criteria
from pmqa.analysis.leverage import together as together_of
from pmqa.analysis.moves import MOVES
from pmqa.analysis.moves import moves as moves_of
from pmqa.analysis.reuse import reused_texts
from pmqa.analysis.scenarios import Scenario, what_if
from pmqa.analysis.shared import shared_measures as shared_of
from pmqa.analysis.succession import not_held_against
from pmqa.scoring import OVERALL
from pmqa.tables import STATUS, as_text
from pmqa.views import data
from pmqa.views.memory import shared
from pmqa.views.sides import own_view, their_basis
from pmqa.views.succession import not_the_same
from pmqa.views.view import View

# What is assumed, hashable: criteria with their answers, measures ("7.1.1#2") with their actuals.
Answers = tuple[tuple[str, bool | None], ...]
Actuals = tuple[tuple[str, float | None], ...]


@shared(most=16)
def blockers(view: View) -> pd.DataFrame:
    """BLOCKERS of every agency of the view."""
    return blocking_criteria(view.answers(*view.submissions["submission"], texts=()), view.framework, view.basis)


@shared(most=32)
def together(view: View, criteria: tuple[str, ...]) -> pd.DataFrame:
    """TOGETHER of every agency of the view, were all of the criteria met at once."""
    ids = view.submissions["submission"]
    return together_of(view.answers(*ids, texts=()), view.measures(*ids), criteria, view.framework, view.basis)


@shared(most=16)
def robustness(view: View) -> pd.DataFrame:
    """ROBUSTNESS of the overall's ranks among the agencies of the view that count."""
    return robust.rank_robustness(view.scored, view.framework, complete_only=view.complete_only)


@shared(most=64)
def ranks(view: View, kind: str, scope: str) -> pd.DataFrame:
    """RANKS on one scope among the agencies of the view that count; a rank that one item can move is a band."""
    return robust.firm_ranks(view.scored, view.framework, kind, scope, complete_only=view.complete_only)


@shared(most=16)
def diagnoses(view: View) -> pd.DataFrame:
    """DIAGNOSES of every measure of the view, by the units that agencies wrote."""
    return diagnoses_of(*_as_reported(view), view.submissions, view.framework)


@shared(most=16)
def shared_measures(view: View) -> pd.DataFrame:
    """SHARED_MEASURES of the view; in a meeting those alone that too many report under one name to tell by it.

    In a meeting without what is refused, and without the unit that each agency wrote: both could tell who it is.
    """
    found = shared_of(*_as_reported(view), view.submissions, view.framework)
    if not view.meeting:
        return found
    found = found[(found["n"] >= view.peer_minimum) & found["refused"].isna()]
    return found.assign(
        actual_sent=found["actual"], target_sent=found["target"], unit_sent=found["unit"], converted=False
    )


@shared(most=16)
def evidence_quality(view: View) -> pd.DataFrame:
    """EVIDENCE_QUALITY of the view's submissions: texts count whether or not they may be shown."""
    texts = data.texts(view.version, view.viewer, view.source, view.fiscal_year, "evidence")
    return quality_of(texts, view.submissions, reused(view, "evidence"))


def _as_reported(view: View) -> tuple[pd.DataFrame, pd.DataFrame]:
    """MEASURES with the names and units that agencies wrote, and their MEASURE_RESULTS; in a meeting by alias."""
    of, ids = view.named, view.submissions["submission"]
    return view.in_order(of.measures(*ids)), view.in_order(of.measure_results(*ids))


@shared(most=16)
def differences(view: View, own: str, theirs: str) -> pd.DataFrame:
    """DIFFERENCES of the year between what agencies and assessors say, each on a basis of theirs."""
    return _differences(view, own, theirs, None)


def reused(view: View, part: str) -> pd.DataFrame:
    """REUSED_TEXTS of the year among all agencies that the viewer may see, whatever the filters."""
    return _reused(view.version, view.viewer, view.source, view.fiscal_year, part)


@shared(most=8)
def _reused(*of_year: Any) -> pd.DataFrame:
    return reused_texts(data.texts(*of_year), data.alike(*of_year))


@shared(most=32)
def announced_alone(view: View) -> tuple[str, ...]:
    """Names of agencies that have scores as announced alone in the view's year, in order."""
    told = view.announced[view.announced["fiscal_year"] == view.fiscal_year]
    names = zip(told["agency_code"].tolist(), told["agency_name"].tolist(), strict=True)
    return tuple(sorted({name for code, name in names if code not in view.agencies}))


@shared(most=16)
def moves(view: View, before: int) -> pd.DataFrame:
    """MOVES of the view's agencies from an earlier year to the view's."""
    old = view.every_year[view.every_year["fiscal_year"] == before]
    found = moves_of(old, view.scored, view.framework)
    return not_held_against(found, not_the_same(view, before, view.fiscal_year))


@shared(most=128)
def changes(view: View, submission: str, answers: Answers, actuals: Actuals) -> pd.DataFrame:
    """WHAT_IF of a submission under what is assumed."""
    places = {scope: scope.rpartition("#") for scope, _ in actuals}
    wanted = {(places[scope][0], int(places[scope][2])): actual for scope, actual in actuals}
    scenario = Scenario("", dict(answers), wanted)
    return what_if(view.answers(submission), view.measures(submission), scenario, view.framework, view.basis)


def this_hour() -> dt.datetime:
    """Now, UTC without zone, to the hour: as exact as what is kept of it has to be."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None, minute=0, second=0, microsecond=0)


@shared(most=16)
def highlights(view: View, now: dt.datetime) -> pd.DataFrame:
    """HIGHLIGHTS of the view. now: UTC, without zone."""
    return first.highlights(_facts(view, now))


@shared(most=16)
def asks(view: View) -> pd.DataFrame:
    """ASKS of the view's agencies."""
    return first.asks(view.scored, blockers(view))


def _facts(view: View, now: dt.datetime) -> first.Facts:
    """What is known of the view's year. In a meeting nothing of who must send and of assessors, which name agencies."""
    earlier = [int(year) for year in view.every_year["fiscal_year"].unique() if year < view.fiscal_year]
    before = max(earlier, default=None)
    old = view.every_year[view.every_year["fiscal_year"] == before]
    measures, results = _as_reported(view)
    return first.Facts(
        framework=view.framework,
        now=now,
        status=STATUS.empty() if view.meeting else status(view),
        scored=view.scored,
        moves=MOVES.empty() if before is None else _overall_moves(view, old, before),
        before=before,
        blockers=blockers(view),
        results=results,
        differences=DIFFERENCES.empty() if view.meeting else _overall_differences(view),
        diagnoses=diagnoses_of(measures, results, view.submissions, view.framework, checks=first.CHECKS),
        minimum=view.peer_minimum,
        complete_only=view.complete_only,
    )


def _overall_moves(view: View, old: pd.DataFrame, before: int) -> pd.DataFrame:
    found = moves_of(old, view.scored, view.framework, kinds=[OVERALL])
    return not_held_against(found, not_the_same(view, before, view.fiscal_year))


def status(view: View) -> pd.DataFrame:
    """STATUS of the view's year and source, of the agencies that pass its filters."""
    rows = data.status(view.version, view.viewer, view.fiscal_year, view.source)
    if view.ministries:
        rows = rows[rows["ministry"].isin(view.ministries)]
    if view.agency_types:
        rows = rows[rows["agency_type"].isin(view.agency_types)]
    return rows


def _overall_differences(view: View) -> pd.DataFrame:
    """DIFFERENCES of the overall alone between what agencies and assessors say."""
    return _differences(view, own_view(view).basis, their_basis(view), OVERALL)


def _differences(view: View, own: str, theirs: str, kind: str | None) -> pd.DataFrame:
    """DIFFERENCES of one kind of scope, or of all. Of the two sides what both may have alone is put together."""
    mine, assessed = (replace(view, basis=basis).scored for basis in (own, theirs))
    mine = mine[mine["agency_code"].isin(assessed["agency_code"].unique())]
    sides = (side if kind is None else side[side["kind"] == kind] for side in (mine, assessed))
    columns = ["basis", *SAME, "score", "coverage", "complete"]
    rows = [as_text(side[columns], "basis", "agency_code", "kind", "scope") for side in sides]
    return differences_of(pd.concat(rows, ignore_index=True), own=own, theirs=theirs)
