"""The presentation that a deck is made from: this product's own, or a ministry's .pptx opened within limits."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import CONTENT_TYPE as CT
from pptx.opc.package import XmlPart
from pptx.opc.packuri import PackURI
from pptx.util import Emu, Inches

from pmqa.errors import ExportError
from pmqa.exports.stamp import clean_text
from pmqa.exports.tables import FONT
from pmqa.text import translator

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)  # 16:9
MARGIN: Final = Inches(0.5)
EDGE: Final = Inches(0.2)  # kept free at the slide's edge
TITLE_SIZE: Final = 26  # points
STRIP_TOP, STRIP_HEIGHT = Inches(0.2), Inches(0.94)  # of titles: room for two lines of Thai
LEAST_SHARE: Final = 0.4  # of the slide's width and height, for a chart that can be read
MOST_OF_TITLE: Final = 0.4  # of the slide's height, down to where its title ends
MOST_BYTES: Final = 50_000_000
MOST_ENTRIES: Final = 3_000
MOST_UNPACKED: Final = 300_000_000
MOST_RATIO: Final = 200  # of a part over a megabyte
MEGABYTE: Final = 1_000_000
PRESENTATION: Final = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
TEMPLATE: Final = b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml"
DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
REFERENCE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DTD: Final = re.compile(rb"<!DOCTYPE|<!ENTITY")
ONLY_XML: Final = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
# What may lead out of a deck: a click, which a reader decides on. Programs fetch all else when they open the file.
CLICKED: Final = "/hyperlink"
CLICKS: Final = frozenset({"hlinkClick", "hlinkHover", "hlinkMouseOver"})
SLIDES: Final = frozenset({CT.PML_SLIDE, CT.PML_NOTES_SLIDE})
# Of the slides that are left out: their titles, a picture of the first, how they were last seen and are to be shown.
ABOUT_SLIDES: Final = ("/extended-properties", "/metadata/thumbnail", "/viewProps", "/presProps")
TITLES: Final = {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}
CONTENT: Final = {PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.CHART, PP_PLACEHOLDER.BODY}


@dataclass(frozen=True)
class Area:
    """A rectangle of a slide, in EMU."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Deck:
    """A presentation without slides, and what new slides need to know of it.

    title: where titles go, in at most `title_size` points; moved: the layout has no good place for them. area: where
    content goes, below the title. font: for Latin and Thai; "+mn-lt" = as the template's theme says.
    """

    presentation: Any
    layout: Any
    title: Area
    title_size: int
    area: Area
    font: str
    moved: bool = False


def own_deck() -> Deck:
    """A plain 16:9 deck in the Thai offices' font."""
    presentation: Any = Presentation()
    ratio = WIDTH / presentation.slide_width
    presentation.slide_width, presentation.slide_height = WIDTH, HEIGHT
    for holder in (presentation.slide_master, *presentation.slide_layouts):
        for shape in holder.placeholders:
            if shape.element.spPr.find(f"{DRAWING}xfrm") is not None:
                shape.left, shape.width = Emu(int(shape.left * ratio)), Emu(int(shape.width * ratio))
    title = next(p for p in presentation.slide_master.placeholders if p.placeholder_format.type == PP_PLACEHOLDER.TITLE)
    strip = _strip(WIDTH)
    title.left, title.top, title.width, title.height = strip.left, strip.top, strip.width, strip.height
    title.text_frame.margin_left = 0
    _write_styles(presentation.slide_master, TITLE_SIZE)
    _write_theme_font(presentation, FONT)
    layout = next(layout for layout in presentation.slide_layouts if layout.name == "Title Only")
    for shape in layout.placeholders:
        if (
            shape.placeholder_format.type == PP_PLACEHOLDER.TITLE
            and shape.element.spPr.find(f"{DRAWING}xfrm") is not None
        ):
            shape.element.spPr.remove(shape.element.spPr.find(f"{DRAWING}xfrm"))
    top = strip.top + strip.height
    area = Area(MARGIN, top, WIDTH - 2 * MARGIN, HEIGHT - top - Inches(0.3))
    _number_parts_quickly(presentation)
    return Deck(presentation, layout, strip, TITLE_SIZE, area, FONT)


def deck_from(template: bytes, language: str) -> Deck:
    """The template without its slides. Raises ExportError, in the language, for what is no sound presentation."""
    _inspect(template, language)
    try:
        presentation = Presentation(io.BytesIO(template))
        if _fetches(presentation.part.package):
            raise _refusal("outside", language)
        layout = _content_layout(presentation)
        title, area, moved = _areas(presentation, layout)
        _remove_slides(presentation)
        _number_parts_quickly(presentation)
        font = _font(presentation)
    except (
        KeyError,
        ValueError,
        AttributeError,
        TypeError,
        IndexError,
        RecursionError,
        OSError,
        etree.LxmlError,
    ) as error:
        raise _refusal("damaged", language, error) from error
    return Deck(presentation, layout, title, TITLE_SIZE if moved else _title_size(layout), area, font, moved)


