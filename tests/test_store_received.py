"""Nothing that is sent is lost: every file is kept before it is read, and listed whatever becomes of it."""

from __future__ import annotations

import pandas as pd
import pytest
from factories import make_submission

from pmqa.errors import Finding, StoreError
from pmqa.store import Arrival, Incoming, Refusal
from pmqa.viewer import LOCAL_ANALYST, Viewer
from tests.postgres import ON_BOTH

ERROR = Finding("answer_unreadable", "error", "หมวด 1", "E4:E5", "maybe", {"allowed": ["มี", "ไม่มี"]})
WARNING = Finding("met_without_evidence", "warning", "หมวด 1", "G7")


def arrive(store, content=b"a file", name="form.xlsx", by="sender"):
    (receipt,) = store.received.receive([Arrival(content, name)], received_by=by)
    return receipt


def outcomes(store, viewer=None):
    return dict(store.received.all(viewer)[["receipt", "outcome"]].itertuples(index=False, name=None))


@ON_BOTH
def test_a_file_is_kept_before_anything_else_happens_to_it(store):
    receipt = arrive(store, b"\x00 broken")
    assert store.received.file(receipt) == b"\x00 broken"
    assert outcomes(store) == {receipt: "pending"}
    assert store.received.findings(receipt) == ()


@ON_BOTH
def test_a_refused_file_stays_listed_with_its_findings_and_can_be_fetched_again(store):
    receipt = arrive(store, b"wrong")
    store.received.refuse([Refusal(receipt, (ERROR, WARNING), "D001", 2569, "self")], who="sender")
    row = store.received.all().iloc[0]
    assert row[["outcome", "agency_code", "fiscal_year", "source", "errors", "warnings", "notes"]].to_list() == [
        "refused", "D001", 2569, "self", 1, 1, 0,
    ]  # fmt: skip
    assert pd.isna(row["submission"])
    assert store.received.findings(receipt) == (ERROR, WARNING)
    assert store.received.file(receipt) == b"wrong"
    assert store.submissions.standing().empty


@ON_BOTH
def test_a_received_file_becomes_a_submission(store):
    receipt = arrive(store, b"sound")
    incoming = Incoming(make_submission("D001"), b"sound", "form.xlsx", (WARNING,), receipt=receipt, raw_cells=b"cells")
    (recorded,) = store.recording.record_many([incoming], received_by="sender")
    row = store.received.all().iloc[0]
    assert row[["receipt", "outcome", "submission", "agency_code", "errors", "warnings"]].to_list() == [
        receipt, "accepted", recorded.submission_id, "D001", 0, 1,
    ]  # fmt: skip
    assert store.received.findings(receipt) == (WARNING,)
    assert store.history.raw_cells(recorded.submission_id) == b"cells"
    assert store.submissions.original(recorded.submission_id) == b"sound"


@ON_BOTH
def test_what_is_kept_is_recorded_by_its_receipt_without_its_bytes_and_not_where_they_are_gone(store):
    receipt = arrive(store, b"sound")
    incoming = Incoming(make_submission("D001"), None, "form.xlsx", receipt=receipt)
    (recorded,) = store.recording.record_many([incoming], received_by="sender")
    assert store.submissions.original(recorded.submission_id) == b"sound"
    gone = Incoming(make_submission("D002"), None, "gone.xlsx", receipt="R0000099")
    with pytest.raises(StoreError, match="R0000099"):
        store.recording.record_many([Incoming(make_submission("D003"), b"other", "a.xlsx"), gone], received_by="sender")
    assert len(store.submissions.standing()) == 1


@ON_BOTH
def test_a_submission_that_is_recorded_at_once_has_been_received_too(store):
    recorded = store.recording.record(make_submission(), b"sound", file_name="a.xlsx", received_by="sender")
    assert store.received.all()[["outcome", "submission", "file_name"]].to_numpy().tolist() == [
        ["accepted", recorded.submission_id, "a.xlsx"]
    ]
    assert store.history.raw_cells(recorded.submission_id) is None


