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
    click(agencies.get_by_role("button", name="ล้างทั้งหมด"))
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


def test_what_a_link_asks_for_in_vain_is_said_until_read_or_until_the_page_is_left(samples: Server, page: Page) -> None:
    notice = page.locator(".st-key-dropped")
    visit(page, f"{samples.url}/compare?agencies=DEMO-005&agencies=GONE-7&year=1999")
    expect(notice).to_contain_text("GONE")
    expect(notice).to_contain_text("1999")
    assert "agencies=DEMO-005" in page.url
    assert "GONE" not in page.url
    page.locator(".st-key-lang").get_by_text("English").click()
    settle(page)
    expect(notice).to_contain_text("not in this view: Fiscal year (1999)")
    page.get_by_test_id("stSidebarNavLink").get_by_text("Framework", exact=True).click()
    settle(page)
    expect(notice).to_have_count(0)
    visit(page, f"{samples.url}/gaps?agency=GONE-7")
    expect(notice).to_contain_text("GONE")
    page.locator(".st-key-dropped-seen button").click()
    settle(page)
    expect(notice).to_have_count(0)


def test_a_link_into_a_meeting_survives_reload_language_and_switching_off(samples: Server, page: Page) -> None:
    visit(page, f"{samples.url}/gaps?agency=DEMO-005&target=peer_median")
    page.locator(".st-key-meeting-on label").first.click()
    page.wait_for_url("**meeting=**")
    settle(page)
    address = page.url
    assert "agency=" in address
    assert "DEMO-" not in address
    page.reload()
    settle(page)
    page.locator(".st-key-lang").get_by_text("English").click()
    settle(page)
    assert sorted(page.url.replace("&lang=en", "").replace("lang=en&", "").split("?")[1].split("&")) == sorted(
        address.split("?")[1].split("&")
    )
    chosen = page.locator(".st-key-agency input").input_value()
    assert chosen.startswith("Agency ")
    page.goto("about:blank")
    visit(page, address)
    assert page.locator(".st-key-agency input").input_value().split()[-1] == chosen.split()[-1]
    page.locator(".st-key-meeting-on label").first.click()
    page.wait_for_url(lambda url: "meeting=" not in url)
    settle(page)
    assert "agency=DEMO-005" in page.url
