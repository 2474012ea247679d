"""Opening the DuckDB file: waiting while another process has it, and in words why it cannot be opened or used."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path
from typing import Final

import duckdb

from pmqa.errors import StoreBusy, StoreError
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

LOG_BEGINS: Final = bytes.fromhex("640062650002")  # of this version of DuckDB
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


def connect(path: Path, patience: float) -> duckdb.DuckDBPyConnection:
    """An open connection. Raises StoreBusy after `patience` seconds, StoreError for a file that cannot be used."""
    deadline = time.monotonic() + patience
    while True:
        try:
            _check_log(path)
            connection = duckdb.connect(str(path), config=CONFIG)
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
    """DuckDB passes over a log whose first bytes it does not know, and all that was in it is silently not there."""
    log = path.with_name(f"{path.name}.wal")
    try:
        with log.open("rb") as file:
            begins = file.read(len(LOG_BEGINS))
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(both_languages("not_writable", path=log, reason=error)) from error
    if begins and not LOG_BEGINS.startswith(begins):
        raise StoreError(both_languages("log_damaged", path=path, reason=f"{log.name}: {begins.hex()}"))
