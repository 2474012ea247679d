"""Texts that stand again: what of them is compared, and which of a year are alike.

Taking down what is compared would make recording a quarter dearer, and comparing the texts of ten thousand agencies
takes minutes. So both are done in steps after the texts were recorded, each in a transaction of its own, by whoever
comes first, the server between its other work or who asks; and what was found is kept. It holds no text, says nothing
that the texts do not, and is no change of the data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmqa.analysis.evidence import CITED
from pmqa.analysis.likeness import LEAST_NEAR, settled
from pmqa.analysis.reuse import ALIKE_WORDINGS, LEAST_EXACT, TEXTS
from pmqa.analysis.wordings import PARTS, VERSION, WORDINGS, all_normalised, wordings_of
from pmqa.store.backend import Cursor, retried
from pmqa.store.database import Database, append
from pmqa.store.facts import Facts
from pmqa.store.schema import FAMILIES, SETTLED, SKETCH
from pmqa.store.visible import CHOSEN, VISIBLE, among
from pmqa.tables import Table
from pmqa.viewer import Viewer, is_limited

AT_ONCE: Final = 200  # submissions that a step is about
OPEN: Final = "w.met AND NOT coalesce(w.classified, true)"  # blank where there is no evidence
OF_THEM: Final = f"""
    FROM wordings w SEMI JOIN (SELECT s.submission FROM submissions s WHERE {CHOSEN} AND {VISIBLE}) USING (submission)
"""
WRITTEN: Final = Table("written", {"wording": "int", "text": "text"}, key=("wording",))
# Of a year, a source and a part.
THEIRS: Final = "fiscal_year = $year AND source = $source AND part = $part"
# Of whom a family is called by another: it has several, as each is called by one of its own.
LINKED: Final = f"""
    FROM families WHERE {THEIRS} AND family IN (SELECT family FROM families WHERE {THEIRS} AND wording <> family)
"""
TAKEN_DOWN: Final = "taken_down"
STEPS: Final = (TAKEN_DOWN, *PARTS)  # of each submission's texts, in this order
VERSION_NAME: Final = "wordings_version"  # in META: what they were taken down by
WAITING: Final = """
    SELECT s.fiscal_year, s.source, p.step, list(s.submission ORDER BY s.submission)
    FROM submissions s CROSS JOIN (SELECT unnest($steps) AS step) p
    ANTI JOIN settled d ON d.submission = s.submission AND d.done = p.step
    WHERE ($year IS NULL OR s.fiscal_year = $year) AND ($source IS NULL OR s.source = $source)
    GROUP BY ALL ORDER BY s.fiscal_year DESC, min(list_position($steps, p.step)), s.source LIMIT 1
"""
SO_FAR: Final = """
    SELECT count(*) FILTER (steps = len($steps)), count(*)
    FROM submissions s LEFT JOIN (
        SELECT submission, count(*) AS steps FROM settled WHERE done IN (SELECT unnest($steps)) GROUP BY 1
    ) USING (submission)
    WHERE s.fiscal_year = $year AND s.source = $source
"""
# Differs once another has taken a step, or texts went.
STATE: Final = """
    SELECT (SELECT count(*) FROM settled), (SELECT count(*) FROM families),
        (SELECT max(number) FROM audit WHERE action IN ('reread', 'samples_removed'))
"""
MERGE: Final = f"""
    UPDATE families SET family = m.name FROM (SELECT unnest($old) AS old, unnest($new) AS name) m
    WHERE {THEIRS} AND family = m.old
