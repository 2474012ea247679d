"""Profiles: the radar for up to four series, small multiples beyond."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.palette import SHADES, Look, Theme, looks
from pmqa.charts.points import (
    agency_points,
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
from pmqa.charts.style import (
    EDGE,
    MIN_WIDTH,
    RINGS,
    SCORE_RANGE,
    SMALL_SIZE,
    Caption,
    Room,
    drawn,
    see_through,
    title_of,
)
from pmqa.charts.words import escaped, wrapped
from pmqa.framework import Framework
from pmqa.text import Translator

MOST_SERIES: Final = 4  # median included; above it, the page shows small multiples and says why
LEAST_AXES, MOST_AXES = 4, 12
FILL_OPACITY: Final = 0.08  # of a lone profile; more than one is never filled
RADAR_HEIGHT: Final = 460
PANEL_COLUMNS: Final = 3
PANEL_HEIGHT: Final = 255


def radar_data(
    scored: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    agencies: Sequence[str],
    peers: pd.DataFrame | None = None,
    scopes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """CHART_POINTS of the agencies, in the order given, over the kind's scopes; with peers, their median last."""
    return agency_points(scored, framework, t, kind=kind, agencies=agencies, scopes=scopes, peers=peers)


def radar(
    points: pd.DataFrame,
    caption: Caption,
    t: Translator,
    *,
    theme: Theme = "light",
    colours: Mapping[str, Look] | None = None,
) -> go.Figure:
    """Profile of up to four series over 4..12 scopes, axes in the table's order, clockwise from the top.

    Raises ValueError for more series or for other numbers of axes.
    """
    scopes = first_of(points, "scope", "scope_name")
    groups = shown_series(points)
    if len(groups) > MOST_SERIES:
        raise ValueError(f"a radar of {len(groups)} series hides them; the most is {MOST_SERIES}")
    _check_axes(scopes)
    roles = first_of(points, "series", "role")
    look = looks(roles, theme, colours)
    lowest = lowest_coverage(points)
    called = first_of(points, "series", "series_name")
    names = {series: _name(called[series], lowest.get(series), t) for series in groups}
    alone = list(roles.values()).count("agency") == 1
    traces: list[dict[str, Any]] = []
    for place, (series, rows) in enumerate(groups.items()):
        trace = _outline(rows, names[series], look[series], t) | {"legendrank": place}
        if alone and roles[series] == "agency" and rows["score"].notna().all():
            trace |= {"fill": "toself", "fillcolor": see_through(look[series].colour, FILL_OPACITY)}
        # The median lies beneath: it is the background that agencies are read against.
        traces.insert(len(traces) if roles[series] == "agency" else 0, trace)
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=RADAR_HEIGHT,
        room=Room(left=EDGE, right=EDGE, above=0, below=0),
        layout={"polar": _polar(scopes, theme, label_width=135) | {"domain": {"x": [0, 1], "y": [0.1, 0.9]}}},
        notes=[*missing_note(missing_of(points), t), *median_note(points, caption, t)],
        legend=list(names.values()),
        legend_below=True,
    )


def radar_alt(points: pd.DataFrame, caption: Caption, t: Translator) -> str:
    """Each agency's strongest and weakest scope, and what is missing."""
    sentences = [caption.title]
    for name, scores in _scores_of_agencies(points).items():
        if not scores:
            sentences.append(t("charts.alt_no_score", series=name))
            continue
        best, worst = max(scores, key=lambda scope: scope[1]), min(scores, key=lambda scope: scope[1])
        sentences.append(
            t(
                "charts.alt_profile",
                series=name,
                best=best[0],
                high=t.number(best[1]),
                worst=worst[0],
                low=t.number(worst[1]),
            )
        )
    return " ".join([*sentences, *missing_note(missing_of(points), t), *median_note(points, caption, t)])


