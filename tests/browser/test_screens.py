"""One page on a phone, at a zoom of 150 % and on paper: nothing cut, in the page's language, nothing that only works on
a screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from io import BytesIO

import pytest
from conftest import Server, new_context, settle, visit
from PIL import Image, ImageColor
from playwright.sync_api import Browser, Page, ViewportSize
from test_charts_pictures import FIND_CLIPPED

from pmqa.charts.palette import ON_DARK, SHADES
from pmqa.ui.boot import MENU_WIDTH
from pmqa.ui.theirs import instead_of_theirs

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}
LOW: ViewportSize = {"width": 1366, "height": 768}
ZOOMED: ViewportSize = {"width": 911, "height": 512}  # 1366 x 768 at 150 %
PAPER = 718  # pixels of A4 between its margins
SAID = """() => [...document.querySelectorAll('*')].flatMap((one) => [
    ...['aria-label', 'title', 'placeholder', 'data-title'].map((name) => one.getAttribute(name)),
    ...[...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim())])"""

COLOURS = """(all) => [...document.querySelectorAll(all)].filter((one) => one.checkVisibility()).flatMap((one) => {
    const style = getComputedStyle(one);
    return one.closest('.main-svg') ? [style.fill, style.stroke] : [style.color]; })"""
DRAWN = ".main-svg :is(text, tspan, path, pattern *)"
WRITTEN = '[data-testid="stMain"] :is(h1, h2, h3, p)'


def as_browsers_say(colour: str) -> str:
    return f"rgb{ImageColor.getrgb(colour)}"


@pytest.fixture(scope="module")
def page(browser: Browser, samples: Server) -> Iterator[Page]:
    """The page Compare as a phone has it, drawn again for the width that it finds."""
    context = new_context(browser, viewport=PHONE)
    page = visit(context.new_page(), f"{samples.url}/compare?lang=th")
    page.wait_for_selector(".st-key-screen-page", state="attached")
    settle(page)
    yield page
    context.close()


def test_on_a_phone_the_menu_is_closed_and_no_chart_or_text_is_cut(page: Page) -> None:
    box = page.get_by_test_id("stSidebar").bounding_box()
    assert box is None or box["x"] + box["width"] <= 1
    charts = page.locator(".stPlotlyChart")
    assert charts.count() >= 2
    for place in range(charts.count()):
        charts.nth(place).evaluate("(chart, id) => { chart.id = id; }", f"chart-{place}")
        assert not page.evaluate(FIND_CLIPPED, f"#chart-{place}")
        box = charts.nth(place).bounding_box()
        assert box
        assert 300 < box["width"] <= PHONE["width"] - box["x"]
    assert page.evaluate("() => document.querySelector('[data-testid=\"stMain\"]').scrollWidth") <= PHONE["width"]


def test_on_a_phone_choices_in_a_row_go_to_the_next_line_wherever_they_stand(page: Page, samples: Server) -> None:
    visit(page, f"{samples.url}/register?lang=en")  # with the longest names
    last = page.get_by_role("radio", name="Assessor (site visit)").bounding_box()
    assert last
    assert last["x"] + last["width"] <= PHONE["width"]
    visit(page, f"{samples.url}/compare?lang=th")
    chosen = [tag.bounding_box() for tag in page.locator(".st-key-agencies [data-tag]").all() if tag.is_visible()]
    assert len(chosen) > 1
    assert all(box is not None and box["x"] + box["width"] < PHONE["width"] for box in chosen)


def test_streamlits_own_words_are_none_on_a_thai_page(page: Page) -> None:
    page.locator(".st-key-by, .st-key-ask").first.wait_for()
    page.get_by_test_id("stMultiSelect").first.locator("input").fill("ไม่มีหน่วยงานนี้")
    page.get_by_text("ไม่พบ", exact=True).wait_for()
    left = set(page.evaluate(SAID)) & set(instead_of_theirs("th"))
    assert not left
    page.keyboard.press("Escape")


def test_printing_takes_two_clicks(page: Page) -> None:
    page.get_by_test_id("stMainMenuButton").click()
    page.get_by_text("พิมพ์", exact=True).wait_for()
    page.keyboard.press("Escape")


def test_on_paper_there_are_whole_charts_and_nothing_to_press(page: Page) -> None:
    page.emulate_media(media="print")
    shown = page.locator("button:visible, [role=tab]:visible, [data-testid=stSidebar]:visible, .modebar:visible")
    assert not [one.inner_html() for one in shown.all() if one.get_attribute("aria-checked") != "true"]
    for chart in page.locator(".stPlotlyChart").all():
        assert chart.evaluate("(chart) => getComputedStyle(chart).breakInside") == "avoid"
        box = chart.bounding_box()
        assert box
        assert box["width"] <= PAPER
    page.emulate_media(media="screen")


def test_a_dark_page_is_printed_in_the_colours_of_a_light_one(page: Page, samples: Server) -> None:
    page.emulate_media(color_scheme="dark")
    visit(page, f"{samples.url}/gaps?lang=th")
    assert as_browsers_say(SHADES["dark"].ink) in page.evaluate(COLOURS, DRAWN)
    page.emulate_media(media="print")
    drawn, written = set(page.evaluate(COLOURS, DRAWN)), set(page.evaluate(COLOURS, WRITTEN))
    corner = Image.open(BytesIO(page.screenshot(clip={"x": 0, "y": 0, "width": 1, "height": 1}))).convert("RGB")
    page.emulate_media(media="screen", color_scheme="light")
    assert corner.getpixel((0, 0)) == (255, 255, 255)
    assert not drawn & {as_browsers_say(one) for one in (*astuple(SHADES["dark"])[:-1], *ON_DARK.values())}
    assert written == {as_browsers_say(SHADES["light"].ink)}


def test_at_a_zoom_of_one_and_a_half_the_first_charts_title_is_seen_and_no_tile_is_narrow(
    page: Page, samples: Server
) -> None:
    page.set_viewport_size(ZOOMED)
    visit(page, f"{samples.url}/gaps?lang=th")
    page.wait_for_selector(".st-key-screen-phone", state="attached")
    settle(page)
    title = page.locator(".stPlotlyChart .gtitle").first.bounding_box()
    assert title
    assert title["y"] < ZOOMED["height"] - 30
    visit(page, f"{samples.url}/trust?trust_part=evidence&lang=th")
    tiles = [one.bounding_box() for one in page.get_by_test_id("stMetric").all()]
    assert len(tiles) > 4
    assert all(box is not None and box["width"] > 180 for box in tiles), "a number would be torn"


def test_a_menu_that_is_drawn_before_its_width_has_come_has_it_all_the_same(page: Page, samples: Server) -> None:
    page.set_viewport_size(LOW)
    visit(page, f"{samples.url}/gaps?lang=th")
    menu = page.get_by_test_id("stSidebar")
    menu.evaluate("(menu) => { menu.style.width = '300px'; }")  # Streamlit's own
    assert menu.evaluate("(menu) => menu.getBoundingClientRect().width") == MENU_WIDTH
