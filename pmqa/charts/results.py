"""The results category: one indicator in its unit over the years, success rates of all on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.drawing import LOOKS, Cell, Drawing, Layer, Row, Scale, cells
from pmqa.charts.findings import ends_of, finding
from pmqa.charts.footnotes import rate_notes
from pmqa.charts.palette import ACCENT, CONTRAST, SHADES, Theme
from pmqa.charts.points import as_reported, numbers, scope_label
from pmqa.charts.style import (
    AXIS_TITLE,
    RATE_RANGE,
    SMALL_SIZE,
    TICKS,
    Caption,
    Room,
    above_plot,
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
RATE_TICKS: Final = (0.0, 50.0, 100.0, 150.0, 200.0)


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
                for part in (*[escaped(f"{t('charts.target')} {year}: {as_reported(target, t)} {unit}")] * 2, "")
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
                    escaped(f"{t('charts.benchmark')} {year}: {as_reported(value, t)} {unit}")
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
            "text": [f"<b>{as_reported(value, t)}</b>" if value is not None else "" for value in actuals],
            "textposition": "top center",
            "textfont": {"size": SMALL_SIZE, "color": shades.ink},
            "hoverinfo": "text",
            "hovertext": [
                escaped(f"{t('charts.actual')} {year}: {as_reported(value, t)} {unit}")
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
        sentences.append(t("charts.alt_actual", year=year, actual=as_reported(actual, t), unit=unit))
    else:
        met = actual >= last["target"] if direction == "higher" else actual <= last["target"]
        sentences.append(
            t(
                "charts.alt_actual_met" if met else "charts.alt_actual_short",
                year=year,
                actual=as_reported(actual, t),
                target=as_reported(float(last["target"]), t),
                unit=unit,
            )
        )
    if len(known) > 1:
        sentences.append(
            t(
                "charts.alt_since",
                year=int(first["fiscal_year"]),
                actual=as_reported(float(first["actual"]), t),
                unit=unit,
            )
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


def success_rates(rows: pd.DataFrame, caption: Caption, t: Translator) -> Drawing:
    """SUCCESS_RATES from the 100 % line: reached to the right, short to the left, on the one scale of 0-200 %."""
    rates, scale = numbers(rows["success_rate"]), Scale(*RATE_RANGE, RATE_TICKS, t("charts.rate_axis"), "%")
    names = [f"{name} *" if core else str(name) for name, core in zip(rows["row_name"], rows["core"], strict=True)]
    scores = [f"{t('charts.score')}: {t.number(score)}" for score in rows["score"]]
    ends = [
        t("charts.not_reported") if rate is None else "\n".join(part for part in (scale.words(rate, t), said) if part)
        for rate, said in zip(rates, _marks(rows, t), strict=True)
    ]
    reached = [rate if rate is not None and rate >= TARGET_RATE else None for rate in rates]
    short = [rate if rate is not None and rate < TARGET_RATE else None for rate in rates]
    way = cells([None if rate is None else TARGET_RATE for rate in rates], to=rates)
    return Drawing(
        "rows",
        caption,
        _rates_finding(rows, scale, t),
        scale,
        tuple(
            Row(key, name, end=end, quiet=rate is None)
            for key, name, end, rate in zip(rows["row"], names, ends, rates, strict=True)
        ),
        (
            Layer("rule", t("charts.target"), LOOKS["zero"], (Cell(0, TARGET_RATE),), legend=False),
            Layer("link", "", LOOKS["link"], way, legend=False, plain=True),
            Layer("dot", t("charts.reached"), LOOKS["own"], cells(reached, said=scores)),
            Layer("dot", t("charts.not_reached"), LOOKS["behind"], cells(short, said=scores)),
        ),
        notes=tuple(rate_notes(rows, t)),
    )


def _rates_finding(rows: pd.DataFrame, scale: Scale, t: Translator) -> str:
    """How many are reached, and the lowest."""
    rates = numbers(rows["success_rate"])
    ends = ends_of(rows["row_name"].tolist(), rates, lambda rate: scale.words(rate, t))
    if ends is None:
        return finding(t, "rates_none", n=len(rows))
    known = [rate for rate in rates if rate is not None]
    words = {"reached": sum(rate >= TARGET_RATE for rate in known), "n": len(known), "rows": ends.bottom}
    return finding(t, "rates", suffix=("not_reported", len(rates) - len(known)), rate=ends.low, **words)


def _marks(rows: pd.DataFrame, t: Translator) -> list[str]:
    """What stands below a rate: where it goes, how it compares. Words, because arrows alone hide which way is good."""
    return [
        " · ".join(
            t(f"charts.{kind}_{value}")
            for kind, value in (("trend", trend), ("comparison", comparison))
            if isinstance(value, str) and value
        )
        for trend, comparison in zip(rows["trend"], rows["comparison"], strict=True)
    ]


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """An axis from 0 (or below, if values are) with room above for the numbers."""
    if not values:
        return 0.0, 1.0
    low, high = min(0.0, *values), max(0.0, *values)
    room = (high - low or 1.0) * 0.15
    # A value of 0 keeps clear of the years below it.
    return low - room / 3, high + room
