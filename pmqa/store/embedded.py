"""The engine of one machine: a DuckDB file.

DuckDB lets one process write. Within it, every call works on a cursor of its own, so that threads read side by side
and see only what is committed; changes go one at a time, under one lock for each file.
"""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import pandas as pd
import pyarrow as pa

from pmqa.errors import StoreError
from pmqa.places import Place
from pmqa.store.backend import Cursor, OwnCursor
from pmqa.store.opening import both_languages, connect, first_line, log_of, why_not
from pmqa.tables import Table

PROBED: Final = 1 << 20  # bytes that must have room on the disk
# One lock for each file, shared by every Store on it in this process.
WRITE_LOCKS: Final[defaultdict[Path, threading.RLock]] = defaultdict(threading.RLock)
# Transactions on each file that this process has ended; raised under the file's lock.
CHANGES: Final[defaultdict[Path, int]] = defaultdict(int)


class DuckCursor(OwnCursor):
    """A cursor of DuckDB's own: keys are indexes."""

    def insert(self, table: Table, rows: pd.DataFrame, *, check_key: bool) -> None:  # noqa: ARG002 - the index does
        """As Cursor.insert."""
        self._add("INSERT", table, rows)

    def replace(self, table: Table, rows: pd.DataFrame) -> None:
        """As Cursor.replace."""
        self._add("INSERT OR REPLACE", table, rows)

    def _add(self, verb: str, table: Table, rows: pd.DataFrame) -> None:
        self.own.register("arriving", pa.Table.from_pandas(rows, preserve_index=False))
        self.own.execute(f"{verb} INTO {table.name} BY NAME SELECT * FROM arriving")
        self.own.unregister("arriving")


class Embedded:
    """A file, made on first use."""

    def __init__(self, path: Path, *, patience: float) -> None:
        self._path = path.resolve()
        self.place: Place = self._path
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._writing = WRITE_LOCKS[self._path]
        self._patience = patience
        self._connection: duckdb.DuckDBPyConnection | None = connect(self._path, patience)

    def close(self) -> None:
        """As Backend.close."""
        if self._connection is not None:
            self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """As Backend.reading.

        Raises StoreError where the machine fails it: a full disk, no memory, a file that is gone or damaged. After an
        error that DuckDB takes for fatal, the file is opened anew, so that the next call finds it in order.
        """
        connection = self._connection or self._opened_anew(None)
        try:
            cursor = connection.cursor()
        except duckdb.Error as error:  # closed, as another thread is opening the file anew
            raise self._failed(error) from error
        try:
            yield DuckCursor(cursor)
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
            raise StoreError(both_languages("closed", path=self._path, reason=first_line(error))) from error
        finally:
            cursor.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """As Backend.writing; other processes are kept out as long as this one has the file."""
        with self._writing:
            yield

    @contextmanager
    def aside(self) -> Iterator[None]:
        """As Backend.aside; waits for nobody."""
        yield

    def commit(self, cursor: Cursor) -> None:
        """As Backend.commit; nobody else changes the file, so there is no conflict."""
        cursor.execute("COMMIT")
        CHANGES[self._path] += 1

    def state(self) -> object:
        """As Backend.state: nobody else changes the file while this process holds it."""
        return CHANGES[self._path]

    def create(self, cursor: Cursor, table: Table) -> None:
        """As Backend.create."""
        cursor.execute(table.ddl())

    def made(self) -> None:
        """As Backend.made: a file without its log would open as an empty database otherwise."""
        self.write_out()

    def migrating(self, statement: str) -> str:
        """As Backend.migrating."""
        return statement

    def write_out(self) -> bool:
        """As Backend.write_out."""
        with self._writing, self.reading() as cursor:
            try:
                cursor.execute("CHECKPOINT")
            except duckdb.TransactionException:
                return False
        return True

    def tidy(self, days: int, *, alone: bool = False) -> dict[str, float]:  # noqa: ARG002 - a file has one state
        """As Backend.tidy."""
        began = time.monotonic()
        self.write_out()
        return {"write_out": time.monotonic() - began}

    def log_bytes(self) -> int:
        """As Backend.log_bytes."""
        log = log_of(self._path)
        return log.stat().st_size if log.exists() else 0

    def free_bytes(self) -> int:
        """As Backend.free_bytes."""
        return shutil.disk_usage(self._path.parent).free

    def has_room(self) -> bool:
        """As Backend.has_room."""
        return takes_a_probe(self._path.parent)

    def back_up(self, version: int) -> str:
        """As Backend.back_up: a copy beside the file."""
        at = dt.datetime.now(dt.UTC)
        backup = self._path.with_name(f"{self._path.stem}.v{version}-{at:%Y%m%dT%H%M%S}{self._path.suffix}")
        self.copy_to(backup)
        return backup.name

    def copy_to(self, path: Path) -> None:
        """As Backend.copy_to.

        Made through the open database: copying the file itself would miss what is only in the log and, on closing it,
        release the lock that keeps other processes out.
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

    def _failed(self, error: duckdb.Error) -> StoreError:
        return StoreError(both_languages(why_not(error), path=self._path, reason=first_line(error)))

    def _opened_anew(self, broken: duckdb.DuckDBPyConnection | None) -> duckdb.DuckDBPyConnection:
        """Another connection in place of one that DuckDB gives nothing on any more. Raises StoreError."""
        with self._writing:
            if self._connection is not broken and self._connection is not None:
                return self._connection  # another thread has done it
            if broken is not None:
                broken.close()
            self._connection = None
            self._connection = connect(self._path, self._patience)
            CHANGES[self._path] += 1  # what was found before may not be there any more
            return self._connection


def takes_a_probe(folder: Path) -> bool:
    """Whether a folder can be written into and its disk has room."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(PROBED))
            probe.flush()
    except OSError:
        return False
    return True
