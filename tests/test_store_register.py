"""The register says who there is, expectations who must send by when, the status who did."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest
from factories import make_submission

from pmqa.errors import AccessDenied, Finding, NameTaken, StoreChanged, StoreError, TableError
from pmqa.store import Arrival, Refusal, Store
from pmqa.tables import AGENCIES, STATUS
from pmqa.text import end_of_day
from pmqa.viewer import Viewer
from tests.postgres import ON_BOTH

ONE, TWO = "กระทรวงตัวอย่างหนึ่ง", "กระทรวงตัวอย่างสอง"
DUE = dt.date(2026, 11, 30)
IN_TIME = dt.datetime(2026, 11, 30, 16, 59, 59, tzinfo=dt.UTC)  # 23:59:59 in Bangkok
TOO_LATE = dt.datetime(2026, 11, 30, 17, 0, tzinfo=dt.UTC)


def agencies(*codes, ministry=ONE):
    return pd.DataFrame(
        [(code, f"กรมตัวอย่าง {code}", ministry, "กรม") for code in codes], columns=list(AGENCIES.columns)
    )


def sent(store, code, at=IN_TIME, **rest):
    submission = make_submission(code, **rest)
    content = f"{code} {at} {rest}".encode()
    return store.recording.record(submission, content, file_name="a", received_by="t", received_at=at).submission_id


# --- the register ----------------------------------------------------------------------------------------------


@ON_BOTH
def test_the_register_is_kept_by_code(store):
    assert store.register.agencies().empty
    assert store.register.save_agencies(agencies("D002", "D001"), who="admin") == 2
    assert store.register.agencies()["agency_code"].to_list() == ["D001", "D002"]


@ON_BOTH
def test_saving_again_changes_only_what_differs_and_audits_before_and_after(store):
    store.register.save_agencies(agencies("D001", "D002"), who="admin")
    before = store.version()
    assert store.register.save_agencies(agencies("D001", "D002"), who="admin") == 0
    assert store.version() == before
    assert store.register.save_agencies(agencies("D002", ministry=TWO), who="editor") == 1
    assert store.register.agencies()["ministry"].to_list() == [ONE, TWO]
    last = store.audit.changes().iloc[-1]
    assert (last["action"], last["subject"], last["who"]) == ("agency_saved", "D002", "editor")
    details = json.loads(last["details"])
    assert (details["before"][2], details["after"][2]) == (ONE, TWO)


def test_a_register_with_a_code_twice_or_a_blank_is_refused_whole(store):
    with pytest.raises(TableError, match="repeat the key"):
        store.register.save_agencies(agencies("D001", "D001"), who="admin")
    with pytest.raises(TableError, match="ministry"):
        store.register.save_agencies(agencies("D001").assign(ministry=None), who="admin")
    assert store.register.agencies().empty


@ON_BOTH
def test_who_leaves_the_register_leaves_the_expectations_but_not_the_submissions(store):
    store.register.save_agencies(agencies("D001", "D002"), who="admin")
    store.register.expect(2569, ["D001", "D002"], due=DUE, who="admin")
    sent(store, "D001")
    assert store.register.change_agencies(store.register.agencies(), agencies("D002"), who="admin") == (0, 1)
    assert store.register.agencies()["agency_code"].to_list() == ["D002"]
    assert store.register.expectations()["agency_code"].to_list() == ["D002"]
    assert len(store.submissions.standing()) == 1


def test_a_viewer_sees_their_part_of_the_register(store):
    store.register.save_agencies(pd.concat([agencies("D001"), agencies("D002", ministry=TWO)]), who="admin")
    store.register.expect(2569, ["D001", "D002"], due=None, who="admin")
    viewer = Viewer("two", "viewer", ministries=frozenset({TWO}))
    assert store.register.agencies(viewer)["agency_code"].to_list() == ["D002"]
    assert store.register.expectations(viewer)["agency_code"].to_list() == ["D002"]
    assert store.register.status(viewer, 2569)["agency_code"].to_list() == ["D002"]


# --- two at once -------------------------------------------------------------------------------------------------


def test_what_others_changed_since_stays_where_i_changed_something_else(store):
    store.register.save_agencies(agencies("D001", "D002", "D003"), who="admin")
    began = store.register.agencies()
    mine = began.assign(agency_name=["ชื่อใหม่", *began["agency_name"][1:]]).iloc[:2]  # D003 leaves
    store.register.save_agencies(agencies("D001", ministry=TWO), who="other")
    store.register.save_agencies(agencies("D002", "D004", ministry=TWO), who="other")
    assert store.register.change_agencies(began, mine, who="me") == (1, 1)
    kept = store.register.agencies().set_index("agency_code")
    assert kept["agency_name"].to_dict() == {
        "D001": "ชื่อใหม่", "D002": "กรมตัวอย่าง D002", "D004": "กรมตัวอย่าง D004",
    }  # fmt: skip
    assert set(kept["ministry"]) == {TWO}


@pytest.mark.parametrize(
    ("mine", "others"),
    [
        ([("D001", "ของฉัน")], [("D001", "ของเขา")]),  # the same field
        ([], [("D001", "ของเขา")]),  # removed, and corrected
        ([("D001", "ของฉัน")], []),  # corrected, and removed
        ([("D001", "กรม"), ("D002", "ของฉัน")], [("D001", "กรม"), ("D002", "ของเขา")]),  # added twice
    ],
)
def test_where_somebody_else_changed_the_same_field_nothing_is_saved_and_the_agency_is_named(store, mine, others):
    def register(rows):
        table = pd.DataFrame([(code, name, ONE, "กรม") for code, name in rows], columns=list(AGENCIES.columns))
        return table.astype("str")

    store.register.save_agencies(register([("D001", "กรม")]), who="admin")
    began = store.register.agencies()
    store.register.change_agencies(began, register(others), who="other")
    before = store.version()
    with pytest.raises(StoreChanged, match="D002" if len(mine) > 1 else "D001"):
        store.register.change_agencies(began, register(mine), who="me")
    assert store.version() == before


def test_the_same_change_twice_is_no_clash(store):
    store.register.save_agencies(agencies("D001", "D002"), who="admin")
    began, wanted = store.register.agencies(), agencies("D001", ministry=TWO)
    assert store.register.change_agencies(began, wanted, who="other") == (1, 1)
    assert store.register.change_agencies(began, wanted, who="me") == (0, 0)


# --- who may change what -----------------------------------------------------------------------------------------

LIMITED = Viewer("one", "analyst", ministries=frozenset({ONE}))
OF_ONE = {"who": "one", "viewer": LIMITED}


@pytest.fixture
def two_ministries(store):
    store.register.save_agencies(pd.concat([agencies("D001"), agencies("D002", ministry=TWO)]), who="admin")
    store.register.expect(2569, ["D001", "D002"], due=DUE, who="admin")
    store.register.save_peer_group("ก", ["D001", "D002"], who="admin")
    return store


@ON_BOTH
def test_what_others_expect_stays(two_ministries):
    two_ministries.register.expect(2569, ["D001"], due=None, **OF_ONE)
    rows = two_ministries.register.expectations().set_index("agency_code")["due"]
    assert pd.isna(rows["D001"])
    assert rows["D002"] == end_of_day(DUE)
    two_ministries.register.expect(2569, [], due=None, **OF_ONE)
    assert two_ministries.register.expectations()["agency_code"].to_list() == ["D002"]
    sent(two_ministries, "D002", fiscal_year=2567, ministry=ONE)  # it was of this ministry once
    with pytest.raises(AccessDenied, match="D002"):
        two_ministries.register.expect(2569, ["D001", "D002"], due=None, **OF_ONE)


def test_members_of_a_group_that_one_may_not_see_stay_in_it(two_ministries):
    two_ministries.register.save_peer_group("ก", [], **OF_ONE)
    assert two_ministries.register.peer_groups()["agency_code"].to_list() == ["D002"]
    two_ministries.register.save_peer_group("ก", ["D001"], **OF_ONE)
    assert two_ministries.register.peer_groups()["agency_code"].to_list() == ["D001", "D002"]
    with pytest.raises(AccessDenied, match="D002"):
        two_ministries.register.save_peer_group("ข", ["D002"], **OF_ONE)


@ON_BOTH
def test_a_group_of_the_same_name_is_replaced_only_by_who_says_so(two_ministries):
    two_ministries.register.save_peer_group("ข", ["D002"], who="admin", replace=False)
    with pytest.raises(NameTaken, match="ข"):  # though its members are out of sight
        two_ministries.register.save_peer_group("ข", ["D001"], replace=False, **OF_ONE)
    assert two_ministries.register.peer_groups().query("name == 'ข'")["agency_code"].to_list() == ["D002"]


@ON_BOTH
def test_a_group_is_its_makers_until_it_is_given_away_or_is_no_more(two_ministries):
    register = two_ministries.register
    maker, other, admin = (Viewer(*who) for who in (("m@x", "analyst"), ("o@x", "analyst"), ("a@x", "admin")))
    register.save_peer_group("ข", ["D001"], who=maker.name, viewer=maker)
    assert register.group_owners(other) == {"ข": "m@x"}  # the older one is everybody's
    for change in (
        lambda: register.save_peer_group("ข", ["D002"], who=other.name, viewer=other),
        lambda: register.save_peer_group("ข", [], who=other.name, viewer=other),
        lambda: register.give_peer_group("ข", "o@x", viewer=other),
    ):
        with pytest.raises(AccessDenied, match="ข"):
            change()
    register.save_peer_group("ข", ["D001", "D002"], who=admin.name, viewer=admin)  # keeps the house, and not the group
    register.give_peer_group("ข", " O@X ", viewer=maker)
    with pytest.raises(AccessDenied, match="ข"):
        register.save_peer_group("ข", ["D001"], who=maker.name, viewer=maker)
    register.save_peer_group("ข", [], who=other.name, viewer=other)
    assert register.group_owners() == {}
    register.save_peer_group("ข", ["D001"], who=maker.name, viewer=maker)
    assert register.group_owners() == {"ข": "m@x"}
    for nowhere, nobody in (("ค", "o@x"), ("ข", " ")):
        with pytest.raises(StoreError):
            register.give_peer_group(nowhere, nobody, viewer=maker)


@pytest.mark.parametrize(
    "wanted",
    [
        agencies("D001", ministry=TWO),  # given away
        pd.concat([agencies("D001"), agencies("D003", ministry=TWO)]),  # added elsewhere
    ],
)
def test_nobody_reaches_into_another_ministrys_register(two_ministries, wanted):
    with pytest.raises(AccessDenied):
        two_ministries.register.change_agencies(two_ministries.register.agencies(LIMITED), wanted, **OF_ONE)


def test_the_register_out_of_sight_stays(two_ministries):
    assert two_ministries.register.change_agencies(
        two_ministries.register.agencies(LIMITED), agencies("D003"), **OF_ONE
    ) == (1, 1)
    assert two_ministries.register.agencies()["agency_code"].to_list() == ["D002", "D003"]
    with pytest.raises(StoreChanged, match="D002"):  # one that is there already, of another ministry
        two_ministries.register.change_agencies(agencies("D003"), agencies("D003", "D002"), **OF_ONE)
    with pytest.raises(AccessDenied, match="D002"):  # crafted: nobody was shown it
        two_ministries.register.change_agencies(agencies("D002", ministry=TWO), agencies().astype("str"), **OF_ONE)


def test_who_may_not_keep_the_register_or_groups_changes_nothing(two_ministries):
    who = {"who": "x", "viewer": Viewer("x", "agency", frozenset({"D001"}))}
    before = two_ministries.version()
    for change in (
        lambda: two_ministries.register.change_agencies(agencies("D001"), agencies("D001", ministry=TWO), **who),
        lambda: two_ministries.register.expect(2569, ["D001"], due=None, **who),
        lambda: two_ministries.register.save_peer_group("ก", ["D001"], **who),
    ):
        with pytest.raises(AccessDenied):
            change()
    assert two_ministries.version() == before


# --- expectations and status -----------------------------------------------------------------------------------


def test_a_day_ends_at_midnight_in_bangkok():
    assert end_of_day(DUE) == IN_TIME.replace(tzinfo=None)


@ON_BOTH
def test_expecting_again_replaces_what_was_expected_of_that_year_and_source(store):
    store.register.save_agencies(agencies("D001", "D002"), who="admin")
    store.register.expect(2569, ["D001", "D002"], due=DUE, who="admin")
    store.register.expect(2568, ["D001"], due=None, who="admin")
    store.register.expect(2569, ["D002"], due=DUE, who="admin")
    kept = store.register.expectations()[["fiscal_year", "agency_code"]].to_numpy().tolist()
    assert kept == [[2568, "D001"], [2569, "D002"]]


def refused(store, code):
    (receipt,) = store.received.receive([Arrival(f"wrong {code}".encode(), "w.xlsx")], received_by="t")
    store.received.refuse([Refusal(receipt, (Finding("x", "error"),), code, 2569, "self")], who="t")


@pytest.mark.parametrize(
    ("happened", "state"),
    [
        ([], "missing"),
        ([("sent", IN_TIME)], "sent"),
        ([("sent", TOO_LATE)], "late"),
        ([("sent", IN_TIME), ("sent", TOO_LATE)], "sent"),  # a correction does not make it late
        ([("refused", None)], "refused"),
        ([("refused", None), ("sent", IN_TIME)], "sent"),
        ([("sent", IN_TIME), ("withdrawn", None)], "missing"),
        ([("sent", IN_TIME), ("withdrawn", None), ("sent", TOO_LATE)], "late"),
        ([("other year", IN_TIME)], "missing"),
        ([("assessor", IN_TIME)], "missing"),
    ],
)
def test_the_status_of_an_agency_that_must_send(store, happened, state):
    store.register.save_agencies(agencies("D001"), who="admin")
    store.register.expect(2569, ["D001"], due=DUE, who="admin")
    for what, at in happened:
        match what:
            case "sent":
                last = sent(store, "D001", at)
            case "withdrawn":
                store.history.withdraw(last, reason="x", who="t")
            case "refused":
                refused(store, "D001")
            case "other year":
                sent(store, "D001", at, fiscal_year=2568)
            case "assessor":
                sent(store, "D001", at, source="assessor")
    status = store.register.status(None, 2569)
    assert status[["agency_code", "expected", "state"]].to_numpy().tolist() == [["D001", True, state]]


def test_without_a_due_date_nobody_is_late(store):
    store.register.save_agencies(agencies("D001"), who="admin")
    store.register.expect(2569, ["D001"], due=None, who="admin")
    sent(store, "D001", TOO_LATE)
    assert store.register.status(None, 2569)["state"].to_list() == ["sent"]


def test_who_sent_without_having_to_is_in_the_status_too(store):
    key = sent(store, "D007")
    status = store.register.status(None, 2569)
    assert status[["agency_code", "expected", "state", "submission"]].to_numpy().tolist() == [
        ["D007", False, "sent", key]
    ]
    assert pd.isna(status.loc[0, "due"])
    assert list(store.register.status(None, 2560).columns) == list(STATUS.columns)


# --- groups and settings ---------------------------------------------------------------------------------------


def test_a_peer_group_is_told_of_to_whoever_may_see_a_member_and_shows_these_alone(two_ministries):
    two_ministries.register.save_peer_group("ลับ", ["D002"], who="x")
    seen = two_ministries.register.peer_groups(Viewer("x", "viewer", agencies=frozenset({"D001"})))
    assert seen.to_dict("list") == {"name": ["ก"], "agency_code": ["D001"]}
    assert two_ministries.register.peer_groups(Viewer("x", "viewer", agencies=frozenset({"D009"}))).empty
    assert len(two_ministries.register.peer_groups()) == 3


@ON_BOTH
def test_a_peer_group_is_kept_under_its_name_until_it_is_emptied(store):
    store.register.save_peer_group("กลุ่มตัวอย่าง", ["D002", "D001"], who="analyst")
    store.register.save_peer_group("อื่น", ["D001"], who="analyst")
    store.register.save_peer_group("กลุ่มตัวอย่าง", ["D001", "D003"], who="analyst")
    groups = store.register.peer_groups()
    assert groups.loc[groups["name"] == "กลุ่มตัวอย่าง", "agency_code"].to_list() == ["D001", "D003"]
    assert json.loads(store.audit.changes().iloc[-1]["details"]) == {
        "before": ["D001", "D002"],
        "after": ["D001", "D003"],
    }
    store.register.save_peer_group("กลุ่มตัวอย่าง", [], who="analyst")
    assert set(store.register.peer_groups()["name"]) == {"อื่น"}


@ON_BOTH
def test_a_setting_has_a_default_until_somebody_changes_it(store):
    assert store.values.setting("suppression", "on") == "on"
    store.values.change_setting("suppression", "off", who="admin")
    store.values.change_setting("suppression", "on", who="admin")
    assert store.values.setting("suppression", "off") == "on"
    assert json.loads(store.audit.changes().iloc[-1]["details"]) == {"before": "off", "after": "on"}


@ON_BOTH
def test_a_secret_is_drawn_once_and_stands_in_no_audit(store):
    before = store.audit.changes()
    secret = store.values.secret("alias_key")
    assert len(secret) == 32
    assert store.values.secret("alias_key") == secret
    assert store.values.secret("another") != secret
    assert store.audit.changes().equals(before)
    assert store.values.setting("alias_key", "none") == "none"


def test_another_database_has_another_secret(store, tmp_path):
    with Store(tmp_path / "other.duckdb") as other:
        assert other.values.secret("alias_key") != store.values.secret("alias_key")
