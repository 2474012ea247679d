"""From a target to a plan: the path, a tick, a scenario that is kept, the workbook; and an assessor's answers."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from conftest import Server, settle, visit
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from pmqa.framework import Framework
from tests.pages import filled

pytestmark = pytest.mark.browser

Serve = Callable[..., Server]
OPENS_WITHIN = 1_000  # milliseconds that a cell takes to open
TRIES = 10


@pytest.fixture
def server(serve: Serve, framework: Framework, tmp_path: Path) -> Server:
    return serve(filled(tmp_path / "plan.duckdb", framework, 6, 1))


def downloaded(page: Page, name: str) -> openpyxl.Workbook:
    with page.expect_download(timeout=60_000) as download:
        page.locator(f".st-key-download-{name} button").click()
    return openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))


def test_a_target_becomes_a_path_a_scenario_and_a_plan_to_fill_in(server: Server, page: Page) -> None:
    visit(page, f"{server.url}/plan?path_target=number&points=400")
    path = page.locator(".st-key-card-path")
    expect(path).to_contain_text("เส้นทางสู่ 400 คะแนน")
    steps = path.locator("tbody tr").count()
    assert steps
    book = downloaded(page, "plan")
    assert book.sheetnames == ["แผน", "ประเด็น", "ผลต่อคะแนน"]
    assert [cell.value for cell in book["แผน"][6]][:3] == ["หัวข้อ", "ประเด็นที่ต้องทำให้ครบ", "สิ่งที่จะทำ"]

    page.locator(".st-key-try-path button").click()
    expect(page.locator(".st-key-card-assumed tbody tr")).to_have_count(steps, timeout=30_000)
    settle(page)
    overall = page.locator(".st-key-metrics-outcome")
    expect(overall).to_contain_text("→")

    page.locator(".st-key-forget-scenario button").click()
    expect(page.locator(".st-key-card-assumed")).to_have_count(0, timeout=30_000)
    settle(page)
    page.locator(".st-key-assume input[type=checkbox]:not(:checked)").first.evaluate("box => box.click()")
    expect(page.locator(".st-key-card-assumed tbody tr")).to_have_count(1, timeout=30_000)
    page.locator(".st-key-scenario-name input").fill("ลองหนึ่งประเด็น")
    page.keyboard.press("Enter")
    settle(page)
    page.locator(".st-key-keep-scenario button").click()
    expect(page.locator(".st-key-kept-scenario input")).to_have_value("ลองหนึ่งประเด็น", timeout=30_000)
    settle(page)
    assert downloaded(page, "scenario").sheetnames == ["แผน", "ประเด็น", "ผลต่อคะแนน"]

    # What is assumed survives another language; what was sent is as it was.
    page.locator(".st-key-lang").get_by_text("English").click()
    expect(page.locator("h1")).to_have_text("Shortest way and what if", timeout=30_000)
    settle(page)
    expect(page.locator(".st-key-card-assumed tbody tr")).to_have_count(1)
    page.locator(".st-key-forget-scenario button").click()
    expect(page.locator(".st-key-card-assumed")).to_have_count(0, timeout=30_000)
    expect(page.locator(".st-key-metrics-outcome")).not_to_contain_text("→")


def test_an_assessor_answers_item_by_item_and_saves(server: Server, page: Page) -> None:
    visit(page, f"{server.url}/assess?assess_part=grid")
    row = page.locator(".st-key-assess-1-1-B1")
    row.get_by_role("radio", name="มี", exact=True).or_(row.get_by_role("button", name="มี", exact=True)).first.click()
    expect(page.get_by_text("ตอบแล้ว 1 จาก")).to_be_visible(timeout=30_000)
    settle(page)
    page.locator(".st-key-save-assessment button").click()
    expect(page.get_by_text("บันทึกแล้วเป็น")).to_be_visible(timeout=60_000)


def shows(what: Locator) -> bool:
    """Whether it comes into sight soon."""
    try:
        what.wait_for(state="visible", timeout=OPENS_WITHIN)
    except NotInTime:
        return False
    return True


def opened_cell(page: Page, grid: Locator) -> Locator:
    """The editor of the first criterion's effort: the last column of a canvas, which is not there at once to be hit."""
    editor = page.locator("#portal input")
    for _ in range(TRIES):
        box = grid.bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] - 30, box["y"] + 54)
        # A click chooses a cell, and opens one that is chosen already (a key was lost): Enter would close that again.
        if not shows(editor):
            page.keyboard.press("Enter")
        if shows(editor):
            break
    return editor


def test_an_effort_that_is_edited_changes_the_plan_and_is_kept(server: Server, page: Page) -> None:
    visit(page, f"{server.url}/plan?path_scope=1&path_target=significance&effort=1")
    efforts = page.locator(".st-key-efforts")
    summed = page.locator(".st-key-metrics-path").get_by_test_id("stMetricValue").nth(3)
    before = float(summed.inner_text())
    efforts.locator("summary").click()
    grid = efforts.get_by_test_id("stDataFrameResizable")
    expect(grid).to_be_visible()
    settle(page)
    cell = opened_cell(page, grid)
    cell.fill("6.5")
    cell.press("Enter")
    expect(summed).to_have_text(f"{before + 5.5:.1f}", timeout=30_000)
    settle(page)
    page.locator(".st-key-keep-efforts button").click()
    settle(page)
    visit(page, page.url)
    expect(summed).to_have_text(f"{before + 5.5:.1f}", timeout=30_000)
