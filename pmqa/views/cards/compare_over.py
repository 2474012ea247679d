"""The page Compare beyond one year and one basis: years, the assessor's eyes, and how far groups are spread."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pandas as pd

from pmqa import charts
from pmqa.analysis.announced import standing_in
from pmqa.analysis.peers import peer_stats
from pmqa.errors import CardGone
from pmqa.views.cards import Card, Column, card, usual
from pmqa.views.cards.compare import ALL, ByScore, pairs_card, scopes_of
from pmqa.views.choices import BY_VIEW, TOTAL, Agency, Kind, Scope, Theirs, Year
from pmqa.views.numbers import kind_of, numbers, stacked
from pmqa.views.remarks import notes_of_history, notes_of_spread
from pmqa.views.sides import own_view, their_view
from pmqa.views.succession import not_the_same, succession_notes
from pmqa.views.view import View
from pmqa.views.words import type_name

MOST_LINES = charts.MOST_LINES - 1  # of agencies: one is the median's


def other_years(view: View) -> tuple[int, ...]:
    """Years of the same edition beside the view's, the one before it first."""
    years = set(view.years) - {view.fiscal_year}
    return tuple(sorted(years, key=lambda year: (year > view.fiscal_year, abs(year - view.fiscal_year))))


@card("compare.two-years")
def two_years(
    view: View, agencies: tuple[Agency, ...], other: Year, scope: Scope = TOTAL, order: ByScore = "score"
) -> Card:
    """The chosen agencies on one scope, another year beside this one."""
    t, kind, of_asked = view.t, kind_of(view.framework, scope), agencies
    title = t("compare_page.two_years", scope=view.scope_name(kind, scope), other=t.year(other))
    agencies = tuple(code for code in agencies if code not in not_the_same(view, other, view.fiscal_year))
    every = view.every_year(kind)
    chosen = every[every["agency_code"].isin(agencies)]
    first, second = (chosen[chosen["fiscal_year"] == year] for year in (other, view.fiscal_year))
    pairs = charts.pairs_data(first, second, view.framework, t, kind=kind, scope=scope, order=order)
    years = (other, view.fiscal_year)
    card = pairs_card(view, title, pairs, (t.year(years[0]), t.year(years[1])), len(pairs), "ui.agency", years=years)
    traced = stacked(
        *(
            numbers(view, agency_code=pairs["row"], scope=scope, score=pairs[side], fiscal_year=year)
            for side, year in zip(("first", "second"), years, strict=True)
        )
    )
    notes = card.notes + succession_notes(view, of_asked, years)
    return replace(card, notes=notes, numbers=traced)


@card("compare.all-years")
def all_years(view: View, agencies: tuple[Agency, ...], scope: Scope = TOTAL, mixed: bool = False) -> Card:
    """The first of the chosen agencies on one scope over all years, with the median of the view.

    mixed: whether the median counts announced scores too, of agencies that have no other for a year.
    """
    t, kind = view.t, kind_of(view.framework, scope)
    shown = agencies[:MOST_LINES]
    title = t("compare_page.all_years", scope=view.scope_name(kind, scope))
    every = view.every_year(kind)
    of_scope, told = (rows[(rows["kind"] == kind) & (rows["scope"] == scope)] for rows in (every, view.announced))
    counted = standing_in(of_scope, told) if mixed else of_scope
    peers = {
        int(year): peer_stats(rows, complete_only=view.complete_only, minimum=view.peer_minimum)
        for year, rows in counted.groupby("fiscal_year", observed=True)
    }
    points = charts.history_data(
        every, view.framework, t, kind=kind, scope=scope, agencies=shown, peers=peers, announced=told
    )
    own = points[points["role"] == "agency"]
    traced = numbers(view, agency_code=own["series"], scope=scope, score=own["score"], fiscal_year=own["fiscal_year"])
    card = _history_card(view, title, points, shown, len(agencies))
    notes = succession_notes(view, shown, points["fiscal_year"].tolist())
    if mixed:
        notes = (t("compare_page.mixed_note", n=len(counted) - len(of_scope)), *notes)
    return replace(card, notes=card.notes + notes, numbers=traced)


