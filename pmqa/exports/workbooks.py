"""Workbooks with native, editable charts: a sheet a chart with the numbers that it is drawn from."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pmqa.exports.archive import repacked
from pmqa.exports.chart_xml import Source, chart_xml, heights
from pmqa.exports.native import NativeChart, caption_line
from pmqa.exports.slides import source_line
from pmqa.exports.stamp import Stamp, clean_text
from pmqa.exports.tables import FONT, HEADING_ROWS, new_workbook, sheet_names, write_table
from pmqa.text import translator

SIZE: Final = 12  # points
WIDTH: Final = 1000  # pixels
HEIGHT: Final = 600  # of a chart without rows
ROWS_ACROSS: Final = 12  # more of them, with the chart below, fill an upright page
ROW_HEIGHT, SHORTEST = 28, 480  # pixels of a row of bars or dots, and of few of them


def xlsx_with_charts(
    charts: Sequence[NativeChart],
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
        write_table(workbook, workbook.add_worksheet(name), frame, (stamp.title, *stamp.lines()), formats or {})
    workbook.close()
    drawn = {
        f"xl/charts/chart{number}.xml": chart_xml(
            chart,
            FONT,
            SIZE,
            source=Source(name, HEADING_ROWS + 1),
            title=(chart.caption.title, caption_line(chart, translator(stamp.language))),
        )
        for number, (name, chart) in enumerate(zip(names, charts, strict=False), start=1)
    }
    return repacked(content.getvalue(), drawn)


def _write_chart_sheet(workbook: Workbook, sheet: Worksheet, chart: NativeChart, stamp: Stamp) -> None:
    t = translator(stamp.language)
    heading = (chart.caption.title, caption_line(chart, t), source_line(chart, stamp, t), " ".join(chart.caption.notes))
    columns = [pd.Series(chart.labels, dtype="str"), *(pd.Series(s.values, dtype="float64") for s in chart.series)]
    frame = pd.concat(columns, axis=1)
    frame.columns = pd.Index([t("exports.row"), *(series.name for series in chart.series)])
    write_table(workbook, sheet, frame, heading, {})
    first, rows, helpers = HEADING_ROWS + 1, len(chart.labels), len(columns)
    if chart.kind == "dots":
        for row, height in enumerate(heights(chart), start=first):
            sheet.write_number(row, helpers, height)
            sheet.write_number(row, helpers + 1, 0.0)
        sheet.set_column(helpers, helpers + 1, None, None, {"hidden": True})
    sheet.fit_to_pages(1, 1)
    if rows > ROWS_ACROSS:
        sheet.set_portrait()
    # xlsxwriter places a chart and links it to the sheet; its content is replaced by ours when the file is packed.
    placed = workbook.add_chart({"type": "bar"})
    placed.add_series({"values": [sheet.get_name(), first, 1, first + rows - 1, 1]})
    tall = HEIGHT if chart.kind in {"radar", "lines"} else max(ROW_HEIGHT * rows + 160, SHORTEST)
    placed.set_size({"width": WIDTH, "height": tall})
    sheet.insert_chart(first + rows + 1, 0, placed, {"description": clean_text(chart.alt or chart.caption.title)})
