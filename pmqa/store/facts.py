"""What submissions say, and what follows from it: answers, measures, findings; scores and how the targets were met."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from pmqa.errors import Finding
from pmqa.framework import BELOW, Framework
from pmqa.scoring import KINDS, score_measures
from pmqa.scoring.ladder import Met
from pmqa.sources import SELF, bases
from pmqa.store.database import Database, frame_of
from pmqa.store.visible import ASKED, CHOSEN, CURRENT, CURRENT_THEN, STANDING, VISIBLE, among, choice, of_round
from pmqa.submission import MOST_MEASURES
from pmqa.tables import ANSWERS, FINDINGS, MEASURE_RESULTS, MEASURES, PLACES, PROSE, SCORED, SCORES, SUBMISSIONS, Table
from pmqa.viewer import Viewer

MEASURE_KEYS: Final = ("submission", "indicator", "direction", "method", "sheet")
WORDS_OF_MEASURES: Final = ("name", "note", "suggestion", "sheet", "target_cell", "actual_cell")
SCORE_KEYS: Final = ("submission", "basis", "kind", "scope", "level")
REPORTED: Final = "(SELECT * EXCLUDE (round) FROM round_scores WHERE round = $closed)"
OWNER_KEYS: Final = ("agency_code", "agency_name", "ministry", "agency_type", "source", "edition")

MET: Final = 2  # of an answer as a number; 0 is a blank one
THERE: Final = "+"  # in place of evidence that is not read
EVIDENCE: Final = f"CASE WHEN evidence IS NOT NULL THEN '{THERE}' END"


class Facts:
    """What is known of submissions, of withdrawn and replaced ones too where they are asked for by their ids.

    frameworks: the editions by which submissions are scored.
    """

    def __init__(self, database: Database, frameworks: Mapping[str, Framework]) -> None:
        self._database = database
        self._frameworks = frameworks

    def answers(
        self,
        ids: Iterable[str] | None = None,
        viewer: Viewer | None = None,
        *,
        texts: Collection[str] = PROSE,
    ) -> pd.DataFrame:
        """ANSWERS of submissions; of all that stand without ids.

        texts: columns of PROSE that are read. The texts of ten thousand agencies take more memory than all else of
        them, so others are blank, and PLACES with them; of evidence it is read whether there is any, as THERE.
        """
        spared = [name for name in PROSE if name not in texts]
        spared += PLACES if spared else ()
        return self._facts_of(ANSWERS, ids, viewer, spared, keys=("submission", "criterion", "sheet"))

    def met(self, ids: Iterable[str], viewer: Viewer | None, criteria: Sequence[str], *, with_evidence: bool) -> Met:
        """What submissions answered and met of criteria, those alone that answered any: as `answers` would say it.

        Of ten thousand agencies that is two million answers, which take a fifth of the time as numbers.
        with_evidence: whether only what names its evidence is met.
        """
        counts = "f.met AND f.evidence IS NOT NULL" if with_evidence else "f.met"
        said = f"CASE WHEN {counts} THEN {MET} WHEN f.met IS NULL THEN 0 ELSE 1 END"
        numbered = "(row_number() OVER (ORDER BY s.submission) - 1)::UINTEGER AS place"
        chosen = f"FROM submissions s WHERE {CHOSEN} AND {VISIBLE}"
        sql = f"""
            SELECT of.place, asked.place AS criterion, ({said})::UTINYINT AS said
            FROM answers f JOIN (SELECT s.submission, {numbered} {chosen}) of USING (submission)
            JOIN (SELECT unnest($criteria) AS criterion, unnest(range(len($criteria)))::USMALLINT AS place) asked
                USING (criterion)
        """
        values = among(ids, viewer)
        with self._database.snapshot() as cursor:
            sent = [one for (one,) in cursor.execute(f"SELECT s.submission {chosen} ORDER BY 1", values).fetchall()]
            rows = cursor.execute(sql, values | {"criteria": list(criteria)}).to_arrow_table()
        of, asked, code = (column.to_numpy() for column in rows.columns)
        every = np.zeros((len(sent), len(criteria)), dtype=np.uint8)
        every[of, asked] = code
        answering = np.unique(of)
        told = every[answering]
        return Met([sent[place] for place in answering], told > 0, told == MET)

    def measures(
        self, ids: Iterable[str] | None = None, viewer: Viewer | None = None, *, words: bool = True
    ) -> pd.DataFrame:
        """MEASURES of submissions; of all that stand without ids. words: whether names, notes and places are read."""
        if words:
            return self._facts_of(MEASURES, ids, viewer, keys=MEASURE_KEYS)
        return self._facts_of(MEASURES, ids, viewer, WORDS_OF_MEASURES, keys=(*MEASURE_KEYS, "unit"))

    def findings(self, ids: Iterable[str] | None = None, viewer: Viewer | None = None) -> pd.DataFrame:
        """FINDINGS (warnings and notes) of the files of submissions; of all that stand without ids."""
        return self._facts_of(FINDINGS, ids, viewer, keys=("submission", "code", "severity", "sheet"))

    def findings_of(self, submission: str, viewer: Viewer | None = None) -> tuple[Finding, ...]:
        """What was found in the file of a submission: warnings and notes."""
        return findings_by_submission(self.findings([submission], viewer))[submission]

    def reported(self, closed: str, ids: Iterable[str], viewer: Viewer | None = None) -> pd.DataFrame:
        """SCORES of submissions as they were reported when a round was closed; of those that counted then."""
        chosen = f"SELECT s.submission FROM submissions s WHERE {CHOSEN} AND {VISIBLE}"
        sql = f"SELECT f.* FROM {REPORTED} f SEMI JOIN ({chosen}) USING (submission)"
        values = among(list(ids), viewer) | of_round(closed)
        return self._in_order(self._database.read(SCORES, sql, values, keys=SCORE_KEYS))

    def scores(self, ids: Iterable[str] | None = None, viewer: Viewer | None = None) -> pd.DataFrame:
        """SCORES of submissions; of all that stand without ids. Text is categorical, in the framework's order."""
        return self._in_order(self._facts_of(SCORES, ids, viewer, keys=SCORE_KEYS))

    def measure_results(
        self,
        ids: Iterable[str] | None = None,
        viewer: Viewer | None = None,
        *,
        basis: str | None = None,
        measures: pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """MEASURE_RESULTS of submissions, derived now: only scores are kept.

        basis: the only one that is wanted. measures: their MEASURES, where somebody has read them already.
        """
        ids = None if ids is None else list(ids)
        origin = STANDING if ids is None else "submissions"
        sql = f"SELECT s.* FROM {origin} s WHERE {CHOSEN} AND {VISIBLE} ORDER BY s.submission"
        chosen = self._database.read(SUBMISSIONS, sql, among(ids, viewer))
        measures = self.measures(ids, viewer, words=False) if measures is None else measures
        parts = [
            score_measures(of_edition[["submission", "source"]], measures, self._frameworks[edition], basis)
            for edition, of_edition in chosen.groupby("edition")
            if edition in self._frameworks
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
        closed: str | None = None,
    ) -> pd.DataFrame:
        """SCORED of the current submissions; years, bases and kinds that are not asked for are not read.

        closed: as it was reported when this round was closed.
        """
        origin, kept = (CURRENT, SCORES.name) if closed is None else (CURRENT_THEN, REPORTED)
        chosen = f"FROM {origin} s WHERE {VISIBLE} AND {ASKED}"
        values = choice(viewer, source, years) | of_round(closed)
        narrowed = {f"basis_{place}": name for place, name in enumerate(bases or ())}
        narrowed |= {f"kind_{place}": name for place, name in enumerate(kinds or ())}
        sql = f"""
            SELECT f.* FROM {kept} f SEMI JOIN (SELECT s.submission {chosen}) USING (submission)
            WHERE {_one_of("basis", narrowed)} AND {_one_of("kind", narrowed)}
        """
        with self._database.snapshot() as cursor:
            owners = frame_of(cursor, SUBMISSIONS, f"SELECT s.* {chosen}", values, OWNER_KEYS)
            scores = self._in_order(frame_of(cursor, SCORES, sql, values | narrowed, SCORE_KEYS))
        # Whose a score is goes by its submission's number: joining text in the database takes twice as long.
        key = scores["submission"].cat
        rows = pd.Index(owners["submission"]).get_indexer(key.categories)[key.codes]
        whose = [name for name in SCORED.columns if name not in SCORES.columns]
        return SCORED.conform(scores.assign(**{name: owners[name].array.take(rows) for name in whose}), check_key=False)

    def _facts_of(
        self,
        table: Table,
        ids: Iterable[str] | None,
        viewer: Viewer | None,
        spared: Collection[str] = (),
        *,
        keys: Sequence[str],
    ) -> pd.DataFrame:
        """The table's rows of submissions; spared: columns of text that are not read."""
        # Even whether there is a text takes as long to read as all else of an answer.
        blanks = (f"{EVIDENCE if name == 'evidence' else 'NULL::VARCHAR'} AS {name}" for name in spared)
        columns = f"f.* REPLACE ({', '.join(blanks)})" if spared else "f.*"
        origin = STANDING if ids is None else "submissions"
        chosen = f"SELECT s.submission FROM {origin} s WHERE {CHOSEN} AND {VISIBLE}"
        sql = f"SELECT {columns} FROM {table.name} f SEMI JOIN ({chosen}) USING (submission)"
        return self._database.read(table, sql, among(ids, viewer), keys=(*keys, *spared))

    def _in_order(self, scores: pd.DataFrame) -> pd.DataFrame:
        """Bases, kinds, scopes and levels in the order in which people expect them, so that sorting needs no list; rows
        by submission and in that order, however the engine found them and in whichever batch they were recorded."""
        ordered = scores.assign(
            **{
                name: scores[name].cat.set_categories(_first(order, scores[name].cat.categories))
                for name, order in self._orders.items()
            }
        )
        submissions = ordered["submission"].cat
        place = submissions.categories.argsort().argsort()[submissions.codes].astype(np.int64)
        for name in ("basis", "kind", "scope"):
            place = place * len(ordered[name].cat.categories) + ordered[name].cat.codes.to_numpy()
        return ordered.take(place.argsort(kind="stable")).reset_index(drop=True)

    @cached_property
    def _orders(self) -> dict[str, list[str]]:
        editions = self._frameworks.values()
        scopes = [
            scope for kind in KINDS if kind != "measure" for edition in editions for scope in edition.scopes(kind)
        ]
        numbers = range(1, MOST_MEASURES + 1)
        measures = [f"{i.id}#{n}" for edition in editions for i in edition.indicators for n in numbers]
        levels = [BELOW, *(level.id for edition in editions for level in edition.levels)]
        return {"basis": list(bases()), "kind": list(KINDS), "scope": [*scopes, *measures], "level": levels}


def findings_by_submission(rows: pd.DataFrame) -> defaultdict[str, tuple[Finding, ...]]:
    """Submission -> what was found in its file, in order, of FINDINGS."""
    rows = rows.sort_values(["submission", "number"]).astype("object")
    found: defaultdict[str, tuple[Finding, ...]] = defaultdict(tuple)
    for key, _, code, severity, sheet, cell, value, details in rows.where(rows.notna(), None).itertuples(index=False):
        found[key] += (Finding(code, severity, sheet, cell, value, json.loads(details)),)
    return found


def finding_frame(findings: Mapping[str, Sequence[Finding]]) -> pd.DataFrame:
    """FINDINGS of submissions by their ids."""
    rows = [
        (
            key,
            number,
            one.code,
            one.severity,
            one.sheet,
            one.cell,
            one.value,
            json.dumps(dict(one.values), ensure_ascii=False, sort_keys=True, default=str),
        )
        for key, of_one in findings.items()
        for number, one in enumerate(of_one, start=1)
    ]
    return pd.DataFrame(rows, columns=list(FINDINGS.columns))


def _one_of(column: str, values: Mapping[str, str]) -> str:
    """The condition that a column is one of the values that are named for it, one by one: a list that the engine has
    to look into is not compared before the rows are read. True without any."""
    names = [f"${name}" for name in values if name.startswith(f"{column}_")]
    return f"f.{column} IN ({', '.join(names)})" if names else "true"


def _first(order: Sequence[str], present: Sequence[str]) -> list[str]:
    """What is present, the known ones in their order, then the others."""
    there = set(present)
    return list(dict.fromkeys([name for name in order if name in there] + list(present)))
