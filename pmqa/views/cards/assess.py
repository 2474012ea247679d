"""The page Assessor: the prefilled form, self against assessor by agency and item, leniency and difficulty."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final, Literal

import pandas as pd

from pmqa import charts
from pmqa.analysis import bias as analysis
from pmqa.analysis.compare import answer_differences
from pmqa.errors import CardGone
from pmqa.scoring import OVERALL
from pmqa.sources import CLAIMED, SELF, source_of
from pmqa.views import data, derived
from pmqa.views.cards import Card, Column, Metric, card, headed, usual
from pmqa.views.choices import BY_VIEW, Agency, Own, Theirs
from pmqa.views.memory import shared
from pmqa.views.numbers import numbers, stacked
from pmqa.views.sides import own_view, their_basis
from pmqa.views.view import View
from pmqa.views.wide import prose, rows_of
from pmqa.workbook import write_form

MOST_PAIRS: Final = 25  # rows of a chart
MOST_RESTS: Final = 40  # differences worth talking about
OWN: Final = Own(CLAIMED)


def _assessed_view(view: View, own: str, theirs: Theirs) -> tuple[View, Theirs]:
    """The view of the agencies' own answers and the assessors' basis, where anybody was assessed. Raises CardGone."""
    basis, view = their_basis(view, theirs), own_view(view)
    if not assessed(view, own, basis):
        raise CardGone(view.t("assess_page.nobody_seen"))
    return view, basis


def form_maker(view: View, submission: str, source: str) -> partial[bytes]:
    """What a click on the download of an assessor's form runs. source: of the assessment."""
    return partial(_form, view, submission, source)


def _form(view: View, submission: str, source: str) -> bytes:
    sent = data.store_of(view.version).submissions.one(submission, view.viewer)
    return write_form(view.framework, prefill=sent, source=source, language=view.language)


@shared(most=32)
def assessed(view: View, own: str, theirs: Theirs) -> dict[str, str]:
    """Code -> name of agencies that have both, by name."""
    codes = set(derived.differences(view, own, their_basis(view, theirs))["agency_code"].unique())
    return {code: name for code, name in view.agencies.items() if code in codes}


def summary(view: View, own: str, theirs: Theirs) -> list[Metric]:
    """How many were assessed, and how far apart the two are."""
    t = view.t
    rows = derived.differences(view, own, their_basis(view, theirs))
    overall = rows[(rows["kind"] == "overall") & (rows["complete"].astype("bool") | view.with_incomplete)]
    overall = overall["difference"].dropna()
    few = len(overall) < view.peer_minimum
    note = view.too_few_for_median if few else None
    higher = int((overall > 0).sum())
    return [
        Metric(t("assess_page.assessed"), t.number(rows["agency_code"].nunique(), 0)),
        Metric(t("assess_page.median", n=len(overall)), t.number(None if few else overall.median()), note),
        Metric(t("assess_page.higher", n=len(overall)), t.number(higher, 0)),
    ]


@card("assess.agencies", closed="evidence")
def by_agency(view: View, own: Own = OWN, theirs: Theirs = BY_VIEW) -> Card:
    """Overall of agency and assessor, the largest differences first."""
    t, (view, basis) = view.t, _assessed_view(view, own, theirs)
    title = t("assess_page.by_agency")
    said, heard = (rows_of(replace(view, basis=one).broad, "overall", OVERALL) for one in (own, basis))
    both = set(said["agency_code"].astype("str")) & set(heard["agency_code"].astype("str"))
    said, heard = (rows[rows["agency_code"].isin(both)] for rows in (said, heard))
    pairs = charts.pairs_data(said, heard, view.framework, t, kind="overall", scope=OVERALL, order="gap")
    caption, names = _caption(view, title, len(pairs), own, basis), _sides(view)
    drawing = charts.dumbbell(pairs, names, caption, view.framework, t, most=MOST_PAIRS)
    notes = (t("assess_page.first", n=MOST_PAIRS, of=len(pairs)),) if len(pairs) > MOST_PAIRS else ()
    columns = _pair_columns(view, t("ui.agency"))
    traced = _of_both(view, pairs, (own, basis), agency_code=pairs["row"], scope=OVERALL)
    return Card(title, pairs, columns, len(pairs), notes=notes, numbers=traced, drawing=drawing)


