"""The page Numbers to look at again: findings, soft targets, process against results, one unit for all."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2s
from typing import Any, Final

import numpy as np
import pandas as pd

from pmqa import charts
from pmqa.analysis import achievement
from pmqa.analysis.doctor import CHECKS, reason
from pmqa.analysis.matching import places_of, taken
from pmqa.errors import CardGone
from pmqa.shown import differences_shown
from pmqa.tables import as_text, text_of
from pmqa.text import Translator
from pmqa.views import derived
from pmqa.views.cards import Card, Column, Metric, card, usual
from pmqa.views.choices import NOBODY, Agency
from pmqa.views.numbers import numbers
from pmqa.views.view import View
from pmqa.views.wide import prose

MOST_AMBITIONS: Final = 60  # rows of the table, the softest first
EVERYBODY: Final = Agency("all")
KEY: Final = ["submission", "indicator", "number"]
ABOUT: Final = ("name", "unit", "sheet", "actual_cell", "target_cell")  # of a measure
ASKED: Final = ["check", "column", "value", "compared", "n"]  # what a reason is made of


def counts(view: View) -> list[Metric]:
    """How many measures there are, and how many of them deserve a look."""
    t = view.t
    found = derived.diagnoses(view)
    measures = view.figures(*view.submissions["submission"])
    questioned = found.drop_duplicates(KEY)
    return [
        Metric(t("doctor_page.measures", n=len(view.agencies)), t.number(len(measures), 0)),
        Metric(t("doctor_page.questioned"), t.number(len(questioned), 0)),
        Metric(t("doctor_page.agencies"), t.number(found["submission"].nunique(), 0)),
    ]


def checks(view: View) -> dict[str, int]:
    """Check -> findings, the graver checks first; only those that found something."""
    found = derived.diagnoses(view)["check"].astype("str").value_counts()
    return {check: int(found[check]) for check in CHECKS if check in found.index}


def check_words(view: View, check: str, found: dict[str, int]) -> str:
    """A check with its number of findings."""
    n = sum(found.values()) if check == "all" else found[check]
    return f"{view.t(f'doctor_page.check_{check}')} ({n})"


@card("doctor.diagnoses")
def diagnoses(view: View, check: str = "all", agency: Agency = EVERYBODY) -> Card:
    """Each finding with the reason that a person can check."""
    t = view.t
    found = derived.diagnoses(view).astype({"submission": "str", "indicator": "str", "check": "str"})
    whose = view.submissions[["submission", "agency_code", "agency_name"]].astype("str")
    rows = found.merge(whose, on="submission")
    rows = rows if check == "all" else rows[rows["check"] == check]
    rows = rows if agency == EVERYBODY else rows[rows["agency_code"] == agency]
    measures = view.measures(*view.ids)
    place = places_of(rows, measures, KEY)
    rows = rows.assign(**{name: taken(measures[name], place) for name in ABOUT}).reset_index(drop=True)
    checks = {name: t(f"doctor_page.check_{name}") for name in rows["check"].unique().tolist()}
    table = rows.assign(
        measure=_measures(view, rows),
        check_name=rows["check"].map(checks).astype("str"),
        # The columns that a reason is made of, and no other: going through all takes most of the time.
        reason=_reasons(rows[ASKED], t),
        place=_texts(rows, _places(rows)),
    )
    kind = prose(len(table))
    columns = (
        Column("agency_name", t("ui.agency"), kind),
        Column("check_name", t("doctor_page.check"), "id"),
        Column("measure", t("ui.measure"), kind),
        Column("reason", t("doctor_page.reason"), kind),
        Column("place", t("doctor_page.place")),
    )
    notes = (t("doctor_page.a_question"),) if len(table) else (t("doctor_page.nothing_found"),)
    results = view.measure_results(*view.ids)
    scores = taken(results["score"], places_of(rows, results, KEY))
    measure = rows["indicator"] + "#" + rows["number"].astype("str")
    traced = numbers(view, agency_code=rows["agency_code"], scope=measure, score=scores)
    return Card(t("doctor_page.diagnoses"), table, columns, len(view.agencies), notes=notes, numbers=traced)


@card("doctor.ambition")
def ambition(view: View) -> Card:
    """Targets against last year's actual, the softest first."""
    t = view.t
    measures = view.measures(*view.submissions["submission"])
    found = achievement.ambition(measures, view.framework).astype({"submission": "str", "indicator": "str"})
    shown = found.head(MOST_AMBITIONS)
    whose = view.submissions[["submission", "agency_name"]].astype("str")
    names = measures[[*KEY, "name", "unit"]].astype({"submission": "str", "indicator": "str"})
    rows = shown.merge(whose, on="submission").merge(names, on=KEY)
    table = rows.assign(
        indicator_name=_texts(rows, [view.scope_name("indicator", indicator) for indicator in rows["indicator"]]),
        verdict=_texts(rows, [t(f"doctor_page.ambition_{name}") for name in rows["ambition"]]),
    )
    columns = (
        *usual(t, "agency_name", "indicator_name"),
        Column("name", t("ui.measure"), "long"),
        *usual(t, "unit"),
        Column("actual_1", t("ui.actual", year=t.year(view.fiscal_year - 1)), "value"),
        *usual(t, "target"),
        Column("ahead", t("doctor_page.ahead"), "rate"),
        Column("verdict", t("doctor_page.verdict")),
    )
    soft = int((found["ambition"] == "soft").sum())
    notes = [t("doctor_page.soft", n=soft, of=len(found))]
    if len(found) > MOST_AMBITIONS:
        notes.append(t("doctor_page.first", n=MOST_AMBITIONS, of=len(found)))
    return Card(t("doctor_page.ambition"), table, columns, len(view.agencies), notes=tuple(notes))


