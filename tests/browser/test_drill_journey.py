"""From a cell of the heatmap to the cell of the file that was sent in two clicks; search by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Server, click_chart, settle, visit
from playwright.sync_api import Page, expect

from pmqa.demo import fill_with_samples
from pmqa.framework import Framework
from pmqa.store import Store

pytestmark = pytest.mark.browser

LOW = {"width": 1366, "height": 768}
CARD = ".st-key-card-strengths"


@pytest.fixture
def server(serve: Callable[..., Server], framework: Framework, tmp_path: Path) -> Server:
    """Forms that went through the reader: only their answers have cells."""
    path = tmp_path / "sent.duckdb"
    with Store(path) as store:
        list(fill_with_samples(store, framework, agencies=2, years=1))
    return serve(path)


def test_two_clicks_from_the_heatmap_to_the_cell_that_was_sent_and_a_code_finds_its_agency(
    server: Server, page: Page
) -> None:
    page.set_viewport_size(LOW)
    visit(page, f"{server.url}/?lang=en")
    for again in (False, True):  # a second click on the same tile is a click as well
        click_chart(page, CARD, 0.6, 0.3)
        panel = page.get_by_role("dialog")
        expect(panel).to_be_visible(timeout=30_000)
        settle(page)
        assert "drill=DEMO-00" in page.url
        if not again:
            page.keyboard.press("Escape")
            expect(panel).to_be_hidden()
            settle(page)
            assert "drill" not in page.url
    parts = panel.get_by_test_id("stDataFrame").first.bounding_box()
    assert parts is not None
    page.mouse.click(parts["x"] + 16, parts["y"] + 35 + 17)  # the box of its first row
    expect(panel).to_contain_text(re.compile(r"หมวด \d!E\d+"), timeout=30_000)
    settle(page)
    item = page.url
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()

    page.keyboard.press("Control+k")
    expect(page.locator(".st-key-search-box input")).to_be_focused(timeout=30_000)
    page.keyboard.type("demo-002")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Agency", timeout=30_000)
    settle(page)
    expect(page.locator(".st-key-agency input").first).to_have_value(re.compile("DEMO-002"))

    visit(page, item)  # the link alone shows the same to somebody else
    expect(page.get_by_role("dialog")).to_contain_text(re.compile(r"หมวด \d!E\d+"))
