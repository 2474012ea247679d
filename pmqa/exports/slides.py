"""Presentations with native, editable charts: a slide a chart, in the deck of this product or of a ministry."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from pmqa.charts.drawing import Drawing
from pmqa.charts.drawing import Kind as DrawingKind
from pmqa.charts.render.radar import key_of_axes
from pmqa.charts.render.wording import alt
from pmqa.charts.words import fitted, lines_of, tied
from pmqa.exports.archive import repacked
from pmqa.exports.drawings import drawing_pages, in_one_look, pieces_of, topic_line
from pmqa.exports.editable import Place
from pmqa.exports.finishing import finish
from pmqa.exports.fonts import bold_width
from pmqa.exports.grids import add_grid
from pmqa.exports.legends import PIXELS_A_POINT
from pmqa.exports.stamp import SEPARATOR, Stamp, clean_text
from pmqa.exports.tables import display_width
from pmqa.exports.template import Area, Deck, deck_from, own_deck
from pmqa.text import Translator, translator

LINE: Final = 1.6  # height of a line in font sizes: Thai marks above and below need it
SPACING: Final = 1.15
LETTER: Final = 0.52  # width of a letter in font sizes
LEAST_TITLE: Final = 16  # points
LEAST_OF_A_LINE: Final = 18  # points of a title on one line; rather than smaller it takes two
ON_THE_SAFE_SIDE: Final = 0.94  # of a line's width: fonts that stand in for a missing one are wider by so much
TITLE_MARGINS: Final = Inches(0.2)
SMALL: Final = 12  # points
EMU_A_PIXEL: Final = 9525
AUTHOR: Final = "PMQA Dashboard"
MOST_NOTES: Final = 3  # below a chart, its own first; the rest is in the notes


@dataclass(frozen=True)
class _ChartParts:
    """What python-pptx asks of chart data: the chart's XML and the workbook behind it."""

    xml: bytes
    xlsx_blob: bytes

    def xml_bytes(self, _chart_type: XL_CHART_TYPE) -> bytes:
        return self.xml


def to_pptx(charts: Sequence[Drawing], stamp: Stamp, *, template: bytes | None = None) -> bytes:
    """A deck of the charts, a slide each; charts with many rows take several.

    template: a .pptx whose masters, layouts and fonts are used and whose slides are left out. Raises ExportError
    where it cannot be used.
    """
    deck = new_deck(stamp, template)
    for chart in in_one_look(charts):
        add_chart_slides(deck, chart, stamp)
    return deck_bytes(deck, stamp)


def new_deck(stamp: Stamp, template: bytes | None = None) -> Deck:
    """An empty deck."""
    return own_deck() if template is None else deck_from(template, stamp.language)


def add_chart_slides(deck: Deck, drawing: Drawing, stamp: Stamp, spoken: str = "") -> None:
    """A slide, or as many as the drawing's rows need. spoken: what the speaker is to say, first in the notes."""
    for part in drawing_pages(drawing):
        _add_chart_slide(deck, part, stamp, spoken)


def _add_chart_slide(deck: Deck, drawing: Drawing, stamp: Stamp, spoken: str) -> None:
    """The finding as title; topic, basis, year and n below it; the chart, small print; the words in the notes."""
    t = translator(stamp.language)
    slide, area = add_titled_slide(deck, drawing.finding)
    above = add_text(deck, slide, area, [topic_line(drawing, t)], SMALL)
    source = source_line(drawing, t)
    notes = [*(key_of_axes(drawing, t) if drawing.kind == "radar" else ()), *drawing.footnotes, *drawing.caption.notes]
    small_print = [*notes[:MOST_NOTES], source]
    below = text_height(small_print, SMALL, area.width)
    room = Area(area.left, area.top + above, area.width, area.height - above - below)
    RENDERERS[drawing.kind](deck, slide, drawing, room, stamp)
    add_text(deck, slide, Area(area.left, area.top + area.height - below, area.width, below), small_print, SMALL)
    said = [alt(drawing), topic_line(drawing, t), *notes, source, stamp.origin_line(shown=True), t("exports.method")]
    write_notes(slide, "\n".join([*spoken_first(spoken), *said]))


def _add_charts(deck: Deck, slide: Any, drawing: Drawing, room: Area, stamp: Stamp) -> None:
    """The chart, or one a panel: the first has the drawing's words as alternative text, others say whose they are."""
    place = Place(deck.font, SMALL, room.width / EMU_A_PIXEL, room.height / EMU_A_PIXEL)
    for number, piece in enumerate(pieces_of(drawing, place, translator(stamp.language))):
        edges = (piece.left, piece.top, piece.place.width, piece.place.height)
        left, top, width, height = (int(edge * EMU_A_PIXEL) for edge in edges)
        at = Area(room.left + left, room.top + top, width, height)
        said = piece.name if number else alt(drawing)
        insert_chart(slide, at, piece.xml, piece.sheet.workbook(stamp), piece.name, said)


RENDERERS: Final[Mapping[DrawingKind, Callable[[Deck, Any, Drawing, Area, Stamp], None]]] = {
    "rows": _add_charts,
    "radar": _add_charts,
    "grid": add_grid,
    "course": _add_charts,
    "field": _add_charts,
}


def source_line(drawing: Drawing, t: Translator) -> str:
    """Source and filters of a drawing."""
    source = drawing.caption.source and t("exports.source", source=drawing.caption.source)
    filters = drawing.caption.filters and t("exports.filters", filters=drawing.caption.filters)
    return SEPARATOR.join(part for part in (source, filters) if part)


