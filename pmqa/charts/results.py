"""The results category: one indicator in its unit over the years, success rates of all on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.footnotes import rate_notes
from pmqa.charts.palette import ACCENT, CONTRAST, SHADES, Theme
from pmqa.charts.points import (
    numbers,
    scope_label,
)
from pmqa.charts.rows import row_axis
from pmqa.charts.style import (
    AXIS_TITLE,
    RATE_RANGE,
    SMALL_SIZE,
    SMALLEST,
    TICKS,
    Caption,
    Room,
    above_plot,
    beside_plot,
    drawn,
    value_axis,
    year_axis,
)
from pmqa.charts.tables import INDICATOR_YEARS, SUCCESS_RATES
from pmqa.charts.words import escaped
from pmqa.framework import Framework
from pmqa.text import Translator

LINE_HEIGHT: Final = 300
TARGET_RATE: Final = 100.0  # percent: the target is met


def indicator_line_data(measures: pd.DataFrame) -> pd.DataFrame:
    """INDICATOR_YEARS of one measure: MEASURES rows of one indicator and number with a column fiscal_year, of one
    agency, a row a submission; where two speak of a year, the later one counts."""
    actuals: dict[int, float] = {}
    targets: dict[int, float] = {}
    benchmarks: dict[int, float] = {}
    for row in measures.sort_values("fiscal_year", kind="stable").itertuples():
        year = int(row.fiscal_year)
        for back, name in ((2, "actual_2"), (1, "actual_1"), (0, "actual")):
            if pd.notna(getattr(row, name)):
                actuals[year - back] = float(getattr(row, name))
        if pd.notna(row.target):
            targets[year] = float(row.target)
        if pd.notna(row.benchmark):
            benchmarks[year] = float(row.benchmark)
    known = {*actuals, *targets, *benchmarks, *(int(year) for year in measures["fiscal_year"])}
    years = list(range(min(known), max(known) + 1)) if known else []
    blank = float("nan")
    return INDICATOR_YEARS.conform(
        pd.DataFrame(
            {
                "fiscal_year": pd.array(years, dtype="Int64"),
                "actual": [actuals.get(year, blank) for year in years],
                "target": [targets.get(year, blank) for year in years],
                "benchmark": [benchmarks.get(year, blank) for year in years],
            }
        )
    )


def indicator_line(
    years: pd.DataFrame,
    caption: Caption,
    t: Translator,
    *,
    unit: str,
    direction: str,
    theme: Theme = "light",
) -> go.Figure:
    """INDICATOR_YEARS as a line in its unit, the target a step a year wide, an arrow to the better side.

    direction: higher or lower is better. One axis: what has another unit is another figure.
    """
    shades = SHADES[theme]
    at = [int(year) for year in years["fiscal_year"]]
    actuals = numbers(years["actual"])
    targets = [(year, target) for year, target in zip(at, numbers(years["target"]), strict=True) if target is not None]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": escaped(t("charts.target")),
            "x": [part for year, _ in targets for part in (year - 0.4, year + 0.4, None)],
            "y": [part for _, target in targets for part in (target, target, None)],
            "line": {"color": shades.ink, "width": 2.5, "dash": "6px,3px"},
            "hoverinfo": "text",
            "hovertext": [
                part
                for year, target in targets
                for part in (*[escaped(f"{t('charts.target')} {year}: {_amount(target, t)} {unit}")] * 2, "")
            ],
        }
    ]
    if years["benchmark"].notna().any():
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": escaped(t("charts.benchmark")),
                "x": at,
                "y": numbers(years["benchmark"]),
                "marker": {"symbol": "cross-thin", "size": 12, "line": {"width": 2.5, "color": CONTRAST}},
                "hoverinfo": "text",
                "hovertext": [
                    escaped(f"{t('charts.benchmark')} {year}: {_amount(value, t)} {unit}")
                    for year, value in zip(at, numbers(years["benchmark"]), strict=True)
                ],
                "cliponaxis": False,
            }
        )
    traces.append(
        {
            "type": "scatter",
            "mode": "lines+markers+text",
            "name": escaped(t("charts.actual")),
            "x": at,
            "y": actuals,
            "connectgaps": False,
            "line": {"color": ACCENT, "width": 2.8},
            "marker": {"size": 10, "color": ACCENT, "symbol": "circle"},
            "text": [f"<b>{_amount(value, t)}</b>" if value is not None else "" for value in actuals],
            "textposition": "top center",
            "textfont": {"size": SMALL_SIZE, "color": shades.ink},
            "hoverinfo": "text",
            "hovertext": [
                escaped(f"{t('charts.actual')} {year}: {_amount(value, t)} {unit}")
                for year, value in zip(at, actuals, strict=True)
            ],
            "cliponaxis": False,
        }
    )
    values = [
        value for column in ("actual", "target", "benchmark") for value in numbers(years[column]) if value is not None
    ]
    low, high = _limits(values)
    axis = value_axis(theme, "", (low, high), [])
    for name in ("tickvals", "ticktext"):
        axis.pop(name)
    axis |= {
        "nticks": 6,
        "zeroline": True,
        "zerolinecolor": shades.muted,
        "separatethousands": True,
        "tickformat": ",~f",
    }
    missing = [str(year) for year, value in zip(at, actuals, strict=True) if value is None]
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=LINE_HEIGHT,
        room=Room(76, 30, 30, TICKS + AXIS_TITLE),
        layout={
            "xaxis": year_axis(at, theme, t),
            "yaxis": axis,
            "annotations": [
                above_plot(f"{unit} · {t(f'charts.better_{direction}')}", theme),
            ],
        },
        notes=[t("charts.missing_years", rows=", ".join(missing))] if missing else [],
        legend=[str(trace["name"]) for trace in traces],
    )


def indicator_line_alt(years: pd.DataFrame, caption: Caption, t: Translator, *, unit: str, direction: str) -> str:
    """The last actual against its target, and since the first year."""
    known = years[years["actual"].notna()]
    sentences = [caption.title, t(f"charts.better_{direction}")]
    if known.empty:
        return " ".join([*sentences, t("charts.not_reported")])
    first, last = known.iloc[0], known.iloc[-1]
    year, actual = int(last["fiscal_year"]), float(last["actual"])
    if pd.isna(last["target"]):
        sentences.append(t("charts.alt_actual", year=year, actual=_amount(actual, t), unit=unit))
    else:
        met = actual >= last["target"] if direction == "higher" else actual <= last["target"]
        sentences.append(
            t(
                "charts.alt_actual_met" if met else "charts.alt_actual_short",
                year=year,
                actual=_amount(actual, t),
                target=_amount(float(last["target"]), t),
                unit=unit,
            )
        )
    if len(known) > 1:
        sentences.append(
            t("charts.alt_since", year=int(first["fiscal_year"]), actual=_amount(float(first["actual"]), t), unit=unit)
        )
    return " ".join(sentences)


def success_rates_data(
    measure_results: pd.DataFrame,
    measures: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    all_core: bool = True,
) -> pd.DataFrame:
    """SUCCESS_RATES of one submission and basis: a row a measure, in the framework's order.

    all_core: core indicators without any measure get a blank row, because they count (docs/scoring.md, result items).
    """
    named = measures[["indicator", "number", "name"]].astype({"indicator": "str"})
    rows = measure_results.astype({"indicator": "str"}).merge(named, on=["indicator", "number"], how="left")
    rows = rows.assign(row=[f"{i}#{n}" for i, n in zip(rows["indicator"], rows["number"], strict=True)])
    if all_core:
        reported = set(rows[rows["success_rate"].notna() | rows["score"].notna()]["indicator"])
        rows = rows[rows["indicator"].isin(reported)]
        absent = [n.id for n in framework.indicators if n.core and n.id not in reported]
        rows = pd.concat([rows, pd.DataFrame({"indicator": absent, "row": absent, "number": 1})], ignore_index=True)
    place = {indicator: rank for rank, indicator in enumerate(framework.scopes("indicator"))}
    rows = rows.assign(place=rows["indicator"].map(place)).sort_values(["place", "number"], kind="stable")
    labels = [
        scope_label(framework, "indicator", indicator, t) + (f": {name}" if isinstance(name, str) and name else "")
        for indicator, name in zip(rows["indicator"], rows["name"], strict=True)
    ]
    return SUCCESS_RATES.conform(
        rows.assign(row_name=labels, core=[framework.indicator[i].core for i in rows["indicator"]])
    )


def success_rates(rows: pd.DataFrame, caption: Caption, t: Translator, *, theme: Theme = "light") -> go.Figure:
    """SUCCESS_RATES from the 100 % line: reached to the right, short to the left, on the one scale of 0-200 %."""
    shades = SHADES[theme]
    axis = row_axis(
        [str(name) + (" *" if core else "") for name, core in zip(rows["row_name"], rows["core"], strict=True)],
        theme,
        width=215,
        least=44,
    )
    rates = numbers(rows["success_rate"])
    at = list(range(len(rows)))
    reached = [rate is not None and rate >= TARGET_RATE for rate in rates]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [part for rate in rates if rate is not None for part in (TARGET_RATE, rate, None)],
            "y": [
                part for place, rate in zip(at, rates, strict=True) if rate is not None for part in (place, place, None)
            ],
            "line": {"color": shades.muted, "width": 2},
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]
    for is_reached, name, symbol, colour in (
        (True, "charts.reached", "diamond", ACCENT),
        (False, "charts.not_reached", "triangle-left", CONTRAST),
    ):
        picked = [place for place in at if rates[place] is not None and reached[place] == is_reached]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": escaped(t(name)),
                "x": [rates[place] for place in picked],
                "y": picked,
                "marker": {"symbol": symbol, "size": 12, "color": colour},
                "hoverinfo": "text",
                "hovertext": [
                    f"<b>{escaped(str(rows['row_name'].iloc[place]))}</b><br>"
                    + escaped(
                        t(
                            "charts.rate_hover",
                            rate=t.number(rates[place]),
                            score=t.number(rows["score"].iloc[place]),
                        )
                    )
                    for place in picked
                ],
                "cliponaxis": False,
            }
        )
    values = [
        beside_plot(
            f"<b>{t.number(rate)}%</b>{_marks(trend, comparison, t)}"
            if rate is not None
            else escaped(t("charts.not_reported")),
            place,
            theme,
            quiet=rate is None,
        )
        for place, (rate, trend, comparison) in enumerate(zip(rates, rows["trend"], rows["comparison"], strict=True))
    ]
    horizontal = value_axis(theme, t("charts.rate_axis"), RATE_RANGE, [0, 50, 100, 150, 200])
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=axis.height,
        room=Room(axis.left, 200, 4, TICKS + AXIS_TITLE),
        layout={
            "xaxis": horizontal,
            "yaxis": dict(axis.axis),
            "annotations": values,
            "shapes": [
                {
                    "type": "line",
                    "layer": "below",
                    "x0": TARGET_RATE,
                    "x1": TARGET_RATE,
                    "y0": -0.5,
                    "y1": len(rows) - 0.5,
                    "line": {"color": shades.ink, "width": 2},
                }
            ],
        },
        notes=rate_notes(rows, t),
        legend=[str(trace["name"]) for trace in traces if trace.get("showlegend", True)],
    )


def success_rates_alt(rows: pd.DataFrame, caption: Caption, t: Translator) -> str:
    """How many are reached, not reached, not reported; the lowest."""
    known = rows[rows["success_rate"].notna()]
    sentences = [
        caption.title,
        t(
            "charts.alt_rates",
            reached=int((known["success_rate"] >= TARGET_RATE).sum()),
            short=int((known["success_rate"] < TARGET_RATE).sum()),
            blank=len(rows) - len(known),
        ),
    ]
    if len(known):
        least = known.loc[known["success_rate"].idxmin()]
        sentences.append(t("charts.alt_lowest_rate", row=least["row_name"], rate=t.number(least["success_rate"])))
    return " ".join(sentences)


def _marks(trend: object, comparison: object, t: Translator) -> str:
    """What stands beside a rate: where it goes, how it compares. Words, because arrows alone hide which way is good."""
    words = [
        t(f"charts.{kind}_{value}")
        for kind, value in (("trend", trend), ("comparison", comparison))
        if isinstance(value, str) and value
    ]
    return f'<br><span style="font-size:{SMALLEST}px">{escaped(" · ".join(words))}</span>' if words else ""


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """An axis from 0 (or below, if values are) with room above for the numbers."""
    if not values:
        return 0.0, 1.0
    low, high = min(0.0, *values), max(0.0, *values)
    room = (high - low or 1.0) * 0.15
    # A value of 0 keeps clear of the years below it.
    return low - room / 3, high + room


def _amount(value: float | None, t: Translator) -> str:
    """A raw value as reported: up to two decimals, none where it is whole."""
    if value is None or pd.isna(value):
        return t.number(None)
    return t.number(value, 0) if float(value).is_integer() else t.number(value, 2).rstrip("0").rstrip(".")
