"""Plans are kept beside the submissions, audited, seen by who sees the agency; no plan changes what was sent."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest
from factories import make_submission

from pmqa.errors import AccessDenied, NameTaken, StoreError
from pmqa.store import Action
from pmqa.viewer import Viewer
from tests.postgres import ON_BOTH

STRANGER = Viewer("stranger", "agency", frozenset({"D002"}))
ACTION = Action("D001", 2569, "จัดทำแผนตัวอย่าง", ("1.1.B1", "1.1.B2"), "ฝ่ายตัวอย่าง", dt.date(2027, 3, 31))


pytestmark = ON_BOTH


@pytest.fixture
def submission(store):
    return store.recording.record(make_submission("D001"), b"one", file_name="a", received_by="t").submission_id


def test_a_scenario_is_kept_under_its_name_and_changes_no_submission(store, submission):
    scores = store.facts.scores()
    store.plans.save_scenario(submission, "ถ้าปิดข้อแรก", {"criteria": {"1.1.B1": True}}, who="analyst")
    store.plans.save_scenario(submission, "ถ้าปิดข้อแรก", {"criteria": {"1.1.B2": True}}, who="analyst")
    (row,) = store.plans.scenarios().to_dict("records")
    assert (row["submission"], row["name"], row["made_by"]) == (submission, "ถ้าปิดข้อแรก", "analyst")
    assert json.loads(row["changes"]) == {"criteria": {"1.1.B2": True}}
    assert store.plans.scenarios(STRANGER).empty
    pd.testing.assert_frame_equal(store.facts.scores(), scores)
    store.plans.remove_scenario(submission, "ถ้าปิดข้อแรก", who="analyst")
    assert store.plans.scenarios().empty
    assert store.audit.changes()["action"].to_list() == [
        "recorded",
        "scenario_saved",
        "scenario_saved",
        "scenario_removed",
    ]


def test_an_action_says_what_who_when_and_which_criteria(store, submission):
    name = store.plans.save_action(ACTION, who="planner")
    row = store.plans.actions().iloc[0]
    assert row[["action", "agency_code", "what", "owner", "criteria"]].to_list() == [
        name, "D001", "จัดทำแผนตัวอย่าง", "ฝ่ายตัวอย่าง", "1.1.B1 1.1.B2",
    ]  # fmt: skip
    assert row["due"] == pd.Timestamp(2027, 3, 31, 16, 59, 59)
    assert store.plans.actions(STRANGER).empty


def test_an_action_can_be_changed_and_removed(store, submission):
    name = store.plans.save_action(ACTION, who="planner")
    other = store.plans.save_action(ACTION, who="planner")
    assert store.plans.save_action(Action("D001", 2569, "แก้ไขแล้ว", ()), who="planner", name=name) == name
    assert store.plans.actions()["what"].to_list() == ["แก้ไขแล้ว", "จัดทำแผนตัวอย่าง"]
    store.plans.report_progress(other, 6, 50.0, who="planner")
    store.plans.remove_action(other, who="planner")
    assert store.plans.actions()["action"].to_list() == [name]
    assert store.plans.progress().empty


def test_progress_is_reported_by_month_and_the_latest_report_holds(store, submission):
    name = store.plans.save_action(ACTION, who="planner")
    store.plans.report_progress(name, 12, 100.0, who="planner")
    store.plans.report_progress(name, 6, 40.0, who="planner")
    store.plans.report_progress(name, 6, 55.0, who="planner", note="ล่าช้าเล็กน้อย")
    assert store.plans.progress()[["month", "percent"]].to_numpy().tolist() == [[6, 55.0], [12, 100.0]]
    assert store.plans.progress(STRANGER).empty
    with pytest.raises(StoreError, match="A9999999"):
        store.plans.report_progress("A9999999", 6, 1.0, who="planner")


def test_efforts_belong_to_an_agency_and_an_edition_and_each_stays_until_it_is_given_again(store):
    store.plans.save_efforts("D001", "pmqa4", {"1.1.B1": 2.0, "1.1.B2": 0.5}, who="planner")
    store.plans.save_efforts("D001", "pmqa4", {"1.1.B2": 3.0}, who="planner")
    assert store.plans.efforts("D001", "pmqa4") == {"1.1.B1": 2.0, "1.1.B2": 3.0}
    assert store.plans.efforts("D001", "pmqa5") == store.plans.efforts("D002", "pmqa4") == {}


# --- who may plan what ------------------------------------------------------------------------------------------------


def test_nobody_changes_the_plan_of_an_agency_that_they_may_not_see(store, submission):
    name = store.plans.save_action(ACTION, who="planner")
    store.plans.save_scenario(submission, "ก", {}, who="planner")
    store.plans.save_efforts("D001", "pmqa4", {"1.1.B1": 2.0}, who="planner")
    before = store.version()
    who = {"who": "stranger", "viewer": STRANGER}
    store.plans.remove_action(name, **who)
    store.plans.remove_scenario(submission, "ก", **who)
    with pytest.raises(StoreError, match=name):
        store.plans.report_progress(name, 6, 1.0, **who)
    with pytest.raises(StoreError, match=submission):
        store.plans.save_scenario(submission, "ข", {}, **who)
    with pytest.raises(AccessDenied, match="D001"):
        store.plans.save_action(ACTION, **who)
    with pytest.raises(AccessDenied, match="D001"):  # nor makes it that of their own agency
        store.plans.save_action(Action("D002", 2569, "ของเรา", ()), name=name, **who)
    with pytest.raises(AccessDenied, match="D001"):
        store.plans.save_efforts("D001", "pmqa4", {"1.1.B1": 9.0}, **who)
    assert store.plans.efforts("D001", "pmqa4", STRANGER) == {}
    assert store.version() == before


def test_an_agency_plans_for_itself(store, submission):
    own = Viewer("own", "agency", frozenset({"D001"}))
    who = {"who": own.name, "viewer": own}
    name = store.plans.save_action(ACTION, **who)
    store.plans.report_progress(name, 6, 50.0, **who)
    store.plans.save_scenario(submission, "ก", {}, **who)
    store.plans.save_efforts("D001", "pmqa4", {"1.1.B1": 2.0}, **who)
    assert store.plans.efforts("D001", "pmqa4", own) == {"1.1.B1": 2.0}
    store.plans.remove_scenario(submission, "ก", **who)
    store.plans.remove_action(name, **who)
    assert store.plans.actions().empty
    assert store.plans.progress().empty
    assert store.plans.scenarios().empty


def test_who_may_only_look_plans_nothing(store, submission):
    viewer = Viewer("x", "viewer")
    who = {"who": "x", "viewer": viewer}
    for change in (
        lambda: store.plans.save_action(ACTION, **who),
        lambda: store.plans.remove_action("A0000001", **who),
        lambda: store.plans.report_progress("A0000001", 6, 1.0, **who),
        lambda: store.plans.save_scenario(submission, "ก", {}, **who),
        lambda: store.plans.remove_scenario(submission, "ก", **who),
        lambda: store.plans.save_efforts("D001", "pmqa4", {}, **who),
    ):
        with pytest.raises(AccessDenied):
            change()


def test_a_scenario_of_the_same_name_is_replaced_only_by_who_says_so(store, submission):
    store.plans.save_scenario(submission, "ก", {"answers": {"1.1.B1": True}}, who="a", replace=False)
    store.plans.save_scenario(
        submission, "ก", {"answers": {"1.1.B1": True}}, who="b", replace=False
    )  # it says the same
    with pytest.raises(NameTaken, match="ก"):
        store.plans.save_scenario(submission, "ก", {}, who="b", replace=False)
    store.plans.save_scenario(submission, "ก", {}, who="b", replace=True)
    assert store.plans.scenarios()["changes"].to_list() == ["{}"]
