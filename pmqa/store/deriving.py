"""What follows from submissions as they are recorded: their answers and measures row by row, and their scores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from pmqa.framework import Framework
from pmqa.scoring import RULES_VERSION, as_moved, moved_scores, rules_since, score
from pmqa.store.backend import Cursor, retried
from pmqa.store.database import Database, append, last_number
from pmqa.store.facts import Facts
from pmqa.store.schema import DERIVED
from pmqa.submission import Submission, answer_frame, measure_frame, source_frame
from pmqa.tables import ANSWERS, MEASURES, MOVED_SCORES, SCORES

SCORED_AT_ONCE: Final = 2000  # submissions whose answers, texts and all, are in memory together
STALE: Final = """
    SELECT s.submission, s.source, d.framework_version, d.rules_version
    FROM submissions s LEFT JOIN derived d USING (submission)
    WHERE s.edition = $edition
      AND (d.framework_version IS DISTINCT FROM $framework OR d.rules_version IS DISTINCT FROM $rules)
    ORDER BY s.submission
"""


class Deriving:
    """Keeps scores beside the submissions that they follow from."""

    def __init__(self, database: Database, facts: Facts, frameworks: Mapping[str, Framework]) -> None:
        self._database = database
        self._facts = facts
        self._frameworks = frameworks

    def add_facts(
        self, cursor: Cursor, submissions: Mapping[str, Submission], framework: Framework | None = None
    ) -> None:
        """Keep what submissions say, and the scores that follow from it; framework: scores those of its edition."""
        frameworks = {**self._frameworks, **({framework.edition: framework} if framework else {})}
        of_edition: defaultdict[str, dict[str, Submission]] = defaultdict(dict)
        for key, submission in submissions.items():
            of_edition[submission.edition][key] = submission
        for edition, some in of_edition.items():
            answers, measures = answer_frame(some), measure_frame(some)
            append(cursor, ANSWERS, answers)
            append(cursor, MEASURES, measures)
            if edition in frameworks:
                self._keep_scores(cursor, source_frame(some), answers, measures, frameworks[edition])

    def _keep_scores(
        self,
        cursor: Cursor,
        sources: pd.DataFrame,
        answers: pd.DataFrame,
        measures: pd.DataFrame,
        framework: Framework,
    ) -> pd.DataFrame:
        """The SCORES that are kept."""
        scores = score(sources, answers, measures, framework)
        append(cursor, SCORES, scores, check_key=False)
        derived = sources.assign(framework_version=framework.version, rules_version=RULES_VERSION)
        append(cursor, DERIVED, derived)
        return scores

    @retried
    def refresh(self) -> None:
        """Derive again, all at once, what was derived by another version of the edition or of the rules."""
        for edition, framework in self._frameworks.items():
            versions = {"edition": edition, "framework": framework.version, "rules": RULES_VERSION}
            with self._database.reading() as cursor:
                stale = cursor.execute(STALE, versions).to_arrow_table().to_pandas()
            if stale.empty:
                continue
            with self._database.transaction() as cursor:
                change = last_number(cursor) + 1
                for start in range(0, len(stale), SCORED_AT_ONCE):
                    self._rescore(cursor, stale.iloc[start : start + SCORED_AT_ONCE], framework, change)
                self._database.log(cursor, "system", [("rescored", None, versions | {"submissions": len(stale)})])

    def _rescore(self, cursor: Cursor, stale: pd.DataFrame, framework: Framework, change: int) -> None:
        """Derive scores again, and keep which of them moved and by what. stale: rows of STALE."""
        ids = stale["submission"].to_list()
        before = self._facts.scores(ids)
        for name in (SCORES.name, DERIVED.name):
            cursor.execute(f"DELETE FROM {name} WHERE submission IN (SELECT unnest(?))", [ids])
        sources = stale[["submission", "source"]]
        after = self._keep_scores(cursor, sources, self._facts.answers(ids), self._facts.measures(ids), framework)
        moved = moved_scores(before, after)
        if not moved.empty:
            by = stale.set_index("submission").loc[moved["submission"]]
            edition = np.where(by["framework_version"] != framework.version, "edition ", "")
            rule = (edition + by["rules_version"].map(rules_since)).str.strip()
            append(cursor, MOVED_SCORES, as_moved(moved, change, rule), check_key=False)
