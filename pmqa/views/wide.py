"""Tables that several pages show: wide ones, made from the long tables of the charts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from pmqa.exports import to_paste
from pmqa.text import MISSING, Translator
from pmqa.views.cards import Card, Column, Kind, usual
from pmqa.views.view import View

MOST_WRAPPED: Final = 60  # rows of sentences that somebody reads through


def wide_points(view: View, points: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """CHART_POINTS as a row per series and a column per scope, and how to show it.

    coverage: the lowest of the row; blank for a median.
    """
    t = view.t
    names = points[["series", "series_name"]].drop_duplicates("series", ignore_index=True)
    labels = points[["scope", "scope_name"]].drop_duplicates("scope")
    scopes = dict(zip(labels["scope"].tolist(), labels["scope_name"].tolist(), strict=True))
    row, column = pd.factorize(points["series"])[0], pd.factorize(points["scope"])[0]
    scores, lowest = np.full((len(names), len(scopes)), np.nan), np.full(len(names), np.nan)
    scores[row, column] = points["score"].to_numpy(dtype=np.float64)
    np.fmin.at(lowest, row, points["coverage"].to_numpy(dtype=np.float64))
    table = names.assign(**{scope: scores[:, at] for at, scope in enumerate(scopes)}, coverage=lowest)
    columns = (
        *usual(t, "series", "series_name"),
        *(Column(scope, label, "score") for scope, label in scopes.items()),
        Column("coverage", t("ui.lowest_coverage"), "percent"),
    )
    return table, columns


def measure_columns(view: View) -> tuple[Column, ...]:
    """A measure as it was reported: name, unit, direction, target, three years and what it is compared with."""
    t, year = view.t, view.fiscal_year
    return (
        Column("name", t("ui.measure"), "long"),
        *usual(t, "unit"),
        Column("direction_name", t("ui.direction")),
        *usual(t, "target"),
        Column("actual_2", t("ui.actual", year=t.year(year - 2)), "value"),
        Column("actual_1", t("ui.actual", year=t.year(year - 1)), "value"),
        Column("actual", t("ui.actual", year=t.year(year)), "value"),
        *usual(t, "benchmark"),
    )


def scores_of(view: View, scored: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """SCORED of one scope as a row per agency, best first, and how to show it."""
    t = view.t
    table = scored.sort_values("score", ascending=False, na_position="last", kind="stable")
    table = table.assign(level_name=view.level_names(table["level"].tolist()))
    columns = (*usual(t, "agency_code", "agency_name", "ministry", "score", "level_name", "coverage", "score_max"),)
    return table, columns


def criterion_columns(
    t: Translator, *, item: str = "item_name", level: str = "level_name", text: str = "text"
) -> tuple[Column, ...]:
    """How a table of criteria begins: the item, the criterion's code, its level and what it asks."""
    return (
        Column(item, t("ui.item"), "long"),
        *usual(t, "criterion"),
        Column(level, t("ui.level")),
        Column(text, t("ui.criterion"), "long"),
    )


def rows_of(scored: pd.DataFrame, kind: str, scope: str | None = None) -> pd.DataFrame:
    """The rows of a kind, or of one scope."""
    found = scored[scored["kind"] == kind]
    return found if scope is None else found[found["scope"] == scope]


def prose(rows: int) -> Kind:
    """How sentences are shown: wrapped, as long as there are few; in a table that scrolls, where there are many."""
    return "long" if rows <= MOST_WRAPPED else "text"


def worded(t: Translator, values: pd.Series[Any], kind: Kind) -> list[str]:
    """Values as they stand in a table of words: MISSING for blanks, numbers as their kind is shown."""
    words: Mapping[Kind, Callable[[Any], str]] = {
        "score": t.number,
        "index": lambda value: t.number(value, 2),
        "percent": t.percent,
        "rate": lambda value: MISSING if pd.isna(value) else f"{t.number(value)}%",
        "count": lambda value: MISSING if pd.isna(value) else t.number(value, 0),
        "value": lambda value: MISSING if pd.isna(value) else f"{value:,.10g}",
    }
    word = words.get(kind, lambda value: MISSING if pd.isna(value) or not str(value).strip() else str(value))
    return [word(value) for value in values]


def card_to_paste(view: View, card: Card) -> str:
    """What is shown of the card's table, with its headings, to be pasted into a spreadsheet; blanks stay blank."""
    shown = [column for column in card.columns if column.kind != "id"]
    words = [worded(view.t, card.table[column.name], column.kind) for column in shown]
    cells = (["" if word == MISSING else word for word in row] for row in zip(*words, strict=True))
    return to_paste([[column.label for column in shown], *cells])
