"""A chart is one value: its numbers stand in its figure, its editable chart and its table, and it says a finding."""

from __future__ import annotations

import datetime as dt
import html
import io
import math
import re
from dataclasses import replace
from functools import cache
from typing import Any

import openpyxl
import pandas as pd
import pytest
from charting import FRAMEWORK, drawing_by, points, untied
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pptx import Presentation

from pmqa import charts
from pmqa.charts.drawing import Drawing, Layer, Scale, level_colours, of_level
from pmqa.charts.findings import LONGEST, finding
from pmqa.charts.gallery import drawings, sample_caption
from pmqa.charts.palette import contrast
from pmqa.charts.render import figure
from pmqa.charts.render.wording import alt, columns_of, table
from pmqa.exports import Stamp, to_pptx, xlsx_with_charts
from pmqa.exports.drawings import chart_of, drawing_pages
from pmqa.exports.editable import Place
from pmqa.exports.sheets import Formula, Sheet
from pmqa.framework import Framework, Level
from pmqa.text import languages, translator

T = translator("th")
PLACE = Place("Sarabun", 12, 1180, 500)
STAMP = Stamp("เปรียบเทียบ", "เฉพาะที่มีหลักฐาน", "2569", "PMQA 4.0", 24, "", "a1b2c3", dt.date(2026, 11, 22))
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@cache
def every(language: str = "th") -> dict[str, Drawing]:
    return dict(drawings(language))


NAMES = list(every())
CHARTS = [name for name in NAMES if every()[name].kind != "grid"]  # a grid is a table


def editable(drawing: Drawing) -> tuple[etree._Element, Sheet]:
    xml, sheet = chart_of(drawing, PLACE, T)
    return etree.fromstring(xml), sheet


def numbers_of(layer: Layer) -> list[float]:
    """What a layer says: its values and ends, of bars that have a length, that."""
    found = []
    for cell in layer.cells:
        if cell.value is not None:
            found += [cell.value] if cell.to is None else [cell.to - cell.value] if layer.mark == "bar" else []
            found += [cell.value, cell.to] if cell.to is not None and layer.mark in ("span", "link") else []
    return found


def said(drawing: Drawing) -> list[float]:
    """Every number that a drawing has, in order of size."""
    shown = [layer for layer in drawing.drawn() if not layer.plain and layer.mark != "text"]
    if drawing.scale.around:
        return sorted(
            end for layer in shown for cell in layer.cells for end in (cell.value, cell.to) if end is not None
        )
    return sorted(number for layer in shown for number in numbers_of(layer))


# --- the same numbers everywhere ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHARTS)
def test_every_number_of_a_drawing_stands_in_its_figure(name: str) -> None:
    drawing = every()[name]
    drawn = figure(drawing, T).to_dict()
    shown: list[float] = [line["x0"] for line in drawn["layout"].get("shapes", ()) if line.get("xref") != "paper"]
    for trace in drawn["data"]:
        if trace["type"] == "bar":
            ends = zip(trace["base"], trace["x"], strict=True)
            shown += [part for base, long in ends for part in (base, long, base + long, base + 0.5, base + long - 0.5)]
        else:
            shown += [number for along in ("x", "y", "r") for number in trace.get(along, ()) if number is not None]
    for number in said(drawing):
        assert any(math.isclose(number, one, abs_tol=1e-9) for one in shown), number


@pytest.mark.parametrize("name", CHARTS)
def test_every_number_of_a_drawing_stands_in_its_table_and_in_the_sheet_behind_its_chart(name: str) -> None:
    drawing = every()[name]
    _, sheet = editable(drawing)
    values = [getattr(value, "value", value) for _, column in sheet.columns for value in column]
    listed = [value for column in table(drawing, T).to_dict("list").values() for value in column]
    for where in (values, listed):
        known = [value for value in where if isinstance(value, float) and not math.isnan(value)]
        for number in said(drawing):
            assert any(math.isclose(number, one, abs_tol=1e-9) for one in known), number


def cached(series: etree._Element, tag: str) -> dict[int, float]:
    """What a series' cache holds, by row."""
    return {int(pt.get("idx")): float(pt.findtext(f"{C}v")) for pt in series.findall(f"{C}{tag}//{C}pt")}


