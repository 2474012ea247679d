"""Fictitious scores, answers and measures, always the same: what the gallery and the tests draw."""

from __future__ import annotations

import random
from typing import Any, Final

import pandas as pd

from pmqa.framework import Framework
from pmqa.tables import ANSWERS, MEASURE_RESULTS, MEASURES, SCORED
from pmqa.text import Translator

YEAR: Final = 2569
AGENCIES: Final = 24
SEED: Final = 4
KINDS: Final = ("dimension", "category", "item", "overall", "indicator")
TALENT, VARIED, OWN = 0.6, 0.14, 0.12  # of the scale: the usual score, how far agencies and their scopes lie from it
STEP: Final = 1 / 30  # of the scale: coarse, so that there are ties
GROWTH: Final = 0.05  # of the scale, a year
PARTLY: Final = 0.62  # coverage of answers that are not complete
LIKELY: Final = (0.93, 0.7, 0.4)  # that a criterion is met, from the lowest level to the highest


def sample_scores(framework: Framework, t: Translator, *, count: int = AGENCIES, year: int = YEAR) -> pd.DataFrame:
    """SCORED of `count` agencies in one year: different talents, growth, some incomplete, some scopes or all blank."""
    chance = random.Random(SEED)  # noqa: S311 - samples, not secrets
    top = framework.scoring.scale_max
    talents = [chance.gauss(TALENT * top, VARIED * top) for _ in range(count)]
    rows = [
        (number, kind, scope, *_score_of(number, talent + (year - YEAR) * GROWTH * top, top, own))
        for number, talent in enumerate(talents, start=1)
        for own in [random.Random(f"{SEED} {number}")]  # noqa: S311
        for kind in KINDS
        for scope in framework.scopes(kind)
    ]
    frame = pd.DataFrame(rows, columns=["number", "kind", "scope", "score", "coverage"])
    codes = frame["number"].map("S{:02d}".format)
    subjects, ministries, types = (
        t(f"charts.sample.{name}").split("|") for name in ("subjects", "ministries", "types")
    )
    names = [t("charts.sample.agency", subject=subjects[n % len(subjects)], number=n) for n in range(count + 1)]
    return SCORED.conform(
        frame.assign(
            submission=codes + f"-{year}",
            basis="claimed",
            score_max=frame["score"].where(frame["coverage"] >= 1, top),
            level=_levels(frame["score"], framework),
            complete=frame["coverage"] >= 1,
            agency_code=codes,
            agency_name=[names[n] for n in frame["number"]],
            ministry=[ministries[n % len(ministries)] for n in frame["number"]],
            agency_type=[types[n % len(types)] for n in frame["number"]],
            fiscal_year=year,
            source="self",
            edition=framework.edition,
        )
    )


def long_names(scored: pd.DataFrame, t: Translator) -> pd.DataFrame:
    """SCORED with agencies' names as long as the longest, which differ only at their ends."""
    numbers = scored["agency_code"].str.removeprefix("S")
    return scored.assign(agency_name=[t("charts.sample.long_agency", number=number) for number in numbers])


def sample_answers(framework: Framework) -> pd.DataFrame:
    """ANSWERS of one submission: gaps in the ladder, blanks, and one item without any answer."""
    chance = random.Random(SEED)  # noqa: S311
    items, likely = [item.id for item in framework.items_with_criteria], _likely(framework)
    silent, patchy = items[-2], items[max(-6, -len(items))]
    rows: list[tuple[str, str, bool | None]] = []
    for criterion in framework.criteria:
        met = chance.random() < likely[criterion.level]
        blank = criterion.item == silent or (criterion.item == patchy and chance.random() < LIKELY[-1])
        rows.append(("S01", criterion.id, None if blank else met))
    frame = pd.DataFrame(rows, columns=["submission", "criterion", "met"]).astype({"met": "boolean"})
    return ANSWERS.conform(frame.assign(**dict.fromkeys(("explanation", "evidence", "suggestion", "sheet", "cell"))))


