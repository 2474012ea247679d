"""Many agencies on one scope, or a profile to read values from: sorted dots with the peers' median."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from pmqa.charts.chart_points import (
    REFERENCES,
    agency_order,
    agency_points,
    coverage_from_text,
    coverage_text,
    first_of,
    listed,
    lowest_coverage,
    median_note,
    missing_note,
    missing_of,
    numbers,
    shown_series,
)
from pmqa.charts.drawing import LOOKS, Cell, Drawing, Layer, Mark, Row, Scale, cells, of_agency
from pmqa.charts.findings import extremes_of, finding
from pmqa.charts.footnotes import open_notes
from pmqa.charts.palette import Look, looks
from pmqa.charts.style import Caption, legend_name
from pmqa.framework import Framework
from pmqa.text import Translator


def dots_data(
    scored: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    scope: str,
    peers: pd.DataFrame | None = None,
    order: str = "score",
) -> pd.DataFrame:
    """CHART_POINTS of one scope, one row an agency, ordered; with peers, the median's row last."""
    agencies = agency_order(scored, order=order, kind=kind, scope=scope)
    return agency_points(scored, framework, t, kind=kind, agencies=agencies, scopes=[scope], peers=peers)


def dots(
    points: pd.DataFrame,
    caption: Caption,
    framework: Framework,
    t: Translator,
    *,
    highlight: Collection[str] = (),
    colours: Mapping[str, Look] | None = None,
) -> Drawing:
    """CHART_POINTS where values are read.

    One scope: a row an agency, the peers' median a line. Several scopes: a row a scope, a mark a series (the table
    of a radar drawn again). highlight: series whose marks stand out and whose names are bold.
    """
    notes = [*median_note(points, caption, t), *open_notes(points["score"], points["coverage"], t)]
    if points["scope"].nunique() > 1:
        return _of_scopes(points, caption, framework, t, colours, highlight, notes)
    agencies = points[points["role"] == "agency"].reset_index(drop=True)
    answered = [coverage_text(coverage, t) for coverage in agencies["coverage"]]
    chosen, scores = agencies["series"].isin(list(highlight)).tolist(), numbers(agencies["score"])
    marks = cells(
        scores,
        incomplete=(agencies["coverage"] < 1).tolist(),
        text=[t.number(score) for score in scores],
        said=answered,
        style=[LOOKS["picked" if pick else "agency"] for pick in chosen],
    )
    scale, scope = Scale.points(framework, t), next(iter(points["scope_name"]), "")
    blank = [Cell(row, scale.low, text=t("charts.no_score")) for row, score in enumerate(scores) if score is None]
    return Drawing(
        "rows",
        caption,
        _finding(agencies, t),
        scale,
        tuple(
            Row(series, name, said, bold=pick)
            for series, name, said, pick in zip(
                agencies["series"], agencies["series_name"], answered, chosen, strict=True
            )
        ),
        (
            *_medians(points, t),
            Layer("dot", scope, LOOKS["agency"], marks, legend=False),
            # Words, not marks, where there is no score: a mark at the left edge would read as 0.
            Layer("text", "", LOOKS["missing"], tuple(blank), legend=False, plain=True),
        ),
        notes=(*missing_note(dict.fromkeys(missing_of(points), ()), t), *notes),
        rows_of="agency",
    )


def _medians(points: pd.DataFrame, t: Translator) -> Iterator[Layer]:
    """The median of one scope as a line, with its n."""
    median = points[(points["role"] == "median") & points["score"].notna()]
    for score, n in zip(median["score"].tolist(), median["n"], strict=True):
        said = t("charts.median_value", value=t.number(score), n=int(n))
        yield Layer("rule", t("charts.median"), LOOKS["median"], (Cell(0, score, text=said),), legend=False)


def _finding(agencies: pd.DataFrame, t: Translator) -> str:
    """Who has the highest and who the lowest score."""
    ends = extremes_of(agencies["series_name"].tolist(), agencies["score"].tolist(), t.number)
    if ends is None:
        return finding(t, "nothing")
    n = int(agencies["score"].notna().sum())
    words = {"n": n, "suffix": ("missing", len(agencies) - n), **ends._asdict()}
    return finding(t, "dots_one" if n == 1 else "dots_level" if ends.level else "dots", **words)


