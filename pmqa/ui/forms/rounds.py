"""Closing a round, and taking one back that was closed by mistake."""

from __future__ import annotations

import datetime as dt
from typing import Final

import streamlit as st

from pmqa.access import may
from pmqa.store.rounds import LONGEST_ROUND, Rounds
from pmqa.text import BANGKOK
from pmqa.ui import state
from pmqa.ui.showing import show
from pmqa.views import data
from pmqa.views.view import View
from pmqa.views.words import plain

WRONG: Final = "_rounds_wrong"  # why a press came to nothing


def edit_rounds(view: View) -> None:
    """The rounds that there are; for who may, a form to close one and a way to take one back."""
    t = view.t
    st.markdown(t("rounds.lead"))
    if wrong := st.session_state.pop(WRONG, ""):
        st.error(plain(wrong), icon=":material/error:")
    rounds = data.rounds(view.version)
    if not rounds.empty:
        show(view, "rounds.all")
    if not may(view.viewer, "close_rounds"):
        return
    with st.form("close-round"), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(t("rounds.name"), key="round-name", max_chars=LONGEST_ROUND, placeholder=t("rounds.name_place"))
        st.date_input(t("rounds.day"), value=dt.datetime.now(BANGKOK).date(), key="round-day", format="DD/MM/YYYY")
        st.form_submit_button(t("rounds.close"), on_click=_close, args=(view,), key="close-this-round", type="primary")
    if rounds.empty:
        return
    with st.form("remove-round"), st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("rounds.remove_which"), rounds["name"], index=None, key="round-gone", placeholder=t("rounds.which")
        )
        st.form_submit_button(t("rounds.remove"), on_click=_remove, args=(view,), key="remove-this-round")


def _close(view: View) -> None:
    name, day = str(st.session_state["round-name"]), st.session_state["round-day"]

    def close(rounds: Rounds) -> None:
        rounds.close(name, day, who=view.viewer.name, viewer=view.viewer)
        st.session_state["round-name"] = ""

    state.attempt(WRONG, data.store().rounds, close)


def _remove(view: View) -> None:
    if name := st.session_state["round-gone"]:
        state.attempt(
            WRONG, data.store().rounds, lambda rounds: rounds.remove(name, who=view.viewer.name, viewer=view.viewer)
        )
