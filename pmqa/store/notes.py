"""Notes of people on an agency, one of its scores or its submissions: a dispute, what a meeting decided.

Seen by whoever may see the agency, with who wrote them and when. A note is never changed: its author may take it back,
and the audit keeps what it said.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pmqa.errors import StoreError
from pmqa.store.backend import retried
from pmqa.store.database import Database, append, last_number, now, take_out
from pmqa.store.opening import both_languages
from pmqa.store.visible import THEIRS, check_agencies, reach
from pmqa.tables import NOTES
from pmqa.viewer import Viewer, check

LONGEST_NOTE: Final = 1000  # characters


class Notes:
    """The notes of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, viewer: Viewer) -> pd.DataFrame:
        """NOTES on agencies that the viewer may see, the latest first."""
        check(viewer, "see")
        sql = f"SELECT * FROM notes WHERE {THEIRS} ORDER BY noted_at DESC, note DESC"
        return self._database.read(NOTES, sql, reach(viewer))

    @retried
    def save_note(
        self,
        agency: str,
        words: str,
        *,
        viewer: Viewer,
        fiscal_year: int | None = None,
        scope: str | None = None,
        submission: str | None = None,
    ) -> str:
        """Keep a note; its id. scope with its fiscal year, or submission: what of the agency it is on.

        Raises AccessDenied where the viewer may write none, or not on this agency; StoreError for a note without words,
        with too many, or on a submission that is not the agency's.
        """
        check(viewer, "note")
        if not words.strip():
            raise StoreError(both_languages("no_words"))
        if len(words) > LONGEST_NOTE:
            raise StoreError(both_languages("text_too_long", most=LONGEST_NOTE))
        with self._database.transaction() as cursor:
            check_agencies(cursor, viewer, [agency])
            sql = "SELECT 1 FROM submissions WHERE submission = ? AND agency_code = ?"
            if submission is not None and not cursor.execute(sql, [submission, agency]).fetchone():
                raise StoreError(both_languages("no_submission", submission=submission))
            number = last_number(cursor) + 1
            note = f"N{number:07d}"
            row = (note, agency, fiscal_year, scope, submission, words.strip(), now(), viewer.name)
            append(cursor, NOTES, pd.DataFrame([row], columns=list(NOTES.columns)))
            details = dict(zip(NOTES.columns, row, strict=True))
            self._database.log(cursor, viewer.name, [("note_saved", note, details)])
        return note

    @retried
    def remove_note(self, note: str, *, viewer: Viewer) -> None:
        """Take back a note of the viewer's own. Raises StoreError where there is none such."""
        check(viewer, "note")
        with self._database.transaction() as cursor:
            own = f"note = $note AND noted_by = $who AND {THEIRS}"
            gone = take_out(cursor, NOTES, own, reach(viewer) | {"note": note, "who": viewer.name})
            if not gone:
                raise StoreError(both_languages("no_note"))
            self._database.log(
                cursor,
                viewer.name,
                [("note_removed", note, {"words": dict(zip(NOTES.columns, gone[0], strict=True))["words"]})],
            )
