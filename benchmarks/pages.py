"""How much longer a rerun of each page takes than one of an empty page, with 24 agencies over three years.

Speaks the websocket of the production entry as a browser does and asks for the same page again and again; nothing has
changed in between, so this is what every click costs before what it asks for.

The empty page is the dashboard with its menu and sidebar and nothing on the page, as it is before anybody has sent
anything. For comparison, a script of one button is measured as well: what Streamlit itself takes. Prints milliseconds
and ratios; exits 1 where a page takes three times the empty page or more. Read the ratios: one machine,
one run.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from pmqa.demo import demo_submissions
from pmqa.framework import shipped_frameworks
from pmqa.store import Incoming, Store

ROOT = Path(__file__).parent.parent
NOT_MEASURED = {"gallery"}  # for developers: every chart there is, at once
PAGES = sorted({path.stem for path in (ROOT / "pages").glob("*.py")} - NOT_MEASURED)
MOST = 3.0
WARM, RERUNS = 5, 40

# The same process with nothing on the page: the floor that Streamlit itself sets.
EMPTY_APP = 'import streamlit as st\n\nst.button("again", key="again")\n'
EMPTY_ENTRY = """
import asyncio
from contextlib import asynccontextmanager
import streamlit as st

@asynccontextmanager
async def lifespan(_):
    from pmqa.ui import freeze
    await asyncio.to_thread(freeze)
    yield

app = st.App({script!r}, lifespan=lifespan)
"""


@contextmanager
def served(entry: str, folder: Path, database: Path) -> Iterator[int]:
    """A server of an ASGI entry; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", entry, "--port", str(port), "--log-level", "warning"],
        cwd=folder,
        env={**os.environ, "PMQA_DATABASE": str(database), "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"},
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def rerun(connection: ClientConnection, *, page: str = "", page_hash: str = "") -> tuple[float, str]:
    """Ask for a run and read until it has ended: seconds, and the hash by which to ask for the page again."""
    ask = BackMsg()
    ask.rerun_script.page_name = page
    ask.rerun_script.page_script_hash = page_hash
    began = time.perf_counter()
    connection.send(ask.SerializeToString())
    while True:
        answer = ForwardMsg.FromString(connection.recv(timeout=120))
        kind = answer.WhichOneof("type")
        if kind == "delta" and answer.delta.new_element.WhichOneof("type") == "exception":
            raise RuntimeError(f"the page {page or page_hash} shows an error; see the server's log")
        if kind == "navigation":
            page_hash = answer.navigation.page_script_hash
        elif kind == "script_finished" and answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            return time.perf_counter() - began, page_hash


def usual_rerun(port: int, page: str = "") -> float:
    """Milliseconds of a rerun of a page that has been shown before: the tenth percentile, as a busy machine adds."""
    with connect(f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as connection:
        _, page_hash = rerun(connection, page=page)
        for _ in range(WARM):
            rerun(connection, page_hash=page_hash)
        times = [rerun(connection, page_hash=page_hash)[0] for _ in range(RERUNS)]
        return 1000 * statistics.quantiles(times, n=10)[0]


def main() -> int:
    framework = shipped_frameworks()["pmqa4"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Store(folder / "24.duckdb") as store:
            sent = demo_submissions(framework, agencies=24, years=3)
            store.record_many(
                [Incoming(one, str(n).encode(), f"{n}.xlsx") for n, one in enumerate(sent)], received_by="demo"
            )
        (folder / "empty.py").write_text(EMPTY_APP)
        (folder / "empty_entry.py").write_text(EMPTY_ENTRY.format(script=str(folder / "empty.py")))
        with served("empty_entry:app", folder, folder / "unused.duckdb") as port:
            bare = usual_rerun(port)
        print(f"{'(one button)':<14}{bare:8.1f} ms")
        with served("asgi:app", ROOT, folder / "nobody.duckdb") as port:
            floor = usual_rerun(port, "compare")
        print(f"{'(empty page)':<14}{floor:8.1f} ms")
        ratios = {}
        with served("asgi:app", ROOT, folder / "24.duckdb") as port:
            for page in PAGES:
                took = usual_rerun(port, page)
                ratios[page] = took / floor
                print(
                    f"{page:<14}{took:8.1f} ms   {ratios[page]:5.2f} x   ({took / bare:.1f} x one button)", flush=True
                )
    return int(max(ratios.values()) >= MOST)


if __name__ == "__main__":
    sys.exit(main())
