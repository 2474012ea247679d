"""Files as they arrive, on the command line or on a page: opened, read, judged; then, as a second step, recorded.

files or folders -> files_in -> opened (zips) -> kept (their bytes, where nothing may be lost)
-> receive (reading, comparing the form's own scores, outcome) -> record_accepted (the store)

Everything is a generator, so that a batch of a thousand files shows progress and is never in memory as a whole.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final, Literal, TypeVar

import pandas as pd

from pmqa.errors import Finding, StoreError
from pmqa.framework import Framework
from pmqa.scoring import score
from pmqa.store import Arrival, Incoming, Recorded, Refusal, Reread, Store
from pmqa.submission import Submission, answer_frame, measure_frame, source_frame
from pmqa.workbook import Known, Reading, limits, read_many
from pmqa.workbook.archive import Refusal as Unreadable
from pmqa.workbook.archive import list_entries, read_part
from pmqa.workbook.findings import CATALOGUE
from pmqa.workbook.reconcile import reconcile

Thing = TypeVar("Thing")

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
NEW_AGENCY: Final = "new_agency"
SCORED_AT_ONCE: Final = 16  # files whose own scores are compared together


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came.

    name: what people know it by: its path, or the zip and the path in it. It is shown and never opened.
    content: None for what is no form; then nothing is read. refusal: why a zip, or this part of it, cannot be opened.
    from_zip: it is a part of one, and stays closed if it is a zip itself. receipt: of its bytes in the store.
    """

    name: str
    content: bytes | None
    refusal: Finding | None = None
    from_zip: bool = False
    receipt: str | None = None

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
        if sent.content is None or sent.from_zip or not _is_bundle(sent):
            yield sent
            continue
        try:
            yield from _bundled(sent, sent.content)
        except Unreadable as refusal:
            yield replace(sent, refusal=_finding(refusal, sent.file_name), from_zip=True)


def kept(
    store: Store, files: Iterable[Sent], *, received_by: str, recorded: Mapping[str, str] | None = None
) -> Iterator[Sent]:
    """The same files, opened, each with the receipt of its bytes in the store before anybody reads it.

    recorded: sha256 -> submission; what is recorded already is not kept again.
    """
    for batch in _batches(opened(files), RECORDED_AT_ONCE):
        fresh = [
            number
            for number, sent in enumerate(batch)
            if sent.content is not None and sha256_of(sent.content) not in (recorded or {})
        ]
        arrivals = [Arrival(batch[number].content or b"", batch[number].file_name) for number in fresh]
        receipts = dict(zip(fresh, store.receive(arrivals, received_by=received_by) if fresh else [], strict=True))
        for number, sent in enumerate(batch):
            yield replace(sent, receipt=receipts.get(number))


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
    seen: dict[str, str | None] = dict(recorded or {})
    for sent, reading in _reconciled(_read(files, frameworks, known), frameworks):
        yield _judged(sent, reading, seen)


def record_accepted(
    store: Store, received: Iterable[Received], *, received_by: str, sample: bool = False
) -> Iterator[tuple[Received, Recorded | None]]:
    """Record what is accepted; yields every file, in order, after what became of it is on disk.

    A refused file is kept with its findings, so that it can be listed and fetched again. None for what is not recorded.
    A few files are one transaction.
    """
    for batch in _batches(received, RECORDED_AT_ONCE):
        recording = [one for one in batch if one.is_accepted or (one.outcome == "known" and one.sent.receipt)]
        incoming = [_incoming(one) for one in recording]
        done = store.record_many(incoming, received_by=received_by, sample=sample) if incoming else []
        _refuse(store, [one for one in batch if one.outcome == "refused"], received_by)
        outcomes = {id(one): recorded for one, recorded in zip(recording, done, strict=True)}
        for one in batch:
            yield one, outcomes.get(id(one))


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """What came of reading a recorded file again.

    outcome: same, changed; refused by today's rules, or moved to another agency, year or source - then the earlier
    reading stays.
    """

    submission_id: str
    file_name: str
    outcome: Literal["same", "changed", "refused", "moved"]


