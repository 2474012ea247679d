"""Opening the DuckDB file: waiting while another process has it, and in words why it cannot be opened or used."""

from __future__ import annotations

import os
import random
import re
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import duckdb

from pmqa.errors import StoreBusy, StoreError
from pmqa.places import Place
from pmqa.text import languages, translator

PATIENCE: Final = 10.0  # seconds to wait for another process
RETRY: Final = (0.02, 0.25)  # seconds between two tries: random, so that many waiting processes do not march in step
CONFIG: Final[dict[str, str | bool | int | float | list[str]]] = {
    # The machine may have no way out, and a database needs nothing from there.
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    # Files of a hundred kilobytes fill DuckDB's usual log of 16 MB with every few batches, and writing it into the
    # database each time is half of the work of recording. After a crash, a full log is read back in about a second.
    "checkpoint_threshold": "128MB",
    # Transactions and reads here take milliseconds: sharing them out among threads makes no read faster, and recording
    # costs half as much again. Several people are served by several cursors all the same.
    "threads": 1,
}

# The log of this version of DuckDB: its head, the length and checksum before each entry, and the whole entry that makes
# a change complete.
LOG_BEGINS: Final = bytes.fromhex("640062650002ffff")
ENTRY_HEAD: Final = struct.Struct("<QQ")
COMPLETE: Final = bytes.fromhex("0500000000000000e7fe7d722fed3d5e640064ffff")
REASONS: Final = (  # what DuckDB says, and the sentence of the store that says it to a person; the first that fits
    (r"Could not set lock|Conflicting lock", "busy"),
    (r"replaying WAL|Corrupt WAL", "log_damaged"),
    (r"Corrupt database file|checksum|Could not read enough bytes|Serialization", "damaged"),
    (r"not a valid DuckDB database|version number|Version", "not_a_database"),
    (r"Read-only file system|Permission denied|read-only mode", "not_writable"),
    (r"No space left|File too large|Disk quota|disk space", "disk_full"),
    (r"closed|No such file", "closed"),
)


def both_languages(key: str, **values: object) -> str:
    """A sentence of the store in every language: what is raised here may reach a page or a terminal."""
    return "\n".join(translator(language)(f"store.{key}", **values) for language in languages())


def why_not(error: Exception) -> str:
    """The key of the sentence that says what DuckDB's error means and what to do about it."""
    said = str(error)
    return next((key for pattern, key in REASONS if re.search(pattern, said)), "machine_failed")


def first_line(error: Exception) -> str:
    """What DuckDB says, without the lines that are for programmers."""
    return str(error).split("\n", maxsplit=1)[0]


@contextmanager
def in_words(path: Place) -> Iterator[None]:
    """Raises StoreError, which says what and where to a person, for what DuckDB or schema.stored_version raise."""
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise StoreError(both_languages("not_a_database", path=path, reason=first_line(error))) from error
    except ValueError as error:
        raise StoreError(both_languages("bad_version", path=path, found=error)) from error
    except duckdb.Error as error:
        raise StoreError(both_languages(why_not(error), path=path, reason=first_line(error))) from error


def log_of(path: Path) -> Path:
    """Where DuckDB keeps what is not written into the file yet."""
    return path.with_name(f"{path.name}.wal")


def connect(path: Path, patience: float, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """An open connection; read_only: the file and its log stay as they are, byte by byte.

    Raises StoreBusy after `patience` seconds, StoreError for a file that cannot be used.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            _check_log(path)
            connection = duckdb.connect(str(path), read_only=read_only, config=CONFIG)
            # After a fatal error, the file is open in this process as long as any thread has a cursor on it.
            connection.execute("SELECT 1 FROM duckdb_tables() LIMIT 1").fetchall()
            return connection
        except duckdb.FatalException as error:
            connection.close()
            if time.monotonic() >= deadline:
                raise StoreError(both_languages("closed", path=path, reason=first_line(error))) from error
        except duckdb.Error as error:
            key = why_not(error)
            if key != "busy":
                raise StoreError(both_languages(key, path=path, reason=first_line(error))) from error
            if time.monotonic() >= deadline:
                holder = re.search(r"PID \d+", str(error))
                program = holder[0] if holder else "?"
                raise StoreBusy(both_languages("busy", path=path, program=program, seconds=f"{patience:g}")) from error
        time.sleep(random.uniform(*RETRY))  # noqa: S311 - chance, not secrecy


def _check_log(path: Path) -> None:
    """What DuckDB passes over in silence in a log, so that all that follows is not there.

    A log whose first bytes it does not know; an entry that says it is longer than the log. The last one is so where the
    machine stopped while it was written, and then nobody was told that it is kept; but no change is complete after it.
    """
    log = log_of(path)
    try:
        with log.open("rb") as file:
            begins = file.read(len(LOG_BEGINS))
            if begins and not LOG_BEGINS.startswith(begins):
                raise StoreError(both_languages("log_damaged", path=path, reason=f"{log.name}: {begins.hex()}"))
            if (at := _hides_changes(file)) is not None:
                raise StoreError(both_languages("log_damaged", path=path, reason=f"{log.name}: {at}"))
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(both_languages("not_writable", path=log, reason=error)) from error


def _hides_changes(log: BinaryIO) -> int | None:
    """Where an entry is longer than the rest of the log though a change is complete after it; None where none is."""
    at = log.tell()
    end = log.seek(0, os.SEEK_END)
    while at < end:
        log.seek(at)
        head = log.read(ENTRY_HEAD.size)
        size = ENTRY_HEAD.unpack(head)[0] if len(head) == ENTRY_HEAD.size else end
        if at + ENTRY_HEAD.size + size > end:
            rest = head + log.read()
            return at if COMPLETE in rest or rest.endswith(COMPLETE[ENTRY_HEAD.size :]) else None
        at += ENTRY_HEAD.size + size
    return None
