"""Forms with words and numbers as people type them: each reads as it is meant."""

from __future__ import annotations

import dataclasses
import datetime as dt

from openpyxl import Workbook

from pmqa.workbook import layout
from tests.forms import (
    CATEGORY,
    RESULTS,
    put,
    put_agency,
    row_of,
    small_framework,
    small_submission,
)
from tests.workbooks.passing import PASSES, answer, fields, measure

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


@PASSES.edit("number_corrected")
def number_as_text_that_ends_in_a_point(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "target", "85.")


@PASSES.edit("agency_field_twice", change=fields(contact_phone="02-000-0000"))
def label_of_the_agency_in_two_rows(book: Workbook) -> None:
    row = int(put_agency(book, "fiscal_year", 2569)[1:])
    sheet = book[layout.AGENCY_SHEET]
    sheet.cell(sheet.max_row + 2, 1).value = sheet.cell(row, 1).value
    sheet.cell(sheet.max_row, 2).value = 2570


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
