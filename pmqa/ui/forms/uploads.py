"""Files that a visitor uploads: kept as they come, read in the order of their arrival, recorded under a button.

Every step survives a rerun: what waits to be read and what was read are in the visit, the bytes in the store.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pmqa.access import sources_of
from pmqa.errors import StoreError
from pmqa.intake import Before, Outcome, Received, Said, Sent, kept, record_accepted
from pmqa.store import Refusal
from pmqa.store.receiving import sha256_of
from pmqa.text import Translator
from pmqa.ui import state
from pmqa.ui.forms.staging import Staged, read_again, staged, with_what_was_recorded
from pmqa.views import data
from pmqa.views.view import View
from pmqa.views.words import plain
from pmqa.workbook import Reading

MOST_NAMED: Final = 5  # files
LARGE: Final = 2_000_000  # bytes that came together, from which they are not left in the database's log
ROUND: Final = "_upload_round"  # part of the uploader's key: a new one clears it
WAITING: Final = "_upload_waiting"  # (receipt, name) of files that are kept and not read
STAGED: Final = "_upload_staged"  # key -> Staged, of files that were read and are not saved
SAVING: Final = "_upload_saving"  # keys of those that are to be recorded
SAID: Final = "_upload_said"  # what somebody has said of them
RIVALS: Final = "_upload_rivals"  # keys of files that were passed over -> the key of the one chosen instead
SAVED: Final = "_upload_saved"  # (name, submission, what it replaces) of what the last press of the button recorded
MINE: Final = "_upload_mine"  # receipts of all that this visit has kept or taken up


def receive_forms(view: View) -> None:
    """The uploader of forms; what it brings is kept at once, and waits to be read."""
    t, session = view.t, st.session_state
    number = session.setdefault(ROUND, 0)
    _offer_unsaved(view)
    st.html(uploader_in_our_words(t, t("submit_page.upload_here"), t("submit_page.too_large")))
    files = st.file_uploader(
        t("submit_page.upload"), accept_multiple_files=True, key=f"upload-{number}", help=t("submit_page.upload_help")
    )
    if files and sources_of(view.viewer):
        _keep(view, files)
        session[ROUND] += 1
        let_go(files)
        st.rerun()


def uploaded(view: View) -> list[Staged]:
    """Below an uploader: reads what waits, records what is to be. Returns what was read and is not saved."""
    session = st.session_state
    if session.get(WAITING):
        _read(view)
        st.rerun()
    if session.get(SAVING):
        _save(view)
        st.rerun()
    if staged := session.get(STAGED):
        recorded = data.recorded(view.version)
        session[STAGED] = {key: with_what_was_recorded(one, recorded) for key, one in staged.items()}
    return list(session.get(STAGED, {}).values())


def ask_to_save(keys: Sequence[str], said: Said, rivals: Mapping[str, str]) -> None:
    """Have the files of the list recorded in the next run, with progress; for the button.

    said: what somebody has said of them. rivals: keys of files that were passed over -> the key of the chosen one.
    """
    st.session_state[SAVING] = list(keys)
    st.session_state[SAID], st.session_state[RIVALS] = said, dict(rivals)
    st.session_state.pop(SAVED, None)


def just_saved() -> list[tuple[str, str, str | None]]:
    """Name, submission and what it replaces of the files that the last press of the button recorded.

    Nothing any more as soon as others are uploaded.
    """
    return list(st.session_state.get(SAVED, []))


def forget_uploads() -> None:
    """Empty the list of the visit; for a button. The files stay among those that were received."""
    st.session_state[STAGED] = {}
    st.session_state.pop(SAVED, None)


def wait_again(files: Iterable[tuple[str, str]]) -> None:
    """Put kept files (receipt, name) before those that wait to be read; for a button."""
    files = list(files)
    st.session_state[WAITING] = [*files, *st.session_state.get(WAITING, [])]
    st.session_state.setdefault(MINE, set()).update(receipt for receipt, _ in files)
    st.session_state.pop(SAVED, None)


def take_instead(view: View, keys: Sequence[str], made: Sent) -> None:
    """Put a form that was made of files of the list in their place, to be read; for a button.

    They stay among the files received, and are not offered again.
    """
    shelf: dict[str, Staged] = st.session_state[STAGED]
    _set_aside(view, [shelf.pop(key) for key in keys if key in shelf])
    arrived = kept(data.store(), [made], received_by=view.viewer.name, recorded=data.recorded(view.version))
    for one in arrived:
        if one.receipt:
            wait_again([(one.receipt, one.name)])
        else:
            found = _finished(view, _unread(one, data.recorded(view.version)))
            shelf[found.key] = found


def _offer_unsaved(view: View) -> None:
    """What this person sent and nobody saved: after a restart or a closed window the list of the visit is empty."""
    t, rows = view.t, data.files(view.version, view.viewer)
    waiting = rows[(rows["outcome"] == "pending") & (rows["received_by"] == view.viewer.name)]
    if not waiting.empty:
        mine, recorded = st.session_state.get(MINE, set()), data.recorded(view.version)
        waiting = waiting[~waiting["receipt"].isin(mine) & ~waiting["sha256"].isin(list(recorded))]
    if waiting.empty or not sources_of(view.viewer):
        return
    files = list(zip(waiting["receipt"], waiting["file_name"], strict=True))[::-1]
    names = ", ".join(name for _, name in files[:MOST_NAMED]) + (", …" if len(files) > MOST_NAMED else "")
    with st.container(border=True, key="unsaved"):
        moment = t.moment(waiting["received_at"].max())
        st.warning(t("submit_page.unsaved", n=len(files), moment=moment, names=plain(names)), icon=":material/history:")
        with st.container(horizontal=True):
            st.button(
                t("submit_page.read_unsaved"),
                on_click=wait_again,
                args=(files,),
                type="primary",
                icon=":material/replay:",
                key="read-unsaved",
            )
            st.button(
                t("submit_page.leave_unsaved"),
                on_click=_leave,
                args=(view, [receipt for receipt, _ in files]),
                help=t("submit_page.leave_unsaved_help"),
                key="leave-unsaved",
            )


def _leave(view: View, receipts: Sequence[str]) -> None:
    # Another window may have saved or left one of them meanwhile; what is left of them is offered again.
    with suppress(StoreError):
        data.store().received.set_aside(
            [Refusal(key, ()) for key in receipts], who=view.viewer.name, viewer=view.viewer
        )


def _keep(view: View, files: Sequence[Any]) -> None:
    """Into the store, whatever they are. What needs no reading is staged; what is finished with leaves the list."""
    session = st.session_state
    # What another has replaced since may be to count again; what counts, or was taken back, stays what it is.
    recorded = {sha256: before for sha256, before in data.recorded(view.version).items() if before.counts is None}
    shelf = {key: one for key, one in session.get(STAGED, {}).items() if one.is_open}
    waiting = []
    sent = (Sent(file.name, file.getvalue()) for file in files)
    with st.spinner(view.t("submit_page.keeping")):
        for one in kept(data.store(), sent, received_by=view.viewer.name, recorded=recorded):
            if one.receipt and one.refusal is None:
                waiting.append((one.receipt, one.name))
            else:
                found = _finished(view, _unread(one, recorded))
                shelf[found.key] = found
    if sum(file.size for file in files) > LARGE:
        data.store().database.write_out()
    session[STAGED] = shelf
    wait_again(waiting)


def let_go(files: Sequence[Any]) -> None:
    """Streamlit would hold the bytes until the visit ends; the store has them now."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        for file in files:
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def _unread(one: Sent, recorded: Mapping[str, Before]) -> Received:
    """A file that is what it is without being read: known by its content, unreadable, or no form."""
    sha256 = sha256_of(one.name.encode() if one.content is None else one.content)
    if one.refusal:
        return Received(one, "refused", Reading(None, (one.refusal,)), sha256)
    outcome: Outcome = "skipped" if one.content is None else "known"
    return Received(one, outcome, Reading(None, ()), sha256, before=recorded.get(sha256))


