"""What every figure keeps, whatever it shows: docs of the design's rules, chart by chart, language by language."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from charting import dots, heatmap, radar

from pmqa.charts import CHART_POINTS, EXPORT_WIDTH, MIN_WIDTH, Caption, figure_config, with_origin
from pmqa.charts.gallery import gallery, sample_caption, write_gallery
from pmqa.charts.palette import SHADES, THEMES, Theme
from pmqa.charts.style import CAMERA, EDGE
from pmqa.charts.words import width_of
from pmqa.text import languages, translator

THAI = re.compile("[\u0e00-\u0e7f]")
NAMES = [name for name, *_ in gallery("th", "light")]
ON_THE_SCORE_SCALE = {
    "dots_of_scopes": "xaxis", "dots": "xaxis", "dots_long_names": "xaxis",
    "quadrant_few": "xaxis", "strip": "xaxis", "dumbbell": "xaxis", "arrows": "xaxis",
    "spine": "xaxis", "gap_bars": "xaxis", "level_ladder": "xaxis", "quadrant": "xaxis", "slope": "yaxis",
    "slope_long_names": "yaxis",
    "history": "yaxis", "history_dimensions": "yaxis",
}  # fmt: skip
HOSTILE = '<b>กรม</b><a href="javascript:alert(1)">%{x} $x^2$\u202e<br>\x07ก&ข'


@pytest.fixture(scope="module", params=[(language, theme) for language in languages() for theme in THEMES])
def shown(request: pytest.FixtureRequest) -> tuple[str, Theme, list[tuple[str, go.Figure, pd.DataFrame, str]]]:
    language, theme = request.param
    return language, theme, gallery(language, theme)


def texts_of(part: Any) -> Iterator[str]:
    """Every text that a reader can see in a figure's dict."""
    for key, value in part.items():
        if key in ("text", "ticktext", "hovertext", "name", "title") and not isinstance(value, dict):
            stack = [value]
            while stack:
                one = stack.pop()
                if isinstance(one, list | tuple):
                    stack += one
                elif isinstance(one, str):
                    yield one
        elif isinstance(value, dict):
            yield from texts_of(value)
        elif isinstance(value, list | tuple):
            for one in value:
                if isinstance(one, dict):
                    yield from texts_of(one)


def foot_of(figure: go.Figure) -> str:
    return next(note.text for note in figure.layout.annotations if note.name == "foot")


def test_every_figure_says_what_it_is_of_and_where_it_is_from(shown: Any) -> None:
    language, _, charts = shown
    t = translator(language)
    for name, figure, _, _ in charts:
        heading, foot = html.unescape(figure.layout.title.text), html.unescape(foot_of(figure))
        flat = heading.replace("<br>", " ").replace("<b>", "").replace("</b>", "")
        assert t(f"charts.sample.{name}").replace(" ", "") in flat.replace(" ", ""), name
        for part in (t("charts.sample.basis"), "2569", "PMQA 4.0", "n = "):
            assert part in heading, (name, part)
        assert t("charts.sample.source").replace(" ", "") in foot.replace("<br>", "").replace(" ", ""), name


def test_every_figure_wears_the_one_style_of_its_theme(shown: Any) -> None:
    _, theme, charts = shown
    for name, figure, _, _ in charts:
        layout = figure.layout
        assert layout.font.color == SHADES[theme].ink, name
        assert layout.paper_bgcolor == SHADES[theme].background, name
        assert "Sarabun" in layout.font.family, name
        assert "Loma" in layout.font.family, name
        assert layout.height > 300, name
        assert layout.width is None, name
        assert layout.margin.t >= 18 + 2 * 23, name
        assert layout.margin.b >= 40, name
        assert layout.margin.autoexpand is False, name


def test_no_figure_has_two_upright_axes_or_a_third_dimension(shown: Any) -> None:
    for name, figure, _, _ in shown[2]:
        spec = figure.to_dict()
        assert "yaxis2" not in spec["layout"], name
        assert "scene" not in spec["layout"], name
        assert all(trace.get("yaxis", "y") == "y" for trace in spec["data"]), name


