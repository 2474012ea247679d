"""Of the page Years: why an agency's score is not what it was, and which answers changed, year by year."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import pandas as pd

from pmqa.analysis import moves as analysis
from pmqa.charts.pairs import signed
from pmqa.scoring import OVERALL
from pmqa.views import derived
from pmqa.views.cards import Card, Column, card, usual
from pmqa.views.cards.compare import ALL
from pmqa.views.choices import Agency, Scope, Year
from pmqa.views.memory import shared
from pmqa.views.numbers import numbers, stacked
from pmqa.views.view import View
from pmqa.views.wide import prose

MOST_NAMED: Final = 5  # criteria in a sentence


@card("years.why")
def why(view: View, agency: Agency, before: Year, dimension: Scope = ALL) -> Card:
    """What the change of an agency's overall is made of, like for like, and the answers that changed beside it.

    dimension: that one in place of the overall; of a dimension, the items that its criteria are of.
    """
    t, framework = view.t, view.framework
    moved = derived.moves(view, before)
    moved = moved[moved["agency_code"] == agency]
    of = moved[moved["kind"] == OVERALL] if dimension == ALL else moved[moved["scope"] == dimension]
    kind = "category" if dimension == ALL else "item"
    parts = analysis.contributions(moved) if dimension == ALL else moved[moved["kind"] == kind]
    changed = answers_changed(view, agency, before, dimension)
    changed = changed.assign(part=[_part(view, item, kind) for item in changed["item"]])
    if dimension != ALL:
        parts = parts[parts["scope"].isin({c.item for c in framework.criteria if dimension in c.dimensions})]
    named = changed.groupby("part")["criterion"].agg(lambda codes: ", ".join(dict.fromkeys(codes)))
    table = parts.assign(
        name=[view.scope_name(kind, scope) for scope in parts["scope"]],
        criteria=parts["scope"].map(named).astype("str").where(parts["scope"].isin(named.index)),
    )
    columns = (
        Column("name", t(f"ui.kind_{kind}")),
        Column("like_before", t.year(before), "score"),
        Column("like_after", t.year(view.fiscal_year), "score"),
        Column("like_change", t("years_page.like_difference"), "score"),
        *([Column("contribution", t("years_page.contribution"), "score")] if dimension == ALL else []),
        Column("criteria", t("years_page.criteria_changed"), "long"),
    )
    traced = stacked(
        *(
            numbers(view, agency_code=agency, scope=table["scope"], score=table[side], fiscal_year=year)
            for side, year in (("before", before), ("after", view.fiscal_year))
        )
    )
    span = f"{t.year(before)} → {t.year(view.fiscal_year)}"
    name = t("ui.overall") if dimension == ALL else view.scope_name("dimension", dimension)
    return Card(
        t("years_page.why_topic", name=name, agency=view.agencies[agency]),
        table,
        columns,
        1,
        notes=(
            *_answers(view, changed),
            t("years_page.like_note", **framework.kinds(t)),
            *([t("years_page.why_note")] if dimension == ALL else []),
        ),
        numbers=traced,
        fiscal_year=span,
        finding=_said(view, name, of, table, view.fiscal_year - before, dimension),
    )


def _part(view: View, item: str, kind: str) -> str:
    return view.framework.item[item].category if kind == "category" else item


def _said(view: View, name: str, of: pd.DataFrame, parts: pd.DataFrame, years: int, dimension: str) -> str:
    """How much in how many years, and what most of it is from."""
    t = view.t
    change = of["like_change"].iloc[0] if len(of) else float("nan")
    if pd.isna(change):
        return t("years_page.why_unknown", name=name)
    words: dict[str, Any] = {"name": name, "change": signed(float(change), t), "years": years}
    sentences = [t("years_page.why", **words)]
    by = "contribution" if dimension == ALL else "like_change"
    along = (parts[by] * (1 if change >= 0 else -1)).dropna()
    if change and len(along) and along.max() > 0:
        most = parts.loc[along.idxmax()]
        sentences.append(t("years_page.why_most", part=most["name"], points=signed(float(most[by]), t)))
    return " · ".join(sentences)


def _answers(view: View, changed: pd.DataFrame) -> list[str]:
    """Which answers changed."""
    t, criteria = view.t, list(dict.fromkeys(changed["criterion"]))
    if not criteria:
        return []
    more = t("years_page.and_more", n=len(criteria) - MOST_NAMED) if len(criteria) > MOST_NAMED else ""
    return [t("years_page.why_criteria", n=len(criteria), criteria=", ".join(criteria[:MOST_NAMED]) + more)]


@shared(most=64)
def answers_changed(view: View, agency: str, before: int, dimension: str = ALL, every: bool = False) -> pd.DataFrame:
    """ANSWER_CHANGES of an agency, and `fiscal_year` from which the answer is new.

    every: from each of its years to the next, the latest first; else between the two years alone.
    """
    sent = view.every_submission
    own = sent[(sent["agency_code"] == agency) & sent["fiscal_year"].between(before, view.fiscal_year)]
    own = own[own["fiscal_year"].isin(view.years)]
    years = sorted(int(year) for year in own["fiscal_year"].unique()) if every else [before, view.fiscal_year]
    answers = view.answers(*own["submission"])
    steps = [
        analysis.answer_changes(answers, own, view.framework, old, new).assign(fiscal_year=new)
        for old, new in reversed(list(pairwise(years)))
    ]
    found = pd.concat(steps, ignore_index=True) if steps else analysis.ANSWER_CHANGES.empty().assign(fiscal_year=0)
    if dimension == ALL:
        return found
    return found[found["criterion"].isin(of_dimension(view, dimension))].reset_index(drop=True)


def of_dimension(view: View, dimension: str) -> set[str]:
    """The criteria that a dimension is made of."""
    return {one.id for one in view.framework.criteria if dimension in one.dimensions}


@card("years.changes")
def changes(view: View, agency: Agency, before: Year, dimension: Scope = ALL, every: bool = False) -> Card:
    """Answers that are not what they were: between the two years, or from each year to the next (every)."""
    t, framework = view.t, view.framework
    found = answers_changed(view, agency, before, dimension, every)
    table = found.assign(
        text=_texts(found, [t.pick(framework.criterion[c].text) for c in found["criterion"]]),
        change_name=_texts(found, [t(f"years_page.change_{name}") for name in found["change"]]),
        item_name=_texts(found, [view.scope_name("item", item) for item in found["item"]]),
        year=_texts(found, [t.year(int(year)) for year in found["fiscal_year"]]),
    ).drop(columns="fiscal_year")
    kind = prose(len(table))
    columns = (
        *([Column("year", t("years_page.changed_in"))] if every else []),
        *usual(t, "criterion"),
        Column("item_name", t("ui.item"), "id"),
        Column("change_name", t("years_page.change")),
        Column("text", t("ui.criterion"), kind),
        Column("evidence_before", _evidence(view, before, "before", every), kind),
        Column("evidence_after", _evidence(view, view.fiscal_year, "after", every), kind),
    )
    notes = () if len(table) else (t("years_page.no_changes"),)
    return Card(t("years_page.changes", agency=view.agencies[agency], n=len(table)), table, columns, 1, notes=notes)


def _evidence(view: View, year: int, side: str, every: bool) -> str:
    if every:
        return view.t(f"years_page.evidence_{side}")
    return view.t("years_page.evidence_of", year=view.t.year(year))


def _texts(rows: pd.DataFrame, texts: list[str | None]) -> pd.Series[str]:
    return pd.Series(texts, index=rows.index, dtype="str")
