"""How far agencies are apart: the spread of groups, and ranks with their tie bands."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pmqa.analysis.peers import shown_points
from pmqa.charts.footnotes import strip_notes
from pmqa.charts.palette import ACCENT, CONTRAST, SHADES, Theme
from pmqa.charts.points import (
    LEAST_FOR_MEDIAN,
    agency_names,
    first_of,
    hover_of,
    numbers,
)
from pmqa.charts.rows import NAME_LINES, row_axis
from pmqa.charts.style import (
    AXIS_TITLE,
    SMALL_SIZE,
    TICKS,
    Caption,
    Room,
    drawn,
    posts,
    score_axis,
    see_through,
    value_axis,
)
from pmqa.charts.tables import RANK_BANDS, STRIP_POINTS, STRIP_STATS
from pmqa.charts.words import escaped
from pmqa.text import Translator

GROUP_HEIGHT: Final = 64
BAND: Final = 0.8  # of a row: quartiles, and the lanes of marks within them
LEAST_LANES: Final = 5  # of a row's band: fewer do not spread over all of it
LANE: Final = 11  # pixels between marks of near scores, side by side
NEAR: Final = 11.0  # points of the scale that a mark takes at the least width


def strip_data(scored: pd.DataFrame, *, kind: str, scope: str, group: str = "ministry") -> pd.DataFrame:
    """STRIP_POINTS of one scope, groups by name; group: ministry or agency_type."""
    rows = scored[(scored["kind"] == kind) & (scored["scope"] == scope)]
    names = agency_names(scored)
    return STRIP_POINTS.conform(
        pd.DataFrame(
            {
                "group": rows[group].astype("str"),
                "group_name": rows[group].astype("str"),
                "series": rows["agency_code"].astype("str"),
                "series_name": rows["agency_code"].astype("str").map(names),
                "score": rows["score"],
                "coverage": rows["coverage"],
            }
        ).sort_values(["group", "series"], kind="stable")
    )


def strip_stats(points: pd.DataFrame, *, minimum: int = LEAST_FOR_MEDIAN, complete_only: bool = True) -> pd.DataFrame:
    """STRIP_STATS of STRIP_POINTS, over complete scores or over all; quartiles are blank below `minimum` agencies."""
    whole = points[points["score"].notna()]
    if complete_only:
        whole = whole[whole["coverage"] >= 1]
    groups = list(dict.fromkeys(points["group"].astype(str)))
    by_group = whole.groupby("group", observed=True)["score"]
    counts = by_group.count().reindex(groups, fill_value=0)
    quartiles = by_group.quantile([0.25, 0.5, 0.75]).unstack().reindex(index=groups, columns=[0.25, 0.5, 0.75])
    quartiles = quartiles[counts >= minimum].reindex(groups)
    return STRIP_STATS.conform(
        pd.DataFrame(
            {
                "group": groups,
                "n": counts.to_numpy(),
                "q1": quartiles[0.25].to_numpy(),
                "median": quartiles[0.5].to_numpy(),
                "q3": quartiles[0.75].to_numpy(),
            }
        )
    )


def strip(
    points: pd.DataFrame,
    stats: pd.DataFrame,
    caption: Caption,
    t: Translator,
    *,
    theme: Theme = "light",
    highlight: Collection[str] = (),
) -> go.Figure:
    """Spread of each group: every agency a mark, quartiles a band, the median a bar, n beside the name.

    Rows are as tall as the largest group needs to show each of its agencies beside the others.
    """
    shades = SHADES[theme]
    names = first_of(points, "group", "group_name")
    order = [str(group) for group in stats["group"]]
    at = {group: place for place, group in enumerate(order)}
    scored = points[points["score"].notna()].sort_values(["group", "score"], kind="stable")
    above, lanes = dodges(scored)
    scored = scored.assign(y=scored["group"].astype(str).map(at).astype("float64") + above)
    rows = row_axis(
        [names[group] for group in order],
        theme,
        suffixes=[t("charts.n", n=t.number(n, 0)) for n in stats["n"]],
        least=max(GROUP_HEIGHT, round(lanes * LANE / BAND)),
    )
    shown = stats.assign(y=range(len(stats)))
    bands = shown[shown["median"].notna()]
    traces: list[dict[str, Any]] = [
        {
            "type": "bar",
            "orientation": "h",
            "base": numbers(bands["q1"]),
            "x": numbers(bands["q3"] - bands["q1"]),
            "y": [int(y) for y in bands["y"]],
            "width": BAND,
            "marker": {"color": see_through(shades.band, 0.6), "line": {"width": 0}},
            "name": escaped(t("charts.quartiles")),
            "hoverinfo": "skip",
        },
    ]
    medians: list[dict[str, Any]] = [
        posts(numbers(bands["median"]), [int(y) for y in bands["y"]], t("charts.median"), shades.ink, BAND / 2),
        {
            "type": "scatter",
            "mode": "text",
            "x": numbers(bands["median"]),
            "y": [y - BAND / 2 for y in bands["y"]],
            "text": [t.number(value) for value in bands["median"]],
            "textposition": "top center",
            "textfont": {"size": 11, "color": shades.muted},
            "hoverinfo": "skip",
            "showlegend": False,
            "cliponaxis": False,
        },
    ]
    for picked, name in ((False, t("charts.agency")), (True, t("charts.highlighted"))):
        # Complete ones first: the legend shows the first mark.
        marks = scored[scored["series"].isin(list(highlight)) == picked].sort_values(
            "coverage", ascending=False, kind="stable"
        )
        if marks.empty:
            continue
        colour = CONTRAST if picked else ACCENT
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": escaped(name),
                "x": numbers(marks["score"]),
                "y": numbers(marks["y"]),
                "marker": {
                    "symbol": [
                        ("diamond" if picked else "circle") + ("" if c >= 1 else "-open") for c in marks["coverage"]
                    ],
                    "size": 12 if picked else 9,
                    "color": colour,
                    "line": {"width": 1.5, "color": colour},
                },
                "hoverinfo": "text",
                "hovertext": hover_of(marks.assign(scope_name=""), t),
                "cliponaxis": False,
            }
        )
    # The medians last: marks must not hide them.
    traces += medians
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=rows.height,
        room=Room(rows.left, 36, 16, TICKS + AXIS_TITLE),
        layout={
            "xaxis": score_axis(theme, t("charts.score_axis")),
            "yaxis": dict(rows.axis),
            "barmode": "overlay",
        },
        notes=strip_notes(points, stats, caption, t),
        legend=[trace["name"] for trace in traces if trace.get("showlegend", True)],
    )


def dodges(scored: pd.DataFrame) -> tuple[pd.Series[float], int]:
    """How far each mark of STRIP_POINTS, ordered by group and score, moves off its row (in rows, down is positive).

    Also how many marks stand above each other at the most. Marks of near scores take different lanes, from the middle
    of the row outwards.
    """
    place: list[int] = []
    ends: list[float] = []  # of each lane of the group: its last score
    group: object = None
    for own, score in zip(scored["group"].tolist(), scored["score"].tolist(), strict=True):
        if own != group:
            group, ends = own, []
        free = next((lane for lane, end in enumerate(ends) if score - end >= NEAR), len(ends))
        ends[free : free + 1] = [score]
        place.append(free)
    lanes = max(place, default=0) + 1
    out = np.array(place, dtype="int64")
    steps = np.where(out % 2, -(out + 1) // 2, out // 2)  # 0, -1, 1, -2, 2, ...
    return pd.Series(steps * (BAND / max(lanes, LEAST_LANES)), index=scored.index), lanes


def strip_alt(points: pd.DataFrame, stats: pd.DataFrame, caption: Caption, t: Translator) -> str:
    """Groups with the highest and the lowest median, and the one that is spread most; of one group its statistics."""
    sentences = [caption.title]
    names = first_of(points, "group", "group_name")
    shown = stats[stats["median"].notna()]
    if len(shown) > 1:
        best, worst = shown.loc[shown["median"].idxmax()], shown.loc[shown["median"].idxmin()]
        widest = shown.loc[(shown["q3"] - shown["q1"]).idxmax()]
        sentences.append(
            t(
                "charts.alt_strip",
                best=names[best["group"]],
                high=t.number(best["median"]),
                worst=names[worst["group"]],
                low=t.number(worst["median"]),
                widest=names[widest["group"]],
                spread=t.number(widest["q3"] - widest["q1"]),
            )
        )
    for one in shown.to_dict("records") if len(shown) == 1 else ():
        words = {name: t.number(one[name]) for name in ("median", "q1", "q3")}
        sentences.append(t("charts.alt_strip_one", group=names[one["group"]], n=int(one["n"]), **words))
    if shown.empty:
        sentences += strip_notes(points, stats, caption, t)
    return " ".join(sentences)


def rank_bands_data(scored: pd.DataFrame, ranks: pd.DataFrame, *, kind: str, scope: str) -> pd.DataFrame:
    """RANK_BANDS of one kind and scope from RANKS of pmqa.analysis.peers, best first."""
    rows = scored[(scored["kind"] == kind) & (scored["scope"] == scope)]
    scores = pd.Series(rows["score"].to_numpy(), index=rows["agency_code"].astype(str))
    names = agency_names(scored)
    ranks = ranks[(ranks["kind"] == kind) & (ranks["scope"] == scope)]
    codes = ranks["agency_code"].astype("str")
    return RANK_BANDS.conform(
        pd.DataFrame(
            {
                "series": codes,
                "series_name": codes.map(lambda code: names.get(code, code)),
                "score": codes.map(scores),
                "rank_low": ranks["rank_low"],
                "rank_high": ranks["rank_high"],
                "n": ranks["n"],
            }
        ).sort_values(["score", "series_name"], key=_best_first, kind="stable")
    )


def _best_first(column: pd.Series[Any]) -> pd.Series[Any]:
    """By the score as it is shown: of those who show the same, none is first."""
    return (
        pd.Series(-shown_points(column.to_numpy(dtype="float64")), column.index) if column.name == "score" else column
    )


def rank_bands(
    bands: pd.DataFrame,
    caption: Caption,
    t: Translator,
    *,
    theme: Theme = "light",
    highlight: Collection[str] = (),
) -> go.Figure:
    """Rank of each agency, 1 on the left; those who share ranks share a band."""
    shades = SHADES[theme]
    last = int(bands["n"].max()) if len(bands) else 1
    rows = row_axis(
        [str(name) for name in bands["series_name"]],
        theme,
        lines=NAME_LINES,
        bold=[series in highlight for series in bands["series"]],
    )
    chosen = bands["series"].isin(list(highlight))
    colours = [CONTRAST if pick else ACCENT for pick in chosen]
    texts = [
        f"{_rank_text(low, high)} · {t.number(score)}"
        for low, high, score in zip(bands["rank_low"], bands["rank_high"], bands["score"], strict=True)
    ]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "base": [float(low) - 0.35 for low in bands["rank_low"]],
            "x": [
                float(high) - float(low) + 0.7 for low, high in zip(bands["rank_low"], bands["rank_high"], strict=True)
            ],
            "y": list(range(len(bands))),
            "width": 0.55,
            "marker": {"color": colours, "line": {"width": 0}},
            "text": texts,
            "textposition": "outside",
            "textfont": {"size": SMALL_SIZE, "color": shades.ink},
            "hoverinfo": "text",
            "hovertext": [
                f"<b>{escaped(str(name))}</b><br>{escaped(text)}"
                for name, text in zip(bands["series_name"], texts, strict=True)
            ],
            "cliponaxis": False,
        }
    ]
    ticks = sorted({1, last, *range(math.ceil(last / 10), last, max(1, math.ceil(last / 10)))})
    axis = value_axis(theme, t("charts.rank_axis", n=last), (0.4, last + 0.6), ticks)
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=rows.height,
        room=Room(rows.left, 100, 8, TICKS + AXIS_TITLE),
        layout={"xaxis": axis, "yaxis": dict(rows.axis), "showlegend": False},
        notes=[t("charts.rank_bands")],
    )


def rank_bands_alt(bands: pd.DataFrame, caption: Caption, t: Translator) -> str:
    """Who is first, how many share their rank with another, and what the caption notes: who has none."""
    if bands.empty:
        return " ".join([caption.title, *caption.notes])
    first = bands[bands["rank_low"] == 1]
    sharing = int((bands["rank_high"] > bands["rank_low"]).sum())
    return " ".join(
        [
            caption.title,
            t(
                "charts.alt_ranks",
                first=", ".join(str(name) for name in first["series_name"]),
                sharing=sharing,
                n=int(bands["n"].iloc[0]),
            ),
            *caption.notes,
        ]
    )


def _rank_text(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"
