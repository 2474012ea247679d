"""A database outlives the program that made it: older ones are brought up to date, newer ones are left alone."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from factories import LATER_TABLES

from pmqa.errors import StoreError, StoreTooNew
from pmqa.store import Store, schema
from pmqa.store.migrations import MIGRATIONS
from pmqa.store.schema import SCHEMA_VERSION

VERSION_1 = Path(__file__).parent / "store_version_1.sql"


def test_the_database_and_its_folder_are_made_on_first_use(tmp_path):
    path = tmp_path / "new" / "folder" / "pmqa.duckdb"
    Store(path).close()
    assert path.exists()


def test_a_newer_database_is_refused_and_not_touched(tmp_path):
    path = tmp_path / "pmqa.duckdb"
    Store(path).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE meta SET value = '999' WHERE name = 'schema_version'")
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match="999") as caught:
        Store(path)
    assert "ใหม่กว่า" in str(caught.value)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["pmqa.duckdb"]


def test_what_is_no_database_is_refused_in_words(tmp_path):
    path = tmp_path / "pmqa.duckdb"
    path.write_bytes(b"PK\x03\x04 not a database" * 999)
    with pytest.raises(StoreError, match="ไม่ใช่ฐานข้อมูลของโปรแกรมนี้"):
        Store(path)


def test_a_database_of_another_program_is_refused_in_words(tmp_path):
    path = tmp_path / "pmqa.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE something (a INTEGER)")
    with pytest.raises(StoreError, match="is not a database of this program"):
        Store(path)


# --- from version 1 --------------------------------------------------------------------------------------------


@pytest.fixture
def old_database(tmp_path):
    """A database as version 1 made it, with a submission of which little is filled in."""
    path = tmp_path / "pmqa.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(VERSION_1.read_text(encoding="utf-8"))
        connection.execute("INSERT INTO meta VALUES ('schema_version', '1')")
        connection.execute("INSERT INTO contents VALUES ('abc', 'the file'::BLOB)")
        connection.execute(
            """
            INSERT INTO submissions VALUES ('S0000001', 'D001', 'กรมตัวอย่าง', 'กระทรวงตัวอย่าง', 'กรม', 2569, 'self',
                'pmqa4', '4.0.0', '1.0', 'abc', 'form.xlsx', '2026-11-01 02:30:00', 'tester', NULL, NULL, NULL, false)
            """
        )
        connection.execute("INSERT INTO answers (submission, criterion, met) VALUES ('S0000001', '1.1.B1', true)")
        connection.execute("INSERT INTO findings VALUES ('S0000001', 1, 'a', 'warning', NULL, NULL, NULL, '{}')")
        connection.execute("INSERT INTO audit VALUES (1, '2026-11-01', 'tester', 'recorded', 'S0000001', '{}', '1-a')")
    return path


def schema_of(path):
    """Every column with its type and whether it may be blank, and every key."""
    with duckdb.connect(str(path)) as connection:
        columns = "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() ORDER BY ALL"
        keys = "SELECT table_name, constraint_type, constraint_column_names FROM duckdb_constraints() ORDER BY ALL"
        return connection.execute(columns).fetchall(), connection.execute(keys).fetchall()


def test_an_older_database_ends_with_the_schema_of_a_fresh_one(tmp_path, old_database):
    Store(old_database).close()
    Store(tmp_path / "fresh.duckdb").close()
    assert schema_of(old_database) == schema_of(tmp_path / "fresh.duckdb")


def test_an_older_database_keeps_what_it_has_and_its_scores_are_derived(old_database):
    with Store(old_database) as store:
        assert store.submissions.standing()["submission"].to_list() == ["S0000001"]
        assert store.facts.answers()["met"].to_list() == [True]
        assert store.submissions.original("S0000001") == b"the file"
        assert set(store.facts.scores()["submission"]) == {"S0000001"}
        assert store.audit.changes()["action"].to_list() == ["recorded", "migrated", "rescored"]
        received = store.received.all()
        assert received[["receipt", "outcome", "submission", "size", "warnings"]].to_numpy().tolist() == [
            ["R0000001", "accepted", "S0000001", 8, 1]
        ]


def test_a_key_that_the_audit_holds_is_given_up(old_database):
    with Store(old_database) as store:
        store.values.change_setting("alias_key", "0123456789abcdef", who="system")
    with duckdb.connect(str(old_database)) as connection:
        for later in ("secrets", "moved_scores", *LATER_TABLES):
            connection.execute(f"DROP TABLE {later}")
        connection.execute("UPDATE meta SET value = '2' WHERE name = 'schema_version'")
    with Store(old_database) as store:
        assert store.values.setting("alias_key", "") == ""
        assert store.values.secret("alias_key") not in store.audit.changes().to_csv()


def test_an_older_database_is_copied_before_it_is_changed(old_database):
    Store(old_database).close()
    (backup,) = old_database.parent.glob("pmqa.v1-*.duckdb")
    with duckdb.connect(str(backup)) as connection:
        assert connection.execute("SELECT value FROM meta").fetchall() == [("1",)]
        assert connection.execute("SELECT count(*) FROM answers").fetchall() == [(1,)]


def test_a_migration_that_fails_changes_nothing(old_database, monkeypatch):
    before = schema_of(old_database)
    broken = {1: (*MIGRATIONS[1], "SELECT no_such_column FROM submissions")}
    monkeypatch.setattr(schema, "MIGRATIONS", broken)
    with pytest.raises(duckdb.BinderException):
        Store(old_database)
    assert schema_of(old_database) == before


def test_there_is_a_step_from_every_version_to_the_next():
    assert sorted(MIGRATIONS) == list(range(1, SCHEMA_VERSION))
