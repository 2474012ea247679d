"""Measures that several agencies report under one name, compared in one unit; what cannot be converted says why."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pmqa.analysis.units import PERCENT, SHARE_WORDS, Unit, converted, plain, unit_of, written_units
from pmqa.framework import Framework
from pmqa.tables import Table

SHARED_MEASURES: Final = Table(
    "shared_measures",
    {
        "indicator": "text",
        "measure": "text",  # its name in one spelling
        "unit": "text",  # that all are compared in, as most agencies write it
        "direction": "text",
        "agency_code": "text",
        "submission": "text",
        "number": "int",
        "actual": "float?",  # in the unit; blank where it cannot be converted
        "target": "float?",
        "actual_sent": "float",  # as it was sent
        "target_sent": "float?",
        "unit_sent": "text",
        "converted": "bool",  # whether the unit that was sent is another one
        "refused": "text?",  # one of REFUSALS: why it is not compared
        "success_rate": "float?",
        "n": "int",  # agencies that are compared
        "median": "float",  # of their actuals, in the unit
    },
    key=("indicator", "measure", "submission", "number"),
)

REFUSALS: Final = (
    "other_direction",  # higher is better for most, lower for this one
    "not_a_share",  # a share of 1 that is above 1: perhaps a percent
    "unknown_unit",  # a unit that nothing is known about
    "other_kind",  # of time against of money, days against working days
)
KEY: Final = ["submission", "indicator", "number"]
SAME: Final = ["indicator", "measure"]


def shared_measures(
    measures: pd.DataFrame, results: pd.DataFrame, submissions: pd.DataFrame, framework: Framework
) -> pd.DataFrame:
    """Measures that two agencies or more report under one name, in the unit that most of them use: SHARED_MEASURES.

    measures, results, submissions: MEASURES, MEASURE_RESULTS and SUBMISSIONS of one year and basis. Best actual first,
    what is refused last; what only one agency could be compared in is left out as a whole.
    """
    text = {"submission": "str", "indicator": "str", "direction": "str"}
    rows = measures[measures["actual"].notna() & measures["name"].notna()].astype(text)
    written = written_units(rows, framework)
    units = {unit: unit_of(unit) for unit in written.unique()}
    names = {name: plain(name) for name in rows["name"].unique()}
    rows = rows.assign(
        measure=rows["name"].map(names).astype("str"),
        unit_sent=written,
        kind=[units[unit].kind for unit in written],
        size=[float(units[unit].size) for unit in written],
    )
    rows = rows.merge(submissions[["submission", "agency_code"]].astype("str"), on="submission")
    rows = rows.merge(results[[*KEY, "success_rate"]].astype({"submission": "str", "indicator": "str"}), how="left")
    rows = rows.merge(_common(rows), on=SAME)
    refused = _refusals(rows, units)
    found = rows.assign(
        actual_sent=rows["actual"],
        target_sent=rows["target"],
        refused=refused,
        converted=refused.isna() & (rows["size"] != rows["common_size"]),
        **{name: _in_common(rows[name], rows, units, refused) for name in ("actual", "target")},
        unit=rows["common_unit"],
    )
    compared = found[found["refused"].isna()]
    stats = compared.groupby(SAME, as_index=False).agg(n=("agency_code", "nunique"), median=("actual", "median"))
    found = found.merge(stats[stats["n"] > 1], on=SAME)
    better = found["actual"] * np.where(found["common_direction"] == "lower", 1, -1)
    found = found.assign(direction=found["common_direction"], better=better)
    return SHARED_MEASURES.conform(found.sort_values([*SAME, "better", "agency_code"], kind="stable"))


def _common(rows: pd.DataFrame) -> pd.DataFrame:
    """For each measure: the direction, kind and unit that most agencies use, the unit as most of them write it.

    Among as many, what comes first in the data.
    """

    def most(of: pd.DataFrame, what: list[str]) -> pd.DataFrame:
        counted = of.groupby([*SAME, *what], as_index=False, sort=False)["agency_code"].nunique()
        return counted.sort_values("agency_code", ascending=False, kind="stable").drop_duplicates(SAME)[[*SAME, *what]]

    kinds = most(rows, ["direction", "kind"])
    sizes = most(rows.merge(kinds), ["direction", "kind", "size"])
    spelled = most(rows.merge(sizes), ["direction", "kind", "size", "unit_sent"])
    return spelled.rename(
        columns={"direction": "common_direction", "kind": "common_kind", "size": "common_size"}
        | {"unit_sent": "common_unit"}
    )


def _refusals(rows: pd.DataFrame, units: dict[str, Unit]) -> pd.Series[str]:
    known = pd.Series([units[unit].known for unit in rows["unit_sent"]], index=rows.index, dtype="bool")
    other = rows["kind"] != rows["common_kind"]
    share = rows["unit_sent"].map({unit: plain(unit) in SHARE_WORDS for unit in units}).astype("bool")
    beyond = share & (rows["kind"] == PERCENT) & (rows[["actual", "target"]].abs().max(axis=1) > 1)
    reasons = np.select(
        [(rows["direction"] != rows["common_direction"]).to_numpy(), beyond, other & ~known, other], REFUSALS, ""
    )
    found = pd.Series(reasons, index=rows.index, dtype="str")
    return found.where(found != "")


def _in_common(
    values: pd.Series[float], rows: pd.DataFrame, units: dict[str, Unit], refused: pd.Series[str]
) -> pd.Series[float]:
    """Values in the common unit; blank where they are refused."""
    shown = [
        np.nan if pd.isna(value) or pd.notna(why) else converted(float(value), units[sent], units[common])
        for value, sent, common, why in zip(values, rows["unit_sent"], rows["common_unit"], refused, strict=True)
    ]
    return pd.Series(shown, index=values.index, dtype="float64")
