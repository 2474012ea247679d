"""Two values of each row: A against B, self against assessor, last year against this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.ends import End, beside_ends, ends_of
from pmqa.charts.footnotes import pair_notes, pair_open_notes
from pmqa.charts.palette import ACCENT, CONTRAST, SHADES, Look, Theme, agency_colours
from pmqa.charts.points import agency_names, coverage_text, numbers, scope_label
from pmqa.charts.rows import NAME_LINES, row_axis
from pmqa.charts.style import (
    AXIS_TITLE,
    SCORE_RANGE,
    SMALL_SIZE,
    SMALLEST,
    TICKS,
    Caption,
    Room,
    beside_plot,
    drawn,
    legend_name,
    score_axis,
)
from pmqa.charts.tables import PAIRS
from pmqa.charts.words import escaped, fitted
from pmqa.framework import Framework
from pmqa.text import Translator

MOST_SLOPES: Final = 8  # rows; above it, the page shows arrows
SLOPE_HEIGHT: Final = 420
SLOPE_LABELS: Final = 235  # pixels on either side
ROOM_FOR_DIFFERENCE: Final = 110  # pixels right of the plot: the words for none are the longest
NAME_OF_COVERAGE: Final = 200  # pixels of one side's name and its coverage below a row's name
STEADY: Final = 0.05  # points: below it, the display's one decimal shows no difference


def pairs_data(
    first: pd.DataFrame,
    second: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    scope: str | None = None,
    order: str = "given",
) -> pd.DataFrame:
    """PAIRS of two SCORED frames.

    scope None: rows are the kind's scopes; each frame holds one agency (A against B, self against assessor, two years
    of one). scope given: rows are the agencies of either frame on that scope. order: given, name, score (of the
    second, highest first) or gap (largest difference first). Raises ValueError where a frame has a row twice.
    """
    by = "scope" if scope is None else "agency_code"
    sides = []
    for frame in (first, second):
        rows = frame[frame["kind"] == kind]
        rows = rows if scope is None else rows[rows["scope"] == scope]
        if rows[by].duplicated().any():
            raise ValueError(f"pairs need one row per {by} in each frame")
        sides.append(rows[["score", "coverage"]].set_axis(rows[by].astype("str"), axis="index"))
    if scope is None:
        keys = list(framework.scopes(kind))
        names = {key: scope_label(framework, kind, key, t) for key in keys}
    else:
        keys = list(dict.fromkeys([*sides[1].index, *sides[0].index]))
        names = agency_names(pd.concat([first, second], ignore_index=True))
    left, right = (side.reindex(keys) for side in sides)
    pairs = PAIRS.conform(
        pd.DataFrame(
            {
                "row": keys,
                "row_name": [names[key] for key in keys],
                "first": left["score"].to_numpy(),
                "second": right["score"].to_numpy(),
                "difference": (right["score"] - left["score"]).to_numpy(),
                "first_coverage": left["coverage"].to_numpy(),
                "second_coverage": right["coverage"].to_numpy(),
            }
        )
    )
    if order == "name":
        pairs = pairs.sort_values("row_name", kind="stable")
    elif order == "score":
        pairs = pairs.sort_values("second", ascending=False, kind="stable", na_position="last")
    elif order == "gap":
        pairs = pairs.sort_values("difference", key=lambda d: -d.abs(), kind="stable", na_position="last")
    return pairs.reset_index(drop=True)


def dumbbell(
    pairs: pd.DataFrame, names: tuple[str, str], caption: Caption, t: Translator, *, theme: Theme = "light"
) -> go.Figure:
    """PAIRS as two marks a row joined by a line, the difference (second - first) beside them."""
    return _two_marks(pairs, names, caption, t, theme, pointed=False)


def arrows(
    pairs: pd.DataFrame, names: tuple[str, str], caption: Caption, t: Translator, *, theme: Theme = "light"
) -> go.Figure:
    """PAIRS as a dot with an arrow to the second value: last year to this, for any number of rows."""
    return _two_marks(pairs, names, caption, t, theme, pointed=True)


def slope(
    pairs: pd.DataFrame,
    names: tuple[str, str],
    caption: Caption,
    t: Translator,
    *,
    theme: Theme = "light",
    colours: Mapping[str, Look] | None = None,
) -> go.Figure:
    """PAIRS as lines from left to right, each named at both ends; a thin leader joins an end to its name.

    Raises ValueError for more than eight rows.
    """
    if len(pairs) > MOST_SLOPES:
        raise ValueError(f"{len(pairs)} slopes hide each other; the most is {MOST_SLOPES}")
    shades = SHADES[theme]
    look = colours or agency_colours([str(row) for row in pairs["row"]])
    traces = []
    for row in pairs.to_dict("records"):
        name, mark = str(row["row_name"]), look[str(row["row"])]
        values, shares = (row["first"], row["second"]), (row["first_coverage"], row["second_coverage"])
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": escaped(name),
                "x": [0, 1],
                "y": numbers(values),
                "line": {"color": mark.colour, "width": 2.5, "dash": mark.dash},
                "marker": {
                    "color": mark.colour,
                    "symbol": [mark.marker + ("-open" if coverage_text(share, t) else "") for share in shares],
                    "size": 9,
                    "line": {"width": 1.5, "color": mark.colour},
                },
                "hoverinfo": "text",
                "hovertext": [
                    f"<b>{escaped(name)}</b><br>{escaped(at)}: {t.number(value)}"
                    + (f"<br>{escaped(answered)}" if (answered := coverage_text(share, t)) else "")
                    for at, value, share in zip(names, values, shares, strict=True)
                ],
                "cliponaxis": False,
            }
        )
    sides = (beside_ends(_ends(pairs, side, t, look), at, theme) for at, side in enumerate(("first", "second")))
    labels, leaders = zip(*sides, strict=True)
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=SLOPE_HEIGHT,
        room=Room(SLOPE_LABELS, SLOPE_LABELS, 26, 10),
        layout={
            "xaxis": {
                "side": "top",
                "range": [0, 1],
                "autorange": False,
                "fixedrange": True,
                "tickvals": [0, 1],
                "ticktext": [f"<b>{escaped(name)}</b>" for name in names],
                "tickfont": {"size": SMALL_SIZE, "color": shades.ink},
                "gridcolor": shades.band,
                "zeroline": False,
                "ticks": "",
            },
            "yaxis": {
                "range": list(SCORE_RANGE),
                "autorange": False,
                "fixedrange": True,
                "showticklabels": False,
                "showgrid": False,
                "zeroline": False,
            },
            "annotations": [*labels[0], *labels[1]],
            "shapes": [*leaders[0], *leaders[1]],
            "showlegend": False,
        },
        notes=[*pair_notes(pairs, t), t("charts.slope_scale"), *pair_open_notes(pairs, t)],
    )


def pairs_alt(pairs: pd.DataFrame, names: tuple[str, str], caption: Caption, t: Translator) -> str:
    """How many rows are higher and lower in the second, the largest difference, what cannot be compared."""
    known = pairs[pairs["difference"].notna()]
    sentences = [
        caption.title,
        t(
            "charts.alt_pairs",
            first=names[0],
            second=names[1],
            higher=int((known["difference"] >= STEADY).sum()),
            lower=int((known["difference"] <= -STEADY).sum()),
            n=len(known),
        ),
    ]
    if len(known) and known["difference"].abs().max() >= STEADY:
        most = known.loc[known["difference"].abs().idxmax()]
        sentences.append(t("charts.alt_pairs_most", row=most["row_name"], difference=signed(most["difference"], t)))
    return " ".join([*sentences, *pair_notes(pairs, t)])


def signed(value: float, t: Translator) -> str:
    """A difference with its sign; a true minus, so that it is as wide as a plus."""
    text = t.number(abs(value))
    if abs(value) < STEADY:
        return text
    return f"+{text}" if value > 0 else f"−{text}"


def _two_marks(
    pairs: pd.DataFrame, names: tuple[str, str], caption: Caption, t: Translator, theme: Theme, *, pointed: bool
) -> go.Figure:
    shades = SHADES[theme]
    rows = row_axis(
        [str(name) for name in pairs["row_name"]],
        theme,
        suffixes=_coverages(pairs, names, t),
        lines=NAME_LINES,
        least=30,
    )
    entries = [legend_name(name) for name in names]
    whole = pairs[pairs["difference"].notna()]
    at = list(range(len(pairs)))
    firsts, seconds = numbers(pairs["first"]), numbers(pairs["second"])
    rising = [d is None or d >= 0 for d in numbers(pairs["difference"])]
    colours = [ACCENT if up or not pointed else CONTRAST for up in rising]
    symbols: list[str] | str = "diamond"
    if pointed:
        symbols = [
            "circle" if d is None or abs(d) < STEADY else "triangle-right" if d > 0 else "triangle-left"
            for d in numbers(pairs["difference"])
        ]
    hover = [
        f"<b>{escaped(str(name))}</b><br>{escaped(names[0])}: {t.number(first)}"
        f"<br>{escaped(names[1])}: {t.number(second)}"
        for name, first, second in zip(pairs["row_name"], pairs["first"], pairs["second"], strict=True)
    ]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [
                part
                for _, row in zip(whole.index, whole[["first", "second"]].to_numpy(), strict=True)
                for part in (row[0], row[1], None)
            ],
            "y": [part for line in whole.index for part in (line, line, None)],
            "line": {"color": shades.muted, "width": 2},
            "hoverinfo": "skip",
            "showlegend": False,
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": escaped(entries[0]),
            "x": firsts,
            "y": at,
            "marker": {
                "symbol": "circle-open",
                "size": 10,
                "color": shades.muted if pointed else CONTRAST,
                "line": {"width": 2.5, "color": shades.muted if pointed else CONTRAST},
            },
            "hoverinfo": "text",
            "hovertext": hover,
            "cliponaxis": False,
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": escaped(entries[1]),
            "x": seconds,
            "y": at,
            "marker": {"symbol": symbols, "size": 12 if pointed else 11, "color": colours},
            "hoverinfo": "text",
            "hovertext": hover,
            "cliponaxis": False,
        },
    ]
    differences = [
        beside_plot(escaped(t("charts.no_difference") if pd.isna(d) else signed(d, t)), line, theme, quiet=pd.isna(d))
        for line, d in enumerate(pairs["difference"])
    ]
    heading = {
        "text": escaped(t("charts.difference")),
        "xref": "paper",
        "yref": "paper",
        "x": 1,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "xshift": 14,
        "showarrow": False,
        "font": {"size": 11, "color": shades.muted},
    }
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=rows.height,
        room=Room(rows.left, ROOM_FOR_DIFFERENCE, 18, TICKS + AXIS_TITLE),
        layout={
            "xaxis": score_axis(theme, t("charts.score_axis")),
            "yaxis": dict(rows.axis) | {"showgrid": True, "gridcolor": shades.grid},
            "annotations": [*differences, heading],
        },
        notes=[*pair_notes(pairs, t), *([t("charts.arrows_read")] if pointed else [])],
        legend=entries,
    )


def _coverages(pairs: pd.DataFrame, names: tuple[str, str], t: Translator) -> list[str]:
    texts = []
    for first, second in zip(pairs["first_coverage"], pairs["second_coverage"], strict=True):
        parts = [
            "".join(fitted(name, NAME_OF_COVERAGE, SMALLEST, 1, f": {answered}"))
            for name, value in zip(names, (first, second), strict=True)
            if (answered := coverage_text(value, t))
        ]
        same = len(parts) == len(names) and coverage_text(first, t) == coverage_text(second, t)
        texts.append(coverage_text(first, t) if same else " · ".join(parts))
    return texts


def _ends(pairs: pd.DataFrame, side: str, t: Translator, look: Mapping[str, Look]) -> list[End]:
    rows = pairs[pairs[side].notna()]
    return ends_of(
        rows[side].tolist(),
        [str(name) for name in rows["row_name"]],
        rows[f"{side}_coverage"].tolist(),
        [look[str(row)].colour for row in rows["row"]],
        t,
        room=SLOPE_LABELS,
        height=SLOPE_HEIGHT,
    )
