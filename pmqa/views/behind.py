"""What a mark of a drawing or a row of a table stands for: a scope of an agency, and how an address says it.

A drawing says what the ids of its rows and marks are (`rows_of`, `marks_of`); a table does by the names of its columns,
which hold the same in every table. What neither says is what the card was asked for: its agency, its scope.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, overload

from pmqa.charts.drawing import Drawing
from pmqa.framework import shipped_frameworks
from pmqa.scoring import OVERALL
from pmqa.views.cards import Card
from pmqa.views.numbers import kind_of
from pmqa.views.view import View

PATTERN: Final = r"(.{1,200}?)~([a-z0-9.#]{1,60})(?:~(\d{4}))?"  # of `written`
LINE: Final = "line"  # kind of an id that names a scope, or nothing that has a score: what was announced of it
SCOPES: Final = ("scope", "indicator", "item", "criterion")  # columns with a scope, where they hold ids


class Subject(NamedTuple):
    """A scope of an agency. agency: its code, an alias in a meeting. scope: as NUMBERS has it. year: 0 = the view's."""

    agency: str
    scope: str = OVERALL
    year: int = 0


def written(subject: Subject) -> str:
    """As an address says it."""
    return f"{subject.agency}~{subject.scope}" + (f"~{subject.year}" if subject.year else "")


def read(text: str) -> Subject:
    """What `written` gave. Raises ValueError for what is none of PATTERN."""
    found = re.fullmatch(PATTERN, text)
    if found is None:
        raise ValueError(text)
    agency, scope, year = found.groups()
    return Subject(agency, scope, int(year or 0))


def asked_for(choices: Mapping[str, Any]) -> Subject:
    """What a card of these choices is about as a whole; agency "" = many."""
    return Subject(str(choices.get("agency", "")), str(choices.get("scope", OVERALL)))


def mark_behind(view: View, drawing: Drawing, whole: Subject, row: int, mark: str) -> Subject | None:
    """What a mark stands for, by its row and id; None where that is no agency's score. whole: of `asked_for`."""
    if not 0 <= row < len(drawing.rows):
        return None
    marks_of = LINE if (drawing.rows_of, drawing.marks_of) == ("year", "scope") else drawing.marks_of
    return _known(view, whole, ((drawing.rows_of, drawing.rows[row].key), (marks_of, mark)))


def has_marks_behind(view: View, drawing: Drawing, whole: Subject) -> bool:
    """Whether any mark stands for something, and can be clicked."""
    return bool(drawing.rows_of or drawing.marks_of) and any(
        mark_behind(view, drawing, whole, cell.row, drawing.mark_id(layer, cell))
        for layer in drawing.layers
        for cell in layer.cells
    )


class RowsBehind(Sequence[Subject | None]):
    """What each row of a table stands for, found when somebody asks: of ten thousand, a page draws a hundred.

    ids: a kind of ids, and that of each row. whole: what the table is about.
    """

    def __init__(self, view: View, whole: Subject, ids: Sequence[tuple[str, list[str]]], count: int) -> None:
        self._view = view
        self._whole = whole
        self._ids = ids
        self._places = range(count)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> Subject | None: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Subject | None, ...]: ...
    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return tuple(map(self._at, self._places[place]))
        return self._at(self._places[place])

    def _at(self, place: int) -> Subject | None:
        return _known(self._view, self._whole, [(kind, ids[place]) for kind, ids in self._ids])


def rows_behind(view: View, card: Card, whole: Subject) -> RowsBehind:
    """What each row of a card's table stands for."""
    table, drawing = card.table, card.drawing
    kinds = dict.fromkeys(SCOPES, "scope") | {"agency_code": "agency", "fiscal_year": "year"}
    if drawing is not None:  # its rows, or a row a series
        of = (drawing.rows_of, drawing.marks_of)
        kinds |= {"row": drawing.marks_of if "year" in of else drawing.rows_of}
        kinds |= {"series": "agency" if "agency" in of else LINE if "year" in of else ""}
    found = {name: table[name].astype("str").fillna("").tolist() for name in kinds if name in table}
    return RowsBehind(view, whole, [(kinds[name], ids) for name, ids in found.items()], len(table))


def _known(view: View, whole: Subject, ids: Iterable[tuple[str, str]]) -> Subject | None:
    """The agency and the first scope that ids name, else those of the whole card; None where that is nobody's score."""
    agency, scope, year = whole.agency, "", 0
    for kind, one in ids:
        if kind == "agency":
            # Where each measure of an agency has a row, its number follows the code.
            agency = next((code for code in (one, one.rpartition("#")[0]) if code in view.agencies), "")
        elif kind == "scope":
            scope = scope or scope_of(view, one)
        elif kind == LINE:
            if not scope_of(view, one):
                return None
            scope = one
        elif kind == "year" and one.isdigit() and int(one) != view.fiscal_year:
            year = int(one)
    scope = scope or scope_of(view, whole.scope)
    return Subject(agency, scope, year) if scope and agency in view.agencies else None


def scope_of(view: View, id_: str) -> str:
    """The scope that an id names, of a criterion its item; "" where there is none."""
    return _scope_of(view.edition, id_)


@lru_cache(maxsize=4096)  # the rows of a table name few scopes, each many times
def _scope_of(edition: str, id_: str) -> str:
    framework = shipped_frameworks()[edition]
    if id_ in framework.criterion:
        return framework.criterion[id_].item
    indicator, _, number = id_.partition("#")
    try:
        kind = kind_of(framework, indicator)
    except KeyError:
        return ""
    return id_ if not number or (kind == "indicator" and number.isdigit()) else ""


def above(view: View, scope: str) -> tuple[str, ...]:
    """The scopes that hold one, from the overall down."""
    framework = view.framework
    if scope == OVERALL:
        return ()
    indicator, _, number = scope.partition("#")
    if indicator in framework.indicator:
        item = framework.indicator[indicator].item
        return (OVERALL, framework.item[item].category, item, *([indicator] if number else []))
    return (OVERALL, framework.item[scope].category) if scope in framework.item else (OVERALL,)


def below(view: View, scope: str) -> tuple[str, ...]:
    """The scopes that one is made of: categories, items or indicators; () where it is made of answers."""
    framework = view.framework
    if scope == OVERALL:
        return tuple(framework.category)
    if scope in framework.category:
        return tuple(item.id for item in framework.items_of[scope])
    if scope in framework.item:
        return tuple(one.id for one in framework.indicators if one.item == scope)
    if scope not in framework.dimension:
        return ()
    results = framework.scoring.results_category if scope == framework.scoring.results_dimension else ""
    held = {one.item for one in framework.criteria if scope in one.dimensions}
    return tuple(item.id for item in framework.items if item.id in held or item.category == results)
