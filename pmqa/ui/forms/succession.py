"""Saying who was renamed, merged or split, and taking back what was said by mistake."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pmqa.analysis.succession import KINDS
from pmqa.store.succeeding import Successions
from pmqa.submission import FIRST_YEAR, LAST_YEAR
from pmqa.ui import state
from pmqa.ui.showing import show
from pmqa.views import data
from pmqa.views.offered import last_fiscal_year
from pmqa.views.view import View
from pmqa.views.words import agency_words, plain

WRONG: Final = "_succession_wrong"  # why a press came to nothing


def edit_successions(view: View) -> None:
    """What is known of agencies' successors; a form for more, and a way to take one out."""
    t, names = view.t, data.names(view.version, view.viewer)
    st.markdown(t("succession.lead"))
    if wrong := st.session_state.pop(WRONG, ""):
        st.error(plain(wrong), icon=":material/error:")
    kept = data.successions(view.version, view.viewer)
    if not kept.empty:
        show(view, "register.successions")
    known, which = sorted(names), t("succession.which")

    def words(code: str) -> str:
        return agency_words(code, names.get(code, code))

    def kind_words(kind: str) -> str:
        return t(f"succession.kind_{kind}")

    with st.form("succession"):
        with st.container(horizontal=True):
            for side in ("predecessor", "successor"):
                st.selectbox(t(f"succession.{side}"), known, None, words, key=f"succession-{side}", placeholder=which)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(t("succession.kind"), KINDS, 0, kind_words, key="succession-kind")
            st.number_input(t("succession.year"), FIRST_YEAR, LAST_YEAR, last_fiscal_year(), key="succession-year")
            st.form_submit_button(t("succession.save"), on_click=_save, args=(view,), type="primary")
    if kept.empty:
        return
    pairs = list(zip(kept["predecessor"], kept["successor"], strict=True))
    with st.form("remove-succession"), st.container(horizontal=True, vertical_alignment="bottom"):
        label = t("succession.remove_which")
        st.selectbox(label, pairs, None, " → ".join, key="succession-gone", placeholder=which)
        st.form_submit_button(t("succession.remove"), on_click=_remove, args=(view,))


def _save(view: View) -> None:
    old, new, kind, year = (
        st.session_state[f"succession-{name}"] for name in ("predecessor", "successor", "kind", "year")
    )

    def save(kept: Successions) -> None:
        kept.save(old, new, int(year), kind, who=view.viewer.name, viewer=view.viewer)

    if old and new:
        state.attempt(WRONG, data.store().successions, save)


def _remove(view: View) -> None:
    if pair := st.session_state["succession-gone"]:

        def remove(kept: Successions) -> None:
            kept.remove(*pair, who=view.viewer.name, viewer=view.viewer)

        state.attempt(WRONG, data.store().successions, remove)