@card("assess.items", closed="evidence")
def by_item(view: View, agency: Agency, own: Own = OWN, theirs: Theirs = BY_VIEW) -> Card:
    """Every item of one agency, as it says and as the assessor says."""
    t, (view, basis) = view.t, _assessed_view(view, own, theirs)
    title = t("assess_page.by_item", agency=view.agencies[agency])
    said, heard = (
        frame[frame["agency_code"] == agency] for frame in (replace(view, basis=b).broad for b in (own, basis))
    )
    pairs = charts.pairs_data(said, heard, view.framework, t, kind="item", order="gap")
    caption, names = _caption(view, title, 1, own, basis), _sides(view)
    drawing = charts.dumbbell(pairs, names, caption, view.framework, t)
    columns = _pair_columns(view, t("ui.item"))
    traced = _of_both(view, pairs, (own, basis), agency_code=agency, scope=pairs["row"])
    return Card(title, pairs, columns, 1, numbers=traced, drawing=drawing)


@card("assess.answers", closed="evidence")
def answers(view: View, agency: Agency, theirs: Theirs = BY_VIEW) -> Card:
    """Criteria on which agency and assessor say otherwise, with evidence and suggestion."""
    basis, t, view = their_basis(view, theirs), view.t, own_view(view)
    assessed_view = replace(view, basis=basis)
    both = pd.concat([one.submissions[one.submissions["agency_code"] == agency] for one in (view, assessed_view)])
    found = answer_differences(
        view.answers(*both["submission"], texts=("evidence", "suggestion")), both, view.framework, theirs=basis
    )
    table = found.assign(
        text=[t.pick(view.framework.criterion[c].text) for c in found["criterion"]],
        own_word=[_said(view, met) for met in found["own"]],
        assessed_word=[_said(view, met) for met in found["assessed"]],
    )
    columns = (
        *usual(t, "criterion", "text"),
        Column("own_word", t("assess_page.agency")),
        Column("assessed_word", t("assess_page.assessor")),
        *usual(t, "evidence", "suggestion"),
    )
    notes = () if len(table) else (t("assess_page.same_answers"),)
    return Card(t("assess_page.answers", agency=view.agencies[agency], n=len(table)), table, columns, 1, notes=notes)


@card("assess.readings", closed="evidence")
def readings(view: View, own: Own = OWN, theirs: Theirs = BY_VIEW) -> Card:
    """Items that agencies and assessors read differently, those on which most differ first."""
    t, (view, basis) = view.t, _assessed_view(view, own, theirs)
    found = analysis.readings(derived.differences(view, own, basis), view.framework)
    few = found["n"] < view.peer_minimum
    table = found.assign(
        item_name=[view.scope_name("item", item) for item in found["item"]],
        median=found["median"].mask(few),
        spread=found["spread"].mask(few),
    )
    columns = (
        *usual(t, "item_name"),
        Column("share_differ", t("assess_page.share_differ"), "percent"),
        *headed(t, "count", "assess_page.differ", "assess_page.n"),
        Column("median", t("assess_page.median_difference"), "score"),
        Column("spread", t("assess_page.spread"), "score"),
    )
    notes = [t("assess_page.readings_note", points=t.number(analysis.tolerance_of(view.framework), 0))]
    if few.any():
        notes.append(t("assess_page.too_few", minimum=view.peer_minimum))
    n = len(assessed(view, own, basis))
    return Card(t("assess_page.readings"), table, columns, n, notes=tuple(notes))


