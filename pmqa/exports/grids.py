"""Heatmaps that can be edited: a sheet whose colours follow its numbers, and tables with coloured cells on slides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from pptx.util import Emu, Pt
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pmqa.charts.drawing import Cell, Drawing
from pmqa.charts.palette import SHADES
from pmqa.charts.render.grid import STEPS, tile_of
from pmqa.charts.render.wording import alt, row_name
from pmqa.charts.words import tied
from pmqa.exports.legends import LINE, PIXELS_A_POINT, broken, shortened
from pmqa.exports.stamp import Stamp, clean_text
from pmqa.exports.template import Area, Deck
from pmqa.text import MISSING

LOW, HIGH = SHADES["light"].scale
INK: Final = SHADES["light"].ink.lstrip("#").upper()
WHITE: Final = "FFFFFF"
HATCHED: Final = 14  # Excel's number of thin diagonal stripes
NAMES_SHARE: Final = 0.24  # of the width, for the rows' names
SIZE: Final = 12  # points
DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
SIDE: Final = 36_000  # EMU at the sides of a cell
TOP: Final = 12_700  # EMU above and below its text


def paper_turns_dark(drawing: Drawing) -> float:
    """The value from which a tile is so dark that white reads better on it."""
    low, high = drawing.scale.low, drawing.scale.high
    values = (low + (high - low) * step / STEPS for step in range(STEPS + 1))
    return next(value for value in values if tile_of(drawing, value)[1] == "#ffffff")


def colour_grid(workbook: Workbook, sheet: Worksheet, drawing: Drawing, first: int) -> None:
    """Colours for the numbers of a sheet's table from its first row of values: they follow the numbers when edited.

    A blank is hatched, and never the colour of 0.
    """
    if not drawing.rows or not drawing.columns:
        return
    area = (first, 1, first + len(drawing.rows) - 1, len(drawing.columns))
    # Blanks first, and nothing after them: Excel would colour them like 0.
    hatched = workbook.add_format({"pattern": HATCHED, "fg_color": SHADES["light"].muted, "bg_color": "#FFFFFF"})
    sheet.conditional_format(*area, {"type": "blanks", "format": hatched, "stop_if_true": True})
    white, dark = workbook.add_format({"font_color": "#FFFFFF"}), paper_turns_dark(drawing)
    sheet.conditional_format(*area, {"type": "cell", "criteria": ">=", "value": dark, "format": white})
    low, high = {"min_type": "num", "min_color": LOW}, {"max_type": "num", "max_color": HIGH}
    ends = {**low, **high, "min_value": drawing.scale.low, "max_value": drawing.scale.high}
    sheet.conditional_format(*area, {"type": "2_color_scale", **ends})
    sheet.freeze_panes(first, 1)
    sheet.fit_to_pages(1, 0)


def add_grid(deck: Deck, slide: Any, drawing: Drawing, room: Area, _stamp: Stamp) -> None:
    """The grid as a native table on a slide: values printed, cells coloured, blanks hatched."""
    columns, rows = len(drawing.columns) + 1, len(drawing.rows) + 1
    height = max(room.height // rows, 1)
    frame = slide.shapes.add_table(rows, columns, Emu(room.left), Emu(room.top), Emu(room.width), Emu(height * rows))
    frame._element.xpath("./p:nvGraphicFramePr/p:cNvPr")[0].set("descr", clean_text(alt(drawing)))
    grid = frame.table
    first = int(room.width * NAMES_SHARE)
    other = (room.width - first) // max(columns - 1, 1)
    room_for_text = Emu(other - 2 * SIDE).pt * PIXELS_A_POINT
    names = (clean_text(column.name) for column in drawing.columns)
    heads = [[], *(broken(name, room_for_text, SIZE * PIXELS_A_POINT) for name in names)]
    head_height = int(max(len(head) for head in heads) * Pt(SIZE) * LINE) + 2 * SIDE
    for column in range(columns):
        grid.columns[column].width = Emu(other if column else first)
    least = min(height, (room.height - head_height) // max(rows - 1, 1))
    for row in range(rows):
        grid.rows[row].height = Emu(least if row else head_height)
    cells = [[_cell(head, INK, WHITE, deck.font, bold=True) for head in heads]]
    # What is too long for its row would push the last rows off the slide.
    lines = max(int((Emu(least).pt - 2 * Emu(TOP).pt) / (SIZE * LINE)), 1)
    wide = Emu(first - 2 * SIDE).pt * PIXELS_A_POINT
    tiles = {(cell.row, cell.column): cell for layer in drawing.layers for cell in layer.cells}
    for place, row_of in enumerate(drawing.rows):
        label = shortened(clean_text(row_name(row_of)), wide, SIZE, lines)
        name = broken(label, wide, SIZE * PIXELS_A_POINT)
        cells.append(
            [
                _cell(name, INK, WHITE, deck.font, bold=row_of.bold, aside=True),
                *(_tile(drawing, tiles[place, column], deck.font) for column in range(columns - 1)),
            ]
        )
    for line, made in zip(grid._tbl.tr_lst, cells, strict=True):
        for old in list(line.tc_lst):
            line.remove(old)
        for place, cell in enumerate(made):
            line.insert(place, cell)


def _tile(drawing: Drawing, cell: Cell, font: str) -> Any:
    if cell.value is None:
        return _cell([MISSING], INK, None, font)
    paper, ink = (colour.lstrip("#").upper() for colour in tile_of(drawing, cell.value))
    return _cell([cell.printed], ink, paper, font)


def _cell(
    lines: Sequence[str], ink: str, paper: str | None, font: str, *, bold: bool = False, aside: bool = False
) -> Any:
    """A cell of a table; paper None = hatched. aside: text to the left, which names a row."""
    complex_font = font.replace("-lt", "-cs") if font.startswith("+") else font
    muted = SHADES["light"].muted.lstrip("#").upper()
    fill = (
        f'<a:pattFill prst="ltUpDiag"><a:fgClr><a:srgbClr val="{muted}"/></a:fgClr>'
        f'<a:bgClr><a:srgbClr val="{WHITE}"/></a:bgClr></a:pattFill>'
        if paper is None
        else f'<a:solidFill><a:srgbClr val="{paper}"/></a:solidFill>'
    )
    edges = "".join(
        f'<a:{side} w="6350"><a:solidFill><a:srgbClr val="{WHITE}"/></a:solidFill></a:{side}>'
        for side in ("lnL", "lnR", "lnT", "lnB")
    )
    style = (
        f'lang="th-TH" sz="{SIZE * 100}" b="{int(bold)}"><a:solidFill><a:srgbClr val="{ink}"/></a:solidFill>'
        f"<a:latin typeface={quoteattr(font)}/><a:cs typeface={quoteattr(complex_font)}/>"
    )
    runs = "<a:br/>".join(f"<a:r><a:rPr {style}</a:rPr><a:t>{escape(tied(line))}</a:t></a:r>" for line in lines)
    return etree.fromstring(
        f'<a:tc xmlns:a="{DRAWING}"><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr algn="{"l" if aside else "ctr"}"/>'
        f"{runs}<a:endParaRPr {style}</a:endParaRPr></a:p></a:txBody>"
        f'<a:tcPr marL="{SIDE}" marR="{SIDE}" marT="{TOP}" marB="{TOP}" anchor="ctr">{edges}{fill}</a:tcPr></a:tc>'
    )
