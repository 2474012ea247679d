"""Forms of one agency that were filled in parts: the whole says what the parts say, and where each cell comes from."""

from __future__ import annotations

import dataclasses
import io
import json

import openpyxl
import pytest
from factories import make_measure
from forms import edited, put, put_agency, small_form, small_framework, small_frameworks, small_submission

from pmqa.intake import scores_of
from pmqa.workbook import layout, read_submission, write_form
from pmqa.workbook.combining import combine, of_the_part, strangers
from pmqa.workbook.draft import Place

CRITERIA = [criterion.id for criterion in small_framework().criteria]


def part(ids, *, measures=(), sheets=("หมวด 1", "หมวด 7"), **agency):
    """A form in which one team answered its criteria and left the rest; sheets that it does not need are deleted."""
    whole = small_submission()
    answers = [a if a.criterion in ids else dataclasses.replace(a, met=None, evidence=None) for a in whole.answers]
    sent = dataclasses.replace(whole, answers=tuple(answers), measures=tuple(measures), **agency)

    def cut(book):
        for name in {"หมวด 1", "หมวด 7"} - set(sheets):
            del book[name]

    return edited(cut, write_form(small_framework(), prefill=sent))


def read(contents):
    return {name: read_submission(content, small_frameworks()) for name, content in contents.items()}


def drafts(contents):
    return {name: reading.draft for name, reading in read(contents).items()}


def made(found):
    return write_form(small_framework(), prefill=found.draft, origins=found.origins)


@pytest.fixture(scope="module")
def four():
    """Four partial forms with two conflicts: an answer, and the actual of a measure."""
    own = small_submission().measures
    third = len(CRITERIA) // 3
    one_no = edited(lambda book: put(book, "หมวด 1", CRITERIA[0], "answer", "ไม่มี"), part(CRITERIA[: third + 1]))
    return {
        "ก.xlsx": part(CRITERIA[:third], sheets=["หมวด 1"]),
        "ข.xlsx": one_no,
        "ค.xlsx": part(CRITERIA[third:], measures=own[:2]),
        "ง.xlsx": part([], measures=[dataclasses.replace(own[0], actual=1.0), own[2]], sheets=["หมวด 7"]),
    }


def test_four_partial_forms_with_two_conflicts_score_as_the_whole_form_does(four):
    readings = read(four)
    assert not any(of_the_part(reading) for reading in readings.values())
    assert not strangers(readings)
    found = combine(drafts(four), small_framework())
    assert {one.id: list(one.said) for one in found.open} == {
        CRITERIA[0]: ["ก.xlsx", "ข.xlsx"],
        "7.1.1#1": ["ค.xlsx", "ง.xlsx"],
    }
    said = found.conflicts[0].said
    assert (said["ข.xlsx"]["answer"].value, said["ข.xlsx"]["answer"].sheet) == ("ไม่มี", "หมวด 1")
    assert said["ข.xlsx"]["answer"].cell == f"E{layout.FIRST_ROW}"
    found = combine(drafts(four), small_framework(), {CRITERIA[0]: "ก.xlsx", "7.1.1#1": "ค.xlsx"})
    whole = read_submission(small_form(), small_frameworks())
    result = read_submission(made(found), small_frameworks())
    assert not result.findings
    assert result.submission == whole.submission
    assert scores_of([result], small_frameworks())[0].equals(scores_of([whole], small_frameworks())[0])


def test_each_cell_of_the_whole_form_says_which_cell_of_which_file_it_is_from(four):
    found = combine(drafts(four), small_framework(), {CRITERIA[0]: "ข.xlsx", "7.1.1#1": "ง.xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(made(found)))
    sheet = book[layout.ORIGINS_SHEET]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=layout.FIRST_ROW)]
    assert len(lines) == len(found.origins)
    for here, value, file, cell, _ in lines:
        title, _, address = here.rpartition(" ")
        source, _, at = cell.rpartition(" ")
        assert book[title][address].value == value
        written = openpyxl.load_workbook(io.BytesIO(four[file]))[source][at].value
        assert written == value
    (changed,) = [line for line in lines if line[2] == "ข.xlsx" and line[1] == "ไม่มี"]
    assert "ก.xlsx หมวด 1 E4: มี" in changed[4]
    # The list is no answer: nothing of it is read, and a marked copy does not take it for a remark.
    assert not [one for one in read_submission(made(found), small_frameworks()).draft.loose if one.text]


