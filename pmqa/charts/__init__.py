"""Figures from declared tables: pure functions, one style, no data access.

Every chart is three functions: `x_data(...)` makes its table (pmqa.charts.tables) from SCORED and the like, `x(...)`
draws that table, `x_alt(...)` says its finding in words. Pages show the figure with `theme=None` (the style is the
figure's own), `figure_config(...)` and the alt text, and the table beside it.

SCORED given to a `_data` function holds one basis, and one fiscal year unless it says otherwise: one row per agency
and scope. `peers` is PEER_STATS of pmqa.analysis.peers for the same basis and year.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.tables import (
    CHART_POINTS,
    GAP_BARS,
    HISTORY_POINTS,
    INDICATOR_YEARS,
    LADDER,
    LEVEL_COUNTS,
    PAIRS,
    PARETO,
    QUADRANT,
    RANK_BANDS,
    SPINE,
    STRIP_POINTS,
    STRIP_STATS,
    SUCCESS_RATES,
)
from pmqa.framework import Framework
from pmqa.text import Translator

Theme = Literal["light", "dark"]
Order = Literal["score", "name", "gap", "given"]
Frame = pd.DataFrame
MAX_RADAR_SERIES = 4  # median included; above it, the page shows radar_small_multiples and says why
MAX_SLOPE_ROWS = 8  # above it, the page shows arrows


@dataclass(frozen=True)
class Caption:
    """What every figure says about itself; already worded, plain text (charts escape it).

    title: the question or the finding. basis, edition, source, filters: as people read them. fiscal_year: as
    `t.year()` words it. n: agencies (or peers) in the figure. notes: what is missing, what to know.
    """

    title: str
    basis: str
    fiscal_year: str
    edition: str
    n: int
    source: str
    notes: tuple[str, ...] = ()
    filters: str = ""


@dataclass(frozen=True)
class Look:
    """How a series is told from others: colour and dash and marker, each different."""

    colour: str
    dash: str
    marker: str


def agency_colours(codes: Collection[str]) -> dict[str, Look]:
    """Agency code -> Look. A code prefers one look everywhere; where two shown together prefer the same, one yields."""
    raise NotImplementedError


def figure_config(file_name: str, language: str = "th") -> dict[str, Any]:
    """Plotly's config: mode bar with SVG and PNG under `file_name` (no extension), no logo, no zoom by wheel."""
    raise NotImplementedError


# --- profiles ---------------------------------------------------------------------------------------------------


def radar_data(
    scored: Frame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    agencies: Sequence[str],
    peers: Frame | None = None,
    scopes: Sequence[str] | None = None,
) -> Frame:
    """CHART_POINTS of the agencies, in the order given, over the kind's scopes; with peers, their median last."""
    raise NotImplementedError


def radar(
    points: Frame, caption: Caption, t: Translator, *, theme: Theme = "light", colours: Mapping[str, Look] | None = None
) -> go.Figure:
    """Profile of up to four series over 4..12 scopes. Raises ValueError beyond."""
    raise NotImplementedError


def radar_alt(points: Frame, caption: Caption, t: Translator) -> str:
    """Each series' strongest and weakest scope, and what is missing."""
    raise NotImplementedError


def radar_small_multiples(
    points: Frame, caption: Caption, t: Translator, *, theme: Theme = "light", colours: Mapping[str, Look] | None = None
) -> go.Figure:
    """A small radar per agency, same scale, the median ghosted in each."""
    raise NotImplementedError


# --- many agencies ----------------------------------------------------------------------------------------------


def dots_data(
    scored: Frame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    scope: str,
    peers: Frame | None = None,
    order: Order = "score",
) -> Frame:
    """CHART_POINTS of one scope, one row an agency, ordered; with peers, the median's row last."""
    raise NotImplementedError


def dots(
    points: Frame, caption: Caption, t: Translator, *, theme: Theme = "light", highlight: Collection[str] = ()
) -> go.Figure:
    """Many agencies on one scope, with the peers' median as a line. Also one agency over scopes (rows = scopes)."""
    raise NotImplementedError


def dots_alt(points: Frame, caption: Caption, t: Translator) -> str:
    """Highest, lowest, median, missing."""
    raise NotImplementedError


def heatmap_data(
    scored: Frame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    agencies: Sequence[str] | None = None,
    order: Order = "score",
) -> Frame:
    """CHART_POINTS agencies x scopes of the kind, rows ordered by overall score, name, or as `agencies` gives them."""
    raise NotImplementedError


def heatmap(
    points: Frame,
    caption: Caption,
    t: Translator,
    *,
    theme: Theme = "light",
    order: Order = "score",
    highlight: Collection[str] = (),
) -> go.Figure:
    """Agencies x scopes, values printed, crosses where missing; `order` words the rule by which the rows are ordered."""
    raise NotImplementedError


