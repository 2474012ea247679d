"""The form as data: sheets, columns, keys, headings and the words of its lists. The writer and the reader share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pmqa import submission
from pmqa.sources import SOURCES

FORM_VERSION: Final = "1.0"
GUIDE_SHEET: Final = "คำชี้แจง"
AGENCY_SHEET: Final = "หน่วยงาน"
SUMMARY_SHEET: Final = "สรุปคะแนน"
KEYS_SHEET: Final = "_pmqa"
MARKS_SHEET: Final = "ผลการตรวจ"
COMMENT_AUTHOR: Final = "PMQA"  # of the comments in a marked copy
UNPLACED_SHEET: Final = "ข้อความที่จัดเข้าแถวไม่ได้"

TITLE_ROW: Final = 1
KEY_ROW: Final = 2
HEADING_ROW: Final = 3
FIRST_ROW: Final = 4
BLANK_MEASURE_ROWS: Final = 2  # rows that the blank form offers to every indicator


def category_sheet(category: str) -> str:
    """The sheet of a category: หมวด 1."""
    return f"หมวด {category}"


@dataclass(frozen=True)
class Column:
    """A column of a sheet: machine key, headings (English also reads), width in characters, who fills it in."""

    key: str
    th: str
    en: str
    width: float
    filled_by: str  # form, agency, assessor


CRITERION_COLUMNS: Final = (
    Column("criterion", "รหัส", "Code", 10, "form"),
    Column("item", "หัวข้อ", "Item", 36, "form"),
    Column("level", "ระดับ", "Level", 14, "form"),
    Column("text", "ประเด็นพิจารณา", "Criterion", 56, "form"),
    Column("answer", "ผลการประเมิน", "Answer", 15, "agency"),
    Column("explanation", "คำอธิบาย", "Explanation", 40, "agency"),
    Column("evidence", "หลักฐานอ้างอิง", "Evidence", 40, "agency"),
    Column("suggestion", "ข้อเสนอแนะของผู้ประเมิน", "Assessor's suggestion", 32, "assessor"),
)

# The three columns of actuals are headed by their years; the headings here read when there is no key row.
MEASURE_COLUMNS: Final = (
    Column("indicator", "รหัส", "Code", 9, "form"),
    Column("indicator_name", "ตัวชี้วัด", "Indicator", 34, "form"),
    Column("measure", "ชื่อตัววัด", "Measure", 30, "agency"),
    Column("unit", "หน่วยนับ", "Unit", 16, "agency"),
    Column("direction", "ทิศทาง", "Direction", 14, "agency"),
    Column("target", "ค่าเป้าหมาย", "Target", 12, "agency"),
    Column("actual_2", "ผลดำเนินงาน 2 ปีก่อน", "Actual two years before", 15, "agency"),
    Column("actual_1", "ผลดำเนินงานปีก่อน", "Actual of the year before", 15, "agency"),
    Column("actual", "ผลดำเนินงาน", "Actual", 15, "agency"),
    Column("benchmark", "ค่าเทียบเคียง", "Benchmark", 14, "agency"),
    Column("method", "วิธีคิดคะแนน", "Method", 14, "agency"),
    Column("step", "ช่วงปรับเกณฑ์", "Step", 11, "agency"),
    Column("evidence", "หลักฐานอ้างอิง", "Evidence", 32, "agency"),
    Column("note", "หมายเหตุ", "Note", 28, "agency"),
    Column("answer", "ความเห็นผู้ประเมิน", "Assessor's answer", 18, "assessor"),
    Column("suggestion", "ข้อเสนอแนะของผู้ประเมิน", "Assessor's suggestion", 32, "assessor"),
)

# A column that the assessor's form alone has, before its own `answer`: what the agency answered, to be seen and not
# changed. No submission has it; reading passes it over and keeps it in the draft.
AGENCY_ANSWER: Final = Column("agency_answer", "คำตอบของหน่วยงาน", "Agency's answer", 15, "form")
AIDS: Final = (AGENCY_ANSWER,)

# The lines of a marked copy that have no row in the form: what was said, where, and whether somebody has settled it.
UNPLACED_COLUMNS: Final = (
    Column("settled", "สถานะ", "Settled", 16, "agency"),
    Column("said_sheet", "ชีตเดิม", "Former sheet", 22, "form"),
    Column("said_cell", "เซลล์เดิม", "Former cell", 12, "form"),
    Column("said_id", "รหัสในแถวเดิม", "Code in its row", 14, "form"),
    Column("said_heading", "คอลัมน์เดิม", "Former column", 26, "form"),
    Column("said_text", "ข้อความ", "Text", 60, "form"),
    Column("why", "เหตุผล", "Reason", 60, "form"),
)
SETTLED: Final = {"settled": "จัดแล้ว", "unused": "ไม่ต้องจัด"}

NUMBER_COLUMNS: Final = ("target", "actual_2", "actual_1", "actual", "benchmark", "step")

# The words of the drop-downs, first as the form writes them. Reading accepts the English ones too.
MET: Final = {True: "มี", False: "ไม่มี"}
ACCEPTED: Final = {True: "เหมาะสม", False: "ไม่เหมาะสม"}
DIRECTIONS: Final = {"higher": "ยิ่งมากยิ่งดี", "lower": "ยิ่งน้อยยิ่งดี"}
METHODS: Final = {"bands": "ช่วงร้อยละ", "interval": "ช่วงค่า"}
AGENCY_TYPES: Final = (
    "กรม",
    "จังหวัด",
    "องค์การมหาชน",
    "รัฐวิสาหกิจ",
    "สถาบันอุดมศึกษา",
    "องค์กรปกครองส่วนท้องถิ่น",
    "อื่น ๆ",
)
# An evidence cell that holds one of these as a whole says that there is none (docs/scoring.md, 3.5).
NO_EVIDENCE: Final = (
    *("ไม่มี", "ไม่มีหลักฐาน", "ไม่มีหลักฐานอ้างอิง", "ไม่มีหลักฐานประกอบ", "ไม่มีเอกสาร", "ไม่มีเอกสารหลักฐาน"),
    *("ไม่มีเอกสารอ้างอิง", "ไม่มีเอกสารแนบ", "ไม่มีข้อมูล", "ยังไม่มี", "ยังไม่มีหลักฐาน", "ยังไม่มีข้อมูล", "ไม่ระบุ", "ไม่ทราบ"),
    *("ไม่ปรากฏ", "ไม่ได้แนบ", "ไม่เกี่ยวข้อง", "จะส่งภายหลัง", "ส่งภายหลัง", "รอ", "รอเอกสาร", "รอหลักฐาน", "รอดำเนินการ"),
    *("ยังไม่ดำเนินการ", "ยังไม่ได้ดำเนินการ", "ยังไม่แล้วเสร็จ", "กำลังดำเนินการ", "กำลังจัดทำ", "กำลังรวบรวม"),
    *("อยู่ระหว่างดำเนินการ", "อยู่ระหว่างการดำเนินการ", "อยู่ในระหว่างดำเนินการ", "อยู่ระหว่างจัดทำ", "อยู่ระหว่างการจัดทำ"),
    *("อยู่ระหว่างรวบรวม", "อยู่ระหว่างการรวบรวม", "อยู่ระหว่างรวบรวมหลักฐาน"),
    *("N/A", "NA", "none", "no", "nil", "null", "no evidence", "not available", "not applicable", "to be confirmed"),
    *("to be determined", "to be announced", "TBC", "TBD", "TBA", "in progress", "in process", "ongoing", "pending"),
    *("x", "xx", "xxx", "xxxx", "test", "ทดสอบ"),
)
CLASSIFIED: Final = submission.CLASSIFIED


@dataclass(frozen=True)
class AgencyField:
    """A line of the agency's sheet: its defined name, its label, whether a submission needs it."""

    name: str
    th: str
    en: str
    required: bool


