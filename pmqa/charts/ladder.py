"""The ladder of one agency's items: what each level earns and what the gate holds back."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

import pandas as pd

from pmqa.charts.chart_points import first_of, level_name, scope_label
from pmqa.charts.drawing import LOOKS, Cell, Drawing, Layer, Row, Scale, level_code, level_key, of_level
from pmqa.charts.findings import finding
from pmqa.charts.style import Caption
from pmqa.charts.tables import LADDER
from pmqa.framework import Framework
from pmqa.sources import bases
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
    if bases()[basis].needs_evidence:
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


def level_ladder(ladder: pd.DataFrame, caption: Caption, framework: Framework, t: Translator) -> Drawing:
    """LADDER on the scale of points, an item a row, a step a level: earned, held back by the gate, not met, unanswered.

    Filled = earns points; hatched = met but held back; outlined = not met; dotted = unanswered. "2/3" is met of all.
    """
    items, category = first_of(ladder, "item", "item_name"), first_of(ladder, "item", "category")
    sums = ladder.groupby("item", sort=False)[["points", "criteria", "unanswered"]].sum()
    silent = (sums["criteria"] == sums["unanswered"]).to_dict()
    before = dict(pairwise(items))
    begins = {item for one, item in before.items() if category[one] != category[item]}
    return Drawing(
        "rows",
        caption,
        _finding(ladder, t),
        Scale.points(framework, t),
        tuple(
            Row(
                item,
                name,
                end=t("charts.no_score") if silent[item] else t.number(sums["points"][item]),
                ruled=item in begins,
                quiet=silent[item],
            )
            for item, name in items.items()
        ),
        _steps(ladder, {item: row for row, item in enumerate(items)}, framework, t),
        details=_details(ladder, t),
        notes=(t("charts.gate"), level_key(framework, t)),
        rows_of="scope",
    )


def _steps(ladder: pd.DataFrame, at: Mapping[str, int], framework: Framework, t: Translator) -> tuple[Layer, ...]:
    """The parts of each level's step, side by side; in the legend each level and each part once."""
    low, found = framework.scoring.scale_min, dict[str, list[Layer]]()
    for level, steps in ladder.groupby("level", sort=False):
        worth = float(steps["worth"].iloc[0])
        styles = {
            "met": of_level(framework, str(level)),
            "held_back": of_level(framework, str(level), "hatch"),
            "not_met": LOOKS["not_met"],
            "unanswered": LOOKS["unanswered"],
        }
        start = pd.Series(low, index=steps.index)
        last = steps[list(LADDER_PARTS)].gt(0).iloc[:, ::-1].idxmax(axis="columns")
        done = [
            f"{level_code(framework, str(level))} {met + held}/{of}"
            for met, held, of in zip(steps["met"], steps["held_back"], steps["criteria"], strict=True)
        ]
        points = [t("charts.step_points", points=t.number(float(earned))) for earned in steps["points"]]
        for part, style in styles.items():
            name = str(steps["level_name"].iloc[0]) if part == "met" else t(f"charts.{part}")
            end = start + worth * steps[part].astype("float64") / steps["criteria"].astype("float64")
            bars = tuple(
                Cell(at[item], left, right, text=text if ends_here else "", said=f"{text} · {said}")
                for item, left, right, text, said, ends_here in zip(
                    steps["item"].tolist(), start.tolist(), end.tolist(), done, points, last == part, strict=True
                )
                if right > left
            )
            if bars:
                of_part = found.setdefault(part, [])
                of_part.append(Layer("bar", name, style, bars, legend=part == "met" or not of_part))
            start = end
        low += worth
    return tuple(layer for part in LADDER_PARTS for layer in found.get(part, ()))


def _finding(ladder: pd.DataFrame, t: Translator) -> str:
    """The first level that is not complete everywhere, and where."""
    blank = ("unanswered", int(ladder["unanswered"].sum()))
    if ladder.empty:
        return finding(t, "nothing")
    if (ladder["unanswered"] == ladder["criteria"]).all():
        return finding(t, "ladder_silent", n=ladder["item"].nunique())
    for level, steps in ladder.groupby("level", sort=False):
        short = steps[steps["met"] < steps["criteria"]]
        if len(short):
            name = first_of(ladder, "level", "level_name")[str(level)]
            items = tuple(str(item) for item in short["item_name"])
            return finding(t, "ladder", suffix=blank, level=name, count=len(short), n=len(steps), items=items)
    return finding(t, "ladder_full", n=ladder["item"].nunique())


def _details(ladder: pd.DataFrame, t: Translator) -> tuple[str, ...]:
    """Items complete at each level, criteria held back, criteria unanswered."""
    full, n = ladder[ladder["met"] == ladder["criteria"]], ladder["item"].nunique()
    said = [
        t("charts.alt_ladder", level=name, items=int((full["level"] == level).sum()), n=n)
        for level, name in first_of(ladder, "level", "level_name").items()
    ]
    counts = {"held_back": int(ladder["held_back"].sum()), "unanswered": int(ladder["unanswered"].sum())}
    return (*said, *(t(f"charts.alt_{part}", n=count) for part, count in counts.items() if count))
