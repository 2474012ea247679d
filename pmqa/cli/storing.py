"""ingest, demo, serve: what fills and opens the database."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from argparse import Namespace
from collections import Counter
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any, Final

from pmqa import demo as samples
from pmqa.access import is_loopback
from pmqa.cli.checking import check_paths, check_year, files_to_come, findings_of, identified, say_checked, write_file
from pmqa.cli.console import Progress, complain, say, say_json
from pmqa.errors import StoreBusy, UsageError
from pmqa.framework import DEFAULT_EDITION, shipped_frameworks
from pmqa.intake import (
    Received,
    files_in,
    kept,
    kept_before,
    known_agencies,
    left_pending,
    read_again,
    receive,
    record_accepted,
    recorded_contents,
)
from pmqa.settings import ROOT, check_settings, environment_for, read_settings, sign_in_is_set_up
from pmqa.store import Recorded, Store
from pmqa.text import Translator

DONE, HAS_ERRORS = 0, 1
SOON: Final = 1.0  # seconds until we say that we wait for another process
LONGEST_WAIT: Final = 300
WRITERS: Final = 2  # processes that write sample forms


def database_of(arguments: Namespace) -> Path:
    """The database named on the command line, else the one of the settings."""
    return Path(arguments.database or read_settings().database)


def open_store(database: Path, t: Translator) -> Store:
    """The database, waited for as long as another ingest may take. Raises StoreBusy after that."""
    try:
        return Store(database, patience=SOON)
    except StoreBusy:
        complain(t("cli.ingest.waiting", path=database, seconds=LONGEST_WAIT))
        return Store(database, patience=LONGEST_WAIT)


def ingest(arguments: Namespace, t: Translator) -> int:
    """Record every sound file, and first those that an earlier run kept and was stopped before it judged them."""
    check_paths(arguments.files, t)
    counts: Counter[str] = Counter()
    shown: list[dict[str, Any]] = []
    ids: dict[str, str] = {}
    by = arguments.by or getpass.getuser()
    with closing(open_store(database_of(arguments), t)) as store, Progress(t("cli.ingest.reading")) as progress:
        before, pending = recorded_contents(store), left_pending(store, received_by=by)
        coming = files_to_come(arguments.files)
        total = None if coming is None else coming + len(pending)
        files = kept(store, files_in(arguments.files), received_by=by, recorded=before)
        received = receive(
            chain(kept_before(store, pending), files), store.frameworks, known=known_agencies(store), recorded=before
        )
        for one, recorded in record_accepted(store, received, received_by=by):
            # Another process may have recorded the same content since this one looked.
            outcome = "known" if recorded and recorded.already_known else one.outcome
            counts[outcome] += 1
            if recorded:
                ids[one.sha256] = recorded.submission_id
            if arguments.json:
                shown.append(_ingested(one, outcome, recorded, ids))
            else:
                _say_ingested(one, outcome, t)
            progress.step(one.name, total)
    if not counts:
        raise UsageError(t("cli.errors.no_forms", paths=", ".join(map(str, arguments.files))))
    if arguments.json:
        say_json(shown)
    recorded_files = counts["accepted"] + counts["warnings"]
    others = {name: counts[name] for name in ("known", "refused", "skipped")}
    complain(t("cli.ingest.summary", recorded=recorded_files, **others))
    return HAS_ERRORS if counts["refused"] else DONE


def _ingested(one: Received, outcome: str, recorded: Recorded | None, ids: dict[str, str]) -> dict[str, Any]:
    return {
        "file": one.name,
        "outcome": outcome,
        "submission": recorded.submission_id if recorded else one.submission_id or ids.get(one.sha256),
        "replaces": recorded.replaces if recorded else None,
        **identified(one),
        "findings": findings_of(one),
    }


def _say_ingested(one: Received, outcome: str, t: Translator) -> None:
    if outcome == "refused":
        say_checked(one, t)
    else:
        say(t(f"cli.ingest.{outcome}", file=one.name))


def reread(arguments: Namespace, t: Translator) -> int:
    """Read every recorded file again."""
    database = database_of(arguments)
    if not database.exists():
        raise UsageError(t("cli.errors.no_database", path=database))
    changed = refused = n = 0
    with closing(open_store(database, t)) as store, Progress(t("cli.reread.reading"), len(store.history())) as progress:
        for one in read_again(store, who=getpass.getuser()):
            n += 1
            changed += one.outcome == "changed"
            refused += one.outcome in ("refused", "moved")
            if one.outcome != "same":
                say(t(f"cli.reread.{one.outcome}", file=one.file_name, submission=one.submission_id))
            progress.step(one.file_name)
    complain(t("cli.reread.summary", n=n, changed=changed, refused=refused))
    return HAS_ERRORS if refused else DONE


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


def _fill(database: Path, arguments: Namespace, t: Translator) -> None:
    chosen = {name: getattr(arguments, name) for name in ("agencies", "years", "seed", "last_year")}
    with closing(open_store(database, t)) as store:
        before = len(store.submissions())
        _record_samples(store, chosen, t)
        added = len(store.submissions()) - before
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


def _remove_samples(database: Path, t: Translator) -> int:
    if not database.exists():
        raise UsageError(t("cli.errors.no_database", path=database))
    with closing(open_store(database, t)) as store:
        say(t("cli.demo.removed", n=store.remove_samples(getpass.getuser())))
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
