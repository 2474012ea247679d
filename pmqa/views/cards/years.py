"""The page Years: movement of every scope like for like, regressions."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal, get_args

import pandas as pd

from pmqa import charts
from pmqa.analysis.announced import beside
from pmqa.scoring import OVERALL
from pmqa.views import derived
from pmqa.views.cards import Card, Column, Metric, card, usual
from pmqa.views.choices import Agency, Announced, Year
from pmqa.views.memory import shared
from pmqa.views.numbers import numbers, stacked
from pmqa.views.paper.group import signed
from pmqa.views.succession import not_the_same, succession_notes
from pmqa.views.view import View
from pmqa.views.wide import rows_of

AnyKind = Literal["overall", "category", "dimension", "item"]

MOST_ARROWS: Final = 25  # rows of a chart


def earlier_years(view: View) -> tuple[int, ...]:
    """Fiscal years before the view's that have scores under the same edition, the latest first."""
    return tuple(year for year in reversed(view.years) if year < view.fiscal_year)


@shared(most=16)
def agencies_of_both(view: View, before: int) -> dict[str, str]:
    """Code -> name of agencies with scores in both years, by name."""
    codes = set(derived.moves(view, before)["agency_code"].unique())
    return {code: name for code, name in view.agencies.items() if code in codes}


def announced_agencies(view: View) -> dict[str, str]:
    """Code -> name of agencies of which scores are announced, whether or not they have sent, by name."""
    rows = view.announced.sort_values(["agency_name", "fiscal_year"], kind="stable")
    return {
        code: view.agencies.get(code, name) for code, name in zip(rows["agency_code"], rows["agency_name"], strict=True)
    }


def announced_kinds(view: View, agency: str) -> tuple[str, ...]:
    """The kinds of scopes of which scores of an agency are announced."""
    there = set(view.announced.loc[view.announced["agency_code"] == agency, "kind"])
    return tuple(kind for kind in get_args(AnyKind) if kind in there)


def summary(view: View, before: int) -> list[Metric]:
    """Of the agencies in both years: whose overall rose, whose fell, how many items are worse."""
    t = view.t
    rows = derived.moves(view, before)
    overall = rows[(rows["kind"] == "overall") & rows["like_for_like"].astype("bool")]["like_change"]
    items = rows[rows["kind"] == "item"]
    return [
        Metric(t("years_page.both"), t.number(rows["agency_code"].nunique(), 0)),
        Metric(t("years_page.rose", n=len(overall)), t.number(int((overall > 0).sum()), 0)),
        Metric(t("years_page.fell", n=len(overall)), t.number(int((overall < 0).sum()), 0)),
        Metric(t("years_page.items_regressed"), t.number(int(items["regressed"].sum()), 0)),
    ]


@card("years.moves")
def moves(
    view: View, agency: Agency, before: Year, kind: Literal["dimension", "category", "item"] = "dimension"
) -> Card:
    """Each scope of one agency, from that year to this."""
    t = view.t
    title = t("years_page.moves", agency=view.agencies[agency], before=t.year(before), after=t.year(view.fiscal_year))
    old, new = (rows[rows["agency_code"] == agency] for rows in derived.both_years(view, before))
    pairs = charts.pairs_data(old, new, view.framework, t, kind=kind)
    names = (t.year(before), t.year(view.fiscal_year))
    caption = _caption(view, title, 1, before)
    drawing = replace(charts.arrows(pairs, names, caption, view.framework, t), rows_of="scope")
    rows = derived.moves(view, before)
    rows = rows[(rows["agency_code"] == agency) & (rows["kind"] == kind)]
    table, columns = _table(view, rows, before)
    became = succession_notes(view, [agency], (before, view.fiscal_year))
    notes = (t("years_page.like_note", **view.framework.kinds(t)), *became)
    traced = _of_both(view, rows, before)
    span = caption.fiscal_year
    return Card(title, table, columns, 1, notes=notes, numbers=traced, fiscal_year=span, drawing=drawing)


@card("years.agencies")
def agencies(view: View, before: Year) -> Card:
    """Every agency's overall, from that year to this; the largest movements in the chart."""
    t = view.t
    title = t("years_page.agencies", before=t.year(before), after=t.year(view.fiscal_year))
    changed = not_the_same(view, before, view.fiscal_year)
    both = set(agencies_of_both(view, before)) - changed.keys()
    old, new = (
        rows_of(rows[rows["agency_code"].isin(both)], "overall", OVERALL) for rows in derived.both_years(view, before)
    )
    pairs = charts.pairs_data(old, new, view.framework, t, kind="overall", scope=OVERALL, order="gap")
    names = (t.year(before), t.year(view.fiscal_year))
    caption = _caption(view, title, len(pairs), before)
    drawing = replace(charts.arrows(pairs, names, caption, view.framework, t, most=MOST_ARROWS), rows_of="agency")
    rows = derived.moves(view, before)
    rows = rows[rows["kind"] == "overall"]
    table, columns = _table(view, rows, before, by_agency=True)
    notes = [t("years_page.like_note", **view.framework.kinds(t))]
    if len(pairs) > MOST_ARROWS:
        notes.append(t("years_page.first", n=MOST_ARROWS, of=len(pairs)))
    notes += succession_notes(view, view.agencies, (before, view.fiscal_year))
    traced = _of_both(view, rows, before)
    n, span = len(pairs), caption.fiscal_year
    return Card(title, table, columns, n, notes=tuple(notes), numbers=traced, fiscal_year=span, drawing=drawing)


