"""From a number down to the cells of the file that it comes from, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from pmqa.analysis.bands import band_places
from pmqa.framework import Criterion, Framework, Indicator, Item
from pmqa.scoring import OVERALL
from pmqa.sources import bases
from pmqa.tables import Table

TRACE: Final = Table(
    "trace",
    {
        "step": "int",  # 1, 2, ... from the whole to the cell
        "depth": "int",  # 0 is the scope that was asked for
        "kind": "text",  # overall, category, dimension, item, level, criterion, indicator, measure
        "scope": "text",  # its id; a level is "3.2 basic"
        "state": "text",  # why it counts as it does: one of STATES
        "weight": "float?",  # of the part in the whole above it, 0..1
        "points": "float?",  # that it adds to the whole above it
        "score": "float?",
        "score_max": "float?",
        "coverage": "float?",
        "level": "text?",
        "met": "int?",  # criteria of a level that are met on the basis
        "of": "int?",  # criteria of a level
        "answer": "bool?",  # มี, ไม่มี, blank
        "evidence": "text?",
        "place": "text?",  # sheet!cell in the file that was sent: of the answer, of a measure's actual
        "target_place": "text?",  # of a measure's target
        "target": "float?",
        "actual": "float?",
        "direction": "text?",  # higher, lower
        "method": "text?",  # bands, interval
        "interval_step": "float?",  # of the method interval, in the measure's unit
        "success_rate": "float?",  # percent
        "band_from": "float?",  # percent, the edge below the rate
        "band_to": "float?",
        "to_next": "float?",  # percentage points
        "next_points": "float?",
        "next_actual": "float?",
    },
    key=("step",),
)

STATES: Final = (
    "scored",  # has a score
    "no_answer",  # nothing in it was answered
    "complete",  # a level with every criterion met
    "incomplete",  # a level that is open, and holds the ones above it back
    "shut",  # a level behind an incomplete one: earns nothing
    "counts",  # a criterion that is met and counts
    "held_back",  # met, but behind the gate
    "without_evidence",  # มี without evidence, on the basis evidenced
    "not_met",
    "unanswered",
    "refused",  # the assessor found the measure ไม่เหมาะสม
    "not_judged",  # reported, and the assessor has given no verdict: no score yet
    "counts_as_zero",  # an unreported core indicator
    "out_of_scope",  # an unreported optional indicator
)


@dataclass(frozen=True)
class _Source:
    """One submission on one basis, looked up by id."""

    framework: Framework
    basis: str
    scores: dict[tuple[str, str], dict[str, Any]]
    answers: dict[str, dict[str, Any]]
    measures: dict[str, list[dict[str, Any]]]

    def totals(self, kind: str, scope: str) -> dict[str, Any]:
        found = self.scores[kind, scope]
        return {name: found[name] for name in ("score", "score_max", "coverage", "level")}

    def met(self, criterion: str) -> bool:
        answer = self.answers.get(criterion, {})
        return answer.get("met") is True and (
            not bases()[self.basis].needs_evidence or answer.get("evidence") is not None
        )

    def height(self, item: str) -> int:
        """How many levels of a process item are complete, from the lowest up."""
        criteria = self.framework.criteria_of[item]
        for number, level in enumerate(self.framework.levels):
            if not all(self.met(c.id) for c in criteria if c.level == level.id):
                return number
        return len(self.framework.levels)


def traces(
    scores: pd.DataFrame,
    answers: pd.DataFrame,
    measures: pd.DataFrame,
    results: pd.DataFrame,
    framework: Framework,
    *,
    basis: str,
    scopes: Sequence[str] = (OVERALL,),
) -> list[pd.DataFrame]:
    """TRACE of each of several scopes of one submission: SCORES, ANSWERS, MEASURES and MEASURE_RESULTS all its own.

    scopes: overall, or the id of a category, item, dimension, indicator or measure ("7.1.1#2"). Raises KeyError where
    the edition or the submission has no such scope.
    """
    source = _Source(
        framework,
        basis,
        {(str(row["kind"]), str(row["scope"])): row for row in _records(scores[scores["basis"] == basis])},
        {str(row["criterion"]): row for row in _records(answers.astype({"met": "boolean"}))},
        _by_indicator(measures, results[results["basis"] == basis], framework),
    )
    found = []
    for scope in scopes:
        rows = [{**row, "step": number} for number, row in enumerate(_from(source, scope), start=1)]
        found.append(TRACE.conform(pd.DataFrame(rows, columns=list(TRACE.columns))))
    return found


def _by_indicator(measures: pd.DataFrame, shown: pd.DataFrame, framework: Framework) -> dict[str, list[dict[str, Any]]]:
    """The measures of each indicator in their order, with their success rates, scores and places among the bands."""
    placed = band_places(measures, shown, framework).drop(columns=["success_rate", "score"])
    key = ["submission", "indicator", "number"]
    text = {"submission": "str", "indicator": "str"}
    full = (
        measures.astype(text).merge(placed, on=key).merge(shown[[*key, "success_rate", "score"]].astype(text), on=key)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _records(full.sort_values(key)):
        found.setdefault(row["indicator"], []).append(row)
    return found


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with None for every blank, whatever its type."""
    plain = frame.astype("object")
    records: list[dict[str, Any]] = plain.where(plain.notna(), None).to_dict("records")
    return records


