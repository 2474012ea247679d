"""When the machine or the file fails the store: in words what it is and what to do, and it goes on by itself after."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pmqa.errors import StoreBusy, StoreError
from pmqa.store import Store
from pmqa.store.opening import COMPLETE, LOG_BEGINS, log_of, why_not
from pmqa.text import languages, translator


def sentence_begins(key: str, language: str = "en") -> str:
    """The sentence of the store up to its first blank after the path."""
    return translator(language).sentences[f"store.{key}"].split("({")[0].split("{path}")[-1].strip(" .")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with something in it, written out; no log beside it."""
    path = tmp_path / "pmqa.duckdb"
    with Store(path) as store:
        store.values.secret("alias_key")
        store.database.write_out()
    return path


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ('IO Error: Could not set lock on file "x": Conflicting lock is held in python (PID 7)', "busy"),
        ("IO Error: Corrupt database file: computed checksum 1 does not match stored checksum 2 in block 3", "damaged"),
        ('IO Error: Could not read enough bytes from file "x": attempted to read 262144 bytes', "damaged"),
        ('IO Error: Failure while replaying WAL file "x.wal": Corrupt WAL file: computed checksum 1', "log_damaged"),
        ('IO Error: The file "x" exists, but it is not a valid DuckDB database file!', "not_a_database"),
        ('IO Error: Cannot open file "x": Read-only file system', "not_writable"),
        ('IO Error: Cannot open file "x": Permission denied', "not_writable"),
        ('TransactionContext Error: Failed to commit: Could not write file "x": No space left on device', "disk_full"),
        ("Out of Memory Error: failed to allocate data of a block", "machine_failed"),
    ],
)
def test_an_error_of_the_database_is_told_by_what_it_is_and_not_by_a_part_of_a_word(said: str, key: str) -> None:
    assert why_not(duckdb.IOException(said)) == key


@pytest.mark.parametrize(
    ("place", "key"),
    [("first block", "damaged"), ("all of it is text", "not_a_database"), ("cut short", "damaged")],
)
def test_a_damaged_file_says_so_at_once_and_is_blamed_on_nobody(file: Path, place: str, key: str) -> None:
    content = bytearray(file.read_bytes())
    if place == "first block":
        content[4096 + 10] ^= 0xFF
        content[8192 + 10] ^= 0xFF
    elif place == "cut short":
        content = content[: len(content) // 2]
    else:
        content = bytearray(b"a block of text, and no database " * 2000)
    file.write_bytes(content)
    with pytest.raises(StoreError) as raised:
        Store(file, patience=30)
    assert not isinstance(raised.value, StoreBusy)
    for language in languages():
        assert sentence_begins(key, language)[:20] in str(raised.value)
    assert "Traceback" not in str(raised.value)


def left_log(file: Path) -> Path:
    """A log of two changes beside the file, as a process that was killed leaves it."""
    with Store(file) as store:
        for name in ("กลุ่ม", "อีกกลุ่ม"):
            store.register.save_peer_group(name, ["A"], who="test")
        store.database._backend._connection.execute("PRAGMA disable_checkpoint_on_shutdown")
    return log_of(file)


def test_one_bad_byte_in_the_log_is_said_wherever_it_is_and_never_passed_over(file: Path) -> None:
    log = left_log(file)
    whole = log.read_bytes()
    for at in {*range(0, len(whole), 7), *range(40), *range(len(whole) - 25, len(whole))}:
        content = bytearray(whole)
        content[at] ^= 0xFF
        log.write_bytes(content)
        with pytest.raises(StoreError, match=r"\.wal"):
            Store(file)


@pytest.mark.parametrize("cut", [1, 10, 30, 200])
def test_a_change_that_was_being_written_when_the_machine_stopped_was_never_made_and_those_before_are_kept(
    file: Path, cut: int
) -> None:
    log = left_log(file)
    log.write_bytes(log.read_bytes()[:-cut])
    with Store(file) as store:
        assert list(store.register.peer_groups()["name"]) == ["กลุ่ม"]


def test_a_log_of_todays_database_begins_as_the_store_expects_and_is_read_back(file: Path) -> None:
    log = left_log(file).read_bytes()
    assert log.startswith(LOG_BEGINS)
    assert (log.count(COMPLETE), log.endswith(COMPLETE)) == (2, True)
    with Store(file) as store:
        assert set(store.register.peer_groups()["name"]) == {"กลุ่ม", "อีกกลุ่ม"}


@pytest.mark.parametrize(
    ("change", "key", "shown"),
    [
        ("UPDATE meta SET value = 'abc'", "bad_version", '"abc"'),
        ("UPDATE meta SET value = ''", "bad_version", '""'),
        ("UPDATE meta SET value = '3.5'", "bad_version", '"3.5"'),
        ("UPDATE meta SET value = '0'", "bad_version", '"0"'),
        ("UPDATE meta SET value = '-3'", "bad_version", '"-3"'),
        ("UPDATE meta SET value = '1'", "bad_version", '"1"'),  # with the tables of a later one
        ("DELETE FROM meta", "bad_version", '""'),
        ("DROP TABLE meta", "not_a_database", "meta"),
        ("DROP TABLE audit", "parts_missing", "audit"),
        ("ALTER TABLE audit DROP who", "parts_missing", "audit.who"),
    ],
)
def test_a_database_that_another_program_changed_says_so_and_is_left_as_it_is(
    file: Path, change: str, key: str, shown: str
) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute(change)
    before = file.read_bytes()
    with pytest.raises(StoreError) as raised:
        Store(file)
    assert shown in str(raised.value)
    for language in languages():
        assert translator(language).sentences[f"store.{key}"].rpartition("}")[2][:10] in str(raised.value)
    assert file.read_bytes() == before


def test_who_reads_while_the_file_is_opened_anew_is_told_to_try_again(file: Path) -> None:
    with Store(file) as store:

        def read_meanwhile() -> None:
            with store.database.reading():
                store.database._backend._opened_anew(store.database._backend._connection)
                raise duckdb.InvalidInputException("No open result set")

        with pytest.raises(StoreError, match="Wait a moment"):
            read_meanwhile()
        assert store.database.is_ready()


FULL_AND_FREE = """
import resource, signal
from pathlib import Path
from pmqa.errors import StoreError
from pmqa.store import Store

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
store = Store(Path({path!r}))
for number in range(30):
    store.register.save_peer_group(f"before {{number}}", [f"A{{one}}" for one in range(400)], who="test")
for room in (1 << 17, 1 << 18, 1 << 19):
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    assert not store.database.is_ready()
    refused = 0
    for number in range(6):
        try:
            store.register.save_peer_group(f"full {{room}} {{number}}", [f"B{{n}}" for n in range(4000)], who="test")
            store.database.write_out()
        except StoreError as error:
            refused += 1
            assert "พื้นที่ว่าง" in str(error) or "เปิดใหม่" in str(error), error
    assert refused
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    store.register.save_peer_group(f"after {{room}}", ["C"], who="test")
    assert store.database.is_ready()
names = set(store.register.peer_groups()["name"])
assert {{f"before {{number}}" for number in range(30)}} <= names, names
assert {{"after 131072", "after 262144", "after 524288"}} <= names, names
print("went on")
"""


def test_a_full_disk_is_said_and_once_it_is_free_the_store_goes_on_with_everything(file: Path) -> None:
    """A limit to the size of files stands for the full disk: both are fatal to DuckDB while it writes out its log."""
    pytest.importorskip("resource")
    words = [sys.executable, "-c", FULL_AND_FREE.format(path=str(file))]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout == "went on\n", done.stderr
