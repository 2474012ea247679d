"""The way back from a sign-in to the page and the view that it began from."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, unquote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGIN, CALLBACK = "/auth/login", "/oauth2callback"  # Streamlit's own addresses of a sign-in
WAY: Final = "pmqa_way_back"
LONGEST_WAY: Final = 600  # seconds


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
