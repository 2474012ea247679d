"""The tables that charts are drawn from: full grids, given orders, blanks kept, rules of the ladder."""

from __future__ import annotations

import html
import math
from functools import partial
from typing import Any

import pandas as pd
import pytest
from charting import figure_by

from pmqa import charts
from pmqa.analysis.peers import peer_stats
from pmqa.charts.gallery import sample_caption
from pmqa.charts.gallery_data import sample_answers, sample_measures, sample_scores
from pmqa.framework import Framework
from pmqa.tables import ANSWERS, Table
from pmqa.text import Translator, translator

BLANK = math.nan


@pytest.fixture(scope="module")
def t() -> Translator:
    return translator("en")


@pytest.fixture(scope="module")
def scored(framework: Framework, t: Translator) -> pd.DataFrame:
    return sample_scores(framework, t)


def as_stored(scored: pd.DataFrame) -> pd.DataFrame:
    """The same frame with its keys as categories, as the store gives them."""
    return scored.astype(dict.fromkeys(("submission", "basis", "kind", "scope", "agency_code", "level"), "category"))


@pytest.mark.parametrize("stored", [False, True])
def test_a_radars_table_is_a_full_grid_in_the_orders_given(
    scored: pd.DataFrame, framework: Framework, t: Translator, stored: bool
) -> None:
    frame = as_stored(scored) if stored else scored
    points = charts.radar_data(frame, framework, t, kind="dimension", agencies=["S03", "S01"], peers=peer_stats(frame))
    assert points["series"].drop_duplicates().tolist() == ["S03", "S01", "median"]
    assert points["scope"].tolist() == list(framework.scopes("dimension")) * 3
    own = scored[(scored["agency_code"] == "S01") & (scored["kind"] == "dimension")].set_index("scope")["score"]
    assert points[points["series"] == "S01"]["score"].tolist() == own.reindex(framework.scopes("dimension")).tolist()
    assert points[points["series"] == "median"]["n"].notna().all()


def test_an_agency_that_sent_nothing_is_blank_and_stays(
    scored: pd.DataFrame, framework: Framework, t: Translator
) -> None:
    points = charts.radar_data(scored, framework, t, kind="category", agencies=["nobody"])
    assert len(points) == 7
    assert points["score"].isna().all()


def test_two_years_or_bases_in_one_chart_are_refused(scored: pd.DataFrame, framework: Framework, t: Translator) -> None:
    twice = pd.concat([scored, scored.assign(basis="evidenced")], ignore_index=True)
    with pytest.raises(ValueError, match="one basis and one year"):
        charts.heatmap_data(twice, framework, t, kind="category")


def test_agencies_of_the_same_name_carry_their_codes(scored: pd.DataFrame, framework: Framework, t: Translator) -> None:
    same = scored.assign(agency_name="Same")
    points = charts.heatmap_data(same, framework, t, kind="category", agencies=["S01", "S02"])
    assert points["series_name"].drop_duplicates().tolist() == ["Same (S01)", "Same (S02)"]


@pytest.mark.parametrize("order", ["score", "gap", "name", "given"])
def test_rows_are_ordered_by_the_rule_asked_for_and_those_without_score_come_last(
    scored: pd.DataFrame, framework: Framework, t: Translator, order: str
) -> None:
    points = charts.dots_data(scored, framework, t, kind="category", scope="4", order=order)
    scores = points["score"].tolist()
    known = [score for score in scores if not math.isnan(score)]
    if order == "score":
        assert known == sorted(known, reverse=True)
    if order == "gap":
        assert known == sorted(known)
    if order in ("score", "gap"):
        assert not any(math.isnan(score) for score in scores[: len(known)])
    if order == "name":
        assert points["series_name"].is_monotonic_increasing
    if order == "given":
        assert points["series"].tolist() == [f"S{n:02}" for n in range(1, 25)]


