"""A plan names which gaps it closes, how far it is, and what was met a year later."""

from __future__ import annotations

import pandas as pd
import pytest
from factories import make_submission

from pmqa.analysis.gaps import blocking_criteria
from pmqa.analysis.paths import cheapest_path
from pmqa.analysis.plans import (
    CRITERION_STATES,
    PLAN_STATES,
    are_planned,
    criteria_to_close,
    draft_actions,
    plan_coverage,
    plan_effects,
    plan_progress,
)
from pmqa.framework import shipped_frameworks
from pmqa.submission import answer_frame
from pmqa.tables import ACTIONS, PROGRESS
from pmqa.text import languages, translator

FRAMEWORK = shipped_frameworks()["pmqa4"]
MISSING = ("1.1.B1", "1.1.B2", "2.1.S1")
ANSWERS_NOW = answer_frame({"s": make_submission(met={c.id: c.id not in MISSING for c in FRAMEWORK.criteria})})


def actions_of(**criteria):
    frame = pd.DataFrame({"action": list(criteria), "criteria": list(criteria.values())})
    return ACTIONS.conform(
        frame.assign(agency_code="D001", fiscal_year=2569, what="ทำ", owner=None, due=pd.Timestamp("2026-09-30"))
    )


def test_actions_are_drafted_one_an_item_from_blockers_or_a_path():
    blockers = blocking_criteria(ANSWERS_NOW, FRAMEWORK, "claimed")
    found = draft_actions(blockers, "D001", 2569)
    assert list(zip(found["what"], found["criteria"], strict=True)) == [("1.1", "1.1.B1 1.1.B2"), ("2.1", "2.1.S1")]
    steps = cheapest_path(ANSWERS_NOW, FRAMEWORK, "claimed", 500, "1").steps
    assert list(draft_actions(steps, "D001", 2569)["criteria"]) == ["1.1.B1 1.1.B2"]
    named = draft_actions(criteria_to_close(["2.1.S1", "1.1.B1", "2.1.A1"], FRAMEWORK), "D001", 2569)
    assert list(named["criteria"]) == ["2.1.S1 2.1.A1", "1.1.B1"]
    assert draft_actions(criteria_to_close([], FRAMEWORK), "D001", 2569).empty


def test_a_criterion_is_planned_where_any_action_names_it():
    criteria = criteria_to_close(["1.1.B1", "1.1.B2", "2.1.S1"], FRAMEWORK)["criterion"]
    assert are_planned(criteria, actions_of(A1="1.1.B2 1.1.B3", A2="", A3="2.1.S1")).tolist() == [False, True, True]
    assert not are_planned(criteria, ACTIONS.empty()).any()


def test_coverage_is_the_share_of_gaps_that_an_action_closes():
    blockers = blocking_criteria(ANSWERS_NOW, FRAMEWORK, "claimed")
    found = plan_coverage(blockers, actions_of(A1="1.1.B2 9.9.X9")).set_index("item")
    assert found.loc["1.1", ["gaps", "with_action", "share", "without_action"]].to_list() == [2, 1, 0.5, "1.1.B1"]
    assert found.loc["2.1", ["gaps", "with_action", "share", "without_action"]].to_list() == [1, 0, 0, "2.1.S1"]


def test_progress_knows_the_two_reports_and_what_is_overdue():
    reports = pd.DataFrame(
        [("A1", 6, 40.0), ("A1", 12, 100.0), ("A2", 6, 50.0)], columns=["action", "month", "percent"]
    ).assign(note=None, reported_at=pd.Timestamp("2026-06-01"), reported_by="ก")
    actions = actions_of(A1="1.1.B1", A2="1.1.B2", A3="2.1.S1")
    found = plan_progress(actions, PROGRESS.conform(reports), pd.Timestamp("2026-12-01")).set_index("action")
    assert found.loc["A1", ["month_6", "month_12", "latest", "overdue"]].to_list() == [40, 100, 100, False]
    assert found.loc["A2", ["latest", "overdue"]].to_list() == [50, True]
    assert found.loc["A3", ["month_6", "month_12", "latest"]].isna().all()
    assert found.loc["A3", "overdue"]
    early = plan_progress(actions, PROGRESS.empty(), pd.Timestamp("2026-01-01"))
    assert not early["overdue"].any()


@pytest.mark.parametrize(
    ("criteria", "now", "state", "closed"),
    [
        ("1.1.B1 1.1.B2", {"1.1.B1": True, "1.1.B2": True}, "done", 2),
        ("1.1.B1 1.1.B2", {"1.1.B1": True, "1.1.B2": False}, "partly", 1),
        ("1.1.B1", {"1.1.B1": False}, "nothing", 0),
        ("1.1.B1", {}, "unknown", 0),
        ("1.1.B1 1.2.B1", {"1.1.B1": True, "1.2.B1": True}, "done", 1),  # 1.2.B1 was met before
        ("1.1.B1 1.2.B1", {"1.1.B1": True}, "partly", 1),  # and nobody says whether it still is
        ("", {"1.1.B1": True}, "nothing_to_close", 0),
        ("1.2.B1", {"1.2.B1": True}, "nothing_to_close", 0),
        ("1.2.B1", {"1.2.B1": False}, "lost", 0),
        ("1.1.B1 1.2.B1", {"1.1.B1": True, "1.2.B1": False}, "lost", 1),
        ("1.2.B1", {}, "unknown", 0),
    ],
)
def test_the_effect_is_what_is_met_in_the_next_submission_and_was_not(criteria, now, state, closed):
    after = answer_frame({"t": make_submission(met=now)})
    row = plan_effects(actions_of(A1=criteria), ANSWERS_NOW, after, "claimed").iloc[0]
    assert (row["state"], row["closed"]) == (state, closed)
    assert row[list(CRITERION_STATES)].sum() == row["criteria"] == len(criteria.split())


@pytest.mark.parametrize("language", languages())
def test_every_state_of_a_plan_has_its_words(language):
    assert all(translator(language).has(f"followup_page.state_{state}") for state in PLAN_STATES)


@pytest.mark.parametrize(("basis", "state"), [("claimed", "done"), ("evidenced", "nothing")])
def test_a_yes_without_evidence_closes_nothing_where_evidence_counts(basis, state):
    after = answer_frame({"t": make_submission(met={"1.1.B1": True})}).assign(evidence=None)
    assert plan_effects(actions_of(A1="1.1.B1"), ANSWERS_NOW, after, basis)["state"].item() == state


def test_no_plan_is_no_row():
    assert len(plan_effects(ACTIONS.empty(), ANSWERS_NOW, ANSWERS_NOW, "claimed")) == 0
    assert len(plan_progress(ACTIONS.empty(), PROGRESS.empty(), pd.Timestamp("2026-01-01"))) == 0
