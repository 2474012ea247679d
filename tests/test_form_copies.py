"""The marked copy of every damaged form: nothing is missing in it, it is refused as it stands, and mended it counts."""

from __future__ import annotations

import dataclasses
import io
import json
from collections import Counter
from collections.abc import Iterator
from functools import cache

import openpyxl
import pytest
from openpyxl import Workbook

from pmqa.submission import Submission
from pmqa.text import languages, translator
from pmqa.workbook import Reading, finding_text, layout, read_submission, write_form
from pmqa.workbook.child import answer_to
from pmqa.workbook.draft import cells_in
from pmqa.workbook.mapping import YEAR_HEADING
from pmqa.workbook.normalise import clean_text, fold, shown
from tests import forms
from tests.workbooks.case import Case
from tests.workbooks.should_fail import FAILS
from tests.workbooks.should_pass import PASSES

pytestmark = pytest.mark.slow  # forms are written and read

# What is no form has no copy.
NO_FORM = {"password_protected", "damaged", "not_this_form", "part_with_backslash"}
DAMAGED = [case for case in FAILS if not any(code.startswith("is_") or code in NO_FORM for code in case.codes)]
COUNTED = tuple(translator("th")(f"form.{words}") for words in ("answered", "with_results"))  # the copy counts itself
LEFT_AS_SENT = [case for case in PASSES if case.codes]


def by_name(case: Case) -> str:
    return case.name


@cache
def reading_of(case: Case) -> Reading:
    return read_submission(case.make(), forms.small_frameworks())


@cache
def copy_of(case: Case) -> bytes:
    return forms.marked_copy(case.make())


def marked_again(reading: Reading) -> bytes:
    return write_form(forms.small_framework(), prefill=reading.draft, findings=reading.findings)


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def again(content: bytes) -> Reading:
    return read_submission(content, forms.small_frameworks())


def settle(book: Workbook, word: str = layout.SETTLED["settled"]) -> None:
    """Choose a word of the list in every line of what fitted no row."""
    if layout.UNPLACED_SHEET in book.sheetnames:
        for (cell, *_), line in lines_of(book):
            assert any(line.values())
            cell.value = cell.value or word


def lines_of(book: Workbook) -> Iterator[tuple[tuple, dict[str, str]]]:
    """The lines of what fitted no row: their cells, and the texts by key."""
    sheet = book[layout.UNPLACED_SHEET]
    keys = [cell.value for cell in sheet[layout.KEY_ROW]]
    for cells in sheet.iter_rows(min_row=forms.FIRST):
        yield cells, {key: str(cell.value or "") for key, cell in zip(keys, cells, strict=True)}


# --- refused as it stands, counted once mended ------------------------------------------------------------------------


@pytest.mark.parametrize("case", DAMAGED, ids=by_name)
def test_a_marked_copy_that_nobody_has_mended_is_refused(case):
    assert again(copy_of(case)).submission is None


def as_it_was_meant(book: Workbook) -> None:
    """Enter in every cell that people fill in what the form before its damage said, and settle every line."""
    before = opened(forms.small_form())
    for title, columns in ((forms.CATEGORY, layout.CRITERION_COLUMNS), (forms.RESULTS, layout.MEASURE_COLUMNS)):
        filled = [number for number, column in enumerate(columns, 1) if column.filled_by != "form"]
        meant = {}
        for place, row in rows_of(before[title]):
            meant[place] = [before[title].cell(row, number).value for number in filled]
        for place, row in rows_of(book[title]):
            for number, value in zip(filled, meant.get(place, [None] * len(filled)), strict=True):
                book[title].cell(row, number).value = value
    for field in layout.AGENCY_FIELDS:
        at = before.defined_names[field.name].attr_text.rpartition("!")[2].replace("$", "")
        forms.put_agency(book, field.name, before[layout.AGENCY_SHEET][at].value)
    settle(book)


