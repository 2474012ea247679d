"""Who is looking: what the store needs to know to show each person only what they may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["viewer", "agency", "assessor", "analyst", "admin"]


@dataclass(frozen=True)
class Viewer:
    """A person and their reach.

    agencies, ministries: codes and names whose submissions they may see in full; None = all of them.
    """

    name: str
    role: Role
    agencies: frozenset[str] | None = None
    ministries: frozenset[str] | None = None


# Where no sign-in is set up, the machine's own user is the analyst who runs the dashboard.
LOCAL_ANALYST: Final = Viewer("local", "analyst")
