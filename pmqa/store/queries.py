"""What can be read: submissions, what they say, their scores - each person only theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pmqa.errors import AccessDenied, StoreError
from pmqa.framework import Framework, shipped_frameworks
from pmqa.scoring import KINDS, score_measures
from pmqa.sources import SELF, bases
from pmqa.store.database import Cursor, Database, frame_of
from pmqa.store.opening import PATIENCE, both_languages
from pmqa.submission import MOST_MEASURES, Answer, Measure, Submission
from pmqa.tables import ANSWERS, FINDINGS, MEASURE_RESULTS, MEASURES, SCORED, SCORES, SUBMISSIONS, Table
from pmqa.viewer import Viewer

# Conditions on submissions `s`. A viewer's agencies and ministries both limit; null = all.
VISIBLE: Final = """
    ($agencies IS NULL OR s.agency_code IN (SELECT unnest($agencies)))
    AND ($ministries IS NULL OR s.ministry IN (SELECT unnest($ministries)))
"""
CHOSEN: Final = "($ids IS NULL OR s.submission IN (SELECT unnest($ids)))"
ASKED: Final = """
    ($source IS NULL OR s.source = $source)
    AND ($years IS NULL OR s.fiscal_year IN (SELECT unnest($years)))
"""

# Agencies that a viewer may see: by the register, and by what they sent too.
OF_REGISTER: Final = f"SELECT s.agency_code FROM agencies s WHERE {VISIBLE}"
OF_VIEWER: Final = f"SELECT s.agency_code FROM submissions s WHERE {VISIBLE} UNION {OF_REGISTER}"

# Submissions that their sender or an administrator took back, and did not restore.
WITHDRAWN: Final = """
    SELECT submission FROM (SELECT submission, arg_max(withdrawn, number) AS out FROM withdrawals GROUP BY submission)
    WHERE out
"""
# What submissions are taken from: those that stand; of them the latest recorded of each agency, year and source.
STANDING: Final = f"(FROM submissions WHERE submission NOT IN ({WITHDRAWN}))"
CURRENT: Final = f"""(
    FROM {STANDING}
    QUALIFY row_number() OVER (PARTITION BY agency_code, fiscal_year, source ORDER BY submission DESC) = 1
)"""

SCORE_KEYS: Final = ("submission", "basis", "kind", "scope", "level")
OWNER_KEYS: Final = ("agency_code", "agency_name", "ministry", "agency_type", "source", "edition")


def reach(viewer: Viewer | None) -> dict[str, object]:
    """The values of VISIBLE; no viewer = the product itself, which sees everything."""
    return {
        "agencies": sorted(viewer.agencies) if viewer and viewer.agencies is not None else None,
        "ministries": sorted(viewer.ministries) if viewer and viewer.ministries is not None else None,
    }


def theirs(agencies: str) -> str:
    """The condition that a row's agency is among the viewer's; one that nobody knows is of who may see everything."""
    return f"(($agencies IS NULL AND $ministries IS NULL) OR agency_code IN ({agencies}))"


THEIRS: Final = theirs(OF_VIEWER)


def check_agencies(cursor: Cursor, viewer: Viewer | None, codes: Iterable[str], *, agencies: str = OF_VIEWER) -> None:
    """Nothing where all of the agencies are among the viewer's. Raises AccessDenied otherwise."""
    sql = f"SELECT agency_code FROM (SELECT unnest($codes) AS agency_code) WHERE NOT {theirs(agencies)}"
    values = reach(viewer) | {"codes": list(codes)}
    refuse_strangers(code for (code,) in cursor.execute(sql, values).fetchall())


def refuse_strangers(codes: Iterable[str]) -> None:
    """Raises AccessDenied where there is any code: of agencies that somebody may not change."""
    if strangers := sorted(codes):
        raise AccessDenied(both_languages("not_yours", agencies=", ".join(strangers)))


