"""Which submissions a command's words choose."""

from __future__ import annotations

from argparse import Namespace
from typing import Final

import pandas as pd

from pmqa.errors import UsageError
from pmqa.text import Translator

MOST_NAMED: Final = 20  # codes of agencies that a complaint still lists


def submissions_asked_for(found: pd.DataFrame, arguments: Namespace, t: Translator) -> pd.DataFrame:
    """SUBMISSIONS of the year, the ministry and the agencies asked for; all where none is.

    Raises UsageError that says what there is instead: a file in which an agency is silently missing would be believed.
    """
    if arguments.year is not None:
        found = _of(found, "fiscal_year", [arguments.year], t)
    if arguments.ministry is not None:
        found = _of(found, "ministry", [arguments.ministry], t)
    if arguments.agencies is not None:
        found = _of(found, "agency_code", arguments.agencies, t)
    if found.empty:
        raise UsageError(t("cli.export.nothing"))
    return found.reset_index(drop=True)


def _of(found: pd.DataFrame, column: str, asked: list[str] | list[int], t: Translator) -> pd.DataFrame:
    known = found[column].drop_duplicates().sort_values().to_list()
    if missing := [one for one in asked if one not in known]:
        there_is = ", ".join(map(str, known[:MOST_NAMED])) + (" …" if len(known) > MOST_NAMED else "")
        words = {"asked": ", ".join(map(str, missing)), "known": there_is or t("cli.export.none")}
        raise UsageError(t(f"cli.export.unknown_{column}", **words))
    return found[found[column].isin(asked)]
