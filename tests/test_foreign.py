"""Files of other layouts: read as people read them, every wrong cell named, traced to the cells they came from."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from test_published import tables_of

from pmqa.errors import AccessDenied
from pmqa.sources import ANNOUNCED, SOURCES, bases
from pmqa.store import Store
from pmqa.tables import AGENCIES
from pmqa.viewer import Viewer
from pmqa.workbook import read_submission, write_form
from pmqa.workbook.draft import Place
from pmqa.workbook.foreign.layouts import LAYOUT_FOLDER, layout_names, read_layout
from pmqa.workbook.foreign.reading import Agency, read_foreign
from tests.workbooks.foreign import CODES, KINDS, KNOWN

AGENCIES_KNOWN = [Agency(*row) for row in KNOWN]
BY_NAME = {one.name: one for one in KINDS}

# kind -> (agency, year) -> criterion -> answer
ANSWERS = {
    "ticks_in_level_columns": {
        ("D001", 2568): {"1.1.B1": "มี", "1.1.B3": "มี", "1.1.A2": "ไม่มี", "1.1.S1": None, "1.2.A1": "มี", "1.2.S1": "ไม่มี"},
        ("D002", 2568): {"1.1.B1": "มี", "1.1.S1": None},
    },
    "older_numbering": {("D001", 2565): {"1.1.B1": "มี", "1.1.B2": "ไม่มี", "1.1.A1": "มี"}},
    "answers_in_words": {
        ("D001", 2568): {"1.1.B1": "มี", "1.1.B2": "ไม่มี"},
        ("D002", 2568): {"1.1.B1": None, "1.1.B2": "ไม่มี"},
    },
    "evidence_in_comments": {
        ("D001", 2568): {"1.1.B1": "มี", "1.1.B2": "ไม่มี"},
        ("D002", 2568): {"1.1.B1": "มี", "1.1.B2": "มี"},
    },
    "two_header_rows_and_totals": {("D001", 2568): {"1.1.B1": "มี", "1.1.B2": "ไม่มี", "1.2.B1": "มี"}},
}
POINTS = {
    "points_of_items": {("D001", 2568): {"1.1": 300.0, "1.2": 266.67}, ("D002", 2568): {"1.1": 0.0}},
    "categories_over_years": {
        ("D001", 2566): {"1": 310.0, "2": 290.5},
        ("D001", 2567): {"1": 330.0, "2": 300.0},
        ("D002", 2566): {"1": 250.0, "2": 260.0},
        ("D002", 2567): {"1": 270.0, "2": 280.0},
    },
}


def read(name, frameworks, spoilt=None, known=AGENCIES_KNOWN):
    kind = BY_NAME[name]
    layout, problems = read_layout(kind.layout, name, frameworks)
    assert layout is not None, problems
    content = kind.make(spoilt or {})
    return read_foreign(content, layout, frameworks["pmqa4"], file_name=f"{name}.xlsx", known=known)


def by_whose(found):
    return {(one.whose["agency_code"], one.whose["fiscal_year"]): one for one in found.said}


@pytest.mark.parametrize("name", [one.name for one in KINDS])
def test_every_kind_of_file_is_read_as_people_read_it(name, frameworks):
    found = read(name, frameworks)
    assert found.is_sound, found.problems
    said = by_whose(found)
    assert set(said) == set(ANSWERS.get(name) or POINTS[name])
    for whose, answers in ANSWERS.get(name, {}).items():
        cells = said[whose].cells
        for criterion, answer in answers.items():
            place = Place(criterion, 1, "answer")
            assert (cells[place].value if place in cells else None) == answer, criterion
    for whose, points in POINTS.get(name, {}).items():
        assert {scope: one.points for scope, one in said[whose].points.items()} == points


def test_a_number_with_brackets_is_not_the_same_without(frameworks):
    cells = by_whose(read("older_numbering", frameworks))["D001", 2565].cells
    assert (cells[Place("1.1.B1", 1, "answer")].cell, cells[Place("1.1.B2", 1, "answer")].cell) == ("C4", "C5")
    assert Place("1.1.B2", 1, "evidence") not in cells  # a dash is none


def test_evidence_stands_in_comments_where_the_layout_says_so(frameworks):
    said = by_whose(read("evidence_in_comments", frameworks))
    evidence = said["D001", 2568].cells[Place("1.1.B1", 1, "evidence")]
    assert (evidence.value, evidence.sheet, evidence.cell) == ("ประกาศกรมที่ 5/2568", "คำตอบ", "B2")
    assert Place("1.1.B2", 1, "evidence") not in said["D002", 2568].cells


@pytest.mark.parametrize(
    ("name", "place", "value", "code"),
    [
        ("ticks_in_level_columns", "กรมตัวอย่างสอง!D4", "อาจจะ", "no_answer"),
        ("ticks_in_level_columns", "กรมตัวอย่างสอง!A4", "9.9", "no_item"),
        ("points_of_items", "คะแนน!C2", "สูง", "no_number"),
        ("points_of_items", "คะแนน!B3", 501, "off_scale"),
        ("points_of_items", "คะแนน!A3", "กรมที่ไม่มี", "unknown_agency"),
        ("categories_over_years", "ผลย้อนหลัง!D4", "-1", "off_scale"),
        ("categories_over_years", "ผลย้อนหลัง!D4", "=1/0", "formula_without_value"),
        ("older_numbering", "แบบประเมิน!A5", "LD 99", "no_criterion"),
        ("older_numbering", "แบบประเมิน!A5", None, "no_code"),
        ("older_numbering", "แบบประเมิน!B1", "X999", "unknown_agency"),
        ("answers_in_words", "ข้อมูล!B4", "ปีที่แล้ว", "bad_fiscal_year"),
        ("answers_in_words", "ข้อมูล!D5", "ไม่แน่ใจ", "no_answer"),
        ("answers_in_words", "ข้อมูล!C3", "1.1.B1", "said_twice"),
        ("evidence_in_comments", "คำตอบ!C2", 2, "no_answer"),
        ("two_header_rows_and_totals", "D001!C7", "ครึ่งหนึ่ง", "no_answer"),
    ],
)
def test_every_wrong_cell_is_named(name, place, value, code, frameworks):
    sheet, _, cell = place.partition("!")
    found = read(name, frameworks, {place: value})
    assert not found.is_sound
    assert {(one.code, one.sheet) for one in found.problems} == {(code, sheet)}
    at = {"said_twice": "D3"}.get(code, cell)
    assert at in {one.cell for one in found.problems}


def test_a_file_that_is_no_workbook_is_refused_by_the_guarded_reader(frameworks):
    layout, _ = read_layout(KINDS[0].layout, "x", frameworks)
    found = read_foreign(b"%PDF-1.7", layout, frameworks["pmqa4"], file_name="a.xlsx")
    assert (found.is_sound, found.refused.code) == (False, "is_pdf")


def test_what_was_read_becomes_a_form_that_says_the_same_and_where_it_stood(frameworks):
    (said, _) = read("evidence_in_comments", frameworks).said
    origins = {place: (origin,) for place, origin in said.cells.items()}
    reading = read_submission(write_form(frameworks["pmqa4"], prefill=said.draft, origins=origins), frameworks)
    assert not [one for one in reading.findings if one.is_error]
    answers = {one.criterion: one for one in reading.submission.answers}
    assert (answers["1.1.B1"].met, answers["1.1.B1"].evidence) == (True, "ประกาศกรมที่ 5/2568")
    assert (answers["1.1.B2"].met, answers["1.2.B1"].met) == (False, None)
    assert reading.submission.ministry == "กระทรวงตัวอย่าง"


WRONG_LAYOUT = """
name = { th = "ก" }
edition = "pmqa4"
agency = "row"
first_row = "สาม"
colour = "red"
[[columns]]
column = "A"
"""
WRONG_MEANING = """
name = { th = "ก", en = "A" }
edition = "pmqa4"
agency = "desk"
first_row = 0
fiscal_year = 2024
[where]
agency_code = "B"
[[columns]]
column = "A"
means = "answer"
level = "gold"
[[columns]]
column = "A"
means = "points"
scope = "9.9"
[words]
yes = ["ok"]
no = ["OK"]
[codes]
"1" = "9.9.B9"
"""


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("name = ", {"no_toml"}),
        (WRONG_LAYOUT, {"wrong_kind", "unknown_setting", "missing"}),
        (
            WRONG_MEANING,
            {
                "not_among",
                "out_of_range",
                "no_cell",
                "column_twice",
                "no_scope",
                "word_twice",
                "no_criterion",
                "of_what",
            },
        ),
        (WRONG_MEANING.replace('"pmqa4"', '"pmqa9"'), {"not_among"}),
        (KINDS[1].layout.replace('"agency_name"', '"item"'), {"whose"}),
        (KINDS[3].layout.replace('"answer"', '"number"').replace('"evidence"', '"item"'), {"nothing_to_read"}),
    ],
)
def test_a_wrong_layout_is_refused_with_all_its_problems_at_once(text, codes, frameworks, t):
    layout, problems = read_layout(text, "x", frameworks)
    assert layout is None
    assert {one.code for one in problems} == codes
    for one in problems:
        assert t(f"layouts.{one.code}", about=one.about, value=one.value, known=one.known)


@pytest.mark.parametrize("name", layout_names())
def test_the_layouts_that_come_with_the_product_are_sound(name, frameworks):
    text = (LAYOUT_FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert read_layout(text, name, frameworks)[1] == ()


def test_import_records_each_agency_by_the_layout_and_knows_the_file_when_it_comes_again(run, tmp_path):
    database, file, layout = tmp_path / "pmqa.duckdb", tmp_path / "เดิม.xlsx", tmp_path / "comments.toml"
    kind = BY_NAME["evidence_in_comments"]
    file.write_bytes(kind.make({}))
    layout.write_text(kind.layout, encoding="utf-8")
    with Store(database) as store:
        store.register.save_agencies(pd.DataFrame(KNOWN, columns=list(AGENCIES.columns)), who="test")
    words = ("import", file, "--layout", layout, "--database", database)
    code, shown, _ = run(*words, "--check", "--json")
    (one,) = json.loads(shown)
    assert (code, [agency["agency_code"] for agency in one["agencies"]]) == (0, list(CODES))
    assert {"id": "1.1.B1", "column": "answer", "value": "มี", "sheet": "คำตอบ", "cell": "B2"} in one["agencies"][0][
        "cells"
    ]
    assert run(*words)[0] == 0
    with Store(database) as store:
        rows = store.submissions.standing()
        answers = store.facts.answers()
    assert rows["file_name"].tolist() == [f"เดิม [comments] {code} 2568.xlsx" for code in CODES]
    assert answers["met"].notna().sum() == 4
    assert run(*words)[0] == 0
    with Store(database) as store:
        assert len(store.submissions.standing()) == 2


def test_import_records_nothing_of_a_file_with_a_wrong_cell_and_names_it(run, tmp_path):
    database, layout = tmp_path / "pmqa.duckdb", tmp_path / "words.toml"
    kind = BY_NAME["answers_in_words"]
    layout.write_text(kind.layout, encoding="utf-8")
    (tmp_path / "ผิด.xlsx").write_bytes(kind.make({"ข้อมูล!D5": "ไม่แน่ใจ"}))
    with Store(database) as store:
        store.register.save_agencies(pd.DataFrame(KNOWN, columns=list(AGENCIES.columns)), who="test")
    code, _, said = run("import", tmp_path / "ผิด.xlsx", "--layout", layout, "--database", database)
    assert code == 1
    assert "[ข้อมูล!D5] “ไม่แน่ใจ”" in said
    with Store(database) as store:
        assert store.submissions.standing().empty
    assert run("import", tmp_path / "ผิด.xlsx", "--layout", "ไม่มี", "--database", database)[0] == 2


# --- scores as announced -------------------------------------------------------------------------------------------


@pytest.fixture
def announced(run, tmp_path):
    """A database into which three years of announced categories were imported, and nothing else."""
    database, layout, file = tmp_path / "pmqa.duckdb", tmp_path / "years.toml", tmp_path / "ประกาศ.xlsx"
    kind = BY_NAME["categories_over_years"]
    layout.write_text(kind.layout, encoding="utf-8")
    file.write_bytes(kind.make({}))
    with Store(database) as store:
        store.register.save_agencies(pd.DataFrame(KNOWN, columns=list(AGENCIES.columns)), who="test")
    assert run("import", file, "--layout", layout, "--database", database)[0] == 0
    return database, layout, file


def test_announced_scores_are_kept_with_layout_and_cell_beside_no_submission(announced, run):
    database, layout, file = announced
    with Store(database) as store:
        rows = store.announced.counting()
        assert store.submissions.standing().empty
        assert store.facts.scored(None).empty
    assert len(rows) == 8
    row = rows.set_index(["agency_code", "fiscal_year", "scope"]).loc[("D001", 2567, "2")]
    assert (row["points"], row["kind"], row["sheet"], row["cell"]) == (300.0, "category", "ผลย้อนหลัง", "E3")
    assert (row["layout"], row["file_name"]) == ("years", "ประกาศ.xlsx")
    _, _, said = run("import", file, "--layout", layout, "--database", database, "--lang", "en")
    assert "0 announced scores newly recorded" in said


def test_a_database_of_announced_scores_alone_is_exported_and_taken_over(announced, run, tmp_path):
    database, *_ = announced
    new, zips = tmp_path / "new.duckdb", [tmp_path / "a.zip", tmp_path / "b.zip"]
    assert run("export", "--what", "data", "--out", zips[0], "--database", database)[0] == 0
    assert run("import", zips[0], "--database", new)[0] == 0
    assert run("export", "--what", "data", "--out", zips[1], "--database", new)[0] == 0
    first, second = (tables_of(path)["announced"] for path in zips)
    pd.testing.assert_frame_equal(first, second)
    assert len(first) == 8
    of_year = ("export", "--what", "data", "--year", 2566, "--tables", "announced", "--out", tmp_path / "c.csv")
    assert run(*of_year, "--database", new)[0] == 0
    assert pd.read_csv(tmp_path / "c.csv")["fiscal_year"].tolist() == [2566] * 4
    assert run("export", "--what", "data", "--year", 2565, "--out", zips[1], "--database", new)[0] == 2


def test_a_corrected_announcement_counts_and_the_earlier_one_stays(announced, run):
    database, layout, file = announced
    file.write_bytes(BY_NAME["categories_over_years"].make({"ผลย้อนหลัง!E3": 305}))
    _, _, said = run("import", file, "--layout", layout, "--database", database, "--lang", "en")
    assert "1 announced score newly recorded" in said
    with Store(database) as store:
        rows = store.announced.counting().set_index(["agency_code", "fiscal_year", "scope"])
        trail = store.audit.trail()
        nobody = store.announced.counting(Viewer("x", "agency", frozenset({"D002"})))
        with pytest.raises(AccessDenied):
            store.announced.announce(store.announced.counting(), b"", who="x", viewer=Viewer("x", "agency"))
    assert rows.loc[("D001", 2567, "2"), "points"] == 305
    assert (trail["action"] == "announced").sum() == 2
    assert set(nobody["agency_code"]) == {"D002"}


def test_the_announced_basis_is_offered_nowhere_where_answers_are_scored():
    assert ANNOUNCED.id not in SOURCES
    assert not {basis.id for basis in ANNOUNCED.bases} & set(bases())
