"""Texts that stand again: what of them is compared, and which of a year are alike.

Comparing all texts of ten thousand agencies takes minutes, so what was found is kept. It is found in steps after the
texts were recorded, each in a transaction of its own, by whoever comes first: the server between its other work, or who
asks. What is kept holds no text, and says nothing that the texts do not; it is no change of the data.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmqa.analysis.likeness import BANDS, LEAST_NEAR, settled
from pmqa.analysis.reuse import ALIKE_WORDINGS, TEXTS
from pmqa.analysis.wordings import PARTS, all_normalised
from pmqa.store.backend import Cursor, retried
from pmqa.store.database import Database, append
from pmqa.store.schema import FAMILIES, SETTLED, SKETCH
from pmqa.store.visible import CHOSEN, VISIBLE, among
from pmqa.tables import Table
from pmqa.viewer import Viewer

AT_ONCE: Final = 200  # submissions whose texts are compared in one transaction, for which others wait
WRITTEN: Final = Table("written", {"wording": "int", "text": "text"}, key=("wording",))
# Of a year, a source and a part.
THEIRS: Final = "fiscal_year = $year AND source = $source AND part = $part"
WAITING: Final = """
    SELECT s.fiscal_year, s.source, p.part, list(s.submission ORDER BY s.submission)
    FROM submissions s CROSS JOIN (SELECT unnest($parts) AS part) p ANTI JOIN settled USING (submission, part)
    WHERE ($year IS NULL OR s.fiscal_year = $year) AND ($source IS NULL OR s.source = $source)
    GROUP BY ALL ORDER BY ALL LIMIT 1
"""


class Likeness:
    """What is compared of texts, and families of those that are alike."""

    def __init__(self, database: Database) -> None:
        self._database = database

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

    def settle(self, fiscal_year: int, source: str, part: str) -> None:
        """Compare what has not been compared yet."""
        while self.settle_next(fiscal_year, source, part):
            pass

    @retried
    def settle_next(self, fiscal_year: int | None = None, source: str | None = None, part: str | None = None) -> bool:
        """Compare texts of some submissions with those of their year; whether there were any left to compare."""
        values = {"year": fiscal_year, "source": source, "parts": list(PARTS) if part is None else [part]}
        with self._database.reading() as cursor:
            if not cursor.execute(WAITING, values).fetchone():
                return False
        with self._database.transaction() as cursor:
            if not (found := cursor.execute(WAITING, values).fetchone()):
                return False  # another did it meanwhile
            year, source, part, waiting = found
            ids = waiting[:AT_ONCE]
            _settle(cursor, ids, {"year": year, "source": source, "part": part})
            append(cursor, SETTLED, pd.DataFrame({"submission": ids, "part": part}))
        return True


def unsettle(cursor: Cursor) -> None:
    """Forget what was found alike, as texts go; it is found again from those that stay."""
    for table in (FAMILIES, SETTLED):
        cursor.execute(f"DELETE FROM {table.name}")


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
