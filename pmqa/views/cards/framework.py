"""The page Framework: concepts, items, criteria, indicators, the rules in words, and whose each of them is."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from pmqa.exports import origin_lines, origins_table
from pmqa.framework import Band
from pmqa.views.cards import Card, Column, card, headed
from pmqa.views.choices import Category
from pmqa.views.view import View
from pmqa.views.wide import criterion_columns


@card("framework.concepts", of_scores=False)
def concepts(view: View) -> Card:
    """The concept table: dimensions by levels."""
    t, framework = view.t, view.framework
    rows = {"dimension": [t.pick(dimension.name) for dimension in framework.dimensions]}
    for level in framework.levels:
        rows[level.id] = [t.pick(dimension.concepts[level.id]) for dimension in framework.dimensions]
    headings = [
        Column(level.id, f"{t.pick(level.name)}: {t.pick(level.concept)}", "long") for level in framework.levels
    ]
    columns = (Column("dimension", t("ui.dimension")), *headings)
    return _card(view, "concepts", pd.DataFrame(rows), *columns)


@card("framework.items", of_scores=False)
def items(view: View) -> Card:
    """Categories with their items, and of how many criteria or indicators each is made."""
    t, framework = view.t, view.framework
    table = pd.DataFrame(
        {
            "category": [view.scope_name("category", item.category) for item in framework.items],
            "item": [view.scope_name("item", item.id) for item in framework.items],
            "parts": [
                len(framework.criteria_of.get(item.id) or framework.indicators_of[item.id]) for item in framework.items
            ],
        }
    )
    return _card(
        view,
        "items",
        table,
        *headed(t, "long", "ui.category", "ui.item"),
        Column("parts", t("framework_page.parts"), "count"),
    )


@card("framework.contents", of_scores=False)
def contents(view: View, category: Category) -> Card:
    """What a category is made of: criteria with level, weights on the dimensions, and the bullets that they rest on;
    of results, indicators."""
    t, framework = view.t, view.framework
    if framework.category[category].kind != "process":
        return _indicators(view, category)
    found = [criterion for item in framework.items_of[category] for criterion in framework.criteria_of[item.id]]
    table = pd.DataFrame(
        {
            "item": [view.scope_name("item", criterion.item) for criterion in found],
            "criterion": [criterion.id for criterion in found],
            "level": [view.level_name(criterion.level) for criterion in found],
            "text": [t.pick(criterion.text) for criterion in found],
            "weights": [
                ", ".join(
                    f"{view.scope_name('dimension', dimension)} {t.percent(weight)}"
                    for dimension, weight in criterion.dimensions.items()
                )
                for criterion in found
            ],
            "covers": [", ".join(criterion.covers) for criterion in found],
        }
    )
    card = _card(
        view,
        "criteria",
        table,
        *criterion_columns(t, item="item", level="level"),
        Column("weights", t("framework_page.weights"), "long"),
        Column("covers", t("framework_page.covers")),
        category=view.scope_name("category", category),
    )
    listed = [item.id for item in framework.items_of[category] if item.bullets]
    notes = (t("framework_page.covers_read", item=listed[0]),) if listed else ()
    return replace(card, notes=(*notes, *card.notes))


def _indicators(view: View, category: str) -> Card:
    """The indicators of the results category: core, reach, unit, direction."""
    t, framework = view.t, view.framework
    found = [indicator for item in framework.items_of[category] for indicator in framework.indicators_of[item.id]]
    table = pd.DataFrame(
        {
            "item": [view.scope_name("item", indicator.item) for indicator in found],
            "indicator": [indicator.id for indicator in found],
            "name": [t.pick(indicator.name) for indicator in found],
            "core": [t("ui.core") if indicator.core else t("ui.optional") for indicator in found],
            "reach": [t(f"ui.reach_{indicator.reach}") for indicator in found],
            "unit": [t.pick(indicator.unit) for indicator in found],
            "direction": [t(f"ui.direction_{indicator.direction}") for indicator in found],
        }
    )
    return _card(
        view,
        "indicators",
        table,
        Column("item", t("ui.item"), "long"),
        Column("indicator", t("ui.code")),
        Column("name", t("ui.indicator"), "long"),
        *headed(t, "text", "framework_page.core", "ui.reach", "ui.unit", "ui.direction"),
        category=view.scope_name("category", category),
    )


def rules(view: View) -> str:
    """The rules in short as markdown, with the numbers of the edition."""
    t, framework = view.t, view.framework
    scoring = framework.scoring
    ladder = [f"{t.pick(level.name)} {scoring.band_points[level.id]:g}" for level in framework.levels]
    levels = [f"{t.pick(level.name)} ≥ {scoring.level_thresholds[level.id]:g}" for level in framework.levels]
    lines = [
        t("framework_page.rule_basis"),
        t("framework_page.rule_missing", max=f"{scoring.scale_max:g}"),
        t("framework_page.rule_items", **framework.kinds(t), ladder=" + ".join(ladder)),
        t("framework_page.rule_results", **framework.kinds(t), bands="; ".join(_band_words(view))),
        t(
            "framework_page.rule_interval",
            at=f"{scoring.interval_points_at_target:g}",
            per=f"{scoring.interval_points_per_step:g}",
        ),
        t(
            "framework_page.rule_totals",
            categories=len(framework.categories),
            index=f"{scoring.government_index_max:g}",
            max=f"{scoring.scale_max:g}",
        ),
        t("framework_page.rule_levels", levels=", ".join(levels)),
        t(
            "framework_page.rule_dimensions",
            dimension=view.scope_name("dimension", scoring.results_dimension),
            share=t.percent(scoring.results_share),
            category=view.scope_name("category", scoring.results_category),
        ),
        t("framework_page.rule_peers", minimum=view.peer_minimum),
    ]
    return "\n".join(f"- {line}" for line in lines)


def _band_words(view: View) -> list[str]:
    bands = view.framework.scoring.bands
    return [_one_band(view, band, low) for band, low in zip(bands, (0.0, *(b.limit for b in bands)), strict=False)]


def _one_band(view: View, band: Band, low: float) -> str:
    t = view.t
    if band.points_per_percent is not None:
        return t("framework_page.band_rising", below=f"{band.limit:g}", points=f"{band.points_per_percent:g}")
    key = "band_above" if math.isinf(band.limit) else "band_up_to"
    return t(f"framework_page.{key}", low=f"{low:g}", high=f"{band.limit:g}", points=f"{band.points:g}")


@card("framework.origins", of_scores=False)
def origins(view: View) -> Card:
    """What is in the source document, and what is this product's choice."""
    table = origins_table(view.framework, view.t)
    columns = tuple(Column(name, name, "long") for name in table.columns)
    official = sum(origin.official for origin in view.framework.origins)
    found = view.t("exports.origins.finding", official=official, n=len(table), own=len(table) - official)
    return Card(view.t("exports.origins.title"), table, columns, n=None, of_scores=False, finding=found)


def _card(view: View, about: str, table: pd.DataFrame, *columns: Column, **words: str) -> Card:
    """A card on a part of the framework, whose notes say whose that is. words: for the blanks of its title."""
    notes = origin_lines(view.framework, about, view.t)
    return Card(view.t(f"framework_page.{about}", **words), table, columns, n=None, of_scores=False, notes=notes)
