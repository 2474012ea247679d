"""Scores over fiscal years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from pmqa.charts.chart_points import (
    REFERENCES,
    agency_names,
    coverage_text,
    first_of,
    numbers,
    scope_label,
    series_of,
    shown_series,
)
from pmqa.charts.drawing import LOOKS, Cell, Drawing, Layer, Row, Scale, Style, cells, of_agency
from pmqa.charts.findings import extremes_of, finding
from pmqa.charts.footnotes import ANNOUNCED, SUFFIX, history_notes
from pmqa.charts.pairs import signed
from pmqa.charts.palette import Look, looks
from pmqa.charts.style import Caption
from pmqa.charts.tables import HISTORY_POINTS
from pmqa.framework import Framework
from pmqa.shown import differences_shown, rounded
from pmqa.text import Translator

MOST_LINES: Final = 9  # the eight dimensions and a median
OPEN: Final = 1.4  # of the usual size: what is announced is not taken for what is incomplete


def history_data(
    scored: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    scope: str | None = None,
    agencies: Sequence[str] | None = None,
    peers: Mapping[int, pd.DataFrame] | None = None,
    announced: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """HISTORY_POINTS of SCORED over years (one row per agency, year and scope).

    scope given: a line an agency. None: a line a scope of the one agency in `agencies`. Years between the first and
    the last that have no row are blank. peers: fiscal year -> PEER_STATS, for the median's line of the one scope.
    announced: ANNOUNCED, of whose scores each series has another, behind its own.
    """

    def chosen(rows: pd.DataFrame) -> pd.DataFrame:
        rows = rows[(rows["kind"] == kind) & ((rows["scope"] == scope) | (scope is None))]
        return rows if agencies is None else rows[rows["agency_code"].isin(agencies)]

    rows, by = chosen(scored), "scope" if scope is None else "agency_code"
    told = None if announced is None else chosen(announced)
    if scope is None:
        series = list(framework.scopes(kind))
        names = {key: scope_label(framework, kind, key, t) for key in series}
    else:
        names = ({} if told is None else agency_names(told)) | agency_names(rows)
        series = list(agencies) if agencies is not None else list(names)
    known = [int(year) for frame in (rows, told) if frame is not None for year in frame["fiscal_year"]]
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
    if told is not None and len(told):
        found = HISTORY_POINTS.conform(pd.concat([found, _told(told, by, found, t)], ignore_index=True))
    if peers is None or scope is None:
        return found
    # Every year between them: a line over a year without a median would claim one.
    span = range(min([*years, *peers]), max([*years, *peers]) + 1) if years or peers else range(0)
    rows_of_years = [_row_of(peers.get(year), kind, scope) for year in span]
    median = pd.DataFrame(
        {
            "series": "median",
            "series_name": t("charts.median"),
            "role": "median",
            "fiscal_year": list(span),
            "score": [float("nan") if row is None else float(row["median"]) for row in rows_of_years],
            "coverage": float("nan"),
            "n": pd.array([pd.NA if row is None else row["n"] for row in rows_of_years], dtype="Int64"),
        }
    )
    return HISTORY_POINTS.conform(pd.concat([found, HISTORY_POINTS.conform(median)], ignore_index=True))


def _told(announced: pd.DataFrame, by: str, found: pd.DataFrame, t: Translator) -> pd.DataFrame:
    """HISTORY_POINTS of ANNOUNCED beside those found of the same series."""
    grid = found[found["series"].isin(announced[by])].drop(columns="score")
    points = pd.DataFrame(
        {"series": announced[by], "fiscal_year": announced["fiscal_year"].astype("int64"), "score": announced["points"]}
    ).astype({"series": "str"})
    rows = grid.astype({"fiscal_year": "int64"}).merge(points, on=["series", "fiscal_year"], how="left")
    names = [t("charts.as_announced", name=name) for name in rows["series_name"]]
    return HISTORY_POINTS.conform(
        rows.assign(series=rows["series"] + SUFFIX, series_name=names, role=ANNOUNCED, coverage=float("nan"))
    )


def _row_of(stats: pd.DataFrame | None, kind: str, scope: str) -> pd.Series[Any] | None:
    """PEER_STATS' row of one scope; None where there is none."""
    found = None if stats is None else stats[(stats["kind"] == kind) & (stats["scope"] == scope)]
    return None if found is None or found.empty else found.iloc[0]


