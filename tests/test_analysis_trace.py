"""A trace leads from any number to the cells it comes from, and adds up on the way."""

from __future__ import annotations

import random
from dataclasses import replace

import pandas as pd
import pytest
from factories import make_measure, make_submission

from pmqa.analysis.bands import band_places
from pmqa.analysis.trace import STATES, traces
from pmqa.exports import worded_trace
from pmqa.framework import shipped_frameworks
from pmqa.scoring import score, score_measures
from pmqa.submission import answer_frame, measure_frame, source_frame
from pmqa.text import languages, translator

FRAMEWORK = shipped_frameworks()["pmqa4"]


def trace_of(submission, scope="overall", basis="claimed"):
    submissions = {"s": submission}
    answers, measures, sources = answer_frame(submissions), measure_frame(submissions), source_frame(submissions)
    scores = score(sources, answers, measures, FRAMEWORK)
    results = score_measures(sources, measures, FRAMEWORK)
    (rows,) = traces(scores, answers, measures, results, FRAMEWORK, basis=basis, scopes=(scope,))
    return rows


def mixed(seed=7, **values):
    drawn = random.Random(seed)
    measures = [
        make_measure(i.id, n, actual=drawn.choice([None, 70.0, 85.0, 88.0, 95.0]))
        for i in FRAMEWORK.indicators
        for n in range(1, drawn.randint(0, 2) + 1)
    ]
    met = {c.id: drawn.choice([True, True, True, False, None]) for c in FRAMEWORK.criteria}
    return make_submission(met=met, measures=measures, **values)


@pytest.mark.parametrize("scope", ["overall", "3", "3.2", "7", "7.1", "people", "results", "7.1.1"])
@pytest.mark.parametrize("seed", range(5))
def test_the_parts_of_every_step_add_up_to_the_step_above(scope, seed):
    rows = trace_of(mixed(seed), scope)
    assert rows["state"].isin(STATES).all()
    parents: list[int] = []
    sums = {}
    for number, row in rows.iterrows():
        parents = [p for p in parents if rows["depth"][p] < row["depth"]]
        if parents and pd.notna(row["points"]):
            sums[parents[-1]] = sums.get(parents[-1], 0.0) + row["points"]
        parents.append(number)
    for number, total in sums.items():
        row = rows.loc[number]
        expected = row["points"] if row["kind"] == "level" else row["score"]
        if pd.notna(expected):
            assert total == pytest.approx(expected, abs=1e-9), row["scope"]


def test_a_trace_ends_at_the_cells_of_the_file():
    rows = trace_of(mixed(), "3.2")
    criteria = rows[rows["kind"] == "criterion"]
    assert list(criteria["scope"]) == [c.id for c in FRAMEWORK.criteria_of["3.2"]]
    assert criteria["place"].str.match(r"หมวด 3!E\d+").all()


def test_a_trace_shows_the_gate_that_stopped_the_next_points():
    said = {c.id: c.id != "1.1.B2" for c in FRAMEWORK.criteria}
    rows = trace_of(make_submission(met=said), "1.1").set_index("scope")
    assert list(rows.loc[["1.1 basic", "1.1 advance", "1.1 significance"], "state"]) == ["incomplete", "shut", "shut"]
    assert rows.loc["1.1 basic", "points"] == 200
    assert rows.loc["1.1.A1", "state"] == "held_back"
    assert rows.loc["1.1.B2", "state"] == "not_met"


def test_on_the_basis_evidenced_a_trace_names_the_missing_evidence():
    rows = trace_of(make_submission(evidence=None), "1.1", basis="evidenced").set_index("scope")
    assert rows.loc["1.1.B1", "state"] == "without_evidence"


def test_an_unreported_core_indicator_counts_as_zero_and_an_optional_one_is_out_of_scope():
    rows = trace_of(make_submission(measures=[make_measure("7.1.1")]), "7.1").set_index("scope")
    core = next(i.id for i in FRAMEWORK.indicators_of["7.1"] if i.core and i.id != "7.1.1")
    optional = next(i.id for i in FRAMEWORK.indicators_of["7.1"] if not i.core)
    assert (rows.loc[core, "state"], rows.loc[core, "points"]) == ("counts_as_zero", 0)
    assert rows.loc[optional, "state"] == "out_of_scope"
    assert pd.isna(rows.loc[optional, "points"])


def test_a_refused_measure_is_named():
    submission = make_submission(source="assessor", measures=[make_measure("7.1.1", accepted=False)])
    rows = trace_of(submission, "7.1.1#1", basis="verified")
    assert (rows["state"][0], rows["score"][0]) == ("refused", 0)


@pytest.mark.parametrize("method", [("bands", None), ("interval", 20)])
@pytest.mark.parametrize(("accepted", "earns_more"), [(True, True), (False, False), (None, False)])
def test_no_actual_earns_more_while_the_assessor_has_not_accepted_the_measure(method, accepted, earns_more):
    by, step = method
    measure = make_measure("7.1.1", actual=70, method=by, step=step, accepted=accepted)
    row = trace_of(make_submission(source="assessor", measures=[measure]), "7.1.1#1", basis="verified").iloc[0]
    nexts = row[["next_actual", "next_points", *(["to_next"] if by == "bands" else [])]]
    assert nexts.notna().tolist() == [earns_more] * len(nexts)
    assert pd.notna(row["band_from"]) == (by == "bands")


