"""What is recorded, read again by today's rules of reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from pmqa.errors import Finding
from pmqa.intake.files import Sent
from pmqa.intake.receiving import RECORDED_AT_ONCE, batches, read, reconciled
from pmqa.store import Reread, Store
from pmqa.submission import Submission

NEW_AGENCY: Final = "new_agency"


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
    history = store.history()
    recorded = sorted(zip(history["submission"], history["file_name"], strict=True))
    for batch in batches(recorded, RECORDED_AT_ONCE):
        files = [Sent(key, store.original(key), from_zip=True) for key, _ in batch]
        readings = {
            sent.name: reading for sent, reading in reconciled(read(files, store.frameworks, None), store.frameworks)
        }
        before = store.submissions_by_id(list(readings))
        fresh: dict[str, Reread] = {}
        outcomes: dict[str, Literal["same", "changed", "refused", "moved"]] = {}
        for key, reading in readings.items():
            if reading.submission is None:
                outcomes[key] = "refused"
            elif _whose(reading.submission) != _whose(before[key]):
                outcomes[key] = "moved"
            else:
                findings = _with_what_is_past(reading.findings, store.submission_findings(key))
                fresh[key] = Reread(reading.submission, findings, reading.raw_cells)
        changed = set(store.reread(fresh, who=who)) if fresh else set()
        for key, name in batch:
            yield ReadAgain(key, name, outcomes.get(key, "changed" if key in changed else "same"))


def _with_what_is_past(today: tuple[Finding, ...], before: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Today's findings, and that the agency was new when its file came: nobody can find that out again."""
    past = tuple(finding for finding in before if finding.code == NEW_AGENCY)
    return before if tuple(f for f in before if f.code != NEW_AGENCY) == today else (*today, *past)


def _whose(submission: Submission) -> tuple[str, int, str, str]:
    return submission.agency_code, submission.fiscal_year, submission.source, submission.edition
