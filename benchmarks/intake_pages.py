"""What one person's upload costs the others: another visitor's rerun while files are read, and the server's memory.

    python benchmarks/intake_pages.py [--files 100] [--zips 10]

Speaks the websocket and the upload of the production entry as a browser does. A visitor looks at a page again and
again, first alone, then while a zip of filled forms is read. Then more zips of distinct forms follow, and the memory of
the web process is looked at after each. Exits 1 where the visitor waits twice as long or more, or memory keeps growing.
"""

from __future__ import annotations

import argparse
import io
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

# ruff: noqa: E402
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from pmqa.demo import demo_submissions
from pmqa.framework import shipped_frameworks
from pmqa.store import Incoming, Store
from tests.forms import packed, parts_of
from tests.test_submit_page import sound

MOST = 2.0  # times the visitor's usual rerun
MOST_GROWTH = 0.10  # of memory, from the second zip to the last
RERUNS = 40


def bundles(count: int, each: int) -> list[bytes]:
    """Zips of forms that differ by their agency; of one form, as writing a thousand would take minutes."""
    pattern = parts_of(sound(shipped_frameworks()["pmqa4"], "D00000"))
    made = []
    for zip_number in range(count):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for number in range(each):
                code = f"D{zip_number * each + number + 1:05}".encode()
                parts = {name: part.replace(b"D00000", code) for name, part in pattern.items()}
                archive.writestr(f"{code.decode()}.xlsx", packed(parts))
        made.append(content.getvalue())
    return made


class Visit:
    """One person's session."""

    def __init__(self, port: int, connection: ClientConnection, page: str) -> None:
        self.port, self.connection = port, connection
        self.session = self.uploader = self.page = ""
        ask = BackMsg()
        ask.rerun_script.page_name = page
        self.run(ask)

    def again(self) -> float:
        """Seconds of another run of the same page."""
        ask = BackMsg()
        ask.rerun_script.page_script_hash = self.page
        began = time.perf_counter()
        self.run(ask)
        return time.perf_counter() - began

    def run(self, ask: BackMsg) -> None:
        """Send, and read until every run that follows has ended."""
        self.connection.send(ask.SerializeToString())
        while True:
            answer = self.next()
            ended = answer.WhichOneof("type") == "script_finished"
            if ended and answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return

    def next(self) -> ForwardMsg:
        answer = ForwardMsg.FromString(self.connection.recv(timeout=600))
        kind = answer.WhichOneof("type")
        if kind == "new_session":
            self.page = answer.new_session.page_script_hash
            self.session = answer.new_session.initialize.session_id
        elif kind == "delta" and answer.delta.new_element.WhichOneof("type") == "file_uploader":
            self.uploader = answer.delta.new_element.file_uploader.id
        return answer

    def upload(self, name: str, content: bytes) -> None:
        """A file into the uploader; returns when it has been read."""
        ask = BackMsg()
        ask.file_urls_request.request_id = name
        ask.file_urls_request.file_names.append(name)
        ask.file_urls_request.session_id = self.session
        self.connection.send(ask.SerializeToString())
        while (answer := self.next()).WhichOneof("type") != "file_urls_response":
            continue
        urls = answer.file_urls_response.file_urls[0]
        boundary = "----pmqa"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_stcore/health") as answered:
            cookie = answered.headers["Set-Cookie"].partition(";")[0]
        token = cookie.partition("=")[2].strip('"')
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Cookie": cookie, "X-Xsrftoken": token}
        url = f"http://127.0.0.1:{self.port}{urls.upload_url}"
        urllib.request.urlopen(urllib.request.Request(url, body, headers, method="PUT"))
        ask = BackMsg()
        ask.rerun_script.page_script_hash = self.page
        state = ask.rerun_script.widget_states.widgets.add()
        state.id = self.uploader
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.file_id, info.name, info.size = urls.file_id, name, len(content)
        info.file_urls.CopyFrom(urls)
        self.run(ask)


@contextmanager
def served(database: Path) -> Iterator[tuple[int, int]]:
    """The production entry: its port and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "asgi:app", "--port", str(port), "--log-level", "warning"],
        cwd=ROOT,
        env={**os.environ, "PMQA_DATABASE": str(database)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def memory(process: int) -> float:
    """Megabytes of the server, its children left out."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def visited(folder: Path, content: bytes) -> tuple[list[float], list[float], float]:
    """Seconds of a visitor's reruns alone and while a zip is read, and how long that took."""
    database = folder / "visited.duckdb"
    with Store(database) as store:
        sent = demo_submissions(shipped_frameworks()["pmqa4"], agencies=24, years=3)
        incoming = [Incoming(one, str(n).encode(), f"{n}.xlsx") for n, one in enumerate(sent)]
        store.recording.record_many(incoming, received_by="demo")
    with served(database) as (port, _), session(port) as one, session(port) as other:
        sender, visitor = Visit(port, one, "submit"), Visit(port, other, "overview")
        for _ in range(5):
            visitor.again()
        alone = [visitor.again() for _ in range(RERUNS)]
        reading = threading.Thread(target=sender.upload, args=("0.zip", content))
        began = time.perf_counter()
        reading.start()
        meanwhile = []
        while reading.is_alive():
            meanwhile.append(visitor.again())
            time.sleep(0.05)
        return alone, meanwhile, time.perf_counter() - began


def remembered(folder: Path, zips: list[bytes]) -> list[float]:
    """Megabytes of the web process after each zip; nothing else is in the database, so that no page caches much."""
    with served(folder / "empty.duckdb") as (port, process), session(port) as one:
        sender = Visit(port, one, "submit")
        used = []
        for number, content in enumerate(zips):
            sender.upload(f"{number}.zip", content)
            used.append(memory(process))
        return used


def session(port: int) -> ClientConnection:
    """A person's connection."""
    return connect(f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100, help="in each zip")
    parser.add_argument("--zips", type=int, default=10)
    chosen = parser.parse_args()
    zips = bundles(chosen.zips, chosen.files)
    with tempfile.TemporaryDirectory() as name:
        alone, meanwhile, took = visited(Path(name), zips[0])
        print(f"{chosen.files} files read in {took:.1f} s, {len(meanwhile)} reruns of another visitor meanwhile")
        for label, times in (("alone", alone), ("meanwhile", meanwhile)):
            print(f"  rerun {label:<10}{1000 * statistics.median(times):7.1f} ms, at worst {1000 * max(times):.0f}")
        ratio = statistics.median(meanwhile) / statistics.median(alone)
        print(f"  x {ratio:.2f}", flush=True)
        used = remembered(Path(name), zips)
    growth = used[-1] / used[min(1, len(used) - 1)] - 1
    print("memory of the web process, MB:", *(f"{each:.0f}" for each in used))
    print(f"  growth from the second zip to the last ({chosen.zips * chosen.files} files): {growth:+.1%}")
    return int(ratio >= MOST or growth > MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
