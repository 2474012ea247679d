"""From one year to another, like for like: what rose, what fell, what changed in the answers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import pandas as pd

from pmqa.analysis.changes import CHANGED_ANSWERS
from pmqa.framework import Framework
from pmqa.scoring import OVERALL, level_ids
from pmqa.shown import differences_shown, shown_tenths
from pmqa.tables import Table, as_text

MOVES: Final = Table(
    "moves",
    {
        "agency_code": "text",
        "kind": "text",  # item, category, dimension, overall
        "scope": "text",
        "before": "float?",
        "after": "float?",
        "change": "float?",  # after - before, as published
        "like_before": "float?",  # over the shared items
        "like_after": "float?",
        "like_change": "float?",
        "items": "int",  # of the scope; 0 for a dimension, whose parts are criteria
        "items_shared": "int",  # of them, answered alike in both years, so that they can be compared
        "level_before": "text?",
        "level_after": "text?",
        "like_for_like": "bool",  # same edition, and the same parts answered: every one can be compared
        "regressed": "bool",  # like for like, it shows less than before or is on a lower level
    },
    key=("agency_code", "kind", "scope"),
)

ANSWER_CHANGES: Final = Table(
    "answer_changes",
    {
        "agency_code": "text",
        **CHANGED_ANSWERS.some("item", "criterion", "level", "before", "after"),
        "change": "text",  # one of CHANGES
        **CHANGED_ANSWERS.some("evidence_before", "evidence_after"),
    },
    key=("agency_code", "criterion"),
)

CHANGES: Final = {
    "no yes": "gained",
    "yes no": "lost",
    "blank yes": "newly_met",
    "blank no": "newly_not_met",
    "yes blank": "withdrawn",
    "no blank": "withdrawn",
}

KEY: Final = ["agency_code", "kind", "scope"]
MOVING: Final = ("item", "category", "dimension", "overall")  # kinds of scopes that are compared


def moves(
    before: pd.DataFrame, after: pd.DataFrame, framework: Framework, *, kinds: Collection[str] = MOVING
) -> pd.DataFrame:
    """SCORED of two years on one basis to MOVES of the agencies in both, in the order of `after`.

    An item or dimension can be compared where it is complete in both years, an item of results where the same
    indicators were reported. A category or the overall is compared over those items alone, so that what was newly
    answered or left blank moves nothing; like_for_like says whether these are all, under the same edition.
    kinds: those of MOVING that are wanted.
    """
    columns = [*KEY, "score", "level", "complete", "edition"]
    old, new = (
        year.loc[year["kind"].isin({"item", *kinds}), columns].astype(dict.fromkeys([*KEY, "level", "edition"], "str"))
        for year in (before, after)
    )
    both = new.merge(old, on=KEY, suffixes=("", "_before"))
    both = both.assign(
        before=both["score_before"],
        after=both["score"],
        level_after=both["level"],
        same_edition=both["edition"] == both["edition_before"],
    ).merge(_like(both, _reported_once(before, after, framework), framework), on=KEY, how="left")
    both = both[both["kind"].isin(kinds)]
    like = both["same_edition"] & both["same"].astype("boolean").where(both["same"].notna(), False).astype("bool")
    rank = {level: number for number, level in enumerate(level_ids(framework))}
    shown = [shown_tenths(both[column].to_numpy(dtype=np.float64)) for column in ("like_before", "like_after")]
    fell = (shown[1] < shown[0]) | (both["level_after"].map(rank) < both["level_before"].map(rank))
    return MOVES.conform(
        both.assign(
            change=differences_shown(both["after"], both["before"]),
            like_change=differences_shown(both["like_after"], both["like_before"]),
            like_for_like=like,
            regressed=like & fell,
        )
    )


def contributions(moved: pd.DataFrame) -> pd.DataFrame:
    """MOVES of one agency to those of its categories, and `contribution`: what each adds to the overall's like_change.

    In points of the overall, unrounded: they sum to its change. Blank where a category cannot be compared.
    """
    categories = moved[moved["kind"] == "category"]
    change = categories["like_after"] - categories["like_before"]
    return categories.assign(contribution=change / max(int(change.notna().sum()), 1))


def _reported_once(before: pd.DataFrame, after: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Agency and item of the indicators that were reported in only one of the years."""
    item_of = {indicator.id: indicator.item for indicator in framework.indicators}
    reported = [
        year.loc[(year["kind"] == "indicator") & year["score"].notna(), ["agency_code", "scope"]].astype("str")
        for year in (before, after)
    ]
    once = pd.concat(reported).drop_duplicates(keep=False)
    return once.assign(scope=once["scope"].map(item_of)).drop_duplicates()


