"""Tables as csv, parquet and xlsx: values as they are, blanks as blanks, text never as a formula."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pmqa.exports.stamp import SEPARATOR, Stamp, clean_text, is_formula_like, metadata
from pmqa.shown import as_kept, shown

FONT: Final = "TH Sarabun New"  # what Thai offices write in; other programs fall back to a font with Thai
FONT_SIZE: Final = 14
# Number formats of scores and shares -> what their cells hold.
KEPT: Final[Mapping[str, Callable[[float], float]]] = {
    "0.0": as_kept,
    "0.00": partial(as_kept, digits=2),
    "0%": partial(as_kept, digits=0, share=True),
}
MOMENT: Final = "%Y-%m-%dT%H:%M:%S.%fZ"  # of csv
HEADING_ROWS: Final = 5  # of a sheet before its table's heading row: title, three lines of stamp, a blank one
NUMBER: Final = re.compile(r"[-+]?\d[\d,]*(\.\d+)?%?")
LEADING_VOWELS: Final = "เแโใไ"
TABLE: Final = "table"
LONGEST_CELL: Final = 32_767
LONGEST_SHEET_NAME: Final = 31
NARROWEST, WIDEST = 8, 60  # characters
SAMPLED_ROWS: Final = 300  # looked at for the width of a column
LINE_HEIGHT: Final = 21.0  # points of a line of Thai at FONT_SIZE, tone marks included
TALLEST: Final = 400.0  # Excel's limit is 409
INK, PALE = "#1F2937", "#E8EEF5"


def to_csv(frame: pd.DataFrame) -> bytes:
    """The table as CSV that Excel opens in Thai: UTF-8 with byte-order mark, CRLF, heading in the first row.

    One heading a column and nothing else, so that every reader has the table as it is; what it is of stands in the name
    of the file, and in datapackage.json where a zip has both. Moments are UTC, as MOMENT.

    Text that a spreadsheet would take for a formula gets a leading apostrophe (in text columns only: numbers keep
    their minus), as does such text that begins with apostrophes already, so that taking one away restores it
    (`unguarded`).
    """
    columns = {_guarded(str(name)): _guarded_text(frame[name]) for name in frame.columns}
    table = pd.DataFrame(columns, index=frame.index)
    text: str = table.to_csv(index=False, lineterminator="\r\n", date_format=MOMENT)
    return text.encode("utf-8-sig")


def to_paste(rows: Iterable[Sequence[str]]) -> str:
    """Rows of words as spreadsheets take them from the clipboard: a tab between cells, numbers with their sign, no text
    a formula."""
    return "\n".join("\t".join(_pasted(" ".join(cell.split())) for cell in row) for row in rows)


def to_parquet(frame: pd.DataFrame, stamp: Stamp | None = None) -> bytes:
    """The table as Parquet with its types; the stamp as JSON under the key `pmqa` of the file's metadata."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    if stamp is not None:
        note = json.dumps(metadata(stamp), ensure_ascii=False, sort_keys=True).encode()
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), b"pmqa": note})
    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd")
    return content.getvalue()


def to_xlsx(sheets: Mapping[str, pd.DataFrame], stamp: Stamp, formats: Mapping[str, str] | None = None) -> bytes:
    """A workbook with one sheet a table, each headed by the stamp.

    sheets: sheet name -> table; names are made to fit Excel's rules. formats: column -> Excel number format, where
    the column's type does not say enough ("0%" for shares); full precision is kept below it.
    """
    content = io.BytesIO()
    workbook = new_workbook(content, stamp)
    names = sheet_names(sheets)
    for name, frame in zip(names, sheets.values(), strict=True):
        heading = (stamp.title, *stamp.lines())
        write_table(workbook, workbook.add_worksheet(name), frame, heading, formats or {}, named=True)
    workbook.close()
    return content.getvalue()


