"""A file of another layout read: what each agency says in it, with the cell of each word, and every problem."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

from pmqa.errors import Finding
from pmqa.framework import Framework
from pmqa.submission import FIRST_YEAR
from pmqa.text import DEFAULT_LANGUAGE
from pmqa.workbook import layout as form
from pmqa.workbook.archive import Refusal
from pmqa.workbook.draft import Draft, DraftCell, DraftRow, Origin, Place, Raw
from pmqa.workbook.foreign.layouts import (
    ANSWER,
    EVIDENCE,
    EXPLANATION,
    POINTS,
    WHOSE,
    Column,
    Layout,
    same,
)
from pmqa.workbook.kind import refuse_what_is_no_workbook
from pmqa.workbook.mapping import Row, close_match, hint_of, text_of
from pmqa.workbook.normalise import (
    MET_WORDS,
    TYPE_WORDS,
    UNREADABLE,
    agency_code_value,
    clean_text,
    fiscal_year_value,
    fold,
    is_reference,
    number_value,
    shown,
)
from pmqa.workbook.read import refused
from pmqa.workbook.readers import cells_text
from pmqa.workbook.sheet import Cell

MERGED: Final = re.compile(r"([A-Z]{1,3})([0-9]+):([A-Z]{1,3})([0-9]+)")
MOST_MERGED: Final = 10_000  # rows that merged cells are filled down through
Cells = Mapping[str, Any]  # of a file, as pmqa.workbook.cells makes them

YES, NO, UNANSWERED = "yes", "no", "unanswered"
MET: Final = {YES: form.MET[True], NO: form.MET[False]}


class Wrong(NamedTuple):
    """A cell that cannot be read, or a file: sentence foreign.<code>."""

    code: str
    sheet: str = ""
    cell: str = ""
    value: str = ""
    hint: str = ""


class Agency(NamedTuple):
    """An agency that the receiver knows."""

    agency_code: str
    agency_name: str
    ministry: str
    agency_type: str


@dataclass(frozen=True, slots=True)
class Points:
    """A score as it was announced, where it stood. scope: overall, a category, an item or a dimension."""

    scope: str
    points: float
    sheet: str
    cell: str


@dataclass(slots=True)
class Said:
    """What a file says of one agency and year.

    whose: fields of the form's sheet of the agency. rows: place in a form -> the cell that says it.
    """

    whose: dict[str, Raw]
    cells: dict[Place, Origin] = field(default_factory=dict)
    points: dict[str, Points] = field(default_factory=dict)

    @property
    def draft(self) -> Draft:
        """What the form of it says."""
        agency = {name: DraftCell(value, "", "") for name, value in self.whose.items()}
        rows: dict[str, dict[str, Raw]] = {}
        for place, origin in self.cells.items():
            rows.setdefault(place.id, {})[place.key] = origin.value
        return Draft(agency, {id_: (DraftRow("", 0, cells),) for id_, cells in rows.items()}, {})


@dataclass(frozen=True)
class Foreign:
    """said: one for each agency and year, in the file's order; nothing is to be recorded where there is a problem."""

    said: tuple[Said, ...]
    problems: tuple[Wrong, ...] = ()
    refused: Finding | None = None  # by the guarded reader, before any cell was read

    @property
    def is_sound(self) -> bool:
        """Whether it may be recorded."""
        return not self.problems and self.refused is None


def read_foreign(
    content: bytes | Cells,
    layout: Layout,
    framework: Framework,
    *,
    file_name: str,
    known: Sequence[Agency] = (),
    fiscal_year: int | None = None,
) -> Foreign:
    """Read a file by a layout, through the guarded reader and its limits.

    content: its bytes, or its cells where they were read before. known: agencies by which a code or a name is
    completed. fiscal_year: where neither layout nor file says one.
    """
    try:
        cells = cells_of(content) if isinstance(content, bytes) else content
    except Refusal as refusal:
        return Foreign((), refused=refused(refusal, file_name))
    return _Reader(layout, framework, file_name, known, fiscal_year).read(cells)


