"""Each way of being wrong: the errors that are found, no more and no fewer, and where."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from functools import partial

from openpyxl import Workbook

from pmqa.workbook import layout
from tests.forms import (
    CATEGORY,
    FIRST,
    RESULTS,
    column_of,
    edited,
    marked_copy,
    packed,
    parts_of,
    put,
    put_agency,
    row_of,
    saved,
    small_form,
    with_cell,
    with_parts,
)
from tests.workbooks.case import Case, Cases

FAILS = Cases()

# --- what the file is instead -----------------------------------------------------------------------------------------


@FAILS.file("is_empty")
def nothing_at_all() -> bytes:
    return b""


@FAILS.file("is_csv")
def csv_under_the_name_of_a_workbook() -> bytes:
    return "รหัส,ผลการประเมิน\n1.1.B1,มี\n".encode()


@FAILS.file("is_csv")
def csv_in_an_old_thai_encoding() -> bytes:
    return "รหัส,ผลการประเมิน\n1.1.B1,มี\n".encode("cp874")


@FAILS.file("is_html")
def web_page() -> bytes:
    return b"\n<!DOCTYPE html><html><body><table><tr><td>1.1.B1</td></tr></table></body></html>"


@FAILS.file("is_xml")
def xml_spreadsheet_of_2003() -> bytes:
    return b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'


@FAILS.file("is_pdf")
def print_as_pdf() -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@FAILS.file("is_not_a_workbook")
def plain_words() -> bytes:
    return b"Dear all"


@FAILS.file("damaged")
def random_bytes() -> bytes:
    return bytes(range(256)) * 20


@FAILS.file("is_xls")
def old_excel() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@FAILS.file("is_xls")
def sheet_of_excel_2() -> bytes:
    return b"\x09\x00\x04\x00\x02\x00\x10\x00" + bytes(600)


@FAILS.file("is_xls")
def sheet_of_excel_3() -> bytes:
    return b"\x09\x02\x06\x00\x00\x00\x10\x00\x00\x00" + bytes(600)


@FAILS.file("is_xls")
def workbook_of_excel_4() -> bytes:
    return b"\x09\x04\x06\x00\x00\x04\x00\x01\x00\x00" + bytes(600)


@FAILS.file("is_numbers")
def workbook_of_numbers() -> bytes:
    return packed({"Index/Document.iwa": b"\0", "Metadata/Properties.plist": b"\0", "preview.jpg": b"\0"})


@FAILS.file("is_xlsb")
def binary_workbook_beyond_the_limits() -> bytes:
    return packed({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": bytes(11 << 20)}, zipfile.ZIP_STORED)


@FAILS.file("is_pdf")
def print_as_pdf_beyond_the_limits() -> bytes:
    return b"%PDF-1.7\n" + bytes(11 << 20)


@FAILS.file("part_with_backslash")
def parts_named_as_folders_of_windows() -> bytes:
    content = small_form()
    for name in parts_of(content):
        content = content.replace(name.encode(), name.replace("/", "\\").encode())
    return content


@FAILS.file("password_protected")
def encrypted_workbook() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")


@FAILS.file("password_protected")
def archive_with_a_password() -> bytes:
    content = bytearray(small_form())
    at = content.find(b"PK\1\2")
    content[at + 8] |= 1
    return bytes(content)


@FAILS.file("is_zip")
def zip_of_pictures() -> bytes:
    return packed({"1.png": b"\x89PNG", "2.png": b"\x89PNG"})


@FAILS.file("is_ods")
def open_document() -> bytes:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind, "content.xml": b"<x/>", "META-INF/manifest.xml": b"<x/>"})


@FAILS.file("is_xlsb")
def binary_workbook() -> bytes:
    return packed({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"\0"})


@FAILS.file("is_macro_workbook")
def workbook_with_macros() -> bytes:
    return packed({**parts_of(small_form()), "xl/vbaProject.bin": b"\0"})


@FAILS.file("is_macro_workbook")
def workbook_of_the_macro_type() -> bytes:
    return with_type(b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")


@FAILS.file("is_template")
def template() -> bytes:
    return with_type(b"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml")


@FAILS.file("is_not_a_workbook")
def word_document() -> bytes:
    return packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})


def with_type(kind: bytes) -> bytes:
    own = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return with_parts({"[Content_Types].xml": lambda data: data.replace(own, kind)})


@FAILS.file("damaged")
def half_a_file() -> bytes:
    return small_form()[: len(small_form()) // 2]


@FAILS.file("damaged")
def part_lost() -> bytes:
    return with_parts({"xl/worksheets/sheet3.xml": None})


@FAILS.file("damaged")
def sheet_cut_off() -> bytes:
    return with_parts({"xl/worksheets/sheet3.xml": lambda data: data[:5000]})


@FAILS.file("not_this_form")
def some_other_workbook() -> bytes:
    book = Workbook()
    book.active["A1"] = "งบประมาณ"
    return saved(book)


# --- the form ---------------------------------------------------------------------------------------------------------


@FAILS.edit("unknown_edition", sheet=layout.KEYS_SHEET, value="pmqa5")
def another_edition(book: Workbook) -> None:
    book[layout.KEYS_SHEET]["B2"] = "pmqa5"


@FAILS.edit("newer_form", value="9.0")
def form_of_a_later_dashboard(book: Workbook) -> None:
    book[layout.KEYS_SHEET]["B1"] = "9.0"


@FAILS.edit("missing_sheet", sheet=CATEGORY)
def category_sheet_deleted(book: Workbook) -> None:
    del book[CATEGORY]


@FAILS.edit("emptied_sheet", sheet=CATEGORY)
def category_sheet_cut_to_its_headings(book: Workbook) -> None:
    book[CATEGORY].delete_rows(FIRST, 1000)


@FAILS.edit("emptied_sheet", sheet=CATEGORY)
def category_sheet_emptied(book: Workbook) -> None:
    book[CATEGORY].delete_rows(1, 1000)


@FAILS.edit("emptied_sheet", sheet=CATEGORY)
def blank_sheet_in_place_of_a_category(book: Workbook) -> None:
    del book[CATEGORY]
    book.create_sheet(CATEGORY)


@FAILS.edit("emptied_sheet", sheet=CATEGORY)
def codes_and_answers_of_a_category_cleared(book: Workbook) -> None:
    for row in book[CATEGORY].iter_rows(min_row=FIRST):
        for cell in row:
            if type(cell).__name__ != "MergedCell":
                cell.value = None


@FAILS.edit("emptied_sheet", sheet=RESULTS)
def results_sheet_cut_to_its_headings(book: Workbook) -> None:
    book[RESULTS].delete_rows(FIRST, 1000)


@FAILS.edit("measures_twice", sheet="หมวด 7 (สำเนา)")
def copy_of_the_results_sheet(book: Workbook) -> None:
    book.copy_worksheet(book[RESULTS]).title = "หมวด 7 (สำเนา)"


@FAILS.edit("measures_twice", sheet="ร่าง")
def hidden_draft_of_the_results_sheet(book: Workbook) -> None:
    copy = book.copy_worksheet(book[RESULTS])
    copy.title, copy.sheet_state = "ร่าง", "hidden"
    put(book, RESULTS, "7.1.1", "actual", 70)


@FAILS.edit("code_astray", sheet=CATEGORY)
def codes_sorted_without_their_rows(book: Workbook) -> None:
    sheet = book[CATEGORY]
    rows = [row for row in range(FIRST, sheet.max_row + 1) if sheet.cell(row, 1).value]
    codes = sorted((sheet.cell(row, 1).value for row in rows), reverse=True)
    for row, code in zip(rows, codes, strict=True):
        sheet.cell(row, 1).value = code


@FAILS.edit("missing_sheet", sheet=layout.AGENCY_SHEET)
def agency_sheet_deleted(book: Workbook) -> None:
    del book[layout.AGENCY_SHEET]
    for field in layout.AGENCY_FIELDS:
        del book.defined_names[field.name]


@FAILS.edit("no_headings", sheet=CATEGORY)
def headings_deleted(book: Workbook) -> None:
    book[CATEGORY].delete_rows(1, 3)


@FAILS.edit("missing_column", sheet=CATEGORY)
def answer_column_deleted(book: Workbook) -> None:
    book[CATEGORY].delete_cols(5)


@FAILS.edit("missing_column", sheet=RESULTS)
def code_column_deleted_with_its_key(book: Workbook) -> None:
    book[RESULTS].delete_cols(1)


@FAILS.edit("missing_column", sheet=CATEGORY)
def code_column_of_criteria_deleted_with_its_key(book: Workbook) -> None:
    book[CATEGORY].delete_cols(1)


@FAILS.edit("missing_column", sheet=RESULTS)
def code_column_deleted(book: Workbook) -> None:
    book[RESULTS].delete_cols(1)
    book[RESULTS].delete_rows(layout.KEY_ROW)


@FAILS.edit("column_mixed", sheet=RESULTS, cell="F3", value="ค่าเทียบเคียง")
def column_moved_without_its_hidden_key(book: Workbook) -> None:
    sheet = book[RESULTS]
    for row in sheet.iter_rows(min_row=layout.HEADING_ROW):
        row[5].value, row[9].value = row[9].value, row[5].value


@FAILS.edit("column_mixed", sheet=RESULTS, cell="F3")
def year_heading_over_the_target(book: Workbook) -> None:
    book[RESULTS][f"F{layout.HEADING_ROW}"].value = "ผลดำเนินงาน ปี 2569"


@FAILS.edit("code_astray", sheet=RESULTS, cell="A4:A6")
def codes_of_indicators_moved_without_their_names(book: Workbook) -> None:
    for row, code in ((4, "7.1.3"), (5, "7.1.4"), (6, "7.1.5")):
        book[RESULTS].cell(row, 1).value = code


@FAILS.edit("column_twice", sheet=CATEGORY, cell="F3")
def answer_column_copied(book: Workbook) -> None:
    sheet = book[CATEGORY]
    sheet.insert_cols(6)
    for row in range(1, sheet.max_row + 1):
        sheet.cell(row, 6).value = sheet.cell(row, 5).value


# --- the agency -------------------------------------------------------------------------------------------------------


@FAILS.edit("missing_agency_field", sheet=layout.AGENCY_SHEET)
def agency_code_blank(book: Workbook) -> None:
    put_agency(book, "agency_code", None)


@FAILS.edit("missing_agency_field")
def agency_name_is_a_dash(book: Workbook) -> None:
    put_agency(book, "agency_name", "-")


@FAILS.edit("agency_label_differs", sheet=layout.AGENCY_SHEET, cell="B5")
def label_of_the_ministry_overwritten(book: Workbook) -> None:
    book[layout.AGENCY_SHEET]["A5"] = "สังกัด"


@FAILS.edit("bad_agency_code", value="กรม ก ข")
def agency_code_with_spaces(book: Workbook) -> None:
    put_agency(book, "agency_code", "กรม ก ข")


@FAILS.edit("bad_fiscal_year", value="69")
def fiscal_year_of_two_digits(book: Workbook) -> None:
    put_agency(book, "fiscal_year", 69)


@FAILS.edit("bad_fiscal_year", value="พ.ศ. 2026")
def fiscal_year_with_the_wrong_era(book: Workbook) -> None:
    put_agency(book, "fiscal_year", "พ.ศ. 2026")


@FAILS.edit("bad_fiscal_year", value="2026-10-01")
def fiscal_year_as_a_date(book: Workbook) -> None:
    put_agency(book, "fiscal_year", dt.date(2026, 10, 1))


@FAILS.edit("unknown_agency_type", value="กรมม")
def agency_type_of_no_list(book: Workbook) -> None:
    put_agency(book, "agency_type", "กรมม")


@FAILS.edit("missing_agency_field", sheet=layout.AGENCY_SHEET)
def agency_type_is_a_star(book: Workbook) -> None:
    put_agency(book, "agency_type", "*")


@FAILS.edit("unknown_source", value="หัวหน้า")
def source_of_no_list(book: Workbook) -> None:
    put_agency(book, "source", "หัวหน้า")


# --- rows -------------------------------------------------------------------------------------------------------------


@FAILS.edit("unknown_criterion", sheet=CATEGORY, cell="A4", value="1.1.B9")
def criterion_code_changed(book: Workbook) -> None:
    book[CATEGORY][f"A{FIRST}"] = "1.1.B9"


@FAILS.edit("unknown_indicator", sheet=RESULTS, cell="A4", value="7.1.9")
def indicator_code_changed(book: Workbook) -> None:
    book[RESULTS][f"A{FIRST}"] = "7.1.9"


@FAILS.edit("unknown_indicator", sheet=RESULTS, cell="A4", value="2001-01-07")
def indicator_code_made_a_date(book: Workbook) -> None:
    book[RESULTS][f"A{FIRST}"] = dt.date(2001, 1, 7)


@FAILS.edit("criterion_twice", sheet=CATEGORY, cell="A5")
def criterion_answered_twice(book: Workbook) -> None:
    sheet = book[CATEGORY]
    sheet.insert_rows(5)
    for column in range(1, 9):
        sheet.cell(5, column).value = sheet.cell(4, column).value


@FAILS.edit("criterion_twice", sheet="หมวด 1 Copy", cell="A4:A19")
def sheet_copied(book: Workbook) -> None:
    book.copy_worksheet(book[CATEGORY])


@FAILS.edit("row_without_code", sheet=CATEGORY, cell="E4")
def code_cleared(book: Workbook) -> None:
    book[CATEGORY]["A4"] = None


@FAILS.edit("too_many_measures", sheet=RESULTS, cell="A9")
def six_measures(book: Workbook) -> None:
    sheet = book[RESULTS]
    sheet.insert_rows(6, 4)
    for row in range(6, 10):
        for column in range(1, 17):
            sheet.cell(row, column).value = sheet.cell(4, column).value


# --- the marked copy, sent back ---------------------------------------------------------------------------------------


@FAILS.file("unplaced_left", sheet=layout.UNPLACED_SHEET, cell="A4:A5", value="มี, คำสั่งตัวอย่างที่ 1/2569")
def marked_copy_as_it_stands() -> bytes:
    return marked_copy(edited(code_cleared))


@FAILS.file("unplaced_gone", sheet=layout.UNPLACED_SHEET)
def marked_copy_without_the_sheet_of_what_fitted_no_row() -> bytes:
    def delete(book: Workbook) -> None:
        del book[layout.UNPLACED_SHEET]

    return edited(delete, marked_copy_as_it_stands())


# --- cells ------------------------------------------------------------------------------------------------------------


@FAILS.edit("unreadable_answer", sheet=CATEGORY, cell="E4:E6", value="ผ่าน")
def answers_of_no_list(book: Workbook) -> None:
    for row in range(4, 7):
        book[CATEGORY][f"E{row}"] = "ผ่าน"


@FAILS.edit("unreadable_answer", sheet=CATEGORY, cell="E4", value="2")
def number_for_an_answer(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "answer", 2)


@FAILS.edit("unreadable_opinion", sheet=RESULTS, value="พอใช้")
def opinion_of_no_list(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "answer", "พอใช้")


@FAILS.edit("unknown_direction", sheet=RESULTS, value="คงที่")
def direction_of_no_list(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "direction", "คงที่")


@FAILS.edit("unknown_method", sheet=RESULTS, value="ขั้นบันได")
def method_of_no_list(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "method", "ขั้นบันได")


def _target(entered: object) -> Callable[[Workbook], None]:
    def edit(book: Workbook) -> None:
        put(book, RESULTS, "7.1.1", "target", entered)

    return edit


# Of the target of 7.1.1: the case's name, the finding, and what is entered, which the finding quotes.
for name, code, entered in (
    ("words_around_a_number", "not_a_number", "ร้อยละ 85"),
    ("dash_for_a_number", "not_a_number", "-"),
    ("number_as_python_would_take_it", "not_a_number", "1_000"),
    ("truth_for_a_number", "not_a_number", True),
    ("decimal_comma", "decimal_comma", "0,85"),
    ("points_between_thousands", "decimal_comma", "1.250,5"),
    ("number_beyond_measure", "number_out_of_range", "1e15"),
    ("formula_never_calculated", "formula_without_value", "=80+5"),
):
    FAILS.append(
        Case(
            name,
            partial(edited, _target(entered)),
            frozenset({code}),
            sheet=RESULTS,
            cell="F4",
            value="TRUE" if entered is True else str(entered),
        )
    )


@FAILS.edit("percent_without_unit", sheet=RESULTS, cell="F4", value="85%")
def percent_of_a_unit_that_is_none(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "unit", "เรื่อง")
    put(book, RESULTS, "7.1.1", "target", "85%")


@FAILS.edit("percent_without_unit", sheet=RESULTS, cell="F4", value="85%")
def percent_format_of_a_unit_that_is_none(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "unit", "เรื่อง")
    book[RESULTS][put(book, RESULTS, "7.1.1", "target", 0.85)].number_format = "0%"


@FAILS.edit("date_for_number", sheet=RESULTS, cell="F4", value="2569-03-15")
def date_where_a_number_belongs(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "target", dt.date(2569, 3, 15))


@FAILS.file("error_value", sheet=CATEGORY, cell="E4", value="#REF!")
def error_for_an_answer() -> bytes:
    return with_cell(CATEGORY, "E4", '<c r="E4" t="e"><f>#REF!</f><v>#REF!</v></c>')


# --- measures ---------------------------------------------------------------------------------------------------------


@FAILS.edit("negative_target", sheet=RESULTS, cell="F4", value="-5")
def negative_target_with_bands(book: Workbook) -> None:
    put(book, RESULTS, "7.1.1", "target", -5)
    for key in ("actual_1", "actual_2"):
        put(book, RESULTS, "7.1.1", key, -90)


@FAILS.edit("step_missing", sheet=RESULTS, cell="L6")
def intervals_without_a_step(book: Workbook) -> None:
    put(book, RESULTS, "7.1.2", "step", None)


@FAILS.edit("step_not_positive", sheet=RESULTS, cell="L6", value="0")
def step_of_zero(book: Workbook) -> None:
    put(book, RESULTS, "7.1.2", "step", 0)


# --- several at once --------------------------------------------------------------------------------------------------


@FAILS.edit("unreadable_answer", "decimal_comma", "bad_fiscal_year", "missing_agency_field")
def everything_is_said_at_once(book: Workbook) -> None:
    put(book, CATEGORY, "1.1.B1", "answer", "ผ่าน")
    put(book, RESULTS, "7.1.1", "target", "8,5")
    put_agency(book, "fiscal_year", "ปีนี้")
    put_agency(book, "ministry", None)


@FAILS.file("damaged")
def archive_within_an_archive() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("[Content_Types].xml", small_form())
    return sink.getvalue()


@FAILS.edit("unreadable_answer", sheet=CATEGORY, cell="H4")
def moved_column_keeps_its_address(book: Workbook) -> None:
    sheet = book[CATEGORY]
    for row in sheet.iter_rows(min_row=layout.KEY_ROW):
        row[4].value, row[7].value = row[7].value, row[4].value
    sheet[f"{column_of(book, CATEGORY, 'answer')}{row_of(book, CATEGORY, '1.1.B1')}"] = "อาจจะ"