# The worked examples of docs/scoring.md: an item with 3, 3 and 2 criteria.
@pytest.mark.parametrize(
    ("met", "unanswered", "points", "held_back"),
    [
        ((3, 2, 2), 0, [300, 66.667, 0], 2),
        ((2, 3, 2), 0, [200, 0, 0], 5),
        ((3, 3, 2), 0, [300, 100, 100], 0),
        ((3, 0, 0), 5, [300, 0, 0], 0),
        ((0, 0, 0), 8, [0, 0, 0], 0),
    ],
)
def test_the_ladder_earns_what_the_rules_say(
    framework: Framework, t: Translator, met: tuple[int, ...], unanswered: int, points: list[float], held_back: int
) -> None:
    item = next(
        item.id
        for item in framework.items_with_criteria
        if [sum(c.level == level.id for c in framework.criteria_of[item.id]) for level in framework.levels] == [3, 3, 2]
    )
    left = dict(zip([level.id for level in framework.levels], met, strict=True))
    rows = []
    for criterion in framework.criteria_of[item]:
        ticked = left[criterion.level] > 0
        left[criterion.level] -= ticked
        rows.append(("X", criterion.id, True if ticked else None if unanswered else False))
    answers = pd.DataFrame(rows, columns=["submission", "criterion", "met"]).astype({"met": "boolean"})
    answers = ANSWERS.conform(
        answers.assign(**dict.fromkeys(("explanation", "evidence", "suggestion", "sheet", "cell")))
    )
    ladder = charts.level_ladder_data(answers, framework, t, basis="claimed")
    own = ladder[ladder["item"] == item]
    assert own["points"].tolist() == pytest.approx(points, abs=1e-3)
    assert own["held_back"].sum() == held_back
    assert own["unanswered"].sum() == unanswered
    assert (own[["met", "held_back", "not_met", "unanswered"]].sum(axis=1) == own["criteria"]).all()


def test_without_evidence_a_claim_is_not_met_on_the_evidenced_basis(framework: Framework, t: Translator) -> None:
    ladder = charts.level_ladder_data(sample_answers(framework), framework, t, basis="evidenced")
    assert ladder["points"].sum() == 0
    assert ladder["criteria"].sum() == len(framework.criteria)


def test_every_agency_is_on_one_level_of_each_scope_or_has_no_score(
    scored: pd.DataFrame, framework: Framework, t: Translator
) -> None:
    counts = charts.level_distribution_data(as_stored(scored), framework, t, kind="category")
    assert counts.groupby("scope")["agencies"].sum().tolist() == [24] * 7
    none = counts[counts["level"] == "none"].set_index("scope")["agencies"]
    assert (24 - none == counts.drop_duplicates("scope").set_index("scope")["n"]).all()


def test_pareto_sums_what_a_criterion_releases_over_the_agencies_that_it_blocks(
    framework: Framework, t: Translator
) -> None:
    one, two = framework.criteria[0].id, framework.criteria[1].id
    blockers = pd.DataFrame(
        {"submission": ["A", "B", "A"], "criterion": [one, one, two], "release": [50.0, 100.0, 300.0]}
    )
    rows = charts.pareto_data(blockers, framework, t)
    assert rows["criterion"].tolist() == [two, one]
    assert rows["points"].tolist() == [300, 150]
    assert rows["agencies"].tolist() == [1, 2]
    assert rows["cumulative_share"].tolist() == pytest.approx([2 / 3, 1])


def test_a_later_submission_has_the_word_on_a_years_actual_and_years_between_are_blank() -> None:
    measures = pd.DataFrame(
        {"fiscal_year": [2569, 2566], "actual_2": [BLANK, 1.0], "actual_1": [30.0, 2.0], "actual": [0.0, 3.0],
         "target": [10.0, 5.0], "benchmark": [BLANK, BLANK]}
    )  # fmt: skip
    years = charts.indicator_line_data(measures)
    assert years["fiscal_year"].tolist() == [2564, 2565, 2566, 2567, 2568, 2569]
    assert years["actual"].tolist() == pytest.approx([1, 2, 3, BLANK, 30, 0], nan_ok=True)
    assert years["target"].tolist() == pytest.approx([BLANK, BLANK, 5, BLANK, BLANK, 10], nan_ok=True)


