"""Pictures of every page, for looking at: languages, light and dark, two screens, four sizes of data.

make shots                                                      everything, into build/shots
make shots SHOTS="--data 24 --language th --page compare agency"
make images                               the pictures of the README and of the guide, into docs/images, static/guide
"""

from __future__ import annotations

import argparse
import io
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))
from conftest import CHROMIUM, CHROMIUM_ARGUMENTS, ROOT, answers, free_port, new_context, visit

from pmqa.demo import demo_submissions
from pmqa.framework import shipped_frameworks
from pmqa.store import Incoming, Store
from pmqa.text import languages
from pmqa.views.guide import PICTURE, PICTURES, source_of, written_in

SIZES = {"none": (0, 0), "one": (1, 1), "24": (24, 3), "hundreds": (300, 3)}
SCREENS = {"1366x768": (1366, 768), "1920x1080": (1920, 1080)}
WAYS = {  # page -> choices that show what the bare address does not
    "agency": ("", "?part=ladder", "?part=answers", "?part=history", "?part=sent"),
    "indicators": ("", "?part=indicator", "?part=core"),
    "compare": (
        "",
        "?by=item",
        "?agencies=DEMO-001&agencies=DEMO-002&agencies=DEMO-003&agencies=DEMO-004&agencies=DEMO-005",
    ),
}
PAGES = tuple(sorted(path.stem for path in (ROOT / "pages").glob("*.py")))
README = {  # name in docs/images -> address
    "overview": "",
    "compare": "compare",
    "agency": "agency?part=ladder",
    "gaps": "gaps",
    "indicators": "indicators",
    "plan": "plan",
    "trace": "trace?trace=3.2",
    "trust": "trust",
    "submit": "submit",
    "framework": "framework",
}
# The guide's pictures are named for pages, but for what the bare address does not show.
GUIDE = {"overview": "", "agency": "agency?part=ladder", "trace": "trace?trace=3.2"}
MOST_BYTES = 250_000


def filled(path: Path, agencies: int, years: int) -> Path:
    with Store(path) as store:
        if agencies:
            sent = demo_submissions(shipped_frameworks()["pmqa4"], agencies=agencies, years=years)
            incoming = [Incoming(one, str(n).encode(), f"ตัวอย่าง-{n}.xlsx") for n, one in enumerate(sent)]
            store.recording.record_many(incoming, received_by="demo", sample=True)
    return path


@contextmanager
def served(database: Path) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "asgi:app", "--port", str(port), "--log-level", "error"],
        cwd=ROOT,
        env={**os.environ, "PMQA_DATABASE": str(database)},
    )
    try:
        while not answers(f"http://127.0.0.1:{port}"):
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def whole(page: Page, width: int, least: int) -> bytes:
    """A picture of all of the page, which scrolls inside its window: the window is made as tall as it is."""
    tall = page.evaluate("() => document.querySelector('[data-testid=\"stMain\"]').scrollHeight")
    page.set_viewport_size({"width": width, "height": max(least, min(int(tall), 12_000))})
    page.wait_for_timeout(500)
    return page.screenshot(timeout=120_000)  # a page of hundreds is some ten thousand pixels tall


def everything(browser: Browser, chosen: argparse.Namespace, folder: Path) -> None:
    for data in chosen.data:
        with tempfile.TemporaryDirectory() as made, served(filled(Path(made) / "x.duckdb", *SIZES[data])) as url:
            for language, scheme, screen in itertools.product(chosen.language, chosen.scheme, chosen.screen):
                width, height = SCREENS[screen]
                context = new_context(browser, viewport={"width": width, "height": height}, color_scheme=scheme)
                page = context.new_page()
                for path in (name + way for name in chosen.page for way in WAYS.get(name, ("",))):
                    visit(page, f"{url}/{path}{'&' if '?' in path else '?'}lang={language}")
                    short = path.replace("?", "_").replace("&agencies=", "+").replace("=", "-")
                    target = folder / f"{data}_{language}_{scheme}_{screen}_{short}.png"
                    target.write_bytes(whole(page, width, height))
                    page.set_viewport_size({"width": width, "height": height})
                    print(target, flush=True)
                context.close()


def images(browser: Browser) -> None:
    """The pictures of the README and of the guide: light, one screen, few colours so that each stays small."""
    with tempfile.TemporaryDirectory() as name, served(filled(Path(name) / "x.duckdb", *SIZES["24"])) as url:
        pictures(browser, url, ROOT / "docs" / "images", README, "th", {"width": 1366, "height": 1000})
        for language in languages():
            folder = ROOT / PICTURES / language
            asked = PICTURE.findall(source_of(language)) if written_in(language) == language else ()
            addresses = {picture: GUIDE.get(picture, picture) for _, picture in asked}
            pictures(browser, url, folder, addresses, language, {"width": 1366, "height": 768})


def pictures(
    browser: Browser, url: str, folder: Path, addresses: Mapping[str, str], language: str, size: ViewportSize
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    context = new_context(browser, viewport=size)
    page = context.new_page()
    for picture, path in addresses.items():
        visit(page, f"{url}/{path}{'&' if '?' in path else '?'}lang={language}")
        drawn = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(128)
        target = folder / f"{picture}.png"
        drawn.save(target, optimize=True)
        assert target.stat().st_size < MOST_BYTES, target
        print(target, target.stat().st_size, flush=True)
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", action="store_true", help="the README's pictures only")
    parser.add_argument("--data", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--language", nargs="+", choices=("th", "en"), default=["th", "en"])
    parser.add_argument("--scheme", nargs="+", choices=("light", "dark"), default=["light", "dark"])
    parser.add_argument("--screen", nargs="+", choices=SCREENS, default=list(SCREENS))
    parser.add_argument("--page", nargs="+", choices=PAGES, default=list(PAGES))
    chosen = parser.parse_args()
    folder = ROOT / "build" / "shots"
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        if chosen.images:
            images(browser)
        else:
            everything(browser, chosen, folder)
        browser.close()


if __name__ == "__main__":
    main()
