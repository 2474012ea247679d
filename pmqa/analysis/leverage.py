"""Where closing one criterion helps most, and who could show how. Paragraph 9.6 of docs/scoring.md."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pmqa.analysis.gaps import met_on
from pmqa.framework import Framework
from pmqa.tables import Table

LEVERAGE: Final = Table(
    "leverage",
    {
        "criterion": "text",
        "item": "text",
        "level": "text",
        "agencies": "int",  # that it blocks
        "alone": "int",  # of them, those that nothing else blocks in this item
        "release": "float",  # points of the item, summed over these agencies
        "release_overall": "float",  # points of the overall, summed
        "share": "float",  # of all points that blocking criteria would release, cumulated from the first row
    },
    key=("criterion",),
)

MISSED: Final = Table(
    "missed",
    {
        "criterion": "text",
        "item": "text",
        "level": "text",
        "n": "int",  # submissions
        "not_met": "int",  # answered, not met on the basis
        "unanswered": "int",
        "share_missed": "float",  # of n, not met or unanswered
    },
    key=("criterion",),
)

TEACHERS: Final = Table(
    "teachers",
    {
        "criterion": "text",
        "agency_code": "text",
        "agency_name": "text",
        "ministry": "text",
        "agency_type": "text",
        "evidence": "text",
        "explanation": "text?",
    },
    key=("criterion", "agency_code"),
)


def leverage(blockers: pd.DataFrame) -> pd.DataFrame:
    """BLOCKERS of a group's submissions (one per agency) to LEVERAGE, most points first: the bars of a Pareto chart."""
    groups = blockers.groupby(["criterion", "item", "level"], sort=False)
    found = groups.agg(
        agencies=("submission", "size"),
        alone=("alone", "sum"),
        release=("release", "sum"),
        release_overall=("release_overall", "sum"),
    ).reset_index()
    found = found.sort_values(["release_overall", "agencies", "criterion"], ascending=[False, False, True])
    total = found["release_overall"].sum()
    return LEVERAGE.conform(found.assign(share=found["release_overall"].cumsum() / (total or 1)))


def lone_blockers(blockers: pd.DataFrame) -> pd.DataFrame:
    """The rows of BLOCKERS that alone keep an item from its next level, most points of the overall first."""
    alone = blockers[blockers["alone"].astype("bool")]
    return alone.sort_values("release_overall", ascending=False, kind="stable").reset_index(drop=True)


def missed_criteria(answers: pd.DataFrame, framework: Framework, basis: str) -> pd.DataFrame:
    """ANSWERS of a group's submissions to MISSED, by how many missed it; a gate plays no part here."""
    submissions, answered, met = met_on(answers, framework, basis)
    found = pd.DataFrame(
        {
            "criterion": [criterion.id for criterion in framework.criteria],
            "item": [criterion.item for criterion in framework.criteria],
            "level": [criterion.level for criterion in framework.criteria],
            "n": len(submissions),
            "not_met": (answered & ~met).sum(axis=0),
            "unanswered": (~answered).sum(axis=0),
            "share_missed": (~met).sum(axis=0) / max(len(submissions), 1),
        }
    )
    return MISSED.conform(found.sort_values("share_missed", ascending=False, kind="stable"))


def teachers(answers: pd.DataFrame, submissions: pd.DataFrame, criteria: list[str]) -> pd.DataFrame:
    """Agencies that met criteria and say with which evidence: TEACHERS, in the order asked for, then by code.

    answers: ANSWERS of the submissions that the viewer may see in full, one per agency.
    """
    rows = answers.astype({"submission": "str", "criterion": "str"})
    rows = rows[rows["criterion"].isin(criteria) & rows["evidence"].notna()]
    rows = rows[rows["met"].astype("boolean").where(rows["met"].notna(), False).astype("bool")]
    whose = submissions[["submission", "agency_code", "agency_name", "ministry", "agency_type"]]
    found = rows.merge(whose.astype({"submission": "str"}), on="submission")
    place = {criterion: number for number, criterion in enumerate(criteria)}
    order = found["criterion"].map(place)
    return TEACHERS.conform(found.assign(order=order).sort_values(["order", "agency_code"]))
