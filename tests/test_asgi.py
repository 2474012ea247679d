"""What the server for many users adds to Streamlit: whoever signs in comes back to where they were."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

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


@pytest.fixture
def client() -> TestClient:
    routes = [Route("/auth/login", login), Route("/oauth2callback", callback), Route("/compare", page)]
    app = Starlette(routes=routes, middleware=[Middleware(WayBack)])
    return TestClient(app, base_url="https://pmqa.example", follow_redirects=False)


def test_who_signs_in_comes_back_to_the_page_and_view_that_they_came_from(client: TestClient) -> None:
    client.get("/auth/login", headers={"referer": f"https://pmqa.example{VIEW}"})
    answer = client.get("/oauth2callback?code=x&state=y")
    assert (answer.status_code, answer.headers["location"]) == (302, VIEW)
    assert "_streamlit_user=somebody" in answer.headers["set-cookie"]
    assert client.get("/oauth2callback").headers["location"] == "/"  # once


def test_without_a_page_to_come_back_to_the_first_page_is_shown(client: TestClient) -> None:
    client.get("/auth/login")
    assert client.get("/oauth2callback").headers["location"] == "/"


def test_other_answers_are_left_alone(client: TestClient) -> None:
    answer = client.get("/compare", headers={"referer": f"https://pmqa.example{VIEW}"})
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
