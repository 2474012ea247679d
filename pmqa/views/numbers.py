"""The numbers of a card that can be traced, and the sheet that says of each where it comes from, down to the cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from pmqa.analysis.trace import traces
from pmqa.exports import MOST_TRACED, left_out_sheet, scopes_to_trace, trace_sheet
from pmqa.framework import Framework
from pmqa.scoring import OVERALL
from pmqa.tables import Table
from pmqa.views import data
from pmqa.views.memory import shared
from pmqa.views.view import View
from pmqa.views.words import basis_name

Sent = tuple[str, str, int, tuple[str, ...]]  # agency, basis, fiscal year, scopes

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
    own = points.loc[(points["role"] == "agency") & points["score"].notna(), ["series", "scope", "score"]]
    own = own.rename(columns={"series": "agency_code"}).assign(basis=view.basis, fiscal_year=view.fiscal_year)
    return NUMBERS.conform(own, check_key=False)


def no_numbers() -> pd.DataFrame:
    """NUMBERS of a card that has none."""
    return NUMBERS.empty()


def stacked(*parts: pd.DataFrame) -> pd.DataFrame:
    """NUMBERS of several bases or years in one."""
    return NUMBERS.conform(pd.concat(parts, ignore_index=True))


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
    return _sheets(view, tuple((*whose, tuple(scopes)) for whose, scopes in sent.items()))


@shared(most=4)
def _sheets(view: View, sent: tuple[Sent, ...]) -> dict[str, pd.DataFrame]:
    """A card's workbook and the zip of its page have the same; tracing takes most of their time."""
    t, found = view.t, list(_traces(view, sent))
    return {t("exports.trace.sheet"): trace_sheet(found, view.framework, t)} if found else {}


def _traces(view: View, sent: tuple[Sent, ...]) -> Iterator[tuple[str, pd.DataFrame]]:
    """What each trace is of, and its TRACE."""
    t = view.t
    for agency, basis, year, scopes in sent:
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