@card("years.regressions")
def regressions(view: View, before: Year) -> Card:
    """Items that are worse than they were, the largest fall first."""
    t = view.t
    rows = derived.moves(view, before)
    rows = rows[(rows["kind"] == "item") & rows["regressed"].astype("bool")].sort_values("like_change", kind="stable")
    table, columns = _table(view, rows, before, by_agency=True)
    named = table.assign(item_name=_texts(table, [view.scope_name("item", scope) for scope in table["scope"]]))
    columns = (columns[0], Column("item_name", t("ui.item")), *columns[1:])
    n = len(agencies_of_both(view, before))
    return Card(
        t("years_page.regressions"),
        named,
        columns,
        n,
        numbers=_of_both(view, rows, before),
        finding=_farthest_back(view, rows),
    )


def _farthest_back(view: View, rows: pd.DataFrame) -> str:
    """How many items fell back, and which most; "" where none did."""
    if rows.empty:
        return ""
    most, t = rows.iloc[0], view.t
    return t(
        "years_page.regressions_found",
        n=len(rows),
        points=signed(float(most["like_change"]), t),
        item=most["scope"],
        agency=view.agencies[most["agency_code"]],
    )


@card("years.announced", closed="announced", of_scores=False)
def announced(view: View, agency: Announced, kind: AnyKind = OVERALL) -> Card:
    """What was announced of one agency beside what is computed, over all years."""
    t, name = view.t, announced_agencies(view)[agency]
    title = t("years_page.announced", agency=name, kind=t(f"ui.by.{kind}"))
    own, told = (
        rows[(rows["agency_code"] == agency) & (rows["kind"] == kind)]
        for rows in (view.every_year(kind), view.announced)
    )
    scope = OVERALL if kind == OVERALL else None
    points = charts.history_data(own, view.framework, t, kind=kind, scope=scope, agencies=[agency], announced=told)
    caption = view.caption(title, 1, years=points["fiscal_year"].tolist())
    lines = points.loc[points["role"] != charts.ANNOUNCED, "series"].nunique()
    drawing = charts.history(points, caption, view.framework, t) if lines <= charts.MOST_LINES else None
    rows = beside(own, told)
    table = rows.assign(
        name=_texts(rows, [view.scope_name(kind, scope) for scope in rows["scope"]]),
        year=_texts(rows, [t.year(int(year)) for year in rows["fiscal_year"]]),
    )
    columns = (
        Column("name", t("ui.scope")),
        *usual(t, "year"),
        Column("score", view.basis_name, "score"),
        Column("announced", t("sources.announced"), "score"),
        Column("difference", t("years_page.announced_difference"), "score"),
    )
    traced = numbers(
        view, agency_code=agency, scope=rows["scope"], score=rows["score"], fiscal_year=rows["fiscal_year"]
    )
    notes = (t("years_page.announced_note"),)
    return Card(title, table, columns, 1, notes=notes, numbers=traced, fiscal_year=caption.fiscal_year, drawing=drawing)


def _of_both(view: View, moved: pd.DataFrame, before: int) -> pd.DataFrame:
    """NUMBERS of MOVES: the scores as published in both years."""
    sides = (("before", before), ("after", view.fiscal_year))
    return stacked(
        *(
            numbers(view, agency_code=moved["agency_code"], scope=moved["scope"], score=moved[side], fiscal_year=year)
            for side, year in sides
        )
    )


def _caption(view: View, title: str, n: int, before: int) -> charts.Caption:
    span = f"{view.t.year(before)} → {view.t.year(view.fiscal_year)}"
    return replace(view.caption(title, n), fiscal_year=span)


def _table(
    view: View, rows: pd.DataFrame, before: int, *, by_agency: bool = False
) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    t = view.t
    names = (
        [view.agencies.get(code, code) for code in rows["agency_code"]]
        if by_agency
        else [view.scope_name(kind, scope) for kind, scope in zip(rows["kind"], rows["scope"], strict=True)]
    )
    changed = not_the_same(view, before, view.fiscal_year)
    table = rows.assign(
        name=_texts(rows, names),
        level_from=_texts(rows, [view.level_name(level) for level in rows["level_before"]]),
        level_to=_texts(rows, [view.level_name(level) for level in rows["level_after"]]),
        like=_texts(
            rows,
            [
                t(f"succession.like_{changed[code]}") if code in changed else t("ui.yes") if like else t("ui.no")
                for code, like in zip(rows["agency_code"], rows["like_for_like"], strict=True)
            ],
        ),
        fell=_texts(rows, [t("years_page.worse") if worse else None for worse in rows["regressed"]]),
    )
    columns = (
        Column("name", t("ui.agency") if by_agency else t("ui.scope")),
        Column("before", t.year(before), "score"),
        Column("after", t.year(view.fiscal_year), "score"),
        Column("change", t("years_page.difference"), "score"),
        Column("like_change", t("years_page.like_difference"), "score"),
        Column("level_from", t("years_page.level_of", year=t.year(before))),
        Column("level_to", t("years_page.level_of", year=t.year(view.fiscal_year))),
        Column("like", t("years_page.like")),
        Column("fell", t("years_page.regressed")),
    )
    return table, columns


def _texts(rows: pd.DataFrame, texts: list[str | None]) -> pd.Series[str]:
    return pd.Series(texts, index=rows.index, dtype="str")
