"""What stands before Streamlit, whatever starts the server: who is answered, headers, the way back from a sign-in.

guard      who is answered at all; readiness
headers    what every answer says, and what is nobody's business
strangers  where sign-in is set up: a page to sign in, and nothing else
housekeeping  what is done now and then beside the pages
inbox      a folder whose files are taken in by themselves
memory     what uploads took goes back to the system
way_back   from a sign-in to the page that it began from
short_links  from a short link to the view that it stands for
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from pmqa.errors import PmqaError, StoreBusy
from pmqa.settings import check_settings, named_secrets, read_settings
from pmqa.store import Door, Store, elsewhere, keep_journal
from pmqa.store.journal import STDERR
from pmqa.store.opening import both_languages
from pmqa.web.guard import Guard, Readiness
from pmqa.web.headers import SecurityHeaders
from pmqa.web.housekeeping import Housekeeping, without_fail
from pmqa.web.inbox import Inbox, ingested
from pmqa.web.memory import give_back_large_blocks
from pmqa.web.short_links import ShortLinks
from pmqa.web.strangers import Strangers
from pmqa.web.way_back import WayBack

__all__ = ["lifespan", "surroundings"]


def surroundings() -> dict[str, Any]:
    """What `st.App` is to put around the script: the layers that every request goes through, the outermost first.

    Ends the process with a sentence where settings or secrets are wrong, closed and never open, or where the database
    cannot be opened: afterwards, the server would say the same in a traceback.
    """
    try:
        settings = check_settings()
        if beside := elsewhere(settings.database):
            beside.close()
            raise StoreBusy(both_languages("served", path=settings.database))
        Store(settings.database).close()
        if (named := named_secrets()) is not None:
            config.set_option("secrets.files", named or [os.devnull])
        if settings.path:
            config.set_option("server.baseUrlPath", settings.path)
    except PmqaError as error:
        raise SystemExit(str(error)) from error
    layers = (Guard, SecurityHeaders, Strangers, Readiness, WayBack, ShortLinks)
    return {
        "lifespan": lifespan,
        "middleware": [Middleware(layer) for layer in layers],
        "on_script_error": _say_what_failed,
    }


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Before the first visitor: find what Home says, load what is heavy, freeze it; then let commands in as well."""
    # Imported here: caches made before Streamlit's runtime exists would be thrown away.
    from pmqa.ui import freeze, the_store  # noqa: PLC0415
    from pmqa.views.ahead import look_ahead  # noqa: PLC0415

    give_back_large_blocks()
    await asyncio.to_thread(without_fail, look_ahead)
    await asyncio.to_thread(freeze)
    settings = read_settings()
    keep_journal(settings.log or STDERR)
    store = the_store()
    door = Door(store) if isinstance(settings.database, Path) else None  # a lake is open to everybody who has its key
    beside: list[Housekeeping | Inbox] = [Housekeeping(store, settings)]
    beside += [Inbox(settings.inbox, settings.database, ingested)] if settings.inbox else []
    for one in beside:
        one.start()
    yield
    for one in beside:
        one.stop()
    if door is not None:
        door.close()


def _say_what_failed(error: Exception) -> bool:
    from pmqa.ui import say_what_failed  # noqa: PLC0415 - as above

    return say_what_failed(error)