@pytest.mark.parametrize("name", CHARTS)
def test_a_blank_is_a_gap_in_the_chart_and_has_no_height_where_a_program_would_put_it_at_zero(name: str) -> None:
    root, sheet = editable(every()[name])
    assert root.find(f".//{C}dispBlanksAs").get("val") == "gap"
    for series in root.iter(f"{C}ser"):
        if series.find(f"{C}xVal") is not None:
            assert set(cached(series, "yVal")) <= set(cached(series, "xVal"))
    for column in columns_of(every()[name], T):
        same = [values for head, values in sheet.columns if head == column.head]
        blanks = [row for row, value in enumerate(column.values) if value is None]
        assert any(all(getattr(one[row], "value", one[row]) in (None, 0.0) for row in blanks) for one in same)


def recalculated(sheet: Sheet, changed: dict[tuple[int, int], float]) -> dict[tuple[int, int], float | None]:
    """What formulas give after cells were edited, worked out as a spreadsheet would."""
    found: dict[tuple[int, int], float | None] = {}
    for number, (_, column) in enumerate(sheet.columns, start=1):
        for row, value in enumerate(column):
            if isinstance(value, Formula):
                cells = [changed.get(at, getattr(sheet.at(*at), "value", sheet.at(*at))) for at in value.cells]
                found[number, row] = worked_out(value.text, cells)
    return found


def worked_out(text: str, cells: list[Any]) -> float | None:
    names = {f"c{place}": value for place, value in enumerate(cells)}
    code = re.sub(r"\{(\d)\}", r"c\1", text).replace("=", "==")
    given = {
        "IF": lambda test, then, other: then if test else other,
        "ISNUMBER": lambda value: isinstance(value, float),
        "COUNT": lambda *values: sum(isinstance(value, float) for value in values),
        "MAX": lambda *values: None if None in values else max(values),
        "NA": lambda: None,
    }
    if None in cells:
        return None if "IF" in code else 0.0
    return eval(code, {"__builtins__": {}}, given | names)


@pytest.mark.parametrize("name", CHARTS)
def test_formulas_give_what_is_drawn_and_move_it_when_a_number_is_edited(name: str) -> None:
    drawing = every()[name]
    root, sheet = editable(drawing)
    for at, value in recalculated(sheet, {}).items():
        kept = sheet.at(*at)
        assert isinstance(kept, Formula)
        assert value == pytest.approx(kept.value), kept
    # Whatever draws a mark is a column that people see, or follows one.
    visible = {number for number, (head, _) in enumerate(sheet.columns, start=1) if head}
    for series in root.iter(f"{C}ser"):
        along = ("xVal", "yVal") if drawing.across else ("xVal",) if series.find(f"{C}xVal") is not None else ("val",)
        references = [series.findtext(f"{C}{one}//{C}f") for one in along]
        letters = [re.search(r"\$([A-Z]+)\$", reference).group(1) for reference in references]
        number, *others = (
            sum((ord(one) - 64) * 26**place for place, one in enumerate(reversed(letter))) - 1 for letter in letters
        )
        drawn = series.find(f"{C}spPr/{A}noFill") is None and series.find(f".//{C}dLbls//{C}rich") is None
        if not drawn or not any(value is not None for value in sheet.columns[number - 1][1]):
            continue
        follow = all(value is None or isinstance(value, Formula) for value in sheet.columns[number - 1][1])
        follow |= any(isinstance(value, Formula) for one in others for value in sheet.columns[one - 1][1])
        if series.findtext(f"{C}tx//{C}v") in {layer.name for layer in drawing.layers if layer.plain}:
            continue
        post = drawing.kind == "rows" and series.findtext(f"{C}tx//{C}v") == T("charts.target")
        assert number in visible or follow or post, (name, letters)


def test_the_way_to_a_target_is_what_is_left_of_it_whichever_of_the_two_is_edited() -> None:
    rows = [("1", "หมวด 1", 250.0, 300.0, 50.0, 1.0), ("2", "หมวด 2", 310.0, 300.0, 0.0, 1.0)]
    gaps = charts.GAP_BARS.conform(pd.DataFrame(rows, columns=list(charts.GAP_BARS.columns)))
    _, sheet = editable(drawing_by(charts.gap_bars, gaps, sample_caption("gap_bars", T), T))
    heads = [head for head, _ in sheet.columns]
    score, gap, target = (heads.index(T(f"charts.{name}")) + 1 for name in ("score", "gap", "target"))
    found = recalculated(sheet, {(score, 0): 280.0, (target, 1): 400.0})
    assert (found[gap, 0], found[gap, 1]) == (20.0, 90.0)


