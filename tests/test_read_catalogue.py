"""Every finding of the catalogue is shown by a made workbook, and explained."""

from __future__ import annotations

from pmqa.workbook.findings import CATALOGUE
from tests.workbooks.hostile import HOSTILE
from tests.workbooks.should_fail import FAILS
from tests.workbooks.should_pass import PASSES

# Shown by tests of their own: what the receiver knows, what a child process does, what the form's score sheet says.
ELSEWHERE = {
    "test_read.py": {
        *("new_agency", "unknown_agency", "agency_name_differs", "ministry_differs", "other_agency", "other_source"),
        *("code_taken_as", "codes_look_alike"),
    },
    "test_claims.py": {"several_files", "counted_before"},
    "test_intake.py": {"says_less", "zip_without_form"},
    "test_hostile.py": {"took_too_long", "needs_too_much_memory", "reader_stopped"},
    "test_reconcile.py": {code for code in CATALOGUE if code.startswith("score_")},
}


def test_every_finding_is_shown_by_a_workbook_or_a_test_of_its_own():
    shown = {code for case in (*PASSES, *FAILS, *HOSTILE) for code in case.codes}
    shown |= {code for codes in ELSEWHERE.values() for code in codes}
    assert shown == set(CATALOGUE), shown ^ set(CATALOGUE)


def test_every_case_has_a_name_of_its_own():
    names = [case.name for case in (*PASSES, *FAILS, *HOSTILE)]
    assert len(names) == len(set(names))
