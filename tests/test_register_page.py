"""The page Register: who there is, who must send, who has; and what a register means for a form that comes."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd
import pytest
import streamlit as st
from factories import make_submission
from streamlit.testing.v1 import AppTest

from pmqa.errors import AccessDenied
from pmqa.settings import ROOT
from pmqa.store import Incoming
from pmqa.tables import AGENCIES
from pmqa.text import MISSING, end_of_day, translator
from pmqa.ui.forms import register as registering
from pmqa.viewer import LOCAL_ANALYST, Viewer
from pmqa.views.cards import register as parts
from pmqa.views.files import card_csv, card_xlsx
from pmqa.views.words import plain
from pmqa.workbook import write_form
from pmqa.workbook.register import read_register
from tests.pages import a_view, new_server
from tests.test_register_file import HEAD, ONE, TWO, text
from tests.test_submit_page import cells, press, selected, upload, words

pytestmark = pytest.mark.slow  # whole pages run

WAIT = 60
DUE = dt.date(2026, 11, 30)


@pytest.fixture
def store(tmp_path, monkeypatch):
    with new_server(tmp_path, monkeypatch) as served:
        yield served


def opened(page: str, **choices: str) -> AppTest:
    """The page as a link with these choices opens it."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT)
    for name, value in choices.items():
        at.query_params[name] = value
    if page != "overview":
        at.switch_page(f"pages/{page}.py")
    at.run()
    assert not at.exception
    return at


def said(name: str, **values: object) -> str:
    return translator("th")(f"register_page.{name}", **values)


def keep(store, *rows):
    store.register.save_agencies(pd.DataFrame(rows, columns=list(AGENCIES.columns)), who="t")


def record(store, code, content, received_at=None, **changes):
    submission = make_submission(code, **changes)
    store.recording.record(submission, content, file_name=f"{code}.xlsx", received_by="t", received_at=received_at)


# --- the register ----------------------------------------------------------------------------------------------


def test_a_register_is_brought_in_only_when_the_button_is_pressed(store):
    page = opened("register", register_part="import")
    upload(page, ("ทะเบียน.csv", text(HEAD, ONE, TWO).encode()))
    assert said("difference", added=2, changed=0, same=0, absent=0) in words(page)
    assert store.register.agencies().empty
    press(page, "import")
    assert store.register.agencies()["agency_code"].to_list() == ["D001", "P010"]
    assert said("saved", saved=2, gone=0) in words(page)
    assert page.get("file_uploader")[0].value in (None, [])


def test_a_file_says_what_it_would_change_and_removes_only_when_told(store):
    keep(store, ONE, ("D009", "กรมตัวอย่างเก้า", "กระทรวงตัวอย่าง", "กรม"))
    page = opened("register", register_part="import")
    upload(page, ("ทะเบียน.csv", text(HEAD, (*ONE[:2], "กระทรวงใหม่", ONE[3]), TWO).encode()))
    assert said("difference", added=1, changed=1, same=0, absent=1) in words(page)
    press(page, "import")
    assert store.register.agencies()["agency_code"].to_list() == ["D001", "D009", "P010"]
    upload(page, ("ทะเบียน.csv", text(HEAD, ONE).encode()))
    page.toggle(key="remove_absent").set_value(True).run()
    press(page, "import")
    assert store.register.agencies()["agency_code"].to_list() == ["D001"]


def test_a_file_with_problems_is_shown_with_all_of_them_and_changes_nothing(store):
    page = opened("register", register_part="import")
    upload(page, ("ทะเบียน.csv", text(HEAD, ONE, ONE, ("D002", "", "ก", "สำนัก")).encode()))
    assert said("has_problems", n=3) in words(page)
    wanted = [("code_twice", "D001"), ("no_agency_name", ""), ("unknown_type", "สำนัก")]
    for code, value in wanted:
        assert plain(said(f"problem_{code}", value=value)) in cells(page)
    assert not [button for button in page.button if button.key == "import"]


def test_a_file_that_is_no_table_says_what_it_is(store):
    page = opened("register", register_part="import")
    upload(page, ("ทะเบียน.pdf", b"%PDF-1.7"))
    assert "PDF" in words(page)


def test_a_download_of_the_register_is_a_register(store):
    keep(store, ONE, TWO)
    for language in ("th", "en"):
        view = dataclasses.replace(selected(None), language=language)
        card = parts.agencies(view)
        for content in (card_csv(view, card), card_xlsx(view, card)):
            found = read_register(content)
            assert found.problems == ()
            assert [tuple(one) for one in found.agencies] == [ONE, TWO]


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ([ONE, TWO], []),
        ([ONE, ("D001", "ก", "ข", "กรม")], [("code_twice", 2)]),
        ([ONE, (None, "ก", " ", "กรม")], [("no_agency_code", 2), ("no_ministry", 2)]),
    ],
)
def test_edited_rows_with_blanks_or_a_code_twice_are_not_saved(rows, problems):
    found = parts.edited_problems(pd.DataFrame(rows, columns=list(AGENCIES.columns)))
    assert [(one.code, one.row) for one in found] == problems


