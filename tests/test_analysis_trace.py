"""A trace leads from any number to the cells it comes from, and adds up on the way."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from factories import make_measure, make_submission

from pmqa.analysis.bands import band_places
from pmqa.analysis.trace import STATES, trace
from pmqa.framework import shipped_frameworks
from pmqa.scoring import score, score_measures
from pmqa.submission import answer_frame, measure_frame, source_frame

FRAMEWORK = shipped_frameworks()["pmqa4"]


def trace_of(submission, scope="overall", basis="claimed"):
    submissions = {"s": submission}
    answers, measures, sources = answer_frame(submissions), measure_frame(submissions), source_frame(submissions)
    scores = score(sources, answers, measures, FRAMEWORK)
    return trace(
        scores, answers, measures, score_measures(sources, measures, FRAMEWORK), FRAMEWORK, basis=basis, scope=scope
    )


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
