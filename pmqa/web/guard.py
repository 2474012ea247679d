"""Who is answered at all, by what a request says of where it comes from; and whether the product can work."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit import config

from pmqa.access import is_answered
from pmqa.settings import read_settings, sign_in_is_set_up
from pmqa.text import languages, translator

READY: Final = "/readyz"  # for whoever watches the server: whether the database can be read and written


class Guard:
    """Answers only whom these settings let in at all.

    The outermost: without sign-in, nothing of a stranger's gets any further, neither a page nor a file nor a socket.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] in ("http", "websocket") and not _is_answered(scope):
            await _refuse(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class Readiness:
    """Says at READY whether the product can work, to whoever gets as far."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass a request on."""
        if scope["type"] == "http" and path_within(scope) == READY:
            await _say_whether_ready(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def path_within(scope: Scope) -> str:
    """The path below the prefix that the server is set up with."""
    return str(scope["path"]).removeprefix(prefix())


def prefix() -> str:
    """The path that all addresses of this server begin with, as "/a/b"; "" for none."""
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def peer_of(scope: Scope) -> str | None:
    """Whose address a request comes from, as far as the server knows."""
    return scope["client"][0] if scope.get("client") else None


def headers_of(scope: Scope) -> list[tuple[str, str]]:
    """Names and values of a request's headers."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]


def _is_answered(scope: Scope) -> bool:
    sign_in, open_to_all = sign_in_is_set_up(), read_settings().open_to_all
    return is_answered(peer_of(scope), headers_of(scope), sign_in=sign_in, open_to_all=open_to_all)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocketClose(code=1008)(scope, receive, send)
        return
    said = "\n".join(translator(language)("settings.elsewhere") for language in languages())
    await PlainTextResponse(said, status_code=403)(scope, receive, send)


async def _say_whether_ready(scope: Scope, receive: Receive, send: Send) -> None:
    from pmqa.ui import is_ready  # noqa: PLC0415 - caches made before Streamlit's runtime exists would be thrown away

    ready = await asyncio.to_thread(is_ready)
    await PlainTextResponse("ready" if ready else "not ready", status_code=200 if ready else 503)(scope, receive, send)
