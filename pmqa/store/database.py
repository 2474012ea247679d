"""The database, on which all parts of the store work: one transaction for each change, the audit, frames in and out.

What is an engine's own is behind backend.Backend.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd
import pyarrow as pa

from pmqa.errors import StoreError, StoreTooNew
from pmqa.places import Place
from pmqa.store.backend import Cursor, opened, retried
from pmqa.store.copying import copy_into
from pmqa.store.journal import Told, tell
from pmqa.store.opening import PATIENCE, both_languages, first_line
from pmqa.store.schema import SCHEMA_VERSION, create_tables, migrate, parts_missing, said_version, stored_version
from pmqa.tables import AUDIT, EVENTS, Table

VERSION_DIGITS: Final = 12
NO_VERSION: Final = "0"  # before the first change
Change = tuple[str, str | None, Mapping[str, object]]  # action, subject, details


def now() -> dt.datetime:
    """This moment in UTC, without a zone, as the database keeps it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


class _Moment(threading.local):
    """What a thread reads of while it stays at one moment: each has its own."""

    cursor: Cursor | None = None
    version: str = NO_VERSION


class Database:
    """An open database, made on first use.

    place: where it is. patience: seconds to wait while another process holds a file, or changes a lake.
    Raises StoreBusy after that, StoreTooNew for a later version's database, StoreError for what is none of ours.
    """

    def __init__(self, place: Place, *, patience: float = PATIENCE) -> None:
        self._backend = opened(place, patience)
        self.place = self._backend.place
        self._untold: list[Told] = []  # what the log is told once it is on disk; under the lock of writing
        self._found: tuple[object, str] = (None, "")  # the state when the version was last looked up, and what it was
        self._moment = _Moment()
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the database, so that another process can open it."""
        self._backend.close()

    def version(self) -> str:
        """Names the state of the data; changes with every change of them, and only then: the key of every cache.

        Made from what was changed and not from when, so that the same history gives the same version.
        """
        if self._moment.cursor:
            return self._moment.version
        # Pages ask several times a run: what was found holds until somebody may have changed something.
        state, found = self._backend.state(), self._found
        if found[0] != state:
            with self.reading() as cursor:
                self._refuse_later(said_version(cursor))  # somebody may have brought a lake up to date meanwhile
                self._found = found = (state, _last_change(cursor)[1])
        return found[1]

    def write_out(self) -> bool:
        """Write what is only in the log into the file: until then, DuckDB holds it in memory, three times over.

        After many large files at once, where others live in the same process. False where somebody who reads is in the
        way; DuckDB does it by itself sooner or later.
        """
        return self._backend.write_out()

    def tidy(self, days: int, *, alone: bool = False) -> dict[str, float]:
        """Give back what is needed no more: step -> seconds that it took. days: how long earlier states are kept.

        alone: no other catalogue that opened the data of this lake is in use. Raises StoreError where there is one.
        """
        return self._backend.tidy(days, alone=alone)

    def log_bytes(self) -> int:
        """What is only in the log, and would be missing from a copy of the file alone."""
        return self._backend.log_bytes()

    def free_bytes(self) -> int | None:
        """What is free where the data are; None where nobody can say."""
        return self._backend.free_bytes()

    @retried
    def _prepare(self) -> None:
        with self.reading() as cursor:
            if self._found_version(cursor) == SCHEMA_VERSION and not parts_missing(cursor):
                return  # without waiting for who writes
        with self._backend.writing():
            with self.reading() as cursor:
                found = self._found_version(cursor)
            self._refuse_later(found)
            if found is None:
                with self.transaction() as cursor:
                    create_tables(cursor, self._backend.create)
                self._backend.made()
            elif found < SCHEMA_VERSION:
                self._migrate(found)
            with self.reading() as cursor:
                if missing := parts_missing(cursor):
                    raise StoreError(both_languages("parts_missing", path=self.place, parts=", ".join(missing)))

    def _refuse_later(self, found: int | None) -> None:
        if found is not None and found > SCHEMA_VERSION:
            raise StoreTooNew(both_languages("too_new", path=self.place, found=found, known=SCHEMA_VERSION))

    def _migrate(self, found: int) -> None:
        backup = self._backend.back_up(found)
        try:
            with self.transaction() as cursor:
                migrate(cursor, found, self._backend.migrating)
                details = {"from": found, "to": SCHEMA_VERSION, "backup": backup}
                self.log(cursor, "system", [("migrated", None, details)])
        except duckdb.CatalogException as error:  # it has another version's tables than it says
            raise StoreError(both_languages("bad_version", path=self.place, found=found)) from error

    def _found_version(self, cursor: Cursor) -> int | None:
        try:
            return stored_version(cursor)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise StoreError(both_languages("not_a_database", path=self.place, reason=first_line(error))) from error
        except ValueError as error:
            raise StoreError(both_languages("bad_version", path=self.place, found=error)) from error

    def copy_to(self, place: Place) -> None:
        """Write all that is committed now into a new file, whole in itself, or into a lake that has nothing yet; others
        read and write meanwhile.

        Raises StoreError; then nothing of it is left at the place.
        """
        if isinstance(place, Path):
            self._backend.copy_to(place)
        else:
            with closing(opened(place, PATIENCE)) as target:
                copy_into(self._backend, target)

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """A cursor of this call's own: DuckDB's connections are not to be shared by threads. Raises StoreError.

        Or that of the moment at which the thread stays; its results are taken before another query is asked.
        """
        if self._moment.cursor:
            yield self._moment.cursor
            return
        with self._backend.reading() as cursor:
            yield cursor

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """This thread reads one state of the data and its version, whatever others change, until it changes something.

        Holds a transaction all the time: on a lake a connection of PostgreSQL, on a file what is let go of meanwhile.
        """
        with self._backend.reading() as cursor:
            cursor.execute("BEGIN TRANSACTION")
            self._refuse_later(said_version(cursor))
            self._moment.version = _last_change(cursor)[1]
            self._moment.cursor = cursor
            try:
                yield
            finally:
                self._moment.cursor = None

    def is_ready(self) -> bool:
        """Whether the database can be read now and there is room for what is written next."""
        try:
            with self.reading() as cursor:
                cursor.execute("SELECT 1 FROM audit LIMIT 1")
        except StoreError:
            return False
        return self._backend.has_room()

    @contextmanager
    def transaction(self) -> Iterator[Cursor]:
        """A cursor whose changes all happen or none; nobody sees them before the end.

        When the block returns, they are on disk. When it raises, closing the cursor undoes them.
        """
        self._moment.cursor = None  # who changes something sees it
        with self._backend.writing(), self._backend.reading() as cursor:
            self._untold.clear()
            cursor.execute("BEGIN TRANSACTION")
            yield cursor
            self._backend.commit(cursor)
            tell(self._untold)

    @contextmanager
    def aside(self) -> Iterator[Cursor]:
        """A cursor for one statement that changes none of the data; it waits only where the engine must."""
        with self._backend.aside(), self._backend.reading() as cursor:
            yield cursor

    @contextmanager
    def snapshot(self) -> Iterator[Cursor]:
        """A cursor on which several queries see one state of the data, whatever is recorded meanwhile."""
        with self.reading() as cursor:
            if cursor is not self._moment.cursor:
                cursor.execute("BEGIN TRANSACTION")
            yield cursor

    def read(
        self, table: Table, sql: str, values: Mapping[str, object] | None = None, *, keys: Sequence[str] = ()
    ) -> pd.DataFrame:
        """The rows of a query as the table; `keys` come as categoricals."""
        with self.reading() as cursor:
            return frame_of(cursor, table, sql, values or {}, keys)

    def log(self, cursor: Cursor, who: str, changes: Sequence[Change]) -> None:
        """Write changes to the audit, and with them the new version of the data."""
        at = now()
        number, version = _last_change(cursor)
        rows = []
        for action, subject, details in changes:
            number += 1
            words = json.dumps(details, ensure_ascii=False, sort_keys=True, default=str)
            version = version_after(version, number, action, subject, words)
            rows.append((number, at, who, action, subject, words, version))
            self._untold.append((at, who, action, subject, words))
        append(cursor, AUDIT, pd.DataFrame(rows, columns=list(AUDIT.columns)))

    def log_event(self, cursor: Cursor, who: str, action: str, subject: str, details: Mapping[str, object]) -> None:
        """Write with a transaction that it was done, where it is no change of the data: an event, no new version."""
        event = (now(), who, action, subject, json.dumps(details, ensure_ascii=False, sort_keys=True, default=str))
        append(cursor, EVENTS, pd.DataFrame([event], columns=list(EVENTS.columns)))
        self._untold.append(event)


def version_after(version: str, number: int, action: str, subject: str | None, details: str) -> str:
    """The version of the data after a change, from the one before it; details: the JSON that the audit keeps."""
    said = "\x1f".join((version, action, subject or "", details))
    return f"{number}-{hashlib.sha256(said.encode()).hexdigest()[:VERSION_DIGITS]}"


def frame_of(cursor: Cursor, table: Table, sql: str, values: Mapping[str, object], keys: Sequence[str]) -> pd.DataFrame:
    """Through Arrow: ten times as fast as DuckDB's own way to pandas where there is much text."""
    rows = cursor.execute(sql, dict(values)).to_arrow_table()
    for place, name in enumerate(rows.column_names):
        if name in keys:
            rows = rows.set_column(place, name, rows.column(name).dictionary_encode())
    return table.conform(rows.to_pandas(), check_key=False)


