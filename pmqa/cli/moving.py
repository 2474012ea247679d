"""What reread and ingest print of scores that moved without anybody sending anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from pmqa.framework import shipped_frameworks
from pmqa.sources import bases
from pmqa.store import Store
from pmqa.text import MISSING, Translator

MOST_SAID: Final = 200  # lines


def say_moved(store: Store, t: Translator, say: Callable[[str], None]) -> None:
    """A line for each score that moved since the store was opened, by opening it or by reading again."""
    found = store.history.moved(after=store.opened_after)
    for row in found.head(MOST_SAID).itertuples():
        say(_line(row, t))
    if len(found) > MOST_SAID:
        say(t("moved.more", n=t.number(len(found) - MOST_SAID, 0)))


def _line(row: Any, t: Translator) -> str:
    framework = shipped_frameworks()[row.edition]
    return t(
        "moved.line",
        agency=row.agency_code,
        year=t.year(row.fiscal_year),
        basis=t.pick(bases()[row.basis].name),
        scope=t("ui.kind_overall") if row.kind == "overall" else row.scope,
        before=t.number(row.before),
        after=t.number(row.after),
        level_before=MISSING if pd.isna(row.level_before) else framework.level_name(row.level_before, t),
        level_after=MISSING if pd.isna(row.level_after) else framework.level_name(row.level_after, t),
        rule=", ".join(t(f"moved.by.{cause}") for cause in row.rule.split()),
    )