def rows_of(sheet) -> Iterator[tuple[tuple[str, int], int]]:
    """Every row with a code: the code, which of its rows, and where it stands."""
    count: Counter[str] = Counter()
    for row in range(forms.FIRST, sheet.max_row + 1):
        if code := sheet.cell(row, 1).value:
            count[code] += 1
            yield (code, count[code]), row


@pytest.mark.parametrize("case", DAMAGED, ids=by_name)
def test_a_marked_copy_that_was_mended_gives_what_the_form_before_its_damage_gave(case):
    reading = again(forms.edited(as_it_was_meant, copy_of(case)))
    assert [finding for finding in reading.findings if finding.is_error] == []
    assert reading.submission == forms.small_submission()


# Damage that leaves every answer in the file: who mends the copy needs nothing else than its lines.
UNLOST = (
    "criterion_code_changed",
    "indicator_code_changed",
    "code_cleared",
    "headings_deleted",
    "code_column_deleted",
)
SETTLED_BY_A_WORD = (
    "another_edition",
    "form_of_a_later_dashboard",
    "copy_of_the_results_sheet",
    "sheet_copied",
    "criterion_answered_twice",
    "answer_column_copied",
    "codes_sorted_without_their_rows",
)
MEANT = {"1.1.B9": "1.1.B1", "7.1.9": "7.1.1"}


def by_its_lines(book: Workbook) -> None:
    """Put every text of a line into the row and column that the line names, as a person would."""
    numbers: dict[tuple[str, str], int] = {}
    for (settled, *_), line in lines_of(book):
        settled.value = layout.SETTLED["settled"]
        code = MEANT.get(line["said_id"], line["said_id"])
        title = forms.RESULTS if code.startswith("7") else forms.CATEGORY
        columns = layout.MEASURE_COLUMNS if title == forms.RESULTS else layout.CRITERION_COLUMNS
        letters = line["said_cell"].rstrip("0123456789")
        key = next(
            (c.key for c in columns if c.words["th"] == line["said_heading"]), columns[ord(letters) - ord("A")].key
        )
        row = code, line["said_cell"].removeprefix(letters)
        if row not in numbers:
            numbers[row] = first_free(book, title, code)
        text = line["said_text"]
        forms.put(book, title, code, key, float(text) if key in layout.NUMBER_COLUMNS else text, numbers[row])


def first_free(book: Workbook, title: str, code: str) -> int:
    """Which row of a code nobody has filled in: of a criterion, the only one."""
    answer = forms.column_of(book, title, "target" if title == forms.RESULTS else "answer")
    free = (n for (one, n), row in rows_of(book[title]) if one == code and book[title][f"{answer}{row}"].value is None)
    return next(free)


def in_any_order(submission: Submission | None) -> object:
    """What a submission says, wherever it stands in the file."""
    assert submission is not None
    nowhere = {"sheet": None, "target_cell": None, "actual_cell": None}
    return (
        dataclasses.replace(submission, measures=()),
        {dataclasses.replace(measure, number=1, **nowhere) for measure in submission.measures},
    )


@pytest.mark.parametrize("case", [case for case in FAILS if case.name in UNLOST], ids=by_name)
def test_the_lines_of_a_marked_copy_are_enough_to_mend_it(case):
    reading = again(forms.edited(by_its_lines, copy_of(case)))
    assert in_any_order(reading.submission) == in_any_order(forms.small_submission())


def test_a_sheet_that_lost_name_and_headings_is_mended_from_its_lines():
    def rename(book: Workbook) -> None:
        book[forms.CATEGORY].delete_rows(1, 3)
        book[forms.CATEGORY].title = "การนำองค์การ"

    reading = again(forms.edited(by_its_lines, forms.marked_copy(forms.edited(rename))))
    assert reading.submission == forms.small_submission()


@pytest.mark.parametrize("word", layout.SETTLED.values())
@pytest.mark.parametrize("case", [case for case in FAILS if case.name in SETTLED_BY_A_WORD], ids=by_name)
def test_what_the_form_need_not_be_told_is_settled_by_a_word(case, word):
    reading = again(forms.edited(lambda book: settle(book, word), copy_of(case)))
    assert reading.submission == forms.small_submission(), [finding.code for finding in reading.findings]


