"""The sheet of a form that was made of several files: which cell of which file each of its cells was taken from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from pmqa.text import Translator
from pmqa.workbook import layout
from pmqa.workbook.draft import Origin, Place
from pmqa.workbook.form.grid import body_look, protect, start_table
from pmqa.workbook.form.links import Address
from pmqa.workbook.form.looks import AMBER, Painter, line_count, set_height


def write_origins(
    sheet: Worksheet,
    painter: Painter,
    origins: Mapping[Place, Sequence[Origin]],
    addresses: Mapping[Place, Address],
    t: Translator,
) -> None:
    """One line for each cell in the form's order, with a link to it; those in which the files differed are amber.

    The first origin of a cell is the one that was taken.
    """
    columns = layout.ORIGIN_COLUMNS
    start_table(sheet, painter, columns, t("form.origins.title"), t)
    for row, place in enumerate((place for place in addresses if place in origins), layout.FIRST_ROW):
        taken, *others = origins[place]
        title, cell = addresses[place]
        passed_over = "\n".join(
            t("form.origins.other", file=one.file, sheet=one.sheet, cell=one.cell, value=one.value) for one in others
        )
        values = (f"{title} {cell}", taken.value, taken.file, f"{taken.sheet} {taken.cell}", passed_over)
        look = body_look(locked=True)
        look = look._replace(fill=AMBER) if others else look
        lines = 1
        for number, (column, value) in enumerate(zip(columns, values, strict=True), 1):
            painter.put(sheet, row, number, None if value == "" else value, look)
            lines = max(lines, line_count(str(value), column.width))
        here = sheet.cell(row, 1)
        style = here._style
        here.hyperlink = Hyperlink(ref=here.coordinate, location=f"'{title}'!{cell}")
        here._style = style
        set_height(sheet, row, lines)
    sheet.freeze_panes = f"A{layout.FIRST_ROW}"
    protect(sheet)