def read_again(store: Store, *, who: str) -> Iterator[ReadAgain]:
    """Read every recorded file by today's rules, from its bytes, and replace what they say; a few at a time."""
    history = store.history()
    recorded = sorted(zip(history["submission"], history["file_name"], strict=True))
    for batch in _batches(recorded, RECORDED_AT_ONCE):
        files = [Sent(key, store.original(key), from_zip=True) for key, _ in batch]
        readings = {
            sent.name: reading for sent, reading in _reconciled(_read(files, store.frameworks, None), store.frameworks)
        }
        before = store.submissions_by_id(list(readings))
        fresh: dict[str, Reread] = {}
        outcomes: dict[str, Literal["same", "changed", "refused", "moved"]] = {}
        for key, reading in readings.items():
            if reading.submission is None:
                outcomes[key] = "refused"
            elif _whose(reading.submission) != _whose(before[key]):
                outcomes[key] = "moved"
            else:
                findings = _with_what_is_past(reading.findings, store.submission_findings(key))
                fresh[key] = Reread(reading.submission, findings, reading.raw_cells)
        changed = set(store.reread(fresh, who=who)) if fresh else set()
        for key, name in batch:
            yield ReadAgain(key, name, outcomes.get(key, "changed" if key in changed else "same"))


def _with_what_is_past(today: tuple[Finding, ...], before: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Today's findings, and that the agency was new when its file came: nobody can find that out again."""
    past = tuple(finding for finding in before if finding.code == NEW_AGENCY)
    return before if tuple(f for f in before if f.code != NEW_AGENCY) == today else (*today, *past)


def _whose(submission: Submission) -> tuple[str, int, str, str]:
    return submission.agency_code, submission.fiscal_year, submission.source, submission.edition


def scores_of(received: Sequence[Reading], frameworks: Mapping[str, Framework]) -> dict[int, pd.DataFrame]:
    """Place in the list -> SCORES of a sound file; all files of an edition are scored at once."""
    by_edition: dict[str, dict[str, Submission]] = defaultdict(dict)
    for number, reading in enumerate(received):
        if reading.submission is not None:
            by_edition[reading.submission.edition][str(number)] = reading.submission
    found: dict[int, pd.DataFrame] = {}
    for edition, submissions in by_edition.items():
        frames = source_frame(submissions), answer_frame(submissions), measure_frame(submissions)
        scores = score(*frames, frameworks[edition])
        found |= {int(str(key)): own for key, own in scores.groupby("submission", observed=True, sort=False)}
    return found


def recorded_contents(store: Store) -> dict[str, str]:
    """sha256 -> submission, of everything that the store has."""
    submissions = store.submissions()
    return dict(zip(submissions["sha256"], submissions["submission"], strict=True))


def known_agencies(store: Store) -> Known:
    """The agencies of the register; where none is kept, those that have sent before, by the latest that they sent."""
    register = store.agencies()
    source = store.submissions() if register.empty else register
    columns = (source["agency_code"], source["agency_name"], source["ministry"])
    agencies = {code: (name, ministry) for code, name, ministry in zip(*columns, strict=True)}
    return Known(agencies, complete=not register.empty)


def sha256_of(content: bytes) -> str:
    """What tells one content from another."""
    return hashlib.sha256(content).hexdigest()


def _read(
    files: Iterable[Sent], frameworks: Mapping[str, Framework], known: Known | None
) -> Iterator[tuple[Sent, Reading]]:
    waiting: deque[Sent] = deque()

    def contents() -> Iterator[bytes]:
        for sent in opened(files):
            waiting.append(sent)
            if sent.content is not None and sent.refusal is None:
                yield sent.content

    for reading in read_many(contents(), frameworks, known=known):
        yield from _unread(waiting)
        yield waiting.popleft(), reading
    yield from _unread(waiting)


def _unread(waiting: deque[Sent]) -> Iterator[tuple[Sent, Reading]]:
    """What stands before the next file that is read, and is not read itself."""
    while waiting and (waiting[0].content is None or waiting[0].refusal is not None):
        sent = waiting.popleft()
        yield sent, Reading(None, (sent.refusal,) if sent.refusal else ())


def _reconciled(
    read: Iterable[tuple[Sent, Reading]], frameworks: Mapping[str, Framework]
) -> Iterator[tuple[Sent, Reading]]:
    """The same readings, each that carries scores of its own with what explains their difference from ours."""
    for batch in _batches(read, SCORED_AT_ONCE):
        calculated = [reading for _, reading in batch if reading.cached_scores and reading.submission is not None]
        scores = scores_of(calculated, frameworks)
        more = {
            id(reading): tuple(reconcile(reading, scores[number], frameworks[reading.edition or ""]))
            for number, reading in enumerate(calculated)
        }
        for sent, reading in batch:
            extra = more.get(id(reading), ())
            yield sent, replace(reading, findings=(*reading.findings, *extra)) if extra else reading


def _judged(sent: Sent, reading: Reading, seen: dict[str, str | None]) -> Received:
    if sent.content is None and not reading.findings:
        return Received(sent, "skipped", reading, "")
    sha256 = sha256_of(sent.content or b"")
    if sha256 in seen:
        return Received(sent, "known", reading, sha256, seen[sha256])
    if reading.submission is None:
        return Received(sent, "refused", reading, sha256)
    seen[sha256] = None
    warned = any(finding.severity == "warning" for finding in reading.findings)
    return Received(sent, "warnings" if warned else "accepted", reading, sha256)


def _incoming(one: Received) -> Incoming:
    submission, content = one.reading.submission, one.sent.content
    if submission is None or content is None:
        raise StoreError(f"{one.name}: {one.outcome}")
    return Incoming(
        submission,
        content,
        one.sent.file_name,
        one.findings,
        receipt=one.sent.receipt,
        raw_cells=one.reading.raw_cells,
    )


def _refuse(store: Store, refused: Sequence[Received], who: str) -> None:
    unkept = [one for one in refused if one.sent.receipt is None and one.sent.content is not None]
    arrivals = [Arrival(one.sent.content or b"", one.sent.file_name) for one in unkept]
    receipts = {id(one): one.sent.receipt for one in refused}
    if arrivals:
        made = store.receive(arrivals, received_by=who)
        receipts |= {id(one): receipt for one, receipt in zip(unkept, made, strict=True)}
    refusals = [
        Refusal(receipt, one.findings, one.reading.agency_code, one.reading.fiscal_year, one.reading.source)
        for one in refused
        if (receipt := receipts[id(one)]) is not None
    ]
    store.refuse(refusals, who=who)


def _batches(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    iterator = iter(things)
    while batch := list(islice(iterator, size)):
        yield batch


def _finding(refusal: Unreadable, value: str) -> Finding:
    return Finding(refusal.code, CATALOGUE[refusal.code], value=value, values=refusal.values)


def _is_bundle(sent: Sent) -> bool:
    if Path(sent.file_name).suffix.casefold() != ZIP_SUFFIX or not (sent.content or b"").startswith(b"PK"):
        return False
    try:
        # A workbook whose name was changed to .zip is a workbook all the same.
        return WORKBOOK_PART not in _names(sent.content or b"")
    except Unreadable:
        return True


def _names(content: bytes) -> set[str]:
    return {name.casefold() for name in list_entries(content, limits.BUNDLE_INFLATED_BYTES)}


def _bundled(sent: Sent, content: bytes) -> Iterator[Sent]:
    if len(content) > limits.BUNDLE_BYTES:
        raise Unreadable("too_large", most=limits.BUNDLE_BYTES // limits.MB, size=len(content) // limits.MB)
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
            yield Sent(shown, read_part(content, entry), from_zip=True)
        except Unreadable as refusal:
            yield Sent(shown, None, _finding(refusal, path.name), from_zip=True)


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
