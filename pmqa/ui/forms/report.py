"""Reports of an agency, of a ministry, and of all agencies at once with progress."""

from __future__ import annotations

import time
from functools import partial
from typing import Final, Literal, NamedTuple, cast

import streamlit as st

from pmqa.errors import ExportError
from pmqa.exports import Stamp, file_name, to_zip
from pmqa.scoring import RULES_VERSION
from pmqa.ui import state
from pmqa.ui.downloads import chosen_template, offer_template, take_file
from pmqa.ui.tracing import offer_trace
from pmqa.views.files import stamp_of
from pmqa.views.reporting import (
    Form,
    agency_report,
    agency_reports,
    briefing_of,
    ministry_report,
    profiles,
    report_file,
)
from pmqa.views.view import View
from pmqa.views.words import plain

Document = Literal["report", "profile", "briefing"]
MADE: Final = "_reports"  # the zip of all reports that this visit made last
ORDERED: Final = "_reports_ordered"  # somebody pressed the button


class Made(NamedTuple):
    """All reports of a view, and what they were made from."""

    of: tuple[object, ...]
    reports: int
    content: bytes


def choose_form(view: View) -> Form:
    """Slides, with the ministry's own as template, or PDF."""
    t = view.t
    with st.container(horizontal=True, vertical_alignment="bottom"):
        form = state.choose_word(t, "form", "report_page.form", ("pptx", "pdf"), style="segments")
        offer_template(t)
    return cast(Form, form)


def choose_document(view: View, page: Document) -> Document:
    """What of it: the long report, or the one page of that name."""
    t = view.t
    chosen = state.choose_word(t, "document", "report_page.document", ("report", page), style="segments")
    return cast(Document, chosen)


def choose_notes(view: View, document: Document) -> bool:
    """Whether a long report has the notes on its agencies; off unless somebody asks for them."""
    return document == "report" and state.choose_switch("with_notes", view.t("notes.with_notes"))


def choose_ministry(view: View) -> str:
    """One ministry of the view."""
    ministries = [str(name) for name in sorted(set(view.submissions["ministry"]))]
    return state.choose_one("of_ministry", view.t("ui.ministry"), ministries)


def offer_agency(view: View, agency: str, form: Form, document: Document = "report", *, notes: bool = False) -> None:
    """The report or the one page of one agency, made on the click."""
    with st.container(border=True, key="card-report"):
        st.markdown(f"**{plain(view.agencies[agency])}**")
        st.markdown(view.t(f"report_page.holds_{'agency' if document == 'report' else document}"))
        st.caption(view.t("report_page.held_against_few", n=len(view.agencies)))
        template = chosen_template()
        made = partial(agency_file, notes=notes) if document == "report" else profile_file
        parts = (view.t(f"report_page.document_{document}"), view.agencies[agency], agency)
        _button(view, form, parts if document == "profile" else parts[1:], partial(made, view, agency, form, template))
        offer_trace(view, agency)


def offer_ministry(
    view: View, ministry: str, form: Form, document: Document = "report", *, notes: bool = False
) -> None:
    """The report or the one page of one ministry, made on the click."""
    with st.container(border=True, key="card-report"):
        st.markdown(f"**{plain(ministry)}**")
        st.markdown(view.t(f"report_page.holds_{'ministry' if document == 'report' else document}"))
        template = chosen_template()
        made = partial(ministry_file, notes=notes) if document == "report" else briefing_content
        parts = (ministry,) if document == "report" else (view.t(f"report_page.document_{document}"), ministry)
        _button(view, form, parts, partial(made, view, ministry, form, template))


def offer_all(view: View, form: Form, document: Document = "report", *, notes: bool = False) -> None:
    """The documents of all agencies of the view: made under a button with progress, then one zip to take."""
    t = view.t
    template = chosen_template()
    of = (*view.key, form, template, document, notes)
    with st.container(border=True, key="card-report"):
        st.markdown(t("report_page.holds_all", n=len(view.agencies)))
        st.button(
            t("report_page.make_all"),
            type="primary",
            icon=":material/auto_stories:",
            key="make-all",
            on_click=_order,
        )
        if st.session_state.pop(ORDERED, False):
            _make_all(view, form, template, document, of, notes=notes)
        made: Made | None = st.session_state.get(MADE)
        if made is None:
            return
        if made.of != of:
            st.info(t("report_page.stale"), icon=":material/history:")
            return
        st.success(t("report_page.made", n=made.reports), icon=":material/check_circle:")
        name = file_name(("PMQA", t("report_page.archive"), view.fiscal_year, view.basis_name), "zip")
        # Given as bytes, every run would send them to the server's memory again.
        take_file(t("report_page.take_all"), name, lambda: made.content, "reports", icon=":material/folder_zip:")


def agency_file(view: View, agency: str, form: Form, template: bytes | None = None, *, notes: bool = False) -> bytes:
    """The report of an agency as a file. Raises ExportError where it cannot be made."""
    return report_file(agency_report(view, agency, notes=notes), form, template)


def profile_file(view: View, agency: str, form: Form, template: bytes | None = None) -> bytes:
    """The one page of an agency as a file. Raises ExportError where it cannot be made."""
    return next(profiles(view, (agency,), _stamp(view), form, template))[1]


def briefing_content(view: View, ministry: str, form: Form, template: bytes | None = None) -> bytes:
    """The one page of a ministry as a file. Raises ExportError where it cannot be made."""
    return briefing_of(view, ministry, _stamp(view), form, template)


def ministry_file(
    view: View, ministry: str, form: Form, template: bytes | None = None, *, notes: bool = False
) -> bytes:
    """The report of a ministry as a file. Raises ExportError where it cannot be made."""
    return report_file(ministry_report(view, ministry, notes=notes), form, template)


def _stamp(view: View) -> Stamp:
    return stamp_of(view, view.t("pages.title.report"), len(view.agencies))


def _order() -> None:
    # A cold server runs a page twice before it shows it, and a button counts as pressed in the first run only.
    st.session_state[ORDERED] = True


def _make_all(
    view: View, form: Form, template: bytes | None, document: Document, of: tuple[object, ...], *, notes: bool
) -> None:
    t = view.t
    agencies, files = tuple(view.agencies), {}
    bar = st.progress(0.0)
    stop = st.empty()
    # Any press ends this run, and with it the making: what is made by then is let go.
    stop.button(t("report_page.stop"), icon=":material/stop:", key="stop-making")
    made = (
        agency_reports(view, agencies, form, template, notes=notes)
        if document == "report"
        else profiles(view, agencies, _stamp(view), form, template)
    )
    began = time.monotonic()
    try:
        for done, agency in enumerate(agencies):
            words = {"done": done + 1, "of": len(agencies), "agency": plain(view.agencies[agency])}
            said = t("report_page.making", **words)
            if done:
                each = (time.monotonic() - began) / done
                left = t.number(each * (len(agencies) - done) / 60, 1)
                said += t("report_page.speed", seconds=t.number(each, 1), minutes=left)
            bar.progress(done / len(agencies), said)
            name, content = next(made)
            files[name] = content
    except ExportError as error:
        st.error(t("report_page.failed", why=plain(str(error))), icon=":material/error:")
        return
    finally:
        bar.empty()
        stop.empty()
    st.session_state[MADE] = Made(of, len(files), to_zip(files, _stamp(view), {"rules": RULES_VERSION}))


def _button(view: View, form: Form, parts: tuple[str, ...], contents: partial[bytes]) -> None:
    name = file_name(("PMQA", *parts, view.fiscal_year, view.basis_name), form)
    take_file(view.t("report_page.take"), name, contents, "report", type="primary")
