"""What a child hands over: whole, it is what was judged; made up, it is as good as no answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from pmqa.text import translator
from pmqa.workbook import Reading, finding_text, limits, read_submission, readers
from pmqa.workbook.cells import read_cells
from pmqa.workbook.child import answer_to
from pmqa.workbook.form.origins import read_origins
from pmqa.workbook.handed import taken
from pmqa.workbook.judging import judge
from tests.forms import CATEGORY, FIRST, small_form, small_frameworks, small_submission
from tests.workbooks.should_fail import FAILS

ANSWERS, MEASURES = 2, 3  # places in what is handed over of a submission
MET, INDICATOR, NUMBER, DIRECTION, TARGET = 1, 0, 1, 4, 5  # in one of its answers or measures
FINDING = [1, 4, 1, "E", "met_without_evidence", CATEGORY, f"E{FIRST}", "1.1.B1", {"count": 1}]

Said = dict[str, Any]


def said_of(content: bytes) -> Said:
    said: Said = json.loads(answer_to(content, small_frameworks()).partition(b"\n")[0])
    return said


WITH_ERRORS = [case.make for case in FAILS if case.codes & {"unknown_criterion", "unknown_edition", "missing_sheet"}]


@pytest.mark.parametrize("make", [small_form, *WITH_ERRORS])
def test_what_a_child_hands_over_is_what_it_judged(make):
    judged = judge(read_cells(make()), small_frameworks())
    found = taken(json.dumps(said_of(make())).encode(), small_frameworks())
    assert (found.submission, found.edition) == (judged.submission, judged.edition)
    assert (list(found.findings), list(found.sheets)) == (list(judged.findings), list(judged.sheets))
    assert (found.agency.values, dict(found.agency.places)) == (judged.agency.values, dict(judged.agency.places))
    assert (found.cached_scores, found.overwritten_scores) == (judged.cached_scores, judged.overwritten_scores)


def put(value: object, *path: Any) -> Callable[[Said], None]:
    """Another value at a place of what is handed over."""

    def change(said: Said) -> None:
        *before, last = path
        at: Any = said
        for step in before:
            at = at[step]
        at[last] = value

    return change


def of_answer(value: object, place: int) -> Callable[[Said], None]:
    return put(value, "submission", ANSWERS, 0, place)


def of_measure(value: object, place: int) -> Callable[[Said], None]:
    return put(value, "submission", MEASURES, 0, place)


@pytest.mark.parametrize(
    "change",
    [
        of_answer("9.9.X9", 0),
        of_answer("yes", MET),
        of_answer(1, MET),
        of_answer(["a list"], 2),
        lambda said: said["submission"][ANSWERS].pop(),
        lambda said: said["submission"][ANSWERS].append(said["submission"][ANSWERS][0]),
        lambda said: said["submission"][ANSWERS][0].append("more"),
        of_measure("9.9.9", INDICATOR),
        of_measure(7, NUMBER),
        of_measure("up", DIRECTION),
        of_measure("90", TARGET),
        of_measure(True, TARGET),
        of_measure(1e300, TARGET),
        of_measure(float("nan"), TARGET),
        put("D001/../../x y", "values", "agency_code"),
        put("2569", "values", "fiscal_year"),
        put(1, "values", "fiscal_year"),
        put("nobody", "values", "source"),
        put("x", "values", "no_field"),
        put(["หน่วยงาน", "C", "; DROP"], "places", "agency_code"),
        put("pmqa9", "edition"),
        put(None, "submission"),
        put(["x"] * (limits.SHEETS + 1), "sheets"),
        put("a text", "sheets"),
        put([["item", "9.9", 1.0, False]], "scores"),
        put([["overall", "overall", "300", False]], "scores"),
        put([[*FINDING[:4], "no_code", *FINDING[5:]]], "findings"),
        put([[*FINDING[:4], "not_a_number", *FINDING[5:]]], "findings"),  # an error, and a submission
        put([[*FINDING[:4], "says_less", *FINDING[5:]]], "findings"),  # without what fills its blanks
        put([[*FINDING[:7], ["a list"], {}]], "findings"),
        put([["1", *FINDING[1:]]], "findings"),
        put("no_code", "refused"),
        lambda said: said.update(refused="damaged", values={"detail": ["a list"]}),
        dict.clear,
    ],
)
def test_what_no_child_says_by_itself_is_refused_with_a_sentence(monkeypatch, change):
    said = said_of(small_form())
    assert read_of(monkeypatch, said).submission == small_submission()
    change(said)
    (finding,) = read_of(monkeypatch, said).findings
    assert finding.code == "reader_stopped"
    assert finding_text(finding, translator("th"))


def read_of(monkeypatch: pytest.MonkeyPatch, said: object, cells: bytes = b"{}") -> Reading:
    """What becomes of a form whose child says this."""
    answer = json.dumps(said).encode() + b"\n" + cells
    monkeypatch.setattr(readers.Reader, "answer_to", lambda *_: answer)
    return read_submission(small_form(), small_frameworks())


def test_cells_that_are_none_have_no_draft(monkeypatch):
    for cells in (b"", b"[]", b"{}", b'{"sheets": 1}'):
        assert read_of(monkeypatch, said_of(small_form()), cells).draft is None


@pytest.mark.parametrize("cells", [b"no json", b"[]", b'{"sheets": [{"name": 1}, null]}'])
def test_kept_cells_that_are_none_say_nothing_of_where_they_were_taken_from(cells):
    assert read_origins(readers.packed(cells)) == {}
