"""The engine of several machines: DuckLake. Its catalogue is in PostgreSQL, the data are Parquet, as datapath says.

Every process reads and writes; PostgreSQL keeps them apart. Two things do that, and both are needed:

the lock   one advisory lock, held from before a change begins until it is committed, and gone with its holder: writers
           go one at a time, so that numbers and the audit's chain are right.
the fence  `ducklake_max_retry_count` = 0: each commit takes the next snapshot's number, which only one can have. A
           commit that was under way when its process was killed, and its lock with it, makes the next one fail, which
           is then made again as a whole, instead of being written beside it.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd
import pyarrow as pa

from pmqa.errors import StoreBusy, StoreError
from pmqa.places import LakePlace, Place
from pmqa.store.backend import Conflict, Cursor, OwnCursor
from pmqa.store.datapath import data_path, load, of_storage, opened_by, quoted, storage_failed
from pmqa.store.opening import CONFIG, both_languages, first_line, why_not
from pmqa.tables import Table

try:
    import psycopg
except ImportError as error:
    raise StoreError(both_languages("lake_packages", reason=error)) from error

EXTENSIONS: Final = ("ducklake", "postgres_scanner")
SCHEMA: Final = "pmqa"  # of PostgreSQL, for the catalogue
# A key that a caller brings is looked for; the others are given out under the lock, or looked up first.
CHECKED: Final = ("outcomes", "submissions")
INLINED: Final = 10  # rows that go into the catalogue, until tidy writes them out: a change of a few makes no file
BLOB_ROWS: Final = 16  # of a row group of blobs: one file is read without its neighbours
SPARE: Final = 8  # cursors kept open
GONE: Final = r"connection|terminating|server closed|shutting down|SSL SYSCALL|starting up"
TAKEN: Final = "maximum retry count|duplicate key"  # another has the snapshot's number
# Names a catalogue: what a dump does not take along. Which installation of PostgreSQL, database, and table of the lake.
CATALOGUE: Final = f"""
    SELECT concat_ws('.', system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database()),
        '"{SCHEMA}".pmqa_lake'::regclass::oid)
    FROM pg_control_system()
