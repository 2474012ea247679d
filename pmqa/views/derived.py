"""What is derived from many agencies' answers and takes its time: calculated once for a view and shared by its cards.

Kept for whoever has the same reach, in whichever language and colours they look (see `View.as_read`).

Frames are shared between visitors and runs: take from them, never assign into them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from pmqa.analysis import highlights as first
from pmqa.analysis import robustness as robust
from pmqa.analysis.compare import DIFFERENCES, SAME
from pmqa.analysis.compare import differences as differences_of
from pmqa.analysis.doctor import diagnoses as diagnoses_of
from pmqa.analysis.evidence import evidence_quality as quality_of
from pmqa.analysis.gaps import blockers_of
from pmqa.analysis.leverage import Order
from pmqa.analysis.leverage import leverage as leverage_of
from pmqa.analysis.leverage import together as together_of
from pmqa.analysis.moves import MOVES, MOVING
from pmqa.analysis.moves import moves as moves_of
from pmqa.analysis.scenarios import Scenario, what_if
from pmqa.analysis.shared import shared_measures as shared_of
from pmqa.analysis.succession import not_held_against
from pmqa.scoring import OVERALL
from pmqa.scoring.ladder import Met
from pmqa.tables import STATUS, as_text
from pmqa.views import data, texts
from pmqa.views.reading import as_read
from pmqa.views.scores import BROAD, scored_of
from pmqa.views.sides import own_view, their_basis
from pmqa.views.succession import not_the_same
from pmqa.views.view import View

# What is assumed, hashable: criteria with their answers, measures ("7.1.1#2") with their actuals.
Answers = tuple[tuple[str, bool | None], ...]
Actuals = tuple[tuple[str, float | None], ...]


@as_read(most=16)
def blockers(view: View) -> pd.DataFrame:
    """BLOCKERS of every agency of the view."""
    return blockers_of(met(view), view.framework)


@as_read(most=16)
def leverage(view: View, by: Order) -> pd.DataFrame:
    """LEVERAGE of the blocking criteria, most points or most agencies first."""
    return leverage_of(blockers(view), by=by)


def met(view: View) -> Met:
    """What every agency of the view met on its basis."""
    return data.met(view.version, view.viewer, view.ids, view.edition, view.basis)


@as_read(most=32)
def together(view: View, criteria: tuple[str, ...]) -> pd.DataFrame:
    """TOGETHER of every agency of the view, were all of the criteria met at once."""
    return together_of(met(view), view.figures(*view.ids), criteria, view.framework, view.basis)


@as_read(most=16)
def robustness(view: View) -> pd.DataFrame:
    """ROBUSTNESS of the overall's ranks among the agencies of the view that count."""
    return robust.rank_robustness(view.broad, view.framework, complete_only=view.complete_only)


@as_read(most=64)
def ranks(view: View, kind: str, scope: str) -> pd.DataFrame:
    """RANKS on one scope among the agencies of the view that count; a rank that one item can move is a band."""
    return robust.firm_ranks(view.scored_with(kind), view.framework, kind, scope, complete_only=view.complete_only)


@as_read(most=16)
def diagnoses(view: View) -> pd.DataFrame:
    """DIAGNOSES of every measure of the view, by the units that agencies wrote."""
    return diagnoses_of(*_figures(view), view.submissions, view.framework)


@as_read(most=16)
def shared_measures(view: View) -> pd.DataFrame:
    """SHARED_MEASURES of the view; in a meeting those alone that too many report under one name to tell by it.

    In a meeting without what is refused, and without the unit that each agency wrote: both could tell who it is.
    """
    measures = view.in_order(view.named.measures(*view.ids))
    found = shared_of(measures, _figures(view)[1], view.submissions, view.framework)
    if not view.meeting:
        return found
    found = found[(found["n"] >= view.peer_minimum) & found["refused"].isna()]
    return found.assign(
        actual_sent=found["actual"], target_sent=found["target"], unit_sent=found["unit"], converted=False
    )


@as_read(most=16)
def evidence_quality(view: View) -> pd.DataFrame:
    """EVIDENCE_QUALITY of the view's submissions: texts count whether or not they may be shown."""
    cited = texts.cited(view.version, view.viewer, view.source, view.fiscal_year)
    return quality_of(cited, view.submissions, reused(view, "evidence"))


def _figures(view: View) -> tuple[pd.DataFrame, pd.DataFrame]:
    """MEASURES with the units that agencies wrote, and their MEASURE_RESULTS; in a meeting by alias."""
    of, ids = view.named, view.ids
    return view.in_order(of.figures(*ids)), view.in_order(of.measure_results(*ids))


