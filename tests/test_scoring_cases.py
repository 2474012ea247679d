"""The worked examples of docs/scoring.md, section 10, and the edges of its rules, as tables that a person can check."""

from __future__ import annotations

import pandas as pd
import pytest
from factories import make_measure, make_submission

from pmqa.framework import shipped_frameworks
from pmqa.scoring import score, score_measures
from pmqa.submission import answer_frame, measure_frame, source_frame

FRAMEWORK = shipped_frameworks()["pmqa4"]
X, O, _ = True, False, None  # noqa: E741  met, not met, unanswered


def row_of(submission, kind, scope, basis="claimed"):
    submissions = {"s": submission}
    scores = score(source_frame(submissions), answer_frame(submissions), measure_frame(submissions), FRAMEWORK)
    return scores[(scores["basis"] == basis) & (scores["kind"] == kind) & (scores["scope"] == scope)].iloc[0]


def results_of(*measures, source="self"):
    submissions = {"s": make_submission(source=source, measures=measures)}
    return score_measures(source_frame(submissions), measure_frame(submissions), FRAMEWORK)


@pytest.mark.parametrize(
    ("basic", "advance", "significance", "points", "most", "coverage", "level"),
    [
        ((X, X, X), (X, X, O), (X, X), 366.667, 366.667, 1, "basic"),  # 2 Significance held back
        ((X, X, O), (X, X, X), (X, X), 200, 200, 1, "below"),  # 5 held back
        ((X, X, X), (X, X, X), (X, X), 500, 500, 1, "significance"),
        ((X, X, X), (_, _, _), (_, _), 300, 500, 3 / 8, "basic"),
        ((X, X, X), (X, X, X), (O, O), 400, 400, 1, "advance"),
        ((X, X, X), (X, X, X), (X, _), 450, 500, 7 / 8, "advance"),
        ((O, O, O), (O, O, O), (O, O), 0, 0, 1, "below"),
        ((_, X, X), (X, X, X), (X, X), 200, 500, 7 / 8, "below"),  # an unanswered criterion holds the gate too
        ((_, O, X), (_, _, _), (_, _), 100, 200, 2 / 8, "below"),
        ((_, _, _), (_, _, _), (_, _), None, 500, 0, None),
    ],
)
def test_a_process_item_climbs_its_ladder(basic, advance, significance, points, most, coverage, level):
    said = dict(zip([c.id for c in FRAMEWORK.criteria_of["3.2"]], (*basic, *advance, *significance), strict=True))
    row = row_of(make_submission(met=said), "item", "3.2")
    assert (None if pd.isna(row["score"]) else row["score"]) == (points and pytest.approx(points, abs=5e-4))
    assert row["score_max"] == pytest.approx(most, abs=5e-4)
    assert row["coverage"] == coverage
    assert (None if pd.isna(row["level"]) else row["level"]) == level


@pytest.mark.parametrize(
    ("direction", "actual", "target", "method", "step", "rate", "points"),
    [
        ("higher", 85.9, 85, "bands", None, 101.059, 400),
        ("higher", 84.9, 85, "bands", None, 99.882, 299.647),
        ("lower", 0, 10, "bands", None, 200, 500),  # no complaints is the best case, not a missing one
        ("lower", 25, 10, "bands", None, 0, 0),  # -50, limited; it stays in the mean
        ("lower", 20, 10, "bands", None, 0, 0),  # not missing
        ("lower", 3, 0, "bands", None, 0, 0),
        ("lower", 0, 0, "bands", None, 100, 300),
        ("higher", 0, 0, "bands", None, 100, 300),
        ("higher", -1, 0, "bands", None, 0, 0),
        ("higher", 90, 85, "interval", 5, 105.882, 400),
        ("higher", 70, 85, "interval", 5, 82.353, 0),
        ("higher", 85, 85, "interval", 5, 100, 300),
        ("lower", 80, 85, "interval", 5, 105.882, 400),
        ("higher", -3, -5, "interval", 1, None, 500),
        ("higher", 85.85, 85, "bands", None, 101, 300),  # 101.00000000000001 in doubles
        ("higher", 68.25, 65, "bands", None, 105, 400),
        ("higher", 0, 85, "bands", None, 0, 0),  # zero is data
        ("higher", 1000, 1, "bands", None, 200, 500),
        ("lower", 9.9, 10, "bands", None, 101, 300),
        ("higher", -3, -5, "bands", None, None, None),  # the form refuses it
        ("higher", 90, 85, "interval", None, 105.882, None),
        ("higher", None, 85, "bands", None, None, None),
        ("higher", 85, None, "bands", None, None, None),
    ],
)
def test_a_measure_is_scored_by_its_method(direction, actual, target, method, step, rate, points):
    measure = make_measure(direction=direction, actual=actual, target=target, method=method, step=step)
    row = results_of(measure).iloc[0]
    for column, expected in (("success_rate", rate), ("score", points)):
        assert (None if pd.isna(row[column]) else row[column]) == (expected and pytest.approx(expected, abs=5e-4))


@pytest.mark.parametrize("target", [3.0, 0.7, 85.85, 1.1, 33.3, 1e-3, 6.4e7, 0.1 + 0.2])
@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_reaching_the_target_exactly_is_100_percent_and_300_points(target, direction):
    for method in ("bands", "interval"):
        row = results_of(make_measure(target=target, actual=target, direction=direction, method=method, step=0.1)).iloc[
            0
        ]
        assert (row["success_rate"], row["score"]) == (100.0, 300.0)