@card("assess.bias", closed="evidence")
def bias(view: View, part: Literal["agency", "item"] = "agency", own: Own = OWN, theirs: Theirs = BY_VIEW) -> Card:
    """How kindly agencies rate themselves, or which items are rated more kindly, each with the other taken out."""
    t, (view, basis) = view.t, _assessed_view(view, own, theirs)
    effects, _ = analysis.bias(derived.differences(view, own, basis), view.framework)
    n = len(assessed(view, own, basis))
    found, notes = effects[effects["part"] == part], [t(f"assess_page.bias_{part}_note")]
    # Difficulty, and what is common to all, are medians over agencies; leniency is the agency's own.
    few = n < view.peer_minimum
    if few:
        found = found if part == "agency" else found.iloc[:0]
        notes.append(t("assess_page.too_few", minimum=view.peer_minimum))
    names = dict(view.agencies) if part == "agency" else {i: view.scope_name("item", i) for i in found["id"]}
    common = effects.loc[(effects["part"] == "common") & (not few), "effect"]
    title = t(f"assess_page.bias_{part}")
    rows = charts.effects_data(found, names, _read_differently(view, own, basis) if part == "item" else ())
    columns: tuple[Column, ...] = (
        *usual(t, "row"),
        Column("row_name", t(f"ui.{part}"), prose(len(rows))),
        Column("effect", t("assess_page.effect"), "score"),
        Column("spread", t("assess_page.rest_spread"), "score"),
        Column("n", t("assess_page.differences"), "count"),
    )
    notes.append(t("assess_page.common", points=t.number(None if common.empty else common.iloc[0])))
    if not effects["converged"].all():
        notes.append(t("assess_page.not_converged"))
    if rows.empty:
        return Card(title, rows, columns, n, notes=tuple(notes))
    if part == "item":
        marked = rows["differs"].map({True: t("assess_page.by_everyone"), False: None}).astype("str")
        rows_shown = rows.assign(marked=marked.where(rows["differs"]))
        columns += (Column("marked", t("assess_page.read_differently")),)
    else:
        rows_shown = rows
    caption = _caption(view, title, n, own, basis)
    return Card(title, rows_shown, columns, n, notes=tuple(notes), drawing=charts.effects(rows, caption, t))


def _read_differently(view: View, own: str, basis: Theirs) -> frozenset[str]:
    """Items on which every agency and its assessor are far apart, of enough agencies to say so."""
    found = analysis.readings(derived.differences(view, own, basis), view.framework)
    return analysis.read_differently_by_all(found, view.peer_minimum)


@card("assess.rests", closed="evidence")
def rests(view: View, own: Own = OWN, theirs: Theirs = BY_VIEW) -> Card:
    """Differences that neither the agency's leniency nor the item's difficulty explains."""
    t, (view, basis) = view.t, _assessed_view(view, own, theirs)
    _, found = analysis.bias(derived.differences(view, own, basis), view.framework)
    found = found.head(MOST_RESTS)
    table = found.assign(
        agency_name=[view.agencies.get(code, code) for code in found["agency_code"]],
        item_name=[view.scope_name("item", item) for item in found["item"]],
    )
    columns = (
        *usual(t, "agency_name", "item_name"),
        *headed(t, "score", "assess_page.difference", "assess_page.rest"),
    )
    n = len(assessed(view, own, basis))
    return Card(t("assess_page.rests"), table, columns, n, notes=(t("assess_page.rests_note", n=MOST_RESTS),))


def _of_both(view: View, pairs: pd.DataFrame, bases: tuple[str, str], *, agency_code: Any, scope: Any) -> pd.DataFrame:
    """NUMBERS of PAIRS whose first is the agency's own and whose second is the assessor's."""
    sides = zip(bases, ("first", "second"), strict=True)
    return stacked(
        *(numbers(view, agency_code=agency_code, scope=scope, score=pairs[side], basis=b) for b, side in sides)
    )


def _caption(view: View, title: str, n: int, own: str, theirs: str) -> charts.Caption:
    both = " · ".join(replace(view, basis=basis).basis_name for basis in (own, theirs))
    sources = " · ".join(view.t.pick(source.line) for source in (SELF, source_of(theirs)))
    return replace(replace(view, basis=own).caption(title, n), basis=both, source=sources)


def _sides(view: View) -> tuple[str, str]:
    return view.t("assess_page.side_agency"), view.t("assess_page.side_assessor")


def _pair_columns(view: View, heading: str) -> tuple[Column, ...]:
    t = view.t
    first, second = _sides(view)
    return (
        *usual(t, "row"),
        Column("row_name", heading),
        Column("first", first, "score"),
        Column("second", second, "score"),
        Column("difference", t("assess_page.second_minus_first"), "score"),
        Column("first_coverage", t("assess_page.coverage_of", side=first), "percent"),
        Column("second_coverage", t("assess_page.coverage_of", side=second), "percent"),
    )


def _said(view: View, met: object) -> str:
    t = view.t
    return t("ui.unanswered") if pd.isna(met) else t("ui.answer_yes") if met else t("ui.answer_no")
