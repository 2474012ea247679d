"""The one browser that draws pictures: started on first use, shared by all, restarted when it dies.

Starting Chromium costs seconds and some 500 MB, drawing a figure a third of a second; so there is one, in a thread with
its own event loop, and whoever needs a picture queues for it.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import shutil
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kaleido import Kaleido, PageGenerator
from kaleido.errors import BrowserFailedError, JavascriptError, KaleidoError

from pmqa.errors import ExportError
from pmqa.exports.fonts import FACES
from pmqa.settings import read_settings
from pmqa.text import translator

NAMES: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
USUAL_PLACES: Final = (
    Path("C:/Program Files/Google/Chrome/Application/chrome.exe"),
    Path("C:/Program Files (x86)/Google/Chrome/Application/chrome.exe"),
    Path("C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe"),
    Path("C:/Program Files/Microsoft/Edge/Application/msedge.exe"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
    Path("/snap/bin/chromium"),
)
MOST_WAITING: Final = 40  # beyond it a caller is told to come back instead of waiting
START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 10.0
DRAW_SECONDS: Final = 30.0
WAIT_SECONDS: Final = 120.0  # for one's turn and the drawing
IDLE_SECONDS: Final = 900.0  # then the browser's memory is given back
GLANCE_SECONDS: Final = 0.2  # between two looks at whether the browser lives
ATTEMPTS: Final = 2

# plotly.js names the parts of an SVG at random; the same figure must give the same bytes.
SEEDED_RANDOM: Final = """
        <script>
            (function () {
                let state = 42;
                Math.random = function () {
                    state = (state + 0x6d2b79f5) | 0;
                    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
                    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
                    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
                };
            })();
        </script>"""

IN_OUR_FONT: Final = Path(__file__).with_name("pictures.js")

Work = Callable[[Kaleido], Awaitable[bytes]]


def find_chromium() -> Path | None:
    """The browser that settings name, else one of the system's, else one that kaleido downloaded; None = none."""
    named = read_settings().chromium
    if named is not None:
        return Path(named) if Path(named).is_file() else None
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    for place in (*USUAL_PLACES, Path.home() / "AppData/Local/Google/Chrome/Application/chrome.exe"):
        if place.is_file():
            return place
    from choreographer.browsers.chromium import Chromium  # noqa: PLC0415 - only where nothing else was found

    downloaded = Chromium.find_browser(skip_local=False, skip_typical=True)
    return Path(downloaded) if downloaded else None


@dataclass(frozen=True)
class _Job:
    work: Work
    answer: Future[bytes] = field(default_factory=Future)


