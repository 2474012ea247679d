"""Peers, gaps, years, differences and indicators: hand-made cases and plain recounts."""

from __future__ import annotations

import statistics

import numpy as np
import pandas as pd
import pytest
from factories import make_measure, make_submission

from pmqa.analysis.compare import answer_differences, differences
from pmqa.analysis.gaps import (
    blocking_criteria,
    gaps_to_target,
    level_targets,
    next_level_targets,
    number_targets,
    peer_targets,
)
from pmqa.analysis.indicators import by_reach, core_completeness, indicator_table, worsening
from pmqa.analysis.peers import peer_stats, ranks
from pmqa.analysis.years import history
from pmqa.framework import shipped_frameworks
from pmqa.scoring import score, score_measures
from pmqa.submission import answer_frame, measure_frame, source_frame
from pmqa.tables import ANSWERS, MEASURE_RESULTS, MEASURES, SCORED, SCORES, SUBMISSIONS

FRAMEWORK = shipped_frameworks()["pmqa4"]
FULL = [make_measure(i.id) for i in FRAMEWORK.indicators]


def scored_of(submissions, framework=FRAMEWORK):
    """SCORED of submissions by id."""
    scores = score(source_frame(submissions), answer_frame(submissions), measure_frame(submissions), framework)
    whose = pd.DataFrame(
        [
            (key, s.agency_code, s.agency_name, s.ministry, s.agency_type, s.fiscal_year, s.source, s.edition)
            for key, s in submissions.items()
        ],
        columns=["submission", *list(SCORED.columns)[-7:]],
    )
    return SCORED.conform(scores.astype({"submission": "str"}).merge(whose, on="submission"))


def points(*scores, complete=None, scope="overall", kind="overall", year=2569):
    """SCORED of agencies A, B, C ... with these scores of one scope."""
    complete = complete or [score is not None for score in scores]
    return SCORED.conform(
        pd.DataFrame(
            {
                "submission": [f"s{n}" for n in range(len(scores))],
                "basis": "claimed",
                "kind": kind,
                "scope": scope,
                "score": pd.array(scores, dtype="float64") if None not in scores else [s or np.nan for s in scores],
                "score_max": 500.0,
                "coverage": [1.0 if whole else 0.5 for whole in complete],
                "level": [None if s is None else "basic" if s >= 300 else "below" for s in scores],
                "complete": complete,
                "agency_code": [chr(ord("A") + n) for n in range(len(scores))],
                "agency_name": "กรมตัวอย่าง",
                "ministry": "กระทรวงตัวอย่าง",
                "agency_type": "กรม",
                "fiscal_year": year,
                "source": "self",
                "edition": "pmqa4",
            }
        )
    )


# --- peers --------------------------------------------------------------------------------------------------------


def test_peer_statistics_are_those_of_the_complete_scopes():
    stats = peer_stats(points(100.0, 200.0, 300.0, 400.0, 500.0, complete=[True, True, True, True, False])).iloc[0]
    assert (stats["n"], stats["n_all"]) == (4, 5)
    assert (stats["minimum"], stats["median"], stats["maximum"], stats["best_agency"]) == (100, 250, 400, "D")
    assert [stats["q1"], stats["q3"]] == [175, 325]


def test_the_switch_includes_incomplete_scopes_but_never_missing_scores():
    scored = points(100.0, 200.0, None, complete=[True, False, False])
    stats = peer_stats(scored, complete_only=False).iloc[0]
    assert (stats["n"], stats["median"]) == (2, 150)


def test_below_the_least_number_of_agencies_only_n_is_shown():
    stats = peer_stats(points(100.0, 200.0), minimum=5).iloc[0]
    assert stats["n"] == 2
    assert stats[["minimum", "q1", "median", "q3", "maximum", "best_agency"]].isna().all()


def test_a_scope_that_nobody_has_counts_nobody():
    stats = peer_stats(points(None, None)).iloc[0]
    assert (stats["n"], stats["n_all"]) == (0, 0)
    assert pd.isna(stats["median"])


def test_a_zero_is_a_score_and_pulls_the_median():
    assert peer_stats(points(0.0, 100.0)).iloc[0]["median"] == 50


def test_the_best_of_equals_is_the_first_by_code():
    assert peer_stats(points(300.0, 400.0, 400.0)).iloc[0]["best_agency"] == "B"


def test_peer_statistics_of_real_scores_agree_with_a_plain_recount():
    submissions = {
        f"s{n}": make_submission(f"D{n:03}", met={c.id: k % (n + 2) > 0 for k, c in enumerate(FRAMEWORK.criteria)},
                                 measures=FULL) for n in range(6)
    }  # fmt: skip
    scored = scored_of(submissions)
    claimed = scored[scored["basis"] == "claimed"]
    stats = peer_stats(claimed).set_index(["kind", "scope"])
    assert list(stats.loc["category"].index) == [c.id for c in FRAMEWORK.categories]
    for (kind, scope), rows in claimed[claimed["kind"] != "measure"].groupby(["kind", "scope"], observed=True):
        assert stats.loc[(kind, scope), "median"] == pytest.approx(statistics.median(rows["score"]))
        assert stats.loc[(kind, scope), "maximum"] == rows["score"].max()


