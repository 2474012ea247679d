"""The store of one database: its parts, each with what belongs together, over one database."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pmqa.framework import Framework, shipped_frameworks
from pmqa.places import Place
from pmqa.store.announcing import Announced
from pmqa.store.audit import Audit
from pmqa.store.database import Database, last_number
from pmqa.store.deriving import Deriving
from pmqa.store.facts import Facts
from pmqa.store.history import History
from pmqa.store.layouts import Layouts
from pmqa.store.likeness import Likeness, renew
from pmqa.store.links import Links
from pmqa.store.notes import Notes
from pmqa.store.opening import PATIENCE
from pmqa.store.people import People
from pmqa.store.planning import Plans
from pmqa.store.receiving import ReceivedFiles
from pmqa.store.recording import Recording
from pmqa.store.register import Register
from pmqa.store.rounds import Rounds
from pmqa.store.storyboards import Storyboards
from pmqa.store.submissions import Submissions
from pmqa.store.succeeding import Successions
from pmqa.store.tidying import Tidying
from pmqa.store.values import Values


class Store:
    """Everything that can be read and changed; safe to share by threads.

    place, patience: as Database, and what it raises. frameworks: the editions by which submissions are scored; those of
    the product unless given. What another version of them scored is scored again.

    at_once: files that are recorded in one transaction: fewer cost speed, more keep people waiting for an answer.
    opened_after: the last change of the audit before the store was opened.
    """

    at_once: int = 64

    def __init__(
        self, place: Place, *, frameworks: Mapping[str, Framework] | None = None, patience: float = PATIENCE
    ) -> None:
        self.frameworks = dict(shipped_frameworks() if frameworks is None else frameworks)
        self.database = Database(place, patience=patience)
        self.place = self.database.place
        self.facts = Facts(self.database, self.frameworks)
        self.likeness = Likeness(self.database, self.facts)
        self.submissions = Submissions(self.database, self.facts)
        self.received = ReceivedFiles(self.database, self.facts)
        deriving = Deriving(self.database, self.facts, self.frameworks)
        self.recording = Recording(self.database, deriving)
        self.history = History(self.database, self.submissions, self.facts, deriving)
        self.announced = Announced(self.database)
        self.layouts = Layouts(self.database)
        self.register = Register(self.database)
        self.successions = Successions(self.database)
        self.plans = Plans(self.database)
        self.rounds = Rounds(self.database)
        self.storyboards = Storyboards(self.database)
        self.links = Links(self.database)
        self.notes = Notes(self.database)
        self.people = People(self.database)
        self.values = Values(self.database)
        self.audit = Audit(self.database)
        self.tidying = Tidying(self.database)
        with self.database.reading() as cursor:
            self.opened_after = last_number(cursor)
        deriving.refresh()
        renew(self.database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The file of a database that is one."""
        assert isinstance(self.place, Path)  # noqa: S101 - doors and copies are of files alone
        return self.place

    def version(self) -> str:
        """As Database.version."""
        return self.database.version()

    def copy_to(self, place: Place) -> None:
        """As Database.copy_to."""
        self.database.copy_to(place)

    def close(self) -> None:
        """As Database.close."""
        self.database.close()
