"""Which criteria to close first."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pmqa.charts.chart_points import level_name, numbers
from pmqa.charts.drawing import Drawing, Layer, Row, Scale, cells, of_level, round_step
from pmqa.charts.findings import extremes_of, finding
from pmqa.charts.style import Caption
from pmqa.charts.tables import PARETO
from pmqa.charts.words import plain
from pmqa.framework import Framework
from pmqa.tables import as_text
from pmqa.text import Translator

HALF: Final = 0.5
MOST_TICKS: Final = 6


def pareto_data(blockers: pd.DataFrame, framework: Framework, t: Translator, *, by: str = "points") -> pd.DataFrame:
    """PARETO from BLOCKERS of pmqa.analysis.gaps, of one submission or many; by: points or agencies, the most first."""
    # A criterion blocks a submission once.
    groups = blockers.groupby("criterion", sort=False, observed=True)
    sums = as_text(groups.agg(points=("release", "sum"), agencies=("submission", "size")).reset_index(), "criterion")
    place = {criterion.id: rank for rank, criterion in enumerate(framework.criteria)}
    sums = sums.assign(place=sums["criterion"].map(place)).sort_values(
        [by, *({"points", "agencies"} - {by}), "place"], ascending=[False, False, True], kind="stable"
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


def pareto(rows: pd.DataFrame, caption: Caption, framework: Framework, t: Translator, *, top: int = 15) -> Drawing:
    """PARETO as bars in the colour of their level, the `top` first; points, running share and agencies in words."""
    shown = rows.head(top).reset_index(drop=True)
    said = "charts.pareto_bar_many" if (rows["agencies"] > 1).any() else "charts.pareto_bar"
    ends = [
        t(said, points=t.number(points), share=t.percent(share), agencies=int(agencies))
        for points, share, agencies in zip(shown["points"], shown["cumulative_share"], shown["agencies"], strict=True)
    ]
    most = float(shown["points"].max()) if len(shown) else 1.0
    notes = [t("charts.pareto_read")]
    if len(rows) > len(shown):
        rest = rows["points"].iloc[top:].sum()
        notes.append(t("charts.pareto_rest", n=len(rows) - len(shown), points=t.number(rest)))
    levels = [level.id for level in framework.levels if (shown["level"] == level.id).any()]
    return Drawing(
        "rows",
        caption,
        _finding(rows, t),
        Scale(0.0, (most or 1.0) * 1.02, tuple(_round_ticks(most)), t("charts.points_axis")),
        tuple(
            Row(criterion, f"{criterion} {plain(str(text))}", end=end)
            for criterion, text, end in zip(shown["criterion"], shown["criterion_text"], ends, strict=True)
        ),
        tuple(
            Layer(
                "bar",
                level_name(framework, level, t),
                of_level(framework, level),
                cells(numbers(shown["points"].where(shown["level"] == level))),
            )
            for level in levels
        ),
        notes=tuple(notes),
        rows_of="scope",
    )


def _finding(rows: pd.DataFrame, t: Translator) -> str:
    """The criterion that releases most, and how few make half of all points."""
    ends = extremes_of(rows["criterion"].tolist(), rows["points"].tolist(), t.number)
    if ends is None:
        return finding(t, "pareto_none")
    shares = rows["points"].sort_values(ascending=False).cumsum() / (rows["points"].sum() or 1)
    half = int((shares < HALF).sum()) + 1
    return finding(t, "pareto", criteria=ends.top, points=ends.high, half=min(half, len(rows)), n=len(rows))


def _round_ticks(most: float) -> list[float]:
    """From 0 in round steps, at most seven."""
    if most <= 0:
        return [0.0]
    step = round_step(most, MOST_TICKS)
    return [round(step * place, 10) for place in range(int(most / step) + 1)]
