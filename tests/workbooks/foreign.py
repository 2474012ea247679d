"""Files that ministries have already, made by code, each kind with the layout that reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from tests.forms import saved

CODES = ("D001", "D002")
NAMES = ("กรมตัวอย่างหนึ่ง", "กรมตัวอย่างสอง")
KNOWN = [(code, name, "กระทรวงตัวอย่าง", "กรม") for code, name in zip(CODES, NAMES, strict=True)]


@dataclass(frozen=True)
class Kind:
    """A kind of file: its layout's text and its maker; the maker may spoil cells, each "sheet!cell" -> value."""

    name: str
    layout: str
    make: Callable[[dict[str, object]], bytes]


KINDS: list[Kind] = []


def kind(layout: str) -> Callable[[Callable[[], Iterator[Worksheet] | Workbook]], Kind]:
    def join(build: Callable[[], Workbook]) -> Kind:
        def make(spoilt: dict[str, object]) -> bytes:
            book = build()
            for place, value in spoilt.items():
                sheet, _, cell = place.partition("!")
                book[sheet][cell] = value
            return saved(book)

        KINDS.append(Kind(build.__name__, layout, make))
        return KINDS[-1]

    return join


def book_of(*titles: str) -> Workbook:
    book = Workbook()
    book.remove(book.active)
    for title in titles:
        book.create_sheet(title)
    return book


HEAD = """
name = {{ th = "{th}", en = "{en}" }}
edition = "pmqa4"
agency = "{agency}"
first_row = {first}
"""


def head(th: str, en: str, agency: str, first: int) -> str:
    return HEAD.format(th=th, en=en, agency=agency, first=first)


@kind(
    head("ชีตละหน่วยงาน", "One agency a sheet", "sheet", 3)
    + """
without = ["สรุป*"]
fiscal_year = 2568
[[columns]]
column = "A"
means = "item"
[[columns]]
column = "C"
means = "answer"
level = "basic"
[[columns]]
column = "D"
means = "answer"
level = "advance"
[[columns]]
column = "E"
means = "answer"
level = "significance"
"""
)
def ticks_in_level_columns() -> Workbook:
    """One agency a sheet, items below each other, ✓ and ✗ under the three levels."""
    book = book_of(*NAMES, "สรุปรวม")
    for name in NAMES:
        sheet = book[name]
        sheet.append(["แบบติดตาม PMQA"])
        sheet.append(["หัวข้อ", "ชื่อ", "พื้นฐาน", "ก้าวหน้า", "เกิดผล"])
        sheet.append(["1.1 ทิศทาง", "", "✓", "✗", None])
        sheet.append(["1.2", "", "✓", "✓", "✗"])
    book["สรุปรวม"].append(["1.1", "", "ไม่ใช่คำตอบ"])
    return book


@kind(
    head("ตารางคะแนนรายหัวข้อ", "Agencies by items", "row", 2)
    + """
source = "self"
fiscal_year = 2568
[[columns]]
column = "A"
means = "agency_name"
[[columns]]
column = "B"
means = "points"
scope = "1.1"
[[columns]]
column = "C"
means = "points"
scope = "1.2"
[words]
unanswered = ["-"]
"""
)
def points_of_items() -> Workbook:
    """A wide table: agencies below each other, a column of points for each item."""
    book = book_of("คะแนน")
    book["คะแนน"].append(["หน่วยงาน", "1.1", "1.2"])
    book["คะแนน"].append([NAMES[0], 300, 266.67])
    book["คะแนน"].append([NAMES[1], 0, "-"])
    return book


@kind(
    head("คะแนนหมวดหลายปี", "Categories over years", "row", 3)
    + """
[[columns]]
column = "A"
means = "agency_code"
[[columns]]
column = "B"
means = "points"
scope = "1"
fiscal_year = 2566
[[columns]]
column = "C"
means = "points"
scope = "2"
fiscal_year = 2566
[[columns]]
column = "D"
means = "points"
scope = "1"
fiscal_year = 2567
[[columns]]
column = "E"
means = "points"
scope = "2"
fiscal_year = 2567
"""
)
def categories_over_years() -> Workbook:
    """Agencies by categories, years side by side under merged headings."""
    book = book_of("ผลย้อนหลัง")
    sheet = book["ผลย้อนหลัง"]
    sheet.append(["หน่วยงาน", "ปี 2566", None, "ปี 2567"])
    sheet.append([None, "หมวด 1", "หมวด 2", "หมวด 1", "หมวด 2"])
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("D1:E1")
    sheet.append([CODES[0], 310, 290.5, 330, 300])
    sheet.append([CODES[1], 250, 260, 270, 280])
    return book


