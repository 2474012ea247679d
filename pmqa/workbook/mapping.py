"""Where things stand in a file: sheets, columns and rows found by keys and headings, never by position."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from pmqa.framework import Framework
from pmqa.text import DEFAULT_LANGUAGE
from pmqa.workbook import layout
from pmqa.workbook.agency_places import Place, agency_places, width
from pmqa.workbook.findings import Spot, spot
from pmqa.workbook.normalise import THAI_DIGITS, clean_text, fold, shown
from pmqa.workbook.sheet import Cell

HEADING_ROWS: Final = 40  # of a sheet's first rows with content, where headings are looked for
FEWEST_HEADINGS: Final = 3  # that make a row the heading row
CLOSE: Final = 0.6  # likeness from which "did you mean" is worth saying
CLOSE_CODE: Final = 0.5

Row = Mapping[str, Cell]  # column letters -> cell
ACTUAL_WORDS: Final = "|".join(re.escape(fold(word)) for word in layout.column("actual").words.values())
YEAR_HEADING: Final = re.compile(rf"(?:ผลการดำเนินงาน|{ACTUAL_WORDS})\D*(\d{{4}})\D*")
SHEET_NAMES: Final = (
    layout.GUIDE_SHEET,
    layout.AGENCY_SHEET,
    layout.SUMMARY_SHEET,
    layout.KEYS_SHEET,
    layout.MARKS_SHEET,
    layout.UNPLACED_SHEET,
    layout.ORIGINS_SHEET,
)
ACTUALS: Final = ("actual", "actual_1", "actual_2")  # latest first

# A submission cannot do without these; the other columns are the form's own words or the assessor's.
NEEDED: Final = {
    "criteria": ("criterion", *(c.key for c in layout.CRITERION_COLUMNS if c.filled_by == "agency")),
    "measures": ("indicator", *(c.key for c in layout.MEASURE_COLUMNS if c.filled_by == "agency")),
}
COLUMNS: Final = {"criteria": layout.CRITERION_COLUMNS, "measures": layout.MEASURE_COLUMNS}
STRAYS: Final = ("unknown_criterion", "unknown_indicator", "row_without_code")  # findings at rows without a known code
ID_KEY: Final = {"criteria": "criterion", "measures": "indicator"}


@dataclass(slots=True)
class Sheet:
    """A sheet of the file: rows in order, by number."""

    name: str
    rows: dict[int, Row]
    merges: Sequence[str]


@dataclass(slots=True)
class Block:
    """A sheet that holds criteria or measures.

    columns: key -> letters. head: the last row of keys and headings; data come after it.
    missing: keys of needed columns that are not there.
    """

    sheet: Sheet
    kind: str  # criteria, measures
    columns: dict[str, str]
    head: int
    missing: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Located:
    """Everything that was found, before any of it is read."""

    sheets: list[Sheet]
    blocks: list[Block]
    agency: dict[str, Place]  # field -> where its value is
    unlabelled: dict[str, Place]  # fields that only a defined name tells, which does not count
    keys: dict[str, str]  # of the sheet _pmqa
    headless: list[str]  # sheets named as a category in which no headings were found
    spots: list[Spot]
    comments: Mapping[str, Mapping[str, Sequence[str]]]  # sheet -> cell -> author, text
    unplaced: list[tuple[Sheet, int, dict[str, str]]]  # sheets of unplaced texts: key row and columns


def locate(cells: Mapping[str, Any]) -> Located:
    """Find the form's sheets, columns and fields in the cells of a file (cells.py)."""
    sheets = [
        Sheet(sheet["name"], {int(row): sheet["rows"][row] for row in sorted(sheet["rows"], key=int)}, sheet["merges"])
        for sheet in cells["sheets"]
    ]
    unplaced = [(sheet, *head) for sheet in sheets if (head := _unplaced_columns(sheet))]
    # Cells that were kept before comments were read have none.
    found = Located(sheets, [], {}, {}, {}, [], [], cells.get("comments", {}), unplaced)
    by_name = {fold(sheet.name): sheet for sheet in sheets}
    special = {fold(name) for name in SHEET_NAMES} | {fold(sheet.name) for sheet, _, _ in unplaced}
    for sheet in sheets:
        if fold(sheet.name) in special:
            continue
        block = _block(sheet, found.spots)
        if block is not None:
            found.blocks.append(block)
        elif _category_of(sheet.name) is not None and sheet.rows:
            found.headless.append(sheet.name)
            found.spots.append(spot("no_headings", sheet.name))
    keys = by_name.get(fold(layout.KEYS_SHEET))
    if keys is not None:
        found.keys = _pairs(keys)
    found.agency, found.unlabelled = agency_places(
        sheets, by_name.get(fold(layout.AGENCY_SHEET)), cells["names"], text_of, found.spots
    )
    used = special | {fold(block.sheet.name) for block in found.blocks} | {fold(name) for name in found.headless}
    used |= {fold(sheet) for sheet, _, _ in (*found.agency.values(), *found.unlabelled.values())}
    found.spots += [spot("unknown_sheet", s.name) for s in sheets if s.rows and fold(s.name) not in used]
    return found


