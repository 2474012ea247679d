"""Indicator doctor: numbers of category 7 that deserve a second look, each with a reason that a person can check.

A finding is a question to the agency, never a correction: no score changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd

from pmqa.analysis.units import PERCENT, units_of
from pmqa.framework import Framework
from pmqa.tables import Table
from pmqa.text import BUDDHIST_ERA, Translator

DIAGNOSES: Final = Table(
    "diagnoses",
    {
        "submission": "text",
        "indicator": "text",
        "number": "int",
        "check": "text",  # one of CHECKS
        "column": "text",  # of MEASURES, or success_rate: where to look
        "value": "float",  # what stands there
        "compared": "float?",  # with what
        "n": "int?",  # peers, where peers were compared
    },
    key=("submission", "indicator", "number", "check"),
)

SLIP_TOLERANCE: Final = 0.1  # in powers of ten: a ratio within 10**(k +- 0.1) counts as a slip by 10**k
MOST_POWERS: Final = 3  # x1000 either way
FRACTION_MOST: Final = 1.5  # percent values up to this look like fractions where their neighbours are larger
LEAPS: Final = 5.0  # this year's change against last year's
LEAP_LEAST: Final = 0.5  # and of the level before
LEAP_COUNT: Final = 5  # a count of one accident more or less is no leap
PEERS_LEAST: Final = 8
ROBUST_Z: Final = 3.5
MAD_TO_SIGMA: Final = 1.4826
EDGE_NEAR: Final = 0.1  # percentage points; the band from 100 to 101 is only ten times as wide
YEARS_BE: Final = (2500, 2600)
YEARS_NEAR: Final = 2
VALUES: Final = ("target", "actual", "actual_1", "actual_2", "benchmark")


def diagnoses(
    measures: pd.DataFrame, results: pd.DataFrame, submissions: pd.DataFrame, framework: Framework
) -> pd.DataFrame:
    """DIAGNOSES of MEASURES with their MEASURE_RESULTS of one basis; peers are the submissions of the same year.

    In the order of the checks (the graver first), then of the measures.
    """
    key = ["submission", "indicator", "number"]
    text = {"submission": "str", "indicator": "str"}
    rows = measures.astype(text).merge(results[[*key, "success_rate"]].astype(text), on=key, how="left")
    whose = submissions[["submission", "fiscal_year"]].astype({"submission": "str"})
    rows = rows.merge(whose, on="submission", how="left")
    before = rows[["actual_1", "actual_2"]].mean(axis=1)
    sign = np.where(rows["direction"] == "lower", -1.0, 1.0)
    rows = rows.assign(unit=units_of(rows, framework), before=before, sign=sign)
    found = [
        check(rows, framework).assign(check=name, order=place) for place, (name, check) in enumerate(CHECKS.items())
    ]
    joined = pd.concat(found).drop_duplicates([*key, "check"])
    # A slip explains the leap that it makes: the gravest finding about a number stands alone.
    is_slip = joined["check"].isin(SLIPS)
    slips = joined[is_slip].drop_duplicates(key)
    explained = joined.set_index(key).index.isin(slips.set_index(key).index) & joined["check"].isin(EXPLAINED)
    return DIAGNOSES.conform(pd.concat([slips, joined[~is_slip & ~explained]]).sort_values("order", kind="stable"))


def reason(diagnosis: Any, t: Translator) -> str:
    """A row of DIAGNOSES (a named tuple or Series) in words that a person can check."""
    compared = None if pd.isna(diagnosis.compared) else float(diagnosis.compared)
    return t(
        f"analysis.doctor.{diagnosis.check}",
        field=t(f"analysis.field.{diagnosis.column}"),
        value=_shown(float(diagnosis.value), t),
        compared=_shown(compared, t),
        n=0 if pd.isna(diagnosis.n) else int(diagnosis.n),
    )


def _shown(value: float | None, t: Translator) -> str:
    """As many decimals as the number has, up to two."""
    digits = next((digits for digits in (0, 1) if value is None or value == round(value, digits)), 2)
    return t.number(value, digits)


def _found(rows: pd.DataFrame, which: Any, column: str, compared: Any, n: Any = pd.NA) -> pd.DataFrame:
    found = rows[["submission", "indicator", "number"]].assign(
        column=column, value=rows[column], compared=compared, n=n
    )
    return found[np.asarray(which, dtype=np.bool_)]


def _fraction_for_percent(rows: pd.DataFrame, _: Framework) -> pd.DataFrame:
    """0.85 where the target or the years before are of the size of 85."""
    near = rows[["target", "before"]].abs().max(axis=1)
    small = (rows["actual"].abs() <= 1) & (rows["actual"] != 0)
    return _found(rows, (rows["unit"] == PERCENT) & small & (near > FRACTION_MOST), "actual", near)


def _unit_slip(rows: pd.DataFrame, _: Framework) -> pd.DataFrame:
    """Off by a power of ten against the mean of the years before."""
    return _found(rows, _slipped(rows["actual"], rows["before"]), "actual", rows["before"])


def _target_slip(rows: pd.DataFrame, _: Framework) -> pd.DataFrame:
    """A target off by a power of ten against every actual."""
    level = rows[["actual", "actual_1", "actual_2"]].mean(axis=1)
    all_actuals = [_slipped(rows["target"], rows[name]) for name in ("actual", "actual_1")]
    return _found(rows, np.logical_and.reduce(all_actuals), "target", level)


def _slipped(value: pd.Series[float], level: pd.Series[float]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.log10((value / level).to_numpy(dtype=np.float64))
    whole = np.round(power)
    with np.errstate(invalid="ignore"):
        slip: np.ndarray[Any, np.dtype[np.bool_]] = (
            (np.abs(whole) >= 1) & (np.abs(whole) <= MOST_POWERS) & (np.abs(power - whole) <= SLIP_TOLERANCE)
        )
    return slip


def _era(rows: pd.DataFrame, _: Framework) -> pd.DataFrame:
    """A year of one era beside the same year of the other, or a fiscal year where a quantity belongs."""
    parts = []
    for column in VALUES:
        others = rows[[name for name in VALUES if name != column]]
        in_be = rows[column].between(*YEARS_BE) & (rows[column] % 1 == 0)
        twin = others.eq(rows[column] - BUDDHIST_ERA, axis=0).any(axis=1)
        parts.append(_found(rows, in_be & twin, column, rows[column] - BUDDHIST_ERA))
        year = rows["fiscal_year"].astype("float64")
        is_year = ((rows[column] - year).abs() <= YEARS_NEAR) | (
            (rows[column] - year + BUDDHIST_ERA).abs() <= YEARS_NEAR
        )
        usual = others.median(axis=1)
        strange = ((rows[column] / usual) > 2) | ((rows[column] / usual) < 1 / 2)  # noqa: PLR2004  a half or double
        parts.append(_found(rows, is_year & strange, column, usual))
    return pd.concat(parts)


def _leap(rows: pd.DataFrame, _: Framework) -> pd.DataFrame:
    """A change far beyond the one before; small counts leap by themselves."""
    change = (rows["actual"] - rows["before"]).abs()
    usual = (rows["actual_1"] - rows["actual_2"]).abs()
    counts = (rows[["actual", "actual_1", "actual_2"]].mod(1) == 0).all(axis=1) & (rows["unit"] != PERCENT)
    far = (change > LEAPS * usual) & (change > LEAP_LEAST * rows["before"].abs())
    return _found(rows, far & ~(counts & (change < LEAP_COUNT)), "actual", rows["before"])


def _peer_outlier(better: bool) -> Callable[[pd.DataFrame, Framework], pd.DataFrame]:
    def check(rows: pd.DataFrame, _: Framework) -> pd.DataFrame:
        groups = rows.groupby(["indicator", "unit", "direction", "fiscal_year"])["success_rate"]
        median, n = groups.transform("median"), groups.transform("count")
        away = rows["success_rate"] - median
        spread = away.abs().groupby([rows[name] for name in ("indicator", "unit", "direction", "fiscal_year")])
        # Where more than half agree to the last digit any other would be an outlier; the least spread is a point.
        mad = spread.transform("median").clip(lower=1.0) * MAD_TO_SIGMA
        far = (away / mad) * (1 if better else -1) > ROBUST_Z
        return _found(rows, far & (n >= PEERS_LEAST), "success_rate", median, n)

    return check


def _same_value(rows: pd.DataFrame, _: Framework) -> pd.DataFrame:
    """The same three years running, unless that is the best there can be: nothing bad, or everything."""
    same = (rows["actual"] == rows["actual_1"]) & (rows["actual_1"] == rows["actual_2"])
    nothing_bad = (rows["direction"] == "lower") & (rows["actual"] == 0)
    everything = (rows["direction"] == "higher") & (rows["unit"] == PERCENT) & (rows["actual"] == 100)  # noqa: PLR2004
    return _found(rows, same & ~nothing_bad & ~everything, "actual", rows["actual_1"])


def _soft_target(rows: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """A target that last year's actual had passed already."""
    ahead = (rows["actual_1"] - rows["target"]) * rows["sign"]
    clear = framework.scoring.trend_steady_percent / 100 * rows["actual_1"].abs()
    return _found(rows, ahead > clear, "target", rows["actual_1"])


