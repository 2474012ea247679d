"""Closed rounds on screen: which data are looked at, and that they are not today's."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pmqa.text import Translator
from pmqa.ui import state
from pmqa.views import data
from pmqa.views.since import changes
from pmqa.views.view import View
from pmqa.views.words import plain, round_words

ROUND: Final = "round"  # the choice, and the parameter
PRESENT: Final = "now"


def choose_round(t: Translator, version: str) -> str:
    """The version of the data as the chosen round had it; the present unless one is chosen."""
    rounds = data.rounds(version)
    if rounds.empty:
        state.brings_in_vain(ROUND, t("ui.round"), lambda _: False)
        return version
    chosen = state.choose_one(
        ROUND,
        t("ui.round"),
        (PRESENT, *rounds["round"]),
        words=lambda one: t("ui.round_now") if one == PRESENT else round_words(rounds, one, t),
        help=t("ui.round_help"),
    )
    return data.as_reported(version, "" if chosen == PRESENT else chosen)


def say_round(view: View) -> None:
    """Where a closed round is looked at: which, how much has changed since, and the way back to the present."""
    if not view.closed:
        return
    t = view.t
    with st.container(horizontal=True, vertical_alignment="center", key="as-reported"):
        words = {"name": plain(view.round_name), "n": t.number(len(changes(view)), 0)}
        st.info(t("ui.round_shown", page=t("pages.title.overview"), **words), icon=":material/inventory_2:")
        st.button(t("ui.round_leave"), on_click=state.choose_from_afar, args=(ROUND, PRESENT), key="leave-round")
