"""Who rates themselves kindly, which items are read kindly: effects around zero, as dots with what is left over."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.pairs import signed
from pmqa.charts.palette import ACCENT, CONTRAST, SHADES, Theme
from pmqa.charts.points import numbers
from pmqa.charts.rows import row_axis
from pmqa.charts.style import AXIS_TITLE, SMALL_SIZE, TICKS, Caption, Room, drawn, value_axis
from pmqa.charts.tables import EFFECTS
from pmqa.charts.words import escaped
from pmqa.text import Translator

MOST_EFFECTS: Final = 40  # rows of one chart: the largest on both sides
ROOM_FOR_VALUES: Final = 64
LEAST_SPAN: Final = 10.0  # points to each side of zero: effects of nothing must not look large
STEPS: Final = (5.0, 10.0, 20.0, 25.0, 50.0, 100.0, 250.0)
MOST_TICKS: Final = 4  # to each side


def effects_data(found: pd.DataFrame, names: dict[str, str], differing: Collection[str] = ()) -> pd.DataFrame:
    """EFFECTS from one part of BIAS of pmqa.analysis.bias, the highest first.

    names: id -> name. differing: ids to mark, such as items that everyone reads differently.
    """
    rows = found.sort_values("effect", ascending=False, kind="stable")
    ids = rows["id"].astype("str")
    return EFFECTS.conform(
        rows.assign(
            row=ids, row_name=[names.get(one, one) for one in ids], differs=ids.isin(list(differing)).to_numpy()
        )
    )


def effects(rows: pd.DataFrame, caption: Caption, t: Translator, *, theme: Theme = "light") -> go.Figure:
    """EFFECTS as dots sorted around a line at zero, the usual rest as a whisker, n below each name.

    Of more than MOST_EFFECTS the largest on both sides are drawn, and a note says so.
    """
    shades = SHADES[theme]
    shown = _largest(rows)
    axis = row_axis(
        [str(name) for name in shown["row_name"]],
        theme,
        suffixes=[t("charts.n", n=int(n)) for n in shown["n"]],
        bold=[bool(mark) for mark in shown["differs"]],
        width=260,
    )
    ends = pd.concat([shown["effect"] - shown["spread"], shown["effect"] + shown["spread"]]).abs()
    step, span = _scale(float(ends.max()) if len(ends) else 0.0)
    colours = [CONTRAST if mark else ACCENT for mark in shown["differs"]]
    dots: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers",
        "x": numbers(shown["effect"]),
        "y": list(range(len(shown))),
        "marker": {
            "color": colours,
            "symbol": ["diamond" if mark else "circle" for mark in shown["differs"]],
            "size": 11,
        },
        "error_x": {
            "type": "data",
            "array": numbers(shown["spread"]),
            "color": shades.muted,
            "thickness": 1.5,
            "width": 0,
        },
        "hoverinfo": "text",
        "hovertext": [_hover(row, t) for row in shown.itertuples()],
        "cliponaxis": False,
    }
    values = [
        {
            "text": escaped(signed(float(effect), t)),
            "xref": "paper",
            "x": 1,
            "y": place,
            "xanchor": "left",
            "xshift": 12,
            "showarrow": False,
            "font": {"size": SMALL_SIZE, "color": shades.ink},
        }
        for place, effect in enumerate(shown["effect"])
    ]
    zero = {
        "type": "line",
        "layer": "below",
        "x0": 0,
        "x1": 0,
        "y0": -0.5,
        "y1": max(len(shown), 1) - 0.5,
        "line": {"color": shades.ink, "width": 1.5},
    }
    notes = [t("charts.effects_read")]
    if shown["differs"].any():
        notes.append(t("charts.effects_differ"))
    if len(shown) < len(rows):
        notes.append(t("charts.effects_largest", n=len(shown), of=len(rows)))
    ticks = [place * step for place in range(-int(span / step), int(span / step) + 1)]
    return drawn(
        [dots],
        caption,
        t,
        theme=theme,
        height=axis.height,
        room=Room(axis.left, ROOM_FOR_VALUES, 4, TICKS + AXIS_TITLE),
        layout={
            "xaxis": value_axis(theme, t("charts.effects_axis"), (-span, span), ticks),
            "yaxis": dict(axis.axis) | {"showgrid": True, "gridcolor": shades.grid},
            "shapes": [zero],
            "annotations": values,
        },
        notes=notes,
    )


def effects_alt(rows: pd.DataFrame, caption: Caption, t: Translator) -> str:
    """Highest and lowest effect, how many on each side, and which are marked."""
    if rows.empty:
        return " ".join([caption.title, t("charts.alt_effects_none")])
    first, last = rows.iloc[0], rows.iloc[-1]
    sentences = [
        caption.title,
        t(
            "charts.alt_effects",
            first=first["row_name"],
            high=signed(float(first["effect"]), t),
            last=last["row_name"],
            low=signed(float(last["effect"]), t),
            above=int((rows["effect"] > 0).sum()),
            below=int((rows["effect"] < 0).sum()),
        ),
    ]
    marked = rows.loc[rows["differs"].astype("bool"), "row_name"]
    if len(marked):
        sentences.append(t("charts.alt_effects_differ", n=len(marked), rows=", ".join(marked)))
    return " ".join(sentences)


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    if len(rows) <= MOST_EFFECTS:
        return rows.reset_index(drop=True)
    kept = rows["effect"].abs().sort_values(ascending=False, kind="stable").index[:MOST_EFFECTS]
    return rows.loc[rows.index.isin(kept)].reset_index(drop=True)


def _hover(row: Any, t: Translator) -> str:
    words = {"effect": signed(float(row.effect), t), "spread": t.number(row.spread), "n": int(row.n)}
    return f"<b>{escaped(str(row.row_name))}</b><br>{escaped(t('charts.effects_hover', **words))}"


def _scale(most: float) -> tuple[float, float]:
    """Points between grid lines, and to each side of zero: whole steps that hold everything."""
    most = max(most, LEAST_SPAN)
    step = next((step for step in STEPS if most / step <= MOST_TICKS), STEPS[-1])
    return step, math.ceil(most * 1.02 / step) * step
