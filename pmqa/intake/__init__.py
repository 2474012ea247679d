"""Files as they arrive, on the command line or on a page: opened, read, judged; then, as a second step, recorded.

files      files_in (files and folders) -> opened (zips, within limits)
receiving  kept (their bytes, where nothing may be lost) -> receive (reading, the form's own scores, outcome)
           -> decided (by what somebody said) -> record_accepted (the store)
claims     what has to be said first: which of several files is to count, and whose they are
comparing  compared: what each file replaces, and whether it says less
erasing    erase_contact: somebody is forgotten, in files too
replies    reply_to, reply_pack: what goes back to the senders (not loaded with the package)
foreign    files of other layouts: the layouts that there are, forms and announced scores of files by one (not loaded)
rereading  read_again: what is recorded, by today's rules of reading

Everything is a generator, so that a batch of a thousand files shows progress and its bytes are never in memory as a
whole; what it says may be (`held`), as only the whole batch shows whether two files claim the same.
"""

from pmqa.intake.claims import APART, Before, Claim, Question, Said, Verdict, findings_after, judge, settled
from pmqa.intake.comparing import compared
from pmqa.intake.files import INSIDE, Sent, files_in, opened
from pmqa.intake.receiving import (
    OUTCOMES,
    Outcome,
    Received,
    claim_again,
    decided,
    decided_one,
    held,
    kept,
    kept_before,
    key_of,
    known_agencies,
    left_pending,
    receive,
    record_accepted,
    recorded_contents,
    scores_of,
)
from pmqa.intake.rereading import ReadAgain, read_again
