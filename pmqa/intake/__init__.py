"""Files as they arrive, on the command line or on a page: opened, read, judged; then, as a second step, recorded.

files      files_in (files and folders) -> opened (zips, within limits)
receiving  kept (their bytes, where nothing may be lost) -> receive (reading, the form's own scores, outcome)
           -> record_accepted (the store)
rereading  read_again: what is recorded, by today's rules of reading

Everything is a generator, so that a batch of a thousand files shows progress and is never in memory as a whole.
"""

from pmqa.intake.files import INSIDE, Sent, files_in, opened
from pmqa.intake.receiving import (
    OUTCOMES,
    RECORDED_AT_ONCE,
    Outcome,
    Received,
    kept,
    kept_before,
    known_agencies,
    left_pending,
    receive,
    record_accepted,
    recorded_contents,
    scores_of,
)
from pmqa.intake.rereading import ReadAgain, read_again

__all__ = [
    "INSIDE",
    "OUTCOMES",
    "RECORDED_AT_ONCE",
    "Outcome",
    "ReadAgain",
    "Received",
    "Sent",
    "files_in",
    "kept",
    "kept_before",
    "known_agencies",
    "left_pending",
    "opened",
    "read_again",
    "receive",
    "record_accepted",
    "recorded_contents",
    "scores_of",
]
