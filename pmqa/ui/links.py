"""Links that carry the whole view and the version of its data, and what they say when the data have changed since."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pmqa.store.links import LONGEST_NAME, Links, link_of
from pmqa.text import Translator
from pmqa.ui import state
from pmqa.ui.meeting import MEETING
from pmqa.viewer import Viewer
from pmqa.views import data
from pmqa.views.words import plain

PIN: Final = "data"  # the parameter that says which data a link was made from
MEMBERS: Final = "members"  # the parameter that says whom a named group held when a link was made
MARK: Final = r"[0-9a-f]{4}-[0-9a-f]{8}"  # of the group, of its members
VERSION: Final = r"[0-9a-f-]{1,40}"
MENU: Final = "link"
LONG_LINK: Final = 96  # pixels, in which it scrolls
SHORT: Final = "v"  # the parameter of a short link
COPIED: Final = "_copied"  # the short link that this visit copied last
WRONG: Final = "_links_wrong"  # why a press came to nothing
LONGEST: Final = 60  # characters of what a link brought, in a notice


def address_of(version: str) -> str:
    """The address of what is shown, with the ids of every choice, defaults too, and the version of the data."""
    chosen = {**state.held(), PIN: [data.short(version)]}
    return f"{str(st.context.url).split('?', maxsplit=1)[0]}?{urlencode(chosen, doseq=True)}"


def _offer_link(t: Translator, page: str, viewer: Viewer) -> None:
    """In the sidebar, a menu with the address of what is shown, short and long, to be copied; and the views that one
    keeps by name. Last, when everything is chosen."""
    # Filled when it is opened, which runs the page: what was chosen in a fragment alone is in the address then.
    with st.sidebar, st.expander(t("ui.links_menu"), icon=":material/link:", key=MENU, on_change="rerun") as menu:
        if not menu.open:
            return
        st.caption(t("ui.copy_link_help"))
        address = address_of(data.version())
        st.code(address, language=None, wrap_lines=True, height=LONG_LINK)
        _offer_short(t, page, viewer, address)
        if MEETING not in state.in_url():  # names of views are people's words
            _offer_views(t, page, viewer)


def _offer_short(t: Translator, page: str, viewer: Viewer, address: str) -> None:
    """A button that copies a short link; what it stands for is kept at the press."""
    where, _, query = address.partition("?")
    link = link_of(page, query)
    short = f"{where.removesuffix(page).rstrip('/')}/?{urlencode({SHORT: link})}"
    with st.container(key="copyable-short"):
        st.html(f'<span class="pmqa-copy" hidden>{html.escape(short)}</span>')
        st.button(
            t("ui.copy_short"),
            on_click=_keep_short,
            args=(page, query, viewer),
            key="copy-short",
            icon=":material/content_copy:",
        )
    if st.session_state.get(COPIED) == link:
        st.caption(t("ui.copied_short"))
        st.code(short, language=None, wrap_lines=True)


def _offer_views(t: Translator, page: str, viewer: Viewer) -> None:
    """The viewer's own, each a link; a form to keep what is shown."""
    st.markdown(f"**{t('ui.saved_views')}**")
    for number, view in enumerate(data.store().links.saved(viewer)):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.page_link(
                f"pages/{view.page}.py",
                label=plain(view.name),
                icon=":material/bookmark:",
                query_params=parse_qsl(view.query, keep_blank_values=True),
            )
            st.button(
                t("ui.remove_view"),
                on_click=_remove_view,
                args=(view.name, viewer),
                key=f"remove-view-{number}",
                type="tertiary",
                icon=":material/close:",
            )
    with st.form("save-view", border=False):
        st.text_input(t("ui.view_name"), key="view-name", max_chars=LONGEST_NAME, placeholder=t("ui.view_name_place"))
        query = urlencode(state.held(), doseq=True)  # of whatever the data are when it is opened
        st.form_submit_button(t("ui.save_view"), on_click=_save_view, args=(page, query, viewer), key="save-this-view")
    if wrong := st.session_state.pop(WRONG, ""):
        st.warning(plain(wrong), icon=":material/error:")


def _keep_short(page: str, query: str, viewer: Viewer) -> None:
    def keep(links: Links) -> None:
        st.session_state[COPIED] = links.keep_link(page, query, viewer=viewer)

    state.attempt(WRONG, data.store().links, keep)


def _save_view(page: str, query: str, viewer: Viewer) -> None:
    name = str(st.session_state["view-name"]).strip()

    def save(links: Links) -> None:
        links.save_view(name, page, query, viewer=viewer)
        st.session_state["view-name"] = ""

    state.attempt(WRONG, data.store().links, save)


def _remove_view(name: str, viewer: Viewer) -> None:
    state.attempt(WRONG, data.store().links, lambda links: links.remove_view(name, viewer=viewer))


def show_pin(t: Translator, version: str) -> None:
    """Where a link brought somebody here: that the data have changed since it was made, and when first."""
    pinned = state.kept_text(PIN, t("ui.copy_link"), VERSION)
    if not pinned or pinned == data.short(version):
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
def linked(t: Translator, page: str, viewer: Viewer) -> Iterator[None]:
    """Around a page: above it, what a link brought that is not there, so that nobody takes this for the link's view.

    After it, when everything is chosen, the menu with its own link. page: its file's name.
    """
    place = st.container()
    state.brings_in_vain(SHORT, t("ui.short_link"), lambda _: False)  # what is known has led on to its view
    try:
        yield
    finally:
        _say_dropped(t, place)
    _offer_link(t, page, viewer)


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