AGENCY_FIELDS: Final = (
    AgencyField("agency_code", "รหัสหน่วยงาน", "Agency code", True),
    AgencyField("agency_name", "ชื่อหน่วยงาน", "Agency name", True),
    AgencyField("ministry", "กระทรวง", "Ministry", True),
    AgencyField("agency_type", "ประเภทหน่วยงาน", "Agency type", True),
    AgencyField("fiscal_year", "ปีงบประมาณ (พ.ศ.)", "Fiscal year (BE)", True),
    AgencyField("source", "ผู้กรอกแบบ", "Filled in by", True),
    AgencyField("contact_name", "ชื่อผู้ประสานงาน", "Contact name", False),
    AgencyField("contact_email", "อีเมลผู้ประสานงาน", "Contact e-mail", False),
    AgencyField("contact_phone", "โทรศัพท์ผู้ประสานงาน", "Contact phone", False),
)

# Machine keys of the score sheet. `scope` holds the ids of SCORES (overall, "1", "1.1", "7.1.1"); the score of a form
# is on the first basis of who fills it in. A cell is "" where there is no score. Below the key row,
# columns with other keys may hold #N/A (gaps of the charts): they are no answers and no errors.
SCORE_SCOPE: Final = "scope"

KEYS: Final = ("form", "edition", "edition_version", "language", "created")
UNPLACED_KEY: Final = "unplaced"  # of a marked copy: how many lines its sheet of unplaced texts has


def source_words() -> dict[str, str]:
    """Source -> the word that its forms hold for who fills them in, which is Thai in every form."""
    return {source.id: source.name["th"] for source in SOURCES.values()}