@card("doctor.quadrant")
def consistency(view: View, agency: Agency = NOBODY) -> Card:
    """Whether what agencies do and what comes of it go together."""
    t = view.t
    title = t("doctor_page.consistency", **view.framework.kinds(t))
    points = charts.quadrant_data(view.scored, view.framework)
    caption = view.caption(title, len(view.agencies))
    drawing = charts.quadrant(points, caption, view.framework, t, highlight=(agency,), minimum=view.peer_minimum)
    quarters = achievement.consistency(view.scored, view.framework, complete_only=view.complete_only)
    quarters = quarters.set_index("agency_code")["quadrant"]
    found = points["series"].map(quarters)
    table = points.assign(
        quarter=[None if pd.isna(name) else t(f"doctor_page.quadrant_{name}") for name in found],
        difference=differences_shown(points["process"], points["results"]),
    )
    columns = (
        *usual(t, "series", "series_name"),
        Column("process", t("doctor_page.process", **view.framework.kinds(t)), "score"),
        Column("results", t("doctor_page.results", **view.framework.kinds(t)), "score"),
        Column("difference", t("doctor_page.difference"), "score"),
        Column("quarter", t("doctor_page.quarter")),
        *usual(t, "coverage"),
    )
    results = view.framework.scoring.results_category
    traced = numbers(view, agency_code=points["series"], scope=results, score=points["results"])
    notes = (t("doctor_page.consistency_note"),)
    return Card(title, table, columns, len(points), notes=notes, numbers=traced, drawing=drawing)


def shared_names(view: View) -> dict[str, str]:
    """Measures that several agencies report, in the framework's order: id -> indicator, name and n."""
    rows = derived.shared_measures(view).drop_duplicates(["indicator", "measure"])
    order = {indicator: place for place, indicator in enumerate(view.framework.scopes("indicator"))}
    rows = rows.assign(place=rows["indicator"].map(order)).sort_values(["place", "n"], ascending=[True, False])
    return {
        _shared_id(row.indicator, row.measure): f"{row.indicator} {row.measure} ({view.t('ui.n_of', n=row.n)})"
        for row in rows.itertuples()
    }