def test_every_case_that_is_named_here_is_there():
    assert {case.name for case in FAILS} >= {*UNLOST, *SETTLED_BY_A_WORD}


# --- the mark of the copy ---------------------------------------------------------------------------------------------


@cache
def unknown_code() -> bytes:
    return copy_of(next(case for case in FAILS if case.name == "criterion_code_changed"))


def delete_a_line(book: Workbook) -> None:
    settle(book)
    book[layout.UNPLACED_SHEET].delete_rows(forms.FIRST)


def delete_the_sheet(book: Workbook) -> None:
    del book[layout.UNPLACED_SHEET]


def leave_one_line(book: Workbook) -> None:
    settle(book)
    book[layout.UNPLACED_SHEET].cell(forms.FIRST, 1).value = None


def write_another_word(book: Workbook) -> None:
    settle(book, "รอก่อน")


def rename_the_sheet(book: Workbook) -> None:
    book[layout.UNPLACED_SHEET].title = "ที่เหลือ"


@pytest.mark.parametrize(
    ("edit", "code", "place"),
    [
        (delete_a_line, "unplaced_gone", (layout.UNPLACED_SHEET, None)),
        (delete_the_sheet, "unplaced_gone", (layout.UNPLACED_SHEET, None)),
        (leave_one_line, "unplaced_left", (layout.UNPLACED_SHEET, "A4")),
        (write_another_word, "unplaced_left", (layout.UNPLACED_SHEET, "A4:A5")),
        (rename_the_sheet, "unplaced_left", ("ที่เหลือ", "A4:A5")),
    ],
)
def test_a_copy_counts_only_once_every_line_is_settled(edit, code, place):
    reading = again(forms.edited(edit, unknown_code()))
    found = [finding for finding in reading.findings if finding.is_error]
    assert [(finding.code, (finding.sheet, finding.cell)) for finding in found] == [(code, place)]
    for language in languages():
        assert finding_text(found[0], translator(language))


def test_the_first_sheet_says_how_many_lines_keep_the_copy_from_being_accepted():
    first = opened(unknown_code())[layout.MARKS_SHEET]["A2"].value
    assert "2 บรรทัด" in first
    assert layout.UNPLACED_SHEET in first

    def settle_and_err(book: Workbook) -> None:
        settle(book)
        forms.put(book, forms.CATEGORY, "1.1.B1", "answer", "ผ่าน")

    second = opened(marked_again(again(forms.edited(settle_and_err, unknown_code()))))
    assert layout.UNPLACED_SHEET in second.sheetnames
    assert layout.UNPLACED_SHEET not in second[layout.MARKS_SHEET]["A2"].value


def test_a_copy_of_a_copy_has_the_same_lines_and_knows_which_are_settled():
    reading = again(forms.edited(leave_one_line, unknown_code()))
    second = opened(marked_again(reading))
    said = [[cell.value for cell in cells] for cells, _ in lines_of(second)]
    first = [
        [cell.value for cell in cells] for cells, _ in lines_of(opened(forms.edited(leave_one_line, unknown_code())))
    ]
    assert said == first
    assert [line[0] for line in said] == [None, layout.SETTLED["settled"]]


# --- nothing is missing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [*DAMAGED, *LEFT_AS_SENT], ids=by_name)
def test_nothing_that_a_form_said_is_missing_in_its_marked_copy(case):
    book = opened(copy_of(case))
    cells = [cell for sheet in book for cell in sheet._cells.values()]
    said = {clean_text(str(cell.value)) for cell in cells if cell.value is not None}
    said |= {f"{float(word):.15g}" for word in said if word.replace(".", "", 1).isdigit()}
    comments = "\n".join(cell.comment.text for cell in cells if cell.comment)
    understood = {
        (finding.sheet, cell)
        for finding in reading_of(case).findings
        if finding.severity == "note" and finding.cell
        for cell in cells_in(finding.cell)
    }
    missing = {
        (sheet["name"], f"{letters}{row}", text)
        for sheet in json.loads(answer_to(case.make()))["sheets"]
        if sheet["name"] not in (layout.SUMMARY_SHEET, layout.KEYS_SHEET, layout.MARKS_SHEET)
        for row, cells in sheet["rows"].items()
        for letters, cell in cells.items()
        if (text := clean_text(shown(cell)))
        and text not in said
        and text not in comments
        and (sheet["name"], f"{letters}{row}") not in understood
        and not YEAR_HEADING.fullmatch(fold(text))
        and not text.startswith(COUNTED)
    }
    assert missing == set()


