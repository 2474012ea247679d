"""A submission may be taken back and restored, and its file read again; the history keeps all of it."""

from __future__ import annotations

import dataclasses
import json

import pandas as pd
import pytest
from factories import make_measure, make_submission

from pmqa.errors import AccessDenied, Finding, StoreError
from pmqa.store import Incoming, Reread
from pmqa.viewer import Viewer
from tests.postgres import ON_BOTH


def sent(store, submission, **rest):
    given = {"file_name": "form.xlsx", "received_by": "tester"} | rest
    return store.recording.record(submission, repr(submission).encode(), **given).submission_id


def current(store):
    return store.submissions.current(None, source=None)["submission"].to_list()


# --- withdrawing -----------------------------------------------------------------------------------------------


@ON_BOTH
def test_after_a_withdrawal_the_one_before_counts(store):
    first, second = sent(store, make_submission(met=False)), sent(store, make_submission(met=True))
    store.history.withdraw(second, reason="ส่งผิดไฟล์", who="analyst")
    assert current(store) == [first]
    assert set(store.facts.scored(None)["submission"]) == {first}
    assert store.submissions.standing()["submission"].to_list() == [first]


@ON_BOTH
def test_what_was_withdrawn_stays_in_the_history_with_its_reason_and_can_be_read(store):
    key = sent(store, make_submission())
    store.history.withdraw(key, reason=" ส่งผิดไฟล์ ", who="analyst")
    row = store.history.all().iloc[0]
    assert row[["submission", "current", "withdrawn", "withdrawn_by", "withdrawn_reason"]].to_list() == [
        key, False, True, "analyst", "ส่งผิดไฟล์",
    ]  # fmt: skip
    assert store.submissions.one(key) == make_submission()
    assert set(store.facts.answers([key])["submission"]) == {key}
    assert store.facts.answers().empty


@ON_BOTH
def test_a_restored_submission_counts_again(store):
    sent(store, make_submission(met=False))
    key = sent(store, make_submission(met=True))
    store.history.withdraw(key, reason="ลองดู", who="analyst")
    store.history.restore(key, who="analyst")
    assert current(store) == [key]
    row = store.history.all().iloc[0]
    assert not row["withdrawn"]
    assert pd.isna(row["withdrawn_reason"])
    assert store.audit.changes()["action"].to_list()[-2:] == ["withdrawn", "restored"]


@ON_BOTH
def test_the_same_file_again_is_known_though_it_was_withdrawn_and_says_so(store):
    key = sent(store, make_submission())
    store.history.withdraw(key, reason="ส่งผิดไฟล์", who="analyst")
    again = store.recording.record(
        make_submission(), repr(make_submission()).encode(), file_name="a", received_by="tester"
    )
    assert (again.submission_id, again.already_known, again.withdrawn) == (key, True, True)
    assert current(store) == []


def again(store, submission, **more):
    one = Incoming(submission, repr(submission).encode(), "form.xlsx", again=True)
    return store.recording.record_many([one], received_by="tester", **more)[0]


@ON_BOTH
def test_a_file_that_was_replaced_counts_again_as_a_new_fact_of_the_history(store):
    right, wrong = make_submission(met=True), make_submission(met=False)
    first, second = sent(store, right), sent(store, wrong)
    assert sent(store, right) == first  # unless it is asked for, nothing changes
    assert current(store) == [second]
    recorded = again(store, right)
    assert (recorded.already_known, recorded.replaces) == (False, second)
    assert current(store) == [recorded.submission_id]
    assert store.history.all()["submission"].to_list() == [recorded.submission_id, second, first]
    last = store.audit.changes().iloc[-1]
    assert (last["action"], json.loads(last["details"])["again"]) == ("recorded", first)
    assert store.facts.scored(None)["submission"].unique().tolist() == [recorded.submission_id]


@ON_BOTH
def test_a_file_that_counts_is_not_recorded_again_and_its_latest_submission_is_the_one_that_is_known(store):
    right = make_submission(met=True)
    sent(store, right)
    sent(store, make_submission(met=False))
    third = again(store, right).submission_id
    version = store.version()
    assert (again(store, right).submission_id, again(store, right).already_known) == (third, True)
    assert store.version() == version


@ON_BOTH
def test_a_file_that_was_withdrawn_counts_again_when_that_is_asked_for(store):
    key = sent(store, make_submission())
    store.history.withdraw(key, reason="ส่งผิดไฟล์", who="analyst")
    recorded = again(store, make_submission())
    assert (recorded.already_known, current(store)) == (False, [recorded.submission_id])


def test_who_may_not_send_for_an_agency_does_not_have_its_file_count_again(store):
    sent(store, make_submission(met=True))
    second = sent(store, make_submission(met=False))
    stranger = Viewer("stranger", "agency", frozenset({"D002"}))
    with pytest.raises(AccessDenied):
        again(store, make_submission(met=True), viewer=stranger)
    assert current(store) == [second]


def test_what_counts_beside_a_submission_is_of_the_same_agency_year_and_source(store):
    first, second = sent(store, make_submission(met=False)), sent(store, make_submission(met=True))
    other = sent(store, make_submission(fiscal_year=2568))
    assert [store.history.counts_beside(key) for key in (first, second, other)] == [second, second, other]
    store.history.withdraw(other, reason="x", who="analyst")
    assert store.history.counts_beside(other) is None
    with pytest.raises(StoreError, match="S9999999"):
        store.history.counts_beside("S9999999")


@ON_BOTH
def test_what_follows_a_withdrawal_replaces_what_stands(store):
    first, second = sent(store, make_submission(met=False)), sent(store, make_submission(met=True))
    store.history.withdraw(second, reason="ส่งผิดไฟล์", who="analyst")
    again = store.recording.record(make_submission(met=None), b"third", file_name="a", received_by="tester")
    assert again.replaces == first


