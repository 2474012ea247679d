"""Reminders to agencies that must send and have not: whom to ask there, and a text to paste into a mail."""

from __future__ import annotations

import datetime as dt
from typing import Final

import pandas as pd

from pmqa.tables import CONTACTS, STATUS, Table
from pmqa.text import Translator

REMINDERS: Final = Table(
    "reminders",
    {
        **STATUS.some("agency_code", "agency_name", "ministry", "state", "due"),
        "days_over": "int?",  # whole days since the due moment; blank before it and without one
        **{name: kind for name, kind in CONTACTS.columns.items() if name != "agency_code"},
        "message": "text",
    },
    key=("agency_code",),
)
UNSENT: Final = ("missing", "refused")  # nothing of theirs stands
DAY: Final = pd.Timedelta(days=1)


def reminders(
    status: pd.DataFrame, contacts: pd.DataFrame, fiscal_year: int, now: dt.datetime, t: Translator
) -> pd.DataFrame:
    """STATUS of a year and the CONTACTS that are known to REMINDERS, those overdue longest first, then by code.

    now: UTC without zone. An agency that never sent has no contact: whom to ask there is not known, and stays blank.
    """
    rows = status[status["expected"].astype("bool") & status["state"].isin(UNSENT)]
    rows = rows.astype({"state": "str", "ministry": "str"}).merge(contacts, on="agency_code", how="left")
    over = ((now - rows["due"]) / DAY).astype("float64")
    rows = rows.assign(days_over=over.where(over >= 0).astype("Float64").floordiv(1).astype("Int64"))
    rows = rows.sort_values(["days_over", "agency_code"], ascending=[False, True], na_position="last", kind="stable")
    rows["message"] = pd.Series(
        [
            _message(name, state, due, days, fiscal_year, t)
            for name, state, due, days in zip(
                rows["agency_name"], rows["state"], rows["due"], rows["days_over"], strict=True
            )
        ],
        index=rows.index,
        dtype="str",
    )
    return REMINDERS.conform(rows.reset_index(drop=True))


def _message(name: str, state: str, due: pd.Timestamp, days: int, fiscal_year: int, t: Translator) -> str:
    parts = [
        t("reminders.subject", agency=name, year=t.year(fiscal_year)),
        "",
        t("reminders.to", agency=name),
        t(f"reminders.{state}", year=t.year(fiscal_year)),
    ]
    if not pd.isna(due):
        over = not pd.isna(days)
        parts.append(t("reminders.over" if over else "reminders.until", date=t.date(due), days=days if over else 0))
    return "\n".join([*parts, t("reminders.close")])
