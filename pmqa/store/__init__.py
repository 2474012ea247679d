"""The store of what agencies send, append-only; scores are derived from it and kept beside it. A file, or a lake.

whole        Store: its parts over one database, each with what belongs together
submissions  .submissions: what was sent, what of it stands and counts, the files
facts        .facts: what submissions say, their scores
likeness     .likeness: what of texts is compared, and which are alike
receiving    .received: files as they come in, whatever becomes of them
recording    .recording: adding submissions; deriving: their scores
history      .history: withdrawing, restoring, reading again
announcing   .announced: scores as they were announced, without answers
layouts      .layouts: layouts that people made of files of other kinds
rounds       .rounds: the data as they were reported under a name
register     .register: agencies, expectations, peer groups
succeeding   .successions: who was renamed, merged, split
planning     .plans: scenarios, improvement actions, efforts
storyboards  .storyboards: cards that people keep to show; links: .links: short links, views kept by name
notes        .notes: what people noted on agencies
people       .people: whom the administrators let in
values       .values: settings and secrets by name
audit        .audit: every change; who signed in, was refused, took which file
tidying      .tidying: what is let go of: expiry, erasure, samples
visible      which submissions count, and what of them a viewer may see, as conditions of queries
merging      what becomes of what two people changed side by side
journal      the log: each event as a line of JSON, once it is on disk
door         the store of a running server, for commands beside it; wire: what goes over it

What is DuckDB's own, and no part's:
database     .database: transactions, the audit's chain, how rows go in and out
backend      what the database needs of an engine; a change that another overtook is made again
embedded     the engine of one machine: a file; opening: waiting for it, why it cannot be opened or used
lake         the engine of several: a catalogue in PostgreSQL; datapath: its Parquet in a shared folder or a bucket
copying      from one engine to another
schema       its tables; migrations brings older ones up to date
verifying    whether a file, or a copy of one, is whole

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
