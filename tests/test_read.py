"""Reading the form: tolerant of people, strict about meaning."""

from __future__ import annotations

import dataclasses
from functools import cache

import pytest

from pmqa.intake import scores_of
from pmqa.settings import ROOT
from pmqa.text import languages, translator
from pmqa.workbook import Known, Reading, finding_text, read_many, read_submission, write_form
from pmqa.workbook.catalogue import findings_page
from pmqa.workbook.findings import grouped, spot
from pmqa.workbook.normalise import DIGIT, NO_EVIDENCE
from tests.forms import (
    CATEGORY,
    edited,
    put,
    put_agency,
    row_of,
    small_form,
    small_framework,
    small_frameworks,
    small_submission,
)
from tests.workbooks.case import Case
from tests.workbooks.should_fail import FAILS
from tests.workbooks.should_pass import PASSES


def by_name(case: Case) -> str:
    return case.name


@cache
def reading_of(case: Case) -> Reading:
    return read_submission(case.make(), small_frameworks(), file_name=f"{case.name}.xlsx")


@pytest.mark.parametrize("case", PASSES, ids=by_name)
def test_a_form_as_people_leave_it_reads_as_what_they_meant(case):
    reading = reading_of(case)
    assert {finding.code for finding in reading.findings} == case.codes, said(reading)
    assert reading.submission == case.expected


@pytest.mark.parametrize("name", ["form_before.xlsx", "form_before_links.xlsx"])
def test_a_form_that_an_earlier_release_wrote_reads_as_it_did(name):
    reading = read_submission((ROOT / "tests" / "workbooks" / name).read_bytes(), small_frameworks())
    assert reading.findings == ()
    assert reading.submission == small_submission()


@pytest.mark.parametrize("case", FAILS, ids=by_name)
def test_a_wrong_file_is_refused_with_what_is_wrong_and_where(case):
    reading = reading_of(case)
    assert reading.submission is None
    errors = [finding for finding in reading.findings if finding.is_error]
    assert {finding.code for finding in errors} == case.codes, said(reading)
    for wanted, found in ((case.sheet, "sheet"), (case.cell, "cell"), (case.value, "value")):
        assert wanted is None or wanted in {getattr(finding, found) for finding in errors}, said(reading)


@pytest.mark.parametrize("case", FAILS, ids=by_name)
def test_nothing_is_reported_that_only_follows_from_the_error(case):
    reading = reading_of(case)
    follows = {finding.code for finding in reading.findings} - case.codes
    # Read although something else is wrong: what is said about the parts that can be read is true by itself.
    assert follows <= {"edition_assumed", "unknown_column"}, said(reading)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("case", [*PASSES, *FAILS], ids=by_name)
def test_every_finding_has_a_whole_sentence(case, language):
    for finding in reading_of(case).findings:
        sentence = finding_text(finding, translator(language))
        assert "{" not in sentence
        assert "None" not in sentence


KNOWN = {"D001": (small_submission().agency_name, small_submission().ministry), "D002": ("กรมตัวอย่าง D002", "อื่น")}


@pytest.mark.parametrize(
    ("known", "code"),
    [
        (Known(KNOWN), None),
        (Known({}), None),
        (Known({"D0O1": KNOWN["D002"]}), "new_agency"),
        (Known({"D0O1": KNOWN["D002"]}, complete=True), "unknown_agency"),
        (Known({"D001": ("กรมตัวอย่างอื่น", KNOWN["D001"][1])}), "agency_name_differs"),
        (Known({"D001": (KNOWN["D001"][0], "กระทรวงอื่น")}), "ministry_differs"),
        (Known(KNOWN, submitters=frozenset({"D002"})), "other_agency"),
        (Known(KNOWN, submitters=frozenset({"D001"})), None),
        (Known(KNOWN, ministries=frozenset({"อื่น"})), "other_agency"),
        (Known(KNOWN, ministries=frozenset({KNOWN["D001"][1]})), None),
        (Known({}, ministries=frozenset({"อื่น"})), "other_agency"),
        (Known(KNOWN, sources=frozenset({"assessor"})), "other_source"),
        (Known(KNOWN, sources=frozenset({"self"})), None),
    ],
)
def test_what_the_receiver_knows_of_agencies_is_held_against_the_file(known, code):
    reading = read_submission(small_form(), small_frameworks(), known=known)
    assert {finding.code for finding in reading.findings} == ({code} if code else set())
    assert reading.is_sound == (code in (None, "new_agency"))


