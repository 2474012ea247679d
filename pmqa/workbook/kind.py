"""What a file is, from its first bytes and the directory of its archive: a workbook, or what it is instead."""

from __future__ import annotations

import re
import sys
from typing import Final

from pmqa.workbook import limits
from pmqa.workbook.archive import Refusal, list_entries, refuse_too_much

OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of encrypted .xlsx
ENCRYPTED_STREAM: Final = "EncryptedPackage".encode("utf-16-le")
LOOKED_AT: Final = 4096
UNTOLD: Final = frozenset(("damaged", "is_not_a_workbook", "is_csv", "is_zip", "too_many_parts", "too_large_inflated"))
# How the sheets and workbooks of Excel 2 to 5 begin that have no container around them.
OLDEST_EXCEL: Final = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")

HTML: Final = re.compile(rb"<\s*(!doctype\s+html|html|table|head|body)\b", re.IGNORECASE)
# part that only such a file has -> the finding
FOREIGN_PARTS: Final = (
    ("xl/workbook.bin", "is_xlsb"),
    ("xl/vbaProject.bin", "is_macro_workbook"),
    ("content.xml", "is_ods"),
    ("index/document.iwa", "is_numbers"),
    ("index.zip", "is_numbers"),
    ("index.apxl", "is_numbers"),
    ("word/document.xml", "is_not_a_workbook"),
    ("ppt/presentation.xml", "is_not_a_workbook"),
)


def refuse_what_is_no_workbook(content: bytes) -> None:
    """Raises Refusal with what the file is instead; returns where it may be a plain xlsx.

    Cheap (below a millisecond) and safe in process: nothing is inflated.
    """
    if not content:
        raise Refusal("is_empty")
    try:
        _refuse_by_kind(content)
    except Refusal as refusal:
        # A binary workbook is one, however large; what cannot be told is told by its size.
        if len(content) <= limits.FILE_BYTES or refusal.code not in UNTOLD:
            raise
    if len(content) > limits.FILE_BYTES:
        raise Refusal("too_large", most=limits.FILE_BYTES // limits.MB, size=len(content) // limits.MB)


def _refuse_by_kind(content: bytes) -> None:
    if not content.startswith(b"PK"):
        raise Refusal(_what_else(content), detail="xlsx")
    entries = list_entries(content, sys.maxsize)
    folded = {name.casefold() for name in entries}
    for part, code in FOREIGN_PARTS:
        if part.casefold() in folded:
            raise Refusal(code)
    refuse_too_much(entries)
    if "[content_types].xml" not in folded:
        raise Refusal("is_zip" if entries else "damaged", detail="[Content_Types].xml")


def _what_else(content: bytes) -> str:
    head = content[:LOOKED_AT]
    if head.startswith(OLD_OFFICE):
        return "password_protected" if ENCRYPTED_STREAM in content else "is_xls"
    if head.startswith(OLDEST_EXCEL):
        return "is_xls"
    if head.startswith(b"%PDF"):
        return "is_pdf"
    if HTML.search(head):
        return "is_html"
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "damaged"
    text = head.decode("utf-8", errors="replace")
    if "�" in text[:-4] and any(ord(character) < ord(" ") and character not in "\t\r\n" for character in text):
        return "damaged"
    if head.lstrip().startswith(b"<"):
        return "is_xml"
    return "is_csv" if any(mark in head for mark in (b",", b";", b"\t")) else "is_not_a_workbook"
