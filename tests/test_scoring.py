"""Scoring keeps the rules of docs/scoring.md on any submission: it agrees with a naive second implementation."""

from __future__ import annotations

import itertools
import math
import random
import warnings
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from factories import make_measure, make_submission
from hypothesis import given, settings
from hypothesis import strategies as st
from naive import naive_comparison, naive_rate, naive_scores, naive_trend

from pmqa.framework import Criterion, shipped_frameworks
from pmqa.scoring import government_index, level_of, near_scores, score, score_measures
from pmqa.scoring.exact import NEAR
from pmqa.shown import rounded, shown, shown_share
from pmqa.sources import SOURCES, bases_of
from pmqa.submission import Answer, Measure, answer_frame, measure_frame, source_frame
from pmqa.tables import ANSWERS, MEASURE_RESULTS, MEASURES, SCORES
from tests.forms import small_framework

FRAMEWORK = shipped_frameworks()["pmqa4"]
WORDS = {"th": "ตัวอย่าง", "en": "sample"}


def sources_of(submissions):
    return pd.DataFrame({"submission": list(submissions), "source": [s.source for s in submissions.values()]})


def scored(submissions, framework=FRAMEWORK):
    frames = answer_frame(submissions), measure_frame(submissions)
    return score(sources_of(submissions), *frames, framework)


def as_dict(scores):
    """{(submission, basis, kind, scope): (score, score_max, coverage, level)} with None for null."""
    plain = scores.astype({"level": "object"})
    blank = [[None if pd.isna(v) else v for v in plain[c]] for c in ("score", "score_max", "coverage", "level")]
    keys = zip(*(scores[c].astype("str") for c in ("submission", "basis", "kind", "scope")), strict=True)
    return dict(zip(keys, zip(*blank, strict=True), strict=True))


def as_floats(numbers):
    """score, score_max, coverage with nan for null, which approx can compare."""
    return [math.nan if number is None else number for number in numbers[:3]]


# --- random editions and submissions ------------------------------------------------------------------------------

weights = st.lists(st.integers(1, 9), min_size=1, max_size=3)


@st.composite
def small_frameworks(draw):
    """Editions with few items, uneven levels, odd weights, and result items with any share of core indicators."""
    items, criteria = [], []
    for category, count in (("1", draw(st.integers(1, 3))), ("2", draw(st.integers(1, 2)))):
        items += [replace(FRAMEWORK.items[0], id=f"{category}.{n}", category=category) for n in range(1, count + 1)]
    for item in items:
        for level in FRAMEWORK.levels:
            for number in range(1, draw(st.integers(1, 4)) + 1):
                parts = draw(weights)
                chosen = draw(st.permutations([d.id for d in FRAMEWORK.dimensions]))[: len(parts)]
                shares = {d: part / sum(parts) for d, part in zip(chosen, parts, strict=True)}
                criteria.append(Criterion(f"{item.id}.{level.code}{number}", item.id, level.id, WORDS, shares, ()))
    # The loader wants every dimension to weigh on every level.
    everywhere = {d.id: 1 / len(FRAMEWORK.dimensions) for d in FRAMEWORK.dimensions}
    criteria += [
        Criterion(f"{items[0].id}.{level.code}9", items[0].id, level.id, WORDS, everywhere, ())
        for level in FRAMEWORK.levels
    ]
    result_items = [
        replace(FRAMEWORK.items_with_indicators[0], id=f"7.{n}") for n in range(1, draw(st.integers(1, 3)) + 1)
    ]
    indicators = [
        replace(FRAMEWORK.indicators[0], id=f"{item.id}.{n}", item=item.id, core=draw(st.booleans()))
        for item in result_items
        for n in range(1, draw(st.integers(1, 3)) + 1)
    ]
    return replace(
        FRAMEWORK,
        categories=tuple(c for c in FRAMEWORK.categories if c.id in ("1", "2", "7")),
        items=(*items, *result_items),
        criteria=tuple(draw(st.permutations(criteria))),
        indicators=tuple(indicators),
        scoring=replace(FRAMEWORK.scoring, results_share=draw(st.sampled_from([0.5, 0.3, 0.1, 0.0, 1.0]))),
    )


amounts = st.one_of(st.none(), st.sampled_from([0.0, 85.0, 85.85, 85.9, 84.9, 90.0, -3.0]), st.floats(-1e6, 1e6))


