"""copy, tidy: a whole database from one engine to another, and what keeps one from growing without end."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from pmqa.cli.console import complain, say, say_json
from pmqa.cli.storing import DONE, HAS_ERRORS, database_of, open_to_read
from pmqa.errors import UsageError
from pmqa.places import LakePlace, Place
from pmqa.store import Store, elsewhere, verified
from pmqa.text import Translator


def copy(arguments: Namespace, t: Translator) -> int:
    """All of one moment into a database that is not there yet; held against the source, and verified."""
    source, target = arguments.source, arguments.target
    if isinstance(target, Path) and target.exists():
        raise UsageError(t("cli.restore.taken", path=target))
    if isinstance(source, LakePlace) and isinstance(target, LakePlace):
        raise UsageError(t("cli.copy.two_lakes"))
    with open_to_read(source, t) as store:
        version, count = store.version(), len(store.history.all())
        moved(store, target)
    found = verified(target)
    if arguments.json:
        problems = [{"code": one.code, **one.values} for one in found.problems]
        said = {"path": str(target), "version": found.version, "submissions": found.submissions}
        say_json(said | {"scored": found.scored, "problems": problems})
    else:
        say(t("cli.copy.done", source=source, target=target))
        say(t("cli.copy.holds", n=found.submissions, before=count, version=found.version, scored=found.scored))
    for problem in found.problems:
        complain(t(f"store.verify_{problem.code}", **problem.values))
    if (found.version, found.submissions) != (version, count) and isinstance(source, Path):
        complain(t("cli.copy.differs", version=version, n=count))
        return HAS_ERRORS
    return HAS_ERRORS if found.problems else DONE


def moved(store: Store, target: Place) -> None:
    """A copy of an open database; the folder of a file is made where it is not there."""
    if isinstance(target, Path):
        target.parent.mkdir(parents=True, exist_ok=True)
    store.copy_to(target)


def tidy(arguments: Namespace, t: Translator) -> int:
    """Maintenance, while others work; of a file, what is only in its log is written into it."""
    if arguments.days < 0:
        raise UsageError(t("cli.tidy.too_few"))
    database = database_of(arguments)
    if not database.exists():
        raise UsageError(t("cli.errors.no_database", path=database))
    if beside := elsewhere(database):
        with beside:
            took = beside.database.tidy(arguments.days, alone=arguments.alone)
    else:
        with Store(database) as store:
            took = store.database.tidy(arguments.days, alone=arguments.alone)
    if arguments.json:
        say_json({"path": str(database), "seconds": {name: round(seconds, 3) for name, seconds in took.items()}})
    else:
        say(t("cli.tidy.done", path=database))
        for name, seconds in took.items():
            say(t("cli.tidy.step", step=t(f"cli.tidy.{name}"), seconds=t.number(seconds)))
    return DONE
