"""Files made to hurt: each is refused with a finding, or read correctly."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.forms import CATEGORY, packed, parts_of, sheet_part, small_form, with_cell, with_parts, with_sheet
from tests.workbooks.case import Cases

HOSTILE = Cases()
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TEXTS = "xl/sharedStrings.xml"
MB = 1 << 20


def sheet_of(rows: str | bytes, after: str = "") -> bytes:
    """A sheet's XML around its rows."""
    body = rows if isinstance(rows, bytes) else rows.encode()
    return f'<worksheet xmlns="{MAIN}"><sheetData>'.encode() + body + f"</sheetData>{after}</worksheet>".encode()


def own_sheet(rows: str | bytes, after: str = "") -> bytes:
    """The form with one more sheet."""
    return with_sheet("แนบ", sheet_of(rows, after))


# --- the archive ------------------------------------------------------------------------------------------------------


@HOSTILE.file("too_large_inflated")
def bomb_of_one_part() -> bytes:
    return own_sheet(b" " * (40 * MB))


@HOSTILE.file("too_large_inflated")
def bomb_of_spaces_below_the_limit_of_a_part() -> bytes:
    return own_sheet(b" " * (20 * MB))


@HOSTILE.file("too_large_inflated")
def bomb_of_many_parts() -> bytes:
    parts = {**parts_of(small_form()), **{f"xl/media/{n}.bin": bytes(MB - 1) for n in range(70)}}
    return packed(parts)


@HOSTILE.file("too_large_inflated")
def bomb_that_the_directory_denies() -> bytes:
    return lying_about(own_sheet(b" " * (40 * MB)), "xl/worksheets/own.xml", size=1000)


@HOSTILE.file("damaged")
def directory_that_claims_less() -> bytes:
    return lying_about(small_form(), sheet_part(CATEGORY), size=100)


@HOSTILE.file("too_large_inflated")
def directory_that_claims_more() -> bytes:
    return lying_about(small_form(), sheet_part(CATEGORY), size=3 << 30)


@HOSTILE.file("damaged")
def part_with_another_checksum() -> bytes:
    return lying_about(small_form(), sheet_part(CATEGORY), crc=1)


@HOSTILE.file("damaged")
def local_name_that_differs() -> bytes:
    name = sheet_part(CATEGORY).encode()
    content = small_form()
    at = content.find(name)
    return content[:at] + name.replace(b"sheet3", b"sheet9") + content[at + len(name) :]


@HOSTILE.file("damaged")
def offset_beyond_the_end() -> bytes:
    return lying_about(small_form(), sheet_part(CATEGORY), offset=len(small_form()) + 5)


def lying_about(
    content: bytes,
    part: str,
    *,
    size: int | None = None,
    crc: int | None = None,
    offset: int | None = None,
    stops: bool = False,
) -> bytes:
    """A file whose directory says something else of a part."""
    changed = bytearray(content)
    at = content.rfind(part.encode()) - 46
    assert content[at : at + 4] == b"PK\1\2"
    for place, value in ((24, size), (16, crc), (42, offset)):
        if value is not None:
            struct.pack_into("<L", changed, at + place, value)
    return bytes(changed)


@HOSTILE.file("part_twice")
def part_of_one_name_twice() -> bytes:
    return packed_twice(sheet_part(CATEGORY))


@HOSTILE.file("part_twice")
def part_of_one_name_in_another_case() -> bytes:
    return packed({**parts_of(small_form()), sheet_part(CATEGORY).upper(): b"<x/>"})


def packed_twice(name: str) -> bytes:
    other = name[:-1] + "?"
    content = packed({**parts_of(small_form()), other: b"<x/>"})
    return content.replace(other.encode(), name.encode())


@HOSTILE.file("unsafe_part_name")
def part_outside_the_archive() -> bytes:
    return packed({**parts_of(small_form()), "../../etc/passwd": b"root"})


@HOSTILE.file("unsafe_part_name")
def part_of_an_absolute_name() -> bytes:
    return packed({**parts_of(small_form()), "/etc/passwd": b"root"})


@HOSTILE.file("unsafe_part_name")
def part_of_another_drive() -> bytes:
    return packed({**parts_of(small_form()), "C:\\windows\\x": b"root"})


@HOSTILE.file("too_many_parts")
def thousands_of_parts() -> bytes:
    return packed({**parts_of(small_form()), **{f"x/{n}": b"" for n in range(1_100)}}, zipfile.ZIP_STORED)


