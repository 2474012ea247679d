"""`python -m pmqa ingest`: what is recorded, what waits for a choice, and what is said of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pmqa.settings import ROOT
from pmqa.store import Arrival, Store
from pmqa.workbook import write_form
from tests.factories import make_submission

# --- ingest -----------------------------------------------------------------------------------------------------------


def test_ingest_records_sound_files_and_refuses_others(run, forms, wrong, tmp_path):
    database = tmp_path / "new.duckdb"
    code, shown, summary = run("ingest", *forms, wrong, "--database", database, "--by", "ผู้ทดสอบ")
    assert code == 1
    assert "is_csv" not in shown
    assert str(len(forms)) in summary
    store = Store(database)
    assert len(store.submissions.standing()) == len(forms)
    assert set(store.submissions.standing()["received_by"]) == {"ผู้ทดสอบ"}
    store.close()


def test_ingest_of_the_same_files_changes_nothing_and_says_so(run, forms, sample_database):
    store = Store(sample_database)
    version = store.version()
    store.close()
    code, shown, _ = run("ingest", *forms, "--database", sample_database, "--json")
    assert code == 0
    entries = json.loads(shown)
    assert [entry["outcome"] for entry in entries] == ["known"] * len(forms)
    assert all(entry["submission"] for entry in entries)
    store = Store(sample_database)
    assert store.version() == version
    store.close()


def test_ingest_takes_up_what_an_earlier_run_kept_and_was_stopped_before_it_judged(run, forms, tmp_path):
    database = tmp_path / "pmqa.duckdb"
    first, *others = forms
    with Store(database) as store:
        store.received.receive([Arrival(first.read_bytes(), "kept.xlsx")], received_by="อำนวย")
        store.received.receive([Arrival(first.read_bytes(), "another's.xlsx")], received_by="somebody else")
    code, shown, _ = run("ingest", *others, "--database", database, "--by", "อำนวย", "--json")
    assert code == 0
    assert len(json.loads(shown)) == len(forms)
    with Store(database) as store:
        outcomes = store.received.all().set_index("file_name")["outcome"].astype("str").to_dict()
        assert len(store.submissions.standing()) == 1 + len(others)
    assert outcomes["kept.xlsx"] == "accepted"
    assert outcomes["another's.xlsx"] == "pending"  # theirs to save, on the page


def test_ingest_json_says_what_became_of_each_file(run, forms, wrong, tmp_path):
    code, shown, _ = run("ingest", forms[0], wrong, forms[0], "--database", tmp_path / "new.duckdb", "--json")
    assert code == 1
    first, refused, again = json.loads(shown)
    assert first["outcome"] in ("accepted", "warnings")
    assert (refused["outcome"], refused["submission"]) == ("refused", None)
    assert (again["outcome"], again["submission"]) == ("known", first["submission"])


@pytest.fixture
def versions(framework, tmp_path) -> list[Path]:
    """Two files of one agency, year and source; the second has fewer answers."""
    paths = [tmp_path / name for name in ("ก.xlsx", "ข.xlsx")]
    for path, met in zip(paths, (True, {"1.1.B1": False}), strict=True):
        path.write_bytes(write_form(framework, prefill=make_submission("D001", met=met)))
    return paths


def test_of_two_files_of_one_agency_none_is_recorded_before_one_is_named(run, versions, tmp_path):
    database = ("--database", tmp_path / "new.duckdb", "--lang", "en")
    code, shown, summary = run("ingest", *versions, *database)
    assert code == 1
    assert shown.count("ก.xlsx, ") >= 2
    assert "ก.xlsx: not recorded yet" in shown
    assert "0 files recorded" in summary
    assert "2 wait for a choice" in summary
    code, shown, _ = run("ingest", *versions, "--choose", "ข.xlsx", *database)
    assert code == 0
    assert "ก.xlsx: not recorded, another file was chosen" in shown
    with Store(tmp_path / "new.duckdb") as store:
        assert store.submissions.standing()["file_name"].to_list() == ["ข.xlsx"]
        assert "pending" not in set(store.received.all()["outcome"])  # or the next run would take them up


@pytest.mark.parametrize(
    ("chosen", "complaint"),
    [(("ค.xlsx",), "no such file"), (("ก.xlsx", "ข.xlsx"), "only one of"), (("xlsx",), "no such file")],
)
def test_a_choice_that_is_none_is_wrong_usage_and_records_nothing(run, versions, tmp_path, chosen, complaint):
    options = [word for name in chosen for word in ("--choose", name)]
    code, _, said = run("ingest", *versions, *options, "--database", tmp_path / "new.duckdb", "--lang", "en")
    assert code == 2
    assert complaint in said
    with Store(tmp_path / "new.duckdb") as store:
        assert store.submissions.standing().empty


def test_check_warns_of_two_files_of_one_agency_and_names_both(run, versions):
    code, shown, _ = run("check", *versions, "--lang", "en")
    assert code == 0
    assert "ก.xlsx, " in shown
    assert "several files of D001" in shown
    _, shown, _ = run("check", *versions, "--json")
    assert all("several_files" in {one["code"] for one in entry["findings"]} for entry in json.loads(shown))


def test_what_a_file_replaces_and_that_it_says_less_is_said(run, versions, tmp_path):
    right, wrong = versions
    database = ("--database", tmp_path / "new.duckdb", "--lang", "en")
    run("ingest", right, *database)
    _, shown, _ = run("ingest", wrong, *database)
    assert "replaces S0000002" in shown
    assert "says less than S0000002" in shown
    code, shown, _ = run("ingest", right, *database)
    assert (code, "recorded before as S0000002" in shown) == (1, True)
    code, shown, _ = run("ingest", right, "--choose", right, *database)
    assert code == 0
    assert "replaces S0000004" in shown


def test_a_submission_is_withdrawn_and_restored_by_its_code_and_what_counts_then_is_said(run, versions, tmp_path):
    database = ("--database", tmp_path / "new.duckdb", "--lang", "en")
    for path in versions:
        run("ingest", path, *database)
    code, shown, _ = run("withdraw", "S0000004", "--reason", "wrong file", "--by", "ผู้ทดสอบ", *database)
    assert (code, shown) == (0, "S0000004 was withdrawn; S0000002 counts\n")
    with Store(tmp_path / "new.duckdb") as store:
        row = store.history.all().iloc[0]
        assert (row["withdrawn_by"], row["withdrawn_reason"]) == ("ผู้ทดสอบ", "wrong file")
    _, shown, _ = run("withdraw", "S0000002", "--reason", "x", "--json", *database)
    assert json.loads(shown) == {"submission": "S0000002", "counts": None}
    _, shown, _ = run("ingest", versions[0], *database)
    assert "python -m pmqa restore S0000002" in shown
    _, shown, _ = run("restore", "S0000004", *database)
    assert shown == "S0000004 was restored and counts\n"
    _, shown, _ = run("restore", "S0000002", *database)
    assert shown == "S0000002 was restored; S0000004 counts\n"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("withdraw", "S0000002"), "--reason"),
        (("withdraw", "S0000002", "--reason", " "), "Say why"),
        (("withdraw", "S9999999", "--reason", "x"), "S9999999"),
        (("restore", "S0000002"), "not withdrawn"),
    ],
)
def test_a_withdrawal_that_cannot_be_is_refused_in_words(run, versions, tmp_path, words, complaint):
    database = ("--database", tmp_path / "new.duckdb", "--lang", "en")
    run("ingest", versions[0], *database)
    code, _, said = run(*words, *database)
    assert code == 2
    assert complaint in said


def test_withdrawing_from_no_database_makes_none(run, tmp_path):
    code, _, _ = run("withdraw", "S0000001", "--reason", "x", "--database", tmp_path / "none.duckdb")
    assert code == 2
    assert not (tmp_path / "none.duckdb").exists()


def test_codes_that_look_alike_wait_until_somebody_says_whose_they_are(run, framework, tmp_path):
    forms = [(tmp_path / "1.xlsx", "DEMO-004", "กรมตัวอย่างหนึ่ง"), (tmp_path / "2.xlsx", "demo-004", "กรมตัวอย่างสอง")]
    for path, code, name in forms:
        path.write_bytes(write_form(framework, prefill=make_submission(code, agency_name=name)))
    paths = [path for path, _, _ in forms]

    def ingest(database, *words):
        code, _, said = run("ingest", *paths, *words, "--database", tmp_path / database, "--lang", "en")
        with Store(tmp_path / database) as store:
            return code, store.submissions.standing()["agency_code"].to_list(), said

    assert ingest("a.duckdb")[:2] == (1, [])
    assert ingest("a.duckdb", "--apart", "DEMO-004")[:2] == (0, ["DEMO-004", "demo-004"])
    assert ingest("b.duckdb", "--same", "demo-004", "--choose", "2.xlsx")[:2] == (0, ["demo-004"])
    code, recorded, said = ingest("c.duckdb", "--same", "Demo-004")
    assert (code, recorded, "name one of DEMO-004, demo-004" in said) == (2, [], True)


@pytest.mark.slow
def test_many_at_once_wait_for_each_other_and_lose_nothing(framework, tmp_path):
    database = tmp_path / "shared.duckdb"
    for number in range(4):
        (tmp_path / f"{number}.xlsx").write_bytes(write_form(framework, prefill=make_submission(f"D{number:03}")))
    words = [sys.executable, "-m", "pmqa", "ingest", "--database", str(database)]
    programs = [
        subprocess.Popen([*words, str(tmp_path / f"{number}.xlsx")], cwd=ROOT, stdout=subprocess.DEVNULL)
        for number in range(4)
    ]
    assert [program.wait(120) for program in programs] == [0, 0, 0, 0]
    with Store(database) as store:
        assert set(store.submissions.standing()["agency_code"]) == {"D000", "D001", "D002", "D003"}


@pytest.mark.slow
def test_whoever_waits_for_a_database_is_told(run, forms, tmp_path, monkeypatch):
    monkeypatch.setattr("pmqa.cli.storing.LONGEST_WAIT", 0)
    database = tmp_path / "held.duckdb"
    holder = "import sys, time; from pathlib import Path; from pmqa.store import Store\n"
    holder += "store = Store(Path(sys.argv[1])); print('ready', flush=True); time.sleep(60)"
    words = [sys.executable, "-c", holder, str(database)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE) as program:
        program.stdout.readline()
        code, _, said = run("ingest", forms[0], "--database", database)
        program.kill()
    assert code == 2
    assert "กำลังถูกใช้โดยโปรแกรมอื่น" in said


def test_ingest_of_nothing_makes_no_database(run, tmp_path):
    code, _, complaint = run("ingest", tmp_path / "ไม่มี", "--database", tmp_path / "new.duckdb")
    assert code == 2
    assert "ไม่มี" in complaint
    assert not (tmp_path / "new.duckdb").exists()
