"""What may happen to a submission after it was recorded: withdrawn, restored, read again. Nothing of it is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from pmqa.errors import Finding, StoreError
from pmqa.scoring import as_moved, by_reading, moved_scores
from pmqa.sources import SOURCES
from pmqa.store.backend import Cursor, retried
from pmqa.store.database import Change, Database, append, frame_of, last_number, now
from pmqa.store.deriving import Deriving
from pmqa.store.facts import Facts, finding_frame, findings_by_submission
from pmqa.store.likeness import forget_texts
from pmqa.store.opening import both_languages
from pmqa.store.receiving import findings_to
from pmqa.store.schema import DERIVED, RAW_CELLS, WITHDRAWALS
from pmqa.store.submissions import Submissions
from pmqa.store.visible import CHOSEN, CURRENT, VISIBLE, reach
from pmqa.submission import Submission
from pmqa.tables import ANSWERS, FINDINGS, HISTORY, MEASURES, MOVED, MOVED_SCORES, SCORES
from pmqa.viewer import Viewer, check

# What reading derives from the bytes, and so replaces when it reads them again.
READ_FROM_FILE: Final = (ANSWERS.name, MEASURES.name, FINDINGS.name, RAW_CELLS.name, SCORES.name, DERIVED.name)
READ_ABOUT_AGENCY: Final = (
    "agency_name",
    "ministry",
    "agency_type",
    "edition_version",
    "form_version",
    "contact_name",
    "contact_email",
    "contact_phone",
)


OF_SUBMISSIONS: Final = "SELECT * FROM scores WHERE submission IN (SELECT unnest($ids))"  # as this transaction sees it
FROM_THE_WHOLE: Final = ("overall", "category", "dimension", "item", "indicator", "measure")


@dataclass(frozen=True)
class Reread:
    """What a file says by today's rules of reading."""

    submission: Submission
    findings: tuple[Finding, ...] = ()
    raw_cells: bytes | None = None


