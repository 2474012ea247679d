"""Submissions are added, never altered; their scores are derived with them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pmqa.errors import Finding, StoreChanged, StoreError
from pmqa.framework import Framework
from pmqa.sources import SOURCES
from pmqa.store.backend import Cursor, retried
from pmqa.store.database import Change, Database, append, last_number, let_go_of_arrow, now
from pmqa.store.deriving import Deriving
from pmqa.store.facts import finding_frame
from pmqa.store.opening import both_languages
from pmqa.store.receiving import Arrival, Outcome, in_utc, sha256_of, write_outcomes, write_receipts
from pmqa.store.schema import RAW_CELLS, STORED_SUBMISSIONS
from pmqa.store.visible import WITHDRAWN, refuse_strangers
from pmqa.submission import Submission
from pmqa.tables import FINDINGS
from pmqa.viewer import Viewer, check, is_within_reach

Whose = tuple[str, int, str]  # agency, fiscal year, source


@dataclass(frozen=True)
class Incoming:
    """A sound submission to record, with the bytes that it was read from: None where a receipt tells which they are."""

    submission: Submission
    content: bytes | None
    file_name: str
    findings: tuple[Finding, ...] = ()
    received_at: dt.datetime | None = None  # None = now
    receipt: str | None = None  # of the bytes, where they were received before
    raw_cells: bytes | None = None  # every cell of the file, packed by its reader
    again: bool = False  # it is to count, though the same content was recorded before and counts no more


@dataclass(frozen=True)
class Recorded:
    """What became of it.

    already_known: the same content had been recorded before, as `submission_id` (the one that counts, else the latest);
    no submission was added.
    replaces: the submission of this agency, year and source that counted until now.
    withdrawn: it is known, and does not count because it was withdrawn; it can be restored.
    """

    submission_id: str
    already_known: bool = False
    replaces: str | None = None
    withdrawn: bool = False


class Recording:
    """Adds what is sound; a submission that is there already is not added again."""

    def __init__(self, database: Database, deriving: Deriving) -> None:
        self._database = database
        self._deriving = deriving

    def record(
        self,
        submission: Submission,
        content: bytes,
        *,
        file_name: str,
        received_by: str,
        framework: Framework | None = None,
        findings: Iterable[Finding] = (),
        received_at: dt.datetime | None = None,
        receipt: str | None = None,
        raw_cells: bytes | None = None,
        sample: bool = False,
        viewer: Viewer | None = None,
    ) -> Recorded:
        """Record one submission; when this returns, it is on disk. The same content again changes nothing."""
        incoming = Incoming(submission, content, file_name, tuple(findings), received_at, receipt, raw_cells)
        (recorded,) = self.record_many(
            [incoming], received_by=received_by, framework=framework, sample=sample, viewer=viewer
        )
        return recorded

    @retried
    def record_many(
        self,
        incoming: Sequence[Incoming],
        *,
        received_by: str,
        framework: Framework | None = None,
        sample: bool = False,
        viewer: Viewer | None = None,
        made_from: Mapping[Whose, str | None] | None = None,
    ) -> list[Recorded]:
        """Record submissions in the order given, all in one transaction: all of them or none.

        The same content again changes nothing, unless it is to count again: then it is a submission of its own, later
        than what replaced it, and nothing of the history is undone.

        viewer: who sends. Raises AccessDenied for a form of a source or an agency that they may not send for.
        made_from: the submission that counted when one was made from it, None where none did. Raises StoreChanged
        where another counts by now.

        framework: scores those of its edition; otherwise the store's own editions do. A submission to an edition
        that is in neither is kept, and scored when a store that knows the edition opens the file.
        """
        with self._database.transaction() as cursor:
            hashes = _hashes(cursor, incoming)
            _check_sender(cursor, viewer, [one.submission for one in incoming])
            known = _known(cursor, hashes)
            withdrawn = _withdrawn(cursor)
            current = _current_ids(cursor, incoming)
            for whose, key in (made_from or {}).items():
                if current.get(whose) != key:
                    raise StoreChanged(both_languages("changed_meanwhile", what=current.get(whose) or key))
            number = last_number(cursor)
            done: list[Recorded] = []
            fresh: dict[str, tuple[str, Incoming]] = {}
            changes: list[Change] = []
            for sha256, one in zip(hashes, incoming, strict=True):
                agency_code, fiscal_year, source = whose = _whose(one.submission)
                same = known[sha256]
                if same and (not one.again or current.get(whose) in same):
                    key = current[whose] if current.get(whose) in same else same[-1]
                    done.append(Recorded(key, already_known=True, withdrawn=key in withdrawn))
                    if one.receipt:
                        changes.append(("known", one.receipt, {"submission": key}))
                    continue
                key = f"S{number + len(changes) + 1:07d}"
                done.append(Recorded(key, replaces=current.get(whose)))
                details = {
                    "sha256": sha256,
                    "file_name": one.file_name,
                    "sample": sample,
                    "replaces": current.get(whose),
                }
                if same:
                    details["again"] = same[-1]
                details |= {"agency_code": agency_code, "fiscal_year": fiscal_year, "source": source}
                changes.append(("recorded", key, details))
                fresh[key] = (sha256, one)
                current[whose] = key
                known[sha256].append(key)
            _settle(cursor, list(zip(incoming, hashes, done, strict=True)), received_by)
            if fresh:
                _add_submissions(cursor, fresh, received_by, sample)
                self._deriving.add_facts(cursor, {key: one.submission for key, (_, one) in fresh.items()}, framework)
            if changes:
                self._database.log(cursor, received_by, changes)
        let_go_of_arrow()
        return done


def _hashes(cursor: Cursor, incoming: Sequence[Incoming]) -> list[str]:
    """SHA-256 of the bytes of each. Raises StoreError where they are neither there nor kept under the receipt."""
    receipts = [one.receipt for one in incoming if one.receipt]
    kept = dict(cursor.execute(KEPT, [receipts]).fetchall()) if receipts else {}
    hashes = []
    for one in incoming:
        if one.content is None and one.receipt not in kept:
            raise StoreError(both_languages("file_gone", receipt=one.receipt))
        hashes.append(kept.get(one.receipt) or sha256_of(one.content or b""))
    return hashes


def _settle(cursor: Cursor, files: Iterable[tuple[Incoming, str, Recorded]], received_by: str) -> None:
    """A receipt for what has none yet, and the outcome of each; a known file without one leaves no trace.

    files: each with its SHA-256 and what became of it.
    """
    receipts: dict[str, tuple[str, Arrival]] = {}
    outcomes = []
    for one, sha256, recorded in files:
        receipt = one.receipt
        if receipt is None:
            if recorded.already_known:
                continue
            receipt = f"R{recorded.submission_id[1:]}"
            receipts[receipt] = sha256, Arrival(one.content or b"", one.file_name, one.received_at)
        outcome = "known" if recorded.already_known else "accepted"
        outcomes.append(Outcome(receipt, outcome, one.findings, recorded.submission_id, *_whose(one.submission)))
    write_receipts(cursor, receipts, received_by)
    write_outcomes(cursor, outcomes)


def _add_submissions(cursor: Cursor, fresh: Mapping[str, tuple[str, Incoming]], received_by: str, sample: bool) -> None:
    moment = now()
    own = [name for name in STORED_SUBMISSIONS.columns if name in Submission.__slots__]
    rows = [
        {name: getattr(one.submission, name) for name in own}
        | {
            "submission": key,
            "sha256": sha256,
            "file_name": one.file_name,
            "received_at": in_utc(one.received_at) or moment,
            "received_by": received_by,
            "sample": sample,
        }
        for key, (sha256, one) in fresh.items()
    ]
    append(cursor, STORED_SUBMISSIONS, pd.DataFrame(rows))
    cells = [(key, one.raw_cells) for key, (_, one) in fresh.items() if one.raw_cells]
    append(cursor, RAW_CELLS, pd.DataFrame(cells, columns=list(RAW_CELLS.columns)))
    append(cursor, FINDINGS, finding_frame({key: one.findings for key, (_, one) in fresh.items()}))


# Receipt and SHA-256 of what is kept under it.
KEPT: Final = """
    SELECT r.receipt, r.sha256 FROM receipts r SEMI JOIN contents USING (sha256)
    WHERE r.receipt IN (SELECT unnest(?))
