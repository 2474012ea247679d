"""Tables that charts are drawn from, for the tests of charts."""

from __future__ import annotations

import inspect
import math
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pmqa import charts
from pmqa.charts.drawing import Drawing
from pmqa.charts.render import figure
from pmqa.framework import shipped_frameworks

BLANK = math.nan
FRAMEWORK = shipped_frameworks()["pmqa4"]


def drawing_by(build: Any, *given: Any, **more: Any) -> Drawing:
    """A chart's drawing; given: what its builder takes but for the framework, the translator last."""
    *rest, t = given
    framework = [FRAMEWORK] if "framework" in inspect.signature(build).parameters else []
    return build(*rest, *framework, t, **more)


def figure_by(build: Any, *given: Any, theme: Any = "light", **more: Any) -> go.Figure:
    """The same as a figure."""
    return figure(drawing_by(build, *given, **more), given[-1], theme)


(
    dots,
    radar,
    heatmap,
    history,
    slope,
    indicator_line,
    plan_steps,
    quadrant,
    dumbbell,
    arrows,
    strip,
    rank_bands,
    gap_bars,
    success_rates,
    actuals,
) = (
    partial(figure_by, build)
    for build in (
        charts.dots,
        charts.radar,
        charts.heatmap,
        charts.history,
        charts.slope,
        charts.indicator_line,
        charts.plan_steps,
        charts.quadrant,
        charts.dumbbell,
        charts.arrows,
        charts.strip,
        charts.rank_bands,
        charts.gap_bars,
        charts.success_rates,
        charts.actuals,
    )
)


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


def untied(text: str) -> str:
    """A text without what keeps programs from tearing it."""
    return text.replace("\u2060", "").replace("\u00a0", " ")
