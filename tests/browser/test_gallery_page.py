"""The gallery page as a developer opens it: every chart stands, nothing is clipped or on top of another."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Server, visit
from playwright.sync_api import Page
from test_charts_pictures import FIND_CLIPPED, FIND_OVERLAPS

from pmqa.charts.gallery import gallery

PICTURES = Path(__file__).parent.parent / "output" / "gallery"
STACKED = """() => {
    const cards = [...document.querySelectorAll('[class*="st-key-card-"]')].map((card) => card.getBoundingClientRect());
    return cards.slice(1).filter((card, place) => card.top < cards[place].bottom - 1).length;
}"""

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_every_chart_of_the_gallery_stands_on_its_page(samples: Server, page: Page) -> None:
    """In one language: that no words are clipped in either is held chart by chart, without a page."""
    visit(page, f"{samples.url}/gallery")
    names = [name for name, *_ in gallery("th", "light")]
    assert page.locator('[data-testid="stException"]').count() == 0
    assert page.locator('[class*="st-key-card-"] .stPlotlyChart').count() == len(names)
    bad: dict[str, list[str]] = {}
    for name in names:
        chart = f".st-key-card-{name} .stPlotlyChart"
        assert page.locator(f"{chart} .main-svg").count(), name
        if found := [*page.evaluate(FIND_CLIPPED, chart), *page.evaluate(FIND_OVERLAPS, chart)]:
            bad[name] = found
    assert not bad
    assert page.evaluate(STACKED) == 0
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(PICTURES / "th.png"))
