"""A heatmap of more agencies than a screen holds: its rows scroll, the headings of its columns stay; paper has all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Server, new_context, visit
from playwright.sync_api import Browser

from pmqa.demo import demo_submissions
from pmqa.framework import Framework
from pmqa.store import Incoming, Store

AGENCIES = 60
CARD = ".st-key-card-strengths"
ON_PAPER = """(card) => [...document.querySelectorAll(`${card} .stPlotlyChart`)]
    .filter((one) => one.checkVisibility())
    .map((one) => {
        const block = one.closest('[data-testid="stVerticalBlock"]');
        return [getComputedStyle(one).breakInside, block.scrollHeight - block.clientHeight];
    })"""
SAID_BELOW = "(one) => getComputedStyle(one, '::after').content"
PLACES = """([card, scrolled]) => {
    const chart = [...document.querySelectorAll(`${card} .stPlotlyChart`)];
    const block = chart[0].closest('[data-testid="stVerticalBlock"]');
    block.scrollTop = scrolled;
    const middle = (box) => (box.left + box.right) / 2;
    const labels = chart.map(
        (one) => [...one.querySelectorAll('.xtick text')].map((text) => middle(text.getBoundingClientRect()))
    );
    const box = block.getBoundingClientRect();
    const strip = chart[0].getBoundingClientRect();
    return {charts: chart.length, height: box.height, offset: strip.top - box.top, labels, rest: block.scrollHeight};
}"""

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def many(framework: Framework, serve: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    path = tmp_path_factory.mktemp("many") / "many.duckdb"
    with Store(path) as store:
        sent = demo_submissions(framework, agencies=AGENCIES, years=1)
        incoming = [Incoming(one, str(n).encode(), f"sample-{n}.xlsx") for n, one in enumerate(sent)]
        store.recording.record_many(incoming, received_by="demo", sample=True)
    return serve(path)


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_headings_stay_above_their_columns_while_the_rows_scroll(
    many: Server, browser: Browser, language: str, tmp_path: Path
) -> None:
    context = new_context(browser, viewport={"width": 1366, "height": 768})
    page = visit(context.new_page(), f"{many.url}/?lang={language}")
    page.locator(CARD).scroll_into_view_if_needed()
    before, after = (page.evaluate(PLACES, [CARD, scrolled]) for scrolled in (0, 900))
    page.screenshot(path=str(tmp_path / "scrolled.png"))
    context.close()
    assert before["charts"] == 2
    assert after["rest"] > 2 * after["height"]
    assert after["height"] < 700  # all of what scrolls fits a low screen
    assert before["offset"] > 40  # the title stands above
    assert abs(after["offset"]) < 1  # at the top of what scrolls
    strip, whole = after["labels"]
    assert len(strip) == len(whole) == 8
    assert strip == pytest.approx(whole, abs=1)


def test_paper_has_all_rows_from_page_to_page_below_one_heading(many: Server, browser: Browser) -> None:
    context = new_context(browser, viewport={"width": 1366, "height": 768})
    page = visit(context.new_page(), f"{many.url}/?lang=th")
    page.locator(CARD).scroll_into_view_if_needed()
    page.emulate_media(media="print")
    shown = page.evaluate(ON_PAPER, CARD)
    said = page.locator(".st-key-card-totals").get_by_test_id("stDataFrame").evaluate(SAID_BELOW)
    context.close()
    assert shown == [["auto", 0]]
    assert f"{AGENCIES} แถว" in said  # of its table, only the rows on the screen
