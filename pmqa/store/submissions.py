"""Submissions as they were sent: which there are, which of them count, what each says, its file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import pandas as pd

from pmqa.errors import StoreError
from pmqa.sources import SELF
from pmqa.store.database import Database
from pmqa.store.facts import Facts
from pmqa.store.opening import both_languages
from pmqa.store.visible import (
    ASKED,
    CHOSEN,
    CURRENT,
    CURRENT_THEN,
    STANDING,
    STANDING_THEN,
    VISIBLE,
    among,
    choice,
    of_round,
    reach,
)
from pmqa.submission import Answer, Measure, Submission
from pmqa.tables import SUBMISSIONS
from pmqa.viewer import Viewer


class Submissions:
    """What agencies sent; none of it ever changes."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    def standing(self, viewer: Viewer | None = None, *, closed: str | None = None) -> pd.DataFrame:
        """SUBMISSIONS that were not withdrawn, the earliest recorded first; superseded ones too.

        closed: as it was when this round was closed.
        """
        origin = STANDING if closed is None else STANDING_THEN
        sql = f"SELECT s.* FROM {origin} s WHERE {VISIBLE} ORDER BY s.submission"
        return self._database.read(SUBMISSIONS, sql, reach(viewer) | of_round(closed))

    def current(
        self,
        viewer: Viewer | None,
        *,
        source: str | None = SELF.id,
        years: Iterable[int] | None = None,
        closed: str | None = None,
    ) -> pd.DataFrame:
        """SUBMISSIONS that count: the latest recorded of each agency, year and source. source None = both sources.

        closed: as it was when this round was closed.
        """
        origin = CURRENT if closed is None else CURRENT_THEN
        sql = f"SELECT s.* FROM {origin} s WHERE {VISIBLE} AND {ASKED} ORDER BY s.submission"
        return self._database.read(SUBMISSIONS, sql, choice(viewer, source, years) | of_round(closed))

    def one(self, submission: str, viewer: Viewer | None = None) -> Submission:
        """A submission as it was read from its file. Raises StoreError where there is none that the viewer may see."""
        found = self.by_id([submission], viewer)
        if not found:
            raise StoreError(both_languages("no_submission", submission=submission))
        return found[submission]

    def by_id(self, ids: Iterable[str], viewer: Viewer | None = None) -> dict[str, Submission]:
        """Submissions as they were read from their files, of those ids that the viewer may see."""
        ids = list(ids)
        with self._database.reading() as cursor:
            sql = f"SELECT s.* FROM submissions s WHERE {CHOSEN} AND {VISIBLE} ORDER BY s.submission"
            rows = cursor.execute(sql, among(ids, viewer)).to_arrow_table().to_pylist()
        names = [part.name for part in fields(Submission) if part.name not in ("answers", "measures")]
        answers = _arguments(self._facts.answers(ids, viewer), Answer)
        measures = _arguments(self._facts.measures(ids, viewer), Measure)
        return {
            row["submission"]: Submission(
                **{name: row[name] for name in names},
                answers=tuple(Answer(**facts) for facts in answers[row["submission"]]),
                measures=tuple(Measure(**facts) for facts in measures[row["submission"]]),
            )
            for row in rows
        }

    def original(self, submission: str, viewer: Viewer | None = None) -> bytes:
        """The bytes of the file as it came. Raises StoreError where there is none that the viewer may see."""
        sql = f"""
            SELECT content FROM contents JOIN submissions s USING (sha256) WHERE {CHOSEN} AND {VISIBLE}
        """
        with self._database.reading() as cursor:
            found = cursor.execute(sql, among([submission], viewer)).fetchone()
        if not found:
            raise StoreError(both_languages("no_submission", submission=submission))
        return bytes(found[0])

    def has_samples(self) -> bool:
        """Whether sample data are among the submissions."""
        with self._database.reading() as cursor:
            return cursor.execute("SELECT 1 FROM submissions WHERE sample LIMIT 1").fetchone() is not None


def _arguments(frame: pd.DataFrame, kind: type[Answer] | type[Measure]) -> defaultdict[str, list[dict[str, Any]]]:
    """Submission -> its rows as the arguments of `kind`, blanks as None."""
    names = [part.name for part in fields(kind)]
    plain = frame[["submission", *names]].astype("object")
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for submission, *values in plain.where(plain.notna(), None).itertuples(index=False, name=None):
        found[submission].append(dict(zip(names, values, strict=True)))
    return found
