"""Files that a visitor uploads: read once, shown with their findings, and recorded only when the button is pressed."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import streamlit as st

from pmqa.access import check
from pmqa.framework import shipped_frameworks
from pmqa.intake import Received, Sent, known_agencies, receive, record_accepted, recorded_contents
from pmqa.text import Translator
from pmqa.ui import data, state
from pmqa.ui.view import View

ROUND: Final = "_upload_round"  # part of the uploader's key: a new one clears it
READ: Final = "_upload_read"  # (what was read, its Received)
SAVED: Final = "_upload_saved"  # names of files and codes of agencies that the last press of the button recorded


def uploaded(view: View) -> list[Received]:
    """The uploader, and what its files say; read again only when the files or the data change. Nothing is stored."""
    t = view.t
    number = st.session_state.setdefault(ROUND, 0)
    st.html(_in_our_words(t))
    files = st.file_uploader(
        t("submit_page.upload"), accept_multiple_files=True, key=f"upload-{number}", help=t("submit_page.upload_help")
    )
    key = (view.version, tuple(file.file_id for file in files))
    if st.session_state.get(READ, (None, []))[0] != key:
        st.session_state[READ] = (key, _read(view, files))
    received: list[Received] = st.session_state[READ][1]
    return received


def record(view: View) -> None:
    """Record the accepted ones; for the button. Clears the uploader and keeps what became of them for the next run."""
    check(view.viewer, "submit")
    received: list[Received] = st.session_state[READ][1]
    done = [
        (one.sent.file_name, one.reading.submission)
        for one, recorded in record_accepted(data.store(), received, received_by=view.viewer.name)
        if recorded and not recorded.already_known
    ]
    submissions = [submission for _, submission in done if submission]
    st.session_state[SAVED] = ([name for name, _ in done], [submission.agency_code for submission in submissions])
    if submissions:
        state.choose_from_afar("agencies", *dict.fromkeys(submission.agency_code for submission in submissions))
        state.choose_from_afar("agency", submissions[0].agency_code)
        state.choose_from_afar("year", submissions[0].fiscal_year)
    st.session_state.pop(READ, None)
    st.session_state[ROUND] += 1


def just_saved() -> list[str]:
    """Names of the files that the last press of the button recorded; forgotten as soon as others are uploaded."""
    names: list[str] = st.session_state.get(SAVED, ([], []))[0]
    return names


def forget_saved() -> None:
    """Nothing was just saved any more."""
    st.session_state.pop(SAVED, None)


def _in_our_words(t: Translator) -> str:
    """A style that puts our words in the place of the uploader's own, which are English in every language."""
    zone = '[data-testid="stFileUploaderDropzone"]'
    return f"""<style>
    {zone} button p {{ font-size: 0; }}
    {zone} button p::after {{ content: "{t("submit_page.upload_button")}"; font-size: 1rem; }}
    [data-testid="stFileUploaderDropzoneInstructions"] span {{ font-size: 0; }}
    [data-testid="stFileUploaderDropzoneInstructions"] span::after {{
      content: "{t("submit_page.upload_here")}"; font-size: 0.875rem;
    }}
    </style>"""


def _read(view: View, files: list[Any]) -> list[Received]:
    if not files:
        return []
    forget_saved()
    store = data.store()
    known = dataclasses.replace(known_agencies(store), submitters=view.viewer.agencies)
    received = []
    bar = st.progress(0.0, view.t("submit_page.reading"))
    sent = (Sent(file.name, file.getvalue()) for file in files)
    for one in receive(sent, shipped_frameworks(), known=known, recorded=recorded_contents(store)):
        received.append(one)
        bar.progress(min(len(received) / len(files), 1.0), view.t("submit_page.reading_name", name=one.sent.file_name))
    bar.empty()
    return received
