"""What can be changed: submissions are added, never altered; their scores are derived with them."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from pmqa.errors import Finding, StoreChanged
from pmqa.framework import Framework
from pmqa.scoring import RULES_VERSION, as_moved, moved_scores, rules_since, score
from pmqa.sources import SOURCES
from pmqa.store.database import Change, Cursor, let_go_of_arrow, now
from pmqa.store.opening import PATIENCE, both_languages
from pmqa.store.queries import WITHDRAWN, refuse_strangers
from pmqa.store.receiving import Arrival, Outcome, Receiving, in_utc, sha256_of
from pmqa.store.schema import DERIVED, OUTCOMES, RAW_CELLS, STORED_SUBMISSIONS, WITHDRAWALS
from pmqa.submission import Submission, answer_frame, measure_frame, source_frame
from pmqa.tables import ANSWERS, FINDINGS, MEASURES, MOVED_SCORES, SCENARIOS, SCORES
from pmqa.viewer import Viewer, check, is_within_reach

# What belongs to a submission and goes with it.
SUBMISSION_FACTS: Final = tuple(
    table.name
    for table in (
        ANSWERS,
        MEASURES,
        FINDINGS,
        SCORES,
        MOVED_SCORES,
        DERIVED,
        OUTCOMES,
        RAW_CELLS,
        WITHDRAWALS,
        SCENARIOS,
    )
)


SCORED_AT_ONCE: Final = 2000  # submissions whose answers, texts and all, are in memory together


Whose = tuple[str, int, str]  # agency, fiscal year, source


@dataclass(frozen=True)
class Incoming:
    """A sound submission to record, with the bytes that it was read from."""

    submission: Submission
    content: bytes
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


class Recording(Receiving):
    """The writing half of the store."""

    def __init__(
        self, path: Path, *, frameworks: Mapping[str, Framework] | None = None, patience: float = PATIENCE
    ) -> None:
        super().__init__(path, frameworks=frameworks, patience=patience)
        with self._reading() as cursor:
            self.opened_after = self._last_number(cursor)  # the audit's last change before this store was opened
        self._refresh_scores()

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
        frameworks = self.frameworks | ({framework.edition: framework} if framework else {})
        hashes = [sha256_of(one.content) for one in incoming]
        with self._transaction() as cursor:
            _check_sender(cursor, viewer, [one.submission for one in incoming])
            known = _known(cursor, hashes)
            withdrawn = _withdrawn(cursor)
            current = _current_ids(cursor, incoming)
            for whose, key in (made_from or {}).items():
                if current.get(whose) != key:
                    raise StoreChanged(both_languages("changed_meanwhile", what=current.get(whose) or key))
            number = self._last_number(cursor)
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
            self._settle(cursor, incoming, done, received_by)
            if fresh:
                self._add(cursor, fresh, received_by, sample)
                self._add_facts(cursor, {key: one.submission for key, (_, one) in fresh.items()}, frameworks)
            if changes:
                self._log(cursor, received_by, changes)
        let_go_of_arrow()
        return done

    def has_samples(self) -> bool:
        """Whether sample data are among the submissions."""
        with self._reading() as cursor:
            return cursor.execute("SELECT 1 FROM submissions WHERE sample LIMIT 1").fetchone() is not None

    def remove_samples(self, who: str = "system", viewer: Viewer | None = None) -> int:
        """Delete every sample submission and all that belongs to it; returns how many there were.

        The only deletion there is: nobody sent these. Raises AccessDenied where the viewer may not.
        """
        check(viewer, "remove_samples")
        with self._transaction() as cursor:
            samples = "SELECT submission FROM submissions WHERE sample"
            ids = [key for (key,) in cursor.execute(f"{samples} ORDER BY 1").fetchall()]
            if not ids:
                return 0
            sent = f"SELECT receipt FROM outcomes WHERE submission IN ({samples})"
            cursor.execute(f"DELETE FROM receipts WHERE receipt IN ({sent})")
            for name in SUBMISSION_FACTS:
                cursor.execute(f"DELETE FROM {name} WHERE submission IN ({samples})")
            cursor.execute("DELETE FROM submissions WHERE sample")
            held = "SELECT sha256 FROM receipts UNION SELECT sha256 FROM announced"
            cursor.execute(f"DELETE FROM contents WHERE sha256 NOT IN ({held})")
            self._log(cursor, who, [("samples_removed", None, {"submissions": ids})])
        return len(ids)

    def _settle(self, cursor: Cursor, incoming: Sequence[Incoming], done: Sequence[Recorded], received_by: str) -> None:
        """A receipt for what has none yet, and the outcome of each; a known file without one leaves no trace."""
        receipts: dict[str, Arrival] = {}
        outcomes = []
        for one, recorded in zip(incoming, done, strict=True):
            receipt = one.receipt
            if receipt is None:
                if recorded.already_known:
                    continue
                receipt = f"R{recorded.submission_id[1:]}"
                receipts[receipt] = Arrival(one.content, one.file_name, one.received_at)
            outcome = "known" if recorded.already_known else "accepted"
            outcomes.append(Outcome(receipt, outcome, one.findings, recorded.submission_id, *_whose(one.submission)))
        self._write_receipts(cursor, receipts, received_by)
        self._write_outcomes(cursor, outcomes)

    def _add(self, cursor: Cursor, fresh: Mapping[str, tuple[str, Incoming]], received_by: str, sample: bool) -> None:
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
        self._append(cursor, STORED_SUBMISSIONS, pd.DataFrame(rows))
        cells = [(key, one.raw_cells) for key, (_, one) in fresh.items() if one.raw_cells]
        self._append(cursor, RAW_CELLS, pd.DataFrame(cells, columns=list(RAW_CELLS.columns)))
        self._append(cursor, FINDINGS, finding_frame({key: one.findings for key, (_, one) in fresh.items()}))

    def _add_facts(
        self, cursor: Cursor, submissions: Mapping[str, Submission], frameworks: Mapping[str, Framework]
    ) -> None:
        """What submissions say, and the scores that follow from it."""
        of_edition: defaultdict[str, dict[str, Submission]] = defaultdict(dict)
        for key, submission in submissions.items():
            of_edition[submission.edition][key] = submission
        for edition, some in of_edition.items():
            answers, measures = answer_frame(some), measure_frame(some)
            self._append(cursor, ANSWERS, answers)
            self._append(cursor, MEASURES, measures)
            if edition in frameworks:
                self._keep_scores(cursor, source_frame(some), answers, measures, frameworks[edition])

    def _keep_scores(
        self,
        cursor: Cursor,
        sources: pd.DataFrame,
        answers: pd.DataFrame,
        measures: pd.DataFrame,
        framework: Framework,
    ) -> pd.DataFrame:
        """The SCORES that are kept."""
        scores = score(sources, answers, measures, framework)
        self._append(cursor, SCORES, scores, check_key=False)
        derived = sources.assign(framework_version=framework.version, rules_version=RULES_VERSION)
        self._append(cursor, DERIVED, derived)
        return scores

    def _refresh_scores(self) -> None:
        """Derive again, all at once, what was derived by another version of the edition or of the rules."""
        for edition, framework in self.frameworks.items():
            versions = {"edition": edition, "framework": framework.version, "rules": RULES_VERSION}
            with self._reading() as cursor:
                stale = cursor.execute(STALE, versions).to_arrow_table().to_pandas()
            if stale.empty:
                continue
            with self._transaction() as cursor:
                change = self._last_number(cursor) + 1
                for start in range(0, len(stale), SCORED_AT_ONCE):
                    self._rescore(cursor, stale.iloc[start : start + SCORED_AT_ONCE], framework, change)
                self._log(cursor, "system", [("rescored", None, versions | {"submissions": len(stale)})])

    def _rescore(self, cursor: Cursor, stale: pd.DataFrame, framework: Framework, change: int) -> None:
        """Derive scores again, and keep which of them moved and by what. stale: rows of STALE."""
        ids = stale["submission"].to_list()
        before = self.scores(ids)
        for name in (SCORES.name, DERIVED.name):
            cursor.execute(f"DELETE FROM {name} WHERE submission IN (SELECT unnest(?))", [ids])
        sources = stale[["submission", "source"]]
        after = self._keep_scores(cursor, sources, self.answers(ids), self.measures(ids), framework)
        moved = moved_scores(before, after)
        if not moved.empty:
            by = stale.set_index("submission").loc[moved["submission"]]
            edition = np.where(by["framework_version"] != framework.version, "edition ", "")
            rule = (edition + by["rules_version"].map(rules_since)).str.strip()
            self._append(cursor, MOVED_SCORES, as_moved(moved, change, rule), check_key=False)


STALE: Final = """
    SELECT s.submission, s.source, d.framework_version, d.rules_version
    FROM submissions s LEFT JOIN derived d USING (submission)
    WHERE s.edition = $edition
      AND (d.framework_version IS DISTINCT FROM $framework OR d.rules_version IS DISTINCT FROM $rules)
    ORDER BY s.submission
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


def finding_frame(findings: Mapping[str, Sequence[Finding]]) -> pd.DataFrame:
    """FINDINGS of submissions by their ids."""
    rows = [
        (
            key,
            number,
            one.code,
            one.severity,
            one.sheet,
            one.cell,
            one.value,
            json.dumps(dict(one.values), ensure_ascii=False, sort_keys=True, default=str),
        )
        for key, of_one in findings.items()
        for number, one in enumerate(of_one, start=1)
    ]
    return pd.DataFrame(rows, columns=list(FINDINGS.columns))
