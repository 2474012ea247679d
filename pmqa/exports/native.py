"""Charts that stay editable: what PowerPoint and Excel need to know to draw a chart by themselves.

A NativeChart is made from the same declared table as the figure on screen (pmqa.charts.tables) and is written by
`to_pptx` and `xlsx_with_charts`. A missing value is None and stays a gap; the scale is fixed, never the data's own.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import pandas as pd

from pmqa.charts import Caption, Look
from pmqa.charts.palette import ACCENT, CONTRAST, ROLE_MARKS, SHADES
from pmqa.charts.words import width_of
from pmqa.exports.stamp import SEPARATOR, basis_line, clean_text
from pmqa.shown import as_kept
from pmqa.text import Translator

Kind = Literal["dots", "lines", "scatter"]
ONE_PAGE: Final = frozenset({"lines", "scatter"})  # kinds without a row a label
SCALE: Final = 500.0  # points
MOST_ROWS: Final = 14  # of one chart on one slide, so that Thai labels stay readable
MOST_WRAPPED: Final = 6  # of a chart with labels of two lines: programs leave out every other label where they meet
LABEL_LINE: Final = 30.0  # of a label's line, in font sizes

INK: Final = SHADES["light"].ink
NEUTRAL: Final = {
    "median": Look(INK, *ROLE_MARKS["median"]),
    "best": Look(INK, *ROLE_MARKS["best"]),
    "target": Look(CONTRAST, *ROLE_MARKS["target"]),
    "own": Look(ACCENT, "solid", "circle"),
    "other": Look(CONTRAST, "solid", "square"),
}


@dataclass(frozen=True)
class Series:
    """One value a label; None is a gap. A rule is a line across all rows at its one value (the peers' median).

    hidden: values across of a scatter; neither drawn nor in the legend. partial: which labels have incomplete answers,
    whose marks are open; () = none.
    """

    name: str
    values: tuple[float | None, ...]
    look: Look
    rule: bool = False
    hidden: bool = False
    partial: tuple[bool, ...] = ()


@dataclass(frozen=True)
class NativeChart:
    """A chart as data: labels in order of display, series over them, a fixed scale from `minimum` to `maximum`.

    A scatter has its first series across and the others up,
    a label a mark. axis: what the values measure.
    coverage: lowest and highest coverage (0..1) behind the values; None where that means nothing.
    alt: the finding in words.
    """

    kind: Kind
    caption: Caption
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    maximum: float = SCALE
    unit: float = 100.0  # between grid lines
    coverage: tuple[float, float] | None = None
    alt: str = ""
    axis: str = ""
    minimum: float = 0.0

    @property
    def names(self) -> list[str]:
        """Of the series."""
        return [series.name for series in self.series]


def caption_line(chart: NativeChart, t: Translator) -> str:
    """Basis, fiscal year, edition, n and coverage of the chart."""
    caption = chart.caption
    line = basis_line(caption.basis, caption.fiscal_year, caption.edition, caption.n, t.language)
    if chart.coverage is None:
        return line
    lowest, highest = (t.percent(share) for share in chart.coverage)
    share = lowest if lowest == highest else f"{lowest}–{highest}"
    return SEPARATOR.join(part for part in (line, t("exports.coverage", share=share)) if part)


def pages_of(chart: NativeChart) -> list[NativeChart]:
    """The chart in parts of as many rows as have room, even ones, titles numbered; ONE_PAGE stays whole."""
    wrapped = any(width_of(label, 1) > LABEL_LINE for label in chart.labels)
    most = MOST_WRAPPED if wrapped else MOST_ROWS
    count = -(-len(chart.labels) // most)
    if count < 2 or chart.kind in ONE_PAGE:  # noqa: PLR2004 - fewer than two pages is one
        return [chart]
    bounds = [round(number * len(chart.labels) / count) for number in range(count + 1)]
    return [
        replace(
            chart,
            caption=replace(chart.caption, title=f"{chart.caption.title} ({number}/{count})"),
            labels=chart.labels[start:end],
            series=tuple(
                replace(series, values=series.values[start:end], partial=series.partial[start:end])
                for series in chart.series
            ),
        )
        for number, (start, end) in enumerate(itertools.pairwise(bounds), start=1)
    ]


def label(name: str, coverage: float | None, t: Translator) -> str:
    """A name, with its coverage where that is below all."""
    shown = clean_text(str(name))
    return shown if coverage is None or pd.isna(coverage) or coverage >= 1 else f"{shown} ({t.percent(coverage)})"


def values(scores: Sequence[float] | pd.Series[float]) -> tuple[float | None, ...]:
    return tuple(None if pd.isna(score) else as_kept(float(score)) for score in scores)


def partly(coverage: pd.Series[float]) -> tuple[bool, ...]:
    """Which answers are incomplete; () where none are."""
    found = tuple(bool(share < 1) for share in coverage)
    return found if any(found) else ()


def range_of(coverage: pd.Series[float]) -> tuple[float, float] | None:
    known = coverage.dropna()
    return (float(known.min()), float(known.max())) if len(known) else None
