"""The sheets of categories 1 to 6: one row per criterion."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pmqa.framework import Category, Framework
from pmqa.sources import SOURCES
from pmqa.text import Translator
from pmqa.workbook import layout
from pmqa.workbook.form.content import Content
from pmqa.workbook.form.grid import (
    LAST_ROW,
    add_hint,
    add_list,
    body_look,
    protect,
    say_once,
    say_progress,
    start_table,
    tint_blanks,
)
from pmqa.workbook.form.looks import AMBER, Painter, line_count, set_height
from pmqa.workbook.layout import Column

LEVEL_FILLS = ("E3EEF9", "DDF3E4", "FBE9D7")
CENTRED = {"criterion", "level", "answer", layout.AGENCY_ANSWER.key}
ASSESSORS: Final = {  # widths of an assessor's form, so that a page of A4 is as wide as all of them
    **{"item": 24, "level": 11, "text": 48, layout.AGENCY_ANSWER.key: 11, "answer": 12},
    **{"explanation": 31, "evidence": 31, "suggestion": 29},
}
Rows = dict[tuple[str, int], tuple[str, int]]  # (id, number among its rows) -> (sheet, row)


def criterion_columns(content: Content) -> tuple[Column, ...]:
    """The columns of a form: an assessor's shows the agency's answers before its own, and is printed with suggestions,
    for which others are narrower."""
    columns = list(layout.CRITERION_COLUMNS)
    if content.shows_agency_answers:
        columns.insert([column.key for column in columns].index("answer"), layout.AGENCY_ANSWER)
    widths = ASSESSORS if SOURCES[content.source].reviews else {}
    return tuple(replace(column, width=widths.get(column.key, column.width)) for column in columns)


def is_locked(column: Column, content: Content) -> bool:
    """Whether the form keeps a column from being edited: what the other source fills in, and the form's own."""
    by_assessor = column.filled_by == "assessor" or (content.reviewed and column.key == "answer")
    if by_assessor:
        return not SOURCES[content.source].reviews
    return column.filled_by == "form" or content.reviewed


def write_category(
    sheet: Worksheet, painter: Painter, framework: Framework, category: Category, content: Content, t: Translator
) -> Rows:
    """A sheet of criteria. Returns where each of them stands."""
    columns = criterion_columns(content)
    title = t("form.category_title", number=category.id, name=t.pick(category.name))
    start_table(sheet, painter, columns, title, t)
    locked = {column.key: is_locked(column, content) for column in columns}
    fills = dict(zip((level.id for level in framework.levels), LEVEL_FILLS * len(framework.levels), strict=False))
    rows: Rows = {}
    row = layout.FIRST_ROW
    for item in framework.items_of[category.id]:
        name = f"{item.id} {t.pick(item.title)}"
        for first, criterion in enumerate(framework.criteria_of[item.id]):
            sent = (content.rows.get(criterion.id) or ({},))[0]
            values = {
                **sent,
                "criterion": criterion.id,
                "item": name,
                "level": t.pick(framework.level[criterion.level].name),
                "text": t.pick(criterion.text),
            }
            lines = 2
            for number, column in enumerate(columns, 1):
                value = values.get(column.key)
                look = body_look(locked=locked[column.key], centred=column.key in CENTRED, rule=first == 0)
                if column.key == "level":
                    look = look._replace(fill=fills[criterion.level])
                elif column.key == "criterion":
                    look = look._replace(number_format="@", bold=True)
                painter.put(sheet, row, number, value, look)
                if isinstance(value, str):
                    lines = max(lines, line_count(value, column.width))
            set_height(sheet, row, lines)
            rows[criterion.id, 1] = (sheet.title, row)
            row += 1
    letters = {column.key: get_column_letter(number) for number, column in enumerate(columns, 1)}
    first_row, last_row = layout.FIRST_ROW, row - 1
    evidence, answer, item = letters["evidence"], letters["answer"], letters["item"]
    spans = {key: f"{letter}{first_row}:{letter}{LAST_ROW}" for key, letter in letters.items()}
    add_list(sheet, spans["answer"], tuple(layout.MET.values()), t, hint="form.answer_hint")
    if not locked["evidence"]:
        add_hint(sheet, spans["evidence"], t, "form.evidence_hint")
    if not locked["answer"]:
        tint_blanks(sheet, f"{answer}{first_row}:{answer}{last_row}", f"{answer}{first_row}")
    say_once(sheet, f"{item}{first_row}:{item}{last_row}", f"{item}{first_row}", f"{item}{first_row - 1}")
    answers = (sheet[f"{answer}{place}"].value for place in range(first_row, last_row + 1))
    given = sum(isinstance(value, str) and value != "" for value in answers)
    answered = f'COUNTIF({answer}{first_row}:{answer}{last_row},"?*")', given
    say_progress(sheet, painter, columns, answered, t("form.answered"), f"/{last_row - first_row + 1}")
    if locked["suggestion"]:
        sheet.print_area = f"A1:{evidence}{last_row}"  # nobody writes in what is right of it
    sheet.conditional_formatting.add(
        f"{evidence}{first_row}:{evidence}{last_row}",
        FormulaRule(
            [f'AND(${answer}{first_row}="{layout.MET[True]}",LEN(TRIM(${evidence}{first_row}))=0)'],
            fill=PatternFill("solid", bgColor=AMBER),
        ),
    )
    sheet.freeze_panes = f"{answer}{first_row}"
    sheet.auto_filter.ref = f"A{layout.HEADING_ROW}:{get_column_letter(len(columns))}{last_row}"
    protect(sheet)
    return rows
