"""The charts of plans and of assessors: steps over the bands of levels, effects around zero."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from charting import actuals, drawing_by, plan_steps

from pmqa import charts
from pmqa.analysis.paths import PATH_STEPS
from pmqa.charts.gallery import sample_caption
from pmqa.charts.gallery_data import sample_shared
from pmqa.charts.render import figure as figure_of
from pmqa.charts.render.wording import alt
from pmqa.charts.tables import INDICATOR_YEARS
from pmqa.exports.drawings import chart_of
from pmqa.exports.editable import Place
from pmqa.framework import shipped_frameworks
from pmqa.text import Translator, translator

FRAMEWORK = shipped_frameworks()["pmqa4"]


@pytest.fixture(params=["th", "en"])
def t(request: pytest.FixtureRequest) -> Translator:
    return translator(request.param)


def plan(t: Translator, *, before: float | None = 250.0) -> pd.DataFrame:
    """Two criteria: one that adds nothing yet, one that opens the next level and adds 60."""
    start = before or 0.0
    steps = PATH_STEPS.conform(
        pd.DataFrame(
            {
                "step": [1, 2],
                "item": ["1.1", "1.1"],
                "criterion": ["1.1.B1", "1.1.A1"],
                "level": ["basic", "advance"],
                "effort": [2.0, 0.5],
                "gain": [0.0, 60.0],
                "score": [start, start + 60.0],
            }
        )
    )
    return charts.plan_steps_data(steps, before, FRAMEWORK, t)


def drawn(t: Translator, rows: pd.DataFrame, **more: bool):
    return plan_steps(rows, sample_caption("plan_steps", t, n=1), t, target=300.0, **more)


def test_a_plan_starts_at_the_score_as_it_is_and_rises_by_steps(t: Translator) -> None:
    target, line = drawn(t, plan(t)).data
    assert list(line.x) == [0, 1, 2]
    assert list(line.y) == [250, 250, 310]
    assert line.line.shape == "hv"
    assert set(target.y) == {300}


def test_the_score_of_a_plan_is_always_drawn_from_0_to_500_over_the_bands_of_the_levels(t: Translator) -> None:
    figure = drawn(t, plan(t))
    assert list(figure.layout.yaxis.range) == [0, 500]
    assert [(shape.y0, shape.y1) for shape in figure.layout.shapes] == [(0, 300), (300, 400), (400, 500)]
    words = " ".join(str(label.text) for label in figure.layout.annotations)
    for level in FRAMEWORK.levels:
        assert t.pick(level.name) in words


def test_the_last_score_lies_neither_on_the_target_nor_on_the_name_of_a_band(t: Translator) -> None:
    caption = sample_caption("plan_steps", t, n=1)
    drawing = drawing_by(charts.plan_steps, plan(t, before=418.0), caption, t, target=500.0)
    for phone in (False, True):
        figure = figure_of(replace(drawing, phone=phone), t)
        assert figure.data[-1].textposition[-1] == "bottom left"
    levels = [t.pick(level.name) for level in FRAMEWORK.levels]
    names = {label.text: (label.y, label.yanchor) for label in figure.layout.annotations if label.text in levels}
    assert list(names.values())[-2:] == [(400, "bottom"), (500, "bottom")]
    assert drawn(t, plan(t)).data[-1].textposition[-1] == "top left"


@pytest.mark.parametrize(
    ("target", "benchmark", "place"),
    [
        (None, None, "top center"),
        (70.0, 60.0, "top center"),
        (None, 82.0, "bottom center"),  # the benchmark's cross
        (83.0, None, "bottom center"),  # the target's stroke
        (78.0, 82.0, "top center"),  # in the way on either side
    ],
)
def test_the_value_of_a_year_stands_where_neither_target_nor_benchmark_is_in_the_way(
    t: Translator, target: float | None, benchmark: float | None, place: str
) -> None:
    rows = INDICATOR_YEARS.conform(
        pd.DataFrame({"fiscal_year": [2568, 2569], "actual": 80.0}).assign(
            target=pd.array([None, target], dtype="float64"), benchmark=pd.array([None, benchmark], dtype="float64")
        )
    )
    caption = sample_caption("indicator_line", t, n=1)
    figure = figure_of(drawing_by(charts.indicator_line, rows, caption, t, unit="%", direction="higher"), t)
    assert list(figure.data[-1].textposition) == ["top center", place]


def test_a_criterion_that_only_opens_a_level_is_an_open_circle(t: Translator) -> None:
    _, line = drawn(t, plan(t)).data
    assert list(line.marker.symbol) == ["circle", "circle-open", "circle"]


def test_by_effort_the_steps_stand_at_the_effort_so_far(t: Translator) -> None:
    _, line = drawn(t, plan(t), by_effort=True).data
    assert list(line.x) == [0, 2, 2.5]


def test_where_nothing_was_answered_the_line_starts_with_the_first_step_and_not_at_0(t: Translator) -> None:
    rows = plan(t, before=None)
    _, line = drawn(t, rows).data
    assert list(line.y) == [None, 0, 60]
    said = drawing_by(charts.plan_steps, rows, sample_caption("plan_steps", t, n=1), t, target=300.0).finding
    assert said.startswith("– → ")


@pytest.mark.parametrize(("target", "reached"), [(300.0, True), (310.0, True), (311.0, False)])
def test_the_finding_of_a_plan_says_whether_it_gets_there(target: float, reached: bool) -> None:
    t = translator("en")
    words = drawing_by(charts.plan_steps, plan(t), sample_caption("plan_steps", t, n=1), t, target=target).finding
    assert "250.0 → 310.0 points in 2 criteria" in words
    assert "most by 1.1.A1 +60.0" in words
    assert ("not reached" in words) != reached


def effects(t: Translator, count: int = 3) -> pd.DataFrame:
    found = pd.DataFrame(
        {
            "id": [f"A{n}" for n in range(count)],
            "effect": [(-1) ** n * 10.0 * n for n in range(count)],
            "spread": 5.0,
            "n": 7,
        }
    )
    return charts.effects_data(found, {"A1": "หน่วยงาน <b>หนึ่ง</b>"}, differing=["A2"])


def effects_figure(rows: pd.DataFrame, t: Translator) -> Any:
    return figure_of(charts.effects(rows, sample_caption("effects", t), t), t)


def test_effects_stand_sorted_around_a_line_at_zero_in_the_middle(t: Translator) -> None:
    rows = effects(t)
    figure = effects_figure(rows, t)
    assert rows["row"].tolist() == ["A2", "A0", "A1"]
    rests, dots = figure.data
    assert list(dots.x) == [20, 0, -10]
    low, high = figure.layout.xaxis.range
    assert low == -high
    assert [(line.x0, line.x1) for line in figure.layout.shapes] == [(0, 0)]
    assert list(rests.x) == [15, 25, None, -5, 5, None, -15, -5, None]


def test_each_effect_says_its_n_and_what_everyone_reads_differently_is_marked_by_shape_too(t: Translator) -> None:
    figure = effects_figure(effects(t), t)
    names = list(figure.layout.yaxis.ticktext)
    assert all("n = 7" in name for name in names)
    assert list(figure.data[1].marker.symbol) == ["diamond", "circle", "circle"]
    assert names[0].startswith("<b>A2</b>")
    assert "&lt;b&gt;" in names[2]  # what somebody wrote is no markup


def test_of_many_effects_the_largest_on_both_sides_are_drawn_and_the_note_says_so() -> None:
    t = translator("en")
    rows = effects(t, count=100)
    figure = effects_figure(rows, t)
    drawn_values = list(figure.data[1].x)
    assert len(drawn_values) == charts.MOST_EFFECTS
    assert min(abs(value) for value in drawn_values) >= 10.0 * (100 - charts.MOST_EFFECTS)
    assert any("The 40 largest of 100" in str(label.text) for label in figure.layout.annotations)


def test_small_effects_do_not_fill_the_picture(t: Translator) -> None:
    rows = effects(t).assign(effect=[0.5, 0.0, -0.5], spread=0.0)
    low, high = effects_figure(rows, t).layout.xaxis.range
    assert (low, high) == (-15, 15)


def test_the_alternative_text_of_effects_names_the_ends_and_the_marked() -> None:
    t = translator("en")
    words = alt(charts.effects(effects(t), sample_caption("effects", t), t))
    assert "highest A2 +20.0" in words
    assert "Everyone differs on 1: A2" in words
    assert "no difference" in alt(charts.effects(effects(t, count=0), sample_caption("effects", t), t))


def test_a_plan_as_an_editable_chart_has_a_name_a_step_and_its_target(t: Translator) -> None:
    drawing = drawing_by(charts.plan_steps, plan(t), sample_caption("plan_steps", t, n=1), t, target=300.0)
    _, sheet = chart_of(drawing, Place("Sarabun", 12, 1180, 500), t)
    assert sheet.names == ["0", "1 1.1.B1", "2 1.1.A1"]
    assert [values for head, values in sheet.columns if head][1:] == [(300.0, None, None), (250.0, 250.0, 310.0)]


def shared(t: Translator, **more: float | None):
    rows = charts.actuals_data(sample_shared(), {"S01": "หน่วยงาน <b>หนึ่ง</b>"})
    caption = sample_caption("actuals", t, n=6)
    return actuals(rows, caption, t, unit="ชม.", direction="lower", highlight=("S02",), **more)


def test_actuals_of_agencies_stand_on_one_axis_from_0_in_the_unit_that_it_names(t: Translator) -> None:
    figure = shared(t)
    targets, dots = figure.data
    assert figure.layout.xaxis.range[0] == 0
    assert "ชม." in figure.layout.xaxis.title.text
    assert list(dots.x) == [0.5, 0.75, 1, 1.5, 2, 4]
    assert list(targets.x) == [x for at in (1.0, 1.0, 1.0, 2.0, 2.0) for x in (at, at, None)]  # none is a gap, not 0


def test_what_was_converted_has_an_open_dot_and_says_what_was_sent(t: Translator) -> None:
    dots = shared(t).data[1]
    assert list(dots.marker.symbol) == ["circle", "circle-open", *["circle"] * 4]
    assert "45 min" in dots.hovertext[1]
    assert "min" not in dots.hovertext[0]


def test_the_median_of_actuals_is_drawn_only_where_it_is_given(t: Translator) -> None:
    assert not shared(t).layout.shapes
    assert shared(t, median=1.25).layout.shapes[0].x0 == 1.25


def test_what_is_refused_is_in_no_chart() -> None:
    found = sample_shared().assign(refused=["other_kind", *[None] * 5])
    assert len(charts.actuals_data(found, {})) == 5
