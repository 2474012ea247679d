"""What each kind of chart keeps: the radar's limits, gaps that stay gaps, steps, bands, ends."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from charting import BLANK, dots, drawing_by, dumbbell, heatmap, long_names, points, quadrant, radar, rank_bands, strip

from pmqa import charts
from pmqa.charts.drawing import of_level, round_step
from pmqa.charts.gallery import sample_caption
from pmqa.charts.gallery_data import sample_scores
from pmqa.charts.render import headings_of
from pmqa.charts.render.course import NAMES
from pmqa.charts.render.line_names import end_label
from pmqa.charts.render.radar import PANEL_SIZE
from pmqa.charts.style import LEGEND_KEY, LINE
from pmqa.charts.words import width_of
from pmqa.framework import shipped_frameworks
from pmqa.text import Translator

# --- radar ------------------------------------------------------------------------------------------------------


def test_a_radar_is_closed_and_keeps_the_order_of_its_axes_clockwise_from_the_top(t: Translator) -> None:
    figure = radar(points({"A": [10, 20, 30, 40, 50]}), sample_caption("radar", t), t)
    trace, axis = figure.data[0], figure.layout.polar.angularaxis
    assert list(trace.r) == [10, 20, 30, 40, 50, 10]
    assert trace.theta[0] == trace.theta[-1] == 0
    assert list(axis.tickvals) == [0, 72, 144, 216, 288]
    assert list(axis.ticktext) == [f"Axis {n}" for n in range(5)]
    assert (axis.rotation, axis.direction) == (90, "clockwise")


@pytest.mark.parametrize(("draw", "agencies"), [(radar, 1), (dots, 1), (radar, 5)])
@pytest.mark.parametrize(("n", "incomplete"), [(1, False), (0, False), (pd.NA, False), (1, True)])
def test_a_median_of_too_few_is_left_out_of_the_legend_and_a_footnote_says_why(
    t: Translator, draw: Any, agencies: int, n: object, incomplete: bool
) -> None:
    shown = points({f"A{number}": [100.0] * 5 for number in range(agencies)}, median=[BLANK] * 5)
    shown.loc[shown["role"] == "median", "n"] = n
    figure = draw(shown, replace(sample_caption("radar", t), incomplete=incomplete), t)
    counted = t("charts.counted_scored" if incomplete else "charts.counted_complete")
    assert t("charts.median") not in {trace.name for trace in figure.data}
    known = n is not pd.NA and n == 1
    why = t("charts.few_for_median" if known else "charts.none_for_median", n=1, counted=counted)
    foot = next(note for note in figure.layout.annotations if note.name == "foot")
    assert "".join(why.split()) in "".join(foot.text.replace("<br>", "").split())


@pytest.mark.parametrize("place", range(5))
def test_a_missing_score_is_a_gap_in_the_outline_and_never_0(t: Translator, place: int) -> None:
    scores = [100.0, 200.0, 300.0, 400.0, 500.0]
    scores[place] = BLANK
    figure = radar(points({"A": scores}), sample_caption("radar", t), t)
    trace = figure.data[0]
    assert trace.r[place] is None
    assert 0 not in trace.r
    assert trace.connectgaps is False
    assert trace.fill is None  # a fill would close the gap
    assert "Agency A" in figure.layout.annotations[-1].text
    assert f"Axis {place}" in figure.layout.annotations[-1].text


def test_zero_is_a_value_and_is_drawn(t: Translator) -> None:
    figure = radar(points({"A": [0, 100, 200, 300]}), sample_caption("radar", t), t)
    assert list(figure.data[0].r) == [0, 100, 200, 300, 0]


@pytest.mark.parametrize(
    ("series", "axes", "kind", "panels"),
    [(1, 4, "radar", 0), (3, 12, "radar", 0), (4, 8, "radar", 4), (1, 3, "rows", 0), (1, 13, "rows", 0)],
)
def test_a_radar_takes_four_series_with_the_median_and_four_to_twelve_axes_more_have_one_each_others_are_dots(
    t: Translator, series: int, axes: int, kind: str, panels: int
) -> None:
    table = points({f"A{n}": [300.0] * axes for n in range(series)}, median=[250.0] * axes)
    drawing = drawing_by(charts.radar, table, sample_caption("radar", t), t)
    assert (drawing.kind, len(drawing.panels)) == (kind, panels)
    assert len(drawing.layers) >= series + (drawing.kind == "radar")


def test_series_of_a_radar_differ_in_colour_dash_and_marker(t: Translator) -> None:
    table = points({"A": [1] * 5, "B": [2] * 5, "C": [3] * 5}, median=[4] * 5)
    for theme in ("light", "dark"):
        traces = radar(table, sample_caption("radar", t), t, theme=theme).data
        for part in ({d.line.color for d in traces}, {d.line.dash for d in traces}, {d.marker.symbol for d in traces}):
            assert len(part) == 4
        assert all(trace.fill is None for trace in traces)


def test_only_a_lone_agency_is_filled_and_faintly(t: Translator) -> None:
    traces = radar(points({"A": [1] * 5}, median=[4] * 5), sample_caption("radar", t), t).data
    filled = [trace for trace in traces if trace.fill]
    assert len(filled) == 1
    assert float(filled[0].fillcolor.rstrip(")").split(",")[-1]) <= 0.1


def test_small_multiples_share_one_scale_and_ghost_the_median_in_each(t: Translator) -> None:
    table = points({f"A{n}": [100.0 * n] * 6 for n in range(1, 6)}, median=[250.0] * 6)
    figure = radar(table, sample_caption("radar", t), t)
    polars = [key for key in figure.layout.to_plotly_json() if key.startswith("polar")]
    assert len(polars) == 5
    assert {tuple(figure.layout[key].radialaxis.range) for key in polars} == {(0, 500)}
    ghosts = [trace for trace in figure.data if trace.opacity]
    assert [trace.subplot for trace in ghosts] == polars
    assert sum(trace.showlegend is not False for trace in figure.data) == 1


@pytest.mark.parametrize(("kind", "axes"), [("dimension", 8), ("category", 7), ("item", 4), ("item", 12)])
def test_panels_of_small_multiples_have_room_for_their_titles_and_for_the_names_around_them(
    t: Translator, kind: str, axes: int
) -> None:
    framework = shipped_frameworks()["pmqa4"]
    codes, scopes = [f"S{n:02}" for n in range(1, 8)], list(framework.scopes(kind))[:axes]
    scored = sample_scores(framework, t).replace({"agency_name": "กรมตัวอย่างมาตรฐาน 5"}, long_names(1, t.language)[0])
    table = charts.radar_data(scored, framework, t, kind=kind, agencies=codes, scopes=scopes)
    figure = radar(table, sample_caption("radar", t), t)
    height = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    size = PANEL_SIZE * LINE
    for place, title in enumerate(figure.layout.annotations[: len(codes)]):
        panel = figure.layout[f"polar{place + 1}" if place else "polar"]
        bottom, top = (height * edge for edge in panel.domain.y)
        names = list(panel.angularaxis.ticktext)
        assert all("…" not in name for name in names)
        above = [name for angle, name in zip(panel.angularaxis.tickvals, names, strict=True) if not 60 < angle < 300]
        below = [name for angle, name in zip(panel.angularaxis.tickvals, names, strict=True) if 120 < angle < 240]
        over, under = ((max(name.count("<br>") for name in side) + 1) * size for side in (above, below))
        assert height * title.y - (title.text.count("<br>") + 1) * 12 * LINE >= top + over * 0.9
        next_row = height * (1 - (place // 3 + 1) * (1 - figure.layout.annotations[3].y))
        assert bottom - under * 0.9 >= next_row - 1


def test_numbers_around_small_multiples_have_a_key_that_tears_none_from_its_name(t: Translator) -> None:
    framework = shipped_frameworks()["pmqa4"]
    scored = sample_scores(framework, t)
    table = charts.radar_data(scored, framework, t, kind="category", agencies=[f"S0{n}" for n in range(1, 6)])
    figure = radar(table, sample_caption("radar", t), t)
    assert list(figure.layout.polar2.angularaxis.ticktext) == list("1234567")
    key = figure.layout.annotations[-1].text.split("<br>")
    for name in table["scope_name"].unique():
        assert any(name in line for line in key)


@pytest.mark.parametrize("draw", [radar, dots])
def test_a_long_name_in_a_legend_gives_way_and_its_coverage_never(t: Translator, draw: Any) -> None:
    names = long_names(3, t.language)
    table = points({name: [300.0] * 5 for name in names}, coverage=0.62)
    shown = [
        trace.name for trace in draw(table.assign(series_name=table["series"]), sample_caption("radar", t), t).data
    ]
    assert len(set(shown)) == 3
    for name in shown:
        assert "…" in name
        assert name.endswith(t("charts.coverage_from", share="62%"))
        assert width_of(name, 12) + LEGEND_KEY <= charts.MIN_WIDTH - 36


# --- many agencies ----------------------------------------------------------------------------------------------


def test_dots_show_words_and_no_mark_where_there_is_no_score(t: Translator) -> None:
    table = points({"A": [400.0], "B": [BLANK]}, median=[350.0])
    figure = dots(table, sample_caption("dots", t), t)
    assert (list(figure.data[0].x), list(figure.data[0].y)) == ([400.0], [0])
    assert t("charts.no_score") in figure.data[1].text[0]
    assert list(figure.data[1].y) == [1]
    assert figure.layout.shapes[0].x0 == figure.layout.shapes[0].x1 == 350.0
    assert "n = 20" in figure.layout.annotations[0].text


def test_an_incomplete_score_has_an_open_mark(t: Translator) -> None:
    figure = dots(points({"A": [400.0]}, coverage=0.996), sample_caption("dots", t), t)
    assert figure.data[0].marker.symbol[0] == "circle-open"
    assert "99%" in figure.layout.yaxis.ticktext[0]  # never rounded up to 100


def test_a_highlighted_agency_differs_by_more_than_colour(t: Translator) -> None:
    figure = dots(points({"A": [400.0], "B": [300.0]}), sample_caption("dots", t), t, highlight=["B"])
    assert list(figure.data[0].marker.symbol) == ["circle", "diamond"]
    assert figure.layout.yaxis.ticktext[1].startswith("<b>")


def test_the_heatmap_prints_every_score_and_hatches_what_is_missing(drawn: Any) -> None:
    figure, table, _ = drawn["heatmap"]
    heat, numbers, hatched, touched = figure.data
    assert len(touched.hovertext) == len(touched.customdata) == len(table)
    assert len(numbers.text) == table["score"].notna().sum()
    assert len(hatched.x) == table["score"].isna().sum() > 0
    assert hatched.marker.pattern.shape == "/"
    # Each hatch fills its cell, and the cell is one without a score.
    assert (set(hatched.x), hatched.width) == ({1}, 1)
    for left, line in zip(hatched.base, hatched.y, strict=True):
        assert heat.z[line][int(left + 0.5)] is None
    assert (heat.zmin, heat.zmax, heat.zauto) == (0, 500, False)
    assert len(heat.colorscale) == 2  # one hue
    assert "Ordered by overall score" in figure.layout.annotations[-1].text


def test_no_cell_claims_a_level_too_early_and_dense_ones_show_whole_points(t: Translator) -> None:
    table = points({"A": [299.96] * 13})
    figure = heatmap(table, sample_caption("heatmap", t), t)
    assert set(figure.data[1].text) == {"299"}
    assert set(heatmap(points({"A": [299.96] * 8}), sample_caption("heatmap", t), t).data[1].text) == {"&lt;B 299.9"}
    figure = heatmap(points({"A": [366.67] * 13}), sample_caption("heatmap", t), t)
    assert set(figure.data[1].text) == {"367"}


def test_no_value_of_a_dot_stands_on_the_line_of_the_median(t: Translator) -> None:
    scores = {"A": 100.0, "B": 280.0, "C": 300.0, "D": 310.0, "E": 20.0}
    one = points({code: [score] for code, score in scores.items()}, median=[305.0])
    sides = dots(one, sample_caption("dots", t), t).data[0].textposition
    assert list(sides) == ["middle right", "middle left", "middle left", "middle right", "middle right"]
    low = points({"A": [20.0]}, median=[30.0])  # to the left of it there is no room
    assert list(dots(low, sample_caption("dots", t), t).data[0].textposition) == ["middle right"]


def test_agencies_that_begin_alike_are_told_apart_in_every_row(t: Translator) -> None:
    names = [f"สำนักงานตัวอย่างส่งเสริมคุณภาพชีวิตผู้สูงอายุและคนพิการ เขต {n}" for n in (1, 2)]
    one = points({"A": [100.0], "B": [200.0]})
    one = one.assign(series_name=names)
    labels = dots(one, sample_caption("dots", t), t).layout.yaxis.ticktext
    for label, name in zip(labels, names, strict=True):
        assert "".join(label.replace("<br>", "").split()) == "".join(name.split())


@pytest.mark.parametrize("draw", [dots, heatmap])
def test_long_names_that_differ_only_at_their_ends_are_told_apart_in_rows(t: Translator, draw: Any) -> None:
    names = long_names(24, t.language)
    table = points({name: [300.0] * (1 if draw is dots else 7) for name in names})
    figure = draw(table.assign(series_name=table["series"]), sample_caption("dots", t), t)
    labels = figure.layout.yaxis.ticktext
    assert len(set(labels)) == 24
    for label, name in zip(labels, names, strict=True):
        assert label.endswith(name[-2:])
        assert label.count("<br>") <= 2


def test_names_at_the_ends_of_lines_use_their_whole_second_line(t: Translator) -> None:
    label = end_label("#000000", "200.0", "กรมตัวอย่างส่งเสริมคุณภาพชีวิตผู้สูงอายุและคนพิการ 2", NAMES)
    assert "…" not in label
    assert label.count("<br>") == 1
    assert "<b>200.0</b>" in label


def test_coverage_beside_two_long_names_leaves_the_plot_its_room(t: Translator) -> None:
    names = ("กรมตัวอย่างส่งเสริมคุณภาพชีวิตผู้สูงอายุและคนพิการ 2", "กรมตัวอย่างการพัฒนาบริการประชาชนอย่างยั่งยืน 12")
    rows = [("1", "1 การนำองค์การ", 300.0, 200.0, -100.0, 0.5, 0.6)]
    pairs = charts.PAIRS.conform(pd.DataFrame(rows, columns=list(charts.PAIRS.columns)))
    figure = dumbbell(pairs, names, sample_caption("dumbbell", t), t)
    margin = figure.layout.margin
    assert margin.l <= 250
    assert charts.MIN_WIDTH - margin.l - margin.r > 350


def test_two_long_names_of_a_dumbbell_stay_in_its_legend_and_make_no_row_tall(t: Translator) -> None:
    names = tuple(long_names(2, t.language))
    rows = [("1", "1 การนำองค์การ", 300.0, 200.0, -100.0, 0.5, 0.6), ("2", "2", 300.0, 200.0, -100.0, 1.0, 0.6)]
    pairs = charts.PAIRS.conform(pd.DataFrame(rows, columns=list(charts.PAIRS.columns)))
    figure = dumbbell(pairs, names, sample_caption("dumbbell", t), t)
    shown = [trace.name for trace in figure.data if trace.showlegend]
    for name, label in zip(names, shown, strict=True):
        assert label.endswith(name[-2:])
        assert width_of(label, 12) + LEGEND_KEY <= charts.MIN_WIDTH - 36
    both, one = figure.layout.yaxis.ticktext
    assert both.count("<br>") <= 4
    assert one.count("<br>") <= 2
    for text, share in ((both, "50%"), (both, "60%"), (one, "60%")):
        assert t("charts.coverage", share=share).replace(" ", "") in text.replace(" ", "").replace("<br>", "")


def test_the_headings_of_a_heatmap_stand_alone_where_its_columns_stand(drawn: Any) -> None:
    for name in ("heatmap", "heatmap_items"):
        figure = drawn[name][0]
        strip, above = headings_of(figure)
        whole, margin = figure.layout, strip.layout.margin
        assert strip.layout.xaxis == whole.xaxis
        assert (margin.l, margin.r, margin.autoexpand) == (whole.margin.l, whole.margin.r, False)
        assert above + strip.layout.height == whole.margin.t
        assert strip.layout.paper_bgcolor == whole.paper_bgcolor  # the headings beneath must not shine through
    assert headings_of(drawn["dots"][0]) is None


def test_the_heatmap_says_beside_a_name_how_much_is_answered_and_makes_no_row_taller_for_it(t: Translator) -> None:
    table = points({"A": [300.0] * 7, "B": [200.0] * 7})
    whole = heatmap(table, sample_caption("heatmap", t), t)
    table.loc[(table["series"] == "B") & (table["scope"].isin(["1", "2"])), "coverage"] = [0.8, 0.996]
    partly = heatmap(table, sample_caption("heatmap", t), t)
    one, other = partly.layout.yaxis.ticktext
    assert "%" not in one
    assert "80%*" in other
    assert partly.layout.yaxis.range == whole.layout.yaxis.range
    plots = [f.layout.height - f.layout.margin.t - f.layout.margin.b for f in (whole, partly)]
    assert plots[0] == plots[1]
    assert t("charts.asterisks", mark="*")[:20] in partly.layout.annotations[-1].text


@pytest.mark.parametrize(("agencies", "scale"), [(1, False), (2, False), (3, False), (4, True), (24, True)])
def test_the_heatmap_has_a_scale_only_where_its_numbers_do_not_lie_on_each_other(
    t: Translator, agencies: int, scale: bool
) -> None:
    table = points({f"A{n}": [250.0] * 7 for n in range(agencies)})
    assert heatmap(table, sample_caption("heatmap", t), t).data[0].showscale == scale


@pytest.mark.parametrize(("minimum", "said"), [(5, True), (7, True), (8, False), (10, False)])
def test_no_words_and_no_lines_give_a_median_of_fewer_than_the_minimum(t: Translator, minimum: int, said: bool) -> None:
    table = points({f"A{n}": [250.0, 300.0] for n in range(7)})
    caption = sample_caption("heatmap", t)
    assert ("n = 7" in drawing_by(charts.heatmap, table, caption, t, minimum=minimum).finding) == said
    known = charts.QUADRANT.conform(
        pd.DataFrame(
            {
                "series": list("abcdefg"),
                "series_name": list("abcdefg"),
                "process": 310.0,
                "results": 290.0,
                "coverage": 1.0,
            }
        )
    )
    figure = quadrant(known, replace(caption, n=8), t, minimum=minimum)
    assert (t("charts.median") in {trace.name for trace in figure.data}) == said
    assert ("n = 7" in figure.layout.annotations[-1].text) == said


def quadrant_of(count: int, language: str) -> pd.DataFrame:
    """QUADRANT of neighbours."""
    return charts.QUADRANT.conform(
        pd.DataFrame(
            {
                "series": [f"A{n}" for n in range(count)],
                "series_name": long_names(count, language),
                "process": [300.0 + 3 * (n % 7) for n in range(count)],
                "results": [300.0 + 3 * (n // 7) for n in range(count)],
                "coverage": 1.0,
            }
        )
    )


@pytest.mark.parametrize(
    ("agencies", "highlight", "numbered"), [(5, [], 5), (8, [], 8), (9, [], 0), (60, ["A3", "A59"], 2), (5, ["A3"], 1)]
)
def test_the_quadrant_numbers_marks_and_names_them_in_full_below(
    t: Translator, agencies: int, highlight: list[str], numbered: int
) -> None:
    table = quadrant_of(agencies, t.language)
    figure = quadrant(table, sample_caption("quadrant", t), t, highlight=highlight)
    *marks, numbers = (trace for trace in figure.data if trace.mode != "lines")
    assert list(numbers.text) == [f"<b>{n}</b>" for n in range(1, numbered + 1)]
    assert sum(len(trace.x) for trace in marks) == agencies
    symbols = [symbol for trace in marks for symbol in trace.marker.symbol]
    assert symbols[agencies - len(highlight) :] == ["diamond"] * len(highlight)  # on top of others
    assert not any(note.bgcolor for note in figure.layout.annotations)
    foot = "".join(figure.layout.annotations[-1].text.replace("<br>", "").split())
    shown = table[table["series"].isin(highlight)] if highlight else table
    for number, name in enumerate(shown["series_name"], 1):
        assert ("".join(f"{number}{name}".split()) in foot) == bool(numbered)


@pytest.mark.parametrize("agencies", [1, 24, 300])
def test_the_heatmap_grows_with_its_rows_and_never_shrinks_them(t: Translator, agencies: int) -> None:
    figure = heatmap(points({f"A{n:03}": [250.0] * 8 for n in range(agencies)}), sample_caption("heatmap", t), t)
    plot = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    assert plot >= 26 * agencies


def test_the_strip_shows_every_agency_and_quartiles_only_of_five_complete_ones(t: Translator) -> None:
    rows = [("M1", f"A{n}", 100.0 * n, 1.0) for n in range(1, 6)] + [("M2", f"B{n}", 50.0 * n, 1.0) for n in range(4)]
    rows += [("M2", "B9", 400.0, 0.5), ("M2", "B8", BLANK, 0.0)]
    table = pd.DataFrame(rows, columns=["group", "series", "score", "coverage"])
    table = charts.STRIP_POINTS.conform(table.assign(group_name=table["group"], series_name=table["series"]))
    stats = charts.strip_stats(table)
    assert stats.to_dict("records")[0] == {"group": "M1", "n": 5, "q1": 200.0, "median": 300.0, "q3": 400.0}
    assert stats["n"].tolist() == [5, 4]
    assert pd.isna(stats["median"].iloc[1])
    figure = strip(table, stats, sample_caption("strip", t), t)
    marks = [x for trace in figure.data if trace.type == "scatter" and trace.mode == "markers" for x in trace.x]
    assert sorted(marks) == sorted(score for _, _, score, _ in rows if not math.isnan(score))
    assert len(figure.data[0].base) == 1
    finding = drawing_by(charts.strip, table, stats, sample_caption("strip", t), t).finding
    assert t("headline.strip_one", group="M1", median="300.0", q1="200.0", q3="400.0", n=5) in finding
    assert finding.endswith(t("headline.missing", n=1))


def test_the_strip_says_in_words_why_no_group_has_statistics(t: Translator) -> None:
    rows = [("M", "M", f"A{n}", f"A{n}", 100.0 * n, 1.0) for n in range(3)]
    table = charts.STRIP_POINTS.conform(pd.DataFrame(rows, columns=list(charts.STRIP_POINTS.columns)))
    made = drawing_by(charts.strip, table, charts.strip_stats(table), sample_caption("strip", t), t)
    counted = t("charts.counted_complete")
    assert made.finding == t("headline.strip_few", counted=counted)
    assert t("charts.few_no_quartiles", counted=counted) in made.notes


@pytest.mark.parametrize("agencies", [24, 300])
def test_no_agency_of_the_strip_hides_another_and_none_hides_the_median(t: Translator, agencies: int) -> None:
    table = charts.strip_data(
        sample_scores(shipped_frameworks()["pmqa4"], t, count=agencies), kind="overall", scope="overall"
    )
    stats = charts.strip_stats(table)
    figure = strip(table, stats, sample_caption("strip", t), t, highlight=["S04", "S05"])
    room, (bottom, top) = figure.layout.margin, figure.layout.yaxis.range
    across = (charts.MIN_WIDTH - room.l - room.r) / 500
    down = (figure.layout.height - room.t - room.b) / (bottom - top)
    marks = [
        (x * across, y * down)
        for trace in figure.data
        if trace.type == "scatter" and trace.mode == "markers"
        for x, y in zip(trace.x, trace.y, strict=True)
        if x is not None  # an entry of the legend
    ]
    assert len(marks) == table["score"].notna().sum()
    for place, (x, y) in enumerate(marks):
        assert all(math.dist((x, y), other) >= 9 for other in marks[place + 1 :])
        assert abs(y / down - round(y / down)) <= 0.41
    kinds = [trace.name for trace in figure.data]
    assert kinds.index(t("charts.median")) > kinds.index(t("charts.highlighted")) > kinds.index(t("charts.agency"))


def test_equal_scores_share_a_band_of_ranks(t: Translator) -> None:
    bands = charts.RANK_BANDS.conform(
        pd.DataFrame(
            {"series": ["A", "B", "C"], "series_name": ["A", "B", "C"], "score": [400.0, 300.0, 300.0],
             "rank_low": [1, 2, 2], "rank_high": [1, 3, 3], "n": 3}
        )
    )  # fmt: skip
    figure = rank_bands(bands, sample_caption("rank_bands", t), t)
    assert [note.text.split(" ")[0] for note in figure.layout.annotations[:3]] == ["<b>1", "<b>2–3", "<b>2–3"]
    assert list(figure.data[0].base) == [0.5, 1.5, 1.5]
    assert list(figure.data[0].x) == [1, 2, 2]


def test_level_bars_wear_the_levels_colours_and_say_their_names_and_counts(drawn: Any) -> None:
    figure, table, _ = drawn["level_distribution"]
    framework = shipped_frameworks()["pmqa4"]
    for trace in figure.data:
        level = table[table["level_name"] == trace.name]["level"].iloc[0]
        if level != "none":
            assert trace.marker.color == of_level(framework, level).colour
        counts = table[table["level"] == level]["agencies"].tolist()
        assert dict(zip(trace.y, trace.x, strict=True)) == {row: n for row, n in enumerate(counts) if n}
    assert figure.data[-1].marker.pattern.shape  # no score is hatched
    sums = table.groupby("scope")["agencies"].sum()
    assert sums.nunique() == 1  # the bars are one length: every agency is somewhere


# --- the ladder and what to close -------------------------------------------------------------------------------


def test_the_ladder_draws_what_each_level_earns_and_hatches_what_the_gate_holds_back(drawn: Any) -> None:
    figure, table, _ = drawn["level_ladder"]
    earned = table.groupby("item", sort=False)["points"].sum()
    said = [note.text for note in figure.layout.annotations if note.text.startswith("<b>")]
    unanswered = table.groupby("item", sort=False)[["criteria", "unanswered"]].sum()
    silent = unanswered["criteria"] == unanswered["unanswered"]
    assert said == [f"<b>{points:.1f}</b>" for points in earned[~silent]]
    held = [trace for trace in figure.data if trace.marker.pattern.shape == "/" and trace.y[0] is not None]
    assert sum(len(trace.y) for trace in held) == (table["held_back"] > 0).sum()
    assert figure.layout.xaxis.tickvals == (0, 300, 400, 500)


def test_the_pareto_shows_the_largest_first_and_counts_the_rest(drawn: Any) -> None:
    figure, table, _ = drawn["pareto"]
    assert sum(len(trace.x) for trace in figure.data) == 15
    assert table["points"].is_monotonic_decreasing
    assert f"{len(table) - 15} more criteria" in figure.layout.annotations[-1].text


@pytest.mark.parametrize(
    ("span", "most", "step"),
    [(300, 8, 50), (312, 10, 50), (24, 8, 5), (8, 8, 1), (1, 8, 0.2), (0.7, 6, 0.2), (100, 6, 20), (130, 6, 50)],
)
def test_ticks_stand_at_round_numbers(span: float, most: int, step: float) -> None:
    assert round_step(span, most) == step
