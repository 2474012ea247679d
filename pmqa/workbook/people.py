"""People from a list that somebody keeps, or from words: who may sign in, their role and reach, until when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pmqa.settings import is_address
from pmqa.text import end_of_day, languages, translator
from pmqa.viewer import ROLES, Person, Role
from pmqa.workbook.lists import day_of, heading, rows_of
from pmqa.workbook.normalise import fold
from pmqa.workbook.register import Problem

FIELDS: Final = ("email", "role", "agencies", "ministries", "valid_until", "note")
KEY: Final = "email"
ALL: Final = "*"


@dataclass(frozen=True)
class PeopleFile:
    """What a list says. people: the sound rows, by e-mail; problems: everything else."""

    people: Mapping[str, Person]
    problems: tuple[Problem, ...]


def read_people(content: bytes) -> PeopleFile:
    """Everybody of a list, and every problem at once. Raises Refusal for what is neither xlsx nor csv."""
    words = _words("field", FIELDS)
    rows = rows_of(content, words, KEY)
    found = heading(rows, words, KEY)
    if found is None or "role" not in found[1]:
        return PeopleFile({}, (Problem("no_headings", value=", ".join(FIELDS)),))
    head, columns = found
    people: dict[str, Person] = {}
    problems: list[Problem] = []
    for number, row in rows[head + 1 :]:
        texts = {name: row.get(key, "") for name, key in columns.items()}
        if not any(texts.values()):
            continue
        person, wrong = person_of(texts, number)
        problems += wrong
        if person and person.email in people:
            problems.append(Problem("twice", number, person.email))
        elif person:
            people[person.email] = person
    if not people and not problems:
        problems.append(Problem("no_rows"))
    return PeopleFile(people, tuple(problems))


def person_of(texts: Mapping[str, str], number: int | None = None) -> tuple[Person | None, list[Problem]]:
    """Somebody as words say them: FIELDS -> text, blank or absent = all, or nothing; and every problem of theirs.

    Agencies and ministries go between commas, semicolons or lines. A date is 2026-09-30 or 30/9/2569; it holds until
    that day ends in Bangkok. number: of the row, for the problems.
    """
    said = {name: texts.get(name, "").strip() for name in FIELDS}
    email, role = said["email"].casefold(), _words("role", ROLES).get(fold(said["role"]))
    agencies, ministries = _listed(said["agencies"]), _listed(said["ministries"])
    until = day_of(said["valid_until"])
    problems = problems_of(said["email"], role, agencies, number)
    if role is None:
        problems.append(Problem("no_role", number, said["role"]))
    if said["valid_until"] and until is None:
        problems.append(Problem("no_date", number, said["valid_until"]))
    if problems:
        return None, problems
    known: Role = next(one for one in ROLES if one == role)
    return Person(email, known, agencies, ministries, end_of_day(until) if until else None, said["note"] or None), []


def problems_of(
    email: str, role: str | None, agencies: frozenset[str] | None, number: int | None = None
) -> list[Problem]:
    """What keeps somebody from being one of the people: no address, or an agency's person without an agency."""
    problems = [] if is_address(email) else [Problem("no_email", number, email)]
    if role == "agency" and not agencies:
        problems.append(Problem("no_agencies", number, email))
    return problems


def _words(group: str, names: tuple[str, ...]) -> dict[str, str]:
    """What people may write for each name, folded: the name itself, and what it is called in each language."""
    called = [(translator(language)(f"people.{group}_{name}"), name) for language in languages() for name in names]
    return {fold(word): name for word, name in [*called, *((name, name) for name in names)]}


def _listed(text: str) -> frozenset[str] | None:
    parts = frozenset(part.strip() for part in re.split(r"[,;\n]", text) if part.strip())
    return None if not parts or parts == {ALL} else parts