def _like(both: pd.DataFrame, once: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """For each agency and scope: both years over what can be compared, and whether that is all.

    once: of `_reported_once`. An unreported core indicator counts in both years alike, an optional one in neither.
    """
    scored, scored_before = both["score"].notna(), both["score_before"].notna()
    other_reports = pd.MultiIndex.from_frame(both[["agency_code", "scope"]]).isin(pd.MultiIndex.from_frame(once))
    other_reports |= (both["scope"] == framework.scoring.results_dimension) & both["agency_code"].isin(
        once["agency_code"]
    )
    of_results = both["scope"].isin([item.id for item in framework.items_with_indicators])
    whole = of_results | (both["complete"].astype("bool") & both["complete_before"].astype("bool"))
    shared = scored & scored_before & whole & ~other_reports
    rows = both.assign(
        shared=shared,
        like_before=both["score_before"].where(shared),
        like_after=both["score"].where(shared),
        same=shared | ~(scored | scored_before),
    )
    parts = ["like_before", "like_after", "items", "items_shared", "same"]
    items = rows[rows["kind"] == "item"].assign(items=1, items_shared=lambda frame: frame["shared"].astype("int64"))
    category_of = {item.id: item.category for item in framework.items}
    rolled = items.assign(category=items["scope"].map(category_of))
    how = {
        "like_before": ("like_before", "mean"),
        "like_after": ("like_after", "mean"),
        "items": ("items", "sum"),
        "items_shared": ("items_shared", "sum"),
        "same": ("same", "all"),
    }
    categories = rolled.groupby(["agency_code", "category"], sort=False).agg(**how).reset_index()
    overall = categories.groupby("agency_code", sort=False).agg(**how).reset_index()
    dimensions = rows[rows["kind"] == "dimension"]
    found = pd.concat(
        [
            items[[*KEY, *parts]],
            categories.rename(columns={"category": "scope"}).assign(kind="category"),
            overall.assign(kind="overall", scope=OVERALL),
            dimensions.assign(items=0, items_shared=0)[[*KEY, *parts]],
        ]
    )
    # Nothing in common is no comparison, even where both are equally empty.
    return found.assign(same=found["same"] & found["like_after"].notna())


def answer_changes(
    answers: pd.DataFrame, submissions: pd.DataFrame, framework: Framework, before: int, after: int
) -> pd.DataFrame:
    """ANSWERS with their SUBMISSIONS, of one source, to ANSWER_CHANGES between two fiscal years.

    Unchanged answers are left out, and criteria that only one of the years' editions has. Agencies in order of their
    codes, criteria in the framework's.
    """
    whose = submissions[["submission", "agency_code", "fiscal_year"]].astype({"submission": "str"})
    rows = as_text(answers, "submission", "criterion").merge(whose, on="submission")
    said = rows["met"].astype("boolean")
    rows["said"] = np.select([said.isna(), said.where(said.notna(), False).astype("bool")], ["blank", "yes"], "no")
    columns = ["agency_code", "criterion", "said", "met", "evidence"]
    old, new = (rows.loc[rows["fiscal_year"] == year, columns] for year in (before, after))
    both = old.merge(new, on=["agency_code", "criterion"], suffixes=("_before", "_after"))
    criteria = pd.DataFrame(
        {
            "criterion": [criterion.id for criterion in framework.criteria],
            "item": [criterion.item for criterion in framework.criteria],
            "level": [criterion.level for criterion in framework.criteria],
            "order": range(len(framework.criteria)),
        }
    )
    found = both[both["said_before"] != both["said_after"]].merge(criteria, on="criterion")
    found = found.assign(
        change=(found["said_before"] + " " + found["said_after"]).map(CHANGES),
        before=found["met_before"],
        after=found["met_after"],
    )
    return ANSWER_CHANGES.conform(found.sort_values(["agency_code", "order"]))
