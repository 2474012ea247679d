"""Tables that charts are drawn from, for the tests of charts."""

from __future__ import annotations

import math

import pandas as pd

from pmqa import charts

BLANK = math.nan


def points(scores: dict[str, list[float]], *, coverage: float = 1.0, median: list[float] | None = None) -> pd.DataFrame:
    """CHART_POINTS: agency -> its scores over axes 0, 1, 2 ..."""
    rows = [
        (code, f"Agency {code}", "agency", str(axis), f"Axis {axis}", score, coverage, pd.NA)
        for code, values in scores.items()
        for axis, score in enumerate(values)
    ]
    rows += [("median", "Median", "median", str(a), f"Axis {a}", m, BLANK, 20) for a, m in enumerate(median or [])]
    frame = pd.DataFrame(rows, columns=list(charts.CHART_POINTS.columns)).astype({"n": "Int64"})
    return charts.CHART_POINTS.conform(frame)


LONG = {
    "th": "สำนักงานตัวอย่างเพื่อการบูรณาการเชิงพื้นที่และการขับเคลื่อนยุทธศาสตร์ชาติระยะยี่สิบปีภาคตะวันออกเฉียงเหนือตอนบน เขตที่ {}",
    "en": "Sample Office for the Integrated Coordination of Regional Development and Long-Term Strategy, Northeast {}",
}


def long_names(count: int, language: str) -> list[str]:
    """Names of three lines and more that differ only at their ends."""
    return [LONG[language].format(number) for number in range(11, 11 + count)]