def new_workbook(content: io.BytesIO, stamp: Stamp) -> Workbook:
    """An empty workbook that never guesses what a text means and whose bytes depend on the input alone."""
    workbook = xlsxwriter.Workbook(
        content,
        {
            "in_memory": True,  # also fixes the times of the zip's entries
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
            "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE},
        },
    )
    workbook.set_properties(
        {
            "title": clean_text(stamp.title),
            "subject": clean_text(stamp.basis_line()),
            "comments": clean_text(SEPARATOR.join(stamp.lines()[1:])),
            "created": stamp.moment,
        }
    )
    return workbook


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Names that Excel accepts, in order: no []:*?/\\ or outer apostrophe, at most 31 characters, none twice."""
    found: list[str] = []
    for raw in wanted:
        name = re.sub(r"[\[\]:*?/\\]", "-", clean_text(raw)).strip("' \t\r\n") or "-"
        candidate, number = _whole_words(name).rstrip("' ") or "-", 2  # cut within a quotation, perhaps
        while candidate.casefold() in {taken.casefold() for taken in found} | {"history"}:
            tail = f" ({number})"
            candidate, number = name[: LONGEST_SHEET_NAME - len(tail)] + tail, number + 1
        found.append(candidate)
    return found


def _whole_words(name: str) -> str:
    """A name of at most Excel's length: what is too long ends behind a word, with a sign that more was there."""
    if len(name) <= LONGEST_SHEET_NAME:
        return name
    head = name[: LONGEST_SHEET_NAME - 1]
    while unicodedata.category(name[len(head)]) == "Mn" or head[-1] in LEADING_VOWELS:
        head = head[:-1]  # between whole letters
    words, space, _ = head.rpartition(" ")
    return f"{words if space and len(words) > LONGEST_SHEET_NAME / 2 else head}…"


