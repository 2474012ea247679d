"""Sheets and texts as programs usually write them are read without a look at every element, and to the same end."""

from __future__ import annotations

import pytest

from pmqa.workbook import cells, limits
from pmqa.workbook.archive import Refusal
from pmqa.workbook.markup import MAIN_NAMESPACES
from pmqa.workbook.sheet import Budget, read_sheet
from pmqa.workbook.usual import usual_sheet, usual_texts
from tests.forms import small_form

SHARED = {"0": "ไม่มี", "1": "", "2": "มี\nสองบรรทัด"}
FORMATS = {"3": "p"}
MAIN = f'xmlns="{MAIN_NAMESPACES[0]}"'
# What Excel writes of itself.
EXCEL = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" '
    'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
)
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'

USUAL_ROWS = {
    "shared texts": '<c r="A1" s="1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="AA1" t="s"><v>2</v></c>',
    "numbers": '<c r="A1"><v>85.50</v></c><c r="B1" s="3"><v> 0.5 </v></c><c r="C1" t="n"><v></v></c>',
    "kinds": '<c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#REF!</v></c><c r="C1" s="3" t="d"><v>2026-01-31</v></c>',
    "no content": '<c r="A1" s="3"/><c r="B1" s="1" t="n"></c><c r="C1"></c>',
    "texts": '<c r="A1" t="str"><v>ก&#3649;&#x0e41; &lt;b&gt;</v></c><c r="B1" t="inlineStr"><is><t> มี </t></is></c>',
    "escapes": '<c r="A1" t="str"><v>a_x000D_&#13;\nb\r\nc_x0001_</v></c>',
    "spaces kept": '<c r="A1" t="str"><v xml:space="preserve"> ก </v></c>',
    "formulas": '<c r="A1"><f>SUM(B1:B2)</f><v>3</v></c><c r="B1" t="str"><f>"ก"&amp;C1</f><v>ก</v></c>',
    "array formula": '<c r="A1" s="1" cm="1"><f t="array" ref="A1:A2">SUM(B1:B2*2)</f><v>3</v></c>',
    "formula without value": '<c r="A1"><f>B1</f></c><c r="B1" t="str"><f>C1</f></c>',
    "shared formula": '<c r="A1"><f t="shared" si="0">B1&gt;1</f><v>3</v></c><c r="B1"><f si="0"/><v>3</v></c>',
    "formula with an end of a tag": '<c r="A1"><f>"/></f><v>3</v></c><c r="B1"><f></f><v>3</v></c>',
    "long formulas": f'<c r="A1"><f>{"&quot;ก" * 40}</f><v>3</v></c><c r="B1"><f>{"&#3649;" * 60}</f><v>3</v></c>',
}
UNUSUAL_ROWS = {
    "no address": "<c><v>1</v></c>",
    "other order": '<c s="1" r="A1"><v>1</v></c>',
    "other quotes": "<c r='A1'><v>1</v></c>",
    "other row": '<c r="A2"><v>1</v></c>',
    "twice": '<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>',
    "no such text": '<c r="A1" t="s"><v>7</v></c>',
    "runs": '<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>',
    "within a value": '<c r="A1"><v>1<x/>2</v></c>',
    "comment": '<c r="A1"><v>1<!-- 5 -->2</v></c>',
    "data": '<c r="A1" t="str"><v><![CDATA[<c r="B1"><v>1</v></c>]]></v></c>',
    "long references": f'<c r="A1"><f>{"&#00003649;" * 60}</f><v>3</v></c>',
    "too long": f'<c r="A1" t="str"><v>{"ก" * (limits.CELL_CHARACTERS + 1)}</v></c>',
    "other namespace": '<x xmlns="urn:x"><c r="A1"><v>1</v></c></x>',
    "row without a number": '</row><row><c r="A2"><v>1</v></c>',
    "row out of range": '</row><row\nr="99999999"><c r="A1"><v>1</v></c>',
    "broken": '<c r="A1"><v>1</c>',
}
TEXTS = {
    "plain": ("<si><t>ก&#3649;</t></si><si><t/></si>", True),
    "spaces kept": ('<si><t xml:space="preserve"> ก\r\nข_x000D_ </t></si>', True),
    "runs": ('<si><r><rPr><b/><sz val="11"/></rPr><t>ก</t></r><r><t xml:space="preserve"> ข</t></r></si>', True),
    "none": ("", True),
    "the mark itself": ("<si><t>ก\ue012ข</t></si>", False),
    "the mark as a reference": ("<si><t>ก&#57362;ข</t></si>", False),
    "how it sounds": ('<si><t>課</t><rPh sb="0" eb="1"><t>カ</t></rPh></si>', False),
    "indented": ("\n<si>\n<t>ก</t>\n</si>", False),
    "within a text": ("<si><t>ก<x/>ข</t></si>", False),
    "comment": ("<si><t>ก<!-- x --></t></si>", False),
}


