"""Leverage sums what blocking criteria release; whoever met a criterion with evidence can teach it."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from factories import make_submission

from pmqa.analysis.gaps import BLOCKERS, blocking_criteria, met_on
from pmqa.analysis.leverage import leverage, lone_blockers, missed_criteria, teachers, together
from pmqa.framework import shipped_frameworks
from pmqa.scoring import score
from pmqa.submission import Answer, answer_frame, measure_frame, source_frame
from pmqa.tables import ANSWERS, MEASURES

FRAMEWORK = shipped_frameworks()["pmqa4"]


def without(*criteria, code="D001", **values):
    return make_submission(code, met={c.id: c.id not in criteria for c in FRAMEWORK.criteria}, **values)


SUBMISSIONS = {
    "a": without("1.1.B1", "1.1.B2", "2.1.S1", code="D001"),
    "b": without("1.1.B1", code="D002"),
    "c": without("2.1.S1", code="D003", evidence=None),
}


def whose(submissions):
    rows = [(key, s.agency_code, s.agency_name, s.ministry, s.agency_type) for key, s in submissions.items()]
    return pd.DataFrame(rows, columns=["submission", "agency_code", "agency_name", "ministry", "agency_type"])


def test_leverage_sums_the_points_that_closing_a_criterion_releases_over_the_agencies_it_blocks():
    blockers = blocking_criteria(answer_frame(SUBMISSIONS), FRAMEWORK, "claimed")
    found = leverage(blockers).set_index("criterion")
    # Of equal points, the one that blocks more agencies comes first.
    assert list(found.index) == ["1.1.B1", "2.1.S1", "1.1.B2"]
    # D001 still lacks B2, so B1 releases 100 there; at D002 it opens the gate: 100 + 200.
    assert list(found["release"]) == pytest.approx([400, 100, 100])
    assert list(found["agencies"]) == [2, 2, 1]
    assert list(found["alone"]) == [1, 2, 0]
    assert list(found["release_overall"]) == pytest.approx([400 / 28, 100 / 28, 100 / 28])
    assert list(found["share"]) == pytest.approx([4 / 6, 5 / 6, 1])


def test_criteria_stand_by_how_many_agencies_they_block_where_that_is_asked_for():
    answers = answer_frame(SUBMISSIONS | {"d": without("1.1.B2", code="D004"), "e": without("1.1.B2", code="D005")})
    found = leverage(blocking_criteria(answers, FRAMEWORK, "claimed"), by="agencies")
    assert list(found["criterion"]) == ["1.1.B2", "1.1.B1", "2.1.S1"]
    assert found["share"].iloc[-1] == pytest.approx(1)


@pytest.mark.parametrize("basis", ["claimed", "evidenced"])
def test_criteria_closed_together_are_scored_as_if_every_agency_met_them(basis):
    answers, measures = answer_frame(SUBMISSIONS), measure_frame(SUBMISSIONS)
    both = ("1.1.B1", "1.1.B2")
    found = together(met_on(answers, FRAMEWORK, basis), measures, both, FRAMEWORK, basis).set_index("submission")
    mended = {
        key: replace(
            one,
            answers=tuple(Answer(a.criterion, True, evidence="x") if a.criterion in both else a for a in one.answers),
        )
        for key, one in SUBMISSIONS.items()
    }
    for frames, side in (((answers, measures), "before"), ((answer_frame(mended), measures), "after")):
        scores = score(source_frame(SUBMISSIONS), *frames, FRAMEWORK)
        scores = scores[(scores["basis"] == basis) & (scores["kind"] == "overall")].set_index("submission")
        assert found[side].to_dict() == scores["score"].to_dict()
        assert found[f"level_{side}"].to_dict() == scores["level"].to_dict()
    if basis == "claimed":
        # At D001 each alone releases 100 or less of 1.1; both open the gate behind them: 200 + 200 of 28.
        assert list(found["missed"]) == [2, 1, 0]
        assert list(found["change"]) == pytest.approx([14.3, 10.7, 0.0])


def test_who_never_answered_a_criterion_is_assumed_to_meet_it_too():
    nothing = met_on(answer_frame({"a": make_submission(met=None)}), FRAMEWORK, "evidenced")
    (found,) = together(nothing, MEASURES.empty(), ["1.1.B1"], FRAMEWORK, "evidenced").itertuples()
    assert math.isnan(found.before)
    assert found.after == pytest.approx(100 / 28)  # one of three criteria at Basic of one of 28 items' worth


def test_lone_blockers_are_the_one_criterion_before_the_next_level():
    blockers = blocking_criteria(answer_frame(SUBMISSIONS), FRAMEWORK, "claimed")
    found = lone_blockers(blockers)
    assert list(zip(found["submission"], found["criterion"], strict=True)) == [
        ("b", "1.1.B1"),
        ("a", "2.1.S1"),
        ("c", "2.1.S1"),
    ]


def test_missed_criteria_are_counted_whether_or_not_a_gate_holds_them():
    found = missed_criteria(met_on(answer_frame(SUBMISSIONS), FRAMEWORK, "claimed"), FRAMEWORK).set_index("criterion")
    assert list(found.index[:3]) == ["1.1.B1", "2.1.S1", "1.1.B2"]
    assert found.loc["1.1.B1", "share_missed"] == pytest.approx(2 / 3)
    evidenced = missed_criteria(met_on(answer_frame(SUBMISSIONS), FRAMEWORK, "evidenced"), FRAMEWORK).set_index(
        "criterion"
    )
    assert evidenced.loc["1.1.B1", "not_met"] == 3  # D003 has no evidence at all


def test_unanswered_criteria_are_missed_and_counted_apart():
    found = missed_criteria(met_on(answer_frame({"a": make_submission(met=None)}), FRAMEWORK, "claimed"), FRAMEWORK)
    assert set(found["unanswered"]) == {1}
    assert set(found["not_met"]) == {0}
    assert set(found["share_missed"]) == {1}


def test_teachers_met_the_criterion_and_say_with_which_evidence():
    found = teachers(answer_frame(SUBMISSIONS), whose(SUBMISSIONS), ["2.1.S1", "1.1.B2"])
    assert list(zip(found["criterion"], found["agency_code"], strict=True)) == [("2.1.S1", "D002"), ("1.1.B2", "D002")]
    assert found["evidence"].notna().all()


def test_no_data_gives_the_tables_without_rows():
    assert len(leverage(BLOCKERS.empty())) == len(lone_blockers(BLOCKERS.empty())) == 0
    assert set(missed_criteria(met_on(ANSWERS.empty(), FRAMEWORK, "claimed"), FRAMEWORK)["n"]) == {0}
    assert len(teachers(ANSWERS.empty(), whose({}), ["1.1.B1"])) == 0
