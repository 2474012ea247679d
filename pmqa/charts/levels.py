"""Levels and criteria: the ladder of one agency's items, how many agencies have which level, what to close first."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.palette import LEVEL_COLOURS, NO_SCORE_COLOUR, SHADES, Theme, ink_on
from pmqa.charts.points import first_of, numbers, scope_label
from pmqa.charts.style import (
    AXIS_TITLE,
    SMALL_SIZE,
    TICKS,
    Caption,
    Room,
    beside_plot,
    drawn,
    row_axis,
    score_axis,
    value_axis,
)
from pmqa.charts.tables import LADDER, LEVEL_COUNTS, PARETO
from pmqa.charts.words import escaped, plain
from pmqa.framework import Framework
from pmqa.text import Translator

NO_SCORE: Final = "none"
BELOW: Final = "below"
ROW_OF_PARETO: Final = 330  # pixels of a criterion's text
HALF: Final = 0.5
MOST_TICKS: Final = 6
LADDER_PARTS: Final = ("met", "held_back", "not_met", "unanswered")


def level_ladder_data(answers: pd.DataFrame, framework: Framework, t: Translator, *, basis: str) -> pd.DataFrame:
    """LADDER of one submission's ANSWERS. basis: claimed, evidenced or verified says when a criterion counts as met.

    A level that has no criteria in an item is left out. Rule: docs/scoring.md, process items.
    """
    criteria = pd.DataFrame(
        [(c.id, c.item, c.level) for item in framework.process_items for c in framework.criteria_of[item.id]],
        columns=["criterion", "item", "level"],
    )
    given = answers[["criterion", "met", "evidence"]].assign(criterion=lambda a: a["criterion"].astype("str"))
    rows = criteria.astype("str").merge(given, on="criterion", how="left")
    answered = rows["met"].notna()
    met = rows["met"].astype("boolean").fillna(False).astype(bool)  # the mask below keeps the unanswered apart
    if basis == "evidenced":
        met &= rows["evidence"].notna()
    counts = (
        rows.assign(criteria=1, ticked=met, unanswered=~answered)
        .groupby(["item", "level"], sort=False)[["criteria", "ticked", "unanswered"]]
        .sum()
        .reset_index()
    )
    full = counts["ticked"] == counts["criteria"]
    # A level is open when every level below it in its item is complete.
    opened = full.groupby(counts["item"]).transform(lambda levels: levels.shift(fill_value=True).cummin()).astype(bool)
    points = counts["level"].map(framework.scoring.band_points) * counts["ticked"] / counts["criteria"]
    category = {item.id: item.category for item in framework.process_items}
    return LADDER.conform(
        counts.assign(
            item_name=counts["item"].map(lambda item: scope_label(framework, "item", item, t)),
            category=counts["item"].map(category),
            met=counts["ticked"].where(opened, 0),
            held_back=counts["ticked"].where(~opened, 0),
            not_met=counts["criteria"] - counts["ticked"] - counts["unanswered"],
            points=points.where(opened, 0.0),
            worth=counts["level"].map(framework.scoring.band_points),
            level_name=counts["level"].map(lambda level: _level_name(framework, level, t)),
        )
    )


def level_ladder(ladder: pd.DataFrame, caption: Caption, t: Translator, *, theme: Theme = "light") -> go.Figure:
    """LADDER on the 0-500 scale, an item a row, a step a level: earned, held back by the gate, not met, unanswered.

    Filled = earns points; hatched = met but held back; outlined = not met; dotted = unanswered. "2/3" is met of all.
    """
    shades = SHADES[theme]
    items = first_of(ladder, "item", "item_name")
    totals = ladder.groupby("item", sort=False)["points"].sum()
    blank = ladder.groupby("item", sort=False)[["criteria", "unanswered"]].sum()
    silent = set(blank.index[blank["criteria"] == blank["unanswered"]].astype(str))
    rows = row_axis(list(items.values()), theme, width=230)
    at = {item: place for place, item in enumerate(items)}
    start = _steps(ladder)
    level_names = first_of(ladder, "level", "level_name")
    traces = []
    for level, steps in ladder.groupby("level", sort=False):
        left, width = start[str(level)]
        colour = LEVEL_COLOURS[str(level)]
        fills = {
            "met": {"color": colour, "line": {"width": 1, "color": colour}},
            "held_back": _hatched(colour, shades.background, "/"),
            "not_met": {"color": shades.background, "line": {"width": 1, "color": shades.muted}},
            "unanswered": _hatched(shades.muted, shades.background, "."),
        }
        base = pd.Series(left, index=steps.index)
        for part in LADDER_PARTS:
            length = width * steps[part].astype(float) / steps["criteria"].astype(float)
            shown = steps[part] > 0
            traces.append(
                {
                    "type": "bar",
                    "orientation": "h",
                    "base": numbers(base[shown]),
                    "x": numbers(length[shown]),
                    "y": [at[str(item)] for item in steps["item"][shown]],
                    "width": 0.66,
                    "marker": fills[part],
                    "hoverinfo": "text",
                    "hovertext": [_step_words(step, t) for step in steps[shown].itertuples()],
                    "showlegend": False,
                }
            )
            base = base + length
    keys = [
        *((level_names[level], {"color": LEVEL_COLOURS[level]}) for level in start),
        (t("charts.held_back"), _hatched(shades.muted, shades.background, "/")),
        (t("charts.not_met"), {"color": shades.background, "line": {"width": 1, "color": shades.muted}}),
        (t("charts.unanswered"), _hatched(shades.muted, shades.background, ".")),
    ]
    traces += [_key(name, fill) for name, fill in keys]
    counts = [
        {
            "text": f"{int(step.met) + int(step.held_back)}/{int(step.criteria)}",
            "x": start[str(step.level)][0] + start[str(step.level)][1] - 3,
            "y": at[str(step.item)],
            "xanchor": "right",
            "showarrow": False,
            "font": {
                "size": 11,
                "color": ink_on(LEVEL_COLOURS[str(step.level)]) if step.met == step.criteria else shades.ink,
            },
            **({} if step.met == step.criteria else {"bgcolor": shades.background, "borderpad": 1}),
        }
        for step in ladder.itertuples()
    ]
    sums = [
        beside_plot(
            escaped(t("charts.no_score")) if item in silent else f"<b>{t.number(totals[item])}</b>",
            place,
            theme,
            quiet=item in silent,
        )
        for item, place in at.items()
    ]
    axis = score_axis(theme, t("charts.score_axis"))
    edges = [left for left, _ in start.values()] + [max(left + width for left, width in start.values())]
    axis |= {"tickvals": edges, "ticktext": [f"{edge:g}" for edge in edges], "gridcolor": shades.band}
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=rows.height,
        room=Room(rows.left, 100, 6, TICKS + AXIS_TITLE),
        layout={
            "xaxis": axis,
            "yaxis": dict(rows.axis),
            "barmode": "overlay",
            "annotations": [*counts, *sums],
            "shapes": _category_rules(ladder, at, shades.band),
        },
        notes=[t("charts.gate")],
        legend=[name for name, _ in keys],
    )


def level_ladder_alt(ladder: pd.DataFrame, caption: Caption, t: Translator) -> str:
    """Items complete at each level, criteria held back, criteria unanswered."""
    full = ladder[ladder["met"] == ladder["criteria"]]
    sentences = [caption.title]
    sentences += [
        t(
            "charts.alt_ladder",
            level=name,
            items=int((full["level"] == level).sum()),
            n=ladder["item"].nunique(),
        )
        for level, name in first_of(ladder, "level", "level_name").items()
    ]
    held, blank = int(ladder["held_back"].sum()), int(ladder["unanswered"].sum())
    if held:
        sentences.append(t("charts.alt_held_back", n=held))
    if blank:
        sentences.append(t("charts.alt_unanswered", n=blank))
    return " ".join(sentences)


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
            level_name=counts["level"].map(lambda level: _level_name(framework, level, t)),
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
            fill = _hatched(NO_SCORE_COLOUR, shades.background, "/", 0.1)
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
            level_name=sums["criterion"].map(lambda c: _level_name(framework, framework.criterion[c].level, t)),
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


def _level_name(framework: Framework, level: str, t: Translator) -> str:
    if level == BELOW:
        return t("charts.level_below")
    return t("charts.no_score") if level == NO_SCORE else t.pick(framework.level[level].name)


def _steps(ladder: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Level -> where its step starts on the scale, and how much it is worth."""
    steps: dict[str, tuple[float, float]] = {}
    left = 0.0
    for level, worth in ladder.drop_duplicates("level")[["level", "worth"]].itertuples(index=False):
        steps[str(level)] = (left, float(worth))
        left += float(worth)
    return steps


