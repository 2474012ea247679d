"""How many agencies have which level."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pmqa.charts.chart_points import NO_SCORE, level_name, numbers, scope_label
from pmqa.charts.drawing import LOOKS, Drawing, Layer, Row, Scale, cells, level_code, level_key, of_level, round_step
from pmqa.charts.findings import extremes_of, finding
from pmqa.charts.style import Caption
from pmqa.charts.tables import LEVEL_COUNTS
from pmqa.framework import BELOW, Framework
from pmqa.text import Translator

MOST_TICKS: Final = 8


def level_distribution_data(scored: pd.DataFrame, framework: Framework, t: Translator, *, kind: str) -> pd.DataFrame:
    """LEVEL_COUNTS of the kind's scopes: every level of the edition, below it, and without score."""
    wanted = list(framework.scopes(kind))
    levels = [BELOW, *(level.id for level in framework.levels), NO_SCORE]
    rows = scored[(scored["kind"] == kind) & scored["scope"].isin(wanted)]
    found = rows.assign(
        scope=rows["scope"].astype("str"), level=rows["level"].astype("object").where(rows["level"].notna(), NO_SCORE)
    )
    counts = (
        found.groupby(["scope", "level"])
        .size()
        .reindex(pd.MultiIndex.from_product([wanted, levels], names=["scope", "level"]), fill_value=0)
        .rename("agencies")
        .reset_index()
    )
    scored_in = counts["agencies"].where(counts["level"] != NO_SCORE, 0).groupby(counts["scope"]).transform("sum")
    return LEVEL_COUNTS.conform(
        counts.assign(
            scope_name=counts["scope"].map(lambda scope: scope_label(framework, kind, scope, t)),
            level_name=counts["level"].map(lambda level: level_name(framework, level, t)),
            n=scored_in,
        )
    )


def level_distribution(counts: pd.DataFrame, caption: Caption, framework: Framework, t: Translator) -> Drawing:
    """LEVEL_COUNTS as stacked bars, counts printed, "no score" last and hatched, n beside each scope."""
    scopes = counts.drop_duplicates("scope")
    most = max(int(counts.groupby("scope")["agencies"].sum().max()) if len(counts) else 1, 1)
    start, layers = pd.Series(0.0, index=scopes["scope"]), []
    for level, rows in counts.groupby("level", sort=False):
        wide = rows.set_index("scope")["agencies"].astype("float64").reindex(scopes["scope"])
        style = LOOKS["missing"] if level == NO_SCORE else of_level(framework, str(level))
        code = "" if level == NO_SCORE else level_code(framework, str(level))
        bars = cells(
            numbers(start.where(wide > 0)),
            to=(start + wide).tolist(),
            text=[f"{code} {t.number(count, 0)}".strip() for count in wide],
            said=[t("charts.n", n=t.number(n, 0)) for n in rows["n"]],
        )
        layers.append(Layer("bar", str(rows["level_name"].iloc[0]), style, bars))
        start = start + wide
    ticks = tuple(range(0, most + 1, max(1, int(round_step(most, MOST_TICKS)))))
    return Drawing(
        "rows",
        caption,
        _finding(counts, t),
        Scale(0, most, ticks, t("charts.agencies_axis"), digits=0),
        tuple(
            Row(key, name, t("charts.n", n=t.number(n, 0)))
            for key, name, n in zip(scopes["scope"], scopes["scope_name"], scopes["n"], strict=True)
        ),
        tuple(layers),
        notes=(t("charts.levels_read"), level_key(framework, t)),
    )


def _finding(counts: pd.DataFrame, t: Translator) -> str:
    """Where most agencies are below the first level."""
    below = counts[(counts["level"] == BELOW) & (counts["n"] > 0)]
    if below.empty:
        return finding(t, "nothing")
    blank = ("missing", int(counts.loc[counts["level"] == NO_SCORE, "agencies"].max()))
    first = str(counts.loc[~counts["level"].isin([BELOW, NO_SCORE]), "level_name"].iloc[0])
    ends = extremes_of(
        below["scope_name"].tolist(), below["agencies"].astype("float64").tolist(), lambda n: t.number(n, 0)
    )
    if ends is None or below["agencies"].max() == 0:
        return finding(t, "levels_none", suffix=blank, level=first, n=len(below))
    n = int(below.loc[below["agencies"].idxmax(), "n"])
    return finding(t, "levels", suffix=blank, level=first, scopes=ends.top, agencies=ends.high, n=n)
