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
from pmqa.text import translator
from pmqa.workbook import layout
from pmqa.workbook.draft import Draft, Place
from pmqa.workbook.form.answers import Rows, criterion_columns, write_category
from pmqa.workbook.form.content import content_of
from pmqa.workbook.form.front import write_agency, write_guide, write_keys
from pmqa.workbook.form.looks import Painter
from pmqa.workbook.form.marks import Address, mark
from pmqa.workbook.form.measures import write_measures
from pmqa.workbook.form.package import to_bytes
from pmqa.workbook.form.summary import write_summary

__all__ = ["write_form"]


def write_form(
    framework: Framework,
    *,
    fiscal_year: int | None = None,
    agency: Mapping[str, str] | None = None,
    prefill: Submission | Draft | None = None,
    source: str | None = None,
    findings: Sequence[Finding] = (),
    language: str = "th",
    created: dt.datetime | None = None,
) -> bytes:
    """A form of this edition as an .xlsx file.

    fiscal_year: พ.ศ.; None leaves it to the agency. agency: names of AGENCY_FIELDS -> text.
    prefill: what to put into the cells. A Submission of an agency with source="assessor" becomes the assessor's form;
        a Draft brings back what could not be read, too.
    source: whose form it is (self, assessor); None = the prefill's, else self.
    findings: makes the marked copy, whose first sheet lists them. Their cells are those of the file that was sent, so
        only a Draft can tell where they are in the form.
    language: of titles, headings, criteria and guide; lists and sheet names are Thai in every form.
    created: the moment in the file, now by default; the same input gives the same bytes.

    The score sheet has formulas without values until a spreadsheet program has opened and saved the file.
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
    if findings:
        sheet(layout.MARKS_SHEET)
    write_guide(sheet(layout.GUIDE_SHEET), painter, framework, content)
    agency_cells = write_agency(book, sheet(layout.AGENCY_SHEET), painter, content, t)
    rows: Rows = {}
    for category in framework.categories:
        write = write_measures if category.kind == "results" else write_category
        rows |= write(sheet(layout.category_sheet(category.id)), painter, framework, category, content, t)
    write_summary(sheet(layout.SUMMARY_SHEET), painter, framework, content, t)
    write_keys(sheet(layout.KEYS_SHEET), painter, framework, language, moment)
    if findings:
        fresh = _addresses(rows, agency_cells, [column.key for column in criterion_columns(content)], framework)
        # The marks are for the people who fill the form in: in Thai whatever the form's language.
        mark(sheets, painter, findings, prefill if isinstance(prefill, Draft) else None, fresh, translator("th"))
    book.active = 0
    book.calculation.fullCalcOnLoad = True
    return to_bytes(book, moment)


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
