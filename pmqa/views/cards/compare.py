"""The page Compare: profiles of the chosen agencies, all agencies at a glance, one scope, one agency's peers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, Literal

import pandas as pd

from pmqa import charts
from pmqa.charts.chart_points import agency_order
from pmqa.charts.drawing import Drawing, Ids
from pmqa.errors import CardGone
from pmqa.views import derived
from pmqa.views.cards import Card, Column, card, usual
from pmqa.views.choices import NOBODY, TOTAL, Agency, Kind, Scope
from pmqa.views.memory import shared
from pmqa.views.numbers import kind_of, numbers, numbers_of_points, stacked
from pmqa.views.peers import Beside, beside_peers, best_of_peers, group_name, stats_of_peers
from pmqa.views.remarks import notes_of_ranks
from pmqa.views.view import View
from pmqa.views.wide import rows_of, scores_of, wide_points

Order = Literal["given", "name", "score", "gap"]
ByScore = Literal["score", "name", "gap"]

KINDS_OF_SCORES: Final = ("overall", "category", "dimension", "item")
SCORE_COLUMNS: Final = tuple(
    """
    agency_code agency_name ministry agency_type fiscal_year basis kind scope scope_name score score_max coverage level
    """.split()  # noqa: SIM905 - a list of so many quoted words reads worse
)
ALL: Final = Scope("all")  # in place of a category or of an item: no part of it alone


def scopes_of(view: View, kind: str, part: str) -> tuple[str, ...]:
    """What a chart is drawn over: all of a kind, or the items of one category, or the indicators of one of either."""
    framework = view.framework
    if part == ALL or kind not in ("item", "indicator"):
        return framework.scopes(kind)
    if kind == "item":
        return tuple(item.id for item in framework.items_of[part])
    items = {item.id for item in framework.items_of.get(part, ())} or {part}
    return tuple(indicator.id for indicator in framework.indicators if indicator.item in items)


@shared(most=64)
def in_order(view: View, agencies: tuple[Agency, ...], order: str) -> tuple[Agency, ...]:
    """The agencies as they were chosen, by name, by overall score (the highest first) or by gap (the lowest first)."""
    return tuple(Agency(one) for one in agency_order(view.broad, order=order, agencies=agencies))


def has_profile(scopes: tuple[str, ...]) -> bool:
    """Whether a radar has enough axes to be a shape, and few enough to be read."""
    return charts.LEAST_AXES <= len(scopes) <= charts.MOST_AXES


def _no_profile(view: View, scopes: tuple[str, ...]) -> str:
    least, most = charts.LEAST_AXES, charts.MOST_AXES
    return view.t("compare_page.no_radar", least=least, most=most, axes=len(scopes))


def _beside_peers(as_dots: bool) -> Callable[..., Card]:
    """What makes a card of the agencies beside their peers' median, as a radar or as dots, of the same choices."""

    def make(
        view: View,
        agencies: tuple[Agency, ...],
        kind: Kind = "dimension",
        part: Scope = ALL,
        peers: str = "view",
        focus: Agency = NOBODY,
        median: bool = True,
        marked: tuple[Agency, ...] = (),
        order: Order = "given",
    ) -> Card:
        t, scopes = view.t, scopes_of(view, kind, part)
        if not as_dots and not has_profile(scopes):
            raise CardGone(_no_profile(view, scopes))
        title = t("compare_page.values" if as_dots else "compare_page.profile", kind=t(f"ui.by.{kind}"))
        agencies, focus = in_order(view, agencies, order), focus or agencies[0]
        of = beside_peers(view, agencies, kind, scopes, peers, focus, median)
        caption = view.caption(title, len(agencies), *_held_against(view, peers, focus, median))
        colours, bold = charts.agency_colours(agencies), _standing_out(agencies, marked)
        draw = charts.dots if as_dots else charts.radar
        drawing = draw(of.points, caption, view.framework, t, colours=colours, highlight=bold)
        notes = _notes_of_dots(view, of, kind, scopes) if as_dots else _notes_of_radar(view, of)
        return Card(title, of.table, of.columns, len(agencies), notes=tuple(notes), numbers=of.numbers, drawing=drawing)

    return make


