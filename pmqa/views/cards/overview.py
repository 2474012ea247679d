"""The page Overview: how many have sent, which levels, where everyone is strong or weak, and every agency's total."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from pmqa import charts
from pmqa.scoring import BELOW, government_index
from pmqa.views.cards import Card, Column, Metric, card, headed, usual
from pmqa.views.choices import Kind
from pmqa.views.numbers import numbers, numbers_of_points
from pmqa.views.view import View
from pmqa.views.wide import rows_of, wide_points
from pmqa.views.words import type_name


def summary(view: View) -> list[Metric]:
    """Agencies that sent, those that are complete, the median overall and its index."""
    t = view.t
    overall = rows_of(view.broad, "overall")
    peers = view.peer_row("overall", "overall")
    n = 0 if peers is None else int(peers["n"])
    median = None if peers is None else peers["median"]
    few = view.too_few_for_median if n < view.peer_minimum else None
    reached = rows_of(view.broad, "overall")["level"].astype("object")
    lowest = view.framework.levels[0].name
    return [
        Metric(t("overview_page.sent"), t.number(len(overall), 0)),
        Metric(
            t("overview_page.complete"),
            t.number(int(overall["complete"].sum()), 0),
            t("overview_page.complete_help", counted=view.who_counts),
        ),
        Metric(t("overview_page.median", n=n), t.number(median), few),
        Metric(t("overview_page.index", n=n), t.number(_index(view, median), 2), few),
        Metric(
            t("overview_page.at_lowest", level=t.pick(lowest), n=int(reached.notna().sum())),
            t.number(int((reached.notna() & (reached != BELOW)).sum()), 0),
        ),
    ]


def summed(view: View) -> pd.DataFrame:
    """NUMBERS that the summary is of: every agency's overall score."""
    rows = rows_of(view.broad, "overall")
    return numbers(view, agency_code=rows["agency_code"], scope=rows["scope"], score=rows["score"])


@card("overview.levels")
def levels(view: View, kind: Kind = "dimension") -> Card:
    """How many agencies are at each level of each scope."""
    t = view.t
    title = t("overview_page.levels", kind=t(f"ui.by.{kind}"))
    counts = charts.level_distribution_data(view.scored_with(kind), view.framework, t, kind=kind)
    caption = view.caption(title, len(view.agencies))
    drawing = charts.level_distribution(counts, caption, view.framework, t)
    columns = (
        *usual(t, "scope_name", "level_name"),
        *headed(t, "count", "ui.agencies", "overview_page.n"),
    )
    return Card(title, counts, columns, len(view.agencies), notes=(t("overview_page.counts_all"),), drawing=drawing)


@card("overview.strengths")
def strengths(view: View, kind: Kind = "dimension", order: Literal["score", "name"] = "score") -> Card:
    """Agencies by scopes."""
    t = view.t
    title = t("overview_page.strengths", kind=t(f"ui.by.{kind}"))
    points = charts.heatmap_data(view.scored_with(kind), view.framework, t, kind=kind, order=order)
    caption = view.caption(title, len(view.agencies))
    drawing = charts.heatmap(points, caption, view.framework, t, order=order, minimum=view.peer_minimum)
    table, columns = wide_points(view, points)
    notes = charts.notes_of(view.scored_with(kind), view.framework, t, kind=kind)
    traced = numbers_of_points(view, points)
    return Card(title, table, columns, len(view.agencies), notes=notes, numbers=traced, drawing=drawing)


@card("overview.totals")
def totals(view: View) -> Card:
    """Every agency's overall score with level, index, coverage and what it could reach."""
    t = view.t
    table = rows_of(view.broad, "overall").sort_values("score", ascending=False, na_position="last", kind="stable")
    types = {agency_type: type_name(agency_type, t) for agency_type in table["agency_type"].unique().tolist()}
    indices = {score: _index(view, score) for score in table["score"].dropna().unique().tolist()}
    table = table.assign(
        type_name=[types[agency_type] for agency_type in table["agency_type"].tolist()],
        level_name=view.level_names(table["level"].tolist()),
        index=table["score"].map(indices).astype("float64"),
    )
    columns = (
        Column("agency_code", t("ui.code")),
        *usual(t, "agency_name", "ministry", "type_name"),
        Column("score", t("ui.overall"), "score"),
        *usual(t, "level_name"),
        Column("index", t("ui.index"), "index"),
        *usual(t, "coverage", "score_max"),
    )
    return Card(t("overview_page.totals"), table, columns, len(table), numbers=summed(view))


def _index(view: View, score: float | None) -> float | None:
    return None if score is None else government_index(score, view.framework)
