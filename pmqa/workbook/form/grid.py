"""What the form's tables have in common: title, hidden machine keys, headings, widths, print, protection, lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openpyxl.cell import Cell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from pmqa.text import Translator
from pmqa.workbook import layout
from pmqa.workbook.form.looks import (
    CREAM,
    GREY,
    HEADING_FILL,
    KEY,
    LONGEST_TEXT,
    TEXT_SIZE,
    TITLE,
    UNANSWERED,
    Look,
    Painter,
    line_count,
    set_height,
)
from pmqa.workbook.layout import Column

A4: Final = "9"
THOUSANDS: Final = {"=": 200, "<>": 201}  # ids of number formats of rules, of whole numbers and of others
LONGEST_LIST: Final = 255  # characters of an inline list
MARGIN, SIDE_MARGIN = 0.4, 0.25  # inches
TITLE_HEIGHT: Final = 30
LAST_ROW: Final = 500  # validations and formulas reach this far, so that inserted rows are inside


def start_table(sheet: Worksheet, painter: Painter, columns: Sequence[Column], title: str, t: Translator) -> None:
    """Rows 1 to 3 and everything about the sheet as a whole."""
    link(painter.put(sheet, layout.TITLE_ROW, 1, title, TITLE), layout.SUMMARY_SHEET)
    sheet.row_dimensions[layout.TITLE_ROW].height = TITLE_HEIGHT
    sheet.row_dimensions[layout.KEY_ROW].hidden = True
    lines = 1
    for number, column in enumerate(columns, 1):
        heading = layout.heading(column, t)
        painter.put(sheet, layout.KEY_ROW, number, column.key, KEY)
        painter.put(sheet, layout.HEADING_ROW, number, heading, heading_look(column.filled_by))
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        # Bold letters are wider.
        lines = max(lines, line_count(heading, column.width * 0.9))
    set_height(sheet, layout.HEADING_ROW, lines)
    sheet.print_title_rows = f"{layout.TITLE_ROW}:{layout.HEADING_ROW}"
    for_paper(sheet)


def link(cell: Cell, title: str) -> None:
    """Let a click on the cell lead to a sheet of the form."""
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{title}'!A1")


def say_progress(
    sheet: Worksheet, painter: Painter, columns: Sequence[Column], counted: tuple[str, int], before: str, after: str
) -> None:
    """How much is filled in, above the column of answers. counted: a formula and what it comes to; before, after:
    words."""
    place = [column.key for column in columns].index("answer" if columns[0].key == "criterion" else "target") + 1
    formula, value = counted
    line, said = f'="{before} "&{formula}&"{after}"', f"{before} {value}{after}"
    painter.formula(sheet, layout.TITLE_ROW, place, line, TITLE._replace(size=TEXT_SIZE), said)


def tint_blanks(sheet: Worksheet, cells: str, first: str, also: str = "TRUE") -> None:
    """Cells in a colour of their own until something is in them. first: the upper left; also: a further condition."""
    rule = FormulaRule([f"AND(LEN(TRIM({first}))=0,{also})"], fill=PatternFill("solid", bgColor=UNANSWERED))
    sheet.conditional_formatting.add(cells, rule)


def say_once(sheet: Worksheet, cells: str, first: str, above: str) -> None:
    """A name that the row above has, too, stands there for filters and programs, and is not seen again."""
    sheet.conditional_formatting.add(cells, FormulaRule([f"{first}={above}"], font=Font(color=GREY)))


def separate_thousands(sheet: Worksheet, cells: str, first: str) -> None:
    """Numbers from 1,000 on with separators; every digit stays, and smaller ones as they were typed."""
    for whole, form in (("=", "#,##0"), ("<>", "#,##0.0###")):
        rule = FormulaRule([f"AND(ISNUMBER({first}),ABS({first})>=1000,{first}{whole}INT({first}))"])
        rule.dxf = DifferentialStyle(numFmt=NumberFormat(numFmtId=THOUSANDS[whole], formatCode=form))
        sheet.conditional_formatting.add(cells, rule)


def heading_look(filled_by: str) -> Look:
    """The look of a heading, by who fills the column in."""
    return Look(fill=HEADING_FILL[filled_by], bold=True, colour="FFFFFF", align="center", middle=True)


def body_look(*, locked: bool, centred: bool = False, rule: bool = False, number_format: str = "General") -> Look:
    """The look of a cell below the headings: cream where people write, grey where they do not."""
    return Look(
        fill=GREY if locked else CREAM,
        align="center" if centred else None,
        locked=locked,
        rule=rule,
        number_format=number_format,
    )


def for_paper(sheet: Worksheet) -> None:
    """A4 landscape, as wide as the page and as long as it gets, with name and page number at the foot."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left = margins.right = SIDE_MARGIN
    margins.top, margins.header = MARGIN, MARGIN / 2
    margins.bottom, margins.footer = MARGIN * 2, MARGIN / 2
    sheet.oddFooter.left.text = "PMQA 4.0"
    sheet.oddFooter.center.text = "&A"
    sheet.oddFooter.right.text = "&P / &N"


