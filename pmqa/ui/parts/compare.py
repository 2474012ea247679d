"""The page Compare: the chosen agencies' profiles, the same values as dots, and one scope over all agencies."""

from __future__ import annotations

from functools import partial

import pandas as pd

from pmqa import charts, exports
from pmqa.ui.cards import Card
from pmqa.ui.parts.tables import rows_of, scores_of, wide_points
from pmqa.ui.view import View


def scopes_of(view: View, kind: str, category: str) -> tuple[str, ...]:
    """What the profile is drawn over: all dimensions, all categories, or the items of one category."""
    if kind == "item":
        return tuple(item.id for item in view.framework.items_of[category])
    return view.framework.scopes(kind)


def profile(view: View, agencies: tuple[str, ...], kind: str, scopes: tuple[str, ...], median: bool) -> Card:
    """A radar of the agencies with their peers' median; small ones side by side where it would hold too many."""
    t = view.t
    title = t("compare_page.profile", kind=t(f"ui.by.{kind}"))
    points = _points(view, agencies, kind, scopes, median)
    series = points["series"].nunique()
    notes = [] if series <= charts.MOST_SERIES else [t("compare_page.too_many", most=charts.MOST_SERIES)]
    if median and points.loc[points["role"] == "median", "score"].isna().any():
        notes.append(t("ui.too_few_for_median", minimum=view.peer_minimum))
    caption = view.caption(title, len(agencies))
    draw = charts.radar if series <= charts.MOST_SERIES else charts.radar_small_multiples
    figure = draw(points, caption, t, theme=view.theme, colours=charts.agency_colours(agencies))
    table, columns = wide_points(view, points)
    return Card(
        title,
        table,
        columns,
        len(agencies),
        figure,
        charts.radar_alt(points, caption, t),
        tuple(notes),
        native=partial(exports.radar_chart, points, caption, t, colours=charts.agency_colours(agencies)),
    )


def values(view: View, agencies: tuple[str, ...], kind: str, scopes: tuple[str, ...], median: bool) -> Card:
    """The same values as dots, where they can be read."""
    t = view.t
    title = t("compare_page.values", kind=t(f"ui.by.{kind}"))
    points = _points(view, agencies, kind, scopes, median)
    caption = view.caption(title, len(agencies))
    figure = charts.dots(points, caption, t, theme=view.theme)
    table, columns = wide_points(view, points)
    chosen = view.scored[view.scored["agency_code"].isin(agencies)]
    notes = charts.notes_of(chosen, view.framework, t, kind=kind, scopes=scopes)
    alt = charts.dots_alt(points, caption, t)
    native = partial(exports.dot_chart, points, caption, t)
    return Card(title, table, columns, len(agencies), figure, alt, notes, native=native)


def everyone(view: View, agencies: tuple[str, ...], kind: str, scope: str) -> Card:
    """All agencies of the view on one scope, the chosen ones marked."""
    t = view.t
    title = t("compare_page.everyone", scope=view.scope_name(kind, scope))
    points = charts.dots_data(view.scored, view.framework, t, kind=kind, scope=scope, peers=view.peers)
    caption = view.caption(title, len(view.agencies))
    figure = charts.dots(points, caption, t, theme=view.theme, highlight=agencies)
    table, columns = scores_of(view, rows_of(view.scored, kind, scope))
    alt = charts.dots_alt(points, caption, t)
    native = partial(exports.dot_chart, points, caption, t)
    return Card(title, table, columns, len(table), figure, alt, native=native)


def _points(view: View, agencies: tuple[str, ...], kind: str, scopes: tuple[str, ...], median: bool) -> pd.DataFrame:
    peers = view.peers if median else None
    return charts.radar_data(
        view.scored, view.framework, view.t, kind=kind, agencies=agencies, peers=peers, scopes=scopes
    )
