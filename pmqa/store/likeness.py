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

from pmqa.analysis.likeness import BANDS, LEAST_NEAR, settled
from pmqa.analysis.reuse import ALIKE_WORDINGS, TEXTS
from pmqa.analysis.wordings import PARTS, VERSION, WORDINGS, all_normalised, wordings_of
from pmqa.store.backend import Cursor, retried
from pmqa.store.database import Database, append
from pmqa.store.facts import Facts
from pmqa.store.schema import FAMILIES, SETTLED, SKETCH
from pmqa.store.visible import CHOSEN, VISIBLE, among
from pmqa.tables import Table
from pmqa.viewer import Viewer

AT_ONCE: Final = 200  # submissions whose texts are compared in one transaction, for which others wait
WRITTEN: Final = Table("written", {"wording": "int", "text": "text"}, key=("wording",))
# Of a year, a source and a part.
THEIRS: Final = "fiscal_year = $year AND source = $source AND part = $part"
TAKEN_DOWN: Final = "taken_down"
STEPS: Final = (TAKEN_DOWN, *PARTS)  # of each submission's texts, in this order
VERSION_NAME: Final = "wordings_version"  # in META: what they were taken down by
WAITING: Final = """
    SELECT s.fiscal_year, s.source, p.step, list(s.submission ORDER BY s.submission)
    FROM submissions s CROSS JOIN (SELECT unnest($steps) AS step) p
    ANTI JOIN settled d ON d.submission = s.submission AND d.done = p.step
    WHERE ($year IS NULL OR s.fiscal_year = $year) AND ($source IS NULL OR s.source = $source)
    GROUP BY ALL ORDER BY min(list_position($steps, p.step)), s.fiscal_year, s.source LIMIT 1
"""


