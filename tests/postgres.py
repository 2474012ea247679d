"""A PostgreSQL of the tests' own, from the system's packages; and lakes on it.

One server for each process of tests, without durability, started when the first test asks for it; and one lake on it,
open all the time, that tests of what both engines do are given empty. ON_BOTH makes of a test on `place`, or on what is
made of it, as `store`, one of a file and one of that lake.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from pmqa.places import LakePlace
from pmqa.store import Store
from pmqa.store.datapath import MARKER
from pmqa.store.lake import SCHEMA
from pmqa.store.schema import META

SYSTEM_USER = "postgres"  # PostgreSQL refuses to run as root
ROOT_USER = 0
MEMORY = Path("/dev/shm")  # each lake is a database of a thousand files
ON_BOTH = pytest.mark.parametrize("place", ["file", pytest.param("lake", marks=pytest.mark.slow)], indirect=True)


class NoPostgres(RuntimeError):
    """PostgreSQL is not there, or does not start."""


@dataclass
class Postgres:
    """A running server. fast: nothing is waited for on the disk, so that a machine that stops may lose everything."""

    fast: bool = True
    folder: Path = field(init=False)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _template: Path | None = None  # the folder of a lake whose database has its name
    _open: Store | None = None

    def __post_init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pmqa-pg-", dir=MEMORY if MEMORY.is_dir() else None))
        if os.getuid() == ROOT_USER:
            shutil.chown(self.folder, SYSTEM_USER, SYSTEM_USER)
        _done([_program("initdb"), "-D", str(self.folder / "data"), "-U", "pmqa", "-A", "trust", "-N"])
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        off = " -c fsync=off -c full_page_writes=off" if self.fast else ""
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=200{off}"
        words = ["-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-w", "-o", options]
        _done([_program("pg_ctl"), *words, "start"])

    def stop(self, mode: str = "fast") -> None:
        """Stop it; immediate = as if it were killed."""
        _done([_program("pg_ctl"), "-D", str(self.folder / "data"), "-w", "-m", mode, "stop"])

    def remove(self) -> None:
        """Stop it and forget what it had."""
        if self._open is not None:
            self._open.close()
        with suppress(NoPostgres):  # it may be down already
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def words(self, database: str = "postgres") -> str:
        """How it is reached."""
        return f"host={self.folder} user=pmqa dbname={database}"

    def empty(self, folder: Path) -> LakePlace:
        """A lake that nobody has made yet."""
        name = f"lake{next(self._numbers)}"
        with psycopg.connect(self.words(), autocommit=True) as session:
            session.execute(f"CREATE DATABASE {name}")
        return LakePlace(self.words(name), folder / name)

    def lake(self, folder: Path) -> LakePlace:
        """A lake with its tables and nothing in them; made once, and copied."""
        if self._template is None:
            made = self.empty(self.folder / "template")
            Store(made).close()
            self._template = made.data
        name = f"lake{next(self._numbers)}"
        with psycopg.connect(self.words(), autocommit=True) as session:
            session.execute(f"CREATE DATABASE {name} TEMPLATE {self._template.name}")
        shutil.copytree(self._template, folder / name)
        marker = folder / name / MARKER
        marker.write_text(marker.read_text(encoding="utf-8").split()[0], encoding="utf-8")  # its own catalogue alone
        return LakePlace(self.words(name), folder / name)

    def emptied(self) -> Store:
        """The one open lake with nothing in it, in a tenth of the time that another one takes to open."""
        if self._open is None:
            self._open = Store(self.lake(self.folder / "lakes"))
        place = self._open.place
        assert isinstance(place, LakePlace)
        with psycopg.connect(place.words, options=f"-c search_path={SCHEMA}") as session:
            _end_all_rows(session)
        return self._open


def _end_all_rows(session: psycopg.Connection[tuple[object, ...]]) -> None:
    """As a transaction of the engine that deletes everything: one more snapshot, in which all that there was has ended.

    The engine's own DELETE of each table takes half a second of CPU.
    """
    sql = """
        SELECT i.table_name FROM ducklake_inlined_data_tables i JOIN ducklake_table t USING (table_id)
        WHERE t.table_name != %s
    """
    inlined = [str(name) for (name,) in session.execute(sql, [META.name]).fetchall()]
    session.execute("""
        INSERT INTO ducklake_snapshot SELECT snapshot_id + 1, now(), schema_version, next_catalog_id, next_file_id
        FROM ducklake_snapshot ORDER BY snapshot_id DESC LIMIT 1
    """)
    ended = "UPDATE {} SET end_snapshot = (SELECT max(snapshot_id) FROM ducklake_snapshot) WHERE end_snapshot IS NULL"
    tables = (*inlined, "ducklake_data_file", "ducklake_delete_file")
    session.execute("; ".join(ended.format(name) for name in tables))  # one round trip


def _program(name: str) -> str:
    found = shutil.which(name) or next(iter(sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")))), None)
    if found is None:
        raise NoPostgres(f"{name} of PostgreSQL is not installed: make test-tools (or apt-get install postgresql)")
    return found


def _done(words: list[str]) -> None:
    if os.getuid() == ROOT_USER:
        words = ["setpriv", f"--reuid={SYSTEM_USER}", f"--regid={SYSTEM_USER}", "--clear-groups", *words]
    with tempfile.TemporaryFile() as said:  # no pipe: the server would keep it open
        code = subprocess.run(words, stdout=said, stderr=said, check=False, cwd="/").returncode
        said.seek(0)
        if code:
            why = said.read().decode(errors="replace").strip()
            raise NoPostgres(f"PostgreSQL cannot be used, and what needs it fails: {' '.join(words)}: {why}")