@card("compare.own-years")
def one_over_years(view: View, agency: Agency, kind: Kind = "dimension", part: Scope = ALL) -> Card:
    """One agency's scopes over all years."""
    t, scopes = view.t, scopes_of(view, kind, part)
    title = t("compare_page.one_over_years", agency=view.agencies[agency], kind=t(f"ui.by.{kind}"))
    points = charts.history_data(
        view.every_year(kind), view.framework, t, kind=kind, agencies=[agency], announced=view.announced
    )
    points = points[points["series"].str.removesuffix(charts.SUFFIX).isin(scopes)].reset_index(drop=True)
    own = points[points["role"] == "scope"]
    traced = numbers(view, agency_code=agency, scope=own["series"], score=own["score"], fiscal_year=own["fiscal_year"])
    card = _history_card(view, title, points, (), 1)
    notes = card.notes + succession_notes(view, [agency], points["fiscal_year"].tolist())
    return replace(card, notes=notes, numbers=traced)


def _history_card(view: View, title: str, points: pd.DataFrame, agencies: tuple[str, ...], n: int) -> Card:
    t = view.t
    caption = view.caption(title, n, years=points["fiscal_year"].tolist())
    colours = charts.agency_colours(agencies) if agencies else None
    drawing = charts.history(points, caption, view.framework, t, colours=colours)
    table = points.assign(year=[t.year(int(year)) for year in points["fiscal_year"]])
    table = table[table["score"].notna() | (table["role"] != charts.ANNOUNCED)]
    columns = (
        *usual(t, "series"),
        Column("series_name", t("ui.agency") if agencies else t("ui.scope")),
        *usual(t, "year", "score", "coverage", "n"),
    )
    left_out = n - len(agencies)
    notes = notes_of_history(points, t)
    if agencies and left_out > 0:
        notes += (t("compare_page.lines_left_out", n=left_out, most=MOST_LINES),)
    return Card(title, table, columns, n, notes=notes, fiscal_year=caption.fiscal_year, drawing=drawing)


def assessor_views(view: View, theirs: Theirs = BY_VIEW) -> tuple[View, View]:
    """The view through the assessors' eyes, and through the agencies' own."""
    return their_view(view, theirs), own_view(view)


def assessed(view: View, theirs: Theirs = BY_VIEW) -> tuple[str, ...]:
    """Codes of the agencies for which both they themselves and an assessor have sent, by name."""
    by_assessor, own = (one.agencies for one in assessor_views(view, theirs))
    return tuple(code for code in own if code in by_assessor)


def tells_who_was_assessed(view: View, theirs: Theirs = BY_VIEW) -> bool:
    """Whether so few were assessed that, in a meeting, aliases would hide none of them: who was is commonly known."""
    return bool(view.meeting) and 0 < len(assessed(view, theirs)) < view.peer_minimum


@card("compare.assessed")
def assessed_agencies(
    view: View,
    agencies: tuple[Agency, ...],
    scope: Scope = TOTAL,
    order: ByScore = "score",
    theirs: Theirs = BY_VIEW,
) -> Card:
    """The chosen agencies on one scope: the assessor's score and their own."""
    _need_enough(view, theirs)
    t, kind = view.t, kind_of(view.framework, scope)
    title = t("compare_page.assessed_agencies", scope=view.scope_name(kind, scope))
    both = (one.scored_with(kind) for one in assessor_views(view, theirs))
    sides = [scored[scored["agency_code"].isin(agencies)] for scored in both]
    pairs = charts.pairs_data(sides[0], sides[1], view.framework, t, kind=kind, scope=scope, order=order)
    card = _assessed_card(view, theirs, title, pairs, len(pairs), "ui.agency")
    return replace(card, numbers=_of_both(view, theirs, pairs, agency_code=pairs["row"], scope=scope))


@card("compare.assessed-scopes")
def assessed_scopes(
    view: View,
    agency: Agency,
    kind: Kind = "dimension",
    part: Scope = ALL,
    order: ByScore = "score",
    theirs: Theirs = BY_VIEW,
) -> Card:
    """One agency, scope by scope: the assessor's score and its own."""
    _need_enough(view, theirs)
    t, scopes = view.t, scopes_of(view, kind, part)
    title = t("compare_page.assessed_scopes", agency=view.agencies[agency], kind=t(f"ui.by.{kind}"))
    both = (one.scored_with(kind) for one in assessor_views(view, theirs))
    sides = [scored[scored["agency_code"] == agency] for scored in both]
    pairs = charts.pairs_data(sides[0], sides[1], view.framework, t, kind=kind, order=order)
    pairs = pairs[pairs["row"].isin(scopes)].reset_index(drop=True)
    card = _assessed_card(view, theirs, title, pairs, 1, "ui.scope")
    return replace(card, numbers=_of_both(view, theirs, pairs, agency_code=agency, scope=pairs["row"]))


