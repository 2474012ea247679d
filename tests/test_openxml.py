"""Forms, workbooks and decks are valid Open XML: an independent validator, by Excel's and PowerPoint's own rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook
from openxml_audit import OpenXmlValidator
from test_exports_charts import CAPTION, CHARTS, STAMP

from pmqa.exports import to_pptx, to_xlsx, xlsx_with_charts
from pmqa.store import Store
from pmqa.views.reporting import briefing_of, profiles
from pmqa.views.view import View
from pmqa.workbook import write_form
from tests.forms import CATEGORY, RESULTS, edited, marked_copy, put, small_form, small_framework
from tests.reported import STAMPS, view_of

pytestmark = pytest.mark.slow  # every kind of file is made and read by a program

Make = Callable[[View], bytes]


def spoiled() -> bytes:
    """A form with an answer that cannot be read, a text in place of a number, and evidence that is missing."""

    def edit(book: Workbook) -> None:
        put(book, CATEGORY, "1.1.B1", "answer", "ไม่ทราบ")
        put(book, CATEGORY, "1.1.B2", "evidence", None)
        put(book, RESULTS, "7.1.1", "target", "แปดสิบห้า")

    return edited(edit)


def one_pager_slides(view: View) -> bytes:
    ((_, content),) = profiles(view, [min(view.agencies)], STAMPS["th"], "pptx")
    return content


def briefing_slides(view: View) -> bytes:
    return briefing_of(replace(view, language="en"), min(view.submissions["ministry"]), STAMPS["en"], "pptx")


FILES: dict[str, Make] = {
    "blank form.xlsx": lambda _: write_form(small_framework(), fiscal_year=2569),
    "filled form.xlsx": lambda _: small_form(),
    "marked copy.xlsx": lambda _: marked_copy(spoiled()),
    "tables.xlsx": lambda view: to_xlsx({"scores": view.scored.head(20), "nothing": pd.DataFrame()}, STAMP),
    "charts.xlsx": lambda view: xlsx_with_charts([*CHARTS.values()], STAMP, {CAPTION.title: view.scored.head(20)}),
    "charts.pptx": lambda _: to_pptx([*CHARTS.values()], STAMP),
    "one-pager.pptx": one_pager_slides,
    "briefing.pptx": briefing_slides,
}


@pytest.fixture(scope="module")
def validator() -> OpenXmlValidator:
    return OpenXmlValidator()


@pytest.mark.parametrize("name", FILES)
def test_no_file_has_an_error(name: str, nine: Store, validator: OpenXmlValidator, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name](view_of(nine)))
    assert [str(error) for error in validator.validate(path).errors] == []
