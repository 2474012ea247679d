"""What people do, in a browser: the first visit, a form on its way to Compare, links, languages, downloads."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from conftest import Server, settle, visit
from playwright.sync_api import Page, expect

from pmqa.demo import demo_forms, demo_submissions
from pmqa.framework import Framework
from pmqa.shown import rounded
from pmqa.store import Incoming, Store
from pmqa.workbook.layout import category_sheet

EXPECTED_WITHIN = 10  # seconds

pytestmark = pytest.mark.browser

Serve = Callable[..., Server]


@pytest.fixture(scope="module")
def form(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled form of a sample agency, as a file."""
    _, name, content = next(demo_forms(demo_submissions(framework, agencies=1, years=1), framework))
    path = tmp_path_factory.mktemp("forms") / name
    path.write_bytes(content)
    return path


@pytest.fixture
def empty(serve: Serve, tmp_path: Path) -> Server:
    return serve(tmp_path / "empty.duckdb")


def choices(page: Page) -> dict[str, list[str]]:
    """What the address says is chosen."""
    return parse_qs(urlsplit(page.url).query)


def expect_choices(page: Page, wanted: dict[str, list[str]]) -> None:
    """Wait for the address to say that this is chosen: on a slow machine the run of a click begins after `settle`."""
    until = time.monotonic() + EXPECTED_WITHIN
    while choices(page) != wanted and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert choices(page) == wanted