def on_two_pages(sheet: Worksheet, repeated: str) -> None:
    """What is too wide for one page to be read on it. repeated: columns that stand on both, such as A:B."""
    sheet.page_setup.fitToWidth = 2
    sheet.print_title_cols = repeated


def protect(sheet: Worksheet, *, rows: bool = False) -> None:
    """Only unlocked cells can be edited; no password, so that nobody is locked out.

    rows: whether people may insert and delete rows.
    """
    protection = sheet.protection
    protection.sheet = True
    # False means that the sheet's protection does not forbid it.
    protection.formatCells = protection.formatColumns = protection.formatRows = False
    protection.autoFilter = protection.sort = False
    if rows:
        protection.insertRows = protection.deleteRows = False


def add_list(sheet: Worksheet, cells: str, words: Sequence[str], t: Translator, *, hint: str | None = None) -> None:
    """A drop-down with its words inline: a list on another sheet is stored where some tools drop it."""
    listed = ",".join(words)
    if len(listed) > LONGEST_LIST:
        return
    rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = t("form.list_error_title"), t("form.list_error", words=" / ".join(words[:7]))
    _hint(rule, t, hint)
    sheet.add_data_validation(rule)
    rule.add(cells)


def add_number(
    sheet: Worksheet,
    cells: str,
    t: Translator,
    *,
    whole: tuple[int, int] | None = None,
    above_zero: bool = False,
    hint: str | None = None,
) -> None:
    """Only numbers. whole: only whole ones between two limits; above_zero: only positive ones."""
    if whole:
        rule = DataValidation("whole", str(whole[0]), str(whole[1]), operator="between")
        rule.error = t("form.year_error", first=whole[0], last=whole[1])
    elif above_zero:
        rule = DataValidation("decimal", "0", operator="greaterThan")
        rule.error = t("form.step_error")
    else:
        rule = DataValidation("decimal", "-1000000000000000", "1000000000000000", operator="between")
        rule.error = t("form.number_error")
    rule.errorTitle = t("form.number_error_title")
    rule.showErrorMessage, rule.allowBlank = True, True
    _hint(rule, t, hint)
    sheet.add_data_validation(rule)
    rule.add(cells)


def add_hint(sheet: Worksheet, cells: str, t: Translator, hint: str) -> None:
    """A sentence beside cells that take any text, while one is in them."""
    rule = DataValidation("textLength", str(LONGEST_TEXT), operator="lessThanOrEqual", allow_blank=True)
    _hint(rule, t, hint)
    sheet.add_data_validation(rule)
    rule.add(cells)


def _hint(rule: DataValidation, t: Translator, hint: str | None) -> None:
    if hint:
        rule.promptTitle, rule.prompt, rule.showInputMessage = t("form.hint_title"), t(hint), True
