"""The page Submit: the blank form, results of uploads, all findings, the marked copy, submissions and files so far."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import pandas as pd

from pmqa.framework import DEFAULT_EDITION, shipped_frameworks
from pmqa.intake import OUTCOMES
from pmqa.intake.replies import reply_pack, reply_to
from pmqa.text import BANGKOK
from pmqa.ui import data
from pmqa.ui.card import Card, Column, Kind
from pmqa.ui.downloads import card_xlsx
from pmqa.ui.findings import finding_table
from pmqa.ui.shared import shared
from pmqa.ui.staging import Staged, read_again, reading_of
from pmqa.ui.view import View
from pmqa.ui.words import source_name
from pmqa.workbook import Reading, marked_copy, write_form

MANY: Final = 30  # rows from which a table scrolls inside itself, which costs it the room for long names
SUBMISSION_STATES: Final = ("counts", "superseded", "withdrawn")
FILE_STATES: Final = ("accepted", "refused", "pending", "set_aside", "known")


def blank_form(view: View, fiscal_year: int, agency: str | None) -> bytes:
    """The form to fill in, for a year; with name, ministry and type filled in where the agency is known."""
    about = None
    if agency:
        rows = _known_agencies(view)
        row = rows[rows["agency_code"] == agency].iloc[0]
        about = {name: str(row[name]) for name in ("agency_code", "agency_name", "ministry", "agency_type")}
    framework = shipped_frameworks()[DEFAULT_EDITION]
    return write_form(framework, fiscal_year=fiscal_year, agency=about, language=view.language)


def form_maker(view: View, fiscal_year: int, agency: str | None) -> partial[bytes]:
    """What a click on the download of the form runs: everything it needs is bound before."""
    return partial(blank_form, view, fiscal_year, agency)


@shared(most=32)
def known_names(view: View) -> dict[str, str]:
    """Code -> name of the agencies of the register, or of those that have sent before, by name."""
    rows = _known_agencies(view).sort_values("agency_name", kind="stable")
    return dict(zip(rows["agency_code"].tolist(), rows["agency_name"].tolist(), strict=True))


def _known_agencies(view: View) -> pd.DataFrame:
    register = data.register(view.version, view.viewer)
    return register if not register.empty else view.received.drop_duplicates("agency_code")


def summary(view: View, files: Sequence[Staged]) -> str:
    """How many files there are of each outcome, in a line."""
    t = view.t
    counts = Counter(one.outcome for one in files)
    parts = [t(f"submit_page.count_{outcome}", n=counts[outcome]) for outcome in OUTCOMES if counts[outcome]]
    return t("submit_page.count_all", n=len(files), parts=" · ".join(parts))


def outcome_words(view: View, one: Staged) -> str:
    """What a file is, and whether it can be saved."""
    t, before = view.t, one.before
    if one.outcome == "known" and before:
        key = "known_withdrawn" if before.withdrawn and not before.counts else "known_as"
        return t(f"submit_page.outcome_{key}", submission=before.submission)
    if one.outcome == "undecided" and before:
        return t("submit_page.outcome_replaced", submission=before.submission, counts=before.counts)
    words = [t(f"submit_page.outcome_{one.outcome}")]
    if one.is_saveable and (replaces := _counting(view).get((one.agency_code, one.fiscal_year, one.source))):
        words.append(t("submit_page.replaces", submission=replaces))
    words += [t("submit_page.says_less", **less.values) for less in one.findings if less.code == "says_less"]
    return " · ".join(words)


@shared(most=4)
def _counting(view: View) -> dict[tuple[str | None, int | None, str | None], str]:
    """Agency, fiscal year and source -> the submission that counts."""
    rows = data.history(view.version, view.viewer)
    rows = rows[rows["current"].astype("bool")]
    columns = (rows[name] for name in ("agency_code", "fiscal_year", "source", "submission"))
    return {(code, int(year), source): key for code, year, source, key in zip(*columns, strict=True)}


def outcomes(view: View, files: Sequence[Staged]) -> Card:
    """What each file is, and whether it can be saved."""
    t = view.t
    counts = [Counter(finding.severity for finding in one.findings) for one in files]
    table = pd.DataFrame(
        {
            "file": [one.name for one in files],
            "outcome": [outcome_words(view, one) for one in files],
            "agency": [one.agency_name or one.agency_code for one in files],
            "year": [t.year(one.fiscal_year) if one.fiscal_year else None for one in files],
            "source": [source_name(one.source, t) if one.source else None for one in files],
            "errors": [count["error"] for count in counts],
            "warnings": [count["warning"] for count in counts],
            "receipt": [one.receipt for one in files],
        }
    )
    words: Kind = "long" if len(files) <= MANY else "text"
    columns = (
        Column("file", t("ui.file"), words),
        Column("outcome", t("submit_page.outcome"), words),
        Column("agency", t("ui.agency"), words),
        Column("year", t("ui.fiscal_year")),
        Column("source", t("ui.source")),
        Column("errors", t("submit_page.errors"), "count"),
        Column("warnings", t("submit_page.warnings"), "count"),
        Column("receipt", t("submit_page.receipt")),
    )
    return Card(t("submit_page.outcomes"), table, columns, n=None, of_scores=False)


def all_findings(view: View, files: Sequence[Staged]) -> bytes:
    """Every finding of every file as a workbook."""
    t = view.t
    found = [finding_table(view, one.findings).assign(file=one.name) for one in files if one.findings]
    columns = (
        Column("file", t("ui.file")),
        Column("severity_name", t("submit_page.severity")),
        Column("sheet", t("submit_page.sheet")),
        Column("cell", t("submit_page.cell")),
        Column("text", t("submit_page.what")),
        Column("code", t("submit_page.finding_code")),
    )
    table = pd.concat(found, ignore_index=True)
    return card_xlsx(view, Card(t("submit_page.all_findings"), table, columns, n=None, of_scores=False))


def marked(view: View, receipt: str, name: str) -> bytes:
    """The marked copy of a file; what was received where it is no form."""
    copy = marked_copy(reading_of(view.version, view.viewer, receipt, name))
    return data.received_file(view.viewer, receipt) if copy is None else copy


def replies(view: View, files: Sequence[Staged]) -> bytes:
    """What goes back to the senders of all files of the list."""
    t = view.t
    again = {one.sent.receipt: one.reading for one in read_again(view.viewer, _to_read(files))}
    answered = [one for one in files if one.outcome != "skipped"]
    # A file that is no form, and one that waits for a choice, is told what the list says of it.
    found = [(one.name, replace(again.get(one.receipt, Reading(None, ())), findings=one.findings)) for one in answered]
    return reply_pack([reply_to(name, reading, t) for name, reading in found], t, dt.datetime.now(BANGKOK).date())


def _to_read(files: Sequence[Staged]) -> list[tuple[str, str]]:
    return [(one.receipt, one.name) for one in files if one.receipt]


def history(view: View, agencies: tuple[str, ...], years: tuple[int, ...], states: tuple[str, ...]) -> Card:
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
        Column("received", t("ui.received_at")),
        Column("agency_name", t("ui.agency")),
        Column("year", t("ui.fiscal_year")),
        Column("source_name", t("ui.source")),
        Column("state_name", t("submit_page.state")),
        Column("file_name", t("ui.file")),
        Column("received_by", t("ui.received_by")),
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


def files(view: View, agencies: tuple[str, ...], years: tuple[int, ...], states: tuple[str, ...]) -> Card:
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
        Column("received", t("ui.received_at")),
        Column("file_name", t("ui.file")),
        Column("state_name", t("submit_page.state")),
        Column("agency", t("ui.agency")),
        Column("year", t("ui.fiscal_year")),
        Column("errors", t("submit_page.errors"), "count"),
        Column("warnings", t("submit_page.warnings"), "count"),
        Column("submission", t("submit_page.submission")),
        Column("kilobytes", t("submit_page.kilobytes"), "count"),
        Column("received_by", t("ui.received_by")),
    )
    return Card(t("submit_page.files"), table, columns, n=None, of_scores=False)


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
