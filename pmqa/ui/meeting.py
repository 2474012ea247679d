"""The meeting mode: its switch, and choices of agencies that stay the same under names and aliases."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from pmqa.text import Translator
from pmqa.ui import state
from pmqa.views.masks import WORD, aliases_of, new_word, reads
from pmqa.views.peers import GROUP

MEETING: Final = "meeting"  # the parameter of the URL
TOGGLE: Final = "meeting-on"
SPOKEN_AS: Final = "_spoken_as"  # the meeting whose aliases the choices of agencies are in
CHOICES_OF_AGENCIES: Final = ("agency", "agencies", "highlight", "assessed", "of_agency", "peers")


def choose_meeting(t: Translator, version: str) -> str:
    """The toggle; the meeting's word, "" where names are shown. Agencies that were chosen stay chosen."""
    if state.brings_in_vain(MEETING, t("ui.meeting"), partial(reads, version)):
        # Somebody meant to hide names: a word that cannot be read must not show them.
        state.keep_text(MEETING, new_word(version))
    # One press of the browser's back must not show names on the projector: the toggle alone ends the mode.
    word = state.kept_text(MEETING, t("ui.meeting"), WORD, stays=True)
    st.session_state[TOGGLE] = bool(word)
    st.toggle(t("ui.meeting"), key=TOGGLE, on_change=_switch, args=(version,), help=t("ui.meeting_help"))
    before = st.session_state.get(SPOKEN_AS, "")
    if before != word:
        _rename(version, before, word)
        st.session_state[SPOKEN_AS] = word
    return word


def _switch(version: str) -> None:
    state.keep_text(MEETING, new_word(version) if st.session_state[TOGGLE] else "")


def _rename(version: str, before: str, after: str) -> None:
    """Choices of agencies and groups from names or one meeting's aliases to the other's."""
    old, new = _ids(version, before), _ids(version, after)
    state.rename_chosen(CHOICES_OF_AGENCIES, {old[real]: new[real] for real in old.keys() & new.keys()})


def _ids(version: str, word: str) -> dict[str, str]:
    """Code of an agency, id of a named group -> its id in the meeting of this word, or without one."""
    names = aliases_of(version, word)
    groups = {f"{GROUP}{name}": f"{GROUP}{number if word else name}" for name, number in names.groups.items()}
    return {code: alias if word else code for code, alias in names.agencies.items()} | groups
