"""One measure of several agencies in one unit: what each reached, and the target that it had."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.palette import ACCENT, CONTRAST, SHADES, Theme
from pmqa.charts.points import numbers
from pmqa.charts.rows import row_axis
from pmqa.charts.style import AXIS_TITLE, TICKS, Caption, Room, beside_plot, drawn, label, posts, value_axis
from pmqa.charts.tables import ACTUALS
from pmqa.charts.words import escaped
from pmqa.text import Translator

ROOM_FOR_VALUES: Final = 90
ROOM_FOR_LINE_NAME: Final = 22
HALF_A_ROW: Final = 0.3
MOST_TICKS: Final = 6


def actuals_data(found: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """ACTUALS from one measure of SHARED_MEASURES, without what is refused, the best first.

    names: agency code -> name. An agency that reports the measure twice has two rows, told apart by their numbers.
    """
    rows = found[found["refused"].isna()].reset_index(drop=True)
    code = rows["agency_code"].astype("str")
    twice = code.duplicated(keep=False)
    series = code.where(~twice, code + "#" + rows["number"].astype("str"))
    name = code.map(lambda one: names.get(one, one))
    return ACTUALS.conform(
        rows.assign(series=series, series_name=name.where(~twice, name + " #" + rows["number"].astype("str")))
    )


def actuals(
    rows: pd.DataFrame,
    caption: Caption,
    t: Translator,
    *,
    unit: str,
    direction: str,
    median: float | None = None,
    theme: Theme = "light",
    highlight: Collection[str] = (),
) -> go.Figure:
    """ACTUALS as dots with a stroke at each target, from 0 on an axis in the measure's unit.

    unit: as people write it. median: of the actuals; None where too few agencies stand behind it. A value that was
    sent in another unit has an open dot.
    """
    shades = SHADES[theme]
    axis = row_axis(
        [str(name) for name in rows["series_name"]],
        theme,
        bold=[series.partition("#")[0] in highlight for series in rows["series"].astype("str")],
    )
    known = pd.concat([rows["actual"], rows["target"]]).dropna()
    low, high = min(0.0, float(known.min())), max(0.0, float(known.max()))
    span = (high - low) or 1.0
    across = value_axis(theme, t("charts.actuals_axis", unit=unit), (low, low + span * 1.04), _ticks(low, high))
    dots = {
        "type": "scatter",
        "mode": "markers",
        "name": escaped(t("charts.actual")),
        "x": numbers(rows["actual"]),
        "y": list(range(len(rows))),
        "marker": {
            "color": ACCENT,
            "symbol": ["circle-open" if other else "circle" for other in rows["converted"]],
            "size": 11,
            "line": {"width": 2, "color": ACCENT},
        },
        "hoverinfo": "text",
        "hovertext": [_hover(row, unit, t) for row in rows.itertuples()],
        "cliponaxis": False,
    }
    places = [float(place) for place in range(len(rows))]
    targets = posts(numbers(rows["target"]), places, t("charts.target"), CONTRAST, HALF_A_ROW)
    values = [beside_plot(escaped(_value(value)), place, theme) for place, value in enumerate(rows["actual"])]
    shapes, labels = _median_line(median, len(rows), t, theme)
    notes = [t(f"charts.better_{direction}")]
    if rows["converted"].any():
        notes.append(t("charts.actuals_converted", unit=unit))
    return drawn(
        [targets, dots],
        caption,
        t,
        theme=theme,
        height=axis.height,
        room=Room(axis.left, ROOM_FOR_VALUES, ROOM_FOR_LINE_NAME, TICKS + AXIS_TITLE),
        layout={
            "xaxis": across,
            "yaxis": dict(axis.axis) | {"showgrid": True, "gridcolor": shades.grid},
            "shapes": shapes,
            "annotations": [*labels, *values],
        },
        notes=notes,
        legend=[str(targets["name"]), str(dots["name"])],
    )


def actuals_alt(rows: pd.DataFrame, caption: Caption, t: Translator, *, unit: str) -> str:
    """The best and the last, how many reached their own target, how many were converted."""
    best, last = rows.iloc[0], rows.iloc[-1]
    words = {
        "best": best["series_name"],
        "first": _value(best["actual"]),
        "worst": last["series_name"],
        "last": _value(last["actual"]),
        "unit": unit,
        "n": len(rows),
        "converted": int(rows["converted"].sum()),
    }
    return " ".join([caption.title, t("charts.alt_actuals", **words)])


def _hover(row: Any, unit: str, t: Translator) -> str:
    said = t("charts.actuals_hover", actual=_value(row.actual), target=_value(row.target), unit=unit)
    sent = t("charts.actuals_sent", value=_value(row.actual_sent), unit=row.unit_sent) if row.converted else ""
    return "<br>".join(
        part for part in (f"<b>{escaped(str(row.series_name))}</b>", escaped(said), escaped(sent)) if part
    )


def _median_line(
    median: float | None, count: int, t: Translator, theme: Theme
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if median is None:
        return [], []
    line = {
        "type": "line",
        "layer": "below",
        "x0": median,
        "x1": median,
        "y0": -0.5,
        "y1": count - 0.5,
        "line": {"color": SHADES[theme].ink, "width": 1.5, "dash": "6px,3px"},
    }
    words = t("charts.median_value", value=_value(median), n=count)
    return [line], [label(escaped(words), median, 1, theme, yref="paper", yanchor="bottom")]


def _ticks(low: float, high: float) -> list[float]:
    """Round values from the lowest to the highest, at most about six."""
    span = (high - low) or 1.0
    power = 10.0 ** (len(f"{int(span)}") - 1) if span >= 1 else 0.1
    while span / power > MOST_TICKS:
        power *= 2
    while span / power < MOST_TICKS / 3:
        power /= 2
    first = int(low // power)
    return [round(place * power, 10) for place in range(first, int(high // power) + 1)]


def _value(value: Any) -> str:
    return "–" if pd.isna(value) else f"{value:,.6g}"
