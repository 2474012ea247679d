"""What the command line prints: results on stdout, everything about the work itself on stderr."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from types import TracebackType
from typing import Final, Self

SECONDS_BETWEEN_LINES: Final = 5.0  # of progress, where it is written to a file
SECONDS_BETWEEN_REDRAWS: Final = 0.1
LONGEST_NAME: Final = 50
CLEAR_LINE: Final = "\r\x1b[K"


def speak_utf8() -> None:
    """Thai survives a console or a pipe with another encoding, as Windows has."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() != "utf-8":
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def stop_speaking() -> None:
    """Let what is still to be written go nowhere, so that the end of the program does not complain about it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(line: str) -> None:
    """A line of the result."""
    print(line)


def say_json(value: object) -> None:
    """The result as JSON; NaN never occurs in it."""
    json.dump(value, sys.stdout, ensure_ascii=False, allow_nan=False, indent=1)
    sys.stdout.write("\n")


def complain(line: str) -> None:
    """A line about the work."""
    print(line, file=sys.stderr)


class Progress:
    """How far long work is: one line that moves on a terminal, now and then a line in a file."""

    def __init__(self, label: str, total: int | None = None) -> None:
        self._label, self._total, self._done = label, total, 0
        self._terminal = sys.stderr.isatty()
        self._shown_at = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._terminal:
            print(CLEAR_LINE, end="", file=sys.stderr, flush=True)

    def step(self, name: str = "", total: int | None = None) -> None:
        """One more is done; the total may become known on the way."""
        self._done += 1
        self._total = total or self._total
        pause = SECONDS_BETWEEN_REDRAWS if self._terminal else SECONDS_BETWEEN_LINES
        if time.monotonic() - self._shown_at < pause:
            return
        self._shown_at = time.monotonic()
        count = f"{self._done}/{self._total}" if self._total else str(self._done)
        line = f"{self._label} {count} {name[-LONGEST_NAME:]}".rstrip()
        if self._terminal:
            print(f"{CLEAR_LINE}{line}", end="", file=sys.stderr, flush=True)
        else:
            print(line, file=sys.stderr, flush=True)
