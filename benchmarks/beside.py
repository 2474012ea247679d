"""What visitors notice of a batch of forms that comes in beside them, and what a server keeps of large uploads.

    python -m benchmarks.beside [--forms 200] [--visitors 20] [--uploads 10]

First `--visitors` sessions rerun pages in turn, alone; then again while `pmqa ingest` brings `--forms` forms into the
database of the same server, through it. Wall times of the reruns are set against each other: those are what a visitor
waits. Then `--uploads` sessions send a file of 24 MB each at once, look at the page, and leave; the server's memory a
minute later is set against that before. Exit 1 where a promise is broken.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.intake import made_form
from benchmarks.serving import PATIENCE, ROOT, Server, Took, Visitor, filled, served, usual

AGENCIES = 100
PAGES = ("overview", "compare", "agency", "gaps", "trust")
MOST_SLOWER = 2.0  # a rerun beside a batch, as a multiple of one without
MOST_KEPT = 1.3  # memory a minute after the uploads, as a multiple of that before
LARGE = 24 * 1024 * 1024
A_MINUTE = 60
NAME = "large.xlsx"
FORMS_MADE = 20  # the others are these with another year: reading costs the same


def batch(folder: Path, forms: int) -> Path:
    """So many filled forms of agencies that nobody sent for yet."""
    folder.mkdir()
    patterns = [made_form(number) for number in range(min(forms, FORMS_MADE))]
    for number in range(forms):
        content = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(patterns[number % len(patterns)])) as pattern,
            zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as form,
        ):
            for name in pattern.namelist():
                form.writestr(name, pattern.read(name).replace(b"D00000", b"D%05d" % number))
        (folder / f"{number:04d}.xlsx").write_bytes(content.getvalue())
    return folder


def reruns(visitors: Sequence[Visitor], *, until: subprocess.Popen[bytes] | None) -> list[Took]:
    """Each visitor reruns in turn: three times, or as long as a batch comes in."""
    runs: list[Took] = []
    turn = 0
    while turn < 3 if until is None else until.poll() is None:
        runs += [visitor.rerun("lang=en") for visitor in visitors]
        turn += 1
    return runs


def beside_a_batch(server: Server, database: Path, forms: Path, count: int) -> float:
    """How many times longer a rerun takes while the batch comes in."""
    with ExitStack() as stack:
        visitors = [stack.enter_context(Visitor(server)) for _ in range(count)]
        for number, visitor in enumerate(visitors):
            visitor.turn_to(PAGES[number % len(PAGES)], "lang=en")
        reruns(visitors, until=None)
        alone = usual(reruns(visitors, until=None))
        command = [sys.executable, "-m", "pmqa", "ingest", str(forms), "--database", str(database), "--by", "benchmark"]
        began = time.perf_counter()
        ingest = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        beside = usual(reruns(visitors, until=ingest))
        took = time.perf_counter() - began
        if ingest.returncode:
            raise RuntimeError(f"ingest ended with {ingest.returncode}")
    ratio = beside.wall / alone.wall
    print(f"{count} visitors, {alone.wall * 1000:.0f} ms a rerun; {took:.0f} s of ingest beside: {ratio:.2f} x")
    return ratio


class Uploader(Visitor):
    """A session that sends a large file, as the page's uploader does."""

    def upload(self, content: bytes) -> None:
        """Ask for an address, put the file there, and let the page read it."""
        ask = BackMsg()
        ask.file_urls_request.request_id = uuid.uuid4().hex
        ask.file_urls_request.file_names.append(NAME)
        self.socket.send(ask.SerializeToString())
        answer = ForwardMsg()
        while answer.WhichOneof("type") != "file_urls_response":
            answer = ForwardMsg.FromString(self.socket.recv(timeout=PATIENCE))  # type: ignore[arg-type]
        where = answer.file_urls_response.file_urls[0]
        _put(self.server, where.upload_url, content)
        run = BackMsg()
        run.rerun_script.page_script_hash = self.page
        widget = run.rerun_script.widget_states.widgets.add(id=self.uploader)
        state = widget.file_uploader_state_value.uploaded_file_info
        state.add(name=NAME, size=len(content), file_id=where.file_id, file_urls=where)
        self._measured(run)


def _put(server: Server, address: str, content: bytes) -> None:
    mark = uuid.uuid4().hex
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{NAME}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
    root = f"http://127.0.0.1:{server.port}"
    with urllib.request.urlopen(f"{root}/_stcore/health", timeout=PATIENCE) as answer:
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
    headers = {
        "Content-Type": f"multipart/form-data; boundary={mark}",
        "Cookie": cookie,
        "X-Xsrftoken": cookie.partition("=")[2],
    }
    url = f"{root}/{address.lstrip('/')}"
    urllib.request.urlopen(urllib.request.Request(url, body, headers, method="PUT"), timeout=PATIENCE).close()


def large_form() -> bytes:
    """A form with a picture that makes it as large as a file may nearly be."""
    content = io.BytesIO(made_form(0))
    with zipfile.ZipFile(content, "a") as form:
        form.writestr("xl/media/image1.png", os.urandom(LARGE))
    return content.getvalue()


def memory(server: Server) -> int:
    """Bytes that the server's process holds."""
    pages = int(Path(f"/proc/{server.process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def after_uploads(server: Server, count: int) -> float:
    """The server's memory a minute after so many uploads at once, as a multiple of that before."""
    content = large_form()
    with ExitStack() as stack:
        senders = [stack.enter_context(Uploader(server)) for _ in range(count)]
        for sender in senders:
            sender.turn_to("submit", "lang=en")
        before = memory(server)
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(lambda sender: sender.upload(content), senders))
        most = memory(server)
    time.sleep(A_MINUTE)
    after = memory(server)
    of = " -> ".join(f"{size / 2**20:.0f}" for size in (before, most, after))
    print(f"{count} uploads of {LARGE / 2**20:.0f} MB at once: {of} MB; {after / before:.2f} x a minute later")
    return after / before


def main() -> int:
    """Print both; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("forms", 200), ("visitors", 20), ("uploads", 10)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        database = filled(folder / "pmqa.duckdb", AGENCIES)
        forms = batch(folder / "forms", asked.forms)
        with served("asgi:app", ROOT, database) as server:
            slower = beside_a_batch(server, database, forms, asked.visitors)
            kept = after_uploads(server, asked.uploads)
    return int(slower > MOST_SLOWER or kept > MOST_KEPT)


if __name__ == "__main__":
    sys.exit(main())
