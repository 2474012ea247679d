"""What a child says of a file, handed over as JSON: lists in the order of the dataclasses' fields, never objects.

The child may have been taken over by the file that it read. So whoever takes its answer believes nothing of it: every
type, id and size is held against the edition, and what does not fit is as good as no answer.
"""

from __future__ import annotations

import json
import string
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields
from functools import cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final, TypeVar, get_args, get_type_hints

from pmqa.errors import Finding
from pmqa.framework import Framework
from pmqa.sources import SOURCES
from pmqa.submission import FIRST_YEAR, LAST_YEAR, MOST_MEASURES, Answer, Measure, Submission
from pmqa.text import DEFAULT_LANGUAGE, translator
from pmqa.workbook import layout, limits
from pmqa.workbook.agency import AgencyRead
from pmqa.workbook.archive import Refusal
from pmqa.workbook.findings import CATALOGUE, Placed
from pmqa.workbook.judging import Judged, Scope
from pmqa.workbook.normalise import AGENCY_CODE, NUMBER_LIMIT
from pmqa.workbook.sheet import ADDRESS

Row = TypeVar("Row", Answer, Measure)

TYPES: Final = {
    kind.__name__: [frozenset(get_args(hint) or (hint,)) for hint in get_type_hints(kind).values()]
    for kind in (Answer, Measure)
}
VALUES_OF: Final = {kind: attrgetter(*(part.name for part in fields(kind))) for kind in (Answer, Measure)}
NUMBERS: Final = attrgetter(*layout.NUMBER_COLUMNS)
FIELDS: Final = {field.name: int if field.name == "fiscal_year" else str for field in layout.AGENCY_FIELDS}
OF_SENTENCE: Final = frozenset(("value", "sheet", "cell"))  # blanks that every sentence of a finding may have


def plain(judged: Judged) -> dict[str, object]:
    """What the child hands over."""
    sent = judged.submission
    return {
        "findings": [[*place, f.code, f.sheet, f.cell, f.value, dict(f.values)] for place, f in judged.findings],
        "sheets": judged.sheets,
        "values": judged.agency.values,
        "places": judged.agency.places,
        "edition": judged.edition,
        "scores": [
            [*scope, score, scope in judged.overwritten_scores] for scope, score in judged.cached_scores.items()
        ],
        "submission": sent
        and [
            sent.edition_version,
            sent.form_version,
            [VALUES_OF[Answer](answer) for answer in sent.answers],
            [VALUES_OF[Measure](measure) for measure in sent.measures],
        ],
    }


def taken(text: bytes, frameworks: Mapping[str, Framework]) -> Judged | Refusal:
    """What a child has handed over: what it judged, or why it refused the file. Raises Refusal for what cannot be."""
    try:
        said = json.loads(text)
        return _refusal(said) if "refused" in said else _judged(said, frameworks)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Refusal("reader_stopped") from error


def _refusal(said: Mapping[str, Any]) -> Refusal:
    code, values = said["refused"], said["values"]
    _need(_fills(code, values.keys() | {"file"}))
    _need(all(type(value) in (str, int) for value in values.values()))
    return Refusal(code, **values)


def _judged(said: Mapping[str, Any], frameworks: Mapping[str, Framework]) -> Judged:
    edition, sheets, values, places = said["edition"], said["sheets"], said["values"], said["places"]
    framework = None if edition is None else frameworks[edition]
    _need(type(sheets) is list and len(sheets) <= limits.SHEETS and all(type(name) is str for name in sheets))
    _need(all(type(value) is FIELDS[name] for name, value in values.items()) and values.keys() <= places.keys())
    _need(FIELDS.keys() >= places.keys() and all(_is_place(*place) for place in places.values()))
    findings = [_finding(*one) for one in said["findings"]]
    sound = framework is not None and not any(finding.is_error for _, finding in findings)
    _need(sound == (said["submission"] is not None))
    scores = [_score(framework, *one) for one in said["scores"]]
    return Judged(
        findings,
        sheets,
        AgencyRead(values, {}, {name: (sheet, column, row) for name, (sheet, column, row) in places.items()}),
        edition,
        _submission(framework, values, *said["submission"]) if framework is not None and sound else None,
        MappingProxyType({scope: score for scope, score, _ in scores}),
        frozenset(scope for scope, _, typed in scores if typed),
    )


