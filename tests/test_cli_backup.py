"""backup, verify, restore: a copy is whole and known to be, and what is not whole is said to be what it is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from factories import make_measure, make_submission

from pmqa.framework import Framework
from pmqa.store import Incoming, Store, verified
from pmqa.store.opening import log_of

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Three submissions, one withdrawn; what was done last is only in the log."""
    path = tmp_path / "pmqa.duckdb"
    with Store(path) as store:
        some = [make_submission(f"D00{n}", measures=[make_measure()]) for n in range(3)]
        store.recording.record_many(
            [Incoming(one, one.agency_code.encode() * 99, "a.xlsx") for one in some], received_by="test"
        )
        store.database.write_out()
        store.history.withdraw("S0000002", reason="ส่งผิดไฟล์", who="test")
        leave_log(store)
    assert log_of(path).exists()
    return path


def leave_log(store: Store) -> None:
    """As a process that is killed: what is only in the log stays there."""
    store.database._backend._connection.execute("PRAGMA disable_checkpoint_on_shutdown")


def read(out: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(out)
    return found


def test_a_backup_is_one_file_that_says_what_it_holds_and_restores_to_the_same(
    run: Run, database: Path, tmp_path: Path
) -> None:
    code, out, _ = run("backup", tmp_path / "สำรอง", "--database", database, "--json")
    said = read(out)
    assert (code, sorted(said), said["submissions"]) == (0, ["path", "submissions", "version"], 3)
    copy = Path(str(said["path"]))
    assert list((tmp_path / "สำรอง").iterdir()) == [copy]
    before = copy.read_bytes()
    code, out, _ = run("verify", copy, "--json")
    assert (code, read(out)["problems"], read(out)["scored"]) == (0, [], 3)
    new = tmp_path / "ใหม่" / "pmqa.duckdb"
    code, out, _ = run("restore", copy, "--database", new, "--json")
    assert (code, read(out)) == (0, said | {"path": str(new)})
    assert copy.read_bytes() == before
    with Store(database) as store, Store(new) as restored:
        assert restored.history.all().equals(store.history.all())
        assert restored.facts.scores().equals(store.facts.scores())
        assert restored.audit.changes().equals(store.audit.changes())


def test_two_backups_in_one_second_are_two_files(run: Run, database: Path, tmp_path: Path) -> None:
    for _ in range(2):
        assert run("backup", tmp_path / "b", "--database", database)[0] == 0
    assert len(list((tmp_path / "b").glob("*.duckdb"))) == 2


def test_verifying_changes_no_byte_even_with_a_log_beside(run: Run, database: Path) -> None:
    files = (database, log_of(database))
    before = [file.read_bytes() for file in files]
    code, out, _ = run("verify", database, "--lang", "en")
    assert (code, "is whole" in out, "3 submissions" in out) == (0, True, True)
    assert [file.read_bytes() for file in files] == before


def test_a_file_copied_by_hand_with_its_log_is_restored_whole(run: Run, database: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.duckdb"
    assert run("restore", database, "--database", new)[0] == 0
    with Store(new) as store:
        assert store.history.all().set_index("submission")["withdrawn"].to_dict()["S0000002"]


def test_nothing_is_written_over(run: Run, database: Path, tmp_path: Path) -> None:
    copy = Path(str(read(run("backup", tmp_path / "b", "--database", database, "--json")[1])["path"]))
    before = database.read_bytes()
    code, _, err = run("restore", copy, "--database", database, "--lang", "en")
    assert (code, "not written over" in err, database.read_bytes()) == (2, True, before)
    code, _, err = run("restore", copy, "--lang", "en")
    assert (code, "--database" in err) == (2, True)


@pytest.mark.parametrize("command", ["verify", "restore"])
def test_what_is_not_there_is_said(run: Run, command: str, tmp_path: Path) -> None:
    code, _, err = run(command, tmp_path / "none.duckdb", "--lang", "en")
    assert (code, "none.duckdb" in err) == (2, True)


DAMAGED = {
    # what another program did: what verify says of it
    "UPDATE audit SET details = '{}' WHERE number = 1": "chain",
    "UPDATE audit SET number = 9 WHERE number = 4": "chain",
    "UPDATE contents SET content = 'x'::BLOB WHERE sha256 = (SELECT max(sha256) FROM contents)": "contents",
    "DELETE FROM contents": "no_content",
    "DELETE FROM submissions WHERE submission = 'S0000003'": "lost",
    "INSERT INTO submissions BY NAME SELECT * REPLACE ('S9' AS submission) FROM submissions LIMIT 1": "strange",
    "UPDATE scores SET score = score + 1 WHERE submission = 'S0000001' AND kind = 'overall'": "scores",
    "DELETE FROM scores WHERE submission = 'S0000001'": "scores",
    "ALTER TABLE scores DROP coverage": "parts",
}


@pytest.mark.parametrize(("change", "code"), DAMAGED.items())
def test_what_another_program_changed_is_found_and_not_restored(
    run: Run, database: Path, tmp_path: Path, change: str, code: str
) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(change)
    assert [problem.code for problem in verified(database).problems] == [code]
    assert run("verify", database)[0] == 1
    exit_code, _, err = run("restore", database, "--database", tmp_path / "new.duckdb", "--lang", "en")
    assert (exit_code, "not restored" in err, (tmp_path / "new.duckdb").exists()) == (1, True, False)


def test_an_empty_file_whose_log_was_left_behind_is_no_whole_database(run: Run, tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "a.duckdb")).close()
    code, _, err = run("verify", tmp_path / "a.duckdb", "--lang", "en")
    assert (code, ".wal" in err) == (1, True)


def test_a_database_of_ours_is_never_empty_without_its_log(tmp_path: Path) -> None:
    store = Store(tmp_path / "pmqa.duckdb")
    shutil.copyfile(store.path, tmp_path / "copy.duckdb")
    store.close()
    assert verified(tmp_path / "copy.duckdb").problems == ()


@pytest.mark.parametrize(
    ("file", "at", "words"),
    [
        ("pmqa.duckdb", 4096 + 10, "damaged"),
        ("pmqa.duckdb", 12288 + 4096, "damaged"),
        ("pmqa.duckdb.wal", 30, "log of changes"),
        ("pmqa.duckdb.wal", -20, "log of changes"),
    ],
)
def test_a_byte_flipped_in_file_or_log_is_said_to_be_that(
    run: Run, database: Path, tmp_path: Path, file: str, at: int, words: str
) -> None:
    copy = Path(str(read(run("backup", tmp_path / "b", "--database", database, "--json")[1])["path"]))
    with Store(database) as store:
        store.history.restore("S0000002", who="test")
        leave_log(store)
    path = tmp_path / file
    content = bytearray(path.read_bytes())
    for place in {at, 8192 + 10} if at == 4096 + 10 else {at}:  # both headers: one alone is the other's spare
        content[place] ^= 0xFF
    path.write_bytes(content)
    code, _, err = run("verify", database, "--lang", "en")
    assert (code, words in err, "another program" in err, "Traceback" in err) == (1, True, False, False)
    # The way back that the words name.
    for each in (database, log_of(database)):
        each.replace(tmp_path / f"damaged-{each.name}")
    assert run("restore", copy, "--database", database)[0] == 0
    assert verified(database).submissions == 3


def test_an_older_database_is_verified_as_it_is(tmp_path: Path, framework: Framework) -> None:
    older = tmp_path / "pmqa.duckdb"
    with duckdb.connect(str(older)) as connection:
        connection.execute((Path(__file__).parent / "store_version_1.sql").read_text(encoding="utf-8"))
        connection.execute("INSERT INTO meta VALUES ('schema_version', '1')")
    before = older.read_bytes()
    found = verified(older)
    assert (found.schema, found.submissions, found.problems) == (1, 0, ())
    assert older.read_bytes() == before
