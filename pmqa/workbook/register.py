"""A register of agencies from a file that somebody keeps: xlsx through the guarded reader, or csv as programs write it.

Columns are found by their headings, anywhere in the first rows and in any order; others are passed over.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from pmqa.workbook import layout
from pmqa.workbook.archive import Refusal
from pmqa.workbook.kind import refuse_what_is_no_workbook
from pmqa.workbook.mapping import text_of
from pmqa.workbook.normalise import TYPE_WORDS, agency_code_value, clean_text, fold
from pmqa.workbook.readers import cells_text

FIELDS: Final = layout.AGENCY_FIELDS[:4]  # code, name, ministry, type
HEAD_ROWS: Final = 20  # the headings are among these
MOST_ROWS: Final = 20_000  # all agencies of the country, local ones too, are about 9,000
SEPARATORS: Final = (",", ";", "\t")
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
READABLE: Final = frozenset({"is_csv", "is_not_a_workbook"})  # may be text


class Problem(NamedTuple):
    """Why a row, or the file, cannot be used. row: as counted in the file, from 1; None = the file."""

    code: str  # sentence register_page.problem_<code>
    row: int | None = None
    value: str = ""


class RegisterRow(NamedTuple):
    """An agency of the register; the columns of AGENCIES."""

    agency_code: str
    agency_name: str
    ministry: str
    agency_type: str


@dataclass(frozen=True)
class RegisterFile:
    """What a file says. agencies: the sound rows; problems: everything else."""

    agencies: tuple[RegisterRow, ...]
    problems: tuple[Problem, ...]


def read_register(content: bytes) -> RegisterFile:
    """Every agency of a file, and every problem at once. Raises Refusal for what is neither xlsx nor csv."""
    rows = _xlsx_rows(content) if content.startswith(b"PK") else _csv_rows(content)
    found = _heading(rows)
    if found is None:
        return RegisterFile((), (Problem("no_headings", value=", ".join(field.th for field in FIELDS)),))
    head, columns = found
    if missing := [field.th for field in FIELDS if field.name not in columns]:
        return RegisterFile((), (Problem("missing_columns", rows[head][0], ", ".join(missing)),))
    below = [(number, row) for number, row in rows[head + 1 :] if any(row.get(key) for key in columns.values())]
    if len(below) > MOST_ROWS:
        return RegisterFile((), (Problem("too_many_rows", value=str(MOST_ROWS)),))
    agencies: dict[str, RegisterRow] = {}
    problems: list[Problem] = []
    for number, row in below:
        one, wrong = _agency({name: row.get(key, "") for name, key in columns.items()}, number)
        problems += wrong
        if one is None:
            continue
        if one.agency_code in agencies:
            problems.append(Problem("code_twice", number, one.agency_code))
        agencies.setdefault(one.agency_code, one)
    if not agencies and not problems:
        problems.append(Problem("no_rows"))
    return RegisterFile(tuple(agencies.values()), tuple(problems))


def _agency(row: Mapping[str, str], number: int) -> tuple[RegisterRow | None, list[Problem]]:
    problems = [Problem(f"no_{field.name}", number) for field in FIELDS if not row[field.name]]
    code, name, ministry = row["agency_code"], row["agency_name"], row["ministry"]
    known_code, wrong = agency_code_value(code) if code else (None, None)
    if code and (known_code is None or wrong == "bad_agency_code"):
        problems.append(Problem("bad_code", number, code))
    agency_type = TYPE_WORDS.get(fold(row["agency_type"]))
    if row["agency_type"] and agency_type is None:
        problems.append(Problem("unknown_type", number, row["agency_type"]))
    if problems or known_code is None:
        return None, problems
    return RegisterRow(known_code, name, ministry, str(agency_type)), []


Rows = list[tuple[int, dict[str, str]]]


def _heading(rows: Rows) -> tuple[int, dict[str, str]] | None:
    """Place of the row of headings, and field -> key of its column."""
    words = {fold(word): field.name for field in FIELDS for word in (field.name, field.th, field.en)}
    for place, (_, row) in enumerate(rows[:HEAD_ROWS]):
        columns: dict[str, str] = {}
        for key, text in row.items():
            if fold(text) in words:
                columns.setdefault(words[fold(text)], key)
        if "agency_code" in columns and len(columns) > 1:
            return place, columns
    return None


def _xlsx_rows(content: bytes) -> Rows:
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
        if _heading(rows) is not None:
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
