"""The submission form as a workbook: what is where, what may be edited, what is text."""

from __future__ import annotations

import datetime as dt
import html
import io
import zipfile

import openpyxl
import pytest
from factories import make_measure, make_submission

from pmqa.submission import Answer, Measure
from pmqa.text import load_sentences
from pmqa.workbook import layout, write_form
from pmqa.workbook.form.looks import line_count

MOMENT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
PROCESS = [layout.category_sheet(number) for number in "123456"]
RESULTS = layout.category_sheet("7")


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def column_of(sheet, key):
    return [cell.value for cell in sheet[layout.KEY_ROW]].index(key) + 1


def cell_of(book, sheet, id_, key, number=1):
    rows = [row for row in range(layout.FIRST_ROW, book[sheet].max_row + 1) if book[sheet].cell(row, 1).value == id_]
    return book[sheet].cell(rows[number - 1], column_of(book[sheet], key))


def editable(sheet):
    """The keys of the columns whose cells can be edited in the first row of data."""
    keys = [cell.value for cell in sheet[layout.KEY_ROW]]
    cells = sheet[layout.FIRST_ROW]
    return {key for key, cell in zip(keys, cells, strict=True) if not cell.protection.locked}


def lists(sheet):
    """cell range -> words of its drop-down."""
    rules = sheet.data_validations.dataValidation
    return {str(rule.sqref): rule.formula1.strip('"').split(",") for rule in rules if rule.type == "list"}


def words_offered(sheet, key):
    letter = openpyxl.utils.get_column_letter(column_of(sheet, key))
    return next(words for cells, words in lists(sheet).items() if cells.startswith(f"{letter}{layout.FIRST_ROW}:"))


@pytest.fixture(scope="module")
def blank(framework):
    return opened(write_form(framework, fiscal_year=2569))


@pytest.fixture(scope="module")
def for_assessor(framework):
    sent = make_submission(
        met={"1.1.B1": True, "1.1.B2": False}, measures=[make_measure()], contact_name="ผู้ประสานงานตัวอย่าง"
    )
    return opened(write_form(framework, prefill=sent, source="assessor"))


def test_the_sheets_are_in_order_and_the_keys_are_very_hidden(blank):
    assert blank.sheetnames == [
        *(layout.GUIDE_SHEET, layout.AGENCY_SHEET, *PROCESS, RESULTS),
        *(layout.SUMMARY_SHEET, layout.KEYS_SHEET),
    ]
    assert blank[layout.KEYS_SHEET].sheet_state == "veryHidden"
    assert blank.active.title == layout.GUIDE_SHEET


def test_the_keys_say_which_form_and_edition_this_is(framework):
    book = opened(write_form(framework, language="en", created=MOMENT))
    said = {row[0]: row[1] for row in book[layout.KEYS_SHEET].iter_rows(values_only=True)}
    assert said == {
        "form": layout.FORM_VERSION,
        "edition": framework.edition,
        "edition_version": framework.version,
        "language": "en",
        "created": "2026-11-22T09:00:00+00:00",
    }


def test_every_agency_field_has_a_defined_name_that_points_at_its_value(framework):
    book = opened(write_form(framework, agency={"agency_code": "D001", "ministry": "กระทรวงตัวอย่าง"}))
    values = {}
    for name in (field.name for field in layout.AGENCY_FIELDS):
        sheet, cell = next(book.defined_names[name].destinations)
        assert sheet == layout.AGENCY_SHEET
        values[name] = book[sheet][cell.replace("$", "")].value
    assert (values["agency_code"], values["ministry"], values["source"]) == ("D001", "กระทรวงตัวอย่าง", "ประเมินตนเอง")


