"""Many agencies on one scope, or a profile to read values from: sorted dots with the peers' median."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.palette import ACCENT, CONTRAST, SHADES, Look, Theme, looks
from pmqa.charts.points import (
    agency_order,
    agency_points,
    coverage_from_text,
    coverage_text,
    first_of,
    hover_of,
    lowest_coverage,
    median_note,
    missing_note,
    missing_of,
    numbers,
    shown_series,
)
from pmqa.charts.rows import NAME_LINES, Rows, row_axis
from pmqa.charts.style import (
    AXIS_TITLE,
    SCORE_RANGE,
    SMALL_SIZE,
    TICKS,
    Caption,
    Room,
    drawn,
    label,
    legend_name,
    score_axis,
)
from pmqa.charts.words import escaped
from pmqa.framework import Framework
from pmqa.text import Translator

ROOM_FOR_VALUES: Final = 64  # pixels right of the plot: a value beside a dot at 500
ROOM_FOR_LINE_NAME: Final = 22  # pixels above the plot: the name of the median's line
LENGTH_OF_VALUE: Final = 60  # points of the scale that a printed value takes at the least width
NEAR_EDGE: Final = 120  # points from an end of the scale where a centred name would leave the picture


def dots_data(
    scored: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    scope: str,
    peers: pd.DataFrame | None = None,
    order: str = "score",
) -> pd.DataFrame:
    """CHART_POINTS of one scope, one row an agency, ordered; with peers, the median's row last."""
    agencies = agency_order(scored, order=order, kind=kind, scope=scope)
    return agency_points(scored, framework, t, kind=kind, agencies=agencies, scopes=[scope], peers=peers)


def dots(
    points: pd.DataFrame,
    caption: Caption,
    t: Translator,
    *,
    theme: Theme = "light",
    highlight: Collection[str] = (),
    colours: Mapping[str, Look] | None = None,
) -> go.Figure:
    """CHART_POINTS where values are read.

    One scope: a row an agency, the peers' median a line. Several scopes: a row a scope, a mark a series (the table
    of a radar drawn again). highlight: series whose marks stand out and whose names are bold.
    """
    if points["scope"].nunique() > 1:
        return _dots_of_scopes(points, caption, t, theme, colours, highlight)
    shades = SHADES[theme]
    agencies = points[points["role"] == "agency"].reset_index(drop=True)
    rows = row_axis(
        [str(name) for name in agencies["series_name"]],
        theme,
        suffixes=[coverage_text(c, t) for c in agencies["coverage"]],
        lines=NAME_LINES,
        bold=[series in highlight for series in agencies["series"]],
    )
    whole = agencies["coverage"].fillna(1) >= 1
    chosen = agencies["series"].isin(list(highlight))
    symbols = [
        ("diamond" if pick else "circle") + ("" if full else "-open") for full, pick in zip(whole, chosen, strict=True)
    ]
    hover = hover_of(agencies, t)
    median = points[points["role"] == "median"]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "x": numbers(agencies["score"]),
            "y": list(range(len(agencies))),
            "mode": "markers+text",
            "marker": {
                "color": [CONTRAST if pick else ACCENT for pick in chosen],
                "symbol": symbols,
                "size": 11,
                "line": {"width": 2, "color": [CONTRAST if pick else ACCENT for pick in chosen]},
            },
            "text": [f"&nbsp;{t.number(score)}&nbsp;" for score in agencies["score"]],
            "textposition": [f"middle {side}" for side in _free_sides(agencies["score"], median)],
            "textfont": {"size": SMALL_SIZE, "color": shades.ink},
            "hoverinfo": "text",
            "hovertext": hover,
            "cliponaxis": False,
        },
        *_blanks(agencies["score"], t, theme),
    ]
    shapes, annotations = _median_line(median, rows, t, theme)
    figure_notes = [*missing_note(_without_scope(missing_of(points)), t), *median_note(points, caption, t)]
    if not whole.all():
        figure_notes.append(t("charts.open_marks"))
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=rows.height,
        room=Room(rows.left, ROOM_FOR_VALUES, ROOM_FOR_LINE_NAME, TICKS + AXIS_TITLE),
        layout={
            "xaxis": score_axis(theme, t("charts.score_axis")),
            "yaxis": dict(rows.axis),
            "shapes": shapes,
            "annotations": annotations,
        },
        notes=figure_notes,
    )


def dots_alt(points: pd.DataFrame, caption: Caption, t: Translator) -> str:
    """Highest and lowest agency and what is missing; of several scopes, per scope."""
    sentences = [caption.title]
    for scope, scores in _scores_of_scopes(points).items():
        best, worst = max(scores, key=lambda agency: agency[1]), min(scores, key=lambda agency: agency[1])
        sentences.append(
            t(
                "charts.alt_dots",
                scope=scope,
                best=best[0],
                high=t.number(best[1]),
                worst=worst[0],
                low=t.number(worst[1]),
            )
        )
    return " ".join([*sentences, *missing_note(missing_of(points), t), *median_note(points, caption, t)])


