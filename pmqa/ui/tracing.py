"""From a number on any page to where it comes from: links that open the page Trace at exactly that number.

A card says which numbers it shows as NUMBERS; below it a menu, filled when it is opened, has a link for each. Links
and not cells of the table: a grid's cells take neither keyboard nor screen reader to a link, and a table of agencies by
scopes has a number in every cell.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

import pandas as pd
import streamlit as st

from pmqa.analysis.trace import traces
from pmqa.exports import MOST_TRACED, left_out_sheet, scopes_to_trace, trace_sheet
from pmqa.framework import Framework
from pmqa.scoring import OVERALL
from pmqa.tables import Table
from pmqa.ui import data, state
from pmqa.ui.view import View
from pmqa.ui.words import basis_name, plain

NUMBERS: Final = Table(
    "numbers",
    {
        "agency_code": "text",
        "scope": "text",  # as the page Trace has it: "overall", "3", "3.2", "digital", "7.1.1", "7.1.1#2"
        "basis": "text",
        "fiscal_year": "int",
        "score": "float",
    },
    key=("agency_code", "scope", "basis", "fiscal_year"),
)

PAGE: Final = "pages/trace.py"
MENU: Final = "traces-"  # before a card's name: key of its menu of links
WHOSE: Final = "traced-"  # before a card's name: key of the choice of an agency in that menu
KEPT: Final = ("lang", "ministry", "type", "data")  # what a link keeps of what is chosen


def numbers(
    view: View, *, agency_code: Any, scope: Any, score: Any, basis: str = "", fiscal_year: Any = None
) -> pd.DataFrame:
    """NUMBERS from columns of one frame, or texts where all rows share them; what has no score is left out.

    basis, fiscal_year: where they are not the view's.
    """
    frame = pd.DataFrame(
        {
            "agency_code": agency_code,
            "scope": scope,
            "basis": basis or view.basis,
            "fiscal_year": view.fiscal_year if fiscal_year is None else fiscal_year,
            "score": score,
        }
    )
    found = frame[frame["score"].notna()].astype({"agency_code": "str", "scope": "str", "basis": "str"})
    return NUMBERS.conform(found.drop_duplicates(list(NUMBERS.key)))


def numbers_of_points(view: View, points: pd.DataFrame) -> pd.DataFrame:
    """NUMBERS of the agencies among CHART_POINTS."""
    columns = (points[name].tolist() for name in ("role", "series", "scope", "score"))
    own = [
        (series, scope, view.basis, view.fiscal_year, score)
        for role, series, scope, score in zip(*columns, strict=True)
        if role == "agency" and not math.isnan(score)
    ]
    return NUMBERS.conform(pd.DataFrame(own, columns=list(NUMBERS.columns)), check_key=False)


def no_numbers() -> pd.DataFrame:
    """NUMBERS of a card that has none."""
    return NUMBERS.empty()


def stacked(*parts: pd.DataFrame) -> pd.DataFrame:
    """NUMBERS of several bases or years in one."""
    return NUMBERS.conform(pd.concat(parts, ignore_index=True))


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
            whose = st.selectbox(
                t("ui.agency"), codes, format_func=lambda code: names.get(code, code), key=f"{WHOSE}{name}"
            )
        for row in rows[rows["agency_code"] == whose].itertuples():
            link(view, whose, str(row.scope), float(row.score), basis=str(row.basis), fiscal_year=int(row.fiscal_year))


def offer_trace(view: View, agency: str, scope: str = OVERALL) -> None:
    """One link to the trace of an agency's score of the view; nothing in meetings or where there is no score."""
    own = view.scored[(view.scored["agency_code"] == agency) & (view.scored["scope"] == scope)]
    if view.meeting or own.empty or pd.isna(own["score"].iloc[0]):
        return
    link(view, agency, scope, float(own["score"].iloc[0]), basis=view.basis, fiscal_year=view.fiscal_year)


def trace_sheets(view: View, found: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The sheet of traces of NUMBERS, down to the cells: name -> table; {} in meetings or where there is no number.

    Of too many submissions it says that they are left out.
    """
    t = view.t
    if view.meeting or found.empty:
        return {}
    sent = found.groupby(["agency_code", "basis", "fiscal_year"], sort=False)["scope"].agg(list)
    if len(sent) > MOST_TRACED:
        return {t("exports.trace.sheet"): left_out_sheet(len(sent), t)}
    traces = list(_traces(view, sent))
    return {t("exports.trace.sheet"): trace_sheet(traces, view.framework, t)} if traces else {}


def _traces(view: View, sent: pd.Series[Any]) -> Iterator[tuple[str, pd.DataFrame]]:
    """What each trace is of, and its TRACE. sent: by agency, basis and year the scopes."""
    t = view.t
    for (agency, basis, year), scopes in sent.items():
        one = replace(view, basis=basis, fiscal_year=int(year))
        if agency not in one.agencies:
            continue  # by that year it was of another ministry or type, which the filters leave out
        submission = one.submission_id(agency)
        scores = data.scores(view.version, view.viewer, (submission,))
        facts = (one.answers(submission), one.measures(submission), one.measure_results(submission))
        words = {"agency": one.agencies[agency], "basis": basis_name(basis, t), "year": t.year(int(year))}
        wanted = scopes_to_trace(scopes, view.framework)
        for rows in traces(scores, *facts, view.framework, basis=basis, scopes=wanted):
            yield t("exports.trace.of_one", **words), rows


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


def number_name(view: View, scope: str) -> str:
    """What a number is of, in words."""
    indicator, measure, _ = scope.partition("#")
    name = view.scope_name(kind_of(view.framework, indicator), indicator)
    return f"{scope}{name.removeprefix(indicator)}" if measure else name


def kind_of(framework: Framework, scope: str) -> str:
    """Of which kind a scope of the framework is; ids are unique over all kinds. KeyError for any other."""
    if scope == OVERALL:
        return OVERALL
    for kind in ("category", "item", "dimension", "indicator"):
        if scope in getattr(framework, kind):
            return kind
    raise KeyError(scope)
