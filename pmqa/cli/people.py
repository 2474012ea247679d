"""people: who may sign in, in which role, with which reach - listed, added, removed, from a list."""

from __future__ import annotations

import getpass
from argparse import Namespace
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from pmqa.cli.checking import check_paths
from pmqa.cli.console import complain, say, say_json
from pmqa.cli.storing import DONE, HAS_ERRORS, database_of, open_store
from pmqa.errors import Finding, UsageError
from pmqa.settings import read_settings
from pmqa.text import Translator
from pmqa.viewer import Person
from pmqa.workbook import finding_text
from pmqa.workbook.archive import Refusal
from pmqa.workbook.findings import CATALOGUE
from pmqa.workbook.people import FIELDS, person_of, read_people
from pmqa.workbook.register import Problem

OPTIONS = FIELDS[1:]


def people(arguments: Namespace, t: Translator) -> int:
    """List the people, or change them. Where anything is wrong, nothing is saved."""
    if arguments.action == "list":
        return _list(arguments, t)
    if not arguments.whom:
        raise UsageError(t("cli.people.whom", action=arguments.action))
    if arguments.action == "remove":
        return _remove(arguments, t)
    if arguments.action == "add":
        texts = {name: getattr(arguments, name) or "" for name in OPTIONS} | {"email": arguments.whom}
        person, problems = person_of(texts)
        wanted = {person.email: person} if person else {}
    else:
        path = Path(arguments.whom)
        check_paths([path], t)
        try:
            read = read_people(path.read_bytes())
        except Refusal as refusal:
            finding = Finding(refusal.code, CATALOGUE[refusal.code], value=path.name, values=refusal.values)
            complain(t("register_page.unreadable", why=finding_text(finding, t)))
            return HAS_ERRORS
        wanted, problems = dict(read.people), list(read.problems)
    if problems:
        return _say_problems(problems, arguments, t)
    return _change(arguments, t, wanted, gone=())


def _list(arguments: Namespace, t: Translator) -> int:
    with closing(open_store(database_of(arguments), t)) as store:
        known = store.people.all()
    if arguments.json:
        say_json([_shown(person) for person in known.values()])
        return DONE
    for person in known.values():
        reach = [", ".join(sorted(names)) for names in (person.ministries, person.agencies) if names is not None]
        parts = [person.email, t(f"people.role_{person.role}"), " · ".join(reach) or t("ui.reach_all")]
        if person.valid_until:
            parts.append(t("cli.people.until", date=t.date(person.valid_until)))
        if person.note:
            parts.append(person.note)
        say("\t".join(parts))
    complain(t("cli.people.n", n=len(known)))
    if always := read_settings().administrators:
        complain(t("cli.people.always", who=", ".join(sorted(always))))
    return DONE


def _remove(arguments: Namespace, t: Translator) -> int:
    email = arguments.whom.strip().casefold()
    with closing(open_store(database_of(arguments), t)) as store:
        if email not in store.people.all():
            raise UsageError(t("cli.people.unknown", email=email))
    return _change(arguments, t, {}, gone=(email,))


def _change(arguments: Namespace, t: Translator, new: Mapping[str, Person], gone: Iterable[str]) -> int:
    with closing(open_store(database_of(arguments), t)) as store:
        began = store.people.all()
        wanted = {email: person for email, person in {**began, **new}.items() if email not in set(gone)}
        saved, removed = store.people.change(
            began, wanted, who=arguments.by or getpass.getuser(), reason=arguments.reason
        )
    if arguments.json:
        say_json({"saved": saved, "removed": removed, "problems": []})
    else:
        say(t("cli.people.changed", saved=saved, removed=removed))
    return DONE


def _say_problems(problems: list[Problem], arguments: Namespace, t: Translator) -> int:
    texts = [t(f"people.problem_{one.code}", **({"value": one.value} if one.value else {})) for one in problems]
    if arguments.json:
        found = [{"row": one.row, "code": one.code, "value": one.value} for one in problems]
        say_json({"saved": 0, "removed": 0, "problems": found})
    else:
        for one, text in zip(problems, texts, strict=True):
            say(text if one.row is None else t("cli.register.row", row=one.row, problem=text))
    complain(t("cli.people.refused", n=len(texts)))
    return HAS_ERRORS


def _shown(person: Person) -> dict[str, Any]:
    return {
        "email": person.email,
        "role": person.role,
        "agencies": None if person.agencies is None else sorted(person.agencies),
        "ministries": None if person.ministries is None else sorted(person.ministries),
        "valid_until": person.valid_until and person.valid_until.isoformat(),
        "note": person.note,
    }
