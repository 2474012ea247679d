"""Files of another layout, and parts of a form, on the page Submit: read after some clicks, kept with their origin."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from factories import make_submission
from test_submit_page import choose, press, said_on, upload

from pmqa.errors import AccessDenied, NameTaken, StoreError
from pmqa.intake.foreign import keep_layout, layout_texts
from pmqa.scoring import score
from pmqa.store import Store
from pmqa.submission import answer_frame, measure_frame, source_frame
from pmqa.tables import AGENCIES
from pmqa.viewer import LOCAL_ANALYST, Viewer
from pmqa.views import data
from pmqa.views.words import plain
from pmqa.workbook import write_form
from pmqa.workbook.foreign.guessing import asked_about, guess, layout_of, meaning_of, sheet_names
from pmqa.workbook.foreign.layouts import as_text, read_layout
from pmqa.workbook.foreign.reading import Agency, cells_of, read_foreign
from tests.forms import edited, put, saved
from tests.pages import clear_caches, opened
from tests.postgres import ON_BOTH
from tests.workbooks.foreign import KINDS, KNOWN, book_of

BY_NAME = {one.name: one for one in KINDS}
AGENCIES_KNOWN = [Agency(*row) for row in KNOWN]
OLD_CODES = {"LD 1(1)": "1.1.B1", "LD ๑๑": "1.1.B2", "มีการทบทวนวิสัยทัศน์": "1.1.A1"}
MOST_CLICKS = 12
CLICKS, A_DROP_DOWN = (
    4,
    2,
)  # the way, the file, keeping the layout, saving what it reads; and for each that is corrected


@pytest.fixture
def page(tmp_path, monkeypatch):
    clear_caches()
    yield opened("submit", tmp_path / "pmqa.duckdb", monkeypatch, lang="en")
    data.store().close()
    clear_caches()


@pytest.fixture
def store(page):
    return data.store()


# --- what a file seems to be ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_guess_reads_every_kind_of_file_as_the_layout_that_somebody_wrote_for_it(kind, frameworks):
    framework = frameworks["pmqa4"]
    written, _ = read_layout(kind.layout, kind.name, frameworks)
    content = cells_of(kind.make({}))
    year = written.fiscal_year
    guessed = guess(content, sheet_names(content)[0], framework, AGENCIES_KNOWN)
    words, codes = asked_about(content, guessed, framework, AGENCIES_KNOWN, year)
    settings = guessed | {
        "source": written.source,
        "words": {said: [word for word, means in words.items() if means == said] for said in set(words.values())},
        "codes": {code: OLD_CODES[code] for code in codes},
    }
    mine = layout_of(settings, kind.name, framework)
    assert mine is not None
    unknown = [word for asked in (words, codes) for word, means in asked.items() if means is None]
    assert CLICKS + A_DROP_DOWN * len(unknown) <= MOST_CLICKS
    readings = [
        read_foreign(content, layout, framework, file_name="a.xlsx", known=AGENCIES_KNOWN, fiscal_year=year)
        for layout in (mine, written)
    ]
    assert readings[0] == readings[1]
    assert readings[0].is_sound


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("ครบถ้วน", "yes"),
        ("ผ่านเกณฑ์", "yes"),
        ("Fully met", "yes"),
        ("ไม่ครบ", "no"),
        ("ยังไม่มี", "no"),
        ("Not yet done", "no"),
        ("ไม่มีข้อมูล", "unanswered"),
        ("–", "unanswered"),
        ("พรุ่งนี้", None),
    ],
)
def test_words_of_answers_are_guessed_by_their_parts_and_doubt_comes_first(word, means):
    assert meaning_of(word) == means


def test_headings_are_guessed_by_near_matches_in_thai_and_english(frameworks):
    book = book_of("Data")
    for row in (
        ["Agencey name", "Fiscal  Year", "Criterion code", "Answers", "หลักฐาน\u200bอ้างอิง"],
        ["?", "?", "9.9", "มี", "x"],
    ):
        book["Data"].append(row)
    found = guess(cells_of(saved(book)), "Data", frameworks["pmqa4"], ())
    means = {one["column"]: one["means"] for one in found["columns"]}
    assert means == {"A": "agency_name", "B": "fiscal_year", "C": "criterion", "D": "answer", "E": "evidence"}


def test_settings_come_back_from_their_text_whatever_stands_in_them(frameworks):
    odd = 'ก"\\\n\x7f[x] = #'
    settings = {
        "name": {"th": odd, "en": odd},
        "edition": "pmqa4",
        "agency": "row",
        "first_row": 2,
        "skip": [odd],
        "fiscal_year": None,
        "where": {},
        "columns": [{"column": "A", "means": "agency_code"}, {"column": "B", "means": "answer", "criterion": "1.1.B1"}],
        "words": {"yes": [odd]},
        "codes": {odd: "1.1.B1"},
    }
    layout, problems = read_layout(as_text(settings), "x", frameworks)
    assert problems == ()
    assert (layout.title["th"], layout.skip, layout.fiscal_year) == (odd, (odd,), None)
    assert set(layout.codes.values()) == {"1.1.B1"}


# --- kept by name --------------------------------------------------------------------------------------------------


@ON_BOTH
def test_a_layout_is_kept_by_name_and_never_changed(place):
    with Store(place) as store:
        keep_layout(store, " ติดตาม 3 ระดับ ", KINDS[0].layout, who="x")
        keep_layout(store, "ติดตาม 3 ระดับ", KINDS[0].layout, who="x")
        assert store.layouts.all()["name"].tolist() == ["ติดตาม 3 ระดับ"]
        assert list(layout_texts(store))[-1] == "ติดตาม 3 ระดับ"
        for taken in ("ติดตาม 3 ระดับ", "levels_by_sheet"):
            with pytest.raises(NameTaken):
                keep_layout(store, taken, KINDS[1].layout, who="x")
        for name in ("../x", "", "a[b]", "ก" * 61):
            with pytest.raises(StoreError):
                keep_layout(store, name, KINDS[1].layout, who="x")
        store.layouts.drop_layout("ติดตาม 3 ระดับ", who="y")
        with pytest.raises(StoreError):
            store.layouts.drop_layout("ติดตาม 3 ระดับ", who="y")
        trail = store.audit.trail()
    assert trail["action"].tolist()[-2:] in (["layout_kept", "layout_dropped"], ["layout_dropped", "layout_kept"])


def test_who_sends_nothing_sees_no_layouts_and_analysts_alone_keep_them(tmp_path):
    with Store(tmp_path / "a.duckdb") as store:
        with pytest.raises(AccessDenied):
            store.layouts.all(Viewer("x", "viewer"))
        assert store.layouts.all(Viewer("x", "agency", frozenset({"D001"}))).empty
        for role in ("viewer", "agency", "assessor"):
            with pytest.raises(AccessDenied):
                keep_layout(store, "ก", KINDS[0].layout, who="x", viewer=Viewer("x", role))
        keep_layout(store, "ก", KINDS[0].layout, who="x", viewer=LOCAL_ANALYST)


def test_import_finds_kept_layouts_by_name(run, tmp_path):
    database, file = tmp_path / "pmqa.duckdb", tmp_path / "คะแนน.xlsx"
    with Store(database) as store:
        store.register.save_agencies(pd.DataFrame(KNOWN, columns=list(AGENCIES.columns)), who="test")
        keep_layout(store, "คะแนนรายหัวข้อ", KINDS[1].layout, who="x")
    file.write_bytes(KINDS[1].make({}))
    assert run("import", file, "--layout", "คะแนนรายหัวข้อ", "--database", database)[0] == 0
    with Store(database) as store:
        assert set(store.announced.counting()["layout"]) == {"คะแนนรายหัวข้อ"}
    code, _, said = run("import", file, "--layout", "อื่น", "--database", database)
    assert (code, "คะแนนรายหัวข้อ" in said) == (2, True)


# --- by clicks -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_layout_is_made_in_at_most_twelve_clicks_and_what_it_reads_is_saved_and_names_its_cells(page, store):
    store.register.save_agencies(pd.DataFrame(KNOWN, columns=list(AGENCIES.columns)), who="test")
    clicks = CLICKS + A_DROP_DOWN * len(OLD_CODES)
    choose(page, "way", "other")
    upload(page, ("older 2568.xlsx", BY_NAME["older_numbering"].make({})))
    assert "“LD 1(1)” in" not in said_on(page)
    assert page.button(key="save-layout").disabled is False
    drop_downs = {one.label: one.key for one in page.selectbox}
    for old, criterion in OLD_CODES.items():
        choose(page, drop_downs[f"“{plain(old)}”"], criterion)
    assert "cannot be read" not in said_on(page)
    press(page, "save-layout")
    assert "1 files were read by the layout older: 1 forms, and 0 files to mend" in said_on(page)
    press(page, "save")
    (row,) = store.submissions.standing().to_dict("records")
    assert row["file_name"] == "older 2568 [older] D001 2568.xlsx"
    origins = data.origins(data.version(), LOCAL_ANALYST, row["submission"])
    assert "older 2568.xlsx, แบบประเมิน!C4" in origins.values()
    assert clicks <= MOST_CLICKS


@pytest.mark.slow
def test_forty_files_are_read_by_a_kept_layout_in_one_go_and_every_wrong_cell_is_named(page, store):
    store.register.save_agencies(pd.DataFrame(KNOWN, columns=list(AGENCIES.columns)), who="test")
    keep_layout(store, "คะแนน", BY_NAME["points_of_items"].layout, who="x")
    spoilt = {7: {"คะแนน!C3": "สูง"}, 31: {"คะแนน!C3": "สูง", "คะแนน!B3": 501}}
    files = [(f"{n}.xlsx", BY_NAME["points_of_items"].make({"คะแนน!B2": n, **spoilt.get(n, {})})) for n in range(40)]
    choose(page, "way", "other")
    choose(page, "layout", "คะแนน")
    upload(page, *files)
    assert "40 files were read by the layout คะแนน: 0 forms, and 2 files to mend in 3 places" in said_on(page)
    for place in ("7.xlsx,คะแนน,C3", "31.xlsx,คะแนน,C3", "31.xlsx,คะแนน,B3"):
        assert place in said_on(page)
    press(page, "announce")
    scores = store.announced.counting().set_index(["agency_code", "fiscal_year", "scope"])["points"]
    assert scores["D001", 2568, "1.1"] == 39
    press(page, "drop-layout")
    assert store.layouts.all().empty


@pytest.mark.slow
def test_parts_become_one_form_by_clicks_that_scores_as_the_whole_and_names_its_cells(page, store, framework):
    whole = make_submission("D001", evidence={one.id: f"เอกสาร {one.id}" for one in framework.criteria})
    half = len(framework.criteria) // 2
    first = framework.criteria[0]
    parts = {}
    for name, own in (("ก", framework.criteria[:half]), ("ข", framework.criteria[half:])):
        ids = {one.id for one in own}
        blank = {one.criterion: dataclasses.replace(one, met=None, evidence=None) for one in whole.answers}
        answers = tuple(one if one.criterion in ids else blank[one.criterion] for one in whole.answers)
        parts[f"{name}.xlsx"] = write_form(framework, prefill=dataclasses.replace(whole, answers=answers))
    sheet = f"หมวด {framework.item[first.item].category}"
    parts["ข.xlsx"] = edited(lambda book: put(book, sheet, first.id, "answer", "ไม่มี"), parts["ข.xlsx"])
    upload(page, *parts.items())
    (switch,) = [one for one in page.toggle if one.key.startswith("combine-")]
    switch.set_value(True).run()
    (asked,) = [one.key for one in page.get("button_group") if one.key.startswith("conflict-")]
    assert asked.endswith(first.id)
    assert f"({sheet}!E4)" in said_on(page)
    choose(page, asked, "1")
    press(page, next(one.key for one in page.button if one.key.startswith("use-")))
    press(page, "save")
    assert (store.received.all()["outcome"] == "set_aside").sum() == len(parts)
    (row,) = store.submissions.standing().to_dict("records")
    sent = {row["submission"]: whole}
    expected = score(source_frame(sent), answer_frame(sent), measure_frame(sent), framework)
    assert _scores(store.facts.scores(list(sent))) == _scores(expected)
    origins = data.origins(data.version(), LOCAL_ANALYST, row["submission"])
    answers = store.facts.answers([row["submission"]])
    assert {origins[f"{one.sheet}!{one.cell}"].partition(",")[0] for one in answers.itertuples()} == set(parts)


def _scores(rows):
    found = rows[rows["score"].notna()].astype(dict.fromkeys(("basis", "kind", "scope"), "str"))
    return found.set_index(["basis", "kind", "scope"])["score"].to_dict()
