"""What the server for many users adds to Streamlit: whoever signs in comes back to where they were."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from asgi import WayBack, address_within

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
