"""Storyboards: cards that somebody keeps to show, in their order; by name and owner, shared by whoever has the link.

A storyboard is no part of the data: a change of one is an event and makes no new version of them, or every slide would
be older than the data at the moment when it is kept. It holds addresses, so that each who opens it sees the cards by
their own rights. What somebody wrote, and what a card said to them, is shown to those who see all that they could see.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pmqa.errors import NameTaken, StoreError
from pmqa.store.backend import Cursor, retried
from pmqa.store.database import Database, append, now, take_out
from pmqa.store.opening import both_languages
from pmqa.store.visible import reach
from pmqa.tables import SLIDES, STORYBOARDS
from pmqa.viewer import Viewer, check

MOST_STORYBOARDS: Final = 50  # of an owner
ADDRESS: Final = list(SLIDES.columns).index("address")
MOST_SLIDES: Final = 60  # of a storyboard
LONGEST: Final = {"name": 80, "place": 120, "headline": 200, "note": 2000}  # characters

# The viewer sees all that the writer of a row `s` could; null = all.
TOLD: Final = """(
    ($agencies::VARCHAR[] IS NULL
        OR (s.agencies IS NOT NULL AND list_has_all($agencies::VARCHAR[], string_split(s.agencies, chr(10)))))
    AND ($ministries::VARCHAR[] IS NULL
        OR (s.ministries IS NOT NULL AND list_has_all($ministries::VARCHAR[], string_split(s.ministries, chr(10)))))
)"""
FOUND: Final = f"""
    SELECT s.storyboard, s.owner = $viewer AS own, CASE WHEN {TOLD} THEN s.name END AS name,
        CASE WHEN {TOLD} THEN s.place END AS place, s.day,
        (SELECT count(*) FROM slides c WHERE c.storyboard = s.storyboard) AS slides
    FROM storyboards s
