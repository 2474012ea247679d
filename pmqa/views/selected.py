"""What is selected of the data, before anybody looks."""

from __future__ import annotations

from dataclasses import dataclass

from pmqa.text import DEFAULT_LANGUAGE


@dataclass(frozen=True)
class Selection:
    """Which data in which language. A blank: whatever is usual when the address is opened.

    edition: "" = that of most who sent for the year. fiscal_year: พ.ศ.; 0 = the latest. basis: "" = the first that has
    scores. ministries, agency_types: the filter, () = all. meeting: the word that agencies' aliases go by; "" = names
    are shown. with_incomplete: whether ranks and statistics count agencies with incomplete answers too. closed: the
    closed round that the data are shown as, by its id; "" = the present.
    """

    language: str = DEFAULT_LANGUAGE
    edition: str = ""
    fiscal_year: int = 0
    basis: str = ""
    ministries: tuple[str, ...] = ()
    agency_types: tuple[str, ...] = ()
    meeting: str = ""
    with_incomplete: bool = False
    closed: str = ""