def add_titled_slide(deck: Deck, title: str) -> tuple[Any, Area]:
    """A new slide of the deck's layout with its title, and the area for content; empty placeholders are removed."""
    slide = deck.presentation.slides.add_slide(deck.layout)
    for shape in list(slide.placeholders):
        if shape is not slide.shapes.title and shape.shape_id != getattr(slide.shapes.title, "shape_id", None):
            shape.element.getparent().remove(shape.element)
    size, shown = _fitted_title(deck, title)
    holder, place = slide.shapes.title, deck.title
    if holder is None:
        add_text(deck, slide, place, [shown], size, bold=True)
        return slide, deck.area
    if deck.moved:
        holder.left, holder.top, holder.width, holder.height = (
            Emu(edge) for edge in (place.left, place.top, place.width, place.height)
        )
    holder.text_frame.text = tied(shown)
    if deck.moved or size < deck.title_size:
        for run in holder.text_frame.paragraphs[0].runs:
            run.font.size = Pt(size)
    write_font(holder.text_frame, deck.font.replace("+mn", "+mj"))
    return slide, deck.area


def _fitted_title(deck: Deck, title: str) -> tuple[int, str]:
    """Points of a title that fit its place, and the title: what is too long for the least gives way in its middle."""
    text, width = clean_text(title), deck.title.width - TITLE_MARGINS
    one_line = ON_THE_SAFE_SIDE * width / Pt(1) / max(bold_width(text), 1)  # points
    for size in range(deck.title_size, LEAST_TITLE - 1, -2):
        if size <= one_line:
            height = LINE * Pt(size)
        elif one_line >= LEAST_OF_A_LINE:
            continue
        else:
            height = max(2 * LINE * Pt(size), text_height([text], size, width))
        if height <= deck.title.height:
            return size, text
    lines = max(int(deck.title.height / (Pt(LEAST_TITLE) * LINE)), 1)
    return LEAST_TITLE, "\v".join(fitted(text, width / EMU_A_PIXEL, LEAST_TITLE * PIXELS_A_POINT, lines))


def insert_chart(slide: Any, room: Area, xml: bytes, workbook: bytes, name: str, said: str) -> None:
    """A chart part with the workbook behind it, and its alternative text."""
    # The type only chooses a writer inside python-pptx, and ours comes with its own.
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.RADAR,
        Emu(room.left),
        Emu(room.top),
        Emu(room.width),
        Emu(room.height),
        _ChartParts(xml, workbook),
    )
    properties = frame._element.xpath("./p:nvGraphicFramePr/p:cNvPr")[0]
    properties.set("name", clean_text(name))
    properties.set("descr", clean_text(said))


def add_text(deck: Deck, slide: Any, room: Area, lines: Sequence[str], size: int, *, bold: bool = False) -> int:
    """Lines of text at the top of an area; the height that they take."""
    height = text_height(lines, size, room.width)
    box = slide.shapes.add_textbox(Emu(room.left), Emu(room.top), Emu(room.width), Emu(height))
    frame = box.text_frame
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    write_lines(frame, lines, size, deck.font, bold=bold)
    for paragraph in frame.paragraphs:
        paragraph.line_spacing = SPACING
    return height


def text_height(lines: Sequence[str], size: int, width: int) -> int:
    """EMU that lines of text take, wrapped at a width, in the widest font that may stand in for the Thai one."""
    characters = max(int(width / (Pt(size) * LETTER)), 1)
    rows = 0
    for line in lines:
        full = max(-(-display_width(line) // characters), 1)
        # Of several lines each ends where Thai may break.
        rows += full if full == 1 else max(full, len(lines_of(line, width / EMU_A_PIXEL, size * PIXELS_A_POINT)))
    return int(rows * Pt(size) * LINE)


def write_lines(frame: Any, lines: Sequence[str], size: float, font: str, *, bold: bool = False) -> None:
    """Replace a text frame's content by paragraphs of plain text."""
    for number, line in enumerate(lines or [""]):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = tied(clean_text(line).replace("\v", " "))
        run.font.size, run.font.bold = Pt(size), bold
    write_font(frame, font)


def write_font(frame: Any, font: str) -> None:
    """The font for Latin and for complex scripts on every run: Thai follows the second and ignores the first."""
    complex_font = font.replace("-lt", "-cs") if font.startswith("+") else font
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            properties = run._r.get_or_add_rPr()
            for tag, name in (("a:latin", font), ("a:cs", complex_font)):
                for old in properties.findall(qn(tag)):
                    properties.remove(old)
                properties.append(properties.makeelement(qn(tag), {"typeface": name}))


def spoken_first(spoken: str) -> list[str]:
    """The lines of a speaker's note, with an empty one after them; none where there is no note."""
    return [*spoken.splitlines(), ""] if spoken.strip() else []


def write_notes(slide: Any, text: str) -> None:
    """The notes of a slide."""
    slide.notes_slide.notes_text_frame.text = clean_text(text)


def deck_bytes(deck: Deck, stamp: Stamp) -> bytes:
    """The deck as a file whose bytes depend on its content alone."""
    properties = deck.presentation.core_properties
    properties.title, properties.subject = clean_text(stamp.title)[:255], clean_text(stamp.basis_line())[:255]
    properties.comments = clean_text(SEPARATOR.join(stamp.lines()[1:]))[:255]
    properties.author = properties.last_modified_by = AUTHOR
    properties.created = properties.modified = stamp.moment
    properties.revision = 1
    finish(deck, stamp, write_font)
    content = io.BytesIO()
    deck.presentation.save(content)
    return repacked(content.getvalue())
