"""The ladder of one agency's items: what each level earns and what the gate holds back."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.palette import LEVEL_COLOURS, SHADES, Theme, ink_on
from pmqa.charts.points import first_of, level_name, numbers, scope_label
from pmqa.charts.rows import row_axis
from pmqa.charts.style import AXIS_TITLE, TICKS, Caption, Room, beside_plot, drawn, hatched, score_axis
from pmqa.charts.tables import LADDER
from pmqa.charts.words import escaped
from pmqa.framework import Framework
from pmqa.text import Translator

LADDER_PARTS: Final = ("met", "held_back", "not_met", "unanswered")


def level_ladder_data(answers: pd.DataFrame, framework: Framework, t: Translator, *, basis: str) -> pd.DataFrame:
    """LADDER of one submission's ANSWERS. basis: claimed, evidenced or verified says when a criterion counts as met.

    A level that has no criteria in an item is left out. Rule: docs/scoring.md, process items.
    """
    criteria = pd.DataFrame(
        [(c.id, c.item, c.level) for item in framework.items_with_criteria for c in framework.criteria_of[item.id]],
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
    category = {item.id: item.category for item in framework.items_with_criteria}
    return LADDER.conform(
        counts.assign(
            item_name=counts["item"].map(lambda item: scope_label(framework, "item", item, t)),
            category=counts["item"].map(category),
            met=counts["ticked"].where(opened, 0),
            held_back=counts["ticked"].where(~opened, 0),
            not_met=counts["criteria"] - counts["ticked"] - counts["unanswered"],
            points=points.where(opened, 0.0),
            worth=counts["level"].map(framework.scoring.band_points),
            level_name=counts["level"].map(lambda level: level_name(framework, level, t)),
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
            "held_back": hatched(colour, shades.background, "/"),
            "not_met": {"color": shades.background, "line": {"width": 1, "color": shades.muted}},
            "unanswered": hatched(shades.muted, shades.background, "."),
        }
        base = pd.Series(left, index=steps.index)
        for part in LADDER_PARTS:
            length = width * steps[part].astype(float) / steps["criteria"].astype(float)
            shown = steps[part] > 0
            if not shown.any():
                continue
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
        (t("charts.held_back"), hatched(shades.muted, shades.background, "/")),
        (t("charts.not_met"), {"color": shades.background, "line": {"width": 1, "color": shades.muted}}),
        (t("charts.unanswered"), hatched(shades.muted, shades.background, ".")),
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
    edges = [left for left, _ in start.values()] + [max((left + width for left, width in start.values()), default=0)]
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


def _steps(ladder: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Level -> where its step starts on the scale, and how much it is worth."""
    steps: dict[str, tuple[float, float]] = {}
    left = 0.0
    for level, worth in ladder.drop_duplicates("level")[["level", "worth"]].itertuples(index=False):
        steps[str(level)] = (left, float(worth))
        left += float(worth)
    return steps


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
