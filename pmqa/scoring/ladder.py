"""Criteria to process items and dimensions, as matrices of submissions x criteria. Paragraphs 4 and 7 of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from pmqa.framework import Framework
from pmqa.scoring.points import Codes, Flags, Floats, coded
from pmqa.scoring.totals import Totals
from pmqa.submission import Submission

# Weights count in whole steps of 1e-12: sums of whole numbers are exact in any order, so that everything met gives a
# share of exactly 1, which sums of 0.1 and 0.2 would not (7.2).
WEIGHT_STEPS: Final = 1e12


@dataclass(frozen=True)
class Answered:
    """Submissions x criteria: what was answered, what counts as met on one basis."""

    answered: Flags
    met: Flags

    @property
    def at_best(self) -> Flags:
        """Met, were every unanswered criterion met: what score_max counts (3.2)."""
        return self.met | ~self.answered


class Met(NamedTuple):
    """What submissions met on one basis, in order of their ids. answered, met: submissions x criteria."""

    submissions: list[str]
    answered: Flags
    met: Flags


@dataclass(frozen=True)
class Rungs:
    """The process part of an edition as matrices; L levels, I items, D dimensions."""

    level: Codes  # of each criterion
    item: Codes
    members: Floats  # criteria x (L*I), 1 where the criterion is of the level and item
    size: Floats  # L x I, number of criteria
    weights: Floats  # criteria x (L*D), in steps of WEIGHT_STEPS
    weight: Floats  # L x D, their sums
    points: Floats  # L, of a complete level


def rungs_of(framework: Framework) -> Rungs:
    """The process part of an edition."""
    levels, items, dimensions = len(framework.levels), len(framework.items_with_criteria), len(framework.dimensions)
    place_of_level = {level.id: place for place, level in enumerate(framework.levels)}
    place_of_item = {item.id: place for place, item in enumerate(framework.items_with_criteria)}
    count = len(framework.criteria)
    level = np.array([place_of_level[criterion.level] for criterion in framework.criteria], dtype=np.int64)
    item = np.array([place_of_item[criterion.item] for criterion in framework.criteria], dtype=np.int64)
    members = np.zeros((count, levels, items))
    members[np.arange(count), level, item] = 1
    wide = np.array([[c.dimensions.get(d.id, 0.0) for d in framework.dimensions] for c in framework.criteria])
    weights = np.zeros((count, levels, dimensions))
    weights[np.arange(count), level] = np.round(wide * WEIGHT_STEPS)
    return Rungs(
        level,
        item,
        members.reshape(count, -1),
        members.sum(axis=0),
        weights.reshape(count, -1),
        weights.sum(axis=0),
        np.array([framework.scoring.band_points[level.id] for level in framework.levels]),
    )


def answer_matrices(submissions: list[str], answers: pd.DataFrame, framework: Framework) -> tuple[Flags, Flags, Flags]:
    """ANSWERS as submissions x criteria: answered, answered มี, has an evidence reference.

    A submission without rows is wholly unanswered; rows of other submissions or criteria are left out.
    """
    criteria = [criterion.id for criterion in framework.criteria]
    shape = (len(submissions), len(criteria))
    row, column = coded(answers["submission"], submissions), coded(answers["criterion"], criteria)
    known = (row >= 0) & (column >= 0)
    cell = row * shape[1] + column
    met = answers["met"].astype("boolean").to_numpy(dtype=np.int8, na_value=-1)
    evidence = answers["evidence"].notna().to_numpy(dtype=np.bool_)
    if not known.all():
        cell, met, evidence = cell[known], met[known], evidence[known]
    matrices = []
    for fact in (met >= 0, met == 1, evidence):
        matrix = np.zeros(shape[0] * shape[1], dtype=np.bool_)
        matrix[cell] = fact
        matrices.append(matrix.reshape(shape))
    return matrices[0], matrices[1], matrices[2]


def answered_by(sent: Sequence[Submission], framework: Framework, *, with_evidence: bool) -> Answered:
    """What submissions answered and met, as `answer_matrices` says it of their ANSWERS.

    with_evidence: whether only what names its evidence is met.
    """
    criteria = [criterion.id for criterion in framework.criteria]
    answered, met = np.zeros((2, len(sent), len(criteria)), dtype=np.bool_)
    for row, one in enumerate(sent):
        said = {answer.criterion: answer.met for answer in one.answers}
        shown = {answer.criterion for answer in one.answers if answer.evidence is not None or not with_evidence}
        answered[row] = [said.get(criterion) is not None for criterion in criteria]
        met[row] = [bool(said.get(criterion)) and criterion in shown for criterion in criteria]
    return Answered(answered, met)


def score_items(answers: Answered, rungs: Rungs) -> tuple[Totals, Codes]:
    """Process items, and how many levels of each are complete from the lowest up (4.1 to 4.3)."""
    counted = _per_rung(answers.answered, rungs)
    coverage = counted.sum(axis=1) / rungs.size.sum(axis=0)
    score, complete = _item_points(answers.met, rungs)
    score_max, _ = _item_points(answers.at_best, rungs)
    return Totals(np.where(coverage > 0, score, np.nan), score_max, coverage), complete


def score_ladders(answers: Answered, rungs: Rungs) -> Totals:
    """Dimensions as their criteria give them, before the results dimension gets its category (7.1 to 7.3)."""
    weighed = (answers.answered.astype(np.float64) @ rungs.weights).reshape(-1, *rungs.weight.shape)
    coverage = weighed.sum(axis=1) / rungs.weight.sum(axis=0)
    score = _ladder_points(answers.met, rungs)
    return Totals(np.where(coverage > 0, score, np.nan), _ladder_points(answers.at_best, rungs), coverage)


def open_gates(met: Flags, rungs: Rungs) -> Flags:
    """Submissions x L x I: whether every lower level of the item is complete (4.2)."""
    complete = _per_rung(met, rungs) == rungs.size
    below = np.ones((len(met), 1, rungs.size.shape[1]), dtype=np.bool_)
    return np.logical_and.accumulate(np.concatenate([below, complete[:, :-1]], axis=1), axis=1)


def counting(met: Flags, rungs: Rungs) -> Flags:
    """Submissions x criteria: met and not held back by the item's gate (4.2)."""
    return met & open_gates(met, rungs)[:, rungs.level, rungs.item]


