"""The cheapest way to a target: which criteria to close, exactly the fewest or the least effort. Rules 9.4 and 9.5.

Every item offers options (so many criteria closed: this effort, these points). Going through the items, only those
sums that are not beaten in both effort and points are kept; what remains at the end is exact, not a guess.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmqa.framework import Criterion, Framework
from pmqa.scoring import OVERALL, exact_score, fraction_of, nearest_double
from pmqa.scoring.ladder import WEIGHT_STEPS
from pmqa.sources import bases
from pmqa.tables import MEASURES, Table

PATH_STEPS: Final = Table(
    "path_steps",
    {
        "step": "int",
        "item": "text",
        "criterion": "text",
        "level": "text",
        "effort": "float",
        "gain": "float",  # points of the scope that this step adds; 0 where it only prepares a gate
        "score": "float",  # of the scope, after this step
    },
    key=("step",),
)

# Efforts are counted in whole steps, because the sum of many large ones is exact only in whole numbers; so are points,
# in steps of the goal's own.
EFFORT_STEPS: Final = 1_000_000
MOST_STEPS: Final = 2**62  # of points, that a machine's whole numbers hold; beyond them Python's are taken


@dataclass(frozen=True)
class Path:
    """The way to a target.

    criteria: ids in the order of the plan; () where the target is reached already or cannot be.
    score_before: None where nothing of the scope is answered. score_after: with the criteria closed.
    best: the score with every criterion closed, which is what is left to say where the target cannot be reached.
    effort: of all of it; the number of criteria unless efforts were given.
    steps: PATH_STEPS.
    """

    reachable: bool
    criteria: tuple[str, ...]
    score_before: float | None
    score_after: float | None
    best: float
    effort: float
    steps: pd.DataFrame


@dataclass(frozen=True)
class _Option:
    effort: int  # in steps
    gain: int
    criteria: tuple[str, ...]  # in the order to close them


@dataclass(frozen=True)
class _Front:
    """Efforts that rise and gains that rise with them: what the items from one on can give."""

    effort: npt.NDArray[np.int64]  # in steps
    gain: npt.NDArray[Any]  # whole steps of points

    def best(self, effort: int) -> int | None:
        """The most that this effort buys; None where it buys nothing."""
        place = int(np.searchsorted(self.effort, effort, side="right")) - 1
        return int(self.gain[place]) if place >= 0 else None


def cheapest_path(
    answers: pd.DataFrame,
    framework: Framework,
    basis: str,
    target: float,
    scope: str | None = None,
    effort: Mapping[str, float] | None = None,
    measures: pd.DataFrame | None = None,
) -> Path:
    """The fewest criteria, or the least effort, to bring one submission to a target; exact.

    answers, measures: ANSWERS and MEASURES of the submission; what results categories give stays as it is.
    scope: a category's or dimension's id; None = the overall.
    effort: by criterion, 0 to 1e10, counted in millionths; a criterion that is not named has effort 1.
    Points: on the edition's scale.
    """
    goal = _Goal.of(framework, scope)
    met = set(met_criteria(answers, basis))
    measures = MEASURES.empty() if measures is None else measures
    before = exact_score(answers, measures, framework, basis, goal.kind, goal.scope)
    start = before or Fraction(0)
    efforts = {criterion.id: 1.0 for criterion in framework.criteria} | dict(effort or {})
    counted = {criterion: round(one * EFFORT_STEPS) for criterion, one in efforts.items()}
    options = [_options(framework.criteria_of[item.id], met, goal, counted) for item in framework.items_with_criteria]
    best = start + Fraction(sum(max(option.gain for option in of_item) for of_item in options), goal.steps)
    need = math.ceil((fraction_of(target) - start) * goal.steps)
    chosen = _cheapest(options, need) if need > 0 else []
    now = None if before is None else nearest_double(before)
    if chosen is None:
        return Path(False, (), now, now, nearest_double(best), 0.0, PATH_STEPS.empty())
    steps = _steps(chosen, start, goal, met, framework, efforts)
    return Path(
        reachable=True,
        criteria=tuple(steps["criterion"]),
        score_before=now,
        score_after=float(steps["score"].iloc[-1]) if len(steps) else now,
        best=nearest_double(best),
        effort=float(steps["effort"].sum()),
        steps=steps,
    )


@dataclass(frozen=True)
class _Goal:
    """What a criterion that counts is worth in the scope that is to rise."""

    kind: str
    scope: str
    worth: Mapping[str, int]  # criterion -> steps of points of the scope
    steps: int  # in a point

    @classmethod
    def of(cls, framework: Framework, scope: str | None) -> _Goal:
        points = {level: fraction_of(worth) for level, worth in framework.scoring.band_points.items()}
        if scope is not None and scope in framework.dimension:
            parts = {c.id: round(c.dimensions.get(scope, 0) * WEIGHT_STEPS) for c in framework.criteria}
            whole = {
                level.id: sum(parts[c.id] for c in framework.criteria if c.level == level.id)
                for level in framework.levels
            }
            is_results = scope == framework.scoring.results_dimension
            own = 1 - fraction_of(framework.scoring.results_share) if is_results else Fraction(1)
            worth = {c.id: own * points[c.level] * Fraction(parts[c.id], whole[c.level]) for c in framework.criteria}
            return cls._counted("dimension", scope, worth)
        size = {
            (item.id, level.id): sum(c.level == level.id for c in framework.criteria_of[item.id])
            for item, level in itertools.product(framework.items_with_criteria, framework.levels)
        }
        worth = {}
        for c in framework.criteria:
            category = framework.item[c.item].category
            parted = len(framework.items_of[category]) * (len(framework.categories) if scope is None else 1)
            own = Fraction(int(scope in (None, category)), parted)
            worth[c.id] = own * points[c.level] / size[c.item, c.level]
        return cls._counted("overall" if scope is None else "category", scope or OVERALL, worth)

    @classmethod
    def _counted(cls, kind: str, scope: str, worth: Mapping[str, Fraction]) -> _Goal:
        steps = math.lcm(*(one.denominator for one in worth.values()))
        return cls(kind, scope, {criterion: int(one * steps) for criterion, one in worth.items()}, steps)


def met_criteria(answers: pd.DataFrame, basis: str) -> frozenset[str]:
    """The criteria of one submission's ANSWERS that count as met on a basis; `evidenced` asks for evidence too."""
    said = answers["met"].astype("boolean")
    counted = said.where(said.notna(), False).astype("bool")
    if bases()[basis].needs_evidence:
        counted &= answers["evidence"].notna()
    return frozenset(answers.loc[counted, "criterion"].astype("str"))


