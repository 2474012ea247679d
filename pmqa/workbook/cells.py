"""The cells of an xlsx, read with expat and nothing else: address, declared type, raw text, formula, cached value.

It runs in a child process (child.py) and imports only the standard library. What it makes is plain data:

    {"sheets": [{"name", "state", "rows": {"4": {"A": CELL}}, "merges": ["E4:E6"]}], "names": {name: reference},
     "date1904": bool}

    CELL is a text, or [kind, raw] or [kind, raw, formula] with the kinds
    s text   n number   p number shown as percent   d date (serial number or ISO text)   b "1" or "0"
    e error such as #REF!   f formula without a cached value

Cells without content are left out. Raises Refusal for what no honest workbook has, and for what passes a limit.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import Any, Final
from xml.parsers import expat

from pmqa.workbook import limits
from pmqa.workbook.archive import Entry, Refusal, list_entries, read_part

Cell = str | list[str]
Rows = dict[str, dict[str, Cell]]
Attributes = dict[str, str]
Start = Callable[[str, Attributes], object]

# Transitional and strict Open XML.
MAIN_NAMESPACES: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."
MACRO_TYPE: Final = "application/vnd.ms-excel."

# Number formats that come without a code (ECMA-376 part 1, 18.8.30; 59-81 are the Thai ones).
PERCENT_FORMATS: Final = {9, 10, 67, 68}
DATE_FORMATS: Final = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)}
NOT_FORMAT: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]|General|E[+-]', re.IGNORECASE)

ADDRESS: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Budget:
    """What is left of the limits that all sheets share."""

    def __init__(self) -> None:
        self.cells = limits.CELLS
        self.characters = limits.CHARACTERS
        self.merges = limits.MERGES
        self.elements = limits.ELEMENTS
        self.bytes = limits.INFLATED_BYTES


class Parts:
    """The parts of one file by name, in any case."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.entries: dict[str, Entry] = {name.casefold(): entry for name, entry in list_entries(content).items()}
        self.budget = Budget()

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.casefold() in self.entries

    def read(self, name: str) -> bytes:
        """A part's bytes, counted against the limits. Raises Refusal where it is missing."""
        entry = self.entries.get(name.casefold())
        if entry is None:
            raise Refusal("damaged", detail=name[:80])
        data = read_part(self.content, entry)
        self.budget.bytes -= len(data)
        # Counting bytes is a hundred times cheaper than counting in a handler; in UTF-16 it counts end tags too.
        self.budget.elements -= data.count(b"<") - data.count(b"</")
        if self.budget.bytes < 0:
            raise Refusal("too_large_inflated", most=limits.INFLATED_BYTES // limits.MB)
        if self.budget.elements < 0:
            raise Refusal("too_many_elements", most=limits.ELEMENTS)
        return data


def read_cells(content: bytes) -> dict[str, Any]:
    """Every cell with content of every worksheet; see the module for its shape. Raises Refusal."""
    parts = Parts(content)
    main = _main_part(parts)
    folder, name = posixpath.split(main)
    related = _relations(parts, posixpath.join(folder, "_rels", name + ".rels"), folder)
    sheets, names, date1904 = _workbook(parts.read(main), main)
    if len(sheets) > limits.SHEETS:
        raise Refusal("too_many_sheets", most=limits.SHEETS, count=len(sheets))
    if len({title.casefold() for title, _, _ in sheets}) < len(sheets):
        raise Refusal("sheet_twice")
    by_kind = dict(related.values())
    formats = _formats(parts, by_kind.get("styles"))
    shared = _shared_strings(parts, by_kind.get("sharedStrings"))
    found = []
    for title, state, relation in sheets:
        kind, target = related.get(relation, ("", ""))
        if not target:
            raise Refusal("damaged", detail=title[:80])
        if kind == "worksheet":
            rows, merges = _sheet(parts.read(target), title, shared, formats, parts.budget)
            found.append({"name": title, "state": state, "rows": rows, "merges": merges})
    if not found:
        raise Refusal("damaged", detail=main)
    return {"sheets": found, "names": names, "date1904": date1904}


def _parse(data: bytes, part: str, start: Start, end: Callable[[str], object], text: Callable[[str], object]) -> None:
    """Run expat over a part; handlers get local names of the main namespace, and other names with theirs."""
    plain = _has_one_default_namespace(data)
    parser = expat.ParserCreate(None, None if plain else " ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_dtd
    parser.CharacterDataHandler = text
    if plain:
        parser.StartElementHandler = start
        parser.EndElementHandler = end
    else:
        local = _LocalNames()
        parser.StartElementHandler = lambda name, attributes: start(local[name], attributes)
        parser.EndElementHandler = lambda name: end(local[name])
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: an encoding that nobody knows
        raise Refusal("damaged", detail=part[:80]) from error


class _LocalNames(dict[str, str]):
    """Name with namespace -> local name where the namespace is the main one."""

    def __missing__(self, name: str) -> str:
        namespace, _, local = name.rpartition(" ")
        self[name] = local if namespace in MAIN_NAMESPACES else name
        return self[name]


def _has_one_default_namespace(data: bytes) -> bool:
    # Resolving namespaces costs half as much again as everything else; where the main one is the only default and
    # has no prefix anywhere, an unprefixed name is the same thing.
    uri = MAIN_NAMESPACES[0].encode()
    return data.count(uri) == 1 and data.count(b"xmlns=") == 1 and b'xmlns="' + uri + b'"' in data[:2048]


def _refuse_dtd(*_: object) -> None:
    raise Refusal("has_dtd")


def _ignore(*_: object) -> None:
    return None


def _elements(data: bytes, part: str) -> list[tuple[str, Attributes]]:
    """Local name and attributes of every element of a small part, whatever the namespaces."""
    found: list[tuple[str, Attributes]] = []
    parser = expat.ParserCreate(None, " ")
    parser.StartDoctypeDeclHandler = _refuse_dtd
    parser.StartElementHandler = lambda name, attributes: found.append((name.rpartition(" ")[2], attributes))
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Refusal("damaged", detail=part[:80]) from error
    return found


def _relations(parts: Parts, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """Relationship id -> (last word of its type, part); parts outside the file are left out."""
    found = {}
    for name, attributes in _elements(parts.read(part), part):
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, attributes.get("Target", "")))
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, target.lstrip("/"))
    return found