def sample_measures(framework: Framework, t: Translator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """MEASURES and MEASURE_RESULTS of one submission: rates around 100, one of 0, every fourth not reported."""
    chance, scoring = random.Random(SEED), framework.scoring  # noqa: S311
    measures: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    for place, indicator in enumerate(framework.indicators):
        rate = min(scoring.success_rate_max, max(0.0, chance.gauss(102, 22))) if place else 0.0
        if place % 4 == len(KINDS) - 2:
            continue
        base: dict[str, Any] = {"submission": "S01", "indicator": indicator.id, "number": 1}
        measures.append(
            base
            | {"unit": t.pick(indicator.unit), "direction": indicator.direction, "method": "bands", "target": 85.0}
            | {"actual": rate * 0.85, "actual_1": rate * 0.8, "actual_2": rate * 0.78, "benchmark": 80.0}
        )
        results.append(
            base
            | {"basis": "claimed", "success_rate": rate, "score": min(rate / 100 * TALENT, 1.0) * scoring.scale_max}
            | {"target_is_zero": False}
            | {"trend": ("better", "steady", "worse", None)[place % 4]}
            | {"comparison": ("better", "worse", "same")[place % 3]}
        )
    blank = ("name", "step", "evidence", "note", "accepted", "suggestion", "sheet", "target_cell", "actual_cell")
    table = pd.DataFrame(measures).assign(**dict.fromkeys(blank))
    return MEASURES.conform(table), MEASURE_RESULTS.conform(pd.DataFrame(results))


def sample_blockers(framework: Framework) -> pd.DataFrame:
    """What pareto_data reads of BLOCKERS, of seven submissions."""
    criteria = framework.criteria[::4] + framework.criteria[::12]
    return pd.DataFrame(
        {
            "submission": [f"S{place % 7}" for place in range(len(criteria))],
            "criterion": [criterion.id for criterion in criteria],
            "release": [TALENT * framework.scoring.scale_max / (2 + place % 5) for place in range(len(criteria))],
        }
    )


def sample_effects(framework: Framework) -> pd.DataFrame:
    """What effects_data reads of BIAS, for the process items."""
    chance = random.Random(SEED)  # noqa: S311
    items = [item.id for item in framework.items_with_criteria]
    return pd.DataFrame(
        {
            "id": items,
            "effect": [chance.gauss(0, 40) for _ in items],
            "spread": [abs(chance.gauss(0, 12)) for _ in items],
            "n": [AGENCIES - place % 3 for place in range(len(items))],
        }
    )


def sample_shared() -> pd.DataFrame:
    """What actuals_data reads of SHARED_MEASURES: hours of six agencies, one sent in minutes, one without target."""
    hours = [0.5, 0.75, 1.0, 1.5, 2.0, 4.0]
    return pd.DataFrame(
        {
            "agency_code": [f"S{number:02d}" for number in range(1, 7)],
            "number": 1,
            "actual": hours,
            "target": [1.0, 1.0, None, 1.0, 2.0, 2.0],
            "actual_sent": [0.5, 45.0, 1.0, 1.5, 2.0, 4.0],
            "unit_sent": ["h", "min", "h", "h", "h", "h"],
            "converted": [False, True, False, False, False, False],
            "refused": pd.Series([None] * 6, dtype="str"),
        }
    )


def sample_years_of_measure(lower: bool) -> pd.DataFrame:
    """What indicator_line_data reads of MEASURES, of two submissions; lower: falling to a real 0, a year unknown."""
    oldest, before, actual, target = (None, 14.0, 0.0, 10.0) if lower else (78.5, 81.0, 85.9, 85.0)
    return pd.DataFrame(
        {
            "fiscal_year": [YEAR - 1, YEAR],
            "actual_2": [oldest, oldest],
            "actual_1": [None, before],
            "actual": [before, actual],
            "target": [target * 0.95, target],
            "benchmark": [None, target * 0.9],
        }
    )


def _likely(framework: Framework) -> dict[str, float]:
    """That a criterion is met, by level: LIKELY along the edition's ladder."""
    last = max(len(framework.levels) - 1, 1)
    return {level.id: LIKELY[round(rank * (len(LIKELY) - 1) / last)] for rank, level in enumerate(framework.levels)}


def _score_of(number: int, talent: float, top: float, chance: random.Random) -> tuple[float | None, float]:
    """A score and its coverage; which agencies are incomplete or silent goes by their number."""
    step = top * STEP
    points = min(top, max(0.0, round((talent + chance.gauss(0, OWN * top)) / step) * step))
    luck = chance.random()
    if number == AGENCIES - 1 or (number % 11 == 3 and luck < PARTLY / 3):  # noqa: PLR2004
        return None, 0.0
    return points, PARTLY if number % 9 == 2 and luck < PARTLY else 1.0  # noqa: PLR2004


def _levels(scores: pd.Series, framework: Framework) -> pd.Series:
    found = pd.Series("below", index=scores.index, dtype="object")
    for level, threshold in framework.scoring.level_thresholds.items():
        found[scores >= threshold] = level
    return found.where(scores.notna(), None)
