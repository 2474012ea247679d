"""What the server for many users adds to Streamlit: whoever signs in comes back to where they were."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import MagicMock

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from pmqa.settings import read_settings
from pmqa.store import Store
from pmqa.web import lifespan
from pmqa.web.guard import Guard, Readiness
from pmqa.web.housekeeping import Housekeeping
from pmqa.web.way_back import WayBack, address_within

VIEW = "/compare?year=2568&agencies=D001&agencies=D002&peers=group-%E0%B8%81"


async def login(_: Request) -> Response:
    return RedirectResponse("https://provider.example/authorize")


async def callback(_: Request) -> Response:
    response = RedirectResponse("/", status_code=302)
    response.set_cookie("_streamlit_user", "somebody")
    return response


async def page(_: Request) -> Response:
    return PlainTextResponse("")


def visited(*addresses: str, referer: str | None = None) -> list[httpx.Response]:
    """What one browser is answered at these addresses, in turn; it says where it came from at the first."""
    routes = [Route("/auth/login", login), Route("/oauth2callback", callback), Route("/compare", page)]
    transport = httpx.ASGITransport(Starlette(routes=routes, middleware=[Middleware(WayBack)]))

    async def visit() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=transport, base_url="https://pmqa.example") as browser:
            headers = [{"referer": referer} if referer else {}] + [{}] * len(addresses)
            return [await browser.get(address, headers=said) for address, said in zip(addresses, headers, strict=False)]

    with ThreadPoolExecutor(1) as other:  # a browser's tests in the same process leave a loop running in this thread
        return other.submit(asyncio.run, visit()).result()


def test_who_signs_in_comes_back_to_the_page_and_view_that_they_came_from() -> None:
    _, back, again = visited(
        "/auth/login", "/oauth2callback?code=x&state=y", "/oauth2callback", referer=f"https://pmqa.example{VIEW}"
    )
    assert (back.status_code, back.headers["location"]) == (302, VIEW)
    assert "_streamlit_user=somebody" in back.headers["set-cookie"]
    assert again.headers["location"] == "/"  # once


def test_without_a_page_to_come_back_to_the_first_page_is_shown() -> None:
    _, back = visited("/auth/login", "/oauth2callback")
    assert back.headers["location"] == "/"


def test_other_answers_are_left_alone() -> None:
    (answer,) = visited("/compare", referer=f"https://pmqa.example{VIEW}")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://elsewhere.example/compare?year=2568", "/compare?year=2568"),
        ("https://pmqa.example//elsewhere.example/x", "/elsewhere.example/x"),
        ("https://pmqa.example/\\\\elsewhere.example/x", "/elsewhere.example/x"),
        ("//elsewhere.example", "/"),
        ("javascript:alert(1)", "/alert(1)"),
        ("", "/"),
    ],
)
def test_nobody_is_led_to_another_server(url: str, address: str) -> None:
    assert address_within(url) == address


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/upload_file/x/y", "/media/z.png", "/readyz"])
@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        (("127.0.0.1", 5), {}, 200),
        (("127.0.0.1", 5), {"X-Forwarded-For": "192.0.2.7"}, 403),
        (("192.0.2.7", 5), {}, 403),
    ],
)
def test_without_sign_in_nothing_at_all_is_given_to_who_comes_from_elsewhere(
    path: str, client: tuple[str, int], headers: dict[str, str], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pmqa.web.guard.sign_in_is_set_up", lambda: False)
    monkeypatch.setattr("pmqa.ui.is_ready", lambda: True)
    routes = [Route("/{rest:path}", page)]
    transport = httpx.ASGITransport(Starlette(routes=routes, middleware=[Middleware(Guard)]), client=client)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
            return await browser.get(path, headers=headers)

    with ThreadPoolExecutor(1) as elsewhere:
        answer = elsewhere.submit(asyncio.run, ask()).result()
    assert answer.status_code == status
    assert (status == 403) == ("PMQA_OPEN" in answer.text)


@pytest.mark.parametrize(("ready", "status"), [(True, 200), (False, 503)])
def test_readyz_says_whether_the_database_can_be_used(
    ready: bool, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pmqa.ui.is_ready", lambda: ready)
    transport = httpx.ASGITransport(Readiness(Starlette()))  # type: ignore[arg-type]

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
            return await browser.get("/readyz")

    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(asyncio.run, ask()).result().status_code == status


@pytest.mark.parametrize("fails", [False, True])
def test_a_server_looks_ahead_before_its_first_visitor_and_starts_whatever_comes_of_it(
    fails: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def look_ahead() -> None:
        done.append("looked")
        if fails:
            raise KeyError("D001")

    beside = MagicMock()
    monkeypatch.setattr("pmqa.views.ahead.look_ahead", look_ahead)
    monkeypatch.setattr("pmqa.ui.freeze", lambda: done.append("frozen"))
    monkeypatch.setattr("pmqa.ui.the_store", MagicMock())
    for name in ("give_back_large_blocks", "keep_journal", "Door", "Housekeeping"):
        monkeypatch.setattr(f"pmqa.web.{name}", beside)

    async def start() -> None:
        async with lifespan(MagicMock()):
            done.append("open")

    with caplog.at_level(logging.WARNING, logger="pmqa"), ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(asyncio.run, start()).result()
    assert done == ["looked", "frozen", "open"]
    assert ("looking ahead: KeyError('D001')" in caplog.text) == fails


def test_after_a_change_the_server_looks_ahead_again_once_it_is_quiet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looked: list[str] = []
    with Store(tmp_path / "house.duckdb") as store:
        monkeypatch.setattr("pmqa.views.ahead.look_ahead", lambda: looked.append(store.version()))
        monkeypatch.setattr("pmqa.views.ahead.look_further", lambda: 1 / 0)
        house = Housekeeping(store, read_settings())
        assert [house.look_ahead_when_quiet() for _ in range(3)] == [False, True, False]
        store.values.change_setting("one", "1", who="t")
        assert not house.look_ahead_when_quiet()
        store.values.change_setting("one", "2", who="t")  # others are still at it
        assert [house.look_ahead_when_quiet() for _ in range(3)] == [False, True, False]
        assert len(looked) == len(set(looked)) == 2
        assert looked[-1] == store.version()
    assert caplog.messages.count("looking ahead: ZeroDivisionError('division by zero')") == 2  # and it goes on