def turn_to(page: Page, title: str) -> None:
    page.get_by_test_id("stSidebarNavLink").get_by_text(title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    settle(page)


def upload(page: Page, *files: Path) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files([str(file) for file in files])
    page.wait_for_selector(".st-key-card-outcomes", timeout=60_000)
    settle(page)


def taken(page: Page, card: str, form: str) -> tuple[str, bytes]:
    """Name and contents of a card's download; most forms are in a menu."""
    button = page.locator(f".st-key-download-{card}-{form} button").first
    if not button.is_visible():
        page.locator(f".st-key-forms-{card} button").first.click()
        settle(page)  # the menu is filled by a rerun, which gives its files their addresses
    with page.expect_download(timeout=60_000) as download:
        button.click()
    page.keyboard.press("Escape")
    settle(page)  # closing the menu is a rerun too: what was clicked during it would have an address of before
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


@pytest.mark.slow
def test_a_first_visit_shows_the_samples_and_one_button_removes_them(serve: Serve, tmp_path: Path, page: Page) -> None:
    server = serve(tmp_path / "fresh.duckdb", PMQA_DEMO="1")
    page.goto(server.url)
    expect(page.locator(".st-key-card-totals")).to_be_visible(timeout=300_000)
    settle(page)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("24")
    page.locator(".st-key-remove-samples button").click()
    page.locator(".st-key-remove-samples-yes button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("เริ่มต้นใช้งาน")
    expect(page.locator(".st-key-samples")).to_have_count(0)


def test_without_data_the_first_page_leads_to_submit(empty: Server, page: Page) -> None:
    visit(page, empty.url)
    page.get_by_text("ไปหน้าส่งแบบประเมิน").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ส่งแบบประเมิน")


def test_a_form_that_is_uploaded_and_saved_is_on_compare_with_its_scores(
    empty: Server, form: Path, page: Page, framework: Framework
) -> None:
    submission = demo_submissions(framework, agencies=1, years=1)[0]
    visit(page, f"{empty.url}/submit")
    upload(page, form)
    expect_choices(page, {})
    page.locator(".st-key-save button").click()
    page.get_by_text("ดูในหน้าเปรียบเทียบ").click(timeout=60_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("เปรียบเทียบหน่วยงาน")
    settle(page)
    expect(page.locator(".st-key-agencies")).to_contain_text(submission.agency_name)
    turn_to(page, "หน้าแรก")
    _, content = taken(page, "totals", "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[-2]  # the dictionary is the last
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, int | float)]
    with Store(empty.database.with_name("mine.duckdb")) as store:
        store.recording.record(submission, b"", file_name="mine.xlsx", received_by="test")
        scored = store.facts.scored(None, bases=["claimed"], kinds=["overall"])
    assert rounded(float(scored["score"].iloc[0])) in [rounded(cell) for cell in cells]


def test_a_file_with_errors_says_where_and_changes_nothing(
    empty: Server, form: Path, page: Page, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(form)
    book[category_sheet("1")]["E4"] = "อาจจะ"
    wrong = tmp_path / "wrong.xlsx"
    book.save(wrong)
    visit(page, f"{empty.url}/submit")
    upload(page, wrong)
    page_text = page.get_by_test_id("stMain").inner_text()
    assert "หมวด 1" in page_text
    assert "E4" in page_text
    assert "อาจจะ" in page_text
    visit(page, empty.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("เริ่มต้นใช้งาน")


def test_the_same_file_twice_is_one_submission(serve: Serve, form: Path, page: Page, tmp_path: Path) -> None:
    server = serve(tmp_path / "twice.duckdb")
    visit(page, f"{server.url}/submit")
    upload(page, form)
    page.locator(".st-key-save button").click()
    expect(page.get_by_text("ดูในหน้าเปรียบเทียบ")).to_be_visible(timeout=60_000)
    settle(page)
    upload(page, form)
    expect(page.get_by_text("เคยส่งไฟล์นี้แล้ว").first).to_be_visible()
    visit(page, server.url)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("1")


def test_a_change_of_language_keeps_every_choice(samples: Server, page: Page) -> None:
    chosen = "year=2568&basis=evidenced&agencies=DEMO-005&agencies=DEMO-002&by=category&scope=3"
    visit(page, f"{samples.url}/compare?{chosen}")
    before = choices(page)
    page.locator(".st-key-lang").get_by_text("English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare agencies")
    settle(page)
    # Streamlit would reset the translated widgets one rerun later, so there has to be one.
    page.locator(".st-key-no_median").get_by_text("Hide").click()
    settle(page)
    expect_choices(page, {**before, "lang": ["en"], "no_median": ["1"]})
    page.locator(".st-key-lang").get_by_text("ไทย").click()
    settle(page)
    page.locator(".st-key-no_median").get_by_text("ซ่อน").click()
    settle(page)
    expect_choices(page, before)


@pytest.mark.parametrize("language", ["th", "en"])
def test_filters_menu_and_language_are_in_sight_on_a_small_screen(language: str, samples: Server, page: Page) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    visit(page, f"{samples.url}/gaps?lang={language}")
    for name in ("year", "basis", "ministry", "type", "lang"):
        expect(page.locator(f".st-key-{name}")).to_be_in_viewport(ratio=1)
    for link in page.get_by_test_id("stSidebarNavLink").all():
        expect(link).to_be_in_viewport(ratio=1)


def test_numbers_beside_sentences_end_below_each_other(samples: Server, page: Page) -> None:
    visit(page, f"{samples.url}/trace?trace=3.2")
    points = page.locator(".st-key-card-steps tr :nth-child(4):is(td, th)")
    expect(points.nth(1)).to_be_visible()
    assert {cell.evaluate("cell => getComputedStyle(cell).textAlign") for cell in points.all()} == {"right"}


@pytest.mark.parametrize("path", ["agency", "overview", "framework"])
def test_a_link_straight_to_a_page_opens_it_on_a_server_that_nobody_has_visited(
    path: str, serve: Serve, sample_database: Path, tmp_path: Path, page: Page
) -> None:
    database = tmp_path / "cold.duckdb"
    database.write_bytes(sample_database.read_bytes())
    server = serve(database)
    visit(page, f"{server.url}/{path}?lang=en&year=2568")
    expect(page.get_by_text("Page not found")).to_have_count(0)
    titles = {"agency": "Agency", "overview": "Home", "framework": "Framework"}
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[path])
    assert choices(page)["lang"] == ["en"]


def test_a_table_leaves_as_csv_xlsx_and_pptx_under_a_speaking_name(samples: Server, page: Page) -> None:
    visit(page, f"{samples.url}/compare")
    files = {}
    for suffix in ("csv", "xlsx", "pptx"):
        name, files[suffix] = taken(page, "profile", suffix)
        assert name.startswith("PMQA_โปรไฟล์รายมิติ_2569")
        assert name.endswith(f".{suffix}")
    assert files["csv"].startswith(b"\xef\xbb\xbf")
    assert "กรมตัวอย่าง" in files["csv"].decode("utf-8-sig")
    assert files["xlsx"].startswith(b"PK")
    assert files["pptx"].startswith(b"PK")


def test_the_blank_form_is_one_click_away(samples: Server, page: Page) -> None:
    visit(page, f"{samples.url}/submit?form_year=2569")
    with page.expect_download() as download:
        page.locator(".st-key-download-form button").click()
    assert download.value.suggested_filename == "แบบประเมิน_PMQA_2569.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert category_sheet("1") in book.sheetnames


def test_what_agencies_write_is_never_markup(serve: Serve, framework: Framework, tmp_path: Path, page: Page) -> None:
    name = "**กรม** [x](http://evil.example) :red[แดง] <b>y</b> $a^2$ www.evil.example :smile: -> `z`"
    database = tmp_path / "markup.duckdb"
    sent = demo_submissions(framework, agencies=1, years=1)[0]
    answers = tuple(type(answer)(answer.criterion, True, name, name) for answer in sent.answers)
    changed = type(sent)(**{**{n: getattr(sent, n) for n in sent.__slots__}, "agency_name": name, "answers": answers})
    with Store(database) as store:
        store.recording.record_many([Incoming(changed, b"x", f"{name}.xlsx")], received_by="test")
    server = serve(database)
    for path in ("", "compare", "agency", "agency?part=sent", "gaps", "indicators", "submit", "agency?part=answers"):
        visit(page, f"{server.url}/{path}")
        main = page.get_by_test_id("stMain")
        assert main.locator("a[href*='evil']").count() == 0, path
        assert main.locator(".katex").count() == 0, path
        assert main.locator("span[style*='color'] >> text=แดง").count() == 0, path
    cell = page.locator(".st-key-card-answers td").filter(has_text="evil").first.inner_text()
    assert cell.replace("\u2060", "") == name
