"""Who an agency is held against: its ministry, its type, both, all of the view, or a group that an analyst named."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

import pandas as pd
import streamlit as st

from pmqa.access import may
from pmqa.analysis.peers import peer_stats
from pmqa.charts import radar_data
from pmqa.errors import NameTaken
from pmqa.ui import data, state
from pmqa.ui.card import Column
from pmqa.ui.links import show_members_changed
from pmqa.ui.meeting import GROUP, keyed
from pmqa.ui.parts.tables import rows_of, wide_points
from pmqa.ui.shared import shared
from pmqa.ui.tracing import numbers_of_points
from pmqa.ui.view import View
from pmqa.ui.words import plain

KINDS: Final = ("view", "ministry", "type", "both")
LONGEST_NAME: Final = 80
MENU: Final = "groups"
TAKEN: Final = "_group_taken"  # (name, members) that were to be saved under the name of another group
NAME, MEMBERS = "group-name", "group-members"  # keys of the form's widgets


def choose_peers(view: View, agency: str) -> str:
    """The group that the agency is held against, as an id; each with its number of agencies."""
    words = {group: group_name(view, group, agency) for group in _offered(view, agency)}
    group = state.choose_one("peers", view.t("ui.peers"), tuple(words), words=lambda group: words[group])
    if group.startswith(GROUP):
        show_members_changed(view.t, _mark(view, group))
    return group


def _offered(view: View, agency: str) -> list[str]:
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
def _mark(view: View, group: str) -> str:
    """A named group and its members as a link says them, so that nobody can read them out of it."""
    key, name = data.alias_key(), _real_name(view, group)
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


def stats_of_peers(view: View, group: str, agency: str) -> pd.DataFrame:
    """PEER_STATS of the group; blank where it has too few agencies to show."""
    return view.peers if group == "view" else _stats(view, group, agency)


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


@shared(most=256)
def beside_peers(
    view: View, agencies: tuple[str, ...], kind: str, scopes: tuple[str, ...], group: str, focus: str, median: bool
) -> Beside:
    """What the charts of profiles share; median: whether the group's median is among the points."""
    rows = _of_kind(view, kind)
    chosen = rows[rows["agency_code"].isin(agencies)]
    stats = stats_of_peers(view, group, focus) if median else None
    points = radar_data(chosen, view.framework, view.t, kind=kind, agencies=agencies, peers=stats, scopes=scopes)
    return Beside(points, chosen, *wide_points(view, points), numbers_of_points(view, points))


@shared(most=64)
def _of_kind(view: View, kind: str) -> pd.DataFrame:
    return rows_of(view.scored, kind)


def best_of_peers(view: View, stats: pd.DataFrame) -> dict[tuple[str, str], str]:
    """(kind, scope) -> name of the best agency, where the group is large enough to name one."""
    facts = _facts(view)
    rows = stats[stats["best_agency"].notna()]
    return {
        (str(kind), str(scope)): facts[str(best)].name
        for kind, scope, best in zip(rows["kind"], rows["scope"], rows["best_agency"], strict=True)
    }


@shared(most=64)
def _stats(view: View, group: str, agency: str) -> pd.DataFrame:
    return peer_stats(peer_scores(view, group, agency), complete_only=view.complete_only, minimum=view.peer_minimum)


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
    rows = view.unfiltered
    rows = rows.loc[rows["kind"] == "overall", ["agency_code", "agency_name", "ministry", "agency_type"]]
    return {code: Facts(*facts) for code, *facts in rows.astype("str").itertuples(index=False)}


def offer_groups(view: View) -> None:
    """A menu to name a group of agencies, change it or remove it; for those who may, and not in a meeting."""
    t = view.t
    if view.meeting or not may(view.viewer, "save_peer_groups"):
        return
    groups = data.peer_groups(view.version, view.viewer)
    # Filled when it is opened: with many agencies, its list would be half of what the page sends.
    with st.popover(t("ui.groups"), icon=":material/groups:", key=MENU, on_change="rerun") as menu:
        if not menu.open:
            return
        st.caption(t("ui.groups_help"))
        with st.form("peer-group", border=False):
            st.text_input(t("ui.group_name"), key=NAME, max_chars=LONGEST_NAME)
            st.multiselect(
                t("ui.group_members"),
                list(view.agencies),
                key=MEMBERS,
                format_func=lambda code: view.agencies[code],
                placeholder=t("ui.group_choose"),
            )
            st.form_submit_button(t("ui.group_save"), type="primary", key="group-save", on_click=_save, args=(view,))
        if taken := st.session_state.pop(TAKEN, None):
            name, codes = taken
            st.warning(t("ui.group_taken", name=plain(name)), icon=":material/edit:")
            keep = partial(_keep, view, name, codes, replace=True)
            st.button(t("ui.group_replace"), key="group-replace", on_click=keep)
        for known in groups:
            label = t("ui.group_remove", name=plain(known))
            st.button(label, key=f"group-remove-{known}", type="tertiary", on_click=_remove, args=(view, known))


def _save(view: View) -> None:
    name, codes = st.session_state[NAME].strip(), st.session_state[MEMBERS]
    if not name or not codes:
        st.toast(view.t("ui.group_unnamed"), icon=":material/edit:")
        return
    _keep(view, name, codes, replace=False)


def _keep(view: View, name: str, codes: Sequence[str], *, replace: bool) -> None:
    who = view.viewer
    try:
        data.store().save_peer_group(name, codes, who=who.name, viewer=who, replace=replace)
    except NameTaken:
        st.session_state[TAKEN] = (name, tuple(codes))
        return
    state.choose_from_afar("peers", f"{GROUP}{name}")
    st.toast(view.t("ui.group_saved", name=plain(name)), icon=":material/check_circle:")


def _remove(view: View, name: str) -> None:
    data.store().save_peer_group(name, [], who=view.viewer.name, viewer=view.viewer)
