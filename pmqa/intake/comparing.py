"""What a file replaces, and whether it says less than that: known before anything is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from pmqa.errors import Finding
from pmqa.intake.receiving import Received, batches
from pmqa.store import Store, Whose
from pmqa.submission import Submission, answer_frame, measure_frame
from pmqa.viewer import Viewer
from pmqa.workbook.findings import CATALOGUE

SAID: Final = ("answers", "evidence", "measures")


def compared(
    store: Store, received: Iterable[Received], *, viewer: Viewer | None = None, at_once: int | None = None
) -> Iterator[Received]:
    """The same files; those that would be recorded with what they replace, and a warning where they say less.

    viewer: what they may not see is not told of. at_once: files that are compared
    together, and so wait for each other; those of a transaction unless told.
    """
    for batch in batches(received, at_once or store.at_once):
        sound = [one.reading.submission for one in batch if one.is_accepted and one.reading.submission]
        sent = {_whose(submission): submission for submission in sound}
        counts = _counting(store, viewer) if sent else {}
        replaced = {counts[whose]: submission for whose, submission in sent.items() if whose in counts}
        less = {}
        if replaced:
            less = says_less(store.facts.answers(replaced, viewer), store.facts.measures(replaced, viewer), replaced)
        for one in batch:
            submission = one.reading.submission if one.is_accepted else None
            key = counts.get(_whose(submission)) if submission else None
            yield one if key is None else _against(one, key, less.get(key))


def says_less(answers: pd.DataFrame, measures: pd.DataFrame, sent: Mapping[str, Submission]) -> dict[str, Finding]:
    """Replaced submission -> warning, where what replaces it has fewer answers, less evidence or fewer measures.

    answers, measures: ANSWERS and MEASURES of the replaced. sent: replaced submission -> what replaces it. Evidence is
    counted where a criterion is met in both: an answer that became "no" needs none.
    """
    columns = ["submission", "criterion", "met", "evidence"]
    before, after = (
        frame[columns].astype({"submission": "str", "criterion": "str"}) for frame in (answers, answer_frame(sent))
    )
    both = before.merge(after, on=columns[:2], how="outer", suffixes=("_before", ""))
    met = both[["met_before", "met"]].astype("boolean").fillna(False).all(axis="columns")
    counts = pd.DataFrame(
        {
            "answers_before": both["met_before"].notna(),
            "answers": both["met"].notna(),
            "evidence_before": both["evidence_before"].notna() & met,
            "evidence": both["evidence"].notna() & met,
        }
    )
    table = counts.groupby(both["submission"]).sum()
    for name, frame in (("measures_before", measures), ("measures", measure_frame(sent))):
        reported = frame["actual"].notna().groupby(frame["submission"].astype("str")).sum()
        table[name] = reported.reindex(table.index, fill_value=0)  # no measures: none
    fewer = pd.concat([table[name] < table[f"{name}_before"] for name in SAID], axis="columns").any(axis="columns")
    rows = table[fewer].astype("int").to_dict("index")
    severity = CATALOGUE["says_less"]
    return {str(key): Finding("says_less", severity, values={"replaces": key, **row}) for key, row in rows.items()}


def _counting(store: Store, viewer: Viewer | None) -> dict[Whose, str]:
    """Agency, year and source -> the submission that counts."""
    rows = store.submissions.current(viewer, source=None)
    columns = (rows[name] for name in ("agency_code", "fiscal_year", "source", "submission"))
    return {(code, year, source): key for code, year, source, key in zip(*columns, strict=True)}


def _against(one: Received, key: str, less: Finding | None) -> Received:
    if less is None:
        return replace(one, replaces=key)
    reading = replace(one.reading, findings=(less, *one.findings))
    return replace(one, reading=reading, outcome="warnings", replaces=key)


def _whose(submission: Submission) -> Whose:
    return submission.agency_code, submission.fiscal_year, submission.source
