"""Pictures: one warm browser, shared, that says what to do where it cannot help."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import shutil
import struct
import subprocess
import sys
import threading
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import plotly.graph_objects as go
import pytest

from pmqa.charts import EXPORT_WIDTH
from pmqa.charts.gallery import gallery
from pmqa.errors import ExportError
from pmqa.exports import can_draw, to_pdf, to_png, to_svg
from pmqa.exports.browser import WORKER, Worker, find_chromium
from pmqa.exports.fonts import FACES, FAMILY, LETTERS
from pmqa.settings import ROOT
from pmqa.text import languages, translator

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


@pytest.mark.parametrize("language", languages())
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
def test_a_png_too_tall_for_the_browsers_canvas_has_fewer_pixels_and_is_not_empty():
    width, height = size_of(to_png(figure(), width=60, height=40_000))
    assert 65_000 < height <= 65_535
    assert width == 60 * height // 40_000


@pytest.mark.slow
def test_a_picture_without_content_is_an_error_that_says_what_to_do(monkeypatch):
    monkeypatch.setattr(WORKER, "run", lambda *_: b"")
    with pytest.raises(ExportError, match="could not be drawn"):
        to_png(figure(), "en")


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


def picture_digests() -> str:
    """What of every form must be the same for the same chart, whoever draws it and when."""
    shown = {name: chart for name, chart, _, _ in gallery("th", "light")}
    pictures = [draw(shown[name]) for name in ("radar", "heatmap") for draw in (to_png, to_svg, to_pdf)]
    return " ".join(hashlib.sha256(picture).hexdigest() for picture in pictures)


@needs_chromium
@pytest.mark.slow
def test_the_same_chart_gives_the_same_png_svg_and_pdf_in_another_process_and_browser():
    code = "import test_exports_pictures as pictures; print(pictures.picture_digests())"
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
        "PYTHONHASHSEED": "7",
        "TZ": "America/New_York",
    }
    found = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)
    assert found.stdout.strip() == picture_digests()


# --- the font ---------------------------------------------------------------------------------------------------------


def test_pictures_have_the_font_of_the_pages():
    told = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]["fontFaces"]
    pages = {(face["family"], Path(face["url"]).name, face["weight"], face["unicodeRange"]) for face in told}
    assert pages == {(FAMILY, face.path.name, face.weight, LETTERS[face.script]) for face in FACES}


def lettered(title: str, family: str = "Sarabun, sans-serif") -> go.Figure:
    layout = {"width": 400, "height": 120, "title": {"text": title}, "font": {"family": family}}
    return go.Figure(layout=layout | {"xaxis": {"visible": False}, "yaxis": {"visible": False}})


@needs_chromium
@pytest.mark.slow
@pytest.mark.parametrize(
    ("title", "faces"),
    [
        ("The water", ["latin-400"]),
        ("<b>The water</b>", ["latin-400", "latin-700"]),
        ("กี่ปีที่น้ำท่วม", ["thai-400", "latin-400"]),
        ("<b>กี่ปีที่น้ำท่วม</b>", ["thai-400", "thai-700", "latin-400", "latin-700"]),
    ],
)
def test_an_svg_carries_the_faces_that_its_text_needs(title, faces):
    drawn = to_svg(lettered(title)).decode()
    assert [f"{face.script}-{face.weight}" for face in FACES if face.rule() in drawn] == faces
    assert drawn.count("@font-face") == len(faces)


@needs_chromium
@pytest.mark.slow
def test_a_png_is_written_in_the_products_font_and_not_in_one_of_the_server():
    ours, fallback = (to_png(lettered("กี่ปีที่น้ำท่วม", family)) for family in ("Sarabun, Garuda", "Garuda"))
    assert ours != fallback


@needs_chromium
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="no pdffonts on this machine")
def test_a_pdf_embeds_the_products_font_and_no_other(tmp_path):
    path = tmp_path / "chart.pdf"
    path.write_bytes(to_pdf(lettered("<b>กี่ปี</b>ที่น้ำ water")))
    listed = subprocess.run(["pdffonts", str(path)], check=True, capture_output=True, text=True).stdout
    fonts = [line.split() for line in listed.splitlines()[2:]]
    assert fonts
    assert all(FAMILY in font[0] and font[-5] == "yes" for font in fonts), listed


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
