"""A zip with good and wrong files, on its way through the page Submit: marked, corrected, saved, taken back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Server, settle, visit
from playwright.sync_api import Page, expect
from test_accessible import ours

from pmqa.demo import demo_forms, demo_submissions
from pmqa.framework import Framework
from pmqa.workbook import layout, write_form
from tests.factories import make_submission
from tests.forms import edited, put

pytestmark = pytest.mark.browser

Serve = Callable[..., Server]


@pytest.fixture(scope="module")
def bundle(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forms of two sample agencies; one of them has an answer that nobody can read. A PDF lies beside them."""
    path = tmp_path_factory.mktemp("bundle") / "ส่ง.zip"
    forms = [content for _, _, content in demo_forms(demo_submissions(framework, agencies=2, years=1), framework)][:2]
    wrong = edited(lambda book: put(book, layout.category_sheet("1"), "1.1.B1", "answer", "อาจจะ"), forms[1])
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (("ดี.xlsx", forms[0]), ("ผิด.xlsx", wrong), ("หลักฐาน.pdf", b"%PDF")):
            archive.writestr(f"กรมตัวอย่าง/{name}", content)
    return path


def upload(page: Page, file: Path, says: str) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(str(file))
    expect(page.get_by_text(says).first).to_be_visible(timeout=90_000)
    settle(page)


def test_a_zip_is_read_corrected_saved_and_taken_back(serve: Serve, tmp_path: Path, page: Page, bundle: Path) -> None:
    server = serve(tmp_path / "journey.duckdb")
    visit(page, f"{server.url}/submit")
    upload(page, bundle, "อ่านแล้ว 3 ไฟล์")
    expect(page.locator(".st-key-card-outcomes")).to_contain_text("บันทึกไม่ได้ ต้องแก้ไขก่อน")
    expect(page.locator(".st-key-one-file")).to_contain_text("อาจจะ")
    with page.expect_download(timeout=60_000) as download:
        page.locator(".st-key-download-marked button").click()
    marked = Path(download.value.path()).read_bytes()
    assert layout.MARKS_SHEET in openpyxl.load_workbook(io.BytesIO(marked)).sheetnames
    page.locator(".st-key-save button").click()
    expect(page.get_by_text("บันทึกแล้ว 1 ไฟล์")).to_be_visible(timeout=60_000)
    settle(page)

    corrected = tmp_path / "แก้แล้ว.xlsx"
    corrected.write_bytes(edited(lambda book: put(book, layout.category_sheet("1"), "1.1.B1", "answer", "มี"), marked))
    upload(page, corrected, "อ่านแล้ว 1 ไฟล์")
    page.locator(".st-key-save button").click()
    expect(page.get_by_text("บันทึกแล้ว 1 ไฟล์")).to_be_visible(timeout=60_000)
    settle(page)

    page.locator(".st-key-submission input").click()
    page.get_by_role("option", name="แก้แล้ว.xlsx").click()
    settle(page)
    page.locator(".st-key-why textarea").fill("ส่งผิดไฟล์")
    page.locator(".st-key-withdraw-now button").click()
    expect(page.get_by_text("กลับมาใช้").first).to_be_visible(timeout=60_000)
    settle(page)
    expect(page.locator(".st-key-one-submission")).to_contain_text("ส่งผิดไฟล์")
    page.locator(".st-key-restore button").click()
    expect(page.get_by_text("กู้คืน").first).to_be_visible()


def test_two_files_of_one_agency_wait_and_a_restart_before_saving_loses_neither(
    serve: Serve, framework: Framework, tmp_path: Path, page: Page
) -> None:
    files = [tmp_path / "ก.xlsx", tmp_path / "ข.xlsx"]
    for path, met in zip(files, (True, False), strict=True):
        path.write_bytes(write_form(framework, prefill=make_submission("D001", met=met)))
    server = serve(tmp_path / "restart.duckdb", uvicorn=True)
    visit(page, f"{server.url}/submit")
    large = tmp_path / "ใหญ่.zip"
    large.write_bytes(bytes(26_500_000))
    upload(page, large, "ไฟล์ใหญ่เกิน 25 MB จึงไม่ได้รับไว้")
    visit(page, f"{server.url}/submit")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files([str(path) for path in files])
    expect(page.get_by_text("อ่านแล้ว 2 ไฟล์").first).to_be_visible(timeout=90_000)
    settle(page)
    expect(page.locator(".st-key-decisions")).to_contain_text("2 ไฟล์รอการเลือก")
    expect(page.locator(".st-key-save button")).to_be_disabled()
    choose_file(page, "ข.xlsx")

    serve(tmp_path / "restart.duckdb", uvicorn=True, instead_of=server)
    page.locator(".st-key-save button").click()
    unsaved = page.locator(".st-key-unsaved")
    expect(unsaved).to_contain_text("ท่านส่ง 2 ไฟล์ที่ยังไม่ได้บันทึก", timeout=60_000)
    unsaved.locator(".st-key-read-unsaved button").click()
    expect(page.get_by_text("อ่านแล้ว 2 ไฟล์").first).to_be_visible(timeout=90_000)
    settle(page)
    choose_file(page, "ข.xlsx")
    page.locator(".st-key-save button").click()
    expect(page.get_by_text("บันทึกแล้ว 1 ไฟล์")).to_be_visible(timeout=60_000)
    settle(page)
    expect(page.locator(".st-key-unsaved")).to_have_count(0)


def choose_file(page: Page, name: str) -> None:
    page.locator("[class*='st-key-file-D001'] input").click()
    page.get_by_role("option", name=name).click()
    settle(page)


def test_axe_finds_nothing_on_what_was_read_and_received(
    serve: Serve, tmp_path: Path, page: Page, bundle: Path
) -> None:
    server = serve(tmp_path / "axe.duckdb")
    visit(page, f"{server.url}/submit?received=files")
    upload(page, bundle, "อ่านแล้ว 3 ไฟล์")
    found = violations(page)
    page.locator(".st-key-save button").click()
    expect(page.get_by_text("บันทึกแล้ว 1 ไฟล์")).to_be_visible(timeout=60_000)
    for part in ("import", "register", "expectations"):
        visit(page, f"{server.url}/register?register_part={part}")
        found += violations(page)
    assert not found


def violations(page: Page) -> list[tuple[str, str]]:
    """In the light and in the dark."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        settle(page)
        said = Axe().run(page).response["violations"]
        found += [(one["id"], html[:200]) for one in said for html in ours(page, one)]
    return found
