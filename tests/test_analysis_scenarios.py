"""A scenario changes a copy, is scored by the same rules, and leaves the submission alone."""

from __future__ import annotations

import pandas as pd
import pytest
from factories import make_measure, make_submission

from pmqa.analysis.peers import ranks
from pmqa.analysis.scenarios import Scenario, applied, rank_move, what_if
from pmqa.framework import shipped_frameworks
from pmqa.submission import answer_frame, measure_frame
from pmqa.tables import SCORED

FRAMEWORK = shipped_frameworks()["pmqa4"]
SAID = {c.id: c.id != "1.1.B1" for c in FRAMEWORK.criteria}


def frames_of(submission):
    return answer_frame({"s": submission}), measure_frame({"s": submission})


def changed(submission, scenario, basis="claimed"):
    found = what_if(*frames_of(submission), scenario, FRAMEWORK, basis)
    return found.set_index(["kind", "scope"])


def test_ticking_the_one_blocking_criterion_opens_the_gate():
    found = changed(make_submission(met=SAID), Scenario("ก", {"1.1.B1": True}))
    item = found.loc[("item", "1.1")]
    assert (item["before"], item["after"], item["change"]) == (200, 500, 300)
    assert (item["level_before"], item["level_after"]) == ("below", "significance")
    assert found.loc[("overall", "overall"), "change"] == pytest.approx(300 / 28)
    assert found.loc[("item", "1.2"), "change"] == 0


def test_a_tick_is_assumed_to_have_its_evidence():
    found = changed(make_submission(met=SAID), Scenario("ก", {"1.1.B1": True}), basis="evidenced")
    assert found.loc[("item", "1.1"), "after"] == 500


def test_an_answer_can_be_taken_back_or_left_blank():
    found = changed(make_submission(), Scenario("ก", {"1.1.B1": False, "1.2.B1": None}))
    assert found.loc[("item", "1.1"), "after"] == 200
    assert found.loc[("item", "1.2"), "after"] == 200


def test_another_actual_moves_its_measure_and_what_is_above_it():
    submission = make_submission(measures=[make_measure("7.1.1", target=80, actual=72)])
    found = changed(submission, Scenario("ก", actuals={("7.1.1", 1): 90.0}))
    assert tuple(found.loc[("measure", "7.1.1#1"), ["before", "after"]]) == (270, 500)
    gone = changed(submission, Scenario("ก", actuals={("7.1.1", 1): None}))
    assert gone.loc[("indicator", "7.1.1"), ["after", "change"]].isna().all()


def test_the_submission_itself_never_changes():
    answers, measures = frames_of(make_submission(met=SAID, measures=[make_measure()]))
    kept = answers.copy(), measures.copy()
    applied(answers, measures, Scenario("ก", {"1.1.B1": True}, {("7.1.1", 1): 0.0}))
    pd.testing.assert_frame_equal(answers, kept[0])
    pd.testing.assert_frame_equal(measures, kept[1])


@pytest.mark.parametrize("scenario", [Scenario("ก", {"9.9.B1": True}), Scenario("ก", actuals={("7.1.1", 4): 1.0})])
def test_a_scenario_about_something_that_is_not_there_is_an_error(scenario):
    with pytest.raises(KeyError):
        applied(*frames_of(make_submission(measures=[make_measure()])), scenario)


def peers(*scores, items=()):
    """SCORED of agencies A, B, ... of one score in everything; items: (agency, item, score) that differ from it."""
    scopes = pd.DataFrame([("overall", "overall"), *(("item", item.id) for item in FRAMEWORK.items)])
    scopes.columns = ["kind", "scope"]
    agencies = pd.DataFrame({"score": scores, "agency_code": [chr(ord("A") + n) for n in range(len(scores))]})
    frame = agencies.merge(scopes, how="cross")
    for agency, item, points in items:
        frame.loc[(frame["agency_code"] == agency) & (frame["scope"] == item), "score"] = points
    rest = {"basis": "claimed", "score_max": 500.0, "coverage": 1.0}
    rest |= {"level": None, "complete": True, "agency_name": "ก", "ministry": "ก", "agency_type": "กรม"}
    rest |= {"fiscal_year": 2569, "source": "self", "edition": "pmqa4"}
    return SCORED.conform(frame.assign(submission=frame["agency_code"], **rest))


def what_if_of(scored, agency, after):
    """WHAT_IF of an agency that gets one score in everything."""
    own = scored.loc[scored["agency_code"] == agency, ["kind", "scope", "score"]].reset_index(drop=True)
    return own.rename(columns={"score": "before"}).assign(after=after)


def test_the_rank_moves_among_the_others_as_they_are():
    scored = peers(300.0, 200.0, 400.0)
    found = rank_move(scored, what_if_of(scored, "B", 300.04), "B", FRAMEWORK).set_index("state")
    assert tuple(found.loc["before", ["rank_low", "rank_high", "n"]]) == (3, 3, 3)
    assert tuple(found.loc["after", ["rank_low", "rank_high"]]) == (2, 3)  # shows as 300.0, as A does
    for agency in "ABC":
        same = rank_move(scored, what_if_of(scored, agency, None), agency, FRAMEWORK).set_index("state").loc["before"]
        own = ranks(scored, "overall", "overall").set_index("agency_code").loc[agency]
        assert (same["rank_low"], same["rank_high"], same["n"]) == (own["rank_low"], own["rank_high"], own["n"])


def test_a_rank_that_one_item_can_move_is_a_band_before_and_after():
    others = [("B", item.id, 299.0) for item in FRAMEWORK.items if item.id != "1.1"]
    scored = peers(300.0, 302.6, 400.0, items=[("B", "1.1", 400.0), *others])
    found = rank_move(scored, what_if_of(scored, "A", 310.0), "A", FRAMEWORK).set_index("state")
    assert tuple(found.loc["before", ["rank_low", "rank_high"]]) == (2, 3)  # without 1.1, B has 299 and is behind
    assert tuple(found.loc["after", ["rank_low", "rank_high"]]) == (2, 2)


def test_who_is_incomplete_is_ranked_itself_and_counts_for_others_where_asked():
    scored = peers(300.0, 200.0, 400.0)
    scored["complete"] = (scored["agency_code"] == "A").to_numpy()
    changes = what_if_of(scored, "B", 350.0)
    assert list(rank_move(scored, changes, "B", FRAMEWORK)["n"]) == [2, 2]
    assert list(rank_move(scored, changes, "B", FRAMEWORK, complete_only=False)["n"]) == [3, 3]


def test_without_a_score_there_is_no_rank():
    scored = peers(300.0, 200.0)
    changes = what_if_of(scored, "B", None).assign(before=None)
    found = rank_move(scored, changes, "B", FRAMEWORK)
    assert found["rank_low"].isna().all()
    assert list(found["n"]) == [1, 1]