@pytest.mark.parametrize("title", [*PROCESS, RESULTS])
def test_a_category_has_a_hidden_row_of_keys_and_a_row_of_headings_above_its_data(blank, title):
    columns = layout.MEASURE_COLUMNS if title == RESULTS else layout.CRITERION_COLUMNS
    sheet = blank[title]
    assert [cell.value for cell in sheet[layout.KEY_ROW]] == [column.key for column in columns]
    assert sheet.row_dimensions[layout.KEY_ROW].hidden
    for cell, column in zip(sheet[layout.HEADING_ROW], columns, strict=True):
        assert cell.value == column.words["th"] or column.key.startswith("actual")


def test_every_criterion_has_one_row_grouped_by_item_and_level(blank, framework):
    found = [
        blank[title].cell(row, 1).value
        for title in PROCESS
        for row in range(layout.FIRST_ROW, blank[title].max_row + 1)
    ]
    assert found == [c.id for item in framework.items_with_criteria for c in framework.criteria_of[item.id]]
    assert cell_of(blank, "หมวด 1", "1.1.B1", "item").value == f"1.1 {framework.item['1.1'].title['th']}"
    assert cell_of(blank, "หมวด 1", "1.1.S2", "level").value == framework.level["significance"].name["th"]


def test_every_indicator_has_two_rows_and_a_star_if_it_is_core(blank, framework):
    sheet = blank[RESULTS]
    found = [sheet.cell(row, 1).value for row in range(layout.FIRST_ROW, sheet.max_row + 1)]
    assert found == [
        n.id for item in framework.items_with_indicators for n in framework.indicators_of[item.id] for _ in "12"
    ]
    starred = {id_ for id_ in found if " *" in cell_of(blank, RESULTS, id_, "indicator_name").value}
    assert starred == {indicator.id for indicator in framework.indicators if indicator.core}


def test_the_blank_form_holds_no_answer(blank):
    for title in (*PROCESS, RESULTS):
        columns = layout.MEASURE_COLUMNS if title == RESULTS else layout.CRITERION_COLUMNS
        filled = {column.key for column in columns if column.filled_by == "form"}
        for row in blank[title].iter_rows(min_row=layout.FIRST_ROW):
            assert {columns[n].key for n, cell in enumerate(row) if cell.value is not None} == filled


def test_actuals_are_headed_by_their_years(framework):
    def headings(book):
        sheet = book[RESULTS]
        keys = ("actual_2", "actual_1", "actual")
        return [sheet.cell(layout.HEADING_ROW, column_of(sheet, key)).value for key in keys]

    with_year = opened(write_form(framework, fiscal_year=2569))
    assert headings(with_year) == [f"ผลดำเนินงาน ปี {year}" for year in (2567, 2568, 2569)]
    # Nobody may change the year that the headings carry; without a year they follow the agency's cell.
    assert with_year[layout.AGENCY_SHEET]["B7"].protection.locked
    without = opened(write_form(framework))
    assert all(heading.startswith("=IF(ISNUMBER(fiscal_year)") for heading in headings(without))
    assert not without[layout.AGENCY_SHEET]["B7"].protection.locked


@pytest.mark.parametrize(
    ("sheet", "key", "words"),
    [
        ("หมวด 1", "answer", ["มี", "ไม่มี"]),
        (RESULTS, "direction", ["ยิ่งมากยิ่งดี", "ยิ่งน้อยยิ่งดี"]),
        (RESULTS, "method", ["ช่วงร้อยละ", "ช่วงค่า"]),
        (RESULTS, "answer", ["เหมาะสม", "ไม่เหมาะสม"]),
    ],
)
def test_lists_are_inline_and_reach_below_the_last_row(blank, sheet, key, words):
    assert words_offered(blank[sheet], key) == words
    letter = openpyxl.utils.get_column_letter(column_of(blank[sheet], key))
    covered = next(cells for cells in lists(blank[sheet]) if cells.startswith(letter))
    assert int(covered.rpartition(letter)[2]) > blank[sheet].max_row


def test_the_agency_sheet_offers_types_and_sources(blank):
    assert list(layout.AGENCY_TYPES) in lists(blank[layout.AGENCY_SHEET]).values()
    assert list(layout.source_words().values()) in lists(blank[layout.AGENCY_SHEET]).values()