def test_unreported_core_indicators_have_a_row_and_no_number(framework: Framework, t: Translator) -> None:
    measures, results = sample_measures(framework, t)
    rows = charts.success_rates_data(results, measures, framework, t)
    reported = set(results["indicator"])
    absent = [n.id for n in framework.indicators if n.core and n.id not in reported]
    assert absent
    assert rows[rows["success_rate"].isna()]["row"].tolist() == absent
    assert 0.0 in rows["success_rate"].tolist()  # a real zero stays
    without = charts.success_rates_data(results, measures, framework, t, all_core=False)
    assert len(without) == len(results)


def test_of_a_measure_with_a_name_of_its_own_the_headline_says_that_and_its_number(
    framework: Framework, t: Translator
) -> None:
    measures, results = sample_measures(framework, t)
    rows = charts.success_rates_data(results, measures.assign(name="จำนวนที่วัดเอง"), framework, t)
    drawing = charts.success_rates(rows, sample_caption("success_rates", t), framework, t)
    assert "7.1.1 จำนวนที่วัดเอง 0.0%" in drawing.finding


def test_pairs_hold_whoever_is_on_either_side(scored: pd.DataFrame, framework: Framework, t: Translator) -> None:
    before = scored[scored["agency_code"] != "S05"].assign(score=lambda s: s["score"] - 10)
    now = scored[scored["agency_code"] != "S06"]
    rows = charts.pairs_data(before, now, framework, t, kind="category", scope="1", order="gap").set_index("row")
    assert pd.isna(rows.loc["S05", "first"])
    assert pd.isna(rows.loc["S06", "second"])
    assert rows["difference"].dropna().round(6).eq(10).all()
    assert rows["difference"].isna().tolist() == sorted(rows["difference"].isna())


def test_the_process_mean_is_of_all_process_categories_and_blank_where_none_has_a_score(
    scored: pd.DataFrame, framework: Framework
) -> None:
    table = charts.quadrant_data(as_stored(scored), framework).set_index("series")
    own = scored[(scored["agency_code"] == "S01") & (scored["kind"] == "category")].set_index("scope")["score"]
    assert table.loc["S01", "process"] == pytest.approx(own[["1", "2", "3", "4", "5", "6"]].mean())
    assert table.loc["S01", "results"] == own["7"]
    assert pd.isna(table.loc["S23", "process"])


def test_the_spine_takes_one_target_or_one_per_scope(scored: pd.DataFrame, framework: Framework, t: Translator) -> None:
    peers = peer_stats(scored, minimum=5)
    same = charts.spine_data(scored, peers, framework, t, kind="category", agency="S01", target=400)
    assert set(same["target"]) == {400}
    some = charts.spine_data(scored, peers, framework, t, kind="category", agency="S01", target={"3": 350.0})
    assert some.set_index("scope")["target"].dropna().to_dict() == {"3": 350.0}


def test_readers_notes_are_made_by_rule(scored: pd.DataFrame, framework: Framework) -> None:
    rows = scored[scored["kind"] == "category"].assign(score=350.0, level="basic", coverage=1.0, complete=True)
    low = (rows["scope"] == "4") & rows["agency_code"].isin(["S01", "S02", "S03"])
    rows.loc[low, ["score", "level"]] = [200.0, "below"]
    rows.loc[rows["agency_code"].isin(["S05", "S06"]), "coverage"] = 0.9
    english = charts.notes_of(as_stored(rows), framework, translator("en"), kind="category")
    assert english[0].startswith("3 of 24 agencies are below Basic in 4 Measurement")
    assert english[1] == "2 of 24 agencies have incomplete answers"
    thai = charts.notes_of(rows, framework, translator("th"), kind="category")
    assert thai[0].startswith("3 จาก 24 หน่วยงานต่ำกว่าระดับพื้นฐานใน 4 การวัด")
    quiet = rows.assign(level="basic", coverage=1.0)
    assert charts.notes_of(quiet, framework, translator("th"), kind="category") == ()


