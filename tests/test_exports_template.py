"""A ministry's own slides as a template: its looks are taken, its slides left, and nothing in it reaches outside."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from pptx import Presentation
from pptx.util import Inches, Pt

from pmqa.charts import CHART_POINTS, Caption, dots, radar
from pmqa.charts.drawing import Drawing
from pmqa.errors import ExportError
from pmqa.exports import Stamp, to_pptx, to_xlsx, to_zip
from pmqa.framework import shipped_frameworks
from pmqa.text import translator

pytestmark = pytest.mark.slow  # decks are made

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
T = translator("th")
STAMP = Stamp("เปรียบเทียบ", "เฉพาะที่มีหลักฐาน", "2569", "PMQA 4.0", 24, "", "a1b2c3", dt.date(2026, 11, 22))
CAPTION = Caption("ใครเด่นด้านใด", "เฉพาะที่มีหลักฐาน", "2569", "PMQA 4.0", 24, "แบบประเมินตนเอง")
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PICTURE = f"{OFFICE}/relationships/image"
SLIDE = f"{OFFICE}/relationships/slide"


def points(scopes: int, agencies: int) -> pd.DataFrame:
    rows = [
        (f"A{agency}", f"หน่วยงาน {agency}", "agency", f"s{scope}", f"มิติที่ {scope}", 300.0, 1.0, None)
        for agency in range(agencies)
        for scope in range(scopes)
    ]
    return CHART_POINTS.conform(pd.DataFrame(rows, columns=list(CHART_POINTS.columns)))


FRAMEWORK = shipped_frameworks()["pmqa4"]
CHARTS = {
    "radar": radar(points(8, 2), CAPTION, shipped_frameworks()["pmqa4"], T),
    "values": dots(points(4, 2), CAPTION, FRAMEWORK, T),
    "agencies": dots(points(1, 30), CAPTION, FRAMEWORK, T),
}


def deck(content: bytes):
    return Presentation(io.BytesIO(content))


def titled(finding: str) -> Drawing:
    return replace(CHARTS["radar"], finding=finding)


def saved(presentation) -> bytes:
    content = io.BytesIO()
    presentation.save(content)
    return content.getvalue()


def template(*, layout_fonts: str = "", slides: int = 2) -> bytes:
    """A ministry's template: its own size, example slides, a theme of its own."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(10), Inches(5.625)
    for number in range(slides):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = f"สไลด์ตัวอย่าง {number}"
    presentation.core_properties.author = "กองแผน"
    if layout_fonts:
        for relation in presentation.slide_master.part.rels.values():
            if relation.reltype.endswith("/theme"):
                part = relation.target_part
                part._blob = part.blob.replace(b'<a:cs typeface=""/>', f'<a:cs typeface="{layout_fonts}"/>'.encode())
    content = io.BytesIO()
    presentation.save(content)
    return content.getvalue()


def test_a_given_template_lends_its_size_and_layouts_but_not_its_slides():
    made = deck(to_pptx([CHARTS["radar"], CHARTS["values"]], STAMP, template=template()))
    assert (made.slide_width, made.slide_height) == (Inches(10), Inches(5.625))
    assert [slide.shapes.title.text for slide in made.slides] == [
        chart.finding for chart in (CHARTS["radar"], CHARTS["values"])
    ]
    assert {slide.slide_layout.name for slide in made.slides} == {"Title and Content"}
    for slide in made.slides:
        assert not [
            p
            for p in slide.placeholders
            if p.placeholder_format.type is not None and p.shape_id != slide.shapes.title.shape_id
        ]


def test_nothing_stands_outside_of_a_templates_slide():
    """The layouts of this template are taller than its slides."""
    made = deck(to_pptx([CHARTS["radar"], CHARTS["agencies"]], STAMP, template=template()))
    for slide in made.slides:
        for shape in slide.shapes:
            if not shape.is_placeholder:
                assert shape.left >= 0
                assert shape.left + shape.width <= made.slide_width
                assert shape.top + shape.height <= made.slide_height


