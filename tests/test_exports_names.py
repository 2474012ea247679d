"""Editable charts of many agencies and with very long names: all of them told apart, none on top of another."""

from __future__ import annotations

import io

import openpyxl
import pytest
from pptx.util import Pt
from test_exports_charts import CAPTION, STAMP, C, T, deck, points, xml_of

from pmqa.charts import agency_colours
from pmqa.exports import (
    heat_chart,
    radar_chart,
    to_pptx,
    xlsx_with_charts,
)
from pmqa.exports.native import pages_of

pytestmark = pytest.mark.slow  # decks are made and made again

CROWD = {f"X{n:02d}": f"หน่วยงานตัวอย่าง {n}" for n in range(12)}
LONG = "สำนักงานคณะกรรมการส่งเสริมสวัสดิการและสวัสดิภาพครูและบุคลากรทางการศึกษาเพื่อการบูรณาการเชิงพื้นที่และการขับเคลื่อน "


def test_more_agencies_than_a_radar_can_hold_have_one_each_beside_the_median():
    look = agency_colours(list(CROWD))
    parts = pages_of(radar_chart(points(8, CROWD), CAPTION, T, colours=look))
    assert len(parts) == 12
    for (code, name), part in zip(CROWD.items(), parts, strict=True):
        assert part.kind == "radar"
        assert [series.name.removesuffix(" (60%)") for series in part.series] == [name, "มัธยฐาน"]
        assert part.series[0].look == look[code]
        assert part.caption.title == f"{CAPTION.title} – {name}"
        assert part.caption.n == 1
        assert name in part.alt
    assert T("charts.missing_one", series=CROWD["X00"], scopes="มิติที่ 1") in parts[0].caption.notes
    assert not [note for note in parts[1].caption.notes if "มิติที่ 1" in note]
    slides = list(deck(to_pptx([radar_chart(points(8, CROWD), CAPTION, T)], STAMP)).slides)
    assert len(slides) == 12
    book = openpyxl.load_workbook(io.BytesIO(xlsx_with_charts([radar_chart(points(8, CROWD), CAPTION, T)], STAMP)))
    assert [len(sheet._charts) for sheet in book.worksheets] == [1] * 12


@pytest.mark.parametrize(("scopes", "kind"), [(3, "dots"), (4, "radar"), (12, "radar"), (13, "dots")])
def test_a_radar_has_4_to_12_axes_and_other_numbers_of_scopes_are_dots(scopes, kind):
    assert radar_chart(points(scopes), CAPTION, T).kind == kind


def test_a_legend_has_room_for_all_names_and_lies_on_nothing():
    crowd = {f"X{n}": f"{LONG}{n}" for n in range(3)}
    root = xml_of(radar_chart(points(8, crowd), CAPTION, T))
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
    assert f"{shown[1]}".endswith("1 (60%)")


def test_a_table_on_a_slide_with_very_long_names_ends_above_its_source():
    crowd = {f"X{n:02d}": f"{LONG * 2}{n}" for n in range(14)}
    slide = deck(to_pptx([heat_chart(points(8, crowd), CAPTION, T)], STAMP)).slides[0]
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    for row in list(table.rows)[1:]:
        lines = row.cells[0].text_frame.text.count("\v") + 1
        assert lines * Pt(9) * 1.6 <= row.height
    assert len({row.cells[0].text_frame.text for row in table.rows}) == len(table.rows) > 8
