"""The marked copy: an agency gets its answers back with every finding where it is, mends them and sends the copy."""

from __future__ import annotations

import io

import openpyxl
import pytest

from pmqa.errors import Finding
from pmqa.text import translator
from pmqa.workbook import finding_text, layout, read_submission, write_form
from pmqa.workbook.draft import Draft, DraftRow
from pmqa.workbook.form.looks import AMBER, RED
from tests.factories import make_measure, make_submission

pytestmark = pytest.mark.slow  # forms are written, marked and read


def edited(content, edit):
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def spoil(book):
    """One unreadable answer, one text where a number belongs, a measure too far away, evidence left out."""
    book["หมวด 1"]["E4"] = "ไม่ทราบ"
    book["หมวด 7"]["F4"] = "แปดสิบห้า"
    book["หมวด 2"]["G5"] = None
    book["หมวด 2"].insert_cols(1, 2)  # places in the file and in the marked copy differ
    book["หมวด 3"]["F4"] = "=1+1"


@pytest.fixture(scope="module")
def sent(framework):
    met = {criterion.id: True for criterion in framework.criteria}
    evidence = {id_: f"คำสั่งที่ {number}/2569" for number, id_ in enumerate(met, 1)}
    measures = [make_measure(indicator.id) for indicator in framework.indicators if indicator.core]
    return make_submission(met=met, evidence=evidence, measures=measures, contact_name="ผู้ประสานงานตัวอย่าง")


@pytest.fixture(scope="module")
def reading(framework, frameworks, sent):
    return read_submission(edited(write_form(framework, prefill=sent), spoil), frameworks)


@pytest.fixture(scope="module")
def marked(framework, reading):
    return write_form(framework, prefill=reading.draft, findings=reading.findings)


@pytest.fixture(scope="module")
def book(marked):
    return openpyxl.load_workbook(io.BytesIO(marked))


def test_the_file_is_refused_so_there_is_only_a_draft(reading):
    assert reading.submission is None
    assert {"unreadable_answer", "not_a_number"} <= {finding.code for finding in reading.findings if finding.is_error}


def test_the_first_sheet_lists_every_finding_errors_first(book, reading, t_th):
    assert book.sheetnames[0] == layout.MARKS_SHEET
    listed = list(book[layout.MARKS_SHEET].iter_rows(min_row=4, values_only=True))
    assert [row[0] for row in listed] == list(range(1, len(reading.findings) + 1))
    assert {row[5] for row in listed} == {finding_text(finding, t_th) for finding in reading.findings}
    kinds = [row[1] for row in listed]
    assert kinds == sorted(kinds, key=["ต้องแก้ไข", "ควรตรวจสอบ", "ข้อสังเกต"].index)


@pytest.fixture
def t_th():
    return translator("th")


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "colour", "code"),
    [
        ("หมวด 1", "E4", "ไม่ทราบ", RED, "unreadable_answer"),
        ("หมวด 7", "F4", "แปดสิบห้า", RED, "not_a_number"),
        ("หมวด 2", "G5", None, AMBER, "met_without_evidence"),
    ],
)
def test_the_cell_of_a_finding_holds_what_was_sent_filled_and_commented_in_thai(
    book, reading, t_th, sheet, cell, value, colour, code
):
    found = book[sheet][cell]
    assert found.value == value
    assert found.fill.fgColor.rgb == f"00{colour}"
    finding = next(finding for finding in reading.findings if finding.code == code)
    assert finding_text(finding, t_th) in found.comment.text
    assert not found.protection.locked


def test_each_line_leads_to_the_cell_and_says_where_it_was_in_the_file_that_was_sent(book):
    lines = {}
    for row in book[layout.MARKS_SHEET].iter_rows(min_row=4):
        link = row[2].hyperlink
        lines[row[3].value] = link.location if link else None
    assert lines["หมวด 1 E4"] == "'หมวด 1'!E4"
    assert lines["หมวด 2 I5"] == "'หมวด 2'!G5"


