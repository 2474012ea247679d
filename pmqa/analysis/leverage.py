"""Where closing one criterion helps most, and who could show how. Paragraph 9.6 of docs/scoring.md."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal

import numpy as np
import pandas as pd

from pmqa.framework import Framework
from pmqa.scoring import level_ids, overall_scores
from pmqa.scoring.ladder import Answered, Met
from pmqa.shown import differences_shown
from pmqa.tables import SUBMISSIONS, Table, as_text

Order = Literal["points", "agencies"]

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

TOGETHER: Final = Table(
    "together",
    {
        "submission": "text",
        "missed": "int",  # how many of the criteria it misses
        "before": "float?",  # the overall
        "after": "float?",  # with all of the criteria met
        "change": "float?",  # as shown
        "level_before": "text?",
        "level_after": "text?",
        "reaches": "bool",  # from below every level, it has one
        "rises": "bool",  # it has a higher level than before
    },
    key=("submission",),
)

MISSED: Final = Table(
    "missed",
    {
        **LEVERAGE.some("criterion", "item", "level"),
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
        **SUBMISSIONS.some("agency_code", "agency_name", "ministry", "agency_type"),
        "evidence": "text",
        "explanation": "text?",
    },
    key=("criterion", "agency_code"),
)


def leverage(blockers: pd.DataFrame, *, by: Order = "points") -> pd.DataFrame:
    """BLOCKERS of a group's submissions (one per agency) to LEVERAGE, most points or most agencies first."""
    found = (
        blockers.groupby("criterion", sort=False, observed=True)
        .agg(
            item=("item", "first"),
            level=("level", "first"),
            agencies=("submission", "size"),
            alone=("alone", "sum"),
            release=("release", "sum"),
            release_overall=("release_overall", "sum"),
        )
        .reset_index()
    )
    found = as_text(found, "criterion", "item", "level")
    first = ["release_overall", "agencies"] if by == "points" else ["agencies", "release_overall"]
    found = found.sort_values([*first, "criterion"], ascending=[False, False, True])
    total = found["release_overall"].sum()
    return LEVERAGE.conform(found.assign(share=found["release_overall"].cumsum() / (total or 1)))


def together(
    said: Met, measures: pd.DataFrame, criteria: Collection[str], framework: Framework, basis: str
) -> pd.DataFrame:
    """What a group's submissions (one per agency) met on a basis, and their MEASURES, to TOGETHER: were all of the
    criteria met at once.

    What is met so is assumed to have its evidence. By the rules of scores: what one criterion opens, another uses.
    """
    ids, answered, met = said
    wanted = np.isin([one.id for one in framework.criteria], list(criteria))
    assumed = Answered(answered | wanted, met | wanted)
    before, after = overall_scores(ids, [Answered(answered, met), assumed], measures, framework, basis)
    levels = [*level_ids(framework), None]  # none is -1
    change = differences_shown(pd.Series(after.score), pd.Series(before.score))
    return TOGETHER.conform(
        pd.DataFrame(
            {
                "submission": ids,
                "missed": (~met[:, wanted]).sum(axis=1),
                "before": before.score,
                "after": after.score,
                "change": change,
                "level_before": [levels[level] for level in before.level],
                "level_after": [levels[level] for level in after.level],
                "reaches": (before.level == 0) & (after.level > 0),
                "rises": (before.level >= 0) & (after.level > before.level),
            }
        )
    )


def lone_blockers(blockers: pd.DataFrame) -> pd.DataFrame:
    """The rows of BLOCKERS that alone keep an item from its next level, most points of the overall first."""
    alone = blockers[blockers["alone"].astype("bool")]
    return alone.sort_values("release_overall", ascending=False, kind="stable").reset_index(drop=True)


def missed_criteria(said: Met, framework: Framework) -> pd.DataFrame:
    """What a group's submissions met to MISSED, by how many missed it; a gate plays no part here."""
    submissions, answered, met = said
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
    rows = as_text(answers, "submission", "criterion")
    rows = rows[rows["criterion"].isin(criteria) & rows["evidence"].notna()]
    rows = rows[rows["met"].astype("boolean").where(rows["met"].notna(), False).astype("bool")]
    whose = submissions[["submission", "agency_code", "agency_name", "ministry", "agency_type"]]
    found = rows.merge(as_text(whose, "submission"), on="submission")
    place = {criterion: number for number, criterion in enumerate(criteria)}
    order = found["criterion"].map(place)
    return TEACHERS.conform(found.assign(order=order).sort_values(["order", "agency_code"]))
