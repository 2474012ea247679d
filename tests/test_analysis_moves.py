"""Movements over the years compare like with like."""

from __future__ import annotations

import pandas as pd
import pytest
from factories import make_measure, make_submission

from pmqa.analysis.moves import answer_changes, contributions, moves
from pmqa.framework import shipped_frameworks
from pmqa.scoring import score
from pmqa.submission import answer_frame, measure_frame, source_frame
from pmqa.tables import ANSWERS, SCORED, SUBMISSIONS

FRAMEWORK = shipped_frameworks()["pmqa4"]
RESULTS = [make_measure(i.id) for i in FRAMEWORK.indicators]


def year_of(submission, edition="pmqa4"):
    submissions = {"s": submission}
    scores = score(source_frame(submissions), answer_frame(submissions), measure_frame(submissions), FRAMEWORK)
    whose = {"agency_code": submission.agency_code, "fiscal_year": submission.fiscal_year, "edition": edition}
    whose |= {"agency_name": "กรมตัวอย่าง", "ministry": "กระทรวงตัวอย่าง", "agency_type": "กรม", "source": "self"}
    return SCORED.conform(scores[scores["basis"] == "claimed"].assign(**whose))


def said(*, blank=(), not_met=()):
    return {c.id: c.id not in not_met for c in FRAMEWORK.criteria if c.item not in blank}


def without(criterion):
    return {c.id: None if c.id == criterion else True for c in FRAMEWORK.criteria}


def moved(before, after, **editions):
    found = moves(year_of(before), year_of(after, **editions), FRAMEWORK)
    return found.set_index(["kind", "scope"])


def test_a_fall_in_the_same_items_is_a_regression():
    found = moved(make_submission(measures=RESULTS), make_submission(met=said(not_met=["1.1.B1"]), measures=RESULTS))
    item = found.loc[("item", "1.1")]
    assert (item["before"], item["after"], item["change"], item["regressed"]) == (500, 200, -300, True)
    assert (item["level_before"], item["level_after"]) == ("significance", "below")
    category = found.loc[("category", "1")]
    assert (category["like_change"], category["like_for_like"], category["regressed"]) == (-75, True, True)
    assert found.loc[("overall", "overall"), "regressed"]
    assert found.loc[("dimension", "leadership"), "regressed"]
    assert not found.loc[("item", "1.2"), "regressed"]
    assert not found.loc[("category", "2"), "regressed"]


def test_the_parts_of_the_categories_sum_to_the_change_of_the_overall():
    before = make_submission(met=said(not_met=["6.1.B1", "2.1.S1"]), measures=RESULTS)
    after = make_submission(met=said(not_met=["1.1.A1"], blank=["3.1"]), measures=RESULTS)
    found = moves(year_of(before), year_of(after), FRAMEWORK)
    parts = contributions(found).set_index("scope")["contribution"]
    overall = found[found["kind"] == "overall"].iloc[0]
    assert parts.sum() == pytest.approx(overall["like_after"] - overall["like_before"])
    assert parts.idxmax() == "6"
    assert parts["1"] < 0 < parts["2"]
    assert parts["3"] == 0


def test_an_item_that_was_not_answered_before_moves_the_published_score_and_not_the_comparison():
    found = moved(
        make_submission(met=said(blank=["1.1"]), measures=RESULTS),
        make_submission(met=said(not_met=["1.2.S1"]), measures=RESULTS),
    )
    category = found.loc[("category", "1")]
    assert category["change"] == (1950 - 1500) / 4
    assert category["like_change"] == pytest.approx(483.3 - 500)
    assert (category["items"], category["items_shared"], category["like_for_like"]) == (4, 3, False)
    assert not category["regressed"]  # not like for like: shown, not flagged
    assert pd.isna(found.loc[("item", "1.1"), "like_change"])
    assert found.loc[("item", "1.2"), "regressed"]


def test_the_overall_is_compared_over_the_shared_items_of_each_category():
    found = moved(make_submission(met=said(blank=["1.1"]), measures=RESULTS), make_submission(measures=RESULTS)).loc[
        ("overall", "overall")
    ]
    assert found["like_change"] == pytest.approx(0)
    assert found["change"] == pytest.approx(17.8)  # as the shown scores differ
    assert (found["items"], found["items_shared"]) == (30, 29)


