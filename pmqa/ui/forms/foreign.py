"""Files of another layout on the page Submit: one to make a layout of, any number to be read by one.

What a file says becomes forms, which wait, are read and saved like those that somebody uploads; scores without answers
are recorded under a button of their own. Files wait in the visit until they are read; whatever interrupts, the rest
still waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from pmqa.errors import Finding, PmqaError, StoreError
from pmqa.framework import DEFAULT_EDITION, Framework, shipped_frameworks
from pmqa.intake import Sent, kept, opened
from pmqa.intake.foreign import Wrong, announce, forms_of, known_to_readers, layout_texts, problems_of, read_by
from pmqa.sources import ANNOUNCED
from pmqa.store.layouts import DEED
from pmqa.submission import FIRST_YEAR, LAST_YEAR
from pmqa.ui import state
from pmqa.ui.forms import readings as parts
from pmqa.ui.forms.layouts import make_layout
from pmqa.ui.forms.uploads import let_go, uploader_in_our_words, wait_again
from pmqa.ui.showing import show_card
from pmqa.viewer import may
from pmqa.views import data
from pmqa.views.view import View
from pmqa.views.words import plain
from pmqa.workbook import finding_text
from pmqa.workbook.archive import Refusal
from pmqa.workbook.foreign.guessing import YEAR
from pmqa.workbook.foreign.layouts import Layout, layout_names, read_layout
from pmqa.workbook.foreign.reading import Cells, Foreign, cells_of
from pmqa.workbook.read import refused

NEW: Final = ""  # in place of a layout: one is made from the file
WAYS: Final = ("forms", "other")
ROUND: Final = "_foreign_round"  # part of the uploader's key: a new one clears it
FILES: Final = "_foreign_files"  # list of Sent that wait to be read by a layout
CELLS: Final = "_foreign_cells"  # (the file, its cells), of the one that a layout is made from
READ: Final = "_foreign_read"  # what was read last
SAID: Final = "_foreign_said"  # what the last press of a button did, or why it could not


@dataclass(slots=True)
class _Read:
    """What came of files. announced: those with scores that are not recorded yet, and the layout of all."""

    layout: Layout
    files: int = 0
    forms: int = 0
    wrong: list[tuple[str, Wrong]] = field(default_factory=list)
    announced: list[tuple[Sent, Foreign]] = field(default_factory=list)


def choose_way(view: View) -> str:
    """Whether forms are sent, or files of another layout."""
    return state.choose_word(view.t, "way", "foreign_page.way", WAYS, style="segments")


def receive_others(view: View) -> None:
    """The second uploader: a layout is chosen, or made from the file; what files say by it waits like forms."""
    t, session = view.t, st.session_state
    texts = layout_texts(data.store(), view.viewer)
    frameworks = shipped_frameworks()
    titles = {name: _title(view, name, text, frameworks) for name, text in texts.items()}
    own = (NEW,) if may(view.viewer, DEED) else ()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = state.choose_one(
            "layout",
            t("foreign_page.layout"),
            (*own, *texts),
            words=lambda name: titles[name] if name else t("foreign_page.new_layout"),
        )
        year = _choose_year(view)
        if name and name not in layout_names() and own:
            _offer_to_drop(view, name)
    _upload(view)
    waiting: list[Sent] = session.get(FILES, [])
    if said := session.pop(SAID, None):
        st.info(plain(said), icon=":material/info:")
    if waiting and name:
        layout, _ = read_layout(texts[name], name, frameworks)
        if layout is None:
            st.error(t("foreign_page.layout_outdated"), icon=":material/error:")
            return
        _read_all(view, layout, frameworks[layout.edition], year)
        st.rerun()
    if waiting:
        _make(view, waiting[0], frameworks[view.edition or DEFAULT_EDITION], year)
    _show_read(view)


def _title(view: View, name: str, text: str, frameworks: Mapping[str, Framework]) -> str:
    layout, _ = read_layout(text, name, frameworks)
    return name if layout is None else view.t.pick(layout.title)


def _choose_year(view: View) -> int | None:
    """The fiscal year of files that do not say theirs; proposed by the name of the first."""
    t = view.t
    waiting: list[Sent] = st.session_state.get(FILES, [])
    named = YEAR.search(waiting[0].file_name) if waiting else None
    proposed = int(named[0]) if named and FIRST_YEAR <= int(named[0]) <= LAST_YEAR else 0
    year = state.choose_one(
        "layout_year",
        t("foreign_page.year"),
        (0, *range(LAST_YEAR, FIRST_YEAR - 1, -1)),
        words=lambda year: t.year(year) if year else t("foreign_page.year_in_file"),
        default=proposed,
        help=t("foreign_page.year_help"),
    )
    return year or None


def _upload(view: View) -> None:
    t, session = view.t, st.session_state
    number = session.setdefault(ROUND, 0)
    st.html(uploader_in_our_words(t, t("submit_page.upload_here"), t("submit_page.too_large")))
    files: Any = st.file_uploader(
        t("foreign_page.upload"),
        accept_multiple_files=True,
        key=f"foreign-{number}",
        help=t("foreign_page.upload_help"),
    )
    if files:
        sent = opened(Sent(file.name, file.getvalue()) for file in files)
        session[FILES] = [one for one in sent if one.content is not None or one.refusal is not None]
        session[ROUND] += 1
        session.pop(READ, None)
        let_go(files)
        st.rerun()


def _make(view: View, sent: Sent, framework: Framework, year: int | None) -> None:
    """A layout from a file; why that cannot be read, where it cannot."""
    known = known_to_readers(data.store(), view.viewer)
    cells = _cells(sent)
    if isinstance(cells, Finding):
        st.error(plain(finding_text(cells, view.t)), icon=":material/error:")
        return
    st.button(view.t("foreign_page.other_file"), on_click=_forget, icon=":material/close:", key="other-file")
    make_layout(view, framework, sent, cells, known, year)


def _cells(sent: Sent) -> Cells | Finding:
    """The cells of the file, kept for the next run; or why it cannot be read."""
    held: tuple[Sent, Cells | Finding] | None = st.session_state.get(CELLS)
    if held is None or held[0] is not sent:
        held = st.session_state[CELLS] = (sent, _read_cells(sent))
    return held[1]


def _read_cells(sent: Sent) -> Cells | Finding:
    if sent.content is None or sent.refusal is not None:
        return sent.refusal or refused(Refusal("damaged"), sent.file_name)
    try:
        return cells_of(sent.content)
    except Refusal as refusal:
        return refused(refusal, sent.file_name)


def _forget() -> None:
    for name in (FILES, CELLS, READ):
        st.session_state.pop(name, None)


def _read_all(view: View, layout: Layout, framework: Framework, year: int | None) -> None:
    """Every waiting file by a layout, with progress; forms of it are kept in the store and wait for reading."""
    t, session = view.t, st.session_state
    store, known = data.store(), known_to_readers(data.store(), view.viewer)
    waiting: list[Sent] = session[FILES]
    found: _Read = session.setdefault(READ, _Read(layout))
    total = len(waiting)
    bar = st.progress(0.0, t("submit_page.reading"))
    while waiting:
        sent = waiting[0]
        one = read_by(sent, layout, framework, known, year)
        forms = [*forms_of(sent, one, layout, framework)]
        arrived = [*kept(store, forms, received_by=view.viewer.name, recorded=data.recorded(view.version))]
        wait_again((form.receipt, form.name) for form in arrived if form.receipt)
        found.files += 1
        found.forms += len(forms)
        found.wrong += [(sent.name, wrong) for wrong in problems_of(one, t)]
        found.announced += [(sent, one)] if one.is_sound and any(said.points for said in one.said) else []
        waiting.pop(0)
        done = total - len(waiting)
        bar.progress(done / total, t("submit_page.reading_name", name=sent.name, n=done, of=total))
    session.pop(CELLS, None)


def _show_read(view: View) -> None:
    """How many files became forms, every wrong cell of the others, and the button of scores without answers."""
    t = view.t
    found: _Read | None = st.session_state.get(READ)
    if found is None:
        return
    wrong = len({name for name, _ in found.wrong})
    counts = {"files": found.files, "forms": found.forms, "wrong": wrong, "cells": len(found.wrong)}
    said = t("foreign_page.was_read", layout=plain(found.layout.name), **counts)
    if wrong:
        st.warning(said, icon=":material/rule:")
        show_card(view, "foreign-problems", parts.problem_card(view, found.wrong))
    else:
        st.success(said, icon=":material/task_alt:")
    n = sum(len(said.points) for _, one in found.announced for said in one.said)
    if n and may(view.viewer, ANNOUNCED.deed):
        st.caption(t("foreign_page.announced_note"))
        st.button(
            t("foreign_page.announce", n=n),
            on_click=_announce,
            args=(view, found),
            type="primary",
            icon=":material/save:",
            key="announce",
        )
    elif n:
        st.info(t("foreign_page.may_not_announce", n=n), icon=":material/lock:")


def _announce(view: View, found: _Read) -> None:
    framework, recorded = shipped_frameworks()[found.layout.edition], 0
    try:
        while found.announced:
            sent, one = found.announced[0]
            recorded += announce(
                data.store(), sent, one, found.layout, framework, who=view.viewer.name, viewer=view.viewer
            )
            found.announced.pop(0)
    except PmqaError as error:
        st.session_state[SAID] = str(error)
        return
    st.session_state[SAID] = view.t("foreign_page.announced", n=recorded)


def _offer_to_drop(view: View, name: str) -> None:
    t = view.t
    with st.popover(t("foreign_page.drop"), icon=":material/delete:", key="drop-menu"):
        st.caption(t("foreign_page.drop_note"))
        st.button(t("foreign_page.drop_now"), on_click=_drop, args=(view, name), key="drop-layout")


def _drop(view: View, name: str) -> None:
    try:
        data.store().layouts.drop_layout(name, who=view.viewer.name, viewer=view.viewer)
    except StoreError as error:  # somebody else was faster
        st.session_state[SAID] = str(error)