def _hatched(colour: str, background: str, shape: str, solidity: float = 0.3) -> dict[str, Any]:
    return {
        "color": background,
        "line": {"width": 1, "color": colour},
        "pattern": {"shape": shape, "fgcolor": colour, "bgcolor": background, "size": 6, "solidity": solidity},
    }


def _key(name: str, marker: dict[str, Any]) -> dict[str, Any]:
    """An entry of the legend that draws nothing."""
    return {"type": "bar", "orientation": "h", "x": [None], "y": [None], "name": escaped(name), "marker": marker}


def _step_words(step: Any, t: Translator) -> str:
    words = [t("charts.step_met", met=int(step.met) + int(step.held_back), criteria=int(step.criteria))]
    if step.held_back:
        words.append(t("charts.step_held_back", n=int(step.held_back)))
    if step.unanswered:
        words.append(t("charts.step_unanswered", n=int(step.unanswered)))
    words.append(t("charts.step_points", points=t.number(float(step.points))))
    heading = f"<b>{escaped(str(step.item_name))}</b><br>{escaped(str(step.level_name))}"
    return "<br>".join([heading, *(escaped(word) for word in words)])


def _category_rules(ladder: pd.DataFrame, at: dict[str, int], colour: str) -> list[dict[str, Any]]:
    """A thin rule across the chart, names included, where a category begins."""
    category = first_of(ladder, "item", "category")
    items = list(category)
    return [
        {
            "type": "line",
            "xref": "paper",
            "x0": -0.5,
            "x1": 1,
            "y0": at[item] - 0.5,
            "y1": at[item] - 0.5,
            "line": {"width": 1, "color": colour},
        }
        for before, item in pairwise(items)
        if category[before] != category[item]
    ]


def _round_ticks(most: float) -> list[float]:
    """From 0 in steps of 1, 2 or 5 times a power of ten, at most seven."""
    if most <= 0:
        return [0.0]
    power = 10.0 ** math.floor(math.log10(most))
    step = next(s for s in (power / 10, power / 5, power / 2, power, 2 * power, 5 * power) if most / s <= MOST_TICKS)
    return [round(step * place, 10) for place in range(int(most / step) + 1)]
