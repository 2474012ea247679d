"""What a lake does that a file does not: several servers at once, a fence, a restart of PostgreSQL, moving, tidying."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import psycopg
import pytest
from factories import make_measure, make_submission
from soak_lake import soaked

from pmqa.errors import SettingsError, StoreBusy, StoreError, StoreTooNew
from pmqa.intake import Sent, kept
from pmqa.intake.receiving import kept_before, left_pending
from pmqa.places import LakePlace
from pmqa.settings import place_of
from pmqa.store import Incoming, Refusal, Store, verified
from pmqa.store.backend import Conflict, retried
from pmqa.store.copying import FACTS, content
from pmqa.store.database import append
from pmqa.store.datapath import MARKER
from pmqa.store.lake import SCHEMA, Lake
from pmqa.store.schema import OUTCOMES
from pmqa.store.verifying import _one_moment
from tests.postgres import Postgres

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parent.parent


def send(store: Store, tag: str) -> str:
    one = make_submission(tag, measures=[make_measure()])
    return store.recording.record(one, tag.encode() * 99, file_name=f"{tag}.xlsx", received_by="t").submission_id


# --- where it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("host=db user=pmqa password=s3cret dbname=d", "host=db user=pmqa dbname=d"),
        ("password = 's3 cret' host=db", "host=db"),
        ("postgresql://pmqa:s3cret@db/d", "postgresql://pmqa@db/d"),
        ("postgresql://db/d?user=a&password=s3cret&sslmode=require", "postgresql://db/d?user=a&sslmode=require"),
        ("host=db", "host=db"),
    ],
)
def test_the_label_of_a_lake_shows_no_password(words: str, label: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMQA_DATA_PATH", "/data")
    place = place_of(f"ducklake:postgres:{words}")
    assert str(place) == f"ducklake:postgres:{label}"
    assert "cret" not in f"{place!r}{place}"
    assert isinstance(place, LakePlace)
    assert place.address == f"ducklake:postgres:{words}"


@pytest.mark.parametrize(
    ("said", "data", "wrong"),
    [
        ("ducklake:sqlite:x.db", "/data", "PMQA_DATABASE"),
        ("ducklake:postgres:", "/data", "PMQA_DATABASE"),
        ("ducklake:postgres:host=db", "", "PMQA_DATA_PATH"),
        ("ducklake:postgres:host=db", "gs://bucket/data", "PMQA_DATA_PATH"),
    ],
)
def test_a_lake_that_cannot_be_is_said_at_the_start(
    said: str, data: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PMQA_DATA_PATH", data)
    with pytest.raises(SettingsError, match=wrong):
        place_of(said)


def test_a_file_needs_neither_the_client_of_postgresql_nor_the_extensions(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pmqa.store import Store, verified\n"
        f"path = Path({str(tmp_path / 'a.duckdb')!r}); Store(path).close(); verified(path)\n"
        "print([name for name in sys.modules if name.startswith(('psycopg', 'duckdb_ext', 'pmqa.store.lake'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_another_overtook_is_made_again_whole_and_its_iterators_with_it() -> None:
    seen: list[list[int]] = []

    @retried
    def change(numbers: Iterator[int]) -> None:
        seen.append(list(numbers))
        if len(seen) < 3:
            raise Conflict

    change(iter([1, 2]))
    assert seen == [[1, 2]] * 3
    with pytest.raises(StoreBusy):
        retried(lambda: (_ for _ in ()).throw(Conflict))()


# --- several servers ---------------------------------------------------------------------------------------------

pytestmark = pytest.mark.slow


@pytest.fixture
def lake(postgres: Postgres, tmp_path: Path) -> LakePlace:
    return postgres.lake(tmp_path)


@pytest.fixture
def two(lake: LakePlace) -> Iterator[tuple[Store, Store]]:
    with Store(lake, patience=5) as one, Store(lake, patience=0.5) as other:
        yield one, other


def test_what_one_server_saves_the_other_shows_and_numbers_and_chain_are_one(two: tuple[Store, Store]) -> None:
    one, other = two
    before = other.version()
    assert [send(one, "A001"), send(other, "A002"), send(one, "A003")] == ["S0000001", "S0000002", "S0000003"]
    assert one.version() == other.version() != before
    assert list(other.submissions.standing()["submission"]) == ["S0000001", "S0000002", "S0000003"]
    assert other.recording.record(
        make_submission("A001", measures=[make_measure()]), b"A001" * 99, file_name="x", received_by="t"
    ).already_known
    threads = [
        threading.Thread(target=one.audit.note, args=("a", "signed_in")),
        threading.Thread(target=other.audit.note, args=("b", "signed_in")),
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(one.audit.trail().query("action == 'signed_in'")["who"]) == ["a", "b"]
    assert verified(one.place).problems == ()


def test_who_writes_keeps_the_other_writers_out_and_nobody_who_reads_or_opens(
    two: tuple[Store, Store], lake: LakePlace
) -> None:
    one, other = two
    with one.database.transaction():
        assert other.submissions.standing().empty
        Store(lake, patience=0.5).close()
        with pytest.raises(StoreBusy, match="PID"):
            send(other, "A001")
    assert send(other, "A001") == "S0000001"


def test_a_commit_that_outlived_its_lock_fails_and_nothing_is_doubled(two: tuple[Store, Store]) -> None:
    """As where a writer is killed while its commit is under way: the lock is free, and the next one has begun."""
    one, other = two
    backend = one.database._backend
    assert isinstance(backend, Lake)

    def overtaken() -> None:
        with one.database.reading() as late:
            late.execute("BEGIN TRANSACTION")
            late.execute("INSERT INTO settings VALUES ('late', '1')")
            late.execute("SELECT count(*) FROM submissions").fetchall()
            assert send(other, "A001") == "S0000001"
            backend.commit(late)

    with pytest.raises(Conflict):
        overtaken()
    assert send(one, "A002") == "S0000002"
    assert verified(one.place).problems == ()


def test_a_lock_dies_with_the_session_of_its_holder(two: tuple[Store, Store], lake: LakePlace) -> None:
    one, other = two
    with one.database._backend.writing(), psycopg.connect(lake.words, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
        assert send(other, "A001") == "S0000001"
    assert send(one, "A002") == "S0000002"


def test_keys_are_held_though_a_lake_has_none(two: tuple[Store, Store]) -> None:
    one, _ = two
    (receipt,) = [send(one, "A001").replace("S", "R")]
    row = dict.fromkeys(OUTCOMES.columns) | {"receipt": receipt, "outcome": "refused", "findings": "[]"}
    row |= {"errors": 0, "warnings": 0, "notes": 0}
    with pytest.raises(duckdb.ConstraintException), one.database.transaction() as cursor:
        append(cursor, OUTCOMES, pd.DataFrame([row]))
    one.values.change_setting("a", "1", who="t")
    one.values.change_setting("a", "2", who="t")
    assert one.values.setting("a", "") == "2"


def test_what_one_server_kept_and_nobody_judged_another_takes_up(two: tuple[Store, Store]) -> None:
    one, other = two
    sent = [Sent("ก.xlsx", b"first"), Sent("ข.xlsx", b"second")]
    assert [each.receipt for each in kept(one, sent, received_by="t")] == ["R0000001", "R0000002"]
    left = left_pending(other, received_by="t")
    taken = list(kept_before(other, left))
    assert [(each.name, each.content) for each in taken] == [(each.name, each.content) for each in sent]
    first, second = taken
    form = Incoming(make_submission("A001"), first.content or b"", first.name, receipt=first.receipt)
    (recorded,) = other.recording.record_many([form], received_by="t")
    other.received.refuse([Refusal(second.receipt or "", ())], who="t")
    assert left_pending(one, received_by="t") == []
    assert one.submissions.original(recorded.submission_id) == b"first"


def test_two_that_make_a_lake_at_once_make_one(postgres: Postgres, tmp_path: Path) -> None:
    place, stores = postgres.empty(tmp_path), []
    threads = [threading.Thread(target=lambda: stores.append(Store(place, patience=60))) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(stores) == 2
    assert send(stores[0], "A001") == "S0000001"
    assert stores[1].version() == stores[0].version()
    for store in stores:
        store.close()


def test_a_later_schema_is_noticed_while_running(two: tuple[Store, Store]) -> None:
    one, other = two
    with one.database.transaction() as cursor:
        cursor.execute("UPDATE meta SET value = '99' WHERE name = 'schema_version'")
    with pytest.raises(StoreTooNew):
        other.version()


def test_numbers_and_texts_are_those_of_a_file(two: tuple[Store, Store], tmp_path: Path) -> None:
    measures = [replace(make_measure(), target=1e308, actual=0.1 + 0.2, note="ก\u0000\n'\"")]
    one = make_submission("A001", measures=measures)
    with Store(tmp_path / "a.duckdb") as file:
        for store in (file, two[0]):
            store.recording.record(one, b"\x00\xff" * 999, file_name="ก.xlsx", received_by="t")
            assert store.submissions.original("S0000001") == b"\x00\xff" * 999
        pd.testing.assert_frame_equal(file.facts.measures(), two[1].facts.measures())
        pd.testing.assert_frame_equal(file.facts.scores(), two[1].facts.scores())
        assert file.version() == two[1].version()
    with two[0].database.transaction() as cursor:
        cursor.execute("UPDATE scores SET score = ? WHERE scope = 'overall'", [math.inf])
    assert not two[1].facts.scores()["score"].empty


# --- when something is away --------------------------------------------------------------------------------------


def test_when_postgresql_is_down_it_is_said_and_when_it_is_back_everything_goes_on(tmp_path: Path) -> None:
    server = Postgres()
    try:
        with Store(server.lake(tmp_path), patience=2) as store:
            send(store, "A001")
            server.stop("immediate")
            for call in (store.version, store.submissions.standing, lambda: send(store, "A002")):
                with pytest.raises(StoreError, match="PostgreSQL"):
                    call()
            assert not store.database.is_ready()
            server.start()
            _patiently(lambda: send(store, "A002"))
            assert list(store.submissions.standing()["submission"]) == ["S0000001", "S0000002"]
            assert store.database.is_ready()
            assert verified(store.place).problems == ()
    finally:
        server.remove()


def _patiently(call: Callable[[], object]) -> None:
    """Whoever is told to try again tries again."""
    for _ in range(3):
        try:
            call()
            return
        except StoreError:
            continue
    call()


def test_a_folder_of_another_lake_or_none_is_not_taken(lake: LakePlace, postgres: Postgres, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=str(lake.data)):  # what it does not know, tidying would delete
        Store(LakePlace(postgres.empty(tmp_path).words, lake.data))
    with pytest.raises(StoreError, match="lies within"):
        Store(LakePlace(postgres.empty(tmp_path).words, lake.data / "main" / "within"))
    shutil.move(lake.data, tmp_path / "away")
    with pytest.raises(StoreError, match=MARKER):
        Store(lake)
    assert not lake.data.exists()
    shutil.move(tmp_path / "away", lake.data)
    Store(lake).close()


def test_what_cannot_be_reached_is_said_without_the_password(tmp_path: Path) -> None:
    place = LakePlace(f"host={tmp_path} user=pmqa password=s3cret dbname=d", tmp_path / "data")
    with pytest.raises(StoreError, match="PostgreSQL") as caught:
        Store(place, patience=1)
    assert "s3cret" not in str(caught.value)


# --- moving and keeping ------------------------------------------------------------------------------------------


def test_a_file_goes_into_a_lake_and_back_and_a_backup_becomes_a_lake(
    postgres: Postgres, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_database = tmp_path / "own.duckdb"
    with Store(own_database) as store:
        send(store, "A001")
        store.audit.note("a", "signed_in")
        store.values.secret("alias_key")
    there = postgres.empty(tmp_path)
    monkeypatch.setenv("PMQA_DATA_PATH", str(there.data))
    code, out, err = run("copy", own_database, there.address, "--json")
    assert (code, err) == (0, "")
    said = json.loads(out)
    assert said["scored"] == said["submissions"] == verified(own_database).submissions
    back = tmp_path / "back.duckdb"
    assert run("copy", there.address, back)[0] == 0
    assert counts(own_database) == counts(there) == counts(back)
    code, _, err = run("copy", own_database, there.address, "--lang", "en")  # nothing is written over
    assert code != 0
    assert "already" in err

    with Store(there) as store:
        send(store, "A009")
    assert run("backup", tmp_path / "kept", "--database", there.address)[0] == 0
    (kept,) = (tmp_path / "kept").glob("*.duckdb")
    other = postgres.empty(tmp_path)
    monkeypatch.setenv("PMQA_DATA_PATH", str(other.data))
    assert run("restore", kept, "--database", other.address)[0] == 0
    assert run("verify", other.address)[0] == 0
    assert counts(kept) == counts(other)


def counts(place: Path | LakePlace) -> dict[str, tuple[int, int]]:
    with _one_moment(place) as cursor:
        return {table.name: content(cursor, table) for table in FACTS}


def test_tidying_leaves_few_files_and_all_the_data_and_cuts_no_reader_off(
    two: tuple[Store, Store], lake: LakePlace, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    for number in range(4):
        send(one, f"A{number:03d}")
    before, version = counts(lake), one.version()
    monkeypatch.setenv("PMQA_DATA_PATH", str(lake.data))
    with other.database.snapshot() as reader:
        seen = reader.execute("SELECT count(*) FROM answers").fetchone()
        code, out, _ = run("tidy", "--database", lake.address, "--json")
        assert code == 0
        assert list(json.loads(out)["seconds"]) == ["flush", "merge", "rewrite", "expire", "cleanup", "orphans"]
        assert reader.execute("SELECT count(*) FROM answers").fetchone() == seen
    assert run("tidy", "--days", "0", "--database", lake.address)[0] == 0
    assert counts(lake) == before
    assert other.version() == version
    assert len(list((lake.data / "main" / "contents").rglob("*.parquet"))) == 1
    assert verified(lake).problems == ()


def test_nothing_is_tidied_in_a_folder_that_is_not_the_lakes(two: tuple[Store, Store], lake: LakePlace) -> None:
    send(two[0], "A001")
    files = set(lake.data.rglob("*.parquet"))
    (lake.data / MARKER).write_text("another", encoding="utf-8")
    with pytest.raises(StoreError, match=str(lake.data)):
        two[0].database.tidy(0)
    assert set(lake.data.rglob("*.parquet")) == files


def test_a_dump_and_a_copy_of_the_folder_are_the_lake_again(
    two: tuple[Store, Store], lake: LakePlace, postgres: Postgres, tmp_path: Path
) -> None:
    """The way of a large lake: the catalogue first, then the folder, and no tidying between them."""
    send(two[0], "A001")
    dump = subprocess.run(["pg_dump", "-n", SCHEMA, lake.words], capture_output=True, check=True).stdout
    send(two[0], "A002")
    elsewhere = LakePlace(postgres.empty(tmp_path).words, tmp_path / "elsewhere")
    shutil.copytree(lake.data, elsewhere.data)
    subprocess.run(["psql", "-q", elsewhere.words], input=dump, stdout=subprocess.DEVNULL, check=True)
    with Store(elsewhere) as store:
        assert list(store.submissions.standing()["submission"]) == ["S0000001"]
        assert send(store, "A003") == "S0000002"
    assert verified(elsewhere).problems == ()
    with Store(elsewhere) as store:
        store.database.tidy(0, alone=True)
        store.database.tidy(0)
    two[0].database.tidy(0)
    assert verified(lake).problems == verified(elsewhere).problems == ()


def test_two_catalogues_of_one_folder_delete_nothing_of_each_other(
    two: tuple[Store, Store],
    lake: LakePlace,
    postgres: Postgres,
    tmp_path: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A dump that was restored, with the folder that the lake still uses: neither knows the other's newer files."""
    send(two[0], "A001")
    dump = subprocess.run(["pg_dump", "-n", SCHEMA, lake.words], capture_output=True, check=True).stdout
    send(two[0], "A002")
    restored = LakePlace(postgres.empty(tmp_path).words, lake.data)
    subprocess.run(["psql", "-q", restored.words], input=dump, stdout=subprocess.DEVNULL, check=True)
    monkeypatch.setenv("PMQA_DATA_PATH", str(lake.data))
    Store(restored).close()
    for one in (restored, lake):
        code, _, err = run("tidy", "--days", "0", "--database", one.address, "--lang", "en")
        assert code != 0
        assert "tidy --alone" in err
    assert verified(lake).problems == verified(restored).problems == ()
    assert run("tidy", "--days", "0", "--alone", "--database", lake.address)[0] == 0
    assert run("tidy", "--days", "0", "--database", lake.address)[0] == 0
    assert verified(lake).problems == ()


def test_what_is_acknowledged_is_kept_once_whoever_is_killed_and_whatever_restarts(tmp_path: Path) -> None:
    """The short form of `make soak`; PostgreSQL of its own, as it is killed."""
    server = Postgres()
    try:
        sure = soaked(server, tmp_path, 25, kills=3, restarts=1, seed=7)
    finally:
        server.remove()
    assert sure.done
