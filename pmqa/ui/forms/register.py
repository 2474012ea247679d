"""The register on screen: bringing a file in, correcting rows, saying who must send; and who has sent, on any page."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pandas as pd
import streamlit as st

from pmqa.access import may
from pmqa.errors import Finding, StoreChanged
from pmqa.sources import SELF, SOURCES
from pmqa.submission import FIRST_YEAR, LAST_YEAR
from pmqa.tables import AGENCIES
from pmqa.text import BANGKOK
from pmqa.ui import state
from pmqa.ui.forms.uploads import uploader_in_our_words
from pmqa.ui.showing import show, show_metrics
from pmqa.views import data
from pmqa.views.cards import register as parts
from pmqa.views.offered import last_fiscal_year
from pmqa.views.view import View
from pmqa.views.words import agency_words, plain, source_name, type_name
from pmqa.workbook import finding_text, layout
from pmqa.workbook.archive import Refusal
from pmqa.workbook.findings import CATALOGUE
from pmqa.workbook.register import RegisterFile, read_register

ROWS_SHOWN: Final = 8  # of the editor; more scroll
EDITOR_HEIGHT: Final = 400  # px, then
SHEET: Final = "register-"  # the editor's key, but for the number of the sheet
ROUND: Final = "_register_round"  # part of the uploader's key: a new one clears it
READ: Final = "_register_read"  # (id of the uploaded file, what it says)
BEGAN: Final = "_register_began"  # (number of the sheet, the register that its edits began from)
EDITED: Final = "_register_edited"  # the rows of the editor as they are now, for the button
SAID: Final = "_register_said"  # what the last press of a button did
WRONG: Final = "_register_wrong"  # or why it could not


def show_sending(view: View) -> None:
    """Who has sent, who is late, refused or missing in the view's year; nothing where nobody is expected to.

    In a meeting, whose names are hidden, only how many.
    """
    if parts.expected_of(view, view.fiscal_year, view.source).empty:
        return
    show_metrics(view, "sending", parts.status_metrics, view.fiscal_year, view.source)
    if view.meeting:
        return
    with st.expander(view.t("register_page.who"), icon=":material/fact_check:", key="sending-list"):
        show(view, "register.status", named="sending", fiscal_year=view.fiscal_year, source=view.source)
    offer_reminders(view, view.fiscal_year)


def offer_reminders(view: View, year: int) -> None:
    """Who has not sent, whom to ask there and a text for each; for who keeps the register, and not in a meeting."""
    t = view.t
    if view.meeting or not may(view.viewer, "keep_register"):
        return
    found = parts.unsent(view, year)
    if found.empty:
        return
    with st.expander(t("register_page.remind", n=len(found)), icon=":material/mail:", key="reminders"):
        show(view, "register.reminders", fiscal_year=year)
        names = dict(zip(found["agency_code"], found["agency_name"], strict=True))
        one = state.choose_one(
            "remind", t("register_page.message_to"), tuple(names), words=lambda code: agency_words(code, names[code])
        )
        st.code(found.set_index("agency_code").loc[one, "message"], language=None, wrap_lines=True)


def offer_senders(view: View) -> None:
    """One click to put those who sent into the register, where any of them is not in it."""
    t = view.t
    if data.register_is_of_senders(view.version):
        st.caption(f":material/help: {t('register_page.of_senders')}")
    n = len(data.senders(view.version, view.viewer))
    if n:
        with st.container(horizontal=True, vertical_alignment="center", key="senders"):
            st.markdown(t("register_page.senders", n=n))
            label = t("register_page.add_senders", n=n)
            st.button(label, on_click=_add_senders, args=(view,), icon=":material/group_add:", key="add-senders")


def say_what_was_done() -> None:
    """What the last press of a button of this page did."""
    if said := st.session_state.pop(SAID, None):
        st.success(said, icon=":material/task_alt:")
    if wrong := st.session_state.pop(WRONG, None):
        st.error(plain(wrong), icon=":material/error:")


def offer_import(view: View) -> None:
    """A register from a file: what it would change, then the button."""
    t, session = view.t, st.session_state
    number = session.setdefault(ROUND, 0)
    st.html(uploader_in_our_words(t, t("register_page.upload_here"), t("register_page.too_large")))
    file = st.file_uploader(t("register_page.upload"), key=f"register-{number}", help=t("register_page.upload_help"))
    if file is None:
        return
    if session.get(READ, (None,))[0] != file.file_id:
        session[READ] = (file.file_id, _read(view, file))
    read: RegisterFile | str = session[READ][1]
    if isinstance(read, str):
        st.error(plain(read), icon=":material/error:")
        return
    coming = parts.register_frame(() if read.problems else read.agencies)
    if found := [*read.problems, *parts.beyond_reach(view, coming, numbered=False)]:
        st.error(t("register_page.has_problems", n=len(found)), icon=":material/error:")
        _show_problems(view, parts.problems(view, found))
        return
    register = data.register(view.version, view.viewer)
    new = parts.difference(register, coming)
    st.info(
        t(
            "register_page.difference",
            added=len(new.added),
            changed=len(new.changed),
            same=len(new.same),
            absent=len(new.absent),
        ),
        icon=":material/difference:",
    )
    remove = bool(new.absent) and state.choose_switch(
        "remove_absent", t("register_page.remove_absent", n=len(new.absent))
    )
    st.button(
        t("register_page.import"),
        on_click=_import,
        args=(view, register, coming if remove else parts.with_absent(register, coming)),
        type="primary",
        icon=":material/save:",
        disabled=not (new.added or new.changed or remove),
        key="import",
    )


def edit_register(view: View) -> None:
    """The register as a sheet; what was changed counts when the button is pressed.

    Edits stay with the register that they began from, whatever others save meanwhile.
    """
    t = view.t
    number, register = _began(view)
    config: dict[str, Any] = {
        name: st.column_config.TextColumn(parts.heading(t, name), required=True) for name in AGENCIES.columns
    }
    config["agency_type"] = st.column_config.SelectboxColumn(
        parts.heading(t, "agency_type"),
        options=list(layout.AGENCY_TYPES),
        required=True,
        format_func=lambda name: type_name(str(name), t),
    )
    edited = st.data_editor(
        register.astype("str"),
        num_rows="dynamic",
        hide_index=True,
        column_config=config,
        key=f"{SHEET}{number}",
        height=EDITOR_HEIGHT if len(register) > ROWS_SHOWN else "content",
        width="stretch",
    )
    edited = edited.reset_index(drop=True)
    st.session_state[EDITED] = edited
    found = parts.edited_problems(edited) + parts.beyond_reach(view, edited, numbered=True)
    new = parts.difference(register, edited)
    if found:
        _show_problems(view, parts.problems(view, found))
    changes = {"added": len(new.added), "changed": len(new.changed), "absent": len(new.absent)}
    st.caption(t("register_page.edits", **changes))
    if not register.equals(data.register(view.version, view.viewer)):
        st.info(t("register_page.changed_meanwhile"), icon=":material/sync_problem:")
        st.button(t("register_page.begin_again"), on_click=_begin_again, key="begin-again")
    st.button(
        t("register_page.save"),
        on_click=_save_edits,
        args=(view,),
        disabled=bool(found) or not any(changes.values()),
        type="primary",
        icon=":material/save:",
        key="save-register",
    )


def set_expectations(view: View) -> None:
    """For a year and source: who must send, by when. Below, who has."""
    t = view.t
    with st.container(horizontal=True, vertical_alignment="bottom"):
        year = state.choose_number("must_year", t("ui.fiscal_year"), FIRST_YEAR, LAST_YEAR, default=last_fiscal_year())
        source = state.choose_one(
            "must_source",
            t("ui.source"),
            tuple(SOURCES),
            words=lambda name: source_name(name, t),
            style="segments",
        )
    expected = parts.expected_of(view, year, source)
    if data.register(view.version, view.viewer).empty:
        st.info(t("register_page.no_register"), icon=":material/info:")
        offer_senders(view)
        st.button(
            t("register_page.to_import"),
            on_click=state.choose_from_afar,
            args=("register_part", "import"),
            icon=":material/upload_file:",
            key="to-import",
        )
        return
    offer_senders(view)
    if not expected.empty:
        show_metrics(view, "status", parts.status_metrics, year, source)
        show(view, "register.status", fiscal_year=year, source=source)
        if source == SELF.id:
            offer_reminders(view, year)
    _form(view, year, source, expected)


def _form(view: View, year: int, source: str, expected: pd.DataFrame) -> None:
    t = view.t
    register = data.register(view.version, view.viewer)
    names = dict(zip(register["agency_code"], register["agency_name"], strict=True))
    of_type = register.groupby("agency_type", observed=True)["agency_code"].agg(list).to_dict()
    known = list(expected["agency_code"])
    st.header(t("register_page.set"), anchor=False)
    who = state.choose_one(
        "must_who",
        t("register_page.must_send"),
        ("all", "types", "some"),
        words=lambda name: t(f"register_page.must_{name}"),
        default="some" if known and len(known) < len(names) else "all",
        style="segments",
    )
    codes = list(names)
    if who == "types":
        types = state.choose_many(
            "must_types",
            t("ui.agency_type"),
            sorted(of_type),
            words=lambda name: f"{type_name(name, t)} ({len(of_type[name])})",
            placeholder=t("register_page.choose_types"),
        )
        codes = [code for name in types for code in of_type[name]]
    elif who == "some":
        codes = state.choose_many(
            "must_agencies",
            t("ui.agencies"),
            list(names),
            words=lambda code: names[code],
            default=[code for code in known if code in names],
            placeholder=t("register_page.choose_agencies"),
        )
    dates = expected["due"].dropna()
    day = None if dates.empty else dates.max().tz_localize("UTC").tz_convert(BANGKOK).date()
    due = st.date_input(t("register_page.due_day"), day, format="DD/MM/YYYY", key=f"due-{year}-{source}")
    if isinstance(due, dt.date):
        st.caption(t("register_page.due_is", date=t.date(due)))
    st.button(
        t("register_page.expect", n=len(codes), year=t.year(year)),
        on_click=_expect,
        args=(view, year, source, codes, f"due-{year}-{source}"),
        type="primary",
        icon=":material/event_available:",
        key="expect",
    )


def _read(view: View, file: Any) -> RegisterFile | str:
    """What the file says, or why it cannot be read."""
    try:
        return read_register(file.getvalue())
    except Refusal as refusal:
        finding = Finding(refusal.code, CATALOGUE[refusal.code], value=file.name, values=refusal.values)
        return view.t("register_page.unreadable", why=finding_text(finding, view.t))


def _show_problems(view: View, rows: pd.DataFrame) -> None:
    t = view.t
    words = pd.DataFrame(
        {t("register_page.row"): rows["row"], t("register_page.problem"): [plain(text) for text in rows["text"]]}
    )
    st.table(words, hide_index=True, border="horizontal", alt=t("register_page.problem"))


def _began(view: View) -> tuple[int, pd.DataFrame]:
    """The number of the sheet, and what it began from: today's register as long as nothing is edited."""
    session, today = st.session_state, data.register(view.version, view.viewer)
    number, began = session.get(BEGAN, (0, today))
    if not began.equals(today) and not any(session.get(f"{SHEET}{number}", {}).values()):
        number, began = number + 1, today
    session[BEGAN] = (number, began)
    return number, began