@st.composite
def submissions_to(draw, framework, source=None):
    """A submission in which each criterion is likely met, not met or blank, as drawn; and some measures."""
    source = source or draw(st.sampled_from(["self", "assessor"]))
    said = draw(st.sampled_from([[True, False, None], [True, True, True, False], [True], [None], [True, None]]))
    count = len(framework.criteria)
    met = draw(st.lists(st.sampled_from(said), min_size=count, max_size=count))
    cited = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    answers = [
        Answer(c.id, m, evidence="บันทึกตัวอย่าง" if has else None)
        for c, m, has in zip(framework.criteria, met, cited, strict=True)
    ]
    measures = []
    for indicator in framework.indicators:
        for number in range(1, draw(st.integers(0, 2)) + 1):
            measures.append(
                Measure(
                    indicator.id,
                    number,
                    direction=draw(st.sampled_from(["higher", "lower"])),
                    target=draw(amounts),
                    actual=draw(amounts),
                    actual_1=draw(amounts),
                    actual_2=draw(amounts),
                    benchmark=draw(amounts),
                    method=draw(st.sampled_from(["bands", "bands", "interval"])),
                    step=draw(st.sampled_from([None, 0.0, 5.0, 0.2])),
                    accepted=draw(st.sampled_from([None, True, False])),
                )
            )
    blank = make_submission(source=source, framework=framework)
    return replace(blank, answers=tuple(answers), measures=tuple(measures))


def assert_agrees(submissions, framework):
    found = as_dict(scored(submissions, framework))
    expected = {
        (key, basis, *scope): numbers
        for key, submission in submissions.items()
        for basis in bases_of(submission.source)
        for scope, numbers in naive_scores(framework, basis, submission.answers, submission.measures).items()
    }
    assert set(found) == set(expected)
    for scope, numbers in expected.items():
        assert all(map(is_near, found[scope][:3], numbers[:3])), (scope, found[scope], numbers)
        assert found[scope][3] == numbers[3], scope
        for number, exact in zip(found[scope][:2], numbers[:2], strict=True):
            assert number is None or shown(number) == half_up(exact, 10, EDGES), (scope, number, exact)
        if numbers[2] is not None:
            assert shown_share(found[scope][2]) == half_up_share(numbers[2]), (scope, numbers[2])


def is_near(number, exact):
    """To 1e-9; null is null."""
    return (number is None and exact is None) or (None not in (number, exact) and abs(number - float(exact)) <= 1e-9)


EDGES = {Fraction(int(points)) for points in FRAMEWORK.scoring.level_thresholds.values()}


def half_up(exact, places, edges=frozenset()):
    """Paragraph 2.2 in fractions."""
    found = Fraction(math.floor(exact * places + Fraction(1, 2)), places)
    return found - Fraction(1, places) if found in edges and exact < found else found


def half_up_share(exact):
    """Paragraph 2.2 of a share in percent."""
    found = half_up(exact * 100, 1)
    return min(max(found, 1), 99) if 0 < exact < 1 else found


@settings(max_examples=40)
@given(st.data())
def test_a_second_implementation_agrees_on_any_submission_to_any_small_edition(data):
    framework = data.draw(small_frameworks())
    drawn = data.draw(st.lists(submissions_to(framework), min_size=1, max_size=3))
    assert_agrees({f"s{n}": submission for n, submission in enumerate(drawn)}, framework)


@pytest.mark.slow
@settings(max_examples=25)
@given(st.data())
def test_a_second_implementation_agrees_on_any_submission_to_the_shipped_edition(data):
    assert_agrees({"s": data.draw(submissions_to(FRAMEWORK))}, FRAMEWORK)


@settings(max_examples=40)
@given(st.data())
def test_what_a_measure_shows_beside_its_score_agrees_with_the_second_implementation(data):
    framework = data.draw(small_frameworks())
    submission = data.draw(submissions_to(framework, source="self"))
    submissions = {"s": submission}
    shown = score_measures(sources_of(submissions), measure_frame(submissions), framework)
    for basis, (number, measure) in itertools.product(bases_of("self"), enumerate(submission.measures)):
        row = shown[shown["basis"] == basis].iloc[number]
        assert (row["indicator"], row["number"]) == (measure.indicator, measure.number)
        rate = naive_rate(framework.scoring, measure)
        assert row["success_rate"] == pytest.approx(math.nan if rate is None else rate, nan_ok=True)
        assert row["target_is_zero"] == (measure.target == 0)
        for column, expected in (("trend", naive_trend(measure)), ("comparison", naive_comparison(measure))):
            assert (None if pd.isna(row[column]) else row[column]) == expected, column


