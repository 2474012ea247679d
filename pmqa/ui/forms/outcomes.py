"""The page Submit: the blank form, results of uploads, all findings, the marked copy, submissions and files so far."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from pmqa.intake import OUTCOMES
from pmqa.intake.replies import reply_pack, reply_to
from pmqa.text import BANGKOK
from pmqa.ui.forms.findings import finding_table
from pmqa.ui.forms.staging import Staged, read_again, reading_of
from pmqa.views import data
from pmqa.views.cards import Card, Column, Kind, headed, usual
from pmqa.views.files import card_xlsx
from pmqa.views.memory import shared
from pmqa.views.view import View
from pmqa.views.words import plain, source_name
from pmqa.workbook import Reading, marked_copy

MOST_NAMED: Final = 10  # refused files in a sentence
MANY: Final = 30  # rows from which a table scrolls inside itself, which costs it the room for long names
SIGNS: Final = {"accepted": "✅", "warnings": "⚠️", "refused": "⛔"}  # colour and shape, in a table and a file alike


def summary(view: View, files: Sequence[Staged]) -> str:
    """How many files there are of each outcome, in a line."""
    t = view.t
    counts = Counter(one.outcome for one in files)
    parts = [t(f"submit_page.count_{outcome}", n=counts[outcome]) for outcome in OUTCOMES if counts[outcome]]
    return t("submit_page.count_all", n=len(files), parts=" · ".join(parts))


def refused_words(view: View, files: Sequence[Staged]) -> str:
    """The files that cannot be saved, by name; "" where there are none."""
    names = [plain(one.name) for one in files if one.outcome == "refused"]
    if not names:
        return ""
    more = len(names) - MOST_NAMED
    listed = ", ".join(names[:MOST_NAMED]) + (view.t("submit_page.and_more", n=more) if more > 0 else "")
    return view.t("submit_page.refused_names", n=len(names), names=listed)


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
            "outcome": [" ".join([*SIGNS.get(one.outcome, ()), outcome_words(view, one)]) for one in files],
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
        *usual(t, "year"),
        Column("source", t("ui.source")),
        *headed(t, "count", "submit_page.errors", "submit_page.warnings"),
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
        *headed(t, "text", "submit_page.sheet", "submit_page.cell"),
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
