"""Links that carry the whole view and the version of its data, and what they say when the data have changed since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pmqa.text import Translator
from pmqa.ui import state
from pmqa.ui.meeting import MEETING
from pmqa.views import data
from pmqa.views.words import plain

PIN: Final = "data"  # the parameter that says which data a link was made from
MEMBERS: Final = "members"  # the parameter that says whom a named group held when a link was made
MARK: Final = r"[0-9a-f]{4}-[0-9a-f]{8}"  # of the group, of its members
VERSION: Final = r"[0-9a-f-]{1,40}"
MENU: Final = "link"
LONGEST: Final = 60  # characters of what a link brought, in a notice


def address_of(version: str) -> str:
    """The address of what is shown, with the ids of every choice, defaults too, and the version of the data."""
    chosen = {**state.held(), PIN: [version.rpartition("@")[2]]}
    return f"{str(st.context.url).split('?', maxsplit=1)[0]}?{urlencode(chosen, doseq=True)}"


def _offer_link(t: Translator) -> None:
    """In the sidebar, a menu with the address of what is shown, to be copied; last, when everything is chosen."""
    # Filled when it is opened, which runs the page: what was chosen in a fragment alone is in the address then.
    with st.sidebar, st.popover(t("ui.copy_link"), icon=":material/link:", key=MENU, on_change="rerun") as menu:
        if not menu.open:
            return
        st.caption(t("ui.copy_link_help"))
        st.code(address_of(data.version()), language=None, wrap_lines=True)


def show_pin(t: Translator, version: str) -> None:
    """Where a link brought somebody here: that the data have changed since it was made, and when first."""
    pinned = state.kept_text(PIN, t("ui.copy_link"), VERSION)
    if not pinned or pinned == version.rpartition("@")[2]:
        return
    changes, first = data.changes_since(version, pinned)
    if not changes:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="pin"):
        if first is None:
            st.warning(t("ui.link_of_other_data"), icon=":material/history:")
        else:
            words = {"changes": t.number(changes, 0), "moment": t.moment(first)}
            st.warning(t("ui.data_changed", **words), icon=":material/history:")
        st.button(t("ui.use_these_data"), on_click=state.keep_text, args=(PIN, ""), key="unpin")


def show_members_changed(t: Translator, mark: str) -> None:
    """Beside the choice of a named group: that others are in it than when the link was made that led here.

    mark: of the group and its members, for links that are made now.
    """
    made = state.kept_text(MEMBERS, t("ui.peers"), MARK)
    state.put_in_links(MEMBERS, mark)
    if made and made != mark and made[:4] == mark[:4]:
        st.warning(t("ui.group_changed"), icon=":material/history:")


@contextmanager
def linked(t: Translator) -> Iterator[None]:
    """Around a page: above it, what a link brought that is not there, so that nobody takes this for the link's view.

    After it, when everything is chosen, the menu with its own link.
    """
    place = st.container()
    try:
        yield
    finally:
        _say_dropped(t, place)
    _offer_link(t)


def _say_dropped(t: Translator, place: DeltaGenerator) -> None:
    dropped = state.dropped()
    if not dropped:
        return
    # In a meeting, an id that a link brought could be the code of an agency.
    hidden = MEETING in state.in_url()
    words = [label if hidden else f"{label} ({', '.join(ids)[:LONGEST]})" for label, ids in dropped.values()]
    with place, st.container(horizontal=True, vertical_alignment="center", key="dropped"):
        st.warning(t("ui.link_dropped", choices=plain(" · ".join(words))), icon=":material/link_off:")
        st.button(t("ui.link_dropped_seen"), on_click=state.forget_dropped, key="dropped-seen")
