"""Files of another layout, and parts of a form, on the page Submit: read after some clicks, kept with their origin."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from factories import make_submission
from test_submit_page import cells, choose, press, said_on, upload

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
from pmqa.workbook.foreign.reading import Agency, cells_of, read_cells
from tests.forms import edited, put, saved
from tests.pages import clear_caches, opened, saved
from tests.workbooks.foreign import KINDS, KNOWN, book_of

AGENCIES_KNOWN = [Agency(*row) for row in KNOWN]
OLD_CODES = {"LD 1(1)": "1.1.B1", "LD ๑๑": "1.1.B2", "มีการทบทวนวิสัยทัศน์": "1.1.A1"}
MOST_CLICKS = 12


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
    readings = [
        read_cells(content, layout, framework, file_name="a.xlsx", known=AGENCIES_KNOWN, fiscal_year=year)
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


def test_a_layout_is_kept_by_name_and_never_changed(tmp_path):
    with Store(tmp_path / "a.duckdb") as store:
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


class Clicks:
    """Counts what a person clicks; a drop-down takes two."""

    def __init__(self, page):
        self.page, self.n = page, 0

    def select(self, key, value):
        choose(self.page, key, value)
        self.n += 2

    def segment(self, key, value):
        choose(self.page, key, value)
        self.n += 1

    def upload(self, *files):
        (uploader,) = self.page.get("file_uploader")
        uploader.set_value([(name, content, "application/octet-stream") for name, content in files])
        self.page.run()
        assert not self.page.exception
        self.n += 1

    def press(self, key):
        press(self.page, key)
        self.n += 1


@pytest.mark.slow
def test_each_kind_of_file_is_imported_by_a_layout_made_in_at_most_twelve_clicks_then_forty_more_in_one_go(page, store):
    store.register.save_agencies(pd.DataFrame(KNOWN, columns=list(AGENCIES.columns)), who="test")
    counts = {}
    for kind in KINDS:
        clicks = Clicks(page)
        if not counts:
            clicks.segment("way", "other")
        else:
            clicks.select("layout", "")
        clicks.upload((f"{kind.name} 2568.xlsx", kind.make({})))
        drop_downs = {one.label: one.key for one in page.selectbox}
        for old, criterion in OLD_CODES.items() if kind.name == "older_numbering" else ():
            clicks.select(drop_downs[f"“{plain(old)}”"], criterion)
        assert "cannot be read" not in said_on(page)
        clicks.press("save-layout")
        assert f"read by the layout {kind.name}" in said_on(page)
        clicks.press("announce" if "points" in kind.name or "years" in kind.name else "save")
        counts[kind.name] = clicks.n
    assert max(counts.values()) <= MOST_CLICKS, counts
    assert store.layouts.all()["name"].tolist() == sorted(kind.name for kind in KINDS)
    announced = store.announced.counting()
    assert {(row.layout, row.fiscal_year) for row in announced.itertuples()} == {
        ("points_of_items", 2568),
        ("categories_over_years", 2566),
        ("categories_over_years", 2567),
    }
    recorded = store.history.all()
    assert all(any(f"[{kind.name}]" in name for name in recorded["file_name"]) for kind in KINDS if "s_in" in kind.name)
    older = recorded[recorded["file_name"].str.contains("older_numbering")].iloc[0]
    origins = data.origins(data.version(), LOCAL_ANALYST, older["submission"])
    assert "older_numbering 2568.xlsx, แบบประเมิน!C4" in origins.values()

    forty = [
        (f"{n}.xlsx", KINDS[1].make({"คะแนน!B2": n, **({"คะแนน!C3": "สูง"} if n in (7, 31) else {})})) for n in range(40)
    ]
    choose(page, "layout", "points_of_items")
    choose(page, "layout_year", 2567)
    Clicks(page).upload(*forty)
    assert "40 files were read" in said_on(page)
    for name in ("7.xlsx", "31.xlsx"):
        assert f"{name},คะแนน,C3,“สูง”" in cells(page)
    press(page, "announce")
    scores = store.announced.counting().set_index(["agency_code", "fiscal_year", "scope"])["points"]
    assert scores["D001", 2567, "1.1"] == 39


@pytest.mark.slow
def test_four_parts_with_two_conflicts_become_one_form_by_clicks_that_scores_as_the_whole_and_names_its_cells(
    page, store, framework
):
    whole = make_submission("D001", evidence={one.id: f"เอกสาร {one.id}" for one in framework.criteria})
    quarter = len(framework.criteria) // 4
    parts = {}
    for number, name in enumerate("กขคง"):
        own = framework.criteria[number * quarter : None if number == 3 else (number + 1) * quarter]
        ids = {one.id for one in own}
        answers = [
            one if one.criterion in ids else dataclasses.replace(one, met=None, evidence=None) for one in whole.answers
        ]
        parts[f"{name}.xlsx"] = write_form(framework, prefill=dataclasses.replace(whole, answers=tuple(answers)))
    first, second = framework.criteria[0], framework.criteria[1]

    def otherwise(book):
        for one in (first, second):
            put(book, f"หมวด {framework.item[one.item].category}", one.id, "answer", "ไม่มี")

    parts["ข.xlsx"] = edited(otherwise, parts["ข.xlsx"])
    upload(page, *parts.items())
    (switch,) = [one for one in page.toggle if one.key.startswith("combine-")]
    switch.set_value(True).run()
    asked = [one.key for one in page.get("button_group") if one.key.startswith("conflict-")]
    assert [key.rpartition("-")[2] for key in asked] == [first.id, second.id]
    assert "หมวด 1\\!E" in cells(page)
    for key in asked:
        choose(page, key, "1")
    press(page, next(one.key for one in page.button if one.key.startswith("use-")))
    assert len(page.session_state["_upload_staged"]) == 1
    press(page, "save")
    assert (store.received.all()["outcome"] == "set_aside").sum() == 4
    (row,) = store.submissions.standing().to_dict("records")
    scores = store.facts.scores([row["submission"]]).set_index(["basis", "kind", "scope"])["score"]
    sent = {row["submission"]: whole}
    expected = score(source_frame(sent), answer_frame(sent), measure_frame(sent), framework)
    pd.testing.assert_series_equal(
        scores.sort_index().astype("float"),
        expected.set_index(["basis", "kind", "scope"])["score"].sort_index().astype("float"),
        check_index_type=False,
    )
    origins = data.origins(data.version(), LOCAL_ANALYST, row["submission"])
    answers = store.facts.answers([row["submission"]])
    assert {origins[f"{one.sheet}!{one.cell}"].partition(",")[0] for one in answers.itertuples()} == set(parts)
