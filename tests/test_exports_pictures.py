"""Pictures: one warm browser, shared, that says what to do where it cannot help."""

from __future__ import annotations

import asyncio
import base64
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import plotly.graph_objects as go
import pytest

from pmqa.charts import EXPORT_WIDTH
from pmqa.errors import ExportError
from pmqa.exports import can_draw, to_pdf, to_png, to_svg
from pmqa.exports.browser import WORKER, Worker, find_chromium
from pmqa.text import LANGUAGES, translator

needs_chromium = pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine")


def figure() -> go.Figure:
    axes = ["การนำองค์การ", "ยุทธศาสตร์", "ผู้รับบริการ", "การวัด"]
    traces = [go.Scatterpolar(r=[300, None, 400, 350], theta=axes), go.Scatter(x=[1, 2], y=[3, 4])]
    layout = {"width": 500, "height": 400, "title": {"text": "ที่ปั้น"}}
    return go.Figure(traces, layout)


def size_of(png: bytes) -> tuple[int, int]:
    return struct.unpack(">II", png[16:24])


@pytest.fixture
def no_browser(monkeypatch):
    monkeypatch.setenv("PMQA_CHROMIUM", "/nowhere/chromium")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_browser_the_error_says_how_to_get_one(no_browser, language):
    assert not can_draw()
    with pytest.raises(ExportError) as refused:
        to_png(figure(), language)
    assert str(refused.value) == translator(language)("exports.picture.no_browser")
    assert "PMQA_CHROMIUM" in str(refused.value)


def test_the_browser_that_is_named_is_the_one_that_is_used(monkeypatch, tmp_path):
    browser = tmp_path / "chromium"
    browser.write_text("")
    monkeypatch.setenv("PMQA_CHROMIUM", str(browser))
    assert find_chromium() == browser


@pytest.mark.slow
def test_a_browser_that_does_not_start_is_an_error_that_says_so(tmp_path):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    worker = Worker(find=lambda: broken)
    with pytest.raises(ExportError, match=r"Chromium does not start|not finished in time"):
        worker.run(drawn_by(figure()), "en")
    worker.close()


def drawn_by(one: go.Figure):
    async def draw(browser) -> bytes:
        return await browser.calc_fig(one.to_dict(), opts={"format": "png"})

    return draw


def test_too_many_at_once_are_told_to_come_back():
    worker = Worker(find=lambda: Path("/bin/true"), most_waiting=0)
    with pytest.raises(ExportError, match="Too many pictures"):
        worker.run(drawn_by(figure()), "en")


@needs_chromium
@pytest.mark.slow
def test_a_png_has_twice_the_pixels_of_the_figure():
    assert size_of(to_png(figure())) == (1000, 800)
    assert size_of(to_png(figure(), width=300, height=200, scale=1)) == (300, 200)


@needs_chromium
@pytest.mark.slow
def test_a_figure_that_follows_the_page_gets_a_width_of_its_own():
    wide = figure().update_layout(width=None)
    assert size_of(to_png(wide, scale=1)) == (EXPORT_WIDTH, 400)


@needs_chromium
@pytest.mark.slow
def test_the_same_figure_gives_the_same_svg_and_png():
    assert to_svg(figure()) == to_svg(figure())
    assert to_png(figure()) == to_png(figure())
    assert "ที่ปั้น" in to_svg(figure()).decode()


@needs_chromium
@pytest.mark.slow
def test_the_same_figure_gives_the_same_svg_from_another_browser():
    first = to_svg(figure())
    WORKER.close()
    assert to_svg(figure()) == first


@needs_chromium
@pytest.mark.slow
def test_a_pdf_is_a_pdf():
    assert to_pdf(figure()).startswith(b"%PDF-")


@needs_chromium
@pytest.mark.slow
def test_a_warm_browser_draws_in_less_than_a_blink():
    to_png(figure())
    start = time.perf_counter()
    to_png(figure())
    assert time.perf_counter() - start < 2.0  # 0.2 s on an idle machine; benchmarks/exports.py measures it


@needs_chromium
@pytest.mark.slow
def test_many_threads_share_one_browser():
    to_png(figure())
    before = WORKER.browser
    with ThreadPoolExecutor(8) as pool:
        pictures = list(pool.map(lambda _: to_png(figure()), range(12)))
    assert len(set(pictures)) == 1
    assert WORKER.browser is before
    assert [thread.name for thread in threading.enumerate()].count("pictures") == 1


@needs_chromium
@pytest.mark.slow
def test_a_browser_that_was_killed_is_started_anew():
    to_png(figure())
    WORKER.browser.subprocess.kill()
    assert size_of(to_png(figure())) == (1000, 800)


@needs_chromium
@pytest.mark.slow
def test_a_browser_that_dies_at_work_is_started_anew_for_the_same_picture():
    died = []

    async def dies_once(browser) -> bytes:
        if not died:
            died.append(True)
            browser.subprocess.kill()
            await asyncio.sleep(30)
        return await browser.calc_fig(figure().to_dict(), opts={"format": "png"})

    assert size_of(WORKER.run(dies_once, "th")) == (500, 400)


@needs_chromium
@pytest.mark.slow
def test_what_takes_too_long_is_given_up_and_the_next_is_served():
    worker = Worker(draw_seconds=4)
    worker.run(drawn_by(figure()), "en")

    async def never(_browser) -> bytes:
        await asyncio.sleep(60)
        return b""

    with pytest.raises(ExportError, match="not finished in time"):
        worker.run(never, "en")
    assert size_of(worker.run(drawn_by(figure()), "en")) == (500, 400)
    worker.close()


@needs_chromium
@pytest.mark.slow
def test_a_figure_that_cannot_be_drawn_harms_no_other():
    before = WORKER.browser

    async def wrong(browser) -> bytes:
        return await browser.calc_fig(
            {"data": [{"type": "scatter", "x": "["}], "layout": {"width": -5}}, opts={"format": "no"}
        )

    with pytest.raises(ExportError, match="could not be drawn"):
        WORKER.run(wrong, "en")
    assert before is None or WORKER.browser is before
    assert to_png(figure())


@needs_chromium
@pytest.mark.slow
def test_a_browser_that_nobody_needs_gives_its_memory_back():
    worker = Worker(idle_seconds=0.5)
    worker.run(drawn_by(figure()), "th")
    process = worker.browser.subprocess
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    assert process.poll() is not None
    worker.close()


@needs_chromium
@pytest.mark.slow
def test_text_of_a_figure_runs_no_script():
    named = figure()
    named.layout.title.text = "<script>document.title='x'</script><img src=x onerror=alert(1)>"
    assert b"<script" not in to_svg(named)
    assert base64.b64encode(to_png(named))
