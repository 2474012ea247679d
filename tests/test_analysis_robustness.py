"""A rank is as firm as it is under other weights, without one item, and with what is unanswered."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from pmqa.analysis.robustness import ROBUSTNESS, rank_robustness, tie_bands
from pmqa.framework import shipped_frameworks
from pmqa.tables import SCORED

FRAMEWORK = shipped_frameworks()["pmqa4"]


def scored_from_items(items, score_max=None):
    """SCORED of agencies from their item scores (agencies x items), rolled up by plain means."""
    rows = []
    for number, own in enumerate(items):
        by_item = dict(zip((i.id for i in FRAMEWORK.items), own, strict=True))
        by_category = {c.id: np.mean([by_item[i.id] for i in FRAMEWORK.items_of[c.id]]) for c in FRAMEWORK.categories}
        overall = np.mean(list(by_category.values()))
        most = overall if score_max is None else score_max[number]
        scopes = [("item", s, p, p) for s, p in by_item.items()]
        scopes += [("category", s, p, p) for s, p in by_category.items()]
        for kind, scope, points, best in [*scopes, ("overall", "overall", overall, most)]:
            rows.append((f"s{number}", kind, scope, points, best, f"A{number:04}"))
    frame = pd.DataFrame(rows, columns=["submission", "kind", "scope", "score", "score_max", "agency_code"])
    complete = frame["score"] == frame["score_max"]
    rest = {"basis": "claimed", "level": None, "agency_name": "กรมตัวอย่าง", "ministry": "กระทรวงตัวอย่าง",
            "agency_type": "กรม", "fiscal_year": 2569, "source": "self", "edition": "pmqa4"}  # fmt: skip
    return SCORED.conform(frame.assign(complete=complete, coverage=np.where(complete, 1.0, 0.5), **rest))


def uniform(*levels):
    return np.array([[level] * len(FRAMEWORK.items) for level in levels], dtype=float)


def naive_rank(scores, agency):
    shown = [np.floor(s * 10 + 0.5 + 1e-9) for s in scores]
    return 1 + sum(s > shown[agency] for s in shown), sum(s >= shown[agency] for s in shown)


def test_agencies_far_apart_in_everything_have_firm_ranks():
    found = rank_robustness(scored_from_items(uniform(100, 400, 300)), FRAMEWORK)
    assert list(found["agency_code"]) == ["A0001", "A0002", "A0000"]
    for column in ("rank_low", "rank_high", "weights_low", "weights_high", "item_low", "item_high", "best", "worst"):
        assert list(found[column]) == [1, 2, 3], column
    assert found["firm"].all()


def test_a_rank_that_one_item_can_flip_is_a_band():
    items = uniform(300, 298)
    items[1, 0] = 400  # 1.1 alone carries the second agency past the first: 298 + 102/28 > 300
    found = rank_robustness(scored_from_items(items), FRAMEWORK).set_index("agency_code")
    assert found.loc["A0001", "rank_low"] == 1
    assert (found.loc["A0001", "item_low"], found.loc["A0001", "item_high"]) == (1, 2)
    assert not found.loc["A0001", "firm"]


def test_leaving_out_any_item_is_ranked_as_a_plain_recount_ranks_it():
    items = np.random.default_rng(3).integers(0, 50, (6, len(FRAMEWORK.items))) * 10.0
    found = rank_robustness(scored_from_items(items), FRAMEWORK).sort_values("agency_code")
    lows, highs = [], []
    for left_out in FRAMEWORK.items:
        scores = []
        for own in items:
            by_item = dict(zip((i.id for i in FRAMEWORK.items), own, strict=True))
            others = [[i.id for i in FRAMEWORK.items_of[c.id] if i != left_out] for c in FRAMEWORK.categories]
            means = [np.mean([by_item[item] for item in group]) for group in others]
            scores.append(np.mean(means))
        ranks = [naive_rank(scores, agency) for agency in range(len(items))]
        lows.append([low for low, _ in ranks])
        highs.append([high for _, high in ranks])
    assert list(found["item_low"]) == list(np.min(lows, axis=0))
    assert list(found["item_high"]) == list(np.max(highs, axis=0))


def test_what_is_unanswered_widens_the_rank_to_both_sides():
    scored = scored_from_items(uniform(300, 200, 250), score_max=[300, 400, 250])
    found = rank_robustness(scored, FRAMEWORK, complete_only=False).set_index("agency_code")
    assert tuple(found.loc["A0001", ["unanswered_low", "unanswered_high"]]) == (1, 3)
    assert tuple(found.loc["A0000", ["unanswered_low", "unanswered_high"]]) == (1, 2)
    assert list(rank_robustness(scored, FRAMEWORK)["agency_code"]) == ["A0000", "A0002"]


def test_the_same_seed_gives_the_same_ranges_and_identical_agencies_share_them():
    items = np.random.default_rng(5).integers(0, 50, (8, len(FRAMEWORK.items))) * 10.0
    items[7] = items[0]
    scored = scored_from_items(items)
    once, again = (rank_robustness(scored, FRAMEWORK, draws=200, seed=9) for _ in range(2))
    pd.testing.assert_frame_equal(once, again)
    twins = once.set_index("agency_code").loc[["A0000", "A0007"]].drop(columns="n")
    assert twins.iloc[0].to_list() == twins.iloc[1].to_list()


def test_tie_bands_agree_with_counting():
    scores = np.random.default_rng(2).integers(0, 6, (20, 9)) * 25.0
    low, high = tie_bands(scores)
    for scenario, agency in itertools.product(range(20), range(9)):
        assert (low[scenario, agency], high[scenario, agency]) == naive_rank(scores[scenario], agency)


def test_one_agency_is_first_and_nobody_is_no_row():
    one = rank_robustness(scored_from_items(uniform(300)), FRAMEWORK)
    assert list(one["best"]) == list(one["worst"]) == [1]
    empty = rank_robustness(SCORED.empty(), FRAMEWORK)
    assert (len(empty), list(empty)) == (0, list(ROBUSTNESS.columns))


@pytest.mark.slow
def test_a_thousand_draws_over_a_thousand_agencies_give_every_agency_its_range():
    items = np.random.default_rng(1).uniform(0, 500, (1000, len(FRAMEWORK.items)))
    found = rank_robustness(scored_from_items(items), FRAMEWORK)
    assert (found["best"] <= found["weights_low"]).all()
    assert (found["weights_high"] <= found["worst"]).all()
    assert len(found) == 1000
