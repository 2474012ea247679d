"""Who is this, and what may they do: the claims of a sign-in, and the people, to a Viewer, in one pure function.

What a viewer may *see* and *change* is decided in the store, by the Viewer's agencies, ministries and role (viewer.py);
pages ask the same table which buttons to offer. Somebody who is signed in without a role of ours gets nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from types import MappingProxyType
from typing import Final

import streamlit as st

from pmqa.settings import ClaimNames, read_settings, sign_in_is_set_up
from pmqa.viewer import LOCAL_ANALYST, MAY, ROLES, Deed, Person, Role, Viewer, check, may, sources_of

ROLE_OF: Final[Mapping[object, Role]] = {role: role for role in ROLES}
OUR_NAMES: Final = ClaimNames()
NO_ROLES: Final[Mapping[str, str]] = MappingProxyType({})

# Streamlit's identity cookie lives 30 days; a sign-in of ours lives a working day.
LONGEST_SIGN_IN: Final = timedelta(hours=10)
CLOCKS_APART: Final = timedelta(minutes=2)  # of the identity provider's machine and this one
# What proxies say of whom they pass on; nobody who sits at this machine sends any of them.
FORWARDING: Final = re.compile(
    r"forwarded|via|x-(forwarded|original|envoy|arr|azure|appengine|amzn)-.*|cdn-loop"
    r"|(x-|true-|cf-|fastly-|x-cluster-)?(real|client|connecting|remote)-(ip|addr)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class NotLetIn:
    """Somebody who is signed in and may see nothing: why, as the sentence ui.not_let_in_<why>, and what fills it."""

    why: str
    what: str = ""


@dataclass(frozen=True)
class SignIn:
    """What tells one sign-in from another: as whom, and when the provider says that it was (seconds since 1970)."""

    who: str
    at: str


def viewer_of(
    claims: Mapping[str, object],
    now: datetime,
    person: Callable[[str], Person | None],
    *,
    names: ClaimNames = OUR_NAMES,
    roles: Mapping[str, str] = NO_ROLES,
    administrators: Container[str] = (),
) -> Viewer | NotLetIn:
    """Who the claims of a sign-in are: an administrator of the settings, one of the people, or whom they describe.

    claims: `iat` (seconds since 1970; older than LONGEST_SIGN_IN counts as signed out, a time to come is nobody's),
    `email_verified` where the provider says it, `sub`, and those of `names`. person: looks among the people, who go
    before what the claims say of role and reach. roles: the provider's names of roles -> ours.
    """
    if not _is_verified(claims.get("email_verified")):
        return NotLetIn("not_verified")
    if late := _why_not_lately(claims.get("iat"), now):
        return NotLetIn(late)
    address = _claim(claims, names.email)
    email = address.strip().casefold() if isinstance(address, str) else ""
    if email and email in administrators:
        return Viewer(email, "admin")
    if known := person(email) if email else None:
        if known.removed_at:
            return NotLetIn("removed")
        if known.valid_until and known.valid_until.replace(tzinfo=UTC) < now:
            return NotLetIn("expired")
        return Viewer(email, known.role, known.agencies, known.ministries)
    return _viewer_of_claims(claims, email or claims.get("sub"), names, roles)


def _viewer_of_claims(
    claims: Mapping[str, object], name: object, names: ClaimNames, roles: Mapping[str, str]
) -> Viewer | NotLetIn:
    """Whom the claims alone describe.

    The role may be a word, or a list with exactly one of ours; reach is lists, or texts with commas, of codes and
    names; absent = all, but an `agency` without agencies is not let in. What cannot be read lets nobody in.
    """
    said = _claim(claims, names.role)
    if said is None:
        return NotLetIn("no_role")
    ours = {ROLE_OF[role] for role in (roles.get(word, word) for word in _words(said) or ()) if role in ROLE_OF}
    if len(ours) != 1 or not isinstance(name, str) or not name:
        return NotLetIn("unknown_role" if len(ours) != 1 else "no_name", names.role if len(ours) != 1 else names.email)
    reach: dict[str, frozenset[str] | None] = {}
    for claim in (names.agencies, names.ministries):
        try:
            reach[claim] = _names(_claim(claims, claim))
        except ValueError:
            return NotLetIn("unreadable", claim)
    role = ours.pop()
    if role == "agency" and not reach[names.agencies]:
        return NotLetIn("no_agencies", names.agencies)
    return Viewer(name, role, reach[names.agencies], reach[names.ministries])


def _claim(claims: Mapping[str, object], name: str) -> object:
    """A claim by its name; `a.b` is also b within a, as some providers nest roles."""
    if name in claims:
        return claims[name]
    found: object = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _why_not_lately(issued: object, now: datetime) -> str:
    """ "" where somebody signed in within a working day, or why that is not so."""
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return "no_time"
    # Compared, not subtracted: a whole number may be larger than any float. NaN is in no order, and so no time.
    if issued > (now + CLOCKS_APART).timestamp():
        return "too_early"
    if issued < (now - LONGEST_SIGN_IN).timestamp():
        return "too_late"
    return "" if issued == issued else "no_time"  # noqa: PLR0124 - NaN


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


def has_signed_in(claims: Mapping[str, object]) -> bool:
    """Whether the claims are of a sign-in that still counts; what its owner may see is another question."""
    return not _why_not_lately(claims.get("iat"), datetime.now(UTC))


def is_let_in(claims: Mapping[str, object], person: Callable[[str], Person | None]) -> bool:
    """Whether the owner of a sign-in may see anything."""
    return isinstance(_viewer_by_settings(claims, person), Viewer)


def sign_in_shown() -> SignIn | None:
    """The sign-in that whoever looks shows, whether or not they are let in by it; None where there is none."""
    if not sign_in_is_set_up() or not st.user.is_logged_in:
        return None
    claims = st.user.to_dict()
    named = (_claim(claims, name) for name in (read_settings().claims.email, "sub", "name"))
    who = next((name for name in named if isinstance(name, str) and name.strip()), "?")
    return SignIn(who.strip().casefold(), str(claims.get("iat")))


def current_viewer(person: Callable[[str], Person | None]) -> Viewer | NotLetIn | None:
    """Who looks now: the machine's analyst where no sign-in is set up; None = nobody has signed in.

    person: looks among the people whom the administrators let in, by e-mail.
    """
    if not sign_in_is_set_up():
        return LOCAL_ANALYST
    return _viewer_by_settings(st.user.to_dict(), person) if st.user.is_logged_in else None


def _viewer_by_settings(claims: Mapping[str, object], person: Callable[[str], Person | None]) -> Viewer | NotLetIn:
    settings = read_settings()
    return viewer_of(
        claims,
        datetime.now(UTC),
        person,
        names=settings.claims,
        roles=settings.roles,
        administrators=settings.administrators,
    )