@ON_BOTH
def test_a_withdrawal_that_makes_no_sense_is_refused_in_words(store):
    key = sent(store, make_submission("D001"))
    with pytest.raises(StoreError, match="โปรดระบุเหตุผล"):
        store.history.withdraw(key, reason="  ", who="analyst")
    with pytest.raises(StoreError, match="ไม่ได้ถูกถอน"):
        store.history.restore(key, who="analyst")
    with pytest.raises(StoreError, match="ไม่พบ"):
        store.history.withdraw(
            key, reason="x", who="stranger", viewer=Viewer("stranger", "agency", frozenset({"D002"}))
        )
    store.history.withdraw(key, reason="x", who="analyst")
    with pytest.raises(StoreError, match="ถูกถอนไปแล้ว"):
        store.history.withdraw(key, reason="x", who="analyst")
    assert store.audit.changes()["action"].to_list() == ["recorded", "withdrawn"]


@pytest.mark.parametrize(
    ("source", "role", "other"), [("assessor", "agency", "assessor"), ("self", "assessor", "agency")]
)
def test_only_who_may_send_forms_of_a_source_takes_them_back_and_restores_them(store, source, role, other):
    key = sent(store, make_submission("D001", source=source))
    stranger, own = (Viewer(name, name, frozenset({"D001"})) for name in (role, other))
    with pytest.raises(AccessDenied):
        store.history.withdraw(key, reason="x", who=role, viewer=stranger)
    assert current(store) == [key]
    store.history.withdraw(key, reason="x", who=other, viewer=own)
    with pytest.raises(AccessDenied):
        store.history.restore(key, who=role, viewer=stranger)
    assert current(store) == []
    store.history.restore(key, who=other, viewer=own)
    assert current(store) == [key]


@ON_BOTH
def test_the_history_says_what_counts_and_what_is_sample_data(store):
    first = sent(store, make_submission("D001", met=False))
    second = sent(store, make_submission("D001", met=True))
    third = sent(store, make_submission("X001"), sample=True)
    history = store.history.all().set_index("submission")
    assert history.index.to_list() == [third, second, first]
    assert history["current"].to_list() == [True, True, False]
    assert history["sample"].to_list() == [True, False, False]
    assert set(store.history.all(Viewer("one", "agency", frozenset({"D001"})))["submission"]) == {first, second}


# --- reading again ---------------------------------------------------------------------------------------------


@ON_BOTH
def test_a_file_read_again_keeps_its_submission_and_gets_what_it_says_today(store):
    before = make_submission(met={"1.1.B1": True}, measures=[make_measure(actual=10.0)])
    key = sent(store, before, findings=[Finding("old", "note")], raw_cells=b"old cells")
    row = store.submissions.standing().iloc[0]
    after = make_submission(
        met={"1.1.B1": True, "1.1.B2": True}, measures=[make_measure(actual=90.0)], agency_name="กรมตัวอย่างชื่อใหม่"
    )
    assert store.history.reread({key: Reread(after, (Finding("new", "warning"),), b"new cells")}, who="admin") == [key]
    assert store.submissions.one(key) == after
    assert store.facts.findings([key])["code"].to_list() == ["new"]
    assert store.history.raw_cells(key) == b"new cells"
    again = store.submissions.standing().iloc[0]
    assert again["agency_name"] == "กรมตัวอย่างชื่อใหม่"
    assert again[["sha256", "received_at", "received_by"]].equals(row[["sha256", "received_at", "received_by"]])
    measures = store.facts.scores([key]).query("kind == 'measure' and basis == 'claimed'")
    assert measures["score"].to_list() == [500.0]


@ON_BOTH
def test_the_audit_says_what_reads_differently(store):
    key = sent(store, make_submission(met={"1.1.B1": True}, measures=[make_measure(), make_measure("7.1.2")]))
    after = make_submission(met={"1.1.B1": True, "1.1.B2": False}, measures=[make_measure(actual=1.0)])
    store.history.reread({key: Reread(after)}, who="admin")
    last = store.audit.changes().iloc[-1]
    assert (last["action"], last["subject"], last["who"]) == ("reread", key, "admin")
    assert json.loads(last["details"]) == {"criteria": ["1.1.B2"], "measures": ["7.1.1#1", "7.1.2#1"]}


@ON_BOTH
def test_a_file_that_reads_as_before_is_left_alone(store):
    submission = make_submission(measures=[make_measure()])
    findings = (Finding("a", "note", values={"n": 1, "cells": ("E4", "E5")}),)
    key = sent(store, submission, findings=findings, raw_cells=b"cells")
    before = store.version()
    assert store.history.reread({key: Reread(submission, findings, b"cells")}, who="admin") == []
    assert store.version() == before


@ON_BOTH
def test_a_place_that_reads_differently_is_a_change(store):
    submission = make_submission()
    key = sent(store, submission)
    moved = dataclasses.replace(
        submission, answers=tuple(dataclasses.replace(answer, cell="F9") for answer in submission.answers)
    )
    assert store.history.reread({key: Reread(moved)}, who="admin") == [key]
    assert set(store.facts.answers([key])["cell"]) == {"F9"}


@ON_BOTH
def test_reading_again_is_for_all_or_for_none(store):
    one, two = sent(store, make_submission("D001")), sent(store, make_submission("D002"))
    before = store.version()
    readings = {one: Reread(make_submission("D001", met=False)), two: Reread(make_submission("D003"))}
    with pytest.raises(StoreError, match=two):
        store.history.reread(readings, who="admin")
    assert store.version() == before
    assert store.submissions.one(one) == make_submission("D001")