def _inspect(template: bytes, language: str) -> None:
    """Refuse what is no presentation, unpacks to too much, has a DTD, or fetches from elsewhere when it is opened."""
    if len(template) > MOST_BYTES:
        raise _refusal("large", language)
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES:
                raise _refusal("large", language)
            if len({entry.filename.casefold() for entry in entries}) != len(entries):
                raise _refusal("damaged", language)
            total = 0
            for entry in entries:
                if entry.file_size > max(MEGABYTE, MOST_RATIO * entry.compress_size):
                    raise _refusal("large", language)
                with archive.open(entry) as part:
                    data = part.read(MOST_UNPACKED - total + 1)  # the directory's sizes can lie
                total += len(data)
                if total > MOST_UNPACKED:
                    raise _refusal("large", language)
                _inspect_part(entry.filename, data, language)
            if "[Content_Types].xml" not in archive.namelist():
                raise _refusal("damaged", language)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _refusal("damaged", language, error) from error


def _inspect_part(name: str, data: bytes, language: str) -> None:
    lowered = name.lower()
    if lowered.endswith((".bin", ".vml")) and b"VBA" in data[:MEGABYTE]:
        raise _refusal("macros", language)
    if not lowered.endswith((".xml", ".rels")):
        return
    if DTD.search(data) or data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise _refusal("damaged", language)
    if lowered.endswith(".rels") and any(_leads_outside(relation) for relation in _relations(data, language)):
        raise _refusal("outside", language)
    if name == "[Content_Types].xml":
        if b"macroEnabled" in data or b"vbaProject" in data:
            raise _refusal("macros", language)
        if PRESENTATION not in data:
            raise _refusal("potx" if TEMPLATE in data else "damaged", language)


def _relations(data: bytes, language: str) -> Iterator[Any]:
    """The relationships of a part. Parsed, since a name or a mode has many spellings in XML."""
    try:
        yield from etree.fromstring(data, ONLY_XML).iter("{*}Relationship")
    except etree.XMLSyntaxError as error:
        raise _refusal("damaged", language, error) from error


def _leads_outside(relation: Any) -> bool:
    """Whether what a relationship names is elsewhere, and is no link to click on."""
    outside = relation.get("TargetMode", "").strip().casefold() == "external"
    return outside and not relation.get("Type", "").endswith(CLICKED)


def _fetches(package: Any) -> bool:
    """Whether anything but a click uses a link: programs draw a picture from any relationship, whatever its type."""
    return any(
        name.startswith(REFERENCE) and value in links and etree.QName(element).localname not in CLICKS
        for part in package.iter_parts()
        if (links := {relation for relation, found in part.rels.items() if found.is_external})
        for element in etree.fromstring(part.blob, ONLY_XML).iter(etree.Element)
        for name, value in element.attrib.items()
    )


def _refusal(why: str, language: str, error: Exception | None = None) -> ExportError:
    sentence = translator(language)(f"exports.template.{why}")
    return ExportError(f"{sentence} ({clean_text(str(error))})" if error is not None and str(error) else sentence)


def _content_layout(presentation: Any) -> Any:
    """The layout for a title with one content: that which has both, with the most room; else one with a title."""
    titled = []
    for layout in presentation.slide_layouts:
        kinds = [placeholder.placeholder_format.type for placeholder in layout.placeholders]
        if TITLES.intersection(kinds):
            titled.append((sum(kind in CONTENT for kind in kinds), layout))
    one = [layout for count, layout in titled if count == 1]
    if one:
        return max(one, key=lambda layout: max(a.width * a.height for a in _content_areas(layout)))
    if titled:
        return min(titled, key=lambda pair: pair[0])[1]
    return presentation.slide_layouts[0]


def _content_areas(layout: Any) -> list[Area]:
    return [
        Area(p.left, p.top, p.width, p.height)
        for p in layout.placeholders
        if p.placeholder_format.type in CONTENT and p.width and p.height
    ]


def _areas(presentation: Any, layout: Any) -> tuple[Area, Area, bool]:
    """Where titles and content go, and whether titles go where the layout has none.

    Content takes the largest of the layout as far as it is on the slide, else the room below the title. A layout
    whose title leaves too little of it (a cover), or which has none, has a strip for it at the top.
    """
    width, height = presentation.slide_width, presentation.slide_height
    strip = _strip(width)
    own = [p for p in layout.placeholders if p.placeholder_format.type in TITLES and p.width and p.height]
    title = Area(own[0].left, own[0].top, own[0].width, own[0].height) if own else strip
    for area in sorted(_content_areas(layout), key=lambda area: area.width * area.height, reverse=True):
        left, top = max(area.left, 0), max(area.top, 0)
        right = min(area.left + area.width, width - EDGE)
        bottom = min(area.top + area.height, height - EDGE)
        if right - left >= width * LEAST_SHARE and bottom - top >= height * LEAST_SHARE:
            return title, Area(left, top, right - left, bottom - top), not own
    moved = not own or title.top + title.height > height * MOST_OF_TITLE
    title = strip if moved else title
    top = title.top + title.height
    return title, Area(MARGIN, top, width - 2 * MARGIN, height - top - EDGE), moved


