"""Files as they come in: kept before anybody reads them, listed whatever becomes of them, there to be fetched again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from pmqa.errors import SEVERITIES, Finding, StoreError
from pmqa.settings import read_settings
from pmqa.store.backend import Cursor, retried
from pmqa.store.database import Change, Database, append, last_number, now
from pmqa.store.facts import Facts
from pmqa.store.opening import both_languages
from pmqa.store.schema import CONTENTS, OUTCOMES, RECEIPTS
from pmqa.store.visible import VISIBLE, reach
from pmqa.tables import RECEIVED
from pmqa.viewer import Viewer

# A viewer with limits sees what they sent themselves and what became a submission that they may see. A refused file
# is shown to nobody else of limited reach: the agency that it names is only what its sender typed.
RECEIPT_VISIBLE: Final = f"""
    (($agencies IS NULL AND $ministries IS NULL) OR r.received_by = $viewer OR r.receipt IN (
        SELECT o.receipt FROM outcomes o JOIN submissions s USING (submission) WHERE {VISIBLE}
    ))
"""


MB: Final = 1_000_000


@dataclass(frozen=True)
class Arrival:
    """A file to keep as it came."""

    content: bytes
    file_name: str
    received_at: dt.datetime | None = None  # None = now


@dataclass(frozen=True)
class Refusal:
    """Why a received file is no submission, and whose it says it is as far as that could be read."""

    receipt: str
    findings: tuple[Finding, ...]
    agency_code: str | None = None
    fiscal_year: int | None = None
    source: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a received file, to be written down."""

    receipt: str
    outcome: str
    findings: tuple[Finding, ...] = ()
    submission: str | None = None
    agency_code: str | None = None
    fiscal_year: int | None = None
    source: str | None = None