def missing_sheets(found: Located, framework: Framework, present: set[str]) -> Iterator[Spot]:
    """Categories without any row of a code. present: categories of the ids that were found.

    A sheet that was emptied, cut to its headings or replaced by a blank one is there by its name alone: what stood in
    it is as lost as with the sheet itself, and would pass for unanswered.
    """
    named = {_category_of(sheet.name): sheet.name for sheet in found.sheets}
    unknown = [s.sheet or "" for s in found.spots if s.code == "unknown_sheet"]
    strays = {s.sheet for s in found.spots if s.code in (*STRAYS, "no_headings", "missing_column")}
    for category in framework.categories:
        if category.id in present:
            continue
        wanted = layout.category_sheet(category.id)
        if category.id not in named:
            yield spot("missing_sheet", wanted, hint=_like(wanted, unknown))
        elif named[category.id] not in strays:
            yield spot("emptied_sheet", named[category.id])


def _unplaced_columns(sheet: Sheet) -> tuple[int, dict[str, str]] | None:
    """The key row and the columns of a marked copy's sheet of unplaced texts, whatever its name; None for others."""
    wanted = {column.key for column in layout.UNPLACED_COLUMNS}
    for number, row in islice(sheet.rows.items(), HEADING_ROWS):
        if "said_sheet" not in row.values():
            continue  # as in nearly every row
        columns = {cell: letters for letters, cell in row.items() if isinstance(cell, str) and cell in wanted}
        if {"said_text", "said_cell"} <= columns.keys():
            return number, columns
    return None


def close_match(word: str, known: Sequence[str], likeness: float = CLOSE_CODE) -> str | None:
    """The known word that is most like this one, where one is like it at all."""
    close = difflib.get_close_matches(fold(word), [fold(one) for one in known], 1, likeness)
    return next((one for one in known if close and fold(one) == close[0]), None)


def hint_of(match: str | None) -> str:
    """A close match as the blank {hint} of a sentence: empty where there is none."""
    return f" ({match}?)" if match else ""


