"""What a file says by itself: places, values, checks, and the submission where nothing is wrong.

It runs in the child that reads the cells (child.py), so that it starts without pandas, and again from the cells that
were kept where a draft is asked for. What depends on who receives the file is no part of it (known.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from pmqa.framework import Framework
from pmqa.sources import SELF, bases_of
from pmqa.submission import Answer, Measure, Submission
from pmqa.workbook import layout
from pmqa.workbook.agency import AgencyRead, read_agency
from pmqa.workbook.checks import CHECKS, Form
from pmqa.workbook.edition import edition_of
from pmqa.workbook.findings import Placed, placed, spot
from pmqa.workbook.magnitudes import MAGNITUDE_CHECKS
from pmqa.workbook.mapping import (
    HEADING_ROWS,
    ID_KEY,
    Located,
    Row,
    Sheet,
    is_category,
    locate,
    missing_sheets,
    text_of,
)
from pmqa.workbook.misplaced import MISPLACED, MISPLACED_CHECKS
from pmqa.workbook.normalise import number_value
from pmqa.workbook.rows import FormRow, criterion_rows, has_content, measure_rows
from pmqa.workbook.unplaced import unplaced_lines

Scope = tuple[str, str]  # kind, id as in SCORES
WITH_FORMULA: Final = 3  # parts of a cell that has one
SHOWN_SHEETS: Final = 5  # enough to recognise a file by


@dataclass(frozen=True, slots=True)
class Judged:
    """What a file says by itself.

    findings: each with its place. sheets: their names, in order.
    agency: what could be read of it, with the places of its fields. edition: None where none could be told.
    submission: None where a finding is an error.
    cached_scores, overwritten_scores: as of a Reading.
    """

    findings: Sequence[Placed]
    sheets: Sequence[str]
    agency: AgencyRead
    edition: str | None = None
    submission: Submission | None = None
    cached_scores: Mapping[Scope, float | None] = field(default_factory=lambda: MappingProxyType({}))
    overwritten_scores: frozenset[Scope] = frozenset()


@dataclass(frozen=True, slots=True)
class Content:
    """A file's cells once they are read; what is wrong is in found.spots.

    framework, form: None where the edition could not be told.
    """

    found: Located
    agency: AgencyRead
    date1904: bool
    framework: Framework | None = None
    form: Form | None = None

    @property
    def is_form(self) -> bool:
        """Whether anything of it is the form's."""
        return bool(self.found.blocks or self.found.agency or self.found.keys)


def content_of(cells: Mapping[str, Any], frameworks: Mapping[str, Framework]) -> Content:
    """The cells of a file (cells.py) by what they mean, and checked."""
    found, date1904 = locate(cells), bool(cells["date1904"])
    content = Content(found, AgencyRead({}, {}, {}), date1904)
    spots = found.spots
    if not content.is_form:
        names = _listed([sheet.name for sheet in found.sheets])
        spots[:] = [s for s in spots if s.code != "unknown_sheet"] or [spot("not_this_form", sheets=names)]
        return content
    agency = read_agency(found, date1904, spots)
    framework = edition_of(found, frameworks, spots)
    if framework is None:
        # Nothing in the rows can be judged without the edition; what is wrong with the agency can.
        return replace(content, agency=agency)
    form = form_of(found, agency, framework, date1904)
    spots += missing_sheets(found, framework, _categories_of(form))
    spots += [one for check in MISPLACED_CHECKS for one in check(form)]
    # Where columns or codes stand in wrong places, all that could be said of the values only follows from it.
    mixed = {one.sheet for one in spots if one.code in MISPLACED}
    for check in (*CHECKS, *MAGNITUDE_CHECKS):
        spots.extend(one for one in check(form) if one.sheet is None or one.sheet not in mixed)
    return Content(found, agency, date1904, framework, form)


def judge(cells: Mapping[str, Any], frameworks: Mapping[str, Framework]) -> Judged:
    """What the cells of a file say."""
    content = content_of(cells, frameworks)
    found, framework, form = content.found, content.framework, content.form
    if content.is_form:
        unplaced_lines(found, found.spots)
    names = [sheet.name for sheet in found.sheets]
    findings = placed(found.spots, names)
    sound = form is not None and not any(finding.is_error for _, finding in findings)
    source = str(content.agency.values.get("source") or SELF.id)
    return Judged(
        findings,
        names,
        content.agency,
        framework.edition if framework else None,
        _submission(form, found) if form is not None and sound else None,
        *_cached_scores(found.sheets, framework, source),
    )


