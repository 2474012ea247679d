"""Data that can be published: tidy tables, described by datapackage.json, and read back as what they were."""

from __future__ import annotations

import io
import json
import zipfile
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from frictionless import Package

from pmqa.cli import main
from pmqa.exports import DATA, data_zip, dictionary_of
from pmqa.exports.datapackage import Publisher
from pmqa.exports.dictionary import fields_of
from pmqa.exports.tables import unguarded
from pmqa.tables import TYPES
from pmqa.text import languages, translator
from tests.reported import STAMPS
from tests.workbooks.foreign import KINDS

PUBLISHER = Publisher("สำนักงานตัวอย่าง", "data@example.org", "CC-BY-4.0")


@pytest.fixture(scope="module")
def exported(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip of the whole sample database, with a plan."""
    out = tmp_path_factory.mktemp("published") / "ข้อมูล.zip"
    words = ["export", "--what", "data", "--format", "zip", "--out", str(out), "--database", str(sample_database)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMQA_PUBLISHER", PUBLISHER.name)
        patch.setenv("PMQA_CONTACT", PUBLISHER.contact)
        patch.setenv("PMQA_LICENCE", PUBLISHER.licence)
        assert main(words) == 0
    return out


def files_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def problems_of(path: Path, folder: Path) -> list[str]:
    """What frictionless finds wrong in a zip with datapackage.json."""
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    report = Package(str(folder / "datapackage.json")).validate()
    return [str(error) for error in [*report.errors, *(one for task in report.tasks for one in task.errors)]]


@pytest.mark.slow
def test_an_independent_validator_finds_nothing_wrong(exported, tmp_path):
    assert problems_of(exported, tmp_path) == []


@pytest.mark.slow
def test_the_package_says_who_publishes_it_and_of_which_data(exported):
    about = json.loads(files_of(exported)["datapackage.json"])
    assert about["licenses"] == [{"name": PUBLISHER.licence}]
    assert {one["roles"][0]: one["title"] for one in about["contributors"]} == {
        "publisher": PUBLISHER.name,
        "contact": PUBLISHER.name,
    }
    assert about["version"]
    assert [one["name"] for one in about["resources"]] == list(DATA)


@pytest.mark.slow
def test_pandas_reads_each_table_with_the_declared_types(exported):
    for name, table in DATA.items():
        content = files_of(exported)[f"{name}.csv"]
        times = [column for column in table.columns if table.type_of(column) == "time"]
        types = {column: TYPES[table.type_of(column)][0] for column in table.columns if column not in times}
        read = pd.read_csv(io.BytesIO(content), dtype=types, keep_default_na=False, na_values=[""], parse_dates=times)
        assert list(read.columns) == list(table.columns)
        for column in times:
            read[column] = pd.to_datetime(read[column]).dt.tz_localize(None)
        table.conform(read)


@pytest.mark.slow
def test_the_zip_of_a_view_is_valid_and_names_its_columns_in_every_language(run, sample_database, tmp_path):
    cards = ["--card", "gaps.blocking?agency=DEMO-001&year=2569", "--card", "overview.totals?year=2569"]
    out = tmp_path / "a.zip"
    assert run("export", *cards, "--out", out, "--database", sample_database)[0] == 0
    assert problems_of(out, tmp_path / "a") == []
    for resource in json.loads(files_of(out)["datapackage.json"])["resources"]:
        for field in resource["schema"]["fields"]:
            assert set(field["titles"]) == set(languages())
            assert field["name"].isascii()


@pytest.mark.slow
def test_measures_carry_what_came_of_them(exported):
    measures = pd.read_csv(io.BytesIO(files_of(exported)["measures.csv"]))
    scored = measures[measures["band"].notna() & (measures["method"] == "bands") & (measures["target"] != 0)]
    assert len(scored)
    assert scored["success_rate"].notna().all()
    assert set(measures["trend"].dropna()) <= {"better", "steady", "worse"}


def test_every_column_of_every_table_has_a_name_in_every_language():
    for table in DATA.values():
        for field in fields_of(table):
            assert set(field.titles) == set(languages()), field
            assert all(field.titles.values()), field


@pytest.mark.parametrize("language", languages())
def test_the_dictionary_has_a_row_for_every_column(language):
    rows = dictionary_of({name: fields_of(table) for name, table in DATA.items()}, translator(language))
    assert len(rows) == sum(len(table.columns) for table in DATA.values())


def test_a_guarded_text_is_declared_and_comes_back():
    text = "=HYPERLINK(1)"
    row = {name: [None] for name in DATA["actions"].columns}
    row |= {"action": ["A1"], "agency_code": ["A"], "fiscal_year": [2569], "what": [text], "criteria": [""]}
    frame = DATA["actions"].conform(pd.DataFrame(row))
    content = data_zip({"actions": frame}, STAMPS["th"], PUBLISHER)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (resource,) = json.loads(archive.read("datapackage.json"))["resources"]
        written = pd.read_csv(io.BytesIO(archive.read("actions.csv")))["what"].iloc[0]
    assert {field["name"]: field for field in resource["schema"]["fields"]}["what"]["guard"] == "'"
    assert written == f"'{text}"
    assert unguarded(written) == text


# --- and back ---------------------------------------------------------------------------------------------------------

# Of the database that it is in.
PLACES = ["submission", "sha256", "received_at", "received_by", "reported_at", "reported_by", "kept_at"]
CELLS = ["sheet", "cell", "target_cell", "actual_cell"]  # of the file that it was read from


def tables_of(path: Path) -> dict[str, pd.DataFrame]:
    files = files_of(path)
    return {name: pd.read_csv(io.BytesIO(files[f"{name}.csv"]), dtype=str) for name in DATA}


def repacked(path: Path, out: Path, name: str, change) -> Path:
    """The export with one csv changed: `change` takes and gives its text."""
    files = files_of(path)
    files[name] = change(files[name].decode("utf-8-sig")).encode("utf-8-sig")
    with zipfile.ZipFile(out, "w") as archive:
        for part, content in files.items():
            archive.writestr(part, content)
    return out


def _with(lines: str, text: str) -> str:
    return text + lines


@pytest.fixture(scope="module")
def with_plan(exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export with a plan, a register, a succession and an announced score written into its tables by hand."""
    folder = tmp_path_factory.mktemp("planned")
    written = {
        "agencies": "OLD-1,กรมเดิม,กระทรวงตัวอย่าง,กรม\r\nDEMO-001,กรมตัวอย่าง,กระทรวงตัวอย่าง,กรม\r\n",
        "expectations": "2569,self,DEMO-001,2026-12-15T16:59:59.000000Z\r\n",
        "successions": "OLD-1,DEMO-001,2569,renamed\r\n",
        "announced": "OLD-1,กรมเดิม,กระทรวงตัวอย่าง,กรม,2568,pmqa4,category,1,310.5,years,ประกาศ.xlsx,ผล,C3,\r\n",
    }
    for name, lines in written.items():
        exported = repacked(exported, folder / f"{name}.zip", f"{name}.csv", partial(_with, lines))
    action = "A0000001,DEMO-001,2569,'=ปิดประเด็น,สำนักตัวอย่าง,2026-12-31T16:59:59.000000Z,1.1.B1 1.1.B2\r\n"
    progress = "A0000001,6,40.0,เริ่มแล้ว,2026-11-28T09:30:00.000000Z,ผู้รายงาน\r\n"
    one = repacked(exported, folder / "a.zip", "actions.csv", lambda text: text + action)
    two = repacked(one, folder / "b.zip", "progress.csv", lambda text: text + progress)
    settings = KINDS[0].layout.strip().replace('"', '""')
    layout = f'ติดตามเดิม,"{settings}",2026-11-28T09:30:00.000000Z\r\n'
    return repacked(two, folder / "c.zip", "layouts.csv", lambda text: text + layout)


@pytest.mark.slow
def test_an_export_imported_into_an_empty_database_is_exported_the_same(run, with_plan, tmp_path):
    database, again = tmp_path / "new.duckdb", tmp_path / "again.zip"
    code, _, complaint = run("import", with_plan, "--database", database)
    assert code == 0, complaint
    words = ["--what", "data", "--format", "zip", "--out", again, "--database", database]
    assert run("export", *words)[0] == 0
    before, after = tables_of(with_plan), tables_of(again)
    for name in DATA:
        kept = [column for column in before[name].columns if column not in (*PLACES, *CELLS)]
        first, second = (one[name][kept].sort_values(kept, ignore_index=True) for one in (before, after))
        pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("scores.csv", lambda text: text.replace("score_max", "สูงสุด", 1), ["scores.csv", "สูงสุด"]),
        ("answers.csv", lambda text: text.replace("criterion", "Criterion", 1), ["answers.csv", "criterion"]),
        ("answers.csv", lambda text: text.replace("True", "ใช่", 1), ["answers.csv", "แถว", "met", "ใช่"]),
        ("answers.csv", lambda text: text + text.splitlines()[1] + "\r\n", ["answers.csv", "ซ้ำ"]),
        ("measures.csv", lambda text: text.replace("bands", "ช่วง", 1), ["measures.csv", "method", "bands, interval"]),
        ("submissions.csv", lambda text: text.replace(",2569,", ",๒๕๖๙,", 1), ["fiscal_year", "๒๕๖๙"]),
        ("submissions.csv", lambda text: text.replace("pmqa4", "pmqa5", 1), ["pmqa5", "pmqa4"]),
        ("submissions.csv", lambda text: text.splitlines()[0], ["submissions.csv"]),
        ("answers.csv", lambda text: text + '"', ["answers.csv"]),
        (
            "announced.csv",
            lambda text: text + "A,ก,ก,กรม,2568,pmqa4,item,9.9,1,x,x,x,C3,\r\n",
            ["announced.csv", "9.9"],
        ),
        ("successions.csv", lambda text: text + "A,B,2569,eaten\r\n", ["successions.csv", "renamed"]),
        ("rounds.csv", lambda text: text + "รอบ,15 ธ.ค.\r\n", ["rounds.csv", "15 ธ.ค."]),
        ("layouts.csv", lambda text: text + "ก,x = 1,2026-11-28T09:30:00.000000Z\r\n", ["layouts.csv", "ก"]),
    ],
    ids=[
        "unknown column",
        "missing column",
        "no boolean",
        "row twice",
        "word",
        "Thai digits",
        "edition",
        "whose",
        "csv",
        "scope",
        "succession",
        "round",
        "layout",
    ],
)
@pytest.mark.slow
def test_what_is_wrong_in_an_export_is_said_with_its_place_and_nothing_is_recorded(
    run, exported, tmp_path, name, change, said
):
    out = repacked(exported, tmp_path / "a.zip", name, change)
    code, _, complaint = run("import", out, "--database", tmp_path / "new.duckdb")
    assert code == 1
    assert all(word in complaint for word in said), complaint
    assert not (tmp_path / "new.duckdb").exists()


def test_a_file_that_is_no_export_needs_a_layout(run, wrong):
    code, _, complaint = run("import", wrong)
    assert code == 2
    assert "--layout" in complaint