class Queries(Database):
    """The reading half of the store.

    frameworks: the editions by which submissions are scored; those of the product unless given.
    """

    def __init__(
        self, path: Path, *, frameworks: Mapping[str, Framework] | None = None, patience: float = PATIENCE
    ) -> None:
        self.frameworks = dict(frameworks if frameworks is not None else shipped_frameworks())
        super().__init__(path, patience=patience)

    def submissions(self, viewer: Viewer | None = None) -> pd.DataFrame:
        """SUBMISSIONS that were not withdrawn, the earliest recorded first; superseded ones too."""
        sql = f"SELECT s.* FROM {STANDING} s WHERE {VISIBLE} ORDER BY s.submission"
        return self._read(SUBMISSIONS, sql, reach(viewer))

    def current(
        self, viewer: Viewer | None, *, source: str | None = SELF.id, years: Iterable[int] | None = None
    ) -> pd.DataFrame:
        """SUBMISSIONS that count: the latest recorded of each agency, year and source. source None = both sources."""
        sql = f"SELECT s.* FROM {CURRENT} s WHERE {VISIBLE} AND {ASKED} ORDER BY s.submission"
        return self._read(SUBMISSIONS, sql, _choice(viewer, source, years))

    def submission(self, submission: str, viewer: Viewer | None = None) -> Submission:
        """A submission as it was read from its file. Raises StoreError where there is none that the viewer may see."""
        found = self.submissions_by_id([submission], viewer)
        if not found:
            raise StoreError(both_languages("no_submission", submission=submission))
        return found[submission]

    def submissions_by_id(self, ids: Iterable[str], viewer: Viewer | None = None) -> dict[str, Submission]:
        """Submissions as they were read from their files, of those ids that the viewer may see."""
        ids = list(ids)
        with self._reading() as cursor:
            sql = f"SELECT s.* FROM submissions s WHERE {CHOSEN} AND {VISIBLE} ORDER BY s.submission"
            rows = cursor.execute(sql, _ids(ids, viewer)).to_arrow_table().to_pylist()
        names = [part.name for part in fields(Submission) if part.name not in ("answers", "measures")]
        answers = _facts(self.answers(ids, viewer), Answer)
        measures = _facts(self.measures(ids, viewer), Measure)
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
        with self._reading() as cursor:
            found = cursor.execute(sql, _ids([submission], viewer)).fetchone()
        if not found:
            raise StoreError(both_languages("no_submission", submission=submission))
        return bytes(found[0])

    def answers(self, ids: Iterable[str] | None = None, viewer: Viewer | None = None) -> pd.DataFrame:
        """ANSWERS of submissions; of all that stand without ids."""
        return self._facts_of(ANSWERS, ids, viewer, keys=("submission", "criterion", "sheet"))

    def measures(self, ids: Iterable[str] | None = None, viewer: Viewer | None = None) -> pd.DataFrame:
        """MEASURES of submissions; of all that stand without ids."""
        return self._facts_of(MEASURES, ids, viewer, keys=("submission", "indicator", "direction", "method", "sheet"))

    def findings(self, ids: Iterable[str] | None = None, viewer: Viewer | None = None) -> pd.DataFrame:
        """FINDINGS (warnings and notes) of the files of submissions; of all that stand without ids."""
        return self._facts_of(FINDINGS, ids, viewer, keys=("submission", "code", "severity", "sheet"))

    def scores(self, ids: Iterable[str] | None = None, viewer: Viewer | None = None) -> pd.DataFrame:
        """SCORES of submissions; of all that stand without ids. Text is categorical, in the framework's order."""
        return self._in_order(self._facts_of(SCORES, ids, viewer, keys=SCORE_KEYS))

    def measure_results(self, ids: Iterable[str] | None = None, viewer: Viewer | None = None) -> pd.DataFrame:
        """MEASURE_RESULTS of submissions, derived now: only scores are kept."""
        ids = None if ids is None else list(ids)
        origin = STANDING if ids is None else "submissions"
        sql = f"SELECT s.* FROM {origin} s WHERE {CHOSEN} AND {VISIBLE} ORDER BY s.submission"
        chosen = self._read(SUBMISSIONS, sql, _ids(ids, viewer))
        measures = self.measures(ids, viewer)
        parts = [
            score_measures(of_edition[["submission", "source"]], measures, self.frameworks[edition])
            for edition, of_edition in chosen.groupby("edition")
            if edition in self.frameworks
        ]
        return pd.concat(parts, ignore_index=True) if parts else MEASURE_RESULTS.empty()

    def scored(
        self,
        viewer: Viewer | None,
        *,
        source: str | None = SELF.id,
        years: Iterable[int] | None = None,
        bases: Iterable[str] | None = None,
        kinds: Iterable[str] | None = None,
    ) -> pd.DataFrame:
        """SCORED of the current submissions; years, bases and kinds that are not asked for are not read."""
        chosen = f"FROM {CURRENT} s WHERE {VISIBLE} AND {ASKED}"
        values = _choice(viewer, source, years)
        sql = f"""
            SELECT f.* FROM scores f SEMI JOIN (SELECT s.submission {chosen}) USING (submission)
            WHERE ($bases IS NULL OR f.basis IN (SELECT unnest($bases)))
              AND ($kinds IS NULL OR f.kind IN (SELECT unnest($kinds)))
        """
        with self._snapshot() as cursor:
            owners = frame_of(cursor, SUBMISSIONS, f"SELECT s.* {chosen}", values, OWNER_KEYS)
            narrowed = values | {"bases": _listed(bases), "kinds": _listed(kinds)}
            scores = self._in_order(frame_of(cursor, SCORES, sql, narrowed, SCORE_KEYS))
        # Whose a score is goes by its submission's number: joining text in the database takes twice as long.
        key = scores["submission"].cat
        rows = pd.Index(owners["submission"]).get_indexer(key.categories)[key.codes]
        whose = [name for name in SCORED.columns if name not in SCORES.columns]
        return SCORED.conform(scores.assign(**{name: owners[name].array.take(rows) for name in whose}), check_key=False)

    def _facts_of(
        self, table: Table, ids: Iterable[str] | None, viewer: Viewer | None, *, keys: Sequence[str]
    ) -> pd.DataFrame:
        origin = STANDING if ids is None else "submissions"
        chosen = f"SELECT s.submission FROM {origin} s WHERE {CHOSEN} AND {VISIBLE}"
        sql = f"SELECT f.* FROM {table.name} f SEMI JOIN ({chosen}) USING (submission)"
        return self._read(table, sql, _ids(ids, viewer), keys=keys)

    def _in_order(self, scores: pd.DataFrame) -> pd.DataFrame:
        """Bases, kinds, scopes and levels in the order in which people expect them, so that sorting needs no list."""
        return scores.assign(
            **{
                name: scores[name].cat.set_categories(_first(order, scores[name].cat.categories))
                for name, order in self._orders.items()
            }
        )

    @cached_property
    def _orders(self) -> dict[str, list[str]]:
        editions = self.frameworks.values()
        scopes = [
            scope for kind in KINDS if kind != "measure" for edition in editions for scope in edition.scopes(kind)
        ]
        numbers = range(1, MOST_MEASURES + 1)
        measures = [f"{i.id}#{n}" for edition in editions for i in edition.indicators for n in numbers]
        levels = ["below", *(level.id for edition in editions for level in edition.levels)]
        return {"basis": list(bases()), "kind": list(KINDS), "scope": [*scopes, *measures], "level": levels}


def _first(order: Sequence[str], present: Sequence[str]) -> list[str]:
    """What is present, the known ones in their order, then the others."""
    there = set(present)
    return list(dict.fromkeys([name for name in order if name in there] + list(present)))


def _choice(viewer: Viewer | None, source: str | None, years: Iterable[int] | None) -> dict[str, object]:
    return {**reach(viewer), "source": source, "years": None if years is None else [int(year) for year in years]}


def _ids(ids: Iterable[str] | None, viewer: Viewer | None) -> dict[str, object]:
    return {**reach(viewer), "ids": _listed(ids)}


def _listed(names: Iterable[str] | None) -> list[str] | None:
    return None if names is None else [str(name) for name in names]


def _facts(frame: pd.DataFrame, kind: type[Answer] | type[Measure]) -> defaultdict[str, list[dict[str, Any]]]:
    """Submission -> its rows as the arguments of `kind`, blanks as None."""
    names = [part.name for part in fields(kind)]
    plain = frame[["submission", *names]].astype("object")
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for submission, *values in plain.where(plain.notna(), None).itertuples(index=False, name=None):
        found[submission].append(dict(zip(names, values, strict=True)))
    return found
