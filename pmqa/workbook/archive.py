"""The zip archive that an xlsx is: its directory, looked at in process, and its parts, inflated within limits.

Own code instead of zipfile, which reads a directory of any length, trusts its sizes and merges repeated names.
Standard library only: the child process that reads cells imports this.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pmqa.workbook import limits

STORED: Final = 0
DEFLATED: Final = 8
UNKNOWN_32: Final = 0xFFFFFFFF  # "see the zip64 fields"
UNKNOWN_16: Final = 0xFFFF
ENCRYPTED_FLAG: Final = 0x1
UTF8_FLAG: Final = 0x800

END: Final = struct.Struct("<4s4H2LH")
ENTRY: Final = struct.Struct("<4s6H3L5H2L")
LOCAL: Final = struct.Struct("<4s5H3L2H")
ZIP64_LOCATOR: Final = struct.Struct("<4sLQL")
ZIP64_END: Final = struct.Struct("<4sQ2H2L4Q")
LONGEST_COMMENT: Final = 65_535


class Refusal(Exception):
    """The file cannot be read as a workbook: the code of a finding, and what fills the blanks of its sentence."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Entry:
    """A part as the directory lists it; its sizes are claims."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int


def list_entries(
    content: bytes, inflated: int = limits.INFLATED_BYTES, *, backslashes: bool = False
) -> dict[str, Entry]:
    """The parts of an archive by name. Raises Refusal for anything that an honest workbook does not have.

    inflated: bytes that all parts may claim together; a zip of workbooks may have more than one workbook.
    backslashes: they part folders, as some programs of Windows write them; in a workbook they name no part.
    """
    count, size, offset = _directory(content)
    if count > limits.ENTRIES or size > limits.DIRECTORY_BYTES:
        raise Refusal("too_many_parts", most=limits.ENTRIES)
    entries: dict[str, Entry] = {}
    folded: set[str] = set()
    at = offset
    for _ in range(count):
        entry, at = _entry(content, at)
        name = entry.name.replace("\\", "/")
        if name.startswith("/") or "\0" in name or ".." in name.split("/") or ":" in name:
            raise Refusal("unsafe_part_name", part=_shown(entry.name))
        if name != entry.name and not backslashes:
            raise Refusal("part_with_backslash", part=_shown(entry.name))
        if name.casefold() in folded:
            raise Refusal("part_twice", part=_shown(name))
        folded.add(name.casefold())
        entries[name] = entry
    refuse_too_much(entries, inflated)
    return entries


def refuse_too_much(entries: Mapping[str, Entry], inflated: int = limits.INFLATED_BYTES) -> None:
    """Raises Refusal where parts claim more bytes together than may be."""
    if sum(entry.size for entry in entries.values()) > inflated:
        raise Refusal("too_large_inflated", most=inflated // limits.MB)


def packed_part(content: bytes, entry: Entry) -> bytes:
    """A part as it stands in the archive, not yet inflated. Raises Refusal where the directory lies about it."""
    try:
        signature, _, flags, method, *_, name_length, extra_length = LOCAL.unpack_from(content, entry.offset)
    except struct.error as error:
        raise Refusal("damaged", detail=_shown(entry.name)) from error
    start = entry.offset + LOCAL.size + name_length + extra_length
    name = content[entry.offset + LOCAL.size : entry.offset + LOCAL.size + name_length]
    packed = content[start : start + entry.packed]
    honest = signature == b"PK\3\4" and method == entry.method and _decoded(name, flags) == entry.name
    if not honest or len(packed) != entry.packed:
        raise Refusal("damaged", detail=_shown(entry.name))
    return packed


def read_part(content: bytes, entry: Entry) -> bytes:
    """A part, inflated; what the directory says of its size is checked against what comes. Raises Refusal."""
    packed = packed_part(content, entry)
    data = packed if entry.method == STORED else _inflated(packed, entry)
    if len(data) > limits.PART_BYTES:
        raise Refusal("too_large_inflated", most=limits.PART_BYTES // limits.MB)
    if len(data) != entry.size or zlib.crc32(data) != entry.crc:
        raise Refusal("damaged", detail=_shown(entry.name))
    return data


def _inflated(packed: bytes, entry: Entry) -> bytes:
    # One byte more than may be is enough to know, whatever the directory claims.
    most = min(limits.PART_BYTES, max(limits.RATIO_FROM, limits.RATIO * len(packed)))
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = machine.decompress(packed, most + 1)
    except zlib.error as error:
        raise Refusal("damaged", detail=_shown(entry.name)) from error
    if len(data) > most:
        raise Refusal("too_large_inflated", most=limits.PART_BYTES // limits.MB)
    if not machine.eof:
        raise Refusal("damaged", detail=_shown(entry.name))
    return data


def _directory(content: bytes) -> tuple[int, int, int]:
    at = content.rfind(b"PK\5\6", max(0, len(content) - END.size - LONGEST_COMMENT))
    if at < 0 or at + END.size > len(content):
        raise Refusal("damaged", detail="zip")
    _, disk, first_disk, here, count, size, offset, _ = END.unpack_from(content, at)
    if UNKNOWN_16 in (here, count) or UNKNOWN_32 in (size, offset):
        disk, first_disk, here, count, size, offset = _zip64_directory(content, at)
    if disk or first_disk or here != count or offset + size > at:
        raise Refusal("damaged", detail="zip")
    return count, size, offset


def _zip64_directory(content: bytes, end: int) -> tuple[int, int, int, int, int, int]:
    # Some writers always use these records, however small the file.
    try:
        signature, _, at, _ = ZIP64_LOCATOR.unpack_from(content, max(0, end - ZIP64_LOCATOR.size))
        if signature != b"PK\6\7" or at > end:
            raise Refusal("damaged", detail="zip64")
        signature, _, _, _, disk, first_disk, here, count, size, offset = ZIP64_END.unpack_from(content, at)
    except struct.error as error:
        raise Refusal("damaged", detail="zip64") from error
    if signature != b"PK\6\6":
        raise Refusal("damaged", detail="zip64")
    return disk, first_disk, here, count, size, offset


def _entry(content: bytes, at: int) -> tuple[Entry, int]:
    try:
        fields = ENTRY.unpack_from(content, at)
    except struct.error as error:
        raise Refusal("damaged", detail="zip") from error
    signature, _, _, flags, method, _, _, crc, packed, size, name_length, extra_length, comment_length, *_ = fields
    offset = fields[-1]
    end = at + ENTRY.size + name_length + extra_length + comment_length
    if signature != b"PK\1\2" or end > len(content):
        raise Refusal("damaged", detail="zip")
    if flags & ENCRYPTED_FLAG:
        raise Refusal("password_protected")
    name_start = at + ENTRY.size
    name = _decoded(content[name_start : name_start + name_length], flags)
    if method not in (STORED, DEFLATED):
        raise Refusal("damaged", detail=_shown(name))
    if UNKNOWN_32 in (packed, size, offset):
        extra = content[name_start + name_length : name_start + name_length + extra_length]
        packed, size, offset = _zip64_fields(extra, packed, size, offset)
    return Entry(name, method, crc, packed, size, offset), end


def _zip64_fields(extra: bytes, packed: int, size: int, offset: int) -> tuple[int, int, int]:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            numbers = [number for (number,) in struct.iter_unpack("<Q", extra[at + 4 : at + 4 + length // 8 * 8])]
            # Only the fields that are unknown in the entry are here, in this order.
            found = [numbers.pop(0) if old == UNKNOWN_32 and numbers else old for old in (size, packed, offset)]
            return found[1], found[0], found[2]
        at += 4 + length
    raise Refusal("damaged", detail="zip64")


def _decoded(name: bytes, flags: int) -> str:
    try:
        return name.decode("utf-8" if flags & UTF8_FLAG or name.isascii() else "cp437")
    except UnicodeDecodeError as error:
        raise Refusal("damaged", detail="zip") from error


def _shown(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name[:80])
