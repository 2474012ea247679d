"""From a number on the overview to the cell of the file that it comes from, with the keyboard, and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Server, settle, visit
from playwright.sync_api import Page, expect

from pmqa.framework import Framework
from tests.pages import filled

pytestmark = pytest.mark.browser

Serve = Callable[..., Server]


@pytest.fixture
def server(serve: Serve, framework: Framework, tmp_path: Path) -> Server:
    return serve(filled(tmp_path / "trace.duckdb", framework, 6, 2))


def test_a_number_leads_to_its_trace_and_back_leads_to_the_page(server: Server, page: Page) -> None:
    visit(page, f"{server.url}/overview?lang=en&year=2568&basis=evidenced")
    card = page.locator(".st-key-card-strengths")
    expect(card).to_be_visible(timeout=60_000)
    menu = page.locator(".st-key-traces-strengths button").first
    menu.focus()
    page.keyboard.press("Enter")
    settle(page)
    link = page.get_by_test_id("stPopoverBody").get_by_test_id("stPageLink-NavLink").nth(3)
    expect(link).to_be_visible()
    words = link.inner_text().replace("\u2060", "")  # keeps markdown from reading names as markup
    assert "2568" in words
    assert "year=2568" in str(link.get_attribute("href"))
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Origin of a number", timeout=30_000)
    settle(page)
    shown = page.get_by_test_id("stMetricValue").first.inner_text()
    assert f": {shown} (" in words
    for part in ("trace=", "lang=en", "year=2568", "basis=evidenced"):
        assert part in page.url

    # The link alone shows the same to somebody else.
    other = page.context.new_page()
    other.set_viewport_size({"width": 1400, "height": 2400})
    visit(other, page.url)
    expect(other.locator("h1")).to_have_text("Origin of a number")
    assert other.get_by_test_id("stMetricValue").first.inner_text() == shown
    other.close()

    page.go_back()
    expect(page.locator("h1")).to_have_text("Home", timeout=30_000)
