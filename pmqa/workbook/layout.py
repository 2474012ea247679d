"""The form as data: sheets, columns, keys, headings and the words of its lists. The writer and the reader share it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pmqa import submission
from pmqa.sources import SOURCES
from pmqa.text import DEFAULT_LANGUAGE, Sentence, Translator, translator

FORM_VERSION: Final = "1.0"
GUIDE_SHEET: Final = "คำชี้แจง"
AGENCY_SHEET: Final = "หน่วยงาน"
SUMMARY_SHEET: Final = "สรุปคะแนน"
KEYS_SHEET: Final = "_pmqa"
MARKS_SHEET: Final = "ผลการตรวจ"
COMMENT_AUTHOR: Final = "PMQA"  # of the comments in a marked copy
UNPLACED_SHEET: Final = "ข้อความที่จัดเข้าแถวไม่ได้"
ORIGINS_SHEET: Final = "ที่มาของเซลล์"

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
    """A column of a sheet: machine key, headings by language, width in characters, who fills it in."""

    key: str
    words: Mapping[str, str]
    width: float
    filled_by: str  # form, agency, assessor


def _columns(sheet: str, filled_by: str, **widths: float) -> tuple[Column, ...]:
    """Columns beside each other that the same people fill in, by their keys."""
    return tuple(
        Column(key, Sentence(f"form.{sheet}_heading.{key}"), width, filled_by) for key, width in widths.items()
    )


CRITERION_COLUMNS: Final = (
    *_columns("criterion", "form", criterion=10, item=30, level=14, text=56),
    *_columns("criterion", "agency", answer=15, explanation=40, evidence=40),
    *_columns("criterion", "assessor", suggestion=32),
)

# The three columns of actuals are headed by their years; the headings here read when there is no key row.
MEASURE_COLUMNS: Final = (
    *_columns("measure", "form", indicator=9, indicator_name=34),
    *_columns("measure", "agency", measure=30, unit=16, direction=14),
    *_columns("measure", "agency", target=12, actual_2=15, actual_1=15, actual=15, benchmark=14),
    *_columns("measure", "agency", method=14, step=11, evidence=32, note=28),
    *_columns("measure", "assessor", answer=18, suggestion=32),
)


def column(key: str) -> Column:
    """The column of measures of this key."""
    return next(column for column in MEASURE_COLUMNS if column.key == key)


def heading(column: Column, t: Translator) -> str:
    """What a form of a language has above the column: below it what the words of its list mean, where they are not of
    that language."""
    words, legend = t.pick(column.words), f"form.{column.key}_legend"
    return f"{words}\n{t(legend)}" if t.language != DEFAULT_LANGUAGE and t.has(legend) else words


def headings(column: Column) -> Iterator[str]:
    """What a form of any language has above the column, with and without what its words mean."""
    for language, words in column.words.items():
        yield from (words, heading(column, translator(language)))


# A column that the assessor's form alone has, before its own `answer`: what the agency answered, to be seen and not
# changed. No submission has it; reading passes it over and keeps it in the draft.
AGENCY_ANSWER: Final = _columns("aid", "form", agency_answer=15)[0]
AIDS: Final = (AGENCY_ANSWER,)

# The lines of a marked copy that have no row in the form: what was said, where, and whether somebody has settled it.
UNPLACED_COLUMNS: Final = (
    *_columns("unplaced", "agency", settled=16),
    *_columns("unplaced", "form", said_sheet=22, said_cell=12, said_id=14, said_heading=26, said_text=60, why=60),
)
SETTLED: Final = {"settled": "จัดแล้ว", "unused": "ไม่ต้องจัด"}

# The lines of a form that was made of several files: which cell of which file each of its cells was taken from.
ORIGIN_COLUMNS: Final = (
    *_columns("origin", "form", here=22, taken_value=40, taken_file=36, taken_cell=22, passed_over=60),
)

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
    words: Mapping[str, str]
    required: bool


AGENCY_FIELDS: Final = (
    AgencyField("agency_code", Sentence("form.agency_label.agency_code"), True),
    AgencyField("agency_name", Sentence("form.agency_label.agency_name"), True),
    AgencyField("ministry", Sentence("form.agency_label.ministry"), True),
    AgencyField("agency_type", Sentence("form.agency_label.agency_type"), True),
    AgencyField("fiscal_year", Sentence("form.agency_label.fiscal_year"), True),
    AgencyField("source", Sentence("form.agency_label.source"), True),
    AgencyField("contact_name", Sentence("form.agency_label.contact_name"), False),
    AgencyField("contact_email", Sentence("form.agency_label.contact_email"), False),
    AgencyField("contact_phone", Sentence("form.agency_label.contact_phone"), False),
)

# Machine keys of the score sheet. `scope` holds the ids of SCORES (overall, "1", "1.1", "7.1.1"); the score of a form
# is on the first basis of who fills it in. A cell is "" where there is no score. Below the key row,
# columns with other keys may hold #N/A (gaps of the charts): they are no answers and no errors.
SCORE_SCOPE: Final = "scope"

KEYS: Final = ("form", "edition", "edition_version", "language", "created")
UNPLACED_KEY: Final = "unplaced"  # of a marked copy: how many lines its sheet of unplaced texts has


def source_words() -> dict[str, str]:
    """Source -> the word that its forms hold for who fills them in, which is Thai in every form."""
    return {source.id: source.name[DEFAULT_LANGUAGE] for source in SOURCES.values()}