@pytest.mark.parametrize("column", ["basis", "fiscal_year"])
def test_a_comparison_refuses_to_mix_bases_or_years(column):
    mixed = pd.concat([points(100.0), points(200.0).assign(**{column: "evidenced" if column == "basis" else 2568})])
    with pytest.raises(ValueError, match=column):
        peer_stats(mixed)


def test_ranks_share_a_band_where_the_shown_scores_are_equal():
    found = ranks(points(300.0, 366.66, 400.0, 366.71, 100.0), "overall", "overall")
    bands = list(zip(found["agency_code"], found["rank_low"], found["rank_high"], strict=True))
    assert bands == [("C", 1, 1), ("B", 2, 3), ("D", 2, 3), ("A", 4, 4), ("E", 5, 5)]
    assert set(found["n"]) == {5}


def test_an_incomplete_agency_has_no_rank_unless_included():
    scored = points(300.0, 400.0, complete=[True, False])
    assert list(ranks(scored, "overall", "overall")["agency_code"]) == ["A"]
    assert list(ranks(scored, "overall", "overall", complete_only=False)["agency_code"]) == ["B", "A"]


# --- gaps ---------------------------------------------------------------------------------------------------------


def test_a_gap_is_what_is_missing_to_the_target_and_0_beyond_it():
    scores = pd.concat([points(320.0, scope="1", kind="category"), points(450.0, scope="2", kind="category"),
                        points(None, scope="3", kind="category")])  # fmt: skip
    gaps = gaps_to_target(scores, number_targets(scores, 400))
    assert list(gaps["scope"]) == ["1", "2", "3"]
    assert list(gaps["gap"][:2]) == [80, 0]
    assert pd.isna(gaps["gap"][2])  # no score, no gap


@pytest.mark.parametrize(
    ("level", "target"), [("below", 300), ("basic", 400), ("advance", 500), ("significance", 500), (None, None)]
)
def test_the_next_level_is_the_target_of_whoever_is_on_the_level_before(level, target):
    scores = points(250.0).assign(level=level)
    found = next_level_targets(scores, FRAMEWORK)["target"][0]
    assert (None if pd.isna(found) else found) == target


def test_targets_come_from_a_level_the_median_or_the_best_peer():
    scored = points(100.0, 200.0, 600.0)
    assert level_targets(scored.head(1), "advance", FRAMEWORK)["target"][0] == 400
    assert peer_targets(peer_stats(scored))["target"][0] == 200
    assert peer_targets(peer_stats(scored), "maximum")["target"][0] == 600
    assert pd.isna(gaps_to_target(scored.head(1), peer_targets(peer_stats(scored, minimum=5)))["gap"][0])


# --- years and sources ----------------------------------------------------------------------------------------------


def test_history_follows_one_agency_and_says_what_changed():
    years = pd.concat([points(310.0, 1.0, year=2568), points(None, 2.0, year=2567), points(350.0, 3.0, year=2569)])
    found = history(years.assign(submission=range(len(years))), "A")
    assert list(found["fiscal_year"]) == [2567, 2568, 2569]
    assert found["change"].isna().tolist() == [True, True, False]
    assert found["change"][2] == 40


def test_history_compares_no_two_editions():
    years = pd.concat([points(310.0, year=2568), points(350.0, year=2569).assign(edition="pmqa5")])
    assert history(years, "A")["change"].isna().all()


def test_differences_set_the_agency_beside_its_assessor():
    said = {c.id: c.id != "1.1.B1" for c in FRAMEWORK.criteria}
    submissions = {
        "a": make_submission("D001"),
        "b": make_submission("D001", source="assessor", met=said),
        "c": make_submission("D002"),
    }
    found = differences(scored_of(submissions))
    assert set(found["agency_code"]) == {"D001"}
    item = found[(found["kind"] == "item") & (found["scope"] == "1.1")].iloc[0]
    assert (item["own"], item["assessed"], item["difference"], item["complete"]) == (500, 200, 300, True)


