"""What the database holds, how it is made, and how an older one becomes today's.

A fresh database is made from the declared tables; an older one goes through migrations.py. A test holds both ways to
the same schema.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Final

from pmqa.analysis.likeness import BANDS
from pmqa.analysis.wordings import WORDINGS
from pmqa.store.backend import Cursor
from pmqa.store.migrations import MIGRATIONS
from pmqa.tables import (
    ACTIONS,
    AGENCIES,
    ANNOUNCED,
    ANSWERS,
    AUDIT,
    EFFORTS,
    EVENTS,
    EXPECTATIONS,
    FINDINGS,
    GROUP_OWNERS,
    LAYOUTS,
    LINKS,
    MEASURES,
    MOVED_SCORES,
    NOTES,
    PEER_GROUPS,
    PEOPLE,
    PROGRESS,
    RECEIVED,
    ROUND_SCORES,
    ROUNDS,
    SAVED_VIEWS,
    SCENARIOS,
    SCORES,
    SLIDES,
    STORYBOARDS,
    SUBMISSIONS,
    SUCCESSIONS,
    Table,
)

META = Table("meta", {"name": "text", "value": "text"}, key=("name",))

# A submission as stored: besides what everybody may read of it, who to ask about it, and whether it is sample data.
STORED_SUBMISSIONS = Table(
    "submissions",
    {
        **SUBMISSIONS.columns,
        "contact_name": "text?",
        "contact_email": "text?",
        "contact_phone": "text?",
        "sample": "bool",
    },
    key=SUBMISSIONS.key,
)

# The bytes of a file as they came, once for each content.
CONTENTS = Table("contents", {"sha256": "text", "content": "bytes"}, key=("sha256",))

# What the stored scores of a submission were derived by. They are stale when either differs from today's.
DERIVED = Table(
    "derived", {"submission": "text", "framework_version": "text", "rules_version": "text"}, key=("submission",)
)


# Texts of a year and source that were compared with one another: the family of each, of texts that are alike. Comparing
# goes on from here when others come: in the order of `place`, by the bands of each, two in a number.
SKETCH: Final = tuple(f"bands_{number}" for number in range(1, BANDS // 2 + 1))
FAMILIES = Table(
    "families",
    {
        "fiscal_year": "int",
        "source": "text",
        "part": "text",  # evidence, explanation
        "place": "int",
        "wording": "int",
        "family": "int",
        **dict.fromkeys(SKETCH, "int"),
    },
    key=("fiscal_year", "source", "part", "wording"),
)

# What was done with the texts of a submission: its wordings taken down, its evidence or explanations compared.
SETTLED = Table("settled", {"submission": "text", "done": "text"}, key=("submission", "done"))


# A file as it came in, and, as soon as it is known, what became of it.
OF_RECEIPT: Final = ("receipt", "sha256", "file_name", "size", "received_at", "received_by")
RECEIPTS = Table("receipts", RECEIVED.some(*OF_RECEIPT), key=RECEIVED.key)
OUTCOMES = Table(
    "outcomes",
    {
        **{name: kind for name, kind in RECEIVED.columns.items() if name not in OF_RECEIPT[1:]},
        "findings": "text",  # JSON; [] where there is a submission, which keeps its own
    },
    key=RECEIVED.key,
)

# Every cell of an accepted file as the reader packed it, so that numbers can be traced and old files read again.
RAW_CELLS = Table("raw_cells", {"submission": "text", "cells": "bytes"}, key=("submission",))

# Withdrawn, and restored: the latest entry of a submission holds.
WITHDRAWALS = Table(
    "withdrawals",
    {"number": "int", "submission": "text", "withdrawn": "bool", "reason": "text", "at": "time", "who": "text"},
    key=("number",),
)

# What the administrators have set.
SETTINGS = Table("settings", {"name": "text", "value": "text"}, key=("name",))

# What nobody has set and nobody may see: keys, drawn by chance.
SECRETS = Table("secrets", {"name": "text", "value": "text"}, key=("name",))


def unindexed(table: Table) -> Table:
    """The table without an index on its key.

    Facts go in by the hundred thousand, each submission once, in one transaction with its submission, whose own key
    is checked; an index over them would cost memory and time at every opening.
    """
    return Table(table.name, table.columns)


OF_MANY_ROWS: Final = (
    *(ANSWERS, WORDINGS, FAMILIES, SETTLED, MEASURES, FINDINGS),
    *(SCORES, MOVED_SCORES, ROUND_SCORES),
)

TABLES: Final = (
    META,
    STORED_SUBMISSIONS,
    CONTENTS,
    RECEIPTS,
    OUTCOMES,
    RAW_CELLS,
    WITHDRAWALS,
    DERIVED,
    AUDIT,
    AGENCIES,
    EXPECTATIONS,
    PEER_GROUPS,
    GROUP_OWNERS,
    PEOPLE,
    EVENTS,
    SCENARIOS,
    ACTIONS,
    PROGRESS,
    EFFORTS,
    SETTINGS,
    SECRETS,
    ANNOUNCED,
    STORYBOARDS,
    SLIDES,
    LINKS,
    SAVED_VIEWS,
    NOTES,
    LAYOUTS,
    ROUNDS,
    SUCCESSIONS,
    *(unindexed(table) for table in OF_MANY_ROWS),
)

SCHEMA_VERSION: Final = 12


# An engine may have databases of its own beside ours.
OWN_TABLES: Final = "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"
OWN_COLUMNS: Final = "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = current_database()"


def create_tables(cursor: Cursor, create: Callable[[Cursor, Table], None]) -> None:
    """An empty database of today's version. create: how the engine makes a table."""
    for table in TABLES:
        create(cursor, table)
    cursor.execute("INSERT INTO meta VALUES ('schema_version', ?)", [str(SCHEMA_VERSION)])


def stored_version(cursor: Cursor) -> int | None:
    """The version that the database says it has; None where nothing has been made yet. Raises as said_version."""
    return said_version(cursor) if cursor.execute(OWN_TABLES).fetchone() else None


def said_version(cursor: Cursor) -> int:
    """The version that a database that has been made says it has.

    Raises ValueError with what it says where that is none of the versions that there have been, or will be.
    """
    found = cursor.execute("SELECT value FROM meta WHERE name = 'schema_version'").fetchone()
    said = str(found[0]).strip() if found else ""
    if not re.fullmatch(r"[1-9][0-9]{0,8}", said):
        raise ValueError(said)
    return int(said)


def parts_missing(cursor: Cursor) -> list[str]:
    """Tables, and columns of the others, that today's version has and the database has not."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for table, column in cursor.execute(OWN_COLUMNS).fetchall():
        found[table].add(column)
    missing = [table.name for table in TABLES if table.name not in found]
    there = [table for table in TABLES if table.name in found]
    return missing + [
        f"{table.name}.{name}" for table in there for name in table.columns if name not in found[table.name]
    ]


def migrate(cursor: Cursor, version: int, adapted: Callable[[str], str]) -> None:
    """From an older version to today's, inside the caller's transaction. adapted: as the engine takes a statement."""
    for step in range(version, SCHEMA_VERSION):
        for statement in MIGRATIONS[step]:
            cursor.execute(adapted(statement))
    cursor.execute("UPDATE meta SET value = ? WHERE name = 'schema_version'", [str(SCHEMA_VERSION)])
