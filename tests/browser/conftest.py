"""A dashboard on a port of its own, and Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from nursery import Child
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from pmqa.demo import demo_submissions
from pmqa.framework import Framework
from pmqa.store import Incoming, Store

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
CHROMIUM_ARGUMENTS = ("--no-sandbox", "--disable-gpu")
STARTS_WITHIN = 180  # seconds
SETTLES_WITHIN = 180_000  # milliseconds; three dozen charts take a slow machine more than a minute
expect.set_options(timeout=30_000)  # milliseconds: where a page does what it should, nobody waits that long
TALL = {"width": 1366, "height": 3000}  # the page scrolls inside, so that only a tall window shows all of it
QUIET = 400  # milliseconds without a run, after which none is expected: the rerun of a click begins within them
SETTLED = f"""asked => {{
    const busy = document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState !== 'notRunning'
        || document.querySelector('[data-testid="stSkeleton"]')
        || [...document.querySelectorAll('.stPlotlyChart')].some(chart => !chart.querySelector('.main-svg'));
    if (busy || window.asked !== asked) [window.asked, window.quietSince] = [asked, performance.now()];
    return !busy && performance.now() - window.quietSince >= {QUIET};
}}"""


@dataclass(frozen=True)
class Server:
    """A running dashboard."""

    url: str
    log: Path
    database: Path


Running = tuple[subprocess.Popen[bytes] | Child, Server]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def end(process: subprocess.Popen[bytes] | Child) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def running() -> Iterator[list[Running]]:
    """Every dashboard that was started. At the end no log holds an error."""
    every: list[Running] = []
    yield every
    for process, _ in every:
        end(process)
    logs = [server.log.read_text() for _, server in every]
    assert not [log for log in logs if "Traceback" in log]


@pytest.fixture(autouse=True)
def none_outlives_its_test(running: list[Running], tmp_path: Path) -> Iterator[None]:
    """A dashboard that one test alone asked for ends with it: a dozen of idle ones slow what comes after."""
    yield
    for process, server in running:
        if server.database.is_relative_to(tmp_path):
            end(process)


@pytest.fixture(scope="session")
def serve(running: list[Running], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Server]:
    """Starts a dashboard: `serve(database, uvicorn=False, **environment)`.

    afresh: as a command does, and not from the nursery; with uvicorn always.
    instead_of: a dashboard that ends first, and whose address the new one has, as after a restart. port: where an
    identity provider was told to send people back to.
    """

    def start(
        database: Path,
        *,
        uvicorn: bool = False,
        afresh: bool = False,
        instead_of: Server | None = None,
        port: int | None = None,
        **environment: str,
    ) -> Server:
        port = port or free_port()
        if instead_of is not None:
            port = int(instead_of.url.rpartition(":")[2])
            end(next(process for process, server in running if server is instead_of))
        if uvicorn:
            command = ["uvicorn", "asgi:app", "--host", "127.0.0.1", "--port", str(port)]
        else:
            command = ["streamlit", "run", "app.py", "--server.port", str(port)]
        log = tmp_path_factory.mktemp("server") / "log.txt"
        environment = {**os.environ, "PMQA_DATABASE": str(database), **environment}
        process: subprocess.Popen[bytes] | Child
        if afresh or uvicorn:
            words = [sys.executable, "-m", *command]
            process = subprocess.Popen(
                words, cwd=ROOT, env=environment, stdout=log.open("wb"), stderr=subprocess.STDOUT
            )
        else:
            process = Child(command, ROOT, environment, log)
        server = Server(f"http://127.0.0.1:{port}", log, database)
        running.append((process, server))
        until = time.monotonic() + STARTS_WITHIN
        while not answers(server.url):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)
        return server

    return start


@pytest.fixture(scope="session")
def sample_database(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 agencies over three years, as samples. No server holds it: serve a copy."""
    path = tmp_path_factory.mktemp("samples") / "24.duckdb"
    with Store(path) as store:
        sent = demo_submissions(framework, agencies=24, years=3)
        incoming = [Incoming(one, str(n).encode(), f"sample-{n}.xlsx") for n, one in enumerate(sent)]
        store.recording.record_many(incoming, received_by="demo", sample=True)
    return path


@pytest.fixture(scope="session")
def samples(serve: Callable[..., Server], sample_database: Path) -> Server:
    """A dashboard with the samples, for tests that change nothing."""
    return serve(Path(shutil.copy(sample_database, sample_database.with_name("served.duckdb"))), afresh=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here; `make test-tools` installs it")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    """Without motion: fading takes half of the browser's time where no graphics card draws it."""
    return browser.new_context(reduced_motion="reduce", **options)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = new_context(browser, viewport=TALL, locale="th-TH", accept_downloads=True)
    yield context.new_page()
    context.close()


def settle(page: Page) -> Page:
    """Wait until everything is drawn and no run has begun for a while: one that is asked for now begins soon."""
    page.wait_for_function(SETTLED, arg=time.monotonic(), timeout=SETTLES_WITHIN, polling=100)
    return page


def visit(page: Page, url: str) -> Page:
    page.goto(url)
    return settle(page)


def click_chart(page: Page, card: str, across: float, down: float) -> None:
    """Click in the chart of a card, at these shares of its width and height, as people do: the mouse arrives and is
    pressed at once, for a tenth of a second.
    """
    plot = page.locator(f"{card} .nsewdrag").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    x, y = box["x"] + across * box["width"], box["y"] + down * box["height"]
    page.mouse.move(x, y)
    expect(page.locator(f"{card} .hoverlayer .hovertext")).to_be_visible()
    page.mouse.move(x + 2, y)
    page.mouse.click(x + 4, y, delay=100)
