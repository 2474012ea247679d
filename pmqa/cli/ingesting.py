"""ingest: files into the database, those that somebody has to choose between first only when that is said."""

from __future__ import annotations

import getpass
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import chain
from typing import Any, Final

from pmqa.cli.checking import check_paths, files_to_come, findings_of, identified, say_checked, say_finding
from pmqa.cli.console import Progress, complain, say, say_json
from pmqa.cli.moving import say_moved
from pmqa.cli.storing import DONE, HAS_ERRORS, database_of, open_store
from pmqa.errors import UsageError
from pmqa.intake import (
    APART,
    INSIDE,
    Received,
    Said,
    Sent,
    compared,
    decided,
    files_in,
    held,
    judge,
    kept,
    kept_before,
    known_agencies,
    left_pending,
    receive,
    record_accepted,
    recorded_contents,
)
from pmqa.store import Recorded, Refusal, Store
from pmqa.text import Translator
from pmqa.workbook.normalise import look_of

WAITING: Final = ("undecided", "passed_over")
SAID_AT_ONCE: Final = frozenset(("several_files", "counted_before", "codes_look_alike", "code_taken_as", "says_less"))


def ingest(arguments: Namespace, t: Translator) -> int:
    """Record every sound file, and first those that an earlier run kept and was stopped before it judged them.

    Nothing is recorded of files that claim the same before one of them is chosen, nor of codes that look alike.
    """
    check_paths(arguments.files, t)
    with closing(open_store(database_of(arguments), t)) as store:
        return record(store, files_in(arguments.files), files_to_come(arguments.files), arguments, t)


def record(store: Store, files: Iterable[Sent], coming: int | None, arguments: Namespace, t: Translator) -> int:
    """Keep, read, judge and record files, and say what became of each; the exit code.

    coming: how many there are; None = not known yet. arguments: files (to be named where there is none), choose, same,
    apart, by, json.
    """
    counts: Counter[str] = Counter()
    shown: list[dict[str, Any]] = []
    ids: dict[str, str] = {}
    by = arguments.by or getpass.getuser()
    batch = list(_read(store, files, coming, arguments, by, t))
    judged = decided(batch, _said(arguments, batch, t))
    with Progress(t("cli.ingest.recording"), len(judged)) as progress:
        for one, recorded in record_accepted(store, compared(store, judged), received_by=by):
            # Another process may have recorded the same content since this one looked.
            outcome = "known" if recorded and recorded.already_known else one.outcome
            counts[outcome] += 1
            if recorded:
                ids[one.sha256] = recorded.submission_id
            if arguments.json:
                shown.append(_ingested(one, outcome, recorded, ids))
            else:
                _say_ingested(one, outcome, recorded, t)
            progress.step(one.name)
    say_moved(store, t, complain if arguments.json else say)
    store.received.set_aside([_aside(one) for one in judged if one.outcome in WAITING and one.sent.receipt], who=by)
    if arguments.json:
        say_json(shown)
    recorded_files = counts["accepted"] + counts["warnings"]
    others = {name: counts[name] for name in ("known", "undecided", "passed_over", "refused", "skipped")}
    complain(t("cli.ingest.summary", recorded=recorded_files, **others))
    return HAS_ERRORS if counts["refused"] or counts["undecided"] else DONE


def _read(
    store: Store, files: Iterable[Sent], coming: int | None, arguments: Namespace, by: str, t: Translator
) -> Iterator[Received]:
    """Every file, kept in the store first. Raises UsageError where there is none."""
    before, pending = recorded_contents(store), left_pending(store, received_by=by)
    total = None if coming is None else coming + len(pending)
    everything = chain(kept_before(store, pending), kept(store, files, received_by=by, recorded=before))
    found = False
    with Progress(t("cli.ingest.reading")) as progress:
        for one in held(receive(everything, store.frameworks, known=known_agencies(store), recorded=before)):
            found = True
            progress.step(one.name, total)
            yield one
    if not found:
        raise UsageError(t("cli.errors.no_forms", paths=", ".join(map(str, arguments.files))))


def _said(arguments: Namespace, batch: Sequence[Received], t: Translator) -> Said:
    """What the options say. Raises UsageError for a file that is not there, is several, or rivals a chosen one."""
    chosen: set[str] = set()
    for name in arguments.choose:
        found = {one.sha256: one.name for one in batch if one.sha256 and _is_called(one, name)}
        if len(found) != 1:
            key = "choose_several" if found else "choose_unknown"
            raise UsageError(t(f"cli.ingest.{key}", file=name, files=", ".join(found.values())))
        chosen.update(found)
    codes = {look_of(code): code for code in arguments.same} | {look_of(code): APART for code in arguments.apart}
    said = Said(frozenset(chosen), codes)
    claims = {one.claim.key: one.claim for one in batch if one.claim}
    for question in judge(list(claims.values()), said)[1]:
        rivals = [claims[key].name for key in question.keys if claims[key].content in chosen]
        if question.kind == "files" and len(rivals) > 1:
            raise UsageError(t("cli.ingest.choose_one", files=", ".join(rivals)))
        if question.kind == "codes" and codes.get(question.about, APART) not in (*question.codes, APART):
            raise UsageError(t("cli.ingest.same_unknown", code=codes[question.about], codes=", ".join(question.codes)))
    return said


def _is_called(one: Received, name: str) -> bool:
    """Whether a file is meant by a path, a name in a zip, or the end of either."""
    ends = (f"/{name}", f"\\{name}", f"{INSIDE}{name}")
    return name in (one.name, one.sent.file_name) or one.name.endswith(ends)


def _aside(one: Received) -> Refusal:
    reading = one.reading
    return Refusal(one.sent.receipt or "", one.findings, reading.agency_code, reading.fiscal_year, reading.source)


def _ingested(one: Received, outcome: str, recorded: Recorded | None, ids: dict[str, str]) -> dict[str, Any]:
    return {
        "file": one.name,
        "outcome": outcome,
        "submission": recorded.submission_id if recorded else one.submission_id or ids.get(one.sha256),
        "replaces": recorded.replaces if recorded else None,
        **identified(one),
        "findings": findings_of(one),
    }


def _say_ingested(one: Received, outcome: str, recorded: Recorded | None, t: Translator) -> None:
    if outcome == "refused":
        say_checked(one, t)
        return
    if outcome == "known" and one.before and one.before.withdrawn:
        say(t("cli.ingest.known_withdrawn", file=one.name, submission=one.before.submission))
        return
    replaces = recorded.replaces if recorded else None
    said = t(f"cli.ingest.{outcome}", file=one.name)
    say(said if replaces is None else t("cli.ingest.replaces", said=said, submission=replaces))
    for finding in one.findings:
        if finding.code in SAID_AT_ONCE:
            say_finding(finding, t)