def sheet(row: str, merges: str = '<mergeCell ref="A1:B2"/>') -> bytes:
    rows = f'<sheetData><row r="1" spans="1:9" x14ac:dyDescent="0.25">{row}</row><row r="3"/></sheetData>'
    return f"{DECLARED}<worksheet {MAIN} {EXCEL}><cols/>{rows}<mergeCells>{merges}</mergeCells></worksheet>".encode()


def texts(items: str) -> bytes:
    return f'{DECLARED}<sst {MAIN} count="2">{items}</sst>'.encode()


def by_every_element(data: bytes) -> object:
    budget = Budget()
    return read_sheet(data, "ก", SHARED, FORMATS, budget), budget


@pytest.mark.parametrize("row", USUAL_ROWS.values(), ids=USUAL_ROWS)
def test_a_usual_sheet_reads_as_by_every_element(row):
    budget = Budget()
    found = usual_sheet(sheet(row), SHARED, FORMATS, budget)
    assert found is not None
    assert (found, budget) == by_every_element(sheet(row))


@pytest.mark.parametrize("row", UNUSUAL_ROWS.values(), ids=UNUSUAL_ROWS)
def test_what_is_written_in_another_way_is_left_to_the_reader_of_every_element(row):
    budget = Budget()
    assert usual_sheet(sheet(row), SHARED, FORMATS, budget) is None
    assert budget == Budget()


@pytest.mark.parametrize(
    "data",
    [
        sheet('<c r="A1"><v>1</v></c>').decode().replace("UTF-8", "US-ASCII").encode(),
        sheet('<c r="A1"><v>1</v></c>').decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        sheet('<c r="A1"><v>1</v></c>', '<mergeCell a="1" ref="A1:B2"/>'),
        sheet('<c r="A1"><v>1</v></c>').replace(b"<cols/>", b'<c r="A1"><v>1</v></c>'),
        sheet('<c r="A1"><v>1</v></c>').replace(b"</worksheet>", b'<row r="0"/></worksheet>'),
        sheet('<c r="A1"><v>1</v></c>').replace(b"<worksheet", b"<!DOCTYPE a><worksheet"),
        sheet('<c r="A1"><v>1</v></c>').replace(b"worksheet", b"x:worksheet").replace(b"xmlns=", b"xmlns:x="),
    ],
    ids=["encoding", "utf-16", "merges", "cells before rows", "row after rows", "dtd", "prefix"],
)
def test_so_is_a_sheet_of_another_build(data):
    assert usual_sheet(data, SHARED, FORMATS, Budget()) is None


@pytest.mark.parametrize("left", [Budget(cells=1), Budget(characters=3), Budget(merges=0)], ids=repr)
def test_so_is_what_passes_a_limit(left):
    row = '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>0</v></c>'
    assert usual_sheet(sheet(row), SHARED, FORMATS, left) is None
    with pytest.raises(Refusal):
        read_sheet(sheet(row), "ก", SHARED, FORMATS, left)


@pytest.mark.parametrize(("items", "usual"), TEXTS.values(), ids=TEXTS)
def test_shared_texts_are_those_of_every_element(items, usual):
    found = usual_texts(texts(items))
    assert found == (cells.every_text(texts(items), "texts") if usual else None)


def test_a_form_is_usual_in_every_part(monkeypatch):
    form = small_form()
    monkeypatch.setattr(cells, "read_sheet", None)
    monkeypatch.setattr(cells, "every_text", None)
    usual = cells.read_cells(form)
    monkeypatch.undo()
    monkeypatch.setattr(cells, "usual_sheet", lambda *_: None)
    monkeypatch.setattr(cells, "usual_texts", lambda *_: None)
    assert usual == cells.read_cells(form)


def test_a_file_of_odd_sheets_is_not_read_twice_for_long(monkeypatch):
    tried = []
    monkeypatch.setattr(cells, "usual_sheet", lambda *_: tried.append(1))
    monkeypatch.setattr(cells, "MOST_TWICE", 1)
    assert len(cells.read_cells(small_form())["sheets"]) > len(tried) == 1