@pytest.mark.parametrize(
    ("known", "taken", "code"),
    [
        (Known({"d001": KNOWN["D001"]}), "d001", "code_taken_as"),
        (Known({"d001": ("กรมตัวอย่างอื่น", "ข")}), "D001", "codes_look_alike"),
        (Known({"d001": KNOWN["D001"]}, complete=True), "d001", "code_taken_as"),
        (Known({"d001": ("กรมตัวอย่างอื่น", KNOWN["D001"][1])}, complete=True), "d001", "agency_name_differs"),
        (Known({"d001": KNOWN["D001"]}, submitters=frozenset({"d001"})), "d001", "code_taken_as"),
    ],
)
def test_a_code_that_only_looks_like_a_known_one_is_taken_as_that_where_the_rest_agrees(known, taken, code):
    reading = read_submission(small_form(), small_frameworks(), known=known)
    assert reading.agency_code == taken
    assert code in {finding.code for finding in reading.findings}
    assert "new_agency" not in {finding.code for finding in reading.findings}
    if reading.submission:
        assert reading.submission.agency_code == taken


def test_what_a_form_says_of_its_ministry_does_not_bring_another_ministrys_agency_within_reach():
    home = small_submission().ministry
    known = Known({"D001": (small_submission().agency_name, "อื่น")}, ministries=frozenset({home}))
    found = {finding.code for finding in read_submission(small_form(), small_frameworks(), known=known).findings}
    assert found == {"ministry_differs", "other_agency"}


def test_a_form_of_the_wrong_source_says_whose_may_be_sent_in_words():
    known = Known(KNOWN, sources=frozenset({"assessor"}))
    (finding,) = read_submission(small_form(), small_frameworks(), known=known).findings
    assert finding.is_error
    assert "ประเมินตนเอง" in finding_text(finding, translator("th"))
    assert "ผู้ประเมิน" in finding_text(finding, translator("th"))


def test_an_unknown_code_says_which_known_one_was_perhaps_meant():
    (finding,) = read_submission(
        small_form(), small_frameworks(), known=Known({"D0O1": KNOWN["D002"]}, complete=True)
    ).findings
    assert "D0O1" in finding_text(finding, translator("th"))


def test_many_files_come_back_in_their_order_with_each_refusal_in_its_place():
    readings = list(read_many([small_form(), b"", small_form(), b"%PDF-1.7"], small_frameworks(), workers=2))
    assert [reading.is_sound for reading in readings] == [True, False, True, False]


def test_what_a_file_says_is_had_again_from_its_kept_cells_without_the_file():
    reading = read_submission(small_form(), small_frameworks())
    rows = {id_: [row.cells for row in rows] for id_, rows in reading.draft.rows.items()}
    for answer in reading.submission.answers:
        assert [row["evidence"] for row in rows[answer.criterion]] == [answer.evidence]


def test_repeats_are_one_finding_with_their_ranges():
    spots = [spot("unreadable_answer", "หมวด 1", "E", row, "ผ่าน", offered="มี, ไม่มี") for row in (9, 4, 5, 6, 40)]
    (finding,) = grouped(spots, ["หมวด 1"])
    assert (finding.cell, finding.value, finding.values["count"]) == ("E4:E6, E9, E40", "ผ่าน", 5)


def test_findings_come_in_the_order_of_sheets_rows_and_columns():
    spots = [
        spot("not_a_number", "ข", "B", 2, "x"),
        spot("not_a_number", "ก", "AA", 2, "x"),
        spot("not_a_number", "ก", "Z", 2, "x"),
        spot("nothing_answered"),
    ]
    places = [(finding.sheet, finding.cell) for finding in grouped(spots, ["ก", "ข"])]
    assert places == [(None, None), ("ก", "Z2"), ("ก", "AA2"), ("ข", "B2")]


def test_the_page_of_findings_is_made_from_the_catalogue():
    page = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    assert page == findings_page(), "python -m pmqa.workbook.catalogue > docs/findings.md"


def said(reading):
    return [(f.sheet, f.cell, finding_text(f, translator("en"))) for f in reading.findings]


def test_an_assessor_is_not_asked_to_mend_the_agency_s_evidence():
    shared = dataclasses.replace(
        small_submission(),
        answers=tuple(dataclasses.replace(a, evidence="คำสั่งเดียวกัน") for a in small_submission().answers),
    )
    codes = {
        source: {finding.code for finding in read_submission(filled, small_frameworks()).findings}
        for source, filled in (
            ("self", write_form(small_framework(), prefill=shared)),
            ("assessor", answered_by_assessor(shared)),
        )
    }
    assert "evidence_repeated" in codes["self"]
    assert not {"evidence_repeated", "met_without_evidence"} & codes["assessor"]


