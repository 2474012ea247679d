"""Short links, and views that somebody keeps by name: a page and the parameters of its address, ids alone.

As storyboards, they are no part of the data. Whoever opens one sees what they may see at its address, no more.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pmqa.errors import NameTaken, StoreError
from pmqa.store.backend import Cursor, retried
from pmqa.store.database import Database, append, now
from pmqa.store.opening import both_languages
from pmqa.tables import LINKS, SAVED_VIEWS
from pmqa.viewer import Viewer, check

MOST_VIEWS: Final = 50  # that somebody keeps
LONGEST_NAME: Final = 80  # characters
LONGEST_QUERY: Final = 8000
PAGE: Final = re.compile(r"[a-z]{1,30}")
TOKEN_BYTES: Final = 9


@dataclass(frozen=True)
class SavedView:
    """A view by its name. query: the parameters of the page's address, encoded."""

    name: str
    link: str
    page: str
    query: str


def link_of(page: str, query: str) -> str:
    """What a short link says of a view: the same for the same view, so that it is kept once."""
    digest = hashlib.sha256(f"{page}?{query}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


class Links:
    """The short links and saved views of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def opened(self, link: str) -> tuple[str, str] | None:
        """Page and query that a short link stands for; None where it is not known."""
        with self._database.reading() as cursor:
            found = cursor.execute("SELECT page, query FROM links WHERE link = ?", [link]).fetchone()
        return None if found is None else (str(found[0]), str(found[1]))

    @retried
    def keep_link(self, page: str, query: str, *, viewer: Viewer) -> str:
        """Keep what a short link stands for; the link. Raises StoreError for what is no address of a page."""
        check(viewer, "see")
        with self._database.transaction() as cursor:
            return self._keep(cursor, page, query)

    def saved(self, viewer: Viewer) -> tuple[SavedView, ...]:
        """The views that the viewer keeps, by name."""
        sql = "SELECT name, link, page, query FROM saved_views JOIN links USING (link) WHERE owner = ? ORDER BY name"
        with self._database.reading() as cursor:
            return tuple(SavedView(*row) for row in cursor.execute(sql, [viewer.name]).fetchall())

    @retried
    def save_view(self, name: str, page: str, query: str, *, viewer: Viewer) -> None:
        """Keep a view of the viewer's under a name. Raises NameTaken; StoreError where there are too many."""
        check(viewer, "see")
        if not name.strip():
            raise StoreError(both_languages("no_name"))
        if len(name) > LONGEST_NAME:
            raise StoreError(both_languages("text_too_long", most=LONGEST_NAME))
        with self._database.transaction() as cursor:
            sql = "SELECT name FROM saved_views WHERE owner = ?"
            names = {one for (one,) in cursor.execute(sql, [viewer.name]).fetchall()}
            if name in names:
                raise NameTaken(both_languages("name_taken", name=name))
            if len(names) >= MOST_VIEWS:
                raise StoreError(both_languages("views_full", most=MOST_VIEWS))
            row = (viewer.name, name, self._keep(cursor, page, query), now())
            append(cursor, SAVED_VIEWS, pd.DataFrame([row], columns=list(SAVED_VIEWS.columns)))

    @retried
    def remove_view(self, name: str, *, viewer: Viewer) -> None:
        """Drop a view of the viewer's; its short link goes on to work. Nothing where there is none."""
        check(viewer, "see")
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM saved_views WHERE owner = ? AND name = ?", [viewer.name, name])

    def _keep(self, cursor: Cursor, page: str, query: str) -> str:
        if not PAGE.fullmatch(page) or len(query) > LONGEST_QUERY:
            raise StoreError(both_languages("no_link"))
        link = link_of(page, query)
        if not cursor.execute("SELECT 1 FROM links WHERE link = ?", [link]).fetchone():
            row = (link, page, query, now())
            append(cursor, LINKS, pd.DataFrame([row], columns=list(LINKS.columns)))
        return link
