"""Notes on an agency: what is there, writing one, taking one's own back."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pmqa.access import may
from pmqa.store.notes import LONGEST_NOTE, Notes
from pmqa.ui import state
from pmqa.ui.showing import show
from pmqa.views import data
from pmqa.views.cards.notes import about, notes_on
from pmqa.views.view import View
from pmqa.views.words import plain

WRONG: Final = "_note_wrong"  # why the last press came to nothing
AGENCY: Final = ""  # what a note is on, where it is on no score and no submission


def show_notes(view: View, agency: str, scope: str = "") -> None:
    """The notes on an agency, or on one of its scores, and a form for another; nothing in meetings."""
    if view.meeting:
        return
    t = view.t
    if wrong := st.session_state.pop(WRONG, ""):
        st.warning(plain(wrong), icon=":material/error:")
    rows = notes_on(view, agency, scope)
    if len(rows):
        show(view, "agency.notes", agency=agency, scope=scope)
    elif not scope:
        st.info(t("notes.none"), icon=":material/sticky_note_2:")
    if not may(view.viewer, "note"):
        return
    with st.expander(t("notes.write"), icon=":material/edit_note:", key="write-note"):
        with st.form("note", border=False):
            if not scope:
                on = st.selectbox(
                    t("notes.about"),
                    (AGENCY, *_scopes(view), *_submissions(view, agency)),
                    format_func=lambda one: _words(view, one),
                    key="note-on",
                )
                assert on is not None  # noqa: S101 - there is a first
            st.text_area(
                t("notes.words"),
                key="note-words",
                max_chars=LONGEST_NOTE,
                placeholder=t("notes.words_place"),
                height=90,
            )
            st.caption(t("notes.who_sees"))
            st.form_submit_button(t("notes.save"), on_click=_save, args=(view, agency, scope), key="save-note")
        own = rows[rows["noted_by"] == view.viewer.name]
        for note, words in zip(own["note"], own["words"], strict=True):
            label = t("notes.remove", words=plain(str(words)[:40]))
            st.button(label, on_click=_remove, args=(view, str(note)), key=f"remove-{note}", type="tertiary")


def _scopes(view: View) -> tuple[str, ...]:
    scopes = [("overall", "overall")]
    scopes += [(kind, one) for kind in ("dimension", "category", "item") for one in view.framework.scopes(kind)]
    return tuple(f"scope {scope}" for _, scope in scopes)


def _submissions(view: View, agency: str) -> tuple[str, ...]:
    sent = data.history(view.version, view.viewer)
    return tuple(f"submission {one}" for one in sent.loc[sent["agency_code"] == agency, "submission"].astype("str"))


def _words(view: View, on: str) -> str:
    kind, _, id_ = on.partition(" ")
    scope, submission = (id_ if kind == name else None for name in ("scope", "submission"))
    return about(view, scope, view.fiscal_year, submission)


def _save(view: View, agency: str, scope: str) -> None:
    kind, _, id_ = str(st.session_state.get("note-on", AGENCY)).partition(" ")
    score = scope or (id_ if kind == "scope" else "")

    def save(notes: Notes) -> None:
        notes.save_note(
            agency,
            str(st.session_state["note-words"]),
            viewer=view.viewer,
            fiscal_year=view.fiscal_year if score else None,
            scope=score or None,
            submission=id_ if kind == "submission" and not scope else None,
        )
        st.session_state["note-words"] = ""

    state.attempt(WRONG, data.store().notes, save)


def _remove(view: View, note: str) -> None:
    state.attempt(WRONG, data.store().notes, lambda notes: notes.remove_note(note, viewer=view.viewer))
