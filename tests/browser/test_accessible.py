"""axe finds nothing on any page, in either language, in the light or in the dark."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Server, settle, visit
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PATHS = (
    "",
    "compare",
    "agency",
    "agency?part=ladder",
    "agency?part=answers",
    "agency?part=history",
    "agency?part=sent",
    "gaps",
    "gaps?drill=DEMO-001~overall",
    "indicators",
    "indicators?part=core",
    "submit",
    "framework",
    "report",
    "slides",
    "years",
    "plan",
    "leverage",
    "followup",
    "trace",
    "trust",
    "assess",
    "doctor",
    "register",
)

FIRST_CHART_BY = 380  # pixels from the top of a window of 1366 x 768 (of one that is higher, too)

WORDS_AND_COLOURS = (  # axe's rules about them
    *("color-contrast", "link-in-text-block", "document-title", "valid-lang", "html-lang-valid", "image-alt"),
    *("button-name", "link-name", "label", "select-name", "svg-img-alt", "role-img-alt", "summary-name", "frame-title"),
    *("aria-command-name", "aria-dialog-name", "aria-input-field-name", "aria-toggle-field-name", "aria-tooltip-name"),
)

# Streamlit's own markup, which no page can change: rule -> where it is.
STREAMLITS_OWN = {
    "presentation-role-conflict": "stFileUploaderDropzone",  # the drop zone is a section without a role
    "list": "stSidebarNavItems",  # sections of the menu are wrapped in a div
    "listitem": "stSidebarNav",
}


def ours(page: Page, violation: dict[str, Any]) -> list[str]:
    """The elements of a violation that are not Streamlit's own."""
    place = STREAMLITS_OWN.get(violation["id"])
    return [node["html"] for node in violation["nodes"] if place is None or not is_in(page, place, node)]


def is_in(page: Page, place: str, node: dict[str, Any]) -> bool:
    element = page.locator(node["target"][0]).first
    return bool(element.evaluate(f"element => element.closest('[data-testid=\"{place}\"]') !== null"))


@pytest.mark.slow
def test_axe_finds_nothing(samples: Server, page: Page) -> None:
    """Each page in Thai in the light, then in English in the dark: there, of what words and colours change."""
    found, first_charts = [], {}
    for path in PATHS:
        page.emulate_media(color_scheme="light")
        visit(page, f"{samples.url}/{path}{'&' if '?' in path else '?'}lang=th")
        found += violations(page, path)
        first_charts[path] = first_chart(page)
        light = background(page)
        page.emulate_media(color_scheme="dark")
        if page.get_by_role("dialog").count():
            visit(page, page.url.replace("lang=th", "lang=en"))
        else:
            page.locator(".st-key-lang").get_by_text("English").click()
            settle(page)
        expect(page.locator('.st-key-lang [aria-checked="true"]').first).to_have_text("English")
        assert background(page) != light, path
        found += violations(page, path, runOnly={"type": "rule", "values": list(WORDS_AND_COLOURS)})
        first_charts[f"{path} en"] = first_chart(page)
    assert not found
    tops = {path: y for path, y in first_charts.items() if y}
    assert len(tops) >= 20
    assert not {path: y for path, y in tops.items() if y > FIRST_CHART_BY}, "below the fold of a small screen"


def violations(page: Page, path: str, **options: Any) -> list[tuple[str, str, str]]:
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [(path, violation["id"], html[:200]) for violation in found for html in ours(page, violation)]


def first_chart(page: Page) -> float:
    """Pixels from the top of the window to the first chart; 0 where there is none."""
    tops = [box["y"] for chart in page.locator(".stPlotlyChart").all() if (box := chart.bounding_box())]
    return min(tops, default=0)


def background(page: Page) -> str:
    return str(page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor"))
