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
from pmqa.ui.forms.foreign import FILES
from pmqa.ui.forms.readings import as_read
from pmqa.viewer import LOCAL_ANALYST, Viewer
from pmqa.views import data
from pmqa.views.words import plain
from pmqa.workbook import write_form
from pmqa.workbook.foreign.guessing import asked_about, guess, layout_of, meaning_of, sheet_names
from pmqa.workbook.foreign.layouts import as_text, read_layout
from pmqa.workbook.foreign.reading import Agency, cells_of, read_foreign
from tests.forms import edited, put, saved
from tests.pages import a_view, clear_caches, opened
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


# Kind of file -> what a person has to correct of the guess, by the drop-down's key or, with “, its label.
CORRECTED = {
    "older_numbering": {f"“{plain(old)}”": criterion for old, criterion in OLD_CODES.items()},
    "answers_in_words": {"source-": "assessor"},
}


@pytest.fixture(scope="module")
def making(tmp_path_factory):
    """The page Submit where a layout is made, with the agencies known: one for all kinds of files."""
    clear_caches()
    with pytest.MonkeyPatch.context() as patch:
        page = opened("submit", tmp_path_factory.mktemp("making") / "pmqa.duckdb", patch, lang="en", way="other")
        data.store().register.save_agencies(pd.DataFrame(KNOWN, columns=list(AGENCIES.columns)), who="test")
        yield page
        data.store().close()
    clear_caches()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_is_read_as_it_should_be_after_at_most_twelve_clicks_on_the_page(kind, making, frameworks):
    framework, content = frameworks["pmqa4"], kind.make({})
    written, _ = read_layout(kind.layout, kind.name, frameworks)
    expected = read_foreign(cells_of(content), written, framework, file_name="", known=AGENCIES_KNOWN)
    making.session_state[FILES] = []
    upload(making, (f"{kind.name} {written.fiscal_year or ''}.xlsx", content))
    clicks = CLICKS
    for named, value in CORRECTED.get(kind.name, {}).items():
        (box,) = [one for one in making.selectbox if one.label == named or one.key.startswith(named)]
        assert box.value != value
        choose(making, box.key, value)
        clicks += A_DROP_DOWN
    assert clicks <= MOST_CLICKS
    assert "cannot be read" not in said_on(making)
    assert not making.button(key="save-layout").disabled
    shown = as_read(a_view("en"), framework, expected)
    pd.testing.assert_frame_equal(making.table[0].value.reset_index(drop=True), shown)


@pytest.mark.slow
def test_what_is_read_by_a_layout_made_on_the_page_is_saved_and_names_its_cells(page, store):
    store.register.save_agencies(pd.DataFrame(KNOWN, columns=list(AGENCIES.columns)), who="test")
    choose(page, "way", "other")
    upload(page, ("หลักฐาน 2568.xlsx", BY_NAME["evidence_in_comments"].make({})))
    press(page, "save-layout")
    assert "1 file was read by the layout หลักฐาน: 2 forms, and 0 files to mend" in said_on(page)
    press(page, "save")
    rows = store.submissions.standing().set_index("agency_code")
    assert rows["file_name"].to_dict() == {code: f"หลักฐาน 2568 [หลักฐาน] {code} 2568.xlsx" for code, *_ in KNOWN}
    origins = data.origins(data.version(), LOCAL_ANALYST, rows.loc["D001", "submission"])
    assert "หลักฐาน 2568.xlsx, คำตอบ!B2" in origins.values()


@pytest.mark.slow
def test_a_year_above_the_rows_is_kept_by_the_layout_also_where_agencies_are_in_rows(page, store):
    def dated(book):
        book["คำตอบ"].insert_rows(1)
        book["คำตอบ"]["A1"], book["คำตอบ"]["B1"] = "ปีงบประมาณ", 2567

    content = edited(dated, BY_NAME["evidence_in_comments"].make({}))
    store.register.save_agencies(pd.DataFrame(KNOWN, columns=list(AGENCIES.columns)), who="test")
    choose(page, "way", "other")
    upload(page, ("หลักฐาน.xlsx", content))
    press(page, "save-layout")
    assert "1 file was read by the layout หลักฐาน: 2 forms, and 0 files to mend" in said_on(page)
    assert 'fiscal_year = "B1"' in layout_texts(store, LOCAL_ANALYST)["หลักฐาน"]


@pytest.mark.slow
def test_forty_files_become_forms_in_one_go_and_a_wrong_cell_stops_its_file_alone(page, store):
    codes = [f"D{n:03}" for n in range(40)]
    rows = [(code, f"กรมตัวอย่าง {code}", "กระทรวงตัวอย่าง", "กรม") for code in codes]
    store.register.save_agencies(pd.DataFrame(rows, columns=list(AGENCIES.columns)), who="test")
    keep_layout(store, "แบบเดิม", BY_NAME["older_numbering"].layout, who="x")
    sound = codes[::10]  # a form takes its time
    wrong = {code: {"แบบประเมิน!C4": "อาจจะ"} for code in codes if code not in sound}
    wrong["D007"] |= {"แบบประเมิน!A5": "LD 99", "แบบประเมิน!B1": "X999"}
    make = BY_NAME["older_numbering"].make
    files = [(f"{code}.xlsx", make({"แบบประเมิน!B1": code, **wrong.get(code, {})})) for code in codes]
    files[3] = ("D003.xlsx", b"%PDF-1.7")
    choose(page, "way", "other")
    choose(page, "layout", "แบบเดิม")
    upload(page, *files)
    assert "40 files were read by the layout แบบเดิม: 4 forms, and 36 files to mend in 38 places" in said_on(page)
    places = [f"{code}.xlsx,แบบประเมิน,C4" for code in wrong if code != "D003"]
    for place in (*places, "D003.xlsx,", "D007.xlsx,แบบประเมิน,A5", "D007.xlsx,แบบประเมิน,B1"):
        assert place in said_on(page), place
    press(page, "save")
    assert sorted(store.submissions.standing()["agency_code"]) == sound


@pytest.mark.slow
def test_announced_scores_of_many_files_are_recorded_at_one_press_and_a_layout_is_dropped(page, store):
    store.register.save_agencies(pd.DataFrame(KNOWN, columns=list(AGENCIES.columns)), who="test")
    keep_layout(store, "คะแนน", BY_NAME["points_of_items"].layout, who="x")
    spoilt = {1: {"คะแนน!C3": "สูง", "คะแนน!B3": 501}}
    files = [(f"{n}.xlsx", BY_NAME["points_of_items"].make({"คะแนน!B2": n, **spoilt.get(n, {})})) for n in range(3)]
    choose(page, "way", "other")
    choose(page, "layout", "คะแนน")
    upload(page, *files)
    assert "3 files were read by the layout คะแนน: 0 forms, and 1 file to mend in 2 places" in said_on(page)
    press(page, "announce")
    scores = store.announced.counting().set_index(["agency_code", "fiscal_year", "scope"])["points"]
    assert scores["D001", 2568, "1.1"] == 2
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
