"""How far from a target, and what stands in the way. Paragraphs 9.1 to 9.3 of docs/scoring.md."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmqa.framework import Framework
from pmqa.scoring import level_ids
from pmqa.scoring.ladder import Met, Rungs, answer_matrices, complete_levels, rungs_of
from pmqa.sources import bases
from pmqa.tables import SCORES, Table, as_text

TARGETS: Final = Table(
    "targets",
    {"kind": "text", "scope": "text", "target": "float?"},
    key=("kind", "scope"),
)

GAPS: Final = Table(
    "gaps",
    {
        **SCORES.some("kind", "scope", "score", "coverage", "level"),
        "target": "float?",
        "gap": "float?",  # 0 where the target is reached; blank without a score or a target
    },
    key=("kind", "scope"),
)

BLOCKERS: Final = Table(
    "blockers",
    {
        "submission": "text",
        "item": "text",
        "criterion": "text",
        "level": "text",  # the level that it keeps incomplete
        "answered": "bool",  # answered but not met on this basis; otherwise blank
        "alone": "bool",  # the only criterion that blocks its item
        "release": "float",  # points of the item that closing it alone adds
        "release_overall": "float",  # the same in points of the overall
    },
    key=("submission", "criterion"),
)

# --- targets --------------------------------------------------------------------------------------------------------


def number_targets(scores: pd.DataFrame, number: float) -> pd.DataFrame:
    """TARGETS: the same number for every scope of SCORES."""
    return TARGETS.conform(_scopes(scores).assign(target=float(number)))


def level_targets(scores: pd.DataFrame, level: str, framework: Framework) -> pd.DataFrame:
    """TARGETS: the points from which a level is reached, for every scope of SCORES."""
    return number_targets(scores, framework.scoring.level_thresholds[level])


def next_level_targets(scores: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """TARGETS: the points of the level after the one each scope has; the highest level stays its own target."""
    levels = level_ids(framework)
    points = list(framework.scoring.level_thresholds.values())
    following = {level: points[min(place, len(points) - 1)] for place, level in enumerate(levels)}
    return TARGETS.conform(_scopes(scores).assign(target=scores["level"].astype("object").map(following)))


def peer_targets(stats: pd.DataFrame, statistic: str = "median") -> pd.DataFrame:
    """TARGETS from PEER_STATS: `median`, or `maximum` for the best peer; blank where it may not be shown."""
    return TARGETS.conform(stats.rename(columns={statistic: "target"}))


def gaps_to_target(scores: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """SCORES of one submission and basis, with TARGETS, to GAPS; largest gap first, unknown ones last."""
    rows = as_text(scores, "kind", "scope").merge(as_text(targets, "kind", "scope"), on=["kind", "scope"])
    gap = (rows["target"] - rows["score"]).clip(lower=0)
    return GAPS.conform(rows.assign(gap=gap).sort_values("gap", ascending=False, kind="stable"))


def _scopes(scores: pd.DataFrame) -> pd.DataFrame:
    return scores[["kind", "scope"]]


# --- what stands in the way -----------------------------------------------------------------------------------------


def met_on(answers: pd.DataFrame, framework: Framework, basis: str) -> Met:
    """What the submissions of ANSWERS met on the basis."""
    submissions = sorted(map(str, answers["submission"].unique()))
    answered, met, evidence = answer_matrices(submissions, answers, framework)
    return Met(submissions, answered, met & evidence if bases()[basis].needs_evidence else met)


def blocking_criteria(answers: pd.DataFrame, framework: Framework, basis: str) -> pd.DataFrame:
    """ANSWERS of any number of submissions to BLOCKERS, in the framework's order of criteria (9.2, 9.3)."""
    return blockers_of(met_on(answers, framework, basis), framework)


def blockers_of(said: Met, framework: Framework) -> pd.DataFrame:
    """What submissions met to BLOCKERS, in the framework's order of criteria (9.2, 9.3); its texts are categorical."""
    submissions, answered, met = said
    rungs = rungs_of(framework)
    height, counts = complete_levels(met, rungs)
    row, criterion = np.nonzero(~met & (height[:, rungs.item] == rungs.level))
    item, level = rungs.item[criterion], rungs.level[criterion]
    missing = rungs.size[level, item] - counts[row, level, item]
    step = rungs.points[level] / rungs.size[level, item]
    opened = _points_behind_the_gate(counts, height, rungs)[row, item]
    release = step + np.where(missing == 1, opened, 0)
    share = overall_shares(framework)
    return BLOCKERS.conform(
        pd.DataFrame(
            {
                "submission": _texts(submissions, row),
                "item": _texts([one.id for one in framework.items_with_criteria], item),
                "criterion": _texts([one.id for one in framework.criteria], criterion),
                "level": _texts([one.id for one in framework.levels], level),
                "answered": answered[row, criterion],
                "alone": missing == 1,
                "release": release,
                "release_overall": release * share[item],
            }
        ),
        check_key=False,
    )


def _texts(ids: list[str], places: npt.NDArray[np.int64]) -> pd.Categorical:
    """The ids at places: of ten thousand agencies, a text for each blocker would take most of the time."""
    return pd.Categorical.from_codes(places, categories=pd.Index(ids, dtype="str"))


def overall_shares(framework: Framework) -> npt.NDArray[np.float64]:
    """What a point of each process item is worth in the overall (6.1), in their order."""
    return np.array(
        [
            1 / len(framework.items_of[item.category]) / len(framework.categories)
            for item in framework.items_with_criteria
        ]
    )


def _points_behind_the_gate(
    counts: npt.NDArray[np.float64], height: npt.NDArray[np.int64], rungs: Rungs
) -> npt.NDArray[np.float64]:
    """Submissions x items: what completing the lowest incomplete level sets free above it."""
    points = np.zeros(height.shape)
    still_open = np.ones(height.shape, dtype=np.bool_)
    for level, of_level in enumerate(rungs.points):
        above = level > height
        points += np.where(above & still_open, of_level * counts[:, level] / rungs.size[level], 0)
        still_open &= ~above | (counts[:, level] == rungs.size[level])
    return points
