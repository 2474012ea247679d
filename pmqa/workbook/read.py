"""From the bytes of a file to a Submission, or to everything that is wrong with it.

refuse what is no workbook (kind.py) -> cells in a child process (readers.py, cells.py) -> places (mapping.py)
-> values (agency.py, rows.py) -> checks (checks.py) -> grouped findings (findings.py)
"""

from __future__ import annotations

import gc
import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from pmqa.errors import Finding
from pmqa.framework import DEFAULT_EDITION, Framework
from pmqa.sources import SELF, bases_of
from pmqa.submission import Answer, Measure, Submission
from pmqa.workbook import layout
from pmqa.workbook.agency import AgencyRead, read_agency
from pmqa.workbook.archive import Refusal
from pmqa.workbook.checks import CHECKS, Form
from pmqa.workbook.draft import Draft
from pmqa.workbook.drafting import draft_of
from pmqa.workbook.edition import edition_of
from pmqa.workbook.findings import CATALOGUE, Spot, grouped, spot
from pmqa.workbook.kind import refuse_what_is_no_workbook
from pmqa.workbook.known import AGENCY_CHECKS, Known
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
from pmqa.workbook.misplaced import MISPLACED_CHECKS
from pmqa.workbook.normalise import number_value
from pmqa.workbook.readers import MOST_READERS, cells_text, packed, unpacked
from pmqa.workbook.rows import FormRow, criterion_rows, has_content, measure_rows

