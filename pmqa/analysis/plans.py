"""Improvement plans: from blocking criteria or a path to actions, their progress, what came of them a year later."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pmqa.analysis.paths import met_criteria
from pmqa.tables import ACTIONS, Table

PLAN_COVERAGE: Final = Table(
    "plan_coverage",
    {
        "item": "text",
        "gaps": "int",  # blocking criteria
        "with_action": "int",
        "share": "float",
        "without_action": "text?",  # their ids, separated by a space
    },
    key=("item",),
)

PLAN_PROGRESS: Final = Table(
    "plan_progress",
    {
        "action": "text",
        "month_6": "float?",  # percent; blank = not reported
        "month_12": "float?",
        "latest": "float?",
        "overdue": "bool",  # past its date and not at 100
    },
    key=("action",),
)

PLAN_EFFECTS: Final = Table(
    "plan_effects",
    {
        "action": "text",
        "criteria": "int",
        "closed": "int",  # met in the next submission and not before
        "open": "int",  # not met in the next submission
        "already_met": "int",  # met before the plan: nothing to close
        "unknown": "int",  # unanswered in the next submission
        "state": "text",  # done, partly, nothing, unknown
    },
    key=("action",),
)

DONE: Final = 100.0  # percent


def draft_actions(criteria: pd.DataFrame, agency_code: str, fiscal_year: int) -> pd.DataFrame:
    """ACTIONS, one an item, from BLOCKERS or PATH_STEPS of one submission, in their order; nobody owns them yet.

    `what` and `action` hold the item's id until somebody says what will be done.
    """
    found = criteria.groupby("item", sort=False)["criterion"].agg(" ".join).reset_index(name="criteria")
    return ACTIONS.conform(
        found.assign(
            action=found["item"],
            agency_code=agency_code,
            fiscal_year=fiscal_year,
            what=found["item"],
            owner=None,
            due=pd.NaT,
        )
    )


def plan_coverage(blockers: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """BLOCKERS of one submission with the ACTIONS of its agency and year to PLAN_COVERAGE, items in order."""
    planned = {criterion for criteria in actions["criteria"] for criterion in criteria.split()}
    rows = blockers.astype({"item": "str", "criterion": "str"})
    rows = rows.assign(has=rows["criterion"].isin(planned))
    rows = rows.assign(lacking=rows["criterion"].where(~rows["has"]))
    found = (
        rows.groupby("item", sort=False)
        .agg(
            gaps=("criterion", "size"),
            with_action=("has", "sum"),
            without_action=("lacking", lambda lacking: " ".join(lacking.dropna()) or None),
        )
        .reset_index()
    )
    return PLAN_COVERAGE.conform(found.assign(share=found["with_action"] / found["gaps"]))


def plan_progress(actions: pd.DataFrame, progress: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """ACTIONS with their PROGRESS reports to PLAN_PROGRESS, in the order of actions. now: UTC, without a zone."""
    months = {
        f"month_{month}": progress[progress["month"] == month].set_index("action")["percent"] for month in (6, 12)
    }
    latest = progress.sort_values("month").drop_duplicates("action", keep="last").set_index("action")["percent"]
    found = actions[["action", "due"]].assign(
        latest=actions["action"].map(latest), **{name: actions["action"].map(of) for name, of in months.items()}
    )
    late = found["due"].notna() & (found["due"] < now)
    return PLAN_PROGRESS.conform(found.assign(overdue=late & ~(found["latest"] >= DONE)))


def plan_effects(actions: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame, basis: str) -> pd.DataFrame:
    """ACTIONS of one agency with its ANSWERS of the planned year and of the next to PLAN_EFFECTS.

    It says what is met now, on the basis, and was not; that the action brought it about is for people to judge.
    """
    was, now = (_said(year, basis) for year in (before, after))
    rows = []
    for action, criteria in zip(actions["action"], actions["criteria"].str.split(), strict=True):
        states = [_state(was.get(criterion), now.get(criterion)) for criterion in criteria]
        counts = {state: states.count(state) for state in ("closed", "open", "already_met", "unknown")}
        to_close = len(states) - counts["already_met"]
        if counts["unknown"] == to_close and to_close:
            state = "unknown"
        elif counts["closed"] == to_close:
            state = "done"
        else:
            state = "partly" if counts["closed"] else "nothing"
        rows.append({"action": action, "criteria": len(states), **counts, "state": state})
    return PLAN_EFFECTS.conform(pd.DataFrame(rows) if rows else PLAN_EFFECTS.empty())


def _said(answers: pd.DataFrame, basis: str) -> dict[str, bool]:
    """Criterion -> whether it counts as met, of those that were answered."""
    met = met_criteria(answers, basis)
    return {criterion: criterion in met for criterion in answers.loc[answers["met"].notna(), "criterion"].astype("str")}


def _state(was: bool | None, now: bool | None) -> str:
    if was:
        return "already_met"
    if now is None:
        return "unknown"
    return "closed" if now else "open"
