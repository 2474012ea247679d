"""The value that is shown: one function for screens, tables, pictures, files and the command line.

Numbers are the decimals that were typed; a double stands for the shortest decimal that reads back as it (2.1 of
docs/scoring.md). Nothing else rounds for people.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # every sentence comes through here, and help on the command line has to be quick
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

# Where levels begin, of every edition that was loaded: a score below one is never shown as it.
_EDGES: Final[set[Decimal]] = set()
ON_PLACE: Final = 2e-9  # twentieths of a point nearer to a whole one than this are it


def know_edges(thresholds: Iterable[float]) -> None:
    """Take the thresholds of an edition's levels for edges from now on."""
    _EDGES.update(decimal_of(threshold) for threshold in thresholds)
    shown.cache_clear()


def decimal_of(value: float) -> Decimal:
    """The decimal that a number stands for."""
    return Decimal(repr(float(value)))


@lru_cache(maxsize=16384)  # scores are few of all numbers, and a heatmap shows each many times
def shown(value: float, digits: int = 1) -> Decimal:
    """The value with so many digits, half up; of one below an edge never the edge (299.96 is 299.9). Never nan."""
    exact, step = decimal_of(value), Decimal(1).scaleb(-digits)
    found = exact.quantize(step, ROUND_HALF_UP)
    if found > exact and found in _EDGES:
        found = exact.quantize(step, ROUND_FLOOR)
    return found + 0  # never -0


def shown_share(share: float, digits: int = 0) -> Decimal:
    """A share of 0..1 in percent, half up; a part is never shown as all or as nothing (0.9955 is 99, 1/8 is 13)."""
    exact, step = decimal_of(share) * 100, Decimal(1).scaleb(-digits)
    found = exact.quantize(step, ROUND_HALF_UP)
    if 0 < exact < 100:  # noqa: PLR2004 - percent
        found = min(max(found, step), 100 - step)
    return found + 0


def rounded(value: float | None, digits: int = 1) -> float:
    """The shown value as a number, for comparing and for renderers that take no text; nan where there is none."""
    return math.nan if value is None or math.isnan(value) else float(shown(value, digits))


def rounded_share(share: float | None) -> float:
    """The shown share as a number of 0..1; nan where there is none."""
    return math.nan if share is None or math.isnan(share) else float(shown_share(share) / 100)


def shown_tenths(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The shown values of many points as whole tenths; blanks stay.

    points: such as scoring gives them, which lie apart from every place where a digit changes, or on it. As `shown`
    does it one by one, and a hundred times as fast.
    """
    import numpy as np  # noqa: PLC0415 - as above

    twentieths = points * 20
    nearest = np.rint(twentieths)
    tenths = np.where(np.abs(twentieths - nearest) < ON_PLACE, np.floor((nearest + 1) / 2), np.floor(points * 10 + 0.5))
    for edge in map(float, _EDGES):
        tenths = np.where((tenths == edge * 10) & (points < edge), tenths - 1, tenths)
    return tenths


def rounded_each(values: pd.Series[float], digits: int = 1) -> pd.Series[float]:
    """The shown value of each; blanks stay."""
    known = values.dropna().unique().tolist()
    return values.astype("float64").map({value: rounded(value, digits) for value in known}).astype("float64")


def differences_shown(later: pd.Series[float], earlier: pd.Series[float]) -> pd.Series[float]:
    """What people read as the difference: of the shown values, so that scores shown alike have not moved."""
    return rounded_each(rounded_each(later) - rounded_each(earlier))


def as_kept(value: float, digits: int = 1, *, share: bool = False) -> float:
    """The value for a cell that a spreadsheet rounds by itself: full precision where that shows the same, else shown.

    share: of 0..1, which the cell shows in percent.
    """
    found = shown_share(value, digits) if share else shown(value, digits)
    exact = decimal_of(value) * 100 if share else decimal_of(value)
    same = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) == found
    return value if same else float(found / 100 if share else found)
