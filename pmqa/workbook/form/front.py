"""The sheets that are no tables: the guide, the agency, and the hidden keys."""

from __future__ import annotations

import datetime as dt
from typing import Final

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from pmqa.framework import Framework, Scoring
from pmqa.submission import FIRST_YEAR, LAST_YEAR
from pmqa.text import Translator, languages, translator
from pmqa.workbook import layout
from pmqa.workbook.form.content import CONTACTS, Content
from pmqa.workbook.form.grid import TITLE_HEIGHT, add_list, add_number, body_look, for_paper, link, protect
from pmqa.workbook.form.looks import GREY, NAVY, PLAIN, TITLE, Look, Painter, line_count, set_height

NUMBER_WIDTH: Final = 5.0
GUIDE_WIDTH: Final = 112.0
SECTION: Final = Look(bold=True, size=16.0, colour=NAVY, border=False, wrap=False)
LABEL: Final = Look(fill=GREY, bold=True)
HINT: Final = Look(colour="5B6B7F", border=False)

# The guide, top to bottom: sections with their sentences, all of form.guide in data/text.
GUIDE: Final = {
    "fill": ("order", "answer", "evidence", "colours", "results", "rows", "numbers", "score", "send"),
    "levels": (),
    "evidence_rules": ("named", "period", "several", "classified"),
    "scoring": ("gate", "rate", "bands", "interval", "core", "blank"),
}
REVIEW: Final = {**GUIDE, "fill": ("review_order", "review_answer", "review_results", "colours", "send")}


def write_guide(sheet: Worksheet, painter: Painter, framework: Framework, content: Content) -> None:
    """How to fill the form in: in Thai, then in English."""
    sheet.column_dimensions["A"].width = NUMBER_WIDTH
    sheet.column_dimensions["B"].width = GUIDE_WIDTH
    first, *_, last = (layout.category_sheet(category.id) for category in framework.categories)
    sheets, row = {"first": first, "last": last}, 1
    for language in languages():
        t = translator(language)
        painter.put(sheet, row, 1, t("form.guide.title", name=t.pick(framework.name)), TITLE)
        set_height(sheet, row, 1, TITLE_HEIGHT)
        row += 1
        for section, sentences in (REVIEW if content.reviewed else GUIDE).items():
            painter.put(sheet, row, 1, t(f"form.guide.{section}", n=len(framework.levels)), SECTION)
            set_height(sheet, row, 1, TITLE_HEIGHT)
            row += 1
            words = {**framework.kinds(t, "form.guide_kind"), **sheets}
            told = [t(f"form.guide.{name}", **words, **_numbers(framework.scoring, name)) for name in sentences]
            for number, sentence in enumerate(told or _levels(framework, t), 1):
                painter.put(sheet, row, 1, number, PLAIN._replace(align="center"))
                told_at = painter.put(sheet, row, 2, sentence, PLAIN)
                if section == "fill" and number == 1:
                    link(told_at, first if content.reviewed else layout.AGENCY_SHEET)
                set_height(sheet, row, line_count(sentence, GUIDE_WIDTH))
                row += 1
        row += 1
        sheet.row_breaks.append(Break(row - 1))  # each language begins a page
    for_paper(sheet)
    protect(sheet)


def _levels(framework: Framework, t: Translator) -> list[str]:
    return [
        t(
            "form.guide.level",
            name=t.pick(level.name),
            concept=t.pick(level.concept),
            points=t.number(framework.scoring.band_points[level.id], 0),
        )
        for level in framework.levels
    ]


def _numbers(scoring: Scoring, sentence: str) -> dict[str, object]:
    """What fills the blanks of a sentence about scoring: the edition's own numbers."""
    if sentence == "bands":
        shown = []
        lower = 0.0
        for band in scoring.bands:
            points = band.points if band.points is not None else f"{band.points_per_percent:g} × s"
            limit = f"{'≤' if band.inclusive else '<'} {band.limit:g}" if band.limit != float("inf") else f"> {lower:g}"
            shown.append(f"s {limit} → {points if isinstance(points, str) else f'{points:g}'}")
            lower = band.limit
        return {"bands": "; ".join(shown)}
    if sentence == "interval":
        return {
            "at_target": f"{scoring.interval_points_at_target:g}",
            "per_step": f"{scoring.interval_points_per_step:g}",
        }
    return {}


def write_agency(book: Workbook, sheet: Worksheet, painter: Painter, content: Content, t: Translator) -> dict[str, str]:
    """Who fills the form in; every value cell has a defined name. Returns field name -> cell.

    The source is the form's own and locked where it is one, and so is the year once a form is made for it: the
    headings of category 7 carry it.
    """
    for letter, width in (("A", 28.0), ("B", 52.0), ("C", 62.0)):
        sheet.column_dimensions[letter].width = width
    link(painter.put(sheet, 1, 1, t("form.agency_title"), TITLE), layout.SUMMARY_SHEET)
    sheet.row_dimensions[1].height = TITLE_HEIGHT
    cells: dict[str, str] = {}
    for row, field in enumerate(layout.AGENCY_FIELDS, 3):
        value = content.agency.get(field.name)
        fixed = (field.name == "source" and value in layout.source_words().values()) or (
            field.name == "fiscal_year" and isinstance(value, int)
        )
        locked = fixed or (content.reviewed and field.name not in CONTACTS)
        hint = t(f"form.hint.{field.name}")
        painter.put(sheet, row, 1, t.pick(field.words), LABEL)
        painter.put(sheet, row, 2, value, body_look(locked=locked)._replace(align="left"))
        painter.put(sheet, row, 3, f"{t('form.required')} · {hint}" if field.required else hint, HINT)
        set_height(sheet, row, max(line_count(str(value or ""), 52), line_count(hint, 62)))
        cells[field.name] = f"B{row}"
        reference = f"'{sheet.title}'!$B${row}"
        book.defined_names[field.name] = DefinedName(field.name, attr_text=reference)
    add_list(sheet, cells["agency_type"], layout.AGENCY_TYPES, t)
    add_list(sheet, cells["source"], tuple(layout.source_words().values()), t)
    add_number(sheet, cells["fiscal_year"], t, whole=(FIRST_YEAR, LAST_YEAR))
    for_paper(sheet)
    protect(sheet)
    return cells


def write_keys(
    sheet: Worksheet, painter: Painter, framework: Framework, language: str, moment: dt.datetime, *, unplaced: int
) -> None:
    """What the form is, for the reader: hidden so well that only a program shows it again.

    unplaced: lines of the sheet of unplaced texts, in a marked copy.
    """
    values = (layout.FORM_VERSION, framework.edition, framework.version, language, moment.isoformat())
    pairs = list(zip(layout.KEYS, values, strict=True))
    if unplaced:
        pairs.append((layout.UNPLACED_KEY, str(unplaced)))
    for row, (key, value) in enumerate(pairs, 1):
        painter.put(sheet, row, 1, key, PLAIN)
        painter.put(sheet, row, 2, value, PLAIN._replace(number_format="@", wrap=False))
    sheet.sheet_state = "veryHidden"
    protect(sheet)