class Worker:
    """A browser in a thread of its own, and the queue before it."""

    def __init__(
        self,
        *,
        find: Callable[[], Path | None] = find_chromium,
        most_waiting: int = MOST_WAITING,
        draw_seconds: float = DRAW_SECONDS,
        wait_seconds: float = WAIT_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._find = find
        self._draw_seconds, self._wait_seconds, self._idle_seconds = draw_seconds, wait_seconds, idle_seconds
        self._places = threading.BoundedSemaphore(most_waiting)
        self._changing = threading.Lock()  # held while the thread starts, ends, or is given a job
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._jobs: asyncio.Queue[_Job | None]
        self.browser: Kaleido | None = None

    def run(self, work: Work, language: str) -> bytes:
        """What `work` makes of the browser.

        Raises ExportError, in the language, where there is no browser or none that starts, where too many wait
        already, where it takes too long, and where it cannot be drawn.
        """
        t = translator(language)
        if self._find() is None:
            raise ExportError(t("exports.picture.no_browser"))
        if not self._places.acquire(blocking=False):
            raise ExportError(t("exports.picture.busy"))
        job = _Job(work)
        try:
            self._hand_over(job)
            return job.answer.result(self._wait_seconds)
        except (TimeoutError, CancelledError) as error:
            job.answer.cancel()
            raise ExportError(t("exports.picture.slow")) from error
        except (KaleidoError, JavascriptError, TypeError, ValueError) as error:
            raise ExportError(t("exports.picture.failed")) from error
        except BrowserFailedError as error:
            raise ExportError(t("exports.picture.no_start")) from error
        finally:
            self._places.release()

    def close(self) -> None:
        """End the browser and its thread; the next use starts them anew."""
        with self._changing:
            thread, self._thread = self._thread, None
            if thread is not None and thread.is_alive():
                self._loop.call_soon_threadsafe(self._jobs.put_nowait, None)
        if thread is not None:
            thread.join(STOP_SECONDS)

    def _hand_over(self, job: _Job) -> None:
        with self._changing:
            if self._thread is None or not self._thread.is_alive():
                ready = threading.Event()
                # A daemon, so that a hanging browser never keeps the program from ending.
                self._thread = threading.Thread(
                    target=lambda: asyncio.run(self._serve(ready)), name="pictures", daemon=True
                )
                self._thread.start()
                ready.wait(START_SECONDS)
            self._loop.call_soon_threadsafe(self._jobs.put_nowait, job)

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._jobs = asyncio.get_running_loop(), asyncio.Queue()
        ready.set()
        while True:
            try:
                job = await asyncio.wait_for(self._jobs.get(), self._idle_seconds)
            except TimeoutError:
                await self._end_browser()
                continue
            if job is None:
                break
            if job.answer.set_running_or_notify_cancel():
                await self._answer(job)
        await self._end_browser()

    async def _answer(self, job: _Job) -> None:
        for _ in range(ATTEMPTS):
            if self.browser is not None and self.browser.subprocess.poll() is not None:
                await self._end_browser()  # it died while nobody needed it
            task = asyncio.ensure_future(self._draw(job.work))
            task.add_done_callback(_note_outcome)
            death = asyncio.ensure_future(self._death())
            seconds = self._draw_seconds + (START_SECONDS if self.browser is None else 0)
            await asyncio.wait({task, death}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            in_time, died = task.done(), death.done()
            death.cancel()
            if in_time and not task.cancelled():
                error = task.exception()
                if error is None:
                    job.answer.set_result(task.result())
                    return
                if isinstance(error, KaleidoError | JavascriptError | TypeError | ValueError):
                    job.answer.set_exception(error)  # this figure's own fault: the browser is well
                    return
            task.cancel()
            await self._end_browser()
            if not in_time and not died:
                job.answer.set_exception(TimeoutError())
                return
        job.answer.set_exception(BrowserFailedError())

    async def _draw(self, work: Work) -> bytes:
        if self.browser is None:
            self.browser = await _open_browser(self._find())
        return await work(self.browser)

    async def _death(self) -> None:
        """Ends when a browser that was alive is dead; a picture would wait for its answer for ever."""
        while self.browser is None or self.browser.subprocess.poll() is None:
            await asyncio.sleep(GLANCE_SECONDS)

    async def _end_browser(self) -> None:
        browser, self.browser = self.browser, None
        if browser is None:
            return
        closing = asyncio.ensure_future(browser.close())
        closing.add_done_callback(_note_outcome)
        await asyncio.wait({closing}, timeout=STOP_SECONDS / 2)
        if not closing.done() or closing.cancelled() or closing.exception() is not None:
            browser.subprocess.kill()


def _note_outcome(task: asyncio.Future[Any]) -> None:
    """Read the outcome of a task that may have been given up, so that asyncio does not report it as forgotten."""
    if not task.cancelled():
        task.exception()


async def _open_browser(path: Path | None) -> Kaleido:
    page = PageGenerator(mathjax=False)  # with it, the page would ask the internet for a script
    page.header += SEEDED_RANDOM
    faces = [{"script": face.script, "weight": face.weight, "rule": face.rule()} for face in FACES]
    in_our_font = IN_OUR_FONT.read_text(encoding="utf-8").replace("(FACES)", f"({json.dumps(faces)})")
    page.footer = f"\n        <script>{in_our_font}</script>{page.footer}"
    # Chromium refuses to run as root with its sandbox; everybody else keeps it.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    browser = Kaleido(path=path, timeout=None, page_generator=page, enable_sandbox=not is_root)
    await browser.open()
    return browser


WORKER: Final = Worker()
atexit.register(WORKER.close)
