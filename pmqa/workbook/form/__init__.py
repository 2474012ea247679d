"""The submission form, written: the blank form, the assessor's copy of what an agency sent, and the marked copy.

The assessor's form shows the agency's มี and ไม่มี in a locked column of its own (layout.AGENCY_ANSWER, คำตอบของหน่วยงาน)
before the column `answer`, which is the assessor's to fill in, as are the suggestions and, in category 7, เหมาะสม or
ไม่เหมาะสม. What the agency wrote (explanations, evidence, measures) is there and locked. Reading passes the extra column
over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pmqa.errors import Finding
from pmqa.framework import Framework
from pmqa.submission import Submission
from pmqa.text import DEFAULT_LANGUAGE, translator
from pmqa.workbook import layout
from pmqa.workbook.draft import Draft, Origin, Place
from pmqa.workbook.form.answers import Rows, criterion_columns, write_category
from pmqa.workbook.form.content import Content, content_of
from pmqa.workbook.form.front import write_agency, write_guide, write_keys
from pmqa.workbook.form.links import Address, Copy, Links
from pmqa.workbook.form.looks import Painter
from pmqa.workbook.form.marks import mark
from pmqa.workbook.form.measures import write_measures
from pmqa.workbook.form.origins import write_origins
from pmqa.workbook.form.package import to_bytes
from pmqa.workbook.form.summary import write_summary
from pmqa.workbook.form.unplaced import write_unplaced
from pmqa.workbook.form.values import scored_values

__all__ = ["write_form"]


def write_form(
    framework: Framework,
    *,
    fiscal_year: int | None = None,
    agency: Mapping[str, str] | None = None,
    prefill: Submission | Draft | None = None,
    source: str | None = None,
    findings: Sequence[Finding] = (),
    origins: Mapping[Place, Sequence[Origin]] | None = None,
    language: str = DEFAULT_LANGUAGE,
    created: dt.datetime | None = None,
) -> bytes:
    """A form of this edition as an .xlsx file.

    fiscal_year: พ.ศ.; None leaves it to the agency. agency: names of AGENCY_FIELDS -> text.
    prefill: what to put into the cells. A Submission of an agency with source="assessor" becomes the assessor's form;
        a Draft brings back what could not be read, too.
    source: whose form it is (self, assessor); None = the prefill's, else self.
    findings: makes the marked copy, whose first sheet lists them. Their cells are those of the file that was sent, so
        only a Draft can tell where they are in the form. What it has beside the rows stands on a sheet of its own, and
        the copy is refused until each of its lines is settled.
    origins: where cells of a form that was made of several files come from, the one that was taken first; they are
        listed on a sheet of their own.
    language: of titles, headings, criteria and guide; lists and sheet names are Thai in every form.
    created: the moment in the file, now by default; the same input gives the same bytes.

    Formulas that people see have the values of what the form is filled in with, for programs that do not compute.
    """
    t = translator(language)
    moment = created or dt.datetime.now(dt.UTC)
    content = content_of(prefill, source, fiscal_year, agency)
    book = Workbook()
    painter = Painter(book)
    sheets: dict[str, Worksheet] = {}

    def sheet(title: str) -> Worksheet:
        sheets[title] = book.create_sheet(title)
        return sheets[title]

    book.remove(book.active)
    draft = prefill if isinstance(prefill, Draft) else None
    lines: list[str] = []
    if findings:
        sheet(layout.MARKS_SHEET)
        if draft and draft.loose:
            lines = write_unplaced(sheet(layout.UNPLACED_SHEET), painter, draft.loose, translator(DEFAULT_LANGUAGE))
    write_guide(sheet(layout.GUIDE_SHEET), painter, framework, content)
    agency_cells = write_agency(book, sheet(layout.AGENCY_SHEET), painter, content, t)
    rows: Rows = {}
    for category in framework.categories:
        write = write_measures if category.kind == "results" else write_category
        rows |= write(sheet(layout.category_sheet(category.id)), painter, framework, category, content, t)
    scores = write_summary(
        sheet(layout.SUMMARY_SHEET), painter, framework, content, scored_values(content, framework), t
    )
    fresh = _addresses(rows, agency_cells, [column.key for column in criterion_columns(content)], framework)
    if origins:
        write_origins(sheet(layout.ORIGINS_SHEET), painter, origins, fresh, t)
    write_keys(sheet(layout.KEYS_SHEET), painter, framework, language, moment, unplaced=len(lines))
    if findings:
        # The marks are for the people who fill the form in: in Thai whatever the form's language.
        links = Links(
            draft, Copy(fresh, _headings(content, framework), scores, [(layout.UNPLACED_SHEET, c) for c in lines])
        )
        unsettled = sum(not one.settled for one in draft.loose) if draft else 0
        mark(sheets, painter, findings, links, translator(DEFAULT_LANGUAGE), unsettled=unsettled)
    book.active = 0
    book.calculation.fullCalcOnLoad = True
    return to_bytes(book, moment, painter.values)


def _headings(content: Content, framework: Framework) -> dict[tuple[str, str], Address]:
    """The heading of every column of the categories' sheets, by sheet and column key."""
    return {
        (layout.category_sheet(category.id), column.key): (
            layout.category_sheet(category.id),
            f"{get_column_letter(place)}{layout.HEADING_ROW}",
        )
        for category in framework.categories
        for place, column in enumerate(
            layout.MEASURE_COLUMNS if category.kind == "results" else criterion_columns(content), 1
        )
    }


def _addresses(
    rows: Rows, agency_cells: Mapping[str, str], criterion_keys: Sequence[str], framework: Framework
) -> dict[Place, Address]:
    """Where each place stands in the form that was just written."""
    measure_keys = [column.key for column in layout.MEASURE_COLUMNS]
    found = {Place(name, 1, "value"): (layout.AGENCY_SHEET, cell) for name, cell in agency_cells.items()}
    for (id_, number), (title, row) in rows.items():
        keys = criterion_keys if id_ in framework.criterion else measure_keys
        for column, key in enumerate(keys, 1):
            found[Place(id_, number, key)] = (title, f"{get_column_letter(column)}{row}")
    return found
