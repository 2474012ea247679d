"""Profiles: the radar for up to four series, small ones beyond, dots where axes are too few or too many for a shape."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from pmqa.charts.chart_points import (
    agency_points,
    coverage_from_text,
    first_of,
    listed,
    lowest_coverage,
    median_note,
    missing_note,
    missing_of,
    shown_series,
)
from pmqa.charts.dot_plots import dots, finding_of_scopes, series_layers
from pmqa.charts.drawing import Drawing, Layer, Row, Scale
from pmqa.charts.findings import extremes_of
from pmqa.charts.palette import Look
from pmqa.charts.style import Caption
from pmqa.framework import Framework
from pmqa.text import Translator

MOST_SERIES: Final = 4  # median included; above it, a small radar an agency
LEAST_AXES, MOST_AXES = 4, 12


def radar_data(
    scored: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    agencies: Sequence[str],
    peers: pd.DataFrame | None = None,
    scopes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """CHART_POINTS of the agencies, in the order given, over the kind's scopes; with peers, their median last."""
    return agency_points(scored, framework, t, kind=kind, agencies=agencies, scopes=scopes, peers=peers)


def radar(
    points: pd.DataFrame,
    caption: Caption,
    framework: Framework,
    t: Translator,
    *,
    colours: Mapping[str, Look] | None = None,
    highlight: Collection[str] = (),
) -> Drawing:
    """CHART_POINTS as outlines around their scopes, in the table's order; of more than MOST_SERIES, a small one an
    agency with the median in each; as dots where there are fewer than LEAST_AXES or more than MOST_AXES.

    highlight: series whose line is wide and whose name is bold.
    """
    scopes, roles = first_of(points, "scope", "scope_name"), first_of(points, "series", "role")
    if not LEAST_AXES <= len(scopes) <= MOST_AXES:
        return dots(points, caption, framework, t, colours=colours, highlight=highlight)
    own = dict(zip(shown_series(points), series_layers(points, t, "line", colours, highlight), strict=True))
    agencies, scale = [series for series in own if roles[series] == "agency"], Scale.points(framework, t)
    # The median lies beneath: it is the background that agencies are read against.
    layers = [layer for series, layer in own.items() if roles[series] != "agency"]
    notes, many = missing_note(missing_of(points), t), len(own) > MOST_SERIES
    if many:
        layers += [_panel(own[series], series) for series in agencies]
        rings = ", ".join(t.number(tick, 0) for tick in scale.ticks if tick > scale.low)
        notes.append(t("charts.same_scale", low=t.number(scale.low, 0), high=t.number(scale.high, 0), rings=rings))
    else:
        layers += [_filled(own[series], alone=len(agencies) == 1) for series in agencies]
    return Drawing(
        "radar",
        caption,
        finding_of_scopes(points, t),
        scale,
        tuple(Row(scope, name) for scope, name in scopes.items()),
        tuple(layers),
        details=_extremes_of_agencies(points, t) if len(agencies) > 1 else (),
        notes=(*notes, *median_note(points, caption, t)),
        panels=_panels(points, agencies, t) if many else (),
        rows_of="scope",
        marks_of="agency",
    )


def _panel(layer: Layer, series: str) -> Layer:
    """A line in a small radar of its own, solid: nothing but the median is beside it."""
    return replace(layer, panel=series, legend=False, style=replace(layer.style, dash="solid"))


def _filled(layer: Layer, *, alone: bool) -> Layer:
    """A lone profile is faintly filled; a fill would close a gap."""
    whole = all(cell.value is not None for cell in layer.cells)
    return replace(layer, style=replace(layer.style, fill="faint")) if alone and whole else layer


def _panels(points: pd.DataFrame, agencies: Sequence[str], t: Translator) -> tuple[tuple[str, str], ...]:
    """Agency -> its name, and below it how much it has answered."""
    names, lowest = first_of(points, "series", "series_name"), lowest_coverage(points)
    said = ((series, coverage_from_text(lowest.get(series), t)) for series in agencies)
    return tuple((series, "\n".join(part for part in (names[series], words) if part)) for series, words in said)


def _extremes_of_agencies(points: pd.DataFrame, t: Translator) -> tuple[str, ...]:
    """Each agency's strongest and weakest scope."""
    said = []
    for series, rows in shown_series(points[points["role"] == "agency"]).items():
        name = next(iter(rows["series_name"]), series)
        ends = extremes_of(rows["scope_name"].tolist(), rows["score"].tolist(), t.number)
        if ends is None:
            said.append(t("charts.alt_no_score", series=name))
            continue
        best, worst = listed(ends.top, t), listed(ends.bottom, t)
        words = {"best": best, "high": ends.high, "worst": worst, "low": ends.low}
        said.append(t("charts.alt_profile", series=name, **words))
    return tuple(said)
