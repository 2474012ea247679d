"""Forms as people and programs leave them: each reads as the small submission, or with the change that is named."""

from __future__ import annotations

import io
import random
import re
import zipfile

from openpyxl import Workbook
from openpyxl.styles import PatternFill

from pmqa.workbook import layout
from tests.forms import (
    CATEGORY,
    FIRST,
    RESULTS,
    column_of,
    packed,
    parts_of,
    row_of,
    sheet_part,
    small_form,
    with_cell,
    with_parts,
    with_sheet,
)
from tests.workbooks import should_pass_typed, should_pass_warned
from tests.workbooks.passing import PASSES, answer, measure

__all__ = ["PASSES", "should_pass_typed", "should_pass_warned"]  # whose cases are in it

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
            book[title][
                f"{column_of(book, title, column.key)}{layout.HEADING_ROW}"
            ].value = f" {column.words['en'].upper()} "
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
    sheet.cell(layout.HEADING_ROW, 5).value = layout.AGENCY_ANSWER.words["th"]
    sheet.cell(FIRST, 5).value = "ไม่มี"


@PASSES.edit()
def colours_and_titles_merged(book: Workbook) -> None:
    sheet = book[CATEGORY]
    sheet.merge_cells("A1:H1")
    for row in sheet.iter_rows():
        for cell in row:
            cell.fill = PatternFill("solid", "FFEE00")


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
