"""Search, reachable by keyboard: a dialog with one box over everything that has a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pmqa.text import Translator
from pmqa.ui import state
from pmqa.views.search import Entry, entries
from pmqa.views.view import View

SHORTCUT: Final = "Ctrl+K"
BUTTON, BOX = "search", "search-box"  # keys of the widgets
PLACE: Final = "_search_place"  # where the button stands, until it does
ASKED: Final = "_search_asked"  # whether the button was pressed in this run
FOUND: Final = "_search_found"  # what was chosen, until its page is turned to


def offer_search(t: Translator) -> None:
    """The button, at its place in the sidebar."""
    place: DeltaGenerator = st.session_state.pop(PLACE)
    place.button(
        t("search.button"),
        key=BUTTON,
        icon=":material/search:",
        shortcut=SHORTCUT,
        on_click=_ask,
        type="tertiary",
    )


def _ask() -> None:
    st.session_state[ASKED] = True
    st.session_state[BOX] = None


def show_search(view: View, pages: Sequence[Any]) -> bool:
    """The dialog where it is asked for; whether it is. pages: of the menu."""
    by_address = {page.url_path: page for page in pages}
    _turn_to_found(by_address)
    if not st.session_state.pop(ASKED, False):
        return False
    titles = tuple((page.url_path, page.title) for page in pages)
    st.dialog(view.t("search.title"))(_contents)(view, by_address, entries(view, titles))
    return True


def _turn_to_found(pages: Mapping[str, Any]) -> None:
    entry: Entry | None = st.session_state.pop(FOUND, None)
    if entry is not None:
        st.switch_page(pages[entry.page], query_params=list(entry.query))


def _contents(view: View, pages: Mapping[str, Any], found: Sequence[Entry]) -> None:
    t = view.t
    st.selectbox(
        t("search.label"),
        found,
        index=None,
        format_func=lambda entry: entry.words,
        placeholder=t("search.placeholder"),
        filter_mode="contains",
        key=BOX,
        on_change=_choose,
        args=(view,),
    )
    if "register" in pages and not view.meeting:
        st.page_link(pages["register"], label=t("search.to_register"), icon=":material/fact_check:")
    _turn_to_found(pages)


def _choose(view: View) -> None:
    entry: Entry | None = st.session_state[BOX]
    if entry is None:
        return
    st.session_state[FOUND] = entry
    if entry.page == "agency" and dict(entry.query).get("agency") not in {*view.agencies, None}:
        for name in ("ministry", "type"):  # filters that leave out who was looked for
            state.choose_from_afar(name)