def test_scores_are_drawn_from_0_to_500_and_rates_from_0_to_200(shown: Any) -> None:
    for name, figure, _, _ in shown[2]:
        layout = figure.to_dict()["layout"]
        if name in ON_THE_SCORE_SCALE:
            axis = layout[ON_THE_SCORE_SCALE[name]]
            assert axis["range"] == [0, 500], name
            assert axis["autorange"] is False, name
        for key in [key for key in layout if key.startswith("polar")]:
            radial = layout[key]["radialaxis"]
            assert radial["range"] == [0, 500], name
            assert radial["tickvals"] == [300, 400, 500], name
        if name == "success_rates":
            assert layout["xaxis"]["range"] == [0, 200]
        if name.startswith("heatmap"):
            assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 500)


def test_the_button_that_saves_a_chart_never_lies_on_its_headline(shown: Any) -> None:
    for name, figure, _, _ in shown[2]:
        lines = re.findall("<b>(.*?)</b>", figure.layout.title.text)
        widest = max(width_of(html.unescape(line), figure.layout.title.font.size) for line in lines)
        assert widest <= MIN_WIDTH - 2 * EDGE - CAMERA, name


def test_nothing_can_be_zoomed_away_by_accident(shown: Any) -> None:
    for name, figure, _, _ in shown[2]:
        layout = figure.to_dict()["layout"]
        # Of radars, only so are marks selected by a click; where pages show them, no press is a drag (a journey).
        assert layout["dragmode"] == ("zoom" if "polar" in layout else False)
        for axis in ("xaxis", "yaxis"):
            assert layout.get(axis, {"fixedrange": True})["fixedrange"] is True, name


def test_a_missing_score_is_drawn_nowhere_and_named_below(shown: Any) -> None:
    language, _, charts = shown
    for name, figure, table, _ in charts:
        if "score" not in table or not table["score"].isna().any() or name in ("success_rates",):
            continue
        word = {"th": "ไม่มี", "en": "No "}[language]
        assert word in foot_of(figure) or "missing" in foot_of(figure), name
    by_name = {name: (figure, table) for name, figure, table, _ in charts}
    figure, table = by_name["heatmap"]
    drawn = [value for line in figure.data[0].z for value in line]
    assert [None if pd.isna(score) else score for score in table["score"]] == drawn
    figure, table = by_name["dots"]
    known = table[table["role"] == "agency"].reset_index(drop=True)["score"].dropna()
    assert dict(zip(figure.data[0].y, figure.data[0].x, strict=True)) == known.to_dict()


def test_every_chart_has_a_table_and_words_for_those_who_do_not_see_it(shown: Any) -> None:
    language, _, charts = shown
    for name, _, table, alt in charts:
        assert len(table), name
        assert len(alt) > 30, name
        assert translator(language)(f"charts.sample.{name}") in alt, name
        assert "nan" not in alt.lower().split(), name
        assert "None" not in alt, name
        assert "<" not in alt, name


@pytest.mark.slow
def test_english_figures_hold_no_thai_and_thai_ones_no_loose_words() -> None:
    for name, figure, _, alt in gallery("en", "light"):
        spec = figure.to_dict()
        for text in [*texts_of(spec), alt]:
            assert not THAI.search(text), (name, text)
    for name, figure, _, _ in gallery("th", "light"):
        for text in texts_of(figure.to_dict()):
            assert not re.search(r"\b(Score|Agency|Median|Target|Level|None|nan)\b", text), (name, text)


def test_incomplete_answers_show_beside_the_name(shown: Any) -> None:
    figures = {name: figure for name, figure, *_ in shown[2]}
    assert any("62%" in str(tick) for tick in figures["dots"].layout.yaxis.ticktext)
    assert any("62%" in trace.name for trace in figures["radar"].data)


def test_rows_of_long_names_get_the_height_they_need(shown: Any) -> None:
    for name, figure, _, _ in shown[2]:
        layout = figure.to_dict()["layout"]
        ticks = layout.get("yaxis", {}).get("ticktext")
        if not ticks or layout["yaxis"]["range"][1] != -0.5:
            continue
        lines = max(text.count("<br>") + 1 for text in ticks)
        plot = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
        assert plot / len(ticks) >= lines * 15, name


def hostile_points(scopes: int = 5) -> pd.DataFrame:
    return CHART_POINTS.conform(
        pd.DataFrame(
            {
                "series": "A",
                "series_name": HOSTILE,
                "role": "agency",
                "scope": [str(n) for n in range(scopes)],
                "scope_name": [f"{HOSTILE} {n}" for n in range(scopes)],
                "score": 100.0,
                "coverage": 1.0,
                "n": pd.array([pd.NA] * scopes, dtype="Int64"),
            }
        )
    )