def test_a_template_whose_theme_has_a_thai_font_keeps_it():
    slide = deck(to_pptx([CHARTS["radar"]], STAMP, template=template(layout_fonts="Sarabun"))).slides[0]
    fonts = {element.get("typeface") for element in slide.element.iter(f"{A}cs")}
    assert fonts == {"+mn-cs", "+mj-cs"}


def repacked(content: bytes, **changed: bytes) -> bytes:
    """The zip with parts replaced or added; names with __ for / and _dot_ for the dot."""
    files = {name.replace("__", "/").replace("_dot_", "."): data for name, data in changed.items()}
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            made.writestr(name, files.pop(name, None) or source.read(name))
        for name, data in files.items():
            made.writestr(name, data)
    return target.getvalue()


def related(rels: bytes, written: str) -> bytes:
    """A part's relationships with one more."""
    return rels.replace(b"</Relationships>", f'<Relationship Id="rX" {written}/></Relationships>'.encode())


def on_master(written: str, *, drawn: bool = False) -> bytes:
    """A template whose master has one more relationship, and a picture that is drawn from it."""
    name, sound = "ppt/slideMasters/slideMaster1.xml", template()
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        rels = archive.read("ppt/slideMasters/_rels/slideMaster1.xml.rels")
        master = archive.read(name)
    picture = (
        b'<p:pic><p:nvPicPr><p:cNvPr id="900" name="x"/><p:cNvPicPr/><p:nvPr userDrawn="1"/></p:nvPicPr><p:blipFill>'
        b'<a:blip r:link="rX"/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr><a:prstGeom prst="rect">'
        b"<a:avLst/></a:prstGeom></p:spPr></p:pic></p:spTree>"
    )
    changed = {"ppt__slideMasters___rels__slideMaster1_dot_xml_dot_rels": related(rels, written)}
    if drawn:
        changed["ppt__slideMasters__slideMaster1_dot_xml"] = master.replace(b"</p:spTree>", picture, 1)
    return repacked(sound, **changed)


LINKS = {
    "a mode with a reference in its name": f'Type="{PICTURE}" Target="http://127.0.0.1:9/" TargetMode="&#69;xternal"',
    "a mode in capitals": f'Type="{PICTURE}" Target="http://127.0.0.1:9/x.png" TargetMode=" EXTERNAL"',
    "an address that looks like a link": (
        f'Type="{PICTURE}" Target="http://relationships/hyperlink/x.png" TargetMode="External"'
    ),
    "a type that only contains a link's": (
        f'Type="{OFFICE}/relationships/hyperlink/image" Target="http://127.0.0.1:9/x.png" TargetMode="External"'
    ),
}


@pytest.mark.parametrize("name", LINKS)
def test_a_template_that_would_fetch_is_refused_however_its_link_is_spelt(name):
    with pytest.raises(ExportError, match=re.escape(T("exports.template.outside"))):
        to_pptx([CHARTS["radar"]], STAMP, template=on_master(LINKS[name]))


def test_a_template_whose_link_has_a_prefix_in_its_name_is_refused():
    sound, name = template(), "ppt/slideMasters/_rels/slideMaster1.xml.rels"
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        rels = related(archive.read(name), f'Type="{PICTURE}" Target="file:///x.png" TargetMode="External"').decode()
    rels = rels.replace("<Relationships xmlns=", "<q:Relationships xmlns:q=").replace(
        "<Relationship ", "<q:Relationship "
    )
    content = repacked(
        sound,
        ppt__slideMasters___rels__slideMaster1_dot_xml_dot_rels=rels.replace("</R", "</q:R").encode(),
    )
    with pytest.raises(ExportError, match=re.escape(T("exports.template.outside"))):
        to_pptx([CHARTS["radar"]], STAMP, template=content)