def test_number_columns_take_numbers_only_and_say_so_in_thai(blank):
    rules = {str(rule.sqref)[0]: rule for rule in blank[RESULTS].data_validations.dataValidation if rule.type != "list"}
    letters = {openpyxl.utils.get_column_letter(column_of(blank[RESULTS], key)) for key in layout.NUMBER_COLUMNS}
    assert set(rules) == letters
    for rule in rules.values():
        assert rule.type == "decimal"
        assert rule.showErrorMessage
        assert rule.error
        assert not rule.error.isascii()


def test_messages_of_cells_are_as_short_as_spreadsheet_programs_want_them(blank):
    for sheet in blank:
        for rule in sheet.data_validations.dataValidation:
            assert len(rule.errorTitle or "") <= 32
            assert len(rule.error or "") <= 225
            assert len(rule.promptTitle or "") <= 32
            assert len(rule.prompt or "") <= 255
            assert len(rule.formula1) <= 257


def test_every_sheet_is_protected_without_a_password(blank):
    for sheet in blank:
        assert sheet.protection.sheet, sheet.title
        assert not sheet.protection.password


def test_an_agency_edits_its_answers_and_nothing_else(blank):
    assert editable(blank["หมวด 1"]) == {"answer", "explanation", "evidence"}
    assert editable(blank[RESULTS]) == {c.key for c in layout.MEASURE_COLUMNS if c.filled_by == "agency"}
    assert not [cell for row in blank[layout.SUMMARY_SHEET] for cell in row if not cell.protection.locked]


def test_a_row_inserted_below_the_last_of_an_indicator_lets_its_code_be_chosen(blank, framework):
    assert cell_of(blank, RESULTS, "7.1.1", "indicator", 1).protection.locked
    assert not cell_of(blank, RESULTS, "7.1.1", "indicator", 2).protection.locked
    assert words_offered(blank[RESULTS], "indicator") == [indicator.id for indicator in framework.indicators]
    assert not blank[RESULTS].protection.insertRows  # not forbidden


def test_the_assessor_sees_the_agency_s_answers_and_edits_only_his_own(for_assessor):
    assert editable(for_assessor["หมวด 1"]) == {"answer", "suggestion"}
    assert editable(for_assessor[RESULTS]) == {"answer", "suggestion"}
    assert cell_of(for_assessor, "หมวด 1", "1.1.B1", layout.AGENCY_ANSWER.key).value == "มี"
    assert cell_of(for_assessor, "หมวด 1", "1.1.B2", layout.AGENCY_ANSWER.key).value == "ไม่มี"
    assert cell_of(for_assessor, "หมวด 1", "1.1.B1", "answer").value is None
    assert cell_of(for_assessor, "หมวด 1", "1.1.B1", "evidence").value == "คำสั่งตัวอย่างที่ 1/2569"
    assert cell_of(for_assessor, RESULTS, "7.1.1", "actual").value == 85.9
    assert for_assessor[layout.AGENCY_SHEET]["B8"].value == layout.source_words()["assessor"]
    assert for_assessor[layout.AGENCY_SHEET]["B9"].value is None  # the contact is the assessor's own


def test_the_assessor_s_own_submission_comes_back_as_his_form(framework):
    own = make_submission(source="assessor", met={"1.1.B1": False}, measures=[make_measure(accepted=False)])
    book = opened(write_form(framework, prefill=own))
    assert cell_of(book, "หมวด 1", "1.1.B1", "answer").value == "ไม่มี"
    assert cell_of(book, RESULTS, "7.1.1", "answer").value == "ไม่เหมาะสม"


def test_more_measures_get_more_rows_each_at_its_number(framework):
    sent = make_submission(measures=[make_measure("7.1.1", 1), make_measure("7.1.1", 3, target=0.5)])
    book = opened(write_form(framework, prefill=sent))
    assert cell_of(book, RESULTS, "7.1.1", "target", 1).value == 85
    assert cell_of(book, RESULTS, "7.1.1", "target", 2).value is None
    assert cell_of(book, RESULTS, "7.1.1", "target", 3).value == 0.5


