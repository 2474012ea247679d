"""What goes back to those who sent: the marked copy and a message for each file, and the list of who must mend what."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pandas as pd
import pytest

from pmqa.exports.tables import HEADING_ROWS
from pmqa.intake.replies import reply_pack, reply_to
from pmqa.text import languages, translator
from pmqa.workbook import Reading, finding_text, marked_copy, read_submission
from tests.forms import CATEGORY, edited, put, put_agency, small_framework, small_frameworks

pytestmark = pytest.mark.slow  # forms are written and read

TODAY = dt.date(2026, 11, 28)
THAI = translator("th")


def contact(book):
    put_agency(book, "contact_email", "pmqa@example.go.th")
    put_agency(book, "contact_name", "+กลุ่มพัฒนาระบบบริหาร")


def read(change=None) -> Reading:
    content = edited(contact)
    return read_submission(edited(change, content) if change else content, small_frameworks())


def with_wrong_answer(book):
    put(book, CATEGORY, small_framework().criteria[0].id, "answer", "ไม่แน่ใจ")


def files_of(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def text_of(pack: bytes, name: str) -> str:
    return files_of(pack)[name].decode("utf-8-sig")


def list_in(pack: bytes) -> pd.DataFrame:
    (content,) = (content for name, content in files_of(pack).items() if name == "ใครต้องแก้อะไร.xlsx")
    return pd.read_excel(io.BytesIO(content), header=HEADING_ROWS, dtype=str, engine="openpyxl")


def pack_of(*readings: tuple[str, Reading]) -> bytes:
    return reply_pack([reply_to(name, one, THAI) for name, one in readings], THAI, TODAY)


@pytest.fixture(scope="module")
def sound() -> Reading:
    return read()


@pytest.fixture(scope="module")
def refused() -> Reading:
    return read(with_wrong_answer)


@pytest.fixture(scope="module")
def no_form() -> Reading:
    return read_submission(b"a,b,c\n1,2,3\n", small_frameworks(), file_name="ผิด.csv")


def test_a_refused_form_gets_a_message_with_every_finding_and_its_own_answers_marked(refused):
    pack = pack_of(("กรม ก.xlsx", refused))
    text = text_of(pack, "กรม_ก.txt")
    assert refused.findings
    for finding in refused.findings:
        assert f"{finding.sheet} {finding.cell}: {finding_text(finding, THAI)}" in text
    agency = refused.draft.agency["agency_name"].value
    assert text.startswith(f"เรื่อง ผลการตรวจแบบประเมิน PMQA ของ{agency} ปี 2569")
    again = read_submission(files_of(pack)["กรม_ก_ผลการตรวจ.xlsx"], small_frameworks())
    assert again.draft.agency["contact_email"].value == "pmqa@example.go.th"


def test_the_list_says_who_must_mend_what_and_whom_to_ask(sound, refused, no_form):
    table = list_in(pack_of(("ดี.xlsx", sound), ("ผิด.csv", no_form), ("แก้.xlsx", refused)))
    assert table["ไฟล์"].tolist() == ["ผิด.csv", "แก้.xlsx", "ดี.xlsx"], "those who must mend come first"
    assert table["อีเมล"].tolist() == ["–", "pmqa@example.go.th", "pmqa@example.go.th"]
    assert table["ผลการตรวจ"].tolist()[:2] == ["ยังไม่รับ ต้องแก้แล้วส่งใหม่"] * 2
    errors = [str(sum(one.is_error for one in reading.findings)) for reading in (no_form, refused, sound)]
    assert table["ต้องแก้"].tolist() == errors


def test_what_an_agency_wrote_is_no_formula_in_the_list(sound):
    assert list_in(pack_of(("ดี.xlsx", sound)))["ผู้ประสานงาน"].tolist() == ["+กลุ่มพัฒนาระบบบริหาร"]


def test_what_is_no_form_gets_a_message_and_no_copy(no_form):
    pack = pack_of(("ผิด.csv", no_form))
    assert set(files_of(pack)) == {"ใครต้องแก้อะไร.xlsx", "ผิด.txt"}
    assert THAI("replies.close") in text_of(pack, "ผิด.txt")
    assert marked_copy(no_form) is None


def test_two_files_of_one_name_both_get_their_answer(refused, no_form):
    names = set(files_of(pack_of(("ก/แบบ.xlsx", refused), ("ข/แบบ.xlsx", no_form))))
    assert names == {"ใครต้องแก้อะไร.xlsx", "แบบ.txt", "แบบ_ผลการตรวจ.xlsx", "แบบ_2.txt"}


def test_no_answer_takes_the_place_of_another(no_form):
    pack = pack_of(*((name, no_form) for name in ("a.csv", "b/A.csv", "a_2.csv", "ใครต้องแก้อะไร.csv")))
    assert set(files_of(pack)) == {"ใครต้องแก้อะไร.xlsx", "a.txt", "A_2.txt", "a_2_2.txt", "ใครต้องแก้อะไร_2.txt"}
    assert len(set(list_in(pack)["ข้อความตอบ"])) == 4


def test_a_file_without_findings_needs_nothing_whatever_becomes_of_it():
    assert reply_to("again.xlsx", Reading(None, ()), THAI).outcome == "nothing_to_do"


def test_the_same_files_give_the_same_messages_in_both_languages(refused):
    texts = [reply_to("a.xlsx", refused, translator(language)).message for language in languages()]
    assert len(set(texts)) == len(languages())
    assert all(len(text.splitlines()) == len(texts[0].splitlines()) for text in texts)


def test_check_writes_the_replies_of_all_files(run, forms, wrong, tmp_path):
    out = tmp_path / "คำตอบ.zip"
    code, _, told = run("check", forms[0], wrong, "--replies", out)
    assert code == 1
    assert str(out) in told
    assert f"{wrong.stem}.txt" in files_of(out.read_bytes())
    assert list_in(out.read_bytes())["ไฟล์"].tolist() == [str(wrong), str(forms[0])]


def test_the_replies_are_a_zip_or_nothing(run, forms, tmp_path):
    code, _, told = run("check", forms[0], "--replies", tmp_path / "a.xlsx")
    assert (code, ".zip" in told) == (2, True)
