"""The panel of what is behind a score, over whatever page asks for it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pmqa.errors import CardGone
from pmqa.text import Translator
from pmqa.ui import tracing
from pmqa.ui.drilling import asked, close, open_panel, run_whole_page
from pmqa.ui.showing import show_table
from pmqa.views.numbers import number_name
from pmqa.views.panel import Panel, panel
from pmqa.views.view import View
from pmqa.views.words import plain

AGENCY_PAGE: Final = "pages/agency.py"


def show_panel(view: View) -> None:
    """The panel that the address or a click asks for; nothing where none does."""
    subject = asked(view)
    if subject is None:
        return
    try:
        found = panel(view, subject)
    except CardGone as gone:
        _gone(view.t, str(gone))
        return
    st.dialog(plain(found.title), width="large", on_dismiss=close)(_contents)(view, found)


def _gone(t: Translator, why: str) -> None:
    @st.dialog(t("drill.label"), on_dismiss=close)
    def say() -> None:
        st.info(why, icon=":material/visibility_off:")

    say()


def _contents(view: View, found: Panel) -> None:
    t, subject = view.t, found.subject
    run_whole_page()
    st.caption(plain(found.about))
    with st.container(horizontal=True, gap="large", key="drill-standing"):
        for metric in found.metrics:
            st.metric(plain(metric.label), metric.value, help=metric.help, width="content")
    if found.above:
        with st.container(horizontal=True, gap="small", key="drill-above"):
            for scope in found.above:
                st.button(
                    plain(number_name(view, scope)),
                    icon=":material/arrow_upward:",
                    type="tertiary",
                    key=f"drill-{scope}",
                    on_click=open_panel,
                    args=(subject._replace(scope=scope),),
                )
    if found.parts is not None:
        show_table(view, f"parts-{subject.agency}-{subject.scope}-{subject.year}", found.parts)
        with st.expander(found.sent.title, key=f"drill-sent-{subject.scope}"):
            show_table(view, "sent", found.sent)
    else:
        show_table(view, "sent", found.sent)
    year = subject.year or view.fiscal_year
    query = tracing.address(view, subject.agency, subject.scope, basis=view.basis, fiscal_year=year)
    with st.container(horizontal=True, gap="small"):
        if not view.meeting:  # which the page of traces is closed in
            st.page_link(tracing.PAGE, label=t("drill.open_trace"), icon=":material/account_tree:", query_params=query)
        own = [pair for pair in query if pair[0] != "trace"]
        st.page_link(AGENCY_PAGE, label=t("drill.open_agency"), icon=":material/account_balance:", query_params=own)