def heatmap_alt(points: Frame, caption: Caption, t: Translator) -> str:
    """Strongest and weakest scope by median, and how many cells are missing."""
    raise NotImplementedError


def strip_data(
    scored: Frame, framework: Framework, t: Translator, *, kind: str, scope: str, group: str = "ministry"
) -> Frame:
    """STRIP_POINTS of one scope; group: ministry or agency_type."""
    raise NotImplementedError


def strip_stats(points: Frame, *, minimum: int = 5) -> Frame:
    """STRIP_STATS of STRIP_POINTS; blank below `minimum` agencies."""
    raise NotImplementedError


def strip(
    points: Frame,
    stats: Frame,
    caption: Caption,
    t: Translator,
    *,
    theme: Theme = "light",
    highlight: Collection[str] = (),
) -> go.Figure:
    """Spread of each group: every agency a mark, quartiles, n."""
    raise NotImplementedError


def strip_alt(points: Frame, stats: Frame, caption: Caption, t: Translator) -> str:
    """Group with the highest and lowest median, the widest spread."""
    raise NotImplementedError


def quadrant_data(scored: Frame, framework: Framework, t: Translator) -> Frame:
    """QUADRANT from the rows of kind category."""
    raise NotImplementedError


def quadrant(
    points: Frame, caption: Caption, t: Translator, *, theme: Theme = "light", highlight: Collection[str] = ()
) -> go.Figure:
    """Process categories (x) against results (y), each agency a mark."""
    raise NotImplementedError


def quadrant_alt(points: Frame, caption: Caption, t: Translator) -> str:
    """How many agencies in each quarter."""
    raise NotImplementedError


def rank_bands_data(
    scored: Frame, ranks: Frame, framework: Framework, t: Translator, *, kind: str, scope: str
) -> Frame:
    """RANK_BANDS from RANKS of pmqa.analysis.peers."""
    raise NotImplementedError


def rank_bands(
    bands: Frame, caption: Caption, t: Translator, *, theme: Theme = "light", highlight: Collection[str] = ()
) -> go.Figure:
    """Rank of each agency with its tie band."""
    raise NotImplementedError


def rank_bands_alt(bands: Frame, caption: Caption, t: Translator) -> str:
    """Who is first, how many share a rank."""
    raise NotImplementedError


# --- two values a row -------------------------------------------------------------------------------------------


def pairs_data(
    first: Frame,
    second: Frame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    scope: str | None = None,
    order: Order = "given",
) -> Frame:
    """PAIRS of two SCORED frames. scope None: rows are the kind's scopes, each frame holds one agency (A against B,
    self against assessor, two years of one). scope given: rows are agencies that are in either frame."""
    raise NotImplementedError


def dumbbell(
    pairs: Frame, names: tuple[str, str], caption: Caption, t: Translator, *, theme: Theme = "light"
) -> go.Figure:
    """Two values a row, the difference labelled."""
    raise NotImplementedError


def slope(
    pairs: Frame,
    names: tuple[str, str],
    caption: Caption,
    t: Translator,
    *,
    theme: Theme = "light",
    colours: Mapping[str, Look] | None = None,
) -> go.Figure:
    """Last year to this for up to eight rows. Raises ValueError beyond."""
    raise NotImplementedError


def arrows(
    pairs: Frame, names: tuple[str, str], caption: Caption, t: Translator, *, theme: Theme = "light"
) -> go.Figure:
    """Last year to this for any number of rows: a dot with an arrow to the new value."""
    raise NotImplementedError


def pairs_alt(pairs: Frame, names: tuple[str, str], caption: Caption, t: Translator) -> str:
    """How many rose and fell, the largest difference, what cannot be compared."""
    raise NotImplementedError


# --- one agency against its peers, and its way to a target ------------------------------------------------------


def spine_data(
    scored: Frame,
    peers: Frame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    agency: str,
    target: float | Mapping[str, float] | None = None,
    scopes: Sequence[str] | None = None,
) -> Frame:
    """SPINE of the agency; target: one number, or scope -> number."""
    raise NotImplementedError


def spine(rows: Frame, caption: Caption, t: Translator, *, theme: Theme = "light", own_name: str = "") -> go.Figure:
    """Own value on the peers' minimum - quartiles - maximum, with the target."""
    raise NotImplementedError


def spine_alt(rows: Frame, caption: Caption, t: Translator) -> str:
    """Scopes above and below the peers' median."""
    raise NotImplementedError


def gap_bars_data(gaps: Frame, framework: Framework, t: Translator, *, order: Order = "gap") -> Frame:
    """GAP_BARS from GAPS of pmqa.analysis.gaps (one agency, one kind)."""
    raise NotImplementedError


def gap_bars(rows: Frame, caption: Caption, t: Translator, *, theme: Theme = "light") -> go.Figure:
    """Score, target and the gap between, a scope a row."""
    raise NotImplementedError