def _notes_of_radar(view: View, of: Beside) -> Iterator[str]:
    if of.points["series"].nunique() > charts.MOST_SERIES:
        yield view.t("compare_page.too_many", most=charts.MOST_SERIES)


def _notes_of_dots(view: View, of: Beside, kind: str, scopes: tuple[str, ...]) -> Iterator[str]:
    if not has_profile(scopes):
        yield _no_profile(view, scopes)
    yield from charts.notes_of(of.chosen, view.framework, view.t, kind=kind, scopes=scopes)


# A radar, with small ones side by side where it would hold too many; the same values as dots, where they can be read.
profile = card("compare.profile")(_beside_peers(as_dots=False))
values = card("compare.values")(_beside_peers(as_dots=True))


@card("compare.pair")
def pair(
    view: View, agencies: tuple[Agency, ...], kind: Kind = "dimension", part: Scope = ALL, order: ByScore = "score"
) -> Card:
    """The first two of the agencies, scope by scope."""
    t, two = view.t, agencies[:2]
    if len(two) < len(("first", "second")):
        raise CardGone(t("compare_page.two_needed"))
    names = (view.agencies[two[0]], view.agencies[two[1]])
    title = t("compare_page.pair", first=names[0], second=names[1], kind=t(f"ui.by.{kind}"))
    sides = [view.scored[view.scored["agency_code"] == agency] for agency in two]
    pairs = charts.pairs_data(sides[0], sides[1], view.framework, t, kind=kind, order=order)
    pairs = pairs[pairs["row"].isin(scopes_of(view, kind, part))].reset_index(drop=True)
    traced = stacked(
        *(
            numbers(view, agency_code=agency, scope=pairs["row"], score=pairs[side])
            for agency, side in zip(two, ("first", "second"), strict=True)
        )
    )
    card = pairs_card(view, title, pairs, names, len(two), "ui.scope")
    return replace(card, numbers=traced, drawing=_of_two(card.drawing, dict(zip(names, two, strict=True))))


def _of_two(drawing: Drawing | None, codes: dict[str, str]) -> Drawing | None:
    """The drawing, its marks with the ids of the agencies that its layers are named for."""
    if drawing is None:
        return None
    layers = (replace(layer, key=codes.get(layer.name, "")) for layer in drawing.layers)
    return replace(drawing, layers=tuple(layers), marks_of="agency")


@card("compare.heat")
def heat(
    view: View,
    kind: Kind = "dimension",
    part: Scope = ALL,
    order: ByScore = "score",
    marked: tuple[Agency, ...] = (),
    agencies: tuple[Agency, ...] = (),
) -> Card:
    """All agencies of the view, or some, by scopes."""
    t, scopes, scored = view.t, scopes_of(view, kind, part), _of(view.scored_with(kind), agencies)
    title = t("compare_page.heat", kind=t(f"ui.by.{kind}"))
    points = charts.heatmap_data(scored, view.framework, t, kind=kind, order=order, scopes=scopes)
    caption = view.caption(title, len(agencies or view.agencies))
    drawing = charts.heatmap(
        points, caption, view.framework, t, order=order, highlight=marked, minimum=view.peer_minimum
    )
    table, columns = wide_points(view, points)
    notes = charts.notes_of(scored, view.framework, t, kind=kind, scopes=scopes)
    traced = numbers_of_points(view, points)
    return Card(title, table, columns, len(agencies or view.agencies), notes=notes, numbers=traced, drawing=drawing)


