"""What goes into a form: nothing, an agency's submission, or what a file with errors says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from pmqa.sources import SELF, SOURCES
from pmqa.submission import Answer, Measure, Submission
from pmqa.workbook import layout
from pmqa.workbook.draft import Draft, Raw

Row = Mapping[str, Raw]  # column key -> value

# What a draft may hold for a cell of a list, besides the list's own words: the values that reading made of them.
WORDS: Final[dict[str, Mapping[Any, str]]] = {
    "direction": layout.DIRECTIONS,
    "method": layout.METHODS,
}
CONTACTS: Final = ("contact_name", "contact_email", "contact_phone")
MEASURE_PARTS: Final = tuple(
    part.name
    for part in fields(Measure)
    if part.name in {column.key for column in layout.MEASURE_COLUMNS} and part.name not in {"indicator", "measure"}
)


@dataclass(frozen=True)
class Content:
    """The values of a form's cells.

    source: whose form it is: self, assessor.
    reviewed: an assessor's form that shows what the agency sent, which the assessor reads and does not change.
    agency: field name -> value.
    rows: criterion or indicator id -> its rows; ids without content may be left out.
    """

    source: str
    reviewed: bool
    agency: Mapping[str, Raw]
    rows: Mapping[str, Sequence[Row]]

    @property
    def shows_agency_answers(self) -> bool:
        """Whether the agency's answers have a column of their own beside the assessor's."""
        return any(layout.AGENCY_ANSWER.key in row for rows in self.rows.values() for row in rows)


def content_of(
    prefill: Submission | Draft | None, source: str | None, fiscal_year: int | None, agency: Mapping[str, str] | None
) -> Content:
    """The content of a form. A prefill's own year and agency give way to those that are named here."""
    named: dict[str, Raw] = {**(agency or {})}
    if fiscal_year is not None:
        named["fiscal_year"] = fiscal_year
    if isinstance(prefill, Submission):
        found = _of_submission(prefill, source or prefill.source)
    elif isinstance(prefill, Draft):
        found = _of_draft(prefill, source)
    else:
        found = Content(source or SELF.id, False, {}, {})
    # What a file says of its source stays as it is, unreadable or blank: a word of our own would mend it unseen.
    own = {} if isinstance(prefill, Draft) else {"source": layout.source_words()[found.source]}
    fields_of = {**found.agency, **named, **own}
    return Content(found.source, found.reviewed, fields_of, found.rows)


def _of_submission(sent: Submission, source: str) -> Content:
    for_review = SOURCES[source].reviews and not SOURCES[sent.source].reviews
    agency: dict[str, Raw] = {field.name: getattr(sent, field.name) for field in layout.AGENCY_FIELDS}
    if for_review:
        agency |= dict.fromkeys(CONTACTS)  # of the assessor, who is somebody else
    rows: dict[str, Sequence[Row]] = {answer.criterion: (_answer_row(answer, for_review),) for answer in sent.answers}
    numbered: dict[str, dict[int, Measure]] = {}
    for measure in sent.measures:
        numbered.setdefault(measure.indicator, {})[measure.number] = measure
    for indicator, measures in numbered.items():
        rows[indicator] = [
            _measure_row(measures[number], for_review) if number in measures else {}
            for number in range(1, max(measures) + 1)
        ]
    return Content(source, SOURCES[source].reviews, agency, rows)


def _answer_row(answer: Answer, for_review: bool) -> Row:
    word = None if answer.met is None else layout.MET[answer.met]
    row: dict[str, Raw] = {"explanation": answer.explanation, "evidence": answer.evidence}
    if for_review:
        return {**row, layout.AGENCY_ANSWER.key: word}
    return {**row, "answer": word, "suggestion": answer.suggestion}


def _measure_row(measure: Measure, for_review: bool) -> Row:
    row: dict[str, Raw] = {name: getattr(measure, name) for name in MEASURE_PARTS}
    row["measure"] = measure.name
    row["direction"] = layout.DIRECTIONS[measure.direction]
    row["method"] = layout.METHODS[measure.method]
    if for_review:
        row["suggestion"] = None
    elif measure.accepted is not None:
        row["answer"] = layout.ACCEPTED[measure.accepted]
    return row


def _of_draft(draft: Draft, source: str | None) -> Content:
    agency = {name: cell.value for name, cell in draft.agency.items()}
    said = {word: key for key, word in layout.source_words().items()}
    source = source or said.get(str(agency.get("source")), SELF.id)
    rows = {
        id_: [{key: _worded(key, value) for key, value in row.cells.items()} for row in sent]
        for id_, sent in draft.rows.items()
    }
    content = Content(source, False, agency, rows)
    return Content(source, content.shows_agency_answers, agency, rows)


def _worded(key: str, value: Raw) -> Raw:
    if key in {"answer", layout.AGENCY_ANSWER.key} and isinstance(value, bool):
        return layout.MET[value]
    return WORDS.get(key, {}).get(value, value)
