"""Closed rounds: the data as they were reported under a name, whatever is sent, withdrawn or scored anew later.

What counted then follows from the numbers of the audit, as nothing is ever altered; only scores are kept with the
round, as rules and readings replace those of the present.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import pandas as pd

from pmqa.errors import NameTaken, StoreError
from pmqa.store.backend import retried
from pmqa.store.database import Database, append, last_number, now
from pmqa.store.opening import both_languages
from pmqa.store.visible import CURRENT
from pmqa.tables import ROUND_SCORES, ROUNDS
from pmqa.viewer import Viewer, check

LONGEST_ROUND: Final = 80  # characters of a name


class Rounds:
    """The closed rounds of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> pd.DataFrame:
        """ROUNDS, the latest first; everybody may know their names."""
        return self._database.read(ROUNDS, "SELECT * FROM rounds ORDER BY number DESC")

    def close(self, name: str, day: dt.date, *, who: str, viewer: Viewer | None = None) -> str:
        """Keep what counts now under a name; its id. day: of the report.

        Raises AccessDenied where the viewer may not; NameTaken; StoreError without a name, with one that is too long,
        or where nothing has been sent.
        """
        check(viewer, "close_rounds")
        return self._keep(name, day, None, who)

    def bring_in(self, name: str, day: dt.date, scores: pd.DataFrame, *, who: str) -> str:
        """As `close`, of a round that another database closed. scores: SCORES as they were reported there."""
        return self._keep(name, day, scores, who)

    @retried
    def _keep(self, name: str, day: dt.date, scores: pd.DataFrame | None, who: str) -> str:
        name = " ".join(name.split())
        if not name:
            raise StoreError(both_languages("no_round_name"))
        if len(name) > LONGEST_ROUND:
            raise StoreError(both_languages("text_too_long", most=LONGEST_ROUND))
        with self._database.transaction() as cursor:
            if cursor.execute("SELECT 1 FROM rounds WHERE name = ?", [name]).fetchone():
                raise NameTaken(both_languages("name_taken", name=name))
            ((sent,),) = cursor.execute(f"SELECT count(*) FROM {CURRENT}").fetchall()
            if not sent:
                raise StoreError(both_languages("no_round_data"))
            number = last_number(cursor)
            id_ = f"C{number + 1:07d}"
            row = (id_, name, day.isoformat(), number, self._database.version(), now(), who)
            append(cursor, ROUNDS, pd.DataFrame([row], columns=list(ROUNDS.columns)))
            if scores is None:
                counting = f"SELECT ?, f.* FROM scores f SEMI JOIN {CURRENT} s USING (submission)"
                cursor.execute(f"INSERT INTO round_scores {counting}", [id_])
            else:
                append(cursor, ROUND_SCORES, ROUND_SCORES.conform(scores.assign(round=id_)))
            details = {"name": name, "day": day.isoformat(), "submissions": sent}
            self._database.log(cursor, who, [("round_closed", id_, details)])
        return id_

    @retried
    def remove(self, name: str, *, who: str, viewer: Viewer | None = None) -> None:
        """Forget a round that was closed by mistake; the audit keeps that it was. Raises StoreError where none has the
        name, AccessDenied as `close`."""
        check(viewer, "close_rounds")
        with self._database.transaction() as cursor:
            found = cursor.execute("SELECT round FROM rounds WHERE name = ?", [name]).fetchone()
            if not found:
                raise StoreError(both_languages("no_round", name=name))
            for table in ("round_scores", "rounds"):
                cursor.execute(f"DELETE FROM {table} WHERE round = ?", [found[0]])
            self._database.log(cursor, who, [("round_removed", found[0], {"name": name})])
