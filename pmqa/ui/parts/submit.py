"""The page Submit: the blank form, results and findings of uploads, a preview of their scores, what was received."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from pmqa.framework import DEFAULT_EDITION, shipped_frameworks
from pmqa.intake import Received
from pmqa.scoring import BASES_OF, score
from pmqa.submission import Submission, answer_frame, measure_frame, source_frame
from pmqa.ui.cards import Card, Column
from pmqa.ui.findings import finding_table
from pmqa.ui.view import View
from pmqa.workbook import write_form


def blank_form(view: View, fiscal_year: int, agency: str | None) -> bytes:
    """The form to fill in, for a year; with name, ministry and type filled in where the agency is known."""
    about = None
    if agency:
        row = view.received[view.received["agency_code"] == agency].iloc[0]
        about = {name: str(row[name]) for name in ("agency_code", "agency_name", "ministry", "agency_type")}
    framework = shipped_frameworks()[DEFAULT_EDITION]
    return write_form(framework, fiscal_year=fiscal_year, agency=about, language=view.language)


def known_names(view: View) -> dict[str, str]:
    """Code -> name of agencies that have sent before, by name."""
    latest = view.received.drop_duplicates("agency_code").sort_values("agency_name", kind="stable")
    return dict(zip(latest["agency_code"], latest["agency_name"], strict=True))


def outcomes(view: View, received: Sequence[Received]) -> Card:
    """What each file is, and whether it can be saved."""
    t = view.t
    counts = [pd.Series([finding.severity for finding in one.findings], dtype="str").value_counts() for one in received]
    table = pd.DataFrame(
        {
            "file": [one.name for one in received],
            "outcome": [t(f"submit_page.outcome_{one.outcome}") for one in received],
            "agency": [
                one.reading.submission.agency_name if one.reading.submission else one.reading.agency_code
                for one in received
            ],
            "year": [t.year(one.reading.fiscal_year) if one.reading.fiscal_year else None for one in received],
            "source": [t(f"ui.source_{one.reading.source}") if one.reading.source else None for one in received],
            "errors": [int(count.get("error", 0)) for count in counts],
            "warnings": [int(count.get("warning", 0)) for count in counts],
        }
    )
    columns = (
        Column("file", t("ui.file"), "long"),
        Column("outcome", t("submit_page.outcome"), "long"),
        Column("agency", t("ui.agency"), "long"),
        Column("year", t("ui.fiscal_year")),
        Column("source", t("ui.source")),
        Column("errors", t("submit_page.errors"), "count"),
        Column("warnings", t("submit_page.warnings"), "count"),
    )
    return Card(t("submit_page.outcomes"), table, columns, n=None, of_scores=False)


def findings(view: View, received: Sequence[Received]) -> Card:
    """Every finding of every file, for a download."""
    t = view.t
    table = pd.concat(
        [finding_table(view, one).assign(file=one.name) for one in received if one.findings], ignore_index=True
    )
    columns = (
        Column("file", t("ui.file"), "long"),
        Column("severity_name", t("submit_page.severity")),
        Column("sheet", t("submit_page.sheet")),
        Column("cell", t("submit_page.cell")),
        Column("text", t("submit_page.what"), "long"),
    )
    return Card(t("submit_page.all_findings"), table, columns, n=None, of_scores=False)


def preview(view: View, submission: Submission) -> Card:
    """The scores that the submission will have: overall and categories, on each basis of its source."""
    t = view.t
    framework = shipped_frameworks()[submission.edition]
    one = {"": submission}
    scores = score(source_frame(one), answer_frame(one), measure_frame(one), framework)
    scores = scores[scores["kind"].isin(["overall", "category"])].astype(
        {"kind": "str", "scope": "str", "basis": "str"}
    )
    bases = BASES_OF[submission.source]
    first = scores[scores["basis"] == bases[0]].set_index("scope")
    order = ["overall", *framework.scopes("category")]
    table = pd.DataFrame(
        {
            "scope": [view.scope_name("overall" if scope == "overall" else "category", scope) for scope in order],
            **{
                basis: scores[scores["basis"] == basis].set_index("scope")["score"].reindex(order).array
                for basis in bases
            },
            "coverage": first["coverage"].reindex(order).array,
            "score_max": first["score_max"].reindex(order).array,
        }
    )
    columns = (
        Column("scope", t("ui.scope"), "long"),
        *(Column(basis, t("submit_page.score_on", basis=t(f"ui.basis_{basis}")), "score") for basis in bases),
        Column("coverage", t("ui.coverage"), "percent"),
        Column("score_max", t("ui.score_max"), "score"),
    )
    title = t("submit_page.preview", agency=submission.agency_name, year=t.year(submission.fiscal_year))
    return Card(title, table, columns, n=None, of_scores=False)


def received(view: View) -> Card:
    """Everything that was ever received, latest first, and whether it counts."""
    t = view.t
    rows = view.received
    current = ~rows.duplicated(["agency_code", "fiscal_year", "source"])
    table = rows.assign(
        year=[t.year(int(year)) for year in rows["fiscal_year"]],
        source_name=[t(f"ui.source_{source}") for source in rows["source"]],
        received=[t.moment(moment) for moment in rows["received_at"]],
        counts=[t("submit_page.counts") if counts else t("submit_page.superseded") for counts in current],
    )
    columns = (
        Column("submission", t("ui.code")),
        Column("received", t("ui.received_at")),
        Column("agency_name", t("ui.agency")),
        Column("ministry", t("ui.ministry")),
        Column("year", t("ui.fiscal_year")),
        Column("source_name", t("ui.source")),
        Column("counts", t("submit_page.state")),
        Column("file_name", t("ui.file")),
        Column("received_by", t("ui.received_by")),
    )
    return Card(t("submit_page.received"), table, columns, n=None, of_scores=False)


def form_maker(view: View, fiscal_year: int, agency: str | None) -> partial[bytes]:
    """What a click on the download of the form runs: everything it needs is bound before."""
    return partial(blank_form, view, fiscal_year, agency)