def radar_small_multiples(
    points: pd.DataFrame,
    caption: Caption,
    t: Translator,
    *,
    theme: Theme = "light",
    colours: Mapping[str, Look] | None = None,
) -> go.Figure:
    """A small radar per agency, three a row, all on the same scale, the median ghosted in each."""
    scopes = first_of(points, "scope", "scope_name")
    _check_axes(scopes)
    groups = shown_series(points)
    roles, names = first_of(points, "series", "role"), first_of(points, "series", "series_name")
    agencies = [series for series, role in roles.items() if role == "agency"]
    medians = [series for series in groups if roles[series] == "median"]
    look = looks(roles, theme, colours)
    lowest = lowest_coverage(points)
    lines = max(1, math.ceil(len(agencies) / PANEL_COLUMNS))
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
    titles: list[dict[str, Any]] = []
    for place, series in enumerate(agencies):
        line, column = divmod(place, PANEL_COLUMNS)
        panel = f"polar{place + 1}" if place else "polar"
        top = 1 - line / lines
        left, right = column / PANEL_COLUMNS, (column + 1) / PANEL_COLUMNS
        one = 1 / lines
        layout[panel] = _polar(scopes, theme, label_width=54, size=10, rings=False) | {
            "domain": {"x": [left + 0.08, right - 0.08], "y": [top - 0.90 * one, top - 0.36 * one]}
        }
        for median in medians:
            traces.append(
                _outline(groups[median], names[median], look[median], t, small=True)
                | {"subplot": panel, "showlegend": place == 0, "opacity": 0.55}
            )
        traces.append(
            _outline(groups[series], _name(names[series], lowest.get(series), t), look[series], t, small=True)
            | {"subplot": panel, "showlegend": False, "line": {"color": look[series].colour, "width": 2}}
        )
        titles.append(
            {
                "text": title_of(names[series], MIN_WIDTH / PANEL_COLUMNS - 2 * EDGE)
                + (f"<br>{escaped(coverage_text(lowest.get(series), t))}" if series in lowest else ""),
                "xref": "paper",
                "yref": "paper",
                "x": (left + right) / 2,
                "y": top,
                "xanchor": "center",
                "yanchor": "top",
                "showarrow": False,
                "font": {"size": SMALL_SIZE, "color": SHADES[theme].ink},
            }
        )
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=lines * PANEL_HEIGHT,
        room=Room(left=EDGE, right=EDGE, above=0, below=0),
        layout=layout | {"annotations": titles},
        notes=[*missing_note(missing_of(points), t), *median_note(points, caption, t), t("charts.same_scale")],
        legend=[names[median] for median in medians],
    )


def _scores_of_agencies(points: pd.DataFrame) -> dict[str, list[tuple[str, float]]]:
    """Agency name -> names and scores of its scopes, those without score left out."""
    found: dict[str, list[tuple[str, float]]] = {}
    columns = (points[name].tolist() for name in ("role", "series_name", "scope_name", "score"))
    for role, name, scope, score in zip(*columns, strict=True):
        if role == "agency":
            scores = found.setdefault(name, [])
            if not math.isnan(score):
                scores.append((scope, score))
    return found


def _check_axes(scopes: Mapping[str, str]) -> None:
    if not LEAST_AXES <= len(scopes) <= MOST_AXES:
        raise ValueError(f"a radar of {len(scopes)} axes cannot be read; {LEAST_AXES} to {MOST_AXES} can")


def _name(name: str, lowest: float | None, t: Translator) -> str:
    return f"{name} · {t('charts.coverage_from', share=t.percent(lowest))}" if lowest is not None else name


def _outline(rows: pd.DataFrame, name: str, look: Look, t: Translator, *, small: bool = False) -> dict[str, Any]:
    """A closed line; a blank breaks it, and what stands alone between blanks keeps its marker."""
    scores = numbers(rows["score"])
    angles = _angles(len(scores))
    shown = hover_of(rows, t, between=": ")
    return {
        "type": "scatterpolar",
        "name": escaped(name),
        "r": [*scores, scores[0]],
        "theta": [*angles, angles[0]],
        "mode": "lines+markers",
        "connectgaps": False,
        "line": {"color": look.colour, "width": 1.6 if small else 2.6, "dash": look.dash},
        "marker": {"color": look.colour, "symbol": look.marker, "size": 5 if small else 8},
        "hoverinfo": "text",
        "hovertext": [*shown, shown[0]],
        "cliponaxis": False,
    }


def _angles(count: int) -> list[float]:
    return [place * 360 / count for place in range(count)]


def _polar(
    scopes: Mapping[str, str], theme: Theme, *, label_width: float, size: int = SMALL_SIZE, rings: bool = True
) -> dict[str, Any]:
    shades = SHADES[theme]
    return {
        "bgcolor": shades.background,
        "angularaxis": {
            "tickvals": _angles(len(scopes)),
            "ticktext": [wrapped(name, label_width, size, 4) for name in scopes.values()],
            "rotation": 90,
            "direction": "clockwise",
            "tickfont": {"size": size, "color": shades.ink},
            "gridcolor": shades.grid,
            "linecolor": shades.grid,
            "ticks": "",
        },
        "radialaxis": {
            "range": list(SCORE_RANGE),
            "autorange": False,
            "tickvals": list(RINGS),
            "ticktext": [str(ring) for ring in RINGS] if rings else [""] * len(RINGS),
            "tickfont": {"size": 10, "color": shades.muted},
            # Between the first two axes, where no outline's corner lies on the numbers.
            "angle": 90 - 180 / len(scopes),
            "tickangle": 90 - 180 / len(scopes),
            "gridcolor": shades.band,
            "showline": False,
            "ticks": "",
        },
    }