def _main_part(parts: Parts) -> str:
    main = dict(_relations(parts, "_rels/.rels", "").values()).get("officeDocument")
    if main is None:
        raise Refusal("damaged", detail="_rels/.rels")
    by_part, by_extension = {}, {}
    for name, attributes in _elements(parts.read("[Content_Types].xml"), "[Content_Types].xml"):
        kind = attributes.get("ContentType", "")
        if name == "Override":
            by_part[attributes.get("PartName", "").lstrip("/").casefold()] = kind
        elif name == "Default":
            by_extension[attributes.get("Extension", "").casefold()] = kind
    kind = by_part.get(main.casefold()) or by_extension.get(main.rpartition(".")[2].casefold(), "")
    if kind == CONTENT_TYPE + "sheet.main+xml":
        return main
    if kind == CONTENT_TYPE + "template.main+xml":
        raise Refusal("is_template")
    if kind.startswith(MACRO_TYPE):
        raise Refusal("is_xlsb" if "binary" in kind else "is_macro_workbook")
    raise Refusal("is_not_a_workbook")


def _workbook(data: bytes, part: str) -> tuple[list[tuple[str, str, str]], dict[str, str], bool]:
    """(title, state, relationship id) of the sheets; the defined names of the whole workbook; the date system."""
    sheets: list[tuple[str, str, str]] = []
    names: dict[str, str] = {}
    date1904 = False
    pieces: list[str] = []
    name: str | None = None

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal date1904, name
        if tag == "sheet":
            relation = next((value for key, value in attributes.items() if re.fullmatch(r"(.*[ :])?id", key)), "")
            sheets.append((_text(attributes.get("name", "")), attributes.get("state", "visible"), relation))
        elif tag == "definedName" and "localSheetId" not in attributes:
            name = attributes.get("name")
            pieces.clear()
        elif tag == "workbookPr":
            date1904 = attributes.get("date1904") in ("1", "true")

    def end(tag: str) -> None:
        nonlocal name
        if tag == "definedName" and name is not None:
            names[name[:255]] = "".join(pieces)[:255]
            name = None
            if len(names) > limits.NAMES:
                raise Refusal("too_many_names", most=limits.NAMES)

    _parse(data, part, start, end, pieces.append)
    return sheets, names, date1904


