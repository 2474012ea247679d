"""Where the fields of the agency stand: by defined name where the label beside it agrees, else beside the label."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from pmqa.workbook import layout
from pmqa.workbook.findings import Spot, spot
from pmqa.workbook.normalise import THAI_DIGITS, fold

if TYPE_CHECKING:
    from pmqa.workbook.mapping import Sheet
    from pmqa.workbook.sheet import Cell

Place = tuple[str, str, int]  # sheet, column, row
MOST_ROW_DIGITS: Final = 7


class AgencyPlaces(NamedTuple):
    """places: field -> the place of its value. unlabelled: the same where only a defined name says what it is."""

    places: dict[str, Place]
    unlabelled: dict[str, Place]


def agency_places(
    sheets: Sequence[Sheet],
    own: Sheet | None,
    names: Mapping[str, str],
    text_of: Callable[[Cell | None], str],
    spots: list[Spot],
) -> AgencyPlaces:
    """Find the value of every field; a warning where a label stands in two rows, of which the first is read.

    own: the sheet of the agency by its name; sheets that the defined names point to are searched as well.
    Rows that were sorted or exchanged take their labels along and leave the names behind, so that a name alone would
    give the ministry for the name of the agency.
    """
    by_name = {sheet.name: sheet for sheet in sheets}
    named = _named(by_name, names)
    searched = {sheet.name: sheet for sheet in (own, *(by_name[at[0]] for at in named.values())) if sheet is not None}
    label_at = {name: _labels(sheet, text_of) for name, sheet in searched.items()}
    beside: dict[str, Place] = {}
    for sheet, labels in label_at.items():
        for row, (labelled, column) in labels.items():
            if beside.setdefault(labelled, (sheet, next_column(column), row)) != (sheet, next_column(column), row):
                text = text_of(by_name[sheet].rows[row][column])
                spots.append(spot("agency_field_twice", sheet, column, row, text))
    found = AgencyPlaces({}, {})
    for field in layout.AGENCY_FIELDS:
        at, label = named.get(field.name), beside.get(field.name)
        agrees = at is not None and label_at[at[0]].get(at[2], ("", ""))[0] == field.name
        # A name whose cell is empty may point beside the mark after a tool moved things: the label knows better.
        if at is not None and agrees and (_filled(by_name, at) or label is None or not _filled(by_name, label)):
            found.places[field.name] = at
        elif label is not None:
            found.places[field.name] = label
        elif at is not None:
            found.unlabelled[field.name] = at
    return found


def next_column(letters: str) -> str:
    """The column on the right, for the first 26 of a sheet."""
    return chr(ord(letters) + 1) if len(letters) == 1 and letters < "Z" else "B"


def width(letters: str) -> tuple[int, str]:
    """What columns are put in order by."""
    return len(letters), letters


def _named(sheets: Mapping[str, Sheet], names: Mapping[str, str]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for field in layout.AGENCY_FIELDS:
        match = REFERENCE.fullmatch(names.get(field.name, ""))
        if match and len(match["row"]) <= MOST_ROW_DIGITS:
            name = (match["quoted"] or match["plain"] or "").replace("''", "'")
            if name in sheets:
                found[field.name] = (name, match["column"], int(match["row"]))
    return found


def _labels(sheet: Sheet, text_of: Callable[[Cell | None], str]) -> dict[int, tuple[str, str]]:
    """Row -> the field that its first label names, and the label's column."""
    found: dict[int, tuple[str, str]] = {}
    for number, row in sheet.rows.items():
        for letters in sorted(row, key=width):
            field = LABELS.get(fold(text_of(row[letters]).translate(THAI_DIGITS)))
            if field is not None:
                found[number] = (field, letters)
                break
    return found


def _filled(sheets: Mapping[str, Sheet], at: Place) -> bool:
    return at[1] in sheets[at[0]].rows.get(at[2], {})


REFERENCE: Final = re.compile(
    r"\$?(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!]+))!\$?(?P<column>[A-Z]{1,3})\$?(?P<row>[0-9]+)(?::.*)?"
)
LABELS: Final = {fold(word): one.name for one in layout.AGENCY_FIELDS for word in (*one.words.values(), one.name)}
