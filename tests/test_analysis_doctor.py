"""The indicator doctor asks about numbers that a person would look at twice, and about no others."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from factories import make_measure, make_submission

from pmqa.analysis import doctor
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


PERCENT = "ร้อยละ"


def values(target, actual_2, actual_1, actual, unit=PERCENT, direction="higher", benchmark=None):
    measure = make_measure(target=target, actual_2=actual_2, actual_1=actual_1, actual=actual, direction=direction,
                           benchmark=benchmark)  # fmt: skip
    return replace(measure, unit=unit)


SOUND = [
    values(85, 80, 82, 86.5),
    values(2500, 2300, 2400, 2570),  # a count of the size of a year
    values(3, 1, 1, 3, "ครั้ง"),  # small counts leap
    values(170, 80, 130, 180),  # it always moved so much
    values(0, 0, 0, 0, direction="lower"),
    values(100, 100, 100, 100),
    values(90, 88, 90.5, 96),  # a target within 1 % of last year
    values(1000, 980, 990, 1000),  # met exactly
    values(None, None, None, 86),
    values(0.5, 0.5, 0.6, 0.4, direction="lower"),  # low percentages
    values(2, 2.6, 2.1, 0.9, direction="lower"),
    values(0.5, None, None, 0.04, direction="lower"),  # with nothing but a small target beside it
    values(10, None, None, 1, "เรื่อง", direction="lower"),
    values(100, 10, 50, 96),  # grown
]
ODD = [
    (values(85, 80, 82, 0.86), [("fraction_for_percent", "actual")]),
    (values(85, None, 0.82, 0.86), [("fraction_for_percent", "actual"), ("fraction_for_percent", "actual_1")]),
    (values(0.85, None, None, 85), [("fraction_for_percent", "target")]),
    (values(2, 1.9, 1.6, 0.5, direction="lower"), [("soft_target", "target")]),  # and no fraction
    (values(85, 80, 82, 865), [("unit_slip", "actual")]),
    (values(850, 800, 820, 8.65), [("unit_slip", "actual")]),
    (values(850, 80, 82, 865), [("unit_slip", "actual")]),  # the target in the unit of the slip
    (values(85, None, None, 850), [("unit_slip", "actual")]),
    (values(85, 85, 8.5, 86), [("unit_slip", "actual_1")]),
    (values(85, 85, 850, 86), [("unit_slip", "actual_1")]),  # and no soft target
    (values(85, None, 850, 86), [("unit_slip", "actual_1")]),
    (values(85, 850, 84, 86), [("unit_slip", "actual_2")]),
    (values(85, 82, 84, 86, benchmark=8.4), [("unit_slip", "benchmark")]),
    (values(85, 84, 85, 850, benchmark=2569), [("era", "benchmark"), ("unit_slip", "actual")]),
    (values(85, 82, 90, 86, benchmark=2569), [("era", "benchmark"), ("soft_target", "target")]),
    (values(850, 80, 82, 83), [("target_slip", "target")]),
    (values(85, 80, 82, 2569), [("era", "actual")]),
    (values(2026, 2000, 2569, 2100), [("era", "actual_1")]),
    (values(170, 80, 82, 180), [("leap", "actual")]),
    (values(9, 1, 1, 7, "ครั้ง"), [("leap", "actual")]),
    (values(900, 10, 100, 1000, "ราย"), [("leap", "actual")]),
    (values(85, 87, 87, 87), [("same_value", "actual"), ("soft_target", "target")]),
    (values(85, 88, 90, 92), [("soft_target", "target")]),
    (values(10, 7, 6, 5, direction="lower"), [("soft_target", "target")]),
    (values(1000, 980, 990, 1010.5), [("just_above_edge", "success_rate")]),
    (values(1000, 980, 990, 999), [("just_below_edge", "success_rate")]),
]


@pytest.mark.parametrize("measure", SOUND)
def test_sound_numbers_are_left_alone(measure):
    assert diagnosed(measure).empty


@pytest.mark.parametrize(("measure", "expected"), ODD)
def test_each_check_sees_its_case_and_no_other_does(measure, expected):
    found = diagnosed(measure)
    assert list(zip(found["check"], found["column"], strict=True)) == expected


def test_a_percentage_is_one_however_it_is_written():
    spellings = ("ร้อยละ", "%", "ร้อยละ (%)", "% (ร้อยละ)", "ความพึงพอใจ (ร้อยละ)")
    for unit in spellings:
        assert list(diagnosed(values(85, 80, 82, 0.86, unit))["check"]) == ["fraction_for_percent"]
    assert list(diagnosed(values(85, 80, 82, 0.86, "สัดส่วน"))["check"]) == ["unit_slip"]


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
    assert "82" in reason(row, t)  # what the other numbers are about
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
    assert found["process"][0] == 300
    assert list(found["quadrant"]) == ["both_strong"]


def test_no_data_gives_the_tables_without_rows():
    nothing = (MEASURES.empty(), MEASURE_RESULTS.empty(), SUBMISSIONS.empty())
    assert len(diagnoses(*nothing, FRAMEWORK)) == len(shared_measures(*nothing, FRAMEWORK)) == 0
    assert len(ambition(MEASURES.empty(), FRAMEWORK)) == len(consistency(SCORED.empty(), FRAMEWORK)) == 0


def test_measures_that_are_not_looked_into_have_no_slip(monkeypatch):
    draws = random.Random(7)
    sizes = [0, -1, 0.85, 85, 90, 100, 850, 2025, 2026, 2568, 2569, 2600, 90 * 10**0.9, None]
    numbers = [[draws.choice(sizes) for _ in range(4)] for _ in range(300)]
    submissions = {f"S{place:07d}": make_submission(measures=[values(*some)]) for place, some in enumerate(numbers)}
    frames = frames_of(submissions)
    found = diagnoses(*frames, FRAMEWORK)
    looked_into = doctor._may_slip(frames[0].assign(fiscal_year=frames[2]["fiscal_year"].to_numpy()))
    monkeypatch.setattr(doctor, "_may_slip", lambda rows: np.ones(len(rows), dtype=np.bool_))
    assert diagnoses(*frames, FRAMEWORK).equals(found)
    assert not looked_into.all()
    assert set(doctor.SLIPS) <= set(found["check"])
