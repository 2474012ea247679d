"""The DuckDB file, on which all parts of the store work: many threads, one transaction for each change, the audit.

DuckDB lets one process write. Within it, every call works on a cursor of its own, so that threads read side by side
and see only what is committed; changes go one at a time, under one lock for each file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
import shutil
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd
import pyarrow as pa

from pmqa.errors import StoreError, StoreTooNew
from pmqa.store.journal import Told, tell
from pmqa.store.opening import PATIENCE, Cursor, both_languages, connect, first_line, log_of, why_not
from pmqa.store.schema import SCHEMA_VERSION, create_tables, migrate, parts_missing, stored_version
from pmqa.tables import AUDIT, EVENTS, Table

VERSION_DIGITS: Final = 12
NO_VERSION: Final = "0"  # before the first change
PROBED: Final = 1 << 20  # bytes that must have room on the disk
Change = tuple[str, str | None, Mapping[str, object]]  # action, subject, details


def now() -> dt.datetime:
    """This moment in UTC, without a zone, as the database keeps it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


# One lock for each file, shared by every Store on it in this process.
WRITE_LOCKS: Final[defaultdict[Path, threading.RLock]] = defaultdict(threading.RLock)
# Transactions on each file that this process has ended; raised under the file's lock.
CHANGES: Final[defaultdict[Path, int]] = defaultdict(int)


