"""succession: who was renamed, merged or split, into whom, since which year."""

from __future__ import annotations

import getpass
from argparse import Namespace
from contextlib import closing
from typing import Final

from pmqa.cli.checking import check_year
from pmqa.cli.console import say, say_json
from pmqa.cli.storing import DONE, existing_store
from pmqa.errors import UsageError
from pmqa.text import Translator

TWO: Final = 2  # codes: old, new


def succession(arguments: Namespace, t: Translator) -> int:
    """List what is known of agencies' successors, add or correct one, or take one out."""
    check_year(arguments.year, t)
    needed = [arguments.kind, arguments.year] if arguments.action == "add" else []
    if arguments.action != "list" and (len(arguments.codes) != TWO or None in needed):
        raise UsageError(t(f"cli.succession.needs_{arguments.action}"))
    by = arguments.by or getpass.getuser()
    with closing(existing_store(arguments, t)) as store:
        if arguments.action == "add":
            old, new = arguments.codes
            store.successions.save(old, new, arguments.year, arguments.kind, who=by)
        elif arguments.action == "remove":
            store.successions.remove(*arguments.codes, who=by)
        kept = store.successions.all()
    if arguments.json:
        say_json(kept.astype("object").to_dict("records"))
        return DONE
    for row in kept.to_dict("records"):
        kind, year = t(f"succession.kind_{row['kind']}"), t.year(row["fiscal_year"])
        say(f"{row['predecessor']} → {row['successor']} · {kind} · {year}")
    if kept.empty:
        say(t("cli.succession.none"))
    return DONE