def _from(source: _Source, scope: str) -> Iterator[dict[str, Any]]:
    framework = source.framework
    if scope == OVERALL:
        yield from _overall(source)
    elif scope in framework.category:
        yield from _category(source, scope, 0, None)
    elif scope in framework.item:
        yield from _item(source, framework.item[scope], 0, None)
    elif scope in framework.dimension:
        yield from _dimension(source, scope)
    elif scope in framework.indicator:
        yield from _indicator(source, framework.indicator[scope], 0, None)
    else:
        indicator, _, number = scope.partition("#")
        measures = [m for m in source.measures.get(indicator, []) if str(m["number"]) == number]
        if not measures:
            raise KeyError(scope)
        yield _measure(measures[0], 0, None, source.basis)


def _row(kind: str, scope: str, depth: int, state: str, weight: float | None, **values: Any) -> dict[str, Any]:
    points = values.pop("points", None)
    if points is None and weight is not None and values.get("score") is not None:
        points = weight * values["score"]
    return {"kind": kind, "scope": scope, "depth": depth, "state": state, "weight": weight, "points": points, **values}


def _total(source: _Source, kind: str, scope: str, depth: int, weight: float | None) -> dict[str, Any]:
    totals = source.totals(kind, scope)
    return _row(kind, scope, depth, "no_answer" if totals["score"] is None else "scored", weight, **totals)


def _overall(source: _Source) -> Iterator[dict[str, Any]]:
    yield _total(source, "overall", OVERALL, 0, None)
    for category in source.framework.categories:
        yield from _category(source, category.id, 1, 1 / len(source.framework.categories))


def _category(source: _Source, category: str, depth: int, weight: float | None) -> Iterator[dict[str, Any]]:
    yield _total(source, "category", category, depth, weight)
    items = source.framework.items_of[category]
    for item in items:
        yield from _item(source, item, depth + 1, 1 / len(items))


def _item(source: _Source, item: Item, depth: int, weight: float | None) -> Iterator[dict[str, Any]]:
    yield _total(source, "item", item.id, depth, weight)
    if item.kind == "results":
        indicators = source.framework.indicators_of[item.id]
        in_scope = sum(i.core or source.totals("indicator", i.id)["score"] is not None for i in indicators)
        for indicator in indicators:
            yield from _indicator(source, indicator, depth + 1, 1 / in_scope if in_scope else None)
        return
    height = source.height(item.id)
    for number, level in enumerate(source.framework.levels):
        criteria = [c for c in source.framework.criteria_of[item.id] if c.level == level.id]
        worth = source.framework.scoring.band_points[level.id]
        met = sum(source.met(c.id) for c in criteria)
        yield _row(
            "level",
            f"{item.id} {level.id}",
            depth + 1,
            "shut" if number > height else "complete" if number < height else "incomplete",
            worth / source.framework.scoring.scale_max,
            points=worth * met / len(criteria) if number <= height else 0.0,
            met=met,
            of=len(criteria),
        )
        for criterion in criteria:
            yield _criterion(source, criterion, depth + 2, 1 / len(criteria), worth, height)


