"""Reading and judging what came, and recording it: two steps, so that a person can look in between."""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeVar, get_args

import pandas as pd

from pmqa.errors import Finding, StoreError
from pmqa.framework import Framework
from pmqa.intake.claims import Before, Claim, Said, Verdict, findings_after, judge, modified_at
from pmqa.intake.files import Sent, opened
from pmqa.scoring import near_scores, score
from pmqa.store import Arrival, Incoming, Recorded, Refusal, Store, Whose
from pmqa.submission import Submission, answer_frame, measure_frame, source_frame
from pmqa.viewer import Viewer
from pmqa.workbook import Known, Reading, limits, read_many
from pmqa.workbook.readers import MOST_READERS
from pmqa.workbook.reconcile import agrees, reconcile

Thing = TypeVar("Thing")

# accepted, warnings: sound, without and with a warning. known: the same content was received before.
# undecided: sound, and waits until somebody says something (claims.py). passed_over: another was chosen.
# skipped: lay beside the forms in a folder or a zip, and is none.
Outcome = Literal["accepted", "warnings", "undecided", "passed_over", "refused", "known", "skipped"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
HELD_BYTES: Final = 64 * limits.MB  # of files that wait for one transaction; a few large ones are enough for it
SCORED_AT_ONCE: Final = 32  # files whose own scores are compared together


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was read, before anything is stored.

    size: bytes of its content, which may be left out of `sent` once it is read and kept in the store.
    before: where the outcome is `known`, what the same content has become; None = it is in this batch.
    claim: of a sound file. again: it is to count again though it was recorded before. replaces: the submission that
    counts until it is recorded.
    """

    sent: Sent
    outcome: Outcome
    reading: Reading
    sha256: str
    size: int = 0
    before: Before | None = None
    claim: Claim | None = None
    again: bool = False
    replaces: str | None = None

    @property
    def name(self) -> str:
        """The file's name as people know it."""
        return self.sent.name

    @property
    def submission_id(self) -> str | None:
        """The submission that the same content has become before."""
        return self.before.submission if self.before else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything to know about it."""
        return self.reading.findings

    @property
    def is_accepted(self) -> bool:
        """Whether it would be recorded."""
        return self.outcome in ("accepted", "warnings")


def kept(store: Store, files: Iterable[Sent], *, received_by: str, recorded: Container[str] = ()) -> Iterator[Sent]:
    """The same files, opened, each with the receipt of its bytes in the store before anybody reads it.

    recorded: SHA-256 of what is recorded already, which is not kept again.
    """
    for batch in batches(opened(files), store.at_once, weight=_size):
        hashes = [None if sent.content is None else sha256_of(sent.content) for sent in batch]
        fresh = [number for number, sha256 in enumerate(hashes) if sha256 is not None and sha256 not in recorded]
        arrivals = [Arrival(batch[number].content or b"", batch[number].file_name) for number in fresh]
        receipts = dict(
            zip(fresh, store.received.receive(arrivals, received_by=received_by) if fresh else [], strict=True)
        )
        for number, sent in enumerate(batch):
            yield replace(sent, receipt=receipts.get(number), sha256=hashes[number])


def left_pending(store: Store, *, received_by: str) -> list[tuple[str, str]]:
    """Receipts and names of files that somebody sent and that nobody judged, as after a crash; the first one first."""
    rows = store.received.all().iloc[::-1]
    mine = rows[(rows["outcome"] == "pending") & (rows["received_by"] == received_by)]
    return list(zip(mine["receipt"].tolist(), mine["file_name"].tolist(), strict=True))


def kept_before(store: Store, files: Iterable[tuple[str, str]]) -> Iterator[Sent]:
    """Files that are in the store already, by receipt and name, to be read."""
    for receipt, name in files:
        yield Sent(name, store.received.file(receipt), from_zip=True, receipt=receipt)


def receive(
    files: Iterable[Sent],
    frameworks: Mapping[str, Framework],
    *,
    known: Known | None = None,
    recorded: Mapping[str, Before] | None = None,
    workers: int = MOST_READERS,
) -> Iterator[Received]:
    """Read and judge files in their order, several at once. Nothing is stored.

    files: as they came; zips among them are opened. known: agencies that the receiver knows.
    recorded: sha256 -> what it became, of what the store has. The same content twice in a batch is `known` the second
    time.
    workers: files that are read at once; one where others wait for this process.
    """
    seen: dict[str, Before | None] = dict(recorded or {})
    for sent, reading in reconciled(read(files, frameworks, known, workers), frameworks):
        yield _judged(sent, reading, seen, known)


def held(received: Iterable[Received]) -> Iterator[Received]:
    """The same files without the bytes that the store has, so that a whole batch can wait for somebody's word.

    What is left of a usual form has 0.15 MB.
    """
    for one in received:
        yield replace(one, sent=replace(one.sent, content=None)) if one.sent.receipt or one.before else one


def decided(received: Sequence[Received], said: Said) -> list[Received]:
    """A whole batch by what somebody has said: what has to be chosen first is not recorded before."""
    verdicts, _ = judge([one.claim for one in received if one.claim], said)
    done = [one if one.claim is None else decided_one(one, verdicts[one.claim.key]) for one in received]
    waiting = {one.sha256: one.outcome for one in done if one.outcome in ("undecided", "passed_over")}
    # A second copy of a file in the batch waits with the first.
    return [replace(one, outcome=waiting.get(one.sha256, one.outcome)) if one.claim is None else one for one in done]


def decided_one(one: Received, verdict: Verdict) -> Received:
    """A file by what was judged of it."""
    reading, code = one.reading, verdict.agency_code
    submission = reading.submission and replace(reading.submission, agency_code=code)
    findings = findings_after(reading.findings, reading.agency_code, verdict)
    outcome = verdict.outcome or ("accepted" if verdict.again else one.outcome)
    if outcome == "accepted" and any(finding.severity == "warning" for finding in findings):
        outcome = "warnings"
    reading = replace(reading, submission=submission, findings=findings, agency_code=code)
    return replace(one, reading=reading, outcome=outcome, again=verdict.again)


def record_accepted(
    store: Store,
    received: Iterable[Received],
    *,
    received_by: str,
    sample: bool = False,
    viewer: Viewer | None = None,
    made_from: Mapping[Whose, str | None] | None = None,
) -> Iterator[tuple[Received, Recorded | None]]:
    """Record what is accepted; yields every file, in order, after what became of it is on disk.

    viewer, made_from: who sends, and what they made it from. Raises AccessDenied and StoreChanged as Store.record_many.
    A refused file is kept with its findings, so that it can be listed and fetched again. None for what is not recorded.
    A few files are one transaction.
    """
    for batch in batches(received, store.at_once, weight=lambda one: one.size):
        recording = [one for one in batch if one.is_accepted or (one.outcome == "known" and one.sent.receipt)]
        incoming = [_incoming(store, one) for one in recording]
        done: list[Recorded] = []
        if incoming:
            done = store.recording.record_many(
                incoming, received_by=received_by, sample=sample, viewer=viewer, made_from=made_from
            )
        _refuse(store, [one for one in batch if one.outcome == "refused"], received_by)
        outcomes = {id(one): recorded for one, recorded in zip(recording, done, strict=True)}
        for one in batch:
            yield one, outcomes.get(id(one))


def scores_of(received: Sequence[Reading], frameworks: Mapping[str, Framework]) -> dict[int, pd.DataFrame]:
    """Place in the list -> SCORES of a sound file; all files of an edition are scored at once."""
    found: dict[int, pd.DataFrame] = {}
    for edition, submissions in _by_edition(received).items():
        frames = source_frame(submissions), answer_frame(submissions), measure_frame(submissions)
        scores = score(*frames, frameworks[edition])
        found |= {int(str(key)): own for key, own in scores.groupby("submission", observed=True, sort=False)}
    return found


def recorded_contents(store: Store) -> dict[str, Before]:
    """sha256 -> what it became, of everything that was ever recorded."""
    rows = store.history.all().iloc[::-1]  # the latest last
    whose = list(zip(rows["agency_code"], rows["fiscal_year"].astype("int"), rows["source"], strict=True))
    keys, current, withdrawn = (rows[name].tolist() for name in ("submission", "current", "withdrawn"))
    counts = {of: key for of, key, counts_now in zip(whose, keys, current, strict=True) if counts_now}
    agency = zip(rows["agency_name"], rows["ministry"], strict=True)
    found: dict[str, Before] = {}
    for sha256, key, of, who, back in zip(rows["sha256"], keys, whose, agency, withdrawn, strict=True):
        now = counts.get(of)
        if sha256 not in found or found[sha256].submission != now:
            found[sha256] = Before(key, of, who, bool(back), None if now == key else now)
    return found


def known_agencies(store: Store) -> Known:
    """The agencies of the register; where none is kept, those that have sent before, by the latest that they sent."""
    register = store.register.agencies()
    source = store.submissions.standing() if register.empty else register
    columns = (source["agency_code"], source["agency_name"], source["ministry"])
    agencies = {code: (name, ministry) for code, name, ministry in zip(*columns, strict=True)}
    return Known(agencies, complete=not register.empty)


def sha256_of(content: bytes) -> str:
    """What tells one content from another."""
    return hashlib.sha256(content).hexdigest()


def read(
    files: Iterable[Sent], frameworks: Mapping[str, Framework], known: Known | None, workers: int = MOST_READERS
) -> Iterator[tuple[Sent, Reading]]:
    """Each file, zips opened, with what its reader says; what is not read has an empty reading."""
    waiting: deque[Sent] = deque()

    def contents() -> Iterator[bytes]:
        for sent in opened(files):
            waiting.append(sent)
            if sent.content is not None and sent.refusal is None:
                yield sent.content

    for reading in read_many(contents(), frameworks, workers=workers, known=known):
        yield from _unread(waiting)
        yield waiting.popleft(), reading
    yield from _unread(waiting)


def reconciled(
    read: Iterable[tuple[Sent, Reading]], frameworks: Mapping[str, Framework]
) -> Iterator[tuple[Sent, Reading]]:
    """The same readings, each that carries scores of its own with what explains their difference from ours."""
    for batch in batches(read, SCORED_AT_ONCE):
        differing = _differing([reading for _, reading in batch if reading.cached_scores], frameworks)
        scores = scores_of(differing, frameworks)
        more = {
            id(reading): tuple(reconcile(reading, scores[number], frameworks[reading.edition or ""]))
            for number, reading in enumerate(differing)
        }
        for sent, reading in batch:
            extra = more.get(id(reading), ())
            yield sent, replace(reading, findings=(*reading.findings, *extra)) if extra else reading


def batches(
    things: Iterable[Thing], size: int, *, weight: Callable[[Thing], int] = lambda _: 0
) -> Iterator[list[Thing]]:
    """Lists of up to so many, as they come; shorter where their weights, in bytes, reach HELD_BYTES."""
    batch: list[Thing] = []
    held = 0
    for thing in things:
        batch.append(thing)
        held += weight(thing)
        if len(batch) == size or held >= HELD_BYTES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _by_edition(readings: Sequence[Reading]) -> Mapping[str, Mapping[str, Submission]]:
    """Edition -> place in the list -> submission."""
    found: dict[str, dict[str, Submission]] = defaultdict(dict)
    for number, reading in enumerate(readings):
        if reading.submission is not None:
            found[reading.submission.edition][str(number)] = reading.submission
    return found


def _differing(readings: Sequence[Reading], frameworks: Mapping[str, Framework]) -> list[Reading]:
    """The sound ones whose own scores are not ours beyond doubt: few, so that no others need them exactly."""
    near = {
        int(place): scores
        for edition, sent in _by_edition(readings).items()
        for place, scores in near_scores(sent, frameworks[edition]).items()
    }
    return [reading for place, reading in enumerate(readings) if place in near and not agrees(reading, near[place])]


def _size(sent: Sent) -> int:
    return len(sent.content or b"")


def _unread(waiting: deque[Sent]) -> Iterator[tuple[Sent, Reading]]:
    """What stands before the next file that is read, and is not read itself."""
    while waiting and (waiting[0].content is None or waiting[0].refusal is not None):
        sent = waiting.popleft()
        yield sent, Reading(None, (sent.refusal,) if sent.refusal else ())


def _judged(sent: Sent, reading: Reading, seen: dict[str, Before | None], known: Known | None) -> Received:
    if sent.content is None and not reading.findings:
        return Received(sent, "skipped", reading, "")
    sha256, size = sent.sha256 or sha256_of(sent.content or b""), _size(sent)
    if sha256 in seen:
        before = seen[sha256]
        claim = claim_again(sent, sha256, before) if before else None
        return Received(sent, "known", reading, sha256, size, before, claim)
    if reading.submission is None:
        return Received(sent, "refused", reading, sha256, size)
    seen[sha256] = None
    warned = any(finding.severity == "warning" for finding in reading.findings)
    claim = _claim(sent, sha256, reading.submission, known)
    return Received(sent, "warnings" if warned else "accepted", reading, sha256, size, claim=claim)


def _claim(sent: Sent, sha256: str, submission: Submission, known: Known | None) -> Claim:
    code, agency = submission.agency_code, (submission.agency_name, submission.ministry)
    whose = (code, submission.fiscal_year, submission.source)
    return Claim(
        key_of(sent, sha256),
        sent.name,
        sha256,
        whose,
        agency,
        modified_at(sent.content or b""),
        is_new=known is None or code not in known.agencies,
        alike=tuple(known.alike(code)) if known else (),
    )


def claim_again(sent: Sent, sha256: str, before: Before) -> Claim:
    """Of a file that was recorded before: as what it was recorded."""
    moment = None if sent.content is None else modified_at(sent.content)
    return Claim(key_of(sent, sha256), sent.name, sha256, before.whose, before.agency, moment, before=before)


def key_of(sent: Sent, sha256: str) -> str:
    """What tells a file from the others of a batch."""
    return sent.receipt or f"{sha256[:16]}{sent.name}"


def _incoming(store: Store, one: Received) -> Incoming:
    submission, receipt = one.reading.submission, one.sent.receipt
    content = None if receipt else one.sent.content
    if content is None and receipt is None and one.before is not None:
        content = store.submissions.original(one.before.submission)
    if submission is None or (content is None and receipt is None):
        raise StoreError(f"{one.name}: {one.outcome}")
    return Incoming(
        submission,
        content,
        one.sent.file_name,
        one.findings,
        receipt=receipt,
        raw_cells=one.reading.raw_cells,
        again=one.again,
    )


def _refuse(store: Store, refused: Sequence[Received], who: str) -> None:
    unkept = [one for one in refused if one.sent.receipt is None and one.sent.content is not None]
    arrivals = [Arrival(one.sent.content or b"", one.sent.file_name) for one in unkept]
    receipts = {id(one): one.sent.receipt for one in refused}
    if arrivals:
        made = store.received.receive(arrivals, received_by=who)
        receipts |= {id(one): receipt for one, receipt in zip(unkept, made, strict=True)}
    refusals = [
        Refusal(receipt, one.findings, one.reading.agency_code, one.reading.fiscal_year, one.reading.source)
        for one in refused
        if (receipt := receipts[id(one)]) is not None
    ]
    store.received.refuse(refusals, who=who)
