"""Two submissions of one agency side by side: who sent each when, what they say otherwise, what that does to scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pmqa.analysis.changes import changed_answers, changed_measures, effects
from pmqa.framework import Framework
from pmqa.tables import HISTORY, Table

IN_TIME, LATE, NO_DATE = "in_time", "late", "no_date"

VERSIONS: Final = Table(
    "versions",
    {
        **HISTORY.columns,
        "due": "time?",  # UTC; blank = no date was set, or nothing was expected
        "timing": "text",  # in_time, late, no_date: of this very file, whatever stood before it
    },
    key=("submission",),
)


@dataclass(frozen=True)
class Differences:
    """versions: VERSIONS, the two in the order asked for. answers, measures, effects: the tables of analysis.changes;
    no effects where the two are scored on different bases.
    """

    versions: pd.DataFrame
    answers: pd.DataFrame
    measures: pd.DataFrame
    effects: pd.DataFrame


def versions(history: pd.DataFrame, expectations: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    """HISTORY and EXPECTATIONS to VERSIONS of these submissions, in their order. Raises KeyError for one not there."""
    rows = history.set_index("submission", drop=False).loc[list(ids)].reset_index(drop=True)
    key = ["fiscal_year", "source", "agency_code"]
    due = expectations.astype({"source": "str"}).set_index(key)["due"].to_dict()
    rows = rows.assign(due=pd.to_datetime([due.get(whose) for whose in zip(*(rows[one] for one in key), strict=True)]))
    late = rows["received_at"] > rows["due"]
    timing = [
        NO_DATE if pd.isna(moment) else LATE if is_late else IN_TIME
        for moment, is_late in zip(rows["due"], late, strict=True)
    ]
    return VERSIONS.conform(rows.assign(timing=timing))


def differences(
    both: pd.DataFrame, answers: pd.DataFrame, measures: pd.DataFrame, scores: pd.DataFrame, framework: Framework
) -> Differences:
    """What the second of two submissions says otherwise than the first.

    both: VERSIONS, two rows. answers, measures, scores: ANSWERS, MEASURES, SCORES that have both. framework: of the
    second. Raises ValueError for submissions of two agencies.
    """
    if both["agency_code"].nunique() != 1:
        raise ValueError(", ".join(both["agency_code"]))
    before, after = both["submission"]

    def of(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        return frame[frame["submission"] == before], frame[frame["submission"] == after]

    return Differences(
        both, changed_answers(*of(answers), framework), changed_measures(*of(measures)), effects(*of(scores))
    )
