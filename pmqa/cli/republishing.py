"""import of the product's own data export: its submissions become forms, recorded like any, plans beside them."""

from __future__ import annotations

import datetime as dt
import getpass
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from pmqa.cli.checking import DONE, HAS_ERRORS, write_file
from pmqa.cli.console import complain, say
from pmqa.cli.replaying import Form, Replay
from pmqa.cli.storing import database_of, open_store
from pmqa.errors import NameTaken, UsageError
from pmqa.framework import Framework, shipped_frameworks
from pmqa.intake import Sent
from pmqa.intake.files import INSIDE
from pmqa.intake.foreign import keep_layout
from pmqa.intake.published import Problem, Published, SentBefore, is_published, read_published, submissions_of
from pmqa.shown import shown
from pmqa.store import Action, Store
from pmqa.text import BANGKOK, BUDDHIST_ERA, Translator
from pmqa.workbook import write_form

WHOSE = ["agency_code", "fiscal_year", "source", "basis", "kind", "scope"]


def import_published(arguments: Namespace, t: Translator) -> int:
    """Record exports. Nothing of any of them is recorded where one has a problem."""
    frameworks = shipped_frameworks()
    contents = {path: path.read_bytes() for path in arguments.files if path.is_file()}
    if not contents or not all(is_published(content) for content in contents.values()):
        raise UsageError(t("cli.import.needs_layout"))
    read = {path: read_published(content, frameworks) for path, content in contents.items()}
    wrong = [(path, problem) for path, one in read.items() for problem in one.problems]
    for path, problem in wrong:
        complain(_worded(path, problem, t))
    if wrong:
        complain(t("cli.import.refused", n=len(wrong)))
        return HAS_ERRORS
    for path, one in read.items():
        counts = {name: len(one.tables.get(name, ())) for name in ("submissions", "actions")}
        say(t("cli.published.read", file=path, **counts))
    if arguments.check:
        return DONE
    forms = {
        path: [_form(path, sent, frameworks) for sent in submissions_of(one, frameworks)] for path, one in read.items()
    }
    for form in chain(*forms.values()) if arguments.forms else ():
        name = form.sent.name.rpartition(INSIDE)[2].replace("/", "_")
        write_file(arguments.forms / name, form.sent.content or b"")
    done = DONE
    with closing(open_store(database_of(arguments), t)) as store:
        by = arguments.by or getpass.getuser()
        for path, one in read.items():
            done = max(done, Replay(store, one, contents[path], forms[path], arguments, by, t).run())
            _register(store, one, by)
            _plans(store, one, by)
            _layouts(store, one, by, t)
            if n := _differing(store, one):
                complain(t("cli.published.differ", n=n))
    return done


def _worded(path: Path, problem: Problem, t: Translator) -> str:
    place = ", ".join(
        part
        for part in (
            problem.table,
            t("cli.published.row", row=problem.row) if problem.row else "",
            t("cli.published.column", column=problem.column) if problem.column else "",
        )
        if part
    )
    values = {"column": problem.column, "value": problem.value, "known": problem.known, "table": problem.table}
    message = t(f"cli.published.{problem.key}", **values)
    return t("cli.import.wrong", file=path, place=place or t("cli.check.whole_file"), message=message)


def _form(path: Path, one: SentBefore, frameworks: Mapping[str, Framework]) -> Form:
    """The same submission gives the same bytes, so that it is known when it comes again; sent again later, others."""
    sent = one.submission
    made = dt.datetime(sent.fiscal_year - BUDDHIST_ERA, 9, 30, tzinfo=dt.UTC) + dt.timedelta(minutes=one.again)
    content = write_form(frameworks[sent.edition], prefill=sent, source=sent.source, created=made)
    return Form(one, Sent(f"{path}{INSIDE}{one.id}/{one.file_name}", content, from_zip=True))


def _register(store: Store, one: Published, by: str) -> None:
    """Agencies, who must send where nobody has said it of the year yet, and who succeeded whom."""
    if "agencies" in one.tables:
        store.register.save_agencies(one.tables["agencies"], who=by)
    said = set(store.register.expectations()[["fiscal_year", "source"]].itertuples(index=False, name=None))
    if "expectations" in one.tables:
        for (year, source), rows in one.tables["expectations"].groupby(["fiscal_year", "source"], observed=True):
            if (year, source) not in said:
                days = dict(zip(rows["agency_code"], map(_day, rows["due"]), strict=True))
                store.register.expect(int(year), days, due=days, who=by, source=str(source))
    kept = set(store.successions.all().drop(columns="number").itertuples(index=False, name=None))
    for row in _rows(one, "successions"):
        said_of = (row["predecessor"], row["successor"], int(row["fiscal_year"]), row["became"])
        if said_of not in kept:
            store.successions.save(*said_of, who=by)


def _day(moment: pd.Timestamp) -> dt.date | None:
    """The day in Bangkok of a moment in UTC."""
    return None if pd.isna(moment) else moment.tz_localize(dt.UTC).astimezone(BANGKOK).date()


def _plans(store: Store, one: Published, by: str) -> None:
    """Actions and their progress; an action whose name another agency has already gets one of its own."""
    taken = store.plans.actions().set_index("action")["agency_code"].to_dict()
    names = {}
    for row in _rows(one, "actions"):
        owner = None if pd.isna(row["owner"]) else row["owner"]
        action = Action(
            row["agency_code"],
            int(row["fiscal_year"]),
            row["what"],
            tuple(row["criteria"].split()),
            owner,
            _day(row["due"]),
        )
        free = taken.get(row["action"], action.agency_code) == action.agency_code
        names[row["action"]] = store.plans.save_action(action, who=by, name=row["action"] if free else None)
    for row in _rows(one, "progress"):
        note = None if pd.isna(row["note"]) else row["note"]
        store.plans.report_progress(names[row["action"]], int(row["month"]), float(row["percent"]), who=by, note=note)


def _layouts(store: Store, one: Published, by: str, t: Translator) -> None:
    """Layouts under their names; one whose name stands for another here stays as it is, and this is said."""
    for row in _rows(one, "layouts"):
        try:
            keep_layout(store, row["layout"], row["settings"], who=by)
        except NameTaken:
            complain(t("cli.published.other_layout", name=row["layout"]))


def _rows(one: Published, name: str) -> Sequence[dict[str, Any]]:
    return one.tables[name].to_dict("records") if name in one.tables else []


def _differing(store: Store, one: Published) -> int:
    """How many scores of the export are shown otherwise here: the rules or the edition have changed since."""
    if "scores" not in one.tables:
        return 0
    sent = one.tables["scores"]
    current = store.submissions.current(None, source=None)
    now = store.facts.scores(current["submission"].to_list()).astype(
        {"submission": "str", "basis": "str", "kind": "str", "scope": "str"}
    )
    here = now.merge(current[["submission", *WHOSE[:3]]], on="submission")
    both = sent[[*WHOSE, "score"]].merge(here[[*WHOSE, "score"]], on=WHOSE, how="left", suffixes=("", "_here"))
    shown_there, shown_here = (both[name].map(shown, na_action="ignore") for name in ("score", "score_here"))
    return int((~((shown_there == shown_here) | (shown_there.isna() & shown_here.isna()))).sum())