def test_no_data_makes_empty_tables_and_no_error(framework: Framework, t: Translator, scored: pd.DataFrame) -> None:
    nothing = scored.head(0)
    assert charts.heatmap_data(nothing, framework, t, kind="category").empty
    assert charts.dots_data(nothing, framework, t, kind="category", scope="1").empty
    assert charts.history_data(nothing, framework, t, kind="category", scope="1").empty
    assert charts.strip_stats(charts.strip_data(nothing, kind="overall", scope="overall")).empty
    assert charts.quadrant_data(nothing, framework).empty
    assert charts.notes_of(nothing, framework, t, kind="category") == ()
    assert charts.level_distribution_data(nothing, framework, t, kind="category")["agencies"].sum() == 0


def drawn_of(build: Any, *names: Any) -> Any:
    """What draws a chart's drawing of a table."""
    return lambda table, caption, t: figure_by(build, table, *names, caption, t)


@pytest.mark.parametrize(
    ("draw", "table"),
    [
        (drawn_of(charts.heatmap), charts.CHART_POINTS),
        (drawn_of(charts.dots), charts.CHART_POINTS),
        (drawn_of(charts.history), charts.HISTORY_POINTS),
        (drawn_of(charts.quadrant), charts.QUADRANT),
        (drawn_of(charts.level_distribution), charts.LEVEL_COUNTS),
        (drawn_of(charts.level_ladder), charts.LADDER),
        (drawn_of(charts.pareto), charts.PARETO),
        (drawn_of(charts.success_rates), charts.SUCCESS_RATES),
        (drawn_of(charts.gap_bars), charts.GAP_BARS),
        (drawn_of(charts.spine), charts.SPINE),
        (drawn_of(charts.rank_bands), charts.RANK_BANDS),
        (drawn_of(charts.dumbbell, ("a", "b")), charts.PAIRS),
        (drawn_of(charts.slope, ("a", "b")), charts.PAIRS),
        (drawn_of(charts.arrows, ("a", "b")), charts.PAIRS),
        (drawn_of(partial(charts.indicator_line, unit="x", direction="higher")), charts.INDICATOR_YEARS),
    ],
)
def test_a_chart_of_nothing_is_a_figure_with_its_caption(draw: Any, table: Table, t: Translator) -> None:
    figure = draw(table.empty(), caption=sample_caption("radar", t), t=t)
    assert t("charts.sample.radar") in figure.layout.title.text


def test_a_strip_of_nothing_is_a_figure_with_its_caption(t: Translator) -> None:
    empty = charts.STRIP_POINTS.empty()
    figure = figure_by(charts.strip, empty, charts.strip_stats(empty), sample_caption("strip", t), t)
    assert t("charts.sample.strip") in html.unescape(figure.layout.title.text)


def test_a_year_without_a_median_breaks_its_line(framework: Framework, t: Translator) -> None:
    every = pd.concat([sample_scores(framework, t, year=year) for year in (2566, 2569)], ignore_index=True)
    peers = {
        2566: peer_stats(every[every["fiscal_year"] == 2566]),
        2569: peer_stats(every[every["fiscal_year"] == 2569]),
    }
    points = charts.history_data(every, framework, t, kind="category", scope="2", agencies=["S01"], peers=peers)
    median = points[points["role"] == "median"].set_index("fiscal_year")["score"]
    assert list(median.index) == [2566, 2567, 2568, 2569]
    assert list(median.isna()) == [False, True, True, False]