def write_table(
    workbook: Workbook,
    sheet: Worksheet,
    frame: pd.DataFrame,
    heading: Sequence[str],
    formats: Mapping[str, str],
    *,
    named: bool = False,
) -> None:
    """Heading (a title and up to three lines), heading row and rows on a sheet; panes frozen, with a filter.

    named: as a table of Excel's own, by which formulas and pivots call it; it needs a row, and headings that differ.
    """
    base: dict[str, Any] = {"font_name": FONT, "font_size": FONT_SIZE, "valign": "top"}
    title = workbook.add_format({**base, "bold": True, "font_size": FONT_SIZE + 4})
    note = workbook.add_format({**base, "font_color": INK})
    above = {**base, "bold": True, "bg_color": PALE, "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    above_text, above_number = workbook.add_format(above), workbook.add_format({**above, "align": "right"})
    sheet.set_default_row(LINE_HEIGHT)
    sheet.set_row(0, LINE_HEIGHT * 1.4)
    write_text(sheet, 0, 0, heading[0], title, title)
    for row, line in enumerate(heading[1:], start=1):
        write_text(sheet, row, 0, line, note, note)
    lines = np.ones(len(frame))
    heads: list[dict[str, Any]] = []
    for column, name in enumerate(frame.columns):
        series = frame.iloc[:, column]
        texts = _is_text(series)
        over = above_text if texts else above_number
        write_text(sheet, HEADING_ROWS, column, str(name), over, over)
        heads.append({"header": clean_text(str(name)), "header_format": over})
        style = {**base, **_number_format(series, formats.get(str(name))), "text_wrap": texts}
        _write_column(
            sheet,
            column,
            series,
            workbook.add_format(style),
            workbook.add_format({**style, "quote_prefix": True}),
            KEPT.get(str(style.get("num_format", "")), float),
        )
        sheet.set_column(column, column, _width(str(name), series))
        if texts:
            lines = np.maximum(lines, [_lines(value) for value in series])
    for index in np.flatnonzero(lines > 1).tolist():
        sheet.set_row(HEADING_ROWS + 1 + index, min(LINE_HEIGHT * float(lines[index]), TALLEST))
    sheet.freeze_panes(HEADING_ROWS + 1, 0)
    if len(frame.columns):
        area = (HEADING_ROWS, 0, HEADING_ROWS + max(len(frame), 1), len(frame.columns) - 1)
        told_apart = len({head["header"].casefold() for head in heads} - {""}) == len(heads)
        if named and len(frame) and told_apart:
            sheet.add_table(*area, {"name": _table_name(sheet), "columns": heads, "style": None})
        else:
            sheet.autofilter(*area)
        sheet.repeat_rows(HEADING_ROWS)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _table_name(sheet: Worksheet) -> str:
    """A name for formulas: the sheet's, as far as it is of letters that Excel takes, and its number."""
    words = re.sub(r"[^A-Za-z]+", "_", sheet.get_name()).strip("_")
    return f"{words or TABLE}_{sheet.index + 1}"


def write_text(sheet: Worksheet, row: int, column: int, text: str, style: Any, quoted: Any) -> None:
    """A text as a string cell, whatever it looks like; cut at Excel's limit."""
    shown = clean_text(text)
    if len(shown) > LONGEST_CELL:
        shown = shown[: LONGEST_CELL - 1] + "…"
    sheet.write_string(row, column, shown, quoted if is_formula_like(shown) else style)


def display_width(text: str) -> int:
    """Columns that the longest line of a text takes: Thai vowels and tone marks above and below take none."""
    return max(sum(unicodedata.category(character) != "Mn" for character in line) for line in text.split("\n"))


def _write_column(
    sheet: Worksheet, column: int, series: pd.Series[Any], style: Any, quoted: Any, kept: Callable[[float], float]
) -> None:
    """kept: what a cell holds of a value, so that its format shows what the screen does."""
    blank = series.isna().to_numpy()
    for row, value in enumerate(series.astype("object"), start=HEADING_ROWS + 1):
        if blank[row - HEADING_ROWS - 1]:
            continue
        if isinstance(value, str):
            write_text(sheet, row, column, value, style, quoted)
        elif isinstance(value, pd.Timestamp):
            sheet.write_datetime(row, column, value.tz_localize(None).to_pydatetime(), style)
        elif pd.api.types.is_bool(value):
            sheet.write_boolean(row, column, bool(value), style)
        elif pd.api.types.is_number(value):
            sheet.write_number(row, column, kept(float(value)), style)
        else:
            write_text(sheet, row, column, str(value), style, quoted)


def _is_text(series: pd.Series[Any]) -> bool:
    kind = series.dtype.categories.dtype if isinstance(series.dtype, pd.CategoricalDtype) else series.dtype
    return bool(pd.api.types.is_string_dtype(kind) or pd.api.types.is_object_dtype(kind))


def _number_format(series: pd.Series[Any], wanted: str | None) -> dict[str, str]:
    if wanted:
        return {"num_format": wanted}
    if pd.api.types.is_float_dtype(series.dtype):
        return {"num_format": "0.0"}
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return {"num_format": "yyyy-mm-dd hh:mm"}
    return {"num_format": "0"} if pd.api.types.is_integer_dtype(series.dtype) else {}


def _width(name: str, series: pd.Series[Any]) -> int:
    sample = series.dropna().head(SAMPLED_ROWS)
    if pd.api.types.is_float_dtype(series.dtype):
        texts = [str(shown(value)) for value in sample]
    else:
        texts = [str(value) for value in sample]
    widest = max([display_width(name) + 3, *map(display_width, texts)])  # 3: the filter's arrow
    return min(max(widest + 2, NARROWEST), WIDEST)


def _lines(value: object) -> int:
    if not isinstance(value, str) or (len(value) <= WIDEST and "\n" not in value):
        return 1
    return sum(max(-(-display_width(line) // WIDEST), 1) for line in value.split("\n"))


def _guarded_text(series: pd.Series[Any]) -> pd.Series[Any]:
    if not _is_text(series):
        return series
    guarded = {value: _guarded(value) if isinstance(value, str) else value for value in series.dropna().unique()}
    return series.astype("object").map(guarded)


def unguarded(text: str) -> str:
    """A text of a csv as it was: one apostrophe is taken away before what looks like a formula."""
    return text[1:] if text.startswith("'") and is_formula_like(text) else text


def _guarded(text: str) -> str:
    shown = clean_text(text)
    return f"'{shown}" if is_formula_like(shown) else shown


def _pasted(text: str) -> str:
    return text if NUMBER.fullmatch(text) else _guarded(text)
