"""A lake whose data lie in a bucket: what a folder does, a storage that speaks S3 does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from storage import KEYS, Storage
from test_lake import send

from pmqa.errors import StoreError
from pmqa.places import LakePlace, Place
from pmqa.settings import place_of
from pmqa.store import Store
from pmqa.store.datapath import MARKER
from pmqa.store.lake import Lake
from tests.postgres import Postgres

Run = Callable[..., tuple[int, str, str]]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    server = Storage()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def at(
    postgres: Postgres, storage: Storage, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], LakePlace]]:
    """A lake that nobody has made yet, with its data in a part of the bucket; commands find it by the environment."""
    with pytest.MonkeyPatch.context() as patch:

        def at(prefix: str) -> LakePlace:
            for name, value in storage.settings(prefix).items():
                patch.setenv(name, value)
            place = place_of(postgres.empty(tmp_path_factory.getbasetemp()).address)
            assert isinstance(place, LakePlace)
            return place

        yield at


@pytest.fixture(scope="module")
def made(at: Callable[[str], LakePlace], storage: Storage) -> Iterator[Store]:
    """A server on a lake in the bucket."""
    storage.objects["of/data/"] = b""  # as consoles do, to show a folder that is empty
    with Store(at("of/data")) as store:
        yield store


def lake_of(store: Store) -> Place:
    return store.database.place


def test_another_server_reads_and_tidying_takes_what_is_its_own_and_nobody_elses(made: Store, storage: Storage) -> None:
    foreign = {"of/data2/a.parquet", "of/a.parquet", "other/main/a.parquet", "of/data/notes.txt"}
    with Store(lake_of(made)) as other:
        assert [send(made, "A001"), send(other, "A002"), send(made, "A003")] == ["S0000001", "S0000002", "S0000003"]
        assert list(other.submissions.standing()["submission"]) == ["S0000001", "S0000002", "S0000003"]
        storage.objects |= dict.fromkeys(foreign | {"of/data/main/unknown.parquet"}, b"x")
        assert len(storage.names("of/data/main/contents/")) == 3
        made.database.tidy(0)
        assert len(storage.names("of/data/main/contents/")) == 1
        assert storage.names() >= foreign | {f"of/data/{MARKER}"}
        assert "of/data/main/unknown.parquet" not in storage.names()
        assert other.submissions.original("S0000002") == b"A002" * 99
        assert (other.database.free_bytes(), other.database.is_ready()) == (None, True)


def test_a_part_of_a_bucket_that_is_another_lakes_or_has_anything_is_not_taken(
    made: Store, at: Callable[[str], LakePlace], storage: Storage
) -> None:
    storage.objects["full/a.csv"] = b"x"
    before = storage.names()
    for prefix in ("of/data", "of", "of/data/within", "full"):
        with pytest.raises(StoreError, match=f"s3://pmqa/{prefix} holds something else, or lies within"):
            Store(at(prefix))
    assert storage.names() == before


def test_a_lake_whose_marker_is_gone_or_another_is_neither_opened_nor_tidied(
    at: Callable[[str], LakePlace], storage: Storage
) -> None:
    with Store(at("lost")) as store:
        send(store, "A001")
        storage.objects["lost/main/unknown.parquet"] = b"x"
        for change, words in (
            (lambda: storage.objects.update({f"lost/{MARKER}": b"another"}), "holds something else"),
            (lambda: storage.objects.pop(f"lost/{MARKER}"), f"no {MARKER} in the place of data s3://pmqa/lost"),
        ):
            change()
            for used in (lambda: store.database.tidy(0), lambda: Store(lake_of(store))):
                with pytest.raises(StoreError, match=words):
                    used()
    assert "lost/main/unknown.parquet" in storage.names()


def test_its_backup_becomes_a_lake_in_another_part_of_the_bucket(
    made: Store, at: Callable[[str], LakePlace], tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which is what `copy` does in either direction, too."""
    place = made.database.place
    assert isinstance(place, LakePlace)
    monkeypatch.setenv("PMQA_DATA_PATH", str(place.data))
    assert run("backup", tmp_path, "--database", place.address)[0] == 0
    (kept,) = tmp_path.glob("*.duckdb")
    there = at("restored")
    code, out, err = run("restore", kept, "--database", there.address, "--json")
    said = json.loads(out)
    assert (code, err, said["version"]) == (0, "", made.version())
    assert not [key for key in KEYS.values() if key in out]


def test_when_the_storage_is_down_it_is_said_and_when_it_is_back_everything_goes_on(
    made: Store, storage: Storage
) -> None:
    before = set(made.submissions.standing()["submission"])
    storage.stop()
    for call in (lambda: send(made, "A009"), lambda: Store(lake_of(made))):
        with pytest.raises(StoreError, match=r"s3://pmqa/of/data of ducklake.* cannot be read or written"):
            call()
    assert not made.database.is_ready()
    storage.start()
    backend = made.database._backend
    assert isinstance(backend, Lake)
    backend._lost(backend._era)  # PostgreSQL was started anew, too
    again = send(made, "A009")
    assert set(made.submissions.standing()["submission"]) == before | {again}
    assert made.database.is_ready()


def test_keys_that_open_nothing_are_told_of_and_not_shown(
    at: Callable[[str], LakePlace], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = at("closed")
    monkeypatch.setenv("PMQA_S3_SECRET", "another-s3cret")
    with pytest.raises(StoreError, match=r"PMQA_S3_.*403") as caught:
        Store(place_of(place.address))
    assert not [key for key in (*KEYS.values(), "another-s3cret") if key in str(caught.value)]
