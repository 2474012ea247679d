"""The cheapest path is exact: brute force over every set of criteria of small editions finds nothing better."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest
from factories import make_measure, make_submission
from hypothesis import given, settings
from hypothesis import strategies as st
from naive import naive_scores

from pmqa.analysis.gaps import blocking_criteria
from pmqa.analysis.paths import PATH_STEPS, cheapest_path
from pmqa.framework import Criterion, shipped_frameworks
from pmqa.scoring import score
from pmqa.submission import Answer, answer_frame, measure_frame, source_frame

FRAMEWORK = shipped_frameworks()["pmqa4"]
WORDS = {"th": "ตัวอย่าง", "en": "sample"}


def small_framework(sizes, weights):
    """Items 1.1, 1.2, 2.1 with so many criteria at each level; weights on people in tenths, the rest on process."""
    criteria, drawn = [], itertools.cycle(weights)
    items = []
    for item, per_level in zip(("1.1", "1.2", "2.1"), sizes, strict=False):
        items.append(replace(FRAMEWORK.items[0], id=item, category=item[0]))
        for level, count in zip(FRAMEWORK.levels, per_level, strict=True):
            for number in range(1, count + 1):
                share = next(drawn) / 10
                dimensions = {d: w for d, w in (("people", share), ("process", 1 - share)) if w > 0}
                criteria.append(Criterion(f"{item}.{level.code}{number}", item, level.id, WORDS, dimensions, ()))
    indicators = (replace(FRAMEWORK.indicators[0], id="7.1.1", item="7.1"),)
    used = {item.category for item in items} | {"7"}
    return replace(
        FRAMEWORK,
        categories=tuple(c for c in FRAMEWORK.categories if c.id in used),
        dimensions=tuple(d for d in FRAMEWORK.dimensions if d.id in ("people", "process")),
        items=(*items, next(i for i in FRAMEWORK.items if i.id == "7.1")),
        criteria=tuple(criteria),
        indicators=indicators,
        scoring=replace(FRAMEWORK.scoring, results_dimension="process"),
    )


def closed(submission, criteria):
    return replace(
        submission,
        answers=tuple(replace(a, met=True, evidence="ก") if a.criterion in criteria else a for a in submission.answers),
    )


def points_of(submission, framework, scope, basis="claimed"):
    found = naive_scores(framework, basis, submission.answers, submission.measures)
    return next(numbers[0] for (kind, name), numbers in found.items() if name == scope and kind != "measure") or 0.0


def brute_force(submission, framework, target, scope, effort):
    """The least effort of all sets of unmet criteria that reach the target; None where none does."""
    unmet = [a.criterion for a in submission.answers if not a.met]
    sets = [chosen for count in range(len(unmet) + 1) for chosen in itertools.combinations(unmet, count)]
    tried = {str(number): closed(submission, chosen) for number, chosen in enumerate(sets)}
    scores = score(source_frame(tried), answer_frame(tried), measure_frame(tried), framework)
    rows = scores[(scores["basis"] == "claimed") & (scores["scope"] == scope) & (scores["kind"] != "measure")]
    reached = rows.loc[rows["score"] >= target - 1e-9, "submission"].astype("str")
    return min((sum(effort.get(c, 1.0) for c in sets[int(number)]) for number in reached), default=None)


def path_of(submission, framework, target, scope=None, effort=None, basis="claimed"):
    frames = {"s": submission}
    return cheapest_path(answer_frame(frames), framework, basis, target, scope, effort, measure_frame(frames))


@pytest.mark.slow
@settings(max_examples=40)
@given(st.data())
def test_no_other_set_of_criteria_reaches_the_target_with_less(data):
    sizes = data.draw(st.lists(st.tuples(*[st.integers(1, 2)] * 3), min_size=2, max_size=3))
    weights = data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=12))
    framework = small_framework(sizes, weights)
    count = len(framework.criteria)
    said = data.draw(st.lists(st.sampled_from([True, True, False, None]), min_size=count, max_size=count))
    # At most eight to close, so that every set of them can be tried.
    unmet = [n for n, met in enumerate(said) if not met]
    for number in unmet[8:]:
        said[number] = True
    answers = [Answer(c.id, met) for c, met in zip(framework.criteria, said, strict=True)]
    measures = data.draw(st.sampled_from([(), (make_measure("7.1.1"),)]))
    submission = replace(make_submission(framework=framework, measures=measures), answers=tuple(answers))
    target = data.draw(st.sampled_from([150, 200, 250, 300, 350, 400, 450, 500]))
    scope = data.draw(st.sampled_from([None, "1", "people", "process"]))
    days, money = st.integers(0, 5).map(float), st.integers(0, 10**9).map(lambda satang: satang / 100)
    effort = data.draw(
        st.one_of(
            st.none(), *(st.fixed_dictionaries({c.id: unit for c in framework.criteria}) for unit in (days, money))
        )
    )
    path = path_of(submission, framework, target, scope, effort)
    expected = brute_force(submission, framework, target, scope or "overall", effort or {})
    assert path.reachable == (expected is not None)
    after = points_of(closed(submission, path.criteria), framework, scope or "overall")
    if path.reachable:
        assert path.effort == pytest.approx(expected, rel=1e-12)
        assert after >= target - 1e-9
        assert path.score_after is None or path.score_after == pytest.approx(after, abs=1e-9)
    everything = closed(submission, [a.criterion for a in submission.answers])
    assert path.best == pytest.approx(points_of(everything, framework, scope or "overall"), abs=1e-9)


def test_a_reached_target_needs_nothing():
    path = path_of(make_submission(measures=[make_measure(i.id) for i in FRAMEWORK.indicators]), FRAMEWORK, 400)
    assert (path.reachable, path.criteria) == (True, ())
    assert path.score_before == path.score_after


def test_a_target_beyond_the_criteria_says_how_far_they_lead():
    path = path_of(make_submission(met=False), FRAMEWORK, 500)
    assert not path.reachable
    assert path.criteria == ()
    assert path.best == pytest.approx(500 * 6 / 7)
    assert list(path.steps) == list(PATH_STEPS.columns)


def test_a_path_from_nothing_answered_starts_without_a_score():
    path = path_of(make_submission(met=None), FRAMEWORK, 300, "1")
    assert path.score_before is None
    assert path.score_after == 300
    assert len(path.criteria) == 12


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("scope", [None, "3", "digitalization"])
def test_efforts_may_be_money(scope, seed):
    drawn = random.Random(seed)
    effort = {c.id: round(drawn.uniform(1, 3e6), 2) for c in FRAMEWORK.criteria}
    path = path_of(make_submission(met=False), FRAMEWORK, 300, scope, effort)
    assert path.reachable
    assert path.score_after >= 300 - 1e-9


def test_ties_go_to_the_smaller_item_number():
    path = path_of(make_submission(met=False), FRAMEWORK, 100 / 4, "3")  # any one Basic criterion is enough
    assert path.criteria == ("3.1.B1",)


def test_a_tie_goes_to_the_smaller_item_number_even_where_the_other_would_give_more():
    met = {c.id: c.id in ("3.2.B1", "3.2.B2", "3.2.A1", "3.2.A2", "3.2.A3") for c in FRAMEWORK.criteria}
    path = path_of(make_submission(met=met), FRAMEWORK, 75, "3")  # 50 before; 3.2.B3 would open a gate and give 100
    assert path.criteria == ("3.1.B1",)
    assert (path.score_before, path.score_after) == (50, 75)


def test_the_last_criterion_of_a_level_comes_before_others_because_it_frees_what_is_held_back():
    said = {c.id: c.item != "4.2" or c.id != "4.2.B2" for c in FRAMEWORK.criteria if c.id != "4.1.S1"}
    path = path_of(make_submission(met=said), FRAMEWORK, 430, "4")
    assert path.criteria == ("4.2.B2",)


def test_the_plan_cumulates_to_the_score_after_and_each_step_is_real():
    submission = make_submission(met={c.id: n % 3 > 0 for n, c in enumerate(FRAMEWORK.criteria)})
    path = path_of(submission, FRAMEWORK, 380)
    for step in path.steps.itertuples():
        now = closed(submission, path.criteria[: step.step])
        assert step.score == pytest.approx(points_of(now, FRAMEWORK, "overall"), abs=1e-9)


def test_on_the_basis_evidenced_a_criterion_without_evidence_is_to_be_closed():
    submission = make_submission(evidence=None)
    path = path_of(submission, FRAMEWORK, 75, "1", basis="evidenced")
    assert path.criteria == ("1.1.B1", "1.1.B2", "1.1.B3")


# --- blockers and gains ---------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.data())
def test_a_blockers_release_is_what_closing_it_alone_adds(data):
    framework = small_framework([(2, 1, 2), (1, 2, 1)], [5])
    said = data.draw(st.lists(st.sampled_from([True, True, False, None]), min_size=9, max_size=9))
    answers = [Answer(c.id, met) for c, met in zip(framework.criteria, said, strict=True)]
    submission = replace(make_submission(framework=framework), answers=tuple(answers))
    blockers = blocking_criteria(answer_frame({"s": submission}), framework, "claimed")
    for row in blockers.itertuples():
        after = closed(submission, [row.criterion])
        for scope, release in ((row.item, row.release), ("overall", row.release_overall)):
            before = points_of(submission, framework, scope)
            assert points_of(after, framework, scope) - before == pytest.approx(release, abs=1e-9)
    # and nothing else adds anything
    others = {a.criterion for a in answers if not a.met} - set(blockers["criterion"])
    for criterion in others:
        assert points_of(closed(submission, [criterion]), framework, "overall") == points_of(
            submission, framework, "overall"
        )


def test_the_blocking_criteria_of_an_item_are_the_unmet_ones_of_its_lowest_incomplete_level():
    said = {c.id: True for c in FRAMEWORK.criteria if c.id not in ("1.1.A2", "1.1.S1", "1.2.B1", "1.2.B3")}
    said["1.1.A2"] = False
    blockers = blocking_criteria(answer_frame({"s": make_submission(met=said)}), FRAMEWORK, "claimed")
    assert list(blockers["criterion"]) == ["1.1.A2", "1.2.B1", "1.2.B3"]
    assert list(blockers["answered"]) == [True, False, False]
    assert list(blockers["alone"]) == [True, False, False]
    # 1.1.A2 completes Advance and frees the one Significance criterion that is met.
    assert list(blockers["release"]) == pytest.approx([100 / 3 + 50, 100, 100])