"""


@dataclass(frozen=True)
class Storyboard:
    """A storyboard as somebody may see it: whose it is, only whether it is their own.

    name, place: None where its owner sees agencies that they do not. slides: how many.
    """

    id: str
    own: bool
    name: str | None
    place: str | None
    day: dt.date | None
    slides: int


@dataclass(frozen=True)
class Slide:
    """A card of a storyboard as somebody may see it.

    finding, digest: what the card said at this version of the data, in the address's language, and of its table then;
    headline: what stands in place of the finding. Where not `told`, they and the note are None.
    """

    id: str
    address: str
    version: str
    told: bool
    finding: str | None
    digest: str | None
    headline: str | None
    note: str | None


class Storyboards:
    """The storyboards of a database. Every change is of the viewer's own; StoreError where there is none such."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, viewer: Viewer) -> tuple[Storyboard, ...]:
        """The viewer's own, the one changed last first."""
        sql = f"{FOUND} WHERE s.owner = $viewer ORDER BY s.changed_at DESC, s.storyboard"
        return self._storyboards(sql, _asks(viewer))

    def opened(self, storyboard: str, viewer: Viewer) -> Storyboard | None:
        """Anybody's, for whoever has its link."""
        check(viewer, "see")
        found = self._storyboards(f"{FOUND} WHERE s.storyboard = $id", _asks(viewer) | {"id": storyboard})
        return found[0] if found else None

    def named(self, name: str) -> dict[str, str]:
        """Owner -> storyboard, of those of this name: for the product itself."""
        with self._database.reading() as cursor:
            sql = "SELECT owner, storyboard FROM storyboards WHERE name = ? ORDER BY owner"
            return dict(cursor.execute(sql, [name]).fetchall())

    def names(self) -> tuple[str, ...]:
        """The names that there are: for the product itself."""
        with self._database.reading() as cursor:
            return tuple(
                name for (name,) in cursor.execute("SELECT DISTINCT name FROM storyboards ORDER BY 1").fetchall()
            )

    def slides(self, storyboard: str, viewer: Viewer) -> tuple[Slide, ...]:
        """The slides of anybody's storyboard in their order, for whoever has its link."""
        check(viewer, "see")
        texts = ", ".join(f"CASE WHEN {TOLD} THEN s.{name} END" for name in ("finding", "digest", "headline", "note"))
        columns = f"s.slide, s.address, s.version, {TOLD}, {texts}"
        sql = f"SELECT {columns} FROM slides s WHERE s.storyboard = $id ORDER BY s.place"
        values = {name: value for name, value in _asks(viewer).items() if name != "viewer"}
        with self._database.reading() as cursor:
            rows = cursor.execute(sql, values | {"id": storyboard}).fetchall()
        return tuple(Slide(*row) for row in rows)

    @retried
    def make_storyboard(self, name: str, *, viewer: Viewer) -> str:
        """An empty one of the viewer's; its id. Raises NameTaken; StoreError where they have as many as they may."""
        check(viewer, "see")
        id_ = secrets.token_urlsafe(9)
        with self._database.transaction() as cursor:
            self._check_name(cursor, name, "", viewer)
            sql = "SELECT count(*) FROM storyboards WHERE owner = ?"
            ((many,),) = cursor.execute(sql, [viewer.name]).fetchall()
            if many >= MOST_STORYBOARDS:
                raise StoreError(both_languages("storyboards_full", most=MOST_STORYBOARDS))
            row = (id_, viewer.name, name, None, None, *_lines(viewer), now())
            append(cursor, STORYBOARDS, pd.DataFrame([row], columns=list(STORYBOARDS.columns)))
            self._database.log_event(cursor, viewer.name, "storyboard_made", id_, {})
        return id_

    @retried
    def change_storyboard(self, storyboard: str, *, name: str, place: str, day: dt.date | None, viewer: Viewer) -> None:
        """Give it a name, and what its cover says beside it. Raises NameTaken."""
        _check_lengths(place=place)
        with self._database.transaction() as cursor:
            self._check_own(cursor, storyboard, viewer)
            self._check_name(cursor, name, storyboard, viewer)
            sql = (
                "UPDATE storyboards SET name = ?, place = ?, day = ?, agencies = ?, ministries = ? WHERE storyboard = ?"
            )
            cursor.execute(sql, [name, place or None, day and day.isoformat(), *_lines(viewer), storyboard])
            self._database.log_event(cursor, viewer.name, "storyboard_changed", storyboard, {})

    @retried
    def remove_storyboard(self, storyboard: str, *, viewer: Viewer) -> None:
        """Drop it with its slides; the audit keeps which cards they were."""
        with self._database.transaction() as cursor:
            self._check_own(cursor, storyboard, viewer)
            gone = take_out(cursor, SLIDES, "storyboard = $storyboard", {"storyboard": storyboard})
            cursor.execute("DELETE FROM storyboards WHERE storyboard = ?", [storyboard])
            details = {"cards": [row[ADDRESS] for row in gone]}
            self._database.log_event(cursor, viewer.name, "storyboard_removed", storyboard, details)

    @retried
    def add_slide(
        self, storyboard: str, address: str, *, finding: str, digest: str, version: str, viewer: Viewer
    ) -> tuple[int, bool]:
        """Put a card at its end; its place, and whether it is new there: the same card is kept once.

        Raises StoreError where it is full.
        """
        with self._database.transaction() as cursor:
            self._check_own(cursor, storyboard, viewer)
            sql = "SELECT address FROM slides WHERE storyboard = ? ORDER BY place"
            there = [one for (one,) in cursor.execute(sql, [storyboard]).fetchall()]
            if address in there:
                return there.index(address) + 1, False
            if len(there) >= MOST_SLIDES:
                raise StoreError(both_languages("slides_full", most=MOST_SLIDES))
            sql = "SELECT coalesce(max(place), 0) + 1 FROM slides WHERE storyboard = ?"
            ((place,),) = cursor.execute(sql, [storyboard]).fetchall()
            row = (storyboard, secrets.token_hex(4), place, address, finding, digest, version, None, None)
            slides = pd.DataFrame([(*row, *_lines(viewer))], columns=list(SLIDES.columns))
            append(cursor, SLIDES, slides)
            self._touch(cursor, storyboard)
            self._database.log_event(cursor, viewer.name, "slide_added", storyboard, {"card": address})
        return len(there) + 1, True

    @retried
    def word_slide(self, storyboard: str, slide: str, *, headline: str, note: str, viewer: Viewer) -> None:
        """Say something in place of the finding, and a note for the speaker; "" = nothing."""
        _check_lengths(headline=headline, note=note)
        with self._database.transaction() as cursor:
            self._check_own(cursor, storyboard, viewer)
            texts = {"headline": headline or None, "note": note or None}
            self._write(cursor, storyboard, slide, texts, viewer)
            self._touch(cursor, storyboard)

    @retried
    def move_slide(self, storyboard: str, slide: str, by: int, *, viewer: Viewer) -> None:
        """Let it change its place with the one before (-1) or after it (1); nothing where there is none."""
        with self._database.transaction() as cursor:
            self._check_own(cursor, storyboard, viewer)
            sql = "SELECT slide, place FROM slides WHERE storyboard = ? ORDER BY place"
            order = cursor.execute(sql, [storyboard]).fetchall()
            at = next((number for number, (one, _) in enumerate(order) if one == slide), None)
            if at is None or not 0 <= at + by < len(order):
                return
            for (one, _), (_, place) in ((order[at], order[at + by]), (order[at + by], order[at])):
                sql = "UPDATE slides SET place = ? WHERE storyboard = ? AND slide = ?"
                cursor.execute(sql, [place, storyboard, one])
            self._touch(cursor, storyboard)

    @retried
    def remove_slide(self, storyboard: str, slide: str, *, viewer: Viewer) -> None:
        """Drop a slide; nothing where there is none."""
        with self._database.transaction() as cursor:
            self._check_own(cursor, storyboard, viewer)
            one = {"storyboard": storyboard, "slide": slide}
            for row in take_out(cursor, SLIDES, "storyboard = $storyboard AND slide = $slide", one):
                self._database.log_event(cursor, viewer.name, "slide_removed", storyboard, {"card": row[ADDRESS]})
            self._touch(cursor, storyboard)

    @retried
    def renew_slides(
        self, storyboard: str, said: Mapping[str, tuple[str, str]], version: str, *, viewer: Viewer
    ) -> None:
        """Keep what slides say at a version of the data. said: slide -> finding, digest."""
        with self._database.transaction() as cursor:
            self._check_own(cursor, storyboard, viewer)
            for slide, (finding, digest) in said.items():
                texts = {"finding": finding, "digest": digest, "version": version}
                self._write(cursor, storyboard, slide, texts, viewer)
            self._touch(cursor, storyboard)

    def _storyboards(self, sql: str, values: Mapping[str, object]) -> tuple[Storyboard, ...]:
        with self._database.reading() as cursor:
            rows = cursor.execute(sql, dict(values)).fetchall()
        return tuple(
            Storyboard(id_, own, name, place, day and dt.date.fromisoformat(day), slides)
            for id_, own, name, place, day, slides in rows
        )

    def _write(
        self, cursor: Cursor, storyboard: str, slide: str, texts: Mapping[str, str | None], viewer: Viewer
    ) -> None:
        """Change columns of a slide whose texts the viewer is told."""
        changes = ", ".join(f"{name} = ${name}" for name in texts)
        whose = "agencies = $lines_agencies, ministries = $lines_ministries"
        one = f"s.storyboard = $id AND s.slide = $slide AND {TOLD}"
        agencies, ministries = _lines(viewer)
        values = reach(viewer) | {"id": storyboard, "slide": slide}
        if not cursor.execute(f"SELECT 1 FROM slides s WHERE {one}", values).fetchone():
            raise StoreError(both_languages("no_slide"))
        lines = {"lines_agencies": agencies, "lines_ministries": ministries}
        cursor.execute(f"UPDATE slides AS s SET {changes}, {whose} WHERE {one}", {**values, **lines, **texts})

    def _check_own(self, cursor: Cursor, storyboard: str, viewer: Viewer) -> None:
        check(viewer, "see")
        sql = "SELECT 1 FROM storyboards WHERE storyboard = ? AND owner = ?"
        if not cursor.execute(sql, [storyboard, viewer.name]).fetchone():
            raise StoreError(both_languages("no_storyboard"))

    def _check_name(self, cursor: Cursor, name: str, storyboard: str, viewer: Viewer) -> None:
        if not name.strip():
            raise StoreError(both_languages("no_name"))
        _check_lengths(name=name)
        sql = "SELECT 1 FROM storyboards WHERE owner = ? AND name = ? AND storyboard <> ?"
        if cursor.execute(sql, [viewer.name, name, storyboard]).fetchone():
            raise NameTaken(both_languages("name_taken", name=name))

    def _touch(self, cursor: Cursor, storyboard: str) -> None:
        cursor.execute("UPDATE storyboards SET changed_at = ? WHERE storyboard = ?", [now(), storyboard])


def _asks(viewer: Viewer) -> dict[str, object]:
    return reach(viewer) | {"viewer": viewer.name}


def _lines(viewer: Viewer) -> tuple[str | None, str | None]:
    """Agencies and ministries of the viewer's reach as columns keep them."""
    agencies, ministries = (
        None if of is None else "\n".join(sorted(of)) for of in (viewer.agencies, viewer.ministries)
    )
    return agencies, ministries


def _check_lengths(**texts: str) -> None:
    for name, text in texts.items():
        if len(text) > LONGEST[name]:
            raise StoreError(both_languages("text_too_long", most=LONGEST[name]))
