"""The form on paper, as LibreOffice lays it out."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops

from pmqa.workbook import write_form
from tests.factories import make_measure, make_submission
from tests.office import convert, pictures

pytestmark = pytest.mark.slow

A4_LANDSCAPE = 297 / 210
LONG = "ผลการดำเนินงานตามแผนปฏิบัติราชการประจำปีที่ได้รับความเห็นชอบจากผู้บริหารและเผยแพร่ต่อสาธารณะแล้ว " * 4


@pytest.fixture(scope="module")
def pages(framework, tmp_path_factory):
    measures = [make_measure(indicator.id) for indicator in framework.indicators]
    sent = make_submission(evidence=LONG, measures=measures)
    files = {"agency.xlsx": write_form(framework, prefill=sent), "blank.xlsx": write_form(framework, language="en")}
    printed = convert(files, "pdf", tmp_path_factory.mktemp("print"))
    return {name: [Image.open(page).convert("L") for page in pictures(path, 30)] for name, path in printed.items()}


@pytest.mark.parametrize("name", ["agency.xlsx", "blank.xlsx"])
def test_every_page_is_a4_landscape_and_within_its_margins(pages, name):
    assert len(pages[name]) > 10
    for page in pages[name]:
        width, height = page.size
        assert width / height == pytest.approx(A4_LANDSCAPE, rel=0.01)
        # Nothing in the outer 5 mm: a sheet that is wider than the page would run into its edge.
        edge = round(width * 5 / 297)
        inked = ImageChops.invert(page).point(lambda shade: 255 if shade > 40 else 0).getbbox()
        assert inked is not None, "an empty page"
        assert inked[0] >= edge
        assert inked[2] <= width - edge


def test_no_sheet_spreads_over_two_pages_in_width(pages):
    # Ten visible sheets of at most four pages each; the widest ones would double if they did not fit.
    assert len(pages["blank.xlsx"]) < 30