def _read(view: View) -> None:
    """Everything that waits, with progress. Whatever interrupts, the rest still waits."""
    waiting: list[tuple[str, str]] = st.session_state[WAITING]
    shelf: dict[str, Staged] = st.session_state.setdefault(STAGED, {})
    total = len(waiting)
    bar = st.progress(0.0, view.t("submit_page.reading"))
    for number, one in enumerate(read_again(view.viewer, list(waiting)), 1):
        # The visit's own list and dictionary, and not the session: asking the session is where a run may be stopped.
        found = _finished(view, one)
        shelf[found.key] = found
        waiting.remove((one.sent.receipt or "", one.name))
        bar.progress(number / total, view.t("submit_page.reading_name", name=one.name, n=number, of=total))


def _save(view: View) -> None:
    """Record what is to be recorded. What was accepted leaves the list; whatever interrupts, the rest goes on."""
    session = st.session_state
    asked: list[str] = session[SAVING]
    shelf: dict[str, Staged] = session[STAGED]
    chosen = [shelf[key] for key in asked if key in shelf]
    files = [(each.receipt, each.name) for each in chosen if each.receipt]
    done: list[Received] = []
    said: list[tuple[str, str, str | None]] = []
    bar = st.progress(0.0, view.t("submit_page.saving"))
    try:
        read = read_again(view.viewer, files, session.get(SAID, Said()))
        received = record_accepted(data.store(), read, received_by=view.viewer.name, viewer=view.viewer)
        for number, (one, recorded) in enumerate(received, 1):
            key = one.sent.receipt or ""
            asked.remove(key)
            if recorded:
                del shelf[key]
                if not recorded.already_known:
                    done.append(one)
                    said.append((one.name, recorded.submission_id, recorded.replaces))
            elif one.outcome == "refused":
                shelf[key] = staged(one)  # the register changed since it was read
            bar.progress(number / len(files), view.t("submit_page.saving_name", name=one.name, n=number, of=len(files)))
    finally:
        session[SAVED] = session.get(SAVED, []) + said
        _lead_other_pages_to(done)
        _pass_over(view, {one.sent.receipt for one in done})
    session[SAVING] = []


