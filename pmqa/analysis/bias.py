"""Agencies' own scores against the assessor's, split: who rates themselves kindly, which items are read differently.

Two-way median polish (Tukey): every difference = common + agency's leniency + item's difficulty + rest. Medians, not
means, so that one wild difference moves nobody's effect.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmqa.framework import Framework
from pmqa.tables import Table, as_text

BIAS: Final = Table(
    "bias",
    {
        "part": "text",  # common, agency, item
        "id": "text?",  # agency code or item id
        "effect": "float",  # points; above 0 the agency's own score is the higher one
        "spread": "float",  # median absolute rest of its differences, points
        "n": "int",  # differences behind it
        "converged": "bool",  # whether the effects came to rest; the same for all
    },
    key=("part", "id"),
)

BIAS_RESTS: Final = Table(
    "bias_rests",
    {
        "agency_code": "text",
        "item": "text",
        "difference": "float",
        "rest": "float",  # what neither the agency nor the item explains: worth talking about
    },
    key=("agency_code", "item"),
)

READINGS: Final = Table(
    "readings",
    {
        "item": "text",
        "n": "int",  # agencies with both scores
        "median": "float",  # difference, points
        "spread": "float",  # interquartile range of the differences
        "differ": "int",  # agencies with a difference of more than the tolerance
        "share_differ": "float",
    },
    key=("item",),
)

ROUNDS: Final = 2000  # enough for hundreds of agencies; where it is not, the result says so
STILL: Final = 1e-9
TOLERANCE: Final = 0.1  # of the scale, of an item's points

Floats = npt.NDArray[np.float64]


def bias(differences: pd.DataFrame, framework: Framework) -> tuple[pd.DataFrame, pd.DataFrame]:
    """DIFFERENCES of one year to BIAS and BIAS_RESTS, over the process items that both sides answered in full.

    Agencies and items with no such difference are left out. Largest effect of each part first; largest rest first.
    """
    agencies, items, matrix = _matrix(differences, framework)
    if not matrix.size:
        return BIAS.empty(), BIAS_RESTS.empty()
    common, of_agency, of_item, rest, converged = median_polish(matrix)
    known = ~np.isnan(matrix)
    parts = [pd.DataFrame({"part": ["common"], "id": [None], "effect": [common], "n": [int(known.sum())]})]
    parts[0]["spread"] = [float(np.nanmedian(np.abs(rest)))]
    for part, ids, effect, axis in (("agency", agencies, of_agency, 1), ("item", items, of_item, 0)):
        frame = pd.DataFrame({"part": part, "id": ids, "effect": effect, "n": known.sum(axis=axis)})
        frame["spread"] = np.nanmedian(np.abs(rest), axis=axis)
        parts.append(frame.sort_values("effect", ascending=False, kind="stable"))
    row, column = np.nonzero(known)
    rests = pd.DataFrame(
        {
            "agency_code": np.array(agencies, dtype=object)[row],
            "item": np.array(items, dtype=object)[column],
            "difference": matrix[row, column],
            "rest": rest[row, column],
        }
    )
    largest = rests["rest"].abs().sort_values(ascending=False, kind="stable").index
    return BIAS.conform(pd.concat(parts).assign(converged=converged)), BIAS_RESTS.conform(rests.loc[largest])


def tolerance_of(framework: Framework) -> float:
    """Points above which two scores of an item are read differently: 50 on a scale of 500."""
    return TOLERANCE * (framework.scoring.scale_max - framework.scoring.scale_min)


def readings(differences: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """DIFFERENCES of one year to READINGS: the items on which most agencies and assessors differ come first."""
    _, items, matrix = _matrix(differences, framework)
    if not matrix.size:
        return READINGS.empty()
    known = ~np.isnan(matrix)
    low, median, high = np.nanquantile(matrix, [0.25, 0.5, 0.75], axis=0)
    differ = (np.abs(np.where(known, matrix, 0)) > tolerance_of(framework)).sum(axis=0)
    found = pd.DataFrame(
        {
            "item": items,
            "n": known.sum(axis=0),
            "median": median,
            "spread": high - low,
            "differ": differ,
            "share_differ": differ / known.sum(axis=0),
        }
    )
    return READINGS.conform(found.sort_values(["share_differ", "spread"], ascending=False, kind="stable"))


def read_differently_by_all(found: pd.DataFrame, minimum: int) -> frozenset[str]:
    """The items of READINGS on which every agency and its assessor differ by more than the tolerance.

    minimum: agencies below which that says nothing.
    """
    everyone = found[(found["differ"] == found["n"]) & (found["n"] >= minimum)]
    return frozenset(everyone["item"].astype("str"))


def median_polish(matrix: Floats) -> tuple[float, Floats, Floats, Floats, bool]:
    """Common, effects of rows, effects of columns, rest, whether it came to rest; nan is a missing cell and stays one.

    Rows and columns each have at least one value. Effects of each side have median 0.
    """
    rest, common = matrix.copy(), 0.0
    rows, columns = np.zeros(matrix.shape[0]), np.zeros(matrix.shape[1])
    for _ in range(ROUNDS):
        by_row = np.nanmedian(rest, axis=1)
        rest -= by_row[:, np.newaxis]
        rows += by_row
        shift = float(np.median(columns))
        columns -= shift
        common += shift
        by_column = np.nanmedian(rest, axis=0)
        rest -= by_column
        columns += by_column
        shift = float(np.median(rows))
        rows -= shift
        common += shift
        converged = bool(max(np.abs(by_row).max(), np.abs(by_column).max()) <= STILL)
        if converged:
            break
    shift = float(np.median(columns))
    return common + shift, rows, columns - shift, rest, converged


def _matrix(differences: pd.DataFrame, framework: Framework) -> tuple[list[str], list[str], Floats]:
    process = [item.id for item in framework.items_with_criteria]
    rows = differences[
        (differences["kind"] == "item")
        & differences["scope"].isin(process)
        & differences["complete"].astype("bool")
        & differences["difference"].notna()
    ]
    wide = as_text(rows, "agency_code", "scope").pivot(index="agency_code", columns="scope", values="difference")
    items = [item for item in process if item in wide.columns]
    return wide.index.to_list(), items, wide[items].to_numpy(dtype=np.float64)