def answered_by_assessor(submission) -> bytes:
    form = write_form(small_framework(), prefill=submission, source="assessor")

    def answer(book):
        for number, criterion in enumerate(small_framework().criteria):
            put(book, CATEGORY, criterion.id, "answer", "มี")
            if not number:
                put(book, CATEGORY, criterion.id, "evidence", None)

    return edited(answer, form)


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("กรมน้ำที่หนึ่ง", "กรมนำ\u0e49ที่หนึ่ง"),  # ำ before its tone
        ("กรมน้ำที่หนึ่ง", "กรมน้ำท\u0e48\u0e35หนึ่ง"),  # the tone before its vowel
        ("กรมน้ำที่หนึ่ง", "กรมน้ำที\u0e35่\u0e48หนึ่ง"),  # marks twice
        ("กรมน้ำที่หนึ่ง", "กรมน\u0e49\u0e4d\u0e32ที่หนึ่ง"),  # ำ in two pieces
        ("กรมน้ำที่หนึ่ง", "\u202bกรมน้ำ\u200fที่หนึ่ง\u202c"),  # marks of direction
    ],
)
def test_names_that_look_the_same_are_the_same(said, known):
    content = edited(lambda book: put_agency(book, "agency_name", known))
    register = Known({"D001": (said, small_submission().ministry)}, complete=True)
    reading = read_submission(content, small_frameworks(), known=register)
    assert reading.submission is not None
    assert reading.submission.agency_name == said
    assert {finding.code for finding in reading.findings} == {"text_cleaned"}


def test_what_nobody_sees_is_named_where_it_was_dropped():
    def edit(book):
        book[CATEGORY][f"A{row_of(book, CATEGORY, '1.1.B1')}"].value = "1.1.\u200bB1 "
        put_agency(book, "agency_name", f"{small_submission().agency_name}\u00a0")
        put(book, CATEGORY, "1.1.B2", "answer", "✔\ufe0f")

    reading = read_submission(edited(edit), small_frameworks())
    assert {finding.code: finding.value for finding in reading.findings} == {
        "code_corrected": "1.1.⟨U+200B⟩B1␣",
        "text_cleaned": f"{small_submission().agency_name}⟨U+00A0⟩",
        "answer_corrected": "✔⟨U+FE0F⟩",
    }


@pytest.mark.parametrize(
    ("edit", "thai", "english"),
    [
        (lambda book: put_agency(book, "agency_type", "กรมม"), "“กรมม” (กรม?)", '"กรมม" is unknown (กรม?).'),
        (
            lambda book: put(book, CATEGORY, "1.1.B1", "criterion", "1.1.B11"),
            "“1.1.B11” ในเกณฑ์ฉบับนี้ (1.1.B1?)",
            "edition (1.1.B1?).",
        ),
        (lambda book: put_agency(book, "agency_type", "ฮฮฮ"), "“ฮฮฮ”", '"ฮฮฮ" is unknown.'),
    ],
)
def test_what_was_perhaps_meant_stands_apart_from_the_word_before_it(edit, thai, english):
    (finding,) = [one for one in read_submission(edited(edit), small_frameworks()).findings if one.is_error]
    assert thai in finding_text(finding, translator("th"))
    assert english in finding_text(finding, translator("en"))


def test_a_comment_and_a_scaled_number_are_told_with_what_stands_there():
    cases = {case.name: case for case in PASSES}
    (comment,) = reading_of(cases["threaded_comments"]).findings
    assert (comment.sheet, comment.cell, comment.value) == (CATEGORY, "E4", "ไม่แน่ใจ แก้เป็น ไม่มี")
    scaled = reading_of(cases["millions_by_format_and_by_unit"]).findings
    assert {(one.cell, one.value, one.values["shown"]) for one in scaled} >= {
        ("F4", "5000000", "5"),
        ("I4", "5250000", "5.25"),
    }


def test_words_that_are_no_evidence_count_on_the_basis_claimed_only():
    content = edited(lambda book: put(book, CATEGORY, "1.1.B1", "evidence", "ไม่มีหลักฐาน\nN/A"))
    reading = read_submission(content, small_frameworks())
    (note,) = [finding for finding in reading.findings if finding.code == "evidence_says_nothing"]
    assert (note.severity, note.sheet, note.cell) == ("note", CATEGORY, "G4")
    scores = scores_of([reading], small_frameworks())[0].set_index(["basis", "scope"])["score"]
    missed = small_framework().criteria_of["1.1"]
    basic = sum(criterion.level == "basic" for criterion in missed)
    assert scores["claimed", "1.1"] == 500
    assert scores["evidenced", "1.1"] == pytest.approx(300 * (basic - 1) / basic)


def test_no_words_that_say_there_is_no_evidence_have_a_digit():
    assert not DIGIT.search("".join(NO_EVIDENCE))  # so that evidence with one need not be held against them
