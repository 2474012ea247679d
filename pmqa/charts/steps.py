"""How the score rises along a plan: a step for each criterion that is closed, over the bands of the levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from pmqa.charts.palette import ACCENT, CONTRAST, LEVEL_COLOURS, SHADES, Theme
from pmqa.charts.points import level_name, numbers
from pmqa.charts.style import (
    AXIS_TITLE,
    SCORE_RANGE,
    SMALL_SIZE,
    TICKS,
    Caption,
    Room,
    above_plot,
    beside_plot,
    drawn,
    score_axis,
    see_through,
    value_axis,
)
from pmqa.charts.tables import PLAN_STEPS
from pmqa.charts.words import escaped, plain
from pmqa.framework import Framework
from pmqa.text import Translator

STEPS_HEIGHT: Final = 360
NAMES_WIDTH: Final = 150  # pixels right of the plot for the names of the levels
MOST_TICKS: Final = 12
FAINT: Final = 0.12  # of a level's colour behind the line
BELOW: Final = "below"


def plan_steps_data(steps: pd.DataFrame, before: float | None, framework: Framework, t: Translator) -> pd.DataFrame:
    """PLAN_STEPS from PATH_STEPS of pmqa.analysis.paths and the score before them; step 0 is where it starts.

    before: None where nothing of the scope is answered; then the line starts with the first step.
    """
    known = float("nan") if before is None else before
    start = pd.DataFrame({"step": [0], "criterion": [None], "effort": [0.0], "gain": [0.0], "score": [known]})
    rows = pd.concat([start, steps[["step", "criterion", "effort", "gain", "score"]]], ignore_index=True)
    return PLAN_STEPS.conform(
        rows.assign(
            criterion_text=[
                None if pd.isna(c) else t.pick(framework.criterion[c].text) for c in rows["criterion"].astype("object")
            ],
            effort_so_far=rows["effort"].cumsum(),
        )
    )


def plan_steps(
    rows: pd.DataFrame,
    caption: Caption,
    framework: Framework,
    t: Translator,
    *,
    target: float,
    by_effort: bool = False,
    theme: Theme = "light",
) -> go.Figure:
    """PLAN_STEPS as a line of steps on 0..500, the levels as bands behind it and the target as a line across.

    by_effort: to the right goes the effort so far instead of the number of criteria.
    """
    shades = SHADES[theme]
    along = numbers(rows["effort_so_far"] if by_effort else rows["step"])
    last = max(float(along[-1] or 0.0), 1.0)
    named = [_hover(row, t) for row in rows.itertuples()]
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": escaped(t("charts.plan_score")),
        "x": along,
        "y": numbers(rows["score"]),
        "line": {"color": ACCENT, "width": 2.5, "shape": "hv"},
        "marker": {
            "color": ACCENT,
            "size": 8,
            # A criterion that adds nothing by itself opens the next level.
            "symbol": ["circle" if gain > 0 or step == 0 else "circle-open" for step, gain in _gains(rows)],
            "line": {"width": 2, "color": ACCENT},
        },
        "hoverinfo": "text",
        "hovertext": named,
        "cliponaxis": False,
    }
    aim = {
        "type": "scatter",
        "mode": "lines",
        "name": escaped(t("charts.plan_target", points=t.number(target))),
        "x": [0.0, last],
        "y": [target, target],
        "line": {"color": CONTRAST, "width": 2, "dash": "8px,4px"},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    shapes, labels = _bands(framework, t, theme)
    notes = [t("charts.plan_read")]
    if any(gain == 0 and step for step, gain in _gains(rows)):
        notes.append(t("charts.plan_open"))
    title = t("charts.plan_effort_axis" if by_effort else "charts.plan_axis")
    return drawn(
        [aim, line],
        caption,
        t,
        theme=theme,
        height=STEPS_HEIGHT,
        room=Room(56, NAMES_WIDTH, 30, TICKS + AXIS_TITLE),
        layout={
            "xaxis": value_axis(theme, title, (0.0, last * 1.02), _ticks(last, whole=not by_effort))
            | {"showgrid": False},
            "yaxis": score_axis(theme, ""),
            "shapes": shapes,
            "annotations": [
                above_plot(t("charts.score_axis"), theme),
                *labels,
                {
                    "text": f"<b>{t.number(float(rows['score'].iloc[-1]))}</b>",
                    "x": along[-1],
                    "y": float(rows["score"].iloc[-1]),
                    "yshift": 16,
                    "xanchor": "right",
                    "showarrow": False,
                    "font": {"size": SMALL_SIZE, "color": shades.ink},
                },
            ],
        },
        notes=notes,
        legend=[str(trace["name"]) for trace in (aim, line)],
    )


def plan_steps_alt(rows: pd.DataFrame, caption: Caption, t: Translator, *, target: float) -> str:
    """From where to where, in how many steps, which one adds most, and whether the target is reached."""
    start, end = float(rows["score"].iloc[0]), float(rows["score"].iloc[-1])
    words = {"start": t.number(start), "end": t.number(end), "n": len(rows) - 1, "target": t.number(target)}
    sentences = [caption.title, t("charts.alt_plan", **words)]
    steps = rows[rows["step"] > 0]
    if len(steps):
        most = steps.loc[steps["gain"].idxmax()]
        sentences.append(t("charts.alt_plan_most", criterion=most["criterion"], points=t.number(most["gain"])))
    # Sums of points in another order differ in their last bits.
    sentences.append(t("charts.alt_plan_reached" if end >= target - 1e-6 else "charts.alt_plan_short", **words))
    return " ".join(sentences)


def _gains(rows: pd.DataFrame) -> list[tuple[int, float]]:
    return [(int(step), float(gain)) for step, gain in zip(rows["step"], rows["gain"], strict=True)]


def _hover(row: Any, t: Translator) -> str:
    if row.step == 0:
        return escaped(t("charts.plan_start", score=t.number(row.score)))
    words = {"gain": t.number(row.gain), "score": t.number(row.score), "effort": t.number(row.effort)}
    said = t("charts.plan_hover", **words)
    return (
        f"<b>{row.step}. {escaped(str(row.criterion))}</b> {escaped(plain(str(row.criterion_text)))}<br>{escaped(said)}"
    )


def _bands(framework: Framework, t: Translator, theme: Theme) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The levels behind the line, each with its name at the right."""
    starts: Mapping[str, float] = {BELOW: SCORE_RANGE[0], **framework.scoring.level_thresholds}
    order = sorted(starts, key=lambda level: starts[level])
    shapes, labels = [], []
    for level, above in zip(order, [*order[1:], None], strict=True):
        top = SCORE_RANGE[1] if above is None else starts[above]
        labels.append(
            beside_plot(escaped(level_name(framework, level, t)), (starts[level] + top) / 2, theme, quiet=True)
        )
        if top > starts[level]:
            shapes.append(
                {
                    "type": "rect",
                    "layer": "below",
                    "xref": "paper",
                    "x0": 0,
                    "x1": 1,
                    "y0": starts[level],
                    "y1": top,
                    "line": {"width": 0},
                    "fillcolor": see_through(LEVEL_COLOURS[level], FAINT),
                }
            )
    return shapes, labels


def _ticks(last: float, *, whole: bool) -> list[float]:
    """At most twelve, whole numbers where criteria are counted."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000, 100_000) if last / s <= MOST_TICKS)
    if not whole and last < MOST_TICKS / 2:
        return [place / 2 for place in range(int(last * 2) + 1)]
    return [float(place * step) for place in range(int(last / step) + 1)]