class Likeness:
    """What is compared of texts, and families of those that are alike."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    def texts(self, ids: Iterable[str], part: str, viewer: Viewer | None = None) -> pd.DataFrame:
        """TEXTS of one part (evidence, explanation) of those of the submissions that the viewer may see."""
        name = _known(part)
        sql = f"""
            SELECT w.submission, w.criterion, w.number, w.met, w.{name} AS wording, w.{name}_letters AS letters,
                w.classified, w.document_named, w.year_in_period
            FROM wordings w SEMI JOIN (SELECT s.submission FROM submissions s WHERE {CHOSEN} AND {VISIBLE})
            USING (submission)
        """
        return self._database.read(TEXTS, sql, among(ids, viewer), keys=("submission", "criterion"))

    def written(
        self, ids: Iterable[str], part: str, wordings: Iterable[int] | None = None, viewer: Viewer | None = None
    ) -> pd.DataFrame:
        """WRITTEN: a spelling of each wording that can be alike, of all or of some, of those of the submissions that
        the viewer may see."""
        with self._database.reading() as cursor:
            return _written(cursor, ids, part, wordings, viewer)

    def families(self, fiscal_year: int, source: str, part: str) -> pd.DataFrame:
        """ALIKE_WORDINGS of everything that was ever recorded for a year by a source, whoever may see it.

        Only for who may see all: whom a text is like can be told from its family.
        """
        sql = f"SELECT wording, family FROM families WHERE {THEIRS} ORDER BY place"
        return self._database.read(ALIKE_WORDINGS, sql, {"year": fiscal_year, "source": source, "part": part})

    def settle(self, fiscal_year: int, source: str, *parts: str) -> None:
        """Take down what has not been taken down yet, and compare these parts where they have not been compared."""
        while self.settle_next(fiscal_year, source, *parts):
            pass

    def settle_next(self, fiscal_year: int | None = None, source: str | None = None, *parts: str) -> bool:
        """One step, for texts of some submissions; whether there was any left. No year, no source: of all."""
        steps = (TAKEN_DOWN, *parts) if fiscal_year is not None else STEPS
        return self._step({"year": fiscal_year, "source": source, "steps": list(steps)})

    @retried
    def _step(self, wanted: dict[str, object]) -> bool:
        with self._database.reading() as cursor:
            if not cursor.execute(WAITING, wanted).fetchone():
                return False
        with self._database.transaction() as cursor:
            if not (found := cursor.execute(WAITING, wanted).fetchone()):
                return False  # another did it meanwhile
            year, source, step, waiting = found
            ids = waiting[:AT_ONCE]
            if step == TAKEN_DOWN:
                answers = self._facts.answers(ids, texts=PARTS)
                append(cursor, WORDINGS, wordings_of(answers, dict.fromkeys(ids, year)), check_key=False)
            else:
                _settle(cursor, ids, {"year": year, "source": source, "part": step})
            append(cursor, SETTLED, pd.DataFrame({"submission": ids, "done": step}))
        return True

    @retried
    def renew(self) -> None:
        """Forget what another version took down, so that it is taken down again."""
        said = "SELECT value FROM meta WHERE name = ?"
        with self._database.reading() as cursor:
            if cursor.execute(said, [VERSION_NAME]).fetchone() == (VERSION,):
                return
        with self._database.transaction() as cursor:
            for table in (WORDINGS, FAMILIES, SETTLED):
                cursor.execute(f"DELETE FROM {table.name}")
            cursor.execute("DELETE FROM meta WHERE name = ?", [VERSION_NAME])
            cursor.execute("INSERT INTO meta VALUES (?, ?)", [VERSION_NAME, VERSION])


def forget_texts(cursor: Cursor, ids: Sequence[str]) -> None:
    """Forget what was taken down of submissions whose texts go, and all families: they may have linked others."""
    values = {"ids": list(ids), "first": TAKEN_DOWN}
    cursor.execute("DELETE FROM wordings WHERE submission IN (SELECT unnest($ids))", {"ids": values["ids"]})
    cursor.execute("DELETE FROM families")
    cursor.execute("DELETE FROM settled WHERE done <> $first OR submission IN (SELECT unnest($ids))", values)


def _settle(cursor: Cursor, ids: list[str], whose: dict[str, object]) -> None:
    """Compare the texts of submissions with those that were compared before."""
    part = str(whose["part"])
    kept = f"SELECT wording, family, place, {', '.join(SKETCH)} FROM families WHERE {THEIRS} ORDER BY place"
    rows = cursor.execute(kept, whose).fetchnumpy()
    fresh = _written(cursor, ids, part)
    fresh = fresh[~fresh["wording"].isin(rows["wording"])]
    if fresh.empty:
        return
    wordings = fresh["wording"].to_numpy(dtype=np.int64)

    def texts_at(places: npt.NDArray[np.int64]) -> list[str]:
        wanted = rows["wording"][places]
        of_year = "SELECT submission FROM submissions WHERE fiscal_year = $year AND source = $source"
        ids = [key for (key,) in cursor.execute(of_year, {name: whose[name] for name in ("year", "source")}).fetchall()]
        found = _written(cursor, ids, part, wanted.tolist()).set_index("wording")["text"]
        return all_normalised(found.loc[wanted].tolist())

    sketch = np.stack([rows[name] for name in SKETCH], axis=1).view(np.int32)
    found = settled(all_normalised(fresh["text"].tolist()), wordings, sketch, rows["family"], texts_at)
    if found.merged:
        sql = f"""
            UPDATE families SET family = m.name
            FROM (SELECT unnest($old) AS old, unnest($new) AS name) m WHERE {THEIRS} AND family = m.old
        """
        cursor.execute(sql, whose | {"old": list(found.merged), "new": list(found.merged.values())})
    last = int(rows["place"].max(initial=0))
    columns = {
        "fiscal_year": whose["year"],
        "source": whose["source"],
        "part": part,
        "place": np.arange(len(wordings)) + last + 1,
        "wording": wordings,
        "family": found.families,
        **dict(zip(SKETCH, found.bands.reshape(-1, BANDS).view(np.int64).T, strict=True)),
    }
    append(cursor, FAMILIES, pd.DataFrame(columns), check_key=False)


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
        FROM wordings w SEMI JOIN (SELECT s.submission FROM submissions s WHERE {CHOSEN} AND {VISIBLE})
        USING (submission) JOIN answers a USING (submission, criterion)
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
