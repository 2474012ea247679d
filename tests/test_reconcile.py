"""Where the form's own score sheet differs from the rules, the reason is named."""

from __future__ import annotations

import dataclasses
import io
import math

import openpyxl
import pytest

from pmqa.scoring import near_scores, score
from pmqa.submission import answer_frame, measure_frame, source_frame
from pmqa.text import translator
from pmqa.workbook import finding_text, layout, read_submission, write_form
from pmqa.workbook.reconcile import agrees, reconcile
from tests.factories import make_measure, make_submission
from tests.office import convert


def scores_of(submission, framework):
    sent = {"s": submission}
    return score(source_frame(sent), answer_frame(sent), measure_frame(sent), framework)


def shown_by(scores, basis="claimed"):
    rows = scores[(scores["basis"] == basis) & scores["kind"].isin(["indicator", "item", "category", "overall"])]
    return {(str(r.kind), str(r.scope)): None if math.isnan(r.score) else r.score for r in rows.itertuples()}


@pytest.fixture(scope="module")
def sent(framework):
    unmet = {"2.1.B1": False}  # two higher levels of 2.1 are held back
    met = {criterion.id: unmet.get(criterion.id, True) for criterion in framework.criteria if criterion.item != "5.1"}
    return make_submission(met=met, measures=[make_measure("7.1.1", actual=80.0), make_measure("7.1.3")])


@pytest.fixture(scope="module")
def reading(framework, frameworks, sent):
    return read_submission(write_form(framework, prefill=sent), frameworks)


@pytest.fixture(scope="module")
def scores(framework, sent):
    return scores_of(sent, framework)


@pytest.fixture
def found(reading, scores, framework):
    """Findings when the sheet shows our scores with some changed, and totals that follow from its own parts."""

    def find(changes, *, overwritten=(), follow=True):
        shown = {**shown_by(scores), **changes}
        if follow:
            for category in framework.categories:
                parts = [shown["item", item.id] for item in framework.items_of[category.id]]
                shown["category", category.id] = sum(part or 0 for part in parts) / len(parts)
            shown["overall", "overall"] = sum(shown["category", c.id] for c in framework.categories) / 7
        shown.update(dict(overwritten))
        typed = frozenset(dict(overwritten))
        cached = dataclasses.replace(reading, cached_scores=shown, overwritten_scores=typed)
        return [
            (f.code, f.values["scope"], f.value, f.values["expected"]) for f in reconcile(cached, scores, framework)
        ]

    return find


def test_a_sheet_that_agrees_says_nothing(found):
    assert found({}, follow=False) == []


def test_a_form_has_the_rules_own_scores_before_a_program_computes_it(reading, scores, framework):
    assert reading.cached_scores
    assert reconcile(reading, scores, framework) == []


def test_only_a_sheet_that_may_differ_is_reconciled(reading, framework):
    near = near_scores({"s": reading.submission}, framework)["s"]
    assert agrees(reading, near)
    shown = reading.cached_scores
    blank = next(scope for scope, points in shown.items() if points is None)
    for scope, points in {("item", "1.1"): 500.000002, ("item", "1.2"): None, blank: 0.0}.items():
        assert not agrees(dataclasses.replace(reading, cached_scores={**shown, scope: points}), near)


def test_a_sheet_that_was_never_computed_says_nothing(reading, scores, framework):
    assert reconcile(dataclasses.replace(reading, cached_scores={}), scores, framework) == []


def test_digits_that_a_spreadsheet_program_drops_are_no_difference(found, scores):
    shown = shown_by(scores)
    assert found({scope: value and float(f"{value:.15g}") for scope, value in shown.items()}, follow=False) == []


def test_an_old_result_is_named_with_its_scopes_and_not_again_for_the_totals_made_from_it(found):
    changes = {("item", "1.1"): 300.0, ("item", "6.4"): None}
    assert found(changes) == [("score_not_recalculated", "1.1, 6.4", "300.0, –", "500.0, 500.0")]


def test_a_total_that_does_not_follow_from_its_parts_is_named(found, scores):
    changes = {("category", "3"): 123.4}
    assert [(code, scope) for code, scope, _, _ in found(changes, follow=False)] == [("score_not_recalculated", "3")]


