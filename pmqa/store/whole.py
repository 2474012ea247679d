"""The store of one file: everything that can be read and changed."""

from __future__ import annotations

from functools import cached_property

from pmqa.store.announcing import Announcing
from pmqa.store.events import Events
from pmqa.store.history import History
from pmqa.store.links import Links
from pmqa.store.notes import Notes
from pmqa.store.people import People
from pmqa.store.planning import Planning
from pmqa.store.register import Register
from pmqa.store.storyboards import Storyboards
from pmqa.store.tidying import Tidying


class Store(History, Register, Planning, People, Events, Tidying, Announcing):
    """The database of one file; safe to share by threads.

    at_once: files that are recorded in one transaction: fewer cost speed, more keep people waiting for an answer.
    """

    at_once: int = 64

    @cached_property
    def storyboards(self) -> Storyboards:
        """Cards that people keep to show."""
        return Storyboards(self)

    @cached_property
    def links(self) -> Links:
        """Short links, and views that people keep by name."""
        return Links(self)

    @cached_property
    def notes(self) -> Notes:
        """What people noted on agencies."""
        return Notes(self)
