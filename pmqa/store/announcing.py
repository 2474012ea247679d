"""Scores as they were announced: kept beside what agencies send, never among it."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pmqa.sources import ANNOUNCED as SOURCE
from pmqa.store.backend import retried
from pmqa.store.database import Database, append, last_number, now
from pmqa.store.receiving import sha256_of
from pmqa.store.schema import CONTENTS
from pmqa.store.visible import THEN, VISIBLE, of_round, reach, refuse_strangers
from pmqa.tables import ANNOUNCED
from pmqa.viewer import Viewer, check, is_within_reach

# The latest record of each agency, year and scope; {until}: a condition on records.
COUNTING: Final = """(
    FROM announced WHERE {until}
    QUALIFY row_number() OVER (PARTITION BY agency_code, fiscal_year, kind, scope ORDER BY record DESC) = 1
)"""
SAID: Final = ("agency_code", "fiscal_year", "kind", "scope", "points")


class Announced:
    """Announced scores; a later record of the same scope counts, the earlier ones stay."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counting(self, viewer: Viewer | None = None, *, closed: str | None = None) -> pd.DataFrame:
        """ANNOUNCED that counts, of agencies that the viewer may see. closed: as it was when this round was closed."""
        origin = COUNTING.format(until="true" if closed is None else f"record <= {THEN}")
        sql = f"SELECT s.* FROM {origin} s WHERE {VISIBLE} ORDER BY agency_code, fiscal_year, kind, scope"
        return self._database.read(ANNOUNCED, sql, reach(viewer) | of_round(closed))

    @retried
    def announce(self, rows: pd.DataFrame, content: bytes, *, who: str, viewer: Viewer | None = None) -> int:
        """Keep announced scores with the file that they are from; returns how many differ from what counts.

        rows: columns of ANNOUNCED but record, sha256, recorded_at and recorded_by; all of the file. What counts already
        is not recorded again. Raises AccessDenied for one who may not, or not of one of the agencies.
        """
        check(viewer, SOURCE.deed)
        whose = rows[["agency_code", "ministry"]].drop_duplicates().itertuples(index=False, name=None)
        refuse_strangers(code for code, ministry in whose if not is_within_reach(viewer, code, ministry))
        with self._database.transaction() as cursor:
            known = {tuple(row) for row in self.counting()[list(SAID)].astype("object").to_numpy().tolist()}
            fresh = [tuple(row) not in known for row in rows[list(SAID)].astype("object").to_numpy().tolist()]
            new = rows[fresh]
            if new.empty:
                return 0
            sha256 = sha256_of(content)
            number = last_number(cursor) + 1
            made = new.assign(record=number, sha256=sha256, recorded_at=now(), recorded_by=who)
            append(cursor, ANNOUNCED, made)
            if not cursor.execute("SELECT 1 FROM contents WHERE sha256 = ?", [sha256]).fetchone():
                append(cursor, CONTENTS, pd.DataFrame([(sha256, content)], columns=list(CONTENTS.columns)))
            details = {"sha256": sha256, "file_name": str(rows["file_name"].iloc[0]), "scores": len(new)}
            self._database.log(cursor, who, [("announced", str(rows["layout"].iloc[0]), details)])
        return len(new)
