"""diff: two recorded submissions of one agency side by side."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing

import pandas as pd

from pmqa.analysis.versions import Differences, differences, versions
from pmqa.cli.checking import write_file
from pmqa.cli.console import say, say_json
from pmqa.cli.storing import DONE, existing_store
from pmqa.errors import StoreError, UsageError
from pmqa.framework import Framework
from pmqa.store import Store
from pmqa.store.opening import both_languages
from pmqa.text import Translator
from pmqa.views.differing import workbook
from pmqa.workbook.differing import difference_tables, share_formats

SEPARATOR, ARROW = " · ", " → "


def diff(arguments: Namespace, t: Translator) -> int:
    """Who sent what when, what differs, and what that does to each score."""
    if (arguments.format == "xlsx") != (arguments.out is not None):
        raise UsageError(t("cli.errors.required", names="--format xlsx, --out"))
    with closing(existing_store(arguments, t)) as store:
        found, framework = _found(store, arguments, t)
        version = store.version()
    if arguments.format == "json":
        say_json({name: _records(getattr(found, name)) for name in ("versions", "effects", "answers", "measures")})
        return DONE
    tables = difference_tables(found, framework, t)
    if arguments.format == "xlsx":
        write_file(arguments.out, workbook(found, framework, version, t))
        say(t("cli.export.done", path=arguments.out))
        return DONE
    for title, rows in tables.items():
        say(title)
        for row in rows.to_dict("records"):
            say("  " + SEPARATOR.join(_parts(row, t)))
        if rows.empty:
            of_effects = title == t("differing.effects") and found.effects.empty
            say("  " + t("cli.diff.two_bases" if of_effects else "cli.diff.none"))
    return DONE


def _found(store: Store, arguments: Namespace, t: Translator) -> tuple[Differences, Framework]:
    ids = [arguments.before, arguments.after]
    history = store.history.all()
    if missing := [one for one in ids if one not in set(history["submission"])]:
        raise StoreError(both_languages("no_submission", submission=", ".join(missing)))
    both = versions(history, store.register.expectations(), ids)
    if both["agency_code"].nunique() > 1:
        one, other = both["agency_code"]
        raise UsageError(t("cli.diff.two_agencies", before=ids[0], after=ids[1], one=one, other=other))
    framework = store.frameworks[both["edition"].iloc[-1]]
    return differences(
        both, store.facts.answers(ids), store.facts.measures(ids), store.facts.scores(ids), framework
    ), framework


def _parts(row: dict[str, object], t: Translator) -> list[str]:
    """ "heading: value" of what is there."""
    return [f"{name}: {_worded(name, value, t)}" for name, value in row.items() if not pd.isna(value)]


def _worded(name: str, value: object, t: Translator) -> str:
    if not isinstance(value, float):
        return " ".join(str(value).split())
    return t.percent(value) if name in share_formats(t) else t.number(value)


def _records(rows: pd.DataFrame) -> list[dict[str, object]]:
    plain = rows.astype("object").where(rows.notna(), None)
    return [
        {name: value.isoformat() if isinstance(value, pd.Timestamp) else value for name, value in row.items()}
        for row in plain.to_dict("records")
    ]
