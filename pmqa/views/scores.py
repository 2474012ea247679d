"""SCORED as a view sees it: of its year or of every year, and the statistics of the agencies that count.

Of ten thousand agencies a year's scores are a million rows, two thirds of them of indicators and measures, which most
pages show nothing of: whoever needs some kinds alone says so, and only they are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from pmqa.analysis.peers import peer_stats
from pmqa.scoring import OVERALL
from pmqa.tables import ANNOUNCED
from pmqa.views import data
from pmqa.views.reading import as_read

if TYPE_CHECKING:
    from pmqa.views.view import View

Kinds = tuple[str, ...]
EVERY: Final[Kinds] = ()
# All that is above indicators and measures: one reading for whatever needs some of them.
BROAD: Final[Kinds] = ("item", "category", "dimension", OVERALL)


@as_read(most=128)
def scored_of(view: View, kinds: Kinds, *years: int) -> pd.DataFrame:
    """SCORED of some years but `years_left_out`; of the view's where none is named."""
    rows = _of_edition(view, kinds, *(years or (view.fiscal_year,)))
    return view.masked(_where(rows, ~rows["fiscal_year"].isin(view.years_left_out)))


@as_read(most=128)
def every_year_of(view: View, kinds: Kinds) -> pd.DataFrame:
    """SCORED of all years but `years_left_out`."""
    return scored_of(view, kinds, *view.years)


@as_read(most=128)
def years_of(view: View) -> tuple[int, ...]:
    """Years for which agencies of the view have sent under its edition, but `years_left_out`, the earliest first."""
    rows = passing(view, followed(view, data.submissions(view.version, view.viewer, view.source)))
    years = {int(year) for year in rows.loc[rows["edition"] == view.edition, "fiscal_year"].unique()}
    return tuple(sorted(years.difference(view.years_left_out)))


@as_read(most=128)
def years_left_out(view: View) -> tuple[int, ...]:
    """In a meeting: other years that so few of the view's agencies sent for that aliases would hide nobody."""
    if not view.meeting:
        return ()
    rows = _of_edition(view, (OVERALL,))
    others = rows[rows["fiscal_year"] != view.fiscal_year]
    # Who sent in another year is commonly known: of few, it tells who they are.
    now = rows.loc[rows["fiscal_year"] == view.fiscal_year, "agency_code"]
    in_both = others["agency_code"].isin(now).groupby(others["fiscal_year"]).sum()
    return tuple(int(year) for year in in_both.index[in_both < view.peer_minimum])


@as_read(most=128)
def unfiltered(view: View, kinds: Kinds) -> pd.DataFrame:
    """SCORED of the view's year, whatever its filters."""
    every = data.scored(view.version, view.viewer, view.source, view.basis, kinds, (view.fiscal_year,))
    return view.masked(followed(view, _where(every, every["edition"] == view.edition)))


@as_read(most=128)
def peers_of(view: View, kinds: Kinds) -> pd.DataFrame:
    """PEER_STATS of some kinds."""
    rows = scored_of(view, BROAD if kinds and set(kinds) <= set(BROAD) else EVERY)
    rows = rows[rows["kind"].isin(kinds)] if kinds else rows
    return peer_stats(rows, complete_only=view.complete_only, minimum=view.peer_minimum)


@as_read(most=32)
def announced(view: View) -> pd.DataFrame:
    """ANNOUNCED that counts, under the view's edition; nothing in a meeting."""
    if view.meeting:
        return ANNOUNCED.empty()
    every = data.announced(view.version, view.viewer)
    if codes := data.lines(view.version, view.viewer):
        line = every["agency_code"].map(codes)
        key = ["agency_code", "fiscal_year", "kind", "scope"]
        every = every.assign(agency_code=line.where(line.notna(), every["agency_code"])).drop_duplicates(key)
    return passing(view, every[every["edition"] == view.edition])


def followed(view: View, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with what renamed agencies sent before under the code and name of today, so that it is one line."""
    codes = data.followed(view.version, view.viewer, view.source)
    if not codes:
        return frame
    of = frame["submission"].astype("str").map(codes)
    old = of.notna()
    known = data.names(view.version, view.viewer)
    return frame.assign(
        agency_code=of.where(old, frame["agency_code"].astype("str")),
        agency_name=of.map(known).where(old & of.isin(known), frame["agency_name"].astype("str")),
    )


def passing(view: View, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of agencies that pass the view's filters."""
    if view.ministries:
        frame = frame[frame["ministry"].isin(view.ministries)]
    if view.agency_types:
        frame = frame[frame["agency_type"].isin(view.agency_types)]
    return frame


def _of_edition(view: View, kinds: Kinds, *years: int) -> pd.DataFrame:
    every = data.scored(view.version, view.viewer, view.source, view.basis, kinds, years)
    return passing(view, followed(view, _where(every, every["edition"] == view.edition)))


def _where(frame: pd.DataFrame, holds: pd.Series[bool]) -> pd.DataFrame:
    """The rows of which something holds; the frame itself where that is all: a copy of a million scores has a price."""
    return frame if holds.all() else frame[holds]