def _pass_over(view: View, saved: Container[str | None]) -> None:
    """Files in whose place others were chosen and saved leave the list, and are not offered again."""
    shelf: dict[str, Staged] = st.session_state[STAGED]
    gone = [
        shelf.pop(key) for key, chosen in st.session_state.get(RIVALS, {}).items() if chosen in saved and key in shelf
    ]
    _set_aside(view, gone)


def _set_aside(view: View, gone: Iterable[Staged]) -> None:
    """Files that others are chosen instead of; a refused one is finished with already."""
    aside = [
        Refusal(one.receipt, one.findings, one.agency_code, one.fiscal_year, one.source)
        for one in gone
        if one.receipt and one.outcome != "refused"
    ]
    with suppress(StoreError):  # another window has saved or left one of them meanwhile
        data.store().received.set_aside(aside, who=view.viewer.name, viewer=view.viewer)


def _finished(view: View, one: Received) -> Staged:
    """A refused file is written down with its findings at once: there is nothing to decide about it."""
    if one.outcome == "refused":
        list(record_accepted(data.store(), [one], received_by=view.viewer.name, viewer=view.viewer))
    return staged(one)


def _lead_other_pages_to(done: Sequence[Received]) -> None:
    submissions = [one.reading.submission for one in done if one.reading.submission]
    if submissions:
        state.choose_from_afar("agencies", *dict.fromkeys(submission.agency_code for submission in submissions))
        state.choose_from_afar("agency", submissions[0].agency_code)
        state.choose_from_afar("year", submissions[0].fiscal_year)


def uploader_in_our_words(t: Translator, drop_here: str, too_large: str) -> str:
    """A style that puts our words in the place of the uploader's own, which are English in every language."""
    zone = '[data-testid="stFileUploaderDropzone"]'
    return f"""<style>
    :root {{ --pmqa-too-large: "{too_large}"; }}
    {zone} button p {{ font-size: 0; }}
    {zone} button p::after {{ content: "{t("submit_page.upload_button")}"; font-size: 1rem; }}
    [data-testid="stFileUploaderDropzoneInstructions"] span {{ font-size: 0; white-space: normal; }}
    [data-testid="stFileUploaderDropzoneInstructions"] span::after {{
      content: "{drop_here}"; font-size: 0.875rem;
    }}
    </style>"""
