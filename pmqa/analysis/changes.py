"""From one submission to the next of the same agency: what was changed, and what that does to each score."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pmqa.framework import Framework
from pmqa.tables import SCORES, Table

CHANGED_ANSWERS: Final = Table(
    "changed_answers",
    {
        "item": "text",
        "criterion": "text",
        "level": "text",
        "before": "bool?",  # blank = unanswered
        "after": "bool?",
        "evidence_before": "text?",
        "evidence_after": "text?",
        "explanation_before": "text?",
        "explanation_after": "text?",
        "answer_changed": "bool",
        "evidence_changed": "bool",
        "explanation_changed": "bool",
    },
    key=("criterion",),
)

CHANGED_MEASURES: Final = Table(
    "changed_measures",
    {
        "indicator": "text",
        "number": "int",  # of the measure within its indicator
        "name": "text?",  # of the measure, as it is now
        "field": "text",  # a column of MEASURES, or one of WHOLE
        "before": "text?",
        "after": "text?",
    },
    key=("indicator", "number", "field"),
)

EFFECTS: Final = Table(
    "effects",
    {
        **SCORES.some("basis", "kind", "scope"),
        "before": "float?",  # points; blank where there was no score
        "after": "float?",
        "change": "float?",  # blank where one of them is
        "coverage_before": "float",
        "coverage_after": "float",
    },
    key=("basis", "kind", "scope"),
)

ADDED, REMOVED = "added", "removed"
WHOLE: Final = (ADDED, REMOVED)  # fields of a measure that is only in one of the two submissions
SAID: Final = (
    "name",
    "unit",
    "direction",
    "target",
    "actual_2",
    "actual_1",
    "actual",
    "benchmark",
    "method",
    "step",
    "evidence",
    "note",
    "accepted",
    "suggestion",
)


def changed_answers(before: pd.DataFrame, after: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """ANSWERS of two submissions to CHANGED_ANSWERS in the framework's order: only what is said otherwise.

    A criterion that only one of them has (another edition) is left out: it was not changed by the agency.
    """
    columns = ["criterion", "met", "evidence", "explanation"]
    old, new = (frame[columns].astype({"criterion": "str"}).set_index("criterion") for frame in (before, after))
    both = old.join(new, suffixes=("_before", "_after"), how="inner")
    changed = {
        f"{word}_changed": _differs(both[f"{name}_before"], both[f"{name}_after"])
        for word, name in (("answer", "met"), ("evidence", "evidence"), ("explanation", "explanation"))
    }
    order = [criterion for criterion in framework.criteria if criterion.id in both.index]
    rows = both.assign(before=both["met_before"], after=both["met_after"], **changed)
    rows = rows.loc[[criterion.id for criterion in order]].assign(
        criterion=[criterion.id for criterion in order],
        item=[criterion.item for criterion in order],
        level=[criterion.level for criterion in order],
    )
    return CHANGED_ANSWERS.conform(rows[rows[list(changed)].any(axis=1)])


def changed_measures(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """MEASURES of two submissions to CHANGED_MEASURES: one row for each value that differs.

    Measures are the same by indicator and number; one that is only in one of them is one row, with its name as the
    value that it has.
    """
    key = ["indicator", "number"]
    old, new = (frame[[*key, *SAID]].astype({"indicator": "str"}).set_index(key) for frame in (before, after))
    both = old.index.intersection(new.index)
    pieces = [
        _whole(ADDED, new.loc[new.index.difference(old.index)], "after"),
        _whole(REMOVED, old.loc[old.index.difference(new.index)], "before"),
    ]
    for name in SAID:
        one, other = old.loc[both, name], new.loc[both, name]
        differs = _differs(one, other)
        pieces.append(
            pd.DataFrame(
                {
                    "name": new.loc[both, "name"][differs],
                    "field": name,
                    "before": _words(one[differs]),
                    "after": _words(other[differs]),
                }
            ).reset_index()
        )
    places = {place: number for number, place in enumerate([*new.index, *old.index.difference(new.index)])}
    rows = pd.concat(pieces, ignore_index=True)
    order = [places[place] for place in zip(rows["indicator"], rows["number"], strict=True)]
    rows = rows.assign(order=order).sort_values("order", kind="stable")
    return CHANGED_MEASURES.conform(rows)


def effects(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """SCORES of two submissions to EFFECTS of every scope that both have, in the order of `after`."""
    key = ["basis", "kind", "scope"]
    old, new = (
        frame[[*key, "score", "coverage"]].astype(dict.fromkeys(key, "str")).set_index(key) for frame in (before, after)
    )
    both = new.join(old, suffixes=("_after", "_before"), how="inner")
    return EFFECTS.conform(
        both.assign(
            before=both["score_before"],
            after=both["score_after"],
            change=both["score_after"] - both["score_before"],
        ).reset_index()
    )


def _differs(one: pd.Series[object], other: pd.Series[object]) -> pd.Series[bool]:
    """Whether two values are not the same; two blanks are."""
    plain, beside = (values.astype("object").where(values.notna(), None) for values in (one, other))
    return pd.Series([a != b for a, b in zip(plain, beside, strict=True)], index=one.index, dtype="bool")


def _whole(field: str, rows: pd.DataFrame, side: str) -> pd.DataFrame:
    values = {"before": None, "after": None, side: rows["name"]}
    return pd.DataFrame({"name": rows["name"], "field": field, **values}, index=rows.index).reset_index()


def _words(values: pd.Series[object]) -> pd.Series[str]:
    """Values as text; numbers with up to 15 digits and no more zeros than they need."""
    return pd.Series(
        [
            None if pd.isna(value) else f"{value:.15g}" if isinstance(value, float) else str(value)
            for value in values.astype("object")
        ],
        index=values.index,
        dtype="str",
    )
