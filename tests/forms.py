"""Forms for tests: a small edition, a filled form of it, and ways to edit one like a person, a program or an enemy."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import cache

import openpyxl
from openpyxl import Workbook

from pmqa.framework import DEFAULT_EDITION, Framework, shipped_frameworks
from pmqa.submission import Measure, Submission
from pmqa.workbook import layout, read_submission, write_form
from tests.factories import make_measure, make_submission

Edit = Callable[[Workbook], None]
PartEdit = Callable[[bytes], bytes]

CATEGORY = "หมวด 1"
RESULTS = "หมวด 7"
FIRST = layout.FIRST_ROW
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@cache
def small_framework() -> Framework:
    """The shipped edition cut to two process items and one result item, so that a form is made fast."""
    whole = shipped_frameworks()[DEFAULT_EDITION]
    return dataclasses.replace(
        whole,
        categories=tuple(c for c in whole.categories if c.id in ("1", "7")),
        items=tuple(i for i in whole.items if i.id in ("1.1", "1.2", "7.1")),
        criteria=tuple(c for c in whole.criteria if c.item in ("1.1", "1.2")),
        indicators=tuple(i for i in whole.indicators if i.item == "7.1"),
    )


def small_frameworks() -> dict[str, Framework]:
    """The small edition under its id."""
    return {small_framework().edition: small_framework()}


@cache
def small_submission() -> Submission:
    """Everything answered, evidenced and reported: a form of it has no finding at all."""
    framework = small_framework()
    return dataclasses.replace(
        make_submission(
            framework=framework,
            evidence={c.id: f"คำสั่งตัวอย่างที่ {n}/2569" for n, c in enumerate(framework.criteria, 1)},
            measures=[
                make_measure("7.1.1"),
                make_measure("7.1.1", 2, direction="lower", target=10, actual=9, actual_1=11, actual_2=12),
                make_measure("7.1.2", method="interval", step=5, target=90, benchmark=80),
            ],
        ),
        contact_name="เจ้าหน้าที่ตัวอย่าง",
        contact_email="pmqa@example.org",
        contact_phone="02-000-0000",
    )


@cache
def small_form() -> bytes:
    """The form of the small submission."""
    return write_form(small_framework(), prefill=small_submission())


def edited(edit: Edit, content: bytes | None = None) -> bytes:
    """A form after somebody changed it in a spreadsheet program. Formulas lose their values, as openpyxl has none."""
    book = openpyxl.load_workbook(io.BytesIO(content or small_form()))
    edit(book)
    return saved(book)


def marked_copy(content: bytes) -> bytes:
    """The marked copy of a form."""
    reading = read_submission(content, small_frameworks())
    return write_form(small_framework(), prefill=reading.draft, findings=reading.findings, source=reading.source)


def saved(book: Workbook) -> bytes:
    """A workbook's bytes."""
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of an archive, in order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of parts."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return sink.getvalue()


def with_parts(changes: Mapping[str, PartEdit | bytes | None], content: bytes | None = None) -> bytes:
    """A form with some parts changed, added or (None) removed."""
    parts = parts_of(content or small_form())
    for name, change in changes.items():
        if change is None:
            del parts[name]
        else:
            parts[name] = change if isinstance(change, bytes) else change(parts[name])
    return packed(parts)


def sheet_part(title: str, content: bytes | None = None) -> str:
    """The part that holds a sheet."""
    parts = parts_of(content or small_form())
    relation = re.search(rf'<sheet [^>]*name="{title}"[^>]*r:id="(\w+)"', parts["xl/workbook.xml"].decode())[1]
    rels = parts["xl/_rels/workbook.xml.rels"].decode()
    for tag in re.findall(r"<Relationship [^>]*>", rels):
        if f'Id="{relation}"' in tag:
            return re.search(r'Target="/?(?:xl/)?([^"]*)"', tag)[1].join(("xl/", ""))
    raise LookupError(title)


def with_cell(title: str, address: str, xml: str, content: bytes | None = None) -> bytes:
    """A form with one cell's XML replaced."""

    def change(data: bytes) -> bytes:
        text, count = re.subn(rf'<c r="{address}"[^>]*?(?:/>|>.*?</c>)', lambda _: xml, data.decode(), flags=re.DOTALL)
        assert count == 1, (title, address, count)
        return text.encode()

    return with_parts({sheet_part(title, content): change}, content)


def with_sheet(title: str, xml: bytes, content: bytes | None = None) -> bytes:
    """A form with one more sheet of raw XML."""
    sheet = f'<sheet xmlns:r="{RELATIONS}" name="{title}" sheetId="99" r:id="own"/></sheets>'
    relation = f'<Relationship Id="own" Target="worksheets/own.xml" Type="{RELATIONS}/worksheet"/></Relationships>'
    return with_parts(
        {
            "xl/workbook.xml": lambda data: data.replace(b"</sheets>", sheet.encode()),
            "xl/_rels/workbook.xml.rels": lambda data: data.replace(b"</Relationships>", relation.encode()),
        },
        packed({**parts_of(content or small_form()), "xl/worksheets/own.xml": xml}),
    )


def row_of(book: Workbook, title: str, identity: str, number: int = 1) -> int:
    """The row of an id in a sheet, the first or a later one."""
    rows = [cell.row for cell in book[title]["A"] if str(cell.value) == identity]
    return rows[number - 1]


def column_of(book: Workbook, title: str, key: str) -> str:
    """The letter of a key's column."""
    return next(cell.column_letter for cell in book[title][layout.KEY_ROW] if cell.value == key)


def put(book: Workbook, title: str, identity: str, key: str, value: object, number: int = 1) -> str:
    """Enter a value in the cell of an id and a column. Returns its address."""
    address = f"{column_of(book, title, key)}{row_of(book, title, identity, number)}"
    book[title][address].value = value
    return address


def put_agency(book: Workbook, name: str, value: object) -> str:
    """Enter a value in a field of the agency. Returns its address."""
    reference = book.defined_names[name].attr_text.rpartition("!")[2].replace("$", "")
    book[layout.AGENCY_SHEET][reference].value = value
    return reference


def small_measure(**changes: object) -> Measure:
    """The first measure of the small submission, changed."""
    return dataclasses.replace(small_submission().measures[0], **changes)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip of these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()
