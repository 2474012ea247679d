"""Forms, workbooks and decks are valid Open XML: an independent validator, by Excel's and PowerPoint's own rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook
from openxml_audit import OpenXmlValidator
from test_exports_charts import CAPTION, CHARTS, STAMP

from pmqa.exports import briefing, briefing_file, one_pagers, to_pptx, to_xlsx, xlsx_with_charts
from pmqa.workbook import write_form
from tests.forms import CATEGORY, RESULTS, edited, marked_copy, put, small_form, small_framework
from tests.reported import AGENCY, DATA, STAMPS

pytestmark = pytest.mark.slow  # every kind of file is made and read by a program

Make = Callable[[], bytes]
MINISTRY = DATA.scored["ministry"].astype("str").iloc[0]


def spoiled() -> bytes:
    """A form with an answer that cannot be read, a text in place of a number, and evidence that is missing."""

    def edit(book: Workbook) -> None:
        put(book, CATEGORY, "1.1.B1", "answer", "ไม่ทราบ")
        put(book, CATEGORY, "1.1.B2", "evidence", None)
        put(book, RESULTS, "7.1.1", "target", "แปดสิบห้า")

    return edited(edit)


def one_pager_slides() -> bytes:
    ((_, content),) = one_pagers(DATA, [AGENCY], STAMPS["th"], "pptx")
    return content


FILES: dict[str, Make] = {
    "blank form.xlsx": lambda: write_form(small_framework(), fiscal_year=2569),
    "filled form.xlsx": small_form,
    "marked copy.xlsx": lambda: marked_copy(spoiled()),
    "tables.xlsx": lambda: to_xlsx({"scores": DATA.scored.head(20), "nothing": pd.DataFrame()}, STAMP),
    "charts.xlsx": lambda: xlsx_with_charts(list(CHARTS.values()), STAMP, {CAPTION.title: DATA.scored.head(20)}),
    "charts.pptx": lambda: to_pptx(list(CHARTS.values()), STAMP),
    "one-pager.pptx": one_pager_slides,
    "briefing.pptx": lambda: briefing_file(briefing(DATA, MINISTRY, STAMPS["en"]), STAMPS["en"], "pptx"),
}


@pytest.fixture(scope="module")
def validator() -> OpenXmlValidator:
    return OpenXmlValidator()


@pytest.mark.parametrize("name", FILES)
def test_no_file_has_an_error(name: str, validator: OpenXmlValidator, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    assert [str(error) for error in validator.validate(path).errors] == []
