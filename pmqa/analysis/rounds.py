"""What has changed since a round was closed: whose scores are shown otherwise now, and by what."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pmqa.shown import differences_shown, shown_tenths
from pmqa.tables import Table

SENT, WITHDRAWN, REPLACED, RESCORED = "sent", "withdrawn", "replaced", "rescored"

SINCE: Final = Table(
    "since",
    {
        "agency_code": "text",
        "agency_name": "text",
        "why": "text",  # sent: for the first time; replaced: by another submission; withdrawn; rescored: by other rules
        "submission_then": "text?",
        "submission_now": "text?",
        "then": "float?",  # the overall score
        "now": "float?",
        "difference": "float?",  # now - then, of shown values
        "level_then": "text?",
        "level_now": "text?",
        "scopes": "int",  # how many scopes have a score that is shown otherwise
    },
    key=("agency_code",),
)


def since(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """SCORED of one year and basis, as reported and as it is, to SINCE: agencies of which anything is shown otherwise
    or another submission counts, by code."""
    key = ["agency_code", "kind", "scope"]
    columns = [*key, "agency_name", "submission", "score", "level"]
    plain = dict.fromkeys([*key, "agency_name", "submission", "level"], "str")
    sides = [side[columns].astype(plain) for side in (then, now)]
    both = sides[0].merge(sides[1], on=key, how="outer", suffixes=("_then", "_now"), sort=True)
    shown = [pd.Series(shown_tenths(both[f"score_{side}"].to_numpy("float64"))) for side in ("then", "now")]
    moved = ~((shown[0] == shown[1]) | (shown[0].isna() & shown[1].isna()))
    scopes = moved.groupby(both["agency_code"]).sum()
    rows = both[both["kind"] == "overall"].reset_index(drop=True)
    rows = rows.assign(
        agency_name=rows["agency_name_now"].where(rows["agency_name_now"].notna(), rows["agency_name_then"]),
        then=rows["score_then"],
        now=rows["score_now"],
        difference=differences_shown(rows["score_now"], rows["score_then"]),
        scopes=rows["agency_code"].map(scopes).astype("Int64"),
    )
    why = pd.Series(RESCORED, index=rows.index, dtype="str")
    why = why.mask(rows["submission_then"] != rows["submission_now"], REPLACED)
    why = why.mask(rows["submission_now"].isna(), WITHDRAWN).mask(rows["submission_then"].isna(), SENT)
    changed = (why != RESCORED) | (rows["scopes"] > 0)
    return SINCE.conform(rows.assign(why=why)[changed])
