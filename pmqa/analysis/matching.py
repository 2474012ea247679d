"""Rows of one frame that have the keys of another's: by numbers, as comparing texts of a million rows takes seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd


def places_of(rows: pd.DataFrame, known: pd.DataFrame, key: Sequence[str]) -> npt.NDArray[np.intp]:
    """For each of the rows the place of the one in `known` with its key, which stands there once; -1 without."""
    mine, theirs = np.zeros(len(rows), dtype=np.int64), np.zeros(len(known), dtype=np.int64)
    for name in key:
        codes, distinct = _distinct(known[name])
        own_codes, own = _distinct(rows[name])
        # One more place at the end, so that the code -1 of a blank stays -1.
        own_codes = np.append(distinct.get_indexer(own), -1)[own_codes]
        mine = np.where((mine < 0) | (own_codes < 0), -1, mine * len(distinct) + own_codes)
        theirs = np.where((theirs < 0) | (codes < 0), -2, theirs * len(distinct) + codes)
    places: npt.NDArray[np.intp] = pd.Index(theirs).get_indexer(mine)
    return places


def taken(column: pd.Series[Any], places: npt.NDArray[np.intp]) -> Any:
    """The column's values at places; blank at -1."""
    return column.array.take(places, allow_fill=True)


def _distinct(column: pd.Series[Any]) -> tuple[npt.NDArray[np.int64], pd.Index[Any]]:
    """The number of each value, -1 of blanks, and the distinct values."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy().astype(np.int64), column.cat.categories.astype("str")
    codes, distinct = pd.factorize(column)
    return codes.astype(np.int64), pd.Index(distinct)
