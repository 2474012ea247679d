"""Reader's notes: what a chart shows, in sentences made by rule from the table that it is drawn from."""

from __future__ import annotations

import pandas as pd

from pmqa.charts.pairs import signed
from pmqa.shown import rounded
from pmqa.text import Translator


def notes_of_history(points: pd.DataFrame, t: Translator) -> tuple[str, ...]:
    """Of HISTORY_POINTS: how many lines rose, fell or stayed, from each one's first year with a score to its last."""
    own = points[~points["role"].isin(["median", "announced"]) & points["score"].notna()]
    own = own.sort_values("fiscal_year", kind="stable")
    ends = own.groupby("series", sort=False, observed=True)["score"].agg(["first", "last", "size"])
    ends = ends[ends["size"] > 1]
    if ends.empty:
        return (t("compare_page.no_movement"),)
    change = ends["last"].map(rounded) - ends["first"].map(rounded)
    if len(change) == 1:  # of one line, by how many points
        return (t("compare_page.moved_one", change=signed(float(change.iloc[0]), t)),)
    words = {"rose": int((change > 0).sum()), "fell": int((change < 0).sum()), "same": int((change == 0).sum())}
    return (t("compare_page.moved", n=len(ends), **words),)


def notes_of_ranks(bands: pd.DataFrame, everyone: int, t: Translator) -> tuple[str, ...]:
    """Of RANK_BANDS: how many of everyone are ranked, and how many of these by a band."""
    wide = int((bands["rank_low"] < bands["rank_high"]).sum())
    return (t("compare_page.ranked", n=len(bands), of=everyone, bands=wide),) if len(bands) else ()


def notes_of_spread(
    points: pd.DataFrame, stats: pd.DataFrame, minimum: int, counted: str, t: Translator
) -> tuple[str, ...]:
    """Of STRIP_POINTS and STRIP_STATS: the highest median and the widest quartiles of several groups, and how many are
    too small.

    Of groups whose statistics are shown, and of no other. counted: in words, the agencies that these are of.
    """
    names = points.drop_duplicates("group").set_index("group")["group_name"]
    shown = stats[stats["median"].notna()].reset_index(drop=True)
    notes = []
    if len(shown) > 1:
        width = shown["q3"] - shown["q1"]
        high, wide = shown.loc[shown["median"].idxmax()], shown.loc[width.idxmax()]
        words = {"group": names[high["group"]], "median": t.number(high["median"])}
        notes.append(t("compare_page.highest_median", **words))
        notes.append(t("compare_page.widest", group=names[wide["group"]], points=t.number(width.max())))
    hidden = int((stats["n"] < minimum).sum())
    if hidden:
        notes.append(t("compare_page.groups_too_small", groups=hidden, minimum=minimum, counted=counted))
    return tuple(notes)
