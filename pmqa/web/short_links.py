"""Short links: `/?v=...` leads to the address that is kept under it."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pmqa.errors import StoreError
from pmqa.web.guard import path_within, prefix

PARAMETER: Final = "v"


class ShortLinks:
    """Leads on from a short link. One that is not known goes to the first page, which says so.

    The innermost: who is not signed in is asked to sign in first, and comes back to it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead on, or pass a request on."""
        if scope["type"] == "http" and path_within(scope) in ("", "/"):
            link = Request(scope).query_params.get(PARAMETER)
            if link and (address := await asyncio.to_thread(_address_of, link)):
                await RedirectResponse(f"{prefix()}/{address}", status_code=302)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _address_of(link: str) -> str:
    """The page with its parameters, below the server's own prefix; "" where there is none."""
    from pmqa.ui import the_store  # noqa: PLC0415 - caches made before Streamlit's runtime exists would be thrown away

    try:
        found = the_store().links.opened(link)
    except StoreError:  # the page says what is wrong with the database
        return ""
    return f"{found[0]}?{found[1]}" if found else ""
