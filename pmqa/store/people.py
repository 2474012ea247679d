"""Whom the administrators let in: people by e-mail address, their role and reach. Every change is audited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from pmqa.errors import StoreChanged, StoreError
from pmqa.store.backend import Cursor, retried
from pmqa.store.database import Change, Database, put
from pmqa.store.database import now as moment
from pmqa.store.opening import both_languages
from pmqa.tables import PEOPLE
from pmqa.viewer import Person, Viewer, check

Known = Mapping[str, Person]


class People:
    """Who may sign in. Reading all of them, and changing any, raises AccessDenied for who is no administrator."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, viewer: Viewer | None = None) -> dict[str, Person]:
        """E-mail -> everybody whom the administrators let in, those whose last day has passed too, by address."""
        check(viewer, "administer")
        with self._database.reading() as cursor:
            return _known(cursor)

    def one(self, email: str) -> Person | None:
        """Who it is, in whatever letters the address is written; None for somebody who was never among the people.

        Who was removed says when: they stay out, whatever an identity provider says, until they are added again.
        """
        with self._database.reading() as cursor:
            found = cursor.execute("SELECT * FROM people WHERE email = ?", [email.strip().casefold()]).fetchone()
        return _person(found) if found else None

    @retried
    def change(
        self, began: Known, wanted: Known, *, who: str, reason: str = "", viewer: Viewer | None = None
    ) -> tuple[int, int]:
        """Make of the people as somebody saw them those that they want; returns how many were saved and removed.

        began, wanted: e-mail -> person. reason: for the audit. What others changed since stays. Raises StoreChanged
        where they changed the same person, StoreError where an administrator would take their own right away.
        """
        check(viewer, "administer")
        if viewer and viewer.name in began and getattr(wanted.get(viewer.name), "role", None) != "admin":
            raise StoreError(both_languages("own_right", email=viewer.name))
        touched = [email for email in dict.fromkeys([*began, *wanted]) if began.get(email) != wanted.get(email)]
        with self._database.transaction() as cursor:
            now = _known(cursor)
            if clashes := [email for email in touched if now.get(email) not in (began.get(email), wanted.get(email))]:
                raise StoreChanged(both_languages("changed_meanwhile", what=", ".join(sorted(clashes))))
            changed = [email for email in touched if now.get(email) != wanted.get(email)]
            saved = [wanted[email] for email in changed if email in wanted]
            gone = [replace(now[email], note=None, removed_at=moment()) for email in changed if email not in wanted]
            why = {"reason": reason} if reason else {}
            changes: list[Change] = [
                ("person_saved", email, {"before": _told(now.get(email)), "after": _told(wanted[email]), **why})
                if email in wanted
                else ("person_removed", email, {"before": _told(now.get(email)), **why})
                for email in changed
            ]
            if changes:
                put(cursor, PEOPLE, people_frame([*saved, *gone]))
                self._database.log(cursor, who, changes)
            return len(saved), len(changed) - len(saved)


def people_frame(people: Iterable[Person]) -> pd.DataFrame:
    """PEOPLE of these."""
    rows = [
        (p.email, p.role, _lines(p.agencies), _lines(p.ministries), p.valid_until, p.note, p.removed_at) for p in people
    ]
    return PEOPLE.conform(pd.DataFrame(rows, columns=list(PEOPLE.columns)))


def _known(cursor: Cursor) -> dict[str, Person]:
    found = cursor.execute("SELECT * FROM people WHERE removed_at IS NULL ORDER BY email").fetchall()
    return {person.email: person for person in map(_person, found)}


def _person(row: tuple[object, ...]) -> Person:
    email, role, agencies, ministries, *others = row
    return Person(email, role, _names(agencies), _names(ministries), *others)  # type: ignore[arg-type]


def _lines(names: frozenset[str] | None) -> str | None:
    return None if names is None else "\n".join(sorted(names))


def _names(lines: object) -> frozenset[str] | None:
    return None if lines is None else frozenset(str(lines).split("\n")) - {""}


def _told(person: Person | None) -> dict[str, object] | None:
    """A person as the audit says them; without the note, which is nobody's business later."""
    if person is None:
        return None
    return {
        "role": person.role,
        "agencies": person.agencies and sorted(person.agencies),
        "ministries": person.ministries and sorted(person.ministries),
        "valid_until": person.valid_until,
    }
