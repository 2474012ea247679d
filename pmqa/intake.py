"""Files as they arrive, on the command line or on a page: opened, read, judged; then, as a second step, recorded.

files or folders -> files_in -> opened (zips) -> receive (reading, outcome) -> record_accepted (the store)

Everything is a generator, so that a batch of a thousand files shows progress and is never in memory as a whole.
"""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from pmqa.errors import Finding
from pmqa.framework import Framework
from pmqa.store import Incoming, Recorded, Store
from pmqa.workbook import Known, Reading, limits, read_many
from pmqa.workbook.archive import Refusal, list_entries, read_part
from pmqa.workbook.findings import CATALOGUE

# accepted, warnings: sound, without and with a warning. known: the same content was received before.
# skipped: lay beside the forms in a folder or a zip, and is none.
Outcome = Literal["accepted", "warnings", "refused", "known", "skipped"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("accepted", "warnings", "refused", "known", "skipped")

# What is read out of folders and zips: forms, and what people mistake for one, so that they hear about it.
SHEET_SUFFIXES: Final = frozenset((".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods", ".csv"))
ZIP_SUFFIX: Final = ".zip"
LOCK_PREFIX: Final = "~$"  # the file beside a workbook that is open in Excel
BOOKKEEPING: Final = frozenset(("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"))
WORKBOOK_PART: Final = "[content_types].xml"
THAI_LETTER: Final = re.compile("[\u0e01-\u0e5b]")
INSIDE: Final = " › "  # between a zip's name and the name within it
RECORDED_AT_ONCE: Final = 32  # files of one transaction: fewer cost speed, more keep people waiting for an answer


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came.

    name: what people know it by: its path, or the zip and the path in it. It is shown and never opened.
    content: None for what is no form; then nothing is read. refusal: why a zip could not be opened.
    """

    name: str
    content: bytes | None
    refusal: Finding | None = None

    @property
    def file_name(self) -> str:
        """The name alone, without any folder."""
        return PurePosixPath(self.name.rpartition(INSIDE)[2].replace("\\", "/")).name


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was read, before anything is stored.

    submission_id: the submission that has the same content, where the outcome is `known` and it is recorded.
    """

    sent: Sent
    outcome: Outcome
    reading: Reading
    sha256: str
    submission_id: str | None = None

    @property
    def name(self) -> str:
        """The file's name as people know it."""
        return self.sent.name

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything to know about it."""
        return self.reading.findings

    @property
    def is_accepted(self) -> bool:
        """Whether it would be recorded."""
        return self.outcome in ("accepted", "warnings")


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
        if sent.content is None or not _is_bundle(sent):
            yield sent
            continue
        try:
            yield from _bundled(sent, sent.content)
        except Refusal as refusal:
            finding = Finding(refusal.code, CATALOGUE[refusal.code], value=sent.file_name, values=refusal.values)
            yield Sent(sent.name, None, finding)


def receive(
    files: Iterable[Sent],
    frameworks: Mapping[str, Framework],
    *,
    known: Known | None = None,
    recorded: Mapping[str, str] | None = None,
) -> Iterator[Received]:
    """Read and judge files in their order, several at once. Nothing is stored.

    files: as they came; zips among them are opened. known: agencies that the receiver knows.
    recorded: sha256 -> submission, of what the store has. The same content twice in a batch is `known` the second time.
    """
    waiting: deque[Sent] = deque()

    def contents() -> Iterator[bytes]:
        for sent in opened(files):
            waiting.append(sent)
            if sent.content is not None:
                yield sent.content

    seen: dict[str, str | None] = dict(recorded or {})
    for reading in read_many(contents(), frameworks, known=known):
        yield from _unread(waiting)
        yield _judged(waiting.popleft(), reading, seen)
    yield from _unread(waiting)


def record_accepted(
    store: Store, received: Iterable[Received], *, received_by: str, sample: bool = False
) -> Iterator[tuple[Received, Recorded | None]]:
    """Record what is accepted; yields every file, in order, after what became of it is on disk.

    None for what is not recorded. A few files are one transaction.
    """
    batch: list[Received] = []
    for one in received:
        batch.append(one)
        if len(batch) == RECORDED_AT_ONCE:
            yield from _record(store, batch, received_by, sample)
            batch = []
    yield from _record(store, batch, received_by, sample)


def recorded_contents(store: Store) -> dict[str, str]:
    """sha256 -> submission, of everything that the store has."""
    submissions = store.submissions()
    return dict(zip(submissions["sha256"], submissions["submission"], strict=True))


def known_agencies(store: Store) -> Known:
    """The agencies that have sent before, by the latest that they sent."""
    submissions = store.submissions()
    columns = (submissions["agency_code"], submissions["agency_name"], submissions["ministry"])
    return Known({code: (name, ministry) for code, name, ministry in zip(*columns, strict=True)})


def _judged(sent: Sent, reading: Reading, seen: dict[str, str | None]) -> Received:
    sha256 = hashlib.sha256(sent.content or b"").hexdigest()
    if sha256 in seen:
        return Received(sent, "known", reading, sha256, seen[sha256])
    if reading.submission is None:
        return Received(sent, "refused", reading, sha256)
    seen[sha256] = None
    warned = any(finding.severity == "warning" for finding in reading.findings)
    return Received(sent, "warnings" if warned else "accepted", reading, sha256)


def _unread(waiting: deque[Sent]) -> Iterator[Received]:
    while waiting and waiting[0].content is None:
        sent = waiting.popleft()
        refused = (sent.refusal,) if sent.refusal else ()
        yield Received(sent, "refused" if refused else "skipped", Reading(None, refused), "")


def _record(
    store: Store, batch: list[Received], received_by: str, sample: bool
) -> Iterator[tuple[Received, Recorded | None]]:
    incoming = [
        Incoming(one.reading.submission, one.sent.content, one.sent.file_name, one.findings)
        for one in batch
        if one.is_accepted and one.reading.submission is not None and one.sent.content is not None
    ]
    outcomes = iter(store.record_many(incoming, received_by=received_by, sample=sample) if incoming else ())
    for one in batch:
        yield one, next(outcomes) if one.is_accepted else None


def _is_bundle(sent: Sent) -> bool:
    if Path(sent.file_name).suffix.casefold() != ZIP_SUFFIX or not (sent.content or b"").startswith(b"PK"):
        return False
    try:
        # A workbook whose name was changed to .zip is a workbook all the same.
        return WORKBOOK_PART not in _names(sent.content or b"")
    except Refusal:
        return True


def _names(content: bytes) -> set[str]:
    return {name.casefold() for name in list_entries(content, limits.BUNDLE_INFLATED_BYTES)}


def _bundled(sent: Sent, content: bytes) -> Iterator[Sent]:
    if len(content) > limits.BUNDLE_BYTES:
        raise Refusal("too_large", most=limits.BUNDLE_BYTES // limits.MB, size=len(content) // limits.MB)
    entries = list_entries(content, limits.BUNDLE_INFLATED_BYTES)
    for name, entry in sorted(entries.items()):
        path = PurePosixPath(_in_thai(name))
        if name.endswith("/") or _is_bookkeeping(path.parts):
            continue
        shown = f"{sent.name}{INSIDE}{path}"
        if path.suffix.casefold() not in SHEET_SUFFIXES | {ZIP_SUFFIX}:
            yield Sent(shown, None)
            continue
        try:
            yield Sent(shown, read_part(content, entry))
        except Refusal as refusal:
            finding = Finding(refusal.code, CATALOGUE[refusal.code], value=path.name, values=refusal.values)
            yield Sent(shown, None, finding)


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
