"""What the form's formulas come to, for programs that show a file without computing it: Protected View, previews, mail.

By the rules themselves, from what stands in the form's cells; a file whose cells the rules cannot read has none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from pmqa.framework import Framework, Indicator
from pmqa.scoring import score
from pmqa.submission import (
    MOST_MEASURES,
    Answer,
    Measure,
    Submission,
    answer_frame,
    measure_frame,
    source_frame,
)
from pmqa.workbook import layout
from pmqa.workbook.draft import Raw
from pmqa.workbook.form.content import Content, Row
from pmqa.workbook.form.looks import Value

NO_VALUE: Final = "#N/A"  # leaves a gap in a chart
UNCOMPUTED: Final = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f>[^<]*</f>)<v(?:></v>| ?/>)</c>')
GIVEN: Final = "x"  # evidence: what it says earns nothing
ANSWERS: Final[Mapping[Raw, bool]] = {word: met for met, word in layout.MET.items()}
VERDICTS: Final[Mapping[Raw, bool]] = {word: accepted for accepted, word in layout.ACCEPTED.items()}


@dataclass(frozen=True)
class Scored:
    """What the score sheet comes to. rows: basis, scope -> score, score_max, coverage, level; blanks are None.
    measures: basis, indicator -> the points of its measures, in order."""

    rows: Mapping[tuple[str, str], Mapping[str, Value | None]]
    measures: Mapping[tuple[str, str], tuple[float, ...]]


def scored_values(content: Content, framework: Framework) -> Scored | None:
    """The scores of a form with this content; None where it has more measures than a form takes."""
    if any(len(content.rows.get(indicator.id, ())) > MOST_MEASURES for indicator in framework.indicators):
        return None
    sent = {"form": _sent(content, framework)}
    found = score(source_frame(sent), answer_frame(sent), measure_frame(sent), framework)
    found = found.astype({"basis": "str", "kind": "str", "scope": "str", "level": "object"})
    found = found[found["kind"] != "dimension"]
    values = found[["score", "score_max", "coverage", "level"]].astype("object")
    values = values.where(values.notna(), None)
    rows: dict[tuple[str, str], Mapping[str, Value | None]] = {}
    points: dict[tuple[str, str], tuple[float, ...]] = {}
    names = zip(found["basis"], found["kind"], found["scope"], values.to_dict("records"), strict=True)
    for basis, kind, scope, value in names:
        if kind != "measure":
            rows[basis, scope] = value
        elif value["score"] is not None:
            of = basis, scope.partition("#")[0]
            points[of] = (*points.get(of, ()), value["score"])
    return Scored(rows, points)


def with_values(data: bytes, values: Mapping[str, Value]) -> bytes:
    """The XML of a sheet with the values of its formulas, by cell."""

    def computed(found: re.Match[bytes]) -> bytes:
        cell, look, formula = found.groups()
        value = values.get(cell.decode())
        if value is None:
            return found[0]
        kind = b"" if not isinstance(value, str) else b' t="e"' if value == NO_VALUE else b' t="str"'
        shown = escape(value) if isinstance(value, str) else repr(float(value)).removesuffix(".0")
        return b'<c r="%b"%b%b>%b<v>%b</v></c>' % (cell, look, kind, formula, shown.encode())

    return UNCOMPUTED.sub(computed, data)


def _sent(content: Content, framework: Framework) -> Submission:
    """What the formulas count of the form's cells, as the rules take it."""
    answers = tuple(
        Answer(
            criterion.id,
            met=ANSWERS.get(row.get("answer")),
            evidence=None if row.get("evidence") in (None, "") else GIVEN,
        )
        for criterion in framework.criteria
        for row in content.rows.get(criterion.id, ())[:1]
    )
    measures = tuple(
        _measure(indicator, number, row)
        for indicator in framework.indicators
        for number, row in enumerate(content.rows.get(indicator.id, ()), 1)
    )
    blank = dict.fromkeys(("agency_code", "agency_name", "ministry", "agency_type"), "")
    edition = {"edition": framework.edition, "edition_version": framework.version, "form_version": ""}
    return Submission(**blank, **edition, fiscal_year=0, source=content.source, answers=answers, measures=measures)


def _measure(indicator: Indicator, number: int, row: Row) -> Measure:
    direction = row.get("direction") or layout.DIRECTIONS[indicator.direction]
    return Measure(
        indicator.id,
        number,
        direction="lower" if direction == layout.DIRECTIONS["lower"] else "higher",
        target=_number(row.get("target")),
        actual=_number(row.get("actual")),
        method="interval" if row.get("method") == layout.METHODS["interval"] else "bands",
        step=_number(row.get("step")),
        accepted=VERDICTS.get(row.get("answer")),
    )


def _number(value: Raw) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
