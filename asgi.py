"""The dashboard for many users: `uvicorn asgi:app --host 127.0.0.1 --port 8501`, behind a proxy that speaks TLS.

Uvicorn's sockets answer without the delay that `streamlit run` has, and what is loaded before the first visitor is
kept out of the garbage collector's sight: reruns take a fifth of the time.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from pmqa.access import is_answered
from pmqa.errors import SettingsError
from pmqa.settings import check_settings, read_settings, sign_in_is_set_up
from pmqa.text import LANGUAGES, translator

ROOT: Final = Path(__file__).parent
INDEX: Final = Path(st.__file__).parent / "static" / "index.html"


def script_hashes(html: str) -> list[str]:
    """CSP sources for the inline scripts of a page."""
    scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", html, flags=re.DOTALL)
    return [f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts]


CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        " ".join(("script-src 'self'", *script_hashes(INDEX.read_text(encoding="utf-8")))),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
LOGIN, CALLBACK = "/auth/login", "/oauth2callback"  # Streamlit's own addresses of a sign-in
WAY: Final = "pmqa_way_back"
LONGEST_WAY: Final = 600  # seconds
READY: Final = "/readyz"  # for whoever watches the server: whether the database can be read and written
INTERNAL: Final = ("/_stcore/metrics",)  # how many visitors there are, and how much memory: nobody's business


class Guard:
    """Answers only whom these settings let in at all, and says whether the product can work at READY.

    The outermost: without sign-in, nothing of a stranger's gets any further, neither a page nor a file nor a socket.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif not _is_answered(scope):
            await _refuse(scope, receive, send)
        elif scope["path"].endswith(READY):
            await _say_whether_ready(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _is_answered(scope: Scope) -> bool:
    peer = scope["client"][0] if scope.get("client") else None
    names = [name.decode("latin-1") for name, _ in scope["headers"]]
    return is_answered(peer, names, sign_in=sign_in_is_set_up(), open_to_all=read_settings().open_to_all)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocketClose(code=1008)(scope, receive, send)
        return
    said = "\n".join(translator(language)("settings.elsewhere") for language in LANGUAGES)
    await PlainTextResponse(said, status_code=403)(scope, receive, send)


async def _say_whether_ready(scope: Scope, receive: Receive, send: Send) -> None:
    from pmqa.ui import is_ready  # noqa: PLC0415 - caches made before Streamlit's runtime exists would be thrown away

    ready = await asyncio.to_thread(is_ready)
    await PlainTextResponse("ready" if ready else "not ready", status_code=200 if ready else 503)(scope, receive, send)


class SecurityHeaders:
    """Adds HEADERS to every answer and hides what is internal. Plain ASGI, so that streams and sockets pass."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"] in INTERNAL:
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, with_headers)


def address_within(url: str) -> str:
    """Path and query of an address, of this server whatever it says: nobody is led elsewhere by it."""
    parts = urlsplit(url)
    path = "/" + parts.path.lstrip("/\\")
    return f"{path}?{parts.query}" if parts.query else path


class WayBack:
    """Leads whoever signs in back to the page and the view that they came from, and not to the first page.

    What they came from is kept by their browser meanwhile: a cookie, no longer than a sign-in takes. An address too
    long for a cookie is not kept.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        leaves, returns = (scope["type"] == "http" and scope["path"].endswith(path) for path in (LOGIN, CALLBACK))
        if not (leaves or returns):
            await self.app(scope, receive, send)
            return
        request = Request(scope)

        async def with_way(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers, cookie = MutableHeaders(scope=message), Response()
                if leaves and (came_from := request.headers.get("referer")):
                    way = quote(address_within(came_from), safe="")
                    cookie.set_cookie(WAY, way, max_age=LONGEST_WAY, httponly=True, samesite="lax")
                elif returns and (kept := request.cookies.get(WAY)) and "location" in headers:
                    headers["location"] = address_within(unquote(kept))
                    cookie.delete_cookie(WAY, httponly=True, samesite="lax")
                for value in cookie.headers.getlist("set-cookie"):
                    headers.append("set-cookie", value)
            await send(message)

        await self.app(scope, receive, with_way)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Before the first visitor: open the store, load what is heavy, freeze it."""
    # Imported here: caches made before Streamlit's runtime exists would be thrown away.
    from pmqa.ui import freeze  # noqa: PLC0415

    await asyncio.to_thread(freeze)
    yield


def checked_app() -> st.App:
    """The application. Ends the process with a sentence where settings or secrets are wrong: closed, never open."""
    try:
        check_settings()
    except SettingsError as error:
        raise SystemExit(str(error)) from error
    layers = [Middleware(Guard), Middleware(SecurityHeaders), Middleware(WayBack)]
    return st.App(ROOT / "app.py", lifespan=lifespan, middleware=layers)


app = checked_app()