class ReceivedFiles:
    """Files before and beside the submissions that they become."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    @retried
    def receive(self, files: Sequence[Arrival], *, received_by: str) -> list[str]:
        """Keep files, all in one transaction; returns their receipts. Until an outcome is known they are pending.

        Raises StoreError, and keeps none, where they would be more than one sender, or all, may keep here.
        """
        with self._database.transaction() as cursor:
            _check_quota(cursor, files, received_by)
            number = last_number(cursor)
            changes: list[Change] = []
            receipts = {}
            for each in files:
                receipt, sha256 = f"R{number + len(changes) + 1:07d}", sha256_of(each.content)
                receipts[receipt] = sha256, each
                changes.append(("received", receipt, {"sha256": sha256, "file_name": each.file_name}))
            write_receipts(cursor, receipts, received_by)
            self._database.log(cursor, received_by, changes)
        return list(receipts)

    @retried
    def refuse(self, refusals: Iterable[Refusal], *, who: str) -> None:
        """Write down that received files became no submissions, and why."""
        outcomes = _outcomes("refused", refusals)
        if not outcomes:
            return
        with self._database.transaction() as cursor:
            write_outcomes(cursor, outcomes)
            changes: list[Change] = [
                ("refused", each.receipt, {"codes": sorted({one.code for one in each.findings if one.is_error})})
                for each in outcomes
            ]
            self._database.log(cursor, who, changes)

    @retried
    def set_aside(self, files: Iterable[Refusal], *, who: str, viewer: Viewer | None = None) -> None:
        """Write down that received files are not to be recorded though nothing is wrong with them: others were chosen,
        or nobody chose. Raises StoreError for a file that the viewer may not see or that has become something.
        """
        outcomes = _outcomes("set_aside", files)
        if not outcomes:
            return
        with self._database.transaction() as cursor:
            rows = self.all(viewer)
            waiting = set(rows.loc[rows["outcome"] == "pending", "receipt"])
            if gone := [each.receipt for each in outcomes if each.receipt not in waiting]:
                raise StoreError(both_languages("no_receipt", receipt=", ".join(gone)))
            write_outcomes(cursor, outcomes)
            self._database.log(cursor, who, [("set_aside", each.receipt, {}) for each in outcomes])

    def all(self, viewer: Viewer | None = None) -> pd.DataFrame:
        """RECEIVED, the latest first."""
        sql = f"""
            SELECT
                r.*, o.submission, o.agency_code, o.fiscal_year, o.source, coalesce(o.outcome, 'pending') AS outcome,
                coalesce(o.errors, 0) AS errors, coalesce(o.warnings, 0) AS warnings, coalesce(o.notes, 0) AS notes
            FROM receipts r LEFT JOIN outcomes o USING (receipt)
            WHERE {RECEIPT_VISIBLE} ORDER BY r.receipt DESC
        """
        return self._database.read(RECEIVED, sql, _reach(viewer), keys=("outcome", "source"))

    def file(self, receipt: str, viewer: Viewer | None = None) -> bytes:
        """The bytes of a file as it came. Raises StoreError where there is none that the viewer may see."""
        sql = f"""
            SELECT {{'content': content}} FROM receipts r LEFT JOIN contents USING (sha256)
            WHERE r.receipt = $receipt AND {RECEIPT_VISIBLE}
        """
        content = self._one(sql, receipt, viewer)["content"]
        if content is None:
            raise StoreError(both_languages("file_gone", receipt=receipt))
        return bytes(content)

    def findings(self, receipt: str, viewer: Viewer | None = None) -> tuple[Finding, ...]:
        """What was found in a file; nothing yet for a pending one. Raises StoreError as file."""
        sql = f"""
            SELECT {{'findings': o.findings, 'submission': o.submission}}
            FROM receipts r LEFT JOIN outcomes o USING (receipt) WHERE r.receipt = $receipt AND {RECEIPT_VISIBLE}
        """
        known = self._one(sql, receipt, viewer)
        if known["submission"] is None:
            return findings_from(known["findings"] or "[]")
        return self._facts.findings_of(known["submission"])

    def _one(self, sql: str, receipt: str, viewer: Viewer | None) -> Any:
        with self._database.reading() as cursor:
            found = cursor.execute(sql, _reach(viewer) | {"receipt": receipt}).fetchone()
        if not found:
            raise StoreError(both_languages("no_receipt", receipt=receipt))
        return found[0]


def _check_quota(cursor: Cursor, files: Sequence[Arrival], received_by: str) -> None:
    sql = """
        SELECT coalesce(sum(size), 0), coalesce(sum(size) FILTER (received_by = ?), 0)
        FROM (SELECT DISTINCT sha256, size, received_by FROM receipts) SEMI JOIN contents USING (sha256)
    """
    ((kept, theirs),) = cursor.execute(sql, [received_by]).fetchall()
    coming, settings = sum(len(each.content) for each in files), read_settings()
    limits = {"over_quota": (kept, settings.quota_mb), "over_quota_sender": (theirs, settings.sender_mb)}
    for key, (size, most) in limits.items():
        if most and size + coming > most * MB:
            words = {"who": received_by, "kept": size // MB, "most": most, "coming": -(-coming // MB)}
            raise StoreError(both_languages(key, **words))


def write_receipts(cursor: Cursor, receipts: Mapping[str, tuple[str, Arrival]], received_by: str) -> None:
    """Keep files under their receipts, each with its SHA-256."""
    moment = now()
    rows = [
        {
            "receipt": receipt,
            "sha256": sha256,
            "file_name": each.file_name,
            "size": len(each.content),
            "received_at": in_utc(each.received_at) or moment,
            "received_by": received_by,
        }
        for receipt, (sha256, each) in receipts.items()
    ]
    if not rows:
        return
    append(cursor, RECEIPTS, pd.DataFrame(rows))
    contents = {sha256: each.content for sha256, each in receipts.values()}
    kept = cursor.execute("SELECT sha256 FROM contents WHERE sha256 IN (SELECT unnest(?))", [list(contents)])
    for (sha256,) in kept.fetchall():
        del contents[sha256]
    append(cursor, CONTENTS, pd.DataFrame(contents.items(), columns=list(CONTENTS.columns)))


def write_outcomes(cursor: Cursor, outcomes: Sequence[Outcome]) -> None:
    """Say what became of received files."""
    rows = []
    for each in outcomes:
        severities = [one.severity for one in each.findings]
        counts = {f"{severity}s": severities.count(severity) for severity in SEVERITIES}
        named = {name: getattr(each, name) for name in OUTCOMES.columns if hasattr(each, name)}
        # A submission keeps its own findings.
        rows.append(named | counts | {"findings": findings_to(() if each.submission else each.findings)})
    if rows:
        append(cursor, OUTCOMES, pd.DataFrame(rows))


def _outcomes(outcome: str, files: Iterable[Refusal]) -> list[Outcome]:
    return [
        Outcome(each.receipt, outcome, each.findings, None, each.agency_code, each.fiscal_year, each.source)
        for each in files
    ]


def sha256_of(content: bytes) -> str:
    """Names a content."""
    return hashlib.sha256(content).hexdigest()


def in_utc(moment: dt.datetime | None) -> dt.datetime | None:
    """A moment as the database keeps it; one without a zone is UTC."""
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment and moment.tzinfo else moment


def _reach(viewer: Viewer | None) -> dict[str, object]:
    return reach(viewer) | {"viewer": viewer.name if viewer else None}


def findings_to(findings: Iterable[Finding]) -> str:
    """Findings as JSON."""
    plain = [one.plain() | {"values": dict(one.values)} for one in findings]
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, default=str)


def findings_from(text: str) -> tuple[Finding, ...]:
    """Findings as they were written down."""
    return tuple(Finding(**each) for each in json.loads(text))
