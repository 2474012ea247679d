"""A register comes as people keep it: xlsx or csv, columns in any order, with every problem told at once."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from pmqa.workbook.archive import Refusal
from pmqa.workbook.register import MOST_ROWS, Problem, RegisterRow, read_register
from tests.forms import saved

HEAD = ("รหัสหน่วยงาน", "ชื่อหน่วยงาน", "กระทรวง", "ประเภทหน่วยงาน")
ONE = ("D001", "กรมตัวอย่างหนึ่ง", "กระทรวงตัวอย่าง", "กรม")
TWO = ("P010", "จังหวัดตัวอย่าง", "กระทรวงตัวอย่าง", "จังหวัด")


def workbook(*rows, title="ทะเบียน") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return saved(book)


def text(*rows, separator=",") -> str:
    return "\r\n".join(separator.join(row) for row in rows)


def codes(found) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.row) for problem in found.problems]


@pytest.mark.parametrize(
    "content",
    [
        workbook(HEAD, ONE, TWO),
        workbook(("ทะเบียนหน่วยงาน",), (), HEAD, ONE, (), TWO),
        workbook(("agency_code", "agency_name", "ministry", "agency_type"), ONE, TWO),
        workbook(
            ("Agency type", "x", "Ministry", "Agency name", "Agency code"),
            *[(*r[3:], "-", *r[2:0:-1], r[0]) for r in (ONE, TWO)],
        ),
        text(HEAD, ONE, TWO).encode("utf-8-sig"),
        text(HEAD, ONE, TWO, separator=";").encode(),
        text(HEAD, ONE, TWO, separator="\t").encode("utf-16"),
        text(HEAD, ONE, TWO).encode("cp874"),
        text(HEAD, ("D๐๐๑", *ONE[1:3], "department"), TWO).encode(),
    ],
    ids=[
        "xlsx",
        "title above",
        "keys",
        "another order",
        "csv",
        "semicolon",
        "tab utf-16",
        "windows thai",
        "thai digits",
    ],
)
def test_a_register_reads_as_people_and_programs_write_it(content):
    found = read_register(content)
    assert found.problems == ()
    assert found.agencies == (RegisterRow(*ONE), RegisterRow(*TWO))


def test_every_problem_is_told_at_once_with_its_row():
    rows = (
        HEAD,
        ONE,
        ("", *ONE[1:]),
        ("D002", "", "", "กรม"),
        ("D003", "กรมตัวอย่างสาม", "กระทรวงตัวอย่าง", "สำนัก"),
        ("!!", *ONE[1:]),
        ("D001", "กรมตัวอย่างอื่น", "กระทรวงตัวอย่าง", "กรม"),
    )
    found = read_register(text(*rows).encode())
    assert codes(found) == [
        ("no_agency_code", 3),
        ("no_agency_name", 4),
        ("no_ministry", 4),
        ("unknown_type", 5),
        ("bad_code", 6),
        ("code_twice", 7),
    ]
    assert found.agencies == (RegisterRow(*ONE),)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (workbook(("ก", "ข"), ("1", "2")), Problem("no_headings", None, ", ".join(HEAD))),
        (workbook(HEAD[:2], ONE[:2]), Problem("missing_columns", 1, "กระทรวง, ประเภทหน่วยงาน")),
        (text(HEAD).encode(), Problem("no_rows")),
    ],
    ids=["no headings", "columns missing", "no rows"],
)
def test_a_file_without_a_register_says_what_is_missing(content, problem):
    assert read_register(content).problems == (problem,)


def test_there_is_an_end_to_how_many_agencies_are_read():
    rows = (HEAD, *((f"D{n}", *ONE[1:]) for n in range(MOST_ROWS + 1)))
    assert codes(read_register(text(*rows).encode())) == [("too_many_rows", None)]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "is_empty"), (b"%PDF-1.7", "is_pdf"), (workbook(HEAD, ONE)[:-40], "damaged"), (b"\0\1\2" * 99, "damaged")],
)
def test_what_is_no_table_is_refused_by_what_it_is(content, code):
    with pytest.raises(Refusal) as refused:
        read_register(content)
    assert refused.value.code == code


def test_a_name_that_looks_like_a_formula_is_data():
    found = read_register(text(HEAD, ("D001", "=1+1", *ONE[2:]), ("D002", "'=1+1", *ONE[2:])).encode())
    assert [one.agency_name for one in found.agencies] == ["=1+1", "=1+1"]
