"""What points mean: levels, the Government 4.0 index. Paragraph 8 of docs/scoring.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmqa.framework import BELOW, Framework

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]


def level_ids(framework: Framework) -> list[str]:
    """Every level a score can have, lowest first, `below` before the edition's own."""
    return [BELOW, *(level.id for level in framework.levels)]


def level_codes(points: npt.ArrayLike, framework: Framework) -> npt.NDArray[np.int8]:
    """The place in `level_ids` that points reach (8.1); -1 where there are no points."""
    values = np.asarray(points, dtype=np.float64)
    reached = np.searchsorted(list(framework.scoring.level_thresholds.values()), values, side="right")
    return np.where(np.isnan(values), -1, reached).astype(np.int8)


def level_of(points: npt.ArrayLike, framework: Framework) -> pd.Categorical:
    """The level that points reach, ordered from `below` up; blank where there are no points (8.1).

    For totals, dimensions, result items, indicators and measures. A process item's level follows its gates (4.3).
    """
    return as_levels(level_codes(np.atleast_1d(np.asarray(points, dtype=np.float64)), framework), framework)


def as_levels(codes: npt.NDArray[Any], framework: Framework) -> pd.Categorical:
    """Level codes as an ordered categorical; -1 is blank."""
    return pd.Categorical.from_codes(codes, categories=pd.Index(level_ids(framework), dtype="str"), ordered=True)


def government_index(overall: float, framework: Framework) -> float:
    """The Government 4.0 index of an overall score (8.2); nan where there is none."""
    return framework.scoring.government_index_max * overall / framework.scoring.scale_max


def coded(column: pd.Series[Any], ids: Sequence[str]) -> Codes:
    """The place of each value in `ids`; -1 where it is not among them.

    Strings are compared once per distinct value, never once per row.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy().astype(np.int64)
        distinct = column.cat.categories
    else:
        codes, distinct = pd.factorize(column)
    places = pd.Index(ids, dtype="str").get_indexer(pd.Index(distinct, dtype="str"))
    # One more place at the end, so that the code -1 of a blank stays -1.
    found: Codes = np.append(places, -1)[codes]
    return found