@pytest.mark.parametrize(
    "text", ["=1+1", "+66 2 000 0000", "-", "@SUM(A1)", '=HYPERLINK("http://x")', "＝1", "#REF!", "TRUE", "0123"]
)
def test_what_somebody_wrote_is_text_and_never_a_formula(framework, text):
    sent = make_submission(met={"1.1.B1": True}, evidence={"1.1.B1": text}, measures=[Measure("7.1.1", 1, name=text)])
    book = opened(write_form(framework, prefill=sent))
    for cell in (cell_of(book, "หมวด 1", "1.1.B1", "evidence"), cell_of(book, RESULTS, "7.1.1", "measure")):
        assert cell.value == text
        assert cell.data_type == "s"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("ก\x00ข\x1f", "ก\ufffdข\ufffd"),
        ("\ud800", "\ufffd"),
        ("ก\r\nข", "ก\nข"),
        ("ก" * 40_000, "ก" * 32_767),
        ("  ก ", "  ก "),
        ("_x0041_", "_x005F_x0041_"),  # what a spreadsheet program shows as _x0041_
    ],
)
def test_what_a_cell_cannot_hold_is_replaced_rather_than_refused(framework, said, written):
    sent = make_submission(met={"1.1.B1": True}, evidence={"1.1.B1": said})
    content = write_form(framework, prefill=sent)
    parts = zipfile.ZipFile(io.BytesIO(content))
    assert written in html.unescape(parts.read("xl/sharedStrings.xml").decode())


@pytest.mark.parametrize("value", [0.1 + 0.2, 1 / 3, 1e-7, 123456789.123456789, -0.5, 1e14])
def test_numbers_keep_every_digit(framework, value):
    book = opened(write_form(framework, prefill=make_submission(measures=[make_measure(target=1.0, actual=value)])))
    assert cell_of(book, RESULTS, "7.1.1", "actual").value == value


def test_the_same_input_gives_the_same_bytes(framework):
    sent = make_submission(measures=[make_measure()])
    first, second = (write_form(framework, prefill=sent, created=MOMENT) for _ in range(2))
    assert first == second
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {(2026, 11, 22, 9, 0, 0)}


def test_sheets_print_on_a4_landscape_as_wide_as_the_page_with_repeated_headings(blank):
    for sheet in blank:
        if sheet.title == layout.KEYS_SHEET:
            continue
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        wide = sheet.title in (RESULTS, layout.SUMMARY_SHEET)  # what is too wide to be read on one page
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (2 if wide else 1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    for title in (*PROCESS, RESULTS, layout.SUMMARY_SHEET):
        assert blank[title].print_title_rows == "$1:$3"
        assert blank[title].freeze_panes


def test_every_cell_has_a_thai_font(blank):
    for sheet in blank:
        assert {cell.font.name for row in sheet for cell in row} == {"TH Sarabun New"}


def test_rows_have_room_for_their_text_and_still_grow(framework):
    long = "คำอธิบายที่ยาวมากของหน่วยงานตัวอย่าง " * 12
    answers = tuple(Answer(c.id, True, explanation=long) for c in framework.criteria)
    sent = make_submission()
    content = write_form(framework, prefill=type(sent)(**{**_fields(sent), "answers": answers}))
    sheet = opened(content)["หมวด 1"]
    height = sheet.row_dimensions[layout.FIRST_ROW].height
    width = next(column.width for column in layout.CRITERION_COLUMNS if column.key == "explanation")
    assert height >= line_count(long, width) * 20
    raw = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet3.xml").decode()
    row = raw[raw.index(f'<row r="{layout.FIRST_ROW}"') :].partition(">")[0]
    assert "customHeight" not in row  # fixed by hand, it would clip what people type next


def _fields(submission):
    return {name: getattr(submission, name) for name in submission.__dataclass_fields__}


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("มี", 15, 1),
        ("กี่ปี่น้ำที่", 15, 1),  # marks above and below take no width
        ("ก\nข\nค", 15, 3),
        ("ก" * 30, 12, 5),
        ("", 15, 1),
    ],
)
def test_lines_are_counted_by_letters_that_take_width(text, width, lines):
    assert line_count(text, width) == lines


