"""The production entry: headers, nothing internal, and a policy under which everything still draws."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Server, visit
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def production(serve: Callable[..., Server], sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Server:
    database = tmp_path_factory.mktemp("production") / "24.duckdb"
    database.write_bytes(sample_database.read_bytes())
    return serve(database, uvicorn=True)


def test_every_answer_carries_the_security_headers(production: Server) -> None:
    for path in ("/", "/_stcore/health", "/app/static/sarabun-thai-400-normal.woff2"):
        with urllib.request.urlopen(f"{production.url}{path}") as answer:
            headers = answer.headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe-eval" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_what_is_internal_is_not_there(production: Server) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{production.url}/_stcore/metrics")


def test_pages_draw_under_the_policy_and_call_nobody_outside(production: Server, page: Page) -> None:
    refused: list[str] = []
    outside: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    page.on("request", lambda request: outside.append(request.url) if "127.0.0.1" not in request.url else None)
    for path in ("", "compare", "agency?part=ladder", "framework"):
        visit(page, f"{production.url}/{path}")
        assert page.locator(".js-plotly-plot, table").count()
    assert not refused
    assert not [url for url in outside if not url.startswith(("data:", "blob:"))]


def test_the_fonts_are_the_products_own(production: Server, page: Page) -> None:
    visit(page, production.url)
    loaded = page.evaluate("() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert any("Sarabun" in family for family in loaded)
