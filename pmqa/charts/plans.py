"""How the score rises along a plan: a step for each criterion that is closed, over the bands of the levels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from pmqa.charts.chart_points import level_name, numbers
from pmqa.charts.drawing import LOOKS, Cell, Drawing, Layer, Row, Scale, of_level
from pmqa.charts.findings import extremes_of, finding
from pmqa.charts.pairs import signed
from pmqa.charts.style import Caption
from pmqa.charts.tables import PLAN_STEPS
from pmqa.charts.words import plain
from pmqa.framework import BELOW, Framework
from pmqa.text import Translator

MOST_TICKS: Final = 12
BESIDE: Final = 1.02  # of the way along: room for the last mark


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
) -> Drawing:
    """PLAN_STEPS as a line of steps on the edition's scale, the levels as bands behind it and the target across.

    by_effort: to the right goes the effort so far instead of the number of criteria.
    """
    along = [value or 0.0 for value in numbers(rows["effort_so_far"] if by_effort else rows["step"])]
    last, opens = max([*along, 1.0]), ((rows["gain"] == 0) & (rows["step"] > 0)).tolist()
    scores, words = numbers(rows["score"]), [_words(row, t) for row in rows.itertuples()]
    printed = [*[""] * (len(scores) - 1), t.number(scores[-1])]
    line = tuple(
        Cell(place, score, at, incomplete=is_open, text=text, said=said)
        for place, (score, at, is_open, text, said) in enumerate(zip(scores, along, opens, printed, words, strict=True))
    )
    title = t("charts.plan_effort_axis" if by_effort else "charts.plan_axis")
    return Drawing(
        "course",
        caption,
        _finding(rows, target, t),
        Scale.points(framework, t),
        tuple(Row(str(row.step), _name(row)) for row in rows.itertuples()),
        (
            *_bands(framework, t),
            Layer("rule", t("charts.plan_target", points=t.number(target)), LOOKS["aim"], (Cell(0, target),)),
            # A criterion that adds nothing by itself opens the next level: its mark is open.
            Layer("step", t("charts.plan_score"), LOOKS["agency"], line),
        ),
        notes=(t("charts.plan_read"), *([t("charts.plan_open")] if any(opens) else [])),
        across=Scale(0.0, last * BESIDE, tuple(_ticks(last, whole=not by_effort)), title, digits=None),
    )


def _name(row: Any) -> str:
    return str(row.step) if row.step == 0 else f"{row.step} {row.criterion}"


def _words(row: Any, t: Translator) -> str:
    """What a step is and adds."""
    if row.step == 0:
        return t("charts.plan_start", score=t.number(row.score))
    words = {"gain": t.number(row.gain), "score": t.number(row.score), "effort": t.number(row.effort)}
    return f"{plain(str(row.criterion_text))}\n{t('charts.plan_hover', **words)}"


def _bands(framework: Framework, t: Translator) -> Iterator[Layer]:
    """The levels behind the line, each with its name."""
    scoring = framework.scoring
    starts = {BELOW: scoring.scale_min, **scoring.level_thresholds}
    order = sorted(starts, key=lambda level: starts[level])
    for level, above in zip(order, [*order[1:], None], strict=True):
        top = scoring.scale_max if above is None else starts[above]
        name = level_name(framework, level, t)
        band = (Cell(0, starts[level], top, text=name),)
        yield Layer("span", name, of_level(framework, level), band, legend=False, plain=True)


def _finding(rows: pd.DataFrame, target: float, t: Translator) -> str:
    """From where to where, in how many steps, whether the target is reached, and what adds most."""
    end, steps = float(rows["score"].iloc[-1]), rows[rows["step"] > 0]
    words: dict[str, Any] = {"start": t.number(rows["score"].iloc[0]), "end": t.number(end), "target": t.number(target)}
    ends = extremes_of(steps["criterion"].tolist(), steps["gain"].tolist(), lambda gain: signed(gain, t))
    if ends is None:
        return finding(t, "plan_none", **words)
    words |= {"n": len(steps), "criteria": ends.top, "gain": ends.high}
    # Sums of points in another order differ in their last bits.
    return finding(t, "plan_reached" if end >= target - 1e-6 else "plan_short", **words)


def _ticks(last: float, *, whole: bool) -> list[float]:
    """At most twelve, whole numbers where criteria are counted."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000, 100_000) if last / s <= MOST_TICKS)
    if not whole and last < MOST_TICKS / 2:
        return [place / 2 for place in range(int(last * 2) + 1)]
    return [float(place * step) for place in range(int(last / step) + 1)]
