"""Who rates themselves kindly, which items are read kindly: effects around zero, as dots with what is left over."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Final

import pandas as pd

from pmqa.charts.chart_points import numbers
from pmqa.charts.drawing import LOOKS, Cell, Drawing, Layer, Row, Scale, cells
from pmqa.charts.findings import extremes_of, finding
from pmqa.charts.style import Caption
from pmqa.charts.tables import EFFECTS
from pmqa.text import Translator

MOST_EFFECTS: Final = 40  # rows of one chart: the largest on both sides
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


def effects(rows: pd.DataFrame, caption: Caption, t: Translator) -> Drawing:
    """EFFECTS as dots sorted around zero, the usual rest to both sides of each, n behind each name.

    Of more than MOST_EFFECTS the largest on both sides are drawn, and a note says so.
    """
    shown = _largest(rows)
    low, high = numbers(shown["effect"] - shown["spread"]), numbers(shown["effect"] + shown["spread"])
    step, span = _scale(max((abs(end) for end in (*low, *high) if end is not None), default=0.0))
    count, effects_of = round(span / step), numbers(shown["effect"])
    ticks = tuple(place * step for place in range(-count, count + 1))
    scale = Scale(-span, span, ticks, t("charts.effects_axis"), signed=True)
    marked = shown["differs"].astype("bool").tolist()
    ends = [scale.words(effect, t) for effect in shown["effect"]]
    said = [t("charts.n", n=int(n)) for n in shown["n"]]
    style = [LOOKS["picked" if mark else "agency"] for mark in marked]
    notes = [t("charts.effects_read")]
    if any(marked):
        notes.append(t("charts.effects_differ"))
    if len(shown) < len(rows):
        notes.append(t("charts.effects_largest", n=len(shown), of=len(rows)))
    return Drawing(
        "rows",
        caption,
        _finding(rows, scale, t),
        scale,
        tuple(Row(*row) for row in zip(shown["row"], shown["row_name"], said, ends, marked, strict=True)),
        (
            Layer("rule", t("charts.no_effect"), LOOKS["zero"], (Cell(0, 0.0),), legend=False),
            Layer("link", t("charts.usual_rest"), LOOKS["link"], cells(low, to=high), legend=False),
            Layer("dot", t("charts.effect"), LOOKS["agency"], cells(effects_of, style=style), legend=False),
        ),
        details=_details(rows, t),
        notes=tuple(notes),
    )


def _finding(rows: pd.DataFrame, scale: Scale, t: Translator) -> str:
    """Who is highest and who lowest."""
    ends = extremes_of(rows["row_name"].tolist(), numbers(rows["effect"]), lambda value: scale.words(value, t))
    if ends is None:
        return finding(t, "effects_none")
    if len(rows) == 1:
        return finding(t, "effects_one", top=ends.top, high=ends.high)
    if ends.level:
        return finding(t, "effects_level", n=len(rows), high=ends.high)
    return finding(t, "effects", **ends._asdict())


def _details(rows: pd.DataFrame, t: Translator) -> tuple[str, ...]:
    """How many are on each side of zero, and which are marked."""
    sides = t("charts.alt_effects", above=int((rows["effect"] > 0).sum()), below=int((rows["effect"] < 0).sum()))
    marked = rows.loc[rows["differs"].astype("bool"), "row_name"]
    differ = [t("charts.alt_effects_differ", n=len(marked), rows=", ".join(marked))] if len(marked) else []
    return (sides, *differ) if len(rows) else ()


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    if len(rows) <= MOST_EFFECTS:
        return rows.reset_index(drop=True)
    kept = rows["effect"].abs().sort_values(ascending=False, kind="stable").index[:MOST_EFFECTS]
    return rows.loc[rows.index.isin(kept)].reset_index(drop=True)


def _scale(most: float) -> tuple[float, float]:
    """Points between grid lines, and to each side of zero: whole steps that hold everything."""
    most = max(most, LEAST_SPAN)
    step = next((step for step in STEPS if most / step <= MOST_TICKS), STEPS[-1])
    return step, math.ceil(most * 1.02 / step) * step
