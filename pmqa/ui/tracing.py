"""From a number on any page to where it comes from: links that open the page Trace at exactly that number.

A card says which numbers it shows as NUMBERS; below it a menu, filled when it is opened, has a link for each. Links
and not cells of the table: a grid's cells take neither keyboard nor screen reader to a link, and a table of agencies by
scopes has a number in every cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd
import streamlit as st

from pmqa.scoring import OVERALL
from pmqa.ui import state
from pmqa.views.numbers import kind_of, number_name
from pmqa.views.view import View
from pmqa.views.words import basis_name, plain

PAGE: Final = "pages/trace.py"
MENU: Final = "traces-"  # before a card's name: key of its menu of links
WHOSE: Final = "traced-"  # before a card's name: key of the choice of an agency in that menu
KEPT: Final = ("lang", "ministry", "type", "meeting", "data")  # what a link keeps of what is chosen


def offer_traces(view: View, name: str, found: Callable[[], pd.DataFrame]) -> None:
    """Below a card or metrics: a menu with a link for each of their numbers, agency by agency. Closed in meetings.

    found: NUMBERS of the card; called when the menu is open.
    """
    t = view.t
    if view.meeting:
        return
    with st.popover(
        t("ui.trace_menu"), icon=":material/account_tree:", type="tertiary", key=f"{MENU}{name}", on_change="rerun"
    ) as menu:
        if not menu.open:
            return
        st.caption(t("ui.trace_menu_help"))
        rows = found()
        names = {code: name for code, name in view.agencies.items() if code in set(rows["agency_code"])}
        # An agency of another year may have no submission in the view's, and so no name there.
        codes = [*names, *(code for code in rows["agency_code"].unique() if code not in names)]
        if not codes:
            st.markdown(t("ui.trace_nothing"))
            return
        whose = codes[0]
        if len(codes) > 1:
            whose = st.selectbox(t("ui.agency"), codes, format_func=view.agency_label, key=f"{WHOSE}{name}")
        for row in rows[rows["agency_code"] == whose].itertuples():
            link(view, whose, str(row.scope), float(row.score), basis=str(row.basis), fiscal_year=int(row.fiscal_year))


def offer_trace(view: View, agency: str, scope: str = OVERALL) -> None:
    """One link to the trace of an agency's score of the view; nothing in meetings or where there is no score."""
    scored = view.scored_with(kind_of(view.framework, scope.partition("#")[0]))
    own = scored[(scored["agency_code"] == agency) & (scored["scope"] == scope)]
    if view.meeting or own.empty or pd.isna(own["score"].iloc[0]):
        return
    link(view, agency, scope, float(own["score"].iloc[0]), basis=view.basis, fiscal_year=view.fiscal_year)


def link(view: View, agency: str, scope: str, score: float, *, basis: str, fiscal_year: int) -> None:
    """A link that names its number with basis and year, and leads to the trace of exactly that one."""
    t = view.t
    words = {
        "scope": number_name(view, scope),
        "score": t.number(score),
        "basis": basis_name(basis, t),
        "year": t.year(fiscal_year),
    }
    st.page_link(
        PAGE,
        label=plain(t("ui.trace_link", **words)),
        icon=":material/account_tree:",
        query_params=address(view, agency, scope, basis=basis, fiscal_year=fiscal_year),
    )


def address(view: View, agency: str, scope: str, *, basis: str, fiscal_year: int) -> list[tuple[str, str]]:
    """The parameters of the trace of one number: whole, so that a link opened in a new window shows the same."""
    chosen = {name: ids for name, ids in state.in_url().items() if name in KEPT}
    exact = {"year": fiscal_year, "basis": basis, "agency": agency, "trace": scope}
    kept = [(name, one) for name, ids in ({"lang": [view.language]} | chosen).items() for one in ids]
    return [*kept, *((name, str(value)) for name, value in exact.items())]
