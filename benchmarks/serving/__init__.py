"""What the benchmarks of pages share: a filled database, a server of it, and a visitor who reruns pages.

Speaks the websocket as a browser does. A rerun is measured twice: in wall time from the message that asks for it to the
one that says it has ended, and in CPU time of the server's process, all of its threads and what it cleans up after the
run included. On a quiet machine the two agree; on a busy one wall time says how busy it is, and CPU time stays what it
was. Promises are held against CPU time, of which a wait hides nothing: nothing here waits for anybody.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from pmqa.demo import demo_submissions
from pmqa.framework import DEFAULT_EDITION, shipped_frameworks
from pmqa.places import Place
from pmqa.settings import environment_for
from pmqa.store import Incoming, Store

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 300  # seconds until a server must have answered
KEPT_FOR = 2  # runs that a browser keeps a message for that is not asked for: global.maxCachedMessageAge
TIDYING = 0.02  # seconds after a run in which the server collects its garbage


class Took(NamedTuple):
    """Seconds of a run."""

    cpu: float
    wall: float


def filled(path: Path, agencies: int, years: int = 1) -> Path:
    """A database of so many sample agencies."""
    sent = demo_submissions(shipped_frameworks()[DEFAULT_EDITION], agencies=agencies, years=years)
    with Store(path) as store:
        incoming = [Incoming(one, str(number).encode(), f"{number}.xlsx") for number, one in enumerate(sent)]
        store.recording.record_many(incoming, received_by="demo")
    return path


class Server(NamedTuple):
    """A running server: where it listens, and its process."""

    port: int
    process: int

    def cpu(self) -> float:
        """CPU seconds of the process so far, of every thread that it has or had."""
        return time.clock_gettime((~self.process << 3) | 2)  # what clock_getcpuclockid(3) makes of a process on Linux


@contextmanager
def served(entry: str, folder: Path, database: Place) -> Iterator[Server]:
    """A server of an ASGI entry, which lies in the folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", entry, "--port", str(port), "--log-level", "error"],
        cwd=folder,
        env={**environment_for(database), "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + PATIENCE
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{entry} does not start")
            time.sleep(0.2)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
    return True


class Visitor:
    """One session, which names the large messages that it still has, as a browser does. sent: bytes of the last run."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.page = ""
        self.sent = 0
        self.uploader = ""  # the id of the page's field for files
        self.kept: dict[str, int] = {}  # hash of a large message -> runs since it was last asked for
        url = f"ws://127.0.0.1:{server.port}/_stcore/stream"
        self.socket = connect(url, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def turn_to(self, page: str, query: str = "") -> Took:
        """Go to a page, as a link does."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        return self._measured(message)

    def rerun(self, query: str = "") -> Took:
        """The same page again, with the choices that the address carries."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.query_string = query
        return self._measured(message)

    def _measured(self, message: BackMsg) -> Took:
        cpu, began = self.server.cpu(), time.perf_counter()
        self._run(message)
        wall = time.perf_counter() - began
        time.sleep(TIDYING)
        return Took(self.server.cpu() - cpu, wall)

    def _run(self, message: BackMsg) -> None:
        message.rerun_script.cached_message_hashes.extend(self.kept)
        self.socket.send(message.SerializeToString())
        self.sent = 0
        while True:
            content = self.socket.recv(timeout=PATIENCE)
            self.sent += len(content)
            answer = ForwardMsg.FromString(content)
            kind = answer.WhichOneof("type")
            if answer.metadata.cacheable or kind == "ref_hash":
                self.kept[answer.ref_hash or answer.hash] = 0
            if kind == "delta" and answer.delta.new_element.WhichOneof("type") == "exception":
                raise RuntimeError("the page shows an error; see the server's log")
            if kind == "delta" and answer.delta.new_element.WhichOneof("type") == "file_uploader":
                self.uploader = answer.delta.new_element.file_uploader.id
            if kind == "navigation":
                self.page = answer.navigation.page_script_hash
            elif kind == "script_finished" and answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                self.kept = {name: age + 1 for name, age in self.kept.items() if age < KEPT_FOR}
                return


def usual(runs: Sequence[Took]) -> Took:
    """The median of each."""
    return Took(statistics.median(run.cpu for run in runs), statistics.median(run.wall for run in runs))