@HOSTILE.file("too_large")
def file_of_eleven_megabytes() -> bytes:
    return small_form() + bytes(11 * MB)


@HOSTILE.file("damaged")
def unknown_compression() -> bytes:
    content = bytearray(small_form())
    at = content.find(b"PK\1\2")
    struct.pack_into("<H", content, at + 10, 12)
    return bytes(content)


@HOSTILE.file("damaged")
def nothing_but_the_first_letters() -> bytes:
    return b"PK\3\4"


# --- XML --------------------------------------------------------------------------------------------------------------

BILLION = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
FETCH = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@HOSTILE.file("has_dtd")
def billion_laughs() -> bytes:
    return with_sheet("แนบ", BILLION.encode() + sheet_of('<row r="1"><c r="A1" t="str"><v>&i;</v></c></row>'))


@HOSTILE.file("has_dtd")
def entity_of_a_file_of_the_server() -> bytes:
    return with_sheet("แนบ", FETCH.encode() + sheet_of('<row r="1"><c r="A1" t="str"><v>&a;</v></c></row>'))


@HOSTILE.file("has_dtd")
def entities_in_utf_16() -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?>' + BILLION + sheet_of("").decode()
    return with_sheet("แนบ", text.encode("utf-16"))


@HOSTILE.file("has_dtd")
def entities_in_the_relations() -> bytes:
    return with_parts({"_rels/.rels": lambda data: BILLION.encode() + data[data.find(b"<Relationships") :]})


@HOSTILE.file("has_dtd")
def entities_in_the_styles() -> bytes:
    return with_parts({"xl/styles.xml": lambda data: BILLION.encode() + data[data.find(b"<styleSheet") :]})


@HOSTILE.file("too_many_elements")
def depth_of_millions() -> bytes:
    return with_sheet("แนบ", noisy(b"<a>" * 3_000_000))


@HOSTILE.file("damaged")
def depth_of_a_hundred_thousand() -> bytes:
    return with_sheet("แนบ", b"<a>" * 100_000)


def noisy(data: bytes) -> bytes:
    """Data with enough noise after it to stay below the limit of the ratio."""
    noise = zlib.compress(bytes(range(256)) * 2000, 0)
    seed, out = 1, bytearray()
    while len(out) < max(len(data) // 150, len(noise) // 10):
        seed = seed * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
        out += seed.to_bytes(8, "big")
    return data + out.hex().encode()


@HOSTILE.file("unknown_sheet", change=lambda s: s)
def giant_dimension_that_is_only_claimed() -> bytes:
    sheet = sheet_of('<row r="1"><c r="A1"><v>1</v></c></row>').replace(
        b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'
    )
    return with_sheet("แนบ", sheet)


@HOSTILE.file("bad_address", sheet="แนบ")
def row_beyond_the_last() -> bytes:
    return own_sheet('<row r="1048577"><c r="A1048577"><v>1</v></c></row>')


@HOSTILE.file("bad_address", sheet="แนบ")
def column_beyond_the_last() -> bytes:
    return own_sheet('<row r="1"><c r="XFE1"><v>1</v></c></row>')


@HOSTILE.file("bad_address", sheet="แนบ")
def address_that_is_none() -> bytes:
    return own_sheet('<row r="1"><c r="A-1"><v>1</v></c></row>')


@HOSTILE.file("bad_address", sheet="แนบ")
def row_that_is_no_number() -> bytes:
    return own_sheet('<row r="๑"><c><v>1</v></c></row>')


@HOSTILE.file("cell_twice", sheet=CATEGORY, cell="E4")
def cell_with_two_values() -> bytes:
    return with_cell(CATEGORY, "E4", '<c r="E4" t="str"><v>มี</v></c><c r="E4" t="str"><v>ไม่มี</v></c>')


@HOSTILE.file("too_many_elements")
def millions_of_empty_cells() -> bytes:
    return own_sheet(noise_between(b'<c r="A1"/>', 2_300_000))


def noise_between(element: bytes, count: int) -> bytes:
    """Many elements whose compression stays below the limit of the ratio."""
    seed, out = 1, bytearray(b'<row r="1">')
    for number in range(count):
        out += element
        if number % 16 == 0:
            seed = seed * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
            out += f"<!--{seed:x}-->".encode()
    return bytes(out + b"</row>")


@HOSTILE.file("too_many_cells")
def three_hundred_thousand_cells() -> bytes:
    return own_sheet("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 300_000)))


@HOSTILE.file("too_much_text")
def many_cells_of_one_long_text() -> bytes:
    text = "ก" * 30_000
    last = texts_of(small_form())
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{last}</v></c></row>' for n in range(1, 20_000))
    more = f"<si><t>{text}</t></si></sst>".encode()
    return with_parts({TEXTS: lambda table: table.replace(b"</sst>", more)}, own_sheet(cells))


@HOSTILE.file("too_much_text", cell="F4")
def cell_longer_than_excel_allows() -> bytes:
    return with_cell(CATEGORY, "F4", f'<c r="F4" t="inlineStr"><is><t>{"ก" * 32_768}</t></is></c>')


def texts_of(content: bytes) -> int:
    """How many texts a form's table has."""
    return parts_of(content)[TEXTS].count(b"<si>")


def index(value: str | None) -> Callable[[], bytes]:
    """value: of a text that is not there; None = the first number beyond the last."""

    def make() -> bytes:
        beyond = value or str(texts_of(small_form()))
        return with_cell(CATEGORY, "E4", f'<c r="E4" t="s"><v>{beyond}</v></c>')

    return make


for name, bad in (
    ("beyond_the_last", None),
    ("below_zero", "-1"),
    ("of_no_number", "x"),
    ("with_a_fraction", "0.0"),
    ("in_thai_digits", "๐"),
    ("beyond_any_number", "9" * 30),
):
    function = index(bad)
    function.__name__ = f"text_index_{name}"
    HOSTILE.file("bad_text_index", sheet=CATEGORY, cell="E4")(function)


@HOSTILE.file("too_many_merges")
def thirty_thousand_merges() -> bytes:
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 30_000))
    return own_sheet("", f"<mergeCells>{merges}</mergeCells>")


