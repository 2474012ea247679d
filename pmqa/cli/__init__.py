"""The command line: `python -m pmqa`. Exit 0 = done, 1 = a file has errors, 2 = wrong usage or it cannot be done.

arguments  the commands, their options and their help
console    what is printed: text, JSON, progress
checking   form, check, score
combining  combine
ingesting  ingest
importing  import
correcting  withdraw, restore, reread
keeping    backup, verify, restore of a backup, erase
storing    demo, serve; the database that a command is about
registering  register
people     people
auditing   audit
doctoring  doctor
exporting  export; publishing: the tables of --what data
republishing  import of such tables; replaying: submissions and closed rounds as they came about
differing  diff

Commands load what they need when they run, so that help is quick.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from pmqa.cli.arguments import build_parser, language_of
from pmqa.cli.console import complain, speak_utf8, stop_speaking
from pmqa.errors import PmqaError
from pmqa.text import translator

FAILED: Final = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is returned, except where argparse ends the process (help, wrong words)."""
    words = list(sys.argv[1:] if argv is None else argv)
    speak_utf8()
    t = translator(language_of(words))
    try:
        arguments = build_parser(t).parse_args(words)  # a database that is named may be none that can be
        module, name = arguments.command_at
        code: int = getattr(import_module(f"pmqa.cli.{module}"), name)(arguments, t)
        sys.stdout.flush()
    except PmqaError as error:
        complain(t("cli.errors.error", message=error))
        return FAILED
    except OSError as error:
        if isinstance(error, BrokenPipeError):  # the reader of our output has gone, as `| head` does
            stop_speaking()
            return FAILED
        key = "cli.errors.cannot_read" if isinstance(error, FileNotFoundError) else "cli.errors.cannot_write"
        complain(t("cli.errors.error", message=t(key, path=error.filename, reason=error.strerror)))
        return FAILED
    except KeyboardInterrupt:
        complain(t("cli.errors.stopped"))
        return FAILED
    return code
