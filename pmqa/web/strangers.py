"""Where sign-in is set up, what is given to whom: to strangers a way to sign in, files only to who is let in.

A sign-in is Streamlit's signed cookie with the claims of the identity provider. It counts for a working day, and no
longer than until its owner leaves: then it is worth nothing any more, whoever has a copy, and its sockets close.
"""

from __future__ import annotations

import asyncio
import hashlib
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit.auth_util import encode_provider_token, get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from pmqa.access import has_signed_in, is_answered, is_let_in
from pmqa.settings import sign_in_is_by_tls, sign_in_is_set_up, sign_in_providers
from pmqa.text import DEFAULT_LANGUAGE, languages, translator
from pmqa.web.guard import READY, headers_of, path_within, peer_of, prefix

COOKIE: Final = "_streamlit_user"  # Streamlit's, as are these addresses
LOGIN, CALLBACK, LOGOUT = "/auth/login", "/oauth2callback", "/auth/logout"
HEALTH: Final = "/_stcore/health"
FILES: Final = ("/media/", "/_stcore/upload_file/")
STATIC: Final = "/app/static/"  # fonts and icon, which everybody may have
SIGN_IN: Final = "/sign-in"  # ours: the page of strangers leads there, and it to the identity provider
DEFAULT_PROVIDER: Final = "default"


@dataclass(frozen=True)
class SignIn:
    """A sign-in that somebody shows: its claims, and what tells it from every other."""

    claims: Mapping[str, Any]
    mark: bytes


