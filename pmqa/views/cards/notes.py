"""Notes of people on agencies, as the pages Agency and Trace and reports show them."""

from __future__ import annotations

import pandas as pd

from pmqa.views import data
from pmqa.views.cards import Card, Column, card, headed, usual
from pmqa.views.choices import Agency
from pmqa.views.numbers import number_name
from pmqa.views.view import View


def notes_on(view: View, agency: str = "", scope: str = "") -> pd.DataFrame:
    """NOTES on the view's agencies, the latest first; on one of them, on one score of the view's year."""
    rows = data.notes(view.version, view.viewer)
    rows = rows[rows["agency_code"] == agency] if agency else rows[rows["agency_code"].isin(view.agencies)]
    return rows[(rows["scope"] == scope) & (rows["fiscal_year"] == view.fiscal_year)] if scope else rows


@card("agency.notes", closed="evidence")
def notes(view: View, agency: Agency, scope: str = "") -> Card:
    """What people noted on an agency, or on one of its scores of the year: when, who, on what."""
    title = view.t("notes.of_agency", agency=view.agencies[agency])
    return _card(view, title, notes_on(view, agency, scope), ())


@card("ministry.notes", closed="evidence")
def every_note(view: View) -> Card:
    """What people noted on the agencies of the view."""
    whose = Column("agency", view.t("ui.agency"))
    return _card(view, view.t("notes.of_all"), notes_on(view), (whose,))


def _card(view: View, title: str, rows: pd.DataFrame, whose: tuple[Column, ...]) -> Card:
    t = view.t
    table = rows.assign(
        agency=[view.agencies[code] for code in rows["agency_code"]],
        about=[about(view, *said) for said in rows[["scope", "fiscal_year", "submission"]].itertuples(index=False)],
        when=[t.moment(moment) for moment in rows["noted_at"]],
    )
    columns = (
        *usual(t, "agency_code"),
        *whose,
        *headed(t, "long", "notes.about", "notes.words"),
        Column("noted_by", t("notes.author")),
        Column("when", t("notes.when")),
    )
    return Card(title, table, columns, None, of_scores=False)


def about(view: View, scope: str | None, fiscal_year: int | None, submission: str | None) -> str:
    """What of an agency a note is on."""
    t = view.t
    if not pd.isna(submission):
        return t("notes.on_submission", submission=submission)
    if pd.isna(scope):
        return t("notes.on_agency")
    try:
        name = number_name(view, str(scope))
    except KeyError:  # of another edition
        name = str(scope)
    return t("notes.on_score", scope=name, year="" if pd.isna(fiscal_year) else t.year(int(fiscal_year or 0)))