# --- properties ---------------------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(st.data())
def test_answering_one_more_criterion_with_met_never_lowers_a_score(data):
    framework = data.draw(small_frameworks())
    before = data.draw(submissions_to(framework))
    number = data.draw(st.integers(0, len(before.answers) - 1))
    more = replace(before.answers[number], met=True, evidence="เพิ่มเติม")
    after = replace(before, answers=(*before.answers[:number], more, *before.answers[number + 1 :]))
    scores = as_dict(scored({"before": before, "after": after}, framework))
    for (key, *scope), (points, *_) in scores.items():
        if key == "before" and points is not None:
            assert scores["after", *scope][0] >= points, scope


@settings(max_examples=25)
@given(st.data())
def test_a_score_never_passes_its_maximum_and_equals_it_when_complete(data):
    framework = data.draw(small_frameworks())
    scores = scored({"s": data.draw(submissions_to(framework))}, framework).dropna(subset="score")
    assert (scores["score"] <= scores["score_max"]).all()
    process = scores[scores["kind"].isin(["item", "category"]) & (scores["complete"])]
    assert (process["score"] == process["score_max"]).all()


@settings(max_examples=25)
@given(st.data())
def test_everything_met_gives_exactly_500_everywhere(data):
    framework = data.draw(small_frameworks())
    measures = [make_measure(i.id, target=50.0, actual=100.0, accepted=True) for i in framework.indicators]
    for source in SOURCES:
        scores = scored({"s": make_submission(source=source, measures=measures, framework=framework)}, framework)
        assert set(scores["score"]) == {500.0} == set(scores["score_max"])
        assert set(scores["level"]) == {"significance"}
        assert scores["complete"].all()


@settings(max_examples=25)
@given(st.data())
def test_a_submission_has_the_same_scores_alone_as_among_others_in_any_order_of_rows(data):
    framework = data.draw(small_frameworks())
    drawn = data.draw(st.lists(submissions_to(framework), min_size=2, max_size=4))
    together = {f"s{n}": submission for n, submission in enumerate(drawn)}
    answers, measures = answer_frame(together), measure_frame(together)
    shuffled = [frame.sample(frac=1, random_state=data.draw(st.integers(0, 99))) for frame in (answers, measures)]
    all_at_once = as_dict(score(sources_of(together), *shuffled, framework))
    alone = {}
    for key, submission in together.items():
        alone |= as_dict(scored({key: submission}, framework))
    assert all_at_once == alone  # to the last bit


@settings(max_examples=25)
@given(st.data())
def test_near_scores_are_those_of_the_basis_that_a_form_shows_but_for_what_decides_levels(data):
    framework = data.draw(small_frameworks())
    drawn = data.draw(st.lists(submissions_to(framework), min_size=1, max_size=4))
    sent = {f"s{n}": replace(one, source=source) for n, (one, source) in enumerate(zip(drawn, SOURCES, strict=False))}
    exact = {
        (key, kind, scope): values[0]
        for (key, basis, kind, scope), values in as_dict(scored(sent, framework)).items()
        if basis == bases_of(sent[key].source)[0] and kind not in ("dimension", "measure")
    }
    near = {(key, *scope): points for key, own in near_scores(sent, framework).items() for scope, points in own.items()}
    assert near == {key: pytest.approx(as_floats([points])[0], abs=NEAR, nan_ok=True) for key, points in exact.items()}


# --- shapes and blanks --------------------------------------------------------------------------------------------


def test_categorical_and_plain_text_columns_give_the_same_scores():
    submissions = {"b": make_submission(measures=[make_measure()]), "a": make_submission(met=None)}
    answers, measures = answer_frame(submissions), measure_frame(submissions)
    as_categories = [
        answers.astype({"submission": "category", "criterion": "category", "evidence": "category"}),
        measures.astype(dict.fromkeys(("submission", "indicator", "direction", "method"), "category")),
    ]
    sources = sources_of(submissions)
    pd.testing.assert_frame_equal(
        score(sources.astype("category"), *as_categories, FRAMEWORK), score(sources, answers, measures, FRAMEWORK)
    )


def test_a_submission_without_any_row_is_wholly_unanswered():
    sources = pd.DataFrame({"submission": ["s"], "source": ["self"]})
    scores = score(sources, ANSWERS.empty(), MEASURES.empty(), FRAMEWORK)
    assert scores["score"].isna().all()
    assert scores["level"].isna().all()
    assert (scores["coverage"] == 0).all()
    whole = scores[scores["kind"] != "indicator"]
    assert (whole["score_max"] == 500).all()
    core = {i.id for i in FRAMEWORK.indicators if i.core}
    of_indicators = scores[(scores["kind"] == "indicator") & (scores["basis"] == "claimed")].set_index("scope")
    assert {scope for scope, most in of_indicators["score_max"].items() if most == 500} == core
    assert of_indicators["score_max"].isna().sum() == len(FRAMEWORK.indicators) - len(core)


