"""What may happen to a submission after it was recorded: withdrawn, restored, read again. Nothing of it is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pmqa.errors import Finding, StoreError
from pmqa.store.database import Change, Cursor, both_languages, now
from pmqa.store.queries import CHOSEN, CURRENT, VISIBLE, reach
from pmqa.store.recording import Recording, finding_frame
from pmqa.store.schema import DERIVED, RAW_CELLS, WITHDRAWALS
from pmqa.submission import Submission, answer_frame, measure_frame
from pmqa.tables import ANSWERS, FINDINGS, HISTORY, MEASURES, SCORES
from pmqa.viewer import Viewer

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


@dataclass(frozen=True)
class Reread:
    """What a file says by today's rules of reading."""

    submission: Submission
    findings: tuple[Finding, ...] = ()
    raw_cells: bytes | None = None


class History(Recording):
    """Submissions over their life."""

    def history(self, viewer: Viewer | None = None) -> pd.DataFrame:
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
        return self._read(HISTORY, sql, reach(viewer))

    def withdraw(self, submission: str, *, reason: str, who: str, viewer: Viewer | None = None) -> None:
        """Take a submission back, so that the one before it counts.

        Raises StoreError for one that is not there or not the viewer's to see, is withdrawn already, or without a
        reason.
        """
        if not reason.strip():
            raise StoreError(both_languages("no_reason"))
        self._stand(submission, False, reason.strip(), who, viewer)

    def restore(self, submission: str, *, who: str, reason: str = "", viewer: Viewer | None = None) -> None:
        """Undo a withdrawal. Raises StoreError as withdraw."""
        self._stand(submission, True, reason.strip(), who, viewer)

    def raw_cells(self, submission: str, viewer: Viewer | None = None) -> bytes | None:
        """Every cell of the file as its reader packed it; None where it was recorded without them."""
        sql = f"SELECT r.cells FROM raw_cells r JOIN submissions s USING (submission) WHERE {CHOSEN} AND {VISIBLE}"
        with self._reading() as cursor:
            found = cursor.execute(sql, reach(viewer) | {"ids": [submission]}).fetchone()
        return bytes(found[0]) if found else None

    def reread(self, read: Mapping[str, Reread], *, who: str) -> list[str]:
        """Replace what was read from files by what they say today, all in one transaction.

        read: by submission. The submissions keep their ids, their files and their place in the history. Returns those
        that say something else than before; the others are left alone. Raises StoreError where a file would now be
        of another agency, year, source or edition: that is a new submission, not another reading of this one.
        """
        before = {key: self.submission(key) for key in read}
        if strangers := [key for key, each in read.items() if _identity(each.submission) != _identity(before[key])]:
            raise StoreError(both_languages("another_submission", submissions=", ".join(strangers)))
        changed = [key for key, each in read.items() if self._says_something_else(key, each, before[key])]
        with self._transaction() as cursor:
            for key in changed:
                self._replace_reading(cursor, key, read[key])
            self._add_facts(cursor, {key: read[key].submission for key in changed}, self.frameworks)
            changes: list[Change] = [("reread", key, _difference(before[key], read[key].submission)) for key in changed]
            if changes:
                self._log(cursor, who, changes)
        return changed

    def _stand(self, submission: str, stands: bool, reason: str, who: str, viewer: Viewer | None) -> None:
        with self._transaction() as cursor:
            known = self.history(viewer).set_index("submission")["withdrawn"]
            if submission not in known.index:
                raise StoreError(both_languages("no_submission", submission=submission))
            if bool(known[submission]) != stands:
                key = "stands_already" if stands else "withdrawn_already"
                raise StoreError(both_languages(key, submission=submission))
            number = self._last_number(cursor) + 1
            row = (number, submission, not stands, reason, now(), who)
            self._append(cursor, WITHDRAWALS, pd.DataFrame([row], columns=list(WITHDRAWALS.columns)))
            self._log(cursor, who, [("restored" if stands else "withdrawn", submission, {"reason": reason})])

    def _says_something_else(self, submission: str, read: Reread, before: Submission) -> bool:
        """Places in the file count: they lead from a number to its cell."""
        places = [
            frame({submission: each}) for each in (before, read.submission) for frame in (answer_frame, measure_frame)
        ]
        return (
            read.submission != before
            or not places[0].equals(places[2])
            or not places[1].equals(places[3])
            or read.findings != self.submission_findings(submission)
            or (read.raw_cells is not None and read.raw_cells != self.raw_cells(submission))
        )

    def _replace_reading(self, cursor: Cursor, submission: str, read: Reread) -> None:
        kept = self.raw_cells(submission) if read.raw_cells is None else read.raw_cells
        for name in READ_FROM_FILE:
            cursor.execute(f"DELETE FROM {name} WHERE submission = ?", [submission])
        assignments = ", ".join(f"{name} = ${name}" for name in READ_ABOUT_AGENCY)
        values = {name: getattr(read.submission, name) for name in READ_ABOUT_AGENCY}
        cursor.execute(
            f"UPDATE submissions SET {assignments} WHERE submission = $submission", values | {"submission": submission}
        )
        if kept is not None:
            self._append(cursor, RAW_CELLS, pd.DataFrame([(submission, kept)], columns=list(RAW_CELLS.columns)))
        self._append(cursor, FINDINGS, finding_frame({submission: read.findings}))


def _identity(submission: Submission) -> tuple[str, int, str, str]:
    return submission.agency_code, submission.fiscal_year, submission.source, submission.edition


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
