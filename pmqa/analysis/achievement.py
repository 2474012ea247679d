"""Behind category 7's scores: how ambitious targets are, and whether results match the process."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pmqa.analysis.peers import counting, one_view
from pmqa.framework import Framework
from pmqa.scoring import of_settled
from pmqa.tables import Table

AMBITION: Final = Table(
    "ambition",
    {
        "submission": "text",
        "indicator": "text",
        "number": "int",
        "target": "float",
        "actual_1": "float",  # last year's
        "ahead": "float?",  # percent that the target is better than last year's actual; blank where that was 0
        "ambition": "text",  # one of AMBITIONS
    },
    key=("submission", "indicator", "number"),
)
AMBITIONS: Final = ("soft", "same", "ahead")  # worse than last year's actual, within the steady range, better

CONSISTENCY: Final = Table(
    "consistency",
    {
        "agency_code": "text",
        "process": "float",  # mean of the process categories
        "results": "float",  # the results category
        "quadrant": "text",  # one of QUADRANTS
        "n": "int",
    },
    key=("agency_code",),
)
QUADRANTS: Final = ("both_strong", "process_strong", "results_strong", "both_weak")


def ambition(measures: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """MEASURES with a target and last year's actual to AMBITION, softest first."""
    rows = measures[measures["target"].notna() & measures["actual_1"].notna()]
    better = (rows["target"] - rows["actual_1"]) * np.where(rows["direction"] == "lower", -1, 1)
    base = rows["actual_1"].abs()
    steady = framework.scoring.trend_steady_percent / 100 * base
    found = rows.assign(
        ahead=(100 * better / base).where(base > 0),
        ambition=np.select([better < -steady, better > steady], ["soft", "ahead"], "same"),
        order=better / base.where(base > 0, 1),
    )
    return AMBITION.conform(found.sort_values("order", kind="stable"))


def consistency(
    scored: pd.DataFrame, framework: Framework, *, cut: float | None = None, complete_only: bool = True
) -> pd.DataFrame:
    """SCORED of one year and basis to CONSISTENCY: whether what is done and what comes of it go together.

    cut: points from which a side is strong; None = the lowest level's threshold. Agencies in order of their codes.
    """
    categories = counting(one_view(scored)[scored["kind"] == "category"], complete_only=complete_only)
    wide = categories.astype({"agency_code": "str", "scope": "str"}).pivot(
        index="agency_code", columns="scope", values="score"
    )
    wide = wide.reindex(columns=list(framework.scopes("category"))).dropna()
    kinds = {category.id: category.kind for category in framework.categories}
    means = {side: wide.loc[:, wide.columns.map(kinds) == side].mean(axis=1) for side in ("process", "results")}
    found = pd.DataFrame({side: of_settled(mean.to_numpy()) for side, mean in means.items()}, index=wide.index)
    edge = min(framework.scoring.level_thresholds.values()) if cut is None else cut
    does, gets = found["process"] >= edge, found["results"] >= edge
    quadrant = np.select([does & gets, does, gets], QUADRANTS[:3], QUADRANTS[3])
    return CONSISTENCY.conform(found.assign(quadrant=quadrant, n=len(found)).reset_index(names="agency_code"))
