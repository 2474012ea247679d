"""What a file says, row by row, before it is judged: the reader fills it, the writer puts it back in a marked copy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Final, NamedTuple

from pmqa.errors import Finding

REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})(?::([A-Z]{1,3})([1-9][0-9]{0,6}))?")
MOST_CELLS: Final = 5_000  # of one finding; a form has fewer

Raw = str | int | float | bool | None


class Place(NamedTuple):
    """A cell of the form by meaning, wherever it stands in a file.

    id: an agency field's name, a criterion's id or an indicator's id.
    number: which of the rows with this id, from 1; always 1 for an agency field.
    key: the column's key; "value" for an agency field.
    """

    id: str
    number: int
    key: str


@dataclass(frozen=True, slots=True)
class DraftCell:
    """A value and where it stood in the file that was sent."""

    value: Raw
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A cell of one of several files: its value and where it stood."""

    file: str
    sheet: str
    cell: str
    value: Raw


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A row of a category's sheet.

    cells: column key -> the value as it was understood (85 for 0.85 formatted as percent), or, where it could not be
        read, the text that a person would see in the cell. Blank cells may be left out.
    """

    sheet: str
    row: int
    cells: Mapping[str, Raw]


@dataclass(frozen=True, slots=True)
class Loose:
    """Something that a file said and that has no cell in the form; or, without a text, that something is missing.

    sheet, cell: where it stood in the file that was sent. id: the code that stood in its row. heading: of its column.
    why: the error that has to be settled; "" where nothing has to be; the sentence itself in a copy that came back.
    settled: a word of layout.SETTLED, "" where it has to be settled still.
    line: its cell in the sheet of unplaced texts, in a copy that came back.
    """

    sheet: str
    cell: str
    id: str
    heading: str
    text: str
    why: Finding | str = ""
    settled: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A file's content as far as it could be found, sound or not.

    agency: field name -> its cell.
    rows: criterion or indicator id -> its rows, in the order of the file; more than one where the id repeats.
    columns: sheet -> column key -> column letters, in the file that was sent; the columns of layout.AIDS as well,
        though no submission has them.
    heads: sheet -> the row of its headings.
    loose: what fits neither.
    singles: (sheet, cell, code) -> the finding of that cell alone, where it is an error or a warning.
    """

    agency: Mapping[str, DraftCell]
    rows: Mapping[str, tuple[DraftRow, ...]]
    columns: Mapping[str, Mapping[str, str]]
    heads: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    loose: tuple[Loose, ...] = ()
    singles: Mapping[tuple[str, str, str], Finding] = field(default_factory=lambda: MappingProxyType({}))


def places(draft: Draft) -> Iterator[tuple[str, str, Place]]:
    """Every cell that the draft knows, as sheet and cell of the file that was sent, with what it means."""
    for name, cell in draft.agency.items():
        yield cell.sheet, cell.cell, Place(name, 1, "value")
    for id_, rows in draft.rows.items():
        for number, row in enumerate(rows, 1):
            for key, letters in draft.columns.get(row.sheet, {}).items():
                yield row.sheet, f"{letters}{row.row}", Place(id_, number, key)


def cells_in(ranges: str) -> Iterator[str]:
    """The cells of a finding's ranges, "E4:E6, E9", one by one; at most MOST_CELLS of them.

    Findings are grouped by column, so a range that spans several columns counts as its first.
    """
    yield from islice(_cells_in(ranges), MOST_CELLS)


def _cells_in(ranges: str) -> Iterator[str]:
    for column, first, _, last in REFERENCE.findall(ranges):
        for row in range(int(first), int(last or first) + 1):
            yield f"{column}{row}"
