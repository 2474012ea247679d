"""How many agencies have which level."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.palette import LEVEL_COLOURS, NO_SCORE_COLOUR, SHADES, Theme, ink_on
from pmqa.charts.points import BELOW, NO_SCORE, first_of, level_name, scope_label
from pmqa.charts.rows import row_axis
from pmqa.charts.style import AXIS_TITLE, SMALL_SIZE, TICKS, Caption, Room, drawn, hatched, value_axis
from pmqa.charts.tables import LEVEL_COUNTS
from pmqa.charts.words import escaped
from pmqa.framework import Framework
from pmqa.text import Translator


def level_distribution_data(
    scored: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    scopes: list[str] | tuple[str, ...] | None = None,
) -> pd.DataFrame:
    """LEVEL_COUNTS of the kind's scopes: every level of the edition, below it, and without score."""
    wanted = list(scopes) if scopes is not None else list(framework.scopes(kind))
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


def level_distribution(counts: pd.DataFrame, caption: Caption, t: Translator, *, theme: Theme = "light") -> go.Figure:
    """LEVEL_COUNTS as stacked bars, counts printed, "no score" last and hatched, n beside each scope."""
    shades = SHADES[theme]
    scopes = first_of(counts, "scope", "scope_name")
    n = dict(zip(counts["scope"].astype(str), counts["n"], strict=True))
    rows = row_axis(
        list(scopes.values()), theme, suffixes=[t("charts.n", n=t.number(n[scope], 0)) for scope in scopes], least=44
    )
    at = {scope: place for place, scope in enumerate(scopes)}
    whole = int(counts.groupby("scope")["agencies"].sum().max()) if len(counts) else 1
    traces: list[dict[str, Any]] = []
    for level, steps in counts.groupby("level", sort=False):
        fill: dict[str, Any] = {"color": LEVEL_COLOURS.get(str(level), NO_SCORE_COLOUR), "line": {"width": 0}}
        if level == NO_SCORE:
            fill = hatched(NO_SCORE_COLOUR, shades.background, "/", 0.1)
        name = str(steps["level_name"].iloc[0])
        # Too narrow for a number, unless it stands alone: then the table has it.
        texts = [str(int(k)) if k and k >= 0.03 * whole else "" for k in steps["agencies"]]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": escaped(name),
                "x": [int(k) for k in steps["agencies"]],
                "y": [at[str(scope)] for scope in steps["scope"]],
                "width": 0.62,
                "marker": fill,
                "text": texts,
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "textfont": {"size": SMALL_SIZE, "color": shades.ink if level == NO_SCORE else ink_on(fill["color"])},
                "constraintext": "none",
                "hoverinfo": "text",
                "hovertext": [
                    escaped(t("charts.level_hover", scope=scope, level=name, agencies=int(k), n=int(of)))
                    for scope, k, of in zip(steps["scope_name"], steps["agencies"], steps["n"], strict=True)
                ],
            }
        )
    step = max(1, -(-whole // 8))
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=rows.height,
        room=Room(rows.left, 30, 4, TICKS + AXIS_TITLE),
        layout={
            "xaxis": value_axis(theme, t("charts.agencies_axis"), (0, max(whole, 1)), list(range(0, whole + 1, step))),
            "yaxis": dict(rows.axis),
            "barmode": "stack",
        },
        notes=[t("charts.levels_read")],
        legend=[str(trace["name"]) for trace in traces],
    )


def level_distribution_alt(counts: pd.DataFrame, caption: Caption, t: Translator) -> str:
    """The scope with most agencies below the first level, the one with fewest, and those without score."""
    sentences = [caption.title]
    below = counts[counts["level"] == BELOW]
    if len(below) and below["agencies"].max() > 0:
        most = below.loc[below["agencies"].idxmax()]
        sentences.append(
            t("charts.alt_levels", scope=most["scope_name"], agencies=int(most["agencies"]), n=int(most["n"]))
        )
    elif len(below):
        sentences.append(t("charts.alt_levels_none"))
    blank = int(counts[counts["level"] == NO_SCORE]["agencies"].max()) if len(counts) else 0
    if blank:
        sentences.append(t("charts.alt_levels_blank", agencies=blank))
    return " ".join(sentences)
