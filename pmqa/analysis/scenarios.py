"""What if: changes to a copy of a submission, scored by the same rules. The submission itself never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from pmqa.analysis.peers import one_view
from pmqa.analysis.robustness import firm_ranks
from pmqa.framework import Framework
from pmqa.scoring import OVERALL, score
from pmqa.sources import source_of
from pmqa.tables import Table

WHAT_IF: Final = Table(
    "what_if",
    {
        "kind": "text",
        "scope": "text",
        "before": "float?",
        "after": "float?",
        "change": "float?",  # blank where one of the two is
        "level_before": "text?",
        "level_after": "text?",
    },
    key=("kind", "scope"),
)

RANK_MOVE: Final = Table(
    "rank_move",
    {
        "state": "text",  # before, after
        "score": "float?",
        "rank_low": "int?",  # among the others as they are; blank without a score
        "rank_high": "int?",
        "n": "int",
    },
    key=("state",),
)

# Evidence that a scenario assumes, so that a criterion it ticks counts on the basis evidenced too.
ASSUMED: Final = "—"


@dataclass(frozen=True)
class Scenario:
    """What is assumed.

    answers: criterion -> met, not met, or None for unanswered. actuals: (indicator, number) -> actual of the assessed
    year, in the measure's unit; None takes it away. A criterion ticked here is assumed to have its evidence.
    """

    name: str
    answers: Mapping[str, bool | None] = field(default_factory=dict)
    actuals: Mapping[tuple[str, int], float | None] = field(default_factory=dict)


def applied(answers: pd.DataFrame, measures: pd.DataFrame, scenario: Scenario) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Copies of one submission's ANSWERS and MEASURES with the scenario in them.

    Raises KeyError where the scenario changes a criterion or measure that the submission does not have.
    """
    said = answers.copy()
    place = pd.Index(said["criterion"].astype("str"))
    _check("criteria", set(scenario.answers) - set(place))
    changed = place.isin(list(scenario.answers))
    new = [scenario.answers[criterion] for criterion in place[changed]]
    said["met"] = said["met"].astype("boolean")
    said["evidence"] = said["evidence"].astype("str")
    said.loc[changed, "met"] = pd.array(new, dtype="boolean")
    # Only a new tick assumes new evidence; what the agency cited stays.
    ticked = changed & said["met"].eq(True).to_numpy(dtype=np.bool_, na_value=False)
    ticked &= said["evidence"].isna().to_numpy()
    said.loc[ticked, "evidence"] = ASSUMED

    measured = measures.copy()
    scopes = list(zip(measured["indicator"].astype("str"), measured["number"].astype("int64"), strict=True))
    _check("measures", set(scenario.actuals) - set(scopes))
    actual = measured["actual"].to_numpy(dtype=np.float64, copy=True)
    for row, scope in enumerate(scopes):
        if scope in scenario.actuals:
            wanted = scenario.actuals[scope]
            actual[row] = np.nan if wanted is None else wanted
    return said, measured.assign(actual=actual)


def what_if(
    answers: pd.DataFrame, measures: pd.DataFrame, scenario: Scenario, framework: Framework, basis: str
) -> pd.DataFrame:
    """WHAT_IF of one submission: every scope before and after, in the framework's order."""
    key = ["kind", "scope"]
    before = _scores(answers, measures, framework, basis)
    after = _scores(*applied(answers, measures, scenario), framework, basis)
    both = before.merge(after, on=key, suffixes=("_before", "_after"))
    both = both.rename(columns={"score_before": "before", "score_after": "after"})
    return WHAT_IF.conform(both.assign(change=both["after"] - both["before"]))


def rank_move(
    scored: pd.DataFrame, changes: pd.DataFrame, agency: str, framework: Framework, *, complete_only: bool = True
) -> pd.DataFrame:
    """RANK_MOVE of an agency's overall among SCORED of one year and basis, the others staying as they are.

    changes: WHAT_IF of the agency. It is ranked whether it is complete or not; a rank that leaving out one item can
    move is the band within which it moves.
    """
    columns = ["agency_code", "basis", "fiscal_year", "kind", "scope", "score", "coverage", "complete"]
    rows = one_view(scored)
    rows = rows.loc[rows["kind"].isin(["overall", "item"]) & (rows["agency_code"] != agency), columns]
    others = rows.astype(dict.fromkeys(("agency_code", "basis", "kind", "scope"), "str"))
    own = changes.assign(agency_code=agency, coverage=1.0, complete=True)
    own = own.assign(**{name: scored[name].iloc[0] for name in ("basis", "fiscal_year")})
    found = []
    for state in ("before", "after"):
        placed = pd.concat([others, own.assign(score=own[state])[columns]], ignore_index=True)
        placed = placed.astype({"complete": "bool", "score": "float64"})
        ranked = firm_ranks(placed, framework, OVERALL, OVERALL, complete_only=complete_only)
        place = ranked[ranked["agency_code"] == agency].assign(state=state)
        nowhere = {"state": state, "score": np.nan, "rank_low": pd.NA, "rank_high": pd.NA, "n": len(ranked)}
        found.append(place.iloc[0][list(nowhere)].to_dict() if len(place) else nowhere)
    return RANK_MOVE.conform(pd.DataFrame(found))


def _scores(answers: pd.DataFrame, measures: pd.DataFrame, framework: Framework, basis: str) -> pd.DataFrame:
    sources = pd.DataFrame({"submission": [answers["submission"].iloc[0]], "source": [source_of(basis).id]})
    scores = score(sources, answers, measures, framework)
    columns = ["kind", "scope", "score", "level"]
    return scores.loc[scores["basis"] == basis, columns].astype({"kind": "str", "scope": "str", "level": "str"})


def _check(what: str, unknown: set[Any]) -> None:
    if unknown:
        raise KeyError(f"no such {what}: {', '.join(map(str, sorted(unknown)))}")
