"""The indicator doctor asks about numbers that a person would look at twice, and about no others."""

from __future__ import annotations

import random
from dataclasses import replace

import pandas as pd
import pytest
from factories import make_measure, make_submission

from pmqa.analysis.achievement import ambition, consistency
from pmqa.analysis.doctor import CHECKS, diagnoses, reason
from pmqa.analysis.shared import shared_measures
from pmqa.framework import shipped_frameworks
from pmqa.scoring import score_measures
from pmqa.submission import measure_frame, source_frame
from pmqa.tables import MEASURE_RESULTS, MEASURES, SCORED, SUBMISSIONS
from pmqa.text import translator

FRAMEWORK = shipped_frameworks()["pmqa4"]


def frames_of(submissions):
    measures = measure_frame(submissions)
    results = score_measures(source_frame(submissions), measures, FRAMEWORK)
    whose = pd.DataFrame(
        [(key, s.agency_code, s.fiscal_year) for key, s in submissions.items()],
        columns=["submission", "agency_code", "fiscal_year"],
    )
    return measures, results[results["basis"] == "claimed"], whose


def diagnosed(*measures):
    return diagnoses(*frames_of({"s": make_submission(measures=measures)}), FRAMEWORK)


@pytest.mark.parametrize(
    ("check", "column", "values"),
    [
        (None, None, {"target": 85, "actual_2": 80, "actual_1": 82, "actual": 86.5}),
        ("fraction_for_percent", "actual", {"target": 85, "actual_2": 80, "actual_1": 82, "actual": 0.86}),
        ("unit_slip", "actual", {"target": 85, "actual_2": 80, "actual_1": 82, "actual": 865}),
        ("unit_slip", "actual", {"target": 850, "actual_2": 800, "actual_1": 820, "actual": 8.65}),
        ("target_slip", "target", {"target": 850, "actual_2": 80, "actual_1": 82, "actual": 83}),
        ("era", "actual", {"target": 85, "actual_2": 80, "actual_1": 82, "actual": 2569}),
        ("era", "actual_1", {"target": 2026, "actual_2": 2000, "actual_1": 2569, "actual": 2100}),
        (None, None, {"target": 2500, "actual_2": 2300, "actual_1": 2400, "actual": 2570}),  # a count of that size
        ("leap", "actual", {"target": 170, "actual_2": 80, "actual_1": 82, "actual": 180}),
        (None, None, {"target": 3, "actual_2": 1, "actual_1": 1, "actual": 3, "unit": "ครั้ง"}),  # small counts leap
        ("leap", "actual", {"target": 9, "actual_2": 1, "actual_1": 1, "actual": 7, "unit": "ครั้ง"}),
        (None, None, {"target": 170, "actual_2": 80, "actual_1": 130, "actual": 180}),  # it always moved so much
        ("same_value", "actual", {"target": 85, "actual_2": 87, "actual_1": 87, "actual": 87}),
        (None, None, {"target": 0, "actual_2": 0, "actual_1": 0, "actual": 0, "direction": "lower"}),
        (None, None, {"target": 100, "actual_2": 100, "actual_1": 100, "actual": 100}),
        ("soft_target", "target", {"target": 85, "actual_2": 88, "actual_1": 90, "actual": 92}),
        ("soft_target", "target", {"target": 10, "actual_2": 7, "actual_1": 6, "actual": 5, "direction": "lower"}),
        (None, None, {"target": 90, "actual_2": 88, "actual_1": 90.5, "actual": 96}),  # within 1 %
        ("just_above_edge", "success_rate", {"target": 1000, "actual_2": 980, "actual_1": 990, "actual": 1010.5}),
        ("just_below_edge", "success_rate", {"target": 1000, "actual_2": 980, "actual_1": 990, "actual": 999}),
        (None, None, {"target": 1000, "actual_2": 980, "actual_1": 990, "actual": 1000}),  # met exactly
        (None, None, {"target": None, "actual_2": None, "actual_1": None, "actual": 86}),
    ],
)
def test_each_check_sees_its_case_and_leaves_sound_numbers_alone(check, column, values):
    unit = values.pop("unit", "ร้อยละ")
    found = diagnosed(replace(make_measure(**values), unit=unit))
    expected = [] if check is None else [(check, column)]
    checks = list(zip(found["check"], found["column"], strict=True))
    assert [pair for pair in checks if check is None or pair[0] == check] == expected


def test_a_slip_explains_the_leap_it_makes():
    found = diagnosed(make_measure(target=85, actual_2=80, actual_1=82, actual=865))
    assert list(found["check"]) == ["unit_slip"]


