"""Where sign-in is set up: strangers get a way to sign in, files go to who is let in, leaving ends it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from pmqa.viewer import Person
from pmqa.web.strangers import COOKIE, Strangers

SECRET: Final = "0123456789abcdef0123456789abcdef"
DATA: Final = "marker of data"
PEOPLE: Final = {"a@x.example": Person("a@x.example", "viewer")}
HTML: Final = {"accept": "text/html,*/*"}
# What Streamlit has at each kind of address; every one of them under a prefix too.
OF_DATA: Final = (
    *("/", "/compare", "/_stcore/host-config", "/_stcore/message", "/_stcore/metrics", "/_stcore/script-health-check"),
    *("/static/js/main.js", "/_stcore/upload_file/s/f", "/media/abc.png", "/component/x", "/oauth2callback/x"),
)
FILES: Final = ("/_stcore/upload_file/s/f", "/media/abc.png")


def cookie(secret: str = SECRET, **changes: object) -> str:
    said = {
        "is_logged_in": True,
        "origin": "https://pmqa.example",
        "email": "a@x.example",
        "iat": time.time(),
    } | changes
    return create_signed_value(secret, COOKIE, json.dumps(said)).decode()


async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
    """In Streamlit's place: gives everybody the data."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            await send({"type": "websocket.send", "text": DATA})
        return
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"public, max-age=900")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": DATA.encode()})


def elsewhere(work: Coroutine[Any, Any, Any]) -> Any:
    with ThreadPoolExecutor(1) as other:  # a browser's tests in the same process leave a loop running in this thread
        return other.submit(asyncio.run, work).result()


@pytest.fixture(params=["", "/pmqa"], ids=["no prefix", "a prefix"])
def prefix(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("pmqa.web.guard.config.get_option", lambda _: request.param.strip("/"))
    return str(request.param)


@pytest.fixture(autouse=True)
def sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "sign_in_is_set_up": lambda: True,
        "sign_in_is_by_tls": lambda: True,
        "sign_in_providers": lambda: ("", "thaid"),
        "get_cookie_secret": lambda: SECRET,
        "encode_provider_token": lambda provider: f"token of {provider}",
    }.items():
        monkeypatch.setattr(f"pmqa.web.strangers.{name}", value)
    monkeypatch.setattr("pmqa.ui.person", PEOPLE.get)


Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask() -> Ask:
    """Ask one server for an address, with a cookie or without."""
    app = Strangers(streamlit)

    def ask(
        path: str, shown: str | None = None, *, method: str = "GET", client: str = "192.0.2.7", **headers: str
    ) -> httpx.Response:
        said = headers | ({"cookie": f"{COOKIE}={shown}"} if shown else {})

        async def visit() -> httpx.Response:
            transport = httpx.ASGITransport(app, client=(client, 5))
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
                return await browser.request(method, path, headers=said)

        answer = elsewhere(visit())
        assert isinstance(answer, httpx.Response)
        return answer

    return ask


WORTHLESS: Final = {
    "none": None,
    "of another secret": cookie("another secret, as long as it is"),
    "not signed": "eyJpc19sb2dnZWRfaW4iOiB0cnVlfQ==",
    "of yesterday": cookie(iat=time.time() - 36_001),
    "of tomorrow": cookie(iat=time.time() + 86_400),
    "without a time": cookie(iat=None),
    "signed out": cookie(is_logged_in=False),
}


@pytest.mark.parametrize("shown", WORTHLESS)
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_strangers_get_no_byte_of_data(ask: Ask, prefix: str, shown: str, method: str) -> None:
    for path in OF_DATA:
        for headers in ({}, HTML):
            answer = ask(f"{prefix}{path}", WORTHLESS[shown], method=method, **headers)
            assert answer.status_code == 401
            assert DATA not in answer.text


def test_who_has_signed_in_gets_pages_and_files_and_no_file_stays_in_the_browser(ask: Ask, prefix: str) -> None:
    for path in OF_DATA:
        answer = ask(f"{prefix}{path}", cookie())
        assert answer.text == DATA
        assert (answer.headers["cache-control"] == "no-store") == (path in FILES)


@pytest.mark.parametrize("email", ["nobody@x.example", None])
def test_who_has_signed_in_and_has_no_role_gets_no_files_and_sends_none(ask: Ask, prefix: str, email: str) -> None:
    for path in FILES:
        for method in ("GET", "PUT"):
            answer = ask(f"{prefix}{path}", cookie(email=email), method=method)
            assert (answer.status_code, answer.text) == (403, "")
    assert ask(f"{prefix}/", cookie(email=email)).text == DATA  # which is where they read why


