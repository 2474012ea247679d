"""`python -m pmqa export`: data as tables, comparisons with charts, reports."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation

from pmqa.exports.tables import HEADING_ROWS
from pmqa.store import Store
from pmqa.text import languages
from pmqa.viewer import Viewer

pytestmark = pytest.mark.slow  # whole decks and reports are made

# --- data -------------------------------------------------------------------------------------------------------------


def test_export_writes_every_table_as_csv_that_excel_reads_in_thai(run, sample_database, tmp_path):
    code, _, _ = run("export", "--database", sample_database, "--out", tmp_path / "ผล")
    assert code == 0
    tables = {path.stem: path for path in (tmp_path / "ผล").iterdir()}
    of_submissions = {"submissions", "answers", "measures", "scores", "actions", "progress"}
    of_the_rest = {"agencies", "expectations", "successions", "announced", "layouts", "rounds", "reported"}
    assert set(tables) == of_submissions | of_the_rest
    assert all(path.read_bytes().startswith("\ufeff".encode()) for path in tables.values())
    answers = pd.read_csv(tables["answers"])
    assert set(answers["agency_code"]) == {"DEMO-001", "DEMO-002"}
    assert len(answers) == 192 * 3


def test_export_writes_one_table_as_one_file_and_xlsx_with_a_sheet_each(run, sample_database, tmp_path):
    assert run("export", "--database", sample_database, "--tables", "scores", "--out", tmp_path / "a.csv")[0] == 0
    assert "score_max" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert run("export", "--database", sample_database, "--out", tmp_path / "a.xlsx")[0] == 0
    with pd.ExcelFile(tmp_path / "a.xlsx", engine="openpyxl") as book:
        assert len(book.sheet_names) == 14  # the dictionary is the last
        assert book.sheet_names[-1] == "พจนานุกรมข้อมูล"


def test_a_workbook_of_chosen_agencies_says_where_every_score_comes_from(run, sample_database, tmp_path):
    words = ["--database", sample_database, "--year", "2569", "--agencies", "DEMO-001", "--format", "xlsx"]
    assert run("export", *words, "--out", tmp_path / "a.xlsx")[0] == 0
    sheet = pd.read_excel(tmp_path / "a.xlsx", sheet_name="ที่มาของคะแนน", header=HEADING_ROWS, engine="openpyxl")
    scores = pd.read_excel(tmp_path / "a.xlsx", sheet_name="คะแนน", header=HEADING_ROWS, engine="openpyxl")
    assert {"overall", "3.2", "customer", "3.2.B1"} <= set(sheet["รหัส"].astype("str"))
    claimed = scores[(scores["basis"] == "claimed") & (scores["kind"] == "overall")]["score"].iloc[0]
    assert sheet["คะแนน"].iloc[0] == pytest.approx(claimed)
    assert sheet["เซลล์ในไฟล์"].notna().any()
    assert sheet["เซลล์ของเป้าหมาย"].str.fullmatch(r"หมวด 7![A-Z]+\d+").any()


def test_export_keeps_to_the_choice(run, sample_database, tmp_path):
    words = ["--database", sample_database, "--tables", "submissions", "--out", tmp_path / "a.csv"]
    assert run("export", *words, "--agencies", "DEMO-002", "--source", "assessor", "--year", "2569")[0] == 0
    chosen = pd.read_csv(tmp_path / "a.csv")
    assert chosen[["agency_code", "source"]].to_numpy().tolist() == [["DEMO-002", "assessor"]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--year", "2560"], ["2560", "ปีที่มี: 2569"]),
        (["--ministry", "กระทรวงที่ไม่มี"], ["กระทรวงที่ไม่มี", "กระทรวงที่มี: กระทรวงตัวอย่าง"]),
        # One that is known beside it does not make the other one pass.
        (["--agencies", "DEMO-001,DEMO-404"], ["DEMO-404 ", "รหัสที่มี: DEMO-001, DEMO-002"]),
        (["--agencies", "DEMO-001", "--source", "assessor"], ["DEMO-001 ", "รหัสที่มี: DEMO-002"]),
    ],
)
@pytest.mark.parametrize("what", [["--tables", "scores", "--what", "data"], ["--what", "comparison"]])
def test_what_is_not_there_is_named_with_what_there_is(run, sample_database, tmp_path, words, said, what):
    out = tmp_path / "a.csv"
    code, _, complaint = run("export", "--database", sample_database, "--out", out, *what, *words)
    assert code == 2
    assert all(word in complaint for word in said), complaint
    assert not out.exists()


# --- comparisons and reports ------------------------------------------------------------------------------------------

PACKED = {"xlsx": "xl/charts/chart1.xml", "pptx": "ppt/charts/", "zip": "metadata.json"}
DRAWN = {"png": b"\x89PNG", "svg": b"<svg", "pdf": b"%PDF"}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("form", PACKED)
def test_a_comparison_has_charts_to_be_edited(run, sample_database, tmp_path, form, language):
    out = tmp_path / f"เปรียบเทียบ.{form}"
    chosen = ["--year", "2569", "--agencies", "DEMO-002,DEMO-001"]
    code, shown, _ = run("export", "--database", sample_database, *chosen, "--out", out, "--lang", language)
    assert code == 0
    assert str(out) in shown
    with zipfile.ZipFile(out) as archive:
        assert any(name.startswith(PACKED[form]) for name in archive.namelist())


@pytest.mark.parametrize("most", [4, 2])
def test_every_agency_of_a_deck_has_a_radar_dots_and_a_gap_chart(run, sample_database, tmp_path, monkeypatch, most):
    monkeypatch.setattr("pmqa.charts.MOST_SERIES", most)  # with 2, two agencies are too many for one radar
    out = tmp_path / "a.pptx"
    chosen = ["--agencies", "DEMO-001,DEMO-002", "--out", out]
    assert run("export", "--database", sample_database, *chosen)[0] == 0
    with Store(sample_database) as store:
        names = store.submissions.current(None, source="self")["agency_name"].tolist()
    kinds: list[str] = []
    gaps_of: list[str] = []
    for slide in Presentation(str(out)).slides:
        words = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        found = [str(shape.chart.chart_type).partition(" ")[0] for shape in slide.shapes if shape.has_chart]
        kinds += found
        if "BAR_STACKED" in found:
            gaps_of += [name for name in names if f": {name}" in words]  # the last slide has all in one
    assert sorted(gaps_of) == sorted(names)
    assert {"RADAR_MARKERS", "XY_SCATTER"} <= set(kinds)
    assert kinds.count("RADAR_MARKERS") == 2  # of dimensions and categories together, or of each agency


def test_a_comparison_as_csv_names_every_scope(run, sample_database, tmp_path, framework):
    words = ["--database", sample_database, "--agencies", "DEMO-001", "--out", tmp_path / "a.csv", "--lang", "en"]
    assert run("export", *words)[0] == 0
    scores = pd.read_csv(tmp_path / "a.csv")
    assert set(scores["agency_code"]) == {"DEMO-001"}
    assert len(scores) == 1 + 7 + 8 + 30
    assert set(scores.loc[scores["kind"] == "dimension", "scope_name"]) == {d.name["en"] for d in framework.dimensions}


def test_a_comparison_as_workbook_has_the_data_behind_it(run, sample_database, tmp_path):
    words = ["--database", sample_database, "--agencies", "DEMO-001", "--out", tmp_path / "a.xlsx"]
    assert run("export", *words)[0] == 0
    with pd.ExcelFile(tmp_path / "a.xlsx", engine="openpyxl") as book:
        assert {"คำตอบ", "ตัววัด", "คะแนน"} <= set(book.sheet_names)
        assert any(name.startswith("ส่วนใดเป็นทางการ") for name in book.sheet_names)


def test_a_bundle_says_what_it_holds(run, sample_database, tmp_path):
    words = ["--database", sample_database, "--agencies", "DEMO-001", "--out", tmp_path / "a.zip"]
    assert run("export", *words)[0] == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        about = json.loads(archive.read("metadata.json"))
        assert about["fiscal_year"] == "2569"
        assert {"README.txt", *(entry["name"] for entry in about["files"])} <= set(archive.namelist())


@pytest.mark.parametrize(("form", "chart"), [("png", "radar"), ("svg", "dots"), ("pdf", "heatmap")])
def test_a_comparison_is_drawn_as_a_picture(run, sample_database, tmp_path, form, chart):
    out = tmp_path / f"a.{form}"
    words = ["--database", sample_database, "--agencies", "DEMO-001,DEMO-002", "--out", out, "--chart", chart]
    assert run("export", *words)[0] == 0
    assert out.read_bytes()[:200].lstrip().startswith(DRAWN[form])


# --- cards ------------------------------------------------------------------------------------------------------------

CARD = "gaps.blocking?agency=DEMO-001&year=2569"


@pytest.mark.parametrize("form", ["pptx", "xlsx", "csv", "zip", "svg"])
def test_a_card_is_a_file_by_its_address(run, sample_database, tmp_path, form):
    out = tmp_path / f"a.{form}"
    assert run("export", "--database", sample_database, "--card", CARD, "--out", out)[0] == 0
    starts = {"csv": "\ufeff".encode(), "svg": b"<svg"}
    assert out.read_bytes().startswith(starts.get(form, b"PK"))
    if form == "zip":
        with zipfile.ZipFile(out) as archive:
            assert json.loads(archive.read("metadata.json"))["cards"] == [CARD]


def test_several_cards_are_one_deck(run, sample_database, tmp_path):
    cards = ["--card", "agency.profile?agency=DEMO-001", "--card", "overview.levels", "--card", "overview.totals"]
    assert run("export", "--database", sample_database, *cards, "--out", tmp_path / "a.pptx")[0] == 0
    shapes = [shape for slide in Presentation(str(tmp_path / "a.pptx")).slides for shape in slide.shapes]
    assert sum(shape.has_chart for shape in shapes) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--card", "gaps.blocks", "--out", "a.pptx"], "gaps.blocking"),
        (["--card", "gaps.blocking", "--out", "a.pptx"], "agency"),
        (["--card", "gaps.blocking?agency=DEMO-404", "--out", "a.pptx"], "DEMO-001, DEMO-002"),
        (["--card", "overview.totals", "--out", "a.pptx"], "xlsx"),
        (["--card", CARD, "--card", "overview.totals", "--out", "a.csv"], "zip"),
        (["--card", CARD, "--year", "2569", "--out", "a.csv"], "--year"),
        (["--card", CARD, "--what", "report", "--out", "a.pptx"], "--card"),
    ],
)
def test_a_card_that_cannot_be_is_wrong_usage(run, sample_database, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    code, _, complaint = run("export", "--database", sample_database, *words)
    assert code == 2
    assert said in complaint
    assert not list(tmp_path.iterdir())


# --- storyboards ------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_storyboards(sample_database, tmp_path):
    """One person's storyboard with a card that is there and one that is gone; two people's of one name."""
    database = Path(shutil.copy(sample_database, tmp_path / "kept.duckdb"))
    with Store(database) as store:
        for owner, name in (("a@x.example", "ประชุม"), ("a@x.example", "สรุป"), ("b@x.example", "สรุป")):
            viewer = Viewer(owner, "analyst")
            board = store.storyboards.make_storyboard(name, viewer=viewer)
            for card in (CARD, "agency.profile?agency=DEMO-404"):
                store.storyboards.add_slide(board, card, finding="", digest="", version="0", viewer=viewer)
    return database


def test_a_storyboard_is_exported_by_its_name_and_says_what_is_not_in_it(run, with_storyboards, tmp_path):
    words = ["export", "--database", with_storyboards, "--storyboard", "ประชุม", "--lang", "en"]
    code, said, _ = run(*words, "--out", tmp_path / "a.pptx")
    assert code == 0
    assert "Slide 2 is not in the file" in said
    titles = [slide.shapes.title.text_frame.text for slide in Presentation(str(tmp_path / "a.pptx")).slides]
    assert titles[:2] == ["ประชุม", "Agenda"]
    assert len(titles) > 3
    assert run(*words, "--out", tmp_path / "a.xlsx")[0] == 0
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--storyboard", "อื่น", "--out", "a.pptx"], "ประชุม, สรุป"),
        (["--storyboard", "สรุป", "--out", "a.pptx"], "a@x.example, b@x.example"),
        (["--storyboard", "สรุป", "--owner", "c@x.example", "--out", "a.pptx"], "b@x.example"),
        (["--storyboard", "ประชุม", "--out", "a.csv"], "pptx, pdf, xlsx"),
        (["--storyboard", "ประชุม", "--year", "2569", "--out", "a.pptx"], "--year"),
        (["--storyboard", "ประชุม", "--card", CARD, "--out", "a.pptx"], "--storyboard"),
        (["--owner", "a@x.example", "--out", "a.xlsx"], "--owner"),
    ],
)
def test_a_storyboard_that_cannot_be_is_wrong_usage(run, with_storyboards, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    code, _, complaint = run("export", "--database", with_storyboards, *words)
    assert code == 2
    assert said in complaint


# --- reports ----------------------------------------------------------------------------------------------------------


def test_reports_are_one_file_for_an_agency_and_a_folder_for_several(run, sample_database, tmp_path):
    words = ["export", "--database", sample_database, "--what", "report", "--format", "pptx"]
    assert run(*words, "--agencies", "DEMO-001", "--out", tmp_path / "หนึ่ง.pptx")[0] == 0
    assert (tmp_path / "หนึ่ง.pptx").is_file()
    assert run(*words, "--out", tmp_path / "ทุกหน่วยงาน")[0] == 0
    names = sorted(path.name for path in (tmp_path / "ทุกหน่วยงาน").iterdir())
    assert len(names) == 2
    assert all("DEMO-00" in name and name.endswith(".pptx") for name in names)


def test_an_agency_has_one_page_and_all_of_them_a_zip(run, sample_database, tmp_path):
    words = ["export", "--database", sample_database, "--what", "profile"]
    assert run(*words, "--agencies", "DEMO-001", "--out", tmp_path / "a.pdf")[0] == 0
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    assert run(*words, "--out", tmp_path / "a.zip")[0] == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert len([name for name in archive.namelist() if name.endswith(".pdf")]) == 2


def test_a_ministry_has_a_briefing_and_without_one_is_told(run, sample_database, tmp_path):
    words = ["export", "--database", sample_database, "--what", "briefing", "--out", tmp_path / "a.pdf"]
    code, _, complaint = run(*words)
    assert code != 0
    assert "--ministry" in complaint
    assert run(*words, "--ministry", "กระทรวงตัวอย่างบริการประชาชน")[0] == 0
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")


def test_a_ministry_has_a_report_of_its_own(run, sample_database, tmp_path):
    words = ["--database", sample_database, "--what", "report", "--ministry", "กระทรวงตัวอย่างบริการประชาชน"]
    assert run("export", *words, "--out", tmp_path / "a.pptx")[0] == 0
    assert (tmp_path / "a.pptx").read_bytes().startswith(b"PK")
    assert run("export", *words, "--out", tmp_path / "a.zip")[0] == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        (report,) = (name for name in archive.namelist() if name.endswith(".pptx"))
        assert len(Presentation(io.BytesIO(archive.read(report))).slides) > 1


def test_reports_of_all_fit_in_one_zip(run, sample_database, tmp_path):
    words = ["--database", sample_database, "--what", "report", "--out", tmp_path / "a.zip"]
    assert run("export", *words)[0] == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        reports = [name for name in archive.namelist() if name.endswith(".pptx")]
        assert len(reports) == 2
        assert zipfile.is_zipfile(io.BytesIO(archive.read(reports[0])))


@pytest.mark.parametrize(
    "words",
    [
        ["--out", "a.doc"],
        ["--out", "a.csv"],  # four tables do not fit in one file
        ["--out", "a.csv", "--tables", "scores,marks"],
        ["--out", "a", "--database", "none.duckdb"],
        ["--what", "report", "--out", "a.xlsx"],
        ["--what", "data", "--out", "a.pptx"],
        ["--out", "a.pptx", "--agencies", "DEMO-009"],
        ["--out", "a.pptx", "--ministry", "กระทรวงอื่น"],
        ["--out", "a.pptx", "--year", "2560"],
        ["--out", "a.pptx", "--chart", "pie"],
        ["--out", "a.pptx", "--basis", "best"],
        ["--what", "report", "--out", "a.zip", "--agencies", ""],
        ["--out", "a.pptx", "--ministry", " "],
        ["--out", "a.csv", "--tables", ","],
    ],
)
def test_what_cannot_be_exported_is_wrong_usage(run, sample_database, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    code, _, complaint = run("export", "--database", sample_database, *words)
    assert code == 2
    assert "ข้อผิดพลาด" in complaint
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--out", "a.pptx", "--history"], "--history"),
        (["--out", "a.pptx", "--tables", "scores"], "--tables"),
        (["--what", "comparison", "--out", "a.csv", "--tables", "scores"], "--tables"),
        (["--what", "data", "--out", "a.xlsx", "--basis", "verified"], "--basis"),
        (["--out", "a.xlsx", "--chart", "dots"], "--chart"),  # the whole database as tables
        (["--out", "a.pptx", "--chart", "dots"], "--chart"),  # a deck has every chart
        (["--what", "report", "--out", "a.pdf", "--chart", "dots"], "--chart"),
        (["--out", "a.pptx", "--source", "assessor", "--basis", "claimed"], "--source assessor"),
        (["--out", "a.pptx", "--source", "self", "--basis", "verified"], "--source self"),
        (["--out", "a.pptx", "--source", "all"], "--source all"),
    ],
)
def test_an_option_that_would_not_be_heeded_is_named(run, sample_database, tmp_path, monkeypatch, words, named):
    monkeypatch.chdir(tmp_path)
    code, _, complaint = run("export", "--database", sample_database, *words)
    assert code == 2
    assert f"{named} ใช้ร่วมกับ" in complaint
    assert not list(tmp_path.iterdir())


def test_earlier_submissions_of_chosen_agencies_are_data(run, sample_database, tmp_path):
    words = ["--database", sample_database, "--agencies", "DEMO-001", "--history", "--out", tmp_path / "a.xlsx"]
    assert run("export", *words)[0] == 0
    with pd.ExcelFile(tmp_path / "a.xlsx", engine="openpyxl") as book:
        assert len(book.sheet_names) == 14  # the dictionary is the last
        assert book.sheet_names[-1] == "พจนานุกรมข้อมูล"


def test_the_assessors_view_is_a_basis_of_its_own(run, sample_database, tmp_path):
    out: Path = tmp_path / "a.csv"
    words = ["--database", sample_database, "--what", "comparison", "--basis", "verified", "--out", out]
    assert run("export", *words)[0] == 0
    scores = pd.read_csv(out)
    assert set(scores["basis"]) == {"verified"}
    assert set(scores["agency_code"]) == {"DEMO-002"}
    asked = out.read_bytes()
    assert run("export", *words, "--source", "assessor")[0] == 0
    by_source = [word for word in words if word not in ("--basis", "verified")]
    assert run("export", *by_source, "--source", "assessor")[0] == 0
    assert out.read_bytes() == asked
