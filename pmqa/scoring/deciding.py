"""Scores as doubles to scores on their side of the grid: by small denominators, else in fractions (exact.py)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from pmqa.framework import Framework
from pmqa.scoring import ladder
from pmqa.scoring.exact import GRID, SHARES, fraction_of, is_small, of_settled, settled
from pmqa.scoring.ladder import WEIGHT_STEPS, Answered, Rungs
from pmqa.scoring.points import Flags, Floats
from pmqa.scoring.results import Reported
from pmqa.scoring.totals import Totals
from pmqa.submission import MOST_MEASURES

Place = tuple[str, int, int, bool]  # kind, submission, scope; whether it is the score_max


@dataclass(frozen=True)
class Scored:
    """What submissions score on one basis, and what it was made from. totals: kind -> submissions x scopes."""

    totals: Mapping[str, Totals]
    process: Answered
    reported: Reported
    rungs: Rungs
    framework: Framework
    _exactly: dict[Place, Fraction] = field(default_factory=dict, init=False, repr=False, compare=False)

    def decided(self, kinds: Iterable[str] | None = None) -> dict[str, Totals]:
        """The same, every score on its side of the places where its level or its shown digits change.

        kinds: those that are wanted; all unless given.
        """
        denominators, off = self._denominators(), self._off_grid()
        found = {}
        for kind in self.totals if kinds is None else kinds:
            totals = self.totals[kind]
            proven = is_small(denominators[kind]) & ~off[kind]
            found[kind] = Totals(
                settled(totals.score, proven, lambda row, at, kind=kind: self.exact(kind, row, at, best=False)),
                settled(totals.score_max, proven, lambda row, at, kind=kind: self._part(kind, row, at, best=True)),
                of_settled(totals.coverage, SHARES),
            )
        return found

    # --- which values can be proven by their denominators -------------------------------------------------------------

    def _denominators(self) -> dict[str, list[int]]:
        """By kind and scope, of values that depend on no measure off the grid."""
        framework, scoring = self.framework, self.framework.scoring
        of_points = math.lcm(*(fraction_of(points).denominator for points in scoring.band_points.values()))
        process = {
            item.id: of_points * math.lcm(*(int(size) for size in self.rungs.size[:, place]))
            for place, item in enumerate(framework.items_with_criteria)
        }
        indicator = GRID * math.lcm(*range(1, MOST_MEASURES + 1))
        items = [
            process[item.id]
            if item.id in process
            else indicator * math.lcm(*range(1, len(framework.indicators_of[item.id]) + 1))
            for item in framework.items
        ]
        groups = self._items_of()
        categories = [len(group) * math.lcm(*(items[at] for at in group)) for group in groups]
        return {
            "indicator": [indicator] * len(framework.indicators),
            "item": items,
            "category": categories,
            "overall": [len(groups) * math.lcm(*categories)],
            "dimension": [self._of_ladder(at, of_points, categories) for at in range(len(framework.dimensions))],
        }

    def _of_ladder(self, at: int, of_points: int, categories: list[int]) -> int:
        weights = self.rungs.weights.reshape(-1, *self.rungs.weight.shape)[:, :, at]
        wholes = []
        for level in range(weights.shape[1]):
            steps = [int(weight) for weight in weights[:, level] if weight]
            wholes.append(sum(steps) // math.gcd(*steps) if steps else 1)
        own = of_points * math.lcm(*wholes)
        if at != self._results_dimension():
            return own
        share = fraction_of(self.framework.scoring.results_share).denominator
        return share * math.lcm(own, categories[self._results_category()])

    def _off_grid(self) -> dict[str, Flags]:
        """By kind, submissions x scopes: whether a measure off the grid is in it."""
        framework, off = self.framework, self.reported.off_grid()
        place = {indicator.id: at for at, indicator in enumerate(framework.indicators)}
        items = np.zeros((len(off), len(framework.items)), dtype=np.bool_)
        for at, item in enumerate(framework.items):
            own = [place[indicator.id] for indicator in framework.indicators_of.get(item.id, ())]
            items[:, at] = off[:, own].any(axis=1)
        categories = np.stack([items[:, group].any(axis=1) for group in self._items_of()], axis=1)
        dimensions = np.zeros((len(off), len(framework.dimensions)), dtype=np.bool_)
        dimensions[:, self._results_dimension()] = categories[:, self._results_category()]
        overall: Flags = np.asarray(categories.any(axis=1, keepdims=True))
        return {
            "indicator": off,
            "item": items,
            "category": categories,
            "overall": overall,
            "dimension": dimensions,
        }

    def _items_of(self) -> list[list[int]]:
        place = {item.id: at for at, item in enumerate(self.framework.items)}
        return [[place[item.id] for item in self.framework.items_of[one.id]] for one in self.framework.categories]

    def _results_dimension(self) -> int:
        return [one.id for one in self.framework.dimensions].index(self.framework.scoring.results_dimension)

    def _results_category(self) -> int:
        return [one.id for one in self.framework.categories].index(self.framework.scoring.results_category)

    # --- the exact values ---------------------------------------------------------------------------------------------

    def exact(self, kind: str, row: int, at: int, *, best: bool) -> Fraction:
        """The exact value of a scope that has a score; best: its score_max. Wholes ask for their parts again."""
        place = kind, row, at, best
        if place not in self._exactly:
            self._exactly[place] = self._exact(*place)
        return self._exactly[place]

    def _exact(self, kind: str, row: int, at: int, best: bool) -> Fraction:
        if kind == "indicator":
            return self.reported.exact(row, at)
        if kind == "item":
            return self._item(row, at, best)
        if kind == "dimension":
            return self._dimension(row, at, best)
        below = "item" if kind == "category" else "category"
        group = self._items_of()[at] if kind == "category" else range(len(self.framework.categories))
        return sum((self._part(below, row, one, best=best) for one in group), Fraction(0)) / len(group)

    def _part(self, kind: str, row: int, at: int, *, best: bool) -> Fraction:
        """What a scope counts as in a mean: without a score as the least or, at best, the most."""
        scoring = self.framework.scoring
        if np.isnan(self.totals[kind].score[row, at]):
            return fraction_of(scoring.scale_max if best else scoring.scale_min)
        return self.exact(kind, row, at, best=best)

    def _met(self, row: int, best: bool) -> Flags:
        return (self.process.at_best if best else self.process.met)[row : row + 1]

    def _item(self, row: int, at: int, best: bool) -> Fraction:
        framework = self.framework
        item = framework.items[at].id
        if indicators := framework.indicators_of.get(item):
            place = {indicator.id: one for one, indicator in enumerate(framework.indicators)}
            scores = self.totals["indicator"].score
            parts = [
                self._part("indicator", row, place[one.id], best=best)
                for one in indicators
                if one.core or not np.isnan(scores[row, place[one.id]])
            ]
            return sum(parts, Fraction(0)) / len(parts)
        column = [one.id for one in framework.items_with_criteria].index(item)
        height, counts = ladder.complete_levels(self._met(row, best), self.rungs)
        points = Fraction(0)
        for level, of_level in enumerate(self.rungs.points[: height[0, column] + 1]):
            share = Fraction(int(counts[0, level, column]), int(self.rungs.size[level, column]))
            points += fraction_of(of_level) * share
        return points

    def _dimension(self, row: int, at: int, best: bool) -> Fraction:
        scoring = self.framework.scoring
        sums = ladder.counting(self._met(row, best), self.rungs).astype(np.float64) @ self.rungs.weights
        parts: Floats = sums.reshape(self.rungs.weight.shape)[:, at]
        own = sum(
            (
                fraction_of(points) * Fraction(int(part), int(whole))
                for points, part, whole in zip(self.rungs.points, parts, self.rungs.weight[:, at], strict=True)
            ),
            Fraction(0),
        )
        if at != self._results_dimension():
            return own
        answered = self.process.answered[row].astype(np.float64) @ self.rungs.weights
        if not answered.reshape(self.rungs.weight.shape)[:, at].any():
            own = fraction_of(scoring.scale_max if best else scoring.scale_min)
        share = Fraction(round(scoring.results_share * WEIGHT_STEPS), int(WEIGHT_STEPS))
        return (1 - share) * own + share * self._part("category", row, self._results_category(), best=best)