def test_a_dimension_whose_level_has_no_criteria_has_no_score_and_nothing_warns_of_it():
    """As in the part of an edition that tests make forms of."""
    one = {"s": make_submission(framework=(part := small_framework()))}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scores = score(source_frame(one), answer_frame(one), measure_frame(one), part)
    weighed = {(dimension, c.level) for c in part.criteria for dimension in c.dimensions}
    whole = {d.id for d in part.dimensions if all((d.id, level.id) in weighed for level in part.levels)}
    own, results = scores[(scores["kind"] == "dimension") & scores["score"].notna()], {part.scoring.results_dimension}
    assert set(own["scope"]) - results == whole - results


def test_no_submissions_give_no_rows_and_keep_the_table():
    sources = pd.DataFrame({"submission": [], "source": []}, dtype="str")
    scores = score(sources, ANSWERS.empty(), MEASURES.empty(), FRAMEWORK)
    results = score_measures(sources, MEASURES.empty(), FRAMEWORK)
    assert (len(scores), list(scores)) == (0, list(SCORES.columns))
    assert (len(results), list(results)) == (0, list(MEASURE_RESULTS.columns))


def test_every_scope_of_the_edition_has_one_row_for_each_submission_and_basis():
    submissions = {"a": make_submission(met=None), "b": make_submission(source="assessor")}
    scores = scored(submissions)
    SCORES.conform(scores)  # the key is unique
    for (submission, basis), rows in scores.groupby(["submission", "basis"], observed=True):
        assert basis in bases_of(submissions[submission].source)
        for kind in ("item", "category", "dimension", "overall", "indicator"):
            assert tuple(rows.loc[rows["kind"] == kind, "scope"]) == FRAMEWORK.scopes(kind)


def test_rows_of_other_submissions_and_of_unknown_criteria_are_left_out():
    submissions = {"a": make_submission(measures=[make_measure()])}
    answers, measures = answer_frame(submissions), measure_frame(submissions)
    strange = pd.concat([answers, answers.assign(submission="z"), answers.head(1).assign(criterion="9.9.B1")])
    others = pd.concat([measures.assign(submission="z", actual=0.0), measures, measures.assign(indicator="7.9.9")])
    sources = sources_of(submissions)
    pd.testing.assert_frame_equal(
        score(sources, strange, others, FRAMEWORK), score(sources, answers, measures, FRAMEWORK)
    )


def test_evidence_counts_on_the_basis_evidenced_only_and_coverage_is_the_same_on_both():
    scores = scored({"s": make_submission(evidence={"1.1.B1": "ก"})})
    overall = scores[scores["kind"] == "overall"].set_index("basis")
    assert overall.loc["evidenced", "score"] < overall.loc["claimed", "score"]
    assert overall.loc["evidenced", "coverage"] == overall.loc["claimed", "coverage"]
    assert np.isclose(overall.loc["evidenced", "score"], 100 / 4 / 7)


def test_an_edition_with_other_bands_is_scored_by_its_own():
    bands = (replace(FRAMEWORK.scoring.bands[0], limit=80.0, points_per_percent=2.0), FRAMEWORK.scoring.bands[-1])
    framework = replace(FRAMEWORK, scoring=replace(FRAMEWORK.scoring, bands=bands))
    measures = [make_measure("7.1.1", target=100.0, actual=70.0), make_measure("7.1.2", target=100.0, actual=80.0)]
    found = as_dict(scored({"s": make_submission(measures=measures)}, framework))
    assert found["s", "claimed", "measure", "7.1.1#1"][0] == 140
    assert found["s", "claimed", "measure", "7.1.2#1"][0] == 500


@pytest.mark.parametrize(
    ("points", "level"),
    [
        (0.0, "below"),
        (299.9999, "below"),
        (300.0, "basic"),
        (299.99999999999994, "below"),  # scoring has put what is 300 on paper there; this is less
        (400.0, "advance"),
        (499.95, "advance"),  # shows as 500.0, is not Significance yet
        (500.0, "significance"),
        (math.nan, None),
    ],
)
def test_the_level_of_a_total_goes_by_its_points(points, level):
    found = level_of([points], FRAMEWORK)[0]
    assert (None if pd.isna(found) else found) == level


