"""The score sheet of a file against the rules: where its own numbers differ, and why.

A form computes its scores while it is filled in; what counts is what we compute from its answers. A difference is never
an error, but whoever compares the two numbers must be told the reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import pandas as pd

from pmqa.errors import Finding
from pmqa.framework import Framework, Item
from pmqa.scoring import OVERALL
from pmqa.sources import bases_of
from pmqa.submission import Submission
from pmqa.text import MISSING
from pmqa.workbook import layout
from pmqa.workbook.draft import Draft, cells_in, places
from pmqa.workbook.findings import CATALOGUE
from pmqa.workbook.read import Reading

Scope = tuple[str, str]  # kind, id as in SCORES
Points = Mapping[Scope, float | None]

TOLERANCE: Final = 1e-6  # points: spreadsheet programs keep 15 digits
SHOWN: Final = 5  # scopes that one finding names

# Causes in the order in which they are looked for; the last is what remains.
OVERWRITTEN: Final = "score_overwritten"  # a number was typed over the formula
GATE_IGNORED: Final = "score_gate_ignored"  # points of a level above an incomplete one were counted
TEXT_EDITED: Final = "score_text_edited"  # answers were written in words that we understand and the formula does not
NOT_RECALCULATED: Final = "score_not_recalculated"  # the file keeps the result of an earlier state
CAUSES: Final = (OVERWRITTEN, GATE_IGNORED, TEXT_EDITED, NOT_RECALCULATED)

# Notes of reading that say so, and the columns whose words and numbers the formulas use.
CORRECTIONS: Final = frozenset({"answer_corrected", "number_corrected", "code_corrected", "text_cleaned"})
COUNTED: Final = frozenset({"criterion", "indicator", "answer", "direction", "target", "actual", "method", "step"})


def agrees(reading: Reading, near: Mapping[Scope, float]) -> bool:
    """Whether the file's own scores are ours beyond doubt, so that nothing is to be said. near: as near_scores."""
    for scope, shown in reading.cached_scores.items():
        ours = near.get(scope)
        if ours is not None and not (math.isnan(ours) if shown is None else abs(shown - ours) <= TOLERANCE / 2):
            return False
    return True


def reconcile(reading: Reading, scores: pd.DataFrame, framework: Framework) -> list[Finding]:
    """Findings on a file's own scores that differ from ours, one for each cause, with the scopes that it explains.

    scores: SCORES of this submission, of the edition that it names. Scopes that the file never computed are passed
    over, and so are totals that differ only because their parts do. Empty without a submission.
    """
    if reading.submission is None or not reading.cached_scores:
        return []
    ours = _points(scores, bases_of(reading.submission.source)[0])
    shown = reading.cached_scores
    edited = _edited(reading, framework)
    found: dict[str, list[Scope]] = {}
    for scope in _in_order(framework):
        if scope not in shown or scope not in ours or _same(shown[scope], ours[scope]):
            continue
        if scope in reading.overwritten_scores:
            cause = OVERWRITTEN
        elif _follows(scope, shown, framework):
            continue
        elif _same(shown[scope], _without_gates(scope, reading.submission, framework)):
            cause = GATE_IGNORED
        else:
            cause = TEXT_EDITED if scope in edited else NOT_RECALCULATED
        found.setdefault(cause, []).append(scope)
    return [_finding(cause, found[cause], shown, ours) for cause in CAUSES if cause in found]


def _points(scores: pd.DataFrame, basis: str) -> dict[Scope, float | None]:
    of_basis = scores[scores["basis"] == basis]
    columns = (of_basis[name].tolist() for name in ("kind", "scope", "score"))
    return {(kind, scope): None if math.isnan(score) else score for kind, scope, score in zip(*columns, strict=True)}


def _in_order(framework: Framework) -> Iterator[Scope]:
    """Parts before what is made of them."""
    for kind in ("indicator", "item", "category", "overall"):
        for scope in framework.scopes(kind):
            yield kind, scope


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= TOLERANCE


def _follows(scope: Scope, shown: Points, framework: Framework) -> bool:
    """Whether the sheet's total is what the sheet's own parts make of it."""
    kind, id_ = scope
    if kind == "overall":
        parts = [("category", category.id) for category in framework.categories]
    elif kind == "category":
        parts = [("item", item.id) for item in framework.items_of[id_]]
    elif kind == "item" and framework.item[id_].kind == "results":
        return _same(shown[scope], _result_item(framework.item[id_], shown, framework))
    else:
        return False
    points = [shown.get(part) for part in parts]
    total = sum(value for value in points if value is not None) / len(points)
    return _same(shown[scope], None if all(value is None for value in points) else total)


def _result_item(item: Item, shown: Points, framework: Framework) -> float | None:
    indicators = [(n.core, shown.get(("indicator", n.id))) for n in framework.indicators_of[item.id]]
    reported = [value for _, value in indicators if value is not None]
    missing = sum(core and value is None for core, value in indicators)
    least = framework.scoring.scale_min
    return (sum(reported) + least * missing) / (len(reported) + missing) if reported else None


def _without_gates(scope: Scope, sent: Submission, framework: Framework) -> float | None:
    """Points of a process item if every level counted by itself."""
    if scope[0] != "item" or framework.item[scope[1]].kind == "results":
        return None
    met = {answer.criterion for answer in sent.answers if answer.met}
    total = 0.0
    for level, points in framework.scoring.band_points.items():
        criteria = [criterion.id for criterion in framework.criteria_of[scope[1]] if criterion.level == level]
        total += points * sum(criterion in met for criterion in criteria) / len(criteria)
    return total


def _edited(reading: Reading, framework: Framework) -> set[Scope]:
    """The items and indicators in whose cells reading corrected what stood there."""
    corrected = [finding for finding in reading.findings if finding.code in CORRECTIONS]
    if not corrected or reading.draft is None:
        return set()
    ids = set(_corrected_ids(reading.draft, corrected))
    items = {framework.criterion[id_].item for id_ in ids if id_ in framework.criterion}
    return {("item", item) for item in items} | {("indicator", id_) for id_ in ids if id_ in framework.indicator}


def _corrected_ids(draft: Draft, findings: Sequence[Finding]) -> Iterator[str]:
    id_at = {(sheet, cell): place.id for sheet, cell, place in places(draft) if place.key in COUNTED}
    for finding in findings:
        if finding.sheet and finding.cell:
            for cell in cells_in(finding.cell):
                if (finding.sheet, cell) in id_at:
                    yield id_at[finding.sheet, cell]


def _finding(cause: str, scopes: Sequence[Scope], shown: Points, ours: Points) -> Finding:
    return Finding(
        cause,
        CATALOGUE[cause],
        layout.SUMMARY_SHEET,
        value=_listed([_number(shown[scope]) for scope in scopes]),
        values=MappingProxyType(
            {
                "scope": _listed(["1–7" if id_ == OVERALL else id_ for _, id_ in scopes]),
                "expected": _listed([_number(ours[scope]) for scope in scopes]),
                "count": len(scopes),
            }
        ),
    )


def _number(points: float | None) -> str:
    return MISSING if points is None else f"{points:.1f}"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:SHOWN]) + (", …" if len(words) > SHOWN else "")
