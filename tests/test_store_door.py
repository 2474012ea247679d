"""Commands beside a running server: the same words, output and exit codes, and nobody else comes in."""

from __future__ import annotations

import datetime as dt
import io
import json
import pickle
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Client, Listener
from pathlib import Path
from threading import Thread
from types import MappingProxyType

import pandas as pd
import pytest
from factories import make_measure, make_submission
from hypothesis import given
from hypothesis import strategies as st

from pmqa.errors import AccessDenied, Finding, StoreBusy, StoreError
from pmqa.store import Door, Incoming, Store, elsewhere
from pmqa.store import door as doors
from pmqa.store.door import REACHED, SNAPSHOTS, Elsewhere, door_of
from pmqa.store.wire import packed, unpacked
from pmqa.viewer import Viewer

Run = Callable[..., tuple[int, str, str]]


# --- what goes over the line -------------------------------------------------------------------------------------


def test_what_the_store_takes_and_gives_comes_over_as_it_was() -> None:
    submission = make_submission("D001", measures=[make_measure()])
    finding = Finding("a", "note", "แผ่น", "A1", None, MappingProxyType({"n": 1}))
    incoming = Incoming(submission, b"\x00PK", "ก.xlsx", (finding,), dt.datetime(2026, 1, 1))
    came = unpacked(packed([incoming, Viewer("a", "agency", frozenset({"D001"})), {"due": dt.date(2026, 9, 30)}, None]))
    assert came[0] == replace(incoming, findings=(replace(finding, values={"n": 1}),))
    assert came[1:] == [Viewer("a", "agency", frozenset({"D001"})), {"due": dt.date(2026, 9, 30)}, None]


def test_frames_keep_their_types_and_what_is_missing(sample_database: Path) -> None:
    with Store(sample_database) as store:
        for frame in (
            store.facts.scores(),
            store.history.all(),
            store.received.all(),
            store.audit.changes(),
            store.submissions.standing().head(0),
        ):
            pd.testing.assert_frame_equal(unpacked(packed(frame)), frame)


def test_numbers_and_moments_of_frames_come_as_plain_ones() -> None:
    frame = pd.DataFrame({"n": [7], "at": [pd.Timestamp("2026-01-02 03:04")]})
    assert unpacked(packed([frame["n"][0], frame["at"][0]])) == [7, dt.datetime(2026, 1, 2, 3, 4)]


@given(st.recursive(st.none() | st.integers() | st.text() | st.binary(), lambda one: st.lists(one) | st.tuples(one)))
def test_plain_values_come_over_as_they_were(value: object) -> None:
    assert unpacked(packed(value)) == value


def test_nothing_else_is_unpacked() -> None:
    for strange in (print, io.BytesIO, Path("x"), sys.exit):
        with pytest.raises(pickle.UnpicklingError):
            unpacked(pickle.dumps(strange))


# --- the door ----------------------------------------------------------------------------------------------------


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "pmqa.duckdb"


@pytest.fixture
def held(database: Path) -> Iterator[Store]:
    """The store of a server, its door open."""
    with Store(database) as store:
        door = Door(store)
        yield store
        door.close()


def there(database: Path) -> Elsewhere:
    found = elsewhere(database)
    assert found is not None
    return found


def test_who_has_the_key_works_on_the_servers_store(held: Store, database: Path) -> None:
    with there(database) as store:
        assert store.version() == held.version()
        recorded = store.recording.record(make_submission("D001"), b"x", file_name="a.xlsx", received_by="test")
        assert held.submissions.standing()["submission"].to_list() == [recorded.submission_id]
        pd.testing.assert_frame_equal(store.facts.scores(), held.facts.scores())
        with pytest.raises(AccessDenied):
            store.people.all(Viewer("a", "viewer"))
        with pytest.raises(StoreError, match="S9"):
            store.submissions.original("S9")
        assert store.submissions.original(recorded.submission_id) == b"x"  # the line goes on after an error


def test_a_mistake_of_a_call_is_said_and_the_server_goes_on(held: Store, database: Path) -> None:
    with there(database) as store:
        with pytest.raises(StoreError, match="TypeError"):
            store._call("submissions.original", 1, 2, 3, 4)
        with pytest.raises(StoreError, match="TypeError"):
            store._call(["submissions.original"])
        assert store.version() == held.version()


@pytest.mark.parametrize(
    "name",
    [
        *("database.transaction", "database.reading", "database.log", "database.close", "database.copy_to"),
        *("database._connection.execute", "submissions._database.close", "facts._frameworks.clear"),
        *("submissions", "submissions.", ".original", "", "original", "close", "version", "frameworks.clear"),
        *("submissions.__init__", "submissions.original.__call__", "door.release", "deriving.refresh"),
    ],
)
def test_nothing_is_called_but_what_the_parts_offer(held: Store, database: Path, name: str) -> None:
    with there(database) as store, pytest.raises(StoreError, match="Restart"):
        store._call(name)


def test_what_the_parts_offer_is_what_may_be_called(held: Store) -> None:
    """A function that is added to a part is reached beside a server as well, or is none of the part's."""
    parts = {name: part for name, part in vars(held).items() if type(part).__module__.startswith("pmqa.store.")}
    del parts["database"]  # whose cursors stay in their process
    offered = {f"{name}.{one}" for name, part in parts.items() for one in vars(type(part)) if not one.startswith("_")}
    assert {name for name in REACHED if not name.startswith("database.")} == offered


