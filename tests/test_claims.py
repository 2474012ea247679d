"""What has to be said before files can be recorded: which of several counts, and whose codes that look alike are."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from pmqa.intake import APART, Before, Claim, Said, judge, settled
from pmqa.intake.claims import modified_at
from pmqa.workbook import Known
from pmqa.workbook.normalise import look_of
from tests.forms import zipped

EARLY, LATE = (dt.datetime(2026, 1, day, tzinfo=dt.UTC) for day in (1, 2))
AGENCY = ("กรมตัวอย่าง", "กระทรวงตัวอย่าง")
OTHER = ("กรมตัวอย่างอื่น", "กระทรวงตัวอย่าง")


def claim(key: str, code: str = "D001", modified=None, *, year=2569, source="self", agency=AGENCY, **more) -> Claim:
    return Claim(key, f"{key}.xlsx", f"content {key}", (code, year, source), agency, modified, **more)


def before(submission="S1", counts="S2") -> Before:
    return Before(submission, ("D001", 2569, "self"), AGENCY, counts=counts)


def outcomes(*claims, **said):
    return {key: verdict.outcome for key, verdict in judge(claims, Said(**said))[0].items()}


# --- several files of one agency, year and source ---------------------------------------------------------------------


def test_of_two_files_of_one_agency_year_and_source_neither_is_recorded_and_both_are_named():
    verdicts, (question,) = judge([claim("a"), claim("b")])
    assert {verdict.outcome for verdict in verdicts.values()} == {"undecided"}
    assert question.keys == ("a", "b")
    for verdict in verdicts.values():
        assert (verdict.finding.code, verdict.finding.severity) == ("several_files", "warning")
        assert verdict.finding.values["files"] == "a.xlsx, b.xlsx"


@pytest.mark.parametrize("other", [{"year": 2568}, {"source": "assessor"}, {"code": "D002"}])
def test_files_of_another_year_source_or_agency_are_no_rivals(other):
    assert outcomes(claim("a"), claim("b", **other)) == {"a": None, "b": None}


def test_the_chosen_file_is_recorded_and_the_others_are_passed_over():
    found = outcomes(claim("a"), claim("b"), claim("c"), chosen=frozenset({"content b"}))
    assert found == {"a": "passed_over", "b": None, "c": "passed_over"}


def test_two_chosen_of_one_agency_are_no_choice():
    found = outcomes(claim("a"), claim("b"), chosen=frozenset({"content a", "content b"}))
    assert set(found.values()) == {"undecided"}


@pytest.mark.parametrize(
    ("moments", "proposed"),
    [
        ((EARLY, LATE), "1"),
        ((LATE, EARLY), "0"),
        ((LATE, LATE), None),
        ((EARLY, LATE, LATE), None),
        ((None, LATE), None),
        ((None, None), None),
    ],
)
def test_the_file_that_was_changed_last_is_proposed_and_none_where_that_cannot_be_told(moments, proposed):
    _, (question,) = judge([claim(str(number), modified=moment) for number, moment in enumerate(moments)])
    assert question.proposed == proposed


def test_the_same_content_twice_is_one_file():
    assert outcomes(claim("a"), replace(claim("a"), key="copy")) == {"a": None, "copy": "known"}


def core(text: str) -> bytes:
    return zipped({"docProps/core.xml": f"<cp:coreProperties>{text}</cp:coreProperties>".encode()})


@pytest.mark.parametrize(
    ("content", "moment"),
    [
        (
            core('<dcterms:modified xsi:type="dcterms:W3CDTF">2026-01-02T03:04:05Z</dcterms:modified>'),
            dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
        ),
        (core("<modified> 2026-01-02T10:04:05+07:00 </modified>"), dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)),
        (
            core("<dcterms:modified>2026-01-02T03:04:05</dcterms:modified>"),
            dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
        ),
        (core("<dcterms:modified>2026-13-02T03:04:05Z</dcterms:modified>"), None),
        (core("<dcterms:created>2026-01-02T03:04:05Z</dcterms:created>"), None),
        (zipped({"xl/workbook.xml": b"<x/>"}), None),
        (b"PK damaged", None),
        (b"", None),
    ],
)
def test_when_a_workbook_was_changed_is_what_its_properties_say(content, moment):
    assert modified_at(content) == moment


# --- a file that was recorded before ---------------------------------------------------------------------------------


def test_a_file_that_another_replaced_counts_again_only_when_somebody_says_so():
    again = claim("a", before=before())
    verdicts, (question,) = judge([again])
    assert (verdicts["a"].outcome, verdicts["a"].finding.code, question.kind) == (
        "undecided",
        "counted_before",
        "again",
    )
    assert verdicts["a"].finding.values == {"submission": "S1", "counts": "S2"}
    chosen = judge([again], Said(frozenset({"content a"})))[0]["a"]
    assert (chosen.outcome, chosen.again) == (None, True)


@pytest.mark.parametrize(
    "beside",
    [
        claim("now", before=before("S2", counts=None)),  # folders keep the earlier file beside the one that counts
        None,
    ],
)
def test_nothing_is_asked_of_a_file_that_counts_or_stands_beside_the_one_that_does(beside):
    old = claim("old", before=before()) if beside else claim("old", before=before(counts=None))
    assert judge([old, *([beside] if beside else [])])[1] == []


def test_a_new_file_beside_one_that_was_replaced_is_a_choice_between_them():
    files = claim("old", before=before()), claim("new")
    assert outcomes(*files) == {"old": "undecided", "new": "undecided"}
    assert outcomes(*files, chosen=frozenset({"content new"})) == {"old": "passed_over", "new": None}
    assert outcomes(*files, chosen=frozenset({"content old"})) == {"old": None, "new": "passed_over"}


# --- codes that look alike -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("demo-004", "DEMO-004", True),
        (" DEMO-004 ", "DEMO-004", True),
        ("\uff24\uff25\uff2d\uff2f-004", "DEMO-004", True),
        ("D\u0415MO-004", "DEMO-004", True),  # Cyrillic E
        ("\u0394EMO-004", "DEMO-004", False),  # a Greek delta is drawn otherwise
        ("DEMO-๐๐๔", "DEMO-004", True),
        ("DEMO-I", "DEMO-l", True),
        ("1-11", "11-1", False),
        ("1-11", "111", False),
        ("DEMO-04", "DEMO-004", False),
        ("DEM0-004", "DEMO-004", False),  # a digit; "did you mean" says so
    ],
)
def test_codes_look_alike_whatever_their_case_width_and_alphabet_and_never_by_their_digits(one, other, alike):
    assert (look_of(one) == look_of(other)) == alike


KNOWN = {"DEMO-004": AGENCY}


@pytest.mark.parametrize(
    ("known", "agency", "meant"),
    [
        (Known(KNOWN), AGENCY, "DEMO-004"),
        (Known(KNOWN), OTHER, "demo-004"),
        (
            Known(KNOWN, complete=True),
            OTHER,
            "DEMO-004",
        ),  # the register alone tells; its name is held against the file's
        (Known(KNOWN | {"Demo-004": OTHER}, complete=True), OTHER, "Demo-004"),
        (Known(KNOWN | {"Demo-004": OTHER}, complete=True), ("กรมที่สาม", "ก"), "demo-004"),
        (Known(KNOWN | {"demo-004": OTHER}), OTHER, "demo-004"),
        (Known({}), AGENCY, "demo-004"),
    ],
)
def test_another_spelling_is_the_known_agencys_where_register_or_name_and_ministry_agree(known, agency, meant):
    assert known.meant("demo-004", *agency) == meant


def test_alike_codes_of_a_batch_are_one_agency_where_name_and_ministry_agree():
    files = [claim("a", "DEMO-004", is_new=True), claim("b", "demo-004", year=2568, is_new=True)]
    verdicts, questions = judge(files)
    assert questions == []
    assert {verdict.agency_code for verdict in verdicts.values()} == {"DEMO-004"}
    # The second file alone would not show it.
    alone = judge(files[1:], settled(files, Said()))[0]["b"]
    assert (alone.agency_code, alone.outcome) == ("DEMO-004", None)


def test_alike_codes_of_one_agency_are_rivals_in_one_year():
    files = [claim("a", "DEMO-004", is_new=True), claim("b", "demo-004", is_new=True)]
    assert set(outcomes(*files).values()) == {"undecided"}
    assert outcomes(*files, chosen=frozenset({"content b"})) == {"a": "passed_over", "b": None}


@pytest.mark.parametrize(
    ("codes", "recorded"),
    [({}, [None, None]), ({"demo-004": APART}, ["DEMO-004", "demo-004"]), ({"demo-004": "DEMO-004"}, ["DEMO-004"] * 2)],
)
def test_alike_codes_of_other_names_wait_until_somebody_says_whose_they_are(codes, recorded):
    files = [claim("a", "DEMO-004", is_new=True), claim("b", "demo-004", agency=OTHER, is_new=True, year=2568)]
    verdicts, (question,) = judge(files, Said(codes=codes))
    assert question.codes == ("DEMO-004", "demo-004")
    found = [None if verdicts[key].outcome else verdicts[key].agency_code for key in "ab"]
    assert found == recorded
    if not codes:
        assert "a.xlsx" in verdicts["b"].finding.values["others"]


def test_a_new_code_like_a_known_one_waits_and_the_known_agencys_own_file_does_not():
    own = claim("own", "DEMO-004")
    new = claim("new", "demo-004", agency=OTHER, is_new=True, alike=("DEMO-004",))
    assert outcomes(own, new) == {"own": None, "new": "undecided"}
    assert outcomes(own, new, codes={"demo-004": "DEMO-004"}) == {"own": "undecided", "new": "undecided"}  # now rivals
    assert outcomes(own, new, codes={"demo-004": APART}) == {"own": None, "new": None}