def history(
    points: pd.DataFrame,
    caption: Caption,
    framework: Framework,
    t: Translator,
    *,
    colours: Mapping[str, Look] | None = None,
) -> Drawing:
    """HISTORY_POINTS as lines, each named at its end; a year without score breaks the line. ValueError above nine.

    What is announced is open marks in the colour of its series, joined and named only where that has no line.
    """
    groups, roles = shown_series(points), first_of(points, "series", "role")
    own = {series: role for series, role in roles.items() if role != ANNOUNCED}
    if len(own.keys() & groups.keys()) > MOST_LINES:
        raise ValueError(f"{len(groups)} lines hide each other; the most is {MOST_LINES}")
    years, look = sorted({int(year) for year in points["fiscal_year"]}), looks(own, "light", colours)

    def style(series: str) -> Style:
        if roles[series] == ANNOUNCED:
            return replace(of_agency(look[series.removesuffix(SUFFIX)]), fill="open", weight=OPEN)
        return LOOKS[roles[series]] if roles[series] in REFERENCES else of_agency(look[series])

    def has_line(series: str) -> bool:
        return roles[series] != ANNOUNCED or not groups[series.removesuffix(SUFFIX)]["score"].notna().any()

    lines = [
        Layer(
            "line" if has_line(series) else "dot",
            str(rows["series_name"].iloc[0]),
            style(series),
            _course(rows, years, t),
            legend=False,
            key="" if roles[series] in (ANNOUNCED, *REFERENCES) else series,
        )
        # The median lies beneath: it must not hide an agency that has the same scores.
        for series, rows in sorted(groups.items(), key=lambda group: roles[group[0]] not in REFERENCES)
    ]
    return Drawing(
        "course",
        caption,
        _finding(points, t),
        Scale.points(framework, t),
        tuple(Row(str(year), t.year(year)) for year in years),
        tuple(lines),
        details=_changes(points, t),
        notes=tuple(history_notes(points, caption, t)),
        rows_of="year",
        marks_of="scope" if "scope" in own.values() else "agency",
    )


def _course(rows: pd.DataFrame, years: Sequence[int], t: Translator) -> tuple[Cell, ...]:
    """The scores of a series, a cell a year."""
    of = rows.set_index("fiscal_year").reindex(years)
    said = [coverage_text(share, t) for share in of["coverage"]]
    return cells(numbers(of["score"]), incomplete=(of["coverage"] < 1).tolist(), said=said)


def _finding(points: pd.DataFrame, t: Translator) -> str:
    """Whose score rose most and whose least, between the latest year and the one before it that most can be compared
    with."""
    own = points[~points["role"].isin(["median", ANNOUNCED])]
    if not own["score"].notna().any():
        own = points[points["role"] == ANNOUNCED]
    wide = own.pivot(index="series", columns="fiscal_year", values="score").reindex(list(dict.fromkeys(own["series"])))
    known = wide.dropna(axis="columns", how="all").sort_index(axis="columns")
    both = {year: int((known[year].notna() & known.iloc[:, -1].notna()).sum()) for year in known.columns[:-1]}
    if not any(both.values()):
        return finding(t, "history_none")
    first, last = max(both, key=lambda year: both[year]), known.columns[-1]
    names, pairs = first_of(own, "series", "series_name"), known[[first, last]].dropna()
    change = differences_shown(pairs[last], pairs[first]).tolist()
    ends = extremes_of([names[series] for series in pairs.index], change, lambda value: signed(value, t))
    assert ends is not None  # noqa: S101 - a year was found that has both
    words = {"first": t.year(int(first)), "last": t.year(int(last)), "n": len(pairs), **ends._asdict()}
    words |= {"start": t.number(pairs[first].iloc[0]), "end": t.number(pairs[last].iloc[0])}
    key = "history_one" if len(pairs) == 1 else "history_level" if ends.level else "history"
    return finding(t, key, suffix=("not_comparable", len(wide) - len(pairs)), **words)


def _changes(points: pd.DataFrame, t: Translator) -> tuple[str, ...]:
    """Each line from its first to its last year with a score."""
    said = []
    for rows in series_of(points).values():
        known = rows[rows["score"].notna()]
        if len(known) > 1:
            first, last = known.iloc[0], known.iloc[-1]
            change = rounded(last["score"]) - rounded(first["score"])
            words = {"first": first["fiscal_year"], "last": last["fiscal_year"], "series": first["series_name"]}
            words |= {"start": t.number(first["score"]), "end": t.number(last["score"])}
            said.append(t("charts.alt_history", **words, change=signed(change, t)))
    return tuple(said)