@kind(
    head("แบบเดิม", "An older numbering", "file", 4)
    + """
fiscal_year = 2565
[where]
agency_code = "B1"
[[columns]]
column = "A"
means = "criterion"
[[columns]]
column = "C"
means = "answer"
[[columns]]
column = "D"
means = "evidence"
[codes]
"LD 1(1)" = "1.1.B1"
"LD 11" = "1.1.B2"
"มีการทบทวนวิสัยทัศน์" = "1.1.A1"
"""
)
def older_numbering() -> Workbook:
    """One agency a file, codes of an older form and, where it had none, its wording."""
    book = book_of("แบบประเมิน")
    sheet = book["แบบประเมิน"]
    for row in (
        ["รหัส", CODES[0]],
        [],
        ["ข้อ", "ประเด็น", "ผล", "หลักฐาน"],
        ["LD 1(1)", "วิสัยทัศน์", "มี", "คำสั่งที่ 1/2565"],
        ["LD ๑๑", "ทิศทาง", "ไม่มี", "-"],
        ["มีการทบทวนวิสัยทัศน์", None, 1, "รายงานการประชุม"],
    ):
        sheet.append(row)
    return book


@kind(
    head("คำตอบเป็นคำ", "Answers in words", "row", 2)
    + """
source = "assessor"
[[columns]]
column = "A"
means = "agency_code"
[[columns]]
column = "B"
means = "fiscal_year"
[[columns]]
column = "C"
means = "criterion"
[[columns]]
column = "D"
means = "answer"
[[columns]]
column = "E"
means = "explanation"
[words]
yes = ["ดำเนินการครบถ้วน"]
no = ["ยังไม่ดำเนินการ", "ดำเนินการบางส่วน"]
unanswered = ["ไม่ขอตอบ"]
"""
)
def answers_in_words() -> Workbook:
    """A long table: a row for each agency and criterion, the agency's cell merged over its rows, answers in words."""
    book = book_of("ข้อมูล")
    sheet = book["ข้อมูล"]
    for row in (
        ["หน่วยงาน", "ปี", "ข้อ", "ผล", "คำอธิบาย"],
        [CODES[0], 2568, "1.1.B1", "ดำเนินการครบถ้วน", "ครบทุกข้อ"],
        [None, 2568, "1.1.B2", "ดำเนินการบางส่วน", None],
        [CODES[1], "พ.ศ. 2568", "1.1.B1", "ไม่ขอตอบ", None],
        [None, 2568, "1.1.B2", "ยังไม่ดำเนินการ", None],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("A4:A5")
    return book


@kind(
    head("หลักฐานในข้อคิดเห็น", "Evidence in comments", "row", 2)
    + """
fiscal_year = 2568
evidence_in_comments = true
[[columns]]
column = "A"
means = "agency_name"
[[columns]]
column = "B"
means = "answer"
criterion = "1.1.B1"
[[columns]]
column = "C"
means = "answer"
criterion = "1.1.B2"
"""
)
def evidence_in_comments() -> Workbook:
    """Agencies by criteria, 1 and 0, the evidence in comments of the cells."""
    book = book_of("คำตอบ")
    sheet = book["คำตอบ"]
    sheet.append(["หน่วยงาน", "1.1.B1", "1.1.B2"])
    sheet.append([NAMES[0], 1, 0])
    sheet.append([NAMES[1], 1, 1])
    sheet["B2"].comment = Comment("ประกาศกรมที่ 5/2568", "ผู้ติดตาม")
    sheet["C3"].comment = Comment("-", "ผู้ติดตาม")
    return book


@kind(
    head("หัวตารางสองแถว", "Two header rows and totals", "sheet", 4)
    + """
sheet_is = "agency_code"
fiscal_year = 2568
skip = ["รวม*", "เฉลี่ย*"]
[[columns]]
column = "B"
means = "criterion"
[[columns]]
column = "C"
means = "answer"
"""
)
def two_header_rows_and_totals() -> Workbook:
    """Two rows of headings, and totals between the rows."""
    book = book_of(CODES[0])
    sheet = book[CODES[0]]
    for row in (
        ["แบบติดตาม"],
        [None, "ประเด็น", "ผล"],
        [None, "รหัส", "มี/ไม่มี"],
        [None, "1.1.B1", "มี"],
        [None, "1.1.B2", "ไม่มี"],
        ["รวมหัวข้อ 1.1", None, "1 จาก 2"],
        [None, "1.2.B1", "มี"],
        ["เฉลี่ย", None, 0.67],
    ):
        sheet.append(row)
    return book
