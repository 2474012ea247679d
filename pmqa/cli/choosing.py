"""Which submissions a command's words choose."""

from __future__ import annotations

from argparse import Namespace
from typing import Final

import pandas as pd

from pmqa.errors import UsageError
from pmqa.text import Translator

MOST_NAMED: Final = 20  # codes of agencies that a complaint still lists


def submissions_asked_for(
    found: pd.DataFrame, arguments: Namespace, t: Translator, *, beside: pd.DataFrame | None = None
) -> pd.DataFrame:
    """SUBMISSIONS of the year, the ministry and the agencies asked for; all where none is.

    beside: what fits the options besides, as announced scores do: of whom there are only those is not missing.
    Raises UsageError that says what there is instead: a file in which an agency is silently missing would be believed.
    """
    more = found.iloc[:0] if beside is None else beside
    for column, asked in (
        ("fiscal_year", None if arguments.year is None else [arguments.year]),
        ("ministry", None if arguments.ministry is None else [arguments.ministry]),
        ("agency_code", arguments.agencies),
    ):
        if asked is not None:
            found = _of(found, column, asked, more, t)
    if found.empty and more.empty:
        raise UsageError(t("cli.export.nothing"))
    return found.reset_index(drop=True)


def _of(
    found: pd.DataFrame, column: str, asked: list[str] | list[int], beside: pd.DataFrame, t: Translator
) -> pd.DataFrame:
    known = sorted({*found[column], *beside[column]})
    if missing := [one for one in asked if one not in known]:
        there_is = ", ".join(map(str, known[:MOST_NAMED])) + (" …" if len(known) > MOST_NAMED else "")
        words = {"asked": ", ".join(map(str, missing)), "known": there_is or t("cli.export.none")}
        raise UsageError(t(f"cli.export.unknown_{column}", **words))
    return found[found[column].isin(asked)]
