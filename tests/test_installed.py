"""The product as an installation runs it: one server process, commands beside it, a proxy in front of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pmqa.store.door import door_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
STARTS_WITHIN = 90.0  # seconds


@dataclass(frozen=True)
class Installed:
    """A server of this product on a port of its own."""

    database: Path
    port: int
    process: subprocess.Popen[str]

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""
        except OSError:
            return 0, ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(*words: object, database: Path) -> subprocess.CompletedProcess[str]:
    said = [sys.executable, "-m", "pmqa", *map(str, words), "--lang", "en"]
    environment = {**os.environ, "PMQA_DATABASE": str(database)}
    return subprocess.run(said, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)


def started(database: Path, **settings: str) -> Installed:
    port = free_port()
    words = [sys.executable, "-m", "pmqa", "serve", "--port", str(port), "--address", "127.0.0.1", "--lang", "en"]
    environment = {**os.environ, "PMQA_DATABASE": str(database), **settings}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return Installed(database, port, subprocess.Popen(words, cwd=ROOT, env=environment, text=True, **pipes))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("installed")
    (folder / "inbox").mkdir()
    running = started(folder / "pmqa.duckdb", PMQA_INBOX=str(folder / "inbox"))
    until = time.monotonic() + STARTS_WITHIN
    while running.get("/readyz") != (200, "ready"):
        assert running.process.poll() is None, running.process.communicate()[1]
        assert time.monotonic() < until
        time.sleep(0.2)
    yield running
    running.process.kill()
    running.process.communicate()


def test_commands_work_beside_the_server_and_nothing_waits_for_the_file(
    server: Installed, sample_folder: Path, tmp_path: Path
) -> None:
    sent = command("ingest", sample_folder, database=server.database)
    assert (sent.returncode, "recorded" in sent.stderr.casefold()) == (0, True), sent.stderr
    saved = command("backup", tmp_path, "--json", database=server.database)
    assert (saved.returncode, json.loads(saved.stdout)["submissions"]) == (0, 3), saved.stderr
    listed = command("audit", "--format", "json", database=server.database)
    assert [one["action"] for one in json.loads(listed.stdout)].count("recorded") == 3
    assert server.get("/readyz") == (200, "ready")


def test_a_second_server_on_the_same_database_ends_with_a_sentence(server: Installed) -> None:
    second = started(server.database)
    _, said = second.process.communicate(timeout=STARTS_WITHIN)
    assert second.process.returncode not in (0, None)
    assert "A dashboard has the database" in said
    assert "Traceback" not in said


def test_the_end_of_a_service_is_quiet_and_takes_the_door_with_it(server: Installed) -> None:
    """Last in this file: it ends the server."""
    server.process.send_signal(signal.SIGTERM)
    _, said = server.process.communicate(timeout=30)
    assert "Traceback" not in said
    assert not door_of(server.database).exists()
    assert server.process.returncode in (0, -signal.SIGTERM)
