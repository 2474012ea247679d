"""Agencies over the years: one line through a rename; who was merged or split is held against nobody."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import pandas as pd

RENAMED, MERGED, SPLIT = "renamed", "merged", "split"
KINDS: Final = (RENAMED, MERGED, SPLIT)


def ends_nowhere(names: Mapping[str, str]) -> bool:
    """Whether no way from an old code to its new one comes back to where it began."""
    for first in names:
        code, seen = first, set()
        while code in names:
            if code in seen:
                return False
            seen.add(code)
            code = names[code]
    return True


def lines(successions: pd.DataFrame, sent: Collection[str]) -> dict[str, str]:
    """SUCCESSIONS to old code -> the last one of its line, through renames alone, under which anybody has sent."""
    renamed = successions[successions["kind"] == RENAMED]
    names = dict(zip(renamed["predecessor"], renamed["successor"], strict=True))
    found = {}
    for first in names:
        code = last = first
        while code in names:
            code = names[code]
            last = code if code in sent else last
        if last != first:
            found[first] = last
    return found


def followed(submissions: pd.DataFrame, lines: Mapping[str, str]) -> dict[str, str]:
    """Submission -> the code of its line, of SUBMISSIONS that count, where that is another than it was sent under.

    Where both codes have sent for one year and source, each keeps its own: one line has no two scores.
    """
    old = submissions[submissions["agency_code"].isin(list(lines))]
    if old.empty:
        return {}
    whose = ["agency_code", "fiscal_year", "source"]
    taken = set(submissions[whose].itertuples(index=False, name=None))
    found = {}
    for submission, *key in old.sort_values("submission", ascending=False)[["submission", *whose]].itertuples(
        index=False, name=None
    ):
        wanted = (lines[key[0]], *key[1:])
        if wanted not in taken:
            taken.add(wanted)
            found[submission] = wanted[0]
    return found


def reorganised(successions: pd.DataFrame, before: int, after: int) -> dict[str, str]:
    """Code -> merged or split, of agencies that are not the same in two years: none of theirs rises or falls."""
    first, last = sorted((before, after))
    between = successions[(successions["fiscal_year"] > first) & (successions["fiscal_year"] <= last)]
    merged, split = (between[between["kind"] == kind] for kind in (MERGED, SPLIT))
    found = dict.fromkeys([*split["predecessor"], *split["successor"]], SPLIT)
    return found | dict.fromkeys(merged["successor"], MERGED)


def not_held_against(moves: pd.DataFrame, codes: Collection[str]) -> pd.DataFrame:
    """MOVES in which nothing of these agencies is like for like."""
    theirs = moves["agency_code"].isin(list(codes))
    return moves.assign(
        like_for_like=moves["like_for_like"] & ~theirs,
        regressed=moves["regressed"] & ~theirs,
        like_change=moves["like_change"].mask(theirs),
    )
