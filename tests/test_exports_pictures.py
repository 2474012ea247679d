"""Pictures: set by Typst from what a chart's figure shows, in the product's font, the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from itertools import pairwise

import plotly.graph_objects as go
import pytest
from fontTools.ttLib import TTFont

from pmqa.charts import EXPORT_WIDTH, with_origin
from pmqa.charts.drawing import LOOKS, Drawing
from pmqa.charts.gallery import drawings
from pmqa.charts.palette import AGENCY_MARKERS
from pmqa.charts.render import figure as figure_of
from pmqa.charts.render.wording import alt
from pmqa.charts.words import width_of
from pmqa.errors import ExportError
from pmqa.exports import pictures, to_pdf, to_png, to_svg
from pmqa.exports.fonts import FILES, SIGNS, UNKNOWN, shown
from pmqa.exports.pictures import LEAST, PIXELS, SLIDE
from pmqa.exports.plots import scene_of
from pmqa.exports.report_pdf import ROOM, printed
from pmqa.exports.scenes import lines_of_markup
from pmqa.exports.symbols import OUTLINES
from pmqa.settings import ROOT
from pmqa.text import languages, translator

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no poppler on this machine")


@cache
def every(language: str) -> dict[str, Drawing]:
    return dict(drawings(language))


def drawing(name: str, language: str = "th") -> Drawing:
    return every(language)[name]


NAMES = list(every("th"))


def figure(name: str = "radar", language: str = "th") -> go.Figure:
    return figure_of(drawing(name, language), translator(language))


def size_of(png: bytes) -> tuple[int, int]:
    return struct.unpack(">II", png[16:24])


def text_of(pdf: bytes, folder) -> str:
    """The words of a PDF, lines joined, as one finds them by searching."""
    path = folder / "chart.pdf"
    path.write_bytes(pdf)
    found = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True).stdout.decode()
    return " ".join(found.split())


# --- size -------------------------------------------------------------------------------------------------------------


def test_a_png_has_the_pixels_of_a_screen_or_as_many_as_asked_for():
    one = figure()
    assert size_of(to_png(one)) == (PIXELS, round(one.layout.height * PIXELS / EXPORT_WIDTH))
    assert size_of(to_png(one, width=800, height=900, scale=1)) == (800, 900)


def test_a_very_tall_png_has_fewer_pixels():
    width, height = size_of(to_png(figure(), width=60, height=40_000))
    assert 65_000 < height <= 65_535
    assert abs(width - 60 * height / 40_000) < 1


# --- what is drawn ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", NAMES)
def test_every_chart_keeps_its_words_and_stays_inside_the_picture(name, language):
    """Every word of the screen's figure, and no mark beyond the paper's edge."""
    one = with_origin(figure(name, language), "origin 1")
    scene = scene_of(one)
    marks = (*scene.title, *scene.marks, *scene.foot)
    words = "".join(run[0] for mark in marks if mark["kind"] == "words" for run in mark["runs"])
    for annotation in one.layout.annotations:
        for line in lines_of_markup(annotation.text, 12, ""):
            assert shown(line.text) in words
    assert "origin 1" in words
    assert scene.alt == alt(drawing(name, language))
    assert scene.name
    assert not re.search("&[a-z#0-9]+;", words)
    for mark in scene.marks:
        for x, y in mark.get("parts", [[mark.get("at")]])[0]:
            assert -0.5 <= x <= scene.width + 0.5
            assert -0.5 <= y <= scene.height + 0.5


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", NAMES)
def test_on_a_slide_as_wide_as_the_picture_every_word_has_twelve_points(name, language):
    """And on a page of a report nine, whatever has to give way there."""
    scene = scene_of(figure(name, language))
    least = LEAST * scene.width / SLIDE
    assert smallest(scene.with_least(least)) >= least
    for page in printed(drawing(name, language), translator(language)):
        assert smallest(page) * min(ROOM[0] / page.width, ROOM[1] / page.height) >= 9 - 1e-6


def test_numbers_of_narrow_tiles_do_not_touch_each_other():
    scene = scene_of(figure("heatmap_items"))
    scene = scene.with_least(LEAST * scene.width / SLIDE)
    by_line: dict[float, list[tuple[float, float]]] = {}
    for word in filter(is_number, words_of(scene)):
        half = sum(width_of(text.rstrip("*"), size) for text, _, size, _ in word["runs"]) / 2
        by_line.setdefault(word["at"][1], []).append((word["at"][0] - half, word["at"][0] + half))
    assert by_line
    assert all(one[1] < other[0] for places in by_line.values() for one, other in pairwise(sorted(places)))


def words_of(scene) -> list:
    return [mark for mark in (*scene.title, *scene.marks, *scene.foot) if mark["kind"] == "words"]


def smallest(scene) -> float:
    """The smallest letters of a picture, in its pixels."""
    return min(size for word in words_of(scene) for text, _, size, _ in word["runs"] if text.strip())


def is_number(word) -> bool:
    return bool(re.fullmatch(r"-?[\d,.]+\*?", "".join(run[0] for run in word["runs"])))


def test_all_charts_become_pdfs_for_everybody():
    """Typst refuses what breaks PDF/UA-1; every chart of the gallery, and letters that no font here has."""
    for name in NAMES:
        assert b"pdfuaid" in to_pdf(figure(name))
    odd = replace(drawing("radar"), finding="กรม 漢字 😀 \u200b x")
    assert to_pdf(figure_of(odd, translator("th"))).startswith(b"%PDF-")


def test_a_mark_exists_for_every_look_of_an_agency():
    marks = {*AGENCY_MARKERS, *(look.mark.removesuffix("-open") for look in LOOKS.values())}
    assert marks - {"circle"} <= set(OUTLINES)


def test_markup_becomes_runs_and_never_source():
    markup = '<b>ก &lt;b&gt;</b><br><span style="font-size:11px;color:#123456">#x</span> y'
    found = lines_of_markup(markup, 13, "#000000")
    assert [line.runs for line in found] == [
        (("ก <b>", True, 13, "#000000"),),
        (("#x", False, 11.0, "#123456"), (" y", False, 13, "#000000")),
    ]


# --- the same again ---------------------------------------------------------------------------------------------------


def picture_digests() -> str:
    """What of every form must be the same for the same chart, whoever draws it and when."""
    made = [draw(figure(name)) for name in ("radar", "level_ladder") for draw in (to_png, to_svg, to_pdf)]
    return " ".join(hashlib.sha256(picture).hexdigest() for picture in made)


@pytest.mark.slow
def test_the_same_chart_gives_the_same_png_svg_and_pdf_in_another_process():
    code = "import test_exports_pictures as pictures; print(pictures.picture_digests())"
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
        "PYTHONHASHSEED": "7",
        "TZ": "America/New_York",
    }
    found = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)
    assert found.stdout.strip() == picture_digests()


def test_many_at_once_get_the_same_picture():
    one = figure("indicator_line")
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: to_svg(one), range(4)))) == 1


# --- words that can be found ------------------------------------------------------------------------------------------

SENTENCES = (
    "ตัวชี้วัดทั้งหมดเป็นไปตามเป้าหมาย",
    "กรมป้องกันและบรรเทาสาธารณภัยเพิ่มขึ้น 20.5",
    "ผู้ใช้น้ำในพื้นที่ชี้แจงว่าไม่มีน้ำ",
    "เปลี่ยนแปลงครั้งนี้ทั้งสิ้น 12 ครั้ง",
)


@needs_poppler
@pytest.mark.parametrize("sentence", SENTENCES)
def test_whole_sentences_come_back_from_a_pdf(sentence, tmp_path):
    told = figure_of(replace(drawing("indicator_line"), finding=sentence, notes=(sentence,)), translator("th"))
    assert text_of(to_pdf(told), tmp_path).count(sentence) == 2


@needs_poppler
@pytest.mark.parametrize("language", languages())
def test_a_pdf_begins_with_its_finding_and_says_its_language(language, tmp_path):
    one, pdf = drawing("indicator_line", language), to_pdf(figure("indicator_line", language), language)
    assert text_of(pdf, tmp_path).startswith(one.finding)
    assert f"/Lang ({language})".encode() in pdf or f"/Lang({language})".encode() in pdf
    assert b"/StructTreeRoot" in pdf


@needs_poppler
def test_a_pdf_embeds_the_products_font_and_no_other(tmp_path):
    path = tmp_path / "chart.pdf"
    path.write_bytes(to_pdf(figure("dots")))
    listed = subprocess.run(["pdffonts", str(path)], check=True, capture_output=True, text=True).stdout
    fonts = [line.split() for line in listed.splitlines()[2:]]
    assert {font[0].partition("+")[2] for font in fonts} == {"Sarabun-Regular", "Sarabun-Bold"}
    assert all(font[-5] == "yes" for font in fonts)


def test_what_counts_as_known_is_in_both_weights_of_the_font():
    known = {chr(code) for code in range(0x20, 0x3000) if not UNKNOWN.match(chr(code))} - set(SIGNS)
    for path in FILES:
        assert known <= {chr(code) for code in TTFont(path).getBestCmap()}
    assert shown("ก 漢 ●") == "ก □ ●"


def test_a_picture_that_typst_refuses_is_an_error_that_says_what_to_do(monkeypatch):
    monkeypatch.setattr(pictures, "scene_of", lambda *_, **__: scene_of(figure()).__class__(-5, 10, "no colour", ""))
    with pytest.raises(ExportError, match="could not be drawn"):
        to_svg(figure(), "en")