def _begin_again() -> None:
    """An untouched sheet of the register as it is now."""
    number, began = st.session_state[BEGAN]
    st.session_state[BEGAN] = (number + 1, began)


def _import(view: View, began: pd.DataFrame, wanted: pd.DataFrame) -> None:
    if _keep(view, began, wanted):
        st.session_state[ROUND] += 1
        st.session_state.pop(READ, None)


def _save_edits(view: View) -> None:
    _, began = st.session_state[BEGAN]
    if _keep(view, began, AGENCIES.conform(st.session_state[EDITED])):
        _begin_again()


def _keep(view: View, began: pd.DataFrame, wanted: pd.DataFrame) -> bool:
    """Whether the register was changed, from what somebody saw to what they want; says so, or why not."""
    try:
        saved, gone = data.store().register.change_agencies(began, wanted, who=view.viewer.name, viewer=view.viewer)
    except StoreChanged as changed:
        st.session_state[WRONG] = str(changed)
        return False
    st.session_state[SAID] = view.t("register_page.saved", saved=saved, gone=gone)
    return True


def _add_senders(view: View) -> None:
    added = data.store().register.add_senders(who=view.viewer.name, viewer=view.viewer)
    st.session_state[SAID] = view.t("register_page.saved", saved=added, gone=0)


def _expect(view: View, year: int, source: str, codes: list[str], due: str) -> None:
    day = st.session_state[due]
    data.store().register.expect(year, codes, due=day, who=view.viewer.name, source=source, viewer=view.viewer)
    st.session_state[SAID] = view.t("register_page.expected_saved", n=len(codes), year=view.t.year(year))