def _of_scopes(
    points: pd.DataFrame,
    caption: Caption,
    framework: Framework,
    t: Translator,
    colours: Mapping[str, Look] | None,
    highlight: Collection[str],
    notes: Sequence[str],
) -> Drawing:
    scopes = first_of(points, "scope", "scope_name")
    layers = series_layers(points, t, "dot", colours, highlight)
    # Equal scores of two series must both be seen: each series has its own height in the row.
    lifted = [
        replace(
            layer,
            style=replace(layer.style, weight=1.4) if layer.bold else layer.style,
            cells=tuple(replace(cell, lift=lift) for cell in layer.cells),
        )
        for layer, lift in zip(layers, _spread(len(layers)), strict=True)
    ]
    return Drawing(
        "rows",
        caption,
        finding_of_scopes(points, t),
        Scale.points(framework, t),
        tuple(Row(scope, name) for scope, name in scopes.items()),
        tuple(lifted),
        details=_extremes_of_scopes(points, t),
        notes=(*missing_note(missing_of(points), t), *notes),
        legend_below=True,
        rows_of="scope",
        marks_of="agency",
    )


def series_layers(
    points: pd.DataFrame, t: Translator, mark: Mark, colours: Mapping[str, Look] | None, highlight: Collection[str]
) -> list[Layer]:
    """CHART_POINTS as a layer a series over its scopes, agencies in their own looks, the table's order kept."""
    at = {scope: row for row, scope in enumerate(dict.fromkeys(points["scope"].tolist()))}
    roles, names = first_of(points, "series", "role"), first_of(points, "series", "series_name")
    look, lowest = looks(roles, "light", colours), lowest_coverage(points)
    layers = []
    for series, rows in shown_series(points).items():
        style = LOOKS[roles[series]] if roles[series] in REFERENCES else of_agency(look[series])
        columns = (rows["scope"].tolist(), numbers(rows["score"]), numbers(rows["coverage"]))
        marks = tuple(
            Cell(at[scope], score, incomplete=share is not None and share < 1, said=coverage_text(share, t))
            for scope, score, share in zip(*columns, strict=True)
        )
        name = legend_name(names[series], coverage_from_text(lowest.get(series), t))
        whose = series if roles[series] == "agency" else ""
        layers.append(Layer(mark, name, style, marks, bold=series in highlight, key=whose))
    return layers


def finding_of_scopes(points: pd.DataFrame, t: Translator) -> str:
    """Of one agency its ends, of several where they are farthest apart."""
    agencies = points[points["role"] == "agency"]
    known = agencies[agencies["score"].notna()]
    blank = ("missing", len(agencies) - len(known))
    if known.empty:
        return finding(t, "nothing")
    if known["series"].nunique() == 1:
        ends = extremes_of(known["scope_name"].tolist(), known["score"].tolist(), t.number)
        said = {} if ends is None else ends._asdict()
        key = "scopes_level" if ends and ends.level else "scopes_one"
        return finding(t, key, suffix=blank, agency=(str(known["series_name"].iloc[0]),), n=len(known), **said)
    of = known.groupby("scope", sort=False)["score"]
    widest = (of.max() - of.min()).idxmax()
    rows = known[known["scope"] == widest]
    ends = extremes_of(rows["series_name"].tolist(), rows["score"].tolist(), t.number)
    if ends is None or ends.level:
        return finding(t, "scopes_same", suffix=blank, n=known["scope"].nunique())
    return finding(t, "scopes", suffix=blank, scope=(str(rows["scope_name"].iloc[0]),), **ends._asdict())


def _extremes_of_scopes(points: pd.DataFrame, t: Translator) -> tuple[str, ...]:
    """Highest and lowest agency of each scope."""
    known = points[(points["role"] == "agency") & points["score"].notna()]
    said = []
    for _, rows in known.groupby("scope", sort=False):
        ends = extremes_of(rows["series_name"].tolist(), rows["score"].tolist(), t.number)
        if ends is not None:
            best, worst = listed(ends.top, t), listed(ends.bottom, t)
            words = {"best": best, "high": ends.high, "worst": worst, "low": ends.low}
            said.append(t("charts.alt_dots", scope=rows["scope_name"].iloc[0], **words))
    return tuple(said)


def _spread(count: int) -> list[float]:
    return [0.0] if count == 1 else [-0.26 + 0.52 * place / (count - 1) for place in range(count)]
