"""Where is everyone strong or weak: agencies x scopes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.palette import SHADES, Theme, blend, ink_on
from pmqa.charts.points import (
    LEAST_FOR_MEDIAN,
    agency_order,
    agency_points,
    coverage_text,
    first_of,
    lowest_coverage,
    missing_note,
    missing_of,
    numbers,
)
from pmqa.charts.rows import row_axis
from pmqa.charts.style import LINE, MIN_WIDTH, SCORE_RANGE, SMALL_SIZE, Caption, Room, drawn, hatched
from pmqa.charts.words import escaped, wrapped
from pmqa.framework import Framework
from pmqa.shown import shown as shown_value
from pmqa.text import Translator

MANY_COLUMNS: Final = 12  # above it columns are headed by their numbers and cells hold whole points
SCALE_BAR: Final = 58  # pixels right of the plot
SCALE_LENGTH: Final = 200
LEAST_OF_SCALE: Final = 100  # pixels of plot below which the scale's numbers would lie on each other
ROW_HEIGHT: Final = 26
DENSE_SIZE: Final = 9
STEPS: Final = 50  # of the scale, for which the ink of a cell is chosen
COLUMN_LABEL_LINES: Final = 5
HEADING_SIZE: Final = 11
HEADING_ROOM: Final = 12  # pixels of the headings beside their lines
STRIP_PLOT: Final = 6  # pixels of plot that Plotly needs below headings that stand alone
INCOMPLETE: Final = "*"


def heatmap_data(
    scored: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    agencies: Sequence[str] | None = None,
    order: str = "score",
    scopes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """CHART_POINTS agencies x scopes; rows by overall score, name, or as `agencies` gives them (order="given")."""
    codes = agency_order(scored, order=order, agencies=agencies)
    return agency_points(scored, framework, t, kind=kind, agencies=codes, scopes=scopes)


def heatmap(
    points: pd.DataFrame,
    caption: Caption,
    t: Translator,
    *,
    theme: Theme = "light",
    order: str = "score",
    highlight: Collection[str] = (),
) -> go.Figure:
    """CHART_POINTS as cells, rows and columns in the table's order; `order` words the rule that ordered the rows.

    One hue from 0 to 500, values printed, a hatch where there is no score, an asterisk where answers are missing.
    More than twelve columns: headed by their numbers, and cells hold whole points.
    """
    shades = SHADES[theme]
    scopes = first_of(points, "scope", "scope_name")
    names = first_of(points, "series", "series_name")
    dense = len(scopes) > MANY_COLUMNS
    lowest = lowest_coverage(points)
    rows = row_axis(
        list(names.values()),
        theme,
        # Short, so that it stands beside a name and makes no row taller; the asterisk's footnote reads it.
        suffixes=[f"{t.percent(lowest[series])}{INCOMPLETE}" if series in lowest else "" for series in names],
        width=185,
        lines=3,
        least=ROW_HEIGHT,
        bold=[series in highlight for series in names],
    )
    # The table is a full grid in its own order, so its columns are the rows of the picture, one after the other.
    width = len(scopes)
    scores = numbers(points["score"])
    coverages = numbers(points["coverage"])
    shown = [t.number(score) for score in scores]
    texts = [
        _cell(score, number, coverage, dense) for score, number, coverage in zip(scores, shown, coverages, strict=True)
    ]
    hover = [
        f"<b>{escaped(series)}</b><br>{escaped(scope)}: {number}"
        + (f"<br>{escaped(coverage_text(coverage, t))}" if coverage is not None and coverage < 1 else "")
        for series, scope, number, coverage in zip(
            points["series_name"].tolist(), points["scope_name"].tolist(), shown, coverages, strict=True
        )
    ]
    filled = [place for place, score in enumerate(scores) if score is not None]
    inks = [ink_on(blend(*shades.scale, step / STEPS)) for step in range(STEPS + 1)]
    blank = [divmod(place, width) for place, score in enumerate(scores) if score is None]
    column_width = (MIN_WIDTH - rows.left - SCALE_BAR) / max(width, 1)
    # A word slightly wider than its column reads better than a word torn.
    headings = (
        list(scopes)
        if dense
        else [wrapped(n, 1.15 * column_width, HEADING_SIZE, COLUMN_LABEL_LINES) for n in scopes.values()]
    )
    traces: list[dict[str, Any]] = [
        {
            "type": "heatmap",
            "z": _lines(scores, width),
            "x": list(range(width)),
            "y": list(range(len(names))),
            "zmin": SCORE_RANGE[0],
            "zmax": SCORE_RANGE[1],
            "zauto": False,
            "colorscale": [[0, shades.scale[0]], [1, shades.scale[1]]],
            "showscale": rows.height >= LEAST_OF_SCALE,
            "xgap": 1,
            "ygap": 1,
            "hoverongaps": False,
            "hoverinfo": "text",
            "hovertext": _lines(hover, width),
            "colorbar": {
                "thickness": 12,
                "len": min(SCALE_LENGTH, 0.8 * rows.height),
                "lenmode": "pixels",
                "x": 1,
                "xpad": 12,
                "y": 1,
                "yanchor": "top",
                "tickvals": [0, 300, 400, 500],
                "tickfont": {"size": 11, "color": shades.muted},
                "outlinewidth": 0,
            },
        },
        {
            "type": "scatter",
            "mode": "text",
            "x": [place % width for place in filled],
            "y": [place // width for place in filled],
            "text": [texts[place] for place in filled],
            # Plotly's own choice of ink on a cell falls to 3:1 in the middle of the scale.
            "textfont": {
                "size": DENSE_SIZE if dense else SMALL_SIZE,
                "color": [inks[min(STEPS, int((scores[place] or 0.0) / SCORE_RANGE[1] * STEPS))] for place in filled],
            },
            "hoverinfo": "skip",
            "showlegend": False,
        },
        {
            "type": "bar",
            "orientation": "h",
            "base": [column - 0.5 for _, column in blank],
            "x": [1] * len(blank),
            "y": [line for line, _ in blank],
            "width": 1,
            "marker": hatched(shades.muted, shades.background, "/", 0.2)
            # As wide as the gaps between the cells.
            | {"line": {"width": 1, "color": shades.background}},
            "hoverinfo": "text",
            "hovertext": [hover[line * width + column] for line, column in blank],
            "showlegend": False,
        },
    ]
    notes = [t(f"charts.order_{order}")]
    if blank:
        notes.append(t("charts.hatched"))
        notes += missing_note(missing_of(points), t)
    if lowest:
        notes.append(t("charts.asterisks", mark=INCOMPLETE))
    if dense:
        notes.append(t("charts.cut_points"))
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=rows.height,
        room=Room(rows.left, SCALE_BAR, _height_of(headings), 6),
        layout={
            "xaxis": {
                "side": "top",
                "range": [-0.5, width - 0.5],
                "autorange": False,
                "fixedrange": True,
                "tickvals": list(range(width)),
                "ticktext": headings,
                "tickangle": 0,
                "tickfont": {"size": HEADING_SIZE, "color": shades.ink},
                "showgrid": False,
                "zeroline": False,
                "ticks": "",
                "automargin": False,
            },
            "yaxis": dict(rows.axis),
            "barmode": "overlay",
        },
        notes=notes,
    )


def heatmap_headings(figure: go.Figure) -> tuple[go.Figure, int] | None:
    """A heatmap's column headings alone, and the pixels above them in it; None for any other chart.

    A page lays them over those of the heatmap, where they stay in sight while hundreds of rows scroll.
    """
    if not any(trace.type == "heatmap" for trace in figure.data):
        return None
    whole = figure.layout.to_plotly_json()  # without the data, which is large
    height = _height_of(whole["xaxis"]["ticktext"])
    margin = {**whole["margin"], "t": height - STRIP_PLOT, "b": 0}
    kept = {name: whole[name] for name in ("template", "autosize", "font", "paper_bgcolor", "plot_bgcolor", "xaxis")}
    layout = {**kept, "height": height, "margin": margin, "yaxis": {"visible": False}, "dragmode": False}
    strip = go.Figure({"data": [{"type": "scatter", "x": [], "y": []}], "layout": layout}, _validate=False)
    return strip, whole["margin"]["t"] - height


def heatmap_alt(points: pd.DataFrame, caption: Caption, t: Translator, *, minimum: int = LEAST_FOR_MEDIAN) -> str:
    """Scopes with the highest and the lowest median of the scores that count, and how many cells are missing.

    minimum: the fewest agencies of which a median is given.
    """
    counts = points["score"].notna()
    if not caption.incomplete:
        counts &= points["coverage"] >= 1
    whole = points[counts]
    sentences = [
        caption.title,
        t("charts.alt_heatmap", agencies=points["series"].nunique(), scopes=points["scope"].nunique()),
    ]
    by_scope = whole.groupby("scope_name", sort=False, observed=True)["score"].agg(["median", "count"])
    by_scope = by_scope[by_scope["count"] >= minimum]
    if len(by_scope) > 1:
        sentences.append(
            t(
                "charts.alt_scopes",
                best=by_scope["median"].idxmax(),
                high=t.number(by_scope["median"].max()),
                high_n=int(by_scope["count"][by_scope["median"].idxmax()]),
                worst=by_scope["median"].idxmin(),
                low=t.number(by_scope["median"].min()),
                low_n=int(by_scope["count"][by_scope["median"].idxmin()]),
            )
        )
    return " ".join([*sentences, *missing_note(missing_of(points), t)])


def _height_of(headings: Sequence[str]) -> int:
    """Pixels of column headings, by the one with most lines."""
    lines = max((heading.count("<br>") + 1 for heading in headings), default=1)
    return HEADING_ROOM + round(lines * HEADING_SIZE * LINE)


def _cell(score: float | None, number: str, coverage: float | None, dense: bool) -> str:
    if score is None:
        return ""
    mark = INCOMPLETE if coverage is not None and coverage < 1 else ""
    return (str(shown_value(score, 0)) if dense else number) + mark


def _lines(values: Sequence[Any], width: int) -> list[list[Any]]:
    return [list(values[start : start + width]) for start in range(0, len(values), max(width, 1))]
