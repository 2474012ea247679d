"""The editable chart of many agencies: the heatmap as a table with coloured cells."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from pmqa.charts import Caption
from pmqa.charts.points import missing_note, missing_of
from pmqa.exports.native import NEUTRAL, NativeChart, Series, label, range_of, values
from pmqa.exports.stamp import clean_text
from pmqa.text import Translator

MANY_COLUMNS: Final = 12  # of a grid: above it they are headed by the numbers of their scopes


def heat_chart(points: pd.DataFrame, caption: Caption, t: Translator) -> NativeChart:
    """CHART_POINTS as a table, agencies x scopes in the table's order; a missing score stays blank."""
    scopes = points.drop_duplicates("scope")
    agencies = points.drop_duplicates("series")
    wide = points.pivot(index="series", columns="scope", values="score").reindex(agencies["series"])
    lowest = points.groupby("series", observed=True)["coverage"].min().reindex(agencies["series"])
    heads = scopes["scope"] if len(scopes) > MANY_COLUMNS else scopes["scope_name"]
    series = tuple(
        Series(clean_text(str(head)), values(wide[scope]), NEUTRAL["own"])
        for scope, head in zip(scopes["scope"], heads, strict=True)
    )
    labels = tuple(label(name, share, t) for name, share in zip(agencies["series_name"], lowest, strict=True))
    cut = [t("charts.cut_points")] if len(scopes) > MANY_COLUMNS else []
    said = replace(caption, notes=(*missing_note(missing_of(points), t), *cut, *caption.notes))
    return NativeChart("grid", said, labels, series, coverage=range_of(points["coverage"]))
