"""Improvement plans: from blocking criteria or a path to actions, their progress, what came of them a year later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from pmqa.analysis.paths import met_criteria
from pmqa.framework import Framework
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
        "already_met": "int",  # met before the plan and still: nothing to close
        "lost": "int",  # met before and not any more
        "unknown": "int",  # unanswered in the next submission
        "state": "text",  # one of PLAN_STATES
    },
    key=("action",),
)

CRITERION_STATES: Final = ("closed", "open", "already_met", "lost", "unknown")
PLAN_STATES: Final = ("done", "partly", "nothing", "lost", "unknown", "nothing_to_close")
DONE: Final = 100.0  # percent


def criteria_to_close(criteria: Sequence[str], framework: Framework) -> pd.DataFrame:
    """item and criterion of criteria by id, in their order: what actions are drafted from, of a path or scenario."""
    items = [framework.criterion[criterion].item for criterion in criteria]
    return pd.DataFrame({"item": items, "criterion": list(criteria)}, dtype="str")


def are_planned(criteria: pd.Series[str], actions: pd.DataFrame) -> pd.Series[bool]:
    """Whether an action of ACTIONS closes each criterion."""
    planned = {criterion for ids in actions["criteria"] for criterion in ids.split()}
    return criteria.astype("str").isin(planned)


def draft_actions(criteria: pd.DataFrame, agency_code: str, fiscal_year: int) -> pd.DataFrame:
    """ACTIONS, one an item, from BLOCKERS, PATH_STEPS or `criteria_to_close` of one submission, in their order.

    Nobody owns them yet; `what` and `action` hold the item's id until somebody says what will be done.
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
    rows = blockers.astype({"item": "str", "criterion": "str"})
    rows = rows.assign(has=are_planned(rows["criterion"], actions))
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
        states = [_criterion_state(was.get(criterion), now.get(criterion)) for criterion in criteria]
        counts = {state: states.count(state) for state in CRITERION_STATES}
        rows.append({"action": action, "criteria": len(states), **counts, "state": _plan_state(counts)})
    return PLAN_EFFECTS.conform(pd.DataFrame(rows) if rows else PLAN_EFFECTS.empty())


def _said(answers: pd.DataFrame, basis: str) -> dict[str, bool]:
    """Criterion -> whether it counts as met, of those that were answered."""
    met = met_criteria(answers, basis)
    return {criterion: criterion in met for criterion in answers.loc[answers["met"].notna(), "criterion"].astype("str")}


def _criterion_state(was: bool | None, now: bool | None) -> str:
    if now is None:
        return "unknown"
    if was:
        return "already_met" if now else "lost"
    return "closed" if now else "open"


def _plan_state(counts: Mapping[str, int]) -> str:
    """What became of an action; what was lost comes before what was won."""
    to_close = counts["closed"] + counts["open"] + counts["unknown"]
    if counts["lost"]:
        return "lost"
    if not to_close:
        return "nothing_to_close"
    if counts["unknown"] == to_close:
        return "unknown"
    if counts["closed"] == to_close:
        return "done"
    return "partly" if counts["closed"] else "nothing"
