"""Who there is and who must send: the register, what a file would change in it, and who has sent for a year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import pandas as pd

from pmqa.intake.reminders import reminders as reminders_of
from pmqa.sources import SELF
from pmqa.tables import AGENCIES
from pmqa.text import MISSING, Translator
from pmqa.viewer import is_within_reach
from pmqa.views import data
from pmqa.views.cards import Card, Column, Metric, card, usual
from pmqa.views.derived import this_hour
from pmqa.views.view import View
from pmqa.views.words import source_name, type_name
from pmqa.workbook import layout
from pmqa.workbook.register import Problem, RegisterRow

STATES: Final = ("missing", "refused", "late", "sent")  # what needs somebody's attention first


class Difference(NamedTuple):
    """What a new register changes in the one that is kept: codes."""

    added: list[str]
    changed: list[str]
    same: list[str]
    absent: list[str]  # in the register, and not in the new one


def heading(t: Translator, name: str) -> str:
    """What a column of the register is called in the form, so that a download reads as an import."""
    field = next(field for field in layout.AGENCY_FIELDS if field.name == name)
    return t.pick(field.words)


@card("register.register", closed="files", of_scores=False)
def agencies(view: View) -> Card:
    """The register, to look at and to take away, correct and bring back."""
    t = view.t
    table = data.register(view.version, view.viewer)
    columns = tuple(Column(name, heading(t, name)) for name in AGENCIES.columns)
    return Card(t("register_page.register"), table, columns, n=len(table), of_scores=False)


def difference(register: pd.DataFrame, new: pd.DataFrame) -> Difference:
    """AGENCIES that are kept and AGENCIES that are to be."""
    kept = dict(zip(register["agency_code"], register.itertuples(index=False, name=None), strict=True))
    coming = dict(zip(new["agency_code"], new.itertuples(index=False, name=None), strict=True))
    return Difference(
        added=[code for code in coming if code not in kept],
        changed=[code for code, row in coming.items() if code in kept and kept[code] != row],
        same=[code for code, row in coming.items() if kept.get(code) == row],
        absent=[code for code in kept if code not in coming],
    )


def with_absent(register: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """AGENCIES that are to be, and those of the register that are not among them."""
    return pd.concat([new, register[~register["agency_code"].isin(new["agency_code"])]], ignore_index=True)


def register_frame(rows: Sequence[RegisterRow]) -> pd.DataFrame:
    """AGENCIES of rows of a file."""
    return AGENCIES.conform(pd.DataFrame(rows, columns=list(AGENCIES.columns)))


def problems(view: View, found: Sequence[Problem]) -> pd.DataFrame:
    """Problems of a file or of edited rows, in words."""
    t = view.t
    return pd.DataFrame(
        {
            "row": ["" if one.row is None else str(one.row) for one in found],
            "text": [t(f"register_page.problem_{one.code}", value=one.value) for one in found],
        }
    )


def edited_problems(edited: pd.DataFrame) -> list[Problem]:
    """What keeps edited rows from being saved. Rows are counted from 1 as on screen."""
    found = [
        Problem(f"no_{name}", number)
        for name in AGENCIES.columns
        for number, value in enumerate(edited[name], 1)
        if pd.isna(value) or not str(value).strip()
    ]
    codes = edited["agency_code"]
    twice = codes.notna() & codes.duplicated()
    return found + [
        Problem("code_twice", number, str(code))
        for number, (code, again) in enumerate(zip(codes, twice, strict=True), 1)
        if again
    ]


def beyond_reach(view: View, rows: pd.DataFrame, *, numbered: bool) -> list[Problem]:
    """Agencies that are not the viewer's to keep, blanks aside; numbered: the rows are counted as on screen."""
    found = rows[["agency_code", "ministry"]].reset_index(drop=True).dropna()
    return [
        Problem("not_yours", number + 1 if numbered else None, str(code))
        for number, code, ministry in found.itertuples(name=None)
        if not is_within_reach(view.viewer, str(code), str(ministry))
    ]


