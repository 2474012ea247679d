"""A database outlives the program that made it: older ones are brought up to date, newer ones are left alone."""

from __future__ import annotations

import duckdb
import pytest

from pmqa.errors import StoreError, StoreTooNew
from pmqa.store import Store


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
