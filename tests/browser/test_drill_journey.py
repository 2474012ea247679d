"""From a cell of the heatmap to the cell of the file that was sent in two clicks; an analyst's tasks, by keyboard."""

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
from pmqa.workbook import write_form
from tests.factories import make_submission

pytestmark = pytest.mark.browser

LOW = {"width": 1366, "height": 768}
CARD = ".st-key-card-strengths"


MOST_STOPS = 60  # on the way from one thing to the next
CELL = re.compile(r"หมวด \d!E\d+")
GRID = '[data-testid="stDataFrame"] canvas'
STOP = (
    """(wanted) => [document.activeElement.matches(wanted), document.activeElement.getAttribute('aria-label') ?? '']"""
)
ENGLISH = re.compile(r"[A-Za-z][a-z]{2,}")  # but codes and kinds of files


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server], framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Forms that went through the reader: only their answers have cells."""
    path = tmp_path_factory.mktemp("drill") / "sent.duckdb"
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
        expect(page).to_have_url(re.compile("drill=DEMO-00"))
        if not again:
            page.keyboard.press("Escape")
            expect(panel).to_be_hidden()
            settle(page)
            expect(page).not_to_have_url(re.compile("drill"))
    parts = panel.get_by_test_id("stDataFrame").first.bounding_box()
    assert parts is not None
    page.mouse.click(parts["x"] + 16, parts["y"] + 35 + 17)  # the box of its first row
    expect(panel).to_contain_text(CELL, timeout=30_000)
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
    expect(page.get_by_role("dialog")).to_contain_text(CELL)


def stop_of(page: Page, wanted: str) -> tuple[bool, str]:
    """Whether what has the focus is wanted, and its name; in English only as long as our words have not come yet."""
    for _ in range(50):
        there, name = page.evaluate(STOP, wanted)
        if not ENGLISH.search(name):
            break
        page.wait_for_timeout(100)
    return there, name


def go(page: Page, wanted: str, key: str = "Tab") -> None:
    """On from stop to stop to what is wanted; whatever a screen reader is told on the way is Thai."""
    names = []
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        there, name = stop_of(page, wanted)
        names.append(name)
        if there:
            break
    else:
        raise AssertionError(f"{wanted} is none of {names}")
    assert not [name for name in names if ENGLISH.search(name)]


def into_the_page(page: Page) -> None:
    go(page, '[data-testid="stSkipToContent"]')
    page.keyboard.press("Enter")


def test_search_panel_cell_slide_and_short_link_take_no_mouse(server: Server, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit(page, f"{server.url}/?lang=th")
    page.keyboard.press("Control+k")
    expect(page.locator(".st-key-search-box input")).to_be_focused()
    page.keyboard.type("บริการร่วม")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("รายหน่วยงาน")
    settle(page)
    expect(page.locator(".st-key-agency input").first).to_have_value(re.compile("DEMO-002"))

    into_the_page(page)
    go(page, '[role="tab"]')
    page.keyboard.press("ArrowRight")
    expect(page.locator(GRID).first).to_be_visible()  # a table is drawn when its tab is first opened
    settle(page)
    go(page, GRID)
    page.keyboard.press("Shift+Space")
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("คะแนนรวม")
    for part in ("1 การนำองค์การ", "1.1 "):
        settle(page)
        go(page, f'[role="dialog"] {GRID}')
        page.keyboard.press("Shift+Space")
        expect(panel).to_contain_text(f"· {part}")
    expect(panel).to_contain_text(CELL)
    settle(page)
    go(page, '[role="dialog"] a')
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("ที่มาของคะแนน")
    settle(page)

    into_the_page(page)
    go(page, '[class*="st-key-add-slide-"] button')
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="เปิดหน้าสไลด์")).to_be_visible()
    settle(page)
    go(page, ".st-key-link summary", "Shift+Tab")
    page.keyboard.press("Enter")
    settle(page)
    go(page, ".st-key-copy-short button")
    page.keyboard.press("Enter")
    settle(page)
    assert page.evaluate("navigator.clipboard.readText()").startswith(f"{server.url}/?v=")


def focused(page: Page, wanted: str) -> None:
    expect(page.locator(wanted).first).to_be_focused()


def test_filters_menus_and_dialogs_take_no_mouse_and_give_the_focus_back(samples: Server, page: Page) -> None:
    visit(page, f"{samples.url}/gaps?lang=th")
    into_the_page(page)
    for name, typed, asked in (("year", "2568", "year=2568"), ("basis", "หลักฐาน", "basis=evidenced")):
        go(page, f".st-key-{name} input")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        settle(page)
        expect(page).to_have_url(re.compile(asked))
        focused(page, f".st-key-{name} input")
    go(page, ".st-key-ministry input")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    settle(page)
    expect(page).to_have_url(re.compile("ministry="))

    page.keyboard.press("Control+k")
    focused(page, ".st-key-search-box input")
    page.keyboard.press("Escape")
    focused(page, ".st-key-ministry input")

    go(page, '.st-key-card-blocking [role="tab"]')
    page.keyboard.press("ArrowRight")
    settle(page)
    go(page, ".st-key-behind-blocking input")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("หลักฐาน")
    settle(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    settle(page)
    focused(page, ".st-key-behind-blocking input")

    menu = ".st-key-forms-blocking button"
    go(page, menu)
    for _ in range(2):  # who has left a menu can come back to it
        page.keyboard.press("Enter")
        settle(page)
        page.keyboard.press("Tab")
        focused(page, ".st-key-copy-table-blocking button")
        page.keyboard.press("Shift+Tab")
        focused(page, menu)
        go(page, ".st-key-traces-path button")  # on, through the menu, to what stands behind it
        go(page, menu, "Shift+Tab")
        page.keyboard.press("Escape")
        settle(page)


def test_a_wrong_upload_is_taken_back_without_a_mouse(
    server: Server, framework: Framework, tmp_path: Path, page: Page
) -> None:
    wrong = tmp_path / "ผิด.xlsx"
    wrong.write_bytes(write_form(framework, prefill=make_submission("D001", met=True)))
    visit(page, f"{server.url}/submit?lang=th")
    into_the_page(page)
    # Asked for early: a busy browser could open the dialog before it knows that it is not to.
    with page.expect_file_chooser(timeout=60_000) as asked:
        go(page, '[data-testid="stFileUploaderDropzone"] button')
        page.keyboard.press("Enter")
    asked.value.set_files(wrong)
    expect(page.locator(".st-key-save button")).to_be_enabled(timeout=60_000)
    settle(page)
    go(page, ".st-key-save button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("บันทึกแล้ว 1 ไฟล์")).to_be_visible(timeout=60_000)
    settle(page)
    into_the_page(page)
    go(page, ".st-key-submission input")
    page.keyboard.type(wrong.name)
    page.keyboard.press("Enter")
    settle(page)
    go(page, ".st-key-why textarea")
    page.keyboard.type("ส่งผิดไฟล์")
    go(page, ".st-key-withdraw-now button")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-one-submission")).to_contain_text("ส่งผิดไฟล์", timeout=60_000)


def test_a_click_on_a_mark_of_a_radar_opens_what_is_behind_it_also_where_the_mouse_slips(
    server: Server, page: Page
) -> None:
    page.set_viewport_size({"width": 1366, "height": 1000})
    visit(page, f"{server.url}/compare?lang=en")
    chart = page.locator(".st-key-card-profile .js-plotly-plot").first
    mark = chart.locator(".polar .point").first
    expect(mark).to_be_visible(timeout=30_000)
    settle(page)
    place = mark.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.down()
    page.mouse.move(place["x"] + 40, place["y"] + 60, steps=5)  # nothing is magnified by it
    page.mouse.up()
    expect(page.get_by_role("dialog")).to_be_visible(timeout=30_000)
    expect(page).to_have_url(re.compile("drill=DEMO-00.~"))  # it comes after the panel
