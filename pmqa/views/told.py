"""What a card says in one sentence: its drawing's finding, its own, or what follows from its table by rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from pmqa.charts.findings import extremes_of, finding
from pmqa.exports.traces import STEP
from pmqa.text import Translator
from pmqa.views.cards import Card, Column, Kind
from pmqa.views.wide import worded

# Kinds of columns whose ends say something, the most telling first. Values in units of their own are not compared.
COMPARED: Final[Sequence[Kind]] = ("score", "rate", "percent", "index", "count")
NAMED: Final = frozenset({"text", "long"})
CODES: Final = frozenset({"agency_code"})  # beside a column that names the same


def headline(card: Card, t: Translator) -> str:
    """What the card shows, with names and numbers: title of its slide, what is kept of it on a storyboard."""
    return _own(card) or _ends(card, t) or _listed(card, t)


def on_page(card: Card, t: Translator) -> str:
    """Its headline on a page, which is its topic where that says as much: names of a list are read in the list."""
    return _own(card) or (_ends(card, t) if card.of_scores else "") or card.title


def _own(card: Card) -> str:
    return card.finding if card.drawing is None else card.drawing.finding


def _ends(card: Card, t: Translator) -> str:
    """Who has the most and who the least of the table's first number; "" where it has none."""
    names, number = _names(card), _first(card, COMPARED)
    if not names or number is None:
        return ""
    column = card.table[number.name].astype("float64")
    known = [None if pd.isna(value) else float(value) for value in column]
    words = dict(zip(known, worded(t, column, number.kind), strict=True))
    ends = extremes_of(names, known, words.__getitem__)
    if ends is None:
        return ""
    said = ends._asdict() | {end: tuple(dict.fromkeys(getattr(ends, end))) for end in ("top", "bottom")}
    n = len(known) - known.count(None)
    key = "table_one" if n == 1 else "table_level" if ends.level else "table"
    return finding(t, key, what=number.label, n=n, suffix=("missing", known.count(None)), **said)


def _listed(card: Card, t: Translator) -> str:
    """How many rows there are, and whose."""
    names, number = _names(card), _first(card, COMPARED)
    if not names:
        return finding(t, "table_none", what=(card.title,))
    blank = ("missing", 0 if number is None else int(card.table[number.name].isna().sum()))
    return finding(t, "table_listed", n=len(names), names=tuple(dict.fromkeys(names)), suffix=blank)


def _names(card: Card) -> list[str]:
    """What rows are called: the first column in words."""
    column = next(
        (one for one in card.columns if one.kind in NAMED and one.name not in CODES and _says(card, one)), None
    )
    return [] if column is None else [str(name).lstrip(STEP) for name in card.table[column.name]]


def _says(card: Card, column: Column) -> bool:
    return bool(card.table[column.name].notna().any())


def _first(card: Card, kinds: Sequence[Kind]) -> Column | None:
    """The first column of the first kind that there is, one with a value before one without."""
    found = [one for kind in kinds for one in card.columns if one.kind == kind]
    return next((one for one in found if _says(card, one)), found[0] if found else None)
