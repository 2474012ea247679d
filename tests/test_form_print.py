"""The form on paper, as LibreOffice lays it out."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from PIL import Image, ImageChops

from pmqa.workbook import write_form
from tests.factories import make_measure, make_submission
from tests.office import convert, pictures

pytestmark = pytest.mark.slow

A4_LANDSCAPE = 297 / 210
LONG = "ผลการดำเนินงานตามแผนปฏิบัติราชการประจำปีที่ได้รับความเห็นชอบจากผู้บริหารและเผยแพร่ต่อสาธารณะแล้ว " * 4


A_UNIT = 6.0  # points of a column's unit: 8 pixels of a digit of the form's font, on the large side


@pytest.mark.parametrize("form", ["blank", "english", "assessor", "assessors blank"])
def test_what_is_printed_has_nine_points_or_more(form, framework):
    """The size of letters times the scale at which a sheet's columns fit the pages that it is wide."""
    told = {
        "blank": {},
        "english": {"language": "en"},
        "assessor": {"prefill": make_submission(), "source": "assessor"},
        "assessors blank": {"source": "assessor"},
    }
    book = openpyxl.load_workbook(io.BytesIO(write_form(framework, **told[form])))
    small = {}
    for sheet in (sheet for sheet in book if sheet.sheet_state == "visible"):
        last = range_boundaries(sheet.print_area.rpartition("!")[2])[2] if sheet.print_area else sheet.max_column
        columns = {get_column_letter(n): sheet.column_dimensions[get_column_letter(n)] for n in range(1, last + 1)}
        widths = [one.width for one in columns.values() if not one.hidden]
        twice = [part.strip("$") for part in (sheet.print_title_cols or "").split(":") if part]
        again = sum(sheet.column_dimensions[one].width for one in twice)
        room = 11.69 * 72 - 72 * (sheet.page_margins.left + sheet.page_margins.right)
        scale = min(1.0, room / A_UNIT / narrowest(widths, sheet.page_setup.fitToWidth, again))
        cells = (cell for row in sheet.iter_rows(min_row=3, max_col=last) for cell in row if cell.value)
        sizes = [cell.font.size for cell in cells if not columns[cell.column_letter].hidden]
        if min(sizes) * scale < 9:
            small[sheet.title] = round(min(sizes) * scale, 1)
    assert not small


def narrowest(widths, pages, again):
    """The least width of pages that columns fit into, side by side, `again` repeated on each but the first."""
    limit = max(widths)
    while True:
        filled, left = 1, limit
        for width in widths:
            if width > left:
                filled, left = filled + 1, limit - again
            left -= width
        if filled <= pages:
            return limit
        limit += 1


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
    # Ten visible sheets of at most four pages each, of which the two widest take two side by side for each of theirs.
    assert len(pages["blank.xlsx"]) <= 8 * 4 + 2 * 8
