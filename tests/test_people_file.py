"""People from a list or from words: every sound row, and every problem at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pmqa.viewer import Person, Role
from pmqa.workbook.people import person_of, read_people
from pmqa.workbook.register import Problem

HEAD = "email,role,agencies,ministries,valid_until,note\n"
LAST = dt.datetime(2026, 9, 30, 16, 59, 59)  # the end of that day in Bangkok


def someone(role: Role, agencies: str | None = None, ministries: str | None = None, **rest: Any) -> Person:
    """a@x.example, with codes and names between commas."""
    reach = [None if names is None else frozenset(names.split(",")) for names in (agencies, ministries)]
    return Person("a@x.example", role, *reach, **rest)


@pytest.mark.parametrize(
    ("texts", "person"),
    [
        ({"role": "analyst"}, someone("analyst")),
        ({"role": " นักวิเคราะห์ "}, someone("analyst")),
        ({"role": "Administrator"}, someone("admin")),
        (
            {"role": "agency", "agencies": "QK03, QK04;QK05"},
            someone("agency", "QK03,QK04,QK05"),
        ),
        (
            {"role": "viewer", "agencies": "*", "ministries": "ก\nข"},
            someone("viewer", None, "ก,ข"),
        ),
        ({"role": "viewer", "valid_until": "2026-09-30"}, someone("viewer", valid_until=LAST)),
        ({"role": "viewer", "valid_until": "30/9/2569"}, someone("viewer", valid_until=LAST)),
        (
            {"role": "viewer", "valid_until": "2569-09-30", "note": "ลา"},
            someone("viewer", valid_until=LAST, note="ลา"),
        ),
    ],
)
def test_words_say_who_somebody_is(texts: dict[str, str], person: Person) -> None:
    assert person_of({"email": "A@X.example", **texts}) == (person, [])


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"email": "", "role": "viewer"}, "no_email"),
        ({"email": "a b@x", "role": "viewer"}, "no_email"),
        ({"role": "boss"}, "no_role"),
        ({"role": ""}, "no_role"),
        ({"role": "agency"}, "no_agencies"),
        ({"role": "agency", "agencies": "*"}, "no_agencies"),
        ({"role": "viewer", "valid_until": "31/2/2569"}, "no_date"),
        ({"role": "viewer", "valid_until": "soon"}, "no_date"),
    ],
)
def test_what_cannot_be_meant_is_refused(texts: dict[str, str], code: str) -> None:
    person, problems = person_of({"email": "a@x.example", **texts})
    assert person is None
    assert [problem.code for problem in problems] == [code]


def test_a_list_is_read_whole_and_says_all_that_is_wrong() -> None:
    rows = "a@x.example,viewer,,,,\n\nb,viewer,,,,\nA@x.example,analyst,,,,\nc@x.example,agency,,,,\n"
    read = read_people((HEAD + rows).encode("utf-8-sig"))
    assert list(read.people) == ["a@x.example"]
    assert read.problems == (
        Problem("no_email", 4, "b"),
        Problem("twice", 5, "a@x.example"),
        Problem("no_agencies", 6, "c@x.example"),
    )


def test_headings_may_be_thai_in_any_order_and_in_the_encoding_of_windows() -> None:
    read = read_people("บทบาท,อีเมล,แผนก\nผู้ประเมิน,a@x.example,กพร.\n".encode("cp874"))
    assert read.people == {"a@x.example": someone("assessor")}


@pytest.mark.parametrize(
    ("text", "code"), [("a,b\n1,2\n", "no_headings"), (HEAD, "no_rows"), ("email,x\na@x,y\n", "no_headings")]
)
def test_a_list_without_people_says_so(text: str, code: str) -> None:
    assert [problem.code for problem in read_people(text.encode()).problems] == [code]
