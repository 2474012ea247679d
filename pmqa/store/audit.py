"""The audit as administrators read it: every change of the data, and what was done without one - who signed in, was
refused, took which file.

An event is no change: the version of the data stays, and with it every cache and link.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pandas as pd

from pmqa.store.backend import retried
from pmqa.store.database import Database, append, now
from pmqa.store.journal import tell
from pmqa.tables import AUDIT, EVENTS
from pmqa.viewer import Viewer, check

LONGEST: Final = 300  # characters of a name or subject, which an identity provider or a visitor chose
NOTING: Final = threading.Lock()  # events come one at a time, so that what is noted once is
LOOKED: Final = "looked"
NOTHING: Final[Mapping[str, object]] = MappingProxyType({})


class Audit:
    """What is done is noted beside the changes; reading both raises AccessDenied for who is no administrator."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def changes(self) -> pd.DataFrame:
        """AUDIT: every change of the data, first change first."""
        return self._database.read(AUDIT, "SELECT * FROM audit ORDER BY number")

    @retried
    def note(
        self,
        who: str,
        action: str,
        subject: str | None = None,
        *,
        details: Mapping[str, object] = NOTHING,
        once: bool = False,
    ) -> None:
        """Keep that somebody did something; once: not where the same is kept already, whenever that was.

        Waits for nobody who changes the data, where the engine can do without.
        """
        words = json.dumps(dict(details), ensure_ascii=False, sort_keys=True, default=str)
        said = (who[:LONGEST], action, subject and subject[:LONGEST], words)
        known = "SELECT 1 FROM events WHERE who = ? AND action = ? AND subject IS NOT DISTINCT FROM ? AND details = ?"
        with NOTING, self._database.aside() as cursor:
            if once and cursor.execute(f"{known} LIMIT 1", list(said)).fetchone():
                return
            event = (now(), *said)
            append(cursor, EVENTS, pd.DataFrame([event], columns=list(EVENTS.columns)))
            tell([event])

    def look(self, who: str, version: str) -> None:
        """Keep that somebody looked at this version of the data today."""
        self.note(who, LOOKED, version, details={"day": f"{now():%Y-%m-%d}"}, once=True)

    def last_look(self, who: str) -> tuple[str, dt.datetime] | None:
        """Which version of the data somebody saw last, and when (UTC, without zone); None who never looked."""
        sql = 'SELECT subject, "at" FROM events WHERE who = ? AND action = ? ORDER BY "at" DESC LIMIT 1'
        with self._database.reading() as cursor:
            found = cursor.execute(sql, [who[:LONGEST], LOOKED]).fetchone()
        return None if found is None else (str(found[0]), found[1])

    def trail(self, viewer: Viewer | None = None, *, since: dt.datetime | None = None) -> pd.DataFrame:
        """EVENTS, the changes of the data among them, first first; who looked is nobody's business. since: UTC."""
        check(viewer, "administer")
        sql = """
            SELECT "at", who, action, subject, details FROM (
                SELECT number, "at", who, action, subject, details FROM audit
                UNION ALL SELECT NULL, "at", who, action, subject, details FROM events WHERE action <> $looked
            ) WHERE $since IS NULL OR "at" >= $since ORDER BY "at", number NULLS LAST
        """
        return self._database.read(EVENTS, sql, {"since": since, "looked": LOOKED})
