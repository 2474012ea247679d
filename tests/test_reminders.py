"""Reminders: who must send and has not, whom to ask there, and what they are told."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest
from factories import make_submission

from pmqa.errors import AccessDenied
from pmqa.intake.reminders import reminders
from pmqa.store import Incoming, Store
from pmqa.tables import CONTACTS, STATUS
from pmqa.text import translator
from pmqa.viewer import Viewer

NOW = dt.datetime(2026, 11, 28, 12)
DUE = pd.Timestamp("2026-11-20 16:59:59")


def status(**states):
    """STATUS of agencies that must send: code -> state and due moment."""
    rows = [
        {"agency_code": code, "agency_name": f"กรม{code}", "ministry": "ก", "agency_type": "กรม", "expected": True}
        | {"state": state, "due": due, "submission": None, "first_received_at": pd.NaT}
        for code, (state, due) in states.items()
    ]
    return STATUS.conform(pd.DataFrame(rows))


def test_who_has_not_sent_is_named_with_contact_and_text_those_overdue_first():
    later = pd.Timestamp("2026-12-31 16:59:59")
    rows = status(
        D1=("missing", later), D2=("sent", DUE), D3=("refused", DUE), D4=("missing", pd.NaT), D5=("late", DUE)
    )
    known = CONTACTS.conform(
        pd.DataFrame([("D3", "ผู้ประสาน", "x@example.go.th", None, 2568)], columns=list(CONTACTS.columns))
    )
    found = reminders(rows, known, 2569, NOW, translator("en"))
    assert found["agency_code"].tolist() == ["D3", "D1", "D4"]
    assert found["days_over"].astype("object").where(found["days_over"].notna(), None).tolist() == [7, None, None]
    assert found["contact_email"].fillna("").tolist() == ["x@example.go.th", "", ""]  # unknown stays blank
    refused, missing, undated = found["message"]
    assert "errors to mend" in refused
    assert "7 days ago" in refused
    assert "has not arrived" in missing
    assert "due by" in missing
    assert "due" not in undated


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "pmqa.duckdb"
    names = ("agency_code", "agency_name", "ministry", "agency_type")
    sent = [
        make_submission("D001", fiscal_year=year, contact_name=who)
        for year, who in ((2567, "คนก่อน"), (2568, "คนล่าสุด"), (2566, "คนแรก"))
    ]
    with Store(path) as store:
        files = [Incoming(one, f"{number}".encode(), f"{number}.xlsx") for number, one in enumerate(sent)]
        store.recording.record_many(files, received_by="t")
        rows = [(code, f"กรม{code}", sent[0].ministry, "กรม") for code in ("D001", "D002")]
        store.register.save_agencies(pd.DataFrame(rows, columns=list(names)), who="t")
        store.register.expect(2569, ["D001", "D002"], due=dt.date(2026, 11, 20), who="t")
    return path


def test_the_contact_is_of_the_latest_form_that_names_one_and_for_who_keeps_the_register(database):
    with Store(database) as store:
        assert store.register.contacts()[["agency_code", "contact_name", "told_for"]].to_numpy().tolist() == [
            ["D001", "คนล่าสุด", 2568]
        ]
        assert store.register.contacts(Viewer("x", "analyst", agencies=frozenset({"D002"}))).empty
        with pytest.raises(AccessDenied):
            store.register.contacts(Viewer("x", "viewer"))


def test_a_register_made_from_senders_does_not_know_who_is_missing(tmp_path):
    one, other = make_submission("D001"), make_submission("D002", ministry="กระทรวงอื่น")
    limited = Viewer("x", "analyst", agencies=frozenset({"D002"}))
    with Store(tmp_path / "pmqa.duckdb") as store:
        store.recording.record_many(
            [Incoming(s, s.agency_code.encode(), f"{s.agency_code}.xlsx") for s in (one, other)], received_by="t"
        )
        with pytest.raises(AccessDenied):
            store.register.add_senders(who="x", viewer=Viewer("x", "viewer"))
        assert store.register.senders(limited)["agency_code"].tolist() == ["D002"]
        assert store.register.add_senders(who="x", viewer=limited) == 1
        assert store.register.is_of_senders()
        assert store.register.senders()["agency_code"].tolist() == ["D001"]
        whole = pd.DataFrame([("D003", "ก", "ข", "กรม")], columns=list(store.register.agencies().columns))
        store.register.save_agencies(whole, who="t")  # somebody looks after it
        assert not store.register.is_of_senders()
        assert store.register.add_senders(who="t") == 1
        assert not store.register.is_of_senders()  # it was not empty


def test_remind_says_who_has_not_sent_with_contacts_and_a_text(run, database, tmp_path):
    out = tmp_path / "เตือน.xlsx"
    words = ("remind", "--year", 2569, "--database", database, "--lang", "en")
    code, shown, _ = run(*words, "--out", out)
    assert code == 0
    assert "D001 กรมD001 · คนล่าสุด" in shown
    assert "D002 กรมD002 · contact not known" in shown
    assert shown.rstrip().endswith("2 of 2 agencies that must send for 2569 (2026) have not")
    assert pd.read_excel(out, sheet_name=0, header=None, engine="openpyxl").astype("str").to_csv().count("กรมD00") >= 2
    unsent = json.loads(run(*words, "--json")[1])["unsent"]
    assert [row["contact_name"] for row in unsent] == ["คนล่าสุด", None]
    code, shown, _ = run("remind", "--year", 2570, "--database", database, "--lang", "en")
    assert "Nobody has been said to have to send for 2570" in shown
