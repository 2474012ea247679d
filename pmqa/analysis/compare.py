"""What the agency says beside what the assessor says."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pmqa.framework import Framework
from pmqa.shown import differences_shown
from pmqa.sources import CLAIMED, SELF, VERIFIED, source_of
from pmqa.tables import Table, as_text

DIFFERENCES: Final = Table(
    "differences",
    {
        "agency_code": "text",
        "fiscal_year": "int",
        "kind": "text",
        "scope": "text",
        "own": "float?",
        "assessed": "float?",
        "difference": "float?",  # own - assessed: above 0 the agency rates itself higher
        "own_coverage": "float",
        "assessed_coverage": "float",
        "complete": "bool",  # both are
    },
    key=("agency_code", "fiscal_year", "kind", "scope"),
)

ANSWER_DIFFERENCES: Final = Table(
    "answer_differences",
    {
        "agency_code": "text",
        "fiscal_year": "int",
        "item": "text",
        "criterion": "text",
        "own": "bool?",
        "assessed": "bool?",
        "evidence": "text?",  # the agency's
        "suggestion": "text?",  # the assessor's
    },
    key=("agency_code", "fiscal_year", "criterion"),
)

SAME: Final = ["agency_code", "fiscal_year", "kind", "scope"]


def differences(scored: pd.DataFrame, *, own: str = CLAIMED, theirs: str = VERIFIED) -> pd.DataFrame:
    """SCORED of self-assessments and of assessors' submissions to DIFFERENCES, for scopes that both have.

    own: the agency's basis, claimed or evidenced; theirs: the assessor's. Agencies, years in order of the frame.
    """
    columns = [*SAME, "score", "coverage", "complete"]
    assessed = scored.loc[scored["basis"] == theirs, columns]
    mine = scored.loc[(scored["basis"] == own) & scored["agency_code"].isin(assessed["agency_code"].unique()), columns]
    text = ("agency_code", "kind", "scope")
    both = as_text(mine, *text).merge(as_text(assessed, *text), on=SAME, suffixes=("", "_assessed"))
    return DIFFERENCES.conform(
        both.assign(
            own=both["score"],
            assessed=both["score_assessed"],
            difference=differences_shown(both["score"], both["score_assessed"]),
            own_coverage=both["coverage"],
            assessed_coverage=both["coverage_assessed"],
            complete=both["complete"] & both["complete_assessed"],
        )
    )


def answer_differences(
    answers: pd.DataFrame, submissions: pd.DataFrame, framework: Framework, *, theirs: str = VERIFIED
) -> pd.DataFrame:
    """ANSWERS with SUBMISSIONS of both sources to ANSWER_DIFFERENCES: only criteria on which the two say otherwise.

    A criterion that one of them left blank and the other answered is among them. theirs: the assessor's basis.
    """
    whose = submissions[["submission", "agency_code", "fiscal_year", "source"]].astype({"submission": "str"})
    rows = as_text(answers, "submission", "criterion").merge(whose, on="submission")
    key = ["agency_code", "fiscal_year", "criterion"]
    own, reviewed = (rows[rows["source"] == source] for source in (SELF.id, source_of(theirs).id))
    both = own[[*key, "met", "evidence"]].merge(
        reviewed[[*key, "met", "suggestion"]], on=key, suffixes=("", "_assessed")
    )
    said, heard = both["met"].astype("boolean"), both["met_assessed"].astype("boolean")
    differ = (said.isna() != heard.isna()) | (said != heard).where(said.notna() & heard.notna(), False).astype("bool")
    found = both[differ.astype("bool")]
    item_of = {criterion.id: criterion.item for criterion in framework.criteria}
    return ANSWER_DIFFERENCES.conform(
        found.assign(item=found["criterion"].map(item_of), own=found["met"], assessed=found["met_assessed"])
    )
