"""The page Trace: a number taken apart into what it is made of, down to answers, evidence and cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Final, Literal

import pandas as pd

from pmqa.analysis.trace import traces
from pmqa.errors import CardGone
from pmqa.exports import worded_trace
from pmqa.scoring import OVERALL
from pmqa.text import MISSING
from pmqa.views import data
from pmqa.views.cards import Card, Column, Metric, card, usual
from pmqa.views.choices import Agency
from pmqa.views.view import View

KINDS: Final = ("category", "item", "dimension", "indicator")
# How deep the steps go, and which kinds of steps that shows.
SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "parts": ("overall", "category", "dimension", "item"),
    "levels": ("overall", "category", "dimension", "item", "level", "indicator"),
    "cells": ("overall", "category", "dimension", "item", "level", "indicator", "criterion", "measure"),
}
DETAILS: Final = tuple(SHOWN)


@dataclass(frozen=True)
class Original:
    """The file that the number comes from."""

    name: str
    contents: Callable[[], bytes]


def scopes(view: View, submission: str) -> dict[str, str]:
    """Every number that can be traced: id -> name, with the measures that the agency reported."""
    found = {OVERALL: view.scope_name("overall", OVERALL)}
    for kind in KINDS:
        found |= {scope: view.scope_name(kind, scope) for scope in view.framework.scopes(kind)}
    rows = view.measures(submission)
    for indicator, number, name in zip(rows["indicator"].astype("str"), rows["number"], rows["name"], strict=True):
        found[f"{indicator}#{number}"] = f"{indicator}#{number} {MISSING if pd.isna(name) else name}"
    return found


def first_detail(view: View, scope: str) -> Literal["parts", "levels", "cells"]:
    """As deep as a page holds: items of a total, cells of anything smaller."""
    return "parts" if scope == OVERALL else "levels" if scope in view.framework.category else "cells"


def summary(view: View, submission: str, scope: str) -> list[Metric]:
    """The number, what it could still gain, and why criteria do not count."""
    t = view.t
    rows = traced(view, submission, scope)
    first = rows.iloc[0]
    criteria = rows.loc[rows["kind"] == "criterion", "state"].value_counts()
    metrics = [
        Metric(t("ui.score"), t.number(first["score"])),
        Metric(t("ui.coverage"), t.percent(first["coverage"])),
    ]
    for state in ("held_back", "not_met", "without_evidence", "unanswered"):
        if state in criteria.index or (state != "without_evidence" and len(criteria)):
            label = t("trace_page.criteria_that", state=t(f"trace_page.state_{state}"))
            metrics.append(Metric(label, t.number(int(criteria.get(state, 0)), 0)))
    return metrics


@card("trace.steps", closed="evidence")
def steps(
    view: View, agency: Agency, scope: str = OVERALL, detail: Literal["", "parts", "levels", "cells"] = ""
) -> Card:
    """The steps from the number down, each with what it adds to the step above.

    detail: "" = as deep as a page holds.
    """
    t, submission = view.t, view.submission_id(agency)
    known = scopes(view, submission)
    if scope not in known:
        raise CardGone(t("views.gone", name="scope", ids=scope, known=", ".join(known)))
    name, detail = known[scope], detail or first_detail(view, scope)
    title = t("trace_page.steps", agency=view.agencies[agency], scope=name)
    rows = traced(view, submission, scope)
    rows = rows[rows["kind"].isin(SHOWN[detail]) | (rows["depth"] == 0)]
    origins = data.origins(view.version, view.viewer, submission)
    table = worded_trace(rows, view.framework, t)
    table["origin"] = pd.Series([origins.get(place) for place in rows["place"]], index=rows.index, dtype="str")
    every = (
        Column("kind", t("trace_page.kind"), "id"),
        Column("scope", t("ui.code"), "id"),
        Column("name", t("trace_page.step"), "long"),
        *usual(t, "answer_name"),
        Column("state_name", t("trace_page.state"), "long"),
        *usual(t, "score"),
        Column("points", t("trace_page.adds"), "score"),
        Column("weight", t("trace_page.weight"), "percent"),
        *usual(t, "coverage", "evidence"),
        Column("next_step", t("trace_page.next"), "long"),
        Column("place", t("trace_page.place")),
        Column("origin", t("trace_page.origin"), "long"),
        Column("target_place", t("trace_page.target_place")),
    )
    columns = tuple(column for column in every if table[column.name].notna().any())
    return Card(title, table, columns, 1, notes=(t("trace_page.how"),))


def original(view: View, submission: str) -> Original:
    """The file as it was sent."""
    name = view.submissions.set_index("submission").at[submission, "file_name"]
    return Original(PurePath(str(name)).stem, partial(data.original, view.viewer, submission))


def traced(view: View, submission: str, scope: str) -> pd.DataFrame:
    """TRACE of one number of the view."""
    (rows,) = traces(
        data.scores(view.version, view.viewer, (submission,)),
        view.answers(submission),
        view.measures(submission),
        view.measure_results(submission),
        view.framework,
        basis=view.basis,
        scopes=(scope,),
    )
    return rows