class History:
    """Submissions over their life."""

    def __init__(self, database: Database, submissions: Submissions, facts: Facts, deriving: Deriving) -> None:
        self._database = database
        self._submissions = submissions
        self._facts = facts
        self._deriving = deriving

    def all(self, viewer: Viewer | None = None) -> pd.DataFrame:
        """HISTORY of every submission, withdrawn ones too, the latest recorded first."""
        sql = f"""
            SELECT s.*, s.submission IN (SELECT submission FROM {CURRENT}) AS current,
                coalesce(w.withdrawn, false) AS withdrawn,
                CASE WHEN w.withdrawn THEN w.at END AS withdrawn_at,
                CASE WHEN w.withdrawn THEN w.who END AS withdrawn_by,
                CASE WHEN w.withdrawn THEN w.reason END AS withdrawn_reason
            FROM submissions s LEFT JOIN (
                FROM withdrawals QUALIFY row_number() OVER (PARTITION BY submission ORDER BY number DESC) = 1
            ) w USING (submission)
            WHERE {VISIBLE} ORDER BY s.submission DESC
        """
        return self._database.read(HISTORY, sql, reach(viewer))

    def withdraw(self, submission: str, *, reason: str, who: str, viewer: Viewer | None = None) -> None:
        """Take a submission back, so that the one before it counts.

        Raises StoreError for one that is not there or not the viewer's to see, is withdrawn already, or without a
        reason; AccessDenied for one of a source whose forms the viewer may not send.
        """
        if not reason.strip():
            raise StoreError(both_languages("no_reason"))
        self._stand(submission, False, reason.strip(), who, viewer)

    def restore(self, submission: str, *, who: str, reason: str = "", viewer: Viewer | None = None) -> None:
        """Undo a withdrawal. Raises StoreError and AccessDenied as withdraw."""
        self._stand(submission, True, reason.strip(), who, viewer)

    def counts_beside(self, submission: str, viewer: Viewer | None = None) -> str | None:
        """The submission that counts for the same agency, year and source; None where none does.

        Raises StoreError for one that is not there or not the viewer's to see.
        """
        rows = self.all(viewer).set_index("submission")
        if submission not in rows.index:
            raise StoreError(both_languages("no_submission", submission=submission))
        whose = ["agency_code", "fiscal_year", "source"]
        same = (rows[whose] == rows.loc[submission, whose]).all(axis="columns") & rows["current"].astype("bool")
        return str(rows.index[same][0]) if same.any() else None

    def raw_cells(self, submission: str, viewer: Viewer | None = None) -> bytes | None:
        """Every cell of the file as its reader packed it; None where it was recorded without them."""
        return self._raw_cells_by_id([submission], viewer).get(submission)

    @retried
    def reread(self, read: Mapping[str, Reread], *, who: str) -> list[str]:
        """Replace what was read from files by what they say today, all in one transaction.

        read: by submission. The submissions keep their ids, their files and their place in the history. Returns those
        that say something else than before; the others are left alone. Raises StoreError where a file would now be
        of another agency, year, source or edition: that is a new submission, not another reading of this one.
        """
        ids = list(read)
        with self._database.transaction() as cursor:
            kept = self._kept_readings(ids)
            if unknown := [key for key in ids if key not in kept]:
                raise StoreError(both_languages("no_submission", submission=", ".join(unknown)))
            today = {key: replace(each, raw_cells=each.raw_cells or kept[key].raw_cells) for key, each in read.items()}
            strangers = [key for key in ids if _identity(today[key].submission) != _identity(kept[key].submission)]
            if strangers:
                raise StoreError(both_languages("another_submission", submissions=", ".join(strangers)))
            changed = {key: today[key] for key in ids if _says_something_else(kept[key], today[key])}
            if changed:
                before, number = self._facts.scores(changed), last_number(cursor) + 1
                self._replace_readings(cursor, changed)
                self._keep_moved(cursor, before, kept, changed, number)
                changes: list[Change] = [
                    ("reread", key, _difference(kept[key].submission, each.submission)) for key, each in changed.items()
                ]
                self._database.log(cursor, who, changes)
        return list(changed)

    def moved(self, viewer: Viewer | None = None, *, after: int = 0) -> pd.DataFrame:
        """MOVED of the submissions that count, by changes of the audit after this one; each from the whole down."""
        sql = f"""
            SELECT m.*, s.agency_code, s.agency_name, s.fiscal_year, s.source, s.edition
            FROM moved_scores m JOIN {CURRENT} s USING (submission)
            WHERE {VISIBLE} AND m.change > $after
        """
        found = self._database.read(MOVED, sql, reach(viewer) | {"after": after})
        found = found.assign(depth=found["kind"].map(FROM_THE_WHOLE.index))
        order = ["agency_code", "fiscal_year", "source", "change", "basis", "depth", "scope"]
        return MOVED.conform(found.sort_values(order, kind="stable"), check_key=False)

    def _keep_moved(
        self,
        cursor: Cursor,
        before: pd.DataFrame,
        kept: Mapping[str, Reread],
        changed: Mapping[str, Reread],
        change: int,
    ) -> None:
        """Which scores moved because files were read again, and whether by words that are no evidence any more."""
        after = frame_of(cursor, SCORES, OF_SUBMISSIONS, {"ids": list(changed)}, ())
        moved = moved_scores(before, after)
        lost = [key for key, each in changed.items() if _lost_evidence(kept[key].submission, each.submission)]
        if not moved.empty:
            append(cursor, MOVED_SCORES, as_moved(moved, change, by_reading(moved, lost)), check_key=False)

    @retried
    def _stand(self, submission: str, stands: bool, reason: str, who: str, viewer: Viewer | None) -> None:
        with self._database.transaction() as cursor:
            known = self.all(viewer).set_index("submission")[["source", "withdrawn"]]
            if submission not in known.index:
                raise StoreError(both_languages("no_submission", submission=submission))
            check(viewer, SOURCES[str(known["source"][submission])].deed)
            if bool(known["withdrawn"][submission]) != stands:
                key = "stands_already" if stands else "withdrawn_already"
                raise StoreError(both_languages(key, submission=submission))
            number = last_number(cursor) + 1
            row = (number, submission, not stands, reason, now(), who)
            append(cursor, WITHDRAWALS, pd.DataFrame([row], columns=list(WITHDRAWALS.columns)))
            self._database.log(cursor, who, [("restored" if stands else "withdrawn", submission, {"reason": reason})])

    def _raw_cells_by_id(self, ids: Sequence[str], viewer: Viewer | None = None) -> dict[str, bytes]:
        sql = f"SELECT r.* FROM raw_cells r JOIN submissions s USING (submission) WHERE {CHOSEN} AND {VISIBLE}"
        with self._database.reading() as cursor:
            return dict(cursor.execute(sql, reach(viewer) | {"ids": list(ids)}).fetchall())

    def _kept_readings(self, ids: Sequence[str]) -> dict[str, Reread]:
        findings, cells = findings_by_submission(self._facts.findings(ids)), self._raw_cells_by_id(ids)
        return {
            key: Reread(submission, findings[key], cells.get(key))
            for key, submission in self._submissions.by_id(ids).items()
        }

    def _replace_readings(self, cursor: Cursor, read: Mapping[str, Reread]) -> None:
        for name in READ_FROM_FILE:
            cursor.execute(f"DELETE FROM {name} WHERE submission IN (SELECT unnest(?))", [list(read)])
        forget_texts(cursor, list(read))
        assignments = ", ".join(f"{name} = ${name}" for name in READ_ABOUT_AGENCY)
        for key, each in read.items():
            values = {name: getattr(each.submission, name) for name in READ_ABOUT_AGENCY}
            cursor.execute(f"UPDATE submissions SET {assignments} WHERE submission = $key", values | {"key": key})
        cells = [(key, each.raw_cells) for key, each in read.items() if each.raw_cells]
        append(cursor, RAW_CELLS, pd.DataFrame(cells, columns=list(RAW_CELLS.columns)))
        append(cursor, FINDINGS, finding_frame({key: each.findings for key, each in read.items()}))
        self._deriving.add_facts(cursor, {key: each.submission for key, each in read.items()})


