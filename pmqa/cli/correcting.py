"""withdraw, restore, reread: what may happen to submissions after they were recorded."""

from __future__ import annotations

import getpass
import re
from argparse import Namespace
from contextlib import closing
from typing import Final

from pmqa.cli.console import Progress, complain, say, say_json
from pmqa.cli.keeping import restore_backup
from pmqa.cli.moving import say_moved
from pmqa.cli.storing import DONE, HAS_ERRORS, existing_store
from pmqa.intake import read_again
from pmqa.store import Store
from pmqa.text import Translator

SUBMISSION: Final = r"S[0-9]+"  # what names one; a file of such a name is ./S1


def withdraw(arguments: Namespace, t: Translator) -> int:
    """Take a submission back, so that the one before it counts. It stays in the history."""
    with closing(existing_store(arguments, t)) as store:
        who = arguments.by or getpass.getuser()
        store.history.withdraw(arguments.submission, reason=arguments.reason, who=who)
        _say_what_counts("withdraw", store, arguments, t)
    return DONE


def restore(arguments: Namespace, t: Translator) -> int:
    """Undo a withdrawal, where a submission is named; else make a new database from a backup."""
    if not re.fullmatch(SUBMISSION, arguments.submission):
        return restore_backup(arguments, t)
    with closing(existing_store(arguments, t)) as store:
        store.history.restore(arguments.submission, who=arguments.by or getpass.getuser(), reason=arguments.reason)
        _say_what_counts("restore", store, arguments, t)
    return DONE


def reread(arguments: Namespace, t: Translator) -> int:
    """Read every recorded file again."""
    changed = refused = n = 0
    with (
        closing(existing_store(arguments, t)) as store,
        Progress(t("cli.reread.reading"), len(store.history.all())) as progress,
    ):
        for one in read_again(store, who=getpass.getuser()):
            n += 1
            changed += one.outcome == "changed"
            refused += one.outcome in ("refused", "moved")
            if one.outcome != "same":
                say(t(f"cli.reread.{one.outcome}", file=one.file_name, submission=one.submission_id))
            progress.step(one.file_name)
        say_moved(store, t, say)
    complain(t("cli.reread.summary", n=n, changed=changed, refused=refused))
    return HAS_ERRORS if refused else DONE


def _say_what_counts(done: str, store: Store, arguments: Namespace, t: Translator) -> None:
    counts = store.history.counts_beside(arguments.submission)
    if arguments.json:
        say_json({"submission": arguments.submission, "counts": counts})
        return
    key = "cli.withdraw.done" if done == "withdraw" else "cli.restore.done_submission"
    said = t(key, submission=arguments.submission)
    if counts == arguments.submission:
        say(t("cli.withdraw.counts_itself", said=said))
    elif counts is None:
        say(t("cli.withdraw.nothing_counts", said=said))
    else:
        say(t("cli.withdraw.counts", said=said, submission=counts))
