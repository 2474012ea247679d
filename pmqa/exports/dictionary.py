"""The tables that leave the product as data, and what each of their columns means.

Columns, types and blanks are those of pmqa/tables.py; names stand in data/text/dictionary.toml; here is what a type
does not say: units, and the words that a column is limited to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import pandas as pd

from pmqa.analysis.succession import KINDS as SUCCEEDING
from pmqa.framework import BELOW, shipped_frameworks
from pmqa.sources import SOURCES, bases
from pmqa.tables import (
    ACTIONS,
    AGENCIES,
    ANNOUNCED,
    ANSWERS,
    EXPECTATIONS,
    MEASURE_RESULTS,
    MEASURES,
    PROGRESS,
    SCORES,
    SUBMISSIONS,
    SUCCESSIONS,
    Table,
)
from pmqa.text import Translator, languages, translator

# Whose an answer is stands in each row: a table that leaves the product must be readable alone.
WHOSE: Final = ("submission", "agency_code", "agency_name", "fiscal_year", "source")
_whose: Final = SUBMISSIONS.some(*WHOSE)
RESULTS: Final = ("success_rate", "band", "trend", "comparison")  # of a measure; band: its points


def _of_submissions(table: Table, more: Mapping[str, str] | None = None) -> Table:
    return Table(table.name, {**_whose, **table.columns, **(more or {})}, key=table.key)


# What the database that it is imported into says itself is left out: numbers of its audit, hashes, who and when.
_OF_DATABASE: Final = ("record", "sha256", "recorded_at", "recorded_by")
_announced: Final = {name: kind for name, kind in ANNOUNCED.columns.items() if name not in _OF_DATABASE}
_results: Final = MEASURE_RESULTS.columns | {"band": MEASURE_RESULTS.columns["score"]}
DATA: Final[Mapping[str, Table]] = {
    table.name: table
    for table in (
        Table(
            "submissions", SUBMISSIONS.columns | {"counts": "bool", "withdrawn_reason": "text?"}, key=SUBMISSIONS.key
        ),
        _of_submissions(ANSWERS),
        _of_submissions(MEASURES, {name: _results[name] for name in RESULTS}),
        _of_submissions(SCORES),
        ACTIONS,
        PROGRESS,
        AGENCIES,
        EXPECTATIONS,
        Table(
            "successions",
            {"predecessor": "text", "successor": "text", "fiscal_year": "int", "became": "text"},
            key=SUCCESSIONS.key,
        ),
        Table("announced", _announced | {"round": "text?"}, key=ANNOUNCED.key[1:]),
        Table("rounds", {"round": "text", "day": "text"}, key=("round",)),
        Table("reported", {"round": "text", **_whose, **SCORES.columns}, key=("round", *SCORES.key)),
        Table("layouts", {"layout": "text", "settings": "text", "kept_at": "time"}, key=("layout",)),
    )
}
# Column -> the column of another table that its values stand in.
POINTS_TO: Final = {"submission": "submissions", "action": "actions", "round": "rounds"}
UNITS: Final = {  # column -> key of its unit in dictionary.toml
    "fiscal_year": "year",
    **dict.fromkeys(("score", "score_max", "band", "points"), "points"),
    "coverage": "share",
    **dict.fromkeys(("success_rate", "percent"), "percent"),
    **dict.fromkeys(("target", "actual", "actual_1", "actual_2", "benchmark", "step"), "measure"),
    **dict.fromkeys(("received_at", "reported_at", "due", "kept_at"), "utc"),
    "month": "month",
}


@dataclass(frozen=True)
class Field:
    """A column. titles: language -> its name; kind: of pmqa.tables.TYPES; unit: language -> its unit, {} for none;
    allowed: the words that it is limited to, () for any."""

    name: str
    titles: Mapping[str, str]
    kind: str
    blank: bool
    unit: Mapping[str, str]
    allowed: tuple[str, ...]


def fields_of(table: Table) -> tuple[Field, ...]:
    """The columns of a table of DATA, in order."""
    return tuple(
        Field(
            name,
            worded(f"dictionary.columns.{name}"),
            table.type_of(name),
            declared.endswith("?"),
            worded(f"dictionary.units.{UNITS[name]}") if name in UNITS else {},
            allowed().get(name, ()),
        )
        for name, declared in table.columns.items()
    )


def worded(key: str) -> dict[str, str]:
    """A sentence in every language."""
    return {language: translator(language)(key) for language in languages()}


@cache
def allowed() -> Mapping[str, tuple[str, ...]]:
    """Column -> the words that it is limited to."""
    levels = dict.fromkeys(level.id for one in shipped_frameworks().values() for level in one.levels)
    return {
        "source": tuple(SOURCES),
        "basis": tuple(bases()),
        "kind": ("item", "category", "dimension", "overall", "indicator", "measure"),
        "level": (BELOW, *levels),
        "direction": ("higher", "lower"),
        "method": ("bands", "interval"),
        "trend": ("better", "steady", "worse"),
        "comparison": ("better", "same", "worse"),
        "became": SUCCEEDING,
    }


def dictionary_of(tables: Mapping[str, Sequence[Field]], t: Translator) -> pd.DataFrame:
    """The dictionary of tables, by their names, as a table of its own: one row a column; blank names are unknown."""
    of_all, head = languages(), "dictionary.heads"
    named = [t(f"{head}.name", language=one.name) for one in of_all.values()]
    before = [t(f"{head}.{one}") for one in ("table", "column")]
    after = [t(f"{head}.{one}") for one in ("type", "unit", "blank", "allowed")]
    rows = [
        (
            name,
            field.name,
            *(field.titles.get(one) for one in of_all),
            t(f"dictionary.types.{field.kind}"),
            t.pick(field.unit) if field.unit else None,
            t(f"dictionary.{'may' if field.blank else 'never'}_blank"),
            ", ".join(field.allowed) or None,
        )
        for name, fields in tables.items()
        for field in fields
    ]
    return pd.DataFrame(rows, columns=[*before, *named, *after]).astype("str")
