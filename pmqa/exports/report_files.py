"""Reports as files: PPTX, and PDF set by Typst."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal

import pandas as pd
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu, Inches, Pt

from pmqa.exports.report_pdf import report_pdf
from pmqa.exports.reports import Page, Report, ReportData, agency_report
from pmqa.exports.slides import (
    add_chart_slides,
    add_text,
    add_titled_slide,
    deck_bytes,
    new_deck,
    text_height,
    write_lines,
    write_notes,
)
from pmqa.exports.stamp import Stamp, file_name
from pmqa.exports.tables import display_width
from pmqa.exports.template import Area, Deck

Form = Literal["pptx", "pdf"]
ROWS_A_SLIDE: Final = 12  # of a table
CELL_MARGINS: Final = Inches(0.2)
LINE: Final = Inches(0.36)  # of a row of a table
TEXT: Final = 14  # points
CELL: Final = 11
WIDEST: Final = 110  # characters of a column that count for its share of the width
HEAD, BAND, PLAIN, INK = "16202B", "F1F5F9", "FFFFFF", "16202B"


def report_pptx(report: Report, *, template: bytes | None = None) -> bytes:
    """The report as slides with native charts and tables; the same report gives the same bytes.

    Raises ExportError where the template cannot be used.
    """
    deck = new_deck(report.stamp, template)
    for page in report.pages:
        if page.chart is not None:
            add_chart_slides(deck, page.chart, report.stamp)
        else:
            _add_text_slides(deck, page, report.stamp)
    return deck_bytes(deck, report.stamp)


def agency_reports(
    data: ReportData, agencies: Iterable[str], stamp: Stamp, form: Form = "pptx", *, template: bytes | None = None
) -> Iterator[tuple[str, bytes]]:
    """File name and content of the report of each agency, one by one, so that the caller shows progress and never
    holds more than one."""
    for agency in agencies:
        report = agency_report(data, agency, stamp)
        content = report_pptx(report, template=template) if form == "pptx" else report_pdf(report)
        yield file_name([report.stamp.title, agency, report.stamp.fiscal_year], form), content


# --- slides -----------------------------------------------------------------------------------------------------


def _add_text_slides(deck: Deck, page: Page, stamp: Stamp) -> None:
    tables = [None] if page.table is None else _parts(page.table)
    for number, table in enumerate(tables, start=1):
        title = page.title if len(tables) == 1 else f"{page.title} ({number}/{len(tables)})"
        slide, area = add_titled_slide(deck, title)
        used = 0
        if page.lines and number == 1:
            used = add_text(deck, slide, area, page.lines, TEXT) + LINE // 2
        if table is not None:
            _add_table(deck, slide, Area(area.left, area.top + used, area.width, area.height - used), table)
        write_notes(slide, "\n".join([*page.lines, *stamp.lines()]))


def _parts(table: pd.DataFrame) -> list[pd.DataFrame]:
    """A table in parts of at most ROWS_A_SLIDE rows, as even as can be."""
    count = max(-(-len(table) // ROWS_A_SLIDE), 1)
    size = -(-len(table) // count)
    return [table.iloc[start : start + size] for start in range(0, max(len(table), 1), max(size, 1))]


def _add_table(deck: Deck, slide: Any, room: Area, table: pd.DataFrame) -> None:
    frame = slide.shapes.add_table(
        len(table) + 1, len(table.columns), Emu(room.left), Emu(room.top), Emu(room.width), LINE * (len(table) + 1)
    )
    grid = frame.table
    shares = [
        min(max(display_width(text) for text in [str(name), *table.iloc[:, column].astype(str)]), WIDEST) + 3
        for column, name in enumerate(table.columns)
    ]
    for column, share in enumerate(shares):
        grid.columns[column].width = Emu(room.width * share // sum(shares))
    for column, name in enumerate(table.columns):
        _write_cell(grid.cell(0, column), str(name), deck.font, HEAD, bold=True)
        for row, value in enumerate(table.iloc[:, column], start=1):
            _write_cell(grid.cell(row, column), str(value), deck.font, PLAIN if row % 2 else BAND)
    widths = [int(column.width) - CELL_MARGINS for column in grid.columns]
    for row, values in enumerate([list(table.columns), *table.to_numpy().tolist()]):
        tall = max(text_height([str(value)], CELL, width) for value, width in zip(values, widths, strict=True))
        grid.rows[row].height = Emu(max(LINE, tall + Pt(6)))


def _write_cell(cell: Any, text: str, font: str, background: str, *, bold: bool = False) -> None:
    cell.margin_top = cell.margin_bottom = Pt(2)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = _colour(background)
    write_lines(cell.text_frame, [text], CELL, font, bold=bold)
    for run in cell.text_frame.paragraphs[0].runs:
        run.font.color.rgb = _colour(PLAIN if background == HEAD else INK)


def _colour(digits: str) -> Any:
    return RGBColor.from_string(digits)  # type: ignore[no-untyped-call]