def _strip(width: int) -> Area:
    """A place for titles at the top of a slide of this width."""
    return Area(MARGIN, STRIP_TOP, width - 2 * MARGIN, STRIP_HEIGHT)


def _title_size(layout: Any) -> int:
    """Points of the layout's titles, as far as the layout or its master says."""
    master = layout.slide_master
    holders = [p.element for of in (layout, master) for p in of.placeholders if p.placeholder_format.type in TITLES]
    for element in [*holders, *master.element.iter("{*}titleStyle")]:
        for run in element.iterfind(".//{*}lvl1pPr/{*}defRPr[@sz]"):
            return int(run.get("sz")) // 100
    return TITLE_SIZE


def _remove_slides(presentation: Any) -> None:
    """Leave out the slides, their notes, and whatever else tells of them or leads to them."""
    main, package = presentation.part._element, presentation.part.package
    main.get_or_add_sldIdLst().clear()
    # Own shows and sections of the template name its slides.
    for element in list(main.iter("{*}custShowLst", "{*}extLst")):
        element.getparent().remove(element)
    for part in [package, *package.iter_parts()]:
        relations = package._rels if part is package else part.rels
        for key, relation in list(relations.items()):
            if not relation.is_external and (
                relation.target_part.content_type in SLIDES or relation.reltype.endswith(ABOUT_SLIDES)
            ):
                relations.pop(key)
                if part is not package:
                    _remove_clicks(part, key)


def _remove_clicks(part: Any, relation: str) -> None:
    """Remove links to what is gone, from a master or a layout: PowerPoint would offer to repair the file."""
    if isinstance(part, XmlPart):
        for element in part._element.xpath(f"//*[@r:id='{relation}']"):
            if etree.QName(element).localname in CLICKS:
                element.getparent().remove(element)


def _number_parts_quickly(presentation: Any) -> None:
    """Let the package count its part names instead of walking all its parts for each new one.

    python-pptx finds the next free name by a walk over the whole package: with three parts a slide that makes a
    deck of 300 slides quadratic.
    """
    package = presentation.part.package
    search: Callable[[str], PackURI] = package.next_partname
    last: dict[str, int] = {}

    def numbered(pattern: str) -> PackURI:
        if pattern not in last:
            first = search(pattern)
            taken = [part.partname for part in package.iter_parts()]
            prefix, _, suffix = pattern.partition("%d")
            numbers = [name[len(prefix) : len(name) - len(suffix)] for name in taken if name.startswith(prefix)]
            last[pattern] = max([int(number) for number in numbers if number.isdigit()], default=0)
            if not last[pattern]:
                last[pattern] = 1
                return first
        last[pattern] += 1
        return PackURI(pattern % last[pattern])

    package.next_partname = numbered


def _font(presentation: Any) -> str:
    """As the theme says where it names a font for complex scripts, else the Thai offices' font."""
    theme = _theme(presentation)
    named = theme is not None and theme.find(f".//{DRAWING}minorFont/{DRAWING}cs")
    return "+mn-lt" if named is not None and named is not False and named.get("typeface") else FONT


def _theme(presentation: Any) -> Any:
    for relation in presentation.slide_master.part.rels.values():
        if relation.reltype.endswith("/theme"):
            return etree.fromstring(relation.target_part.blob)
    return None


def _write_theme_font(presentation: Any, font: str) -> None:
    for relation in presentation.slide_master.part.rels.values():
        if relation.reltype.endswith("/theme"):
            theme = etree.fromstring(relation.target_part.blob)
            for kind in ("majorFont", "minorFont"):
                for script in ("latin", "cs"):
                    theme.find(f".//{DRAWING}{kind}/{DRAWING}{script}").set("typeface", font)
            relation.target_part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _write_styles(master: Any, size: int) -> None:
    """Titles to the left, in a size (points) that leaves room for two lines of Thai."""
    for style in master.element.iter("{http://schemas.openxmlformats.org/presentationml/2006/main}titleStyle"):
        level = style.find(f"{DRAWING}lvl1pPr")
        level.set("algn", "l")
        run = level.find(f"{DRAWING}defRPr")
        run.set("sz", str(size * 100))
        run.set("b", "1")
