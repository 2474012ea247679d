"""Who an agency is held against: its ministry, its type, both, all of the view, or a group that an analyst named."""

from __future__ import annotations

from typing import Final, NamedTuple

import pandas as pd

from pmqa.analysis.peers import peer_stats
from pmqa.charts import radar_data
from pmqa.scoring import OVERALL
from pmqa.views import data
from pmqa.views.cards import Column
from pmqa.views.masks import keyed
from pmqa.views.memory import shared
from pmqa.views.numbers import numbers_of_points
from pmqa.views.scores import BROAD, EVERY, unfiltered
from pmqa.views.view import View
from pmqa.views.wide import rows_of, wide_points

KINDS: Final = ("view", "ministry", "type", "both")
GROUP: Final = "group-"  # before the name of a named peer group, in ids


class Facts(NamedTuple):
    """What agencies are grouped by."""

    name: str
    ministry: str
    type: str


class Beside(NamedTuple):
    """Agencies beside their peers' median: CHART_POINTS, SCORED of the agencies, the points as a table, NUMBERS."""

    points: pd.DataFrame
    chosen: pd.DataFrame
    table: pd.DataFrame
    columns: tuple[Column, ...]
    numbers: pd.DataFrame


def offered(view: View, agency: str) -> list[str]:
    """Groups that the agency may be held against; in a meeting, none that tells more of it than its aliases do."""
    if not view.meeting:
        return [*KINDS, *(f"{GROUP}{name}" for name in data.peer_groups(view.version, view.viewer))]
    told = view.told[view.code(agency)]
    tells = {"ministry": bool(told.ministry), "type": bool(told.agency_type)}
    tells["both"] = all(tells.values())
    named = [f"{GROUP}{number}" for number in sorted(view.aliases.groups.values(), key=int)]
    large = [group for group in named if len(_members(view, group, agency)) >= view.peer_minimum]
    return [*(kind for kind in KINDS if tells.get(kind, True)), *large]


@shared(most=64)
def mark_of(view: View, group: str) -> str:
    """A named group and its members as a link says them, so that nobody can read them out of it."""
    key, name = data.alias_key(view.version), _real_name(view, group)
    members = sorted(data.peer_groups(view.version, None).get(name, ()))
    return f"{keyed(key, 'group', name).hex()[:4]}-{keyed(key, 'members', *members).hex()[:8]}"


def _real_name(view: View, group: str) -> str:
    """The name of a named group by its id, which has a number instead in a meeting."""
    shown = group.removeprefix(GROUP)
    numbers = view.aliases.groups if view.meeting else {}
    return next((name for name, number in numbers.items() if number == shown), shown)


def group_name(view: View, group: str, agency: str) -> str:
    """A group in words, with n."""
    n = view.t.number(len(_members(view, group, agency)), 0)
    if group.startswith(GROUP):
        return view.t("ui.peers_named", name=group.removeprefix(GROUP), n=n)
    return view.t(f"ui.peers_{group}", n=n)


def peer_scores(view: View, group: str, agency: str) -> pd.DataFrame:
    """SCORED of the group's agencies, the agency itself among them where it belongs; of whom the viewer may see."""
    if group == "view":
        return view.scored
    every = view.unfiltered
    return every[every["agency_code"].isin(_members(view, group, agency))]


def stats_of_peers(view: View, group: str, agency: str, kind: str = "") -> pd.DataFrame:
    """PEER_STATS of the group, of a kind of scopes or of all; blank where it has too few agencies to show."""
    if group == "view":
        return view.peers_of(kind) if kind else view.peers
    return _stats(view, group, agency, kind)


def rest_scores(view: View, group: str, agency: str) -> pd.DataFrame:
    """SCORED of everybody of the year who is not in the group, whatever the filters; of whom the viewer may see."""
    every = view.unfiltered
    return every[~every["agency_code"].isin(_members(view, group, agency))]


@shared(most=256)
def stats_of_rest(view: View, group: str, agency: str) -> pd.DataFrame:
    """PEER_STATS of everybody who is not in the group; blank where they are too few to show."""
    rest = rest_scores(view, group, agency)
    return peer_stats(rest, complete_only=view.complete_only, minimum=view.peer_minimum)


@shared(most=256)
def beside_peers(
    view: View, agencies: tuple[str, ...], kind: str, scopes: tuple[str, ...], group: str, focus: str, median: bool
) -> Beside:
    """What the charts of profiles share; median: whether the group's median is among the points."""
    rows = _of_kind(view, kind)
    chosen = rows[rows["agency_code"].isin(agencies)]
    stats = stats_of_peers(view, group, focus, kind) if median else None
    points = radar_data(chosen, view.framework, view.t, kind=kind, agencies=agencies, peers=stats, scopes=scopes)
    return Beside(points, chosen, *wide_points(view, points), numbers_of_points(view, points))


@shared(most=64)
def _of_kind(view: View, kind: str) -> pd.DataFrame:
    return rows_of(view.scored_with(kind), kind)


def best_of_peers(view: View, stats: pd.DataFrame) -> dict[tuple[str, str], str]:
    """(kind, scope) -> name of the best agency, where the group is large enough to name one."""
    facts = _facts(view)
    rows = stats[stats["best_agency"].notna()]
    return {
        (str(kind), str(scope)): facts[str(best)].name
        for kind, scope, best in zip(rows["kind"], rows["scope"], rows["best_agency"], strict=True)
    }


@shared(most=64)
def _stats(view: View, group: str, agency: str, kind: str) -> pd.DataFrame:
    every = unfiltered(view, BROAD if kind in BROAD else EVERY)
    rows = every[every["agency_code"].isin(_members(view, group, agency))]
    rows = rows[rows["kind"] == kind] if kind else rows
    return peer_stats(rows, complete_only=view.complete_only, minimum=view.peer_minimum)


@shared(most=256)
def _members(view: View, group: str, agency: str) -> frozenset[str]:
    """Codes (in a meeting: aliases) of the group's agencies that sent for the year."""
    if group == "view":
        return frozenset(view.agencies)
    if view.meeting:
        # By what the agencies are, not by what is told of them: statistics are the same as with names.
        names = view.aliases
        real = f"{GROUP}{_real_name(view, group)}" if group.startswith(GROUP) else group
        members = _members(view.named, real, view.code(agency))
        return frozenset(names.agencies[code] for code in members)
    facts = _facts(view)
    if group.startswith(GROUP):
        return frozenset(data.peer_groups(view.version, view.viewer).get(group.removeprefix(GROUP), ())) & facts.keys()
    own = facts.get(agency)
    if own is None:
        return frozenset()
    same_ministry, same_type = group in ("ministry", "both"), group in ("type", "both")
    return frozenset(
        code
        for code, fact in facts.items()
        if (not same_ministry or fact.ministry == own.ministry) and (not same_type or fact.type == own.type)
    )


@shared(most=64)
def _facts(view: View) -> dict[str, Facts]:
    """Code -> facts of every agency of the year, whatever the filters."""
    rows = rows_of(unfiltered(view, BROAD), OVERALL)
    names = ("agency_code", "agency_name", "ministry", "agency_type")
    codes, *facts = (rows[name].astype("object").tolist() for name in names)
    return dict(zip(codes, map(Facts, *facts), strict=True))
