"""From one database to another, whatever their engines: all of one moment or nothing; whether they are the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from pmqa.errors import StoreError
from pmqa.store.backend import Backend, Cursor
from pmqa.store.opening import both_languages
from pmqa.store.schema import META, SCHEMA_VERSION, TABLES, create_tables, parts_missing, stored_version
from pmqa.tables import Table

FACTS: Final = tuple(table for table in TABLES if table.name != META.name)
AT_ONCE: Final = 50_000  # rows in memory
BLOBS_AT_ONCE: Final = 64  # files in memory


def copy_into(source: Backend, target: Backend) -> None:
    """All that is committed in one database now, into another that has nothing yet; all or nothing of it.

    Raises StoreError where the target has something, the source is of another version, or a copy is not the same.
    """
    with source.reading() as own:
        own.execute("BEGIN TRANSACTION")  # one moment, whatever is changed meanwhile
        if stored_version(own) != SCHEMA_VERSION or parts_missing(own):
            raise StoreError(both_languages("copy_older", path=source.place))
        with target.writing(), target.reading() as there:
            if stored_version(there) is None:
                there.execute("BEGIN TRANSACTION")
                create_tables(there, target.create)
                target.commit(there)
                target.made()
            if any(content(there, table)[0] for table in FACTS):
                raise StoreError(both_languages("copy_taken", path=target.place))
            there.execute("BEGIN TRANSACTION")
            for table in FACTS:
                for rows in _parts(own, table):
                    there.insert(table, rows, check_key=False)
            target.commit(there)
            target.write_out()
            if differ := [table.name for table in FACTS if content(own, table) != content(there, table)]:
                raise StoreError(both_languages("copy_differs", path=target.place, parts=", ".join(differ)))


def content(cursor: Cursor, table: Table) -> tuple[int, int]:
    """How many rows a table has, and what they say, in whatever order."""
    columns = ", ".join(f'"{name}"' for name in table.columns)
    sql = f"SELECT count(*), coalesce(bit_xor(hash(t)), 0) FROM (SELECT {columns} FROM {table.name}) t"
    ((count, hashed),) = cursor.execute(sql).fetchall()
    return int(count), int(hashed)


def _parts(cursor: Cursor, table: Table) -> Iterator[pd.DataFrame]:
    if "bytes" in table.columns.values():
        (key,) = table.key
        names = [name for (name,) in cursor.execute(f"SELECT {key} FROM {table.name} ORDER BY 1").fetchall()]
        sql = f"SELECT * FROM {table.name} WHERE {key} IN (SELECT unnest(?))"
        for start in range(0, len(names), BLOBS_AT_ONCE):
            found = cursor.execute(sql, [names[start : start + BLOBS_AT_ONCE]])
            yield table.conform(found.to_arrow_table().to_pandas(), check_key=False)
        return
    for batch in cursor.execute(f"SELECT * FROM {table.name}").to_arrow_reader(AT_ONCE):
        if batch.num_rows:
            yield table.conform(batch.to_pandas(), check_key=False)