# --- how the editable chart looks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHARTS)
def test_an_editable_chart_has_the_drawings_fixed_scale_and_a_font_for_thai_in_every_run(name: str) -> None:
    drawing = every()[name]
    root, _ = editable(drawing)
    seen = [axis for axis in root.iter(f"{C}valAx") if axis.find(f"{C}delete").get("val") == "0"]
    axis = next(axis for axis in seen if len(seen) == 1 or axis.find(f"{C}axPos").get("val") == "l")
    low, high = (float(axis.find(f"{C}scaling/{C}{end}").get("val")) for end in ("min", "max"))
    assert low == (0 if drawing.scale.around else drawing.scale.low)
    assert high >= float(f"{drawing.scale.high:g}")
    assert drawing.kind == "radar" or untied("".join(axis.find(f"{C}title").itertext())) == drawing.scale.title
    for run in (run for tag in ("defRPr", "rPr") for run in root.iter(f"{A}{tag}")):
        assert run.find(f"{A}latin").get("typeface") == run.find(f"{A}cs").get("typeface") == "Sarabun"


@pytest.mark.parametrize("name", ["gap_bars", "level_ladder", "level_distribution", "pareto"])
def test_the_legend_of_bars_leaves_out_as_many_series_before_as_after_its_own(name: str) -> None:
    """LibreOffice counts the entries of stacked bars from their end."""
    root, _ = editable(every()[name])
    series = list(root.iter(f"{C}ser"))
    out = [int(entry.find(f"{C}idx").get("val")) for entry in root.iter(f"{C}legendEntry")]
    assert out == sorted(len(series) - 1 - place for place in out)
    shown = [one.findtext(f"{C}tx//{C}v") for place, one in enumerate(series) if place not in out]
    assert shown == [layer.name for layer in every()[name].drawn() if layer.legend]


@pytest.mark.parametrize("name", ["gap_bars", "level_ladder", "level_distribution"])
def test_gaps_what_is_held_back_and_no_score_are_patterns_that_can_be_seen(name: str) -> None:
    patterned = [layer for layer in every()[name].drawn() if layer.style.fill in ("hatch", "dotted")]
    fills = [one.find(f"{C}spPr/{A}pattFill") for one in editable(every()[name])[0].iter(f"{C}ser")]
    assert sum(fill is not None for fill in fills) > len(patterned)
    for layer in patterned:
        assert contrast(layer.style.hue("light"), "#ffffff") >= (1.5 if name == "level_ladder" else 3)


def test_marks_of_incomplete_answers_are_open() -> None:
    root, _ = editable(every()["dots"])
    (own,) = (one for one in root.iter(f"{C}ser") if one.find(f"{C}dPt/{C}marker") is not None)
    fill = f"{C}marker/{C}spPr/{A}solidFill/{A}srgbClr"
    whole = own.find(fill).get("val")
    partly = [cell.row for layer in every()["dots"].layers for cell in layer.cells if cell.incomplete and cell.value]
    opened = [int(pt.find(f"{C}idx").get("val")) for pt in own.findall(f"{C}dPt") if pt.find(fill).get("val") != whole]
    assert set(partly) <= set(opened)


def test_names_are_text_in_the_sheet_whatever_they_look_like() -> None:
    hostile = points({"A": [100.0]}).assign(series_name="=cmd|' /C calc'!A0 <b>&")
    drawing = drawing_by(charts.dots, hostile, sample_caption("dots", T), T)
    content = editable(drawing)[1].workbook(STAMP)
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["A2"]
    assert (cell.value, cell.data_type) == ("=cmd|' /C calc'!A0 <b>&", "s")


# --- slides and workbooks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHARTS)
def test_pages_lose_no_row_and_number_their_finding(name: str) -> None:
    drawing = every()[name]
    parts = drawing_pages(drawing)
    everywhere = {id(layer) for layer in drawing.layers if layer.mark == "rule" or (drawing.panels and not layer.panel)}
    if drawing.panels:
        assert [panel for part in parts for panel in part.panels] == list(drawing.panels)
    else:
        assert [row for part in parts for row in part.rows] == list(drawing.rows)
    kept = [
        number
        for part in parts
        for layer in part.layers
        if layer.mark != "rule" and id(layer) not in everywhere
        for number in numbers_of(layer)
    ]
    whole = [number for layer in drawing.layers if id(layer) not in everywhere for number in numbers_of(layer)]
    assert sorted(kept) == pytest.approx(sorted(whole))
    if len(parts) > 1:
        assert all(part.finding.endswith(f"({n}/{len(parts)})") for n, part in enumerate(parts, start=1))


