"""The sheet of a marked copy that holds what fitted no row: its lines read back, and those that nobody has settled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pmqa.text import DEFAULT_LANGUAGE
from pmqa.workbook import layout
from pmqa.workbook.draft import Loose
from pmqa.workbook.findings import Spot, spot
from pmqa.workbook.mapping import Located, text_of
from pmqa.workbook.normalise import fold

WORDS: Final = {fold(word): word for word in layout.SETTLED.values()} | {
    fold(key): word for key, word in layout.SETTLED.items()
}


def unplaced_lines(found: Located, spots: list[Spot]) -> tuple[Loose, ...]:
    """The lines of the sheet, each with the word that settles it; an error for each without one, and for lost lines."""
    lines = tuple(_lines(found, spots))
    expected = found.keys.get(layout.UNPLACED_KEY, "")
    if expected.isascii() and expected.isdigit() and len(lines) < int(expected):
        spots.append(spot("unplaced_gone", layout.UNPLACED_SHEET, missing=int(expected) - len(lines)))
    return lines


def _lines(found: Located, spots: list[Spot]) -> Iterator[Loose]:
    for sheet, head, columns in found.unplaced:
        for number, row in sheet.rows.items():
            said = {key: text_of(row.get(letters)) for key, letters in columns.items()}
            if number <= head or fold(said["said_sheet"]) == HEADING or not (said["said_text"] or said.get("why")):
                continue
            settled = WORDS.get(fold(said.get("settled", "")), "")
            column = columns.get("settled", columns["said_sheet"])
            if not settled:
                spots.append(spot("unplaced_left", sheet.name, column, number, said["said_text"] or said["why"]))
            yield Loose(
                said["said_sheet"],
                said["said_cell"],
                said.get("said_id", ""),
                said.get("said_heading", ""),
                said["said_text"],
                said.get("why", ""),
                settled,
                f"{column}{number}",
            )


HEADING: Final = fold(
    next(column.words[DEFAULT_LANGUAGE] for column in layout.UNPLACED_COLUMNS if column.key == "said_sheet")
)
