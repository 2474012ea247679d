"""The marked copy: cells of findings filled and commented, and a first sheet that lists every finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from typing import Final

from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from pmqa.errors import SEVERITIES, Finding, Severity
from pmqa.text import Translator
from pmqa.workbook import layout
from pmqa.workbook.findings import finding_text
from pmqa.workbook.form.grid import for_paper, heading_look, protect
from pmqa.workbook.form.links import Address, Links
from pmqa.workbook.form.looks import AMBER, PLAIN, RED, TITLE, Look, Painter, line_count, set_height

FILLS: Final[dict[Severity, PatternFill]] = {
    "error": PatternFill("solid", fgColor=RED),
    "warning": PatternFill("solid", fgColor=AMBER),
}
TINTS: Final[dict[Severity, str | None]] = {"error": RED, "warning": AMBER, "note": None}
COMMENT_WIDTH: Final = 340  # pixels
COMMENT_LETTERS: Final = 42  # in a line of that width
COMMENT_LINE: Final = 22
LINK_COLOUR: Final = "0B57A4"

# heading key, width
COLUMNS: Final = (("number", 8.0), ("severity", 14.0), ("here", 20.0), ("sent", 24.0), ("value", 28.0), ("what", 84.0))


def mark(
    sheets: dict[str, Worksheet],
    painter: Painter,
    findings: Sequence[Finding],
    links: Links,
    t: Translator,
    *,
    unsettled: int,
) -> None:
    """Fills and comments the cells of findings in a form, and lists all findings on its sheet of marks.

    unsettled: lines of the sheet of unplaced texts that keep the copy from being accepted.
    """
    ordered = sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
    notes: dict[Address, list[Finding]] = {}
    for finding in ordered:
        for address, alone in links.marked(finding):
            notes.setdefault(address, []).append(alone)
    for (sheet, cell), found in notes.items():
        _mark_cell(sheets[sheet], cell, found, t)
    sheet = sheets[layout.MARKS_SHEET]
    _list(sheet, painter, ordered, [links.target(finding) for finding in ordered], t)
    if unsettled:
        words = t("form.marks.unsettled", count=unsettled, sheet=layout.UNPLACED_SHEET)
        painter.put(sheet, 2, 1, f"{sheet['A2'].value}\n{words}", PLAIN._replace(wrap=False))
        set_height(sheet, 2, 2)


def _mark_cell(sheet: Worksheet, cell: str, findings: Sequence[Finding], t: Translator) -> None:
    worst = findings[0].severity
    if worst not in FILLS:
        return
    target = sheet[cell]
    target._style = copy(target._style)  # cells of one look share it
    target.fill = FILLS[worst]
    # Comments are in Thai in every form: they are for the people who fill it in.
    words = "\n".join(dict.fromkeys(finding_text(finding, t) for finding in findings))
    comment = Comment(words, layout.COMMENT_AUTHOR, width=COMMENT_WIDTH)
    comment.height = (line_count(words, COMMENT_LETTERS) + 1) * COMMENT_LINE
    target.comment = comment


def _list(
    sheet: Worksheet,
    painter: Painter,
    findings: Sequence[Finding],
    targets: Iterable[Address | None],
    t: Translator,
) -> None:
    counts = {severity: sum(finding.severity == severity for finding in findings) for severity in SEVERITIES}
    painter.put(sheet, 1, 1, t("form.marks.title"), TITLE)
    sheet.row_dimensions[1].height = 30
    painter.put(sheet, 2, 1, t("form.marks.counts", **counts), PLAIN._replace(wrap=False))
    set_height(sheet, 2, 1)
    heading_row = 3
    set_height(sheet, heading_row, 1)
    for place, (key, width) in enumerate(COLUMNS, 1):
        painter.put(sheet, heading_row, place, t(f"form.marks.{key}"), heading_look("form"))
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, (finding, target) in enumerate(zip(findings, targets, strict=True), 1):
        row = heading_row + number
        what = finding_text(finding, t)
        link = f"{target[0]} {target[1]}" if target else ""
        origin = " ".join(part for part in (finding.sheet, finding.cell) if part)
        severity = t(f"form.marks.{finding.severity}")
        lines = 1
        values = {"severity": severity, "here": link, "sent": origin, "value": finding.value or "", "what": what}
        painter.put(sheet, row, 1, number, Look())
        for place, (key, width) in enumerate(COLUMNS[1:], 2):
            look = Look(fill=TINTS[finding.severity] if key == "severity" else None)
            painter.put(sheet, row, place, values[key], look)
            lines = max(lines, line_count(values[key], width))
        if target:
            cell = painter.put(sheet, row, 3, link, Look(colour=LINK_COLOUR))
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{target[0]}'!{target[1]}")
            cell._style = painter.style(Look(colour=LINK_COLOUR))
        set_height(sheet, row, lines)
    sheet.freeze_panes = f"A{heading_row + 1}"
    sheet.print_title_rows = f"1:{heading_row}"
    for_paper(sheet)
    protect(sheet)