def _need_enough(view: View, theirs: Theirs) -> None:
    if tells_who_was_assessed(view, theirs):
        raise CardGone(view.t("ui.few_assessed", minimum=view.peer_minimum))


def _assessed_card(view: View, theirs: Theirs, title: str, pairs: pd.DataFrame, n: int, rows_are: str) -> Card:
    t = view.t
    assessed, own = assessor_views(view, theirs)
    card = pairs_card(own, title, pairs, (assessed.basis_name, own.basis_name), n, rows_are, assessed=assessed)
    known = pairs[pairs["difference"].notna()]
    higher = int((known["difference"] > 0).sum())
    return replace(card, notes=(*card.notes, t("compare_page.rates_itself_higher", higher=higher, of=len(known))))


def _of_both(view: View, theirs: Theirs, pairs: pd.DataFrame, *, agency_code: Any, scope: Any) -> pd.DataFrame:
    """NUMBERS of PAIRS whose first is the assessor's and whose second is the agency's own."""
    sides = zip(assessor_views(view, theirs), ("first", "second"), strict=True)
    return stacked(*(numbers(one, agency_code=agency_code, scope=scope, score=pairs[side]) for one, side in sides))


@card("compare.spread")
def spread(
    view: View,
    scope: Scope = TOTAL,
    group: Literal["ministry", "agency_type"] = "ministry",
    order: Literal["name", "score", "gap"] = "name",
    marked: tuple[Agency, ...] = (),
) -> Card:
    """How far the agencies of each ministry or type are apart on one scope.

    order of the groups: name, score (the highest median first) or gap (the widest quartiles first); groups whose
    statistics are not shown last, since their place would tell them. In the table, agencies follow it within a group.
    """
    t, kind = view.t, kind_of(view.framework, scope)
    title = t("compare_page.spread", scope=view.scope_name(kind, scope), group=t(f"ui.{group}"))
    points = charts.strip_data(view.scored_with(kind), kind=kind, scope=scope, group=group)
    if group == "agency_type":
        points = points.assign(group_name=[type_name(name, t) for name in points["group"]])
    stats = charts.strip_stats(points, minimum=view.peer_minimum, complete_only=view.complete_only)
    points, stats = _ordered(points, stats, order)
    caption = view.caption(title, len(view.agencies))
    drawing = charts.strip(points, stats, caption, view.framework, t, highlight=marked)
    table = points.merge(stats, on="group", how="left", validate="many_to_one")
    columns = (
        Column("group_name", t(f"ui.{group}")),
        *usual(t, "series", "series_name", "score", "coverage", "q1", "median", "q3", "n"),
    )
    notes = notes_of_spread(points, stats, view.peer_minimum, view.who_counts, t)
    traced = numbers(view, agency_code=points["series"], scope=scope, score=points["score"])
    return Card(title, table, columns, len(view.agencies), notes=notes, numbers=traced, drawing=drawing)


def _ordered(points: pd.DataFrame, stats: pd.DataFrame, order: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """STRIP_POINTS and STRIP_STATS in the order of `spread`."""
    names = points.drop_duplicates("group").set_index("group")["group_name"]
    by = {"score": -stats["median"], "gap": stats["q1"] - stats["q3"]}.get(order, pd.Series(0.0, index=stats.index))
    ranked = stats.assign(by=by, name=stats["group"].map(names)).sort_values(["by", "name"], kind="stable")
    stats = stats.loc[ranked.index].reset_index(drop=True)
    place = {group: number for number, group in enumerate(stats["group"])}
    score = {"score": -points["score"], "gap": points["score"]}.get(order, pd.Series(0.0, index=points.index))
    rows = points.assign(place=points["group"].map(place).astype("int64"), by=score)
    rows = rows.sort_values(["place", "by", "series_name"], kind="stable")
    return points.loc[rows.index].reset_index(drop=True), stats
