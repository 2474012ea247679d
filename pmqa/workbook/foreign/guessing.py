"""What a file of another layout seems to be: a layout's settings as far as its cells and headings tell them.

A guess is for somebody to correct: near matches of headings count, in Thai and English, and whatever is not told is
left out. Values say more than headings, so that they are asked first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pmqa.framework import Framework
from pmqa.scoring import OVERALL
from pmqa.text import languages
from pmqa.workbook.foreign.layouts import (
    ANSWER,
    EVIDENCE,
    EXPLANATION,
    FISCAL_YEAR,
    POINTS,
    WHOSE,
    Layout,
    as_text,
    read_layout,
)
from pmqa.workbook.foreign.reading import MERGED, NO, UNANSWERED, YES, Agency, Cells, read_foreign, rows_of
from pmqa.workbook.mapping import Row, close_match, text_of
from pmqa.workbook.normalise import MET_WORDS, fiscal_year_value, fold, number_value
from pmqa.workbook.sheet import Cell, letters_of, number_of

LIKE: Final = 0.75  # of a heading to a word of its meaning
ENOUGH: Final = 0.5  # of a column's values that tell what it is
ROWS_LOOKED_AT: Final = 300  # of a sheet
FEWEST_CELLS: Final = 3  # of a row of answers in words that nobody knows yet
MOST_ASKED: Final = 60  # words and codes that somebody is asked about
PART_OF_LEVEL: Final = 5  # letters of a heading that a level's name contains, as เกิดผล
YEAR: Final = re.compile("(?<![0-9])2[0-9]{3}(?![0-9])")
# meaning -> what headings and labels say; the first that fits is taken.
HEADINGS: Final = {
    "agency_code": ("รหัสหน่วยงาน", "รหัสส่วนราชการ", "agency code"),
    "agency_name": ("หน่วยงาน", "ชื่อหน่วยงาน", "ส่วนราชการ", "กรม", "agency", "agency name", "department"),
    "ministry": ("กระทรวง", "สังกัด", "ministry"),
    "agency_type": ("ประเภทหน่วยงาน", "ประเภท", "agency type", "type"),
    "fiscal_year": ("ปีงบประมาณ", "ปี", "พ.ศ.", "fiscal year", "year"),
    EVIDENCE: ("หลักฐาน", "เอกสารอ้างอิง", "หลักฐานอ้างอิง", "evidence", "document", "reference"),
    EXPLANATION: ("คำอธิบาย", "อธิบาย", "หมายเหตุ", "รายละเอียด", "explanation", "note", "remark", "comment"),
    ANSWER: ("ผล", "คำตอบ", "ผลการประเมิน", "มี/ไม่มี", "answer", "result", "yes/no", "met"),
    "criterion": ("ข้อ", "รหัส", "รหัสประเด็น", "รหัสข้อ", "ประเด็น", "เกณฑ์", "criterion", "code", "question"),
    "item": ("หัวข้อ", "item"),
}
OVERALL_WORDS: Final = ("รวม", "คะแนนรวม", "ภาพรวม", "overall", "total", "total score")
TOTALS: Final = ("รวม", "เฉลี่ย", "ค่าเฉลี่ย", "total", "average", "mean", "sum")
SUMMARIES: Final = ("สรุป", "ภาพรวม", "คำอธิบาย", "คำชี้แจง", "summary", "overview", "instructions", "readme")
# Parts of words of answers, the ones of doubt before those that they contain.
SAYS: Final = (
    (UNANSWERED, ("ไม่ขอตอบ", "ไม่ตอบ", "ไม่มีข้อมูล", "ไม่เกี่ยวข้อง", "ไม่ประเมิน", "n/a", "no answer", "not answered")),
    (NO, ("ไม่", "ยัง", "บางส่วน", "not", "partial", "fail")),
    (YES, ("ครบ", "ผ่าน", "แล้ว", "มี", "yes", "done", "full", "complete", "pass", "met")),
)
DASHES: Final = frozenset("-–—.")


@dataclass(slots=True)
class _Column:
    """A column below the headings. heading: its texts above, those of merged cells over it first."""

    letters: str
    heading: list[str]
    cells: list[Cell]
    texts: list[str] = field(default_factory=list)

    def share(self, is_one: Callable[[str], object]) -> float:
        """How many of the values are something, of all that there are."""
        return sum(bool(is_one(text)) for text in self.texts) / len(self.texts) if self.texts else 0.0


def sheet_names(cells: Cells) -> list[str]:
    """The sheets that have anything on them."""
    return [sheet["name"] for sheet in cells["sheets"] if sheet["rows"]]


def guess(
    cells: Cells, sheet: str, framework: Framework, known: Sequence[Agency], first_row: int | None = None
) -> dict[str, Any]:
    """The settings of a layout for files like this, by one of its sheets; not its name.

    known: agencies that the receiver knows. first_row: where somebody has said it. Settings are as docs/layouts.md has
    them, words and codes left out.
    """
    return _Guesser(cells, sheet, framework, known, first_row).settings()


def asked_about(
    cells: Cells,
    settings: Mapping[str, Any],
    framework: Framework,
    known: Sequence[Agency],
    fiscal_year: int | None,
) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """Words that are no answers yet, and codes that are no criteria, each with what it seems to mean; None = no idea.

    At most MOST_ASKED of each, in the file's order.
    """
    layout = layout_of({**settings, "words": {}, "codes": {}}, "asked", framework)
    if layout is None:
        return {}, {}
    found = read_foreign(cells, layout, framework, file_name="", known=known, fiscal_year=fiscal_year)
    words = dict.fromkeys(one.value for one in found.problems if one.code in ("no_answer", "no_number"))
    codes = dict.fromkeys(one.value for one in found.problems if one.code == "no_criterion")
    texts = {text: one.id for one in framework.criteria for text in one.text.values()}
    return (
        {word: meaning_of(word) for word in list(words)[:MOST_ASKED]},
        {code: texts.get(close_match(code, list(texts), LIKE) or "") for code in list(codes)[:MOST_ASKED]},
    )


def layout_of(settings: Mapping[str, Any], name: str, framework: Framework) -> Layout | None:
    """The layout of settings under a name; None where anything is wrong with them."""
    return read_layout(as_text(named(settings, name)), name, {framework.edition: framework})[0]


def named(settings: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Settings with a title, the same in every language: whoever makes a layout on screen writes one."""
    return {"name": dict.fromkeys(languages(), name), **settings}