def gap_bars_alt(rows: Frame, caption: Caption, t: Translator) -> str:
    """The largest gaps and how many targets are reached."""
    raise NotImplementedError


# --- levels and criteria ----------------------------------------------------------------------------------------


def level_ladder_data(answers: Frame, framework: Framework, t: Translator, *, basis: str) -> Frame:
    """LADDER of one submission's ANSWERS; basis says when a criterion counts as met."""
    raise NotImplementedError


def level_ladder(ladder: Frame, caption: Caption, t: Translator, *, theme: Theme = "light") -> go.Figure:
    """Items on the 0-500 scale: what each level earns, what the gate holds back, what is unanswered."""
    raise NotImplementedError


def level_ladder_alt(ladder: Frame, caption: Caption, t: Translator) -> str:
    """Items by level reached, criteria held back, unanswered."""
    raise NotImplementedError


def level_distribution_data(
    scored: Frame, framework: Framework, t: Translator, *, kind: str, scopes: Sequence[str] | None = None
) -> Frame:
    """LEVEL_COUNTS of the kind's scopes."""
    raise NotImplementedError


def level_distribution(counts: Frame, caption: Caption, t: Translator, *, theme: Theme = "light") -> go.Figure:
    """Agencies at each level of each scope, counts printed, "no score" apart."""
    raise NotImplementedError


def level_distribution_alt(counts: Frame, caption: Caption, t: Translator) -> str:
    """The scope with most agencies below the first level, and those without score."""
    raise NotImplementedError


def pareto_data(blockers: Frame, framework: Framework, t: Translator) -> Frame:
    """PARETO from BLOCKERS of pmqa.analysis.gaps, of one submission or many; largest release first."""
    raise NotImplementedError


def pareto(rows: Frame, caption: Caption, t: Translator, *, theme: Theme = "light", top: int = 15) -> go.Figure:
    """Bars of the points released, the `top` first; how many more there are is a footnote."""
    raise NotImplementedError


def pareto_alt(rows: Frame, caption: Caption, t: Translator) -> str:
    """The criterion that releases most, and how few make half of all."""
    raise NotImplementedError


# --- years and results ------------------------------------------------------------------------------------------


def history_data(
    scored: Frame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    scope: str | None = None,
    agencies: Sequence[str] | None = None,
    peers: Mapping[int, Frame] | None = None,
) -> Frame:
    """HISTORY_POINTS of SCORED over years. scope given: a line an agency; None: a line a scope of the one agency.
    peers: fiscal year -> PEER_STATS, for the median's line."""
    raise NotImplementedError


def history(
    points: Frame, caption: Caption, t: Translator, *, theme: Theme = "light", colours: Mapping[str, Look] | None = None
) -> go.Figure:
    """Lines over fiscal years, at most eight; a year without score breaks the line."""
    raise NotImplementedError


def history_alt(points: Frame, caption: Caption, t: Translator) -> str:
    """First to last year of each line."""
    raise NotImplementedError


def indicator_line_data(measures: Frame) -> Frame:
    """INDICATOR_YEARS of one measure: MEASURES rows of one indicator and number with a column fiscal_year, of one
    agency, one row a submission; the later submission's word on a year counts."""
    raise NotImplementedError


def indicator_line(
    years: Frame, caption: Caption, t: Translator, *, unit: str, direction: str, theme: Theme = "light"
) -> go.Figure:
    """Actuals over the years with the target as a step and an arrow to the better side. direction: higher, lower."""
    raise NotImplementedError


def indicator_line_alt(years: Frame, caption: Caption, t: Translator, *, unit: str, direction: str) -> str:
    """Last actual against its target, and since the first."""
    raise NotImplementedError


def success_rates_data(
    measure_results: Frame, measures: Frame, framework: Framework, t: Translator, *, all_core: bool = True
) -> Frame:
    """SUCCESS_RATES of one submission: a row a measure, in the framework's order; all_core adds unreported core ones."""
    raise NotImplementedError


def success_rates(rows: Frame, caption: Caption, t: Translator, *, theme: Theme = "light") -> go.Figure:
    """Success rates on one scale of 0-200 %, with the 100 % line."""
    raise NotImplementedError


def success_rates_alt(rows: Frame, caption: Caption, t: Translator) -> str:
    """Reached, not reached, not reported."""
    raise NotImplementedError


# --- reader's notes ---------------------------------------------------------------------------------------------


def notes_of(
    scored: Frame, framework: Framework, t: Translator, *, kind: str, scopes: Sequence[str] | None = None
) -> tuple[str, ...]:
    """Sentences for below a chart, by rule: who is below the first level where, who is incomplete, who has no score."""
    raise NotImplementedError


def gallery(language: str, theme: Theme) -> list[tuple[str, go.Figure, Frame, str]]:
    """Every chart from fictitious data: (name, figure, its table, alt text)."""
    raise NotImplementedError
