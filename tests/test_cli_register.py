"""`python -m pmqa register`: agencies and who must send, from a file."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest

from pmqa.store import Store

REGISTER = """รหัสหน่วยงาน,ชื่อหน่วยงาน,กระทรวง,ประเภทหน่วยงาน
D001,กรมตัวอย่างหนึ่ง,กระทรวงตัวอย่าง,กรม
P010,จังหวัดตัวอย่าง,กระทรวงตัวอย่าง,จังหวัด
"""


@pytest.fixture
def register_file(tmp_path):
    path = tmp_path / "ทะเบียน.csv"
    path.write_text(REGISTER, encoding="utf-8-sig")
    return path


def test_register_import_adds_and_corrects_agencies_by_their_code(run, register_file, tmp_path):
    database = tmp_path / "pmqa.duckdb"
    words = ("register", "import", register_file, "--database", database, "--lang", "en")
    assert run(*words)[:2] == (0, "2 agencies read, 2 added or corrected\n")
    assert run(*words)[:2] == (0, "2 agencies read, 0 added or corrected\n")
    register_file.write_text(REGISTER.replace("ตัวอย่างหนึ่ง", "ตัวอย่างสอง").partition("P010")[0], encoding="utf-8")
    code, shown, _ = run(*words, "--json")
    assert code == 0
    assert json.loads(shown) == {"agencies": 1, "saved": 1, "expected_for": None, "problems": []}
    with Store(database) as store:
        assert store.register.agencies()["agency_name"].tolist() == ["กรมตัวอย่างสอง", "จังหวัดตัวอย่าง"]
        assert store.register.expectations().empty


def test_register_import_for_a_year_says_who_must_send_beside_those_who_must_already(run, register_file, tmp_path):
    database = tmp_path / "pmqa.duckdb"
    known = {"agency_code": "X001", "agency_name": "กรมตัวอย่างเดิม", "ministry": "กระทรวงตัวอย่าง", "agency_type": "กรม"}
    with Store(database) as store:
        store.register.save_agencies(pd.DataFrame([known]), who="test")
        store.register.expect(2569, ["X001"], due=dt.date(2026, 11, 30), who="test")
    code, shown, _ = run("register", "import", register_file, "--year", 2569, "--database", database)
    assert code == 0
    assert "2569" in shown
    with Store(database) as store:
        rows = store.register.expectations()
        expected = store.register.status(None, 2569)
    assert rows["agency_code"].tolist() == ["D001", "P010", "X001"]
    assert rows["due"].dt.strftime("%Y-%m-%d %H:%M").tolist() == ["2026-11-30 16:59"] * 3  # midnight in Bangkok
    assert set(expected.loc[expected["expected"], "state"]) == {"missing"}


def test_register_import_saves_nothing_of_a_file_with_a_problem(run, register_file, tmp_path):
    database = tmp_path / "pmqa.duckdb"
    register_file.write_text(f"{REGISTER}D003,,กระทรวงตัวอย่าง,กรม\n", encoding="utf-8")
    code, shown, said = run("register", "import", register_file, "--database", database, "--lang", "en")
    assert code == 1
    assert shown.startswith("row 4: ")
    assert "not saved" in said
    assert not database.exists()
    code, shown, _ = run("register", "import", register_file, "--database", database, "--json")
    assert code == 1
    assert json.loads(shown)["problems"] == [{"row": 4, "code": "no_agency_name", "value": ""}]


def test_register_import_says_why_a_file_cannot_be_read(run, tmp_path):
    wrong = tmp_path / "เอกสาร.pdf"
    wrong.write_bytes(b"%PDF-1.7")
    code, _, said = run("register", "import", wrong, "--database", tmp_path / "pmqa.duckdb")
    assert code == 1
    assert said.strip()


@pytest.mark.parametrize("words", [("register", "import", "no.csv"), ("register", "export", "x"), ("register",)])
def test_register_refuses_what_it_does_not_understand(run, words):
    assert run(*words)[0] == 2