def replaced(part: str, old: bytes, new: bytes) -> bytes:
    """A form with some bytes of a part replaced."""
    return with_parts({part: lambda data: data.replace(old, new)})


@HOSTILE.file("too_many_styles")
def a_hundred_thousand_styles() -> bytes:
    return replaced("xl/styles.xml", b"</cellXfs>", b"<xf/>" * 100_000 + b"</cellXfs>")


@HOSTILE.file("too_many_names")
def twenty_thousand_names() -> bytes:
    names = "".join(f'<definedName name="n{n}">1</definedName>' for n in range(20_000)).encode()
    return replaced("xl/workbook.xml", b"</definedNames>", names + b"</definedNames>")


@HOSTILE.file("too_many_sheets")
def a_hundred_sheets() -> bytes:
    sheets = b"".join(b'<sheet name="s%d"/>' % n for n in range(100))
    return replaced("xl/workbook.xml", b"</sheets>", sheets + b"</sheets>")


@HOSTILE.file("sheet_twice")
def two_sheets_of_one_name() -> bytes:
    return with_sheet(CATEGORY, sheet_of(""))


RELATED = "xl/_rels/workbook.xml.rels"
TARGET = b"/xl/worksheets/sheet3.xml"


@HOSTILE.file("damaged")
def sheet_that_points_outside() -> bytes:
    return replaced(RELATED, TARGET, b"../../../etc/passwd")


@HOSTILE.file("damaged")
def sheet_on_another_server() -> bytes:
    return replaced(RELATED, TARGET + b'"', TARGET + b'" TargetMode="External"')


@HOSTILE.file("damaged")
def control_character_in_the_xml() -> bytes:
    return with_cell(CATEGORY, "F4", '<c r="F4" t="inlineStr"><is><t>a\x01b</t></is></c>')


@HOSTILE.file("damaged")
def lone_surrogate_by_reference() -> bytes:
    return with_cell(CATEGORY, "F4", '<c r="F4" t="inlineStr"><is><t>&#xD800;</t></is></c>')


@HOSTILE.file("damaged")
def bytes_that_are_no_utf_8() -> bytes:
    return with_parts({TEXTS: lambda data: data.replace(b"</t>", b"\xed\xa0\x80</t>", 1)})


@HOSTILE.file("damaged")
def unknown_encoding() -> bytes:
    return with_parts({sheet_part(CATEGORY): lambda data: b'<?xml version="1.0" encoding="utf-7"?>' + data})


@HOSTILE.file("damaged")
def token_of_thirty_megabytes() -> bytes:
    return with_sheet("แนบ", b"<worksheet a='" + noisy(b"x" * (25 * MB)))
