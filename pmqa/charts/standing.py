"""One agency against its peers, and on its way to a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.footnotes import gap_notes, spine_notes
from pmqa.charts.palette import ACCENT, CONTRAST, SHADES, Theme
from pmqa.charts.points import agency_points, coverage_text, listed, numbers, scope_label
from pmqa.charts.rows import row_axis
from pmqa.charts.style import (
    AXIS_TITLE,
    SMALL_SIZE,
    TICKS,
    Caption,
    Room,
    beside_plot,
    drawn,
    legend_name,
    posts,
    score_axis,
    see_through,
)
from pmqa.charts.tables import GAP_BARS, SPINE
from pmqa.charts.words import escaped
from pmqa.framework import Framework
from pmqa.text import Translator

NARROW: Final = 60.0  # points: a bar too short for its number


def spine_data(
    scored: pd.DataFrame,
    peers: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    agency: str,
    target: float | Mapping[str, float] | None = None,
    scopes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """SPINE of the agency on PEER_STATS; target: one number, or scope -> number."""
    own = agency_points(scored, framework, t, kind=kind, agencies=[agency], scopes=scopes)
    stats = peers[peers["kind"] == kind].assign(scope=lambda p: p["scope"].astype("str")).set_index("scope")
    stats = stats.reindex(own["scope"])
    targets = target if isinstance(target, Mapping) else dict.fromkeys(own["scope"], target)
    return SPINE.conform(
        pd.DataFrame(
            {
                "scope": own["scope"],
                "scope_name": own["scope_name"],
                "own": own["score"],
                "coverage": own["coverage"],
                **{name: stats[name].to_numpy() for name in ("minimum", "q1", "median", "q3", "maximum")},
                "target": own["scope"].map(targets).astype("float64"),
                "n": stats["n"].astype("Int64").array,
            }
        )
    )


def spine(
    rows: pd.DataFrame, caption: Caption, t: Translator, *, theme: Theme = "light", own_name: str = ""
) -> go.Figure:
    """SPINE: the peers' range a thin bar, quartiles a thick one, median a tick; own value a mark; target a post."""
    shades = SHADES[theme]
    axis = row_axis(
        [str(name) for name in rows["scope_name"]],
        theme,
        suffixes=[_beside(n, c, t) for n, c in zip(rows["n"], rows["coverage"], strict=True)],
        least=44,
    )
    at = list(range(len(rows)))
    below = [own is not None and m is not None and own < m for own, m in _both(rows, "own", "median")]
    colours = [CONTRAST if under else ACCENT for under in below]
    name = own_name or t("charts.own")
    hover = [
        f"<b>{escaped(str(row.scope_name))}</b><br>{escaped(name)}: {t.number(row.own)}<br>"
        + escaped(
            t(
                "charts.spine_hover",
                minimum=t.number(row.minimum),
                q1=t.number(row.q1),
                median=t.number(row.median),
                q3=t.number(row.q3),
                maximum=t.number(row.maximum),
            )
        )
        for row in rows.itertuples()
    ]
    traces: list[dict[str, Any]] = [
        _span(rows, "minimum", "maximum", t("charts.range"), 0.14, shades.band),
        _span(rows, "q1", "q3", t("charts.quartiles"), 0.5, see_through(shades.muted, 0.45)),
        posts(numbers(rows["median"]), at, t("charts.median"), shades.ink, 0.3, "solid"),
    ]
    if rows["target"].notna().any():
        traces.append(posts(numbers(rows["target"]), at, t("charts.target"), shades.muted, 0.42, "2px,2px"))
    traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "name": escaped(legend_name(name)),
            "x": numbers(rows["own"]),
            "y": at,
            "marker": {
                "symbol": ["triangle-left" if under else "diamond" for under in below],
                "size": 14,
                "color": colours,
                "line": {"width": 1.5, "color": shades.background},
            },
            "hoverinfo": "text",
            "hovertext": hover,
            "cliponaxis": False,
        }
    )
    values = [
        beside_plot(f"<b>{t.number(own)}</b>" if own is not None else escaped(t("charts.no_score")), place, theme)
        for place, own in enumerate(numbers(rows["own"]))
    ]
    notes = spine_notes(rows, caption, t)
    if any(below):
        notes.append(t("charts.spine_read"))
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=axis.height,
        room=Room(axis.left, 80, 4, TICKS + AXIS_TITLE),
        layout={
            "xaxis": score_axis(theme, t("charts.score_axis")),
            "yaxis": dict(axis.axis),
            "barmode": "overlay",
            "annotations": values,
        },
        notes=notes,
        legend=[str(trace["name"]) for trace in traces],
    )


def spine_alt(rows: pd.DataFrame, caption: Caption, t: Translator) -> str:
    """Scopes above and below the peers' median, and what cannot be compared."""
    known = rows[rows["own"].notna() & rows["median"].notna()]
    above = [str(name) for name in known[known["own"] >= known["median"]]["scope_name"]]
    below = [str(name) for name in known[known["own"] < known["median"]]["scope_name"]]
    sentences = [caption.title]
    if above:
        sentences.append(t("charts.alt_above", n=len(above), scopes=listed(above, t)))
    if below:
        sentences.append(t("charts.alt_below", n=len(below), scopes=listed(below, t)))
    if len(known) < len(rows):
        sentences.append(t("charts.alt_incomparable", n=len(rows) - len(known)))
    return " ".join(sentences)


