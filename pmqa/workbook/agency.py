"""The sheet of the agency read: who sends, for which year, as whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pmqa.sources import SOURCES
from pmqa.workbook import layout
from pmqa.workbook.agency_places import width
from pmqa.workbook.draft import DraftCell, Raw
from pmqa.workbook.findings import CATALOGUE, Spot, spot
from pmqa.workbook.mapping import Located, close_match, hint_of, text_of
from pmqa.workbook.normalise import (
    TYPE_WORDS,
    agency_code_value,
    choice_value,
    clean_text,
    fiscal_year_value,
    is_reference,
    shown,
    source_words,
    text_value,
    visible,
)
from pmqa.workbook.sheet import Cell

Value = str | int | None


@dataclass(slots=True)
class AgencyRead:
    """values: field name -> value, for those that could be read. draft: all that is there, with its place."""

    values: dict[str, Value]
    draft: dict[str, DraftCell]
    places: Mapping[str, tuple[str, str, int]]


def read_agency(found: Located, date1904: bool, spots: list[Spot]) -> AgencyRead:
    """The fields of the agency; one that is needed and blank is an error."""
    read = AgencyRead({}, {}, found.agency)
    rows = {sheet.name: sheet.rows for sheet in found.sheets}
    if not (found.agency or found.unlabelled):
        spots.append(spot("missing_sheet", layout.AGENCY_SHEET, hint=""))
        return read
    for field in layout.AGENCY_FIELDS:
        if field.name in found.unlabelled and _is_unlabelled(found, field, spots):
            continue
        place = found.agency.get(field.name)
        cell = rows[place[0]].get(place[2], {}).get(place[1]) if place else None
        value, code = (None, None) if cell is None else READERS.get(field.name, _text)(cell, date1904)
        sheet, column, row = place or (layout.AGENCY_SHEET, "", 0)
        before = None if cell is None else clean_text(shown(cell, date1904))
        if value is not None:
            read.values[field.name] = value
        refused = code is not None and CATALOGUE[code] == "error"
        if value is None and field.required and not refused:
            spots.append(spot("missing_agency_field", sheet, column, row, field=" / ".join(field.words.values())))
        elif code is not None:
            after = str(_worded(field.name, value, ""))
            values: dict[str, str | int] = {"after": after} if value else _offered(field.name, before or "")
            typed = before if refused or cell is None else visible(shown(cell, date1904))
            spots.append(spot(code, sheet, column, row, typed, **values))
        if place and not before:
            read.draft[field.name] = DraftCell(None, sheet, f"{column}{row}")
        elif before:
            understood: Raw = before if refused else _worded(field.name, value, before)
            read.draft[field.name] = DraftCell(understood, sheet, f"{column}{row}")
    return read


def _is_unlabelled(found: Located, field: layout.AgencyField, spots: list[Spot]) -> bool:
    """Whether only a defined name says what a value is, and no label agrees: it may be another field's."""
    sheet, column, row = found.unlabelled[field.name]
    cells = next(one.rows for one in found.sheets if one.name == sheet).get(row, {})
    value = text_of(cells.get(column))
    if value:
        label = next((text_of(cells[x]) for x in sorted(cells, key=width) if width(x) < width(column)), "")
        words = " / ".join(field.words.values())
        spots.append(spot("agency_label_differs", sheet, column, row, value, field=words, label=label))
    return bool(value)


def _text(cell: Cell, date1904: bool) -> tuple[Value, str | None]:
    value, code = text_value(cell, date1904)
    return (value, code) if value is not None and is_reference(value) else (None, code)


def _agency_type(cell: Cell, _: bool) -> tuple[Value, str | None]:
    value, code = choice_value(cell, TYPE_WORDS)
    return (None, "unknown_agency_type") if code == "unreadable" else (_corrected(cell, value, value, code))


def _source(cell: Cell, _: bool) -> tuple[Value, str | None]:
    value, code = choice_value(cell, source_words())
    if code == "unreadable":
        return None, "unknown_source"
    own = layout.source_words().get(str(value))
    # What the table says of a source is no correction: older forms held such a word themselves.
    said = text_of(cell) if value is not None and text_of(cell) in SOURCES[str(value)].said else own
    return _corrected(cell, value, said, code)


def _corrected(cell: Cell, value: object, own: object, code: str | None) -> tuple[Value, str | None]:
    said = None if value is None else str(value)
    return said, code or (None if said is None or text_of(cell) == own else "answer_corrected")


def _offered(name: str, before: str) -> dict[str, str | int]:
    offered = {"agency_type": layout.AGENCY_TYPES, "source": tuple(layout.source_words().values())}.get(name)
    return {"offered": ", ".join(offered), "hint": hint_of(close_match(before, offered))} if offered else {}


def _worded(name: str, value: Value, before: str) -> Raw:
    if name == "source" and isinstance(value, str):
        return layout.source_words()[value]
    return before if value is None else value


READERS: Final[Mapping[str, Callable[[Cell, bool], tuple[Value, str | None]]]] = {
    "agency_code": lambda cell, _: agency_code_value(cell),
    "fiscal_year": lambda cell, _: fiscal_year_value(cell),
    "agency_type": _agency_type,
    "source": _source,
}
