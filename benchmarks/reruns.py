"""How long reruns of the page Compare take, of 4 agencies among 1,000, as multiples of an empty page's.

    python benchmarks/reruns.py [agencies]

A visitor is a websocket, as a browser opens one; a rerun is timed from the message that asks for it to the one that
says it has ended. The empty page is the dashboard's own with nothing below its title: the same router, sign-in,
sidebar and garbage collector. Beside it, for scale, a script of one title. One run; read the ratios.
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT)]

from pmqa.demo import demo_submissions  # noqa: E402
from pmqa.framework import DEFAULT_EDITION, shipped_frameworks  # noqa: E402
from pmqa.store import Incoming, Store  # noqa: E402

BARE = "import streamlit as st\nst.title('bare')\n"
# With what the product has loaded, and frozen, or the two could not be told apart from the garbage collector.
SERVE = "import asgi\nimport streamlit as st\napp = st.App({script!r}, lifespan=asgi.lifespan)\n"
RUN, NOTHING = "    page.run()\n", "    __import__('streamlit').title('empty')\n"
RERUNS = 25
REPLAYED, CHANGED = 2.0, 6.0  # at most so many times an empty page's rerun


def filled(path: Path, agencies: int) -> None:
    sent = demo_submissions(shipped_frameworks()[DEFAULT_EDITION], agencies=agencies, years=1)
    with Store(path) as store:
        files = [(f"{one.agency_code}-{one.fiscal_year}-{one.source}", one) for one in sent]
        store.record_many([Incoming(one, name.encode(), f"{name}.xlsx") for name, one in files], received_by="demo")


@contextmanager
def served(target: str, folder: Path, database: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "uvicorn", target, "--port", str(port), "--log-level", "error"]
    environment = {**os.environ, "PMQA_DATABASE": str(database), "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, cwd=folder, env=environment)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


class Visitor:
    """One session, and the page that it is on."""

    def __init__(self, socket_: Any) -> None:
        self.socket = socket_
        self.page = ""
        self.sent = 0

    async def rerun(self, query: str = "") -> float:
        """Seconds of one rerun, with the choices that the address carries."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_script_hash = self.page
        self.sent = 0
        started = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        while True:
            content = await self.socket.recv()
            self.sent += len(content)
            answer = ForwardMsg()
            answer.ParseFromString(content)
            kind = answer.WhichOneof("type")
            if kind == "navigation":
                self.page = answer.navigation.page_script_hash
            if kind == "script_finished" and answer.script_finished in (0, 2):
                return time.perf_counter() - started


async def visit(port: int, page: str = "", query: str = "") -> Visitor:
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    opened = await websockets.connect(address, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]
    visitor = Visitor(opened)
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = page
    await opened.send(message.SerializeToString())
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(await opened.recv())
        kind = answer.WhichOneof("type")
        if kind == "navigation":
            visitor.page = answer.navigation.page_script_hash
        if kind == "script_finished" and answer.script_finished == 0:
            return visitor


async def nothing(port: int, page: str = "") -> float:
    """Median seconds of a rerun without any choice."""
    visitor = await visit(port, page)
    return statistics.median([await visitor.rerun() for _ in range(RERUNS)])


async def compare(port: int, codes: list[str]) -> tuple[float, float, int]:
    """Median seconds replayed and of a choice that was never made before; bytes of a replayed rerun."""
    chosen = "&".join(f"agencies={code}" for code in codes[:4])
    visitor = await visit(port, "compare", f"{chosen}&lang=en")
    replayed = [await visitor.rerun(f"{chosen}&lang=en") for _ in range(RERUNS)]
    size = visitor.sent
    changed = []
    for turn in range(10):
        other = "&".join(f"agencies={code}" for code in codes[4 + turn : 8 + turn])
        changed.append(await visitor.rerun(f"{other}&lang=en"))
    return statistics.median(replayed), statistics.median(changed), size


def main(agencies: int = 1000) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        database = folder / "many.duckdb"
        filled(database, agencies)
        scripts = {"bare": BARE, "empty": (ROOT / "app.py").read_text(encoding="utf-8").replace(RUN, NOTHING)}
        least = {}
        for name, script in scripts.items():
            (folder / f"{name}.py").write_text(script, encoding="utf-8")
            (folder / f"serve_{name}.py").write_text(SERVE.format(script=str(folder / f"{name}.py")), encoding="utf-8")
            with served(f"serve_{name}:app", folder, database) as port:
                least[name] = asyncio.run(nothing(port, "compare" if name == "empty" else ""))
        codes = [f"DEMO-{number:03}" for number in range(1, 30)]
        with served("asgi:app", ROOT, database) as port:
            replayed, changed, size = asyncio.run(compare(port, codes))
    for name, seconds in least.items():
        print(f"{name} page                     {seconds * 1000:8.1f} ms")
    for what, seconds, most in (("replayed", replayed, REPLAYED), ("a choice changed", changed, CHANGED)):
        ratio = seconds / least["empty"]
        print(f"Compare, {what:20} {seconds * 1000:8.1f} ms  {ratio:5.1f}x  (at most {most}x)")
    print(f"sent in a replayed rerun       {size / 1000:7.0f} kB")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))