def test_outliers_are_robust_and_know_which_side_is_better():
    drawn = random.Random(3)
    submissions = {
        f"s{n}": make_submission(
            f"D{n:03}",
            measures=[make_measure("7.1.1", target=100, actual=97 + 6 * drawn.random(), actual_1=95, actual_2=94)],
        )
        for n in range(12)
    }
    submissions["high"] = make_submission("D100", measures=[make_measure("7.1.1", target=80, actual=150, actual_1=79)])
    submissions["low"] = make_submission("D101", measures=[make_measure("7.1.1", target=80, actual=30, actual_1=79)])
    found = diagnoses(*frames_of(submissions), FRAMEWORK)
    outliers = found[found["check"].str.endswith("_than_peers")]
    assert set(zip(outliers["submission"], outliers["check"], strict=True)) == {
        ("high", "better_than_peers"),
        ("low", "worse_than_peers"),
    }
    assert set(outliers["n"]) == {14}


def test_few_peers_make_no_outlier():
    submissions = {f"s{n}": make_submission(f"D{n}", measures=[make_measure(actual=a, actual_1=84.5)])
                   for n, a in enumerate([84, 85, 86, 160])}  # fmt: skip
    found = diagnoses(*frames_of(submissions), FRAMEWORK)
    assert not found["check"].str.endswith("_than_peers").any()


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_diagnosis_has_a_reason_with_its_numbers(language):
    t = translator(language)
    measure = make_measure(target=85, actual_2=80, actual_1=82, actual=865)
    row = next(diagnosed(measure).itertuples())
    assert "865" in reason(row, t)
    assert "81" in reason(row, t)
    for check in CHECKS:
        assert t.has(f"analysis.doctor.{check}")


def test_ambition_sets_the_target_against_last_years_actual_in_the_better_direction():
    measures = [
        make_measure("7.1.1", target=85, actual_1=80),
        make_measure("7.1.2", target=80, actual_1=85),
        make_measure("7.1.3", target=85.5, actual_1=85),
        make_measure("7.1.4", target=8, actual_1=10, direction="lower"),
        make_measure("7.1.5", target=5, actual_1=0, direction="lower"),
        make_measure("7.2.1", target=5, actual_1=None),
    ]
    found = ambition(measure_frame({"s": make_submission(measures=measures)}), FRAMEWORK).set_index("indicator")
    assert found["ambition"].to_dict() == {
        "7.1.5": "soft",
        "7.1.2": "soft",
        "7.1.3": "same",
        "7.1.1": "ahead",
        "7.1.4": "ahead",
    }
    assert found.loc["7.1.4", "ahead"] == 20
    assert pd.isna(found.loc["7.1.5", "ahead"])


def categories_of(agencies):
    """SCORED of agencies with the points of their categories, in order."""
    rows = [
        (agency, "category", category.id, score)
        for agency, scores in agencies.items()
        for category, score in zip(FRAMEWORK.categories, scores, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["agency_code", "kind", "scope", "score"])
    return SCORED.conform(
        frame.assign(submission=frame["agency_code"], basis="claimed", score_max=500.0, coverage=1.0, level=None,
                     complete=True, agency_name="ก", ministry="ก", agency_type="กรม", fiscal_year=2569, source="self",
                     edition="pmqa4")
    )  # fmt: skip


def test_consistency_names_who_does_well_without_results_and_the_reverse():
    scored = categories_of(
        {"A": [400] * 6 + [100], "B": [100] * 6 + [400], "C": [300] * 7, "D": [0] * 7},
    )
    found = consistency(scored, FRAMEWORK)
    assert list(found["quadrant"]) == ["process_strong", "results_strong", "both_strong", "both_weak"]
    assert list(consistency(scored, FRAMEWORK, cut=350)["quadrant"])[2] == "both_weak"


def test_a_mean_that_is_on_the_cut_on_paper_is_strong():
    found = consistency(categories_of({"A": [1000 / 3, 800 / 3, 200, *[1000 / 3] * 3, 300]}), FRAMEWORK)
    assert found["process"][0] < 300
    assert list(found["quadrant"]) == ["both_strong"]


def test_no_data_gives_the_tables_without_rows():
    nothing = (MEASURES.empty(), MEASURE_RESULTS.empty(), SUBMISSIONS.empty())
    assert len(diagnoses(*nothing, FRAMEWORK)) == len(shared_measures(*nothing, FRAMEWORK)) == 0
    assert len(ambition(MEASURES.empty(), FRAMEWORK)) == len(consistency(SCORED.empty(), FRAMEWORK)) == 0