def _criterion(
    source: _Source, criterion: Criterion, depth: int, weight: float, worth: float, height: int
) -> dict[str, Any]:
    answer = source.answers.get(criterion.id, {})
    rank = [level.id for level in source.framework.levels].index(criterion.level)
    if source.met(criterion.id):
        state = "counts" if rank <= height else "held_back"
    elif answer.get("met") is None:
        state = "unanswered"
    else:
        state = "without_evidence" if answer["met"] else "not_met"
    return _row(
        "criterion",
        criterion.id,
        depth,
        state,
        weight,
        points=weight * worth if state == "counts" else 0.0,
        answer=answer.get("met"),
        evidence=answer.get("evidence"),
        place=_place(answer.get("sheet"), answer.get("cell")),
    )


def _dimension(source: _Source, dimension: str) -> Iterator[dict[str, Any]]:
    framework, scoring = source.framework, source.framework.scoring
    yield _total(source, "dimension", dimension, 0, None)
    is_results = dimension == scoring.results_dimension
    ladder = 1 - scoring.results_share if is_results else 1.0
    heights = {item.id: source.height(item.id) for item in framework.items_with_criteria}
    for number, level in enumerate(framework.levels):
        criteria = [c for c in framework.criteria if c.level == level.id and dimension in c.dimensions]
        whole = sum(c.dimensions[dimension] for c in criteria)
        worth = ladder * scoring.band_points[level.id]
        counted = [c for c in criteria if source.met(c.id) and heights[c.item] >= number]
        yield _row(
            "level",
            f"{dimension} {level.id}",
            1,
            "complete" if len(counted) == len(criteria) else "incomplete",
            worth / scoring.scale_max,
            points=worth * sum(c.dimensions[dimension] for c in counted) / whole,
            met=len(counted),
            of=len(criteria),
        )
        for criterion in criteria:
            yield _criterion(
                source, criterion, 2, criterion.dimensions[dimension] / whole, worth, heights[criterion.item]
            )
    if is_results:
        yield from _category(source, scoring.results_category, 1, scoring.results_share)


def _indicator(source: _Source, indicator: Indicator, depth: int, weight: float | None) -> Iterator[dict[str, Any]]:
    totals = source.totals("indicator", indicator.id)
    measures = source.measures.get(indicator.id, [])
    if totals["score"] is not None:
        yield _row("indicator", indicator.id, depth, "scored", weight, **totals)
    else:
        unreported = "counts_as_zero" if indicator.core else "out_of_scope"
        state = "not_judged" if any(_waits(measure, source.basis) for measure in measures) else unreported
        share, points = (weight, 0.0) if indicator.core else (None, None)
        yield _row("indicator", indicator.id, depth, state, share, points=points, **totals)
    scored = sum(measure["score"] is not None for measure in measures)
    for measure in measures:
        part = 1 / scored if measure["score"] is not None else None
        yield _measure(measure, depth + 1, part, source.basis)


def _measure(measure: dict[str, Any], depth: int, weight: float | None, basis: str) -> dict[str, Any]:
    if _waits(measure, basis):
        state = "not_judged"
    elif measure["score"] is None:
        state = "unanswered"
    else:
        state = "refused" if bases()[basis].needs_opinion and not measure["accepted"] else "scored"
    shown = ("target", "actual", "direction", "method", "evidence", "success_rate", "band_from", "band_to", "to_next")
    return _row(
        "measure",
        f"{measure['indicator']}#{measure['number']}",
        depth,
        state,
        weight,
        score=measure["score"],
        place=_place(measure["sheet"], measure["actual_cell"]),
        target_place=_place(measure["sheet"], measure["target_cell"]),
        interval_step=measure["step"] if measure["method"] == "interval" else None,
        next_points=measure["next_points"],
        next_actual=measure["next_actual"],
        **{name: measure[name] for name in shown},
    )


def _waits(measure: dict[str, Any], basis: str) -> bool:
    """Whether a measure has all that a score takes but the assessor's verdict."""
    reported = measure["target"] is not None and measure["actual"] is not None
    return bases()[basis].needs_opinion and reported and measure["accepted"] is None


def _place(sheet: str | None, cell: str | None) -> str | None:
    return f"{sheet}!{cell}" if sheet and cell else None