def complete_levels(met: Flags, rungs: Rungs) -> tuple[Codes, Floats]:
    """Submissions x items: how many levels are complete from the lowest up; and met criteria as submissions x L x I."""
    counts = _per_rung(met, rungs)
    height: Codes = np.logical_and.accumulate(counts == rungs.size, axis=1).sum(axis=1)
    return height, counts


def _per_rung(flags: Flags, rungs: Rungs) -> Floats:
    return (flags.astype(np.float64) @ rungs.members).reshape(-1, *rungs.size.shape)


def _item_points(met: Flags, rungs: Rungs) -> tuple[Floats, Codes]:
    complete, counts = complete_levels(met, rungs)
    shares = counts / rungs.size
    points = np.zeros((len(met), rungs.size.shape[1]))
    for level, of_level in enumerate(rungs.points):
        points += np.where(complete >= level, of_level * shares[:, level], 0)
    return points, complete


def _ladder_points(met: Flags, rungs: Rungs) -> Floats:
    sums = (counting(met, rungs).astype(np.float64) @ rungs.weights).reshape(-1, *rungs.weight.shape)
    # In a part of an edition a level of a dimension may be without criteria: its share and the score are not known.
    shares = np.divide(sums, rungs.weight, out=np.full_like(sums, np.nan), where=rungs.weight > 0)
    points = np.zeros((len(met), rungs.weight.shape[1]))
    for level, of_level in enumerate(rungs.points):
        points += of_level * shares[:, level]
    return points
