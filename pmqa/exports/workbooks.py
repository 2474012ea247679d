"""Workbooks with native, editable charts: a sheet a chart with the numbers that it is drawn from."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pmqa.exports.chart_xml import heights, label_share, mark_of
from pmqa.exports.native import MOST_LABELLED, NativeChart, Series, caption_line
from pmqa.exports.slides import source_line
from pmqa.exports.stamp import Stamp, clean_text
from pmqa.exports.tables import FONT, HEADING_ROWS, new_workbook, sheet_names, write_table
from pmqa.text import translator

DASHES: Final = {
    "solid": "solid",
    "dot": "round_dot",
    "dash": "dash",
    "longdash": "long_dash",
    "dashdot": "dash_dot",
    "longdashdot": "long_dash_dot",
}
MARKS: Final = {"dash": "long_dash"}
INK, GRID = "#1F2937", "#CBD5E1"
SIZE: Final = 12  # points
WIDTH: Final = 900  # pixels
ROW_HEIGHT: Final = 26  # pixels of a row of bars or dots
FIRST: Final = HEADING_ROWS + 1  # row of the first value


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
    return content.getvalue()


def _write_chart_sheet(workbook: Workbook, sheet: Worksheet, chart: NativeChart, stamp: Stamp) -> None:
    t = translator(stamp.language)
    heading = (chart.caption.title, caption_line(chart, t), source_line(chart, stamp, t), " ".join(chart.caption.notes))
    columns = [chart.labels, *(series.values for series in chart.series)]
    names = [t("exports.row"), *(series.name for series in chart.series)]
    frame = pd.concat(
        [pd.Series(column, dtype="str" if number == 0 else "float64") for number, column in enumerate(columns)], axis=1
    )
    frame.columns = pd.Index(names)
    write_table(workbook, sheet, frame, heading, {})
    helpers = len(names)
    if chart.kind == "dots":
        for row, height in enumerate(heights(chart)):
            sheet.write_number(FIRST + row, helpers, height)
            sheet.write_number(FIRST + row, helpers + 1, 0.0)
        sheet.set_column(helpers, helpers + 1, None, None, {"hidden": True})
    drawn = {"radar": _radar, "bars": _bars, "stacked": _bars, "dots": _dots, "lines": _lines}[chart.kind](
        workbook, sheet.get_name(), chart
    )
    drawn.set_title(
        {
            "name": _plain(f"{chart.caption.title} · {caption_line(chart, t)}"),
            "name_font": {"name": FONT, "size": SIZE, "bold": False, "color": INK},
            "overlay": False,
        }
    )
    drawn.show_blanks_as("gap")
    drawn.show_hidden_data()
    drawn.set_legend(
        {"position": "bottom", "font": _font(), **({"delete_series": [0]} if chart.kind == "dots" else {})}
    )
    rows = len(chart.labels)
    drawn.set_size(
        {"width": WIDTH, "height": 560 if chart.kind in {"radar", "lines"} else max(ROW_HEIGHT * rows + 160, 360)}
    )
    sheet.insert_chart(HEADING_ROWS, helpers + 3, drawn, {"description": clean_text(chart.alt or chart.caption.title)})


def _radar(workbook: Workbook, sheet: str, chart: NativeChart) -> Any:
    drawn = workbook.add_chart({"type": "radar", "subtype": "with_markers"})
    for number, series in enumerate(chart.series, start=1):
        drawn.add_series({**_refs(sheet, chart, number), "line": _line(series, 2.25), "marker": _marker(series, 7)})
    drawn.set_x_axis({"num_font": _font(), "major_gridlines": {"visible": True, "line": {"color": GRID}}})
    drawn.set_y_axis(_scale(chart))
    return drawn


def _bars(workbook: Workbook, sheet: str, chart: NativeChart) -> Any:
    stacked = chart.kind == "stacked"
    drawn = workbook.add_chart({"type": "bar", **({"subtype": "stacked"} if stacked else {})})
    for number, series in enumerate(chart.series, start=1):
        printed = not stacked and len(chart.series) <= MOST_LABELLED
        labels = {"data_labels": {"value": True, "num_format": "0.0", "font": _font()}} if printed else {}
        drawn.add_series({**_refs(sheet, chart, number), "fill": {"color": series.look.colour}, "gap": 60, **labels})
    # In a bar chart x is the axis of names.
    drawn.set_x_axis({"num_font": _font(), "reverse": True, "line": {"color": GRID}})
    drawn.set_y_axis({**_scale(chart), "crossing": "max"})
    return drawn


def _lines(workbook: Workbook, sheet: str, chart: NativeChart) -> Any:
    drawn = workbook.add_chart({"type": "line"})
    for number, series in enumerate(chart.series, start=1):
        drawn.add_series({**_refs(sheet, chart, number), "line": _line(series, 2.25), "marker": _marker(series, 7)})
    drawn.set_x_axis({"num_font": _font(), "line": {"color": GRID}})
    drawn.set_y_axis(_scale(chart))
    return drawn


def _dots(workbook: Workbook, sheet: str, chart: NativeChart) -> Any:
    """A scatter whose rows are named by the data labels of a series without marks on the axis."""
    drawn = workbook.add_chart({"type": "scatter"})
    last = FIRST + len(chart.labels) - 1
    height_column = len(chart.series) + 1
    high = [sheet, FIRST, height_column, last, height_column]
    drawn.add_series(
        {
            "name": " ",
            "categories": [sheet, FIRST, height_column + 1, last, height_column + 1],
            "values": high,
            "marker": {"type": "none"},
            "line": {"none": True},
            "data_labels": {
                "value": True,
                "position": "left",
                "font": _font(),
                "custom": [{"value": _plain(label), "font": _font()} for label in chart.labels],
            },
        }
    )
    for number, series in enumerate(chart.series, start=1):
        drawn.add_series(
            {
                "name": [sheet, HEADING_ROWS, number],
                "categories": [sheet, FIRST, number, last, number],
                "values": high,
                "line": _line(series, 1.5) if series.rule else {"none": True},
                "marker": {"type": "none"} if series.rule else _marker(series, 9),
            }
        )
    drawn.set_x_axis(_scale(chart))
    drawn.set_y_axis(
        {"visible": False, "min": 0.4, "max": len(chart.labels) + 0.6, "major_gridlines": {"visible": False}}
    )
    left = label_share(chart)
    drawn.set_plotarea({"layout": {"x": left, "y": 0.1, "width": 0.97 - left, "height": 0.76}})
    return drawn


def _refs(sheet: str, chart: NativeChart, number: int) -> dict[str, Any]:
    last = FIRST + len(chart.labels) - 1
    return {
        "name": [sheet, HEADING_ROWS, number],
        "categories": [sheet, FIRST, 0, last, 0],
        "values": [sheet, FIRST, number, last, number],
    }


def _scale(chart: NativeChart) -> dict[str, Any]:
    return {
        "min": 0,
        "max": chart.maximum,
        "major_unit": chart.unit,
        "num_font": _font(),
        "num_format": "0",
        "line": {"color": GRID},
        "major_gridlines": {"visible": True, "line": {"color": GRID, "width": 0.5}},
    }


def _line(series: Series, width: float) -> dict[str, Any]:
    return {"color": series.look.colour, "width": width, "dash_type": DASHES.get(series.look.dash, "solid")}


def _marker(series: Series, size: int) -> dict[str, Any]:
    mark = mark_of(series.look)
    return {
        "type": MARKS.get(mark, mark),
        "size": size,
        "border": {"color": series.look.colour},
        "fill": {"none": True} if mark in {"x", "star", "plus"} else {"color": series.look.colour},
    }


def _font() -> dict[str, Any]:
    return {"name": FONT, "size": SIZE, "color": INK, "bold": False}


def _plain(text: str) -> str:
    """xlsxwriter takes a chart's text that begins with = for a reference to a cell."""
    shown = clean_text(text)
    return f" {shown}" if shown.startswith("=") else shown
