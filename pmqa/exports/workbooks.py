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
from pmqa.exports.chart_xml import chart_xml
from pmqa.exports.dots_xml import Helper, helpers
from pmqa.exports.drawings import PAGED, Piece, pieces_of, topic_line
from pmqa.exports.editable import Place
from pmqa.exports.grids import colour_grid
from pmqa.exports.legends import height_below
from pmqa.exports.native import ONE_PAGE, NativeChart, caption_line
from pmqa.exports.slides import source_line
from pmqa.exports.stamp import Stamp, clean_text
from pmqa.exports.tables import FONT, FONT_SIZE, HEADING_ROWS, new_workbook, sheet_names, write_table, write_text
from pmqa.text import Translator, translator

SIZE: Final = 12  # points
WIDTH: Final = 1000  # pixels
NAMES_WIDTH, VALUES_WIDTH = 32, 16  # characters of the columns of agencies beside a chart
HEIGHT: Final = 600  # of a chart without rows
PANEL_HEIGHT: Final = 300  # of a small multiple
ROWS_ACROSS: Final = 12  # more of them, with the chart below, fill an upright page
ROW_HEIGHT, AROUND, SHORTEST = 30, 220, 480  # pixels of a row of bars or dots, around them, and of few of them


def xlsx_with_charts(
    charts: Sequence[NativeChart | Drawing],
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
        if isinstance(chart, Drawing):
            _write_drawing_sheet(workbook, workbook.add_worksheet(name), chart, stamp)
        else:
            _write_chart_sheet(workbook, workbook.add_worksheet(name), chart, stamp)
    for name, frame in zip(names[len(charts) :], tables.values(), strict=True):
        write_table(workbook, workbook.add_worksheet(name), frame, (stamp.title, *stamp.lines()), formats or {})
    workbook.close()
    parts = (
        part
        for name, chart in zip(names, charts, strict=False)
        if chart.kind != "grid"
        for part in _chart_parts(chart, Source(name, HEADING_ROWS + 1), stamp)
    )
    drawn = {f"xl/charts/chart{number}.xml": part for number, part in enumerate(parts, start=1)}
    return repacked(content.getvalue(), drawn)


def _chart_parts(chart: NativeChart | Drawing, source: Source, stamp: Stamp) -> list[bytes]:
    t, height = translator(stamp.language), _height_of(chart)
    if isinstance(chart, Drawing):
        return [piece.xml for piece in pieces_of(chart, _place_of(chart, source, t), t)]
    title = (chart.caption.title, caption_line(chart, t))
    return [chart_xml(chart, FONT, SIZE, width=WIDTH, height=height, source=source, title=title)]


def _place_of(drawing: Drawing, source: Source, t: Translator) -> Place:
    return Place(FONT, SIZE, WIDTH, _height_of(drawing), source, (drawing.finding, topic_line(drawing, t)))


def _write_drawing_sheet(workbook: Workbook, sheet: Worksheet, drawing: Drawing, stamp: Stamp) -> None:
    """The numbers of a drawing, and below them its chart, which follows them."""
    t = translator(stamp.language)
    notes = " ".join((*drawing.notes, *drawing.caption.notes))
    heading = (drawing.finding, topic_line(drawing, t), source_line(drawing, stamp, t), notes)
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


def _write_chart_sheet(workbook: Workbook, sheet: Worksheet, chart: NativeChart, stamp: Stamp) -> None:
    t = translator(stamp.language)
    heading = (chart.caption.title, caption_line(chart, t), source_line(chart, stamp, t), " ".join(chart.caption.notes))
    columns = [pd.Series(chart.labels, dtype="str"), *(pd.Series(s.values, dtype="float64") for s in chart.series)]
    frame = pd.concat(columns, axis=1)
    frame.columns = pd.Index([t("exports.row"), *(series.name for series in chart.series)])
    write_table(workbook, sheet, frame, heading, {})
    beside = enumerate(helpers(chart), start=len(columns))
    first, rows = HEADING_ROWS + 1, len(chart.labels)
    longest = max([rows, *(_write_helper(workbook, sheet, helper, first, column) for column, helper in beside)])
    box = _Box(0, 0, WIDTH, _height_of(chart))
    _insert_chart(workbook, sheet, longest, rows, box, chart.alt or chart.caption.title)


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


def _height_of(chart: NativeChart | Drawing) -> int:
    """Pixels of a chart on its sheet."""
    if isinstance(chart, Drawing):
        legend = height_below([layer.name for layer in chart.drawn() if layer.legend], WIDTH, SIZE)
        tall = max(ROW_HEIGHT * len(chart.rows) + AROUND, SHORTEST) if chart.kind in PAGED else HEIGHT
        lines = math.ceil(len(chart.panels) / COLUMNS)
        return round(lines * PANEL_HEIGHT if lines else tall + legend)
    if chart.kind in ONE_PAGE:
        return HEIGHT
    legend = height_below(chart.names, WIDTH, SIZE)
    return round(max(ROW_HEIGHT * len(chart.labels) + AROUND, SHORTEST) + legend)


def _write_helper(workbook: Workbook, sheet: Worksheet, helper: Helper, first: int, column: int) -> int:
    """A column that a scatter needs, hidden where it says nothing; its rows."""
    style = {"font_name": FONT, "font_size": FONT_SIZE, "num_format": "0.0"}
    plain, quoted = workbook.add_format(style), workbook.add_format({**style, "quote_prefix": True})
    above = workbook.add_format({**style, "bold": True, "text_wrap": True, "valign": "vcenter"})
    if helper.head:
        write_text(sheet, first - 1, column, helper.head, above, above)
    for row, value in enumerate(helper.values, start=first):
        if isinstance(value, str):
            write_text(sheet, row, column, value, plain, quoted)
        elif value is not None:
            sheet.write_number(row, column, value, plain)
    if not helper.head:
        sheet.set_column(column, column, None, None, {"hidden": True})
    else:
        named = any(isinstance(value, str) for value in helper.values)
        sheet.set_column(column, column, NAMES_WIDTH if named else VALUES_WIDTH)
    return len(helper.values)
