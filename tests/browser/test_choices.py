"""What a widget shows is what the page is about, on every page, however somebody came there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from conftest import Server, settle, visit
from playwright.sync_api import Locator, Page, expect

from pmqa.sources import bases
from pmqa.store import Store
from pmqa.text import translator

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Serve = Callable[..., Server]
TURNED_TO = (  # pages in the order of the visit; between those that show a choice, some that do not
    *("agency", "gaps", "plan", "compare", "followup", "framework", "indicators", "trace", "submit", "report"),
    *("leverage", "overview", "trust", "doctor", "register", "years", "assess"),
)
AGAIN = ("agency", "framework", "compare", "indicators", "gaps", "plan", "overview")
MINISTRY = "กระทรวงตัวอย่างบริการประชาชน"
CHOSEN = {  # none of them a default
    "lang": ["th"],
    "year": ["2568"],
    "basis": ["evidenced"],
    "ministry": [MINISTRY],
    "incomplete": ["1"],
    "agency": ["DEMO-019"],
    "agencies": ["DEMO-011", "DEMO-024"],
    "by": ["category"],
    "points": ["410"],
    "target": ["number"],
}


@pytest.fixture(scope="module")
def names(sample_database: Path) -> dict[str, str]:
    """Code -> name of the sample agencies."""
    with Store(sample_database) as store:
        rows = store.submissions.current(None, source="self")
    return dict(zip(rows["agency_code"], rows["agency_name"], strict=True))


def shown(widget: Locator) -> list[str] | None:
    """What a widget shows; None for a switch that is off or a widget of no known kind."""
    if widget.get_by_test_id("stMultiSelect").count():
        tags = widget.get_by_test_id("stMultiSelectTagsContainer").last.locator("[title]")
        return [text for text in tags.all_inner_texts() if text]
    if widget.get_by_test_id("stButtonGroup").count():
        return widget.locator('[aria-checked="true"]').all_inner_texts()
    if widget.get_by_test_id("stCheckbox").count():
        return ["1"] if widget.locator("input").is_checked() else []
    return [widget.locator("input").first.input_value()]


def words_of(name: str, ids: list[str], names: dict[str, str], language: str) -> list[str]:
    """What the widget of a choice should show of these ids."""
    t = translator(language)
    word: dict[str, Callable[[str], str]] = {
        "agency": lambda code: f"{names[code]} · {code}",
        "agencies": lambda code: f"{names[code]} · {code}",
        "basis": lambda basis: t.pick(bases()[basis].name),
        "by": lambda kind: t(f"ui.kind_{kind}"),
        "year": lambda year: t.year(int(year)),
        "target": lambda target: t(f"gaps_page.target_{target}"),
    }
    return [word.get(name, str)(one) for one in ids]


def holds(page: Page, names: dict[str, str], chosen: dict[str, list[str]], language: str = "th") -> set[str]:
    """Hold every shared widget on the page to what is chosen, and the address to both; the names of those seen."""
    address = parse_qs(urlsplit(page.url).query)
    seen = set()
    for name, ids in chosen.items():
        widget = page.locator(f".st-key-{name}")
        if name == "lang" or not widget.count():
            continue
        seen.add(name)
        assert shown(widget.first) == words_of(name, ids, names, language), f"{page.url}: {name}"
        assert address.get(name) == ids, f"{page.url}: {name}"
    if "agency" in seen:
        expect(page.get_by_test_id("stMain")).to_contain_text(names[chosen["agency"][0]])
    return seen


def turn_to(page: Page, name: str, language: str = "th") -> None:
    in_menu = f'[data-testid="stSidebarNavLink"][href$="/{"" if name == "overview" else name}"]'
    page.locator(f'{in_menu}, .st-key-beside a[href="{name}"]').first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(translator(language)(f"pages.title.{name}"))
    settle(page)


@pytest.mark.parametrize(
    ("uvicorn", "turns"),
    [pytest.param(True, TURNED_TO + AGAIN, id="uvicorn"), pytest.param(False, TURNED_TO[:6], id="streamlit run")],
)
def test_on_every_page_the_widgets_show_what_the_address_and_the_numbers_are_of(
    serve: Serve,
    samples: Server,
    sample_database: Path,
    tmp_path: Path,
    page: Page,
    names: dict[str, str],
    uvicorn: bool,
    turns: tuple[str, ...],
) -> None:
    server = samples  # by `streamlit run`
    if uvicorn:  # one server at a time holds a file
        server = serve(Path(shutil.copy(sample_database, tmp_path)), uvicorn=True)
    # A link says what its page shows, so what Compare has no widget for is chosen afterwards.
    of_gaps = ("agency", "target", "points")
    visit(
        page, f"{server.url}/compare?{urlencode({name: CHOSEN[name] for name in CHOSEN if name not in of_gaps}, True)}"
    )
    turn_to(page, "gaps")
    page.locator(".st-key-agency input").click()
    page.get_by_role("option", name=names[CHOSEN["agency"][0]]).click()
    settle(page)
    page.locator(".st-key-target").get_by_text(translator("th")("gaps_page.target_number")).click()
    settle(page)
    page.locator(".st-key-points input").fill(CHOSEN["points"][0])
    page.keyboard.press("Enter")
    settle(page)
    seen: set[str] = set()
    for name in turns:
        turn_to(page, name)
        seen |= holds(page, names, CHOSEN)
    assert seen == CHOSEN.keys() - {"lang"}


def test_they_do_after_going_back_reloading_another_language_and_a_meeting(
    samples: Server, page: Page, names: dict[str, str]
) -> None:
    visit(page, f"{samples.url}/gaps?{urlencode(CHOSEN, doseq=True)}")
    turn_to(page, "agency")
    turn_to(page, "compare")
    page.go_back()
    settle(page)
    assert urlsplit(page.url).path == "/agency", "one click in the menu is one step back"
    assert "agency" in holds(page, names, CHOSEN)
    page.go_back()
    settle(page)
    assert urlsplit(page.url).path == "/gaps"
    assert {"agency", "points", "target"} <= holds(page, names, CHOSEN)
    page.reload()
    settle(page)
    assert {"agency", "points", "target"} <= holds(page, names, CHOSEN)
    page.locator(".st-key-lang").get_by_text("English").click()
    settle(page)
    for name in ("agency", "gaps", "plan"):
        turn_to(page, name, "en")
        assert "agency" in holds(page, names, CHOSEN, "en")
    page.locator(".st-key-meeting-on label").first.click()
    settle(page)
    without_names = {name: ids for name, ids in CHOSEN.items() if name not in ("agency", "agencies", "ministry")}
    for name in ("agency", "gaps", "agency", "compare"):
        turn_to(page, name, "en")
        holds(page, names, without_names, "en")
        alias = shown(page.locator(".st-key-agency").first) if page.locator(".st-key-agency").count() else []
        assert not [one for one in alias or [] if one in names.values()]
        if alias:
            expect(page.locator(".st-key-card-profile, .st-key-card-gaps").first).to_contain_text(alias[0])


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(["gaps", "gaps?basis=evidenced"], id="as a rule"),
        pytest.param(["agency?basis=evidenced", "gaps?basis=evidenced"], id="what is chosen before the page"),
    ],
)
def test_another_page_and_what_is_chosen_on_it_are_one_step_whichever_is_told_first(
    samples: Server, page: Page, told: list[str]
) -> None:
    visit(page, f"{samples.url}/agency?agency=DEMO-019")
    before = page.evaluate("history.length")
    page.get_by_role("heading", level=1).click()
    page.evaluate("told => { for (const url of told) history.pushState(null, '', url); }", told)
    assert page.evaluate("history.length") == before + 1
    page.go_back()
    settle(page)
    assert (urlsplit(page.url).path, parse_qs(urlsplit(page.url).query)) == ("/agency", {"agency": ["DEMO-019"]})


def test_a_click_in_the_menu_is_one_step_of_the_browsers_history(samples: Server, page: Page) -> None:
    visit(page, f"{samples.url}/agency?agency=DEMO-019")
    before = page.evaluate("history.length")
    turn_to(page, "gaps")
    turn_to(page, "agency")
    assert page.evaluate("history.length") == before + 2
    page.locator(".st-key-by [role=radio]").nth(1).click()
    settle(page)
    page.go_back()
    settle(page)
    assert urlsplit(page.url).path == "/agency"
    assert parse_qs(urlsplit(page.url).query) == {"agency": ["DEMO-019"]}
