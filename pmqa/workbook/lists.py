"""Lists that somebody keeps: xlsx through the guarded reader, or csv as programs write it, by their headings; days.

Columns are found by their headings, anywhere in the first rows and in any order; others are passed over.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pmqa.text import BUDDHIST_ERA
from pmqa.workbook.archive import Refusal
from pmqa.workbook.kind import refuse_what_is_no_workbook
from pmqa.workbook.mapping import text_of
from pmqa.workbook.normalise import clean_text, fold
from pmqa.workbook.readers import cells_text

HEAD_ROWS: Final = 20  # the headings are among these
SEPARATORS: Final = (",", ";", "\t")
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
FIRST_OF_ERA: Final = 2400  # a year from here on is of the Buddhist era
DATES: Final = (
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?: 00:00:00)?",
    r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})",
)
READABLE: Final = frozenset({"is_csv", "is_not_a_workbook"})  # may be text

Rows = list[tuple[int, dict[str, str]]]  # number as counted in the file, from 1; key of a column -> text
Words = Mapping[str, str]  # folded heading -> field


def heading(rows: Rows, words: Words, key: str) -> tuple[int, dict[str, str]] | None:
    """Place of the row of headings, and field -> key of its column; None where no row has the key and another field."""
    for place, (_, row) in enumerate(rows[:HEAD_ROWS]):
        columns: dict[str, str] = {}
        for place_in_row, text in row.items():
            if fold(text) in words:
                columns.setdefault(words[fold(text)], place_in_row)
        if key in columns and len(columns) > 1:
            return place, columns
    return None


def rows_of(content: bytes, words: Words, key: str) -> Rows:
    """The rows of a csv, or of the sheet that has the headings. Raises Refusal for what is neither xlsx nor csv."""
    return _xlsx_rows(content, words, key) if content.startswith(b"PK") else _csv_rows(content)


def day_of(text: str) -> dt.date | None:
    """A day as people write it, 2026-09-30 or 30/9/2569, of either era; None where the text is none."""
    found = next((match for pattern in DATES if (match := re.fullmatch(pattern, text.strip()))), None)
    if found is None:
        return None
    year = int(found["y"])
    try:
        return dt.date(year - BUDDHIST_ERA if year >= FIRST_OF_ERA else year, int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def _xlsx_rows(content: bytes, words: Words, key: str) -> Rows:
    refuse_what_is_no_workbook(content)
    cells: Mapping[str, Any] = json.loads(cells_text(content))
    if "refused" in cells:
        raise Refusal(cells["refused"], **cells["values"])
    sheets: Sequence[Mapping[str, Any]] = cells["sheets"]
    best: Rows = []
    for sheet in sheets:
        rows = [
            (int(number), {letters: text_of(cell) for letters, cell in sheet["rows"][number].items()})
            for number in sorted(sheet["rows"], key=int)
        ]
        if heading(rows, words, key) is not None:
            return rows
        best = best or rows
    return best


def _csv_rows(content: bytes) -> Rows:
    try:
        refuse_what_is_no_workbook(content)
    except Refusal as refusal:
        if refusal.code not in (READABLE | {"damaged"} if content.startswith(UTF_16) else READABLE):
            raise
    text = _decoded(content)
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        return list(_numbered(csv.reader(io.StringIO(text), delimiter=separator)))
    except csv.Error as error:
        raise Refusal("damaged", detail=str(error)[:80]) from error


def _numbered(rows: Iterator[list[str]]) -> Iterator[tuple[int, dict[str, str]]]:
    for number, row in enumerate(rows, 1):
        # Downloads put an apostrophe before what a spreadsheet program would take for a formula.
        yield number, {str(place): clean_text(text.removeprefix("'")) for place, text in enumerate(row)}


def _decoded(content: bytes) -> str:
    """Text as Excel and others write it: UTF-8, UTF-16 with its mark, or Windows' Thai."""
    if content.startswith(UTF_16):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp874", errors="replace")