def test_strangers_are_led_to_sign_in_with_each_provider(ask: Ask, prefix: str) -> None:
    page = ask(f"{prefix}/compare?year=2568", **HTML)
    assert page.headers["cache-control"] == "no-store"
    for name, provider in (("", "default"), ("thaid", "thaid")):
        assert f'href="{prefix}/sign-in?provider={name}"' in page.text
        led = ask(f"{prefix}/sign-in?provider={name}")
        assert led.headers["location"] == f"{prefix}/auth/login?provider=token%20of%20{provider}"
    assert ask(f"{prefix}/sign-in?provider=other").status_code == 404
    for path in ("/auth/login", "/oauth2callback", "/auth/logout", "/app/static/icon.png"):
        assert ask(f"{prefix}{path}").status_code == 200


@pytest.mark.parametrize("path", ["/_stcore/health", "/readyz"])
def test_only_this_machine_and_who_has_signed_in_may_ask_whether_the_server_is_well(
    ask: Ask, prefix: str, path: str
) -> None:
    assert ask(f"{prefix}{path}").status_code == 401
    assert ask(f"{prefix}{path}", client="127.0.0.1", **{"x-forwarded-for": "192.0.2.7"}).status_code == 401
    assert ask(f"{prefix}{path}", client="127.0.0.1").status_code == 200
    assert ask(f"{prefix}{path}", cookie()).status_code == 200


def test_after_signing_out_a_copy_of_the_cookie_is_worth_nothing(ask: Ask, prefix: str) -> None:
    mine, other = cookie(), cookie(iat=time.time() - 60)
    assert ask(f"{prefix}/", mine).status_code == 200
    ask(f"{prefix}/auth/logout", mine)
    assert ask(f"{prefix}/", mine).status_code == 401
    assert ask(f"{prefix}/", other).status_code == 200


@pytest.mark.parametrize(("by_tls", "ends"), [(True, "; Secure"), (False, "")])
def test_behind_tls_cookies_of_a_sign_in_go_over_tls_only(
    by_tls: bool, ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def callback(_: Scope, __: Receive, send: Send) -> None:
        headers = [(b"set-cookie", b"_streamlit_user=x; HttpOnly"), (b"location", b"/")]
        await send({"type": "http.response.start", "status": 302, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def visit() -> httpx.Response:
        transport = httpx.ASGITransport(Strangers(callback))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
            return await browser.get("/oauth2callback")

    monkeypatch.setattr("pmqa.web.strangers.sign_in_is_by_tls", lambda: by_tls)
    answer = elsewhere(visit())
    assert answer.headers["set-cookie"] == f"_streamlit_user=x; HttpOnly{ends}"
    assert answer.headers["location"] == "/"


# --- sockets ----------------------------------------------------------------------------------------------------------


def socket_of(shown: str | None) -> Scope:
    headers = [(b"cookie", f"{COOKIE}={shown}".encode())] if shown else []
    return {"type": "websocket", "path": "/_stcore/stream", "headers": headers, "client": ("192.0.2.7", 5)}


@pytest.mark.parametrize("shown", WORTHLESS)
def test_strangers_get_no_socket(shown: str) -> None:
    async def connect() -> list[Message]:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        async def send(message: Message) -> None:
            sent.append(message)

        await Strangers(streamlit)(socket_of(WORTHLESS[shown]), receive, send)
        return sent

    assert [message["type"] for message in elsewhere(connect())] == ["websocket.close"]


def test_signing_out_closes_the_sockets_of_the_sign_in_and_no_others() -> None:
    async def leave() -> dict[str, list[str]]:
        app, said = Strangers(streamlit), {}
        mine, other = cookie(), cookie(iat=time.time() - 60)

        def opened(name: str, shown: str) -> tuple[asyncio.Task[None], asyncio.Queue[Message]]:
            coming: asyncio.Queue[Message] = asyncio.Queue()
            coming.put_nowait({"type": "websocket.connect"})
            coming.put_nowait({"type": "websocket.receive"})
            sent = said.setdefault(name, [])

            async def send(message: Message) -> None:
                sent.append(message["type"])

            return asyncio.create_task(app(socket_of(shown), coming.get, send)), coming

        (first, _), (second, still) = opened("mine", mine), opened("other", other)
        await asyncio.sleep(0.05)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
            await browser.get("/auth/logout", headers={"cookie": f"{COOKIE}={mine}"})
        await asyncio.wait_for(first, 5)
        assert not second.done()
        still.put_nowait({"type": "websocket.disconnect"})
        await asyncio.wait_for(second, 5)
        assert not app.open
        return said

    assert elsewhere(leave()) == {
        "mine": ["websocket.accept", "websocket.send", "websocket.close"],
        "other": ["websocket.accept", "websocket.send"],
    }
