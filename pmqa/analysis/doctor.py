"""Indicator doctor: numbers of category 7 that deserve a second look, each with a reason that a person can check.

A finding is a question to the agency, never a correction: no score changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

import numpy as np
import pandas as pd

from pmqa.analysis.matching import places_of, taken
from pmqa.analysis.units import PERCENT, units_of
from pmqa.framework import Framework
from pmqa.tables import MEASURES, Table, as_text
from pmqa.text import BUDDHIST_ERA, Translator

DIAGNOSES: Final = Table(
    "diagnoses",
    {
        **MEASURES.some("submission", "indicator", "number"),
        "check": "text",  # one of CHECKS
        "column": "text",  # of MEASURES, or success_rate: where to look
        "value": "float",  # what stands there
        "compared": "float?",  # with what
        "n": "int?",  # peers, where peers were compared
    },
    key=("submission", "indicator", "number", "check", "column"),
)

KEY: Final = ["submission", "indicator", "number"]
SLIP_TOLERANCE: Final = 0.1  # in powers of ten: a ratio within 10**(k +- 0.1) counts as a slip by 10**k
MOST_POWERS: Final = 3  # x1000 either way
LEAST_SLIP: Final = 6.0  # a factor below that of any slip, by one power of ten less the tolerance
ALIKE: Final = 1.6  # numbers within this factor are of one size
ALONE_LEAST: Final = 20  # with one number alone beside it: of 10 complaints or 2 %, a tenth is no slip
FRACTION_MOST: Final = 1.5  # percents up to this may stand beside a fraction without one of them being wrong
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
YEARS_BESIDE: Final = {"actual_1": ("actual", "actual_2"), "actual_2": ("actual_1",)}

Numbers = np.ndarray[Any, np.dtype[Any]]


def diagnoses(
    measures: pd.DataFrame,
    results: pd.DataFrame,
    submissions: pd.DataFrame,
    framework: Framework,
    *,
    checks: Collection[str] | None = None,
) -> pd.DataFrame:
    """DIAGNOSES of MEASURES with their MEASURE_RESULTS of one basis; peers are the submissions of the same year.

    In the order of the checks (the graver first), then of the measures. checks: those that are made, all unless given;
    what a slip explains is left out where slips are among them.
    """
    rows = measures[[*KEY, "unit", "direction", "method", *VALUES]].reset_index(drop=True)
    rows = rows.assign(
        success_rate=taken(results["success_rate"], places_of(measures, results, KEY)),
        fiscal_year=taken(submissions["fiscal_year"], places_of(measures, submissions, ["submission"])),
        unit=units_of(rows, framework),
        before=rows[["actual_1", "actual_2"]].mean(axis=1),
        sign=np.where(rows["direction"] == "lower", -1.0, 1.0),
    )
    few = rows[_may_slip(rows)]
    few = few.assign(**_beside(few))
    found = [
        check(few if name in SLIPS else rows, framework).assign(check=name, order=place)
        for place, (name, check) in enumerate(CHECKS.items())
        if checks is None or name in checks
    ]
    joined = pd.concat(found).reset_index(names="row").drop_duplicates(["row", "check", "column"])
    is_slip = joined["check"].isin(SLIPS)
    slips = joined[is_slip].drop_duplicates(["row", "column"])  # the gravest of a number
    # Beside fractions a sound percent is off; of two numbers that do not fit each other one is named.
    fractions = slips.loc[slips["check"] == "fraction_for_percent", "row"]
    slips = slips[~(slips["row"].isin(fractions) & (slips["compared"].abs() <= 1))]
    is_pair = few[list(VALUES)].notna().sum(axis=1).eq(2)
    slips = slips[~(slips["row"].map(is_pair) & slips["row"].duplicated())]
    # A slip explains what rests on that number.
    explained = pd.Series(False, index=joined.index)
    for check, columns in RESTS_ON.items():
        slipped = slips.loc[slips["column"].isin(columns), "row"]
        explained |= (joined["check"] == check) & joined["row"].isin(slipped)
    kept = pd.concat([slips, joined[~is_slip & ~explained]]).sort_values("order", kind="stable")
    return DIAGNOSES.conform(as_text(kept, "submission", "indicator"))


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
    """The rows of which something is asked, few of many; compared and n: one for each row, or one for all."""
    asked = np.flatnonzero(np.asarray(which, dtype=np.bool_))
    beside, peers = (one if np.isscalar(one) or one is pd.NA else np.asarray(one)[asked] for one in (compared, n))
    found = rows[KEY].iloc[asked]
    return found.assign(column=column, value=rows[column].to_numpy()[asked], compared=beside, n=peers)


def _may_slip(rows: pd.DataFrame) -> Numbers:
    """Whether any number of a measure may be a slip: where they are far from each other, or like years.

    Of many measures these are few, and looking into each number takes long. Numbers that are all above nothing and
    within a factor lie within it of the median of any of them too.
    """
    values = rows[list(VALUES)].to_numpy(dtype=np.float64)
    years = rows["fiscal_year"].to_numpy(dtype=np.float64, na_value=np.nan)[:, np.newaxis]
    with np.errstate(invalid="ignore"):
        far = np.fmax.reduce(values, axis=1) >= LEAST_SLIP * np.fmin.reduce(values, axis=1)
        year = (values >= YEARS_BE[0]) & (values <= YEARS_BE[1])
        for of_era in (years, years - BUDDHIST_ERA):
            year |= np.abs(values - of_era) <= YEARS_NEAR
        may: Numbers = far | (values <= 0).any(axis=1) | year.any(axis=1)
    return may


def _beside(rows: pd.DataFrame) -> dict[str, Numbers]:
    """For each of VALUES: the median of the measure's other numbers, how many they are, how many of them like it."""
    values = rows[list(VALUES)].to_numpy(dtype=np.float64)
    found: dict[str, Numbers] = {}
    for place, column in enumerate(VALUES):
        others = np.sort(np.delete(values, place, axis=1), axis=1)  # blanks last
        n = np.isfinite(others).sum(axis=1)
        lower, upper = (
            np.take_along_axis(others, np.maximum(middle, 0)[:, np.newaxis], axis=1)[:, 0]
            for middle in ((n - 1) // 2, n // 2)
        )
        median = (lower + upper) / 2
        found |= {
            f"usual_{column}": median,
            f"others_{column}": n,
            f"alike_{column}": _alike(others, median[:, np.newaxis]).sum(axis=1),
        }
    return found


def _alike(value: Any, other: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether two numbers are of one size."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.asarray(value, dtype=np.float64) / np.asarray(other, dtype=np.float64)
    alike: np.ndarray[Any, np.dtype[np.bool_]] = (ratio >= 1 / ALIKE) & (ratio <= ALIKE)
    return alike


def _fraction_for_percent(rows: pd.DataFrame, _: Framework) -> pd.DataFrame:
    """0.85 where another number of the measure is near 85; a low percentage among its like is sound."""
    parts = []
    for column in VALUES:
        some = rows[(rows["unit"] == PERCENT) & (rows[column].abs() <= 1) & (rows[column] != 0)]
        others = some[[name for name in VALUES if name != column]].to_numpy(dtype=np.float64)
        as_percent = 100 * some[[column]].to_numpy(dtype=np.float64)
        meant = _alike(as_percent, others) & (np.abs(others) > FRACTION_MOST)
        near = others[np.arange(len(some)), np.argmax(meant, axis=1)]
        parts.append(_found(some, meant.any(axis=1), column, near))
    return pd.concat(parts)


def _unit_slip(rows: pd.DataFrame, _: Framework) -> pd.DataFrame:
    """An actual or benchmark off by a power of ten against the measure's other numbers."""
    columns = ("actual", "actual_1", "actual_2", "benchmark")
    return pd.concat(_found(rows, _slipped(rows, column), column, rows[f"usual_{column}"]) for column in columns)


def _target_slip(rows: pd.DataFrame, _: Framework) -> pd.DataFrame:
    """A target off by a power of ten against the other numbers, this year's actual among them."""
    slip = _slipped(rows, "target") & ~_alike(rows["target"], rows["actual"])
    return _found(rows, slip, "target", rows["usual_target"])


def _slipped(rows: pd.DataFrame, column: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether a number is off by a power of ten against the others, where these bear each other out."""
    value, usual = (rows[name].to_numpy(dtype=np.float64) for name in (column, f"usual_{column}"))
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.log10(value / usual)
        whole = np.round(power)
        off = (np.abs(whole) >= 1) & (np.abs(whole) <= MOST_POWERS) & (np.abs(power - whole) <= SLIP_TOLERANCE)
    alone = (rows[f"others_{column}"] == 1) & (np.fmax(np.abs(value), np.abs(usual)) >= ALONE_LEAST)
    slip: np.ndarray[Any, np.dtype[np.bool_]] = off & (alone | (rows[f"alike_{column}"] > 1)).to_numpy()
    # Early years may be small because things grew: then the years beside them are on the way.
    for neighbour in YEARS_BESIDE.get(column, ()):
        slip &= rows[neighbour].isna().to_numpy() | _alike(rows[neighbour], usual)
    return slip


def _era(rows: pd.DataFrame, _: Framework) -> pd.DataFrame:
    """A year of one era beside the same year of the other, or a fiscal year where a quantity belongs."""
    parts = []
    for column in VALUES:
        others, usual = [rows[name] for name in VALUES if name != column], rows[f"usual_{column}"]
        in_be = rows[column].between(*YEARS_BE) & (rows[column] % 1 == 0)
        twin = np.any([other == rows[column] - BUDDHIST_ERA for other in others], axis=0)
        parts.append(_found(rows, in_be & twin, column, rows[column] - BUDDHIST_ERA))
        year = rows["fiscal_year"].astype("float64")
        is_year = ((rows[column] - year).abs() <= YEARS_NEAR) | (
            (rows[column] - year + BUDDHIST_ERA).abs() <= YEARS_NEAR
        )
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
RESTS_ON: Final = {  # what a check compares
    "leap": ("actual", "actual_1", "actual_2"),
    "better_than_peers": ("target", "actual"),
    "worse_than_peers": ("target", "actual"),
    "soft_target": ("target", "actual_1"),
}
