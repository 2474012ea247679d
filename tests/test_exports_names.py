"""Editable charts of many agencies and with very long names: all of them told apart, none on top of another."""

from __future__ import annotations

import io

import openpyxl
import pytest
from charting import FRAMEWORK
from lxml import etree
from pptx.util import Pt
from test_drawings import PLACE
from test_exports_charts import CAPTION, STAMP, A, C, T, deck, points

from pmqa.charts import agency_colours, heatmap, radar
from pmqa.exports import to_pptx, xlsx_with_charts
from pmqa.exports.drawings import chart_of

pytestmark = pytest.mark.slow  # decks are made and made again

CROWD = {f"X{n:02d}": f"หน่วยงานตัวอย่าง {n}" for n in range(12)}
LONG = "สำนักงานคณะกรรมการส่งเสริมสวัสดิการและสวัสดิภาพครูและบุคลากรทางการศึกษาเพื่อการบูรณาการเชิงพื้นที่และการขับเคลื่อน "


def test_more_agencies_than_a_radar_can_hold_have_one_each_beside_the_median():
    look = agency_colours(list(CROWD))
    drawing = radar(points(8, CROWD), CAPTION, FRAMEWORK, T, colours=look)
    assert T("charts.missing_one", series=CROWD["X00"], scopes="มิติที่ 1") in drawing.notes
    slides = list(deck(to_pptx([drawing], STAMP)).slides)
    assert len(slides) == 4
    shown = [shape for slide in slides for shape in slide.shapes if shape.has_chart]
    for (code, name), shape in zip(CROWD.items(), shown, strict=True):
        root = etree.fromstring(shape.chart.part.blob)
        assert name in "".join(root.find(f".//{C}title").itertext())
        median, own = root.iter(f"{C}ser")
        assert [one.findtext(f"{C}tx//{C}v").partition(" · ")[0].replace("\xa0", " ") for one in (median, own)] == [
            "มัธยฐาน",
            name,
        ]
        assert f"#{own.find(f'.//{A}ln//{A}srgbClr').get('val')}".lower() == look[code].colour
    book = openpyxl.load_workbook(io.BytesIO(xlsx_with_charts([drawing], STAMP)))
    assert [len(sheet._charts) for sheet in book.worksheets] == [12]


def test_a_legend_has_room_for_all_names_and_lies_on_nothing():
    crowd = {f"X{n}": f"{LONG}{n}" for n in range(3)}
    root = etree.fromstring(chart_of(radar(points(8, crowd), CAPTION, FRAMEWORK, T), PLACE, T)[0])
    legend = {part: float(root.find(f".//{C}legend//{C}{part}").get("val")) for part in "xywh"}
    plot = {part: float(root.find(f".//{C}plotArea/{C}layout//{C}{part}").get("val")) for part in "xywh"}
    assert legend["x"] >= 0
    assert legend["y"] >= 0
    assert legend["x"] + legend["w"] <= 1.001
    assert legend["y"] + legend["h"] <= 1.001
    assert plot["x"] + plot["w"] < legend["x"]
    names = [series.findtext(f"{C}tx/{C}strRef/{C}strCache/{C}pt/{C}v") for series in root.iter(f"{C}ser")]
    shown = [name for name in names if name]
    assert len(set(shown)) == 4
    assert all("…" in name for name in shown[1:])
    assert shown[2].replace("\xa0", " ").endswith(T("charts.coverage_from", share="60%"))


def test_a_table_on_a_slide_with_very_long_names_ends_above_its_source():
    crowd = {f"X{n:02d}": f"{LONG * 2}{n}" for n in range(14)}
    slide = deck(to_pptx([heatmap(points(8, crowd), CAPTION, FRAMEWORK, T)], STAMP)).slides[0]
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    for row in list(table.rows)[1:]:
        lines = row.cells[0].text_frame.text.count("\v") + 1
        assert lines * Pt(9) * 1.6 <= row.height
    assert len({row.cells[0].text_frame.text for row in table.rows}) == len(table.rows) > 8
