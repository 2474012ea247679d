"""What is kept by its name for everybody: settings, whose changes are audited, and secrets, which nobody is told."""

from __future__ import annotations

import secrets
from typing import Final

import pandas as pd

from pmqa.store.backend import retried
from pmqa.store.database import Database, put
from pmqa.store.schema import SECRETS, SETTINGS

SECRET_BYTES: Final = 16


class Values:
    """Settings and secrets by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def setting(self, name: str, default: str) -> str:
        """What administrators set under a name; the default where nobody did."""
        with self._database.reading() as cursor:
            found = cursor.execute("SELECT value FROM settings WHERE name = ?", [name]).fetchone()
        return str(found[0]) if found else default

    @retried
    def change_setting(self, name: str, value: str, *, who: str) -> None:
        """Set something for everybody."""
        with self._database.transaction() as cursor:
            before = cursor.execute("SELECT value FROM settings WHERE name = ?", [name]).fetchone()
            put(cursor, SETTINGS, pd.DataFrame({"name": [name], "value": [value]}))
            details = {"before": before[0] if before else None, "after": value}
            self._database.log(cursor, who, [("setting_changed", name, details)])

    @retried
    def secret(self, name: str) -> str:
        """A secret of this database, drawn when it is first asked for; being of chance alone, no audit tells of it.

        Who can read it has the database itself; it goes into no link, file, log or page.
        """
        with self._database.transaction() as cursor:
            found = cursor.execute("SELECT value FROM secrets WHERE name = ?", [name]).fetchone()
            if found:
                return str(found[0])
            drawn = secrets.token_hex(SECRET_BYTES)
            put(cursor, SECRETS, pd.DataFrame({"name": [name], "value": [drawn]}))
            return drawn