def gap_bars_data(
    gaps: pd.DataFrame, framework: Framework, t: Translator, *, kind: str = "", order: str = "gap"
) -> pd.DataFrame:
    """GAP_BARS from GAPS of pmqa.analysis.gaps of one agency; largest gap first, or order="given".

    kind: which rows of GAPS; not given, the frame holds one kind.
    """
    if len(gaps):
        kind = kind or str(gaps["kind"].iloc[0])
    gaps = gaps[gaps["kind"] == kind]
    rows = GAP_BARS.conform(
        pd.DataFrame(
            {
                "scope": gaps["scope"].astype("str"),
                "scope_name": [scope_label(framework, kind, str(scope), t) for scope in gaps["scope"]],
                "score": gaps["score"],
                "target": gaps["target"],
                "gap": gaps["gap"],
                "coverage": gaps["coverage"],
            }
        )
    )
    return rows if order == "given" else rows.sort_values("gap", ascending=False, kind="stable", ignore_index=True)


def gap_bars(rows: pd.DataFrame, caption: Caption, t: Translator, *, theme: Theme = "light") -> go.Figure:
    """GAP_BARS: the score as a bar, the way to the target hatched, the target a post, the gap in words."""
    shades = SHADES[theme]
    axis = row_axis(
        [str(name) for name in rows["scope_name"]],
        theme,
        suffixes=[coverage_text(c, t) for c in rows["coverage"]],
        least=36,
    )
    at = list(range(len(rows)))
    open_gap = rows[rows["gap"] > 0]
    scores = numbers(rows["score"])
    traces: list[dict[str, Any]] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": escaped(t("charts.score")),
            "x": scores,
            "y": at,
            "width": 0.56,
            "marker": {"color": ACCENT, "line": {"width": 0}},
            "text": ["" if s is None or s < NARROW else t.number(s) for s in scores],
            "textposition": "inside",
            "insidetextanchor": "end",
            "textangle": 0,
            "textfont": {"size": SMALL_SIZE, "color": "#ffffff"},
            "hoverinfo": "text",
            "hovertext": [
                escaped(t("charts.gap_hover", scope=name, score=t.number(s), target=t.number(goal), gap=t.number(gap)))
                for name, s, goal, gap in zip(
                    rows["scope_name"], rows["score"], rows["target"], rows["gap"], strict=True
                )
            ],
        },
        {
            "type": "bar",
            "orientation": "h",
            "name": escaped(t("charts.gap")),
            "base": numbers(open_gap["score"]),
            "x": numbers(open_gap["gap"]),
            "y": [int(place) for place in open_gap.index],
            "width": 0.56,
            "marker": {
                "color": shades.background,
                "line": {"width": 1, "color": CONTRAST},
                "pattern": {
                    "shape": "/",
                    "fgcolor": CONTRAST,
                    "bgcolor": shades.background,
                    "size": 7,
                    "solidity": 0.25,
                },
            },
            "hoverinfo": "skip",
        },
        posts(numbers(rows["target"]), at, t("charts.target"), shades.ink, 0.4, "solid"),
    ]
    words = [
        _gap_words(s, goal, gap, t)
        for s, goal, gap in zip(scores, numbers(rows["target"]), numbers(rows["gap"]), strict=True)
    ]
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=axis.height,
        room=Room(axis.left, 110, 4, TICKS + AXIS_TITLE),
        layout={
            "xaxis": score_axis(theme, t("charts.score_axis")),
            "yaxis": dict(axis.axis),
            "barmode": "overlay",
            "annotations": [beside_plot(escaped(word), place, theme) for place, word in enumerate(words)],
        },
        notes=gap_notes(rows, t),
        legend=[str(trace["name"]) for trace in traces],
    )


def gap_bars_alt(rows: pd.DataFrame, caption: Caption, t: Translator) -> str:
    """The largest gap, and how many targets are reached."""
    known = rows[rows["gap"].notna()]
    reached = int((known["gap"] == 0).sum())
    sentences = [caption.title, t("charts.alt_reached", reached=reached, n=len(known))]
    if reached < len(known):
        most = known.loc[known["gap"].idxmax()]
        sentences.append(t("charts.alt_gap", scope=most["scope_name"], gap=t.number(most["gap"])))
    return " ".join([*sentences, *gap_notes(rows, t)])


def _both(rows: pd.DataFrame, first: str, second: str) -> list[tuple[float | None, float | None]]:
    return list(zip(numbers(rows[first]), numbers(rows[second]), strict=True))


def _beside(n: object, coverage: float, t: Translator) -> str:
    parts = ["" if pd.isna(n) else t("charts.n", n=n), coverage_text(coverage, t)]
    return " · ".join(part for part in parts if part)


def _span(rows: pd.DataFrame, low: str, high: str, name: str, width: float, colour: str) -> dict[str, Any]:
    known = rows[rows[low].notna() & rows[high].notna()]
    return {
        "type": "bar",
        "orientation": "h",
        "name": escaped(name),
        "base": numbers(known[low]),
        "x": numbers(known[high] - known[low]),
        "y": [int(place) for place in known.index],
        "width": width,
        "marker": {"color": colour, "line": {"width": 0}},
        "hoverinfo": "skip",
    }


def _gap_words(score: float | None, target: float | None, gap: float | None, t: Translator) -> str:
    if score is None:
        return t("charts.no_score")
    if target is None or gap is None:
        return t("charts.no_target")
    return t("charts.reached") if gap == 0 else t("charts.short_of", gap=t.number(gap))
