"""One worksheet's XML to its cells and merged ranges, element by element, however it is written.

Most sheets are read by usual.py; what that leaves is read here, and refused. Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pmqa.workbook import limits
from pmqa.workbook.archive import Refusal
from pmqa.workbook.markup import Attributes, parse, plain_text

Cell = str | list[str]
Rows = dict[str, dict[str, Cell]]

ADDRESS: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
OWN_KINDS: Final = {"b": "b", "e": "e", "d": "d"}  # types that are kinds whatever the number format says


@dataclass(slots=True)
class Budget:
    """What all sheets may use together, and what is left of it."""

    cells: int = limits.CELLS
    characters: int = limits.CHARACTERS
    merges: int = limits.MERGES
    elements: int = limits.ELEMENTS
    bytes: int = limits.INFLATED_BYTES

    def has(self, other: Budget) -> bool:
        """Whether there is so much left."""
        return all(getattr(self, name) >= getattr(other, name) for name in SPENT)

    def spend(self, other: Budget) -> None:
        """Take off what is left of it; the first that falls below zero refuses the file. Raises Refusal."""
        for name, (code, most) in SPENT.items():
            left = getattr(self, name) - getattr(other, name)
            setattr(self, name, left)
            if left < 0:
                raise Refusal(code, most=most)


SPENT: Final = {
    "bytes": ("too_large_inflated", limits.INFLATED_BYTES // limits.MB),
    "elements": ("too_many_elements", limits.ELEMENTS),
    "cells": ("too_many_cells", limits.CELLS),
    "characters": ("too_much_text", limits.CHARACTERS),
    "merges": ("too_many_merges", limits.MERGES),
}


def read_sheet(
    data: bytes, title: str, shared: Mapping[str, str], formats: Mapping[str, str], budget: Budget
) -> tuple[Rows, list[str]]:
    """Rows and merged ranges of a sheet; what they use is taken off the budget. Raises Refusal.

    shared: index, as cells write it -> text. formats: style index -> kind (cells.py); others are plain numbers.
    """
    rows: Rows = {}
    merges: list[str] = []
    # One list takes all character data; what comes between the elements that matter is dropped when one starts.
    pieces: list[str] = []
    row: dict[str, Cell] = {}
    row_text = "0"
    column = 0
    cell: Attributes = {}
    value: str | None = None
    formula: str | None = None
    phonetic = False
    cells_left, characters_left = budget.cells, budget.characters

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal row, row_text, column, cell, value, formula, phonetic
        if tag == "c":
            cell = attributes
            value = formula = None
        elif tag in TEXT_TAGS:
            pieces.clear()
        elif tag == "row":
            row_text = attributes.get("r") or str(int(row_text) + 1)
            if not ADDRESS.fullmatch("A" + row_text) or int(row_text) > limits.ROWS:
                raise Refusal("bad_address", sheet=title, cell=row_text[:20])
            row = rows.setdefault(row_text, {})
            column = 0
        elif tag == "rPh":
            phonetic = True
        elif tag == "mergeCell":
            merges.append(attributes.get("ref", "")[:30])
            budget.merges -= 1
            if budget.merges < 0:
                raise Refusal("too_many_merges", most=limits.MERGES)

    def end(tag: str) -> None:
        nonlocal row, row_text, column, value, formula, phonetic, cells_left, characters_left
        if tag == "c":
            address = cell.get("r")
            if address is None:
                column += 1
                letters = letters_of(column)
            elif (letters := address.removesuffix(row_text)) in COLUMN_NUMBERS:
                column = COLUMN_NUMBERS[letters]
            else:
                letters, row_text = _split(address, title)
                row = rows.setdefault(row_text, {})
                column = number_of(letters)
            if value is None and formula is None:
                return
            found = content(cell.get("t"))
            if not found:
                return
            if letters in row:
                raise Refusal("cell_twice", sheet=title, cell=letters + row_text)
            row[letters] = found
            cells_left -= 1
            characters_left -= len(found) if isinstance(found, str) else len(found[1])
            if cells_left < 0:
                raise Refusal("too_many_cells", most=limits.CELLS)
            if characters_left < 0:
                raise Refusal("too_much_text", sheet=title, cell=letters + row_text)
        elif tag == "v":
            value = pieces[0] if len(pieces) == 1 else "".join(pieces)
        elif tag == "f":
            formula = "".join(pieces)
        elif tag == "t":
            if not phonetic:
                text = pieces[0] if len(pieces) == 1 else "".join(pieces)
                value = text if value is None else value + text
        elif tag == "rPh":
            phonetic = False

    def content(kind: str | None) -> Cell | None:
        if kind == "s" and value is not None:
            known = shared.get(value) or shared.get(value.strip())
            if known is None:
                if not value.strip() or value.strip() in shared:
                    return None
                raise Refusal("bad_text_index", sheet=title, cell=cell.get("r", row_text))
            text = known
        elif kind in TEXT_KINDS:
            text = plain_text(value or "")
        elif value is None or not value.strip():
            # A formula that was never calculated; without one it is an empty cell.
            return None if formula is None else ["f", "", plain_text(formula[: limits.FORMULA_CHARACTERS])]
        else:
            raw = value.strip()
            if len(raw) > limits.CELL_CHARACTERS:
                raise Refusal("too_much_text", sheet=title, cell=cell.get("r", row_text))
            found = OWN_KINDS.get(kind or "n") or formats.get(cell.get("s", ""), "n")
            return [found, raw] if formula is None else [found, raw, plain_text(formula[: limits.FORMULA_CHARACTERS])]
        if len(text) > limits.CELL_CHARACTERS:
            raise Refusal("too_much_text", sheet=title, cell=cell.get("r", row_text))
        return text if formula is None else ["s", text, plain_text(formula[: limits.FORMULA_CHARACTERS])]

    parse(data, title, start, end, pieces.append)
    budget.cells, budget.characters = cells_left, characters_left
    return {number: cells for number, cells in rows.items() if cells}, merges


def letters_of(number: int) -> str:
    """The letters of a column, from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def number_of(letters: str) -> int:
    """Which column letters name, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _split(address: str, title: str) -> tuple[str, str]:
    match = ADDRESS.fullmatch(address)
    if not match or number_of(match[1]) > limits.COLUMNS or int(match[2]) > limits.ROWS:
        raise Refusal("bad_address", sheet=title, cell=address[:20])
    return match[1], match[2]


# The columns that nearly all sheets stay within; others are split and checked one by one.
COLUMN_NUMBERS: Final = {letters_of(number): number for number in range(1, 27 * 26 + 1)}
TEXT_TAGS: Final = frozenset(("t", "v", "f"))
TEXT_KINDS: Final = ("str", "inlineStr")  # of cells that have their text in them
