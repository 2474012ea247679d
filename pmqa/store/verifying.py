"""Whether a database is whole: it opens, every block can be read, what it says of itself fits together.

Nothing of the file is changed, not even its version: what is verified may be the only copy that is left.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pmqa.errors import StoreTooNew
from pmqa.framework import Framework, shipped_frameworks
from pmqa.places import Place
from pmqa.scoring import RULES_VERSION, moved_scores, score
from pmqa.store.backend import Cursor, opened
from pmqa.store.database import NO_VERSION, frame_of, version_after
from pmqa.store.embedded import DuckCursor
from pmqa.store.opening import both_languages, connect, in_words
from pmqa.store.schema import OWN_TABLES, SCHEMA_VERSION, parts_missing, stored_version
from pmqa.tables import ANSWERS, MEASURES, SCORES

PATIENCE: Final = 1.0  # seconds to wait for who has the file open
AT_ONCE: Final = 500  # submissions whose scores are computed together


@dataclass(frozen=True)
class Problem:
    """What is wrong, as the sentence store.verify_<code> and what fills its blanks."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Verified:
    """What a database holds, and what is wrong with it.

    version: of the data. schema: of the tables; an older one is brought up to date when the product opens the file.
    submissions: recorded ones, withdrawn and replaced ones too. changes: entries of the audit; last_change: UTC.
    scored: submissions whose scores were computed again and compared.
    """

    version: str
    schema: int
    submissions: int
    changes: int
    last_change: dt.datetime | None
    scored: int
    problems: tuple[Problem, ...] = ()


def verified(place: Place, frameworks: Mapping[str, Framework] | None = None) -> Verified:
    """Read all of a database and check it. Raises StoreError for what cannot be opened or read to its end."""
    with _one_moment(place) as cursor, in_words(place):
        schema = stored_version(cursor)
        if schema is None:
            return Verified(NO_VERSION, 0, 0, 0, None, 0, (Problem("empty"),))
        if schema > SCHEMA_VERSION:
            raise StoreTooNew(both_languages("too_new", path=place, found=schema, known=SCHEMA_VERSION))
        _read_every_block(cursor)
        return _checked(cursor, schema, frameworks if frameworks is not None else shipped_frameworks())


@contextmanager
def _one_moment(place: Place) -> Iterator[Cursor]:
    """The database as it is now, whatever is changed meanwhile; nothing is made where there is none."""
    if isinstance(place, Path):
        with closing(connect(place, PATIENCE, read_only=True)) as connection:
            yield DuckCursor(connection)
        return
    with closing(opened(place, PATIENCE, make=False)) as backend, backend.reading() as cursor:
        cursor.execute("BEGIN TRANSACTION")
        yield cursor


def _read_every_block(cursor: Cursor) -> None:
    """DuckDB holds each block against its checksum when it is read: so all of them are."""
    for (name,) in cursor.execute(f"{OWN_TABLES} ORDER BY 1").fetchall():
        cursor.execute(f'SELECT bit_xor(hash(t)) FROM "{name}" t').fetchall()


def _checked(cursor: Cursor, schema: int, frameworks: Mapping[str, Framework]) -> Verified:
    problems = list(_problems_of_chain(cursor))
    problems += _problems_of_contents(cursor)
    if schema == SCHEMA_VERSION:
        if missing := parts_missing(cursor):
            problems.append(Problem("parts", {"parts": ", ".join(missing)}))
        else:
            problems += _problems_of_submissions(cursor)
    scored = 0
    if schema == SCHEMA_VERSION and not problems:
        for edition, framework in frameworks.items():
            for ids in _scored_today(cursor, edition, framework):
                scored += len(ids)
                problems += _problems_of_scores(cursor, ids, framework)
    ((submissions, changes, last),) = cursor.execute(COUNTS).fetchall()
    version = cursor.execute("SELECT version FROM audit ORDER BY number DESC LIMIT 1").fetchone()
    said = str(version[0]) if version else NO_VERSION
    return Verified(said, schema, submissions, changes, last, scored, tuple(problems))


COUNTS: Final = """
    SELECT (SELECT count(*) FROM submissions), (SELECT count(*) FROM audit), (SELECT max("at") FROM audit)
"""


def _problems_of_chain(cursor: Cursor) -> Iterator[Problem]:
    """Each entry of the audit holds the one before it: one that was changed, added or taken out breaks the chain."""
    version = NO_VERSION
    rows = cursor.execute("SELECT number, action, subject, details, version FROM audit ORDER BY number").fetchall()
    for expected, (number, action, subject, details, said) in enumerate(rows, start=1):
        version = version_after(version, number, action, subject, details)
        if number != expected or said != version:
            yield Problem("chain", {"number": expected})
            return


def _problems_of_contents(cursor: Cursor) -> Iterator[Problem]:
    changed = cursor.execute("SELECT sha256 FROM contents WHERE sha256(content) <> sha256 ORDER BY 1").fetchall()
    if changed:
        yield Problem("contents", {"hashes": ", ".join(sha256[:12] for (sha256,) in changed)})
    missing = "SELECT submission FROM submissions WHERE sha256 NOT IN (SELECT sha256 FROM contents) ORDER BY 1"
    if lost := cursor.execute(missing).fetchall():
        yield Problem("no_content", {"submissions": ", ".join(key for (key,) in lost)})


def _problems_of_submissions(cursor: Cursor) -> Iterator[Problem]:
    """What the audit says was recorded, and not removed as a sample, is there; and nothing else is."""
    told: set[str] = set()
    sql = "SELECT action, subject, details FROM audit WHERE action IN ('recorded', 'samples_removed') ORDER BY number"
    for action, subject, details in cursor.execute(sql).fetchall():
        if action == "recorded":
            told.add(subject)
        else:
            told.difference_update(json.loads(details)["submissions"])
    there = {key for (key,) in cursor.execute("SELECT submission FROM submissions").fetchall()}
    if lost := sorted(told - there):
        yield Problem("lost", {"submissions": ", ".join(lost)})
    if strange := sorted(there - told):
        yield Problem("strange", {"submissions": ", ".join(strange)})


def _scored_today(cursor: Cursor, edition: str, framework: Framework) -> Iterator[list[str]]:
    """Submissions whose stored scores are of today's rules; the others are computed anew at the next opening."""
    sql = """
        SELECT s.submission FROM submissions s JOIN derived d USING (submission)
        WHERE s.edition = $edition AND d.framework_version = $framework AND d.rules_version = $rules ORDER BY 1
    """
    values = {"edition": edition, "framework": framework.version, "rules": RULES_VERSION}
    ids = [key for (key,) in cursor.execute(sql, values).fetchall()]
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _problems_of_scores(cursor: Cursor, ids: list[str], framework: Framework) -> Iterator[Problem]:
    of_these = "WHERE submission IN (SELECT unnest($ids))"
    values = {"ids": ids}
    sources = cursor.execute(f"SELECT submission, source FROM submissions {of_these}", values).to_arrow_table()
    answers, measures, kept = (
        frame_of(cursor, table, f"SELECT * FROM {table.name} {of_these}", values, ())
        for table in (ANSWERS, MEASURES, SCORES)
    )
    again = score(sources.to_pandas(), answers, measures, framework)
    differ = set(moved_scores(kept, again)["submission"]) | (set(ids) - set(kept["submission"].astype("str")))
    if differ:
        yield Problem("scores", {"submissions": ", ".join(sorted(differ))})