def form_of(found: Located, agency: AgencyRead, framework: Framework, date1904: bool) -> Form:
    """The rows of the form in the sheets that were found."""
    criteria: dict[str, list[FormRow]] = defaultdict(list)
    indicators: dict[str, list[FormRow]] = defaultdict(list)
    offered: dict[str, FormRow] = {}
    doubled: dict[str, tuple[FormRow, str]] = {}
    broken: set[str] = set()
    spare: dict[str, list[FormRow]] = defaultdict(list)
    # Of two sheets of one category, the one under the form's own name comes first: the other is the copy.
    for block in sorted(found.blocks, key=lambda block: not is_category(block.sheet.name)):
        rows = criterion_rows if block.kind == "criteria" else measure_rows
        ids = []
        for row in rows(block, framework, date1904, found.spots):
            ids.append(row.id)
            if block.kind == "criteria":
                criteria[row.id].append(row)
                continue
            if offered.setdefault(row.id, row).block is not block:
                doubled.setdefault(block.sheet.name, (row, offered[row.id].sheet))
            elif has_content(row):
                indicators[row.id].append(row)
            elif row.draft or row.kept:
                spare[row.id].append(row)
        if block.missing:
            broken.update(identity.partition(".")[0] for identity in ids)
            if ID_KEY[block.kind] in block.missing:
                broken.update(category.id for category in framework.categories)
    # As of a criterion: which one is meant? A copy, a draft or last year's would be merged as further measures.
    found.spots += [row.spot("measures_twice", "indicator", other=first) for row, first in doubled.values()]
    present = {identity.partition(".")[0] for identity in (*criteria, *offered)}
    broken.update(category.id for category in framework.categories if category.id not in present)
    return Form(framework, found, agency, criteria, indicators, offered, broken, spare)


def _categories_of(form: Form) -> set[str]:
    return {identity.partition(".")[0] for identity in (*form.criteria, *form.offered)}


def _submission(form: Form, found: Located) -> Submission:
    values: dict[str, Any] = dict(form.agency.values)
    return Submission(
        **values,
        edition=form.framework.edition,
        edition_version=found.keys.get("edition_version") or form.framework.version,
        form_version=found.keys.get("form") or layout.FORM_VERSION,
        answers=tuple(_answer(criterion.id, form.criteria.get(criterion.id)) for criterion in form.framework.criteria),
        measures=tuple(
            _measure(row, number, indicator.direction)
            for indicator in form.framework.indicators
            for number, row in enumerate(form.indicators.get(indicator.id, ()), 1)
        ),
    )


def _answer(criterion: str, rows: Sequence[FormRow] | None) -> Answer:
    if not rows:
        return Answer(criterion)
    row = rows[0]
    values: Mapping[str, Any] = row.values
    return Answer(
        criterion,
        values.get("answer"),
        values.get("explanation"),
        values.get("evidence"),
        values.get("suggestion"),
        row.sheet,
        row.address("answer"),
    )


def _measure(row: FormRow, number: int, direction: str) -> Measure:
    values: dict[str, Any] = dict(row.values)
    return Measure(
        row.id,
        number,
        name=values.pop("measure", None),
        direction=values.pop("direction", direction),
        accepted=values.pop("answer", None),
        sheet=row.sheet,
        target_cell=row.address("target"),
        actual_cell=row.address("actual"),
        **values,
    )


def _cached_scores(
    sheets: Sequence[Sheet], framework: Framework | None, source: str
) -> tuple[dict[Scope, float | None], frozenset[Scope]]:
    """The scores that the form's own sheet shows, and which of them are no formulas."""
    scores: dict[Scope, float | None] = {}
    typed: set[Scope] = set()
    wanted = bases_of(source)[0]
    found = _score_columns(sheets, wanted) if framework else None
    if found is None:
        return scores, frozenset()
    rows, scopes, column = found
    for row in rows:
        scope = _scope(text_of(row.get(scopes)), framework)
        cell = row.get(column)
        if scope is None or (isinstance(cell, list) and cell[0] in ("f", "e")):
            continue
        scores[scope] = None if cell is None else number_value(cell, percent=False)[0]
        if isinstance(cell, list) and len(cell) < WITH_FORMULA:
            typed.add(scope)
    return scores, frozenset(typed)


def _score_columns(sheets: Sequence[Sheet], wanted: str) -> tuple[list[Row], str, str] | None:
    """The rows below the keys of the score sheet, and the columns of scopes and scores."""
    for sheet in sorted(sheets, key=lambda sheet: sheet.name != layout.SUMMARY_SHEET):
        rows = list(sheet.rows.values())
        for number, row in enumerate(rows[:HEADING_ROWS], 1):
            if wanted in row.values() and layout.SCORE_SCOPE in row.values():
                letters = {cell: x for x, cell in row.items() if isinstance(cell, str)}
                return rows[number:], letters[layout.SCORE_SCOPE], letters[wanted]
    return None


def _scope(text: str, framework: Framework | None) -> Scope | None:
    if framework is None:
        return None
    kinds: Mapping[str, Mapping[str, object]] = {
        "overall": {"overall": None},
        "category": framework.category,
        "dimension": framework.dimension,
        "item": framework.item,
        "indicator": framework.indicator,
    }
    return next(((kind, text) for kind, known in kinds.items() if text in known), None)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN_SHEETS]) + (", …" if len(names) > SHOWN_SHEETS else "")