class Database:
    """An open database file, made on first use.

    path: the file. patience: seconds to wait while another process holds it.
    Raises StoreBusy after that, StoreTooNew for a later version's file, StoreError for what is no database of ours.
    """

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        self.path = path.resolve()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._writing = WRITE_LOCKS[self.path]
        self._patience = patience
        self._connection: Cursor | None = connect(self.path, patience)
        self._untold: list[Told] = []  # what the log is told once it is on disk; under the file's lock
        self._found = (-1, "")  # transactions ended when the version was last looked up, and what it was
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file, so that another process can open it."""
        if self._connection is not None:
            self._connection.close()

    def version(self) -> str:
        """Names the state of the data; changes with every change of them, and only then: the key of every cache.

        Made from what was changed and not from when, so that the same history gives the same version.
        """
        # Pages ask several times a run. Nobody else changes the file while this process holds it, so what was found
        # holds until a transaction of this process ends.
        changes = CHANGES[self.path]
        if self._found[0] != changes:
            with self.reading() as cursor:
                self._found = (changes, _last_change(cursor)[1])
        return self._found[1]

    def write_out(self) -> bool:
        """Write what is only in the log into the file: until then, DuckDB holds it in memory, three times over.

        After many large files at once, where others live in the same process. False where somebody who reads is in the
        way; DuckDB does it by itself sooner or later.
        """
        with self._writing, self.reading() as cursor:
            try:
                cursor.execute("CHECKPOINT")
            except duckdb.TransactionException:
                return False
        return True

    def log_bytes(self) -> int:
        """What is only in the log, and would be missing from a copy of the file alone."""
        log = log_of(self.path)
        return log.stat().st_size if log.exists() else 0

    def free_bytes(self) -> int:
        """What is free on the disk of the database."""
        return shutil.disk_usage(self.path.parent).free

    def _prepare(self) -> None:
        with self._writing:
            with self.reading() as cursor:
                found = self._found_version(cursor)
            if found is not None and found > SCHEMA_VERSION:
                known = SCHEMA_VERSION
                raise StoreTooNew(both_languages("too_new", path=self.path, found=found, known=known))
            if found is None:
                with self.transaction() as cursor:
                    create_tables(cursor)
                self.write_out()  # a file without its log would open as an empty database otherwise
            elif found < SCHEMA_VERSION:
                self._migrate(found)
            with self.reading() as cursor:
                if missing := parts_missing(cursor):
                    raise StoreError(both_languages("parts_missing", path=self.path, parts=", ".join(missing)))

    def _migrate(self, found: int) -> None:
        backup = self._back_up(found)
        try:
            with self.transaction() as cursor:
                migrate(cursor, found)
                details = {"from": found, "to": SCHEMA_VERSION, "backup": backup.name}
                self.log(cursor, "system", [("migrated", None, details)])
        except duckdb.CatalogException as error:  # it has another version's tables than it says
            raise StoreError(both_languages("bad_version", path=self.path, found=found)) from error

    def _found_version(self, cursor: Cursor) -> int | None:
        try:
            return stored_version(cursor)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise StoreError(both_languages("not_a_database", path=self.path, reason=first_line(error))) from error
        except ValueError as error:
            raise StoreError(both_languages("bad_version", path=self.path, found=error)) from error

    def _back_up(self, version: int) -> Path:
        """A copy beside the file."""
        backup = self.path.with_name(f"{self.path.stem}.v{version}-{now():%Y%m%dT%H%M%S}{self.path.suffix}")
        self.copy_to(backup)
        return backup

    def copy_to(self, path: Path) -> None:
        """Write all that is committed now into a new file, whole in itself; others read and write meanwhile.

        Made through the open database: copying the file itself would miss what is only in the log and, on closing it,
        release the lock that keeps other processes out. Raises StoreError; then nothing is left at the path.
        """
        copy = f"copy_{secrets.token_hex(4)}"  # several may be made at once
        quoted = str(path).replace("'", "''")
        try:
            with self.reading() as cursor:
                ((own,),) = cursor.execute("SELECT current_database()").fetchall()
                cursor.execute(f"ATTACH '{quoted}' AS {copy}")
                try:
                    cursor.execute(f'COPY FROM DATABASE "{own}" TO {copy}')
                    cursor.execute(f"CHECKPOINT {copy}")
                finally:
                    cursor.execute(f"DETACH DATABASE IF EXISTS {copy}")
        except BaseException:
            for left in (path, log_of(path)):
                left.unlink(missing_ok=True)
            raise

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """A cursor of this call's own: DuckDB's connections are not to be shared by threads.

        Raises StoreError where the machine fails it: a full disk, no memory, a file that is gone or damaged. After an
        error that DuckDB takes for fatal, the file is opened anew, so that the next call finds it in order.
        """
        connection = self._connection or self._opened_anew(None)
        try:
            cursor = connection.cursor()
        except duckdb.Error as error:  # closed, as another thread is opening the file anew
            raise self._failed(error) from error
        try:
            yield cursor
        except duckdb.FatalException as error:
            cursor.close()
            self._opened_anew(connection)
            raise self._failed(error) from error
        except (duckdb.OperationalError, duckdb.TransactionException) as error:
            raise self._failed(error) from error
        except duckdb.Error as error:
            if self._connection is connection:
                raise
            # Another thread opened the file anew while this one read: whatever it is, it comes of that.
            raise StoreError(both_languages("closed", path=self.path, reason=first_line(error))) from error
        finally:
            cursor.close()

    def _failed(self, error: duckdb.Error) -> StoreError:
        return StoreError(both_languages(why_not(error), path=self.path, reason=first_line(error)))

    def _opened_anew(self, broken: Cursor | None) -> Cursor:
        """Another connection in place of one that DuckDB gives nothing on any more. Raises StoreError."""
        with self._writing:
            if self._connection is not broken and self._connection is not None:
                return self._connection  # another thread has done it
            if broken is not None:
                broken.close()
            self._connection = None
            self._connection = connect(self.path, self._patience)
            CHANGES[self.path] += 1  # what was found before may not be there any more
            return self._connection

    def is_ready(self) -> bool:
        """Whether the database can be read now and its folder has room for what is written next."""
        try:
            with self.reading() as cursor:
                cursor.execute("SELECT 1 FROM audit LIMIT 1")
            with tempfile.TemporaryFile(dir=self.path.parent) as probe:
                probe.write(bytes(PROBED))
                probe.flush()
        except (StoreError, OSError):
            return False
        return True

    @contextmanager
    def transaction(self) -> Iterator[Cursor]:
        """A cursor whose changes all happen or none; nobody sees them before the end.

        When the block returns, they are on disk. When it raises, closing the cursor undoes them.
        """
        with self._writing, self.reading() as cursor:
            self._untold.clear()
            cursor.execute("BEGIN TRANSACTION")
            yield cursor
            cursor.execute("COMMIT")
            CHANGES[self.path] += 1
            tell(self._untold)

    @contextmanager
    def snapshot(self) -> Iterator[Cursor]:
        """A cursor on which several queries see one state of the data, whatever is recorded meanwhile."""
        with self.reading() as cursor:
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
    _insert(cursor, "INSERT", table, table.conform(frame, check_key=check_key))


def put(cursor: Cursor, table: Table, frame: pd.DataFrame) -> None:
    """Add rows, each in place of the one that has its key."""
    _insert(cursor, "INSERT OR REPLACE", table, table.conform(frame))


def take_out(cursor: Cursor, table: Table, condition: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """Delete the rows of which a condition holds; returns them."""
    found = cursor.execute(f"DELETE FROM {table.name} WHERE {condition} RETURNING *", dict(values)).fetchall()
    return list(found)


def _insert(cursor: Cursor, verb: str, table: Table, frame: pd.DataFrame) -> None:
    if not frame.empty:
        cursor.register("arriving", pa.Table.from_pandas(frame, preserve_index=False))
        cursor.execute(f"{verb} INTO {table.name} BY NAME SELECT * FROM arriving")
        cursor.unregister("arriving")


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
