"""From the bytes of a file to a Submission, or to everything that is wrong with it.

refuse what is no workbook (kind.py) -> in a child process (readers.py): cells (cells.py) -> places, values, checks,
findings (judging.py) -> taken from the child (handed.py) -> what the receiver knows of the agency (known.py)
"""

from __future__ import annotations

import gc
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from types import MappingProxyType
from typing import Final

from pmqa.errors import Finding
from pmqa.framework import DEFAULT_EDITION, Framework
from pmqa.submission import Submission
from pmqa.workbook.archive import Refusal
from pmqa.workbook.draft import Draft
from pmqa.workbook.drafting import draft_of
from pmqa.workbook.findings import CATALOGUE, in_order, placed
from pmqa.workbook.judging import Judged, Scope, content_of, form_of
from pmqa.workbook.kind import refuse_what_is_no_workbook
from pmqa.workbook.known import Known, of_receiver
from pmqa.workbook.readers import MOST_READERS, judged, packed, unpacked

AHEAD: Final = 4  # files a worker that wait their turn while a batch is read
GARBAGE_AFTER: Final = 50_000  # new objects, while a batch is read
USUAL_GARBAGE: Final = gc.get_threshold()


@dataclass(frozen=True)
class Reading:
    """What came of a file.

    submission: None when any finding is an error.
    drafted: makes its draft.
    cached_scores: (kind, scope) -> the score that the form's own sheet shows, None where it shows none; a scope whose
        formula was never calculated is left out.
    overwritten_scores: those of them that are typed numbers where the form has formulas.
    agency_code, fiscal_year, source, edition: as far as they could be read.
    raw_cells: every cell of the file, packed (readers.py; JSON of the shape in cells.py); None where no cell was read.
    """

    submission: Submission | None
    findings: tuple[Finding, ...]
    drafted: Callable[[], Draft | None] | None = field(default=None, compare=False, repr=False)
    cached_scores: Mapping[Scope, float | None] = field(default_factory=lambda: MappingProxyType({}))
    overwritten_scores: frozenset[Scope] = frozenset()
    agency_code: str | None = None
    fiscal_year: int | None = None
    source: str | None = None
    edition: str | None = None
    raw_cells: bytes | None = None

    @cached_property
    def draft(self) -> Draft | None:
        """What the file says, sound or not; None where it is no form. Few ask, and it costs as much as reading it."""
        return self.drafted() if self.drafted else None

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
        said, cells = judged(content, frameworks)
    except Refusal as refusal:
        return Reading(None, (refused(refusal, file_name),))
    return _reading(said, packed(cells), frameworks, known)


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


def _reading(said: Judged, kept: bytes, frameworks: Mapping[str, Framework], known: Known | None) -> Reading:
    told = [finding for _, finding in said.findings]
    spots = of_receiver(said.agency, known, told, edition=said.edition is not None)
    findings = tuple(finding for _, finding in in_order((*said.findings, *placed(spots, said.sheets))))
    agency, submission = said.agency.values, said.submission
    code, year, source = (agency.get(name) for name in ("agency_code", "fiscal_year", "source"))
    if submission is not None:
        wrong = any(finding.is_error for finding in findings)
        submission = None if wrong else replace(submission, agency_code=str(code))
    return Reading(
        submission=submission,
        findings=findings,
        drafted=partial(_draft, kept, frameworks, known),
        cached_scores=said.cached_scores,
        overwritten_scores=said.overwritten_scores,
        agency_code=str(code) if code is not None else None,
        fiscal_year=year if isinstance(year, int) else None,
        source=str(source) if source is not None else None,
        edition=said.edition,
        raw_cells=kept,
    )


def _draft(kept: bytes, frameworks: Mapping[str, Framework], known: Known | None) -> Draft | None:
    """What a file says, read again from its kept cells."""
    try:
        content = content_of(json.loads(unpacked(kept)), frameworks)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # a child that was taken over made them up
    if not content.is_form:
        return None
    found, agency, framework = content.found, content.agency, content.framework
    found.spots += of_receiver(agency, known, found.spots, edition=framework is not None)
    if framework is not None:
        return draft_of(content.form, found, agency, framework, content.date1904)
    # Of an unknown edition: rows whose code and words are those of the edition that its marked copy is made from. What
    # is wrong in them is not said, as nothing in them can be judged.
    own = frameworks.get(DEFAULT_EDITION)
    form = form_of(replace(found, spots=[]), agency, own, content.date1904) if own is not None else None
    return draft_of(form, found, agency, own, content.date1904, only_own_words=True)


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
