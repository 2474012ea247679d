"""What documents are made from, and what a report is before any format: pages with lines and a chart or a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from pmqa.analysis.paths import Path, cheapest_path
from pmqa.analysis.peers import PEER_STATS, peer_stats
from pmqa.charts import who_counts
from pmqa.charts.drawing import Drawing
from pmqa.exports.drawings import in_one_look
from pmqa.exports.stamp import Stamp
from pmqa.framework import Framework
from pmqa.settings import PEER_MINIMUM
from pmqa.text import Translator

NUMBER: Final = r"[+−-]?\d[\d,]*(\.\d+)?%?\*?|[–-]?"  # or a dash or nothing where there is none
MOST_ROWS_PRINTED: Final = 10  # of a figure on a sheet of A4 landscape


@dataclass(frozen=True)
class ReportData:
    """What reports are made from; the caller has left out what the reader may not see.

    scored: SCORED of one fiscal year and basis, of every agency that is reported on or compared with. over_years: the
    same over the years, or None. answers, measures, measure_results: of the submissions in scored. peers: PEER_STATS
    that agencies are held against; None = of all of scored. minimum: agencies below which there are no statistics.
    complete_only: whether statistics are of complete agencies alone; the stamp's filters say where they are not.
    """

    scored: pd.DataFrame
    answers: pd.DataFrame
    measures: pd.DataFrame
    measure_results: pd.DataFrame
    framework: Framework
    basis: str  # claimed, evidenced, verified
    source: str  # worded
    minimum: int = PEER_MINIMUM
    over_years: pd.DataFrame | None = None
    peers: pd.DataFrame | None = None
    complete_only: bool = True

    def peer_stats(self) -> pd.DataFrame:
        """PEER_STATS that agencies are held against."""
        if self.peers is not None:
            return self.peers
        if self.scored.empty:
            return PEER_STATS.empty()
        return peer_stats(self.scored, complete_only=self.complete_only, minimum=self.minimum)

    def who_counts(self, t: Translator) -> str:
        """In words: the agencies that statistics are of."""
        return who_counts(t, incomplete=not self.complete_only)


@dataclass(frozen=True)
class Page:
    """One page. table: headings as columns, values worded. chart: its headline is its own. spoken: what the speaker is
    to say, on slides. cover: whether it is the first of a deck, title and lines alone."""

    title: str
    lines: tuple[str, ...] = ()
    table: pd.DataFrame | None = None
    chart: Drawing | None = None
    spoken: str = ""
    cover: bool = False


@dataclass(frozen=True)
class Report:
    """A report as pages; stamp.title is its name."""

    stamp: Stamp
    pages: tuple[Page, ...]

    def drawn(self) -> Iterator[Page]:
        """The pages as they are drawn: an agency has one colour in all of them."""
        drawings = iter(in_one_look([page.chart for page in self.pages if page.chart is not None]))
        return (page if page.chart is None else replace(page, chart=next(drawings)) for page in self.pages)


def of_numbers(words: pd.Series[Any]) -> bool:
    """Whether a column of a page's table is of numbers, worded: they stand below each other by their last digits."""
    said = words.astype("str")
    return bool(said.str.fullmatch(NUMBER).all() and said.str.contains(r"\d").any())


def level_name(level: object, framework: Framework, t: Translator) -> str:
    """A level as people call it; a dash where there is none."""
    if not isinstance(level, str):
        return t.number(None)
    return framework.level_name(level, t)


def next_level(level: object, framework: Framework) -> str | None:
    """The level after one; None after the highest, the first where there is none."""
    ids = [one.id for one in framework.levels]
    place = ids.index(level) + 1 if isinstance(level, str) and level in ids else 0
    return ids[place] if place < len(ids) else None


def shortest_way(data: ReportData, submission: str) -> Path | None:
    """The way of the overall to its next level; None where there is none, or no score."""
    rows = data.scored[(data.scored["submission"] == submission) & (data.scored["kind"] == "overall")]
    overall = rows.iloc[0]
    following = next_level(overall["level"], data.framework)
    if following is None or pd.isna(overall["score"]):
        return None
    answers = data.answers[data.answers["submission"] == submission]
    measures = data.measures[data.measures["submission"] == submission]
    target = data.framework.scoring.level_thresholds[following]
    return cheapest_path(answers, data.framework, data.basis, target, measures=measures)