def _options(criteria: Sequence[Criterion], met: set[str], goal: _Goal, efforts: Mapping[str, int]) -> list[_Option]:
    """What one item offers, least effort first: closing part of a level, once every level below is closed (9.4)."""
    if not any(goal.worth[criterion.id] for criterion in criteria):
        return [_Option(0, 0, ())]
    found: list[_Option] = []
    closed: tuple[str, ...] = ()
    gain = 0
    blocked = False  # whether something is missing in a level below
    for _, rung in itertools.groupby(criteria, key=lambda criterion: criterion.level):
        of_level = list(rung)
        if blocked:
            # The levels below are closed now, so what was held back here counts.
            gain += sum(goal.worth[criterion.id] for criterion in of_level if criterion.id in met)
        missing = [criterion for criterion in of_level if criterion.id not in met]
        for part in _parts(missing, goal, efforts):
            ids = tuple(criterion.id for criterion in part)
            worth = sum(goal.worth[criterion.id] for criterion in part)
            found.append(_Option(sum(efforts[i] for i in (*closed, *ids)), gain + worth, (*closed, *ids)))
        blocked = blocked or bool(missing)
        closed += tuple(criterion.id for criterion in missing)
        gain += sum(goal.worth[criterion.id] for criterion in missing)
    found.append(_Option(sum(efforts[i] for i in closed), gain, closed))
    kept: list[_Option] = []
    for option in sorted(found, key=lambda option: (option.effort, -option.gain, -len(option.criteria))):
        if not kept or option.gain > kept[-1].gain:
            kept.append(option)
    return kept


