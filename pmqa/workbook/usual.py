"""Sheets and shared texts as nearly every program writes them, read without a call for every element.

Expat proves that a part is well-formed, which costs little as long as it calls nothing, and patterns take out what is
wanted. They need not prove it again: where there are no comments and the like, every "<" begins a tag. What the
patterns do not know in full, and all that is wrong or passes a limit, is left to the readers that take every element
(sheet.py, cells.py): they alone refuse a file. Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, cast
from xml.parsers import expat

from pmqa.workbook import limits
from pmqa.workbook.markup import has_one_default_namespace, plain_text
from pmqa.workbook.sheet import OWN_KINDS, TEXT_KINDS, Budget, Cell, Rows

MOST_BYTES: Final = 4 * limits.MB  # of a part, of which there are four copies while it is read; a form has 0.5 at most
WRITTEN_FORMULA: Final = 8 * limits.FORMULA_CHARACTERS  # letters; references such as &#3649; have seven
MARK: Final = "\ue012"  # for private use; where a text has it, there are too many
TEXT_BUFFER: Final = 1 << 16

# In a row of a sheet read as Latin-1, a byte a character: letters and number of an address, style, index of a shared
# text; else type, formula and value. Nothing in any of them for an element that is written in another way. What may be
# missing is the last of several alternatives, which is faster than "?".
CELL: Final = re.compile(
    r"<(?:"
    r'c r="([A-Z]{1,2})([1-9][0-9]{0,6})"(?: s="([0-9]+)"|)(?: t="s"><v>([0-9]+)</v></c>|(?: t="([A-Za-z]+)"|)'
    r'(?: cm="[0-9]+"|)(?:/>|>'
    rf'(?:<f(?:|(?: \w+="[^"<>]*+")++)(/>|>[^<]{{0,{WRITTEN_FORMULA}}}+)(?:(?<=/>)|[^<]*+</f>)|)'
    r'(?:<(?:v>|v xml:space="preserve">|is><t>|is><t xml:space="preserve">)([^<]*+)</(?:v>|t></is>)|)'
    r"</c>))"
    r"|(?:c|row|mergeCell)(?=[\s/>])"
    r")",
    re.ASCII,
)
ROW: Final = re.compile(r'r="([1-9][0-9]{0,6})"')  # as "<row " goes on
# Outside rows: a merged range, and nothing for an element that should not be there or is written in another way.
OUTSIDE: Final = re.compile(r'<(?:mergeCell ref="([A-Z0-9:]{1,30})"|(?:c|row|mergeCell)(?=[\s/>]))')
# Items of one text, or of runs of text with their formats.
ITEMS: Final = re.compile(
    rb"<sst[^<>]*+>(?:<si>(?:"
    rb"(?:<r>(?:<rPr>(?:<[A-Za-z][^<>]*+(?<=/)>)*+</rPr>)?)?"
    rb'<t(?: xml:space="preserve")?(?:/>|>[^<]*+</t>)'
    rb"(?:</r>)?)++</si>)*+</sst>\s*"
)
REFERENCE: Final = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(\w+));")
NAMED: Final = {"quot": '"', "apos": "'", "lt": "<", "gt": ">", "amp": "&"}
FORMULA_START: Final = re.compile(rf"(?:[^&]|&[^;]*+;){{0,{limits.FORMULA_CHARACTERS}}}+")


class _Unusual(Exception):
    """The other readers are to read it."""


# The last two: an encoding that nobody knows, a shared text that there is not.
NOT_PROVED: Final = (_Unusual, expat.ExpatError, ValueError, LookupError)


def usual_sheet(
    data: bytes, shared: Mapping[str, str], formats: Mapping[str, str], budget: Budget
) -> tuple[Rows, list[str]] | None:
    """What read_sheet makes of a sheet, or None where that is to be asked."""
    try:
        _prove(data, None)
        return _taken(data.decode("latin-1"), shared, formats, budget)
    except NOT_PROVED:
        return None


def usual_texts(data: bytes) -> dict[str, str] | None:
    """Shared texts by index, as cells write it, or None where every element has to be looked at."""
    start = data.find(b"<sst")
    if start < 0 or not ITEMS.fullmatch(data, start):
        return None
    # Expat resolves references best, but tells of texts alone, all in one: so a mark is set at the end of each.
    written = data.split(b"</si>")
    pieces: list[str] = []
    try:
        _prove((MARK.encode() + b"</si>").join(written), pieces.append)
    except NOT_PROVED:
        return None
    text = "".join(pieces)
    texts = text.split(MARK)
    if len(texts) != len(written):
        return None
    texts.pop()
    if "_x" in text or "\r" in text:
        texts = [plain_text(one) for one in texts]
    return dict(zip(map(str, range(len(texts))), texts, strict=True))


def _prove(data: bytes, text: Callable[[str], object] | None) -> None:
    """Raises one of NOT_PROVED where a part is not well-formed, or such that patterns could be wrong about it."""
    # Bytes that begin so are UTF-8, unless the declaration says otherwise.
    if len(data) > MOST_BYTES or data[:1] != b"<" or data[1:2] == b"\0" or not has_one_default_namespace(data):
        raise _Unusual
    parser = expat.ParserCreate()
    parser.XmlDeclHandler = _refuse_other_encoding
    parser.StartDoctypeDeclHandler = parser.CommentHandler = _refuse
    parser.ProcessingInstructionHandler = parser.StartCdataSectionHandler = _refuse
    if text is not None:
        parser.buffer_text = True
        parser.buffer_size = TEXT_BUFFER
        parser.CharacterDataHandler = text
    parser.Parse(data, True)


def _refuse(*_: object) -> None:
    raise _Unusual


def _refuse_other_encoding(_: str, encoding: str | None, __: int) -> None:
    if encoding is not None and encoding.casefold() != "utf-8":
        raise _Unusual


def _taken(text: str, shared: Mapping[str, str], formats: Mapping[str, str], budget: Budget) -> tuple[Rows, list[str]]:
    """As usual_sheet. Raises _Unusual."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    body, _, tail = text.rpartition("</sheetData>")
    head, *written = body.split("<row ")
    merges = OUTSIDE.findall(tail)
    if OUTSIDE.search(head) or not all(merges):
        raise _Unusual
    rows: Rows = {}
    for one in written:
        number, row = _row(one, shared, formats)
        if number in rows:
            raise _Unusual
        if row:
            rows[number] = row
    sizes = [len(c) if isinstance(c, str) else len(c[1]) for row in rows.values() for c in row.values()]
    used = Budget(len(sizes), sum(sizes), len(merges), 0, 0)
    if max(sizes, default=0) > limits.CELL_CHARACTERS or not budget.has(used):
        raise _Unusual
    budget.spend(used)
    return rows, merges