@card("compare.everyone")
def everyone(
    view: View,
    scope: Scope = TOTAL,
    order: ByScore = "score",
    marked: tuple[Agency, ...] = (),
    agencies: tuple[Agency, ...] = (),
) -> Card:
    """All agencies of the view, or some, on one scope beside the median of all, the marked ones standing out."""
    t, kind = view.t, kind_of(view.framework, scope)
    scored = _of(view.scored_with(kind), agencies)
    title = t("compare_page.everyone", scope=view.scope_name(kind, scope))
    points = charts.dots_data(scored, view.framework, t, kind=kind, scope=scope, peers=view.peers_of(kind), order=order)
    caption = view.caption(title, len(agencies or view.agencies))
    drawing = charts.dots(points, caption, view.framework, t, highlight=marked)
    table, columns = scores_of(view, rows_of(scored, kind, scope))
    notes = charts.notes_of(scored, view.framework, t, kind=kind, scopes=(scope,))
    traced = numbers_of_points(view, points)
    return Card(title, table, columns, len(table), notes=notes, numbers=traced, drawing=drawing)


@card("compare.scores")
def scores(view: View, agencies: tuple[Agency, ...] = ()) -> Card:
    """Every score of all agencies of the view, or some, a row each, headed for programs."""
    t, rows = view.t, _of(view.scored, agencies)
    rows = rows[rows["kind"].isin(KINDS_OF_SCORES)].astype({"kind": "str", "scope": "str"})
    names = [view.scope_name(*of) for of in zip(rows["kind"], rows["scope"], strict=True)]
    named = rows.assign(scope_name=names)[list(SCORE_COLUMNS)].reset_index(drop=True)
    totals = named[named["kind"].isin(["overall", "dimension"])]
    traced = numbers(view, agency_code=totals["agency_code"], scope=totals["scope"], score=totals["score"])
    columns = tuple(Column(name, name) for name in SCORE_COLUMNS)
    return Card(t("cli.export.comparison"), named, columns, len(agencies or view.agencies), numbers=traced)


def _of(scored: pd.DataFrame, agencies: tuple[Agency, ...]) -> pd.DataFrame:
    """SCORED of some agencies; () = of all."""
    return scored[scored["agency_code"].isin(agencies)] if agencies else scored


@card("compare.ranks")
def ranks(view: View, scope: Scope = TOTAL, marked: tuple[Agency, ...] = ()) -> Card:
    """Ranks on one scope: a band where the same score is shown or one item moves it."""
    t, kind = view.t, kind_of(view.framework, scope)
    title = t("compare_page.ranks", scope=view.scope_name(kind, scope))
    bands = charts.rank_bands_data(view.scored_with(kind), derived.ranks(view, kind, scope), kind=kind, scope=scope)
    out = len(view.agencies) - len(bands)
    left_out = [t("compare_page.not_ranked", n=out, counted=view.who_counts)] if out else []
    caption = view.caption(title, len(bands), *left_out)
    drawing = charts.rank_bands(bands, caption, t, highlight=marked)
    columns = (
        *usual(t, "series", "series_name", "score"),
        Column("rank_low", t("compare_page.rank_from"), "count"),
        Column("rank_high", t("compare_page.rank_to"), "count"),
    )
    notes = notes_of_ranks(bands, len(view.agencies), t)
    if kind in ("overall", "category"):
        notes += (t("compare_page.rank_moves"),)
    traced = numbers(view, agency_code=bands["series"], scope=scope, score=bands["score"])
    return Card(title, bands, columns, len(bands), notes=notes, numbers=traced, drawing=drawing)