@pytest.mark.slow
def test_a_slide_has_the_finding_as_its_title_the_topic_below_and_the_words_as_alternative_text() -> None:
    drawing = every()["spine"]
    (slide,) = Presentation(io.BytesIO(to_pptx([drawing], STAMP))).slides
    assert slide.shapes.title.text == drawing.finding
    texts = [untied(shape.text_frame.text) for shape in slide.shapes if shape.has_text_frame]
    assert any(text.startswith(drawing.caption.title) and "n = 24" in text for text in texts)
    described = [element.get("descr") for element in slide.element.iter() if element.get("descr")]
    assert described == [alt(drawing)]
    notes = slide.notes_slide.notes_text_frame.text
    assert all(note in notes for note in (alt(drawing), *drawing.notes, T("exports.method")))


@pytest.mark.slow
@pytest.mark.parametrize("name", CHARTS)
def test_every_drawing_is_a_slide_and_a_sheet_with_its_own_chart(name: str) -> None:
    drawing = every()[name]
    slides = Presentation(io.BytesIO(to_pptx([drawing], STAMP))).slides
    assert len(slides) == len(drawing_pages(drawing))
    book = openpyxl.load_workbook(io.BytesIO(xlsx_with_charts([drawing], STAMP)))
    sheet = book.worksheets[0]
    assert len(sheet._charts) == max(len(drawing.panels), 1)
    assert sheet["A1"].value == drawing.finding
    heads = [cell.value for cell in sheet[6]]
    numbers = [column.head for column in columns_of(drawing, T)]
    assert [head for head in heads[1:] if head][: len(numbers)] == numbers


# --- findings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", languages())
def test_every_finding_is_one_short_sentence_with_a_number_and_begins_the_alternative_text(language: str) -> None:
    for name, drawing in every(language).items():
        assert 0 < len(drawing.finding) <= LONGEST, (name, drawing.finding)
        assert re.search(r"\d", drawing.finding), name
        assert "\n" not in drawing.finding, name
        assert alt(drawing).startswith(drawing.finding), name
        heading = html.unescape(figure(drawing, translator(language)).layout.title.text)
        assert re.sub(r"<[^>]*>|\s", "", heading).startswith(re.sub(r"\s", "", drawing.finding)), name


@given(st.lists(st.text("กขคงABC ่้", min_size=1, max_size=150), min_size=1, max_size=30), st.integers(0, 40))
def test_names_of_any_length_and_number_leave_a_finding_short_and_say_how_many_more(names: list[str], out: int) -> None:
    words = {"high": "500.0", "low": "0.0", "n": 300, "bottom": tuple(names)}
    said = finding(T, "dots", suffix=("missing", out), top=tuple(names), **words)
    assert len(said) <= LONGEST
    assert said.endswith(T("headline.missing", n=out)) or not out
    if len(names) > 3:
        assert T("headline.more", names="", more="").split()[0] in said