def test_an_answer_left_blank_is_no_regression():
    found = moved(make_submission(measures=RESULTS), make_submission(met=without("1.1.B1"), measures=RESULTS))
    item = found.loc[("item", "1.1")]
    assert (item["change"], item["like_for_like"], item["regressed"]) == (-300, False, False)
    assert pd.isna(item["like_change"])
    assert (found.loc[("category", "1"), "items_shared"], found.loc[("category", "1"), "like_change"]) == (3, 0)
    assert not found.loc[[("category", "1"), ("overall", "overall"), ("dimension", "leadership")], "regressed"].any()
    assert found.loc[[("category", "2"), ("item", "1.2")], "like_for_like"].all()


@pytest.mark.parametrize("first", ["without", "with"])
def test_an_indicator_reported_in_one_year_alone_moves_no_comparison(first):
    optional = next(i for i in FRAMEWORK.indicators if not i.core)
    weak = [make_measure(i.id, actual=20.0 if i.id == optional.id else 85.9) for i in FRAMEWORK.indicators]
    years = [make_submission(measures=[m for m in weak if m.indicator != optional.id]), make_submission(measures=weak)]
    found = moved(*years if first == "without" else reversed(years))
    odd = [("item", optional.item), ("category", "7"), ("overall", "overall"), ("dimension", "results")]
    assert (found.loc[odd, "change"] != 0).all()
    assert not found.loc[odd, ["like_for_like", "regressed"]].any(axis=None)
    assert pd.isna(found.loc[("item", optional.item), "like_change"])
    assert found.loc[("category", "7"), "like_change"] == found.loc[("overall", "overall"), "like_change"] == 0


def test_a_core_indicator_that_is_reported_in_neither_year_is_the_same_in_both():
    core = next(i for i in FRAMEWORK.indicators if i.core)
    rest = [m for m in RESULTS if m.indicator != core.id]
    weaker = [make_measure(m.indicator, actual=80.0) for m in rest]
    found = moved(make_submission(measures=rest), make_submission(measures=weaker)).loc[("item", core.item)]
    assert found["like_for_like"]
    assert found["regressed"]


def test_two_editions_are_never_like_for_like():
    found = moved(make_submission(measures=RESULTS), make_submission(met=said(not_met=["1.1.B1"])), edition="pmqa5")
    assert not found["like_for_like"].any()
    assert not found["regressed"].any()


def test_nothing_answered_in_both_years_is_no_comparison():
    found = moved(make_submission(met=None), make_submission(met=None))
    assert not found["like_for_like"].any()
    assert found["like_change"].isna().all()


def test_only_agencies_of_both_years_are_compared():
    assert len(moves(year_of(make_submission("D001")), year_of(make_submission("D002")), FRAMEWORK)) == 0
    assert len(moves(SCORED.empty(), SCORED.empty(), FRAMEWORK)) == 0


def test_changed_answers_are_named_by_what_happened_to_them():
    submissions = {
        "old": make_submission(
            fiscal_year=2568, met={"1.1.B1": True, "1.1.B2": False, "1.1.B3": None, "1.1.A1": None, "1.1.A2": True,
                                   "1.1.A3": False, "1.1.S1": True}),
        "new": make_submission(
            fiscal_year=2569, met={"1.1.B1": False, "1.1.B2": True, "1.1.B3": True, "1.1.A1": False, "1.1.A2": None,
                                   "1.1.A3": None, "1.1.S1": True}),
    }  # fmt: skip
    whose = pd.DataFrame(
        [(key, s.agency_code, s.fiscal_year) for key, s in submissions.items()],
        columns=["submission", "agency_code", "fiscal_year"],
    )
    found = answer_changes(answer_frame(submissions), whose, FRAMEWORK, 2568, 2569)
    assert dict(zip(found["criterion"], found["change"], strict=True)) == {
        "1.1.B1": "lost",
        "1.1.B2": "gained",
        "1.1.B3": "newly_met",
        "1.1.A1": "newly_not_met",
        "1.1.A2": "withdrawn",
        "1.1.A3": "withdrawn",
    }
    assert list(found["criterion"]) == [c.id for c in FRAMEWORK.criteria if c.id in set(found["criterion"])]
    assert len(answer_changes(ANSWERS.empty(), SUBMISSIONS.empty(), FRAMEWORK, 2568, 2569)) == 0