def test_edits_add_change_and_remove(store):
    keep(store, ONE, TWO)
    page = opened("register", register_part="register")
    assert page.button(key="save-register").disabled
    edited = pd.DataFrame([(*ONE[:2], "กระทรวงใหม่", ONE[3]), ("D003", *ONE[1:])], columns=list(AGENCIES.columns))
    new = parts.difference(store.register.agencies(), edited)
    assert (new.added, new.changed, new.same, new.absent) == (["D003"], ["D001"], [], ["P010"])


def edit(monkeypatch, change):
    """As if the visitor had edited the sheet: what Streamlit's editor gives, and what it keeps of the edits."""

    def edited(table, *, key, **_):
        if change and not st.session_state.get(key):
            st.session_state[key] = {"edited_rows": {0: {}}}
        return change[0](table) if change else table

    monkeypatch.setattr(st, "data_editor", edited)


def first_renamed(store, monkeypatch, name):
    """The sheet of two agencies, in which somebody has given the first another name; and that edit."""
    keep(store, ONE, TWO)
    change = [lambda table: table.assign(agency_name=[name, *table["agency_name"][1:]])]
    edit(monkeypatch, change)
    return opened("register", register_part="register"), change


def test_the_sheet_saves_only_what_was_edited_whatever_others_save_meanwhile(store, monkeypatch):
    page, _ = first_renamed(store, monkeypatch, "ชื่อใหม่")
    keep(store, (TWO[0], "ชื่อที่ผู้อื่นแก้", *TWO[2:]))
    page.run()
    assert said("changed_meanwhile") in words(page)
    assert said("edits", added=0, changed=1, absent=0) in words(page)
    press(page, "save-register")
    assert store.register.agencies()["agency_name"].to_list() == ["ชื่อใหม่", "ชื่อที่ผู้อื่นแก้"]


def test_where_two_edit_the_same_field_of_the_sheet_the_second_is_told_and_begins_again(store, monkeypatch):
    page, change = first_renamed(store, monkeypatch, "ชื่อของฉัน")
    keep(store, (ONE[0], "ชื่อที่ผู้อื่นแก้", *ONE[2:]))
    press(page, "save-register")
    assert store.register.agencies()["agency_name"].to_list()[0] == "ชื่อที่ผู้อื่นแก้"
    assert any("มีผู้อื่นแก้ไข D001" in error.value for error in page.error)
    change.clear()
    press(page, "begin-again")
    assert said("changed_meanwhile") not in words(page)
    assert said("edits", added=0, changed=0, absent=0) in words(page)


def test_a_file_is_held_against_the_register_that_was_seen(store):
    keep(store, ONE, TWO)
    page = opened("register", register_part="import")
    upload(page, ("ทะเบียน.csv", text(HEAD, (ONE[0], "ชื่อในไฟล์", *ONE[2:])).encode()))
    keep(store, (ONE[0], "ชื่อที่ผู้อื่นแก้", *ONE[2:]))
    press(page, "import")
    assert any("D001" in error.value for error in page.error)
    press(page, "import")  # now it was seen
    assert store.register.agencies()["agency_name"].to_list() == ["ชื่อในไฟล์", TWO[1]]


def test_agencies_of_another_ministry_are_told_of_and_not_saved(store, monkeypatch):
    keep(store, ONE)
    limited = Viewer("one", "analyst", ministries=frozenset({ONE[2]}))
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: limited)
    edit(monkeypatch, [lambda table: table.assign(ministry="กระทรวงอื่น")])
    page = opened("register", register_part="register")
    assert said("problem_not_yours", value="D001") in cells(page)
    assert page.button(key="save-register").disabled
    page = opened("register", register_part="import")
    upload(page, ("ทะเบียน.csv", text(HEAD, (*TWO[:2], "กระทรวงอื่น", TWO[3])).encode()))
    assert said("problem_not_yours", value="P010") in cells(page)
    assert not [button for button in page.button if button.key == "import"]


# --- what it means for a form ------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "changes", "finding"),
    [
        ("D00l", {}, "unknown_agency"),
        ("D001", {"agency_name": "กรมตัวอย่างอื่น"}, "agency_name_differs"),
        ("D001", {"agency_name": ONE[1], "ministry": "กระทรวงอื่น"}, "ministry_differs"),
    ],
)
def test_with_a_register_a_form_of_somebody_else_is_refused(store, framework, code, changes, finding):
    keep(store, ONE)
    page = opened("submit")
    upload(page, ("a.xlsx", write_form(framework, prefill=make_submission(code, **changes))))
    (row,) = store.received.all().to_dict("records")
    found = {one.code: one for one in store.received.findings(row["receipt"])}
    assert found[finding].severity == "error"
    if finding == "unknown_agency":
        assert "D001" in found[finding].values["hint"]


