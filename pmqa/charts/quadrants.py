"""What agencies do against what comes of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.palette import ACCENT, CONTRAST, SHADES, Theme
from pmqa.charts.points import LEAST_FOR_MEDIAN, agency_names, coverage_text, missing_note, numbers, who_counts
from pmqa.charts.style import (
    AXIS_TITLE,
    SMALL_SIZE,
    TICKS,
    Caption,
    Room,
    above_plot,
    drawn,
    key_of,
    score_axis,
)
from pmqa.charts.tables import QUADRANT
from pmqa.charts.words import escaped
from pmqa.framework import Framework
from pmqa.text import Translator

QUADRANT_HEIGHT: Final = 440
MOST_NAMED: Final = 8  # agencies that are all numbered
NUMBER_ROOM: Final = 16  # pixels across a mark that its number leaves free
BESIDE: Final = 18.0  # points of the scale from a mark to its number
SIDES: Final = {"middle right": (1, 0), "middle left": (-1, 0), "top center": (0, 1), "bottom center": (0, -1)}
MIDDLE: Final = 300.0  # of the quarters: where the first level begins


def quadrant_data(scored: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """QUADRANT from the rows of kind category: the mean of the process categories against the results category.

    The mean follows the overall's rule: a category without score counts as 0 where another has one, and the mean is
    blank where none has. It is of categories of one agency, never of agencies.
    """
    rows = scored[scored["kind"] == "category"]
    kinds = {category.id: category.kind for category in framework.categories}
    parts = rows.assign(part=rows["scope"].astype("str").map(kinds), code=rows["agency_code"].astype("str"))
    process = parts[parts["part"] == "process"].groupby("code", sort=False)
    results = parts[parts["part"] == "results"].drop_duplicates("code").set_index("code")
    count = sum(kind == "process" for kind in kinds.values())
    mean = process["score"].sum(min_count=1) / count
    codes = list(dict.fromkeys(parts["code"]))
    coverage = pd.concat([process["coverage"].min(), results["coverage"]], axis=1).min(axis=1)
    names = agency_names(scored)
    return QUADRANT.conform(
        pd.DataFrame(
            {
                "series": codes,
                "series_name": [names[code] for code in codes],
                "process": mean.reindex(codes).to_numpy(),
                "results": results["score"].reindex(codes).to_numpy(),
                "coverage": coverage.reindex(codes).to_numpy(),
            }
        )
    )


def quadrant(
    points: pd.DataFrame,
    caption: Caption,
    t: Translator,
    *,
    theme: Theme = "light",
    highlight: Collection[str] = (),
    middle: float = MIDDLE,
    minimum: int = LEAST_FOR_MEDIAN,
) -> go.Figure:
    """QUADRANT: process (x) against results (y), both 0-500, quartered at `middle`, where the first level begins.

    Who is highlighted (everyone, of a few) has a number, which a footnote explains: names would hide other agencies.
    minimum: the fewest complete agencies of which a median is shown.
    """
    shades = SHADES[theme]
    known = points[points["process"].notna() & points["results"].notna()]
    # Highlighted ones last: no other mark lies on them.
    known = known.assign(picked=known["series"].isin(list(highlight))).sort_values("picked", kind="stable")
    known = known.reset_index(drop=True)
    picked = known["picked"]
    numbered = known[picked if picked.any() or len(known) > MOST_NAMED else ~picked]
    colours = [CONTRAST if pick else ACCENT for pick in picked]
    traces = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": numbers(known["process"]),
            "y": numbers(known["results"]),
            "marker": {
                "size": [14 if pick else 10 for pick in picked],
                "symbol": [
                    ("diamond" if pick else "circle") + ("" if c >= 1 else "-open")
                    for pick, c in zip(picked, known["coverage"], strict=True)
                ],
                "color": colours,
                "opacity": 1,
                "line": {"width": 1.5, "color": colours},
            },
            "hoverinfo": "text",
            "hovertext": [
                f"<b>{escaped(str(row.series_name))}</b><br>"
                + escaped(t("charts.quadrant_hover", process=t.number(row.process), results=t.number(row.results)))
                + (f"<br>{escaped(coverage_text(row.coverage, t))}" if row.coverage < 1 else "")
                for row in known.itertuples()
            ],
            "cliponaxis": False,
        },
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": numbers(numbered["process"]),
            "y": numbers(numbered["results"]),
            # Nothing to see: it keeps the numbers off the marks.
            "marker": {"size": NUMBER_ROOM, "color": "rgba(0,0,0,0)", "line": {"width": 0}},
            "text": [f"<b>{number}</b>" for number in range(1, len(numbered) + 1)],
            "textposition": _free_sides(known, numbered),
            "textfont": {"size": SMALL_SIZE, "color": shades.ink},
            "hoverinfo": "skip",
            "cliponaxis": False,
        },
    ]
    corners = [
        _corner(t(f"charts.quarter_{name}"), x, y, theme)
        for name, x, y in (("strong", 1, 1), ("results", 0, 1), ("start", 0, 0), ("process", 1, 0))
    ]
    whole = known if caption.incomplete else known[known["coverage"] >= 1]
    shapes = [
        _rule({"x0": middle, "x1": middle, "y0": 0, "y1": 500}, shades.muted, "solid"),
        _rule({"x0": 0, "x1": 500, "y0": middle, "y1": middle}, shades.muted, "solid"),
    ]
    notes = [t("charts.quarters", points=t.number(middle, 0))]
    if len(numbered):
        entries = (f"{number} {name}" for number, name in enumerate(numbered["series_name"], 1))
        notes += key_of(t("charts.agency"), entries)
    if len(whole) >= minimum:
        x, y = float(whole["process"].median()), float(whole["results"].median())
        shapes += [
            _rule({"x0": x, "x1": x, "y0": 0, "y1": 500}, shades.ink, "6px,3px"),
            _rule({"x0": 0, "x1": 500, "y0": y, "y1": y}, shades.ink, "6px,3px"),
        ]
        counted = who_counts(t, incomplete=caption.incomplete)
        words = {"process": t.number(x), "results": t.number(y), "n": len(whole), "counted": counted}
        notes.append(t("charts.quadrant_median", **words))
    missing = [str(name) for name in points[points["process"].isna() | points["results"].isna()]["series_name"]]
    notes += missing_note({name: [] for name in missing}, t)
    if (known["coverage"] < 1).any():
        notes.append(t("charts.open_marks"))
    return drawn(
        traces,
        caption,
        t,
        theme=theme,
        height=QUADRANT_HEIGHT,
        room=Room(56, 30, 30, TICKS + AXIS_TITLE),
        layout={
            "xaxis": score_axis(theme, t("charts.process_axis")),
            "yaxis": score_axis(theme, ""),
            "annotations": [above_plot(t("charts.results_axis"), theme), *corners],
            "shapes": shapes,
            "showlegend": False,
        },
        notes=notes,
    )


def quadrant_alt(points: pd.DataFrame, caption: Caption, t: Translator, *, middle: float = MIDDLE) -> str:
    """How many agencies are in each quarter."""
    known = points[points["process"].notna() & points["results"].notna()]
    doing, having = known["process"] >= middle, known["results"] >= middle
    return " ".join(
        [
            caption.title,
            t(
                "charts.alt_quadrant",
                strong=int((doing & having).sum()),
                process=int((doing & ~having).sum()),
                results=int((~doing & having).sum()),
                start=int((~doing & ~having).sum()),
                n=len(known),
            ),
        ]
    )


def _free_sides(known: pd.DataFrame, numbered: pd.DataFrame) -> list[str]:
    """Where the number of each mark stands: on the side that is farthest from all other marks and numbers."""
    taken = known[["process", "results"]].to_numpy(dtype=float)
    sides: list[str] = []
    for own in numbered.index:
        places = taken[own] + BESIDE * np.array(list(SIDES.values()))
        others = np.delete(taken, own, axis=0)
        distances = np.linalg.norm(places[:, None] - others[None], axis=2).min(axis=1, initial=np.inf)
        best = int(distances.argmax())
        sides.append(list(SIDES)[best])
        taken = np.vstack([taken, places[best]])
    return sides


def _corner(text: str, x: int, y: int, theme: Theme) -> dict[str, Any]:
    return {
        "text": escaped(text),
        "xref": "paper",
        "yref": "paper",
        "x": x,
        "y": y,
        "xanchor": "right" if x else "left",
        "yanchor": "top" if y else "bottom",
        "xshift": -6 if x else 6,
        "yshift": -4 if y else 4,
        "showarrow": False,
        "font": {"size": SMALL_SIZE, "color": SHADES[theme].muted},
    }


def _rule(ends: dict[str, float], colour: str, dash: str) -> dict[str, Any]:
    return {"type": "line", "layer": "below", **ends, "line": {"color": colour, "width": 1.2, "dash": dash}}