@pytest.mark.parametrize("draw", [radar, dots, heatmap])
def test_names_from_workbooks_are_shown_and_never_obeyed(draw: Any) -> None:
    t = translator("th")
    caption = Caption(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1, HOSTILE, (HOSTILE,), HOSTILE)
    spec = draw(hostile_points(), caption, t).to_dict()
    texts = list(texts_of(spec))
    assert len(texts) > 10
    for text in texts:
        own = re.sub(r"</?(b|br|span)( style=\"[^\"]*\")?>", "", text)
        assert "<" not in own, text
        assert "%{" not in own, text
        assert "$" not in own, text
        assert "\x07" not in own, text
        assert "\u202e" not in own
    assert "template" not in " ".join(key for trace in spec["data"] for key in trace)


def test_plotly_knows_every_property_that_is_set(shown: Any) -> None:
    for _, figure, _, _ in shown[2]:
        go.Figure(figure.to_dict())  # raises ValueError for what Plotly does not know


@pytest.mark.slow
def test_the_same_call_gives_the_same_figure() -> None:
    first, second = ([figure.to_json() for _, figure, *_ in gallery("th", "dark")] for _ in range(2))
    assert first == second


def test_figures_are_small_enough_to_send_on_every_rerun() -> None:
    sizes = {name: len(figure.to_json()) for name, figure, *_ in gallery("th", "light")}
    assert sizes["radar"] < 20_000, sizes
    assert sizes["heatmap"] < 80_000, sizes


def test_the_saved_picture_has_a_speaking_name_and_the_bar_offers_nothing_else() -> None:
    config = figure_config("เรดาร์ กรมตัวอย่าง 2569", image="png")
    assert config["toImageButtonOptions"] == {"format": "png", "filename": "เรดาร์ กรมตัวอย่าง 2569", "scale": 2}
    assert config["modeBarButtons"] == [["toImage"]]
    assert config["displaylogo"] is False
    assert figure_config("x")["toImageButtonOptions"]["format"] == "svg"
    assert MIN_WIDTH <= EXPORT_WIDTH


def test_a_long_title_and_many_notes_make_room_for_themselves() -> None:
    t = translator("th")
    points = hostile_points().assign(series_name="กรมตัวอย่าง", scope_name=[f"แกน {n}" for n in range(5)])
    short = sample_caption("radar", t)
    long = Caption(
        short.title * 6, short.basis, short.fiscal_year, short.edition, 1, short.source, ("หมายเหตุ " * 40,) * 3
    )
    plain_figure, full_figure = (radar(points, caption, t) for caption in (short, long))
    assert full_figure.layout.title.text.count("<br>") > plain_figure.layout.title.text.count("<br>")
    for figure in (plain_figure, full_figure):
        margin = figure.layout.margin
        lines = foot_of(figure).count("<br>") + 1
        assert margin.b >= lines * 12 * 1.3
        assert margin.t >= 18 * 1.3 + figure.layout.title.text.count("<br>") * 13 * 1.3
        assert math.isclose(figure.layout.height - margin.t - margin.b, 460)


@pytest.mark.slow
def test_a_figure_for_a_file_says_below_its_source_which_data_it_shows_and_when_it_was_made(shown: Any) -> None:
    for _, figure, _, _ in shown[2]:
        before = figure.to_dict()
        made = with_origin(figure, "Data version: a1b2c3 · Made on <2 Jan 2026>")
        assert foot_of(made) == f"{foot_of(figure)}<br>Data version: a1b2c3 · Made on &lt;2 Jan 2026&gt;"
        assert made.layout.height - figure.layout.height == made.layout.margin.b - figure.layout.margin.b == 16
        assert made.layout.margin.t == figure.layout.margin.t
        from_the_top = [(1 - one.layout.title.y) * one.layout.height for one in (made, figure)]
        assert from_the_top[0] == pytest.approx(from_the_top[1])
        assert figure.to_dict() == before


def test_the_gallery_can_be_written_as_pages(tmp_path: Any) -> None:
    pages = write_gallery(tmp_path)
    assert sorted(page.name for page in pages) == ["en_dark.html", "en_light.html", "th_dark.html", "th_light.html"]
    page = (tmp_path / "th_light.html").read_text(encoding="utf-8")
    assert all(f"<h2>{name}</h2>" in page for name in NAMES)
