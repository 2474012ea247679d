"""round: the data as they were reported under a name: closed, listed, taken back."""

from __future__ import annotations

import datetime as dt
import getpass
from argparse import Namespace
from contextlib import closing

from pmqa.cli.console import say, say_json
from pmqa.cli.storing import DONE, existing_store
from pmqa.errors import UsageError
from pmqa.text import BANGKOK, Translator
from pmqa.views.words import round_words
from pmqa.workbook.lists import day_of


def round(arguments: Namespace, t: Translator) -> int:
    """List closed rounds, close one with the data of this moment, or take one back."""
    if arguments.action != "list" and not arguments.name:
        raise UsageError(t("cli.round.needs_name", action=arguments.action))
    by = arguments.by or getpass.getuser()
    with closing(existing_store(arguments, t)) as store:
        if arguments.action == "close":
            store.rounds.close(arguments.name, _day(arguments, t), who=by)
        elif arguments.action == "remove":
            store.rounds.remove(arguments.name, who=by)
        known = store.rounds.all()
    if arguments.json:
        rows = known.assign(closed_at=[moment.isoformat() for moment in known["closed_at"]])
        say_json(rows.astype("object").to_dict("records"))
        return DONE
    for one in known["round"]:
        say(round_words(known, one, t))
    if known.empty:
        say(t("cli.round.none"))
    return DONE


def _day(arguments: Namespace, t: Translator) -> dt.date:
    """The day of the report; today in Bangkok unless told."""
    if arguments.day is None:
        return dt.datetime.now(BANGKOK).date()
    if (day := day_of(arguments.day)) is None:
        raise UsageError(t("people.problem_no_date", value=arguments.day))
    return day
