"""Of the page Compare and of Indicators: an agency's own group against everybody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from pmqa import charts
from pmqa.views.cards import Card, Column, card, usual
from pmqa.views.cards.compare import ALL, scopes_of
from pmqa.views.choices import Agency, Kind, Scope
from pmqa.views.numbers import numbers
from pmqa.views.peers import group_name, rest_scores, stats_of_peers, stats_of_rest
from pmqa.views.view import View
from pmqa.views.wide import rows_of

OWN_GROUPS: Final = ("ministry", "type", "both")


@card("compare.rest")
def against_the_rest(
    view: View,
    agency: Agency,
    kind: Kind = "dimension",
    part: Scope = ALL,
    peers: str = "ministry",
    order: Literal["given", "score", "gap"] = "given",
) -> Card:
    """The median of the agency's group beside that of all who are not in it, whatever the filters; and its own score.

    order: the framework's (given), the group's median, or by how far it is from the rest's, the furthest first.
    """
    t, scopes = view.t, scopes_of(view, kind, part)
    own, rest = (
        rows_of(stats, kind).set_index("scope")
        for stats in (stats_of_peers(view, peers, agency), stats_of_rest(view, peers, agency))
    )
    n_rest = rest_scores(view, peers, agency)["agency_code"].nunique()
    names = (t("compare_page.the_rest", n=t.number(n_rest, 0)), group_name(view, peers, agency))
    title = t("compare_page.rest", group=names[1], kind=t(f"ui.by.{kind}"))
    pairs = charts.pairs_data(_as_scores(rest, kind), _as_scores(own, kind), view.framework, t, kind=kind, order=order)
    pairs = pairs[pairs["row"].isin(scopes)].reset_index(drop=True)
    mine = rows_of(view.scored[view.scored["agency_code"] == agency], kind).set_index("scope").reindex(pairs["row"])
    table = pairs.assign(
        scope=pairs["row"],
        own=mine["score"].to_numpy(),
        coverage=mine["coverage"].to_numpy(),
        n_group=own["n"].reindex(pairs["row"]).to_numpy(),
        n_rest=rest["n"].reindex(pairs["row"]).to_numpy(),
    )
    columns = (
        *usual(t, "row"),
        Column("row_name", t("ui.scope")),
        Column("own", view.agencies[agency], "score"),
        *usual(t, "coverage"),
        Column("second", t("compare_page.median_of_group"), "score"),
        Column("n_group", t("compare_page.n_of_group"), "count"),
        Column("first", t("compare_page.median_of_rest"), "score"),
        Column("n_rest", t("compare_page.n_of_rest"), "count"),
        Column("difference", t("compare_page.difference"), "score"),
    )
    n = len(set(view.unfiltered["agency_code"]))
    drawing = charts.dumbbell(pairs, names, view.caption(title, n), view.framework, t)
    drawing = replace(drawing, rows_of="scope")
    notes = [t("compare_page.rest_note", counted=view.who_counts)]
    if pairs[["first", "second"]].isna().any(axis=None):
        notes.append(view.too_few_for_median)
    traced = numbers(view, agency_code=agency, scope=table["row"], score=table["own"])
    return Card(title, table, columns, n, notes=tuple(notes), numbers=traced, drawing=drawing)


def usual_group(view: View, agency: str, offered: list[str]) -> str:
    """The first of the agency's own groups that, as everybody else, has enough agencies for a median."""
    own = [group for group in (*OWN_GROUPS, *offered) if group in offered]
    sides = {group: (stats_of_peers(view, group, agency), stats_of_rest(view, group, agency)) for group in own}
    return next((group for group, both in sides.items() if all(map(_tells, both))), own[0])


def _tells(stats: pd.DataFrame) -> bool:
    return bool(rows_of(stats, "overall")["median"].notna().any())


def _as_scores(stats: pd.DataFrame, kind: str) -> pd.DataFrame:
    """PEER_STATS of a kind by scope as SCORED has scores; a median has no coverage of its own."""
    return stats.reset_index().assign(kind=kind, score=lambda rows: rows["median"], coverage=np.nan)
