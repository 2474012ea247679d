"""A register of agencies from a list that somebody keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from pmqa.text import DEFAULT_LANGUAGE
from pmqa.workbook import layout
from pmqa.workbook.lists import heading, rows_of
from pmqa.workbook.normalise import TYPE_WORDS, agency_code_value, fold

FIELDS: Final = layout.AGENCY_FIELDS[:4]  # code, name, ministry, type
KEY: Final = "agency_code"
WORDS: Final = {fold(word): field.name for field in FIELDS for word in (field.name, *field.words.values())}
MOST_ROWS: Final = 20_000  # all agencies of the country, local ones too, are about 9,000


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
    rows = rows_of(content, WORDS, KEY)
    found = heading(rows, WORDS, KEY)
    if found is None:
        return RegisterFile(
            (), (Problem("no_headings", value=", ".join(field.words[DEFAULT_LANGUAGE] for field in FIELDS)),)
        )
    head, columns = found
    if missing := [field.words[DEFAULT_LANGUAGE] for field in FIELDS if field.name not in columns]:
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
