"""The command line, command by command: results on stdout, work on stderr, exit codes 0, 1 and 2."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from pmqa.cli.arguments import build_parser
from pmqa.cli.storing import serve_words
from pmqa.intake import Sent, receive
from pmqa.scoring import score
from pmqa.sources import bases_of
from pmqa.store import Store
from pmqa.submission import answer_frame, measure_frame, source_frame
from pmqa.text import languages, translator
from pmqa.workbook.layout import AGENCY_TYPES

ROOT = Path(__file__).parent.parent


def subparsers(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    (found,) = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return found.choices


COMMANDS = sorted(subparsers(build_parser(translator("th"))))


# --- help and wrong words ---------------------------------------------------------------------------------------------


def test_there_is_every_command_that_users_were_promised():
    assert set(COMMANDS) >= {"form", "check", "score", "ingest", "export", "demo", "serve"}


@pytest.mark.parametrize("language", languages())
def test_help_lists_every_command_with_a_line(run, language):
    code, shown, _ = run("--lang", language, "--help")
    assert code == 0
    assert all(f"    {command} " in shown for command in COMMANDS)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_names_and_explains_all_its_options(run, command, language):
    code, shown, _ = run(command, "--help", "--lang", language)
    assert code == 0
    for action in subparsers(build_parser(translator(language)))[command]._actions:
        assert action.help, f"{command}: {action.dest} is not explained"
        assert all(option in shown for option in action.option_strings)
        # argparse wraps the sentence: its beginning must be there.
        assert action.help.split()[0] in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_help_in_thai_has_none_of_argparses_english(run, command):
    _, shown, _ = run(command, "--help")
    assert not [word for word in ("usage:", "options:", "positional", "show this help") if word in shown]


@pytest.mark.parametrize(
    ("words", "thai", "english"),
    [
        ([], "ต้องระบุ", "required"),
        (["chek"], "ใช้ไม่ได้", "does not fit"),
        (["form"], "ต้องระบุ: OUT.xlsx", "required: OUT.xlsx"),
        (["form", "a.xlsx", "--year", "ปีนี้"], "ไม่ใช่จำนวนเต็ม", "not a whole number"),
        (["form", "a.xlsx", "--year"], "ต้องมีค่าตามหลัง", "needs a value"),
        (["form", "a.xlsx", "--yaer", "2569"], "ไม่รู้จักตัวเลือก", "unknown options"),
        (["export", "--out", "a", "--agencies", "A", "--ministry", "B"], "ใช้ร่วมกับ", "does not go with"),
        (["export", "--out", "a", "--agencies", ""], "--agencies ต้องมีค่าตามหลัง", "--agencies needs a value"),
    ],
)
def test_wrong_words_end_with_2_and_say_what_is_wrong_in_the_readers_language(run, words, thai, english):
    for language, sentence in (("th", thai), ("en", english)):
        code, shown, complaint = run("--lang", language, *words)
        assert code == 2
        assert sentence in complaint
        assert "--help" in complaint
        assert not shown


@pytest.mark.slow
def test_help_is_quick_and_loads_neither_pandas_nor_duckdb():
    program = (
        "import sys; from pmqa.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(*{'pandas', 'duckdb', 'openpyxl', 'plotly', 'streamlit'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1] == ""


# --- form -------------------------------------------------------------------------------------------------------------


def test_form_makes_a_form_with_what_is_known_of_the_agency(run, tmp_path, frameworks):
    out = tmp_path / "ใหม่" / "แบบ.xlsx"
    whose = ["--agency", "T01", "--name", "กรมตัวอย่างทดสอบ", "--ministry", "กระทรวงตัวอย่าง", "--type", "กรม"]
    code, shown, _ = run("form", out, "--year", "2569", *whose)
    assert code == 0
    assert str(out) in shown
    (one,) = receive([Sent("แบบ.xlsx", out.read_bytes())], frameworks)
    assert one.reading.submission is not None
    assert (one.reading.agency_code, one.reading.fiscal_year, one.reading.source) == ("T01", 2569, "self")


@pytest.mark.parametrize(
    "words",
    [
        ["form", "a.xls"],
        ["form", "a.xlsx", "--edition", "pmqa9"],
        ["form", "a.xlsx", "--year", "2026"],
        ["form", "a.xlsx", "--type", "บริษัท"],
    ],
)
def test_form_refuses_what_does_not_fit(run, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    code, _, complaint = run(*words)
    assert code == 2
    assert "ข้อผิดพลาด" in complaint
    assert not list(tmp_path.iterdir())


def test_help_of_form_lists_the_types_that_it_takes(run):
    assert all(agency_type in " ".join(run("form", "--help")[1].split()) for agency_type in AGENCY_TYPES)


# --- check ------------------------------------------------------------------------------------------------------------


def test_check_of_sound_files_ends_with_0_and_names_each(run, forms):
    code, shown, _ = run("check", *forms)
    assert code == 0
    assert all(str(path) in shown for path in forms)


def test_check_json_has_the_documented_shape(run, forms, wrong):
    code, shown, _ = run("check", forms[0], wrong, "--json")
    assert code == 1
    sound, refused = json.loads(shown)
    keys = ["file", "ok", "agency_code", "fiscal_year", "source", "findings"]
    assert list(sound) == list(refused) == keys
    assert (sound["file"], sound["ok"], sound["fiscal_year"], sound["source"]) == (str(forms[0]), True, 2569, "self")
    assert (refused["ok"], refused["agency_code"]) == (False, None)
    (finding,) = refused["findings"]
    assert list(finding) == ["code", "severity", "sheet", "cell", "value", "message"]
    assert (finding["code"], finding["severity"]) == ("is_csv", "error")
    assert set(finding["message"]) == {"th", "en"}


def test_check_says_place_and_remedy_as_lines(run, tmp_path):
    blank = tmp_path / "เปล่า.xlsx"
    run("form", blank)
    code, shown, _ = run("check", blank)
    assert code == 1
    assert "หน่วยงาน!" in shown
    code, shown, _ = run("check", blank, "--lang", "en")
    assert "error หน่วยงาน!" in shown


def test_check_reads_folders_and_zips(run, forms, tmp_path):
    with zipfile.ZipFile(tmp_path / "รวม.zip", "w") as bundle:
        bundle.write(forms[0], "ใน/หนึ่ง.xlsx")
        bundle.writestr("ใน/อ่าน.txt", "x")
    code, shown, _ = run("check", tmp_path, "--json")
    assert code == 0
    assert [entry["file"] for entry in json.loads(shown)] == [f"{tmp_path / 'รวม.zip'} › ใน/หนึ่ง.xlsx"]


@pytest.mark.parametrize("command", ["check", "score"])
def test_a_path_that_does_not_exist_is_wrong_usage(run, forms, command):
    code, shown, complaint = run(command, forms[0], "ไม่มี.xlsx")
    assert code == 2
    assert "ไม่มี.xlsx" in complaint
    assert not shown


@pytest.mark.parametrize("command", ["check", "score"])
def test_a_zip_without_a_form_says_so_and_ends_with_1(run, tmp_path, command):
    with zipfile.ZipFile(tmp_path / "ส่งมา.zip", "w") as bundle:
        bundle.writestr("อ่าน.txt", "x")
    code, shown, complaint = run(command, tmp_path / "ส่งมา.zip")
    assert code == 1
    assert "ไม่มีแบบประเมินในไฟล์ ZIP นี้" in shown + complaint


def test_a_folder_without_files_is_wrong_usage(run, tmp_path):
    code, _, complaint = run("check", tmp_path)
    assert code == 2
    assert str(tmp_path) in complaint


# --- score ------------------------------------------------------------------------------------------------------------


def test_score_json_is_what_the_rules_give_in_full_precision(run, forms, frameworks, framework):
    code, shown, _ = run("score", *forms, "--json")
    assert code == 0
    entries = json.loads(shown)
    received = list(receive((Sent(str(path), path.read_bytes()) for path in forms), frameworks))
    by_name = {one.name: one.reading.submission for one in received}
    expected = score(source_frame(by_name), answer_frame(by_name), measure_frame(by_name), framework)
    assert [entry["file"] for entry in entries] == [str(path) for path in forms]
    for entry in entries:
        assert list(entry) == ["file", "agency_code", "fiscal_year", "source", "scores"]
        own = expected[expected["submission"] == entry["file"]]
        wanted = {
            (row.basis, row.kind, row.scope): tuple(
                None if pd.isna(value) else value for value in (row.score, row.score_max, row.coverage, row.level)
            )
            for row in own.itertuples()
        }
        given = {
            (s["basis"], s["kind"], s["scope"]): (s["score"], s["score_max"], s["coverage"], s["level"])
            for s in entry["scores"]
        }
        assert given == wanted
        assert {s["basis"] for s in entry["scores"]} == set(bases_of(entry["source"]))


def test_score_json_has_every_scope_of_the_edition_and_null_where_there_is_no_score(run, forms, framework):
    _, shown, _ = run("score", forms[0], "--json")
    (entry,) = json.loads(shown)
    claimed = [s for s in entry["scores"] if s["basis"] == "claimed"]
    for kind in ("item", "category", "dimension", "overall", "indicator"):
        assert [s["scope"] for s in claimed if s["kind"] == kind] == list(framework.scopes(kind))
    assert "7.1.1#1" in [s["scope"] for s in claimed if s["kind"] == "measure"]
    missing = [s for s in claimed if s["score"] is None]
    assert missing
    assert all(s["level"] is None for s in missing)


def test_a_file_with_errors_has_no_scores_but_findings(run, forms, wrong):
    code, shown, _ = run("score", wrong, forms[0], "--json")
    assert code == 1
    refused, sound = json.loads(shown)
    assert refused["scores"] == []
    assert refused["findings"][0]["code"] == "is_csv"
    assert sound["scores"]
    assert "findings" not in sound


def test_score_without_json_shows_totals_by_basis(run, forms, wrong):
    code, shown, _ = run("score", forms[0], wrong)
    assert code == 1
    for word in ("คะแนนรวม", "ตามที่หน่วยงานตอบ", "ที่มีหลักฐาน", "การนำองค์การ", "ไม่ผ่าน"):
        assert word in shown


@pytest.mark.slow
def test_a_folder_of_many_forms_is_scored_in_one_call(run, forms, tmp_path):
    for number in range(40):
        (tmp_path / f"{number:02}.xlsx").write_bytes(forms[number % 2].read_bytes())
    code, out, _ = run("score", tmp_path, "--json")
    assert code == 0
    scored = json.loads(out)
    assert len(scored) == 40
    assert [Path(one["file"]).name for one in scored] == [f"{number:02}.xlsx" for number in range(40)]


# --- demo and serve ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_demo_fills_a_database_again_without_change_and_removes_what_it_made(run, tmp_path, forms):
    database = tmp_path / "demo.duckdb"
    chosen = ["demo", "--agencies", "2", "--years", "1", "--database", database]
    assert run(*chosen)[0] == 0
    code, shown, _ = run(*chosen)
    assert code == 0
    assert "มีอยู่แล้ว" in shown
    store = Store(database)
    assert store.submissions.has_samples()
    assert len(store.submissions.standing()) == 3
    store.close()
    code, shown, _ = run("demo", "--remove", "--database", database)
    assert code == 0
    assert "3" in shown
    store = Store(database)
    assert store.submissions.standing().empty
    store.close()


def test_demo_writes_forms_to_a_folder_and_touches_no_database(run, tmp_path, forms, monkeypatch):
    monkeypatch.setenv("PMQA_DATABASE", str(tmp_path / "none.duckdb"))
    assert run("demo", "--agencies", "2", "--years", "1", "--forms", tmp_path / "แบบ")[0] == 0
    assert sorted(path.name for path in (tmp_path / "แบบ").iterdir()) == [path.name for path in forms]
    assert not (tmp_path / "none.duckdb").exists()


@pytest.mark.parametrize("words", [["--agencies", "0"], ["--years", "-1"], ["--last-year", "2026"]])
def test_demo_refuses_numbers_that_make_no_sense(run, tmp_path, words):
    code, _, _ = run("demo", *words, "--database", tmp_path / "none.duckdb")
    assert code == 2
    assert not (tmp_path / "none.duckdb").exists()


def test_serve_passes_port_and_address_on(tmp_path):
    arguments = build_parser(translator("th")).parse_args(["serve", "--port", "8599", "--address", "0.0.0.0"])
    words = serve_words(arguments)
    assert words[1:4] == ["-m", "uvicorn", "asgi:app"], "the server of production, with its headers and its way back"
    assert {"--port=8599", "--host=0.0.0.0"} <= set(words)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7", "dashboard.example"])
def test_without_sign_in_serve_opens_no_address_that_others_can_reach(run, tmp_path, monkeypatch, address):
    monkeypatch.setattr("pmqa.cli.storing.os.execve", lambda *_: pytest.fail("it was served"))
    code, _, err = run("serve", "--address", address, "--database", tmp_path / "x.duckdb")
    assert code == 2
    assert address in err
    assert "PMQA_OPEN" in err


# --- as a program -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_thai_survives_a_console_of_another_encoding(forms):
    environment = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0", "PATH": ""}
    words = [sys.executable, "-m", "pmqa", "check", str(forms[0])]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, env=environment, check=True)
    assert "ปีงบประมาณ" in done.stdout.decode("utf-8")


@pytest.mark.slow
def test_json_is_alone_on_stdout_and_the_exit_code_is_the_programs(forms, wrong):
    words = [sys.executable, "-m", "pmqa", "check", str(forms[0]), str(wrong), "--json"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 1
    assert len(json.loads(done.stdout)) == 2
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_crash(sample_folder):
    words = [sys.executable, "-m", "pmqa", "score", str(sample_folder), "--json"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        time.sleep(0.1)
        program.stdout.close()
        assert b"Traceback" not in program.stderr.read()


# --- the marked copy, trace, path, reread -----------------------------------------------------------------------------


def test_check_writes_a_marked_copy_that_reads_like_the_file(run, forms, tmp_path, frameworks):
    blank, marked = tmp_path / "เปล่า.xlsx", tmp_path / "ตรวจแล้ว.xlsx"
    run("form", blank, "--agency", "T01")
    assert run("check", blank, "--marked", marked)[0] == 1
    with pd.ExcelFile(marked, engine="openpyxl") as book:
        assert book.sheet_names[0] == "ผลการตรวจ"
    first, second = receive([Sent("a", blank.read_bytes()), Sent("b", marked.read_bytes())], frameworks)
    assert {finding.code for finding in second.findings} == {finding.code for finding in first.findings}


def test_a_marked_copy_is_of_one_file_and_of_a_form(run, forms, wrong, tmp_path):
    out = tmp_path / "ตรวจแล้ว.xlsx"
    assert run("check", *forms[:2], "--marked", out)[0] == 2
    assert run("check", forms[0], "--marked", tmp_path / "a.xls")[0] == 2
    code, _, said = run("check", wrong, "--marked", out)
    assert code == 1
    assert "ไม่ใช่แบบประเมิน" in said
    assert not out.exists()


def test_what_an_agency_filled_in_is_never_written_over(run, forms, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sent = tmp_path / "ส่งมา.xlsx"
    sent.write_bytes(forms[0].read_bytes())
    for words in (["check", sent, "--marked", sent.name], ["form", sent.name]):
        code, _, complaint = run(*words)
        assert code == 2
        assert sent.name in complaint
        assert sent.read_bytes() == forms[0].read_bytes()


def test_a_blank_form_may_be_made_again(run, tmp_path, frameworks):
    out = tmp_path / "แบบ.xlsx"
    assert run("form", out, "--agency", "T01")[0] == run("form", out, "--agency", "T02")[0] == 0
    (one,) = receive([Sent("แบบ.xlsx", out.read_bytes())], frameworks)
    assert one.reading.agency_code == "T02"


def test_trace_leads_from_the_score_to_the_cells(run, forms):
    code, shown, _ = run("trace", forms[0], "--scope", "3.2", "--json")
    assert code == 0
    traced = json.loads(shown)
    assert (traced["basis"], traced["scope"], traced["steps"][0]["kind"]) == ("claimed", "3.2", "item")
    cells = [step["place"] for step in traced["steps"] if step["kind"] == "criterion"]
    assert len(cells) == 8
    assert all(cell.startswith("หมวด 3!E") for cell in cells)
    (scored,) = json.loads(run("score", forms[0], "--json")[1])
    item = next(s for s in scored["scores"] if (s["basis"], s["scope"]) == ("claimed", "3.2"))
    assert traced["steps"][0]["score"] == item["score"]


@pytest.mark.parametrize("scope", ["overall", "3", "digitalization", "7.1", "7.1.1", "7.1.1#1"])
@pytest.mark.parametrize("language", languages())
def test_trace_says_every_kind_of_scope_in_words(run, forms, scope, language):
    code, shown, _ = run("trace", forms[0], "--scope", scope, "--lang", language)
    assert code == 0
    assert len(shown.splitlines()) >= 2


def test_trace_in_words_says_all_that_the_page_says_of_a_measure(run, forms):
    step = json.loads(run("trace", forms[0], "--scope", "7.1.1#1", "--json")[1])["steps"][0]
    line = run("trace", forms[0], "--scope", "7.1.1#1", "--lang", "en")[1].splitlines()[1]
    assert line.startswith("  7.1.1#1 · ")
    assert f"actual {step['actual']:g}, target {step['target']:g} (higher is better)" in line
    assert f"band {step['band_from']:.2f}–{step['band_to']:.2f}%" in line
    assert f"({step['to_next']:.2f} percentage points away)" in line
    assert line.endswith(f"[{step['place']}] · target [{step['target_place']}]")
    assert "coverage" not in line


def test_path_json_has_the_documented_shape_and_reaches_its_target(run, forms):
    code, shown, _ = run("path", forms[0], "--target", "400", "--category", "3", "--json")
    assert code == 0
    way = json.loads(shown)
    assert list(way) == ["reachable", "criteria", "score_before", "score_after"]
    assert way["reachable"]
    assert way["score_before"] < 400 <= way["score_after"]
    assert all(criterion.startswith("3.") for criterion in way["criteria"])


def test_path_knows_levels_by_name(run, forms):
    by_name = run("path", forms[0], "--target", "advance", "--json")[1]
    assert by_name == run("path", forms[0], "--target", "400", "--json")[1]


@pytest.mark.parametrize(
    ("target", "said"), [("1", "แล้ว"), ("400", "ทำเพิ่ม"), ("500", "ไปไม่ถึง")], ids=["reached", "reachable", "too far"]
)
def test_path_says_in_words_what_to_do(run, forms, target, said):
    code, shown, _ = run("path", forms[0], "--target", target)
    assert code == 0
    assert said in shown


@pytest.mark.parametrize(
    "words",
    [
        ["trace", "--scope", "9.9"],
        ["trace", "--basis", "verified"],
        ["trace", "--basis", ""],
        ["path", "--target", "มาก"],
        ["path", "--target", "501"],
        ["path", "--target", "400", "--category", "9"],
        ["path", "--target", "400", "--basis", "verified"],
    ],
)
def test_questions_that_do_not_fit_the_file_are_wrong_usage(run, forms, words):
    code, _, complaint = run(words[0], forms[0], *words[1:])
    assert code == 2
    assert "ข้อผิดพลาด" in complaint


@pytest.mark.parametrize("words", [["trace"], ["path", "--target", "400"]])
def test_questions_about_a_file_with_errors_are_answered_with_its_findings(run, wrong, words):
    code, shown, _ = run(words[0], wrong, *words[1:])
    assert code == 1
    assert "ไม่ผ่าน" in shown
    code, shown, _ = run(words[0], wrong, *words[1:], "--json")
    assert code == 1
    assert json.loads(shown)["findings"][0]["code"] == "is_csv"


def test_reread_of_files_that_read_the_same_changes_nothing(run, sample_database):
    with Store(sample_database) as store:
        version = store.version()
    code, shown, summary = run("reread", "--database", sample_database)
    assert code == 0
    assert not shown
    assert "3" in summary
    with Store(sample_database) as store:
        assert store.version() == version
