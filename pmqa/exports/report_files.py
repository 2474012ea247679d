"""Reports as files: PPTX, and PDF set by Typst."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final, NamedTuple

import pandas as pd
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from pmqa.charts.words import NO_BREAK, width_of
from pmqa.exports.codes import code_png
from pmqa.exports.reports import Page, Report, of_numbers
from pmqa.exports.slides import (
    LETTER,
    add_chart_slides,
    add_text,
    add_titled_slide,
    deck_bytes,
    new_deck,
    spoken_first,
    text_height,
    write_lines,
    write_notes,
)
from pmqa.exports.stamp import Stamp, clean_text
from pmqa.exports.tables import display_width
from pmqa.exports.template import Area, Deck

ROWS_A_SLIDE: Final = 12  # of a table
CELL_MARGINS: Final = Inches(0.2)
LINE: Final = Inches(0.36)  # of a row of a table in the smallest letters
# Points of sentences and of tables, largest first: as large as one slide has room for, else the last.
SIZES: Final = ((20, 18), (18, 16), (16, 14), (14, 12))
COVER: Final = 18
CODE: Final = Inches(1.3)  # of a link, on each side
WIDEST: Final = 110  # characters of a column that count for its share of the width
SHORT: Final = 16  # characters of a column whose words stay on a line
MOST_SHORT: Final = 0.7  # of the width, for such columns
HEAD, BAND, PLAIN, INK = "16202B", "F1F5F9", "FFFFFF", "16202B"


def report_pptx(report: Report, *, template: bytes | None = None) -> bytes:
    """The report as slides with native charts and tables; the same report gives the same bytes.

    Raises ExportError where the template cannot be used.
    """
    deck = new_deck(report.stamp, template)
    for page in (*report.summary.slides, *report.drawn()):
        if page.cover:
            _add_cover(deck, page, report.stamp)
        elif page.chart is not None:
            add_chart_slides(deck, page.chart, report.stamp, page.spoken)
        else:
            _add_text_slides(deck, page, report.stamp)
    return deck_bytes(deck, report.stamp)


# --- slides -----------------------------------------------------------------------------------------------------


def _add_cover(deck: Deck, page: Page, stamp: Stamp) -> None:
    """The title a third down the slide, its lines below it."""
    slide, area = add_titled_slide(deck, page.title)
    top, title = area.top + area.height // 4, slide.shapes.title
    if title is not None:
        places = (area.left, top, area.width, deck.title.height)
        title.left, title.top, title.width, title.height = (Emu(edge) for edge in places)
    below = Area(area.left, top + deck.title.height + LINE, area.width, area.height // 2)
    add_text(deck, slide, below, page.lines, COVER)
    write_notes(slide, "\n".join([page.title, *page.lines, *stamp.lines()]))


def _add_text_slides(deck: Deck, page: Page, stamp: Stamp) -> None:
    """Sentences and table of a page, on as many slides as they need: nothing leaves a slide."""
    whole = replace(deck.area, height=deck.area.height - CODE) if page.link else deck.area
    for words, cells in SIZES:
        above = text_height(page.lines, words, whole.width) + LINE // 2 if page.lines else 0
        tables = [None] if page.table is None else _parts(page.table, whole, above, cells)
        if above <= whole.height and len(tables) == 1:
            break
    for number, table in enumerate(tables, start=1):
        title = page.title if len(tables) == 1 else f"{page.title}{NO_BREAK}({number}/{len(tables)})"
        slide, area = add_titled_slide(deck, title)
        used = 0
        if page.lines and number == 1:
            add_text(deck, slide, area, page.lines, words)
            used = above
        if page.link and number == 1:
            _add_code(slide, area, page.link)
        if table is not None:
            room = Area(area.left, area.top + used, area.width, area.height - used)
            _add_table(deck, slide, room, table, " ".join([title, *page.lines]), cells)
        write_notes(slide, "\n".join([*spoken_first(page.spoken), *page.lines, *stamp.lines()]))


def _add_code(slide: Any, area: Area, link: str) -> None:
    """The code of a link in the lower right corner of an area; a click opens it, too."""
    places = (area.left + area.width - CODE, area.top + area.height - CODE, CODE, CODE)
    picture = slide.shapes.add_picture(io.BytesIO(code_png(link)), *(Emu(edge) for edge in places))
    picture.click_action.hyperlink.address = link
    picture._element.xpath("./p:nvPicPr/p:cNvPr")[0].set("descr", link)


def _parts(table: pd.DataFrame, area: Area, above: int, size: int) -> list[pd.DataFrame]:
    """A table in parts that fit their slides, the first below what stands above it; at most ROWS_A_SLIDE rows each."""
    head, *heights = _heights(table, _widths(table, area.width, size), size)
    bounds, room = [0], area.height - above - head
    for row, height in enumerate(heights):
        if row > bounds[-1] and (height > room or row - bounds[-1] == ROWS_A_SLIDE):
            bounds.append(row)
            room = area.height - head
        room -= height
    return [table.iloc[start:end] for start, end in pairwise([*bounds, max(len(table), 1)])]


def _widths(table: pd.DataFrame, width: int, size: int) -> list[int]:
    """EMU of each column: short ones as wide as their longest text, the others share what is left by theirs."""
    texts = [[str(name), *table.iloc[:, column].astype(str)] for column, name in enumerate(table.columns)]
    longest = [min(max(map(display_width, column)), WIDEST) for column in texts]
    letter = Pt(size) * LETTER
    # Capitals, of which codes are, take more than a letter.
    drawn = [max(width_of(text, 1 / LETTER) for text in column) for column in texts]
    wanted = [int(min(max(pair), WIDEST) * letter + CELL_MARGINS + letter) for pair in zip(longest, drawn, strict=True)]
    short = sum(wide for wide, characters in zip(wanted, longest, strict=True) if characters <= SHORT)
    long = sum(wanted) - short
    if not long or sum(wanted) <= width or short > width * MOST_SHORT:
        return [width * wide // sum(wanted) for wide in wanted]
    return [
        wide if characters <= SHORT else (width - short) * wide // long
        for wide, characters in zip(wanted, longest, strict=True)
    ]


def _heights(table: pd.DataFrame, widths: Sequence[int], size: int) -> list[int]:
    """EMU of the heading and of each row, their texts wrapped."""
    found = []
    for values in [list(table.columns), *table.to_numpy().tolist()]:
        of_row = zip(values, widths, strict=True)
        tall = max(text_height([str(value)], size, width - CELL_MARGINS) for value, width in of_row)
        found.append(max(int(LINE), int(tall + Pt(6))))
    return found


def _add_table(deck: Deck, slide: Any, room: Area, table: pd.DataFrame, said: str, size: int) -> None:
    widths = _widths(table, room.width, size)
    heights = _heights(table, widths, size)
    place = (Emu(room.left), Emu(room.top), Emu(room.width), Emu(sum(heights)))
    frame = slide.shapes.add_table(len(table) + 1, len(table.columns), *place)
    frame._element.xpath("./p:nvGraphicFramePr/p:cNvPr")[0].set("descr", clean_text(said))
    grid = frame.table
    for column, (name, width) in enumerate(zip(table.columns, widths, strict=True)):
        grid.columns[column].width = Emu(width)
        side = PP_ALIGN.RIGHT if of_numbers(table.iloc[:, column]) else PP_ALIGN.LEFT
        look = _Look(deck.font, size, side)
        _write_cell(grid.cell(0, column), str(name), look, HEAD)
        for row, value in enumerate(table.iloc[:, column], start=1):
            _write_cell(grid.cell(row, column), str(value), look, PLAIN if row % 2 else BAND)
    for row, height in enumerate(heights):
        grid.rows[row].height = Emu(height)


class _Look(NamedTuple):
    """How a column of a table is written. size: points."""

    font: str
    size: int
    side: PP_ALIGN


def _write_cell(cell: Any, text: str, look: _Look, background: str) -> None:
    cell.margin_top = cell.margin_bottom = Pt(2)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = _colour(background)
    write_lines(cell.text_frame, [text], look.size, look.font, bold=background == HEAD)
    cell.text_frame.paragraphs[0].alignment = look.side
    for run in cell.text_frame.paragraphs[0].runs:
        run.font.color.rgb = _colour(PLAIN if background == HEAD else INK)


def _colour(digits: str) -> Any:
    return RGBColor.from_string(digits)  # type: ignore[no-untyped-call]
