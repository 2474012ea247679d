"""Between two submissions of one agency: only what is said otherwise, and what it does to the scores."""

from __future__ import annotations

import dataclasses

import pytest
from factories import make_measure, make_submission

from pmqa.analysis.changes import (
    CHANGED_ANSWERS,
    CHANGED_MEASURES,
    changed_answers,
    changed_measures,
    effects,
)
from pmqa.scoring import score
from pmqa.submission import answer_frame, measure_frame, source_frame


def with_answer(submission, criterion, **changes):
    answers = [
        dataclasses.replace(answer, **changes) if answer.criterion == criterion else answer
        for answer in submission.answers
    ]
    return dataclasses.replace(submission, answers=tuple(answers))


def answers(submission):
    return answer_frame({"S": submission})


def measures(*some):
    return measure_frame({"S": make_submission(measures=some)})


def scores(submission, framework):
    one = {"S": submission}
    return score(source_frame(one), answer_frame(one), measure_frame(one), framework)


def test_the_same_submission_twice_differs_in_nothing(framework):
    one = make_submission(measures=[make_measure()])
    assert changed_answers(answers(one), answers(one), framework).equals(CHANGED_ANSWERS.empty())
    assert changed_measures(measures(make_measure()), measures(make_measure())).equals(CHANGED_MEASURES.empty())
    same = effects(scores(one, framework), scores(one, framework))
    assert set(same["change"].dropna()) == {0.0}


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"met": False}, "answer_changed"),
        ({"met": None}, "answer_changed"),
        ({"evidence": "คำสั่งใหม่"}, "evidence_changed"),
        ({"evidence": None}, "evidence_changed"),
        ({"explanation": "เพิ่มคำอธิบาย"}, "explanation_changed"),
    ],
)
def test_a_changed_criterion_says_in_what(framework, changes, column):
    before = make_submission()
    after = with_answer(before, "1.1.B1", **changes)
    (row,) = changed_answers(answers(before), answers(after), framework).to_dict("records")
    assert (row["criterion"], row["item"], row["level"]) == ("1.1.B1", "1.1", "basic")
    assert {name for name in row if name.endswith("_changed") and row[name]} == {column}


def test_the_place_in_the_file_is_no_change(framework):
    before = make_submission()
    after = with_answer(before, "1.1.B1", sheet="อื่น", cell="Z99")
    assert changed_answers(answers(before), answers(after), framework).empty


def test_changed_criteria_come_in_the_order_of_the_framework(framework):
    before = make_submission(met=False)
    after = make_submission(met=True)
    found = changed_answers(answers(before), answers(after), framework)
    assert found["criterion"].to_list() == [criterion.id for criterion in framework.criteria]


def test_each_value_of_a_measure_that_differs_is_a_row_as_people_write_it():
    before, after = make_measure(target=85, actual=80.5), make_measure(target=90, actual=None)
    found = changed_measures(measures(before), measures(after))
    assert found[["indicator", "number", "field", "before", "after"]].astype("object").values.tolist()[:1] == [
        ["7.1.1", 1, "target", "85", "90"]
    ]
    assert found["field"].to_list() == ["target", "actual"]
    assert found["before"].to_list() == ["85", "80.5"]
    assert found["after"].isna().to_list() == [False, True]


def test_a_measure_that_came_or_went_is_one_row_each():
    found = changed_measures(
        measures(make_measure("7.1.1"), make_measure("7.1.2")), measures(make_measure("7.1.1"), make_measure("7.1.3"))
    )
    assert found[["indicator", "field"]].values.tolist() == [["7.1.3", "added"], ["7.1.2", "removed"]]


def test_the_effect_on_a_score_is_after_less_before_and_blank_where_one_of_them_is(framework):
    before = make_submission(met={"1.1.B1": True})
    after = make_submission(met={criterion.id: True for criterion in framework.criteria_of["1.1"]})
    found = effects(scores(before, framework), scores(after, framework)).set_index(["basis", "kind", "scope"])
    item = found.loc[("claimed", "item", "1.1")]
    assert item["after"] == 500.0
    assert item["change"] == pytest.approx(item["after"] - item["before"])
    assert found.loc[("claimed", "item", "1.2")].isna()["change"]
