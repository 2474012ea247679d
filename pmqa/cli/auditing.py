"""audit: who sent, saved, withdrew, changed, downloaded what, signed in, was refused."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

import pandas as pd

from pmqa.cli.console import complain, say_json
from pmqa.cli.storing import DONE, database_of, open_to_read
from pmqa.errors import UsageError
from pmqa.exports import to_csv
from pmqa.text import BANGKOK, Translator, start_of_day
from pmqa.workbook.lists import day_of


def audit(arguments: Namespace, t: Translator) -> int:
    """Everything that was done since a day, first first; times of Bangkok, details as JSON."""
    day = None if arguments.since is None else day_of(arguments.since)
    if arguments.since is not None and day is None:
        raise UsageError(t("people.problem_no_date", value=arguments.since))
    with open_to_read(database_of(arguments), t) as store:
        rows = store.audit.trail(since=start_of_day(day) if day else None)
    times = rows["at"].dt.tz_localize("UTC").dt.tz_convert(BANGKOK)
    said = rows.assign(at=pd.Series([moment.isoformat(timespec="seconds") for moment in times], dtype="str"))
    if arguments.format == "json":
        say_json(
            [
                {**row, "subject": None if pd.isna(row["subject"]) else row["subject"], "details": json.loads(words)}
                for row, words in zip(said.to_dict("records"), rows["details"], strict=True)
            ]
        )
    else:
        sys.stdout.write(to_csv(said).decode("utf-8-sig").replace("\r\n", "\n"))
    complain(t("cli.audit.n", n=len(said)))
    return DONE