def append(cursor: Cursor, table: Table, frame: pd.DataFrame, *, check_key: bool = True) -> None:
    """Add the rows of a frame that the table allows."""
    rows = table.conform(frame, check_key=check_key)
    if not rows.empty:
        cursor.insert(table, rows, check_key=check_key)


def put(cursor: Cursor, table: Table, frame: pd.DataFrame) -> None:
    """Add rows, each in place of the one that has its key."""
    rows = table.conform(frame)
    if not rows.empty:
        cursor.replace(table, rows)


def take_out(cursor: Cursor, table: Table, condition: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """Delete the rows of which a condition holds; returns them. Not every engine gives back what it deletes."""
    found = cursor.execute(f"SELECT * FROM {table.name} WHERE {condition}", dict(values)).fetchall()
    if found:
        cursor.execute(f"DELETE FROM {table.name} WHERE {condition}", dict(values))
    return list(found)


def let_go_of_arrow() -> None:
    """Give back what Arrow keeps of memory that it needs no longer: 50 MB after a few batches of forms."""
    pa.default_memory_pool().release_unused()


def last_number(cursor: Cursor) -> int:
    """Of the audit: what is made next is named for the number of its entry, so that no name is used twice."""
    return _last_change(cursor)[0]


def _last_change(cursor: Cursor) -> tuple[int, str]:
    """Number and version of the last entry of the audit; (0, "0") before the first."""
    found = cursor.execute("SELECT number, version FROM audit ORDER BY number DESC LIMIT 1").fetchone()
    return (int(found[0]), str(found[1])) if found else (0, NO_VERSION)
