"""What agencies do against what comes of it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from typing import Final

import pandas as pd

from pmqa.charts.chart_points import agency_names, coverage_text, missing_note, who_counts
from pmqa.charts.drawing import LOOKS, Cell, Drawing, Layer, Row, Scale, Style
from pmqa.charts.findings import finding
from pmqa.charts.footnotes import open_notes
from pmqa.charts.style import Caption
from pmqa.charts.tables import QUADRANT
from pmqa.framework import Framework
from pmqa.scoring import of_settled
from pmqa.settings import PEER_MINIMUM
from pmqa.text import Translator

MOST_NAMED: Final = 8  # agencies that are all named
CORNERS: Final = (("strong", True, True), ("results", False, True), ("start", False, False), ("process", True, False))
RULE: Final = Style("muted")


def quadrant_data(scored: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """QUADRANT from the rows of kind category: the mean of the process categories against that of results.

    A mean follows the overall's rule: a category without score counts as 0 where another has one, and the mean is
    blank where none has. It is of categories of one agency, never of agencies.
    """
    rows = scored[scored["kind"] == "category"]
    kinds = {category.id: category.kind for category in framework.categories}
    parts = rows.assign(kind=rows["scope"].astype("str").map(kinds), code=rows["agency_code"].astype("str"))
    codes, counts = list(dict.fromkeys(parts["code"])), Counter(kinds.values())
    means = {}
    for kind, of_kind in parts.groupby("kind"):
        sums = of_kind.groupby("code")["score"].sum(min_count=1)
        means[kind] = pd.Series(of_settled(sums.to_numpy(dtype="float64") / counts[kind]), index=sums.index)
    coverage = parts.groupby("code")["coverage"].min()
    names = agency_names(scored)
    return QUADRANT.conform(
        pd.DataFrame(
            {
                "series": codes,
                "series_name": [names[code] for code in codes],
                **{side: means.get(side, coverage * math.nan).reindex(codes).to_numpy() for side in counts},
                "coverage": coverage.reindex(codes).to_numpy(),
            }
        )
    )


def quadrant(
    points: pd.DataFrame,
    caption: Caption,
    framework: Framework,
    t: Translator,
    *,
    highlight: Collection[str] = (),
    minimum: int = PEER_MINIMUM,
) -> Drawing:
    """QUADRANT: processes across, results up, quartered where the first level begins.

    Who is highlighted (everyone, of a few) is named. minimum: the fewest that count of which there is a
    median.
    """
    known = points[points["process"].notna() & points["results"].notna()]
    # Highlighted ones last: no other mark lies on them.
    known = known.assign(picked=known["series"].isin(list(highlight))).sort_values("picked", kind="stable")
    known = known.reset_index(drop=True)
    picked, middle = known["picked"], min(framework.scoring.level_thresholds.values())
    named = picked if picked.any() or len(known) > MOST_NAMED else ~picked
    dots = [
        Cell(
            row.Index,
            row.results,
            row.process,
            incomplete=row.coverage < 1,
            text=row.series_name if named[row.Index] else "",
            said=coverage_text(row.coverage, t),
        )
        for row in known.itertuples()
    ]
    upright, across = _scales(framework, t)
    counts = known if caption.incomplete else known[known["coverage"] >= 1]
    medians, said = _medians(counts, caption, t) if len(counts) >= minimum else ([], [])
    silent = points.loc[~points["series"].isin(known["series"]), "series_name"]
    return Drawing(
        "field",
        caption,
        _finding(points, known, middle, t),
        upright,
        tuple(Row(key, name) for key, name in zip(known["series"], known["series_name"], strict=True)),
        (
            Layer("rule", t("charts.quarters", points=t.number(middle, 0)), RULE, (Cell(0, middle, middle),)),
            *medians,
            _corners(upright, across, t),
            Layer("dot", t("charts.agency"), LOOKS["agency"], tuple(dot for dot in dots if not picked[dot.row])),
            Layer("dot", t("charts.highlighted"), LOOKS["picked"], tuple(dot for dot in dots if picked[dot.row])),
        ),
        details=(t("charts.alt_quadrant", **_quarters(known, middle)),),
        notes=(
            *said,
            *missing_note({str(name): [] for name in silent}, t),
            *open_notes(known["results"], known["coverage"], t),
        ),
        across=across,
        rows_of="agency",
    )


def _scales(framework: Framework, t: Translator) -> tuple[Scale, Scale]:
    """Of the results, upright, and of the processes, across."""
    points = Scale.points(framework, t)
    ends = {"low": t.number(points.low, 0), "high": t.number(points.high, 0)}
    upright, across = (t(f"charts.{kind}_axis", **framework.kinds(t), **ends) for kind in ("results", "process"))
    return replace(points, title=upright), replace(points, title=across)


def _medians(counts: pd.DataFrame, caption: Caption, t: Translator) -> tuple[list[Layer], list[str]]:
    """The medians as rules, and their footnote."""
    x, y = float(counts["process"].median()), float(counts["results"].median())
    words = {"process": t.number(x), "results": t.number(y), "n": len(counts)}
    said = t("charts.quadrant_median", counted=who_counts(t, incomplete=caption.incomplete), **words)
    return [Layer("rule", t("charts.median"), LOOKS["median"], (Cell(0, y, x),))], [said]


def _corners(upright: Scale, across: Scale, t: Translator) -> Layer:
    """What each quarter means, in its corner."""
    cells = tuple(
        Cell(
            0,
            upright.high if up else upright.low,
            across.high if right else across.low,
            text=t(f"charts.quarter_{name}"),
        )
        for name, right, up in CORNERS
    )
    return Layer("text", "", LOOKS["missing"], cells, legend=False, plain=True)


def _quarters(known: pd.DataFrame, middle: float) -> dict[str, int]:
    """How many agencies are in each quarter."""
    doing, having = known["process"] >= middle, known["results"] >= middle
    return {
        "strong": int((doing & having).sum()),
        "process": int((doing & ~having).sum()),
        "results": int((~doing & having).sum()),
        "start": int((~doing & ~having).sum()),
        "n": len(known),
    }


def _finding(points: pd.DataFrame, known: pd.DataFrame, middle: float, t: Translator) -> str:
    """Where the one highlighted agency stands, or who is below the first level on both sides."""
    blank, counts = ("missing", len(points) - len(known)), _quarters(known, middle)
    if known.empty:
        return finding(t, "nothing")
    words = {"points": t.number(middle, 0), "n": len(known), "start": counts["start"], "strong": counts["strong"]}
    one = known[known["picked"]]
    if len(one) == 1:
        name, process, results = one.iloc[0][["series_name", "process", "results"]]
        own = {"agencies": (str(name),), "process": t.number(process), "results": t.number(results)}
        return finding(t, "quadrant_one", suffix=blank, **words, **own)
    low = known.loc[(known["process"] < middle) & (known["results"] < middle), "series_name"]
    names = tuple(str(name) for name in low)
    return finding(t, "quadrant" if names else "quadrant_none", suffix=blank, agencies=names, **words)