def _formats(parts: Parts, part: str | None) -> dict[str, str]:
    """Style index -> n, p or d; an index that is not here is a plain number."""
    if part is None:
        return {}
    codes: dict[int, str] = {}
    kinds: list[str] = []
    inside = False

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal inside
        if tag == "numFmt":
            number = attributes.get("numFmtId", "")
            if number.isdecimal():
                codes[int(number[:9])] = attributes.get("formatCode", "")[:1000]
        elif tag == "cellXfs":
            inside = True
        elif inside and tag == "xf":
            kinds.append(attributes.get("numFmtId", "0"))
            if len(kinds) > limits.STYLES:
                raise Refusal("too_many_styles", most=limits.STYLES)

    def end(tag: str) -> None:
        nonlocal inside
        inside = inside and tag != "cellXfs"

    _parse(parts.read(part), part, start, end, _ignore)
    known: dict[str, str] = {}
    for number in set(kinds):
        identity = int(number[:9]) if number.isdecimal() else 0
        known[number] = _format_kind(identity, codes.get(identity))
    return {str(index): known[number] for index, number in enumerate(kinds) if known[number] != "n"}


def _format_kind(identity: int, code: str | None) -> str:
    if code is None:
        return "p" if identity in PERCENT_FORMATS else "d" if identity in DATE_FORMATS else "n"
    # The section for positive numbers decides; what is quoted or in brackets (colours, locales) says nothing.
    bare = NOT_FORMAT.sub("", code).partition(";")[0].casefold()
    if "%" in bare:
        return "p"
    return "d" if any(letter in bare for letter in "ymdhsb") else "n"


def _shared_strings(parts: Parts, part: str | None) -> dict[str, str]:
    """Index, as cells write it, -> text."""
    if part is None or not parts.has(part):
        return {}
    found: dict[str, str] = {}
    pieces: list[str] = []
    runs: list[str] = []
    phonetic = False

    def start(tag: str, _: Attributes) -> None:
        nonlocal phonetic
        if tag == "t":
            pieces.clear()
        elif tag == "si":
            runs.clear()
        elif tag == "rPh":
            phonetic = True

    def end(tag: str) -> None:
        nonlocal phonetic
        if tag == "t":
            if not phonetic:
                runs.extend(pieces)
        elif tag == "si":
            found[str(len(found))] = _text("".join(runs))
        elif tag == "rPh":
            phonetic = False

    _parse(parts.read(part), part, start, end, pieces.append)
    return found


