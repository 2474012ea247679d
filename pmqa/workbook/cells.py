"""The cells of an xlsx, read with expat and nothing else: address, declared type, raw text, formula, cached value.

It runs in a child process (child.py) and imports only the standard library. What it makes is plain data:

    {"sheets": [{"name", "state", "rows": {"4": {"A": CELL}}, "merges": ["E4:E6"]}], "names": {name: reference},
     "date1904": bool, "comments": {sheet: {"E4": [author, text]}}}

    CELL is a text, or [kind, raw] or [kind, raw, start of the formula] with the kinds
    s text   n number   p number shown as percent   d date (serial number or ISO text)   b "1" or "0"
    k kk ... number shown in thousands, millions ...
    e error such as #REF!   f formula without a cached value

Cells without content are left out. Raises Refusal for what no honest workbook has, and for what passes a limit.
"""

from __future__ import annotations

import posixpath
import re
from contextlib import suppress
from typing import Any, Final

from pmqa.workbook import limits
from pmqa.workbook.archive import Entry, Refusal, list_entries, read_part
from pmqa.workbook.comments import Comments, read_comments
from pmqa.workbook.markup import Attributes, elements, ignore, parse, plain_text
from pmqa.workbook.sheet import Budget, read_sheet
from pmqa.workbook.usual import usual_sheet, usual_texts

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."
MACRO_TYPE: Final = "application/vnd.ms-excel."

# Number formats that come without a code (ECMA-376 part 1, 18.8.30; 59-81 are the Thai ones).
PERCENT_FORMATS: Final = {9, 10, 67, 68}
DATE_FORMATS: Final = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)}
THOUSANDS: Final = re.compile(r"[0#?](,+)(?![,0#?])")  # commas after the last digit; between digits they group
NOT_FORMAT: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]|General|E[+-]', re.IGNORECASE)

MOST_THOUSANDS: Final = 4  # commas that anybody means
MOST_TWICE: Final = 4 * limits.MB  # bytes of sheets that are no usual ones, until no other is taken for one
SMALL_PART_TAGS: Final = limits.ELEMENTS // (2 * limits.SHEETS)


class Parts:
    """The parts of one file by name, in any case."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.entries: dict[str, Entry] = {name.casefold(): entry for name, entry in list_entries(content).items()}
        self.budget = Budget()

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.casefold() in self.entries

    def entry(self, name: str) -> Entry:
        """A part's entry. Raises Refusal where it is missing."""
        entry = self.entries.get(name.casefold())
        if entry is None:
            raise Refusal("damaged", detail=name[:80])
        return entry

    def read(self, name: str) -> bytes:
        """A part's bytes, counted against the limits. Raises Refusal where it is missing or too much."""
        data = read_part(self.content, self.entry(name))
        # Counting bytes is a hundred times cheaper than counting in a handler; in UTF-16 it counts end tags too. So it
        # does in small parts, of which there cannot be enough to reach the limit by that.
        tags = data.count(b"<")
        elements = tags if tags <= SMALL_PART_TAGS else tags - data.count(b"</")
        self.budget.spend(Budget(0, 0, 0, elements, len(data)))
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
    read_twice = 0
    comments: dict[str, Comments] = {}
    for title, state, relation in sheets:
        kind, target = related.get(relation, ("", ""))
        if not target:
            raise Refusal("damaged", detail=title[:80])
        if kind == "worksheet":
            data = parts.read(target)
            usual = usual_sheet(data, shared, formats, parts.budget) if read_twice < MOST_TWICE else None
            if usual is None:
                read_twice += len(data)
            rows, merges = usual or read_sheet(data, title, shared, formats, parts.budget)
            found.append({"name": title, "state": state, "rows": rows, "merges": merges})
            if said := _comments(parts, target):
                comments[title] = said
    if not found:
        raise Refusal("damaged", detail=main)
    return {"sheets": found, "names": names, "date1904": date1904, "comments": comments}


def _comments(parts: Parts, sheet: str) -> Comments:
    """The comments of a sheet; those of threads instead of the copies that are kept for older programs."""
    folder, name = posixpath.split(sheet)
    relations = posixpath.join(folder, "_rels", name + ".rels")
    found: Comments = {}
    if not parts.has(relations):
        return found
    # No answer is read from here: a part that is missing or broken is no reason to refuse the others.
    with suppress(Refusal):
        related = dict(_relations(parts, relations, folder).values())
        for kind in ("comments", "threadedComment"):
            if target := related.get(kind):
                found.update(read_comments(parts.read(target), target))
    parts.budget.spend(Budget(len(found), sum(len(text) for _, text in found.values()), 0, 0, 0))
    return found


def _relations(parts: Parts, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """Relationship id -> (last word of its type, part); parts outside the file are left out."""
    found = {}
    for name, attributes in elements(parts.read(part), part):
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
    for name, attributes in elements(parts.read("[Content_Types].xml"), "[Content_Types].xml"):
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
            sheets.append((plain_text(attributes.get("name", "")), attributes.get("state", "visible"), relation))
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

    parse(data, part, start, end, pieces.append)
    return sheets, names, date1904


def _formats(parts: Parts, part: str | None) -> dict[str, str]:
    """Style index -> p, d, k, kk ...; an index that is not here is a plain number."""
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

    parse(parts.read(part), part, start, end, ignore)
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
    if any(letter in bare for letter in "ymdhsb"):
        return "d"
    thousands = THOUSANDS.search(bare)
    return "k" * len(thousands[1][:MOST_THOUSANDS]) if thousands else "n"


def _shared_strings(parts: Parts, part: str | None) -> dict[str, str]:
    """Index, as cells write it, -> text."""
    if part is None or not parts.has(part):
        return {}
    data = parts.read(part)
    usual = usual_texts(data)
    return every_text(data, part) if usual is None else usual


def every_text(data: bytes, part: str) -> dict[str, str]:
    """As usual_texts, of any part. Raises Refusal."""
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
            found[str(len(found))] = plain_text("".join(runs))
        elif tag == "rPh":
            phonetic = False

    parse(data, part, start, end, pieces.append)
    return found
