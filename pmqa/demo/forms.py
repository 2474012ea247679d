"""Sample submissions as filled forms, and through reading and recording into a store, as every file goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Final, NamedTuple

from pmqa.demo.agencies import draws
from pmqa.demo.submissions import LAST_YEAR, demo_submissions
from pmqa.errors import PmqaError
from pmqa.framework import Framework
from pmqa.intake import Received, Sent, receive
from pmqa.sources import SELF
from pmqa.store import Incoming, Store
from pmqa.submission import Submission
from pmqa.text import BUDDHIST_ERA
from pmqa.workbook import write_form

RECEIVED_BY: Final = "demo"
DAYS_TO_SEND: Final = 40  # after the end of the fiscal year
# The usual samples are one transaction: whoever stops the first start finds an untouched database at the next.
WRITTEN_AT_ONCE: Final = 4  # forms that a worker is given: few, so that progress moves


class Progress(NamedTuple):
    """How far the samples are."""

    done: int
    total: int
    name: str


def demo_forms(
    submissions: Sequence[Submission], framework: Framework, *, workers: int = 1
) -> Iterator[tuple[Submission, str, bytes]]:
    """Each submission with its file's name and the filled form; the same submission gives the same bytes.

    workers: processes that write; 1 = this one, as a process that serves pages must not start others like itself.
    """
    write = partial(_written, framework=framework)
    if workers == 1:
        for submission in submissions:
            yield submission, form_name(submission), write(submission)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        contents = pool.map(write, submissions, chunksize=WRITTEN_AT_ONCE)
        for submission, content in zip(submissions, contents, strict=True):
            yield submission, form_name(submission), content


def form_name(submission: Submission) -> str:
    """The name of a sample's file."""
    return f"pmqa_{submission.fiscal_year}_{submission.agency_code}_{submission.source}.xlsx"


def fill_with_samples(
    store: Store,
    framework: Framework,
    *,
    agencies: int = 24,
    years: int = 3,
    seed: int = 1,
    last_year: int = LAST_YEAR,
    workers: int = 1,
) -> Iterator[Progress]:
    """Write, read and record the samples; yields after each form, those of a transaction before it is on disk.

    Samples that are there already stay as they are.
    """
    submissions = demo_submissions(framework, agencies, years, seed, last_year)
    forms = demo_forms(submissions, framework, workers=workers)
    batch: list[Incoming] = []
    for done, one in enumerate(receive((Sent(name, content) for _, name, content in forms), store.frameworks), 1):
        batch.append(_incoming(one, seed))
        if len(batch) == store.at_once or done == len(submissions):
            store.recording.record_many(batch, received_by=RECEIVED_BY, sample=True)
            batch = []
        yield Progress(done, len(submissions), one.name)


def is_untouched(store: Store) -> bool:
    """Whether nothing has ever been recorded: only then samples come by themselves."""
    return bool(store.audit.changes().empty)


def _incoming(one: Received, seed: int) -> Incoming:
    submission = one.reading.submission
    if submission is None or one.sent.content is None:
        raise PmqaError(f"sample {one.name} was refused: " + "; ".join(finding.code for finding in one.findings))
    sent_at = _sent_at(submission, seed)
    return Incoming(submission, one.sent.content, one.name, one.findings, sent_at, raw_cells=one.reading.raw_cells)


def _sent_at(submission: Submission, seed: int) -> dt.datetime:
    """Some day in the weeks after the fiscal year's end, in office hours; assessors follow later."""
    rng = draws(seed, submission.agency_code, submission.fiscal_year, submission.source, "sent")
    first = _year_end(submission) + dt.timedelta(days=0 if submission.source == SELF.id else 7)
    return first + dt.timedelta(days=rng.randrange(DAYS_TO_SEND), hours=rng.randrange(2, 9), minutes=rng.randrange(60))


def _year_end(submission: Submission) -> dt.datetime:
    return dt.datetime(submission.fiscal_year - BUDDHIST_ERA, 10, 1, tzinfo=dt.UTC)


def _written(submission: Submission, framework: Framework) -> bytes:
    # The moment in the file is fixed, so that the same samples made again are recognised as the same files.
    return write_form(framework, prefill=submission, created=_year_end(submission))