"""


class Likeness:
    """What is compared of texts, and families of those that are alike."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    def cited(self, ids: Iterable[str], viewer: Viewer | None = None) -> pd.DataFrame:
        """CITED of those of the submissions that the viewer may see."""
        evidenced = "w.met AND w.classified IS NOT NULL"
        counted = {
            "met": "w.met",
            "evidenced": evidenced,
            "classified": f"{evidenced} AND w.classified",
            "open": OPEN,
            **{name: f"{OPEN} AND w.{name}" for name in ("document_named", "year_in_period")},
        }
        counts = ", ".join(f"count(*) FILTER ({condition}) AS {name}" for name, condition in counted.items())
        return self._database.read(CITED, f"SELECT w.submission, {counts} {OF_THEM} GROUP BY ALL", among(ids, viewer))

    def texts(
        self, ids: Iterable[str], part: str, fiscal_year: int, source: str, viewer: Viewer | None = None
    ) -> pd.DataFrame:
        """TEXTS of one part (evidence, explanation) of those of the submissions of a year and a source that the viewer
        may see: all that stand more than once, or are like others by what was compared so far.

        Of ten thousand agencies most texts are neither. To who may not see all, families say nothing: they get all.
        """
        name = _known(part)
        repeated = f"SELECT wording FROM every GROUP BY 1 HAVING count(*) > 1 UNION ALL SELECT wording {LINKED}"
        wanted = "true" if viewer and is_limited(viewer) else f"wording IN ({repeated})"
        sql = f"""
            WITH every AS (
                SELECT w.submission, w.criterion, w.number, w.{name} AS wording, w.{name}_letters AS letters,
                    {OPEN} AS open
                {OF_THEM} WHERE w.{name}_letters >= $least
            )
            FROM every WHERE {wanted}
        """
        values = among(ids, viewer) | {"least": LEAST_EXACT}
        values |= {"year": fiscal_year, "source": source, "part": part} if LINKED in sql else {}
        return self._database.read(TEXTS, sql, values, keys=("submission", "criterion"))

    def written(
        self, ids: Iterable[str], part: str, wordings: Iterable[int] | None = None, viewer: Viewer | None = None
    ) -> pd.DataFrame:
        """WRITTEN: a spelling of each wording that can be alike, of all or of some, of those of the submissions that
        the viewer may see."""
        with self._database.reading() as cursor:
            return _written(cursor, ids, part, wordings, viewer)

    def families(self, fiscal_year: int, source: str, part: str) -> pd.DataFrame:
        """ALIKE_WORDINGS of everything that was ever recorded for a year by a source, whoever may see it; without
        families of one.

        Only for who may see all: whom a text is like can be told from its family.
        """
        sql = f"SELECT wording, family {LINKED}"
        return self._database.read(ALIKE_WORDINGS, sql, {"year": fiscal_year, "source": source, "part": part})

    def so_far(self, fiscal_year: int, source: str, *parts: str) -> tuple[int, int]:
        """Submissions of a year by a source whose texts are taken down and compared in these parts, and all of them."""
        with self._database.reading() as cursor:
            values = {"year": fiscal_year, "source": source, "steps": [TAKEN_DOWN, *parts]}
            ((done, every),) = cursor.execute(SO_FAR, values).fetchall()
        return int(done), int(every)

    def settle(self, fiscal_year: int | None = None, source: str | None = None, *parts: str) -> None:
        """Take down what has not been taken down yet, and compare these parts where they have not been compared.

        No year, no source: all of all.
        """
        left = True
        while left:
            left = self.settle_next(fiscal_year, source, *parts)

    def settle_next(self, fiscal_year: int | None = None, source: str | None = None, *parts: str) -> bool:
        """One step, for texts of some submissions; whether there was any left. No year, no source: of all."""
        steps = (TAKEN_DOWN, *parts) if fiscal_year is not None else STEPS
        return self._step({"year": fiscal_year, "source": source, "steps": list(steps)})

    @retried
    def _step(self, wanted: dict[str, object]) -> bool:
        # Found without keeping others from recording, and kept where it still holds; else the next step finds it anew.
        with self._database.snapshot() as cursor:
            if not (waiting := cursor.execute(WAITING, wanted).fetchone()):
                return False
            before = cursor.execute(STATE).fetchone()
            year, source, step, every = waiting
            ids, whose = every[:AT_ONCE], {"year": year, "source": source, "part": step}
            merged: dict[int, int] = {}
            if step == TAKEN_DOWN:
                answers = self._facts.answers(ids, texts=PARTS)
                table, rows = WORDINGS, wordings_of(answers, dict.fromkeys(ids, year))
            else:
                table, (rows, merged) = FAMILIES, _compared(cursor, ids, whose)
        with self._database.transaction() as cursor:
            if cursor.execute(STATE).fetchone() == before:
                if merged:
                    cursor.execute(MERGE, whose | {"old": list(merged), "new": list(merged.values())})
                append(cursor, table, rows, check_key=False)
                append(cursor, SETTLED, pd.DataFrame({"submission": ids, "done": step}))
        return True


