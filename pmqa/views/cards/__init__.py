"""Cards: a table, and the drawing that shows it. Each is made by one pure function of a view and of choices.

A card is registered under an id that outlives its page, and is built again from its address by whoever may see it: a
page, a file, the command line, a report. One module a page of today; a new card is one more function in one of them:

    @card("gaps.blocking")
    def blocking(view: View, agency: Agency) -> Card: ...

The annotations of its choices say how an address is read: str, int, bool, tuple[str, ...], a Literal, or one of the
kinds of ids in pmqa.views.choices, which are looked up in the view. What follows from choices is derived inside. It
asks the view and pmqa.views alone, and reads nothing else.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, NamedTuple, TypeVar

import pandas as pd

from pmqa.charts.drawing import Drawing
from pmqa.text import Translator

# How a column is shown. text: a word or a name; long: sentences, which must wrap between words; id: only in downloads;
# score: points, one decimal; index: two; percent: a share of 0..1; rate: percent already; count, value: numbers as they
# are.
Kind = Literal["text", "long", "id", "score", "index", "percent", "rate", "count", "value"]


@dataclass(frozen=True)
class Column:
    """A column of a card's table: its name in the frame, its heading, how it is shown."""

    name: str
    label: str
    kind: Kind = "text"


# Columns that mean the same in every table: name in the frame -> its heading, how it is shown.
USUAL: Final[Mapping[str, tuple[str, Kind]]] = {
    "agency_code": ("ui.code", "id"),
    "agency_name": ("ui.agency", "text"),
    "answer": ("ui.answer", "text"),
    "answer_name": ("ui.answer", "text"),
    "benchmark": ("ui.benchmark", "value"),
    "comparison_name": ("ui.comparison", "text"),
    "core_name": ("ui.core_or_optional", "text"),
    "coverage": ("ui.coverage", "percent"),
    "criterion": ("ui.code", "text"),
    "evidence": ("ui.evidence", "long"),
    "explanation": ("ui.explanation", "long"),
    "file_name": ("ui.file", "text"),
    "gap": ("ui.gap", "score"),
    "indicator": ("ui.code", "id"),
    "indicator_name": ("ui.indicator", "long"),
    "item_name": ("ui.item", "long"),
    "level_name": ("ui.level", "text"),
    "median": ("ui.median", "score"),
    "ministry": ("ui.ministry", "text"),
    "n": ("ui.n_peers", "count"),
    "q1": ("ui.q1", "score"),
    "q3": ("ui.q3", "score"),
    "received": ("ui.received_at", "text"),
    "received_by": ("ui.received_by", "text"),
    "row": ("ui.code", "id"),
    "scope_name": ("ui.scope", "text"),
    "score": ("ui.score", "score"),
    "score_max": ("ui.score_max", "score"),
    "series": ("ui.code", "id"),
    "series_name": ("ui.agency", "text"),
    "source_name": ("ui.source", "text"),
    "success_rate": ("ui.success_rate", "rate"),
    "suggestion": ("ui.suggestion", "long"),
    "target": ("ui.target", "value"),
    "text": ("ui.criterion", "long"),
    "trend_name": ("ui.trend", "text"),
    "type_name": ("ui.agency_type", "text"),
    "unit": ("ui.unit", "text"),
    "year": ("ui.fiscal_year", "text"),
}


def usual(t: Translator, *names: str) -> tuple[Column, ...]:
    """Columns under the headings that they have in every table."""
    return tuple(Column(name, t(USUAL[name][0]), USUAL[name][1]) for name in names)


def headed(t: Translator, kind: Kind, *keys: str) -> tuple[Column, ...]:
    """Columns of a kind, each named as the last part of its heading's key."""
    return tuple(Column(key.rpartition(".")[2], t(key), kind) for key in keys)


@dataclass(frozen=True)
class Card:
    """A table, and the drawing that shows it.

    title: its topic; its headline on pages and slides is what pmqa.views.told says.

    table: ids and full precision; columns: what of it is shown, in order. n: agencies in it, None where that means
    nothing. notes: for below the table. of_scores: whether basis, year and filters concern it; the table of the
    framework's items is the same in every year. finding: what a table alone says, where more than its ends is to say.
    numbers: NUMBERS of pmqa.views.numbers, the scores in it that can be traced; None where there is none.
    fiscal_year: in words, where it shows more than the view's year.
    """

    title: str
    table: pd.DataFrame
    columns: tuple[Column, ...]
    n: int | None
    notes: tuple[str, ...] = ()
    of_scores: bool = True
    numbers: pd.DataFrame | None = None
    fiscal_year: str = ""
    drawing: Drawing | None = None
    finding: str = ""


@dataclass(frozen=True)
class Metric:
    """A number above a page: its label (with n, where it is of many), and what to know about it."""

    label: str
    value: str
    help: str | None = None


Made = TypeVar("Made", bound=Callable[..., Card])


class Builder(NamedTuple):
    """A registered card. closed: why it is in meetings, for the sentence `ui.closed_<why>`; "" = it is open.

    of_scores: whether it needs scores of the view.
    """

    id: str
    make: Callable[..., Card]
    closed: str
    of_scores: bool


_KNOWN: Final[dict[str, Builder]] = {}


def card(id_: str, *, closed: str = "", of_scores: bool = True) -> Callable[[Made], Made]:
    """Register the function as what makes the card of this id."""

    def registered(make: Made) -> Made:
        if id_ in _KNOWN and _KNOWN[id_].make.__module__ != make.__module__:
            raise ValueError(f"two cards are {id_}")
        _KNOWN[id_] = Builder(id_, make, closed, of_scores)
        return make

    return registered


def known_cards() -> Mapping[str, Builder]:
    """Every card by its id."""
    _import_all()
    return _KNOWN


@cache
def _import_all() -> None:
    for part in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(part.name)
