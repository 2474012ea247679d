"""Who is answered at all, by what a request says of where it comes from; and whether the product can work."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from pmqa.access import is_answered
from pmqa.settings import read_settings, sign_in_is_set_up
from pmqa.text import LANGUAGES, translator

READY: Final = "/readyz"  # for whoever watches the server: whether the database can be read and written


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
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    return is_answered(peer, headers, sign_in=sign_in_is_set_up(), open_to_all=read_settings().open_to_all)


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
