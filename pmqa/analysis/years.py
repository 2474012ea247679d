"""One agency over the years."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pmqa.shown import differences_shown
from pmqa.tables import Table

HISTORY: Final = Table(
    "history",
    {
        "basis": "text",
        "kind": "text",
        "scope": "text",
        "fiscal_year": "int",
        "edition": "text",
        "score": "float?",
        "score_max": "float?",
        "coverage": "float",
        "level": "text?",
        "change": "float?",  # against the year before in the frame; blank without one, or where the edition changed
    },
    key=("basis", "kind", "scope", "fiscal_year"),
)


def history(scored: pd.DataFrame, agency: str) -> pd.DataFrame:
    """SCORED of any agencies to HISTORY of one, scopes in the order in which they first appear, years rising.

    A year without a submission is no row: the change is then over more than one year, as the years beside it say.
    """
    own = scored[scored["agency_code"] == agency]
    names = ["basis", "kind", "scope"]
    own = own.astype(dict.fromkeys(names, "str"))
    place = own.groupby(names, sort=False).ngroup()
    own = own.assign(place=place).sort_values(["place", "fiscal_year"], kind="stable")
    groups = own.groupby("place", sort=False)
    change = differences_shown(own["score"], groups["score"].shift())
    same_edition = own["edition"].astype("str") == groups["edition"].shift().astype("str")
    return HISTORY.conform(own.assign(change=change.where(same_edition)))