@pytest.mark.slow
def test_without_a_register_a_new_code_is_a_note(store, framework):
    record(store, "D009", b"9")
    page = upload(opened("submit"), ("a.xlsx", write_form(framework, prefill=make_submission())))
    (one,) = page.session_state["_upload_staged"].values()
    assert {finding.code: finding.severity for finding in one.findings}["new_agency"] == "note"
    assert one.is_saveable


# --- who must send, who has --------------------------------------------------------------------------------------


def test_who_must_send_is_set_for_a_year_with_its_last_day(store):
    keep(store, ONE, TWO)
    page = opened("register")
    page.date_input(key="due-2569-self").set_value(DUE).run()
    press(page, "expect")
    rows = store.register.expectations()
    assert rows["agency_code"].to_list() == ["D001", "P010"]
    assert set(rows["due"]) == {pd.Timestamp(end_of_day(DUE))}
    assert said("expected_saved", n=2, year="2569") in words(page)


def test_agencies_can_be_expected_by_their_type(store):
    keep(store, ONE, TWO)
    page = opened("register", must_who="types", must_types="จังหวัด")
    assert page.button(key="expect").label == said("expect", n=1, year="2569")
    press(page, "expect")
    assert store.register.expectations()["agency_code"].to_list() == ["P010"]


def test_the_overview_shows_sent_late_and_missing_of_those_who_must_send(store):
    codes = ("D001", "D002", "D003")
    keep(store, *((code, f"กรมตัวอย่าง {code}", "กระทรวงตัวอย่างหนึ่ง", "กรม") for code in codes))
    store.register.expect(2569, codes, due=DUE, who="t")
    record(store, "D001", b"1", dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    record(store, "D002", b"2", dt.datetime(2026, 12, 24, tzinfo=dt.UTC))
    page = opened("overview")
    shown = {metric.label: metric.value for metric in page.metric}
    names = ("expected", "state_sent", "state_late", "state_refused", "state_missing")
    assert [shown[said(name)] for name in names] == ["3", "1", "1", "0", "1"]
    card = parts.status(selected(page), 2569, "self")
    assert card.table["agency_code"].to_list() == ["D003", "D002", "D001"]


def test_a_register_made_by_one_click_from_senders_leaves_who_is_missing_unknown_and_reminds_who_is_known(store):
    for code, year in (("D001", 2569), ("D002", 2568)):
        one = make_submission(code, fiscal_year=year, contact_name="ผู้ประสานตัวอย่าง")
        store.recording.record_many([Incoming(one, code.encode(), f"{code}.xlsx")], received_by="t")
    at = opened("register", must_year="2569")
    at = at.button(key="add-senders").click().run()
    assert not at.exception
    assert store.register.agencies()["agency_code"].tolist() == ["D001", "D002"]
    assert not [button for button in at.button if button.key == "add-senders"]
    store.register.expect(2569, ["D001", "D002"], due=DUE, who="t")
    at = opened("register", must_year="2569")
    missing = next(one for one in at.metric if one.label == said("state_missing"))
    assert missing.value == said("at_least", n="1")
    reminder = next(one.value for one in at.code)
    assert reminder.startswith("เรื่อง")
    assert "D002" in at.selectbox(key="remind").options[0]
    assert parts.reminders(a_view(), 2569).table["contact_name"].tolist() == ["ผู้ประสานตัวอย่าง"]
    store.register.expect(2569, ["D001"], due=DUE, who="t")
    metrics = {one.label: one.value for one in parts.status_metrics(a_view(), 2569, "self")}
    assert metrics[said("state_missing")] == MISSING


def test_the_overview_says_nothing_of_sending_where_nobody_must(store):
    record(store, "D001", b"1")
    assert said("expected") not in {metric.label for metric in opened("overview").metric}


def test_a_year_that_nobody_has_sent_for_can_be_looked_at(store):
    keep(store, ONE)
    record(store, "D001", b"1", fiscal_year=2569)
    store.register.expect(2570, ["D001"], due=DUE, who="t")
    page = opened("overview")
    assert page.selectbox(key="year").value == 2569
    page = opened("overview", year="2570")
    assert {metric.label: metric.value for metric in page.metric}[said("state_missing")] == "1"


def test_only_those_who_keep_the_register_may_change_it(store):
    keep(store, ONE)
    view = dataclasses.replace(selected(None), viewer=dataclasses.replace(LOCAL_ANALYST, role="viewer"))
    with pytest.raises(AccessDenied):
        registering._keep(view, store.register.agencies(), store.register.agencies().iloc[:0])
    assert not store.register.agencies().empty


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("part", ["expectations", "register", "import"])
def test_the_page_is_whole_in_both_languages(store, language, part):
    keep(store, ONE, TWO)
    page = opened("register", lang=language, register_part=part)
    assert page.title[0].value == {"th": "ทะเบียนและการส่ง", "en": "Register and sending"}[language]
