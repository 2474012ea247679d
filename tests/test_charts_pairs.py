"""What charts of two values, of one agency and of years keep: signs, ends that are named, gaps that stay gaps."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from charting import (
    BLANK,
    arrows,
    drawing_by,
    dumbbell,
    gap_bars,
    history,
    indicator_line,
    long_names,
    slope,
    success_rates,
)
from hypothesis import given
from hypothesis import strategies as st

from pmqa import charts
from pmqa.charts.gallery import sample_caption
from pmqa.charts.pairs import signed
from pmqa.charts.render.line_names import apart
from pmqa.text import Translator, translator

# --- two values, one agency -------------------------------------------------------------------------------------


def pair_table(values: list[tuple[float, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(values, columns=["first", "second"])
    names = [f"R{n}" for n in range(len(values))]
    return charts.PAIRS.conform(
        frame.assign(
            row=names,
            row_name=names,
            difference=frame["second"] - frame["first"],
            first_coverage=1.0,
            second_coverage=1.0,
        )
    )


@pytest.mark.parametrize(
    ("difference", "said"), [(12.34, "+12.3"), (-12.36, "−12.4"), (0.04, "0.0"), (-0.04, "0.0"), (0.0, "0.0")]
)
def test_a_difference_wears_its_sign_where_one_can_be_seen(t: Translator, difference: float, said: str) -> None:
    assert signed(difference, t) == said


@pytest.mark.parametrize("draw", [dumbbell, arrows])
def test_both_values_and_the_difference_of_each_row_are_shown(t: Translator, draw: Any) -> None:
    figure = draw(pair_table([(100, 150), (200, 180), (BLANK, 300)]), ("2568", "2569"), sample_caption("arrows", t), t)
    lines, first, second = figure.data
    assert list(first.x) == [100, 200]
    assert list(second.x) == [150, 180, 300]
    assert list(lines.x) == [100, 150, None, 200, 180, None]  # none where a side is missing
    texts = [note.text for note in figure.layout.annotations]
    assert texts[:3] == ["<b>+50.0</b>", "<b>−20.0</b>", t("charts.no_difference")]


def test_arrows_point_to_where_it_went(t: Translator) -> None:
    table = pair_table([(100, 150), (200, 180), (300, 300)])
    figure = arrows(table, ("2568", "2569"), sample_caption("arrows", t), t)
    assert list(figure.data[2].marker.symbol) == ["triangle-right", "triangle-left", "circle"]


def test_a_slope_takes_eight_rows_and_no_more(t: Translator) -> None:
    assert len(slope(pair_table([(1, 2)] * 8), ("a", "b"), sample_caption("slope", t), t).data) == 8
    with pytest.raises(ValueError, match="slopes"):
        slope(pair_table([(1, 2)] * 9), ("a", "b"), sample_caption("slope", t), t)


def leaders_of(figure: Any, side: int) -> dict[float, float]:
    """Where the leaders at a side of the plot start -> where they end, in points."""
    return {line.y0: line.y1 for line in figure.layout.shapes if line.xref == "paper" and line.xanchor == side}


def test_thin_lines_lead_from_the_ends_of_slopes_to_the_names_that_were_pushed_away(t: Translator) -> None:
    table = pair_table([(300.0 + n, 318.0 - 2 * n) for n in range(8)])
    figure = slope(table, ("2568", "2569"), sample_caption("slope", t), t)
    for side, column in enumerate(("first", "second")):
        leaders = leaders_of(figure, side)
        labels = {n.y: n.text for n in figure.layout.annotations if n.x == side and n.name != "foot"}
        assert len(leaders) == 8
        for name, value in zip(table["row_name"], table[column], strict=True):
            assert name in labels[leaders[value]]


def test_a_slope_says_beside_a_name_how_much_is_answered_and_opens_its_mark(t: Translator) -> None:
    table = pair_table([(100, 150), (200, 180)]).assign(second_coverage=[0.62, 1.0], row_name=long_names(2, t.language))
    figure = slope(table, ("2568", "2569"), sample_caption("slope", t), t)
    answered = t("charts.coverage", share="62%")
    texts = [note.text.replace("<br>", " ") for note in figure.layout.annotations]
    said = [text for text in texts if answered in text]
    assert len(said) == 1
    assert said[0].endswith(f"11 · {answered}")
    assert "150.0" in said[0]
    opened = [symbol.endswith("-open") for trace in figure.data for symbol in trace.marker.symbol]
    assert opened == [False, True, False, False]
    assert answered in figure.data[0].hovertext[1]
    assert t("charts.open_marks") in figure.layout.annotations[-1].text


def test_a_history_says_beside_a_name_how_much_is_answered_and_leads_to_it(t: Translator) -> None:
    rows = [(f"A{n}", f"Agency {n}", "agency", year, 300.0 + n, 1.0, pd.NA) for n in range(3) for year in (2568, 2569)]
    rows[3] = (*rows[3][:5], 0.62, pd.NA)  # the last of A1
    rows[5] = (*rows[5][:4], BLANK, 0.0, pd.NA)  # A2 ends a year earlier
    table = charts.HISTORY_POINTS.conform(
        pd.DataFrame(rows, columns=list(charts.HISTORY_POINTS.columns)).astype({"n": "Int64", "fiscal_year": "Int64"})
    )
    figure = history(table, sample_caption("history", t), t)
    labels = {note.y: note.text.replace("<br>", " ") for note in figure.layout.annotations if note.x == 1}
    leaders = leaders_of(figure, 1)
    assert len(leaders) == 3
    for n in range(3):
        said = labels[leaders[300.0 + n]]
        assert f"Agency {n}" in said
        assert (t("charts.coverage", share="62%") in said) == (n == 1)
    levels = {line.y0: (line.x0, line.x1) for line in figure.layout.shapes if line.xref != "paper"}
    assert levels == {300.0: (1, 1.5), 301.0: (1, 1.5), 302.0: (0, 1.5)}


@given(st.lists(st.floats(0, 500), min_size=1, max_size=8))
def test_names_at_the_ends_of_lines_never_lie_on_each_other(values: list[float]) -> None:
    places = apart(sorted(values), 40.0, (0.0, 500.0))
    assert all(after - before >= 40 - 1e-6 for before, after in pairwise(places))
    assert min(places) >= 0


def test_the_spine_marks_own_value_peers_and_target(drawn: Any) -> None:
    figure, table, _ = drawn["spine"]
    whole, quartiles, median, target, own = figure.data
    assert list(whole.base) == table["minimum"].tolist()
    assert list(quartiles.base) == table["q1"].tolist()
    assert [x for x in median.x if x is not None][::2] == table["median"].tolist()
    assert {x for x in target.x if x is not None} == {400.0}
    assert list(own.x) == table["own"].tolist()
    below = table["own"] < table["median"]
    assert [symbol == "triangle-left" for symbol in own.marker.symbol] == below.tolist()


def test_a_reached_target_leaves_no_gap_and_says_so(t: Translator) -> None:
    rows = charts.GAP_BARS.conform(
        pd.DataFrame(
            {"scope": ["1", "2", "3"], "scope_name": ["A", "B", "C"], "score": [450.0, 320.0, BLANK],
             "target": 400.0, "gap": [0.0, 80.0, BLANK], "coverage": [1.0, 1.0, 0.0]}
        )
    )  # fmt: skip
    figure = gap_bars(rows, sample_caption("gap_bars", t), t)
    assert (list(figure.data[0].x), list(figure.data[0].y)) == ([450, 320], [0, 1])
    assert (list(figure.data[1].base), list(figure.data[1].x), list(figure.data[1].y)) == ([320], [80], [1])
    texts = [note.text for note in figure.layout.annotations[:3]]
    reached, short = (f"<b>{said}</b>" for said in (t("charts.reached"), t("charts.short_of", gap="80.0")))
    assert texts == [reached, short, t("charts.no_score")]


# --- years and results ------------------------------------------------------------------------------------------


def test_a_year_without_score_breaks_the_line(drawn: Any) -> None:
    t = translator("en")
    figure, table, _ = drawn["history_dimensions"]
    assert len(figure.data) == 8
    for trace in figure.data:
        assert list(trace.x) == [0, 1, 2, 3]
        assert trace.y[1] is None
        assert trace.connectgaps is False
    assert len(table) == 32
    axis = figure.layout.xaxis
    assert (list(axis.tickvals), list(axis.ticktext)) == ([0, 1, 2, 3], [t.year(year) for year in range(2566, 2570)])


def test_a_history_takes_the_eight_dimensions_and_a_median_and_no_more(t: Translator) -> None:
    rows = [(f"A{n}", f"A{n}", "agency", 2569, 300.0, 1.0, pd.NA) for n in range(10)]
    table = charts.HISTORY_POINTS.conform(
        pd.DataFrame(rows, columns=list(charts.HISTORY_POINTS.columns)).astype({"n": "Int64", "fiscal_year": "Int64"})
    )
    with pytest.raises(ValueError, match="lines"):
        history(table, sample_caption("history", t), t)


@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_an_indicator_shows_its_target_as_steps_its_unit_and_which_way_is_better(t: Translator, direction: str) -> None:
    years = charts.INDICATOR_YEARS.conform(
        pd.DataFrame(
            {
                "fiscal_year": [2567, 2568, 2569],
                "actual": [14.0, BLANK, 0.0],
                "target": [BLANK, 9.5, 10.0],
                "benchmark": BLANK,
            }
        )
    )
    figure = indicator_line(years, sample_caption("indicator_line", t), t, unit="cases", direction=direction)
    target, actual = figure.data
    assert list(actual.y) == [14.0, None, 0.0]
    assert list(target.y) == [9.5, 9.5, None, 10.0, 10.0, None]
    assert "cases" in figure.layout.annotations[0].text
    assert t(f"charts.better_{direction}") in figure.layout.annotations[0].text
    low, high = figure.layout.yaxis.range
    assert low <= 0
    assert high > 14
    assert "2568" in figure.layout.annotations[-1].text


def test_an_indicators_finding_says_whether_the_target_is_met(t: Translator) -> None:
    years = charts.INDICATOR_YEARS.conform(
        pd.DataFrame({"fiscal_year": [2569], "actual": [0.0], "target": [10.0], "benchmark": BLANK})
    )
    caption = sample_caption("indicator_line", t)
    said = {
        d: drawing_by(charts.indicator_line, years, caption, t, unit="x", direction=d).finding
        for d in ("lower", "higher")
    }
    words = {"year": t.year(2569), "actual": "0 x", "target": "10"}
    assert said["lower"] == t("headline.measure_met", **words)
    assert said["higher"] == t("headline.measure_short", **words)


def test_success_rates_tell_reached_from_short_by_more_than_colour_and_keep_zero(t: Translator) -> None:
    rows = charts.SUCCESS_RATES.conform(
        pd.DataFrame(
            {"row": ["a", "b", "c", "d"], "row_name": ["A", "B", "C", "D"], "core": [True, False, True, True],
             "success_rate": [100.0, 0.0, BLANK, 200.0], "score": [300.0, 0.0, BLANK, 500.0],
             "trend": ["better", None, None, "worse"], "comparison": [None, "same", None, None]}
        )
    )  # fmt: skip
    figure = success_rates(rows, sample_caption("success_rates", t), t)
    _, reached, short = figure.data
    assert list(reached.x) == [100, 200]
    assert list(short.x) == [0]
    assert set(reached.marker.symbol).isdisjoint(short.marker.symbol)
    assert figure.layout.annotations[2].text == t("charts.not_reported")
    assert figure.layout.yaxis.ticktext[0].endswith("*")
    assert t("charts.core_mark") in figure.layout.annotations[-1].text
