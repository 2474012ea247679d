"""Who is looking, what they may see and do: what the store needs to know to show and change only that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from pmqa.errors import AccessDenied
from pmqa.sources import SOURCES

Role = Literal["viewer", "agency", "assessor", "analyst", "admin"]
Deed = Literal[
    "see",
    "submit",
    "keep_register",
    "plan",
    "assess",
    "remove_samples",
    "save_peer_groups",
    "note",
    "close_rounds",
    "administer",
]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
WHO_MAY: Final[Mapping[Deed, tuple[Role, ...]]] = {
    "see": ROLES,
    "submit": ("agency", "analyst", "admin"),
    "keep_register": ("analyst", "admin"),
    "plan": ("agency", "analyst", "admin"),
    "assess": ("assessor", "analyst", "admin"),
    "remove_samples": ("analyst", "admin"),
    "save_peer_groups": ("analyst", "admin"),
    "note": ("agency", "assessor", "analyst", "admin"),
    "close_rounds": ("analyst", "admin"),
    "administer": ("admin",),
}
MAY: Final[Mapping[Role, frozenset[Deed]]] = {
    role: frozenset(deed for deed, roles in WHO_MAY.items() if role in roles) for role in ROLES
}
ABOUT_ALL: Final[frozenset[Deed]] = frozenset({"remove_samples", "close_rounds"})  # for who may see everything


@dataclass(frozen=True)
class Viewer:
    """A person and their reach.

    agencies, ministries: codes and names whose submissions they may see in full; None = all of them.
    """

    name: str
    role: Role
    agencies: frozenset[str] | None = None
    ministries: frozenset[str] | None = None


@dataclass(frozen=True)
class Person:
    """Whom the administrators let in, by e-mail address, which is in small letters.

    agencies, ministries: as a Viewer's. valid_until: the last moment, UTC; None = until they are removed.
    removed_at: UTC; since then they stay out, whatever an identity provider says of them.
    """

    email: str
    role: Role
    agencies: frozenset[str] | None = None
    ministries: frozenset[str] | None = None
    valid_until: dt.datetime | None = None
    note: str | None = None
    removed_at: dt.datetime | None = None


# Where no sign-in is set up, the machine's own user is the analyst who runs the dashboard.
LOCAL_ANALYST: Final = Viewer("local", "analyst")


def reach_of(viewer: Viewer) -> Viewer:
    """Nobody in particular with the viewer's reach, who may do nothing but see: what is read for them is the same for
    whoever has that reach."""
    return Viewer("", "viewer", viewer.agencies, viewer.ministries)


def may(viewer: Viewer, deed: Deed) -> bool:
    """Whether the viewer's role allows the deed, and their reach, where it is about everybody's."""
    return deed in MAY[viewer.role] and not (is_limited(viewer) and deed in ABOUT_ALL)


def is_limited(viewer: Viewer) -> bool:
    """Whether there may be agencies that the viewer may not see."""
    return viewer.agencies is not None or viewer.ministries is not None


def check(viewer: Viewer | None, deed: Deed) -> None:
    """Nothing where the deed is allowed, or no viewer asks but the product itself. Raises AccessDenied otherwise."""
    if viewer is not None and not may(viewer, deed):
        raise AccessDenied(f"{viewer.role} may not {deed}")


def is_within_reach(viewer: Viewer | None, agency_code: str, ministry: str) -> bool:
    """Whether an agency of a ministry is the viewer's; everybody is the product's own."""
    return viewer is None or (
        (viewer.agencies is None or agency_code in viewer.agencies)
        and (viewer.ministries is None or ministry in viewer.ministries)
    )


def sources_of(viewer: Viewer) -> frozenset[str]:
    """The sources whose forms the viewer may send, take back and restore: ids, of all or some or none."""
    return frozenset(source.id for source in SOURCES.values() if may(viewer, source.deed))
