"""The texts of a workbook in one table, as spreadsheet programs keep them; openpyxl writes each into its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

SHEETS: Final = "xl/worksheets/"
TABLE: Final = "xl/sharedStrings.xml"
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION: Final = (
    '<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"'
    ' Target="sharedStrings.xml" Id="texts"/></Relationships>'
)
OVERRIDE: Final = (
    f'<Override PartName="/{TABLE}"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
INLINE: Final = re.compile(rb' t="inlineStr"(?:\s*/>|>(?:<is>(.*?)</is>)?</c>)', re.DOTALL)


def with_shared_texts(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The parts of a workbook with the texts of all its sheets in one table, in the order in which they are met."""
    table: dict[bytes, int] = {}
    used = 0

    def shared(found: re.Match[bytes]) -> bytes:
        nonlocal used
        if found[1] is None:  # a cell with nothing in it
            return b"/>"
        used += 1
        return b' t="s"><v>%d</v></c>' % table.setdefault(found[1], len(table))

    changed = {name: INLINE.sub(shared, data) if name.startswith(SHEETS) else data for name, data in parts.items()}
    texts = b"".join(b"<si>%b</si>" % text for text in table)
    opening = f'<sst xmlns="{MAIN}" count="{used}" uniqueCount="{len(table)}">'.encode()
    return {
        **changed,
        TABLE: opening + texts + b"</sst>",
        "xl/_rels/workbook.xml.rels": _ending(changed["xl/_rels/workbook.xml.rels"], RELATION),
        "[Content_Types].xml": _ending(changed["[Content_Types].xml"], OVERRIDE),
    }


def _ending(part: bytes, ending: str) -> bytes:
    """A part whose root ends with one more element. ending: that element and the end of the root."""
    return part[: part.rindex(b"</")] + ending.encode()