@as_read(most=16)
def differences(view: View, own: str, theirs: str) -> pd.DataFrame:
    """DIFFERENCES of the year between what agencies and assessors say, each on a basis of theirs: items and overall."""
    return _differences(view, own, theirs, ("item", OVERALL))


def reused(view: View, part: str) -> pd.DataFrame:
    """REUSED_TEXTS of the year among all agencies that the viewer may see, whatever the filters."""
    return texts.reused(view.version, view.viewer, view.source, view.fiscal_year, part)


@as_read(most=32)
def announced_alone(view: View) -> tuple[str, ...]:
    """Names of agencies that have scores as announced alone in the view's year, in order."""
    told = view.announced[view.announced["fiscal_year"] == view.fiscal_year]
    names = zip(told["agency_code"].tolist(), told["agency_name"].tolist(), strict=True)
    return tuple(sorted({name for code, name in names if code not in view.agencies}))


@as_read(most=16)
def moves(view: View, before: int) -> pd.DataFrame:
    """MOVES of the view's agencies from an earlier year to the view's."""
    return _moves(view, before, MOVING)


@as_read(most=128)
def changes(view: View, submission: str, answers: Answers, actuals: Actuals) -> pd.DataFrame:
    """WHAT_IF of a submission under what is assumed."""
    places = {scope: scope.rpartition("#") for scope, _ in actuals}
    wanted = {(places[scope][0], int(places[scope][2])): actual for scope, actual in actuals}
    scenario = Scenario("", dict(answers), wanted)
    return what_if(view.answers(submission), view.measures(submission), scenario, view.framework, view.basis)


def this_hour() -> dt.datetime:
    """Now, UTC without zone, to the hour: as exact as what is kept of it has to be."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None, minute=0, second=0, microsecond=0)


@as_read(most=16)
def highlights(view: View, now: dt.datetime) -> pd.DataFrame:
    """HIGHLIGHTS of the view. now: UTC, without zone."""
    return first.highlights(_facts(view, now))


@as_read(most=16)
def asks(view: View, most: int) -> pd.DataFrame:
    """So many ASKS of the view's agencies."""
    return first.asks(view.broad, blockers(view), most)


def _facts(view: View, now: dt.datetime) -> first.Facts:
    """What is known of the view's year. In a meeting nothing of who must send and of assessors, which name agencies."""
    before = max((year for year in view.years if year < view.fiscal_year), default=None)
    measures, results = _figures(view)
    return first.Facts(
        framework=view.framework,
        now=now,
        status=STATUS.empty() if view.meeting else status(view),
        scored=view.broad,
        moves=MOVES.empty() if before is None else _moves(view, before, (OVERALL,)),
        before=before,
        blockers=blockers(view),
        results=results,
        differences=DIFFERENCES.empty() if view.meeting else _overall_differences(view),
        diagnoses=diagnoses_of(measures, results, view.submissions, view.framework, checks=first.CHECKS),
        minimum=view.peer_minimum,
        complete_only=view.complete_only,
    )


def both_years(view: View, before: int, kinds: tuple[str, ...] = MOVING) -> tuple[pd.DataFrame, pd.DataFrame]:
    """SCORED of an earlier year and of the view's: what MOVES of some kinds of scopes follow from, and no more."""
    read = tuple(dict.fromkeys(("item", "indicator", *kinds)))
    rows = scored_of(view, read, before, view.fiscal_year)
    return rows[rows["fiscal_year"] == before], rows[rows["fiscal_year"] == view.fiscal_year]


def _moves(view: View, before: int, kinds: tuple[str, ...]) -> pd.DataFrame:
    """MOVES of some kinds of scopes."""
    found = moves_of(*both_years(view, before, kinds), view.framework, kinds=kinds)
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
    return _differences(view, own_view(view).basis, their_basis(view), (OVERALL,))


def _differences(view: View, own: str, theirs: str, kinds: tuple[str, ...]) -> pd.DataFrame:
    """DIFFERENCES of some of the broad kinds. Of the two sides what both may have alone is put together."""
    mine, assessed = scored_of(replace(view, basis=own), BROAD), scored_of(replace(view, basis=theirs), kinds)
    mine = mine[mine["kind"].isin(kinds) & mine["agency_code"].isin(assessed["agency_code"].unique())]
    columns = ["basis", *SAME, "score", "coverage", "complete"]
    rows = [as_text(side[columns], "basis", "agency_code", "kind", "scope") for side in (mine, assessed)]
    return differences_of(pd.concat(rows, ignore_index=True), own=own, theirs=theirs)