def test_a_picture_that_is_drawn_from_a_link_to_click_on_is_refused():
    link = f'Type="{OFFICE}/relationships/hyperlink" Target="http://127.0.0.1:9/x.png" TargetMode="External"'
    assert len(deck(to_pptx([CHARTS["radar"]], STAMP, template=on_master(link))).slides) == 1
    with pytest.raises(ExportError, match=re.escape(T("exports.template.outside"))):
        to_pptx([CHARTS["radar"]], STAMP, template=on_master(link, drawn=True))


def hostile_templates() -> dict[str, tuple[bytes, str]]:
    sound = template()
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        types = archive.read("[Content_Types].xml")
        rels = archive.read("ppt/_rels/presentation.xml.rels")
        main = archive.read("ppt/presentation.xml")
    linked = related(rels, f'Type="{PICTURE}" Target="file://server/share/x.png" TargetMode="External"')
    macros = types.replace(b"presentationml.presentation.main", b"presentationml.presentation.macroEnabled.main")
    kinds = {"types": {"[Content_Types].xml": types}}
    return {
        "nothing": (b"", "damaged"),
        "no zip": (b"MZ" + b"\0" * 100, "damaged"),
        "another zip": (to_zip({"a.txt": b"x"}, STAMP), "damaged"),
        "a workbook": (to_xlsx({"a": pd.DataFrame({"a": [1]})}, STAMP), "damaged"),
        "cut short": (sound[: len(sound) // 2], "damaged"),
        "a DTD": (
            repacked(sound, **{"ppt__presentation_dot_xml": b'<!DOCTYPE x [<!ENTITY a "b">]>' + main}),
            "damaged",
        ),
        "no XML": (repacked(sound, **{"ppt__presentation_dot_xml": b"<p:presentation"}), "damaged"),
        "a bomb": (repacked(sound, **{"ppt__media__x_dot_png": b"\0" * 60_000_000}), "large"),
        "a picture elsewhere": (repacked(sound, **{"ppt___rels__presentation_dot_xml_dot_rels": linked}), "outside"),
        "macros": (repacked(sound, **{"[Content_Types]_dot_xml": macros}), "macros"),
        "a .potx": (
            repacked(
                sound,
                **{
                    "[Content_Types]_dot_xml": kinds["types"]["[Content_Types].xml"].replace(
                        b"presentation.main+xml", b"template.main+xml"
                    )
                },
            ),
            "potx",
        ),
    }


HOSTILE = hostile_templates()


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", ["th", "en"])
def test_a_template_that_cannot_be_used_is_refused_with_what_to_do(name, language):
    content, why = HOSTILE[name]
    with pytest.raises(ExportError) as refused:
        to_pptx([CHARTS["radar"]], replace(STAMP, language=language), template=content)
    assert str(refused.value).startswith(translator(language)(f"exports.template.{why}"))


# --- what is left out -------------------------------------------------------------------------------------------------


def spoken(slides: int = 3) -> bytes:
    """A template whose slides and notes must not be in a deck."""
    presentation = Presentation()
    for _ in range(slides):
        slide = presentation.slides.add_slide(presentation.slide_layouts[5])
        slide.shapes.title.text = "ความลับ"
        slide.notes_slide.notes_text_frame.text = "ความลับ"
    return saved(presentation)


def changed(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def with_a_show(files: dict[str, bytes]) -> None:
    main = files["ppt/presentation.xml"].decode()
    slides = "".join(f'<p:sld r:id="{key}"/>' for key in re.findall(r'<p:sldId [^>]*r:id="([^"]+)"', main))
    show = f'<p:custShowLst><p:custShow name="a" id="0"><p:sldLst>{slides}</p:sldLst></p:custShow></p:custShowLst>'
    files["ppt/presentation.xml"] = main.replace("<p:defaultTextStyle>", f"{show}<p:defaultTextStyle>").encode()


def with_a_view(files: dict[str, bytes]) -> None:
    spaces = f'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="{OFFICE}/relationships"'
    files["ppt/viewProps.xml"] = (
        f'<p:viewPr {spaces}><p:outlineViewPr><p:cViewPr/><p:sldLst><p:sld r:id="rId1" collapse="1"/></p:sldLst>'
        "</p:outlineViewPr></p:viewPr>"
    ).encode()
    files["ppt/_rels/viewProps.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{SLIDE}" Target="slides/slide1.xml"/></Relationships>'
    ).encode()


def with_a_click(files: dict[str, bytes]) -> None:
    layout = "ppt/slideLayouts/slideLayout2.xml"
    rels = "ppt/slideLayouts/_rels/slideLayout2.xml.rels"
    click = b'<a:hlinkClick r:id="rX" action="ppaction://hlinksldjump"/></p:cNvPr>'
    files[rels] = related(files[rels], f'Type="{SLIDE}" Target="../slides/slide1.xml"')
    files[layout] = re.sub(rb'(<p:cNvPr id="2"[^>]*)/>', rb"\1>" + click, files[layout], count=1)
    assert click in files[layout]


def with_titles_of_slides(files: dict[str, bytes]) -> None:
    files["docProps/app.xml"] = files["docProps/app.xml"].replace(
        b"</Properties>", "<TitlesOfParts>ความลับ</TitlesOfParts></Properties>".encode()
    )


TRACES = {
    "nothing": lambda _: None,
    "a show": with_a_show,
    "a view": with_a_view,
    "a click": with_a_click,
    "titles": with_titles_of_slides,
}


@pytest.mark.parametrize("charts", [0, 1])
@pytest.mark.parametrize("name", TRACES)
def test_nothing_of_a_templates_slides_is_left_whatever_leads_to_them(name, charts):
    content = to_pptx([CHARTS["radar"]] * charts, STAMP, template=changed(spoken(), TRACES[name]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert sum(part.startswith("ppt/slides/slide") for part in names) == charts
        assert sum(part.startswith("ppt/notesSlides/notesSlide") for part in names) == charts
        assert not [part for part in names if "ความลับ".encode() in archive.read(part)]
        assert not [part for part in names if b'r:id="rX"' in archive.read(part)]
    assert len(deck(content).slides) == charts


# --- titles -----------------------------------------------------------------------------------------------------------

TWO_OFFICES = (
    "สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตในภาครัฐ กับ "
    "สำนักงานคณะกรรมการส่งเสริมสวัสดิการและสวัสดิภาพครูและบุคลากรทางการศึกษา รายหมวด"
)


def size_of(slide) -> float | None:
    return slide.shapes.title.text_frame.paragraphs[0].runs[0].font.size


def test_a_title_too_long_for_its_place_is_smaller_and_a_short_one_as_the_deck_has_it():
    short, long = deck(to_pptx([titled("สั้น"), titled(TWO_OFFICES)], STAMP)).slides
    assert size_of(short) is None
    assert Pt(16) <= size_of(long) < Pt(26)
    assert long.shapes.title.text == TWO_OFFICES


def test_a_title_longer_than_any_size_has_room_for_keeps_its_end():
    (slide,) = deck(to_pptx([titled(TWO_OFFICES * 5)], STAMP)).slides
    lines = slide.shapes.title.text.split("\v")
    assert len(lines) == 2
    assert "…" in lines[-1]
    assert lines[-1].endswith(TWO_OFFICES[-6:])


def test_a_template_with_nothing_but_a_cover_has_its_title_above_the_chart():
    presentation = Presentation()
    for layout in list(presentation.slide_layouts)[1:]:
        presentation.slide_layouts.remove(layout)
    (slide,) = deck(to_pptx([titled(TWO_OFFICES)], STAMP, template=saved(presentation))).slides
    title = slide.shapes.title
    assert title.text == TWO_OFFICES
    others = [shape for shape in slide.shapes if shape.shape_id != title.shape_id]
    assert title.top + title.height <= min(shape.top for shape in others)
    (chart,) = (shape for shape in others if shape.has_chart)
    assert chart.height > deck(saved(presentation)).slide_height / 2
