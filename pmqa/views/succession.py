"""What is said of agencies that were renamed, merged or split, wherever years stand side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd

from pmqa.analysis.succession import MERGED, RENAMED, SPLIT, reorganised
from pmqa.scoring import OVERALL
from pmqa.views import data
from pmqa.views.view import View


def not_the_same(view: View, before: int, after: int) -> dict[str, str]:
    """Code -> merged or split, of agencies of the view that are not the same in the two years."""
    found = reorganised(data.successions(view.version, view.viewer), before, after)
    return {view.aliases.agencies.get(code, code): kind for code, kind in found.items()} if view.meeting else found


def succession_notes(view: View, agencies: Iterable[str], years: Collection[int]) -> tuple[str, ...]:
    """A sentence for each of the agencies that became what it is within the years: from whom, since when, and what
    these had in their last year. None in a meeting, which knows no names."""
    every = data.successions(view.version, view.viewer)
    if view.meeting or every.empty or not years:
        return ()
    between = every[(every["fiscal_year"] > min(years)) & (every["fiscal_year"] <= max(years))]
    line = data.lines(view.version, view.viewer)
    of = between.assign(now=[line.get(code, code) for code in between["successor"]])
    notes = []
    for agency in dict.fromkeys(agencies):
        own = of[(of["now"] == agency) | ((of["predecessor"] == agency) & (of["kind"] == SPLIT))]
        for (kind, year), rows in own.groupby(["kind", "fiscal_year"], sort=True):
            olds = list(dict.fromkeys(rows["predecessor"]))
            news = list(dict.fromkeys(rows["successor"]))
            notes.append(_sentence(view, str(kind), int(year), olds, news))
    return tuple(dict.fromkeys(notes))


def became_notes(view: View, agency: str, year: int) -> tuple[str, ...]:
    """Into what an agency was merged or split in a year, so that nobody looks for its next form."""
    every = data.successions(view.version, view.viewer)
    rows = every[(every["fiscal_year"] == year) & (every["predecessor"] == agency) & (every["kind"] != RENAMED)]
    return tuple(
        _sentence(view, str(kind), year, list(same["predecessor"].unique()), list(same["successor"]))
        for kind, same in rows.groupby("kind", sort=True)
    )


def _sentence(view: View, kind: str, year: int, olds: list[str], news: list[str]) -> str:
    t = view.t
    before = _scores_of(view, olds, year) if kind in (MERGED, SPLIT) else {}
    names = data.names(view.version, view.viewer)
    said = [
        t("succession.had", name=names.get(code, code), score=t.number(before[code][1]), year=t.year(before[code][0]))
        if code in before
        else names.get(code, code)
        for code in olds
    ]
    words = {"olds": ", ".join(said), "news": ", ".join(names.get(code, code) for code in news)}
    return t(f"succession.{kind}", year=t.year(year), before=t.year(year - 1), **words)


def _scores_of(view: View, codes: list[str], year: int) -> dict[str, tuple[int, float]]:
    """Code -> year and overall score of the last one before."""
    every: pd.DataFrame = data.scored(view.version, view.viewer, view.source, view.basis, (OVERALL,), ())
    rows = every[every["agency_code"].isin(codes) & (every["kind"] == OVERALL) & (every["fiscal_year"] < year)]
    rows = rows[rows["score"].notna()].sort_values("fiscal_year")
    return {
        str(code): (int(of), float(score))
        for code, of, score in zip(rows["agency_code"], rows["fiscal_year"], rows["score"], strict=True)
    }
