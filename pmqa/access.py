"""Who is this, and what may they do: sign-in claims to a Viewer, in one pure function.

What a viewer may *see* and *change* is decided in the store, by the Viewer's agencies, ministries and role (viewer.py);
pages ask the same table which buttons to offer. Somebody who is signed in without a role of ours gets nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, get_args

import streamlit as st

from pmqa.viewer import LOCAL_ANALYST, MAY, Deed, Role, Viewer, check, may, sources_of

__all__ = [
    "LONGEST_SIGN_IN",
    "MAY",
    "Deed",
    "check",
    "current_viewer",
    "may",
    "sign_in_is_set_up",
    "sources_of",
    "viewer_from_claims",
]

ROLES: Final[Mapping[object, Role]] = {role: role for role in get_args(Role)}

# Streamlit's identity cookie lives 30 days; a sign-in of ours lives a working day.
LONGEST_SIGN_IN: Final = timedelta(hours=10)


def viewer_from_claims(claims: Mapping[str, object], now: datetime) -> Viewer | None:
    """The viewer that the claims of a sign-in describe; None = not let in.

    claims: `pmqa_role` (one of Role); `pmqa_agencies`, `pmqa_ministries` (lists of codes and names, absent = all, but
    an `agency` without agencies is not let in); `iat` (seconds since 1970; older than LONGEST_SIGN_IN counts as
    signed out); `email` or `sub` for the name that the audit keeps.
    """
    role = ROLES.get(claims.get("pmqa_role"))
    issued = claims.get("iat")
    name = claims.get("email") or claims.get("sub")
    if role is None or not isinstance(name, str) or not isinstance(issued, int | float):
        return None
    if now - datetime.fromtimestamp(issued, UTC) > LONGEST_SIGN_IN:
        return None
    agencies = _names(claims.get("pmqa_agencies"))
    if role == "agency" and not agencies:
        return None
    return Viewer(name, role, agencies, _names(claims.get("pmqa_ministries")))


def sign_in_is_set_up() -> bool:
    """Whether this deployment has an identity provider: an [auth] table in the secrets."""
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets


def current_viewer() -> Viewer | None:
    """Who looks now: the machine's analyst where no sign-in is set up; None = must sign in, or is not let in."""
    if not sign_in_is_set_up():
        return LOCAL_ANALYST
    if not st.user.is_logged_in:
        return None
    return viewer_from_claims(st.user.to_dict(), datetime.now(UTC))


def _names(claim: object) -> frozenset[str] | None:
    if claim is None:
        return None
    return frozenset({claim} if isinstance(claim, str) else {str(name) for name in claim})  # type: ignore[attr-defined]