def _parts(missing: Sequence[Criterion], goal: _Goal, efforts: Mapping[str, int]) -> list[tuple[Criterion, ...]]:
    """The choices among a level's missing criteria that can be best.

    Where all are worth the same, the cheapest ones first are enough; else every subset (a dimension's weights differ).
    """
    if len({goal.worth[criterion.id] for criterion in missing}) <= 1:
        cheapest = sorted(missing, key=lambda criterion: efforts[criterion.id])
        return [tuple(cheapest[:count]) for count in range(len(cheapest))]
    return [part for count in range(len(missing)) for part in itertools.combinations(missing, count)]


def _cheapest(options: Sequence[Sequence[_Option]], need: int) -> list[_Option] | None:
    """One option of each item: the least effort that gives the need; None where no effort does.

    Among paths of the same effort the one that does more in the earlier items (9.5).
    """
    dtype = np.int64 if sum(option.gain for of_item in options for option in of_item) < MOST_STEPS else object
    fronts = [_Front(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=dtype))]
    for of_item in reversed(options):
        fronts.append(_combined(of_item, fronts[-1]))
    fronts.reverse()
    enough = np.flatnonzero(fronts[0].gain >= need)
    if not len(enough):
        return None
    effort = int(fronts[0].effort[enough[0]])
    chosen = []
    for of_item, rest in zip(options, fronts[1:], strict=True):
        option = next(o for o in reversed(of_item) if _suffices(o.gain, rest.best(effort - o.effort), need))
        chosen.append(option)
        effort, need = effort - option.effort, need - option.gain
    return chosen


def _suffices(gain: int, rest: int | None, need: int) -> bool:
    return rest is not None and gain + rest >= need


def _combined(options: Sequence[_Option], rest: _Front) -> _Front:
    effort = np.add.outer([option.effort for option in options], rest.effort).ravel()
    gain = np.add.outer(np.array([option.gain for option in options], dtype=rest.gain.dtype), rest.gain).ravel()
    order = np.lexsort((-gain, effort)) if gain.dtype != object else _order(effort, gain)
    effort, gain = effort[order], gain[order]
    kept = np.ones(len(gain), dtype=np.bool_)
    kept[1:] = gain[1:] > np.maximum.accumulate(gain)[:-1]
    return _Front(effort[kept], gain[kept])


def _order(effort: npt.NDArray[np.int64], gain: npt.NDArray[Any]) -> list[int]:
    return sorted(range(len(gain)), key=lambda place: (effort[place], -gain[place]))


def _steps(
    chosen: Sequence[_Option],
    start: Fraction,
    goal: _Goal,
    met: set[str],
    framework: Framework,
    efforts: Mapping[str, float],
) -> pd.DataFrame:
    """The plan: the items that give most for their effort first, each in the order of its ladder."""
    taken = sorted(
        (option for option in chosen if option.criteria),
        key=lambda option: option.gain / option.effort if option.effort else np.inf,
        reverse=True,
    )
    now, points = set(met), start
    rows: list[dict[str, object]] = []
    for criterion in itertools.chain.from_iterable(option.criteria for option in taken):
        item = framework.criterion[criterion].item
        before = _worth_of(framework.criteria_of[item], now, goal)
        now.add(criterion)
        gain = _worth_of(framework.criteria_of[item], now, goal) - before
        points += Fraction(gain, goal.steps)
        rows.append(
            {
                "step": len(rows) + 1,
                "item": item,
                "criterion": criterion,
                "level": framework.criterion[criterion].level,
                "effort": efforts[criterion],
                "gain": nearest_double(Fraction(gain, goal.steps)),
                "score": nearest_double(points),
            }
        )
    return PATH_STEPS.conform(pd.DataFrame(rows)) if rows else PATH_STEPS.empty()


def _worth_of(criteria: Sequence[Criterion], met: set[str], goal: _Goal) -> int:
    points = 0
    for _, rung in itertools.groupby(criteria, key=lambda criterion: criterion.level):
        of_level = list(rung)
        points += sum(goal.worth[criterion.id] for criterion in of_level if criterion.id in met)
        if not all(criterion.id in met for criterion in of_level):
            break
    return points
