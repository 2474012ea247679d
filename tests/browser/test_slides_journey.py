"""From a chart to a deck, and from a view to a link that opens it in another browser."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from conftest import Server, new_context, settle, visit
from playwright.sync_api import Browser, expect
from pptx import Presentation

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_card_is_taken_along_in_four_clicks_and_a_view_is_shared_in_two(samples: Server, browser: Browser) -> None:
    context = new_context(browser, viewport={"width": 1366, "height": 2000})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    visit(page, f"{samples.url}/gaps?lang=th&agency=DEMO-003")
    page.locator(".st-key-forms-blocking button").click()
    settle(page)
    page.locator(".st-key-add-slide-blocking button").click()
    settle(page)
    page.get_by_role("link", name="เปิดหน้าสไลด์").click()
    settle(page)
    expect(page.locator(".st-key-slide-1")).to_be_visible()
    with page.expect_download() as download:
        page.locator(".st-key-download-storyboard-pptx button").click()
    slides = Presentation(io.BytesIO(Path(download.value.path()).read_bytes())).slides
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles[0] == "สไลด์ของฉัน"
    assert titles[2].startswith("ปิด ")  # the finding of what blocks the next level

    visit(page, f"{samples.url}/gaps?lang=en&agency=DEMO-005")
    page.locator(".st-key-link summary").click()
    settle(page)
    page.locator(".st-key-copy-short button").click()
    settle(page)
    short = page.evaluate("navigator.clipboard.readText()")
    assert short.startswith(f"{samples.url}/?v=")
    other = new_context(browser).new_page()
    visit(other, short)
    assert "/gaps?" in other.url
    assert "agency=DEMO-005" in other.url
    expect(other.get_by_role("heading", name="Gaps, shortest way")).to_be_visible()
    other.context.close()
    context.close()
