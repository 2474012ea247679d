"""A workbook without what is to be forgotten of somebody: the same file, the same cells, these texts blank."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterable
from typing import Final

from pmqa.workbook.readers import cells_text

PEOPLE: Final = re.compile(rb"(<(dc:creator|cp:lastModifiedBy|Manager)>)[^<]*(</\2>)")  # whose programs wrote it
OF_PEOPLE: Final = ("docProps/core.xml", "docProps/app.xml")
NAMED: Final = {"&": (b"amp",), "<": (b"lt",), ">": (b"gt",), '"': (b"quot",), "'": (b"apos",)}
LEAST: Final = 5  # letters of a text that is looked for within longer ones too


class Remains(Exception):
    """Something that was to be erased can still be read in the file."""


def without(content: bytes, texts: Collection[str]) -> tuple[bytes, bytes]:
    """The workbook without these texts, and its cells as the reader gives them.

    A text that is all of a cell becomes blank; one that stands within a longer text is cut out of it. Raises Remains
    where one can still be read, Refusal where the file cannot.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename.endswith((".xml", ".rels", ".vml")):
                data = _cleared(data, texts)
            if part.filename in OF_PEOPLE:
                data = PEOPLE.sub(rb"\1\3", data)
            new.writestr(part, data)
    cells = cells_text(made.getvalue())
    if any(text in cells.decode() for text in texts if len(text) >= LEAST):
        raise Remains
    return made.getvalue(), cells


def _cleared(data: bytes, texts: Iterable[str]) -> bytes:
    for text in texts:
        said = b"".join(map(_in_xml, text))
        data = re.sub(rb"(>)\s*" + said + rb"\s*(<)", rb"\1\2", data)
        if len(text) >= LEAST:
            data = re.sub(said, b"", data)
    return data


def _in_xml(letter: str) -> bytes:
    """The ways in which programs write a letter, as a pattern."""
    ways = [re.escape(letter.encode()), b"&#0*%d;" % ord(letter), b"&#[xX]0*(?i:%x);" % ord(letter)]
    return b"(?:" + b"|".join([*ways, *(b"&%s;" % name for name in NAMED.get(letter, ()))]) + b")"
