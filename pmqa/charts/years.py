"""Over the years, and the results category: histories, one indicator in its unit, success rates on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.pairs import apart, signed
from pmqa.charts.palette import ACCENT, CONTRAST, SHADES, Look, Theme, looks
from pmqa.charts.points import (
    agency_names,
    coverage_text,
    first_of,
    listed,
    median_note,
    numbers,
    scope_label,
    series_of,
)
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
    row_axis,
    score_axis,
    value_axis,
)
from pmqa.charts.tables import HISTORY_POINTS, INDICATOR_YEARS, SUCCESS_RATES
from pmqa.charts.words import escaped, wrapped
from pmqa.framework import Framework
from pmqa.text import Translator

MOST_LINES: Final = 9  # the eight dimensions and a median
HISTORY_HEIGHT: Final = 380
LINE_HEIGHT: Final = 300
NAMES_WIDTH: Final = 200  # pixels right of the plot for the names of the lines
NAME_STEP: Final = 32
TARGET_RATE: Final = 100.0  # percent: the target is met
EARLIER: Final = ("actual_2", "actual_1")  # of MEASURES, oldest first


def history_data(
    scored: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    scope: str | None = None,
    agencies: Sequence[str] | None = None,
    peers: Mapping[int, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """HISTORY_POINTS of SCORED over years (one row per agency, year and scope).

    scope given: a line an agency. None: a line a scope of the one agency in `agencies`. Years between the first and
    the last that have no row are blank. peers: fiscal year -> PEER_STATS, for the median's line of the one scope.
    """
    rows = scored[scored["kind"] == kind]
    if agencies is not None:
        rows = rows[rows["agency_code"].isin(agencies)]
    if scope is not None:
        rows = rows[rows["scope"] == scope]
    by = "scope" if scope is None else "agency_code"
    if scope is None:
        series = list(framework.scopes(kind))
        names = {key: scope_label(framework, kind, key, t) for key in series}
    else:
        names = agency_names(rows)
        series = list(agencies) if agencies is not None else list(names)
    known = [int(year) for year in rows["fiscal_year"]]
    years = list(range(min(known), max(known) + 1)) if known else []
    grid = pd.DataFrame({"series": [one for one in series for _ in years], "fiscal_year": years * len(series)}).astype(
        {"series": "str", "fiscal_year": "int64"}
    )
    values = pd.DataFrame(
        {
            "series": rows[by].astype("str"),
            "fiscal_year": rows["fiscal_year"].astype("int64"),
            "score": rows["score"],
            "coverage": rows["coverage"],
        }
    )
    lines = grid.merge(values, on=["series", "fiscal_year"], how="left").assign(
        series_name=lambda points: points["series"].map(lambda key: names.get(key, key)),
        role="scope" if scope is None else "agency",
        n=pd.array([pd.NA] * len(grid), dtype="Int64"),
    )
    found = HISTORY_POINTS.conform(lines)
    if peers is None or scope is None:
        return found
    medians = [
        (year, stats[(stats["kind"] == kind) & (stats["scope"] == scope)]) for year, stats in sorted(peers.items())
    ]
    median = pd.DataFrame(
        {
            "series": "median",
            "series_name": t("charts.median"),
            "role": "median",
            "fiscal_year": [year for year, _ in medians],
            "score": [float(stats["median"].iloc[0]) if len(stats) else float("nan") for _, stats in medians],
            "coverage": float("nan"),
            "n": pd.array([stats["n"].iloc[0] if len(stats) else pd.NA for _, stats in medians], dtype="Int64"),
        }
    )
    return HISTORY_POINTS.conform(pd.concat([found, HISTORY_POINTS.conform(median)], ignore_index=True))


def history(
    points: pd.DataFrame,
    caption: Caption,
    t: Translator,
    *,
    theme: Theme = "light",
    colours: Mapping[str, Look] | None = None,
) -> go.Figure:
    """HISTORY_POINTS as lines, each named at its end; a year without score breaks the line. ValueError above nine."""
    groups = series_of(points)
    if len(groups) > MOST_LINES:
        raise ValueError(f"{len(groups)} lines hide each other; the most is {MOST_LINES}")
    years = sorted({int(year) for year in points["fiscal_year"]})
    look = looks(first_of(points, "series", "role"), theme, colours)
    traces: list[dict[str, Any]] = []
    ends: list[tuple[float, str, str]] = []
    for series, rows in groups.items():
        name = str(rows["series_name"].iloc[0])
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": escaped(name),
                "x": [int(year) for year in rows["fiscal_year"]],
                "y": numbers(rows["score"]),
                "connectgaps": False,
                "line": {"color": look[series].colour, "dash": look[series].dash, "width": 2.5},
                "marker": {
                    "color": look[series].colour,
                    "size": 9,
                    "symbol": [
                        look[series].marker + ("-open" if c is not None and c < 1 else "")
                        for c in numbers(rows["coverage"])
                    ],
                    "line": {"width": 1.5, "color": look[series].colour},
                },
                "hoverinfo": "text",
                "hovertext": [
                    f"<b>{escaped(name)}</b><br>{escaped(t.year(int(year)))}: {t.number(score)}"
                    + (f"<br>{escaped(coverage_text(c, t))}" if coverage_text(c, t) else "")
                    for year, score, c in zip(rows["fiscal_year"], rows["score"], rows["coverage"], strict=True)
                ],
                "cliponaxis": False,
            }
        )
        last = rows[rows["score"].notna()].tail(1)
        if len(last):
            ends.append((float(last["score"].iloc[0]), name, look[series].colour))
    notes = median_note(points, t)
    blank = points[points["score"].isna() & (points["role"] != "median")]
    if len(blank):
        gaps = [f"{name} ({year})" for name, year in zip(blank["series_name"], blank["fiscal_year"], strict=True)]
        notes.append(t("charts.missing_years", rows=listed(gaps, t)))
    if (points["coverage"] < 1).any():
        notes.append(t("charts.open_marks"))
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=HISTORY_HEIGHT,
        room=Room(56, NAMES_WIDTH, 30, TICKS + AXIS_TITLE),
        layout={
            "xaxis": _year_axis(years, theme, t),
            "yaxis": score_axis(theme, ""),
            "annotations": [above_plot(t("charts.score_axis"), theme), *_line_names(sorted(ends), t, theme)],
        },
        notes=notes,
    )


def history_alt(points: pd.DataFrame, caption: Caption, t: Translator) -> str:
    """Each line from its first to its last year with a score."""
    sentences = [caption.title]
    for rows in series_of(points).values():
        known = rows[rows["score"].notna()]
        if len(known) > 1:
            first, last = known.iloc[0], known.iloc[-1]
            sentences.append(
                t(
                    "charts.alt_history",
                    series=first["series_name"],
                    first=first["fiscal_year"],
                    start=t.number(first["score"]),
                    last=last["fiscal_year"],
                    end=t.number(last["score"]),
                    change=signed(float(last["score"] - first["score"]), t),
                )
            )
    return " ".join(sentences)


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
            "xaxis": _year_axis(at, theme, t),
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
    notes = [t("charts.rates_read")]
    if rows["core"].any():
        notes.append(t("charts.core_mark"))
    blank = [str(name) for name in rows[rows["success_rate"].isna()]["row_name"]]
    if blank:
        notes.append(t("charts.missing_rates", n=len(blank)))
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
        notes=notes,
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


def _year_axis(years: Sequence[int], theme: Theme, t: Translator) -> dict[str, Any]:
    first, last = (years[0], years[-1]) if years else (0, 0)
    axis = value_axis(theme, t("charts.year_axis"), (first - 0.5, last + 0.5), years)
    return axis | {"ticktext": [escaped(t.year(year)) for year in years], "showgrid": False}


def _line_names(ends: Sequence[tuple[float, str, str]], t: Translator, theme: Theme) -> list[dict[str, Any]]:
    """Names at the right, level with the last scores, pushed apart; ends ascend by score."""
    per_pixel = 500 / HISTORY_HEIGHT
    places = apart([score for score, _, _ in ends], NAME_STEP * per_pixel, (0, 500))
    return [
        beside_plot(
            f'<span style="color:{colour}">●</span> <b>{t.number(score)}</b> '
            + wrapped(name, NAMES_WIDTH - 80, SMALL_SIZE, 2),
            place,
            theme,
        )
        | {"xshift": 2}
        for (score, name, colour), place in zip(ends, places, strict=True)
    ]


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
