"""Scenarios that were kept for another submission of an agency, and what of them says something of the present one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pmqa.views import data
from pmqa.views.cards.plan import met_on_basis
from pmqa.views.view import View
from pmqa.views.words import source_name


@dataclass(frozen=True)
class Elsewhere:
    """A scenario that was kept for another submission of the agency. changes: JSON, as it is kept."""

    submission: str
    name: str
    changes: str
    label: str


@dataclass(frozen=True)
class Fitted:
    """What a scenario of another submission assumes of this one, and how many assumptions it cannot take over.

    as_sent: those that this submission has as its own. gone: those about measures or criteria that it does not have.
    """

    answers: dict[str, bool | None]
    actuals: dict[str, float | None]
    as_sent: int
    gone: int

    @property
    def taken(self) -> int:
        """How many assumptions were taken over."""
        return len(self.answers) + len(self.actuals)


def scenarios_elsewhere(view: View, agency: str, submission: str, kept: pd.DataFrame) -> dict[str, Elsewhere]:
    """The agency's SCENARIOS that belong to earlier submissions, other years or the other source, the latest first.

    kept: SCENARIOS of all submissions that the viewer may see.
    """
    t = view.t
    sent = data.history(view.version, view.viewer)
    sent = sent[(sent["agency_code"] == agency) & (sent["submission"] != submission)]
    order = {str(one): place for place, one in enumerate(sent["submission"])}
    facts = sent.astype({"submission": "str"}).set_index("submission")[["fiscal_year", "source"]]
    rows = kept[kept["submission"].isin(order)].sort_values("submission", key=lambda ids: ids.map(order), kind="stable")
    found = {}
    for one, name, changes in zip(rows["submission"], rows["name"], rows["changes"], strict=True):
        year, source = facts.loc[one]
        about = {"year": t.year(int(year)), "source": source_name(source, t), "submission": one}
        label = t("plan_page.of_submission", name=name, **about)
        found[f"{one}/{name}"] = Elsewhere(str(one), str(name), str(changes), label)
    return found


def fitted(view: View, submission: str, changes: Mapping[str, Any]) -> Fitted:
    """A scenario as far as it says something of this submission. changes: `answers` by criterion, `actuals` by
    indicator#number."""
    met, there = met_on_basis(view, submission), set(view.answers(submission)["criterion"].astype("str"))
    measures = view.measures(submission)
    ids = [f"{i}#{n}" for i, n in zip(measures["indicator"].astype("str"), measures["number"], strict=True)]
    actual = dict(zip(ids, measures["actual"].astype("object").where(measures["actual"].notna(), None), strict=True))
    answers = {c: wanted for c, wanted in changes["answers"].items() if c in there}
    actuals = {scope: wanted for scope, wanted in changes["actuals"].items() if scope in actual}
    new_answers = {c: wanted for c, wanted in answers.items() if wanted != (c in met)}
    new_actuals = {scope: wanted for scope, wanted in actuals.items() if wanted != actual[scope]}
    known, new = len(answers) + len(actuals), len(new_answers) + len(new_actuals)
    gone = len(changes["answers"]) + len(changes["actuals"]) - known
    return Fitted(new_answers, new_actuals, known - new, gone)