def remark_beside_the_scores(book: Workbook) -> None:
    book[layout.SUMMARY_SHEET]["C40"] = "โปรดดูหนังสือที่ กท 1/2569"


def remark_below_the_guide(book: Workbook) -> None:
    book[layout.GUIDE_SHEET]["B90"] = "โปรดดูหนังสือที่ กท 1/2569"


def remark_beside_a_criterion(book: Workbook) -> None:
    book[forms.CATEGORY]["K5"] = "โปรดดูหนังสือที่ กท 1/2569"


def remark_below_the_agency(book: Workbook) -> None:
    book[layout.AGENCY_SHEET]["A20"] = "โปรดดูหนังสือที่ กท 1/2569"


@pytest.mark.parametrize(
    "edit", [remark_beside_the_scores, remark_below_the_guide, remark_beside_a_criterion, remark_below_the_agency]
)
def test_a_remark_outside_the_form_s_cells_is_kept_and_needs_no_settling(edit):
    reading = again(forms.edited(edit))
    assert reading.submission == forms.small_submission()
    assert [(one.text, one.settled) for one in reading.draft.loose] == [
        ("โปรดดูหนังสือที่ กท 1/2569", layout.SETTLED["unused"])
    ]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("source", ["self", "assessor"])
def test_a_form_without_remarks_has_nothing_beside_its_cells(language, source):
    form = write_form(forms.small_framework(), prefill=forms.small_submission(), source=source, language=language)
    assert again(form).draft.loose == ()


# --- links and comments -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [*DAMAGED, *LEFT_AS_SENT], ids=by_name)
def test_a_link_leads_to_a_cell_that_people_see_and_never_only_to_a_sheet(case):
    book = opened(copy_of(case))
    for row in book[layout.MARKS_SHEET].iter_rows(min_row=4):
        link = row[2].hyperlink
        if link is not None:
            sheet, _, cell = link.location.rpartition("!")
            target = book[sheet.strip("'")]
            assert cell != "A1"
            assert target.sheet_state == "visible"
            assert not target.row_dimensions[target[cell].row].hidden


def test_an_empty_ministry_is_red_has_its_comment_and_is_where_the_link_leads():
    reading = again(forms.edited(lambda book: forms.put_agency(book, "ministry", None)))
    book = opened(marked_again(reading))
    at = book.defined_names["ministry"].attr_text.rpartition("!")[2].replace("$", "")
    cell = book[layout.AGENCY_SHEET][at]
    assert cell.fill.fgColor.rgb == book[layout.MARKS_SHEET]["B4"].fill.fgColor.rgb
    assert cell.comment.text.startswith("ยังไม่ได้กรอก “กระทรวง")
    assert book[layout.MARKS_SHEET]["C4"].hyperlink.location == f"'{layout.AGENCY_SHEET}'!{at}"


def test_a_comment_quotes_only_its_own_cell():
    def answer(book: Workbook) -> None:
        forms.put(book, forms.CATEGORY, "1.1.B1", "answer", "ผ่าน")
        forms.put(book, forms.CATEGORY, "1.1.B2", "answer", "บางส่วน")

    reading = again(forms.edited(answer))
    book = opened(marked_again(reading))
    comments = [
        book[forms.CATEGORY][f"E{forms.row_of(book, forms.CATEGORY, code)}"].comment.text
        for code in ("1.1.B1", "1.1.B2")
    ]
    assert [("ผ่าน" in text, "บางส่วน" in text) for text in comments] == [(True, False), (False, True)]