@retried
def renew(database: Database) -> None:
    """Forget what another version took down, so that it is taken down again."""
    said = "SELECT value FROM meta WHERE name = ?"
    with database.reading() as cursor:
        if cursor.execute(said, [VERSION_NAME]).fetchone() == (VERSION,):
            return
    with database.transaction() as cursor:
        for table in (WORDINGS, FAMILIES, SETTLED):
            cursor.execute(f"DELETE FROM {table.name}")
        cursor.execute("DELETE FROM meta WHERE name = ?", [VERSION_NAME])
        cursor.execute("INSERT INTO meta VALUES (?, ?)", [VERSION_NAME, VERSION])


def forget_texts(cursor: Cursor, ids: Sequence[str]) -> None:
    """Forget what was taken down of submissions whose texts go, and all families: they may have linked others."""
    theirs = {"ids": list(ids)}
    cursor.execute("DELETE FROM wordings WHERE submission IN (SELECT unnest($ids))", theirs)
    cursor.execute("DELETE FROM families")
    cursor.execute(f"DELETE FROM settled WHERE done <> '{TAKEN_DOWN}' OR submission IN (SELECT unnest($ids))", theirs)


def _compared(cursor: Cursor, ids: Sequence[str], whose: dict[str, object]) -> tuple[pd.DataFrame, dict[int, int]]:
    """FAMILIES of texts of submissions that are not among the known ones; known families that became part of another.

    whose: values of THEIRS.
    """
    part = str(whose["part"])
    sql = f"SELECT wording, family, place, {', '.join(SKETCH)} FROM families WHERE {THEIRS} ORDER BY place"
    kept = cursor.execute(sql, whose).fetchnumpy()
    fresh = _written(cursor, ids, part)
    fresh = fresh[~fresh["wording"].isin(kept["wording"])]
    if fresh.empty:
        return FAMILIES.empty(), {}
    of_year = "SELECT submission FROM submissions WHERE fiscal_year = $year AND source = $source"

    def texts_at(places: npt.NDArray[np.int64]) -> list[str]:
        wordings = kept["wording"][places]
        sent = cursor.execute(of_year, {name: whose[name] for name in ("year", "source")}).fetchall()
        found = _written(cursor, [key for (key,) in sent], part, wordings.tolist()).set_index("wording")["text"]
        return all_normalised(found.loc[wordings].tolist())

    wordings = fresh["wording"].to_numpy(dtype=np.int64)
    bands = np.stack([kept[name] for name in SKETCH], axis=1).view(np.int32)
    found = settled(all_normalised(fresh["text"].tolist()), wordings, bands, kept["family"], texts_at)
    columns = {
        "fiscal_year": whose["year"],
        "source": whose["source"],
        "part": part,
        "place": np.arange(len(wordings)) + int(kept["place"].max(initial=0)) + 1,
        "wording": wordings,
        "family": found.families,
        **dict(zip(SKETCH, found.bands.view(np.int64).T, strict=True)),
    }
    return FAMILIES.conform(pd.DataFrame(columns), check_key=False), found.merged


def _written(
    cursor: Cursor,
    ids: Iterable[str],
    part: str,
    wordings: Iterable[int] | None = None,
    viewer: Viewer | None = None,
) -> pd.DataFrame:
    """As Likeness.written, in the order in which the wordings come first."""
    name = _known(part)
    sql = f"""
        SELECT w.{name} AS wording, a.{name} AS text, w.submission, w.number
        {OF_THEM} JOIN answers a USING (submission, criterion)
        WHERE w.{name}_letters >= $least AND ($wordings IS NULL OR w.{name} IN (SELECT unnest($wordings)))
    """
    wanted = None if wordings is None else list(wordings)
    values = among(ids, viewer) | {"least": LEAST_NEAR, "wordings": wanted}
    found = cursor.execute(sql, values).to_arrow_table().to_pandas()
    found = found.sort_values(["submission", "number"])  # a join may turn rows about
    return WRITTEN.conform(found.drop_duplicates("wording"))


def _known(part: str) -> str:
    """The part as a column. Raises KeyError for anything else."""
    return {name: name for name in PARTS}[part]