def test_the_english_form_has_english_headings_and_criteria_but_the_same_lists(framework):
    book = opened(write_form(framework, language="en", fiscal_year=2569))
    sheet = book["หมวด 1"]
    headings = [str(cell.value).partition("\n")[0] for cell in sheet[layout.HEADING_ROW]]
    assert headings == [column.words["en"] for column in layout.CRITERION_COLUMNS]
    assert cell_of(book, "หมวด 1", "1.1.B1", "text").value == framework.criterion["1.1.B1"].text["en"]
    assert words_offered(sheet, "answer") == ["มี", "ไม่มี"]


def test_the_guide_is_in_thai_and_then_in_english_and_leaves_no_sentence_out(blank, framework):
    told = [cell.value for row in blank[layout.GUIDE_SHEET] for cell in row if isinstance(cell.value, str)]
    thai = told.index("วิธีกรอก")
    assert thai < told.index("How to fill in")
    review = opened(write_form(framework, prefill=make_submission(), source="assessor"))
    told += [cell.value for row in review[layout.GUIDE_SHEET] for cell in row if isinstance(cell.value, str)]
    for key, words in load_sentences().items():
        if key.startswith("form.guide.") and "{" not in words["th"]:
            assert words["th"] in told, key
            assert words["en"] in told, key


def test_the_score_sheet_has_native_charts_on_the_fixed_scale(framework):
    parts = zipfile.ZipFile(io.BytesIO(write_form(framework)))
    radar, bars = (parts.read(f"xl/charts/chart{number}.xml").decode() for number in (1, 2))
    assert "radarChart" in radar
    assert "barChart" in bars
    for chart in (radar, bars):
        assert '<c:max val="500"' in chart.replace("<max", "<c:max")
        assert '<c:min val="0"' in chart.replace("<min", "<c:min")
        assert 'delete val="1"' not in chart
        assert 'cs typeface="TH Sarabun New"' in chart.replace("a:cs", "cs")


def test_a_category_says_how_much_is_answered_and_tints_what_is_not(blank):
    sheet, results = blank[PROCESS[0]], blank[RESULTS]
    count = sum(bool(sheet.cell(row, 1).value) for row in range(layout.FIRST_ROW, sheet.max_row + 1))
    last = layout.FIRST_ROW + count - 1
    assert sheet["E1"].value == f'="ตอบแล้ว "&COUNTIF(E{layout.FIRST_ROW}:E{last},"?*")&"/{count}"'
    tinted = {str(area.sqref): rule for area in sheet.conditional_formatting for rule in area.rules}
    assert tinted[f"E4:E{last}"].formula == ["AND(LEN(TRIM(E4))=0,TRUE)"]
    forms = {
        rule.dxf.numFmt.formatCode for area in results.conditional_formatting for rule in area.rules if rule.dxf.numFmt
    }
    assert forms == {"#,##0", "#,##0.0###"}
    hinted = [str(rule.sqref) for rule in sheet.data_validations.dataValidation if rule.prompt]
    assert [area[0] for area in hinted] == ["E", "G"]


def test_sheets_lead_to_each_other_and_the_charts_say_what_they_show(framework):
    content = write_form(framework)
    book = opened(content)
    assert {book[title]["A1"].hyperlink.location for title in (*PROCESS, RESULTS)} == {f"'{layout.SUMMARY_SHEET}'!A1"}
    led_to = {cell.hyperlink.location for row in book[layout.SUMMARY_SHEET] for cell in row if cell.hyperlink}
    assert led_to == {f"'{title}'!A1" for title in (*PROCESS, RESULTS)}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    assert drawing.count("descr=") == drawing.count('name="Chart') == 2
