"""The inbox: a folder whose files are taken in by themselves, as `ingest` would take them, and then put aside.

What is sound goes to INBOX/done, what was refused or waits for a choice to INBOX/refused, with a text beside it that
says why. A file is taken once it has stopped growing. The command does the work, in a process of its own.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pmqa.intake import INSIDE
from pmqa.places import Place
from pmqa.settings import ROOT, environment_for
from pmqa.text import languages, translator

LOG: Final = logging.getLogger("pmqa")
EVERY: Final = 10.0  # seconds between two looks
AT_ONCE: Final = 200  # files of one command
BY: Final = "inbox"
DONE, REFUSED = "done", "refused"
SOUND: Final = frozenset(("accepted", "warnings", "known", "skipped"))
CANNOT: Final = 2  # exit code of a command that could not work; its files stay and are tried again
Results = Sequence[Mapping[str, Any]]  # as `ingest --json` prints them
Seen = Mapping[Path, tuple[int, int]]  # size, time of the last change


class Inbox:
    """A folder, watched while the server runs."""

    def __init__(
        self, folder: Path, database: Place, ingest: Callable[[Sequence[Path], Place], Results | None]
    ) -> None:
        self.folder = folder
        self._database = database
        self._ingest = ingest
        self._seen: Seen = {}
        self._stop = threading.Event()

    def start(self) -> None:
        """Look now and then, in a thread of its own."""
        threading.Thread(target=self._watch, name="inbox", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()

    def take(self) -> list[Path]:
        """Take in what has not changed since the last look; returns where the files are now."""
        before, self._seen = self._seen, _files_of(self.folder)
        settled = [path for path, state in self._seen.items() if before.get(path) == state][:AT_ONCE]
        results = self._ingest(settled, self._database) if settled else None
        return [] if results is None else [self._put_aside(path, _results_of(path, results)) for path in settled]

    def _watch(self) -> None:
        while not self._stop.wait(EVERY):
            try:
                self.take()
            except OSError as error:  # the folder is away, as one on another machine may be: it may come back
                LOG.warning("inbox: %s", error)

    def _put_aside(self, path: Path, results: Results) -> Path:
        sound = bool(results) and all(one["outcome"] in SOUND for one in results)
        folder = self.folder / (DONE if sound else REFUSED)
        folder.mkdir(exist_ok=True)
        target = folder / f"{dt.datetime.now():%Y%m%dT%H%M%S%f}-{path.name}"
        path.replace(target)
        if not sound:
            target.with_name(f"{target.name}.txt").write_text(_report(path, results), encoding="utf-8-sig")
        return target


def ingested(files: Sequence[Path], database: Place) -> Results | None:
    """What the command `ingest` says of files; None where it could not work."""
    words = [sys.executable, "-m", "pmqa", "ingest", *map(str, files), "--by", BY, "--json"]
    done = subprocess.run(  # noqa: S603 - our own words, and names of files that are words of their own
        words, cwd=ROOT, env=environment_for(database), capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode == CANNOT or not done.stdout:
        LOG.warning("inbox: %s", done.stderr.strip())
        return None
    found: Results = json.loads(done.stdout)
    return found


def _files_of(folder: Path) -> Seen:
    """Files of the folder itself; those that programs hide while they write them, and what is open, are left alone."""
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and not path.name.startswith((".", "~$"))]
    states = {path: path.stat() for path in files}
    return {path: (state.st_size, state.st_mtime_ns) for path, state in states.items()}


def _results_of(path: Path, results: Results) -> Results:
    return [one for one in results if one["file"] == str(path) or one["file"].startswith(f"{path}{INSIDE}")]


def _report(path: Path, results: Results) -> str:
    """Why, in every language, line by line."""
    lines = [path.name]
    for one in results:
        if len(results) > 1:
            lines += ["", str(one["file"]).partition(INSIDE)[2]]
        if one["outcome"] not in (*SOUND, "refused"):
            lines += [translator(language)("settings.inbox_undecided") for language in languages()]
        for finding in one["findings"]:
            place = " ".join(part for part in (finding["sheet"], finding["cell"]) if part)
            lines += [f"- {place}: {finding['message'][language]}".replace("- : ", "- ") for language in languages()]
    return "\r\n".join(lines) + "\r\n"
