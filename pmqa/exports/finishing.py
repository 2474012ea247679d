"""What every slide and the file itself say: which data, page numbers, languages of runs, properties that are true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from lxml import etree
from pptx.enum.text import PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from pmqa.charts.words import tied
from pmqa.exports.stamp import Stamp, clean_text
from pmqa.exports.template import Deck
from pmqa.text import languages

FOOT_SIZE: Final = 12  # points
NUMBER_WIDTH, FOOT_HEIGHT = Inches(1.2), Inches(0.26)
WIDE: Final = 16 / 9
NEARLY: Final = 0.01


def finish(deck: Deck, stamp: Stamp, write_font: Callable[[Any, str], None]) -> None:
    """Complete a deck, all of whose slides are there. write_font: names the font of a text frame's runs."""
    slides = list(deck.presentation.slides)
    for number, slide in enumerate(slides, start=1):
        for frame in _foot(deck, slide, stamp.origin_line(shown=True), f"{number}/{len(slides)}"):
            write_font(frame, deck.font)
        for part in (slide, slide.notes_slide) if slide.has_notes_slide else (slide,):
            _say_language(part.element, languages()[stamp.language].tag or stamp.language)
    _list_notes_master(deck.presentation)
    _say_size(deck.presentation)


def _foot(deck: Deck, slide: Any, origin: str, number: str) -> Iterator[Any]:
    """Which data, and the page number in the lower right corner, below the content, as text frames."""
    top = deck.presentation.slide_height - FOOT_HEIGHT
    right = min(deck.area.left + deck.area.width, deck.presentation.slide_width)
    left, middle = deck.area.left, right - NUMBER_WIDTH
    for name, start, end, words, side in (
        ("footer", left, middle, origin, PP_ALIGN.LEFT),
        ("page", middle, right, number, PP_ALIGN.RIGHT),
    ):
        box = slide.shapes.add_textbox(Emu(start), Emu(top), Emu(end - start), FOOT_HEIGHT)
        box.name, frame = name, box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.paragraphs[0].alignment = side
        run = frame.paragraphs[0].add_run()
        run.text, run.font.size = tied(clean_text(words)), Pt(FOOT_SIZE)
        yield frame


def _say_language(root: Any, language: str) -> None:
    """On every run, so that programs check its spelling by it and break Thai between words."""
    for run in root.iter(qn("a:r")):
        run.get_or_add_rPr().set("lang", language)


def _list_notes_master(presentation: Any) -> None:
    """Notes have a master, which the presentation must list."""
    element = presentation.part._element
    if element.find(qn("p:notesMasterIdLst")) is not None:
        return
    found = [rel for rel in presentation.part.rels.values() if rel.reltype == RELATIONSHIP_TYPE.NOTES_MASTER]
    if not found:
        return
    listed = etree.SubElement(element, qn("p:notesMasterIdLst"))
    etree.SubElement(listed, qn("p:notesMasterId")).set(qn("r:id"), found[0].rId)
    element.find(qn("p:sldMasterIdLst")).addnext(listed)


def _say_size(presentation: Any) -> None:
    """A slide of 16:9 is not called 4:3."""
    size = presentation.part._element.find(qn("p:sldSz"))
    if abs(presentation.slide_width / presentation.slide_height - WIDE) > NEARLY:
        return
    size.attrib.pop("type", None)
    for part in presentation.part.package.iter_parts():
        if part.partname == "/docProps/app.xml":
            part._blob = part.blob.replace(b"On-screen Show (4:3)", b"Widescreen")
