"""Two independent readers agree, cell by cell, on every workbook that is accepted."""

from __future__ import annotations

import datetime as dt
import io
import json
import math

import pytest
from python_calamine import CalamineWorkbook

from pmqa.framework import Framework
from pmqa.workbook import read_submission, write_form
from pmqa.workbook.readers import unpacked
from tests.factories import make_measure, make_submission
from tests.forms import CATEGORY, RESULTS, small_form, small_frameworks, small_submission
from tests.office import convert
from tests.workbooks.should_pass import PASSES

pytestmark = pytest.mark.slow  # every accepted workbook is read twice

EPOCH = dt.datetime(1899, 12, 30)

# The only cells that the other reader does not have as we do, by case: (sheets, places); None = all of the sheet.
OTHER_LOSES = {
    "parts_in_utf_16": ({CATEGORY, RESULTS}, None),  # it reads UTF-8 only, and shows such sheets as empty
    "escaped_characters": ({CATEGORY}, {(4, 6)}),  # it leaves escaped surrogates as they are written
    "pretty_printed_sheets": ({CATEGORY}, None),  # space beside the number of a text makes it take the first text
}


def numbered(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def ours(packed: bytes) -> dict[str, dict[tuple[int, int], object]]:
    """Sheet -> (row, column) -> value, from the kept cells."""
    found: dict[str, dict[tuple[int, int], object]] = {}
    for sheet in json.loads(unpacked(packed))["sheets"]:
        values = found.setdefault(sheet["name"], {})
        for row, cells in sheet["rows"].items():
            for letters, cell in cells.items():
                kind, raw = ("s", cell) if isinstance(cell, str) else cell[:2]
                if kind in ("n", "p") or kind.startswith("k"):
                    values[int(row), numbered(letters)] = float(raw)
                elif kind == "d":
                    values[int(row), numbered(letters)] = EPOCH + dt.timedelta(days=float(raw))
                elif kind == "b":
                    values[int(row), numbered(letters)] = raw == "1"
                elif kind == "s" and raw.strip():
                    values[int(row), numbered(letters)] = raw.strip()
    return found


def theirs(content: bytes) -> dict[str, dict[tuple[int, int], object]]:
    """The same from calamine, which shows errors and uncalculated formulas as blanks."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = {}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        # From the first cell with content on: to begin at A1 would fill gigabytes with blanks before a far cell.
        top, left = sheet.start or (0, 0)
        found[name] = {
            (row, column): comparable(value)
            for row, values in enumerate(sheet.to_python(), top + 1)
            for column, value in enumerate(values, left + 1)
            if comparable(value) != ""
        }
    return found


def comparable(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)
    if isinstance(value, int | float):
        return float(value)
    return value.strip() if isinstance(value, str) else value


def differences(content: bytes, frameworks: dict[str, Framework]) -> list[tuple[object, ...]]:
    reading = read_submission(content, frameworks)
    assert reading.is_sound
    mine, other = ours(reading.raw_cells), theirs(content)
    assert list(mine) == list(other)
    return [
        (sheet, place, mine[sheet].get(place), other[sheet].get(place))
        for sheet in mine
        for place in sorted({*mine[sheet], *other[sheet]})
        if not same(mine[sheet].get(place), other[sheet].get(place))
    ]


def same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-15)
    return type(one) is type(other) and one == other


@pytest.mark.parametrize("case", PASSES, ids=lambda case: case.name)
def test_both_readers_see_the_same_cells_in_every_accepted_workbook(case):
    sheets, places = OTHER_LOSES.get(case.name, (set(), set()))
    unexpected = [
        difference
        for difference in differences(case.make(), small_frameworks())
        if difference[0] not in sheets or not (places is None or difference[1] in places)
    ]
    assert not unexpected


def test_both_readers_see_the_same_cells_in_a_whole_form(framework, frameworks):
    submission = make_submission(measures=[make_measure(indicator.id) for indicator in framework.indicators])
    assert not differences(write_form(framework, prefill=submission), frameworks)


@pytest.mark.slow
def test_a_form_saved_by_libreoffice_reads_the_same_and_both_readers_agree_on_it(tmp_path):
    made = convert({"form.xlsx": small_form()}, "xlsx", tmp_path)["form.xlsx"].read_bytes()
    reading = read_submission(made, small_frameworks())
    assert reading.submission == small_submission()
    assert not reading.findings
    assert reading.cached_scores["overall", "overall"] is not None
    assert not differences(made, small_frameworks())