@card("doctor.shared")
def shared(view: View, measure: str, agency: Agency = NOBODY) -> Card:
    """One measure of several agencies in one unit, the best first; what cannot be compared last, with the reason."""
    t = view.t
    found = derived.shared_measures(view)
    ids = [_shared_id(*of) for of in zip(found["indicator"], found["measure"], strict=True)]
    rows = found[pd.Series(ids, index=found.index) == measure]
    if rows.empty:
        raise CardGone(t("doctor_page.nothing_shared"))
    first = rows.iloc[0]
    unit, n = str(first["unit"]), int(first["n"])
    title = t("doctor_page.shared", measure=f"{first['indicator']} {first['measure']}")
    sent = [f"{value:,.10g} {of}" for value, of in zip(rows["actual_sent"], rows["unit_sent"], strict=True)]
    table = rows.drop(columns="median").assign(
        agency_name=_texts(rows, [view.agencies[code] for code in rows["agency_code"]]),
        sent=_texts(rows, sent),
        how=_texts(rows, [_how(view, row) for row in rows.itertuples()]),
    )
    columns = (
        *usual(t, "agency_code", "agency_name"),
        Column("actual", t("doctor_page.actual_in", unit=unit), "value"),
        Column("target", t("doctor_page.target_in", unit=unit), "value"),
        *usual(t, "success_rate"),
        Column("sent", t("doctor_page.as_sent")),
        Column("how", t("doctor_page.compared")),
    )
    enough = n >= view.peer_minimum
    refused = int(rows["refused"].notna().sum())
    notes = [t("doctor_page.shared_note")]
    if refused:
        notes.append(t("doctor_page.not_compared", n=refused))
    if not enough:
        notes.append(t("doctor_page.too_few", minimum=view.peer_minimum))
    points = charts.actuals_data(rows, view.agencies)
    median, direction = (float(first["median"]) if enough else None), str(first["direction"])
    caption = view.caption(title, n)
    said: dict[str, Any] = {"unit": unit, "direction": direction, "median": median}
    drawing = charts.actuals(points, caption, t, highlight=(agency,), **said)
    scores = view.measure_results(*rows["submission"].unique())[[*KEY, "score"]]
    named = rows[[*KEY, "agency_code"]].merge(as_text(scores, "submission", "indicator"), on=KEY)
    scope = named["indicator"] + "#" + named["number"].astype("str")
    traced = numbers(view, agency_code=named["agency_code"], scope=scope, score=named["score"])
    return Card(title, table, columns, n, notes=tuple(notes), numbers=traced, drawing=drawing)


def _shared_id(indicator: str, measure: str) -> str:
    """An id for links: names of measures are sentences."""
    return f"{indicator}-{blake2s(measure.encode(), digest_size=4).hexdigest()}"


def _how(view: View, row: Any) -> str:
    """Whether a value is compared as it was sent, converted, or not, and why."""
    t = view.t
    if pd.notna(row.refused):
        return t(f"doctor_page.refused_{row.refused}")
    return t("doctor_page.converted") if row.converted else t("doctor_page.as_it_is")


def _texts(rows: pd.DataFrame, texts: Sequence[str | None] | pd.Series[str]) -> pd.Series[str]:
    return pd.Series(texts, index=rows.index, dtype="str")


def _reasons(asked: pd.DataFrame, t: Translator) -> pd.Series[str]:
    """The reason of each row; where many agencies are asked the same of the same number, it is worded once."""
    alike = asked.groupby(ASKED, sort=False, dropna=False).ngroup().to_numpy()
    _, first = np.unique(alike, return_index=True)
    words = [reason(row, t) for row in asked.iloc[first].itertuples()]
    return _texts(asked, pd.array(words, dtype="str").take(alike))


def _measures(view: View, rows: pd.DataFrame) -> pd.Series[str]:
    """Measures by their own names; by their indicator's where they have none."""
    indicators = {one: view.scope_name("indicator", one) for one in rows["indicator"].unique().tolist()}
    return (rows["indicator"] + " " + rows["name"]).fillna(rows["indicator"].map(indicators)).astype("str")


def _places(rows: pd.DataFrame) -> pd.Series[str]:
    """The cells of the numbers that are asked about; blank for numbers whose cells are not kept."""
    of_actual = rows["column"].isin(["actual", "success_rate"])
    cells = text_of(rows["target_cell"]).where(
        rows["column"] == "target", text_of(rows["actual_cell"]).where(of_actual)
    )
    return text_of(rows["sheet"]) + "!" + cells