def _near_edge(above: bool) -> Callable[[pd.DataFrame, Framework], pd.DataFrame]:
    def check(rows: pd.DataFrame, framework: Framework) -> pd.DataFrame:
        edges = np.array([band.limit for band in framework.scoring.bands if np.isfinite(band.limit)])
        away = rows["success_rate"].to_numpy(dtype=np.float64)[:, np.newaxis] - edges
        # The first band ends below its edge, the others on it; right on an edge is neither near nor beside it.
        near = (away > 0) & (away <= EDGE_NEAR) if above else (away < 0) & (away >= -EDGE_NEAR)
        compared = edges[np.argmax(near, axis=1)]
        return _found(rows, near.any(axis=1) & (rows["method"] == "bands").to_numpy(), "success_rate", compared)

    return check


CHECKS: Final[dict[str, Callable[[pd.DataFrame, Framework], pd.DataFrame]]] = {
    "fraction_for_percent": _fraction_for_percent,
    "era": _era,
    "unit_slip": _unit_slip,
    "target_slip": _target_slip,
    "leap": _leap,
    "better_than_peers": _peer_outlier(better=True),
    "worse_than_peers": _peer_outlier(better=False),
    "same_value": _same_value,
    "soft_target": _soft_target,
    "just_above_edge": _near_edge(above=True),
    "just_below_edge": _near_edge(above=False),
}
SLIPS: Final = ("fraction_for_percent", "era", "unit_slip", "target_slip")
EXPLAINED: Final = ("leap", "better_than_peers", "worse_than_peers", "soft_target")
