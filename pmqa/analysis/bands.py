"""Where a measure lies between the edges of its bands, and what the next one asks. Paragraphs 5.2 to 5.4."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pmqa.framework import Framework
from pmqa.scoring import fraction_of
from pmqa.sources import bases
from pmqa.tables import Table

BAND_PLACES: Final = Table(
    "band_places",
    {
        "submission": "text",
        "indicator": "text",
        "number": "int",
        "success_rate": "float?",  # percent
        "score": "float?",
        "band_from": "float?",  # percent, the edge below; blank for the method interval
        "band_to": "float?",  # percent, the edge above; blank in the last band
        "above_edge": "float?",  # percentage points since the edge below
        "to_next": "float?",  # percentage points to the edge above
        "next_points": "float?",  # what the next band, or the next level by interval, earns
        "next_actual": "float?",  # the actual from which it does, in the measure's unit
    },
    key=("submission", "indicator", "number"),
)

CLEAN: Final = 10  # decimals of a difference of rates; further ones are of the arithmetic
ON_TARGET: Final = 100  # the success rate, in percent, of an actual that is the target


def band_places(measures: pd.DataFrame, results: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """MEASURES with their MEASURE_RESULTS of one basis to BAND_PLACES, in the order of MEASURES.

    next_actual is the edge itself: where the band begins only beyond it (101, 105), the actual has to pass it. What
    comes next is blank where no actual earns it: the assessor has refused the measure or has not judged it yet.
    """
    key = ["submission", "indicator", "number"]
    text = {"submission": "str", "indicator": "str"}
    found = results[[*key, "basis", "success_rate", "score"]].astype(text)
    rows = measures.astype(text).merge(found, on=key, how="left")
    scoring = framework.scoring
    rate, points = rows["success_rate"].to_numpy(dtype=np.float64), rows["score"].to_numpy(dtype=np.float64)
    target, step = rows["target"].to_numpy(dtype=np.float64), rows["step"].to_numpy(dtype=np.float64)
    lower = (rows["direction"] == "lower").to_numpy(dtype=np.bool_)
    by_interval = (rows["method"] == "interval").to_numpy(dtype=np.bool_)

    edges = np.array([scoring.success_rate_min, *(band.limit for band in scoring.bands)])
    within = [rate <= band.limit if band.inclusive else rate < band.limit for band in scoring.bands]
    band = np.where(np.isnan(rate), 0, np.argmax(np.stack(within), axis=0)).astype(np.int64)
    banded = ~np.isnan(rate) & ~by_interval
    above = np.where(banded & np.isfinite(edges[band + 1]), edges[band + 1], np.nan)
    # The points at the beginning of the band after this one.
    begins = np.array([b.points if b.points is not None else np.nan for b in scoring.bands[1:]] + [np.nan])
    stands = rows["accepted"].astype("boolean").to_numpy(dtype=np.bool_, na_value=True)
    judged = [basis for basis, one in bases().items() if one.needs_opinion]
    open_to_more = ~np.isnan(points) & (stands | ~rows["basis"].isin(judged).to_numpy(dtype=np.bool_))
    # With a target of 0 the rate is 100 or nothing, so that no actual leads beyond the edge at 100.
    above_reach = np.where(open_to_more & ~((target == 0) & (above > ON_TARGET)), above, np.nan)

    thresholds = np.array([*scoring.level_thresholds.values(), np.nan])
    following = thresholds[np.searchsorted(thresholds[:-1], np.where(open_to_more, points, np.inf), side="right")]
    # What an actual has to be is the decimal that the rules ask for, not one computed beside it.
    next_actual = np.full(len(rows), np.nan)
    for place in np.flatnonzero(~np.isnan(np.where(by_interval, following, above_reach))):
        exact = fraction_of(target[place])
        if by_interval[place]:
            points = fraction_of(following[place]) - fraction_of(scoring.interval_points_at_target)
            ahead = fraction_of(step[place]) * points / fraction_of(scoring.interval_points_per_step)
        else:
            ahead = exact * (fraction_of(above_reach[place]) / ON_TARGET - 1)
        next_actual[place] = exact - ahead if lower[place] else exact + ahead
    return BAND_PLACES.conform(
        rows.assign(
            band_from=np.where(banded, edges[band], np.nan),
            band_to=above,
            above_edge=np.round(np.where(banded, rate - edges[band], np.nan), CLEAN),
            to_next=np.round(above_reach - rate, CLEAN),
            next_points=np.where(by_interval, following, np.where(np.isnan(above_reach), np.nan, begins[band])),
            next_actual=next_actual,
        )
    )
