"""Category 7 as a table: every indicator with its achievement, three years, trend and benchmark; core and reach."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from pmqa.framework import Framework
from pmqa.tables import Table

INDICATOR_TABLE: Final = Table(
    "indicator_table",
    {
        "submission": "text",
        "item": "text",
        "indicator": "text",
        "number": "int?",  # blank: the indicator is not reported at all
        "core": "bool",
        "reach": "text",  # organization, sector_area, national
        "name": "text?",  # as the agency calls the measure
        "unit": "text?",
        "direction": "text?",
        "method": "text?",
        "step": "float?",
        "actual_2": "float?",
        "actual_1": "float?",
        "actual": "float?",
        "target": "float?",
        "benchmark": "float?",
        "success_rate": "float?",  # percent
        "score": "float?",
        "trend": "text?",
        "comparison": "text?",
    },
    key=("submission", "indicator", "number"),
)

CORE: Final = Table(
    "core",
    {
        "submission": "text",
        "item": "text",
        "core": "int",  # core indicators of the item
        "reported": "int",  # of them
        "missing": "text?",  # ids of the others, in order
    },
    key=("submission", "item"),
)

BY_REACH: Final = Table(
    "by_reach",
    {
        "submission": "text",
        "reach": "text",
        "indicators": "int",
        "reported": "int",
        "score": "float?",  # mean of the reported ones
    },
    key=("submission", "reach"),
)

FULL: Final = 100  # percent of success: the target is reached
WORSE: Final = "worse"
REACHES: Final = ("organization", "sector_area", "national")


def indicator_table(measures: pd.DataFrame, results: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """MEASURES with their MEASURE_RESULTS of one basis to INDICATOR_TABLE, in the framework's order.

    Every indicator of the edition has a row for each submission of MEASURES; an unreported one has nothing in it.
    """
    key = ["submission", "indicator", "number"]
    text = {"submission": "str", "indicator": "str"}
    shown = results[[*key, "success_rate", "score", "trend", "comparison"]].astype(text)
    rows = measures.astype(text).merge(shown, on=key)
    every = _every(rows["submission"].drop_duplicates(), framework)
    return INDICATOR_TABLE.conform(every.merge(rows, on=["submission", "indicator"], how="left"), check_key=False)


class Worsening(NamedTuple):
    """Measures that miss their target while their trend is worse; of how many others neither can be said."""

    worse: pd.DataFrame  # MEASURES with their MEASURE_RESULTS
    unknown: int


def worsening(measures: pd.DataFrame, results: pd.DataFrame) -> Worsening:
    """MEASURES of any submissions with their MEASURE_RESULTS of one basis to those below target and worsening."""
    key = ["submission", "indicator", "number"]
    text = {"submission": "str", "indicator": "str"}
    shown = results[[*key, "success_rate", "score", "trend"]].astype(text | {"trend": "str"})
    rows = measures.astype(text).merge(shown, on=key)
    # What has reached its target, or goes the right way, is told by one of the two alone.
    fine = (rows["success_rate"] >= FULL) | rows["trend"].isin(["better", "steady"])
    worse = is_worsening(rows)
    return Worsening(rows[worse], int((~fine & ~worse).sum()))


def is_worsening(results: pd.DataFrame) -> pd.Series[bool]:
    """Of each row of MEASURE_RESULTS, whether its target is missed while its trend is worse."""
    return (results["success_rate"] < FULL) & (results["trend"] == WORSE)


def core_completeness(scores: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """SCORES of one basis to CORE: how many core indicators of each result item are reported, and which are not."""
    rows = _indicator_scores(scores, framework)
    rows = rows[rows["core"]].assign(reported=rows["score"].notna())
    key = ["submission", "item"]
    found = rows.groupby(key, sort=False).agg(core=("core", "size"), reported=("reported", "sum")).reset_index()
    missing = rows[~rows["reported"]].groupby(key, sort=False)["indicator"].agg(", ".join).rename("missing")
    return CORE.conform(found.merge(missing, on=key, how="left"))


def by_reach(scores: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """SCORES of one basis to BY_REACH: the row Results of the concept table, from organization to national."""
    rows = _indicator_scores(scores, framework)
    rows = rows.assign(reported=rows["score"].notna(), order=rows["reach"].map(REACHES.index))
    groups = rows.groupby(["submission", "order", "reach"], sort=False)
    found = groups.agg(indicators=("core", "size"), reported=("reported", "sum"), score=("score", "mean"))
    submissions = {submission: place for place, submission in enumerate(rows["submission"].drop_duplicates())}
    found = found.reset_index()
    order = np.lexsort((found["order"], found["submission"].map(submissions)))
    return BY_REACH.conform(found.iloc[order])


def _every(submissions: pd.Series[str], framework: Framework) -> pd.DataFrame:
    about = pd.DataFrame(
        {
            "indicator": [indicator.id for indicator in framework.indicators],
            "item": [indicator.item for indicator in framework.indicators],
            "core": [indicator.core for indicator in framework.indicators],
            "reach": [indicator.reach for indicator in framework.indicators],
        }
    )
    return submissions.astype("str").to_frame().merge(about, how="cross")


def _indicator_scores(scores: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    rows = scores[scores["kind"] == "indicator"].astype({"submission": "str", "scope": "str"})
    every = _every(rows["submission"].drop_duplicates(), framework)
    return every.merge(
        rows[["submission", "scope", "score"]].rename(columns={"scope": "indicator"}),
        on=["submission", "indicator"],
        how="left",
    )
