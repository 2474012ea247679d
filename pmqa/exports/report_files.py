"""Reports as files: PPTX, and PDF set by Typst."""

from __future__ import annotations

import io
import math
import re
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
from pmqa.exports.legends import PIXELS_A_POINT
from pmqa.exports.reports import Page, Report, Tinted, of_numbers
from pmqa.exports.slides import (
    EMU_A_PIXEL,
    LETTER,
    SMALL,
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
SIZES: Final = ((22, 20), (20, 18), (18, 16), (16, 14), (14, 12))
COVER: Final = 18
GAP: Final = Inches(0.35)  # between two tables
MOST_STRETCHED: Final = 1.7  # times: rows of a short table are so much taller where there is room
FILLED: Final = 0.97  # of the room, by such rows
CODE: Final = Inches(1.3)  # of a link, on each side
WORD: Final = re.compile(r"[^ \n\u0e00-\u0e7f]+")  # that programs do not break
WIDEST: Final = 110  # characters of a column that count for its share of the width
TO_FILL_IN: Final = "0" * 14  # as wide is a column that is filled in by hand
SHORT: Final = 16  # characters of a column whose words stay on a line
MOST_SHORT: Final = 0.7  # of the width, for such columns
LEAST_SHARE: Final = 0.7  # of what the other columns have on average, for one of sentences
HEAD, BAND, PLAIN, INK = "16202B", "F1F5F9", "FFFFFF", "16202B"


def report_pptx(report: Report, *, template: bytes | None = None) -> bytes:
    """The report as slides with native charts and tables; the same report gives the same bytes.

    Raises ExportError where the template cannot be used.
    """
    deck = new_deck(report.stamp, template)
    for page in (*report.summary.slides, *report.drawn()):
        if page.on_paper:
            continue
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
    """Topic, sentences and tables of a page, on as many slides as they need: nothing leaves a slide."""
    topic = text_height([page.topic], SMALL, deck.area.width) if page.topic else 0
    height = deck.area.height - topic - (CODE if page.link else 0)
    whole = Area(deck.area.left, deck.area.top + topic, deck.area.width, height)
    if page.second is None:
        slides = _in_parts(page, whole)
    else:
        slides = _on_one(page, page.second, whole)
        if not slides:
            _add_text_slides(deck, replace(page, second=None), stamp)
            _add_text_slides(deck, replace(page, table=page.second, second=None, lines=(), link=""), stamp)
            return
    for number, laid in enumerate(slides, start=1):
        title = page.title if len(slides) == 1 else f"{page.title}{NO_BREAK}({number}/{len(slides)})"
        slide, area = add_titled_slide(deck, title)
        if page.topic:
            add_text(deck, slide, area, [page.topic], SMALL)
        if laid.lines:
            add_text(deck, slide, whole, laid.lines, laid.words)
        if page.link and number == 1:
            _add_code(slide, area, page.link)
        for table, room in laid.tables:
            _add_table(deck, slide, room, table, " ".join([title, *page.lines]), laid.cells)
        said = [page.topic] if page.topic else []
        write_notes(slide, "\n".join([*spoken_first(page.spoken), *said, *page.lines, *stamp.lines()]))


class _Laid(NamedTuple):
    """A slide of sentences and tables. words, cells: points of their letters."""

    lines: Sequence[str]
    words: int
    tables: Sequence[tuple[pd.DataFrame, Area]]
    cells: int


def _in_parts(page: Page, whole: Area) -> list[_Laid]:
    """Sentences, and below them the table, which goes on over slides: as large as one slide has room for."""
    for words, cells in SIZES:
        above = _above(page, words, whole.width)
        tables = [None] if page.table is None else _parts(page.table, whole, above, cells)
        torn = page.table is not None and _torn(page.table, whole.width, cells)
        if above <= whole.height and len(tables) == 1 and not torn:
            break
    first, *more = tables
    return [
        _Laid(page.lines, words, [] if first is None else [(first, _below(whole, above))], cells),
        *(_Laid((), words, [(table, whole)], cells) for table in more if table is not None),
    ]


def _on_one(page: Page, second: pd.DataFrame, whole: Area) -> list[_Laid]:
    """Two tables on one slide, beside or below each other, as large as there is room; none where there is not."""
    table = page.table
    if table is None:
        return []
    for words, cells in SIZES:
        room = _below(whole, _above(page, words, whole.width))
        half = replace(room, width=(room.width - GAP) // 2) if page.beside else room
        first, other = (sum(_heights(one, _widths(one, half.width, cells), cells)) for one in (table, second))
        torn = any(_torn(one, half.width, cells) for one in (table, second)) and cells != SIZES[-1][1]
        if torn or (max(first, other) if page.beside else first + other + GAP) > room.height:
            continue
        if page.beside:
            places = [half, replace(half, left=half.left + half.width + GAP)]
        else:
            upper = (room.height - GAP) * first // (first + other)
            places = [replace(room, height=upper), _below(room, upper + GAP)]
        return [_Laid(page.lines, words, list(zip((table, second), places, strict=True)), cells)]
    return []


def _above(page: Page, size: int, width: int) -> int:
    """EMU that the sentences above a table take."""
    return text_height(page.lines, size, width) + LINE // 2 if page.lines else 0


def _below(area: Area, used: int) -> Area:
    return replace(area, top=area.top + used, height=area.height - used)


def _add_code(slide: Any, area: Area, link: str) -> None:
    """The code of a link in the lower right corner of an area; a click opens it, too."""
    places = (area.left + area.width - CODE, area.top + area.height - CODE, CODE, CODE)
    picture = slide.shapes.add_picture(io.BytesIO(code_png(link)), *(Emu(edge) for edge in places))
    picture.click_action.hyperlink.address = link
    picture._element.xpath("./p:nvPicPr/p:cNvPr")[0].set("descr", link)


def _parts(table: pd.DataFrame, area: Area, above: int, size: int) -> list[pd.DataFrame]:
    """A table in parts that fit their slides, the first below what stands above it; at most ROWS_A_SLIDE rows each, and
    as many on each as need no more slides: the last is not left with a row or two."""
    head, *heights = _heights(table, _widths(table, area.width, size), size)
    first, room = area.height - above - head, area.height - head
    bounds = _bounds(heights, first, room, ROWS_A_SLIDE)
    alike = _bounds(heights, first, room, math.ceil(len(table) / len(bounds)))
    bounds = alike if len(alike) == len(bounds) else bounds
    return [table.iloc[start:end] for start, end in pairwise([*bounds, max(len(table), 1)])]


def _bounds(heights: Sequence[int], first: int, room: int, most: int) -> list[int]:
    """The first row of each part. first, room: EMU for rows of the first slide and of each other one."""
    bounds, left = [0], first
    for row, height in enumerate(heights):
        if row > bounds[-1] and (height > left or row - bounds[-1] == most):
            bounds.append(row)
            left = room
        left -= height
    return bounds


def _widths(table: pd.DataFrame, width: int, size: int) -> list[int]:
    """EMU of each column: short ones as wide as their longest text, the others share what is left by theirs."""
    texts = [[_of_heading(str(name)), *table.iloc[:, column].astype(str)] for column, name in enumerate(table.columns)]
    texts = [column if any(column[1:]) or len(column) == 1 else [TO_FILL_IN] for column in texts]
    longest = [min(max(map(display_width, column)), WIDEST) for column in texts]
    letter = Pt(size) * LETTER
    # Capitals, of which codes are, take more than a letter.
    drawn = [max(width_of(text, 1 / LETTER) for text in column) for column in texts]
    wanted = [int(min(max(pair), WIDEST) * letter + CELL_MARGINS + letter) for pair in zip(longest, drawn, strict=True)]
    of_long = [wide for wide, characters in zip(wanted, longest, strict=True) if characters > SHORT]
    short = sum(wanted) - sum(of_long)
    if not of_long or sum(wanted) <= width or short > width * MOST_SHORT:
        return [width * wide // sum(wanted) for wide in wanted]
    # None of the long ones gives way to the others alone.
    shares = [max(wide, int(LEAST_SHARE * sum(of_long) / len(of_long))) for wide in wanted]
    long = sum(one for one, characters in zip(shares, longest, strict=True) if characters > SHORT)
    return [
        wide if characters <= SHORT else (width - short) * share // long
        for wide, share, characters in zip(wanted, shares, longest, strict=True)
    ]


def _torn(table: pd.DataFrame, width: int, size: int) -> bool:
    """Whether a column has too little room for a word that cannot be broken: numbers, codes, a level and its score."""
    texts = zip(
        _widths(table, width, size), [[str(name), *table.iloc[:, at]] for at, name in enumerate(table)], strict=True
    )
    letter = size * PIXELS_A_POINT
    return any(
        width_of(word, letter) > (room - CELL_MARGINS) / EMU_A_PIXEL
        for room, column in texts
        for value in column
        for word in WORD.findall(str(value))
    )


def _of_heading(name: str) -> str:
    """What of a heading counts for the width of its column: it may take two lines, its words whole."""
    words = sorted(name.split(), key=display_width)
    return max([name[: len(name) // 2], *words[-1:]], key=display_width) if words[1:] else name


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
    head, *rows = heights
    taller = min(max((room.height * FILLED - head) / max(sum(rows), 1), 1.0), MOST_STRETCHED)
    heights = [head, *(int(height * taller) for height in rows)]
    place = (Emu(room.left), Emu(room.top), Emu(room.width), Emu(sum(heights)))
    frame = slide.shapes.add_table(len(table) + 1, len(table.columns), *place)
    frame._element.xpath("./p:nvGraphicFramePr/p:cNvPr")[0].set("descr", clean_text(said))
    grid = frame.table
    for column, (name, width) in enumerate(zip(table.columns, widths, strict=True)):
        grid.columns[column].width = Emu(width)
        look = _Look(deck.font, size, _side(table.iloc[:, column]))
        _write_cell(grid.cell(0, column), str(name), look, HEAD)
        for row, value in enumerate(table.iloc[:, column], start=1):
            _write_cell(grid.cell(row, column), str(value), look, PLAIN if row % 2 else BAND)
            if isinstance(value, Tinted):
                _tint(grid.cell(row, column), value)
    for row, height in enumerate(heights):
        grid.rows[row].height = Emu(height)


def _side(column: pd.Series[Any]) -> PP_ALIGN:
    if any(isinstance(value, Tinted) for value in column):
        return PP_ALIGN.CENTER
    return PP_ALIGN.RIGHT if of_numbers(column) else PP_ALIGN.LEFT


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


def _tint(cell: Any, value: Tinted) -> None:
    cell.fill.fore_color.rgb = _colour(value.fill.lstrip("#"))
    for run in cell.text_frame.paragraphs[0].runs:
        run.font.color.rgb = _colour(value.ink.lstrip("#"))


def _colour(digits: str) -> Any:
    return RGBColor.from_string(digits)  # type: ignore[no-untyped-call]
