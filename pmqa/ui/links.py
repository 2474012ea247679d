"""Links that carry the whole view and the version of its data, and what they say when the data have changed since."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

import streamlit as st

from pmqa.text import Translator
from pmqa.ui import data, state

PIN: Final = "data"  # the parameter that says which data a link was made from
VERSION: Final = r"[0-9a-f-]{1,40}"


def address_of(version: str) -> str:
    """The address of what is shown, with ids and the version of the data."""
    chosen = {**state.in_url(), PIN: [version.rpartition("@")[2]]}
    return f"{str(st.context.url).split('?', maxsplit=1)[0]}?{urlencode(chosen, doseq=True)}"


def offer_link(t: Translator) -> None:
    """In the sidebar, a menu with the address of what is shown, to be copied; last, when everything is chosen."""
    with st.sidebar, st.popover(t("ui.copy_link"), icon=":material/link:", key="link"):
        st.caption(t("ui.copy_link_help"))
        st.code(address_of(data.version()), language=None, wrap_lines=True)


def show_pin(t: Translator, version: str) -> None:
    """Where a link brought somebody here: that the data have changed since it was made, and when first."""
    pinned = state.kept_text(PIN, VERSION)
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
