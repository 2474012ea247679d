"""The store: one DuckDB file of what agencies send, append-only; scores are derived from it and kept beside it.

opening    the file: waiting for it, why it cannot be opened or used
database   its threads, transactions, audit; opened anew after an error
schema     its tables; migrations brings older ones up to date
queries    reading, each viewer only theirs
receiving  files as they come in, whatever becomes of them
recording  adding submissions, deriving their scores
history    withdrawing, restoring, reading again
register   agencies, expectations, peer groups, settings
announcing  scores as they were announced, without answers
planning   scenarios, improvement actions, efforts
storyboards  cards that people keep to show; links: views that they keep, short links
notes      what people noted on agencies
people     whom the administrators let in
events     who signed in, was refused, took which file; the audit to read
verifying  whether a file, or a copy of one, is whole
tidying    what is let go of: quota, expiry, erasure
journal    the log: each event as a line of JSON, once it is on disk
merging    what becomes of what two people changed side by side
whole      Store: all of this
door       the store of a running server, for commands beside it; wire: what goes over it

Every change takes its viewer and raises AccessDenied where they may not make it; no viewer = the product itself, as on
the command line, which may do everything.
"""

from pmqa.store.door import Door, Elsewhere, elsewhere
from pmqa.store.history import Reread
from pmqa.store.journal import keep_journal
from pmqa.store.people import people_frame
from pmqa.store.planning import Action
from pmqa.store.receiving import Arrival, Refusal
from pmqa.store.recording import Incoming, Recorded, Whose
from pmqa.store.storyboards import Slide, Storyboard
from pmqa.store.tidying import Cleared, before_days
from pmqa.store.verifying import Verified, verified
from pmqa.store.whole import Store

__all__ = [
    "Action",
    "Arrival",
    "Cleared",
    "Door",
    "Elsewhere",
    "Incoming",
    "Recorded",
    "Refusal",
    "Reread",
    "Slide",
    "Store",
    "Storyboard",
    "Verified",
    "Whose",
    "before_days",
    "elsewhere",
    "keep_journal",
    "people_frame",
    "verified",
]
