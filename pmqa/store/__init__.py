"""The store: one DuckDB file of what agencies sent, append-only; scores are derived from it and kept beside it.

database   the file, its threads and processes, transactions, audit
schema     its tables and their migrations
queries    reading, each viewer only theirs
recording  adding submissions, deriving their scores
"""

from pmqa.store.recording import Incoming, Recorded, Recording

__all__ = ["Incoming", "Recorded", "Store"]


class Store(Recording):
    """The database of one file; safe to share by threads."""