@card("compare.peers")
def against_peers(
    view: View,
    agency: Agency,
    kind: Kind = "dimension",
    part: Scope = ALL,
    peers: str = "view",
    order: Literal["given", "score", "gap"] = "given",
) -> Card:
    """One agency on the range of its peers. order of its scopes: the framework's (given), its score or its gap to the
    peers' median, the largest first; what has none last."""
    t = view.t
    name = view.agencies[agency]
    title = t("compare_page.against_peers", agency=name, kind=t(f"ui.by.{kind}"))
    stats = stats_of_peers(view, peers, agency, kind)
    rows = charts.spine_data(
        view.scored_with(kind), stats, view.framework, t, kind=kind, agency=agency, scopes=scopes_of(view, kind, part)
    )
    if order != "given":
        by = rows["own"] if order == "score" else rows["median"] - rows["own"]
        rows = rows.loc[by.sort_values(ascending=False, na_position="last", kind="stable").index]
        rows = rows.reset_index(drop=True)
    # Quartiles are of those who are held against: their number is that of the picture.
    n = 1 if rows["n"].isna().all() else int(rows["n"].max())
    caption = view.caption(title, n, group_name(view, peers, agency))
    drawing = charts.spine(rows, caption, view.framework, t, own_name=name)
    best = best_of_peers(view, stats)
    table = rows.assign(best=[best.get((kind, scope)) for scope in rows["scope"]])
    columns = (
        *usual(t, "scope_name"),
        Column("own", t("ui.score"), "score"),
        *usual(t, "coverage"),
        Column("minimum", t("ui.minimum"), "score"),
        *usual(t, "q1", "median", "q3"),
        Column("maximum", t("ui.maximum"), "score"),
        Column("best", t("compare_page.best")),
        *usual(t, "n"),
    )
    notes = _peer_notes(view, rows)
    traced = numbers(view, agency_code=agency, scope=rows["scope"], score=rows["own"])
    return Card(title, table, columns, 1, notes=notes, numbers=traced, drawing=drawing)


def pairs_card(
    view: View,
    title: str,
    pairs: pd.DataFrame,
    names: tuple[str, str],
    n: int,
    rows_are: str,
    *,
    years: tuple[int, ...] = (),
    assessed: View | None = None,
) -> Card:
    """PAIRS as a card: a slope for a few agencies over two years, arrows for more, a dumbbell for anything else.

    years: of the two values, where they are not of the view's year. assessed: the view of the assessors, where the
    first values are theirs.
    """
    t = view.t
    caption = view.caption(title, n, years=years)
    if assessed is not None:
        theirs = assessed.caption(title, n)
        caption = replace(
            caption,
            basis=f"{caption.basis} / {theirs.basis}",
            source=f"{caption.source}, {theirs.source}",
        )
    few = len(pairs) <= charts.MOST_SLOPES
    columns = (
        *usual(t, "row"),
        Column("row_name", t(rows_are)),
        Column("first", names[0], "score"),
        Column("second", names[1], "score"),
        Column("difference", t("compare_page.difference"), "score"),
        Column("first_coverage", t("compare_page.coverage_of", name=names[0]), "percent"),
        Column("second_coverage", t("compare_page.coverage_of", name=names[1]), "percent"),
    )
    draw = charts.dumbbell if not years else charts.slope if few else charts.arrows
    drawing = draw(pairs, names, caption, view.framework, t)
    of: Ids = "agency" if rows_are == "ui.agency" else "scope"
    if drawing.kind == "course":
        steps = tuple(replace(row, key=str(year)) for row, year in zip(drawing.rows, years, strict=True))
        drawing = replace(drawing, rows=steps, rows_of="year", marks_of=of)
    else:
        drawing = replace(drawing, rows_of=of)
    notes = (t("compare_page.arrows_for_slopes", most=charts.MOST_SLOPES),) if years and not few else ()
    return Card(title, pairs, columns, n, notes=notes, fiscal_year=caption.fiscal_year, drawing=drawing)


def _peer_notes(view: View, rows: pd.DataFrame) -> tuple[str, ...]:
    t = view.t
    known = rows[rows["own"].notna() & rows["median"].notna()]
    if known.empty:
        return (view.too_few_for_median,)
    below = known[known["own"] < known["median"]]
    low = known[known["own"] < known["q1"]]
    notes = [t("compare_page.below_median", below=len(below), of=len(known))]
    if len(low):
        notes.append(t("compare_page.lowest_quarter", scopes=", ".join(low["scope_name"])))
    return tuple(notes)


def _standing_out(agencies: tuple[str, ...], marked: tuple[str, ...]) -> tuple[str, ...]:
    """Those to stand out among the others; nobody where all would."""
    return () if set(agencies) <= set(marked) else marked


def _held_against(view: View, group: str, focus: str, median: bool) -> tuple[str, ...]:
    """For the caption: whose median it is, where it is not that of the view."""
    return (group_name(view, group, focus),) if median and group != "view" else ()
