"""The page Submit: everything that comes is kept, judged and explained; it counts when the button is pressed."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pandas as pd
import pytest
from factories import make_measure, make_submission
from streamlit.testing.v1 import AppTest

from pmqa.settings import ROOT
from pmqa.tables import AGENCIES
from pmqa.text import translator
from pmqa.ui.forms import outcomes as parts
from pmqa.viewer import Viewer
from pmqa.views import data
from pmqa.views.view import View
from pmqa.workbook import finding_text, write_form
from pmqa.workbook.readers import unpacked
from tests.forms import edited, put, zipped
from tests.pages import a_view, new_server

pytestmark = pytest.mark.slow  # forms are read in child processes
WAIT = 60


WRITTEN: dict[str, bytes] = {}  # what says which form -> the form, written once


def sound(framework, code="D001", **changes) -> bytes:
    which = repr((code, changes))
    if which not in WRITTEN:
        WRITTEN[which] = written(framework, code, **changes)
    return WRITTEN[which]


def written(framework, code, **changes) -> bytes:
    measures = [make_measure(indicator.id) for indicator in framework.indicators if indicator.core]
    evidence = {criterion.id: f"เอกสารตัวอย่าง {criterion.id}" for criterion in framework.criteria}
    return write_form(framework, prefill=make_submission(code, measures=measures, evidence=evidence, **changes))


@pytest.fixture
def store(tmp_path, monkeypatch):
    with new_server(tmp_path, monkeypatch) as served:
        yield served


@pytest.fixture
def page(store):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT)
    at.query_params["lang"] = "en"
    at.switch_page("pages/submit.py")
    return at.run()


def upload(page, *files):
    (uploader,) = page.get("file_uploader")
    uploader.set_value([(name, content, "application/octet-stream") for name, content in files])
    page.run()
    assert not page.exception
    return page


def words(page) -> str:
    """Everything that the page says outside tables."""
    elements = (*page.markdown, *page.info, *page.success, *page.warning, *page.error, *page.caption)
    return "\n".join(element.value for element in elements)


def cells(page) -> str:
    """Everything that stands in tables."""
    return "\n".join(one.value.to_csv() for one in (*page.table, *page.dataframe))


def said_on(page) -> str:
    """All of it as people read it, without the signs that keep markdown from it."""
    return f"{words(page)}\n{cells(page)}".replace("\\", "").replace("\u2060", "")


def press(page, key):
    page.button(key=key).click().run()
    assert not page.exception
    return page


def choose(page, key, value):
    widgets = (*page.selectbox, *page.multiselect, *page.get("button_group"))
    next(widget for widget in widgets if widget.key == key).set_value(value)
    page.run()
    assert not page.exception
    return page


# --- receiving -------------------------------------------------------------------------------------------------


def test_what_files_became_is_looked_up_only_where_one_waits(page, framework, monkeypatch):
    asked = []
    monkeypatch.setattr(data, "recorded", lambda version, read=data.recorded: asked.append(version) or read(version))
    page.run()
    assert not asked
    upload(page, ("one.xlsx", sound(framework)))
    assert asked


def test_what_is_uploaded_is_kept_at_once_and_counts_only_after_the_button(page, store, framework):
    content = sound(framework)
    upload(page, ("a.xlsx", content))
    (row,) = store.received.all().to_dict("records")
    assert (row["file_name"], row["outcome"]) == ("a.xlsx", "pending")
    assert store.received.file(row["receipt"]) == content
    assert store.submissions.standing().empty
    press(page, "save")
    assert store.submissions.standing()["agency_code"].to_list() == ["D001"]
    assert store.received.all()["outcome"].to_list() == ["accepted"]
    assert "Saved 1 file." in words(page)


def test_a_refused_file_is_kept_and_listed_with_its_findings(page, store, framework):
    blank = write_form(framework)
    upload(page, ("blank.xlsx", blank))
    (row,) = store.received.all().to_dict("records")
    assert row["outcome"] == "refused"
    assert store.received.file(row["receipt"]) == blank
    assert "missing_agency_field" in {finding.code for finding in store.received.findings(row["receipt"])}
    assert "Agency code" in cells(page)
    assert page.button(key="save").disabled
    choose(page, "received", "files")
    choose(page, "receipt", row["receipt"])
    assert "Refused" in words(page)


def test_the_uploader_is_empty_after_reading_so_that_no_bytes_stay_in_the_visit(page, framework):
    upload(page, ("a.xlsx", sound(framework)))
    (uploader,) = page.get("file_uploader")
    assert not uploader.value
    state = {name: page.session_state[name] for name in ("_upload_staged", "_upload_waiting")}
    assert state["_upload_waiting"] == []
    assert len(repr(state).encode()) < 5_000


def test_a_zip_shows_each_file_in_it_and_what_it_is(page, store, framework):
    bundle = zipped({"ส่ง/ก.xlsx": sound(framework), "ส่ง/ว่าง.xlsx": write_form(framework), "ส่ง/ก.pdf": b"%PDF"})
    upload(page, ("รวม.zip", bundle))
    assert "3 files read** · 1 can be saved · 1 refused · 1 skipped" in words(page)
    assert set(store.received.all()["file_name"]) == {"ก.xlsx", "ว่าง.xlsx"}


def test_a_damaged_zip_is_kept_too(page, store, framework):
    content = zipped({"ก.xlsx": sound(framework)})[:-40]
    upload(page, ("รวม.zip", content))
    (row,) = store.received.all().to_dict("records")
    assert (row["outcome"], store.received.file(row["receipt"])) == ("refused", content)


def test_the_same_file_again_is_known_and_changes_nothing(page, store, framework):
    content = sound(framework)
    press(upload(page, ("a.xlsx", content)), "save")
    before = store.version()
    upload(page, ("b.xlsx", content))
    assert "This very file is known" in cells(page)
    assert store.version() == before


def test_a_new_upload_keeps_what_was_not_saved_and_drops_what_is_finished_with(page, framework):
    upload(page, ("a.xlsx", sound(framework)), ("blank.xlsx", write_form(framework)))
    upload(page, ("b.xlsx", sound(framework, "D002")))
    assert "2 files read** · 2 can be saved" in words(page)


def test_a_file_that_waits_is_found_again_by_another_visit(page, store, framework):
    upload(page, ("a.xlsx", sound(framework)))
    page.session_state["_upload_staged"] = {}  # as after closing the window
    choose(page.run(), "received", "files")
    press(page, "read-pending")
    assert "1 file read** · 1 can be saved" in words(page)
    press(page, "save")
    assert len(store.submissions.standing()) == 1


def test_a_register_that_changed_after_reading_is_heeded_when_saving(page, store, framework):
    upload(page, ("a.xlsx", sound(framework)))
    store.register.save_agencies(
        pd.DataFrame([("D009", "กรมตัวอย่างเก้า", "กระทรวงตัวอย่าง", "กรม")], columns=list(AGENCIES.columns)), who="t"
    )
    press(page, "save")
    assert store.submissions.standing().empty
    assert store.received.all()["outcome"].to_list() == ["refused"]
    assert "1 refused" in words(page)


# --- saving ----------------------------------------------------------------------------------------------------


def test_chosen_files_are_saved_and_the_others_wait(page, store, framework):
    upload(page, *((f"{code}.xlsx", sound(framework, code)) for code in ("D001", "D002", "D003")))
    choose(page, "save_which", "chosen")
    assert page.button(key="save").disabled
    receipts = dict(zip(store.received.all()["file_name"], store.received.all()["receipt"], strict=True))
    choose(page, "save_chosen", [receipts["D002.xlsx"]])
    press(page, "save")
    assert store.submissions.standing()["agency_code"].to_list() == ["D002"]
    assert "2 files read** · 2 can be saved" in words(page)


def test_the_list_can_be_cleared_and_the_files_stay_received(page, store, framework):
    upload(page, ("a.xlsx", sound(framework)))
    press(page, "forget")
    assert "files read" not in words(page)
    assert store.received.all()["outcome"].to_list() == ["pending"]


def test_the_raw_cells_are_kept_with_what_was_saved(page, store, framework):
    press(upload(page, ("a.xlsx", sound(framework))), "save")
    (submission,) = store.submissions.standing()["submission"]
    assert "รหัสหน่วยงาน" in unpacked(store.history.raw_cells(submission)).decode()


# --- one file --------------------------------------------------------------------------------------------------


def test_the_first_submission_of_an_agency_says_that_there_is_nothing_to_compare_with(page, framework):
    upload(page, ("a.xlsx", sound(framework)))
    assert "has not sent before" in words(page)


def test_the_difference_to_the_last_submission_names_criteria_measures_and_scores(page, framework):
    press(upload(page, ("a.xlsx", sound(framework))), "save")
    met = {criterion.id: criterion.id != "1.1.B1" for criterion in framework.criteria}
    upload(page, ("b.xlsx", sound(framework, met=met)))
    assert "Compared with the submission that counts" in words(page)
    assert "Criteria that changed \\(1\\)" in words(page)
    assert "Yes → No" in cells(page)
    assert "1 criterion · 0 values of measures" in words(page)


def test_the_marked_copy_has_the_answers_and_reads_when_it_is_corrected(framework, store, page):
    wrong = changed_cell(sound(framework), "หมวด 1", "1.1.B1", "answer", "อาจจะ")
    upload(page, ("wrong.xlsx", wrong))
    (row,) = store.received.all().to_dict("records")
    view = selected(page)
    marked = parts.marked(view, row["receipt"], "wrong.xlsx")
    corrected = changed_cell(marked, "หมวด 1", "1.1.B1", "answer", "มี")
    upload(page, ("corrected.xlsx", corrected))
    press(page, "save")
    assert store.submissions.standing()["file_name"].to_list() == ["corrected.xlsx"]


def test_all_findings_are_one_workbook(framework, page):
    upload(page, ("a.xlsx", write_form(framework)), ("b.xlsx", b"%PDF-1.7"))
    files = tuple(page.session_state["_upload_staged"].values())
    book = openpyxl.load_workbook(io.BytesIO(parts.all_findings(selected(page), files)))
    said = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert {"a.xlsx", "b.xlsx", "is_pdf", "missing_agency_field"} <= said
    (button,) = (one for one in page.get("download_button") if one.proto.id.endswith("download-replies"))
    assert button.proto.label == "Download the replies to all senders (ZIP)"
    with zipfile.ZipFile(io.BytesIO(parts.replies(selected(page), files))) as pack:
        assert set(pack.namelist()) == {"Who_must_mend_what.xlsx", "a.txt", "a_marked.xlsx", "b.txt"}
        assert all(finding_text(found, translator("en")) in pack.read("b.txt").decode() for found in files[1].findings)


# --- taking back -----------------------------------------------------------------------------------------------


def test_a_withdrawn_submission_stays_in_the_history_and_the_one_before_counts_again(page, store, framework):
    press(upload(page, ("a.xlsx", sound(framework))), "save")
    press(upload(page, ("b.xlsx", sound(framework, met=False))), "save")
    first, second = store.submissions.standing()["submission"]
    choose(page, "submission", second)
    press(page, "withdraw-now")
    assert "Say why" in words(page)
    assert len(store.submissions.standing()) == 2
    page.text_area(key="why").input("ส่งผิดไฟล์")
    press(page, "withdraw-now")
    assert store.submissions.current(None)["submission"].to_list() == [first]
    history = store.history.all().set_index("submission")
    assert (history.at[second, "withdrawn"], history.at[second, "withdrawn_reason"]) == (True, "ส่งผิดไฟล์")
    assert f"{second} was withdrawn" in words(page)
    press(page, "restore")
    assert store.submissions.current(None)["submission"].to_list() == [second]


def test_a_withdrawn_file_that_is_sent_again_says_where_to_restore_it(page, store, framework):
    content = sound(framework)
    press(upload(page, ("a.xlsx", content)), "save")
    store.history.withdraw(store.submissions.standing()["submission"].item(), reason="ทดสอบ", who="t")
    page.run()
    upload(page, ("a.xlsx", content))
    assert "sent and withdrawn" in cells(page)


# --- what has to be said first ---------------------------------------------------------------------------------------


def versions(framework):
    """Two files of one agency, year and source."""
    return ("right.xlsx", sound(framework)), ("wrong.xlsx", sound(framework, met={"1.1.B1": False}))


def receipts(store) -> dict[str, str]:
    rows = store.received.all()
    return dict(zip(rows["file_name"], rows["receipt"], strict=True))


def test_of_two_files_of_one_agency_none_is_saved_before_one_is_chosen_and_the_other_is_set_aside(
    page, store, framework
):
    upload(page, *versions(framework))
    assert "2 files wait for a choice" in said_on(page)
    assert "Waits for a choice" in said_on(page)
    assert page.button(key="save").disabled
    choose(page, "file-D001-2569-self", receipts(store)["right.xlsx"])
    assert "another file was chosen" in said_on(page)
    press(page, "save")
    assert store.submissions.standing()["file_name"].to_list() == ["right.xlsx"]
    assert dict(zip(store.received.all()["file_name"], store.received.all()["outcome"], strict=True)) == {
        "right.xlsx": "accepted", "wrong.xlsx": "set_aside",
    }  # fmt: skip
    assert "files read" not in said_on(page)


def test_two_files_of_one_agency_that_came_one_after_the_other_are_a_choice_too(page, store, framework):
    for file in versions(framework):
        upload(page, file)
    assert "2 files wait for a choice" in said_on(page)
    assert page.button(key="save").disabled


def test_the_newest_of_each_is_chosen_with_one_button(page, store, framework):
    moments = (dt.datetime(2026, 1, day, tzinfo=dt.UTC) for day in (2, 1))
    files = [
        (name, write_form(framework, prefill=make_submission(met=met), created=moment))
        for name, met, moment in zip(("new.xlsx", "old.xlsx"), (True, False), moments, strict=True)
    ]
    upload(page, *files)
    press(press(page, "choose-newest"), "save")
    assert store.submissions.standing()["file_name"].to_list() == ["new.xlsx"]


def test_a_file_that_was_replaced_counts_again_when_that_is_said(page, store, framework):
    right, wrong = versions(framework)
    press(upload(page, right), "save")
    press(upload(page, wrong), "save")
    first, second = store.submissions.standing()["submission"]
    assert f"replaces {first}" in said_on(page)
    upload(page, right)
    assert f"{second} counts now" in said_on(page)
    assert page.button(key="save").disabled
    choose(page, "file-D001-2569-self", store.received.all()["receipt"].iloc[0])
    assert f"replaces {second}" in said_on(page)
    press(page, "save")
    (third,) = store.submissions.current(None)["submission"]
    assert third not in (first, second)
    assert store.submissions.original(third) == right[1]
    assert f"{third} replaces {second}" in said_on(page)


def test_codes_that_look_alike_wait_until_somebody_says_whose_they_are(store, framework):
    store.recording.record(make_submission("DEMO-004", 2568), b"1", file_name="1.xlsx", received_by="t")
    page = upload(another_visit(), ("2.xlsx", sound(framework, "demo-004", agency_name="กรมตัวอย่างชื่ออื่น")))
    assert "The codes DEMO-004, demo-004 look alike" in next(
        one.label for one in page.selectbox if one.key == "code-demo-004"
    )
    assert page.button(key="save").disabled
    choose(page, "code-demo-004", "one")
    press(page, "save")
    assert store.submissions.standing()["agency_code"].to_list() == ["DEMO-004"] * 2


def test_a_file_that_says_less_than_what_it_replaces_says_so_in_the_list_before_it_is_saved(page, store, framework):
    right, wrong = versions(framework)
    press(upload(page, right), "save")
    upload(page, wrong, ("other.xlsx", sound(framework, "D002")))
    (key,) = store.submissions.standing()["submission"]
    criteria = len(framework.criteria)
    assert f"Can be saved, with warnings · replaces {key} · says less than what it replaces" in said_on(page)
    assert f"answers {criteria} → 1," in said_on(page)


def test_a_restored_submission_that_does_not_count_says_what_does(page, store, framework):
    for file in versions(framework):
        press(upload(page, file), "save")
    first, second = store.submissions.standing()["submission"]
    store.history.withdraw(first, reason="ทดสอบ", who="t")
    choose(page.run(), "submission", first)
    press(page, "restore")
    assert f"{first} was restored, but {second}" in said_on(page)


# --- what was sent and not saved -------------------------------------------------------------------------------------


def another_visit() -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT)
    at.query_params["lang"] = "en"
    at.switch_page("pages/submit.py")
    return at.run()


def test_what_was_sent_and_not_saved_is_offered_again_to_the_next_visit(page, store, framework):
    upload(page, *((f"{code}.xlsx", sound(framework, code)) for code in ("D001", "D002")))
    assert "not saved" not in said_on(page)  # they are in the list of this visit
    again = another_visit()
    assert "You sent 2 files that were not saved" in said_on(again)
    assert "D001.xlsx, D002.xlsx" in said_on(again)
    press(again, "read-unsaved")
    assert "2 files read** · 2 can be saved" in said_on(again)
    press(again, "save")
    assert len(store.submissions.standing()) == 2
    assert "not saved" not in said_on(another_visit())


def test_what_is_left_is_not_offered_again_and_stays_received(page, store, framework):
    upload(page, ("a.xlsx", sound(framework)))
    press(another_visit(), "leave-unsaved")
    assert store.received.all()["outcome"].to_list() == ["set_aside"]
    assert "not saved" not in said_on(another_visit())


def test_nobody_is_offered_what_others_sent(page, store, framework, monkeypatch):
    upload(page, ("a.xlsx", sound(framework)))
    other = visited_by(Viewer("somebody else", "analyst"), monkeypatch)
    assert "not saved" not in said_on(other)


# --- by role ---------------------------------------------------------------------------------------------------


def visited_by(viewer, monkeypatch) -> AppTest:
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: viewer)
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT)
    at.query_params["lang"] = "en"
    at.switch_page("pages/submit.py")
    return at.run()


@pytest.mark.parametrize(
    ("role", "source", "accepted"),
    [("agency", "self", True), ("agency", "assessor", False), ("assessor", "self", False)],
)
def test_agencies_send_their_own_forms_and_only_assessors_assess(store, framework, monkeypatch, role, source, accepted):
    page = visited_by(Viewer("own", role, frozenset({"D001"})), monkeypatch)
    form = make_submission("D001", source=source)
    upload(page, ("a.xlsx", write_form(framework, prefill=form, source=source)))
    (row,) = store.received.all().to_dict("records")
    codes = {finding.code for finding in store.received.findings(row["receipt"])}
    assert (row["outcome"], "other_source" in codes) == (("pending", False) if accepted else ("refused", True))
    assert page.button(key="save").disabled != accepted


def test_a_form_of_another_ministrys_agency_is_refused_whatever_it_says_itself(store, framework, monkeypatch):
    store.recording.record(make_submission("D002", ministry="อื่น"), b"2", file_name="2.xlsx", received_by="t")
    own = make_submission("D002").ministry
    page = visited_by(Viewer("one", "analyst", ministries=frozenset({own})), monkeypatch)
    upload(page, ("a.xlsx", sound(framework, "D002")))
    row = store.received.all().iloc[0]
    assert row["outcome"] == "refused"
    assert "other_agency" in {finding.code for finding in store.received.findings(row["receipt"])}


def test_who_may_not_send_forms_of_a_source_is_not_offered_to_take_them_back(store, monkeypatch):
    assessed = make_submission("D001", source="assessor")
    key = store.recording.record(assessed, b"a", file_name="a.xlsx", received_by="t").submission_id
    page = choose(visited_by(Viewer("own", "agency", frozenset({"D001"})), monkeypatch), "submission", key)
    assert "withdraw-now" not in {button.key for button in page.button}
    page = choose(visited_by(Viewer("judge", "assessor"), monkeypatch), "submission", key)
    assert "withdraw-now" in {button.key for button in page.button}


def test_lists_can_be_narrowed_by_agency_year_and_state(page, store, framework):
    files = [(f"{code}.xlsx", sound(framework, code)) for code in ("D001", "D002")]
    press(upload(page, *files), "save")
    choose(page, "of_agency", ["D002"])
    shown = next(one.value for one in page.dataframe if "Recorded by" in one.value.columns)
    assert shown["File"].to_list() == ["D002.xlsx"]
    choose(page, "of_state", ["withdrawn"])
    assert "Nothing passes the filters" in words(page)


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_page_is_whole_in_both_languages(page, store, framework, language):
    choose(page, "lang", language)
    upload(page, ("a.xlsx", sound(framework)), ("blank.xlsx", write_form(framework)))
    choose(page, "received", "files")
    thai = any("ก" <= letter <= "๛" for letter in page.button(key="save").label)
    assert thai == (language == "th")


def changed_cell(content, sheet, identity, key, value) -> bytes:
    def change(book):
        put(book, sheet, identity, key, value)

    return edited(change, content)


def selected(page) -> View:
    """A view as the page has it."""
    return a_view("en")
