"""From the overview to an editable slide of three agencies, counting clicks; links and meetings in a browser."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from conftest import Server, settle, visit
from playwright.sync_api import Locator, Page, expect
from pptx import Presentation

MOST_CLICKS = 6

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_three_agencies_of_ones_own_choice_are_on_an_editable_slide_in_six_clicks(samples: Server, page: Page) -> None:
    visit(page, samples.url)
    clicks = 0

    def click(place: Locator) -> None:
        nonlocal clicks
        place.click()
        clicks += 1
        settle(page)

    click(page.get_by_test_id("stSidebarNavLink").get_by_text("เปรียบเทียบหน่วยงาน", exact=True))
    agencies = page.locator(".st-key-agencies")
    click(agencies.get_by_role("button", name="Clear all"))
    agencies.get_by_role("combobox").press("ArrowDown")  # as somebody does who begins to type a name
    expect(agencies).not_to_contain_text("ตัวอย่าง")
    for name in page.get_by_role("option").all_inner_texts()[5:8]:
        click(page.get_by_role("option", name=name, exact=True))
        expect(agencies).to_contain_text(name)  # a person sees the choice before making the next
    page.keyboard.press("Escape")
    with page.expect_download(timeout=60_000) as download:
        click(page.locator(".st-key-download-profile-pptx button").first)
    assert clicks <= MOST_CLICKS
    slides = Presentation(io.BytesIO(Path(download.value.path()).read_bytes())).slides
    chart = next(shape for shape in slides[0].shapes if shape.has_chart).chart
    assert len(list(chart.plots[0].series)) == 4  # the agencies, and their peers' median


def test_the_whole_view_survives_language_reload_and_back(samples: Server, page: Page) -> None:
    query = "ask=years&by=category&agencies=DEMO-005&agencies=DEMO-002&scope=3&order=gap"
    visit(page, f"{samples.url}/compare?{query}")
    page.locator(".st-key-lang").get_by_text("English").click()
    settle(page)
    page.reload()
    settle(page)
    parts = ("ask=years", "by=category", "DEMO-005", "DEMO-002", "scope=3", "order=gap", "lang=en")
    assert not [part for part in parts if part not in page.url]
    assert page.locator(".st-key-card-two-years").is_visible()
    page.locator(".st-key-by").get_by_text("Dimensions").click()
    settle(page)
    assert "by=category" not in page.url
    page.go_back()
    settle(page)
    page.wait_for_url("**by=category**")
    assert page.locator(".st-key-card-two-years").is_visible()


def test_in_a_meeting_neither_page_nor_address_names_an_agency(samples: Server, page: Page) -> None:
    visit(page, f"{samples.url}/compare?agencies=DEMO-005&agencies=DEMO-002")
    page.locator(".st-key-agencies").get_by_text("ตัวอย่าง").first.wait_for()
    names = [text for text in page.locator(".st-key-agencies").inner_text().splitlines() if "ตัวอย่าง" in text]
    assert len(names) == 2
    page.locator(".st-key-meeting-on label").first.click()
    page.wait_for_url("**meeting=**")
    settle(page)
    content = page.content()
    assert "DEMO-" not in page.url
    assert "DEMO-" not in content
    assert not [name for name in names if name in content]
