"""Scores of many scopes of many submissions at once, and the mean of parts. Paragraphs 3 and 6 of docs/scoring.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pmqa.framework import Scoring
from pmqa.scoring.points import Floats


@dataclass(frozen=True)
class Totals:
    """Submissions x scopes. score is nan where nothing was answered, score_max where the scope does not apply."""

    score: Floats
    score_max: Floats
    coverage: Floats


def sum_of_groups(parts: Floats, groups: Sequence[Sequence[int]]) -> Floats:
    """Submissions x groups: the sum of each group's columns, from left to right.

    One matrix addition per place in the group: the order of additions, and so the last bit of the result, is the
    same for one submission as for ten thousand.
    """
    total = np.zeros((len(parts), len(groups)))
    for place in range(max(map(len, groups), default=0)):
        longer = [number for number, group in enumerate(groups) if len(group) > place]
        total[:, longer] += parts[:, [groups[number][place] for number in longer]]
    return total


def mean_of_groups(parts: Totals, groups: Sequence[Sequence[int]], scoring: Scoring) -> Totals:
    """The mean of each group's parts: items of a category, categories of the overall (6.1 to 6.3).

    A null part counts as the least in score and as the most in score_max; a group is null where every part is.
    """
    sizes = np.array([len(group) for group in groups], dtype=np.float64)
    null = np.isnan(parts.score)
    some = sum_of_groups((~null).astype(np.float64), groups) > 0
    score = sum_of_groups(np.where(null, scoring.scale_min, parts.score), groups) / sizes
    score_max = sum_of_groups(np.where(null, scoring.scale_max, parts.score_max), groups) / sizes
    return Totals(np.where(some, score, np.nan), score_max, sum_of_groups(parts.coverage, groups) / sizes)