@ON_BOTH
def test_a_file_that_is_known_is_listed_as_such_where_it_was_received_again(store):
    first = store.recording.record(
        make_submission(), b"same", file_name="a.xlsx", received_by="sender", findings=[WARNING]
    )
    receipt = arrive(store, b"same", "b.xlsx")
    (again,) = store.recording.record_many(
        [Incoming(make_submission(), b"same", "b.xlsx", receipt=receipt)], received_by="sender"
    )
    assert again.already_known
    assert sorted(store.received.all()["outcome"]) == ["accepted", "known"]
    assert store.received.findings(receipt) == (WARNING,)
    assert store.received.file(receipt) == store.submissions.original(first.submission_id) == b"same"


@ON_BOTH
def test_a_file_that_is_set_aside_is_pending_no_more_and_stays_there(store):
    receipt = arrive(store, b"sound")
    store.received.set_aside([Refusal(receipt, (WARNING,), "D001", 2569, "self")], who="sender")
    assert outcomes(store) == {receipt: "set_aside"}
    assert store.received.findings(receipt) == (WARNING,)
    assert store.received.file(receipt) == b"sound"
    assert store.audit.changes()["action"].to_list() == ["received", "set_aside"]


@ON_BOTH
def test_only_what_waits_and_may_be_seen_is_set_aside_all_or_none(store):
    mine, refused = arrive(store, b"1"), arrive(store, b"2")
    store.received.refuse([Refusal(refused, (ERROR,))], who="sender")
    stranger = Viewer("stranger", "agency", frozenset({"D002"}))
    for files, viewer in (([mine, refused], None), ([mine], stranger)):
        with pytest.raises(StoreError):
            store.received.set_aside([Refusal(key, ()) for key in files], who="x", viewer=viewer)
    assert outcomes(store)[mine] == "pending"


@ON_BOTH
def test_the_latest_is_listed_first_and_every_step_is_audited(store):
    receipts = store.received.receive([Arrival(b"1", "1.xlsx"), Arrival(b"2", "2.xlsx")], received_by="sender")
    before = store.version()
    store.received.refuse([Refusal(receipts[0], (ERROR,))], who="sender")
    assert store.version() != before
    assert store.received.all()["receipt"].to_list() == receipts[::-1]
    assert store.audit.changes()["action"].to_list() == ["received", "received", "refused"]
    assert store.audit.changes()["subject"].to_list() == [*receipts, receipts[0]]


@pytest.mark.parametrize(
    ("viewer", "sees"),
    [
        (None, {"refused", "accepted"}),
        (LOCAL_ANALYST, {"refused", "accepted"}),
        # the agency that a refused file names is only what its sender typed
        (Viewer("somebody", "agency", frozenset({"D001"})), {"accepted"}),
        (Viewer("sender", "agency", frozenset({"D009"})), {"refused", "accepted"}),
        (Viewer("stranger", "agency", frozenset({"D002"})), set()),
    ],
)
def test_a_refused_file_is_shown_to_who_sent_it_and_to_who_sees_everything(store, viewer, sees):
    refused = arrive(store, b"wrong")
    store.received.refuse([Refusal(refused, (ERROR,), "D001", 2569, "self")], who="sender")
    store.recording.record(make_submission("D001"), b"sound", file_name="a.xlsx", received_by="sender")
    assert set(outcomes(store, viewer).values()) == sees
    if "refused" in sees:
        assert store.received.file(refused, viewer) == b"wrong"
    else:
        for read in (store.received.file, store.received.findings):
            with pytest.raises(StoreError, match=refused):
                read(refused, viewer)


@ON_BOTH
def test_removing_samples_leaves_what_others_sent(store):
    store.recording.record(make_submission("X001"), b"sample", file_name="x.xlsx", received_by="demo", sample=True)
    refused = arrive(store, b"wrong")
    store.received.refuse([Refusal(refused, (ERROR,))], who="sender")
    store.tidying.remove_samples()
    assert outcomes(store) == {refused: "refused"}
    assert store.received.file(refused) == b"wrong"


@ON_BOTH
def test_what_is_only_in_the_log_can_be_written_out_and_stays_what_it_was(store):
    content = bytes(range(256)) * 4000
    receipt = arrive(store, content)
    assert store.database.write_out()
    assert store.received.file(receipt) == content
