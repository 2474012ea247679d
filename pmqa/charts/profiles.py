"""Profiles: the radar for up to four series, small multiples beyond."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.palette import SHADES, Look, Theme, looks
from pmqa.charts.points import (
    agency_points,
    coverage_from_text,
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
    GAP,
    LINE,
    MIN_WIDTH,
    RINGS,
    SCORE_RANGE,
    SMALL_SIZE,
    Caption,
    Room,
    drawn,
    key_of,
    legend_name,
    see_through,
)
from pmqa.charts.words import escaped, fitted, lines_of, wrapped
from pmqa.framework import Framework
from pmqa.text import Translator

MOST_SERIES: Final = 4  # median included; above it, the page shows small multiples and says why
LEAST_AXES, MOST_AXES = 4, 12
FILL_OPACITY: Final = 0.08  # of a lone profile; more than one is never filled
RADAR_HEIGHT: Final = 460
PANEL_COLUMNS: Final = 3
PANEL_WIDTH: Final = MIN_WIDTH / PANEL_COLUMNS - 2 * EDGE  # pixels of a panel's title
PANEL_RADAR: Final = 140  # pixels of a panel's outermost ring
PANEL_SIZE: Final = 10  # of the names around a panel
PANEL_NAME: Final = 54  # pixels of such a name
PANEL_LINES: Final = 3  # of such a name; longer ones give way to the scopes' numbers
TITLE_LINES: Final = 3  # of a panel's title
WIDE_LINE, LARGE_MARK = 4.6, 11  # of what stands out among the others


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
    highlight: Collection[str] = (),
) -> go.Figure:
    """Profile of up to four series over 4..12 scopes, axes in the table's order, clockwise from the top.

    highlight: series whose line is wide and whose name is bold.
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
    names = {series: legend_name(called[series], coverage_from_text(lowest.get(series), t)) for series in groups}
    alone = list(roles.values()).count("agency") == 1
    traces: list[dict[str, Any]] = []
    for place, (series, rows) in enumerate(groups.items()):
        trace = _outline(rows, names[series], look[series], t) | {"legendrank": place}
        if alone and roles[series] == "agency" and rows["score"].notna().all():
            trace |= {"fill": "toself", "fillcolor": see_through(look[series].colour, FILL_OPACITY)}
        if series in highlight:
            trace = _standing_out(trace)
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
    highlight: Collection[str] = (),
) -> go.Figure:
    """A small radar per agency, three a row, all on the same scale, the median ghosted in each.

    Axes wear their scopes' names where all of them are short, otherwise their numbers, with a footnote as the key.
    highlight: agencies whose line is wide.
    """
    scopes = first_of(points, "scope", "scope_name")
    _check_axes(scopes)
    groups = shown_series(points)
    roles, names = first_of(points, "series", "role"), first_of(points, "series", "series_name")
    agencies = [series for series, role in roles.items() if role == "agency"]
    medians = [series for series in groups if roles[series] == "median"]
    look = looks(roles, theme, colours)
    lowest = lowest_coverage(points)
    axes = _panel_axes(scopes)
    titles = {series: _panel_title(names[series], coverage_from_text(lowest.get(series), t)) for series in agencies}
    lines = max(1, math.ceil(len(agencies) / PANEL_COLUMNS))
    title = round(LINE * SMALL_SIZE * max((text.count("<br>") + 1 for text in titles.values()), default=1))
    label = _room_for_names(axes)
    panel_height = title + label + PANEL_RADAR + label + GAP
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
    headings: list[dict[str, Any]] = []
    for place, series in enumerate(agencies):
        line, column = divmod(place, PANEL_COLUMNS)
        panel = f"polar{place + 1}" if place else "polar"
        top = 1 - line / lines
        left, right = column / PANEL_COLUMNS, (column + 1) / PANEL_COLUMNS
        ring = top - (title + label) / (lines * panel_height)
        layout[panel] = _polar(axes, theme, label_width=PANEL_NAME, size=PANEL_SIZE, rings=False) | {
            "domain": {"x": [left + 0.08, right - 0.08], "y": [ring - PANEL_RADAR / (lines * panel_height), ring]}
        }
        for median in medians:
            traces.append(
                _outline(groups[median], names[median], look[median], t, small=True)
                | {"subplot": panel, "showlegend": place == 0, "opacity": 0.55}
            )
        outline = _outline(groups[series], names[series], look[series], t, small=True) | {
            "subplot": panel,
            "showlegend": False,
            "line": {"color": look[series].colour, "width": 2},
        }
        traces.append(_standing_out(outline) if series in highlight else outline)
        headings.append(
            {
                "text": titles[series],
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
        height=lines * panel_height,
        room=Room(left=EDGE, right=EDGE, above=0, below=0),
        layout=layout | {"annotations": headings},
        notes=[
            *([] if axes is scopes else key_of(t("charts.axes"), scopes.values())),
            *missing_note(missing_of(points), t),
            *median_note(points, caption, t),
            t("charts.same_scale"),
        ],
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


def _panel_axes(scopes: Mapping[str, str]) -> Mapping[str, str]:
    """Scope -> what stands around a panel: the names, or where one is long, the numbers of all."""
    short = all(len(lines_of(name, PANEL_NAME, PANEL_SIZE)) <= PANEL_LINES for name in scopes.values())
    return scopes if short else {scope: scope for scope in scopes}


def _room_for_names(axes: Mapping[str, str]) -> int:
    """Pixels above and below a panel's ring for its names; one at the side of the ring needs none."""
    lines = [
        len(lines_of(name, PANEL_NAME, PANEL_SIZE)) * abs(math.cos(math.radians(angle)))
        for name, angle in zip(axes.values(), _angles(len(axes)), strict=True)
    ]
    return round(LINE * PANEL_SIZE * max(lines)) + GAP // 2


def _panel_title(name: str, coverage: str) -> str:
    """An agency's name in bold lines, and below it how much it has answered."""
    bold = "<br>".join(escaped(line) for line in fitted(name, PANEL_WIDTH, SMALL_SIZE, TITLE_LINES))
    return f"<b>{bold}</b>" + (f"<br>{escaped(coverage)}" if coverage else "")


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


def _standing_out(trace: dict[str, Any]) -> dict[str, Any]:
    """The trace so that it is seen among others, which keep their contrast."""
    return trace | {
        "name": f"<b>{trace['name']}</b>",
        "line": trace["line"] | {"width": WIDE_LINE},
        "marker": trace["marker"] | {"size": LARGE_MARK},
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