def meaning_of(word: str) -> str | None:
    """yes, no or unanswered, as a word of an answer seems to say; None = no idea."""
    if set(word) <= DASHES:
        return UNANSWERED
    said = word.casefold()
    return next((kind for kind, parts in SAYS if any(part in said for part in parts)), None)


class _Guesser:
    def __init__(
        self, cells: Cells, sheet: str, framework: Framework, known: Sequence[Agency], first_row: int | None
    ) -> None:
        self.cells, self.framework = cells, framework
        self.sheet = next(one for one in cells["sheets"] if one["name"] == sheet)
        self.codes = {fold(one.agency_code) for one in known}
        self.names = {fold(one.agency_name) for one in known}
        self.criteria = {fold(id_): id_ for id_ in framework.criterion}
        self.criteria |= {fold(text): one.id for one in framework.criteria for text in one.text.values()}
        self.scopes = dict(self._scope_words())
        self.levels = {fold(word): level.id for level in framework.levels for word in (*level.name.values(), level.id)}
        self.rows = dict(list(rows_of(self.sheet).items())[:ROWS_LOOKED_AT])
        self.first_row = first_row or self._first_row()
        self.columns = self._columns()

    def settings(self) -> dict[str, Any]:
        agency, sheet_is = self._agency_in()
        columns = [one for column in self.columns if (one := self._means(column))]
        columns = list(_sensible(columns))
        names = sheet_names(self.cells)
        summaries = [name for name in names if any(fold(word) in fold(name) for word in SUMMARIES)]
        asked = [one["column"] for one in columns if one["means"] == ANSWER]
        comments = self.cells.get("comments", {}).get(self.sheet["name"], {})
        return {
            "edition": self.framework.edition,
            "source": "self",
            "agency": agency,
            "sheet_is": sheet_is,
            "sheets": [] if agency == "sheet" or len(names) == 1 else [self.sheet["name"]],
            "without": summaries if agency == "sheet" else [],
            "first_row": self.first_row,
            "evidence_in_comments": any(at.rstrip("0123456789") in asked for at in comments),
            "skip": self._totals(),
            "where": self._where() if agency == "file" else self._year(columns),
            "columns": columns,
        }

    def _scope_words(self) -> Iterator[tuple[str, str]]:
        for word in OVERALL_WORDS:
            yield fold(word), OVERALL
        for category in self.framework.category.values():
            for word in (f"หมวด {category.id}", f"หมวดที่ {category.id}", f"category {category.id}"):
                yield fold(word), category.id
            yield from ((fold(name), category.id) for name in category.name.values())
        for item in self.framework.item.values():
            yield fold(item.id), item.id
            yield from ((fold(title), item.id) for title in item.title.values())
        for dimension in self.framework.dimension.values():
            yield from ((fold(name), dimension.id) for name in dimension.name.values())

    # --- rows ------------------------------------------------------------------------------------------------------

    def _first_row(self) -> int:
        """The first row of answers or scores; without any, the one below the first that has several texts."""
        for number, row in self.rows.items():
            if self._has_values(row):
                return number
        return next((number + 1 for number, row in self.rows.items() if len(row) > 1), 1)

    def _has_values(self, row: Row) -> bool:
        texts = [text for cell in row.values() if (text := text_of(cell))]
        if any(fold(text) in MET_WORDS and not _is_year(text) for text in texts):
            return True
        if any(_is_number(cell) and not self._is_heading(text_of(cell)) for cell in row.values()):
            return True
        whose = any(fold(text) in self.codes | self.names or fold(text) in self.criteria for text in texts)
        return whose and len(texts) >= FEWEST_CELLS and not any(_means_of(text) for text in texts)

    def _is_heading(self, text: str) -> bool:
        return _is_year(text) or self._scope(text) is not None

    def _totals(self) -> list[str]:
        """Words that rows of totals begin with; * stands for the rest."""
        found = []
        for number, row in self.rows.items():
            texts = [text for cell in row.values() if (text := text_of(cell))]
            if number >= self.first_row and not any(fold(text) in self.criteria for text in texts):
                found += [word for word in TOTALS for text in texts if text.casefold().startswith(word)]
        return [f"{word}*" for word in dict.fromkeys(found)]

    # --- whose -----------------------------------------------------------------------------------------------------

    def _agency_in(self) -> tuple[str, str]:
        names = [fold(name) for name in sheet_names(self.cells)]
        for known, sheet_is in ((self.names, "agency_name"), (self.codes, "agency_code")):
            if any(name in known for name in names):
                return "sheet", sheet_is
        whose = ("agency_code", "agency_name")
        in_rows = any(one and one["means"] in whose for one in map(self._means, self.columns))
        return "row" if in_rows else "file", "agency_name"

    def _where(self) -> dict[str, str]:
        """Field of the agency -> the cell above the rows that holds it, by its value or by the label before it."""
        found: dict[str, str] = {}
        for number, row in self.rows.items():
            label: str | None = None
            for letters, cell in row.items() if number < self.first_row else ():
                text, address = text_of(cell), f"{letters}{number}"
                if fold(text) in self.codes:
                    found["agency_code"] = address
                elif fold(text) in self.names:
                    found["agency_name"] = address
                elif fiscal_year_value(cell)[0] is not None:
                    found["fiscal_year"] = address
                elif label is not None and label in WHOSE and label != "fiscal_year":
                    found.setdefault(label, address)
                label = _means_of(text)
        return found

    def _year(self, columns: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """The cell above the rows that says the year of all of them, where no column says one of its own."""
        if any(one["means"] == FISCAL_YEAR or one.get(FISCAL_YEAR) for one in columns):
            return {}
        return {name: cell for name, cell in self._where().items() if name == FISCAL_YEAR}

    # --- columns ---------------------------------------------------------------------------------------------------

    def _columns(self) -> list[_Column]:
        above = {number: dict(row) for number, row in self.rows.items() if number < self.first_row}
        for merged in filter(None, map(MERGED.fullmatch, self.sheet["merges"])):
            row, left = above.get(int(merged[2]), {}), merged[1]
            if left in row:
                for number in range(number_of(left) + 1, number_of(merged[3]) + 1):
                    row.setdefault(letters_of(number), row[left])
        letters = dict.fromkeys(name for row in (*self.rows.values(), *above.values()) for name in row)
        below = [row for number, row in self.rows.items() if number >= self.first_row]
        found = []
        for name in sorted(letters, key=number_of):
            cells = [row[name] for row in below if name in row]
            heading = [text for row in above.values() if (text := text_of(row.get(name)))]
            found.append(_Column(name, heading, cells, [text for cell in cells if (text := text_of(cell))]))
        return found

    def _means(self, column: _Column) -> dict[str, Any] | None:
        """What a column seems to hold, as a layout says it; None where nothing tells."""
        by_value = self._by_values(column)
        if by_value is not None:
            return {"column": column.letters, "means": by_value}
        criterion = next((self.criteria[fold(text)] for text in column.heading if fold(text) in self.criteria), None)
        if criterion is not None:
            return {"column": column.letters, "means": ANSWER, "criterion": criterion}
        if column.cells and sum(map(_is_number, column.cells)) >= ENOUGH * len(column.cells):
            scope = next((found for text in reversed(column.heading) if (found := self._scope(text))), None)
            if scope is not None:
                year = next((int(one[0]) for text in column.heading if (one := YEAR.search(text))), None)
                return {"column": column.letters, "means": POINTS, "scope": scope, "fiscal_year": year}
        level = next((found for text in column.heading if (found := self._level(text))), None)
        if level is not None:
            return {"column": column.letters, "means": ANSWER, "level": level}
        by_heading = next((found for text in reversed(column.heading) if (found := _means_of(text))), None)
        if column.share(lambda text: fold(text) in MET_WORDS) >= ENOUGH:
            by_heading = ANSWER
        return {"column": column.letters, "means": by_heading} if by_heading and column.cells else None

    def _by_values(self, column: _Column) -> str | None:
        tests: tuple[tuple[str, Callable[[str], object]], ...] = (
            ("agency_code", lambda text: fold(text) in self.codes),
            ("agency_name", lambda text: fold(text) in self.names),
            ("criterion", lambda text: fold(text) in self.criteria),
            ("item", lambda text: text.partition(" ")[0] in self.framework.item and not _is_lone_number(column)),
            ("fiscal_year", _is_year),
        )
        return next((means for means, is_one in tests if column.share(is_one) >= ENOUGH), None)

    def _scope(self, text: str) -> str | None:
        return self.scopes.get(fold(text)) or self.scopes.get(fold(text.partition(" ")[0]))

    def _level(self, text: str) -> str | None:
        near = close_match(text, list(self.levels), LIKE)
        found = self.levels.get(near) if near else None
        if found or len(fold(text)) < PART_OF_LEVEL:
            return found
        return next((level for word, level in self.levels.items() if fold(text) in word), None)


def _is_lone_number(column: _Column) -> bool:
    """Whether a column under a heading of its own holds numbers, as scores from 1.1 to 6.5 are."""
    return bool(column.cells) and all(map(_is_number, column.cells)) and not any(map(_means_of, column.heading))


def _sensible(columns: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One column of each meaning that there can be one of; levels where there are items only."""
    items = any(one["means"] == "item" for one in columns)
    taken: set[str] = set()
    for one in columns:
        if "level" in one and not items:
            continue
        many = one["means"] in (ANSWER, POINTS) and len(one) > len(("column", "means"))
        if many or one["means"] not in taken:
            yield one
        taken |= set() if many else {one["means"]}


def _means_of(text: str) -> str | None:
    """What a heading or a label seems to announce."""
    words = {fold(word): means for means, of in HEADINGS.items() for word in of}
    text = text.rstrip(" :：")
    near = close_match(text, list(words), LIKE)
    return words.get(fold(text)) or (words[near] if near else None)


def _is_year(text: str) -> bool:
    return fiscal_year_value(text)[0] is not None


def _is_number(cell: Cell) -> bool:
    return not isinstance(cell, str) and cell[0] != "d" and number_value(cell, percent=False)[0] is not None