"""

# Each agency's ministry: of the register; of who is not in it, what they sent last.
MINISTRIES: Final = """
    SELECT agency_code, ministry FROM agencies UNION ALL
    SELECT agency_code, arg_max(ministry, submission) FROM submissions
    WHERE agency_code NOT IN (SELECT agency_code FROM agencies) GROUP BY agency_code
"""


def _check_sender(cursor: Cursor, viewer: Viewer | None, submissions: Sequence[Submission]) -> None:
    """A form's own ministry is what its sender typed: that of its agency, where it is known, counts beside it."""
    if viewer is None:
        return
    for source in {one.source for one in submissions}:
        check(viewer, SOURCES[source].deed)
    kept = dict(cursor.execute(MINISTRIES).fetchall())
    refuse_strangers(
        {
            one.agency_code
            for one in submissions
            for ministry in (one.ministry, kept.get(one.agency_code, one.ministry))
            if not is_within_reach(viewer, one.agency_code, ministry)
        }
    )


def _whose(submission: Submission) -> Whose:
    return submission.agency_code, submission.fiscal_year, submission.source


def _known(cursor: Cursor, hashes: Sequence[str]) -> defaultdict[str, list[str]]:
    """sha256 -> its submissions, the latest last; more than one where a file that had been replaced counted again."""
    sql = "SELECT sha256, submission FROM submissions WHERE sha256 IN (SELECT unnest(?)) ORDER BY submission"
    found: defaultdict[str, list[str]] = defaultdict(list)
    for sha256, key in cursor.execute(sql, [list(hashes)]).fetchall():
        found[sha256].append(key)
    return found


def _withdrawn(cursor: Cursor) -> set[str]:
    return {key for (key,) in cursor.execute(WITHDRAWN).fetchall()}


def _current_ids(cursor: Cursor, incoming: Sequence[Incoming]) -> dict[Whose, str]:
    """(agency, year, source) -> the submission that counts, of the agencies that send something."""
    sql = f"""
        SELECT agency_code, fiscal_year, source, max(submission) FROM submissions
        WHERE agency_code IN (SELECT unnest(?)) AND submission NOT IN ({WITHDRAWN}) GROUP BY ALL
    """
    agencies = sorted({one.submission.agency_code for one in incoming})
    return {(code, year, source): key for code, year, source, key in cursor.execute(sql, [agencies]).fetchall()}