def finding_of(scores: dict[str, float], **more: Any) -> str:
    made = points({code: [score] for code, score in scores.items()})
    return drawing_by(charts.dots, made, sample_caption("dots", translator("en")), translator("en"), **more).finding


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ({"A": 400.0, "B": 300.0}, "Highest Agency A 400.0, lowest Agency B 300.0, of 2 agencies"),
        ({"A": 400.0, "B": 400.0, "C": 1.0}, "Highest Agency A, Agency B 400.0, lowest Agency C 1.0, of 3 agencies"),
        ({"A": 400.04, "B": 400.0}, "No difference: all 2 agencies have 400.0"),
        ({"A": 400.0, "B": math.nan}, "Only one agency has a score: Agency A 400.0 (no score: 1)"),
        ({"A": math.nan}, "There is no score to compare yet"),
        (
            {f"{n}": 10.0 * (n > 0) for n in range(9)},
            "Highest Agency 1, Agency 2, Agency 3 and 5 more 10.0, lowest Agency 0 0.0, of 9 agencies",
        ),
    ],
)
def test_a_finding_says_ties_as_they_are_shown_who_is_left_out_and_where_nothing_differs(
    scores: dict[str, float], said: str
) -> None:
    assert finding_of(scores) == said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([(100.0, 150.0), (200.0, 180.0), (1.0, 2.0)], "new above old in 2 of 3, most in R0 +50.0"),
        ([(100.0, 50.0), (200.0, 180.0)], "new below old in 2 of 2, most in R0 −50.0"),
        ([(100.0, 100.04), (200.0, 200.0)], "new and old do not differ in any of 2"),
        ([(math.nan, 1.0), (5.0, 7.0)], "R1: new against old +2.0 points (not comparable: 1)"),
        ([(math.nan, 1.0)], "old and new cannot be compared: nothing has both scores"),
    ],
)
def test_a_finding_of_two_values_says_which_is_higher_and_where_most(
    values: list[tuple[float, float]], said: str
) -> None:
    frame = pd.DataFrame(values, columns=["first", "second"])
    names = [f"R{n}" for n in range(len(values))]
    more = {"difference": frame["second"] - frame["first"], "first_coverage": 1.0, "second_coverage": 1.0}
    pairs = charts.PAIRS.conform(frame.assign(row=names, row_name=names, **more))
    t = translator("en")
    made = drawing_by(charts.dumbbell, pairs, ("old", "new"), sample_caption("dumbbell", t), t)
    assert made.finding == said


# --- editions ------------------------------------------------------------------------------------------------------


def edition(levels: int, top: float) -> Framework:
    """A made-up edition with other levels on another scale."""
    ids = [f"step{n}" for n in range(1, levels + 1)]
    worth = dict.fromkeys(ids, top / levels)
    scoring = replace(
        FRAMEWORK.scoring,
        scale_max=top,
        level_thresholds={level: top / levels * n for n, level in enumerate(ids, start=1)},
        band_points=worth,
    )
    name = {"th": "ขั้น", "en": "Step"}
    return replace(FRAMEWORK, levels=tuple(Level(one, one, name, name) for one in ids), scoring=scoring)


@pytest.mark.parametrize(("levels", "top"), [(5, 1000.0), (2, 100.0)])
def test_charts_of_an_edition_with_other_levels_and_another_scale_are_whole(levels: int, top: float) -> None:
    own, caption = edition(levels, top), sample_caption("pareto", T)
    ids = [level.id for level in own.levels]
    closing = [(f"c{n}", "ข้อ", "1.1", level, level, 10.0 * n, 2, 0.5) for n, level in enumerate(ids, start=1)]
    pareto = charts.pareto(charts.PARETO.conform(frame_of(charts.PARETO, closing)), caption, own, T)
    assert sum(cell.value is not None for layer in pareto.layers for cell in layer.cells) == levels
    assert [layer.style for layer in pareto.layers] == [of_level(own, level) for level in ids]
    steps = [("1.1", "ก", "1", level, level, 2, 1, 0, 1, 0, top / levels / 2, top / levels) for level in ids]
    ladder = charts.level_ladder(frame_of(charts.LADDER, steps), caption, own, T)
    assert max(cell.to for layer in ladder.layers for cell in layer.cells) == pytest.approx(top)
    assert ladder.scale == Scale.points(own, T)
    assert (ladder.scale.low, ladder.scale.high) == (0, top)
    assert f"{top:,.0f}" in ladder.scale.title
    for drawing in (pareto, ladder):
        assert figure(drawing, T).layout.xaxis.range[1] >= max(drawing.scale.ticks)
        assert editable(drawing)[0] is not None


@pytest.mark.parametrize("count", range(1, 8))
def test_colours_of_levels_go_from_light_to_dark_and_are_told_apart(count: int) -> None:
    colours = level_colours(count)
    assert len(set(colours)) == count + 1
    shades = [contrast(colour, "#ffffff") for colour in colours]
    assert shades == sorted(shades)


def frame_of(of: Any, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return of.conform(pd.DataFrame(rows, columns=list(of.columns)))


def test_a_grid_says_what_levels_letters_mean_where_it_prints_them_and_nowhere_else():
    wide = dict(drawings("th"))["heatmap"]
    assert wide.levels_key in _said(wide)
    assert wide.levels_key not in _said(replace(wide, narrow=True))
    assert wide.levels_key not in _said(replace(wide, phone=True))


def _said(drawing: Drawing) -> str:
    shapes = figure(drawing, translator("th")).layout.annotations
    return html.unescape(re.sub("<br>", " ", " ".join(note.text or "" for note in shapes)))
