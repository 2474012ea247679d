"""Announced scores beside computed ones: marked, never mixed into a median unless somebody asks for it."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pmqa.shown import differences_shown
from pmqa.sources import ANNOUNCED
from pmqa.tables import SCORED, Table

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


def beside(scored: pd.DataFrame, announced: pd.DataFrame) -> pd.DataFrame:
    """SCORED of one basis and ANNOUNCED that counts to BESIDE: a row for all that either has, of announced kinds."""
    key = list(KEY)
    kinds = dict.fromkeys(("agency_code", "kind", "scope"), "str")
    computed = scored.astype(kinds)[[*key, "score"]]
    told = announced.astype(kinds)[[*key, "points"]].rename(columns={"points": "announced"})
    both = computed.merge(told, on=key, how="outer", sort=True)
    return BESIDE.conform(both.assign(difference=differences_shown(both["announced"], both["score"])))


def standing_in(scored: pd.DataFrame, announced: pd.DataFrame) -> pd.DataFrame:
    """SCORED of one basis, and behind it rows of ANNOUNCED where an agency has no row of the year and scope.

    Only for statistics that somebody asks to count both: what is announced has no answers, and counts as complete.
    """
    key = list(KEY)
    there = pd.MultiIndex.from_frame(scored[key].astype(dict.fromkeys(("agency_code", "kind", "scope"), "str")))
    new = announced[~pd.MultiIndex.from_frame(announced[key]).isin(there)]
    basis = scored["basis"].iloc[0] if len(scored) else ANNOUNCED.bases[0].id
    added = new.rename(columns={"points": "score"}).assign(
        submission="",
        basis=basis,
        score_max=new["points"],
        coverage=1.0,
        level=None,
        complete=True,
        source=ANNOUNCED.id,
    )
    plain = scored.astype({name: "str" for name, kind in SCORED.columns.items() if kind.startswith("text")})
    return SCORED.conform(pd.concat([plain, added[list(SCORED.columns)]], ignore_index=True), check_key=False)
