"""The page Submit: the blank form, submissions and files so far."""

from __future__ import annotations

from functools import partial
from typing import Final, NamedTuple

import pandas as pd

from pmqa.framework import DEFAULT_EDITION, shipped_frameworks
from pmqa.views import data
from pmqa.views.cards import Card, Column, card, headed, usual
from pmqa.views.memory import shared
from pmqa.views.view import View
from pmqa.views.words import source_name
from pmqa.workbook import write_form

SUBMISSION_STATES: Final = ("counts", "superseded", "withdrawn")
FILE_STATES: Final = ("accepted", "refused", "pending", "set_aside", "known")


def editions(view: View) -> dict[str, str]:
    """Id -> name of the editions that a form can be had of, the usual one first; none where there is no choice."""
    found = shipped_frameworks()
    order = sorted(found, key=lambda edition: edition != DEFAULT_EDITION)
    return {edition: view.t.pick(found[edition].name) for edition in order} if len(found) > 1 else {}


def blank_form(view: View, edition: str, fiscal_year: int, agency: str | None) -> bytes:
    """The form of an edition ("" = the usual one) for a year; the agency's fields filled in where it is known."""
    about = None
    if agency:
        rows = _known_agencies(view)
        row = rows[rows["agency_code"] == agency].iloc[0]
        about = {name: str(row[name]) for name in ("agency_code", "agency_name", "ministry", "agency_type")}
    framework = shipped_frameworks()[edition or DEFAULT_EDITION]
    return write_form(framework, fiscal_year=fiscal_year, agency=about, language=view.language)


def form_maker(view: View, edition: str, fiscal_year: int, agency: str | None) -> partial[bytes]:
    """What a click on the download of the form runs: everything it needs is bound before."""
    return partial(blank_form, view, edition, fiscal_year, agency)


@shared(most=32)
def known_names(view: View) -> dict[str, str]:
    """Code -> name of the agencies of the register, or of those that have sent before, by name."""
    rows = _known_agencies(view).sort_values("agency_name", kind="stable")
    return dict(zip(rows["agency_code"].tolist(), rows["agency_name"].tolist(), strict=True))


def _known_agencies(view: View) -> pd.DataFrame:
    register = data.register(view.version, view.viewer)
    return register if not register.empty else view.received.drop_duplicates("agency_code")


class Filters(NamedTuple):
    """What a list can be narrowed to."""

    agencies: tuple[str, ...]
    years: tuple[int, ...]


@shared(most=32)
def filters(view: View, list_of: str) -> Filters:
    """Of the submissions, or the files, that there are. list_of: submissions or files."""
    rows = submissions(view) if list_of == "submissions" else received(view)
    years = sorted({int(year) for year in rows["fiscal_year"].dropna().unique()}, reverse=True)
    return Filters(tuple(sorted(rows["agency_code"].dropna().unique())), tuple(years))


@card("submit.history", closed="files", of_scores=False)
def history(
    view: View, agencies: tuple[str, ...] = (), years: tuple[int, ...] = (), states: tuple[str, ...] = ()
) -> Card:
    """Submissions, the latest recorded first, with what became of each."""
    t = view.t
    rows = submissions(view, agencies, years, states)
    table = rows.assign(
        year=[t.year(int(year)) for year in rows["fiscal_year"]],
        source_name=[source_name(source, t) for source in rows["source"]],
        received=[t.moment(moment) for moment in rows["received_at"]],
        state_name=[t(f"submit_page.state_{state}") for state in rows["state"]],
    )
    columns = (
        Column("submission", t("ui.code")),
        *usual(t, "received", "agency_name", "year", "source_name"),
        Column("state_name", t("submit_page.state")),
        *usual(t, "file_name", "received_by"),
        Column("withdrawn_by", t("submit_page.withdrawn_by")),
        Column("withdrawn_reason", t("submit_page.reason")),
    )
    shown = columns if "withdrawn" in set(rows["state"]) else columns[:-2]
    return Card(t("submit_page.history"), table, shown, n=None, of_scores=False)


@shared(most=32)
def submissions(
    view: View, agencies: tuple[str, ...] = (), years: tuple[int, ...] = (), states: tuple[str, ...] = ()
) -> pd.DataFrame:
    """HISTORY with `state` (one of SUBMISSION_STATES) that passes the filters; () = all."""
    rows = data.history(view.version, view.viewer)
    state = rows["current"].map({True: "counts", False: "superseded"}).mask(rows["withdrawn"], "withdrawn")
    return _passing(rows.assign(state=state.astype("str")), agencies, years, states)


@card("submit.files", closed="files", of_scores=False)
def files(
    view: View, agencies: tuple[str, ...] = (), years: tuple[int, ...] = (), states: tuple[str, ...] = ()
) -> Card:
    """Files that came in, the latest first, refused ones too."""
    t = view.t
    rows = received(view, agencies, years, states)
    names = known_names(view)
    table = rows.assign(
        received=[t.moment(moment) for moment in rows["received_at"]],
        agency=[names.get(code, code) if isinstance(code, str) else None for code in rows["agency_code"]],
        year=[None if pd.isna(year) else t.year(int(year)) for year in rows["fiscal_year"]],
        state_name=[t(f"submit_page.file_{state}") for state in rows["state"]],
        kilobytes=rows["size"] / 1024,
    )
    columns = (
        Column("receipt", t("submit_page.receipt")),
        *usual(t, "received", "file_name"),
        Column("state_name", t("submit_page.state")),
        Column("agency", t("ui.agency")),
        *usual(t, "year"),
        *headed(t, "count", "submit_page.errors", "submit_page.warnings"),
        Column("submission", t("submit_page.submission")),
        Column("kilobytes", t("submit_page.kilobytes"), "count"),
        *usual(t, "received_by"),
    )
    return Card(t("submit_page.files"), table, columns, n=None, of_scores=False)


@shared(most=32)
def received(
    view: View, agencies: tuple[str, ...] = (), years: tuple[int, ...] = (), states: tuple[str, ...] = ()
) -> pd.DataFrame:
    """RECEIVED with `state` (one of FILE_STATES) that passes the filters; () = all."""
    rows = data.files(view.version, view.viewer)
    return _passing(rows.assign(state=rows["outcome"].astype("str")), agencies, years, states)


def _passing(
    rows: pd.DataFrame, agencies: tuple[str, ...], years: tuple[int, ...], states: tuple[str, ...]
) -> pd.DataFrame:
    for name, wanted in (("agency_code", agencies), ("fiscal_year", years), ("state", states)):
        if wanted:
            rows = rows[rows[name].isin(wanted)]
    return rows
