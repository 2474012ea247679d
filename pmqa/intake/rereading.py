"""What is recorded, read again by today's rules of reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from pmqa.errors import Finding
from pmqa.intake.files import Sent
from pmqa.intake.receiving import batches, read, reconciled
from pmqa.store import Reread, Store
from pmqa.submission import Submission
from pmqa.workbook.normalise import look_of

# Found when a file came, from what was known and counted then: nobody can find it out again.
OF_ITS_DAY: Final = frozenset(
    ("new_agency", "codes_look_alike", "code_taken_as", "several_files", "counted_before", "says_less")
)


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """What came of reading a recorded file again.

    outcome: same, changed; refused by today's rules, or moved to another agency, year or source - then the earlier
    reading stays.
    """

    submission_id: str
    file_name: str
    outcome: Literal["same", "changed", "refused", "moved"]


def read_again(store: Store, *, who: str) -> Iterator[ReadAgain]:
    """Read every recorded file by today's rules, from its bytes, and replace what they say; a few at a time."""
    history = store.history.all()
    recorded = sorted(zip(history["submission"], history["file_name"], strict=True))
    for batch in batches(recorded, store.at_once):
        files = [Sent(key, store.submissions.original(key), from_zip=True) for key, _ in batch]
        readings = {
            sent.name: reading for sent, reading in reconciled(read(files, store.frameworks, None), store.frameworks)
        }
        before = store.submissions.by_id(list(readings))
        fresh: dict[str, Reread] = {}
        outcomes: dict[str, Literal["same", "changed", "refused", "moved"]] = {}
        for key, reading in readings.items():
            if reading.submission is None:
                outcomes[key] = "refused"
                continue
            submission, code = reading.submission, before[key].agency_code
            if look_of(submission.agency_code) == look_of(code):
                submission = replace(submission, agency_code=code)  # as it was taken, or said, when the file came
            if _whose(submission) != _whose(before[key]):
                outcomes[key] = "moved"
            else:
                findings = _with_what_is_past(reading.findings, store.facts.findings_of(key))
                fresh[key] = Reread(submission, findings, reading.raw_cells)
        changed = set(store.history.reread(fresh, who=who)) if fresh else set()
        for key, name in batch:
            yield ReadAgain(key, name, outcomes.get(key, "changed" if key in changed else "same"))


def _with_what_is_past(today: tuple[Finding, ...], before: tuple[Finding, ...]) -> tuple[Finding, ...]:
    past = tuple(finding for finding in before if finding.code in OF_ITS_DAY)
    return before if tuple(f for f in before if f.code not in OF_ITS_DAY) == today else (*today, *past)


def _whose(submission: Submission) -> tuple[str, int, str, str]:
    return submission.agency_code, submission.fiscal_year, submission.source, submission.edition
