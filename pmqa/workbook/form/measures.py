"""The sheet of category 7: one row per measure, at least two for each indicator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from pmqa.framework import Category, Framework, Indicator
from pmqa.text import Translator
from pmqa.workbook import layout
from pmqa.workbook.form.answers import Rows, is_locked
from pmqa.workbook.form.content import Content
from pmqa.workbook.form.formulas import MEASURE_SPANS, span_name
from pmqa.workbook.form.grid import (
    LAST_ROW,
    add_list,
    add_number,
    body_look,
    heading_look,
    on_two_pages,
    protect,
    say_once,
    say_progress,
    separate_thousands,
    start_table,
    tint_blanks,
)
from pmqa.workbook.form.looks import Painter, line_count, set_height

YEARS_BACK: Final = {"actual_2": 2, "actual_1": 1, "actual": 0}
CENTRED: Final = {"indicator", "direction", "method", "answer"}


def write_measures(
    sheet: Worksheet, painter: Painter, framework: Framework, category: Category, content: Content, t: Translator
) -> Rows:
    """The sheet of measures. Returns where each row of an indicator stands.

    A row that people insert takes its look from the row above it; so the id is locked in an indicator's first row only
    and offered as a list in the others.
    """
    columns = layout.MEASURE_COLUMNS
    title = t("form.category_title", number=category.id, name=t.pick(category.name))
    start_table(sheet, painter, columns, title, t)
    _head_years(sheet, painter, content, t)
    locked = {column.key: is_locked(column, content) for column in columns}
    rows: Rows = {}
    row = layout.FIRST_ROW
    for item in framework.items_of[category.id]:
        for indicator in framework.indicators_of[item.id]:
            sent = content.rows.get(indicator.id, ())
            for number in range(1, max(layout.BLANK_MEASURE_ROWS, len(sent)) + 1):
                values = {
                    **(sent[number - 1] if number <= len(sent) else {}),
                    "indicator": indicator.id,
                    "indicator_name": _name(indicator, t),
                }
                lines = 2
                for place, column in enumerate(columns, 1):
                    key, value = column.key, values.get(column.key)
                    is_id = key == "indicator"
                    look = body_look(
                        locked=(number == 1 or content.reviewed) if is_id else locked[key],
                        centred=key in CENTRED,
                        rule=number == 1,
                        number_format="@" if is_id else "General",
                    )
                    painter.put(sheet, row, place, value, look._replace(bold=is_id))
                    if isinstance(value, str):
                        lines = max(lines, line_count(value, column.width))
                set_height(sheet, row, lines)
                rows[indicator.id, number] = (sheet.title, row)
                row += 1
    _offer_lists(sheet, framework, t)
    _help_to_fill_in(sheet, painter, locked, t)
    _name_spans(sheet)
    sheet.freeze_panes = f"C{layout.FIRST_ROW}"
    on_two_pages(sheet, "A:B")
    protect(sheet, rows=True)
    return rows


def _name(indicator: Indicator, t: Translator) -> str:
    """The name, * for a core indicator, and what applies where unit and direction are left blank."""
    direction = t(f"form.{indicator.direction}")
    return f"{t.pick(indicator.name)}{' *' if indicator.core else ''}\n({t.pick(indicator.unit)} · {direction})"


def _head_years(sheet: Worksheet, painter: Painter, content: Content, t: Translator) -> None:
    """The actuals by their years: as text where the form knows its year, else following the agency's cell."""
    year = content.agency.get("fiscal_year")
    for place, column in enumerate(layout.MEASURE_COLUMNS, 1):
        if column.key not in YEARS_BACK:
            continue
        back, look = YEARS_BACK[column.key], heading_look(column.filled_by)
        if isinstance(year, int):
            painter.put(sheet, layout.HEADING_ROW, place, t("form.actual_of", year=year - back), look)
        else:
            of_year = t("form.actual_of", year="").strip()
            plain = t.pick(column.words)
            text = f'=IF(ISNUMBER(fiscal_year),"{of_year} "&(fiscal_year-{back}),"{plain}")'
            said = plain if not isinstance(year, float) else f"{of_year} {year - back:g}"
            painter.formula(sheet, layout.HEADING_ROW, place, text, look, said)


def _offer_lists(sheet: Worksheet, framework: Framework, t: Translator) -> None:
    spans = {
        column.key: f"{letter}{layout.FIRST_ROW}:{letter}{LAST_ROW}"
        for column, letter in (
            (column, get_column_letter(place)) for place, column in enumerate(layout.MEASURE_COLUMNS, 1)
        )
    }
    add_list(sheet, spans["indicator"], [indicator.id for indicator in framework.indicators], t)
    add_list(sheet, spans["direction"], tuple(layout.DIRECTIONS.values()), t, hint="form.direction_hint")
    add_list(sheet, spans["method"], tuple(layout.METHODS.values()), t, hint="form.method_hint")
    add_list(sheet, spans["answer"], tuple(layout.ACCEPTED.values()), t)
    for key in layout.NUMBER_COLUMNS:
        hint = "form.step_hint" if key == "step" else "form.number_hint"
        add_number(sheet, spans[key], t, above_zero=key == "step", hint=hint)


def _help_to_fill_in(sheet: Worksheet, painter: Painter, locked: Mapping[str, bool], t: Translator) -> None:
    """Separators, one name an indicator, what is still blank of a measure that is named, how many results there are."""
    letters = {column.key: get_column_letter(place) for place, column in enumerate(layout.MEASURE_COLUMNS, 1)}
    first = layout.FIRST_ROW
    spans = {key: f"{letter}{first}:{letter}{LAST_ROW}" for key, letter in letters.items()}
    for key in layout.NUMBER_COLUMNS:
        separate_thousands(sheet, spans[key], f"{letters[key]}{first}")
    name = letters["indicator_name"]
    say_once(sheet, spans["indicator_name"], f"{name}{first}", f"{name}{first - 1}")
    for key in ("target", "actual"):
        if not locked[key]:
            tint_blanks(sheet, spans[key], f"{letters[key]}{first}", f"LEN(TRIM(${letters['measure']}{first}))>0")
    results = (
        f"COUNT({spans['actual']})",
        sum(cell.data_type == "n" and cell.value is not None for cell in sheet[letters["actual"]]),
    )
    say_progress(sheet, painter, layout.MEASURE_COLUMNS, results, t("form.with_results"), "")


def _name_spans(sheet: Worksheet) -> None:
    """Names for the columns that the score sheet computes from; programs widen them as rows are inserted."""
    keys = [column.key for column in layout.MEASURE_COLUMNS]
    for key in MEASURE_SPANS:
        letter = get_column_letter(keys.index(key) + 1)
        reference = f"'{sheet.title}'!${letter}$1:${letter}${LAST_ROW}"
        sheet.parent.defined_names[span_name(key)] = DefinedName(span_name(key), attr_text=reference)