def _finding(
    number: int, row: int, width: int, column: str, code: str, sheet: str | None, cell: str | None, value: str | None,
    values: dict[str, str | int],
) -> Placed:  # fmt: skip
    _need(type(number) is type(row) is type(width) is int and type(column) is str)
    _need(all(one is None or type(one) is str for one in (sheet, cell, value)))
    _need(all(type(one) in (str, int) for one in values.values()) and _fills(code, values.keys()))
    place = number, row, width, column
    return place, Finding(code, CATALOGUE[code], sheet, cell, value, MappingProxyType(values))


def _fills(code: str, names: Set[str]) -> bool:
    return code in CATALOGUE and _blanks(code) <= names | OF_SENTENCE


@cache
def _blanks(code: str) -> frozenset[str]:
    """The blanks of a finding's sentences. Raises KeyError for a code that there is not."""
    sentences = translator(DEFAULT_LANGUAGE).sentences
    texts = (sentences[f"{kind}.{code}"] for kind in ("findings", "mend"))
    return frozenset(name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name)


def _score(
    framework: Framework | None, kind: str, id_: str, score: float | None, typed: bool
) -> tuple[Scope, float | None, bool]:
    _need(framework is not None and id_ in framework.scopes(kind) and type(typed) is bool)
    _need(score is None or _is_number(score))
    return (kind, id_), score, typed


def _submission(
    framework: Framework,
    values: dict[str, Any],
    version: str,
    form: str,
    answers: Sequence[Any],
    measures: Sequence[Any],
) -> Submission:
    sent = Submission(
        **values,
        edition=framework.edition,
        edition_version=version,
        form_version=form,
        answers=_rows(Answer, answers),
        measures=_rows(Measure, measures),
    )
    _need(type(version) is type(form) is str and AGENCY_CODE.fullmatch(sent.agency_code) is not None)
    _need(FIRST_YEAR <= sent.fiscal_year <= LAST_YEAR)
    _need(sent.source in SOURCES and sent.agency_type in layout.AGENCY_TYPES)
    _need([answer.criterion for answer in sent.answers] == [criterion.id for criterion in framework.criteria])
    counts = Counter(measure.indicator for measure in sent.measures)
    _need(max(counts.values(), default=0) <= MOST_MEASURES)
    numbered = [(one.id, number) for one in framework.indicators for number in range(1, counts[one.id] + 1)]
    _need([(measure.indicator, measure.number) for measure in sent.measures] == numbered)
    for one in sent.measures:
        _need(one.direction in layout.DIRECTIONS and one.method in layout.METHODS)
        _need(all(number is None or _is_number(number) for number in NUMBERS(one)))
    return sent


def _rows(kind: type[Row], rows: Sequence[Sequence[Any]]) -> tuple[Row, ...]:
    columns = list(zip(*rows, strict=True)) or [()] * len(TYPES[kind.__name__])
    _need(all(types.issuperset(map(type, column)) for column, types in zip(columns, TYPES[kind.__name__], strict=True)))
    return tuple(map(kind, *columns))


def _is_number(number: float) -> bool:
    return type(number) is float and abs(number) < NUMBER_LIMIT  # which no number that is none is


def _is_place(sheet: str, column: str, row: int) -> bool:
    return type(sheet) is str and type(row) is int and ADDRESS.fullmatch(f"{column}{row}") is not None


def _need(holds: bool) -> None:
    if not holds:
        raise ValueError