def test_a_number_typed_over_a_formula_is_named_and_what_is_computed_from_it_is_not(found):
    assert found({}, overwritten={("category", "4"): 500.5}.items()) == [
        ("score_overwritten", "4", "500.5", "500.0"),
    ]


def test_points_counted_above_an_incomplete_level_are_named(found, scores):
    assert shown_by(scores)["item", "2.1"] == 200.0
    assert found({("item", "2.1"): 400.0}) == [("score_gate_ignored", "2.1", "400.0", "200.0")]


def test_a_result_item_follows_from_the_sheet_s_own_indicators(found, framework, scores):
    shown = shown_by(scores)
    core = [n.id for n in framework.indicators_of["7.1"] if n.core]
    other = shown["indicator", "7.1.3"]
    assert core == ["7.1.1", "7.1.2"]
    changes = {("indicator", "7.1.1"): 300.0, ("item", "7.1"): (300.0 + other + 0) / 3}
    assert [(code, scope) for code, scope, _, _ in found(changes)] == [("score_not_recalculated", "7.1.1")]


def test_each_cause_is_one_finding(found):
    changes = {("item", "1.1"): 1.0, ("item", "1.2"): 2.0, ("item", "2.1"): 400.0}
    assert [code for code, *_ in found(changes)] == ["score_gate_ignored", "score_not_recalculated"]


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "scope"),
    [
        ("หมวด 1", "E4", "ใช่", ("item", "1.1")),
        ("หมวด 7", "I4", "๘๐", ("indicator", "7.1.1")),
        ("หมวด 7", "F4", "85%", ("indicator", "7.1.1")),
    ],
)
def test_words_that_the_formulas_do_not_count_are_named(framework, frameworks, sent, sheet, cell, value, scope):
    book = openpyxl.load_workbook(io.BytesIO(write_form(framework, prefill=sent)))
    book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    reading = read_submission(out.getvalue(), frameworks)
    scores = scores_of(reading.submission, framework)
    cached = dataclasses.replace(reading, cached_scores={**shown_by(scores), scope: 1.0})
    assert [finding.code for finding in reconcile(cached, scores, framework)] == ["score_text_edited"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_cause_is_a_whole_sentence(found, reading, scores, framework, language):
    shown = {**shown_by(scores), ("item", "2.1"): 400.0, ("item", "1.1"): 1.0, ("category", "4"): 2.0}
    cached = dataclasses.replace(reading, cached_scores=shown, overwritten_scores=frozenset({("category", "4")}))
    for finding in reconcile(cached, scores, framework):
        assert finding.severity == "warning"
        assert finding.sheet == layout.SUMMARY_SHEET
        assert finding.value in finding_text(finding, translator(language))


@pytest.mark.slow
def test_a_form_saved_by_a_spreadsheet_program_agrees_until_an_answer_changes_behind_its_back(
    framework, frameworks, sent, tmp_path
):
    form = write_form(framework, prefill=sent)
    saved = convert({"form.xlsx": form}, "xlsx", tmp_path)["form.xlsx"].read_bytes()
    reading = read_submission(saved, frameworks)
    scores = scores_of(reading.submission, framework)
    assert len(reading.cached_scores) == 30 + 30 + 7 + 1
    assert reconcile(reading, scores, framework) == []

    changed = make_submission(met=False, measures=sent.measures)
    stale = dataclasses.replace(reading, submission=changed)
    (finding,) = reconcile(stale, scores_of(changed, framework), framework)
    assert finding.code == "score_not_recalculated"
    assert finding.values["count"] == 24  # the process items; totals follow from them


def test_an_assessor_s_sheet_is_compared_on_its_own_basis(framework, frameworks):
    own = make_submission(source="assessor", measures=[make_measure(accepted=True)])
    reading = read_submission(write_form(framework, prefill=own), frameworks)
    scores = scores_of(own, framework)
    cached = dataclasses.replace(reading, cached_scores={**shown_by(scores, "verified"), ("item", "1.1"): 1.0})
    assert [finding.values["scope"] for finding in reconcile(cached, scores, framework)] == ["1.1"]