def test_a_result_item_counts_the_unreported_core_indicator_and_leaves_out_the_unreported_optional_one():
    core = [i.id for i in FRAMEWORK.indicators_of["7.1"] if i.core]
    optional = [i.id for i in FRAMEWORK.indicators_of["7.1"] if not i.core]
    measures = [make_measure(core[0], target=50, actual=60), make_measure(optional[0], target=50, actual=50)]
    row = row_of(make_submission(measures=measures), "item", "7.1")
    assert row["score"] == pytest.approx(266.667, abs=5e-4)
    assert row["score_max"] == pytest.approx(433.333, abs=5e-4)
    assert row["coverage"] == 1 / 2
    assert row["level"] == "below"


def test_an_indicator_is_the_mean_of_its_scored_measures_and_a_zero_stays_in_it():
    measures = [
        make_measure(number=1, target=50, actual=60),
        make_measure(number=2, direction="lower", target=10, actual=25),
        make_measure(number=3, target=50, actual=None),
    ]
    row = row_of(make_submission(measures=measures), "indicator", "7.1.1")
    assert (row["score"], row["score_max"], row["coverage"]) == (250, 250, 1)


@pytest.mark.parametrize(("verdict", "points"), [(True, 500.0), (False, 0.0), (None, None)])
def test_the_assessor_keeps_refuses_or_leaves_a_measure(verdict, points):
    row = results_of(make_measure(target=50, actual=60, accepted=verdict), source="assessor").iloc[0]
    assert row["basis"] == "verified"
    assert (None if pd.isna(row["score"]) else row["score"]) == points


def test_a_measure_without_actual_stays_unanswered_whatever_the_verdict():
    assert results_of(make_measure(actual=None, accepted=False), source="assessor")["score"].isna().all()


@pytest.mark.parametrize(
    ("years", "direction", "trend"),
    [
        ((80, 82, 84), "higher", "better"),
        ((80, 82, 84), "lower", "worse"),
        ((84, 82, 80), "higher", "worse"),
        ((100, 101, 102), "higher", "steady"),  # 1 a year of a mean of 101
        ((99.5, None, 101.5), "higher", "steady"),
        ((100, 50, 104), "higher", "better"),  # slopes -50, 54, 2: the middle one counts
        ((None, 80, 84), "higher", "better"),
        ((80, 84, None), "lower", "worse"),
        ((None, None, 84), "higher", None),
        ((None, None, None), "higher", None),
        ((0, 0, 0), "lower", "steady"),  # no complaints in any year
        ((0, 0, 1), "lower", "worse"),
        ((-10, -8, -6), "higher", "better"),
    ],
)
def test_trend_is_the_robust_slope_in_the_better_direction(years, direction, trend):
    row = results_of(make_measure(actual_2=years[0], actual_1=years[1], actual=years[2], direction=direction)).iloc[0]
    assert (None if pd.isna(row["trend"]) else row["trend"]) == trend


@pytest.mark.parametrize(
    ("actual", "benchmark", "direction", "comparison"),
    [
        (80, 70, "higher", "better"),
        (80, 90, "higher", "worse"),
        (80, 80, "lower", "same"),
        (3, 5, "lower", "better"),
        (0, 0, "lower", "same"),
        (80, None, "higher", None),
        (None, 80, "higher", None),
    ],
)
def test_comparison_sets_the_actual_against_the_benchmark(actual, benchmark, direction, comparison):
    row = results_of(make_measure(actual=actual, benchmark=benchmark, direction=direction)).iloc[0]
    assert (None if pd.isna(row["comparison"]) else row["comparison"]) == comparison


def test_a_category_counts_a_null_item_as_0_and_as_500_and_is_null_only_where_every_item_is():
    said = {c.id: True for c in FRAMEWORK.criteria_of["1.1"]}
    row = row_of(make_submission(met=said), "category", "1")
    assert (row["score"], row["score_max"], row["coverage"], row["complete"]) == (125, 500, 0.25, False)
    assert pd.isna(row_of(make_submission(met=said), "category", "2")["score"])
    assert row_of(make_submission(met=said), "overall", "overall")["score"] == pytest.approx(125 / 7)


def test_the_results_dimension_is_half_its_ladder_and_half_category_7():
    said = {c.id: True for c in FRAMEWORK.criteria}
    without = row_of(make_submission(met=said), "dimension", "results")
    assert (without["score"], without["score_max"], without["coverage"]) == (250, 500, 0.5)
    measures = [make_measure(i.id, target=50, actual=60) for i in FRAMEWORK.indicators]
    only_results = row_of(make_submission(met=None, measures=measures), "dimension", "results")
    assert (only_results["score"], only_results["score_max"], only_results["coverage"]) == (250, 500, 0.5)
    assert pd.isna(row_of(make_submission(met=None), "dimension", "results")["score"])


def test_a_dimension_counts_only_criteria_that_their_items_gate_lets_through():
    held_back = {c.id: c.id != "1.1.B1" for c in FRAMEWORK.criteria}
    lost = [c for c in FRAMEWORK.criteria if c.item == "1.1" and (c.level != "basic" or c.id == "1.1.B1")]
    whole = {
        level: sum(c.dimensions.get("people", 0) for c in FRAMEWORK.criteria if c.level == level)
        for level in FRAMEWORK.level
    }
    expected = 500 - sum(
        FRAMEWORK.scoring.band_points[c.level] * c.dimensions.get("people", 0) / whole[c.level] for c in lost
    )
    assert row_of(make_submission(met=held_back), "dimension", "people")["score"] == pytest.approx(expected, abs=1e-9)
