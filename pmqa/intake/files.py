"""Files, folders and zips as a stream of files, each with the name that people know it by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from pmqa.errors import Finding
from pmqa.workbook import limits
from pmqa.workbook.archive import Refusal, list_entries, read_part
from pmqa.workbook.findings import CATALOGUE

# What is read out of folders and zips: forms, and what people mistake for one, so that they hear about it.
SHEET_SUFFIXES: Final = frozenset((".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods", ".numbers", ".csv"))
ZIP_SUFFIX: Final = ".zip"
LOCK_PREFIX: Final = "~$"  # the file beside a workbook that is open in Excel
BOOKKEEPING: Final = frozenset(("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"))
WORKBOOK_PART: Final = "[content_types].xml"
THAI_LETTER: Final = re.compile("[\u0e01-\u0e5b]")
INSIDE: Final = " › "  # between a zip's name and the name within it


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came.

    name: what people know it by: its path, or the zip and the path in it. It is shown and never opened.
    content: None for what is no form; then nothing is read. refusal: why a zip, or this part of it, cannot be opened.
    from_zip: it is a part of one, and stays closed if it is a zip itself. receipt: of its bytes in the store.
    sha256: of its content, where somebody has taken it already.
    """

    name: str
    content: bytes | None
    refusal: Finding | None = None
    from_zip: bool = False
    receipt: str | None = None
    sha256: str | None = None

    @property
    def file_name(self) -> str:
        """The name alone, without any folder."""
        return PurePosixPath(self.name.rpartition(INSIDE)[2].replace("\\", "/")).name


def files_in(paths: Iterable[Path]) -> Iterator[Sent]:
    """Files, and everything in folders, in the order of their names. Raises OSError for what cannot be read."""
    for path in paths:
        if not path.is_dir():
            yield Sent(str(path), path.read_bytes())
            continue
        for inner in sorted(found for found in path.rglob("*") if found.is_file()):
            if not _is_bookkeeping(inner.relative_to(path).parts):
                readable = inner.suffix.casefold() in SHEET_SUFFIXES | {ZIP_SUFFIX}
                yield Sent(str(inner), inner.read_bytes() if readable else None)


def opened(files: Iterable[Sent]) -> Iterator[Sent]:
    """The same files, each zip of workbooks replaced by what is in it, one at a time.

    A zip in a zip stays closed and is refused when it is read, as is one beyond the limits or with unsafe names.
    """
    for sent in files:
        if sent.content is None or sent.from_zip or not _is_bundle(sent):
            yield sent
            continue
        try:
            yield from _bundled(sent, sent.content)
        except Refusal as refusal:
            yield replace(sent, refusal=_finding(refusal, sent.file_name), from_zip=True)


def _finding(refusal: Refusal, value: str) -> Finding:
    return Finding(refusal.code, CATALOGUE[refusal.code], value=value, values=refusal.values)


def _is_bundle(sent: Sent) -> bool:
    if Path(sent.file_name).suffix.casefold() != ZIP_SUFFIX or not (sent.content or b"").startswith(b"PK"):
        return False
    try:
        # A workbook whose name was changed to .zip is a workbook all the same.
        return WORKBOOK_PART not in _names(sent.content or b"")
    except Refusal:
        return True


def _names(content: bytes) -> set[str]:
    return {name.casefold() for name in list_entries(content, limits.BUNDLE_INFLATED_BYTES, backslashes=True)}


def _bundled(sent: Sent, content: bytes) -> Iterator[Sent]:
    if len(content) > limits.BUNDLE_BYTES:
        raise Refusal("too_large", most=limits.BUNDLE_BYTES // limits.MB, size=len(content) // limits.MB)
    entries = list_entries(content, limits.BUNDLE_INFLATED_BYTES, backslashes=True)
    forms = 0
    for name, entry in sorted(entries.items()):
        path = PurePosixPath(_in_thai(name))
        if name.endswith("/") or _is_bookkeeping(path.parts):
            continue
        shown = f"{sent.name}{INSIDE}{path}"
        if path.suffix.casefold() not in SHEET_SUFFIXES | {ZIP_SUFFIX}:
            yield Sent(shown, None)
            continue
        forms += 1
        try:
            yield Sent(shown, read_part(content, entry), from_zip=True)
        except Refusal as refusal:
            yield Sent(shown, None, _finding(refusal, path.name), from_zip=True)
    if not forms:
        raise Refusal("zip_without_form")


def _is_bookkeeping(parts: tuple[str, ...]) -> bool:
    return any(part in BOOKKEEPING or part.startswith((LOCK_PREFIX, ".")) for part in parts)


def _in_thai(name: str) -> str:
    """A name as its sender saw it: programs write Thai names into zips in UTF-8 or Windows' Thai without saying so."""
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    # Windows' Thai is sometimes UTF-8 by chance ("แบบ" is), but not UTF-8 of Thai letters.
    meant = [text for text in (_decoded(raw, "utf-8"), _decoded(raw, "cp874")) if text is not None]
    return next((text for text in meant if THAI_LETTER.search(text)), meant[0] if meant else name)


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None