def test_what_was_right_comes_back_unmarked_and_a_formula_as_text(book, sent):
    sheet = book["หมวด 1"]
    assert sheet["E5"].value == "มี"
    assert sheet["E5"].comment is None
    assert sheet["E5"].fill.fgColor.rgb not in {f"00{RED}", f"00{AMBER}"}
    assert sheet["G5"].value == sent.answers[1].evidence
    assert book[layout.AGENCY_SHEET]["B3"].value == sent.agency_code
    # Above the keys stands the form's own line of progress.
    below = [book[title].iter_rows(min_row=layout.KEY_ROW) for title in ("หมวด 1", "หมวด 3")]
    assert all(cell.data_type != "f" for rows in below for row in rows for cell in row)


def test_the_corrected_marked_copy_is_accepted(marked, frameworks, sent):
    def mend(book):
        book["หมวด 1"]["E4"] = "มี"
        book["หมวด 7"]["F4"] = 85
        book["หมวด 2"]["G5"] = sent.answers[33].evidence
        book["หมวด 3"]["F4"] = None
        # A formula's text is a text like any other once it stands in the cell: somebody has to say that it is seen to.
        book[layout.UNPLACED_SHEET]["A4"] = "จัดแล้ว"

    reading = read_submission(edited(marked, mend), frameworks)
    assert [finding for finding in reading.findings if finding.is_error] == []
    assert reading.submission == sent


def test_the_assessor_s_marked_copy_keeps_the_agency_s_answers_beside_his(framework, frameworks, sent):
    form = write_form(framework, prefill=sent, source="assessor")

    def answer(book):
        book["หมวด 1"]["F4"] = "อาจจะ"

    reading = read_submission(edited(form, answer), frameworks)
    sheet = openpyxl.load_workbook(io.BytesIO(write_form(framework, prefill=reading.draft, findings=reading.findings)))[
        "หมวด 1"
    ]
    assert [sheet["E4"].value, sheet["F4"].value] == ["มี", "อาจจะ"]
    assert [sheet["E4"].protection.locked, sheet["F4"].protection.locked] == [True, False]
    assert sheet["F4"].fill.fgColor.rgb == f"00{RED}"


@pytest.mark.parametrize(
    ("cell", "marked_cells"),
    [
        ("E4", ["E4"]),
        ("E4:E6, E9", ["E4", "E5", "E6", "E9"]),
        ("E4:E6, …", ["E4", "E5", "E6"]),
        (None, []),
        ("B1:B1048576", []),
    ],
)
def test_a_finding_marks_every_cell_of_its_ranges(framework, cell, marked_cells):
    ids = [criterion.id for criterion in framework.criteria_of["1.1"]]
    rows = {id_: (DraftRow("ชีต", row, {"answer": "?"}),) for row, id_ in enumerate(ids, 4)}
    draft = Draft({}, rows, {"ชีต": {"answer": "E"}})
    finding = Finding("unreadable_answer", "error", "ชีต", cell, "?", {"count": 1, "offered": "มี"})
    content = write_form(framework, prefill=draft, findings=[finding])
    sheet = openpyxl.load_workbook(io.BytesIO(content))["หมวด 1"]
    assert [c.coordinate for row in sheet for c in row if c.comment] == marked_cells


def test_a_criterion_that_stands_twice_is_marked_where_the_form_has_it(framework):
    rows = {"1.1.B1": (DraftRow("ชีต", 4, {"answer": "มี"}), DraftRow("ชีต", 9, {"answer": "ไม่มี"}))}
    draft = Draft({}, rows, {"ชีต": {"criterion": "A", "answer": "E"}})
    finding = Finding("criterion_twice", "error", "ชีต", "A9", "1.1.B1", {"other": "A4", "count": 1})
    sheet = openpyxl.load_workbook(io.BytesIO(write_form(framework, prefill=draft, findings=[finding])))["หมวด 1"]
    assert sheet["A4"].comment is not None
    assert sheet["E4"].value == "มี"


def test_a_finding_about_the_whole_file_is_listed_without_a_link(framework):
    findings = [
        Finding("nothing_answered", "warning"),
        Finding("missing_sheet", "error", "หมวด 3", values={"hint": ""}),
    ]
    content = write_form(framework, prefill=Draft({}, {}, {}), findings=findings)
    sheet = openpyxl.load_workbook(io.BytesIO(content))[layout.MARKS_SHEET]
    assert sheet["C4"].hyperlink.location == "'หมวด 3'!E4"
    assert sheet["C5"].hyperlink is None
