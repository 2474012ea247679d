"""demo, serve: what fills the database with samples and opens it for everybody."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from pmqa import demo as samples
from pmqa.access import is_loopback
from pmqa.cli.checking import check_year, write_file
from pmqa.cli.console import Progress, complain, say
from pmqa.errors import StoreBusy, UsageError
from pmqa.framework import DEFAULT_EDITION, shipped_frameworks
from pmqa.places import Place
from pmqa.settings import ROOT, check_settings, environment_for, read_settings, sign_in_is_set_up
from pmqa.store import Elsewhere, Store, elsewhere, keep_journal
from pmqa.store.journal import STDERR
from pmqa.text import Translator

DONE, HAS_ERRORS = 0, 1
SOON: Final = 1.0  # seconds until we say that we wait for another process
LONGEST_WAIT: Final = 300
WRITERS: Final = 2  # processes that write sample forms


def database_of(arguments: Namespace) -> Place:
    """The database named on the command line, else the one of the settings."""
    return arguments.database or read_settings().database


def open_store(database: Place, t: Translator) -> Store:
    """The database, by the server that has it open where one has; else waited for as long as another ingest may take.

    Raises StoreBusy after that.
    """
    if (store := elsewhere(database)) is not None:
        return store
    if (log := read_settings().log) != STDERR:
        keep_journal(log)
    try:
        return Store(database, patience=SOON)
    except StoreBusy:
        complain(t("cli.ingest.waiting", path=database, seconds=LONGEST_WAIT))
        return Store(database, patience=LONGEST_WAIT)


@contextmanager
def open_to_read(database: Place, t: Translator) -> Iterator[Store]:
    """The database for long reading: as it is now, and at nobody's cost. Raises UsageError where there is none."""
    if not database.exists():
        raise UsageError(t("cli.errors.no_database", path=database))
    with open_store(database, t) as store:
        if not isinstance(store, Elsewhere):
            yield store
            return
        with store.snapshot() as copy, Store(copy) as own:
            yield own


def existing_store(arguments: Namespace, t: Translator) -> Store:
    """The database of a command, where there is one: none is made to find nothing in it. Raises UsageError."""
    database = database_of(arguments)
    if not database.exists():
        raise UsageError(t("cli.errors.no_database", path=database))
    return open_store(database, t)


def demo(arguments: Namespace, t: Translator) -> int:
    """Make sample data, or remove them."""
    if arguments.remove:
        return _remove_samples(database_of(arguments), t)
    for option in ("agencies", "years"):
        if getattr(arguments, option) < 1:
            raise UsageError(t("cli.demo.too_few", option=f"--{option}"))
    check_year(arguments.last_year, t)
    check_year(arguments.last_year - arguments.years + 1, t)
    if arguments.forms:
        _write_forms(arguments, t)
    if arguments.database or not arguments.forms:
        _fill(database_of(arguments), arguments, t)
    return DONE


def _write_forms(arguments: Namespace, t: Translator) -> None:
    framework = shipped_frameworks()[DEFAULT_EDITION]
    chosen = arguments.agencies, arguments.years, arguments.seed, arguments.last_year
    submissions = samples.demo_submissions(framework, *chosen)
    with Progress(t("cli.demo.writing"), len(submissions)) as progress:
        for _, name, content in samples.demo_forms(submissions, framework, workers=_writers(len(submissions))):
            write_file(arguments.forms / name, content)
            progress.step(name)
    say(t("cli.demo.forms_done", n=len(submissions), path=arguments.forms))


def _fill(database: Place, arguments: Namespace, t: Translator) -> None:
    chosen = {name: getattr(arguments, name) for name in ("agencies", "years", "seed", "last_year")}
    with closing(open_store(database, t)) as store:
        before = len(store.submissions.standing())
        _record_samples(store, chosen, t)
        added = len(store.submissions.standing()) - before
    key = "cli.demo.done" if added else "cli.demo.known"
    say(t(key, path=database, **({"n": added} if added else {})))


def _record_samples(store: Store, chosen: dict[str, int], t: Translator) -> None:
    workers = _writers(chosen["agencies"] * chosen["years"])
    with Progress(t("cli.demo.writing")) as progress:
        framework = shipped_frameworks()[DEFAULT_EDITION]
        for step in samples.fill_with_samples(store, framework, workers=workers, **chosen):
            progress.step(step.name, step.total)


def _writers(forms: int) -> int:
    # Starting the processes takes as long as writing about ten forms.
    return WRITERS if forms > 10 else 1  # noqa: PLR2004


def _remove_samples(database: Place, t: Translator) -> int:
    if not database.exists():
        raise UsageError(t("cli.errors.no_database", path=database))
    with closing(open_store(database, t)) as store:
        say(t("cli.demo.removed", n=store.tidying.remove_samples(getpass.getuser())))
    return DONE


def serve(arguments: Namespace, t: Translator) -> int:
    """Open the dashboard. On POSIX this process becomes the server, so that what stops it stops the dashboard."""
    database = database_of(arguments)
    settings = check_settings()
    if not (is_loopback(arguments.address) or sign_in_is_set_up() or settings.open_to_all):
        raise UsageError(t("settings.bind", address=arguments.address))
    if settings.demo_on_first_start:
        with closing(open_store(database, t)) as store:
            if samples.is_untouched(store):
                _record_samples(store, {"agencies": 24, "years": 3, "seed": 1, "last_year": samples.LAST_YEAR}, t)
    complain(t("cli.serve.opening", address=f"http://{arguments.address}:{arguments.port}"))
    words, environment = serve_words(arguments), environment_for(database)
    os.chdir(ROOT)
    if os.name == "posix":
        os.execve(words[0], words, environment)  # noqa: S606 - our own words
    return subprocess.run(words, env=environment, check=False).returncode  # noqa: S603 - our own words


def serve_words(arguments: Namespace) -> list[str]:
    """The command that serves the dashboard."""
    words = [sys.executable, "-m", "uvicorn", "asgi:app", "--log-level=warning"]
    return [*words, f"--port={arguments.port}", f"--host={arguments.address}"]
