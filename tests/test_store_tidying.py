"""What is let go of, and nothing else: quota, files whose time is over, what is to be forgotten; the log of events."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from factories import make_submission

from pmqa.demo import demo_forms, demo_submissions
from pmqa.errors import AccessDenied, Finding, StoreError
from pmqa.framework import Framework
from pmqa.intake import Sent, kept, receive, record_accepted
from pmqa.settings import read_settings
from pmqa.store import Arrival, Cleared, Incoming, Refusal, Store, before_days, keep_journal, verified
from pmqa.store.database import Database
from pmqa.viewer import ROLES, Role, Viewer
from pmqa.web import housekeeping
from pmqa.web.housekeeping import Housekeeping
from tests.postgres import ON_BOTH

Run = Callable[..., tuple[int, str, str]]
LONG_AGO = dt.datetime(2026, 1, 1)


# --- quota ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "sender", "taken"),
    [
        ({"PMQA_SENDER_MB": "1"}, "a", False),
        ({"PMQA_SENDER_MB": "1"}, "b", True),
        ({"PMQA_QUOTA_MB": "1"}, "b", False),
        ({"PMQA_QUOTA_MB": "0", "PMQA_SENDER_MB": "0"}, "a", True),
        ({}, "a", True),
    ],
)
def test_what_is_more_than_a_sender_or_all_may_keep_is_not_taken(
    store: Store, setting: dict[str, str], sender: str, taken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.received.receive([Arrival(b"a" * 600_000, "a.xlsx")], received_by="a")
    for name, value in setting.items():
        monkeypatch.setenv(name, value)
    before = store.version()
    if taken:
        store.received.receive([Arrival(b"b" * 600_000, "b.xlsx")], received_by=sender)
    else:
        with pytest.raises(StoreError, match=next(iter(setting))):
            store.received.receive([Arrival(b"b" * 600_000, "b.xlsx")], received_by=sender)
    assert (store.version() != before) == taken


# --- files whose time is over ----------------------------------------------------------------------------------------


def came(store: Store, content: bytes, when: dt.datetime, outcome: str | None) -> str:
    (receipt,) = store.received.receive([Arrival(content, "แบบ.xlsx", when)], received_by="a")
    refusal = Refusal(receipt, (Finding("not_a_workbook", "error", value="ผู้ประสาน"),))
    if outcome == "refused":
        store.received.refuse([refusal], who="a")
    elif outcome == "set_aside":
        store.received.set_aside([refusal], who="a")
    elif outcome == "accepted":
        store.recording.record(make_submission("D001"), content, file_name="a", received_by="a", receipt=receipt)
    return receipt


@pytest.mark.parametrize(
    ("outcome", "when", "goes"),
    [
        ("refused", LONG_AGO, True),
        ("set_aside", LONG_AGO, True),
        (None, LONG_AGO, False),  # somebody may still judge it
        ("accepted", LONG_AGO, False),
        ("refused", None, False),  # today
    ],
)
def test_only_old_files_that_became_no_submission_are_let_go_of(
    store: Store, outcome: str | None, when: dt.datetime | None, goes: bool
) -> None:
    receipt = came(store, b"x", when or dt.datetime.now(dt.UTC), outcome)
    assert store.tidying.expire_refused(before_days(90)) == ([receipt] if goes else [])
    assert len(store.received.all()) == 1
    if goes:
        with pytest.raises(StoreError, match="not kept any more"):
            store.received.file(receipt)
        assert store.received.findings(receipt)[0].code == "not_a_workbook"
        assert store.audit.changes()["action"].to_list()[-1] == "expired"
    else:
        assert store.received.file(receipt) == b"x"
    assert store.tidying.expire_refused(before_days(90)) == []


@ON_BOTH
@pytest.mark.parametrize("later", ["refused", "accepted", None])
def test_bytes_that_came_again_stay_and_bytes_that_come_again_are_kept_again(store: Store, later: str | None) -> None:
    first = came(store, b"x", LONG_AGO, "refused")
    again = came(store, b"x", dt.datetime.now(dt.UTC), later)
    assert store.tidying.expire_refused(before_days(90)) == []
    assert store.received.file(first) == store.received.file(again) == b"x"


@ON_BOTH
def test_what_was_let_go_of_and_comes_again_is_there_again(store: Store) -> None:
    first = came(store, b"x", LONG_AGO, "refused")
    store.tidying.expire_refused(before_days(90))
    again = came(store, b"x", dt.datetime.now(dt.UTC), None)
    assert store.received.file(again) == store.received.file(first) == b"x"


def test_the_server_lets_go_of_them_by_itself_and_writes_out_its_log_when_it_is_quiet(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PMQA_REFUSED_DAYS", "30")
    receipt = came(store, b"x", LONG_AGO, "refused")
    house = Housekeeping(store, read_settings())
    house.seldom()
    with pytest.raises(StoreError):
        store.received.file(receipt)
    assert store.database.log_bytes() > 0
    assert [house.write_out_when_quiet() for _ in range(2)] == [False, True]
    assert store.database.log_bytes() == 0
    assert not house.write_out_when_quiet()
    monkeypatch.setenv("PMQA_REFUSED_DAYS", "0")
    kept_on = came(store, b"y", LONG_AGO, "refused")
    Housekeeping(store, read_settings()).seldom()
    assert store.received.file(kept_on) == b"y"


def test_what_nobody_foresaw_is_in_the_log_and_ends_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house, done = Housekeeping(store, read_settings()), threading.Event()
    turns = iter([ValueError("unforeseen"), None])

    def compare() -> None:
        if error := next(turns):
            raise error
        done.set()
        house.stop()

    monkeypatch.setattr(housekeeping, "EVERY", 0.01)
    monkeypatch.setattr(house, "compare_texts", compare)
    monkeypatch.setattr(house, "write_out_when_quiet", lambda: False)
    house.start()
    assert done.wait(10)
    assert [(one.levelname, str(one.exc_info and one.exc_info[1])) for one in caplog.records] == [
        ("ERROR", "unforeseen")
    ]


@pytest.mark.parametrize(("free", "said"), [(5_000_000, ["disk: 5 MB free, PMQA_DISK_MB=1000"]), (None, [])])
def test_a_disk_that_is_nearly_full_is_in_the_log_and_what_has_none_is_not(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, free: int | None, said: list[str]
) -> None:
    monkeypatch.setattr(Database, "free_bytes", lambda _: free)
    Housekeeping(store, read_settings()).seldom()
    assert caplog.messages == said


# --- erasure -------------------------------------------------------------------------------------------------------


@ON_BOTH
@pytest.mark.parametrize("outcome", ["refused", "set_aside"])
def test_an_erased_file_leaves_that_it_was_there_and_nothing_of_it(store: Store, outcome: str) -> None:
    receipt = came(store, b"x", LONG_AGO, outcome)
    store.tidying.erase_file(receipt, reason="ผู้ส่งขอ", who="admin")
    (row,) = store.received.all().to_dict("records")
    assert (row["receipt"], row["file_name"], row["outcome"]) == (receipt, "–", outcome)
    assert store.received.findings(receipt) == ()
    with pytest.raises(StoreError):
        store.received.file(receipt)
    entry = store.audit.changes().iloc[-1]
    assert (entry["action"], json.loads(entry["details"])["reason"]) == ("file_erased", "ผู้ส่งขอ")


@pytest.mark.parametrize("outcome", ["accepted", None])
def test_what_is_or_may_become_a_submission_is_not_erased(store: Store, outcome: str | None) -> None:
    receipt = came(store, b"x", LONG_AGO, outcome)
    with pytest.raises(StoreError, match="withdraw"):
        store.tidying.erase_file(receipt, reason="r", who="admin")


@pytest.mark.parametrize("role", ROLES)
def test_only_administrators_erase_and_only_with_a_reason(store: Store, role: Role) -> None:
    receipt = came(store, b"x", LONG_AGO, "refused")
    if role != "admin":
        for change in (
            lambda v: store.tidying.erase_file(receipt, reason="r", who="a", viewer=v),
            lambda v: store.tidying.erase_contacts({"x": Cleared(b"", b"")}, reason="r", who="a", viewer=v),
            lambda v: store.tidying.contacts("a", v),
            lambda v: store.tidying.content("a", v),
        ):
            with pytest.raises(AccessDenied):
                change(Viewer("v", role))
    else:
        with pytest.raises(StoreError, match="Say why"):
            store.tidying.erase_file(receipt, reason=" ", who="a", viewer=Viewer("v", role))


@pytest.mark.slow
def test_a_contact_is_forgotten_in_the_database_and_in_the_file_and_nothing_else_changes(
    run: Run, store: Store, framework: Framework
) -> None:
    submission, other = demo_submissions(framework, agencies=2, years=1)[:2]
    person = {
        "contact_name": "นางสาวก & ข <ตัวอย่าง>",
        "contact_email": "k.tester@example.org",
        "contact_phone": "0 2999 1234",
    }
    forms = list(demo_forms([replace(submission, **person), other], framework))
    files = [Sent(name, content) for _, name, content in forms]
    read = receive(kept(store, files, received_by="a"), store.frameworks)
    (key, _), (other_key, _) = [(r.submission_id, one) for one, r in record_accepted(store, read, received_by="a") if r]
    assert b"k.tester" in repr(store.submissions.one(key)).encode()
    before = store.facts.answers([key]), store.facts.measures([key]), store.facts.scores([key])
    store.close()
    code, out, _ = run("erase", "K.Tester@example.org ", "--reason", "ลาออก", "--database", store.path, "--lang", "en")
    assert (code, f"erased from 1 submission: {key}" in out) == (0, True)
    with Store(store.path) as again:
        found = again.submissions.one(key)
        assert (found.contact_name, found.contact_email, found.contact_phone) == (None, None, None)
        assert again.submissions.one(other_key).contact_email == other.contact_email
        for frame, earlier in zip(
            (again.facts.answers([key]), again.facts.measures([key]), again.facts.scores([key])), before, strict=True
        ):
            assert frame.equals(earlier)
        content = again.submissions.original(key)
        (reading,) = [one.reading for one in receive([Sent("a.xlsx", content)], again.frameworks)]
        assert reading.submission == found
        for place in (repr(again.audit.trail().to_dict()), repr(again.received.all().to_dict()), *texts_of(content)):
            assert not [text for text in person.values() if text in place]
    assert verified(store.path).problems == ()
    copy = store.path.with_name("copy.duckdb")
    with Store(store.path) as again:
        again.copy_to(copy)  # what is free in the file itself is written over later
    assert b"k.tester" not in copy.read_bytes()
    code, out, _ = run("erase", "k.tester@example.org", "--reason", "ลาออก", "--database", store.path, "--json")
    assert (code, json.loads(out)) == (0, {"submissions": [], "remain": []})


def texts_of(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return [file.read(name).decode(errors="replace") for name in file.namelist()]


# --- the log -------------------------------------------------------------------------------------------------------


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "pmqa.log"
    keep_journal(str(path))
    yield path
    keep_journal(None)


def lines(journal: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]


@ON_BOTH
def test_every_event_is_one_line_once_as_the_audit_has_it(store: Store, journal: Path) -> None:
    store.recording.record_many(
        [Incoming(make_submission(f"D00{n}"), b"%d" % n, "แบบ.xlsx") for n in range(2)], received_by="ก\nข"
    )
    store.audit.note("a@x.example", "signed_in", details={"issued": "1"}, once=True)
    store.audit.note("a@x.example", "signed_in", details={"issued": "1"}, once=True)
    trail = store.audit.trail()
    told = lines(journal)
    assert [one["action"] for one in told] == ["recorded", "recorded", "signed_in"]
    assert [(one["who"], one["subject"], one["details"]) for one in told] == [
        (row["who"], row["subject"] if isinstance(row["subject"], str) else None, json.loads(row["details"]))
        for row in trail.to_dict("records")
    ]
    assert all(str(one["at"]).endswith("+00:00") for one in told)


def test_what_was_not_done_is_not_in_the_log(store: Store, journal: Path) -> None:
    with pytest.raises(StoreError):
        store.history.withdraw("S9", reason="r", who="a")
    with suppress(ZeroDivisionError), store.database.transaction() as cursor:
        store.database.log(cursor, "a", [("recorded", "S1", {})])
        raise ZeroDivisionError
    store.values.change_setting("a", "b", who="c")
    assert [one["action"] for one in lines(journal)] == ["setting_changed"]


def test_a_log_that_was_moved_away_is_begun_again(store: Store, journal: Path) -> None:
    store.values.change_setting("a", "1", who="c")
    journal.rename(journal.with_suffix(".1"))
    store.values.change_setting("a", "2", who="c")
    assert [len(lines(path)) for path in (journal, journal.with_suffix(".1"))] == [1, 1]


def test_what_the_product_notices_by_itself_is_a_line_of_the_same_kind(journal: Path) -> None:
    logging.getLogger("pmqa").warning("disk: %d MB", 5)
    (line,) = lines(journal)
    assert (line["level"], line["message"]) == ("warning", "disk: 5 MB")
