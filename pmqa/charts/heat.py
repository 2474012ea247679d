"""Where is everyone strong or weak: agencies x scopes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
import pandas as pd

from pmqa.charts.chart_points import (
    agency_order,
    agency_points,
    coverage_text,
    first_of,
    lowest_coverage,
    missing_note,
    missing_of,
    numbers,
)
from pmqa.charts.cutting import Tiles
from pmqa.charts.dot_plots import finding_of_scopes
from pmqa.charts.drawing import LOOKS, MANY_COLUMNS, Cell, Drawing, Layer, Row, Scale, level_code, level_key
from pmqa.charts.findings import extremes_of, finding
from pmqa.charts.style import Caption
from pmqa.framework import Framework
from pmqa.scoring.points import level_codes, level_ids
from pmqa.settings import PEER_MINIMUM
from pmqa.text import Translator

INCOMPLETE: Final = "*"
MANY_ROWS: Final = 300  # above which tiles are made as they are asked for


def heatmap_data(
    scored: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    agencies: Sequence[str] | None = None,
    order: str = "score",
    scopes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """CHART_POINTS agencies x scopes; rows by overall score, name, or as `agencies` gives them (order="given")."""
    codes = agency_order(scored, order=order, agencies=agencies)
    return agency_points(scored, framework, t, kind=kind, agencies=codes, scopes=scopes)


def heatmap(
    points: pd.DataFrame,
    caption: Caption,
    framework: Framework,
    t: Translator,
    *,
    order: str = "score",
    highlight: Collection[str] = (),
    minimum: int = PEER_MINIMUM,
) -> Drawing:
    """CHART_POINTS as tiles, rows and columns in the table's order; `order` words the rule that ordered the rows.

    Coloured by the scale, values printed behind their levels' letters, an asterisk where answers are missing.
    More than twelve columns: headed by their numbers, and tiles hold whole points. minimum: the
    fewest agencies of which a median is given.
    """
    scopes, names = first_of(points, "scope", "scope_name"), first_of(points, "series", "series_name")
    lowest, blank = lowest_coverage(points), missing_note(missing_of(points), t)
    # Short, so that it stands beside a name and makes no row taller; the asterisk's footnote reads it.
    partly = {share: f"{t.percent(share)}{INCOMPLETE}" for share in set(lowest.values())}
    asides = {key: partly[share] for key, share in lowest.items()}
    dense, width = len(scopes) > MANY_COLUMNS, len(scopes)
    # The table is a full grid in its own order, so its columns are the rows of the picture, one after the other.
    codes = [level_code(framework, level) for level in level_ids(framework)]
    reached = level_codes(points["score"], framework)
    scored, covered = (points[name].to_numpy(dtype=np.float64) for name in ("score", "coverage"))

    def tile(place: int) -> Cell:
        score, share = numbers((scored[place], covered[place]))
        return _tile(place, width, score, share, codes[reached[place]], dense, t)

    every = Tiles(len(points), width, tile)
    tiles = every if len(names) > MANY_ROWS else tuple(every)
    return Drawing(
        "grid",
        caption,
        _finding(points, caption, minimum, t),
        Scale.points(framework, t),
        tuple(Row(key, name, asides.get(key, ""), bold=key in highlight) for key, name in names.items()),
        (
            Layer(
                "tile",
                t("charts.score"),
                LOOKS["score"],
                tiles if len(names) > MANY_ROWS else tuple(tiles),
                legend=False,
            ),
        ),
        details=(t("charts.alt_heatmap", agencies=len(names), scopes=width),),
        notes=(
            t(f"charts.order_{order}"),
            *([t("charts.hatched"), *blank] if blank else []),
            *([t("charts.asterisks", mark=INCOMPLETE)] if lowest else []),
            *([t("charts.cut_points")] if dense else []),
        ),
        levels_key=level_key(framework, t),
        columns=tuple(Row(scope, scope if dense else name) for scope, name in scopes.items()),
        rows_of="agency",
        marks_of="scope",
    )


def _tile(
    place: int, width: int, score: float | None, share: float | None, code: str, dense: bool, t: Translator
) -> Cell:
    row, column = divmod(place, width)
    partly, said = share is not None and share < 1, coverage_text(share, t)
    if score is None:
        return Cell(row, None, column=column, said=said)
    text = t.number(score, 0 if dense else 1) + (INCOMPLETE if partly else "")
    return Cell(row, score, column=column, incomplete=partly, text=text, said=said, code=code)


def _finding(points: pd.DataFrame, caption: Caption, minimum: int, t: Translator) -> str:
    """Scopes with the highest and the lowest median of the scores that count; of too few agencies, as of a profile."""
    counts = points["score"].notna()
    if not caption.incomplete:
        counts &= points["coverage"] >= 1
    stats = points[counts].groupby("scope_name", sort=False, observed=True)["score"].agg(["median", "count"])
    stats = stats[stats["count"] >= minimum]
    ends = extremes_of(stats.index.tolist(), stats["median"].tolist(), t.number)
    if ends is None:
        return finding_of_scopes(points, t)
    few, most = stats["count"].min(), stats["count"].max()
    words = {"n": str(few) if few == most else f"{few}–{most}", "count": len(stats), **ends._asdict()}
    key = "medians_one" if len(stats) == 1 else "medians_level" if ends.level else "medians"
    return finding(t, key, suffix=("missing", int(points["score"].isna().sum())), **words)