def _sheet(
    data: bytes, title: str, shared: dict[str, str], formats: dict[str, str], budget: Budget
) -> tuple[Rows, list[str]]:
    rows: Rows = {}
    merges: list[str] = []
    # One list takes all character data; what comes between the elements that matter is dropped when one starts.
    pieces: list[str] = []
    row: dict[str, Cell] = {}
    row_text = "0"
    column = 0
    address: str | None = None
    kind: str | None = None
    style: str | None = None
    value: str | None = None
    formula: str | None = None
    phonetic = False

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal row, row_text, column, address, kind, style, value, formula, phonetic
        if tag == "c":
            address = attributes.get("r")
            kind = attributes.get("t")
            style = attributes.get("s")
            value = formula = None
        elif tag in ("v", "f", "t"):
            pieces.clear()
        elif tag == "row":
            row_text = attributes.get("r") or str(int(row_text) + 1)
            if not ADDRESS.fullmatch("A" + row_text) or int(row_text) > limits.ROWS:
                raise Refusal("bad_address", sheet=title, cell=row_text[:20])
            row = rows.setdefault(row_text, {})
            column = 0
        elif tag == "rPh":
            phonetic = True
        elif tag == "mergeCell":
            merges.append(attributes.get("ref", "")[:30])
            budget.merges -= 1
            if budget.merges < 0:
                raise Refusal("too_many_merges", most=limits.MERGES)

    def end(tag: str) -> None:
        nonlocal row, row_text, column, value, formula, phonetic
        if tag == "v":
            value = "".join(pieces)
        elif tag == "c":
            if address is None:
                column += 1
                letters = _letters(column)
            elif (letters := address.removesuffix(row_text)) in COLUMN_NUMBERS:
                column = COLUMN_NUMBERS[letters]
            else:
                letters, row_text = _split(address, title)
                row = rows.setdefault(row_text, {})
                column = _column_number(letters)
            if value is None and formula is None:
                return
            cell = _cell(kind, value, formula, style)
            if cell is None:
                return
            if letters in row:
                raise Refusal("cell_twice", sheet=title, cell=letters + row_text)
            row[letters] = cell
            budget.cells -= 1
            if budget.cells < 0:
                raise Refusal("too_many_cells", most=limits.CELLS)
        elif tag == "f":
            formula = "".join(pieces)
        elif tag == "t":
            if not phonetic:
                value = "".join(pieces) if value is None else value + "".join(pieces)
        elif tag == "rPh":
            phonetic = False

    def _cell(kind: str | None, value: str | None, formula: str | None, style: str | None) -> Cell | None:
        if kind == "s" and value is not None:
            text = shared.get(value)
            if text is None and (text := shared.get(value.strip())) is None:
                raise Refusal("bad_text_index", sheet=title, cell=address or row_text)
        elif kind in ("inlineStr", "str"):
            text = _text(value or "")
        elif value is None or not value.strip():
            # A formula that was never calculated; without one it is an empty cell.
            return None if formula is None else ["f", "", _text(formula)[: limits.CELL_CHARACTERS]]
        else:
            found = {"b": "b", "e": "e", "d": "d"}.get(kind or "n") or formats.get(style or "", "n")
            raw = value.strip()
            budget.characters -= len(raw)
            if budget.characters < 0 or len(raw) > limits.CELL_CHARACTERS:
                raise Refusal("too_much_text", sheet=title, cell=address or row_text)
            return [found, raw] if formula is None else [found, raw, _text(formula)[: limits.CELL_CHARACTERS]]
        budget.characters -= len(text)
        if budget.characters < 0 or len(text) > limits.CELL_CHARACTERS:
            raise Refusal("too_much_text", sheet=title, cell=address or row_text)
        if formula is not None:
            return ["s", text, _text(formula)[: limits.CELL_CHARACTERS]]
        return text or None

    _parse(data, title, start, end, pieces.append)
    return {number: cells for number, cells in rows.items() if cells}, merges


def _text(text: str) -> str:
    """Text as people typed it: _x000D_ escapes decoded, line ends as one kind, nothing that is no character."""
    if "_x" in text:
        decoded = ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        text = decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return CONTROL.sub("�", text) if not text.isprintable() else text


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _split(address: str, title: str) -> tuple[str, str]:
    match = ADDRESS.fullmatch(address)
    if not match or _column_number(match[1]) > limits.COLUMNS or int(match[2]) > limits.ROWS:
        raise Refusal("bad_address", sheet=title, cell=address[:20])
    return match[1], match[2]


# The columns that nearly all sheets stay within; others are split and checked one by one.
COLUMN_NUMBERS: Final = {_letters(number): number for number in range(1, 27 * 26 + 1)}