"""
# A machine that loses power must not keep the lock for the two hours that TCP usually takes to notice; and nobody's
# default may end a session that waits for its next change.
SESSION: Final = (
    "-c tcp_keepalives_idle=20 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
    " -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0"
)
MAINTENANCE: Final = (  # in this order; each reads what the one before left
    ("flush", "CALL ducklake_flush_inlined_data('lake')"),
    ("merge", "CALL ducklake_merge_adjacent_files('lake')"),
    ("rewrite", "CALL ducklake_rewrite_data_files('lake')"),
    ("expire", "CALL ducklake_expire_snapshots('lake', older_than => now() - INTERVAL '{days} days')"),
    ("cleanup", "CALL ducklake_cleanup_old_files('lake', older_than => now() - INTERVAL '{days} days')"),
    # Takes every Parquet file where the data are that this catalogue does not know: so the place has a marker.
    ("orphans", "CALL ducklake_delete_orphaned_files('lake', older_than => now() - INTERVAL '{days} days')"),
)


class LakeCursor(OwnCursor):
    """A cursor on a lake, which has no keys: they are held here."""

    def insert(self, table: Table, rows: pd.DataFrame, *, check_key: bool) -> None:
        """As Cursor.insert."""
        with self._arriving(rows):
            if check_key and table.name in CHECKED:
                keys = ", ".join(table.key)
                found = self.own.execute(f"SELECT {keys} FROM {table.name} SEMI JOIN arriving USING ({keys}) LIMIT 1")
                if row := found.fetchone():
                    raise duckdb.ConstraintException(f"Duplicate key {row} in {table.name}")
            self.own.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM arriving")

    def replace(self, table: Table, rows: pd.DataFrame) -> None:
        """As Cursor.replace."""
        same = " AND ".join(f"t.{name} = a.{name}" for name in table.key)
        with self._arriving(rows):
            self.own.execute(f"DELETE FROM {table.name} t USING arriving a WHERE {same}")
            self.own.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM arriving")

    @contextmanager
    def _arriving(self, rows: pd.DataFrame) -> Iterator[None]:
        self.own.register("arriving", pa.Table.from_pandas(rows, preserve_index=False))
        try:
            yield
        finally:
            self.own.unregister("arriving")


class Lake:
    """A lake, made on first use; make: False raises StoreError where there is none."""

    def __init__(self, place: LakePlace, *, patience: float, make: bool = True) -> None:
        self.place: Place = place
        self._at = place
        self._patience = patience
        self._key = int.from_bytes(hashlib.sha256(f"pmqa {SCHEMA}".encode()).digest()[:8], signed=True)
        self._mine = threading.RLock()
        self._depth = 0
        self._spare: list[duckdb.DuckDBPyConnection] = []
        self._asks = threading.Lock()
        self._data = data_path(place)
        self._connection = self._connected()
        self._asking, self._locking = self._session(), self._session()
        self._mending = threading.RLock()  # taken last of all
        self._attached = False
        self._era = 0  # raised when PostgreSQL was lost: what was connected before is of no use
        try:
            if self._is_made():
                self._check_data()
                self._attach()
            elif make:
                with self.writing():  # two may make it at once
                    self._check_data()
                    self._attach()
            else:
                raise StoreError(both_languages("no_lake", path=place))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """As Backend.close."""
        while self._spare:
            self._spare.pop().close()
        for each in (self._connection, self._asking, self._locking):
            each.close()

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """As Backend.reading."""
        era = self._era
        own = self._cursor()
        try:
            yield LakeCursor(own)
            with suppress(duckdb.TransactionException):  # there is none
                own.execute("ROLLBACK")  # of a snapshot
        except duckdb.Error as error:
            own.close()
            if re.search(TAKEN, str(error)):
                raise Conflict(first_line(error)) from error
            if self._is_gone(error) and not isinstance(error, duckdb.ConstraintException):
                self._lost(era)
                raise self._failed(error) from error
            if isinstance(error, (duckdb.OperationalError, duckdb.TransactionException)):
                raise self._failed(error) from error
            raise
        except BaseException:
            own.close()
            raise
        if era == self._era and len(self._spare) < SPARE:
            self._spare.append(own)
        else:
            own.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """As Backend.writing: by the advisory lock."""
        if not self._mine.acquire(timeout=self._patience):
            raise self._busy("?")
        try:
            if self._depth:
                yield
                return
            self._lock()
            self._depth = 1
            try:
                yield
            finally:
                self._depth = 0
                self._unlock()
        finally:
            self._mine.release()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """As Backend.aside: whatever is written takes the next snapshot's number, so one at a time."""
        with self.writing():
            yield

    def commit(self, cursor: Cursor) -> None:
        """As Backend.commit; what it raises, `reading` says in words."""
        cursor.execute("COMMIT")

    def state(self) -> object:
        """As Backend.state: the latest snapshot."""
        sql = f'SELECT max(snapshot_id) FROM "{SCHEMA}".ducklake_snapshot'
        with self._asks:
            for again in (True, False):
                try:
                    return self._asking.execute(sql).fetchone()
                except psycopg.Error as error:
                    self._lost(self._era)
                    if not again:
                        raise self._failed(error) from error
                    self._asking.close()
                    self._asking = self._session()
        raise AssertionError

    def create(self, cursor: Cursor, table: Table) -> None:
        """As Backend.create: without its key."""
        cursor.execute(Table(table.name, table.columns).ddl())

    def made(self) -> None:
        """As Backend.made: blobs go into files of their own at once, never into the catalogue."""
        sql = "SELECT DISTINCT table_name FROM duckdb_columns() WHERE database_name = 'lake' AND data_type = 'BLOB'"
        with self.writing(), self.reading() as cursor:
            for (name,) in cursor.execute(sql).fetchall():  # options are refused for tables of the same transaction
                for option, value in (("data_inlining_row_limit", 0), ("parquet_row_group_size", BLOB_ROWS)):
                    cursor.execute(f"CALL lake.set_option('{option}', {value}, table_name => '{name}')")

    def migrating(self, statement: str) -> str:
        """As Backend.migrating."""
        return re.sub(r",\s*PRIMARY KEY \([^)]*\)", "", statement)

    def back_up(self, version: int) -> str:  # noqa: ARG002 - it is in the audit
        """As Backend.back_up: the snapshot, kept until snapshots are expired."""
        return f"snapshot {self.state()}"

    def copy_to(self, path: Path) -> None:
        """As Backend.copy_to."""
        from pmqa.store.copying import copy_into  # noqa: PLC0415 - which knows engines
        from pmqa.store.embedded import Embedded  # noqa: PLC0415

        target = Embedded(path, patience=self._patience)
        try:
            copy_into(self, target)
        except BaseException:
            target.close()
            path.unlink(missing_ok=True)
            raise
        target.close()

    def write_out(self) -> bool:
        """As Backend.write_out: there is no log."""
        return True

    def tidy(self, days: int, *, alone: bool = False) -> dict[str, float]:
        """As Backend.tidy; others read meanwhile, and change between two steps."""
        took = {}
        if self._check_data(alone=alone) > 1:
            raise StoreError(both_languages("two_catalogues", folder=self._at.data, path=self.place))
        for name, sql in MAINTENANCE:
            began = time.monotonic()
            with self.writing(), self.reading() as cursor:
                self._check_data()  # the disk that it is on may have gone meanwhile
                cursor.execute(sql.format(days=int(days)))
            took[name] = time.monotonic() - began
        return took

    def log_bytes(self) -> int:
        """As Backend.log_bytes."""
        return 0

    def free_bytes(self) -> int | None:
        """As Backend.free_bytes: where the data are."""
        return self._data.free_bytes()

    def has_room(self) -> bool:
        """As Backend.has_room."""
        return self._data.has_room()

    def _session(self) -> psycopg.Connection[Any]:
        try:
            return psycopg.connect(
                self._at.words, autocommit=True, options=SESSION, connect_timeout=max(2, int(self._patience))
            )
        except psycopg.Error as error:
            raise self._failed(error) from error

    def _is_made(self) -> bool:
        found = self._asking.execute("SELECT to_regclass(%s)", [f'"{SCHEMA}".ducklake_snapshot']).fetchone()
        return bool(found and found[0])

    def _check_data(self, *, alone: bool = False) -> int:
        """How many catalogues of this lake have opened its data; alone: forget the others.

        Raises StoreError where the data's place is another lake's, or not there: what nobody knows there is deleted. A
        place that is empty becomes this lake's.
        """
        self._asking.execute(f'CREATE SCHEMA IF NOT EXISTS "{SCHEMA}"')
        self._asking.execute(f'CREATE TABLE IF NOT EXISTS "{SCHEMA}".pmqa_lake (id text)')
        found = self._asking.execute(f'SELECT id FROM "{SCHEMA}".pmqa_lake').fetchone()
        ((catalogue,),) = self._asking.execute(CATALOGUE).fetchall()
        if found is None:
            own = secrets.token_hex(16)
            self._data.take([own, catalogue])
            self._asking.execute(f'INSERT INTO "{SCHEMA}".pmqa_lake VALUES (%s)', [own])
            return 1
        return opened_by(self._data, self._at, found[0], catalogue, alone=alone)

    def _connected(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(config=CONFIG)
        for name in EXTENSIONS:
            load(connection, name)
        self._data.reached_by(connection)
        return connection

    def _attach(self) -> None:
        words = quoted(self._at.words)
        data = quoted(f"{self._at.data}/")
        try:
            self._connection.execute("SET GLOBAL ducklake_max_retry_count = 0")
            self._connection.execute(f"SET GLOBAL pg_pool_max_connections = {SPARE}")
            self._connection.execute(
                f"ATTACH 'ducklake:postgres:{words}' AS lake (DATA_PATH '{data}', OVERRIDE_DATA_PATH true,"
                f" METADATA_SCHEMA '{SCHEMA}', DATA_INLINING_ROW_LIMIT {INLINED})"
            )
        except duckdb.Error as error:
            raise self._failed(error) from error
        self._attached = True

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if not self._attached:  # PostgreSQL was down when it was lost
            with self._mending:
                if not self._attached:
                    self._attach()
        try:
            return self._spare.pop()
        except IndexError:
            own = self._connection.cursor()
            own.execute("USE lake")  # a cursor does not inherit it; a few milliseconds, so cursors are kept
            return own

    def _lost(self, era: int) -> None:
        """PostgreSQL was started anew: connect again, once for all who notice it."""
        with self._mending:
            if self._era != era:
                return
            self._era += 1
            self._attached = False
            while self._spare:
                self._spare.pop().close()
            before, self._connection = self._connection, self._connected()
            with suppress(StoreError):  # it may be down yet: the next one tries again
                self._attach()
            before.close()

    def _lock(self) -> None:
        for again in (True, False):
            try:
                if self._locking.closed or self._locking.broken:
                    self._locking = self._session()
                self._locking.execute(f"SET lock_timeout = {max(1, int(1000 * self._patience))}")
                self._locking.execute("SELECT pg_advisory_lock(%s)", [self._key])
                return
            except psycopg.errors.LockNotAvailable as error:
                raise self._busy(self._holder()) from error
            except psycopg.Error as error:  # PostgreSQL was started anew
                self._locking.close()
                self._lost(self._era)
                if not again:
                    raise self._failed(error) from error

    def _unlock(self) -> None:
        try:
            self._locking.execute("SELECT pg_advisory_unlock_all()")
        except psycopg.Error:  # the lock is gone already; the fence held what was committed
            self._locking.close()

    def _holder(self) -> str:
        sql = """
            SELECT coalesce(client_addr::text, 'localhost') || ' PID ' || pid
            FROM pg_locks JOIN pg_stat_activity USING (pid)
            WHERE locktype = 'advisory' AND granted AND objid = %s
        """
        found = self._locking.execute(sql, [self._key & 0xFFFFFFFF]).fetchone()
        return str(found[0]) if found else "?"

    def _busy(self, program: str) -> StoreBusy:
        return StoreBusy(both_languages("busy", path=self.place, program=program, seconds=f"{self._patience:g}"))

    def _is_gone(self, error: Exception) -> bool:
        """Whether PostgreSQL is down, or was started anew."""
        is_its = isinstance(error, psycopg.Error) or re.search(GONE, str(error), re.IGNORECASE)
        return bool(is_its) and not of_storage(error)

    def _failed(self, error: Exception) -> StoreError:
        """In words; without what connects, which has the password."""
        if of_storage(error):
            return storage_failed(self._at, error)
        reason = first_line(error).replace(self._at.words, str(self.place))
        key = "catalogue_gone" if self._is_gone(error) else why_not(error)
        return StoreError(both_languages(key, path=self.place, reason=reason))