class Strangers:
    """Gives strangers a page to sign in, and nothing else; to who has signed in, files only where they are let in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.left: set[bytes] = set()  # marks of sign-ins whose owners have signed out
        self.open: dict[bytes, set[asyncio.Event]] = {}  # mark -> what ends each of its sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket") or not sign_in_is_set_up():
            await self.app(scope, receive, send)
            return
        path = path_within(scope)
        shown = _shown(scope)
        known = shown if shown and shown.mark not in self.left and has_signed_in(shown.claims) else None
        if scope["type"] == "websocket":
            await self._socket(known, scope, receive, send)
        elif path == SIGN_IN:
            await _to_provider(scope)(scope, receive, send)
        elif path in (LOGIN, CALLBACK, LOGOUT) or path.startswith(STATIC) or _watches(path, scope):
            if path == LOGOUT and shown:
                self._leave(shown.mark)
            await self.app(scope, receive, _secured(send) if sign_in_is_by_tls() else send)
        elif known is None:
            await _ask_to_sign_in(scope)(scope, receive, send)
        elif path.startswith(FILES):
            await self._file(known, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _file(self, known: SignIn, scope: Scope, receive: Receive, send: Send) -> None:
        from pmqa.ui import person  # noqa: PLC0415 - caches made before Streamlit's runtime exists are thrown away

        if not await asyncio.to_thread(is_let_in, known.claims, person):
            await PlainTextResponse("", status_code=403)(scope, receive, send)
            return

        async def unstored(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message["headers"] if pair[0].lower() != b"cache-control"]
                message = {**message, "headers": [*kept, (b"cache-control", b"no-store")]}
            await send(message)

        await self.app(scope, receive, unstored)

    async def _socket(self, known: SignIn | None, scope: Scope, receive: Receive, send: Send) -> None:
        if known is None:
            await WebSocketClose(code=1008)(scope, receive, send)
            return
        ended = asyncio.Event()
        sockets = self.open.setdefault(known.mark, set())
        sockets.add(ended)

        async def until_signed_out() -> Message:
            coming, leaving = asyncio.ensure_future(receive()), asyncio.ensure_future(ended.wait())
            await asyncio.wait({coming, leaving}, return_when=asyncio.FIRST_COMPLETED)
            leaving.cancel()
            if not ended.is_set():
                return await coming
            coming.cancel()
            await send({"type": "websocket.close", "code": 1008})
            return {"type": "websocket.disconnect", "code": 1008}

        try:
            await self.app(scope, until_signed_out, send)
        finally:
            sockets.discard(ended)
            if not sockets:
                self.open.pop(known.mark, None)

    def _leave(self, mark: bytes) -> None:
        self.left.add(mark)
        for ended in self.open.get(mark, ()):
            ended.set()


def _secured(send: Send) -> Send:
    """Sets cookies so that a browser sends them over TLS only, which Streamlit leaves open."""

    async def with_secure(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(k, v + b"; Secure" if k.lower() == b"set-cookie" else v) for k, v in message["headers"]]
            message = {**message, "headers": headers}
        await send(message)

    return with_secure


def _shown(scope: Scope) -> SignIn | None:
    """The sign-in that a request shows, if its signature is ours."""
    cookies, secret = HTTPConnection(scope).cookies, get_cookie_secret()

    def signed(name: str) -> bytes | None:
        value = cookies.get(name)
        return None if value is None else decode_signed_value(secret, name, value.encode("latin-1"))

    try:
        content = get_cookie_with_chunks(signed, COOKIE)
        claims = json.loads(content) if content else None
    except ValueError:  # not what we sign, or not of latin letters
        return None
    if content is None or not isinstance(claims, dict) or not claims.get("is_logged_in"):
        return None
    return SignIn(claims, hashlib.sha256(content).digest())


def _watches(path: str, scope: Scope) -> bool:
    """Whether it is this machine itself that asks whether the server is well."""
    from_here = is_answered(peer_of(scope), headers_of(scope), sign_in=False, open_to_all=False)
    return path in (HEALTH, READY) and from_here


def _to_provider(scope: Scope) -> Response:
    asked = Request(scope).query_params.get("provider", "")
    if asked not in sign_in_providers():
        return PlainTextResponse("", status_code=404)
    token = encode_provider_token(asked or DEFAULT_PROVIDER)
    return RedirectResponse(f"{prefix()}{LOGIN}?provider={quote(token)}", headers={"Cache-Control": "no-store"})


def _ask_to_sign_in(scope: Scope) -> Response:
    """A page with a button for each provider, to a browser that asks for a page; nothing to whatever else asks."""
    if "text/html" not in HTTPConnection(scope).headers.get("accept", ""):
        return PlainTextResponse("", status_code=401)
    parts = []
    for language in languages():
        t = translator(language)
        links = "".join(
            f'<p><a href="{prefix()}{SIGN_IN}?provider={quote(name)}">'
            f"{html.escape(t('ui.sign_in_with', provider=name) if name else t('ui.sign_in'))}</a></p>"
            for name in sign_in_providers()
        )
        parts.append(f'<section lang="{language}"><h1>{html.escape(t("ui.product_long"))}</h1>{links}</section>')
    static = f"{prefix()}{STATIC}"
    title = html.escape(translator(DEFAULT_LANGUAGE)("ui.product_long"))
    content = PAGE.format(static=static, language=DEFAULT_LANGUAGE, title=title, parts="".join(parts))
    return HTMLResponse(content, status_code=401, headers={"Cache-Control": "no-store"})


PAGE: Final = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><link rel="icon" href="{static}icon.png">
<style>
@font-face {{ font-family: Sarabun; src: url("{static}sarabun-thai-400-normal.woff2"); unicode-range: U+0E01-0E5B; }}
@font-face {{ font-family: Sarabun; src: url("{static}sarabun-latin-400-normal.woff2"); }}
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.75 Sarabun, "Noto Sans Thai", sans-serif; }}
body {{ max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem; }}
h1 {{ font-size: 1.4rem; }}
a {{ display: inline-block; padding: 0.4rem 1.4rem; border-radius: 0.5rem; background: #1d4f91; color: #fff; }}
</style>
<script src="{static}signed_out.js"></script></head>
<body>{parts}</body></html>
"""
