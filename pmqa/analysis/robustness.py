"""How firm a rank is: under other weights, without one item, between score and score_max."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmqa.analysis.peers import RANKS, counting, one_view, ranks
from pmqa.framework import Framework
from pmqa.scoring.points import coded
from pmqa.shown import shown_tenths
from pmqa.tables import Table, as_text

ROBUSTNESS: Final = Table(
    "robustness",
    {
        "agency_code": "text",
        "score": "float",
        "coverage": "float",
        "rank_low": "int",  # with equal weights; 1 is best; low..high is the tie band
        "rank_high": "int",
        "weights_low": "int",  # nine of ten draws of the categories' weights lie within
        "weights_high": "int",
        "item_low": "int",  # whichever one item is left out, or none
        "item_high": "int",
        "unanswered_low": "int",  # were all of its own unanswered parts at their best and the others' at their least
        "unanswered_high": "int",  # the other way round
        "best": "int",  # of all of these
        "worst": "int",
        "firm": "bool",  # no single item moves it: a number; otherwise to be shown as the band item_low..item_high
        "n": "int",
    },
    key=("agency_code",),
)

DRAWS, SEED = 1000, 1  # of categories' weights, the same for everybody
SPREAD: Final = 2.0  # a category weighs between half and double of its equal share
INNER: Final = (0.05, 0.95)

Floats = npt.NDArray[np.float64]
Ranks = npt.NDArray[np.int64]


def rank_robustness(
    scored: pd.DataFrame, framework: Framework, *, draws: int = DRAWS, seed: int = SEED, complete_only: bool = True
) -> pd.DataFrame:
    """SCORED of one year and basis to ROBUSTNESS of the overall's ranks, best first, then by code.

    Every draw gives each category a weight between half and double of the others', evenly on the scale of ratios; the
    same seed gives the same draws. Scores that show the same, to one decimal, share a rank. An agency's null parts
    count as in the overall (6.2).
    """
    scored = one_view(scored)
    whole = counting(scored[scored["kind"] == "overall"], complete_only=complete_only)
    whole = as_text(whole, "agency_code").sort_values("agency_code")
    if not len(whole):
        return ROBUSTNESS.empty()
    agencies = whole["agency_code"].to_list()
    categories = _wide(scored, "category", "score", agencies, framework, framework.scoring.scale_min)
    items = _wide(scored, "item", "score", agencies, framework, framework.scoring.scale_min)

    score = whole["score"].to_numpy(dtype=np.float64)
    drawn_low, drawn_high = tie_bands(_weights(draws, len(framework.categories), seed) @ categories.T)
    bands = {
        "rank": tuple(ends[0] for ends in tie_bands(score[np.newaxis])),
        "weights": (
            _ranked(drawn_low, math.floor(INNER[0] * (draws - 1))),
            _ranked(drawn_high, math.ceil(INNER[1] * (draws - 1))),
        ),
        "item": _band(score, _without_each_item(items, framework)),
        "unanswered": _between(score, whole["score_max"].to_numpy(dtype=np.float64)),
    }
    found = whole.assign(
        **{f"{name}_low": low for name, (low, _) in bands.items()},
        **{f"{name}_high": high for name, (_, high) in bands.items()},
        best=np.min([low for low, _ in bands.values()], axis=0),
        worst=np.max([high for _, high in bands.values()], axis=0),
        firm=np.all([one == other for one, other in zip(bands["item"], bands["rank"], strict=True)], axis=0),
        n=len(whole),
    )
    return ROBUSTNESS.conform(found.sort_values(["rank_low", "agency_code"]))


def firm_ranks(
    scored: pd.DataFrame, framework: Framework, kind: str, scope: str, *, complete_only: bool = True
) -> pd.DataFrame:
    """RANKS as they can be quoted: a rank that leaving out one item can move is the band within which it moves.

    Only the overall and the categories are made of items; elsewhere the band is that of those who show the same score.
    """
    found = ranks(scored, kind, scope, complete_only=complete_only)
    if kind not in ("overall", "category") or found.empty:
        return found
    agencies = found["agency_code"].to_list()
    items = _wide(scored, "item", "score", agencies, framework, framework.scoring.scale_min)
    without = _without_each_item(items, framework, None if kind == "overall" else scope)
    if len(without):
        low, high = _band(found["score"].to_numpy(dtype=np.float64), without)
        found = found.assign(rank_low=low, rank_high=high)
    return RANKS.conform(found)


def _band(score: Floats, scenarios: Floats) -> tuple[Ranks, Ranks]:
    """The best and the last rank of each agency: by its score, and in scenarios x agencies."""
    low, high = tie_bands(np.concatenate([score[np.newaxis], scenarios]))
    return low.min(axis=0), high.max(axis=0)


def _ranked(drawn: Ranks, place: int) -> Ranks:
    """Of draws x agencies what stands at a place of each agency's draws in order; small numbers are put so faster."""
    found: Ranks = np.partition(drawn.astype(np.int32), place, axis=0)[place].astype(np.int64)
    return found