@pytest.mark.parametrize(
    ("points", "shown"),
    [
        (299.96, 299.9),
        (299.94999, 299.9),
        (300.04, 300.0),
        (356.25, 356.3),
        (0.05, 0.1),
        (366.6666666666667, 366.7),
        (0.25, 0.3),
    ],
)
def test_points_are_shown_with_one_decimal_half_up(points, shown):
    assert rounded(points) == shown


def test_a_missing_score_has_no_rounded_value_and_no_index():
    assert math.isnan(rounded(None))
    assert math.isnan(rounded(math.nan))
    assert math.isnan(government_index(math.nan, FRAMEWORK))


def test_the_government_index_of_the_whole_scale_is_four():
    assert [government_index(points, FRAMEWORK) for points in (0, 250, 500)] == [0, 2, 4]


# --- exact numbers (2.1) ------------------------------------------------------------------------------------------


def measure_scored(**of):
    """Points, level and shown points of one measure."""
    submission = replace(make_submission(), answers=(), measures=(make_measure(**of),))
    score, _, _, level = as_dict(scored({"s": submission}))["s", "claimed", "measure", "7.1.1#1"]
    return score, level, str(shown(score))


@pytest.mark.parametrize(
    ("of", "points", "level", "shown_as"),
    [
        ({"method": "interval", "target": 64.01, "actual": 64.21, "step": 0.1}, 500, "significance", "500.0"),
        ({"method": "interval", "target": 1000.2, "actual": 1000.3, "step": 0.1}, 400, "advance", "400.0"),
        ({"method": "interval", "target": 358588189, "actual": 358588189.2, "step": 0.1}, 500, "significance", "500.0"),
        ({"method": "interval", "target": 7.1, "actual": 7.09, "step": 0.1}, 290, "below", "290.0"),
        ({"target": 80, "actual": 70.28}, 263.55, "below", "263.6"),
        ({"target": 85, "actual": 85.85}, 300, "basic", "300.0"),  # 101 %
        ({"target": 100000000000, "actual": 101000000000.01}, 400, "advance", "400.0"),  # a hair above 101 %
        ({"target": 100000000000, "actual": 101000000000}, 300, "basic", "300.0"),
        ({"target": 100000000000000, "actual": 99999999999999}, 299.999999999997, "below", "299.9"),
        ({"target": 0.3, "actual": 0.3}, 300, "basic", "300.0"),
        ({"direction": "lower", "target": 1.1, "actual": 1.045}, 400, "advance", "400.0"),  # 105 %
    ],
)
def test_points_are_those_of_the_decimals_that_were_typed(of, points, level, shown_as):
    found = measure_scored(**of)
    assert found[0] == pytest.approx(points, abs=1e-11)
    assert found[1:] == (level, shown_as)


@pytest.mark.slow
@pytest.mark.hypothesis  # thousands of them by `make explore`
def test_scores_of_hundreds_of_random_submissions_are_those_of_fractions():
    chance = random.Random(9)
    drawn = {f"s{number}": random_submission(chance) for number in range(3 * settings().max_examples)}
    assert_agrees(drawn, FRAMEWORK)


def random_submission(chance):
    """Answers and measures as people give them: short decimals, near and far from targets, of all sizes."""
    answers = tuple(
        Answer(c.id, met=chance.choice((True, True, True, False, None)), evidence=chance.choice((None, "หนังสือ")))
        for c in FRAMEWORK.criteria
    )
    measures = []
    for indicator in FRAMEWORK.indicators:
        for number in range(1, chance.choice((1, 1, 2, 3)) + 1):
            digits, size = chance.choice((0, 1, 2)), 10 ** chance.randint(0, 9)
            target = round(chance.uniform(0.1, 1) * size, digits) or 1.0
            step = round(chance.choice((0.1, 0.2, 0.5, 1, 2.5)) * max(size / 100, 0.1), 3)
            method = chance.choice(("bands", "bands", "interval"))
            actual = chance.choice(
                (
                    round(target * chance.choice((0.9, 0.99, 1, 1.01, 1.05, 1.1)), digits + 2),
                    round(target + step * chance.choice((-3, -1, 0, 1, 2)), 6),
                    round(target * chance.uniform(0, 2), digits),
                )
            )
            measures.append(
                make_measure(
                    indicator=indicator.id,
                    number=number,
                    method=method,
                    target=chance.choice((target, target, None)) if number == 1 else target,
                    actual=actual,
                    step=step,
                    direction=chance.choice(("higher", "lower")),
                    accepted=chance.choice((True, True, False, None)),
                )
            )
    source = chance.choice(("self", "assessor"))
    return replace(make_submission(source=source), answers=answers, measures=tuple(measures))
