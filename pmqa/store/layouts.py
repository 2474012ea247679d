"""Layouts that people made of files of other kinds, kept by name beside those that come with the product.

A kept layout is never changed, so that what was recorded by its name can be read again by it; the audit keeps the
text of one that was dropped.
"""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from pmqa.errors import AccessDenied, NameTaken, StoreError
from pmqa.store.backend import retried
from pmqa.store.database import Database, append, now, take_out
from pmqa.store.opening import both_languages
from pmqa.tables import LAYOUTS
from pmqa.viewer import Viewer, check, sources_of

DEED: Final = "keep_register"  # a layout is about everybody's files, as the register is
NAME: Final = re.compile(r"[\w\u0e00-\u0e7f][\w\u0e00-\u0e7f .-]{0,59}")  # it becomes part of names of files
LONGEST_TEXT: Final = 30_000  # characters; a cell of the data export holds it


class Layouts:
    """The kept layouts of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, viewer: Viewer | None = None) -> pd.DataFrame:
        """LAYOUTS, by name. Raises AccessDenied for who may send no forms."""
        if viewer is not None and not sources_of(viewer):
            raise AccessDenied(f"{viewer.role} may not see layouts")
        return self._database.read(LAYOUTS, "SELECT * FROM layouts ORDER BY name")

    @retried
    def keep_layout(self, name: str, text: str, *, who: str, viewer: Viewer | None = None) -> None:
        """Keep a layout; nothing where the same text has the name already.

        Raises AccessDenied; NameTaken for another text; StoreError for what is no name, or a text that is too long.
        """
        check(viewer, DEED)
        name, text = name.strip(), text.strip()  # as the data export has them
        if not NAME.fullmatch(name):
            raise StoreError(both_languages("no_layout_name"))
        if len(text) > LONGEST_TEXT:
            raise StoreError(both_languages("text_too_long", most=LONGEST_TEXT))
        with self._database.transaction() as cursor:
            found = cursor.execute("SELECT text FROM layouts WHERE name = ?", [name]).fetchone()
            if found == (text,):
                return
            if found is not None:
                raise NameTaken(both_languages("name_taken", name=name))
            row = (name, text, now(), who)
            append(cursor, LAYOUTS, pd.DataFrame([row], columns=list(LAYOUTS.columns)))
            self._database.log(cursor, who, [("layout_kept", name, {"text": text})])

    @retried
    def drop_layout(self, name: str, *, who: str, viewer: Viewer | None = None) -> None:
        """Keep a layout no more. Raises AccessDenied; StoreError where there is none."""
        check(viewer, DEED)
        with self._database.transaction() as cursor:
            gone = take_out(cursor, LAYOUTS, "name = $name", {"name": name})
            if not gone:
                raise StoreError(both_languages("no_layout", name=name))
            text = dict(zip(LAYOUTS.columns, gone[0], strict=True))["text"]
            self._database.log(cursor, who, [("layout_dropped", name, {"text": text})])
