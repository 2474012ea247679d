"""The rows of the form read: each cell a value that is understood, or a finding that says why it is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pmqa.framework import Framework, Indicator
from pmqa.text import DEFAULT_LANGUAGE
from pmqa.workbook import layout
from pmqa.workbook.draft import Raw
from pmqa.workbook.findings import CATALOGUE, Spot, spot
from pmqa.workbook.mapping import HEADING_WORDS, ID_KEY, NEEDED, Block, Row, close_match, hint_of, text_of
from pmqa.workbook.normalise import (
    ACCEPTED_WORDS,
    DIRECTION_WORDS,
    MET_WORDS,
    METHOD_WORDS,
    choice_value,
    clean_text,
    fold,
    is_percent,
    is_reference,
    number_value,
    shown,
    text_value,
    visible,
)
from pmqa.workbook.sheet import Cell

Value = str | float | bool | None

UNKNOWN: Final = {"criteria": "unknown_criterion", "measures": "unknown_indicator"}
EXACT: Final[Mapping[str, bool]] = {word: value for value, word in layout.MET.items()}
CRITERION_TEXTS: Final = ("explanation", "evidence", "suggestion")
MEASURE_TEXTS: Final = ("measure", "unit", "evidence", "note", "suggestion")
# key -> (words that read, the form's words, the finding where none of them fits)
CHOICES: Final[Mapping[str, tuple[Mapping[str, bool | str], Mapping[Any, str], str]]] = {
    "direction": (DIRECTION_WORDS, layout.DIRECTIONS, "unknown_direction"),
    "method": (METHOD_WORDS, layout.METHODS, "unknown_method"),
    "answer": (ACCEPTED_WORDS, layout.ACCEPTED, "unreadable_opinion"),
}
# What makes a row of category 7 a measure; unit, direction and method alone are only an offer to fill it in.
MEASURE_CONTENT: Final = ("measure", *layout.NUMBER_COLUMNS, "evidence", "note", "answer", "suggestion")


@dataclass(slots=True)
class FormRow:
    """A row of a criterion or of a measure.

    values: column key -> what the cell means; blank and unreadable cells are left out.
    draft: the same with the text of what could not be read.
    bad: keys of the cells with an error.
    kept: texts that mean nothing and are put back into a marked copy all the same.
    """

    id: str
    block: Block
    row: int
    values: dict[str, Value] = field(default_factory=dict)
    draft: dict[str, Raw] = field(default_factory=dict)
    bad: set[str] = field(default_factory=set)
    kept: dict[str, Raw] = field(default_factory=dict)

    @property
    def sheet(self) -> str:
        """The name of its sheet."""
        return self.block.sheet.name

    def address(self, key: str) -> str | None:
        """The cell of a column in this row."""
        letters = self.block.columns.get(key)
        return f"{letters}{self.row}" if letters else None

    def spot(self, code: str, key: str, value: str | None = None, **values: str | int) -> Spot:
        """A finding at one of its cells."""
        return spot(code, self.sheet, self.block.columns.get(key, ""), self.row, value, **values)


def criterion_rows(block: Block, framework: Framework, date1904: bool, spots: list[Spot]) -> Iterator[FormRow]:
    """The rows of criteria of a sheet, in its order."""
    answer, texts = block.columns.get("answer", ""), _columns(block, CRITERION_TEXTS)
    for found, cells in _rows(block, framework.criterion, spots):
        answer_cell = cells.get(answer)
        if answer_cell is not None:
            _read_answer(found, answer_cell, spots)
        for key, letters in texts:
            cell = cells.get(letters)
            if cell is not None:
                _read_text(found, key, cell, date1904, spots)
        _keep_aids(found, cells)
        yield found


def measure_rows(block: Block, framework: Framework, date1904: bool, spots: list[Spot]) -> Iterator[FormRow]:
    """The rows of measures of a sheet, in its order, those without content too."""
    texts, choices = _columns(block, MEASURE_TEXTS), _columns(block, CHOICES)
    numbers = _columns(block, layout.NUMBER_COLUMNS)
    for found, cells in _rows(block, framework.indicator, spots):
        for key, letters in texts:
            cell = cells.get(letters)
            if cell is not None:
                _read_text(found, key, cell, date1904, spots)
        for key, letters in choices:
            cell = cells.get(letters)
            if cell is not None:
                _read_choice(found, key, cell, *CHOICES[key], spots)
        percent = _is_in_percent(found, framework.indicator[found.id])
        for key, letters in numbers:
            cell = cells.get(letters)
            if cell is not None:
                _read_number(found, key, cell, percent, date1904, spots)
        _keep_aids(found, cells)
        yield found


def _columns(block: Block, keys: Iterable[str]) -> list[tuple[str, str]]:
    return [(key, block.columns[key]) for key in keys if key in block.columns]


def has_content(row: FormRow) -> bool:
    """Whether a row of category 7 says anything."""
    return not row.draft.keys().isdisjoint(MEASURE_CONTENT)


def _rows(block: Block, known: Mapping[str, object], spots: list[Spot]) -> Iterator[tuple[FormRow, Row]]:
    id_column = block.columns.get(ID_KEY[block.kind])
    if id_column is None:
        return
    folded: dict[str, str] = {}
    for number, cells in block.sheet.rows.items():
        if number <= block.head:
            continue
        cell = cells.get(id_column)
        if isinstance(cell, str) and cell in known:
            yield FormRow(cell, block, number), cells
            continue
        folded = folded or {fold(identity): identity for identity in known}
        identity = _identified(block, number, cells, cell, folded, spots)
        if identity is not None:
            yield FormRow(identity, block, number), cells


def _identified(
    block: Block, number: int, cells: Row, cell: Cell | None, folded: Mapping[str, str], spots: list[Spot]
) -> str | None:
    """The id that a cell means although it is not written so; else findings, where the row has content."""
    id_column = block.columns[ID_KEY[block.kind]]
    text = text_of(cell)
    key = fold(text)
    if identity := folded.get(key):
        typed = visible(shown(cell)) if cell is not None else text
        spots.append(spot("code_corrected", block.sheet.name, id_column, number, typed, after=identity))
        return identity
    if key in HEADING_WORDS[block.kind]:
        return None  # the headings once more, as on the second page of a print
    filled = [x for x in (block.columns.get(name) for name in NEEDED[block.kind][1:]) if x and text_of(cells.get(x))]
    if filled and text:
        hint = hint_of(close_match(text, list(folded.values())))
        spots.append(spot(UNKNOWN[block.kind], block.sheet.name, id_column, number, text, hint=hint))
    elif filled:
        spots.append(spot("row_without_code", block.sheet.name, filled[0], number, text_of(cells[filled[0]])))
    return None


def _read_answer(found: FormRow, cell: Cell, spots: list[Spot]) -> None:
    if isinstance(cell, str) and cell in EXACT:
        found.values["answer"] = EXACT[cell]
        found.draft["answer"] = cell
        return
    _read_choice(found, "answer", cell, MET_WORDS, layout.MET, "unreadable_answer", spots)


def _read_choice(
    found: FormRow,
    key: str,
    cell: Cell,
    words: Mapping[str, bool | str],
    own: Mapping[Any, str],
    code_of_none: str,
    spots: list[Spot],
) -> None:
    value, code = choice_value(cell, words)
    if code is not None and CATALOGUE.get(code) == "note":
        spots.append(found.spot(code, key, visible(shown(cell))))
    elif code is not None:
        offered = ", ".join(own.values())
        _refuse(found, key, cell, code_of_none if code == "unreadable" else code, spots, offered=offered)
    elif value is not None:
        word = own[value]
        found.values[key] = value
        found.draft[key] = word
        if cell != word and shown(cell) != word:
            spots.append(found.spot("answer_corrected", key, visible(shown(cell)), after=word))


def _read_text(found: FormRow, key: str, cell: Cell, date1904: bool, spots: list[Spot]) -> None:
    if isinstance(cell, str) and cell.isascii() and cell == cell.strip() and key != "evidence":
        found.values[key] = found.draft[key] = cell
        return
    value, code = text_value(cell, date1904)
    if value is not None and key == "evidence" and not is_reference(value):
        found.kept[key] = value
        spots.append(found.spot("evidence_says_nothing", key, value))
        return
    if code is not None and CATALOGUE[code] == "error":
        _refuse(found, key, cell, code, spots)
    elif value is not None:
        found.values[key] = found.draft[key] = value
        if code is not None:
            spots.append(found.spot(code, key, visible(shown(cell, date1904)), after=value))


def _read_number(found: FormRow, key: str, cell: Cell, percent: bool, date1904: bool, spots: list[Spot]) -> None:
    value, code = number_value(cell, percent)
    if value is not None:
        found.values[key] = found.draft[key] = value
        if code is not None:
            spots.append(found.spot(code, key, visible(shown(cell)), after=f"{value:.15g}"))
    elif code is not None:
        _refuse(found, key, cell, code, spots, date1904=date1904)


def _refuse(
    found: FormRow, key: str, cell: Cell, code: str, spots: list[Spot], *, date1904: bool = False, offered: str = ""
) -> None:
    text = clean_text(shown(cell, date1904))
    found.bad.add(key)
    found.draft[key] = text
    spots.append(found.spot(code, key, text, **({"offered": offered} if offered else {})))


def _keep_aids(found: FormRow, cells: Row) -> None:
    for aid in layout.AIDS:
        if text := text_of(cells.get(found.block.columns.get(aid.key, ""))):
            found.draft[aid.key] = text


def _is_in_percent(found: FormRow, indicator: Indicator) -> bool:
    unit = found.values.get("unit")
    return is_percent(unit) if isinstance(unit, str) else is_percent(indicator.unit[DEFAULT_LANGUAGE])
