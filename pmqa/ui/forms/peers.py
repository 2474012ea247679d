"""Whom an agency is held against, chosen; and groups of agencies that analysts name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st

from pmqa.access import may
from pmqa.errors import AccessDenied, NameTaken, PmqaError
from pmqa.store.register import may_change_group
from pmqa.ui import state
from pmqa.ui.links import show_members_changed
from pmqa.viewer import LOCAL_ANALYST
from pmqa.views import data
from pmqa.views.cards.compare_rest import usual_group
from pmqa.views.peers import GROUP, group_name, mark_of, offered
from pmqa.views.view import View
from pmqa.views.words import agency_words, plain

LONGEST_NAME: Final = 80
MENU: Final = "groups"
TAKEN: Final = "_group_taken"  # (name, members) that were to be saved under the name of another group
NAME, MEMBERS = "group-name", "group-members"  # keys of the form's widgets
GIVEN, HEIR = "group-given", "group-heir"
EDITED: Final = "_group_edited"  # the group that the form was filled with


def choose_peers(view: View, agency: str) -> str:
    """The group that the agency is held against, as an id; each with its number of agencies."""
    return _choose_group(view, "peers", agency, offered(view, agency))


def choose_own_group(view: View, agency: str) -> str:
    """The group that the agency is counted to when it is held against everybody else."""
    groups = offered(view, agency)
    return _choose_group(view, "own", agency, groups, usual=usual_group(view, agency, groups))


def _choose_group(view: View, name: str, agency: str, groups: list[str], usual: str | None = None) -> str:
    words = {group: group_name(view, group, agency) for group in groups}
    label = view.t("ui.peers" if name == "peers" else "ui.own_group")
    group = state.choose_one(name, label, tuple(words), words=lambda group: words[group], default=usual)
    if group.startswith(GROUP):
        show_members_changed(view.t, mark_of(view, group))
    return group


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
        known = replace(view, ministries=(), agency_types=()).agencies  # a group may reach beyond the filters
        chosen = [code for code in st.session_state.get(MEMBERS, ()) if code not in known]
        with st.form("peer-group", border=False):
            st.text_input(t("ui.group_name"), key=NAME, max_chars=LONGEST_NAME)
            st.multiselect(
                t("ui.group_members"),
                [*known, *chosen],
                key=MEMBERS,
                format_func=lambda code: agency_words(code, known.get(code) or code),
                placeholder=t("ui.group_choose"),
            )
            st.form_submit_button(t("ui.group_save"), type="primary", key="group-save", on_click=_save, args=(view,))
        if taken := st.session_state.pop(TAKEN, None):
            name, codes = taken
            if may_change_group(data.group_owners(view.version, view.viewer).get(name), view.viewer):
                st.warning(t("ui.group_taken", name=plain(name)), icon=":material/edit:")
                keep = partial(_keep, view, name, codes, replace=True)
                st.button(t("ui.group_replace"), key="group-replace", on_click=keep)
            else:
                st.warning(t("ui.group_of_another", name=plain(name)), icon=":material/lock:")
        _list(view, groups)


def _list(view: View, groups: Mapping[str, Sequence[str]]) -> None:
    """The groups that there are: one's own to change, to remove and to give away, those of others with their owner."""
    t, owners = view.t, data.group_owners(view.version, view.viewer)
    own = [name for name in groups if may_change_group(owners.get(name), view.viewer)]
    for name in groups:
        if name not in own:
            st.caption(t("ui.group_of", name=plain(name), owner=plain(owners[name])))
            continue
        with st.container(horizontal=True):
            label = t("ui.group_edit", name=plain(name))
            st.button(label, key=f"group-edit-{name}", type="tertiary", on_click=_edit, args=(name, groups[name]))
            label = t("ui.group_remove", name=plain(name))
            st.button(label, key=f"group-remove-{name}", type="tertiary", on_click=_remove, args=(view, name))
    if own and view.viewer != LOCAL_ANALYST:  # without sign-in there is nobody to give it to
        with st.form("give-group", border=False):
            st.selectbox(t("ui.group_given"), own, key=GIVEN)
            st.text_input(t("ui.group_heir"), key=HEIR, max_chars=LONGEST_NAME)
            st.form_submit_button(t("ui.group_give"), key="group-give", on_click=_give, args=(view,))


def _edit(name: str, codes: Sequence[str]) -> None:
    """Put a group into the form, to be saved in place of itself."""
    st.session_state[NAME], st.session_state[MEMBERS], st.session_state[EDITED] = name, list(codes), name


def _give(view: View) -> None:
    name, heir = st.session_state[GIVEN], st.session_state[HEIR]
    try:
        data.store().register.give_peer_group(name, heir, viewer=view.viewer)
    except PmqaError as error:
        st.toast(plain(str(error)), icon=":material/edit:")
        return
    st.toast(view.t("ui.group_gone", name=plain(name), heir=plain(heir)), icon=":material/check_circle:")


def _save(view: View) -> None:
    name, codes = st.session_state[NAME].strip(), st.session_state[MEMBERS]
    if not name or not codes:
        st.toast(view.t("ui.group_unnamed"), icon=":material/edit:")
        return
    _keep(view, name, codes, replace=name == st.session_state.pop(EDITED, None))


def _keep(view: View, name: str, codes: Sequence[str], *, replace: bool) -> None:
    who = view.viewer
    try:
        data.store().register.save_peer_group(name, codes, who=who.name, viewer=who, replace=replace)
    except AccessDenied as error:
        st.toast(plain(str(error)), icon=":material/lock:")
        return
    except NameTaken:
        st.session_state[TAKEN] = (name, tuple(codes))
        return
    for choice in ("peers", "own"):
        state.choose_from_afar(choice, f"{GROUP}{name}")
    st.toast(view.t("ui.group_saved", name=plain(name)), icon=":material/check_circle:")


def _remove(view: View, name: str) -> None:
    data.store().register.save_peer_group(name, [], who=view.viewer.name, viewer=view.viewer)