def _row(written: str, shared: Mapping[str, str], formats: Mapping[str, str]) -> tuple[str, dict[str, Cell]]:
    """The number of a row, and its cells. Raises _Unusual."""
    head = ROW.match(written)
    if head is None or int(head[1]) > limits.ROWS:
        raise _Unusual
    number = head[1]
    found = CELL.findall(written)
    row: dict[str, Cell | None] = {
        letters: shared[index] if index else _content(kind, formats.get(style, "n"), formula, value)
        for letters, of, style, index, kind, formula, value in found
        if of == number
    }
    if len(row) < len(found):  # one is there twice, stands in another row or is written in another way
        raise _Unusual
    filled = row if all(row.values()) else {column: cell for column, cell in row.items() if cell}
    return number, cast(dict[str, Cell], filled)


def _content(kind: str, shown_as: str, formula: str, value: str) -> Cell | None:
    """A cell that is no shared text alone. Raises _Unusual."""
    if kind in TEXT_KINDS:
        text = _resolved(value)
        return ["s", text, _formula_start(formula)] if formula else text
    if (kind == "s" and (formula or value)) or "&" in value or not value.isascii():
        raise _Unusual
    raw = value.strip()
    if not raw:
        return ["f", "", _formula_start(formula)] if formula else None
    found = OWN_KINDS.get(kind, shown_as)
    return [found, raw, _formula_start(formula)] if formula else [found, raw]


@lru_cache(maxsize=8192)
def _formula_start(written: str) -> str:
    """The letters of a formula that are kept; a form's own are in every form. Raises _Unusual.

    written: "/>" where it has none, or ">" and the first of them as they stand in the sheet, still in Latin-1.
    """
    text = "" if written == "/>" else written[1:]
    # Of a letter that is cut in two nothing is left.
    start = FORMULA_START.match(text.encode("latin-1").decode("utf-8", "ignore"))
    letters = REFERENCE.sub(_letter, start[0] if start else "")
    if len(letters) < limits.FORMULA_CHARACTERS and len(written) > WRITTEN_FORMULA:
        raise _Unusual
    return plain_text(letters)


def _resolved(written: str) -> str:
    """A text as people typed it. written: as it stands in the sheet, still in Latin-1."""
    text = _utf8(written)
    return plain_text(REFERENCE.sub(_letter, text) if "&" in text else text)


def _utf8(text: str) -> str:
    return text if text.isascii() else text.encode("latin-1").decode()


def _letter(reference: re.Match[str]) -> str:
    hexadecimal, decimal, name = reference.groups()
    return NAMED[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))