def test_answer_differences_are_only_those_where_the_two_say_otherwise():
    submissions = {
        "a": make_submission(met={"1.1.B1": True, "1.1.B2": True, "1.1.B3": None, "1.2.B1": False}),
        "b": make_submission(source="assessor", met={"1.1.B1": True, "1.1.B2": False, "1.1.B3": True, "1.2.B1": None}),
    }
    whose = pd.DataFrame(
        [(key, s.agency_code, s.fiscal_year, s.source) for key, s in submissions.items()],
        columns=["submission", "agency_code", "fiscal_year", "source"],
    )
    found = answer_differences(answer_frame(submissions), whose, FRAMEWORK)
    assert list(found["criterion"]) == ["1.1.B2", "1.1.B3", "1.2.B1"]
    assert list(found["item"]) == ["1.1", "1.1", "1.2"]
    assert found["assessed"].isna().tolist() == [False, False, True]


# --- indicators -----------------------------------------------------------------------------------------------------


def test_the_indicator_table_has_every_indicator_reported_or_not():
    submissions = {"s": make_submission(measures=[make_measure("7.1.1"), make_measure("7.1.1", 2, actual=None)])}
    measures = measure_frame(submissions)
    results = score_measures(source_frame(submissions), measures, FRAMEWORK)
    found = indicator_table(measures, results[results["basis"] == "claimed"], FRAMEWORK)
    assert list(found["indicator"].drop_duplicates()) == [i.id for i in FRAMEWORK.indicators]
    assert list(found["number"][:2]) == [1, 2]
    assert found["score"].notna().tolist() == [True] + [False] * 30
    assert found["number"].isna().sum() == 29


def test_core_completeness_names_what_is_missing():
    scored = scored_of({"s": make_submission(measures=[make_measure("7.1.1")])})
    found = core_completeness(scored[scored["basis"] == "claimed"], FRAMEWORK).set_index("item")
    core = [i.id for i in FRAMEWORK.indicators_of["7.1"] if i.core]
    assert (found.loc["7.1", "core"], found.loc["7.1", "reported"]) == (2, 1)
    assert found.loc["7.1", "missing"] == ", ".join(i for i in core if i != "7.1.1")


def test_worsening_is_below_target_and_a_worse_trend_and_what_is_unknown_is_counted():
    years = {"worse": (90.0, 80.0, 70.0), "better": (70.0, 80.0, 90.0), "none": (None, None, 70.0)}
    cases = {  # indicator -> years, target, direction: what is said of it
        "7.1.1": ("worse", 100.0, "higher"),  # below target and worse
        "7.1.2": ("worse", 60.0, "higher"),  # reached its target
        "7.1.3": ("better", 100.0, "higher"),  # goes the right way
        "7.1.4": ("better", 60.0, "lower"),  # less is better: worse
        "7.1.5": ("none", 100.0, "higher"),  # no three years: unknown
    }
    measures = measure_frame(
        {
            "s": make_submission(
                measures=[
                    make_measure(
                        indicator,
                        **dict(zip(("actual_2", "actual_1", "actual"), years[name], strict=True)),
                        target=target,
                        direction=direction,
                    )
                    for indicator, (name, target, direction) in cases.items()
                ]
            )
        }
    )
    results = score_measures(source_frame({"s": make_submission()}), measures, FRAMEWORK)
    found = worsening(measures, results[results["basis"] == "claimed"])
    assert found.worse["indicator"].tolist() == ["7.1.1", "7.1.4"]
    assert found.unknown == 1


def test_by_reach_means_the_reported_indicators_only():
    wide = [i.id for i in FRAMEWORK.indicators if i.reach == "national"]
    measures = [make_measure(wide[0], target=50, actual=60), make_measure(wide[1], target=50, actual=0)]
    scored = scored_of({"s": make_submission(measures=measures)})
    found = by_reach(scored[scored["basis"] == "claimed"], FRAMEWORK)
    assert list(found["reach"]) == ["organization", "sector_area", "national"]
    assert found["score"][2] == 250
    assert found["score"][:2].isna().all()
    assert list(found["reported"]) == [0, 0, 2]
    assert found["indicators"].sum() == len(FRAMEWORK.indicators)


# --- no data --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "empty",
    [
        lambda: peer_stats(SCORED.empty()),
        lambda: ranks(SCORED.empty(), "overall", "overall"),
        lambda: history(SCORED.empty(), "D001"),
        lambda: differences(SCORED.empty()),
        lambda: answer_differences(ANSWERS.empty(), SUBMISSIONS.empty(), FRAMEWORK),
        lambda: gaps_to_target(SCORES.empty(), next_level_targets(SCORES.empty(), FRAMEWORK)),
        lambda: blocking_criteria(ANSWERS.empty(), FRAMEWORK, "claimed"),
        lambda: indicator_table(MEASURES.empty(), MEASURE_RESULTS.empty(), FRAMEWORK),
        lambda: core_completeness(SCORES.empty(), FRAMEWORK),
        lambda: by_reach(SCORES.empty(), FRAMEWORK),
    ],
)
def test_no_data_gives_the_table_without_rows(empty):
    assert len(empty()) == 0