def test_a_blank_never_overrules_and_the_same_said_twice_is_no_conflict():
    found = combine(drafts({"a": small_form(), "b": part([])}), small_framework())
    assert not found.conflicts
    assert found.origins[Place(CRITERIA[0], 1, "answer")][0].file == "a"
    again = combine(drafts({"b": part([]), "a": small_form(), "c": small_form()}), small_framework())
    assert not again.conflicts
    whole = read_submission(small_form(), small_frameworks())
    assert read_submission(made(again), small_frameworks()).submission == whole.submission


def test_measures_of_other_names_stand_below_each_other():
    other = make_measure("7.1.1", 1, target=50, actual=60)
    parts = {"a": part([], measures=small_submission().measures[:1]), "b": part([], measures=[other])}
    other_name = dataclasses.replace(other, name="ตัววัดอื่น")
    parts["b"] = part([], measures=[other_name])
    found = combine(drafts(parts), small_framework())
    assert not found.conflicts
    names = [row.cells["measure"] for row in found.draft.rows["7.1.1"]]
    assert names == [small_submission().measures[0].name, "ตัววัดอื่น"]


def test_without_a_choice_what_differs_is_left_out_and_only_that(four):
    found = combine(drafts(four), small_framework())
    assert Place(CRITERIA[0], 1, "answer") not in found.origins
    assert Place("7.1.1", 1, "actual") not in found.origins
    assert Place("7.1.1", 1, "target") in found.origins


def test_parts_of_other_agencies_years_or_sources_are_strangers():
    readings = read({"a": small_form(), "b": part([], agency_code="D777"), "c": part([], fiscal_year=2568)})
    assert set(strangers(readings)) == {"agency_code", "fiscal_year"}


def test_what_has_no_cell_in_the_form_is_told():
    def noted(book):
        book["หมวด 1"]["K9"] = "โปรดดูเอกสารแนบ"
        put_agency(book, "contact_name", "เจ้าหน้าที่อีกคน")

    found = combine(drafts({"a": small_form(), "b": edited(noted)}), small_framework())
    assert [(file, one.cell, one.text) for file, one in found.left] == [("b", "K9", "โปรดดูเอกสารแนบ")]
    assert [one.id for one in found.open] == ["contact_name"]


@pytest.mark.slow
def test_combine_tells_conflicts_writes_nothing_before_they_are_chosen_and_then_the_form(run, forms, tmp_path):
    own = next(path for path in forms if "assessor" not in path.name)
    book = openpyxl.load_workbook(own)
    address = put(book, "หมวด 1", "1.1.B1", "evidence", "คำสั่งที่ 99/2569")
    other, out = tmp_path / "อีกส่วน.xlsx", tmp_path / "รวม.xlsx"
    book.save(other)
    words = ("combine", own, other, "--out", out)
    code, shown, said = run(*words, "--lang", "en")
    assert (code, out.exists()) == (1, False)
    assert f"อีกส่วน.xlsx [หมวด 1!{address}] Evidence: คำสั่งที่ 99/2569" in shown
    assert "choose in 1 place " in said
    assert run(*words, "--choose", "9.9.A1=อีกส่วน.xlsx")[0] == 2
    code, shown, _ = run(*words, "--choose", "1.1.B1=อีกส่วน.xlsx", "--json")
    assert (code, json.loads(shown)["conflicts"][0]["chosen"]) == (0, "อีกส่วน.xlsx")
    assert run("check", out)[0] == 0
