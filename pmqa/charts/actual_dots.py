"""One measure of several agencies in one unit: what each reached, and the target that it had."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace
from typing import Final

import pandas as pd

from pmqa.charts.chart_points import as_reported, numbers
from pmqa.charts.drawing import LOOKS, Cell, Drawing, Layer, Row, Scale, cells, round_step
from pmqa.charts.findings import finding
from pmqa.charts.style import Caption
from pmqa.charts.tables import ACTUALS
from pmqa.text import Translator

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
    highlight: Collection[str] = (),
) -> Drawing:
    """ACTUALS as dots with a stroke at each target, from 0 on an axis in the measure's unit.

    unit: as people write it. median: of the actuals; None where too few agencies stand behind it. A value that was
    sent in another unit has an open dot.
    """
    known = pd.concat([rows["actual"], rows["target"]]).dropna()
    low, high = min(0.0, float(known.min())), max(0.0, float(known.max()))
    end = low + ((high - low) or 1.0) * 1.04
    beside = f" {unit}" if unit else ""
    scale = Scale(low, end, tuple(_ticks(low, high)), t("charts.actuals_axis", unit=unit), beside, digits=None)
    converted = rows["converted"].astype("bool").tolist()
    sent = [
        t("charts.actuals_sent", value=as_reported(value, t), unit=of) if other else ""
        for other, value, of in zip(converted, rows["actual_sent"], rows["unit_sent"], strict=True)
    ]
    middle = () if median is None else (_median(median, len(rows), t),)
    return Drawing(
        "rows",
        caption,
        _finding(rows, scale, t),
        scale,
        tuple(
            Row(key, name, end=as_reported(actual, t), bold=key.partition("#")[0] in highlight)
            for key, name, actual in zip(rows["series"].astype("str"), rows["series_name"], rows["actual"], strict=True)
        ),
        (
            *middle,
            Layer("post", t("charts.target"), replace(LOOKS["gap"], weight=0.75), cells(numbers(rows["target"]))),
            Layer(
                "dot",
                t("charts.actual"),
                LOOKS["agency"],
                cells(numbers(rows["actual"]), incomplete=converted, said=sent),
            ),
        ),
        details=(t("charts.alt_actuals", n=len(rows), converted=sum(converted)),),
        notes=(
            t(f"charts.better_{direction}"),
            *([t("charts.actuals_converted", unit=unit)] if any(converted) else []),
        ),
        rows_of="agency",
    )


def _finding(rows: pd.DataFrame, scale: Scale, t: Translator) -> str:
    """Who is best and who is last; rows are the best first."""
    words = [scale.words(actual, t) for actual in rows["actual"]]
    best, last = (
        tuple(str(name) for name, word in zip(rows["series_name"], words, strict=True) if word == end)
        for end in (words[0], words[-1])
    )
    said = {"best": best, "first": words[0], "worst": last, "last": words[-1], "n": len(rows)}
    if len(rows) == 1:
        return finding(t, "actuals_one", **said)
    return finding(t, "actuals_level" if words[0] == words[-1] else "actuals", **said)


def _median(median: float, count: int, t: Translator) -> Layer:
    words = t("charts.median_value", value=as_reported(median, t), n=count)
    return Layer("rule", t("charts.median"), LOOKS["median"], (Cell(0, median, text=words),), legend=False)


def _ticks(low: float, high: float) -> list[float]:
    """Round values from the lowest to the highest, at most about six."""
    step = round_step((high - low) or 1.0, MOST_TICKS)
    first, last = math.floor(low / step), math.floor(high / step)
    return [round(place * step, 10) for place in range(first, last + 1)]
