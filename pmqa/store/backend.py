"""What the store needs of an engine: where the tables live, and what one engine says otherwise than another.

embedded  a DuckDB file, of one process
lake      DuckLake: a catalogue in PostgreSQL, the data where all servers reach them

Queries, the audit, versions and who may see what know no engine.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

import pandas as pd

from pmqa.errors import StoreBusy
from pmqa.places import Place
from pmqa.store.opening import both_languages
from pmqa.tables import Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TRIES = 5  # of a change that another's overtook
Args = ParamSpec("Args")
Value = TypeVar("Value")


class Conflict(Exception):
    """Another change was committed between the beginning and the end of this one, which may be made again whole."""


class Cursor(Protocol):
    """What queries run on; of one thread."""

    @abstractmethod
    def execute(self, sql: str, values: Mapping[str, object] | Sequence[object] | None = None) -> DuckDBPyConnection:
        """Run a statement."""

    @abstractmethod
    def insert(self, table: Table, rows: pd.DataFrame, *, check_key: bool) -> None:
        """Add rows of the table. Raises duckdb.ConstraintException for a key that is there already."""

    @abstractmethod
    def replace(self, table: Table, rows: pd.DataFrame) -> None:
        """Add rows of the table, each in place of the one that has its key."""


class OwnCursor(Cursor):
    """A cursor on a connection of its own."""

    def __init__(self, own: DuckDBPyConnection) -> None:
        self.own = own

    def execute(self, sql: str, values: Mapping[str, object] | Sequence[object] | None = None) -> DuckDBPyConnection:
        """As Cursor.execute."""
        return self.own.execute(sql, values)


class Backend(Protocol):
    """An open database; safe to share by threads."""

    place: Place

    @abstractmethod
    def reading(self) -> AbstractContextManager[Cursor]:
        """A cursor of the caller's own; what it began and did not commit is undone at the end. Raises StoreError."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[None]:
        """Held by one at a time, of all threads of all processes. Raises StoreBusy for who waits too long."""

    @abstractmethod
    def aside(self) -> AbstractContextManager[None]:
        """Held while something is written that is no change of the data; waits for others only where it must."""

    @abstractmethod
    def commit(self, cursor: Cursor) -> None:
        """End a transaction; its changes are on disk. Raises Conflict."""

    @abstractmethod
    def state(self) -> object:
        """Differs from what it was whenever anybody may have changed anything."""

    @abstractmethod
    def create(self, cursor: Cursor, table: Table) -> None:
        """Make a table."""

    @abstractmethod
    def made(self) -> None:
        """What is to be done once all tables are made and committed."""

    @abstractmethod
    def migrating(self, statement: str) -> str:
        """A statement of a migration as this engine takes it."""

    @abstractmethod
    def back_up(self, version: int) -> str:
        """Keep a way back before a migration from this version; what it is called."""

    @abstractmethod
    def copy_to(self, path: Path) -> None:
        """As Database.copy_to."""

    @abstractmethod
    def write_out(self) -> bool:
        """As Database.write_out."""

    @abstractmethod
    def tidy(self, days: int, *, alone: bool = False) -> dict[str, float]:
        """As Database.tidy."""

    @abstractmethod
    def log_bytes(self) -> int:
        """As Database.log_bytes."""

    @abstractmethod
    def free_bytes(self) -> int | None:
        """As Database.free_bytes."""

    @abstractmethod
    def has_room(self) -> bool:
        """Whether there is room for what is written next."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""


def retried(change: Callable[Args, Value]) -> Callable[Args, Value]:
    """A change that is made again, from its beginning, where another's came between: every one that is a transaction.

    What can be read but once is read before the first try. Raises StoreBusy after TRIES.
    """

    @wraps(change)
    def again(*args: Args.args, **kwargs: Args.kwargs) -> Value:
        kept = [tuple(one) if isinstance(one, Iterator) else one for one in args]
        named = {name: tuple(one) if isinstance(one, Iterator) else one for name, one in kwargs.items()}
        for left in reversed(range(TRIES)):
            try:
                return change(*kept, **named)  # type: ignore[arg-type]
            except Conflict as error:
                if not left:
                    raise StoreBusy(both_languages("overtaken")) from error
        raise AssertionError

    return again


def opened(place: Place, patience: float, *, make: bool = True) -> Backend:
    """The engine of a place. Raises as Database. make: False raises StoreError where there is no lake."""
    if isinstance(place, Path):
        from pmqa.store.embedded import Embedded  # noqa: PLC0415

        return Embedded(place, patience=patience)
    from pmqa.store.lake import Lake  # noqa: PLC0415 - needs packages that a file does without

    return Lake(place, patience=patience, make=make)
