"""The results category: one indicator in its unit over the years, success rates of all on one scale."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import pandas as pd

from pmqa.charts.chart_points import as_reported, numbers, scope_label
from pmqa.charts.drawing import LOOKS, Cell, Drawing, Layer, Row, Scale, Style, cells, whole_steps
from pmqa.charts.findings import extremes_of, finding
from pmqa.charts.footnotes import rate_notes
from pmqa.charts.style import Caption
from pmqa.charts.tables import INDICATOR_YEARS, SUCCESS_RATES
from pmqa.framework import Framework
from pmqa.text import Translator

TARGET_RATE: Final = 100.0  # percent: the target is met
RATE_STEP: Final = 50  # percent, from tick to tick


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


def indicator_line(years: pd.DataFrame, caption: Caption, t: Translator, *, unit: str, direction: str) -> Drawing:
    """INDICATOR_YEARS as a line in its unit, the target a stroke a year, and which side is the better one.

    direction: higher or lower is better. One axis: what has another unit is another drawing.
    """
    actuals, targets, benchmarks = (numbers(years[name]) for name in ("actual", "target", "benchmark"))
    low, high, ticks = whole_steps([value for value in (*actuals, *targets, *benchmarks) if value is not None])
    title = " · ".join(part for part in (unit, t(f"charts.better_{direction}")) if part)
    scale = Scale(low, high, ticks, title, f" {unit}" if unit else "", digits=None)
    printed = [as_reported(value, t) if value is not None else "" for value in actuals]
    names = [t.year(int(year)) for year in years["fiscal_year"]]
    blank = [name for name, value in zip(names, actuals, strict=True) if value is None]
    return Drawing(
        "course",
        caption,
        _measure_finding(years, scale, direction, t),
        scale,
        tuple(Row(name, name) for name in names),
        (
            Layer("post", t("charts.target"), replace(LOOKS["zero"], dash="6px,3px"), cells(targets)),
            Layer("dot", t("charts.benchmark"), Style("contrast", "cross", weight=1.1), cells(benchmarks)),
            Layer("line", t("charts.actual"), LOOKS["agency"], cells(actuals, text=printed)),
        ),
        details=_since(years, scale, t),
        notes=(t("charts.missing_years", rows=", ".join(blank)),) if blank else (),
    )


def _measure_finding(years: pd.DataFrame, scale: Scale, direction: str, t: Translator) -> str:
    """The last actual, and whether its target is met."""
    known = years[years["actual"].notna()]
    blank = ("blank_years", len(years) - len(known))
    if known.empty:
        return finding(t, "measure_none", suffix=blank)
    # By column: of a row of whole and broken numbers pandas makes a series with NA, which is no float.
    year, actual, target = (known[name].iloc[-1] for name in ("fiscal_year", "actual", "target"))
    words = {"year": t.year(int(year)), "actual": (scale.words(actual, t),)}
    if pd.isna(target):
        return finding(t, "measure_alone", suffix=blank, **words)
    met = actual >= target if direction == "higher" else actual <= target
    return finding(t, "measure_met" if met else "measure_short", suffix=blank, target=as_reported(target, t), **words)


def _since(years: pd.DataFrame, scale: Scale, t: Translator) -> tuple[str, ...]:
    """What it was in the first year."""
    known = years[years["actual"].notna()].iloc[:-1]
    return tuple(
        t("charts.alt_since", year=t.year(int(year)), actual=scale.words(actual, t))
        for year, actual in zip(known["fiscal_year"][:1], known["actual"][:1], strict=True)
    )


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


def success_rates(rows: pd.DataFrame, caption: Caption, framework: Framework, t: Translator) -> Drawing:
    """SUCCESS_RATES from the 100 % line: reached to the right, short to the left, on the edition's one scale."""
    rates, scale = numbers(rows["success_rate"]), _rate_scale(framework, t)
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
        _rates_finding(rows, scale, framework, t),
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
        notes=tuple(rate_notes(rows, scale.high, t)),
        rows_of="scope",
    )


def _rate_scale(framework: Framework, t: Translator) -> Scale:
    """The percents within which the edition keeps success rates."""
    low, high = framework.scoring.success_rate_min, framework.scoring.success_rate_max
    between = range(math.ceil(low / RATE_STEP) * RATE_STEP, math.floor(high) + 1, RATE_STEP)
    title = t("charts.rate_axis", low=t.number(low, 0), high=t.number(high, 0))
    return Scale(low, high, tuple(sorted({low, high, *map(float, between)})), title, "%")


def _rates_finding(rows: pd.DataFrame, scale: Scale, framework: Framework, t: Translator) -> str:
    """How many are reached, and the lowest."""
    rates = numbers(rows["success_rate"])
    names = [_own_name(*of, framework, t) for of in zip(rows["row"], rows["row_name"], strict=True)]
    ends = extremes_of(names, rates, lambda rate: scale.words(rate, t))
    if ends is None:
        return finding(t, "rates_none", n=len(rows))
    known = [rate for rate in rates if rate is not None]
    words = {"reached": sum(rate >= TARGET_RATE for rate in known), "n": len(known), "rows": ends.bottom}
    return finding(t, "rates", suffix=("not_reported", len(rates) - len(known)), rate=ends.low, **words)


def _own_name(row: str, name: str, framework: Framework, t: Translator) -> str:
    """Of a measure with a name of its own that and its indicator's number, as a headline has no room for both names."""
    indicator, number, _ = row.partition("#")
    if not number:
        return name
    _, behind, own = name.partition(f"{scope_label(framework, 'indicator', indicator, t)}: ")
    return f"{indicator} {own}" if behind else name


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