def status_metrics(view: View, fiscal_year: int, source: str) -> list[Metric]:
    """How many of those who must send have: in time, late, refused, not at all."""
    t = view.t
    rows = data.status(view.version, view.viewer, fiscal_year, source)
    expected = rows[rows["expected"].astype("bool")]
    counts = expected["state"].astype("str").value_counts()
    n = len(expected)
    return [
        Metric(t("register_page.expected"), t.number(n, 0), _due(view, expected)),
        *(
            Metric(
                t(f"register_page.state_{state}"),
                _how_many(view, state, int(counts.get(state, 0))),
                t("register_page.missing_unknown" if _is_unknown(view, state) else f"register_page.{state}_help"),
            )
            for state in ("sent", "late", "refused", "missing")
        ),
    ]


@card("register.status", closed="files", of_scores=False)
def status(view: View, fiscal_year: int, source: str) -> Card:
    """Each agency that must send or has sent: those without a sound submission first."""
    t = view.t
    rows = data.status(view.version, view.viewer, fiscal_year, source)
    state = rows["state"].astype("str")
    table = rows.assign(
        order=[STATES.index(name) for name in state],
        state_name=[
            t(f"register_page.state_{name}") if expected else t("register_page.state_unasked")
            for name, expected in zip(state, rows["expected"], strict=True)
        ],
        type_name=[type_name(agency_type, t) for agency_type in rows["agency_type"].astype("str")],
        due_on=[None if pd.isna(due) else t.date(due) for due in rows["due"]],
        first=[None if pd.isna(moment) else t.moment(moment) for moment in rows["first_received_at"]],
    ).sort_values(["expected", "order", "agency_code"], ascending=[False, True, True], kind="stable")
    columns = (
        Column("agency_code", t("ui.code")),
        *usual(t, "agency_name", "ministry", "type_name"),
        Column("state_name", t("register_page.state")),
        Column("due_on", t("register_page.due")),
        Column("first", t("register_page.first_received")),
        Column("submission", t("register_page.submission")),
    )
    title = t("register_page.status", year=t.year(fiscal_year), source=source_name(source, t))
    return Card(title, table, columns, n=len(table), of_scores=False)


@card("register.reminders", closed="files", of_scores=False)
def reminders(view: View, fiscal_year: int) -> Card:
    """Who must send and has not: whom to ask there, and a text to paste into a mail."""
    t = view.t
    found = unsent(view, fiscal_year)
    table = found.assign(
        state_name=[t(f"register_page.state_{state}") for state in found["state"]],
        due_on=[None if pd.isna(due) else t.date(due) for due in found["due"]],
    )
    columns = (
        Column("agency_code", t("ui.code")),
        *usual(t, "agency_name"),
        Column("state_name", t("register_page.state")),
        Column("due_on", t("register_page.due")),
        Column("days_over", t("register_page.days_over"), "count"),
        *(Column(name, t(f"replies.column_{name}")) for name in ("contact_name", "contact_email", "contact_phone")),
        Column("message", t("register_page.message"), "text"),
    )
    unknown = int(found[["contact_name", "contact_email", "contact_phone"]].isna().all(axis="columns").sum())
    notes = (t("register_page.no_contact", n=unknown),) if unknown else ()
    title = t("register_page.reminders", n=len(found), year=t.year(fiscal_year))
    return Card(title, table, columns, n=len(found), notes=notes, of_scores=False)


def unsent(view: View, fiscal_year: int) -> pd.DataFrame:
    """REMINDERS of a year, to agencies that must send for themselves."""
    rows = data.status(view.version, view.viewer, fiscal_year, SELF.id)
    known = data.contacts(view.version, view.viewer)
    return reminders_of(rows, known, fiscal_year, this_hour(), view.t)


def expected_of(view: View, fiscal_year: int, source: str) -> pd.DataFrame:
    """EXPECTATIONS of a year and source."""
    rows = data.expectations(view.version, view.viewer)
    return rows[(rows["fiscal_year"] == fiscal_year) & (rows["source"] == source)]


def _is_unknown(view: View, state: str) -> bool:
    """Whether nobody can say how many they are: a register of senders does not hold who never sent."""
    return state == "missing" and data.register_is_of_senders(view.version)


def _how_many(view: View, state: str, n: int) -> str:
    if not _is_unknown(view, state):
        return view.t.number(n, 0)
    return view.t("register_page.at_least", n=view.t.number(n, 0)) if n else MISSING


def _due(view: View, expected: pd.DataFrame) -> str | None:
    dates = sorted({view.t.date(due) for due in expected["due"].dropna()})
    return view.t("register_page.due_on", date=", ".join(dates)) if dates else None
