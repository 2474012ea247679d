"""How cells look, and the safe way to put a value into one."""

from __future__ import annotations

import math
import re
from typing import Any, Final, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.worksheet import Worksheet

from pmqa.workbook.draft import Raw

Value = str | float  # what a formula comes to

# Office on Windows and macOS in Thai offices has it; elsewhere a program takes its own Thai font.
FONT: Final = "TH Sarabun New"
THAI_CHARSET: Final = 222
TEXT_SIZE: Final = 14.0
LINE_HEIGHT: Final = 22.5  # points, of a line of TEXT_SIZE with marks above and below
LETTER_WIDTH: Final = 1.05  # digits, of a Thai letter on average
LOST_ON_A_LINE: Final = 3.0  # digits
MOST_HEIGHT: Final = 409.0  # of a row, in every program

NAVY: Final = "1F3A5F"
TEAL: Final = "0F6B6B"
PLUM: Final = "6A3D7C"
CREAM: Final = "FFFBE8"
GREY: Final = "F2F4F7"
LINE: Final = "BFC7D1"
STRONG_LINE: Final = "5B6B7F"
RED: Final = "F8B4B4"
AMBER: Final = "FCD48A"
UNANSWERED: Final = "FFEFB0"

HEADING_FILL: Final = {"form": NAVY, "agency": TEAL, "assessor": PLUM}

# A cell cannot hold control characters or halves of surrogate pairs; a text that looks like an escape is escaped.
UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
MARKS: Final = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")  # Thai vowels and tones above and below
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠")
LONGEST_TEXT: Final = 32_767


class Look(NamedTuple):
    """What a cell looks like and whether the form lets people change it."""

    fill: str | None = None
    bold: bool = False
    size: float = TEXT_SIZE
    colour: str = "1B1F24"
    wrap: bool = True
    align: str | None = None
    middle: bool = False
    locked: bool = True
    border: bool = True
    rule: bool = False  # a stronger line above: a new group begins
    number_format: str = "General"
    quote: bool = False  # text that looks like a formula stays text when it is edited


TITLE: Final = Look(bold=True, size=20.0, colour=NAVY, wrap=False, border=False, middle=True)
PLAIN: Final = Look(border=False)
KEY: Final = Look(size=9.0, colour="808A96", wrap=False, border=False)


class InOrder(Font):  # type: ignore[misc]
    """A font whose parts stand in the order of the schema, which openpyxl's own does not keep."""

    tagname, __attrs__, __nested__ = "font", Font.__attrs__, Font.__nested__
    __elements__ = (
        *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
        *("sz", "color", "name", "family", "charset", "scheme"),
    )


class Painter:
    """Puts values into the cells of one workbook; each look is made once.

    values: sheet -> cell -> what its formula comes to, which openpyxl does not write.
    """

    def __init__(self, book: Workbook) -> None:
        self.values: dict[str, dict[str, Value]] = {}
        self._styles: dict[Look, StyleArray] = {}
        self._probe = book.active.cell(1, 1)
        # The workbook's default font also sets what a column's width is measured in.
        default = _font(Look())
        book._fonts = IndexedList([default])
        book._named_styles["Normal"].font = default

    def style(self, look: Look) -> StyleArray:
        """The look as the workbook's cells carry it."""
        if look not in self._styles:
            probe = self._probe
            probe._style = StyleArray()
            probe.font = _font(look)
            probe.alignment = Alignment(
                horizontal=look.align, vertical="center" if look.middle else "top", wrap_text=look.wrap
            )
            probe.protection = Protection(locked=look.locked)
            if look.fill:
                probe.fill = PatternFill("solid", fgColor=look.fill)
            if look.border:
                thin = Side("thin", LINE)
                probe.border = Border(thin, thin, Side("medium", STRONG_LINE) if look.rule else thin, thin)
            if look.number_format != "General":
                probe.number_format = look.number_format
            style = probe._style
            style.quotePrefix = int(look.quote)
            self._styles[look] = style
            probe._style = StyleArray()
        return self._styles[look]

    def put(self, sheet: Worksheet, row: int, column: int, value: Raw, look: Look) -> Any:
        """A value in a cell: text is always text, whatever sign it starts with; numbers keep every digit."""
        cell = sheet.cell(row, column)
        if isinstance(value, str):
            cell._value, cell.data_type = _writable(value), "s"
            if value.startswith(FORMULA_SIGNS):
                look = look._replace(quote=True)
        elif isinstance(value, float) and math.isfinite(value) and float(f"{value:.16g}") != value:
            # openpyxl writes 16 digits; some doubles need 17 to come back as they were.
            cell._value, cell.data_type = repr(value), "n"
        elif value is not None:
            cell.value = value
        cell._style = self.style(look)
        return cell

    def formula(
        self, sheet: Worksheet, row: int, column: int, formula: str, look: Look, value: Value | None = None
    ) -> None:
        """A formula of the form's own; never for what somebody sent. value: what it comes to, where that is known."""
        cell = sheet.cell(row, column)
        cell._value, cell.data_type = formula, "f"
        cell._style = self.style(look)
        if value is not None:
            self.values.setdefault(sheet.title, {})[cell.coordinate] = value


class GrowingRow(RowDimension):  # type: ignore[misc]
    """A row that starts at a height and still grows with what people type: its height is not fixed by hand."""

    @property
    def customHeight(self) -> bool:
        return False


def set_height(sheet: Worksheet, row: int, lines: int, line_height: float = LINE_HEIGHT) -> None:
    """Room for so many lines of text."""
    height = min(lines * line_height + 4, MOST_HEIGHT)
    sheet.row_dimensions[row] = GrowingRow(sheet, index=row, ht=height)


def line_count(text: str, width: float) -> int:
    """Lines that a text takes in a column so many digits wide; marks above and below take no room of their own.

    An estimate on the large side: a line ends between words, so that a few letters of room are lost on each.
    """
    room = max(width - 1.5, 1)
    lines = 0
    for line in text.split("\n"):
        letters = _letters(line) * LETTER_WIDTH
        lines += 1 if letters <= room else math.ceil(letters / max(room - LOST_ON_A_LINE, 1))
    return lines


def _letters(text: str) -> int:
    return len(text) if text.isascii() else len(MARKS.sub("", text))


def _writable(text: str) -> str:
    text = UNWRITABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return (ESCAPE.sub("_x005F_", text) if "_x" in text else text)[:LONGEST_TEXT]


def _font(look: Look) -> InOrder:
    return InOrder(name=FONT, size=look.size, bold=look.bold, color=look.colour, charset=THAI_CHARSET)
