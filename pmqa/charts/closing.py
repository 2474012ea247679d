"""Which criteria to close first."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.palette import LEVEL_COLOURS, SHADES, Theme
from pmqa.charts.points import level_name, numbers
from pmqa.charts.rows import row_axis
from pmqa.charts.style import AXIS_TITLE, SMALL_SIZE, TICKS, Caption, Room, drawn, value_axis
from pmqa.charts.tables import PARETO
from pmqa.charts.words import escaped, plain
from pmqa.framework import Framework
from pmqa.text import Translator

ROW_OF_PARETO: Final = 330  # pixels of a criterion's text
HALF: Final = 0.5
MOST_TICKS: Final = 6


def pareto_data(blockers: pd.DataFrame, framework: Framework, t: Translator) -> pd.DataFrame:
    """PARETO from BLOCKERS of pmqa.analysis.gaps, of one submission or many; largest release first."""
    sums = (
        blockers.assign(criterion=blockers["criterion"].astype("str"))
        .groupby("criterion", sort=False)
        .agg(points=("release", "sum"), agencies=("submission", "nunique"))
        .reset_index()
    )
    place = {criterion.id: rank for rank, criterion in enumerate(framework.criteria)}
    sums = sums.assign(place=sums["criterion"].map(place)).sort_values(
        ["points", "place"], ascending=[False, True], kind="stable"
    )
    whole = sums["points"].sum()
    return PARETO.conform(
        sums.assign(
            criterion_text=sums["criterion"].map(lambda c: t.pick(framework.criterion[c].text)),
            item=sums["criterion"].map(lambda c: framework.criterion[c].item),
            level=sums["criterion"].map(lambda c: framework.criterion[c].level),
            level_name=sums["criterion"].map(lambda c: level_name(framework, framework.criterion[c].level, t)),
            cumulative_share=sums["points"].cumsum() / whole if whole else 0.0,
        )
    )


def pareto(rows: pd.DataFrame, caption: Caption, t: Translator, *, theme: Theme = "light", top: int = 15) -> go.Figure:
    """PARETO as bars in the colour of their level, the `top` first; points, running share and agencies in words."""
    shades = SHADES[theme]
    shown = rows.head(top)
    many = bool((rows["agencies"] > 1).any())
    names = [
        f"{criterion} {plain(str(text))}"
        for criterion, text in zip(shown["criterion"], shown["criterion_text"], strict=True)
    ]
    axis = row_axis(names, theme, width=ROW_OF_PARETO, lines=2)
    most = float(shown["points"].max()) if len(shown) else 1.0
    traces: list[dict[str, Any]] = []
    at = {criterion: place for place, criterion in enumerate(shown["criterion"].astype(str))}
    for level in [level for level in LEVEL_COLOURS if (shown["level"] == level).any()]:
        bars = shown[shown["level"] == level]
        texts = [
            t(
                "charts.pareto_bar_many" if many else "charts.pareto_bar",
                points=t.number(points),
                share=t.percent(share),
                agencies=int(agencies),
            )
            for points, share, agencies in zip(bars["points"], bars["cumulative_share"], bars["agencies"], strict=True)
        ]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": escaped(str(bars["level_name"].iloc[0])),
                "x": numbers(bars["points"]),
                "y": [at[str(criterion)] for criterion in bars["criterion"]],
                "width": 0.62,
                "marker": {"color": LEVEL_COLOURS[level], "line": {"width": 0}},
                "text": [escaped(text) for text in texts],
                "textposition": "outside",
                "textfont": {"size": SMALL_SIZE, "color": shades.ink},
                "hoverinfo": "text",
                "hovertext": [
                    f"<b>{escaped(str(criterion))}</b><br>{escaped(text)}"
                    for criterion, text in zip(bars["criterion"], texts, strict=True)
                ],
                "cliponaxis": False,
            }
        )
    notes = [t("charts.pareto_read")]
    if len(rows) > len(shown):
        rest = rows["points"].iloc[top:].sum()
        notes.append(t("charts.pareto_rest", n=len(rows) - len(shown), points=t.number(rest)))
    value = value_axis(theme, t("charts.points_axis"), (0, most * 1.02), _round_ticks(most))
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=axis.height,
        room=Room(axis.left, 185 if many else 130, 4, TICKS + AXIS_TITLE),
        layout={"xaxis": value, "yaxis": dict(axis.axis), "barmode": "overlay"},
        notes=notes,
        legend=[str(trace["name"]) for trace in traces],
    )


def pareto_alt(rows: pd.DataFrame, caption: Caption, t: Translator) -> str:
    """The criterion that releases most, and how few make half of all points."""
    if rows.empty:
        return " ".join([caption.title, t("charts.alt_pareto_none")])
    first = rows.iloc[0]
    half = int((rows["cumulative_share"] < HALF).sum()) + 1
    return " ".join(
        [
            caption.title,
            t(
                "charts.alt_pareto",
                criterion=first["criterion"],
                points=t.number(first["points"]),
                half=half,
                n=len(rows),
            ),
        ]
    )


def _round_ticks(most: float) -> list[float]:
    """From 0 in steps of 1, 2 or 5 times a power of ten, at most seven."""
    if most <= 0:
        return [0.0]
    power = 10.0 ** math.floor(math.log10(most))
    step = next(s for s in (power / 10, power / 5, power / 2, power, 2 * power, 5 * power) if most / s <= MOST_TICKS)
    return [round(step * place, 10) for place in range(int(most / step) + 1)]
