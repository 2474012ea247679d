"""What the audit is told of a visit beside changes of the data: who signed in, was refused, left, took which file."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from pmqa import access
from pmqa.access import NotLetIn
from pmqa.errors import StoreError
from pmqa.viewer import LOCAL_ANALYST, Viewer
from pmqa.views import data

LOG: Final = logging.getLogger("pmqa.audit")
NOTED: Final = "_noted"  # what the audit was told of this visit's sign-in
WHO: Final = "_who"  # the name of whoever looks, for files that are made when they are asked for


def note_arrival(found: Viewer | NotLetIn | None) -> None:
    """Each sign-in is in the audit once, and once for each reason that keeps it out, however many runs it has."""
    sign_in = access.sign_in_shown()
    if sign_in is None or found is None:
        return
    action, details = "signed_in", {"issued": sign_in.at}
    if isinstance(found, NotLetIn):
        action, details = "not_let_in", details | {"why": found.why, "what": found.what}
    else:
        details["role"] = found.role
    noted = (sign_in, action, *details.values())
    if st.session_state.get(NOTED) != noted:
        _note(sign_in.who, action, details=details, once=True)
        st.session_state[NOTED] = noted


def leave() -> None:
    """Sign out."""
    if sign_in := access.sign_in_shown():
        _note(sign_in.who, "signed_out", details={"issued": sign_in.at})
    st.logout()


def noted(name: str, contents: Callable[[], bytes]) -> Callable[[], bytes]:
    """The contents of a file; whoever looks now is in the audit when they take it."""
    who = str(st.session_state.get(WHO, LOCAL_ANALYST.name))

    def taken() -> bytes:
        content = contents()
        _note(who, "downloaded", name, details={"bytes": len(content)})
        return content

    return taken


def _note(
    who: str, action: str, subject: str | None = None, *, details: Mapping[str, object], once: bool = False
) -> None:
    """A full disk keeps nobody from reading: then the server's log has the line that the audit lacks."""
    try:
        data.store().audit.note(who, action, subject, details=details, once=once)
    except StoreError as error:
        line = {"who": who, "action": action, "subject": subject, **details, "not_in_audit": str(error)}
        LOG.error(json.dumps(line, ensure_ascii=False))
