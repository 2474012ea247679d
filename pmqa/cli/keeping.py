"""backup, verify, restore of a backup: copies that are known to be whole; erase: what has to be forgotten."""

from __future__ import annotations

import datetime as dt
import getpass
import re
import shutil
import tempfile
from argparse import Namespace
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any, Final

from pmqa.cli.console import complain, say, say_json
from pmqa.cli.storing import DONE, HAS_ERRORS, database_of, open_store
from pmqa.errors import StoreBusy, StoreError, UsageError
from pmqa.intake.erasing import erase_contact
from pmqa.places import LakePlace, Place
from pmqa.store import Store, Verified, elsewhere, verified
from pmqa.store.opening import log_of
from pmqa.text import Translator

LAKES_NAME: Final = "pmqa"  # of its backups
RECEIPT: Final = r"R[0-9]+"  # what names a file that came


def backup(arguments: Namespace, t: Translator) -> int:
    """A copy of the database in a folder, checked by reading all of it; others go on working meanwhile."""
    database = database_of(arguments)
    if not database.exists():
        raise UsageError(t("cli.errors.no_database", path=database))
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    path = _unused(folder / f"{_name_of(database)}-{dt.datetime.now():%Y%m%dT%H%M%S}.duckdb")
    part = path.with_name(f".{path.name}.part")
    try:
        with closing(open_store(database, t)) as store:
            store.copy_to(part)
        found = verified(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return _say_found("backup", path, found, arguments, t)


def verify(arguments: Namespace, t: Translator) -> int:
    """Whether a database or a copy of one is whole."""
    path: Place = arguments.path
    if isinstance(path, Path):
        _check_there(path, t)
    try:
        with store.snapshot() if (store := elsewhere(path)) else nullcontext(path) as file:
            found = verified(file)
    except StoreBusy:
        raise
    except StoreError as error:
        complain(t("cli.errors.error", message=error))
        return HAS_ERRORS
    return _say_found("verify", path, found, arguments, t)


def restore_backup(arguments: Namespace, t: Translator) -> int:
    """A new database from a backup, which stays as it is. Nothing is written over, and only what is whole restored."""
    path = Path(arguments.submission)
    _check_there(path, t)
    if arguments.database is None:
        raise UsageError(t("cli.restore.where"))
    new: Place = arguments.database
    if not isinstance(new, Path):
        return _restore_lake(path, new, arguments, t)
    if taken := [one for one in (new, log_of(new)) if one.exists()]:
        raise UsageError(t("cli.restore.taken", path=taken[0]))
    found = verified(path)
    if found.problems:
        _say_problems(found, t)
        complain(t("cli.restore.refused", path=path))
        return HAS_ERRORS
    new.parent.mkdir(parents=True, exist_ok=True)
    # A copy of a file that somebody made by hand may have its log beside it, which comes first: nobody opens it alone.
    for source, target in ((log_of(path), log_of(new)), (path, new)):
        if source.exists():
            part = target.with_name(f".{target.name}.part")
            try:
                shutil.copyfile(source, part)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
    with closing(open_store(new, t)) as store:  # brings an older one up to date, and writes out what the log has
        store.database.write_out()
    return _say_found("restore", new, verified(new), arguments, t)


def _restore_lake(path: Path, new: LakePlace, arguments: Namespace, t: Translator) -> int:
    """A lake from the backup of a lake or of a file."""
    found = verified(path)
    if found.problems:
        _say_problems(found, t)
        complain(t("cli.restore.refused", path=path))
        return HAS_ERRORS
    with tempfile.TemporaryDirectory() as folder:  # opening an older backup changes it
        part = Path(folder) / path.name
        for source, target in ((log_of(path), log_of(part)), (path, part)):
            if source.exists():
                shutil.copyfile(source, target)
        with Store(part) as store:
            store.copy_to(new)
    return _say_found("restore", new, verified(new), arguments, t)


def erase(arguments: Namespace, t: Translator) -> int:
    """Forget a file that became no submission, or somebody who is named as a contact."""
    database = database_of(arguments)
    if not database.exists():
        raise UsageError(t("cli.errors.no_database", path=database))
    who, reason = arguments.by or getpass.getuser(), arguments.reason
    with closing(open_store(database, t)) as store:
        if re.fullmatch(RECEIPT, arguments.what):
            store.tidying.erase_file(arguments.what, reason=reason, who=who)
            if arguments.json:
                say_json({"file": arguments.what})
            else:
                say(t("cli.erase.file", receipt=arguments.what))
            return DONE
        done = erase_contact(store, arguments.what, reason=reason, who=who)
        store.database.write_out()
    if arguments.json:
        say_json({"submissions": list(done.submissions), "remain": list(done.remain)})
    else:
        say(t("cli.erase.contact", n=len(done.submissions), submissions=", ".join(done.submissions) or "–"))
    for sha256 in done.remain:
        complain(t("cli.erase.remains", sha256=sha256))
    return HAS_ERRORS if done.remain else DONE


def _check_there(path: Path, t: Translator) -> None:
    if not path.is_file():
        raise UsageError(t("cli.errors.no_file", paths=path))


def _name_of(database: Place) -> str:
    return database.stem if isinstance(database, Path) else LAKES_NAME


def _unused(path: Path) -> Path:
    """The path, or with a number where two are made in one second."""
    found, number = path, 1
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def _say_found(done: str, path: Place, found: Verified, arguments: Namespace, t: Translator) -> int:
    if arguments.json:
        shown: dict[str, Any] = {"path": str(path), "version": found.version, "submissions": found.submissions}
        if done == "verify":
            last = found.last_change and found.last_change.replace(tzinfo=dt.UTC).isoformat(timespec="seconds")
            shown |= {"schema": found.schema, "changes": found.changes, "last_change": last, "scored": found.scored}
            shown["problems"] = [{"code": one.code, **one.values} for one in found.problems]
        say_json(shown)
    else:
        last = t.moment(found.last_change) if found.last_change else "–"
        words = {"version": found.version, "submissions": found.submissions, "changes": found.changes, "last": last}
        key = "verify.broken" if found.problems and done == "verify" else f"{done}.done"
        said = t(f"cli.{key}", path=path)
        say(f"{said}\n{t('cli.verify.holds', scored=found.scored, **words)}")
    _say_problems(found, t)
    return HAS_ERRORS if found.problems else DONE


def _say_problems(found: Verified, t: Translator) -> None:
    for problem in found.problems:
        complain(t(f"store.verify_{problem.code}", **problem.values))
