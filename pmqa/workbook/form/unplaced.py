"""The sheet of a marked copy that holds what fitted no row of the form, with its old address, to be settled by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openpyxl.worksheet.worksheet import Worksheet

from pmqa.errors import Finding
from pmqa.text import Translator
from pmqa.workbook import layout
from pmqa.workbook.draft import Loose
from pmqa.workbook.findings import found_text
from pmqa.workbook.form.grid import add_list, body_look, protect, start_table
from pmqa.workbook.form.looks import RED, Painter, line_count, set_height

TAB_COLOUR: Final = "C0392B"


def write_unplaced(sheet: Worksheet, painter: Painter, loose: Sequence[Loose], t: Translator) -> list[str]:
    """One line for each text, and for each loss that a fresh form would hide. Returns the cell of each.

    A line is settled by a word of its list: nothing else in it can be edited, so that none is lost by a slip.
    """
    columns = layout.UNPLACED_COLUMNS
    start_table(sheet, painter, columns, t("form.unplaced.title"), t)
    sheet.sheet_properties.tabColor = TAB_COLOUR
    cells = []
    for row, one in enumerate(loose, layout.FIRST_ROW):
        why = found_text(one.why, t) if isinstance(one.why, Finding) else one.why
        values = (one.settled, one.sheet, one.cell, one.id, one.heading, one.text, why)
        lines = 1
        for place, (column, value) in enumerate(zip(columns, values, strict=True), 1):
            look = body_look(locked=column.key != "settled")
            if column.key == "settled" and not one.settled:
                look = look._replace(fill=RED)
            painter.put(sheet, row, place, value or None, look)
            lines = max(lines, line_count(value, column.width))
        set_height(sheet, row, lines)
        cells.append(f"A{row}")
    add_list(sheet, f"A{layout.FIRST_ROW}:A{layout.FIRST_ROW + len(loose) - 1}", tuple(layout.SETTLED.values()), t)
    sheet.freeze_panes = f"A{layout.FIRST_ROW}"
    protect(sheet)
    return cells
