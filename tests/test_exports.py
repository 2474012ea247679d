"""Tables leave as they are: values, blanks, and text that stays text; every file says what it is."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import unicodedata
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmqa.charts.words import LEADING_VOWELS, TRAILING_SIGNS
from pmqa.exports import Stamp, clean_text, file_name, metadata, to_csv, to_parquet, to_paste, to_xlsx, to_zip
from pmqa.exports.stamp import LONGEST_NAME, is_formula_like
from pmqa.exports.tables import HEADING_ROWS, display_width, sheet_names, unguarded

STAMP = Stamp(
    "เปรียบเทียบหน่วยงาน", "เฉพาะที่มีหลักฐาน", "2569", "PMQA 4.0", 24, "กระทรวงตัวอย่าง", "a1b2c3", dt.date(2026, 11, 22)
)
ENGLISH = Stamp("Compare", "With evidence", "2569 (2026)", "PMQA 4.0", 1, "", "", dt.date(2026, 11, 22), "en")


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "หน่วยงาน": pd.array(["กรมตัวอย่างที่ ๑", "=1+1", None], dtype="str"),
            "คะแนน": [366.6666666666667, np.nan, -3.5],
            "ปี": pd.array([2569, None, 2568], dtype="Int64"),
            "ครบถ้วน": pd.array([True, None, False], dtype="boolean"),
            "เมื่อ": pd.to_datetime(["2026-01-01 10:00", None, "2026-01-02 00:00"]).astype("datetime64[us]"),
            "ระดับ": pd.Categorical(["basic", "@basic", None]),
        }
    )


def read_csv(content: bytes, **columns: str) -> pd.DataFrame:
    return pd.read_csv(
        io.BytesIO(content),
        encoding="utf-8-sig",
        keep_default_na=False,
        na_values=[""],
        dtype=columns,
        lineterminator=None,
    )


# --- csv ------------------------------------------------------------------------------------------------------------


def test_a_csv_opens_in_excel_with_thai_and_its_heading_in_the_first_row(table):
    content = to_csv(table)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").split("\r\n")[0] == "หน่วยงาน,คะแนน,ปี,ครบถ้วน,เมื่อ,ระดับ"


def test_a_csv_reads_back_equal_with_blanks_as_blanks(table):
    back = read_csv(to_csv(table), ปี="Int64", ครบถ้วน="boolean", หน่วยงาน="str")
    back["หน่วยงาน"] = back["หน่วยงาน"].map(unguarded, na_action="ignore")
    back["ระดับ"] = back["ระดับ"].map(unguarded, na_action="ignore")
    back["เมื่อ"] = pd.to_datetime(back["เมื่อ"]).dt.tz_localize(None)
    for name in table.columns:
        assert back[name].isna().tolist() == table[name].isna().tolist(), name
        assert back[name].dropna().tolist() == table[name].dropna().tolist(), name


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+66", "'+66"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠x", "'＠x"),
        ("  =1+1", "'  =1+1"),  # Excel ignores blanks before a formula
        ("'=1+1", "''=1+1"),  # so that taking one apostrophe away restores it
        ("'ข้อความ'", "'ข้อความ'"),
        ("กรม = ก", "กรม = ก"),
        ("1-2", "1-2"),
        ("–", "–"),  # what stands for a missing number
    ],
)
def test_text_that_looks_like_a_formula_gets_an_apostrophe_in_csv(text, written):
    back = read_csv(to_csv(pd.DataFrame({"ก": pd.array([text], dtype="str"), "ข": [1]})))
    assert back["ก"].tolist() == [written]
    assert unguarded(written) == text


def test_negative_numbers_are_numbers_in_csv():
    assert to_csv(pd.DataFrame({"ก": [-1.5]})).decode("utf-8-sig") == "ก\r\n-1.5\r\n"


def test_what_is_pasted_has_a_cell_for_a_cell_and_is_never_a_formula():
    assert to_paste([["หน่วยงาน", "คะแนน"], ["=1+1\tก", "-3.5"], ["-2+3", "+1,250.0"]]) == (
        "หน่วยงาน\tคะแนน\n'=1+1 ก\t-3.5\n'-2+3\t+1,250.0"
    )


def test_a_heading_is_no_formula_either():
    assert to_csv(pd.DataFrame({"=cmd": [1]})).decode("utf-8-sig").startswith("'=cmd\r\n")


@given(texts=st.lists(st.text(min_size=1), min_size=1, max_size=5))
@settings(max_examples=150)
def test_any_text_survives_csv_and_is_never_a_formula(texts):
    frame = pd.DataFrame({"ก": pd.array([clean_text(text) for text in texts], dtype="str"), "ข": range(len(texts))})
    content = to_csv(frame)
    back = read_csv(content, ก="str")["ก"].tolist()
    assert not any(is_formula_like(text) and not text.startswith("'") for text in back)
    assert [unguarded(text) for text in back] == [clean_text(text) for text in texts]


def test_a_csv_has_its_columns_and_nothing_else(table):
    assert read_csv(to_csv(table)).shape == table.shape


def test_moments_are_utc_in_one_form_whatever_they_are(table):
    assert read_csv(to_csv(table))["เมื่อ"].dropna().tolist() == [
        "2026-01-01T10:00:00.000000Z",
        "2026-01-02T00:00:00.000000Z",
    ]


# --- xlsx -----------------------------------------------------------------------------------------------------------


def cells(content: bytes, sheet: int = 0) -> openpyxl.worksheet.worksheet.Worksheet:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return book.worksheets[sheet]


def test_an_xlsx_holds_values_as_they_are_and_leaves_blanks_blank(table):
    sheet = cells(to_xlsx({"ตาราง": table}, STAMP))
    rows = list(sheet.iter_rows(min_row=HEADING_ROWS + 1, values_only=True))
    assert rows[0] == tuple(table.columns)
    assert rows[1] == ("กรมตัวอย่างที่ ๑", 366.6666666666667, 2569, True, dt.datetime(2026, 1, 1, 10), "basic")
    assert rows[2] == ("=1+1", None, None, None, None, "@basic")
    assert rows[3] == (None, -3.5, 2568, False, dt.datetime(2026, 1, 2), None)


def test_an_xlsx_says_what_it_is_above_its_table(table):
    sheet = cells(to_xlsx({"ตาราง": table}, STAMP))
    heading = [sheet.cell(row, 1).value for row in range(1, HEADING_ROWS + 1)]
    assert heading == ["เปรียบเทียบหน่วยงาน", *STAMP.lines(), None]
    assert sheet.freeze_panes == f"A{HEADING_ROWS + 2}"
    (own,) = sheet.tables.values()
    assert own.autoFilter.ref.startswith(f"A{HEADING_ROWS + 1}:")


@given(
    text=st.text(min_size=1, max_size=40)
    | st.sampled_from(["=cmd|' /C calc'!A0", "http://x.th", "12", "+1", "ｘ＝1", "{=1}"])
)
@settings(max_examples=80)
def test_any_text_is_a_string_cell_in_xlsx(text):
    frame = pd.DataFrame({"ก": pd.array([clean_text(text)], dtype="str")})
    content = to_xlsx({"ก": frame}, STAMP)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"<hyperlink" not in sheet
    cell = cells(content).cell(HEADING_ROWS + 2, 1)
    # openpyxl, like Excel, keeps a carriage return as an escape; XML itself would make a line feed of it.
    assert str(cell.value).replace("_x000D_", "\r") == clean_text(text)
    assert bool(cell.quotePrefix) == is_formula_like(clean_text(text))


def test_formula_like_text_is_marked_as_quoted_so_that_editing_keeps_it_text():
    cell = cells(to_xlsx({"ก": pd.DataFrame({"ก": ["=1+1"]})}, STAMP)).cell(HEADING_ROWS + 2, 1)
    assert cell.quotePrefix
    assert cell.value == "=1+1"


def test_sheet_names_fit_excel_and_stay_apart():
    names = sheet_names(["ก/ข:[1]", "ก-ข--1-", "x" * 40, "x" * 40, "", "History", "'a'"])
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert len({name.casefold() for name in names}) == len(names)


def test_a_long_sheet_name_ends_behind_a_word_and_says_that_it_goes_on():
    assert sheet_names(["1 How far is each agency from its next level?"]) == ["1 How far is each agency from…"]
    assert sheet_names(["ก" * 29 + "ที่ดี"]) == ["ก" * 29 + "…"]


def test_a_table_of_a_workbook_has_a_name_and_its_headings():
    frame = pd.DataFrame({"คะแนน": [1.0, 2.0], "n": [1, 2]})
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx({"Scores": frame, "คะแนน": frame, "-": frame.head(0)}, STAMP)))
    tables = [sheet.tables for sheet in book.worksheets]
    assert [list(one) for one in tables] == [["Scores_1"], ["table_2"], []]
    (table,) = tables[0].values()
    assert table.ref == f"A{HEADING_ROWS + 1}:B{HEADING_ROWS + 3}"
    assert table.column_names == list(frame.columns)


def test_number_formats_may_be_given_and_never_round_the_value():
    frame = pd.DataFrame({"ความครบถ้วน": [0.98765]})
    cell = cells(to_xlsx({"ก": frame}, STAMP, {"ความครบถ้วน": "0%"})).cell(HEADING_ROWS + 2, 1)
    assert (cell.value, cell.number_format) == (0.98765, "0%")


def test_an_empty_table_is_a_sheet_with_its_heading():
    sheet = cells(to_xlsx({"ก": pd.DataFrame({"คะแนน": pd.Series(dtype="float64")})}, STAMP))
    assert sheet.cell(HEADING_ROWS + 1, 1).value == "คะแนน"


def test_thai_marks_take_no_width():
    assert display_width("ปั้น") == 2
    assert display_width("ก\nกขค") == 3


# --- parquet --------------------------------------------------------------------------------------------------------


def test_a_parquet_reads_back_equal_and_carries_its_stamp(table):
    content = to_parquet(table, STAMP)
    back = pd.read_parquet(io.BytesIO(content))
    pd.testing.assert_frame_equal(back, table, check_categorical=False)
    assert json.loads(pq.read_schema(io.BytesIO(content)).metadata[b"pmqa"]) == metadata(STAMP)


# --- names, stamps, bundles -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "suffix", "name"),
    [
        (["เปรียบเทียบ", 2569], "xlsx", "เปรียบเทียบ_2569.xlsx"),
        (["a/b\\c:d", None, "  "], ".csv", "a-b-c-d.csv"),
        (["กรม ตัวอย่าง ก"], "", "กรม_ตัวอย่าง_ก"),
        (["../../etc/passwd"], "txt", "etc-passwd.txt"),
        (["CON"], "csv", "pmqa_CON.csv"),
        ([""], "zip", "pmqa.zip"),
        (["\u202egnp"], "exe", "gnp.exe"),  # no turning of the reading direction
    ],
)
def test_file_names_speak_and_are_safe_everywhere(parts, suffix, name):
    assert file_name(parts, suffix) == name


@given(parts=st.lists(st.text(), max_size=4))
def test_no_file_name_is_too_long_or_leaves_its_folder(parts):
    name = file_name(parts, "xlsx")
    assert len(name.encode()) <= 200
    assert name[0] not in ".- "
    assert not set(name) & set('<>:"/\\|?*')


LONG = "สำนักงานตัวอย่างเพื่อการส่งเสริมคุณภาพชีวิตผู้สูงอายุและคนพิการแห่งประเทศไทยที่มีน้ำใจ"


def test_a_long_name_keeps_what_tells_files_apart():
    names = {
        file_name(["รายงานผลการประเมิน: " + LONG, code, year], form)
        for code in ("DEMO-001", "DEMO-002")
        for year in (2568, 2569)
        for form in ("pptx", "pdf")
    }
    assert len(names) == 8
    for name in names:
        stem, _, form = name.rpartition(".")
        assert stem.startswith("รายงานผลการประเมิน")
        assert stem.endswith(("DEMO-001_2568", "DEMO-001_2569", "DEMO-002_2568", "DEMO-002_2569"))
        assert form in {"pptx", "pdf"}
        assert "…" in stem


def test_files_of_a_zip_whose_names_are_cut_stay_apart():
    files = {f"{LONG * 2}_DEMO-{number:03}_2569.pptx": b"1" for number in range(20)}
    with zipfile.ZipFile(io.BytesIO(to_zip(files, STAMP))) as archive:
        names = archive.namelist()[2:]
    assert len(set(names)) == 20
    assert all(name.endswith(f"DEMO-{number:03}_2569.pptx") for number, name in enumerate(names))


@given(start=st.text("กขคนำเแโใไ่้๊๋ิีุูา ", min_size=50, max_size=120), end=st.text("กนำเ่้ีา", max_size=90))
def test_a_name_is_cut_between_whole_letters(start, end):
    text = f"ก{start}{end}"
    name = file_name([text, "2569"])
    assert len(name.encode()) <= LONGEST_NAME
    head, cut, tail = name.partition("…")
    if cut:
        assert not tail or unicodedata.category(tail[0]) != "Mn"
        assert not tail.startswith(tuple(TRAILING_SIGNS))
        assert not head.endswith(tuple(LEADING_VOWELS))
        whole = re.sub(r"\s+", "_", unicodedata.normalize("NFC", text).strip())
        assert whole.startswith(head)
        assert not head or unicodedata.category(whole[len(head)]) != "Mn"


def test_one_agency_is_one_agency_and_blanks_of_a_stamp_are_left_out():
    assert ENGLISH.basis_line() == ("Basis: With evidence · Fiscal year 2569 (2026) · Edition: PMQA 4.0 · n = 1 agency")
    assert ENGLISH.lines()[1:] == ("Filters: none", "Made on 22 Nov 2026")


def test_a_bundle_has_a_readme_in_both_languages_and_checksums():
    content = to_zip({"ตาราง.csv": b"1", "รูป.svg": b"<svg/>"}, STAMP, {"view": "?a=1"})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["README.txt", "metadata.json", "ตาราง.csv", "รูป.svg"]
        readme = archive.read("README.txt").decode("utf-8-sig")
        about = json.loads(archive.read("metadata.json"))
    for part in ("เปรียบเทียบหน่วยงาน", "ฐานคะแนน", "Basis", "22 พ.ย. 2569", "22 Nov 2026", "ตาราง.csv"):
        assert part in readme
    assert about["view"] == "?a=1"
    assert about["n"] == 24
    assert about["made_on"] == "2026-11-22"
    assert [entry["bytes"] for entry in about["files"]] == [1, 6]


def test_two_files_of_a_bundle_may_not_take_one_name():
    with pytest.raises(ValueError, match="clash"):
        to_zip({"a/b.csv": b"", "a-b.csv": b""}, STAMP)
    with pytest.raises(ValueError, match="clash"):
        to_zip({"README.txt": b""}, STAMP)


def test_the_same_table_gives_the_same_bytes(table):
    def made() -> list[bytes]:
        return [
            to_csv(table),
            to_xlsx({"ก": table, "ข": table}, STAMP),
            to_parquet(table, STAMP),
            to_zip({"ก.csv": to_csv(table)}, STAMP),
        ]

    assert made() == made()