def _scores_of_scopes(points: pd.DataFrame) -> dict[str, list[tuple[str, float]]]:
    """Scope name -> names and scores of its agencies, those without score left out."""
    found: dict[str, list[tuple[str, float]]] = {}
    columns = (points[name].tolist() for name in ("role", "scope_name", "series_name", "score"))
    for role, scope, name, score in zip(*columns, strict=True):
        if role == "agency" and not math.isnan(score):
            found.setdefault(scope, []).append((name, score))
    return found


def _dots_of_scopes(
    points: pd.DataFrame,
    caption: Caption,
    t: Translator,
    theme: Theme,
    colours: Mapping[str, Look] | None,
    highlight: Collection[str],
) -> go.Figure:
    scopes = first_of(points, "scope", "scope_name")
    rows = row_axis(list(scopes.values()), theme, least=36)
    at = {scope: place for place, scope in enumerate(scopes)}
    look = looks(first_of(points, "series", "role"), theme, colours)
    lowest = lowest_coverage(points)
    groups, names = shown_series(points), first_of(points, "series", "series_name")
    # Equal scores of two series must both be seen: each series has its own height in the row.
    offsets = _spread(len(groups))
    traces: list[dict[str, Any]] = []
    for place, (series, group) in enumerate(groups.items()):
        name = legend_name(names[series], coverage_from_text(lowest.get(series), t))
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": f"<b>{escaped(name)}</b>" if series in highlight else escaped(name),
                "x": numbers(group["score"]),
                "y": [at[str(scope)] + offsets[place] for scope in group["scope"].tolist()],
                "marker": {
                    "color": look[series].colour,
                    "symbol": look[series].marker,
                    "size": 15 if series in highlight else 10,
                },
                "hoverinfo": "text",
                "hovertext": hover_of(group, t),
                "cliponaxis": False,
            }
        )
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=rows.height,
        room=Room(rows.left, 30, 4, TICKS + AXIS_TITLE),
        layout={
            "xaxis": score_axis(theme, t("charts.score_axis")),
            "yaxis": dict(rows.axis) | {"showgrid": True, "gridcolor": SHADES[theme].grid},
        },
        notes=[*missing_note(missing_of(points), t), *median_note(points, caption, t)],
        legend=[trace["name"] for trace in traces],
        legend_below=True,
    )


def _spread(count: int) -> list[float]:
    return [0.0] if count == 1 else [-0.26 + 0.52 * place / (count - 1) for place in range(count)]


def _free_sides(scores: pd.Series, median: pd.DataFrame) -> list[str]:
    """On which side of each dot its value stands: where the median's line does not run through it."""
    line = float(median["score"].iloc[0]) if len(median) else float("nan")
    room = LENGTH_OF_VALUE
    return ["left" if room < score < line < score + room else "right" for score in scores.astype("float64")]


def _blanks(scores: pd.Series, t: Translator, theme: Theme) -> list[dict[str, Any]]:
    """Words, not marks, where there is no score: a mark at the left edge would read as 0."""
    empty = [place for place, score in enumerate(scores) if pd.isna(score)]
    if not empty:
        return []
    return [
        {
            "type": "scatter",
            "mode": "text",
            "x": [6.0] * len(empty),
            "y": empty,
            "text": [escaped(t("charts.no_score"))] * len(empty),
            "textposition": "middle right",
            "textfont": {"size": SMALL_SIZE, "color": SHADES[theme].muted},
            "hoverinfo": "skip",
            "showlegend": False,
            "cliponaxis": False,
        }
    ]


def _median_line(
    median: pd.DataFrame, rows: Rows, t: Translator, theme: Theme
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if median.empty or median["score"].isna().all():
        return [], []
    value = float(median["score"].iloc[0])
    ink = SHADES[theme].ink
    return (
        [
            {
                "type": "line",
                "layer": "below",
                "x0": value,
                "x1": value,
                "y0": -0.5,
                "y1": rows.count - 0.5,
                "line": {"color": ink, "width": 1.5, "dash": "6px,3px"},
            }
        ],
        [
            label(
                escaped(t("charts.median_value", value=t.number(value), n=int(median["n"].iloc[0]))),
                value,
                1,
                theme,
                yref="paper",
                yanchor="bottom",
                # Kept inside the picture at both ends of the scale.
                xanchor="left" if value < NEAR_EDGE else "right" if value > SCORE_RANGE[1] - NEAR_EDGE else "center",
            )
        ],
    )


def _without_scope(missing: dict[str, list[str]]) -> dict[str, Sequence[str]]:
    return {series: [] for series in missing}