def _identity(submission: Submission) -> tuple[str, int, str, str]:
    return submission.agency_code, submission.fiscal_year, submission.source, submission.edition


def _lost_evidence(before: Submission, after: Submission) -> bool:
    had = {answer.criterion for answer in before.answers if answer.evidence is not None}
    return any(answer.criterion in had and answer.evidence is None for answer in after.answers)


def _says_something_else(before: Reread, after: Reread) -> bool:
    """Places in the file count too, though they are no part of what was said: they lead from a number to its cell."""
    return (
        before.submission != after.submission
        or _places(before.submission) != _places(after.submission)
        or findings_to(before.findings) != findings_to(after.findings)
        or before.raw_cells != after.raw_cells
    )


def _places(submission: Submission) -> list[tuple[str | None, ...]]:
    answers = [(answer.sheet, answer.cell) for answer in submission.answers]
    return [*answers, *((m.sheet, m.target_cell, m.actual_cell) for m in submission.measures)]


def _difference(before: Submission, after: Submission) -> dict[str, Sequence[str]]:
    """The criteria and measures that say something else, for the audit."""
    answers = {answer.criterion: answer for answer in before.answers}
    measures = {(measure.indicator, measure.number): measure for measure in before.measures}
    gone = measures.keys() - {(measure.indicator, measure.number) for measure in after.measures}
    new = [m for m in after.measures if measures.get((m.indicator, m.number)) != m]
    return {
        "criteria": [answer.criterion for answer in after.answers if answers.get(answer.criterion) != answer],
        "measures": sorted(
            f"{indicator}#{number}" for indicator, number in gone | {(m.indicator, m.number) for m in new}
        ),
    }
