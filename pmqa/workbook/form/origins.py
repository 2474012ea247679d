"""The sheet of a form that was made of several files: which cell of which file each of its cells was taken from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from pmqa.text import Translator
from pmqa.workbook import layout
from pmqa.workbook.draft import Origin, Place
from pmqa.workbook.form.grid import body_look, protect, start_table
from pmqa.workbook.form.links import Address
from pmqa.workbook.form.looks import AMBER, Painter, line_count, set_height
from pmqa.workbook.mapping import text_of
from pmqa.workbook.readers import unpacked


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


def read_origins(raw_cells: bytes) -> dict[str, str]:
    """sheet!cell of a form -> file, sheet and cell that it was taken from, as the form says it; {} where it does not.

    raw_cells: of a recorded file, as they are kept: what a child handed over, who may have been taken over, so that
    cells which are none say nothing. Raises Refusal where they are not whole.
    """
    text = unpacked(raw_cells)
    try:
        return _origins_in(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _origins_in(cells: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for sheet in cells["sheets"]:
        if sheet["name"] != layout.ORIGINS_SHEET:
            continue
        for number in count(layout.FIRST_ROW):
            row = sheet["rows"].get(str(number), {})
            here, _, file, cell = (text_of(row.get(letters)) for letters in "ABCD")
            if not here:
                break
            title, _, address = here.rpartition(" ")
            place, _, at = cell.rpartition(" ")
            found[f"{title}!{address}"] = f"{file}, {place}!{at}"
    return found
