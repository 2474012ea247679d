"""Forms that are read as they stand, with something in them that is worth a look."""

from __future__ import annotations

import dataclasses

from openpyxl import Workbook
from openpyxl.comments import Comment

from pmqa.submission import Submission
from pmqa.workbook import layout
from tests.forms import (
    CATEGORY,
    FIRST,
    RESULTS,
    column_of,
    put,
    row_of,
    small_framework,
)
from tests.workbooks.case import Change
from tests.workbooks.passing import PASSES, answer, measure

# --- worth a look -----------------------------------------------------------------------------------------------------


@PASSES.edit("met_without_evidence", change=answer("1.1.B1", evidence=None))
def met_without_evidence(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "evidence", None)


@PASSES.edit("criterion_text_changed")
def criterion_text_edited(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "text", "ข้อความที่หน่วยงานแก้เอง")


@PASSES.edit("criterion_text_changed")
def criterion_text_cleared(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "text", None)


@PASSES.edit("indicator_name_changed")
def indicator_of_another_name(book: Workbook) -> None:
    put(book, RESULTS, "7.1.2", "indicator_name", small_framework().indicator["7.1.5"].name["th"])


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
