"""A lake whose data lie in a bucket: what a folder did, a storage that speaks S3 does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from storage import KEYS, Storage
from test_lake import counts, send

from pmqa.errors import StoreError
from pmqa.places import Bucket, LakePlace
from pmqa.settings import place_of
from pmqa.store import Store, verified
from pmqa.store.datapath import MARKER
from tests.postgres import Postgres

Run = Callable[..., tuple[int, str, str]]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    server = Storage()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def reached(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find it by the environment."""
    for name, value in storage.settings.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def at(postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], LakePlace]:
    """A lake that nobody has made yet, with its data in a part of the bucket."""

    def at(prefix: str) -> LakePlace:
        monkeypatch.setenv("PMQA_DATA_PATH", f"s3://pmqa/{prefix}")
        place = place_of(postgres.empty(tmp_path).address)
        assert isinstance(place, LakePlace)
        return place

    return at


def test_two_servers_share_it_and_tidying_takes_what_is_its_own_and_nobody_elses(
    at: Callable[[str], LakePlace], storage: Storage, run: Run
) -> None:
    place = at("of/data")
    storage.put("of/data/")  # as consoles do
    foreign = {"of/data2/a.parquet", "of/a.parquet", "other/main/a.parquet"}
    with Store(place) as one, Store(place) as other:
        assert [send(one, "A001"), send(other, "A002"), send(one, "A003")] == ["S0000001", "S0000002", "S0000003"]
        assert list(other.submissions.standing()["submission"]) == ["S0000001", "S0000002", "S0000003"]
        assert other.submissions.original("S0000001") == b"A001" * 99
        assert (one.database.free_bytes(), one.database.is_ready()) == (None, True)
        for name in foreign | {"of/data/main/unknown.parquet"}:
            storage.put(name)
        before, files = counts(place), storage.names("of/data/main/contents/")
        assert run("tidy", "--days", "0", "--database", place.address)[0] == 0
        assert counts(place) == before
        assert other.submissions.original("S0000002") == b"A002" * 99
        send(other, "A004")
    assert (len(files), len(storage.names("of/data/main/contents/"))) == (3, 2)  # one of all, and one of the last
    assert storage.names() & {*foreign, "of/data/main/unknown.parquet", f"of/data/{MARKER}"} == {
        *foreign,
        f"of/data/{MARKER}",
    }
    assert verified(place).problems == ()
    code, out, _ = run("doctor", "--json", "--lang", "en", "--database", place.address)
    found = {one["check"]: (one["state"], one["message"]) for one in json.loads(out)}
    assert code == 0
    assert found["disk"] == ("ok", found["disk"][1])
    assert "s3://pmqa/of/data" in found["disk"][1]
    assert not [key for key in KEYS.values() if key in out]


def test_a_part_of_a_bucket_that_is_another_lakes_or_has_anything_is_not_taken(
    at: Callable[[str], LakePlace], storage: Storage
) -> None:
    own = at("taken/data")
    Store(own).close()
    storage.put("full/a.csv")
    before = storage.names()
    for prefix in ("taken/data", "taken", "taken/data/within", "full"):
        with pytest.raises(StoreError, match=f"s3://pmqa/{prefix} holds something else, or lies within"):
            Store(at(prefix))
    assert storage.names() == before
    storage.take_away(f"taken/data/{MARKER}")
    with pytest.raises(StoreError, match=f"{MARKER} in the place of data s3://pmqa/taken/data"):
        Store(own)
    storage.put(f"taken/data/{MARKER}", b"another")
    with pytest.raises(StoreError, match="holds something else"):
        Store(own)


def test_a_file_goes_there_and_back_and_a_backup_becomes_another_part_of_the_bucket(
    at: Callable[[str], LakePlace], tmp_path: Path, run: Run
) -> None:
    file, back = tmp_path / "a.duckdb", tmp_path / "back.duckdb"
    with Store(file) as store:
        send(store, "A001")
        send(store, "A002")
    there = at("moved")
    assert run("copy", file, there.address)[0] == 0
    assert run("copy", there.address, back)[0] == 0
    assert counts(file) == counts(there) == counts(back)
    assert run("backup", tmp_path / "kept", "--database", there.address)[0] == 0
    (kept,) = (tmp_path / "kept").glob("*.duckdb")
    other = at("restored")
    assert run("restore", kept, "--database", other.address)[0] == 0
    assert run("verify", other.address)[0] == 0
    assert counts(kept) == counts(other)


def test_when_the_storage_is_down_it_is_said_and_when_it_is_back_everything_goes_on(
    at: Callable[[str], LakePlace], storage: Storage
) -> None:
    place = at("down")
    with Store(place) as store:
        send(store, "A001")
        storage.stop()
        with pytest.raises(StoreError, match="s3://pmqa/down"):
            send(store, "A002")
        with pytest.raises(StoreError, match="s3://pmqa/down"):
            Store(place)
        assert not store.database.is_ready()
        assert store.version()  # PostgreSQL has it
        storage.start()
        assert send(store, "A002") == "S0000002"
        assert store.database.is_ready()
    assert verified(place).problems == ()


class Refusing(BaseHTTPRequestHandler):
    """Knows nobody."""

    def do_GET(self) -> None:
        body = b"<Error><Code>InvalidAccessKeyId</Code><AWSAccessKeyId>a-key-id</AWSAccessKeyId></Error>"
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as its parent calls it
        """Silent."""


def test_keys_that_open_nothing_are_told_of_and_not_shown(
    at: Callable[[str], LakePlace], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = HTTPServer(("127.0.0.1", 0), Refusing)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("PMQA_S3_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    try:
        with pytest.raises(StoreError, match=r"PMQA_S3_.*403") as caught:
            Store(at("closed"))
    finally:
        server.shutdown()
        server.server_close()
    assert not [key for key in KEYS.values() if key in str(caught.value)]
