"""What a viewer can select: years, bases, ministries and types that there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pmqa.framework import DEFAULT_EDITION
from pmqa.sources import SELF, bases, source_of
from pmqa.text import BANGKOK, BUDDHIST_ERA
from pmqa.viewer import Viewer
from pmqa.views import data
from pmqa.views.memory import shared

FIRST_MONTH: Final = 10  # a fiscal year begins in October before it


def last_fiscal_year() -> int:
    """The last fiscal year (พ.ศ.) that is over in Bangkok: the one to be assessed now."""
    today = dt.datetime.now(BANGKOK)
    return today.year + BUDDHIST_ERA - (today.month < FIRST_MONTH)


@dataclass(frozen=True)
class Groups:
    """What a year has: ministries and types with how many agencies, and the edition that most follow."""

    ministries: Mapping[str, int]
    agency_types: Mapping[str, int]
    edition: str


@dataclass(frozen=True)
class Offered:
    """What the filters offer of one source.

    groups: by fiscal year, of those who have sent. expected: years for which agencies must send, whether or not
    anybody has.
    """

    groups: Mapping[int, Groups]
    expected: frozenset[int]


NOBODY: Final = Groups({}, {}, DEFAULT_EDITION)


@shared(most=64)
def offered(version: str, viewer: Viewer, source: str) -> Offered:
    sent, must = data.submissions(version, viewer, source), data.expectations(version, viewer)
    groups = {
        int(year): Groups(
            rows["ministry"].value_counts().to_dict(),
            rows["agency_type"].value_counts().to_dict(),
            str(rows["edition"].mode().iloc[0]),
        )
        for year, rows in sent.groupby("fiscal_year")
    }
    return Offered(groups, frozenset(int(year) for year in must.loc[must["source"] == source, "fiscal_year"]))


def fitting_bases(of: Mapping[str, Offered]) -> list[str]:
    """The bases that somebody can be shown: those of the agencies' own forms, and of others who have sent."""
    return [basis for basis in bases() if source_of(basis) is SELF or of[source_of(basis).id].groups]


def usual_basis(of: Mapping[str, Offered]) -> str:
    """The basis where none is asked for: the first that has scores."""
    fitting = fitting_bases(of)
    return next((name for name in fitting if of[source_of(name).id].groups), fitting[0])