def test_a_part_elsewhere_has_nothing_else(held: Store, database: Path) -> None:
    with there(database) as store:
        for part, name in (("database", "transaction"), ("submissions", "_database"), ("people", "everybody")):
            with pytest.raises(AttributeError, match=name):
                getattr(getattr(store, part), name)


def test_the_key_is_for_the_owner_alone_and_gone_with_the_server(held: Store, database: Path) -> None:
    assert stat.S_IMODE(door_of(database).stat().st_mode) == 0o600


def test_without_a_server_there_is_no_door(database: Path) -> None:
    assert elsewhere(database) is None
    with Store(database) as store:
        Door(store).close()
        assert (elsewhere(database), door_of(database).exists()) == (None, False)


@pytest.mark.parametrize("change", [{"key": "00" * 32}, {"port": 1}, {"port": "x"}])
def test_who_has_another_key_or_finds_nobody_is_not_let_in(held: Store, database: Path, change: dict[str, str]) -> None:
    said = json.loads(door_of(database).read_text(encoding="utf-8"))
    door_of(database).write_text(json.dumps(said | change), encoding="utf-8")
    assert elsewhere(database) is None


def test_who_only_repeats_what_is_said_learns_and_gets_nothing(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Listener(("127.0.0.1", 0)) as listener:
        said = {"port": listener.address[1], "key": "11" * 32, "release": doors.release()}
        door_of(database).write_text(json.dumps(said), encoding="utf-8")

        def echo() -> None:
            with listener.accept() as line:
                line.send_bytes(line.recv_bytes())

        echoing = Thread(target=echo)
        echoing.start()
        assert elsewhere(database) is None
        echoing.join()


def test_who_says_nothing_keeps_nobody_waiting(held: Store, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = json.loads(door_of(database).read_text(encoding="utf-8"))["port"]
    with Client(("127.0.0.1", port)), there(database) as store:
        assert store.version() == held.version()


def test_a_server_of_another_release_is_not_talked_to(held: Store, database: Path) -> None:
    said = json.loads(door_of(database).read_text(encoding="utf-8"))
    door_of(database).write_text(json.dumps(said | {"release": "older"}), encoding="utf-8")
    with pytest.raises(StoreError, match="Restart the dashboard"):
        elsewhere(database)


def test_a_server_that_ends_meanwhile_is_said(database: Path) -> None:
    with Store(database) as store:
        door = Door(store)
        with there(database) as beside:
            beside._line.close()
            with pytest.raises(StoreError, match="run the command again"):
                beside.version()
        door.close()


# --- the commands ------------------------------------------------------------------------------------------------


COMMANDS = (  # in this order, on one database
    ("ingest", "FORMS"),
    ("ingest", "FORMS", "--json"),
    ("withdraw", "S0000004", "--reason", "ผิดไฟล์"),
    ("withdraw", "S0000004", "--reason", "ผิดไฟล์"),
    ("restore", "S0000004", "--json"),
    ("reread",),
    ("people", "add", "a@example.org", "--role", "analyst"),
    ("people", "list"),
    ("people", "remove", "b@example.org"),
    ("people", "remove", "a@example.org", "--json"),
    ("export", "--out", "OUT/scores.csv", "--tables", "scores"),
    ("export", "--out", "OUT/none.csv", "--tables", "scores", "--year", "2500"),
    ("audit", "--since", "2999-01-01"),
    ("demo", "--remove"),
)


def done(run: Run, words: tuple[str, ...], database: Path, forms: Path, out: Path) -> tuple[object, ...]:
    """Exit code and output of a command, without what differs between two databases."""
    own = [str(forms) if word == "FORMS" else word.replace("OUT", str(out)) for word in words]
    code, said, err = run(*own, "--database", database, "--lang", "en")
    return code, *(text.replace(str(database), "DB").replace(str(out), "OUT") for text in (said, err))


def test_beside_a_server_every_command_says_and_does_the_same(run: Run, sample_folder: Path, tmp_path: Path) -> None:
    alone, held = tmp_path / "alone" / "pmqa.duckdb", tmp_path / "held" / "pmqa.duckdb"
    by_itself = [done(run, words, alone, sample_folder, alone.parent) for words in COMMANDS]
    with Store(held) as store:
        door = Door(store)
        assert [done(run, words, held, sample_folder, held.parent) for words in COMMANDS] == by_itself
        with Store(alone) as other:
            assert store.version() == other.version()
        door.close()
    assert not list(held.parent.glob(f"{SNAPSHOTS}*"))
    assert (held.parent / "scores.csv").read_bytes() == (alone.parent / "scores.csv").read_bytes()


def test_a_backup_beside_a_server_is_whole_and_verify_finds_the_server_too(
    run: Run, held: Store, database: Path, tmp_path: Path
) -> None:
    recorded = held.recording.record(make_submission("D001"), b"x", file_name="a.xlsx", received_by="test")
    code, out, _ = run("backup", tmp_path / "b", "--database", database, "--json")
    said = json.loads(out)
    assert (code, said["submissions"], said["version"]) == (0, 1, held.version())
    code, out, _ = run("verify", database, "--json")
    assert (code, json.loads(out)["version"], json.loads(out)["problems"]) == (0, held.version(), [])
    with Store(Path(said["path"])) as copy:
        assert copy.submissions.standing()["submission"].to_list() == [recorded.submission_id]


def test_whoever_may_not_read_the_key_is_told_whose_server_it_is(
    held: Store, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object, **__: object) -> str:
        raise PermissionError

    monkeypatch.setattr(Path, "read_text", closed)
    with pytest.raises(StoreError, match="sudo -u") as raised:
        elsewhere(database)
    assert not isinstance(raised.value, StoreBusy)