Scope = tuple[str, str]  # kind, id as in SCORES
WITH_FORMULA: Final = 3  # parts of a cell that has one
SHOWN_SHEETS: Final = 5  # enough to recognise a file by
AHEAD: Final = 2  # files a worker that wait their turn while a batch is read
GARBAGE_AFTER: Final = 50_000  # new objects, while a batch is read
USUAL_GARBAGE: Final = gc.get_threshold()


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file.

    submission: None when any finding is an error.
    draft: what the file says, sound or not; None where it is no form.
    cached_scores: (kind, scope) -> the score that the form's own sheet shows, None where it shows none; a scope whose
        formula was never calculated is left out.
    overwritten_scores: those of them that are typed numbers where the form has formulas.
    agency_code, fiscal_year, source, edition: as far as they could be read.
    raw_cells: every cell of the file, packed (readers.py; JSON of the shape in cells.py); None where no cell was read.
    """

    submission: Submission | None
    findings: tuple[Finding, ...]
    draft: Draft | None = None
    cached_scores: Mapping[Scope, float | None] = field(default_factory=lambda: MappingProxyType({}))
    overwritten_scores: frozenset[Scope] = frozenset()
    agency_code: str | None = None
    fiscal_year: int | None = None
    source: str | None = None
    edition: str | None = None
    raw_cells: bytes | None = None

    @property
    def is_sound(self) -> bool:
        """Whether there is a submission."""
        return self.submission is not None


def read_submission(
    content: bytes, frameworks: Mapping[str, Framework], *, file_name: str = "", known: Known | None = None
) -> Reading:
    """Read a file that somebody sent. Never raises for what is in it: what is wrong is in the findings.

    file_name: kept with the finding where the file is no workbook; never used as a path.
    """
    try:
        refuse_what_is_no_workbook(content)
        text = cells_text(content)
        return _read(json.loads(text), packed(text), frameworks, known)
    except Refusal as refusal:
        return Reading(None, (refused(refusal, file_name),))


def read_many(
    contents: Iterable[bytes],
    frameworks: Mapping[str, Framework],
    *,
    workers: int = MOST_READERS,
    known: Known | None = None,
) -> Iterator[Reading]:
    """Read many files, in their order, several at once; no more than a few are held at a time."""
    waiting: deque[Future[Reading]] = deque()
    with _garbage_looked_for_seldom(), ThreadPoolExecutor(workers, thread_name_prefix="read") as pool:
        try:
            for content in contents:
                waiting.append(pool.submit(read_submission, content, frameworks, known=known))
                if len(waiting) > workers * AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


@contextmanager
def _garbage_looked_for_seldom() -> Iterator[None]:
    # Cells are many objects without a cycle, and at the usual pace a tenth of all CPU goes into looking for cycles.
    # Of two batches side by side the first to end sets the usual pace again: the other is slower, no more.
    gc.set_threshold(GARBAGE_AFTER, *USUAL_GARBAGE[1:])
    try:
        yield
    finally:
        gc.set_threshold(*USUAL_GARBAGE)


def read_cells_again(kept: bytes, frameworks: Mapping[str, Framework], *, known: Known | None = None) -> Reading:
    """Read a file from its kept cells, as after a change of a rule. Raises Refusal where they are damaged."""
    return _read(json.loads(unpacked(kept)), kept, frameworks, known)


def _read(cells: Mapping[str, Any], kept: bytes, frameworks: Mapping[str, Framework], known: Known | None) -> Reading:
    if "refused" in cells:
        raise Refusal(cells["refused"], **cells["values"])
    found = locate(cells)
    names = [sheet.name for sheet in found.sheets]
    if not found.blocks and not (found.agency or found.keys):
        spots = [s for s in found.spots if s.code != "unknown_sheet"] or [spot("not_this_form", sheets=_listed(names))]
        return Reading(None, grouped(spots, names), raw_cells=kept)
    spots = found.spots
    date1904 = bool(cells["date1904"])
    agency = read_agency(found, date1904, spots)
    _take_code_as_known(agency, known, spots)
    framework = edition_of(found, frameworks, spots)
    if framework is None:
        # Nothing in the rows can be judged without the edition; what is wrong with the agency can.
        return _reading(None, found, agency, None, kept, _draft_without_edition(found, agency, frameworks, date1904))
    form = _form(found, agency, framework, date1904, known)
    spots += missing_sheets(found, framework, _categories_of(form))
    misplaced = [one for check in MISPLACED_CHECKS for one in check(form)]
    spots += misplaced
    # Where columns or codes stand in wrong places, all that could be said of the values only follows from it.
    mixed = {one.sheet for one in misplaced if CATALOGUE[one.code] == "error"}
    for check in (*CHECKS, *AGENCY_CHECKS, *MAGNITUDE_CHECKS):
        spots.extend(one for one in check(form) if one.sheet is None or one.sheet not in mixed)
    draft = draft_of(form, found, agency, framework, date1904)
    return _reading(form, found, agency, framework, kept, draft)


def _take_code_as_known(agency: AgencyRead, known: Known | None, spots: list[Spot]) -> None:
    """Another spelling of a known agency's code is that agency's, so that it does not become a second one."""
    code = agency.values.get("agency_code")
    if known is None or not isinstance(code, str):
        return
    meant = known.meant(code, str(agency.values.get("agency_name")), str(agency.values.get("ministry")))
    if meant != code:
        sheet, column, row = agency.places["agency_code"]
        spots.append(spot("code_taken_as", sheet, column, row, code, after=meant))
        agency.values["agency_code"] = meant


def _draft_without_edition(
    found: Located, agency: AgencyRead, frameworks: Mapping[str, Framework], date1904: bool
) -> Draft:
    """What a form of an unknown edition says: rows whose code and words are those of the edition that its marked copy
    is made from. What is wrong in them is not said, as nothing in them can be judged.
    """
    own = frameworks.get(DEFAULT_EDITION)
    form = _form(replace(found, spots=[]), agency, own, date1904, None) if own is not None else None
    return draft_of(form, found, agency, own, date1904, only_own_words=True)


def refused(refusal: Refusal, file_name: str) -> Finding:
    """Why a file was not read, as a finding."""
    values: dict[str, str | int] = dict(refusal.values)
    sheet, cell = values.pop("sheet", None), values.pop("cell", None)
    return Finding(
        refusal.code,
        CATALOGUE[refusal.code],
        str(sheet) if sheet else None,
        str(cell) if cell else None,
        None,
        MappingProxyType({**values, "file": file_name}),
    )


def _form(found: Located, agency: AgencyRead, framework: Framework, date1904: bool, known: Known | None) -> Form:
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
    return Form(framework, found, agency, criteria, indicators, offered, broken, known, spare)


def _categories_of(form: Form) -> set[str]:
    return {identity.partition(".")[0] for identity in (*form.criteria, *form.offered)}


def _reading(
    form: Form | None,
    found: Located,
    agency: AgencyRead,
    framework: Framework | None,
    kept: bytes,
    draft: Draft,
) -> Reading:
    findings = grouped(found.spots, [sheet.name for sheet in found.sheets])
    sound = form is not None and not any(finding.is_error for finding in findings)
    scores, overwritten = _cached_scores(found.sheets, framework, str(agency.values.get("source") or SELF.id))
    year = agency.values.get("fiscal_year")
    code, source = agency.values.get("agency_code"), agency.values.get("source")
    return Reading(
        submission=_submission(form, found) if form is not None and sound else None,
        findings=findings,
        draft=draft,
        cached_scores=MappingProxyType(scores),
        overwritten_scores=overwritten,
        agency_code=str(code) if code is not None else None,
        fiscal_year=year if isinstance(year, int) else None,
        source=str(source) if source is not None else None,
        edition=framework.edition if framework else None,
        raw_cells=kept,
    )


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
