"""What became of agencies: renamed, merged, split, as the register knows it."""

from __future__ import annotations

import pandas as pd

from pmqa.analysis.succession import KINDS, RENAMED, ends_nowhere
from pmqa.errors import StoreError
from pmqa.store.backend import retried
from pmqa.store.database import Database, last_number, put, take_out
from pmqa.store.opening import both_languages
from pmqa.store.visible import OF_VIEWER, THEN, check_agencies, of_round, reach
from pmqa.tables import SUCCESSIONS
from pmqa.viewer import Viewer, check


class Successions:
    """Predecessors and successors of a database's agencies. Every change is audited."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, viewer: Viewer | None = None, *, closed: str | None = None) -> pd.DataFrame:
        """SUCCESSIONS of which the viewer may see either agency, by year. closed: those known when it was closed."""
        known = (
            f"($agencies IS NULL AND $ministries IS NULL) OR predecessor IN ({OF_VIEWER}) OR successor IN ({OF_VIEWER})"
        )
        until = "true" if closed is None else f"number <= {THEN}"
        sql = f"SELECT * FROM successions WHERE ({known}) AND {until} ORDER BY fiscal_year, predecessor, successor"
        return self._database.read(SUCCESSIONS, sql, reach(viewer) | of_round(closed))

    @retried
    def save(
        self, predecessor: str, successor: str, fiscal_year: int, kind: str, *, who: str, viewer: Viewer | None = None
    ) -> None:
        """Keep who is whose successor, in place of what was kept of the two.

        Raises AccessDenied where the viewer may not, or not of one of them; StoreError for an agency that would succeed
        itself, for a rename of one that has another name already, and for no kind.
        """
        check(viewer, "keep_register")
        with self._database.transaction() as cursor:
            check_agencies(cursor, viewer, [predecessor, successor])
            rows = cursor.execute("SELECT * FROM successions").fetchall()
            others = [row for row in rows if row[:2] != (predecessor, successor)]
            names = {old: new for old, new, _, of, _ in others if of == RENAMED}
            renamed = {predecessor: successor} if kind == RENAMED else {}
            twice = kind == RENAMED and (predecessor in names or successor in names.values())
            if kind not in KINDS or predecessor == successor or twice or not ends_nowhere(names | renamed):
                words = {"predecessor": predecessor, "successor": successor}
                raise StoreError(both_languages("bad_succession", **words))
            number = last_number(cursor) + 1
            row = (predecessor, successor, fiscal_year, kind, number)
            put(cursor, SUCCESSIONS, pd.DataFrame([row], columns=list(SUCCESSIONS.columns)))
            details = {"successor": successor, "fiscal_year": fiscal_year, "kind": kind}
            self._database.log(cursor, who, [("succession_saved", predecessor, details)])

    @retried
    def remove(self, predecessor: str, successor: str, *, who: str, viewer: Viewer | None = None) -> None:
        """Take back what was kept of the two. Raises as `save`, and StoreError where nothing was."""
        check(viewer, "keep_register")
        with self._database.transaction() as cursor:
            check_agencies(cursor, viewer, [predecessor, successor])
            both = {"predecessor": predecessor, "successor": successor}
            if not take_out(cursor, SUCCESSIONS, "predecessor = $predecessor AND successor = $successor", both):
                raise StoreError(both_languages("no_succession", **both))
            self._database.log(cursor, who, [("succession_removed", predecessor, {"successor": successor})])