def cells_of(content: bytes) -> Cells:
    """The cells of a file, through the guarded reader and its limits. Raises Refusal."""
    refuse_what_is_no_workbook(content)
    cells: Cells = json.loads(cells_text(content))
    if "refused" in cells:
        raise Refusal(cells["refused"], **cells["values"])
    return cells


def rows_of(sheet: Mapping[str, Any]) -> dict[int, dict[str, Cell]]:
    """The rows of one of the sheets, by number and column, each merged cell in every row of it."""
    rows = {int(number): dict(sheet["rows"][number]) for number in sorted(sheet["rows"], key=int)}
    _fill_down(rows, sheet["merges"])
    return rows


class _Reader:
    def __init__(
        self, layout: Layout, framework: Framework, file: str, known: Sequence[Agency], fiscal_year: int | None
    ) -> None:
        self.layout, self.framework, self.file = layout, framework, file
        self.fiscal_year = layout.fiscal_year or fiscal_year
        self.by_code = {fold(one.agency_code): one for one in known}
        self.by_name = {fold(one.agency_name): one for one in known}
        self.criteria = {fold(id_): id_ for id_ in framework.criterion}
        texts = [(fold(text), one.id) for one in framework.criteria for text in one.text.values()]
        self.texts = dict(texts)  # folded wording -> criterion
        self.said: dict[tuple[str, int], Said] = {}
        self.strangers: set[str] = set()  # in place of the codes of agencies that nobody knows
        self.problems: list[Wrong] = []

    def read(self, cells: Cells) -> Foreign:
        layout = self.layout
        found = False
        for sheet in cells["sheets"]:
            name = sheet["name"]
            if not _fits(name, layout.sheets) or _fits(name, layout.without) or not sheet["rows"]:
                continue
            found = True
            rows = rows_of(sheet)
            comments = {cell: said[1] for cell, said in cells.get("comments", {}).get(name, {}).items()}
            self._sheet(name, rows, comments, bool(cells["date1904"]))
        if not found:
            self._wrong("no_sheet", value=", ".join(sheet["name"] for sheet in cells["sheets"]))
        elif not self.said and not self.problems:
            self._wrong("nothing")
        said = tuple(one for (code, _), one in self.said.items() if code not in self.strangers)
        return Foreign(said, tuple(self.problems))

    def _sheet(self, name: str, rows: Mapping[int, Row], comments: Mapping[str, str], date1904: bool) -> None:
        layout = self.layout
        above: dict[str, tuple[str, Cell | None]] = {}
        for field_name, address in layout.where.items():
            letters, number = re.fullmatch(r"([A-Z]+)([0-9]+)", address).groups()  # type: ignore[union-attr]
            above[field_name] = (address, rows.get(int(number), {}).get(letters))
        if layout.agency == "sheet":
            above.setdefault(layout.sheet_is, ("", name))
        of_sheet = None if layout.agency == "row" else self._whose(name, above)
        for number, row in rows.items():
            if number < layout.first_row or not (read := self._to_read(row, comments, number)):
                continue
            if any(_fits(text_of(cell), layout.skip) for cell in row.values() if text_of(cell)):
                continue
            whose = of_sheet or {}
            if layout.agency == "row":
                own = {
                    c.means: (f"{c.letters}{number}", row.get(c.letters)) for c in layout.columns if c.means in WHOSE
                }
                whose = self._whose(name, above | own)
            for column in read:
                self._cell(name, number, row, column, whose, comments, date1904)

    def _to_read(self, row: Row, comments: Mapping[str, str], number: int) -> list[Column]:
        """The columns with something to read in a row; a comment is as good as a cell."""
        wanted = (ANSWER, EVIDENCE, EXPLANATION, POINTS)
        return [
            column
            for column in self.layout.columns
            if column.means in wanted and (column.letters in row or f"{column.letters}{number}" in comments)
        ]

    def _cell(
        self,
        sheet: str,
        number: int,
        row: Row,
        column: Column,
        whose: Mapping[str, Raw],
        comments: Mapping[str, str],
        date1904: bool,
    ) -> None:
        address = f"{column.letters}{number}"
        cell = row.get(column.letters)
        if cell is not None and not isinstance(cell, str) and cell[0] in UNREADABLE:
            self._wrong(UNREADABLE[cell[0]], sheet, address, shown(cell))
            return
        text = "" if cell is None else clean_text(shown(cell, date1904))
        year = column.fiscal_year or whose.get("fiscal_year")
        if not isinstance(year, int):
            self._wrong("no_year", sheet, address)
            return
        said = self._of(whose, year)
        if column.means == POINTS:
            self._points(said, column, sheet, address, cell)
            return
        comment = comments.get(address, "") if self.layout.evidence_in_comments and column.means == ANSWER else ""
        if not text and not comment:
            return
        value: Raw = self._answer(text) if column.means == ANSWER else text
        if column.means == ANSWER and text and value is None:
            self._wrong("no_answer", sheet, address, text, ", ".join(self.layout.words) or "✓, ✗")
            return
        for criterion in self._criteria(column, sheet, number, row):
            if text and value != UNANSWERED and not (column.means == EVIDENCE and not is_reference(text)):
                self._put(said, Place(criterion, 1, column.means), Origin(self.file, sheet, address, value))
            if comment and is_reference(comment):
                self._put(said, Place(criterion, 1, EVIDENCE), Origin(self.file, sheet, address, clean_text(comment)))

    def _answer(self, text: str) -> Raw:
        if not text:
            return UNANSWERED
        kind = self.layout.words.get(same(text))
        if kind is None and fold(text) in MET_WORDS:
            kind = YES if MET_WORDS[fold(text)] else NO
        return MET.get(kind, UNANSWERED) if kind else None

    def _points(self, said: Said, column: Column, sheet: str, address: str, cell: Cell | None) -> None:
        text = text_of(cell)
        if cell is None or self.layout.words.get(same(text)) == UNANSWERED:
            return
        value, code = number_value(cell, percent=False)
        scoring = self.framework.scoring
        if value is None:
            if code is not None:
                self._wrong("no_number", sheet, address, text)
        elif not scoring.scale_min <= value <= scoring.scale_max:
            self._wrong("off_scale", sheet, address, text, f"{scoring.scale_min:g}-{scoring.scale_max:g}")
        else:
            scope = str(column.scope)
            found = said.points.setdefault(scope, Points(scope, value, sheet, address))
            if found.points != value:
                self._wrong("said_twice", sheet, address, text, f"{found.sheet} {found.cell}: {found.points:g}")

    def _criteria(self, column: Column, sheet: str, number: int, row: Row) -> list[str]:
        """The criteria that a cell is about; none, and a problem, where its row cannot be told."""
        if column.criterion:
            return [column.criterion]
        if named := self.layout.of("criterion"):
            return self._named(named[0], sheet, number, row)
        (item, *_), level = self.layout.of("item"), column.level
        text = text_of(row.get(item.letters))
        of_level = [one for one in self.framework.criteria_of.get(_first_word(text), ()) if one.level == level]
        if not text or not of_level:
            known = list(self.framework.item)
            hint = hint_of(close_match(text, known)) if text else ""
            self._once("no_item" if text else "no_code", sheet, f"{item.letters}{number}", text, hint)
            return []
        if not (numbers := self.layout.of("number")):
            return [one.id for one in of_level]
        which = text_of(row.get(numbers[0].letters))
        if not which.isdecimal() or not 1 <= int(which) <= len(of_level):
            self._once("no_number_of_criterion", sheet, f"{numbers[0].letters}{number}", which, f"1-{len(of_level)}")
            return []
        return [of_level[int(which) - 1].id]

    def _named(self, named: Column, sheet: str, number: int, row: Row) -> list[str]:
        text = text_of(row.get(named.letters))
        key = fold(text)
        found = self.layout.codes.get(same(text)) or self.criteria.get(key) or self.texts.get(key)
        if found is None:
            known = [*self.framework.criterion, *self.layout.codes]
            hint = hint_of(close_match(text, known)) if text else ""
            self._once("no_criterion" if text else "no_code", sheet, f"{named.letters}{number}", text, hint)
            return []
        return [found]

    def _whose(self, sheet: str, said: Mapping[str, tuple[str, Cell | None]]) -> dict[str, Raw]:
        """The fields of an agency; of one that nobody knows a stand-in, as its cells are read for what is wrong."""
        if (known := self._known(sheet, said)) is not None:
            return known
        code = "?".join(["", *(text_of(cell) for _, cell in said.values())])
        self.strangers.add(code)
        return {"agency_code": code, "fiscal_year": self.fiscal_year or FIRST_YEAR}

    def _known(self, sheet: str, said: Mapping[str, tuple[str, Cell | None]]) -> dict[str, Raw] | None:
        """The fields of an agency, completed by what is known of it; None, and problems, where something is missing."""
        found: dict[str, Raw] = {}
        for name, (address, cell) in said.items():
            text = text_of(cell)
            if not text:
                continue
            value: Raw = text
            if name == "fiscal_year" and cell is not None:
                value = fiscal_year_value(cell)[0]
            elif name == "agency_code" and cell is not None:
                value = agency_code_value(cell)[0]
            elif name == "agency_type":
                value = str(TYPE_WORDS[fold(text)]) if fold(text) in TYPE_WORDS else None
            if value is None:
                self._once(f"bad_{name}", sheet, address, text)
                return None
            found[name] = value
        code, named = str(found.get("agency_code") or ""), str(found.get("agency_name") or "")
        known = self.by_code.get(fold(code)) if code else self.by_name.get(fold(named))
        if known is not None:
            found = {**known._asdict(), **{key: value for key, value in found.items() if key == "fiscal_year"}}
        elif missing := [key for key in WHOSE[:4] if key not in found]:
            address = next((at for at, cell in said.values() if cell is not None), "")
            likely = close_match(named or code, [one.agency_name for one in self.by_name.values()])
            fields = ", ".join(one.words[DEFAULT_LANGUAGE] for one in form.AGENCY_FIELDS if one.name in missing)
            self._once("unknown_agency", sheet, address, f"{named or code}{hint_of(likely)}", fields)
            return None
        if "fiscal_year" not in found and self.fiscal_year is not None:
            found["fiscal_year"] = self.fiscal_year
        return found

    def _of(self, whose: Mapping[str, Raw], year: int) -> Said:
        key = (str(whose["agency_code"]), year)
        if key not in self.said:
            words: dict[str, Raw] = {"fiscal_year": year, "source": form.source_words()[self.layout.source]}
            self.said[key] = Said({**whose, **words})
        return self.said[key]

    def _put(self, said: Said, place: Place, origin: Origin) -> None:
        found = said.cells.setdefault(place, origin)
        if found.value != origin.value:
            other = f"{found.sheet} {found.cell}: {found.value}"
            self._wrong("said_twice", origin.sheet, origin.cell, str(origin.value), other)

    def _wrong(self, code: str, sheet: str = "", cell: str = "", value: str = "", hint: str = "") -> None:
        self.problems.append(Wrong(code, sheet, cell, value, hint))

    def _once(self, code: str, sheet: str, cell: str, value: str, hint: str = "") -> None:
        """A problem of a row, which each of its cells would tell again."""
        problem = Wrong(code, sheet, cell, value, hint)
        if problem not in self.problems[-len(self.layout.columns) - 1 :]:
            self.problems.append(problem)


def _fits(text: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(fold(text), fold_pattern(pattern)) for pattern in patterns)


def fold_pattern(pattern: str) -> str:
    """A pattern with its words folded; its * stays."""
    return "*".join(fold(part) for part in pattern.split("*"))


def _first_word(text: str) -> str:
    """The id at the beginning of "1.1 name"."""
    return text.partition(" ")[0]


def _fill_down(rows: dict[int, dict[str, Cell]], merges: Sequence[str]) -> None:
    """What a merged cell holds stands in each row of it, as people read it."""
    for first, top, _, bottom in _merged(merges):
        value = rows.get(top, {}).get(first)
        if value is not None:
            for number in range(top + 1, min(bottom, top + MOST_MERGED) + 1):
                if number in rows:
                    rows[number].setdefault(first, value)


def _merged(merges: Sequence[str]) -> Iterator[tuple[str, int, str, int]]:
    for reference in merges:
        if found := MERGED.fullmatch(reference):
            yield found[1], int(found[2]), found[3], int(found[4])
