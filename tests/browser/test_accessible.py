"""axe finds nothing on any page, in either language, in the light or in the dark."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import TALL, Server, new_context, visit
from playwright.sync_api import Browser, Page

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
@pytest.mark.parametrize(("language", "scheme"), [("th", "light"), ("en", "dark")])
def test_axe_finds_nothing(language: str, scheme: Any, samples: Server, browser: Browser) -> None:
    """Words depend on the language alone and colours on the scheme alone: two rounds see all of both."""
    context = new_context(browser, viewport=TALL, color_scheme=scheme)
    page = context.new_page()
    found, first_charts = [], {}
    for path in PATHS:
        visit(page, f"{samples.url}/{path}{'&' if '?' in path else '?'}lang={language}")
        if charts := page.locator(".stPlotlyChart").all():
            first_charts[path] = min(box["y"] for chart in charts if (box := chart.bounding_box()))
        violations = Axe().run(page).response["violations"]
        found += [(path, violation["id"], html[:200]) for violation in violations for html in ours(page, violation)]
    context.close()
    assert not found
    assert len(first_charts) >= 10
    assert not {path: y for path, y in first_charts.items() if y > FIRST_CHART_BY}, "below the fold of a small screen"
