"""Scores over fiscal years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.ends import beside_ends, ends_of
from pmqa.charts.footnotes import history_notes
from pmqa.charts.pairs import signed
from pmqa.charts.palette import Look, Theme, looks
from pmqa.charts.points import (
    agency_names,
    coverage_text,
    first_of,
    numbers,
    scope_label,
    series_of,
    shown_series,
)
from pmqa.charts.style import (
    AXIS_TITLE,
    TICKS,
    Caption,
    Room,
    above_plot,
    drawn,
    score_axis,
    year_axis,
)
from pmqa.charts.tables import HISTORY_POINTS
from pmqa.charts.words import escaped
from pmqa.framework import Framework
from pmqa.text import Translator

MOST_LINES: Final = 9  # the eight dimensions and a median
HISTORY_HEIGHT: Final = 380
NAMES_WIDTH: Final = 236  # pixels right of the plot for the names of the lines


def history_data(
    scored: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    scope: str | None = None,
    agencies: Sequence[str] | None = None,
    peers: Mapping[int, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """HISTORY_POINTS of SCORED over years (one row per agency, year and scope).

    scope given: a line an agency. None: a line a scope of the one agency in `agencies`. Years between the first and
    the last that have no row are blank. peers: fiscal year -> PEER_STATS, for the median's line of the one scope.
    """
    rows = scored[scored["kind"] == kind]
    if agencies is not None:
        rows = rows[rows["agency_code"].isin(agencies)]
    if scope is not None:
        rows = rows[rows["scope"] == scope]
    by = "scope" if scope is None else "agency_code"
    if scope is None:
        series = list(framework.scopes(kind))
        names = {key: scope_label(framework, kind, key, t) for key in series}
    else:
        names = agency_names(rows)
        series = list(agencies) if agencies is not None else list(names)
    known = [int(year) for year in rows["fiscal_year"]]
    years = list(range(min(known), max(known) + 1)) if known else []
    grid = pd.DataFrame({"series": [one for one in series for _ in years], "fiscal_year": years * len(series)}).astype(
        {"series": "str", "fiscal_year": "int64"}
    )
    values = pd.DataFrame(
        {
            "series": rows[by].astype("str"),
            "fiscal_year": rows["fiscal_year"].astype("int64"),
            "score": rows["score"],
            "coverage": rows["coverage"],
        }
    )
    lines = grid.merge(values, on=["series", "fiscal_year"], how="left").assign(
        series_name=lambda points: points["series"].map(lambda key: names.get(key, key)),
        role="scope" if scope is None else "agency",
        n=pd.array([pd.NA] * len(grid), dtype="Int64"),
    )
    found = HISTORY_POINTS.conform(lines)
    if peers is None or scope is None:
        return found
    # Every year between them: a line over a year without a median would claim one.
    span = range(min([*years, *peers]), max([*years, *peers]) + 1) if years or peers else range(0)
    rows_of_years = [_row_of(peers.get(year), kind, scope) for year in span]
    median = pd.DataFrame(
        {
            "series": "median",
            "series_name": t("charts.median"),
            "role": "median",
            "fiscal_year": list(span),
            "score": [float("nan") if row is None else float(row["median"]) for row in rows_of_years],
            "coverage": float("nan"),
            "n": pd.array([pd.NA if row is None else row["n"] for row in rows_of_years], dtype="Int64"),
        }
    )
    return HISTORY_POINTS.conform(pd.concat([found, HISTORY_POINTS.conform(median)], ignore_index=True))


def _row_of(stats: pd.DataFrame | None, kind: str, scope: str) -> pd.Series[Any] | None:
    """PEER_STATS' row of one scope; None where there is none."""
    found = None if stats is None else stats[(stats["kind"] == kind) & (stats["scope"] == scope)]
    return None if found is None or found.empty else found.iloc[0]


def history(
    points: pd.DataFrame,
    caption: Caption,
    t: Translator,
    *,
    theme: Theme = "light",
    colours: Mapping[str, Look] | None = None,
) -> go.Figure:
    """HISTORY_POINTS as lines, each named at its end; a year without score breaks the line. ValueError above nine."""
    groups = shown_series(points)
    if len(groups) > MOST_LINES:
        raise ValueError(f"{len(groups)} lines hide each other; the most is {MOST_LINES}")
    years = sorted({int(year) for year in points["fiscal_year"]})
    look = looks(first_of(points, "series", "role"), theme, colours)
    traces: list[dict[str, Any]] = []
    for series, rows in groups.items():
        name = str(rows["series_name"].iloc[0])
        # The median lies beneath: it must not hide an agency that has the same scores.
        traces.insert(
            0 if rows["role"].iloc[0] == "median" else len(traces),
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": escaped(name),
                "x": [int(year) for year in rows["fiscal_year"]],
                "y": numbers(rows["score"]),
                "connectgaps": False,
                "line": {"color": look[series].colour, "dash": look[series].dash, "width": 2.5},
                "marker": {
                    "color": look[series].colour,
                    "size": 9,
                    "symbol": [
                        look[series].marker + ("-open" if c is not None and c < 1 else "")
                        for c in numbers(rows["coverage"])
                    ],
                    "line": {"width": 1.5, "color": look[series].colour},
                },
                "hoverinfo": "text",
                "hovertext": [
                    f"<b>{escaped(name)}</b><br>{escaped(t.year(int(year)))}: {t.number(score)}"
                    + (f"<br>{escaped(coverage_text(c, t))}" if coverage_text(c, t) else "")
                    for year, score, c in zip(rows["fiscal_year"], rows["score"], rows["coverage"], strict=True)
                ],
                "cliponaxis": False,
            },
        )
    last = points[points["score"].notna()].drop_duplicates("series", keep="last")
    ends = ends_of(
        last["score"].tolist(),
        [str(name) for name in last["series_name"]],
        last["coverage"].tolist(),
        [look[str(series)].colour for series in last["series"]],
        t,
        room=NAMES_WIDTH,
        height=HISTORY_HEIGHT,
    )
    labels, leaders = beside_ends(ends, 1, theme)
    # Level with its last score, from there to the plot's edge, where the leader to its name starts.
    levels = [
        {"type": "line", "x0": year, "x1": years[-1] + 0.5, "y0": score, "y1": score}
        | {"line": {"width": 1, "color": look[str(series)].colour, "dash": "1px,3px"}, "layer": "below"}
        for series, year, score in zip(
            last["series"], last["fiscal_year"].tolist(), last["score"].tolist(), strict=True
        )
    ]
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=HISTORY_HEIGHT,
        room=Room(56, NAMES_WIDTH, 30, TICKS + AXIS_TITLE),
        layout={
            "xaxis": year_axis(years, theme, t),
            "yaxis": score_axis(theme, ""),
            "annotations": [above_plot(t("charts.score_axis"), theme), *labels],
            "shapes": [*levels, *leaders],
        },
        notes=history_notes(points, caption, t),
    )


def history_alt(points: pd.DataFrame, caption: Caption, t: Translator) -> str:
    """Each line from its first to its last year with a score."""
    sentences = [caption.title]
    for rows in series_of(points).values():
        known = rows[rows["score"].notna()]
        if len(known) > 1:
            first, last = known.iloc[0], known.iloc[-1]
            sentences.append(
                t(
                    "charts.alt_history",
                    series=first["series_name"],
                    first=first["fiscal_year"],
                    start=t.number(first["score"]),
                    last=last["fiscal_year"],
                    end=t.number(last["score"]),
                    change=signed(float(last["score"] - first["score"]), t),
                )
            )
    return " ".join(sentences)