def tie_bands(scores: Floats) -> tuple[Ranks, Ranks]:
    """Scenarios x agencies: the first and last rank of each agency, equal where scores show the same."""
    low, high = np.empty(scores.shape, dtype=np.int64), np.empty(scores.shape, dtype=np.int64)
    for number, scenario in enumerate(scores):
        # There are few whole tenths: counting who shows each takes a tenth of sorting, and no memory for all scenarios.
        tenths = shown_tenths(scenario)
        below_best = (tenths.max(initial=-np.inf) - tenths).astype(np.int64)
        shown = np.bincount(below_best)
        last = np.cumsum(shown)
        low[number], high[number] = (last - shown)[below_best] + 1, last[below_best]
    return low, high


def drawn_shares(categories: int, draws: int = DRAWS, seed: int = SEED) -> tuple[float, float]:
    """The least and the most of an equal share that any category is drawn with."""
    shares = _weights(draws, categories, seed) * categories
    return float(shares.min()), float(shares.max())


def _weights(draws: int, categories: int, seed: int) -> Floats:
    ratios = SPREAD ** np.random.default_rng(seed).uniform(-1, 1, (draws, categories))
    return np.asarray(ratios / ratios.sum(axis=1, keepdims=True))


def _without_each_item(items: Floats, framework: Framework, category: str | None = None) -> Floats:
    """Items left out x agencies: the overall from the other items; a category without any other is left out too.

    category: its score instead, from its other items; no row where it has one item.
    """
    place = {item.id: number for number, item in enumerate(framework.items)}
    groups = {
        category.id: [place[item.id] for item in framework.items_of[category.id]] for category in framework.categories
    }
    if category is not None:
        own = groups[category] if len(groups[category]) > 1 else []
        return np.array([np.delete(items[:, own], k, axis=1).mean(axis=1) for k in range(len(own))]).reshape(
            -1, len(items)
        )
    means = {category: items[:, own].mean(axis=1) for category, own in groups.items()}
    overall = []
    for item in framework.items:
        others = [number for number in groups[item.category] if number != place[item.id]]
        parts = [mean for category, mean in means.items() if category != item.category]
        if others:
            parts.append(items[:, others].mean(axis=1))
        overall.append(np.mean(parts, axis=0))
    return np.stack(overall)


def _between(score: Floats, score_max: Floats) -> tuple[Ranks, Ranks]:
    """Ranks at the agency's own best against the others' least, and at its least against the others' best."""
    least, most = shown_tenths(score), shown_tenths(score_max)
    n = len(score)
    above = n - np.searchsorted(np.sort(least), most, side="right")
    # Everybody counts themselves among those who may reach as high.
    not_below = n - np.searchsorted(np.sort(most), least, side="left")
    return (above + 1).astype(np.int64), not_below.astype(np.int64)


def _wide(
    scored: pd.DataFrame, kind: str, column: str, agencies: list[str], framework: Framework, null: float
) -> Floats:
    rows = scored[(scored["kind"] == kind) & scored[column].notna()]
    places, scopes = coded(rows["agency_code"], agencies), coded(rows["scope"], framework.scopes(kind))
    known = (places >= 0) & (scopes >= 0)
    values = np.full((len(agencies), len(framework.scopes(kind))), null)
    values[places[known], scopes[known]] = rows[column].to_numpy(dtype=np.float64)[known]
    return values
