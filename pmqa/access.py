"""Who is this, and what may they do: sign-in claims to a Viewer, in one pure function.

What a viewer may *see* and *change* is decided in the store, by the Viewer's agencies, ministries and role (viewer.py);
pages ask the same table which buttons to offer. Somebody who is signed in without a role of ours gets nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Final, get_args

import streamlit as st

from pmqa.settings import sign_in_is_set_up
from pmqa.viewer import LOCAL_ANALYST, MAY, Deed, Role, Viewer, check, may, sources_of

__all__ = [
    "LONGEST_SIGN_IN",
    "MAY",
    "Deed",
    "check",
    "current_viewer",
    "is_answered",
    "is_loopback",
    "may",
    "sign_in_is_set_up",
    "sources_of",
    "viewer_from_claims",
]

ROLES: Final[Mapping[object, Role]] = {role: role for role in get_args(Role)}

# Streamlit's identity cookie lives 30 days; a sign-in of ours lives a working day.
LONGEST_SIGN_IN: Final = timedelta(hours=10)
CLOCKS_APART: Final = timedelta(minutes=2)  # of the identity provider's machine and this one
# What proxies say of whom they pass on; nobody who sits at this machine sends any of them.
FORWARDING: Final = re.compile(
    r"forwarded|via|x-(forwarded|original|envoy|arr|azure|appengine|amzn)-.*|cdn-loop"
    r"|(x-|true-|cf-|fastly-|x-cluster-)?(real|client|connecting|remote)-(ip|addr)",
    re.IGNORECASE,
)


def viewer_from_claims(claims: Mapping[str, object], now: datetime) -> Viewer | None:
    """The viewer that the claims of a sign-in describe; None = not let in.

    claims: `pmqa_role` (one of Role, or a list with exactly one of them); `pmqa_agencies`, `pmqa_ministries` (lists,
    or texts with commas, of codes and names; absent = all, but an `agency` without agencies is not let in); `iat`
    (seconds since 1970; older than LONGEST_SIGN_IN counts as signed out, a time to come is nobody's); `email` or `sub`
    for the name that the audit keeps. What cannot be read lets nobody in.
    """
    roles = {ROLES[role] for role in _words(claims.get("pmqa_role")) or () if role in ROLES}
    name = claims.get("email") or claims.get("sub")
    if len(roles) != 1 or not isinstance(name, str) or not _is_verified(claims.get("email_verified")):
        return None
    if not _signed_in_lately(claims.get("iat"), now):
        return None
    role = roles.pop()
    try:
        agencies, ministries = _names(claims.get("pmqa_agencies")), _names(claims.get("pmqa_ministries"))
    except ValueError:
        return None
    if role == "agency" and not agencies:
        return None
    return Viewer(name, role, agencies, ministries)


def _signed_in_lately(issued: object, now: datetime) -> bool:
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return False
    # Compared, not subtracted: a whole number may be larger than any float. NaN is in no order, and so never lately.
    earliest, latest = (now - LONGEST_SIGN_IN).timestamp(), (now + CLOCKS_APART).timestamp()
    return earliest <= issued <= latest


def _is_verified(claim: object) -> bool:
    """Whether the address is the person's; a provider that does not say so has no others. Some say it as text."""
    return claim in (None, True, "true")


def _words(claim: object) -> tuple[str, ...] | None:
    """The words of a claim: a text with commas, a number, or a list of these; None for anything else."""
    parts = claim if isinstance(claim, list | tuple | set | frozenset) else [claim]
    if not all(isinstance(part, str | int) and not isinstance(part, bool) for part in parts):
        return None
    words = (word.strip() for part in parts for word in re.split("[,;]", str(part)))
    return tuple(word for word in words if word)


def _names(claim: object) -> frozenset[str] | None:
    """Codes or names; None = all of them, where the claim is absent. Raises ValueError where it cannot be read."""
    if claim is None:
        return None
    words = _words(claim)
    if words is None:
        raise ValueError
    return frozenset(words)


def is_answered(peer: str | None, headers: Iterable[tuple[str, str]], *, sign_in: bool, open_to_all: bool) -> bool:
    """Whether a request is answered at all.

    With sign-in everybody is, and asked who they are. Without, whoever sits at this machine: peer is its own address
    (None: the server knows no other), no header says that somebody else's request was passed on, and the browser asked
    for this machine. Under any other name, a proxy that says nothing passes somebody on, or a foreign page has given
    its own name this machine's address.
    """
    if sign_in or open_to_all:
        return True
    said = list(headers)
    passed_on = any(FORWARDING.fullmatch(name) for name, _ in said)
    hosts = [_name_of(value) for name, value in said if name.lower() == "host"]
    return is_loopback(peer or "127.0.0.1") and not passed_on and all(map(is_loopback, hosts))


def _name_of(host: str) -> str:
    """A host header without its port and without the brackets around an address of IPv6."""
    return host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]


def is_loopback(address: str) -> bool:
    """Whether an address is of this machine alone."""
    if address.lower() == "localhost":
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)


def current_viewer() -> Viewer | None:
    """Who looks now: the machine's analyst where no sign-in is set up; None = must sign in, or is not let in."""
    if not sign_in_is_set_up():
        return LOCAL_ANALYST
    if not st.user.is_logged_in:
        return None
    return viewer_from_claims(st.user.to_dict(), datetime.now(UTC))
