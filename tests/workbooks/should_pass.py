"""Forms as people and programs leave them: each reads as the small submission, or with the change that is named."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import random
import re
import zipfile
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from pmqa.submission import Submission
from pmqa.workbook import layout
from tests.forms import (
    CATEGORY,
    FIRST,
    RESULTS,
    column_of,
    packed,
    parts_of,
    put,
    put_agency,
    row_of,
    sheet_part,
    small_form,
    small_framework,
    small_submission,
    with_cell,
    with_parts,
    with_sheet,
)
from tests.workbooks.case import Cases, Change

PASSES = Cases()


def answer(criterion: str, **changes: Any) -> Change:
    def change(submission: Submission) -> Submission:
        answers = tuple(
            dataclasses.replace(one, **changes) if one.criterion == criterion else one for one in submission.answers
        )
        return dataclasses.replace(submission, answers=answers)

    return change


def measure(place: int, **changes: Any) -> Change:
    def change(submission: Submission) -> Submission:
        measures = list(submission.measures)
        measures[place] = dataclasses.replace(measures[place], **changes)
        return dataclasses.replace(submission, measures=tuple(measures))

    return change


def fields(**changes: Any) -> Change:
    return lambda submission: dataclasses.replace(submission, **changes)


# --- untouched --------------------------------------------------------------------------------------------------------


@PASSES.file()
def as_the_form_was_written() -> bytes:
    return small_form()


@PASSES.edit()
def opened_and_saved(book: Workbook) -> None:
    book.active = 1


# --- moved, inserted, hidden, renamed ---------------------------------------------------------------------------------


@PASSES.edit()
def columns_moved(book: Workbook) -> None:
    sheet = book[CATEGORY]
    for row in sheet.iter_rows(min_row=layout.KEY_ROW):
        row[4].value, row[6].value = row[6].value, row[4].value


@PASSES.edit("unknown_column")
def column_inserted_for_own_remarks(book: Workbook) -> None:
    sheet = book[CATEGORY]
    sheet.insert_cols(5)
    sheet.cell(layout.HEADING_ROW, 5).value = "บันทึกภายใน"
    sheet.cell(FIRST, 5).value = "รอเอกสาร"


@PASSES.edit()
def rows_shuffled(book: Workbook) -> None:
    sheet = book[CATEGORY]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST)]
    random.Random(1).shuffle(rows)
    for number, values in enumerate(rows, FIRST):
        for column, value in enumerate(values, 1):
            sheet.cell(number, column).value = value


@PASSES.edit()
def blank_rows_inserted(book: Workbook) -> None:
    book[CATEGORY].insert_rows(6, 3)


@PASSES.edit()
def a_third_measure_inserted(book: Workbook) -> None:
    sheet = book[RESULTS]
    row = row_of(book, RESULTS, "7.1.2", 2)
    sheet.insert_rows(row)
    for column in range(1, 3):
        sheet.cell(row, column).value = sheet.cell(row - 1, column).value


@PASSES.edit()
def headings_repeated_for_the_second_page(book: Workbook) -> None:
    sheet = book[CATEGORY]
    headings = [cell.value for cell in sheet[layout.HEADING_ROW]]
    sheet.insert_rows(9)
    for column, heading in enumerate(headings, 1):
        sheet.cell(9, column).value = heading


@PASSES.edit()
def rows_and_columns_hidden(book: Workbook) -> None:
    for sheet in (book[CATEGORY], book[RESULTS]):
        sheet.row_dimensions[5].hidden = True
        sheet.column_dimensions["F"].hidden = True
    book[CATEGORY].sheet_state = "hidden"


@PASSES.edit()
def sheet_renamed(book: Workbook) -> None:
    book[CATEGORY].title = "การนำองค์การ (ฉบับแก้ไข)"


@PASSES.edit()
def sheets_in_another_order(book: Workbook) -> None:
    book.move_sheet(RESULTS, -3)


@PASSES.edit("unknown_sheet")
def own_sheet_added(book: Workbook) -> None:
    book.create_sheet("ข้อมูลประกอบ")["B7"] = "ไม่ใช่ส่วนของแบบ"


@PASSES.edit()
def key_row_deleted(book: Workbook) -> None:
    for title in (CATEGORY, RESULTS):
        book[title].delete_rows(layout.KEY_ROW)


@PASSES.edit()
def headings_in_english_and_no_keys(book: Workbook) -> None:
    for title, columns in ((CATEGORY, layout.CRITERION_COLUMNS), (RESULTS, layout.MEASURE_COLUMNS)):
        for column in columns:
            book[title][f"{column_of(book, title, column.key)}{layout.HEADING_ROW}"].value = f" {column.en.upper()} "
    for title in (CATEGORY, RESULTS):
        book[title].delete_rows(layout.KEY_ROW)


@PASSES.edit()
def one_key_lost_but_its_heading_there(book: Workbook) -> None:
    book[CATEGORY][f"{column_of(book, CATEGORY, 'explanation')}{layout.KEY_ROW}"].value = None


@PASSES.edit("edition_assumed")
def keys_sheet_deleted(book: Workbook) -> None:
    del book[layout.KEYS_SHEET]


@PASSES.edit()
def defined_names_lost(book: Workbook) -> None:
    for field in layout.AGENCY_FIELDS:
        del book.defined_names[field.name]


@PASSES.edit()
def agency_sheet_renamed(book: Workbook) -> None:
    sheet = book[layout.AGENCY_SHEET]
    sheet.title = "ข้อมูลส่วนราชการ"
    for field in layout.AGENCY_FIELDS:
        name = book.defined_names[field.name]
        name.attr_text = name.attr_text.replace(layout.AGENCY_SHEET, sheet.title)


@PASSES.edit()
def assessors_aid_column_is_passed_over(book: Workbook) -> None:
    sheet = book[CATEGORY]
    sheet.insert_cols(5)
    sheet.cell(layout.KEY_ROW, 5).value = layout.AGENCY_ANSWER.key
    sheet.cell(layout.HEADING_ROW, 5).value = layout.AGENCY_ANSWER.th
    sheet.cell(FIRST, 5).value = "ไม่มี"


@PASSES.edit()
def colours_and_titles_merged(book: Workbook) -> None:
    sheet = book[CATEGORY]
    sheet.merge_cells("A1:H1")
    for row in sheet.iter_rows():
        for cell in row:
            cell.fill = PatternFill("solid", "FFEE00")


# --- words and numbers as people type them ----------------------------------------------------------------------------

WORDS = [
    *(("มี", True), ("ไม่มี", False), ("YES", True), ("n", False), ("ใช่", True), ("ไม่ใช่", False)),
    *(("✓", True), ("✗", False), (1, True), (0, False), (True, True), (False, False)),
    *(("✔\ufe0f", True), ("√", True), ("✖\ufe0f", False), ("☑\ufe0e", True)),
]


@PASSES.edit(
    "answer_corrected",
    change=lambda s: dataclasses.replace(
        s,
        answers=tuple(dataclasses.replace(one, met=met) for one, (_, met) in zip(s.answers, WORDS * 2, strict=False)),
    ),
)
def answers_in_other_words(book: Workbook) -> None:
    for criterion, (word, _) in zip(small_framework().criteria, WORDS * 2, strict=False):
        put(book, CATEGORY, criterion.id, "answer", word)


@PASSES.edit("answer_corrected")
def answer_with_invisible_characters(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "answer", "\u200bม\u200bี\u00a0 ")


@PASSES.edit("mark_for_blank", change=answer("1.1.B1", met=None))
def star_for_an_answer(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "answer", "*")


@PASSES.edit("mark_for_blank", change=lambda s: measure(0, method="bands")(answer("1.1.B1", met=None)(s)))
def underscores_for_an_answer_and_a_method(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "answer", " __ ")
    put(book, RESULTS, "7.1.1", "method", "_")


@PASSES.edit(
    "number_corrected",
    change=measure(1, unit="บาท", target=13000.0, actual=12000.0, actual_1=14000.0, actual_2=15000.0),
)
def power_of_ten_typed_as_text(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "unit", "บาท", 2)
    for key, value in (("target", "1.3e+4"), ("actual", "12E3"), ("actual_1", 14000), ("actual_2", 15000)):
        put(book, RESULTS, "7.1.1", key, value, 2)


def unit_of_percent(words: str) -> None:
    """A case of a unit that means percent: 85% reads as 85."""

    def unit(book: Workbook) -> None:
        put(book, RESULTS, "7.1.1", "unit", words)
        put(book, RESULTS, "7.1.1", "target", "85%")

    unit.__name__ = f"unit_of_percent_written_{words}"
    PASSES.edit("number_corrected", change=measure(0, unit=words))(unit)


for words in ("ร้อย ละ", "ร้อยล่ะ", "ร้อยละของผู้รับบริการ", "เปอร์เซนต์", "เปอร์เซ็น", "เปอร์ เซ็นต์", "Per cent"):
    unit_of_percent(words)


@PASSES.edit("number_corrected")
def thai_digits(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "target", "๘๕")
    put(book, RESULTS, "7.1.1", "actual", "๘๕.๙")


@PASSES.edit()
def numbers_as_text(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "target", "85")
    put(book, RESULTS, "7.1.1", "actual", "85.9")


@PASSES.edit("number_corrected")
def percent_signs(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "target", "85%")
    put(book, RESULTS, "7.1.1", "actual", "85.9 %")


@PASSES.edit("number_corrected", change=measure(0, target=7.0, actual=85.9, actual_1=5.0, actual_2=84.0))
def cells_formatted_as_percent(book: Workbook) -> None:
    for key, value in (("target", 0.07), ("actual", 0.859)):
        book[RESULTS][put(book, RESULTS, "7.1.1", key, value)].number_format = "0.0%"
    put(book, RESULTS, "7.1.1", "actual_1", 5)
    put(book, RESULTS, "7.1.1", "actual_2", 84)


@PASSES.edit(
    "number_corrected", change=measure(0, unit="บาท", target=1250.5, actual=1300.0, actual_1=1200.0, actual_2=1100.0)
)
def thousands_separators(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "unit", "บาท")
    for key, value in (("target", "1,250.5"), ("actual", "1,300"), ("actual_1", "1,200"), ("actual_2", 1100)):
        put(book, RESULTS, "7.1.1", key, value)


@PASSES.edit(change=measure(2, target=-5.0, actual=-4.0, actual_1=-6.0, actual_2=-7.0))
def negative_target_with_intervals(book: Workbook) -> None:
    for key, value in (("target", -5), ("actual", "-4"), ("actual_1", -6), ("actual_2", -7)):
        put(book, RESULTS, "7.1.2", key, value)


@PASSES.edit(change=measure(1, actual=0.0))
def zero_is_a_value(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "actual", 0, 2)


@PASSES.edit(change=measure(0, direction="higher", method="bands", unit=None))
def unit_direction_and_method_left_to_the_indicator(book: Workbook) -> None:
    for key in ("unit", "direction", "method"):
        put(book, RESULTS, "7.1.1", key, None)


@PASSES.edit("text_cleaned", change=answer("1.1.B1", explanation="น้ำและกำลังคน"))
def text_pasted_from_a_pdf(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "explanation", " น\u0e49\u0e4d\u0e32และก\u200b\u0e4d\u0e32ลังคน\u00a0")


@PASSES.edit(change=answer("1.1.B1", explanation="=HYPERLINK(1)", evidence="@เอกสาร\n-แนบ 1\n12"))
def text_that_looks_like_a_formula(book: Workbook) -> None:
    sheet = book[CATEGORY]
    for key, text in (("explanation", "=HYPERLINK(1)"), ("evidence", "@เอกสาร\n-แนบ 1\n12")):
        cell = sheet[put(book, CATEGORY, "1.1.B1", key, text)]
        cell.data_type = "s"


@PASSES.edit(change=answer("1.1.B1", evidence="2569", explanation="0.3"))
def numbers_where_text_belongs(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "evidence", 2569)
    put(book, CATEGORY, "1.1.B1", "explanation", 0.1 + 0.2)


@PASSES.edit("text_cleaned", change=answer("1.1.B1", explanation="น้ำที่นี่สิ้นปี"))
def marks_that_look_the_same_in_another_order(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "explanation", "นำ\u0e49ท\u0e48\u0e35น\u0e35\u0e35\u0e48ส\u0e49\u0e34\u0e49นปี")


@PASSES.edit("text_cleaned")
def agency_s_name_with_marks_of_direction(book: Workbook) -> None:
    name = small_submission().agency_name
    put_agency(book, "agency_name", f"\u202b{name[:3]}\u200f{name[3:]}\u202c")


@PASSES.edit("date_in_text", change=answer("1.1.B1", evidence="2026-03-15"))
def date_where_text_belongs(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "evidence", dt.date(2026, 3, 15))


@PASSES.edit("evidence_says_nothing", "met_without_evidence", change=answer("1.1.B1", evidence=None))
def dash_for_evidence(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "evidence", " - ")


def says_that_there_is_none(words: str) -> None:
    """A case of มี with words in the evidence cell that only say that there is none."""

    def evidence(book: Workbook) -> None:
        put(book, CATEGORY, "1.1.B1", "evidence", words)

    evidence.__name__ = f"evidence_that_says_{words}"
    PASSES.edit("evidence_says_nothing", "met_without_evidence", change=answer("1.1.B1", evidence=None))(evidence)


for words in ("ไม่มี", "ไม่มีหลักฐาน", "(ไม่มีหลักฐาน)", "N/A", "n.a.", "อยู่ระหว่างดำเนินการ", "TBC", "xxx", "ไม่มี.", "รอ"):
    says_that_there_is_none(words)


@PASSES.edit(change=answer("1.1.B1", evidence="คำสั่งที่ 12/2569 ไม่มีผู้คัดค้าน"))
def evidence_that_has_the_words_in_it(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "evidence", "คำสั่งที่ 12/2569 ไม่มีผู้คัดค้าน")


@PASSES.edit()
def rows_of_the_agency_sorted(book: Workbook) -> None:
    sheet = book[layout.AGENCY_SHEET]
    rows = [row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 2).value and sheet.cell(row, 1).value]
    pairs = sorted((sheet.cell(row, 1).value, sheet.cell(row, 2).value) for row in rows)
    for row, (label, value) in zip(rows, pairs, strict=True):
        sheet.cell(row, 1).value, sheet.cell(row, 2).value = label, value


@PASSES.edit("code_corrected")
def codes_typed_another_way(book: Workbook) -> None:
    book[CATEGORY][f"A{row_of(book, CATEGORY, '1.1.B1')}"].value = " ๑.๑.b1"
    book[RESULTS][f"A{row_of(book, RESULTS, '7.1.2')}"].value = "๗.๑.๒"


@PASSES.edit("year_converted")
def fiscal_year_of_the_western_era(book: Workbook) -> None:
    put_agency(book, "fiscal_year", 2026)


@PASSES.edit("text_cleaned")
def fiscal_year_in_words_and_thai_digits(book: Workbook) -> None:
    put_agency(book, "fiscal_year", "ปีงบประมาณ พ.ศ. ๒๕๖๙")


@PASSES.edit("code_from_number", change=fields(agency_code="1234"))
def agency_code_as_a_number(book: Workbook) -> None:
    put_agency(book, "agency_code", 1234)


@PASSES.edit("answer_corrected", change=fields(agency_type="จังหวัด"))
def agency_type_in_english(book: Workbook) -> None:
    put_agency(book, "agency_type", "Province")


@PASSES.edit(change=fields(source="assessor"))
def filled_in_by_the_assessor(book: Workbook) -> None:
    put_agency(book, "source", "ผู้ประเมิน")


@PASSES.edit(change=measure(0, accepted=False, suggestion="ขอหลักฐานเพิ่ม"))
def assessors_opinion_of_a_measure(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "answer", "ไม่เหมาะสม")
    put(book, RESULTS, "7.1.1", "suggestion", "ขอหลักฐานเพิ่ม")


@PASSES.edit()
def form_version_as_a_number(book: Workbook) -> None:
    book[layout.KEYS_SHEET]["B1"] = 1


@PASSES.edit("older_form", change=fields(form_version="0.9"))
def older_form_version(book: Workbook) -> None:
    book[layout.KEYS_SHEET]["B1"] = "0.9"


@PASSES.edit("other_edition_version", change=fields(edition_version="0.9.0"))
def older_edition_version(book: Workbook) -> None:
    book[layout.KEYS_SHEET]["B3"] = "0.9.0"


# --- worth a look -----------------------------------------------------------------------------------------------------


@PASSES.edit("met_without_evidence", change=answer("1.1.B1", evidence=None))
def met_without_evidence(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "evidence", None)


@PASSES.edit("criterion_text_changed")
def criterion_text_edited(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "text", "ข้อความที่หน่วยงานแก้เอง")


@PASSES.edit("missing_criterion", change=answer("1.1.B1", met=None, evidence=None))
def criterion_row_deleted(book: Workbook) -> None:
    book[CATEGORY].delete_rows(row_of(book, CATEGORY, "1.1.B1"))


@PASSES.edit("missing_indicator")
def optional_indicator_deleted(book: Workbook) -> None:
    book[RESULTS].delete_rows(row_of(book, RESULTS, "7.1.5"), 2)


def unanswered(item: str) -> Change:
    def change(submission: Submission) -> Submission:
        answers = tuple(
            dataclasses.replace(one, met=None) if one.criterion.startswith(item) else one for one in submission.answers
        )
        return dataclasses.replace(submission, answers=answers)

    return change


@PASSES.edit("item_unanswered", change=unanswered("1.2"))
def item_without_any_answer(book: Workbook) -> None:
    for criterion in small_framework().criteria_of["1.2"]:
        put(book, CATEGORY, criterion.id, "answer", None)


@PASSES.edit("core_unanswered", change=lambda s: dataclasses.replace(s, measures=s.measures[:2]))
def core_indicator_without_any_answer(book: Workbook) -> None:
    for column in layout.MEASURE_COLUMNS[2:]:
        put(book, RESULTS, "7.1.2", column.key, None)


@PASSES.edit(
    "core_unanswered",
    change=lambda s: dataclasses.replace(
        s,
        measures=tuple(
            dataclasses.replace(m, target=None, actual=None, actual_1=None, actual_2=None, benchmark=None)
            if m.indicator == "7.1.2"
            else m
            for m in s.measures
        ),
    ),
)
def core_indicator_with_a_name_and_no_numbers(book: Workbook) -> None:
    for key in ("target", "actual", "actual_1", "actual_2", "benchmark"):
        put(book, RESULTS, "7.1.2", key, None)


@PASSES.edit(
    "percent_as_fraction",
    change=measure(0, target=0.85, actual=0.859, actual_1=0.84, actual_2=0.82),
)
def percents_that_are_all_fractions(book: Workbook) -> None:
    for key, value in (("target", 0.85), ("actual", 0.859), ("actual_1", 0.84), ("actual_2", 0.82)):
        put(book, RESULTS, "7.1.1", key, value)


@PASSES.edit("percent_as_fraction", change=measure(0, target=0.85, actual=0.9, actual_1=None, actual_2=None))
def target_and_actual_that_are_fractions_without_earlier_years(book: Workbook) -> None:
    for key, value in (("target", 0.85), ("actual", 0.9), ("actual_1", None), ("actual_2", None)):
        put(book, RESULTS, "7.1.1", key, value)


@PASSES.edit("percent_out_of_range", change=measure(0, target=850.0))
def target_in_percent_that_no_earlier_year_is_near(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "target", 850)


@PASSES.edit(change=measure(0, target=310.0, actual=320.0, actual_1=300.0, actual_2=290.0))
def percent_of_hundreds_as_in_earlier_years(book: Workbook) -> None:
    for key, value in (("target", 310), ("actual", 320), ("actual_1", 300), ("actual_2", 290)):
        put(book, RESULTS, "7.1.1", key, value)


MILLIONS = {"target": 5_000_000, "actual": 5_250_000, "actual_1": 4_900_000, "actual_2": 4_800_000}


def in_millions(book: Workbook, unit: str, form: str) -> None:
    put(book, RESULTS, "7.1.1", "unit", unit)
    for key, value in MILLIONS.items():
        book[RESULTS][put(book, RESULTS, "7.1.1", key, value)].number_format = form


@PASSES.edit("number_scaled", change=measure(0, unit="ล้านบาท", **{key: float(n) for key, n in MILLIONS.items()}))
def millions_by_format_and_by_unit(book: Workbook) -> None:
    in_millions(book, "ล้านบาท", "#,##0.00,,")


@PASSES.edit("number_scaled", change=measure(0, unit="พันคน", **{key: float(n) for key, n in MILLIONS.items()}))
def thousands_by_format_and_by_unit(book: Workbook) -> None:
    in_millions(book, "พันคน", '_-* #,##0,"K"_-;-#,##0,_-')


@PASSES.edit(change=measure(0, unit="บาท", **{key: float(n) for key, n in MILLIONS.items()}))
def millions_by_format_alone(book: Workbook) -> None:
    in_millions(book, "บาท", "#,##0.00,,")


@PASSES.edit(change=measure(0, unit="ล้านบาท", **{key: float(n) for key, n in MILLIONS.items()}))
def commas_that_only_group_digits(book: Workbook) -> None:
    in_millions(book, "ล้านบาท", "#,##0.00;(#,##0.00)")


@PASSES.edit("comment_unread")
def answer_in_a_comment(book: Workbook) -> None:
    book[CATEGORY][f"{column_of(book, CATEGORY, 'answer')}{FIRST}"].comment = Comment("เปลี่ยนเป็น ไม่มี", "ผู้ตรวจ")


@PASSES.edit()
def comments_of_the_marked_copy(book: Workbook) -> None:
    book[CATEGORY][f"E{FIRST}"].comment = Comment("คำอธิบายของระบบ", layout.COMMENT_AUTHOR)


@PASSES.edit("unknown_sheet")
def comment_in_a_sheet_of_their_own(book: Workbook) -> None:
    book.create_sheet("ข้อมูลประกอบ")["B7"] = "ไม่ใช่ส่วนของแบบ"
    book["ข้อมูลประกอบ"]["B7"].comment = Comment("ไม่เกี่ยว", "ผู้ตรวจ")


@PASSES.edit("percent_out_of_range", change=measure(0, actual=876.0, actual_1=None, actual_2=None))
def percent_of_hundreds_without_earlier_years(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "actual", 876)
    for key in ("actual_1", "actual_2"):
        put(book, RESULTS, "7.1.1", key, None)


@PASSES.edit(
    "nothing_answered",
    change=lambda s: dataclasses.replace(
        s, measures=(), answers=tuple(dataclasses.replace(a, met=None, evidence=None) for a in s.answers)
    ),
)
def blank_form_with_an_agency(book: Workbook) -> None:
    for sheet, columns in ((book[CATEGORY], layout.CRITERION_COLUMNS), (book[RESULTS], layout.MEASURE_COLUMNS)):
        for place, column in enumerate(columns, 1):
            for row in range(FIRST, sheet.max_row + 1) if column.filled_by != "form" else ():
                sheet.cell(row, place).value = None


@PASSES.edit("target_zero", change=measure(1, target=0.0))
def target_of_zero(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "target", 0, 2)


@PASSES.edit("target_met_last_year", change=measure(0, actual_1=85.0))
def target_already_met_last_year(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "actual_1", 85)


@PASSES.edit("target_without_actual", change=measure(0, actual=None))
def target_and_no_actual(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "actual", None)


@PASSES.edit("actual_without_target", change=measure(0, target=None))
def actual_and_no_target(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "target", None)


@PASSES.edit("factor_ten", change=measure(0, actual=859.0))
def value_off_by_a_factor_of_ten(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "actual", 859)


@PASSES.edit("factor_ten", "percent_as_fraction", change=measure(0, actual=0.859))
def percent_as_a_fraction(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "actual", 0.859)


@PASSES.edit("step_unused", change=measure(0, step=5.0))
def step_without_the_method(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "step", 5)


@PASSES.edit(
    "evidence_repeated",
    change=lambda s: dataclasses.replace(
        s,
        answers=tuple(dataclasses.replace(a, evidence="รายงานประจำปี") if n < 6 else a for n, a in enumerate(s.answers)),
    ),
)
def one_evidence_for_six_criteria(book: Workbook) -> None:
    for criterion in small_framework().criteria[:6]:
        put(book, CATEGORY, criterion.id, "evidence", "รายงานประจำปี")


@PASSES.edit(
    change=lambda s: dataclasses.replace(
        s, answers=tuple(dataclasses.replace(a, evidence=layout.CLASSIFIED) for a in s.answers)
    )
)
def classified_evidence_may_repeat(book: Workbook) -> None:
    for criterion in small_framework().criteria:
        put(book, CATEGORY, criterion.id, "evidence", layout.CLASSIFIED)


@PASSES.edit("merged_cells", change=answer("1.1.B2", evidence=None, met=None))
def answers_merged_over_two_criteria(book: Workbook) -> None:
    first = row_of(book, CATEGORY, "1.1.B1")
    for key in ("answer", "evidence"):
        letters = column_of(book, CATEGORY, key)
        book[CATEGORY].merge_cells(f"{letters}{first}:{letters}{first + 1}")


@PASSES.edit("heading_year_differs")
def heading_of_another_year(book: Workbook) -> None:
    book[RESULTS][f"{column_of(book, RESULTS, 'actual')}{layout.HEADING_ROW}"].value = "ผลดำเนินงาน 2568"


# --- as other programs write ------------------------------------------------------------------------------------------

RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = {
    MAIN: b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    RELATIONS: b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    b"http://schemas.openxmlformats.org/drawingml/2006/main": b"http://purl.oclc.org/ooxml/drawingml/main",
}


@PASSES.file()
def strict_open_xml() -> bytes:
    parts = parts_of(small_form())
    for old, new in STRICT.items():
        parts = {
            name: data.replace(old, new) if name.endswith((".xml", ".rels")) else data for name, data in parts.items()
        }
    return packed(parts)


@PASSES.file()
def prefixed_elements() -> bytes:
    def prefix(data: bytes) -> bytes:
        text = re.sub(r"<(/?)([a-zA-Z])", r"<\1x:\2", data.decode()).replace('xmlns="', 'xmlns:x="')
        return text.encode()

    parts = [sheet_part(title) for title in (CATEGORY, RESULTS, layout.AGENCY_SHEET, layout.KEYS_SHEET)]
    return with_parts(dict.fromkeys([*parts, "xl/styles.xml"], prefix))


@PASSES.file()
def parts_in_utf_16() -> bytes:
    def recode(data: bytes) -> bytes:
        return ('<?xml version="1.0" encoding="UTF-16"?>' + data.decode()).encode("utf-16")

    return with_parts(dict.fromkeys((sheet_part(CATEGORY), sheet_part(RESULTS)), recode))


@PASSES.file()
def cells_without_addresses() -> bytes:
    def drop(data: bytes) -> bytes:
        return re.sub(rb'<(row|c) r="[A-Z0-9]+"', rb"<\1", data)

    return with_parts({sheet_part(RESULTS): drop})


@PASSES.file()
def pretty_printed_sheets() -> bytes:
    def indent(data: bytes) -> bytes:
        return re.sub(rb"(</?(?:row|c|is|sheetData|v)\b[^>]*>)", rb"\n   \1", data)

    return with_parts({sheet_part(CATEGORY): indent})


@PASSES.file(change=answer("1.1.B1", explanation="ตัวหนาและตัวธรรมดา"))
def rich_text_with_phonetics() -> bytes:
    runs = "<is><r><rPr><b/></rPr><t>ตัวหนา</t></r><r><t>และตัวธรรมดา</t></r><rPh sb='0' eb='1'><t>อ่านว่า</t></rPh></is>"
    return with_cell(CATEGORY, "F4", f'<c r="F4" t="inlineStr">{runs}</c>')


@PASSES.file("text_cleaned", change=answer("1.1.B1", explanation="บรรทัดหนึ่ง\nบรรทัดสอง_x000D_ 😀\ufffd"))
def escaped_characters() -> bytes:
    text = "บรรทัดหนึ่ง_x000D_\nบรรทัดสอง_x005F_x000D_ _xD83D__xDE00__xDFFF_ "
    return with_cell(CATEGORY, "F4", f'<c r="F4" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>')


@PASSES.file(change=measure(0, actual=86.0, target=85.0))
def formulas_with_their_values() -> bytes:
    content = with_cell(RESULTS, "I4", '<c r="I4"><f>80+6</f><v>86</v></c>')
    content = with_cell(RESULTS, "F4", '<c r="F4"><f t="shared" si="0"/><v>85</v></c>', content)
    return with_cell(CATEGORY, "E4", '<c r="E4" t="str"><f>IF(1,"มี")</f><v>มี</v></c>', content)


@PASSES.file(change=lambda s: measure(0, direction="higher", target=85.0)(answer("1.1.B1", met=None)(s)))
def formulas_that_show_nothing() -> bytes:
    content = with_cell(CATEGORY, "E4", '<c r="E4" t="str"><f>IF(1=2,"มี","")</f><v></v></c>')
    return with_cell(RESULTS, "E4", '<c r="E4" t="str"><f>""</f><v></v></c>', content)


@PASSES.file(change=answer("1.1.B1", met=None, explanation=None))
def cells_of_no_shared_text() -> bytes:
    content = with_cell(CATEGORY, "E4", '<c r="E4" t="s"><v></v></c>')
    return with_cell(CATEGORY, "F4", '<c r="F4" t="s"><v/></c>', content)


@PASSES.file("comment_unread")
def threaded_comments() -> bytes:
    namespace = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    thread = (
        f'<ThreadedComments xmlns="{namespace}">'
        '<threadedComment ref="E4" id="{1}"><text>ไม่แน่ใจ</text></threadedComment>'
        '<threadedComment ref="E4" id="{2}" parentId="{1}"><text>แก้เป็น ไม่มี</text></threadedComment></ThreadedComments>'
    )
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    return with_related(CATEGORY, kind, thread)


@PASSES.file()
def comments_that_are_broken() -> bytes:
    return with_related(CATEGORY, RELATIONS.decode() + "/comments", "<comments><comment ref=")


def with_related(title: str, kind: str, xml: str) -> bytes:
    relation = f'<Relationship Id="own" Type="{kind}" Target="/xl/own.xml"/>'
    around = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    relations = sheet_part(title).replace("worksheets/", "worksheets/_rels/") + ".rels"
    return packed({**parts_of(small_form()), "xl/own.xml": xml.encode(), relations: around.format(relation).encode()})


@PASSES.file()
def stored_without_compression() -> bytes:
    return packed(parts_of(small_form()), zipfile.ZIP_STORED)


@PASSES.file()
def zip64_as_streaming_writers_make_it() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts_of(small_form()).items():
            with archive.open(name, "w", force_zip64=True) as part:
                part.write(data)
    return sink.getvalue()


@PASSES.file()
def absolute_targets_and_other_part_names() -> bytes:
    parts = parts_of(small_form())
    old = sheet_part(CATEGORY)
    renamed = {("xl/data/One.xml" if name == old else name): data for name, data in parts.items()}
    for name in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        renamed[name] = renamed[name].replace(b"/" + old.encode(), b"/xl/data/One.xml")
    return packed(renamed)


@PASSES.file("unknown_sheet")
def formatted_empty_rows_and_a_far_cell() -> bytes:
    empty = "".join(f'<row r="{row}" s="1" customFormat="1"/>' for row in range(1, 20_000))
    far = '<row r="30000"><c r="XFD30000"><v>1</v></c></row>'
    own = f'<worksheet xmlns="{MAIN.decode()}"><sheetData>{empty}{far}</sheetData></worksheet>'
    return with_sheet("ข้อมูลอื่น", own.encode())