def test_a_measure_without_a_verdict_is_reported_and_not_judged():
    optional = next(i.id for i in FRAMEWORK.indicators_of["7.1"] if not i.core)
    core = [i.id for i in FRAMEWORK.indicators_of["7.1"] if i.core]
    blank = replace(make_measure(core[1], target=None), accepted=None)
    measures = [make_measure(core[0]), make_measure(optional), blank]
    rows = trace_of(make_submission(source="assessor", measures=measures), "7.1", basis="verified").set_index("scope")
    for indicator, points in ((core[0], 0), (optional, None)):
        assert rows.loc[f"{indicator}#1", "state"] == rows.loc[indicator, "state"] == "not_judged"
        assert (None if pd.isna(rows.loc[indicator, "points"]) else rows.loc[indicator, "points"]) == points
    assert (rows.loc[f"{core[1]}#1", "state"], rows.loc[core[1], "state"]) == ("unanswered", "counts_as_zero")


def test_a_measure_says_where_both_its_numbers_stand():
    measure = replace(make_measure("7.1.1"), target_cell="F4", actual_cell="I4")
    row = trace_of(make_submission(measures=[measure]), "7.1.1#1").iloc[0]
    assert (row["place"], row["target_place"]) == ("หมวด 7!I4", "หมวด 7!F4")


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (
            make_measure(actual=0.004, target=0.005),
            "actual 0.004, target 0.005 (higher is better) · success rate 80.00% · band 0.00–100.00%",
        ),
        (
            make_measure(actual=12, target=10, direction="lower"),
            "actual 12, target 10 (lower is better) · success rate 80.00% · band 0.00–100.00%",
        ),
        (
            make_measure(actual=70, method="interval", step=20),
            "actual 70, target 85 (higher is better) · success rate 82.35% · "
            "by interval: 300 points at the target, 100 more or fewer for each 20 better or worse",
        ),
        (  # a target below 0 has no success rate
            make_measure(actual=-3, target=-5, method="interval", step=2),
            "actual -3, target -5 (higher is better) · "
            "by interval: 300 points at the target, 100 more or fewer for each 2 better or worse",
        ),
        (make_measure(target=None), "actual 85.9, target – (higher is better) · unanswered"),
        (make_measure(target=None, actual=None), "unanswered"),
    ],
)
def test_a_measure_says_all_that_its_points_are_computed_from(measure, said):
    rows = trace_of(make_submission(measures=[measure]), "7.1.1#1")
    assert worded_trace(rows, FRAMEWORK, translator("en"))["state_name"][0] == said


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (make_measure(actual=70), "an actual of 85 earns 300 points (17.65 percentage points away)"),
        # 101 % is still in the band that ends there.
        (make_measure(actual=85), "an actual better than 85.85 earns 400 points (1.00 percentage points away)"),
        (make_measure(actual=90, method="interval", step=10), "an actual of 95 earns 400 points"),
        (make_measure(actual=99), None),
    ],
)
def test_a_measure_says_what_earns_more(measure, said):
    rows = trace_of(make_submission(measures=[measure]), "7.1.1#1")
    found = worded_trace(rows, FRAMEWORK, translator("en"))["next_step"][0]
    assert (None if pd.isna(found) else found) == said


@pytest.mark.parametrize("language", languages())
def test_every_state_has_words(language):
    t = translator(language)
    assert all(t.has(f"trace_page.state_{state}") for state in STATES)


def test_a_scope_that_the_submission_does_not_have_is_an_error():
    for scope in ("9.9", "7.1.1#3"):
        with pytest.raises(KeyError):
            trace_of(mixed(), scope)


@pytest.mark.parametrize(
    ("direction", "target", "actual", "method", "step", "place", "to_next", "next_points", "next_actual"),
    [
        ("higher", 80, 72, "bands", None, (0, 100), 10, 300, 80),
        ("higher", 80, 80, "bands", None, (100, 101), 1, 400, 80.8),
        ("higher", 80, 82, "bands", None, (101, 105), 2.5, 500, 84),
        ("higher", 80, 90, "bands", None, (105, None), None, None, None),
        ("lower", 10, 12, "bands", None, (0, 100), 20, 300, 10),
        ("lower", 10, 9.8, "bands", None, (101, 105), 3, 500, 9.5),
        ("higher", 80, 82, "interval", 5, (None, None), None, 400, 85),
        ("lower", 80, 86, "interval", 5, (None, None), None, 300, 80),
        ("higher", 80, 90, "interval", 5, (None, None), None, None, None),
        # A target of 0 is met or it is not: there is nothing between, and nothing beyond.
        ("lower", 0, 3, "bands", None, (0, 100), 100, 300, 0),
        ("lower", 0, 0, "bands", None, (100, 101), None, None, None),
        ("higher", 0, -2, "bands", None, (0, 100), 100, 300, 0),
        ("higher", 0, 5, "bands", None, (100, 101), None, None, None),
        ("higher", 80, None, "bands", None, (None, None), None, None, None),
    ],
)
def test_a_measure_knows_its_band_and_what_the_next_one_asks(
    direction, target, actual, method, step, place, to_next, next_points, next_actual
):
    submissions = {
        "s": make_submission(
            measures=[make_measure(direction=direction, target=target, actual=actual, method=method, step=step)]
        )
    }
    measures = measure_frame(submissions)
    results = score_measures(source_frame(submissions), measures, FRAMEWORK)
    row = band_places(measures, results[results["basis"] == "claimed"], FRAMEWORK).iloc[0]
    found = [row["band_from"], row["band_to"], row["to_next"], row["next_points"], row["next_actual"]]
    expected = [*place, to_next, next_points, next_actual]
    for value, wanted in zip(found, expected, strict=True):
        assert (None if pd.isna(value) else value) == (wanted and pytest.approx(wanted))
