"""`pmqa doctor`: what works on this machine, what does not, and what to do about it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from pmqa.cli import doctoring
from pmqa.store import Door, Store

Run = Callable[..., tuple[int, str, str]]
AUTH = (
    '[auth]\nredirect_uri = "http://{host}/oauth2callback"\ncookie_secret = "x"\nclient_id = "a"\nclient_secret = "b"\n'
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with no secrets and a database of its own."""
    monkeypatch.setattr("pmqa.settings.ROOT", tmp_path / "product")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PMQA_DATABASE", str(tmp_path / "pmqa.duckdb"))
    monkeypatch.delenv("PMQA_SECRETS")
    return tmp_path


def looked(run: Run) -> tuple[int, dict[str, tuple[str, str]]]:
    """Exit code, and check -> state and message."""
    code, out, _ = run("doctor", "--json", "--lang", "en")
    return code, {one["check"]: (one["state"], one["message"]) for one in json.loads(out)}


def test_on_a_fresh_machine_everything_works_and_what_is_not_set_up_is_a_note(run: Run) -> None:
    code, found = looked(run)
    states = {name: state for name, (state, _) in found.items()}
    assert (code, states) == (
        0,
        dict.fromkeys(("settings", "packages", "disk", "fonts"), "ok") | dict.fromkeys(("database", "sign_in"), "note"),
    )


def test_it_is_printed_for_people_a_line_each(run: Run) -> None:
    _, out, _ = run("doctor", "--lang", "en")
    assert "✓ fonts" in out
    assert "! sign-in: not set up" in out


@pytest.mark.parametrize(
    ("name", "value", "check", "words"),
    [
        ("PMQA_PEER_MINIMUM", "1", "settings", "PMQA_PEER_MINIMUM"),
        ("PMQA_DISK_MB", "999999999", "disk", "make room"),
    ],
)
def test_what_does_not_work_is_said_and_ends_with_one(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, check: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    code, found = looked(run)
    assert (code, found[check][0], words in found[check][1]) == (1, "wrong", True)


def test_a_bucket_has_no_disk_to_look_at_and_its_keys_are_not_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMQA_DATABASE", "ducklake:postgres:host=/nowhere")
    monkeypatch.setenv("PMQA_DATA_PATH", "s3://pmqa/data")
    monkeypatch.setenv("PMQA_S3_KEY_ID", "a-key-id")
    monkeypatch.setenv("PMQA_S3_SECRET", "a-s3cret")
    code, found = looked(run)
    assert (code, found["settings"][0], found["database"][0], found["disk"][0]) == (1, "ok", "wrong", "ok")
    assert "s3://pmqa/data, which has no disk" in found["disk"][1]
    assert not re.search("a-s3cret|a-key-id", str(found))


def test_a_database_is_opened_or_asked_for_at_the_server_that_has_it(run: Run, home: Path) -> None:
    with Store(home / "pmqa.duckdb") as store:
        door = Door(store)
        assert "takes commands" in looked(run)[1]["database"][1]
        door.close()
    assert looked(run)[1]["database"] == ("ok", f"{home / 'pmqa.duckdb'} opens; 0 submissions, version of the data 0")
    (home / "pmqa.duckdb").write_bytes(b"no database" * 999)
    code, found = looked(run)
    assert (code, found["database"][0]) == (1, "wrong")


def test_packages_that_are_not_those_of_the_lock_file_are_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctoring, "version", lambda name: "0.1")
    _, found = looked(run)
    assert found["packages"][0] == "note"
    assert "duckdb 0.1 (1.5.5)" in found["packages"][1]


# --- sign-in -------------------------------------------------------------------------------------------------------


@pytest.fixture(params=[101, 403, 404])
def proxy(request: pytest.FixtureRequest, home: Path) -> Iterator[tuple[int, str]]:
    """What a proxy answers to who asks for the socket, and its address; secrets that lead to it."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            upgrades = self.headers["Upgrade"] == "websocket" and self.path == "/pmqa/_stcore/stream"
            self.send_response(request.param if upgrades else 500)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    host = f"127.0.0.1:{server.server_port}"
    secrets = home / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    words = AUTH.format(host=f"{host}/pmqa") + 'server_metadata_url = "https://id.example/.well-known"\n'
    secrets.write_text(words, encoding="utf-8")
    yield request.param, host
    server.shutdown()
    server.server_close()


def test_a_proxy_that_does_not_pass_the_socket_on_is_found(
    run: Run, proxy: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(address: str, **_: Any) -> io.BytesIO:
        assert address == "https://id.example/.well-known"
        return io.BytesIO(b'{"issuer": "https://id.example"}')

    monkeypatch.setattr("pmqa.cli.doctoring.urllib.request.urlopen", answer)
    status, _ = proxy
    code, found = looked(run)
    assert found["sign_in"] == ("ok", "https://id.example/.well-known answers as https://id.example")
    assert (found["proxy"][0], code) == (("wrong", 1) if status == 404 else ("ok", 0))


@pytest.mark.parametrize("answer", [b"<html>", b"{}", b"[]", None])
def test_a_provider_that_answers_something_else_is_said(
    run: Run, home: Path, answer: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(*_: Any, **__: Any) -> io.BytesIO:
        if answer is None:
            raise OSError("unreachable")
        return io.BytesIO(answer)

    (home / ".streamlit").mkdir()
    words = AUTH.format(host="127.0.0.1:9") + 'server_metadata_url = "https://id.example/x"\n'
    (home / ".streamlit" / "secrets.toml").write_text(words, encoding="utf-8")
    monkeypatch.setattr("pmqa.cli.doctoring.urllib.request.urlopen", said)
    code, found = looked(run)
    assert (code, found["sign_in"][0], found["proxy"][0]) == (1, "wrong", "note")