def text_of(cell: Cell | None) -> str:
    """A cell's text, cleaned; "" where it is blank or has no readable value."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return clean_text(cell)
    return "" if cell[0] in ("e", "f") else clean_text(shown(cell))


def _like(word: str, known: Sequence[str]) -> str:
    return hint_of(close_match(word, known, CLOSE))


def is_category(sheet_name: str) -> bool:
    """Whether a sheet is called as the form calls the sheet of a category."""
    return _category_of(sheet_name) is not None


def _category_of(sheet_name: str) -> str | None:
    match = re.fullmatch(r"(?:หมวด(?:ที่)?|category)(\d{1,2})", fold(sheet_name))
    return match[1] if match else None


def _pairs(sheet: Sheet) -> dict[str, str]:
    pairs = {}
    for row in sheet.rows.values():
        words = [text_of(row[letters]) for letters in sorted(row, key=width)]
        if len(words) > 1:
            pairs[words[0].casefold()] = words[1]
    return pairs


def _block(sheet: Sheet, spots: list[Spot]) -> Block | None:
    for number, row in list(sheet.rows.items())[:HEADING_ROWS]:
        texts = {letters: text_of(cell) for letters, cell in row.items()}
        for kind in COLUMNS:
            keys = _by_key(texts, kind)
            if len(keys) >= FEWEST_HEADINGS and ID_KEY[kind] in keys:
                return _with_headings(Block(sheet, kind, keys, number), texts, spots)
        kind, headings = max((_by_heading(texts, kind) for kind in COLUMNS), key=lambda pair: len(pair[1]))
        kind_of_keys, keys = max(((kind, _by_key(texts, kind)) for kind in COLUMNS), key=lambda pair: len(pair[1]))
        if len(keys) > len(headings) and len(keys) >= FEWEST_HEADINGS:
            # Its column of codes is gone, with its key; the headings below say it in words.
            return _with_headings(Block(sheet, kind_of_keys, keys, number), texts, spots)
        if len(headings) >= FEWEST_HEADINGS:
            return _finished(Block(sheet, kind, headings, number), {}, texts, spots)
    return None


def _by_key(texts: Mapping[str, str], kind: str) -> dict[str, str]:
    known = KEY_WORDS[kind]
    found: dict[str, str] = {}
    for letters, text in texts.items():
        if text in known:
            found.setdefault(text, letters)
    return found


def _by_heading(texts: Mapping[str, str], kind: str) -> tuple[str, dict[str, str]]:
    known = HEADING_WORDS[kind]
    found: dict[str, str] = {}
    years: dict[int, str] = {}
    for letters, text in texts.items():
        folded = _folded(text)
        if key := known.get(folded):
            found.setdefault(key, letters)
        elif kind == "measures" and (year := YEAR_HEADING.fullmatch(folded)):
            years.setdefault(int(year[1]), letters)
    for key, year_found in zip(ACTUALS, sorted(years, reverse=True), strict=False):
        found.setdefault(key, years[year_found])
    return kind, found


def _with_headings(block: Block, key_texts: Mapping[str, str], spots: list[Spot]) -> Block:
    """The block of a key row: what it lacks is taken from the heading row below, where there is one."""
    below = next(((n, row) for n, row in block.sheet.rows.items() if n > block.head), None)
    if below is None:
        return _finished(block, key_texts, {}, spots)
    texts = {letters: text_of(cell) for letters, cell in below[1].items()}
    headings = _by_heading(texts, block.kind)[1]
    # The heading row is the one whose first column is no id but the word for it.
    ids = block.columns.get(ID_KEY[block.kind])
    is_heading = _folded(texts.get(ids, "")) in HEADING_WORDS[block.kind] if ids else len(headings) >= FEWEST_HEADINGS
    if not is_heading:
        return _finished(block, key_texts, {}, spots)
    block.head = below[0]
    taken = set(block.columns.values())
    for key, letters in headings.items():
        if key not in block.columns and letters not in taken:
            block.columns[key] = letters
    return _finished(block, key_texts, texts, spots)


def _finished(block: Block, key_texts: Mapping[str, str], headings: Mapping[str, str], spots: list[Spot]) -> Block:
    """Say which columns are missing, there twice, or unknown."""
    columns, name, known = block.columns, block.sheet.name, HEADING_WORDS[block.kind]
    used = set(columns.values())
    headed = {column.key: column.words[DEFAULT_LANGUAGE] for column in COLUMNS[block.kind]}
    spare = []
    for letters in sorted({*key_texts, *headings} - used, key=width):
        text = headings.get(letters, "")
        key = key_texts.get(letters) or known.get(_folded(text))
        if key in AID_WORDS or _folded(text) in AID_WORDS:
            columns.setdefault(layout.AGENCY_ANSWER.key, letters)
        elif key in columns and key in headed:
            spots.append(spot("column_twice", name, letters, block.head, text or key, other=columns[key]))
        elif text:
            spare.append(text)
            if any(letters in row for n, row in block.sheet.rows.items() if n > block.head):
                spots.append(spot("unknown_column", name, letters, block.head, text))
    for key in NEEDED[block.kind]:
        if key not in columns:
            block.missing.add(key)
            spots.append(spot("missing_column", name, heading=headed[key], hint=_like(headed[key], spare)))
    return block


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return fold(text.translate(THAI_DIGITS))


AID_WORDS: Final = {aid.key for aid in layout.AIDS} | {fold(word) for aid in layout.AIDS for word in aid.words.values()}
KEY_WORDS: Final = {
    kind: {column.key for column in columns} | {aid.key for aid in layout.AIDS} for kind, columns in COLUMNS.items()
}
HEADING_WORDS: Final = {
    kind: {fold(word): column.key for column in columns for word in layout.headings(column)}
    for kind, columns in COLUMNS.items()
}
