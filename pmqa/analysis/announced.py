"""Announced scores beside computed ones: marked, never mixed into a median unless somebody asks for it."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pmqa.shown import differences_shown
from pmqa.tables import Table

KEY: Final = ("agency_code", "fiscal_year", "kind", "scope")

BESIDE: Final = Table(
    "beside",
    {
        "agency_code": "text",
        "fiscal_year": "int",
        "kind": "text",
        "scope": "text",
        "score": "float?",  # as computed on the basis of the frame; blank where nothing was sent or answered
        "announced": "float?",  # blank where nothing was announced
        "difference": "float?",  # announced - score, of shown values
    },
    key=KEY,
)

MEDIANS: Final = Table(
    "announced_medians",
    {
        "fiscal_year": "int",
        "kind": "text",
        "scope": "text",
        "median": "float?",
        "n": "int",  # agencies behind it
        "of_announced": "int",  # of these, how many are announced: 0 unless asked for
    },
    key=("fiscal_year", "kind", "scope"),
)


def beside(scored: pd.DataFrame, announced: pd.DataFrame) -> pd.DataFrame:
    """SCORED of one basis and ANNOUNCED that counts to BESIDE: a row for all that either has, of announced kinds."""
    key = list(KEY)
    kinds = dict.fromkeys(("agency_code", "kind", "scope"), "str")
    computed = scored.astype(kinds)[[*key, "score"]]
    told = announced.astype(kinds)[[*key, "points"]].rename(columns={"points": "announced"})
    both = computed.merge(told, on=key, how="outer", sort=True)
    return BESIDE.conform(both.assign(difference=differences_shown(both["announced"], both["score"])))


def medians(rows: pd.DataFrame, *, mixed: bool = False) -> pd.DataFrame:
    """BESIDE to MEDIANS of computed scores; mixed: an announced one stands in where an agency has none computed."""
    stands_in = rows["score"].isna() & rows["announced"].notna() & mixed
    used = rows.assign(value=rows["score"].where(~stands_in, rows["announced"]), of_announced=stands_in)
    groups = used.groupby(["fiscal_year", "kind", "scope"], sort=True)
    found = groups.agg(median=("value", "median"), n=("value", "count"), of_announced=("of_announced", "sum"))
    return MEDIANS.conform(found.reset_index())
