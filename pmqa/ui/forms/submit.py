"""What is done with files on the page Submit: looked at one by one, saved, withdrawn, restored, fetched again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import PurePath
from typing import Any, Final

import pandas as pd
import streamlit as st

from pmqa.access import sources_of
from pmqa.errors import StoreError
from pmqa.text import MISSING
from pmqa.ui import state
from pmqa.ui.downloads import MIME, take_file
from pmqa.ui.forms import changes as submit_changes
from pmqa.ui.forms import outcomes as parts
from pmqa.ui.forms.deciding import Decided
from pmqa.ui.forms.findings import show_findings
from pmqa.ui.forms.staging import Staged, reading_of
from pmqa.ui.forms.uploads import ask_to_save, forget_uploads, just_saved, wait_again
from pmqa.ui.showing import download, show, show_built
from pmqa.views import data
from pmqa.views.cards import submit as sent
from pmqa.views.view import View
from pmqa.views.words import agency_words, plain, source_name

MOST_SAID: Final = 10  # files that were saved in place of others, by name
MOST_OPTIONS: Final = 200  # of a menu; filters lead to the rest
SAID: Final = "_submit_said"  # what the last press of a button did, to be said in the next run
WRONG: Final = "_submit_wrong"  # or why it could not


def offer_to_save(view: View, decided: Decided) -> None:
    """All sound files, or chosen ones, under one button; another empties the list."""
    t = view.t
    sound = {one.key: one for one in decided.files if one.is_saveable}
    chosen = list(sound)
    if len(sound) > 1:
        which = state.choose_one(
            "save_which",
            t("submit_page.which"),
            ("all", "chosen"),
            words=lambda name: t(f"submit_page.which_{name}", n=len(sound)),
            style="segments",
        )
        if which == "chosen":
            chosen = state.choose_many(
                "save_chosen",
                t("submit_page.choose_files"),
                list(sound),
                words=lambda key: sound[key].name,
                placeholder=t("submit_page.choose_files_here"),
            )
    with st.container(horizontal=True):
        st.button(
            t("submit_page.save", n=len(chosen)),
            on_click=ask_to_save,
            args=(chosen, decided.said, decided.rivals),
            disabled=not chosen,
            type="primary",
            icon=":material/save:",
            key="save",
        )
        st.button(t("submit_page.forget"), on_click=forget_uploads, icon=":material/clear_all:", key="forget")
    st.caption(t("submit_page.save_note"))


def show_staged(view: View, files: Sequence[Staged]) -> None:
    """One file of those that were read: its findings, the marked copy, the scores that it will have."""
    t = view.t
    by_key = {one.key: one for one in files if one.outcome != "skipped"}
    if not by_key:
        return
    st.subheader(t("submit_page.one_file"), anchor=False)
    first = next((key for key, one in by_key.items() if one.outcome == "refused"), next(iter(by_key)))
    key = state.choose_one(
        "file",
        t("ui.file"),
        tuple(by_key),
        words=lambda key: f"{by_key[key].name} – {parts.outcome_words(view, by_key[key])}",
        default=first,
    )
    one = by_key[key]
    with st.container(border=True, key="one-file"):
        if one.outcome == "known" and not one.findings:
            st.info(parts.outcome_words(view, one), icon=":material/file_copy:")
        else:
            show_findings(view, one.name, one.findings)
        if one.is_form and one.findings and one.receipt:
            _marked(view, one.receipt, one.name)
            st.caption(t("submit_page.marked_note"))
    if one.is_saveable and one.receipt:
        _show_what_it_changes(view, one.receipt, one.name)


def say_what_was_saved(view: View) -> None:
    """After the button: how many files were recorded, and what each of them replaces."""
    t = view.t
    if not (saved := just_saved()):
        return
    st.success(t("submit_page.saved", n=len(saved)), icon=":material/task_alt:")
    replacing = [
        t("submit_page.saved_replaces", name=plain(name), submission=key, replaces=replaces)
        for name, key, replaces in saved
        if replaces
    ]
    if replacing:
        more = len(replacing) - MOST_SAID
        lines = replacing[:MOST_SAID] + ([t("submit_page.saved_more", n=more)] if more > 0 else [])
        st.markdown("\n".join(f"- {line}" for line in lines))
    st.page_link("pages/compare.py", label=t("submit_page.see_compare"), icon=":material/hexagon:")


def show_received(view: View) -> None:
    """What was received so far: submissions, or files as they came; one of them to look at."""
    t = view.t
    if said := st.session_state.pop(SAID, None):
        st.success(said, icon=":material/task_alt:")
    if wrong := st.session_state.pop(WRONG, None):
        st.error(plain(wrong), icon=":material/error:")
    list_of = state.choose_one(
        "received",
        t("submit_page.list_of"),
        ("submissions", "files"),
        words=lambda name: t(f"submit_page.list_{name}"),
        style="segments",
    )
    everything = sent.submissions(view) if list_of == "submissions" else sent.received(view)
    if everything.empty:
        st.info(t("submit_page.nothing_received"), icon=":material/inbox:")
        return
    filters = _filters(view, list_of)
    agencies, years, states = filters
    chosen: dict[str, Any] = {"agencies": agencies, "years": years, "states": states}
    rows = (sent.submissions if list_of == "submissions" else sent.received)(view, *filters)
    if list_of == "submissions":
        show(view, "submit.history", **chosen)
        _look(view, rows, "submission", _submission)
    else:
        _offer_pending(view, everything)
        show(view, "submit.files", **chosen)
        _look(view, rows, "receipt", _file)


def _show_what_it_changes(view: View, receipt: str, name: str) -> None:
    reading = reading_of(view.version, view.viewer, receipt, name)
    if reading.submission is None:
        st.warning(view.t("submit_page.refused_by_now"), icon=":material/warning:")
        return
    show_built(view, "preview", submit_changes.preview, receipt, name)
    if submit_changes.last_submission(view, reading.submission) is not None:
        criteria, measures = submit_changes.how_many(view, receipt, name)
        st.markdown(view.t("submit_page.changes", criteria=criteria, measures=measures))
        if criteria:
            show_built(view, "changed-criteria", submit_changes.criteria, receipt, name)
        if measures:
            show_built(view, "changed-measures", submit_changes.measures, receipt, name)


def _marked(view: View, receipt: str, name: str) -> None:
    file_name = (PurePath(name).stem, view.t("submit_page.marked_file"))
    make = partial(parts.marked, view, receipt, name)
    download("marked", view.t("submit_page.download_marked"), file_name, make, main=True)


def _filters(view: View, list_of: str) -> tuple[tuple[str, ...], tuple[int, ...], tuple[str, ...]]:
    t = view.t
    names, there = sent.known_names(view), sent.filters(view, list_of)
    states = sent.SUBMISSION_STATES if list_of == "submissions" else sent.FILE_STATES
    prefix = "state" if list_of == "submissions" else "file"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        agencies = state.choose_many(
            "of_agency",
            t("ui.agency"),
            there.agencies,
            words=lambda code: agency_words(code, names.get(code, code)),
            placeholder=t("submit_page.all_agencies"),
        )
        years = state.choose_many(
            "of_year",
            t("ui.fiscal_year"),
            there.years,
            words=t.year,
            placeholder=t("submit_page.all_years"),
        )
        chosen = state.choose_many(
            f"of_{prefix}",
            t("submit_page.state"),
            states,
            words=lambda name: t(f"submit_page.{prefix}_{name}"),
            placeholder=t("submit_page.all_states"),
        )
    return tuple(agencies), tuple(years), tuple(chosen)


def _look(view: View, rows: pd.DataFrame, name: str, draw: Callable[[View, pd.Series[object]], None]) -> None:
    """A menu of the rows that pass the filters, and what is to be seen and done of the chosen one."""
    if rows.empty:
        st.info(view.t("submit_page.nothing_passes"), icon=":material/filter_alt_off:")
        return
    rows = rows.head(MOST_OPTIONS).set_index(name, drop=False)
    labels = {key: f"{key} – {file}" for key, file in zip(rows.index, rows["file_name"].tolist(), strict=True)}
    labels[""] = view.t(f"submit_page.choose_{name}")
    key = state.choose_one(
        name,
        view.t(f"submit_page.one_{name}"),
        ("", *rows.index),
        words=labels.__getitem__,
    )
    if key:
        with st.container(border=True, key=f"one-{name}"):
            draw(view, rows.loc[key])


def _submission(view: View, row: pd.Series[object]) -> None:
    t, key = view.t, str(row["submission"])
    year = t.year(int(str(row["fiscal_year"])))
    source = source_name(row["source"], t)
    state_name = t(f"submit_page.state_{row['state']}")
    st.markdown(f"**{plain(str(row['agency_name']))}** · {year} · {source} · {state_name}")
    show_findings(view, key, data.store().facts.findings_of(key, view.viewer))
    _original(view, f"original-{key}", str(row["file_name"]), partial(data.original, view.viewer, key))
    if row["source"] not in sources_of(view.viewer):
        return
    if row["state"] == "withdrawn":
        reason = plain(str(row["withdrawn_reason"]))
        st.info(t("submit_page.withdrawn_because", who=plain(str(row["withdrawn_by"])), reason=reason))
        st.button(t("submit_page.restore"), on_click=_restore, args=(view, key), icon=":material/undo:", key="restore")
        return
    with st.form("withdraw", clear_on_submit=True):
        st.text_area(t("submit_page.why"), key="why", help=t("submit_page.withdraw_help"), max_chars=500)
        st.form_submit_button(
            t("submit_page.withdraw"),
            on_click=_withdraw,
            args=(view, key),
            icon=":material/undo:",
            key="withdraw-now",
        )


def _file(view: View, row: pd.Series[object]) -> None:
    t, receipt, name = view.t, str(row["receipt"]), str(row["file_name"])
    state_name = t(f"submit_page.file_{row['state']}")
    st.markdown(f"**{plain(name)}** · {state_name} · SHA-256 `{str(row['sha256'])[:16]}`")
    findings = data.store().received.findings(receipt, view.viewer)
    if row["state"] == "pending":
        st.info(t("submit_page.pending_note"), icon=":material/hourglass_empty:")
    else:
        show_findings(view, name, findings)
    with st.container(horizontal=True):
        _original(view, f"file-{receipt}", name, partial(data.received_file, view.viewer, receipt))
        if findings and row["state"] == "refused" and not pd.isna(row["agency_code"]):
            _marked(view, receipt, name)


def _offer_pending(view: View, rows: pd.DataFrame) -> None:
    """Files of this person that were kept and neither saved nor refused, as after a closed window: read them again."""
    mine = rows[(rows["state"] == "pending") & (rows["received_by"] == view.viewer.name)]
    if mine.empty or not sources_of(view.viewer):
        return
    files = list(zip(mine["receipt"], mine["file_name"], strict=True))
    st.button(
        view.t("submit_page.read_pending", n=len(files)),
        on_click=wait_again,
        args=(files,),
        icon=":material/replay:",
        key="read-pending",
    )


def _original(view: View, key: str, name: str, contents: Callable[[], bytes]) -> None:
    """The file byte for byte, under its own name."""
    own = PurePath(name).name or MISSING
    mime = MIME["xlsx"] if name.casefold().endswith(".xlsx") else "application/octet-stream"
    take_file(view.t("submit_page.download_original"), own, contents, key, mime=mime)


def _withdraw(view: View, submission: str) -> None:
    try:
        data.store().history.withdraw(
            submission, reason=st.session_state["why"], who=view.viewer.name, viewer=view.viewer
        )
    except StoreError as error:
        st.session_state[WRONG] = str(error)
        return
    st.session_state[SAID] = view.t("submit_page.was_withdrawn", submission=submission)


def _restore(view: View, submission: str) -> None:
    try:
        data.store().history.restore(submission, who=view.viewer.name, viewer=view.viewer)
    except StoreError as error:  # somebody else was faster
        st.session_state[WRONG] = str(error)
        return
    counts = data.store().history.counts_beside(submission, view.viewer)
    key = "was_restored" if counts == submission else "was_restored_in_vain"
    st.session_state[SAID] = view.t(f"submit_page.{key}", submission=submission, counts=counts)
