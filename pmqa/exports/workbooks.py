"""Workbooks with native, editable charts: a sheet a chart with the numbers that it is drawn from."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import pandas as pd
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pmqa.charts.drawing import Drawing
from pmqa.charts.render.radar import COLUMNS
from pmqa.charts.render.wording import alt, table
from pmqa.exports.archive import repacked
from pmqa.exports.chart_parts import Source
from pmqa.exports.drawings import PAGED, Piece, pieces_of, topic_line
from pmqa.exports.editable import Place
from pmqa.exports.grids import colour_grid
from pmqa.exports.legends import height_below
from pmqa.exports.slides import source_line
from pmqa.exports.stamp import SEPARATOR, Stamp, clean_text
from pmqa.exports.tables import FONT, FONT_SIZE, HEADING_ROWS, new_workbook, sheet_names, write_table
from pmqa.text import Translator, translator

SIZE: Final = 12  # points
WIDTH: Final = 1000  # pixels
NAMES_WIDTH, VALUES_WIDTH = 32, 16  # characters of the columns of agencies beside a chart
HEIGHT: Final = 600  # of a chart without rows
PANEL_HEIGHT: Final = 300  # of a small multiple
ROWS_ACROSS: Final = 12  # more of them, with the chart below, fill an upright page
ROW_HEIGHT, AROUND, SHORTEST = 30, 220, 480  # pixels of a row of bars or dots, around them, and of few of them


def xlsx_with_charts(
    charts: Sequence[Drawing],
    stamp: Stamp,
    sheets: Mapping[str, pd.DataFrame] | None = None,
    formats: Mapping[str, str] | None = None,
) -> bytes:
    """A workbook with a sheet for each chart, its numbers beside it, and a sheet for each further table.

    The charts are Excel's own and follow the numbers when they are edited; blanks stay gaps, the scale stays fixed.
    """
    content = io.BytesIO()
    workbook = new_workbook(content, stamp)
    tables = dict(sheets or {})
    # Two charts may have one title: numbers keep them apart before the names are cut to Excel's length.
    names = sheet_names([f"{number} {chart.caption.title}" for number, chart in enumerate(charts, start=1)] + [*tables])
    for name, chart in zip(names, charts, strict=False):
        _write_chart_sheet(workbook, workbook.add_worksheet(name), chart, stamp)
    for name, frame in zip(names[len(charts) :], tables.values(), strict=True):
        heading = (stamp.title, *stamp.lines())
        write_table(workbook, workbook.add_worksheet(name), frame, heading, formats or {}, named=True)
    workbook.close()
    t = translator(stamp.language)
    parts = (
        piece.xml
        for name, chart in zip(names, charts, strict=False)
        if chart.kind != "grid"
        for piece in pieces_of(chart, _place_of(chart, Source(name, HEADING_ROWS + 1), t), t)
    )
    drawn = {f"xl/charts/chart{number}.xml": part for number, part in enumerate(parts, start=1)}
    return repacked(content.getvalue(), drawn)


def _place_of(drawing: Drawing, source: Source, t: Translator) -> Place:
    return Place(FONT, SIZE, WIDTH, _height_of(drawing), source, (drawing.finding, topic_line(drawing, t)))


def _write_chart_sheet(workbook: Workbook, sheet: Worksheet, drawing: Drawing, stamp: Stamp) -> None:
    """The numbers of a drawing, and below them its chart, which follows them."""
    t = translator(stamp.language)
    notes = " ".join((*drawing.footnotes, *drawing.caption.notes))
    origin = SEPARATOR.join((source_line(drawing, t), stamp.origin_line(shown=True)))
    heading = (drawing.finding, topic_line(drawing, t), origin, notes)
    source = Source(sheet.get_name(), HEADING_ROWS + 1)
    if drawing.kind == "grid":
        write_table(workbook, sheet, table(drawing, t), heading, {})
        colour_grid(workbook, sheet, drawing, source.names_row)
        return
    pieces = list(pieces_of(drawing, _place_of(drawing, source, t), t))
    numbers = pieces[0].sheet
    write_table(workbook, sheet, pd.DataFrame({t("exports.row"): numbers.names}), heading, {})
    numbers.write(workbook, sheet, {"font_name": FONT, "font_size": FONT_SIZE})
    for number, piece in enumerate(pieces):
        said = piece.name if number else alt(drawing)
        _insert_chart(workbook, sheet, numbers.deepest, len(drawing.rows), _Box.of(piece), said)


class _Box(NamedTuple):
    """Pixels from where a sheet's charts begin, and of a chart's size."""

    left: float
    top: float
    width: float
    height: float

    @staticmethod
    def of(piece: Piece) -> _Box:
        """Of a piece of a drawing."""
        return _Box(piece.left, piece.top, piece.place.width, piece.place.height)


def _insert_chart(workbook: Workbook, sheet: Worksheet, longest: int, rows: int, box: _Box, said: str) -> None:
    """A chart below the `longest` column: xlsxwriter places it and links it to the sheet; its content is replaced by
    ours when the file is packed."""
    first = HEADING_ROWS + 1
    sheet.fit_to_pages(1, 1)
    if rows > ROWS_ACROSS:
        sheet.set_portrait()
    placed = workbook.add_chart({"type": "bar"})
    placed.add_series({"values": [sheet.get_name(), first, 1, first + rows - 1, 1]})
    placed.set_size({"width": box.width, "height": box.height})
    place = {"x_offset": box.left, "y_offset": box.top, "description": clean_text(said)}
    sheet.insert_chart(first + longest + 1, 0, placed, place)


def _height_of(drawing: Drawing) -> int:
    """Pixels of a drawing's charts on their sheet."""
    if drawing.panels:
        return PANEL_HEIGHT * math.ceil(len(drawing.panels) / COLUMNS)
    legend = height_below([layer.name for layer in drawing.drawn() if layer.legend], WIDTH, SIZE)
    tall = max(ROW_HEIGHT * len(drawing.rows) + AROUND, SHORTEST) if drawing.kind in PAGED else HEIGHT
    return round(tall + legend)
