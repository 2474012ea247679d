"""What keeps the database from growing without end, and what has to be forgotten: expiry, erasure, samples.

Bytes of files go; that they came, and what became of them, stays. Every such change is audited, without what it erased.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pmqa.errors import StoreError
from pmqa.store.backend import retried
from pmqa.store.database import Change, Database, append, now, put
from pmqa.store.likeness import forget_texts
from pmqa.store.opening import both_languages
from pmqa.store.receiving import sha256_of
from pmqa.store.schema import CONTENTS, DERIVED, OUTCOMES, RAW_CELLS, WITHDRAWALS
from pmqa.tables import ANSWERS, FINDINGS, MEASURES, MOVED_SCORES, ROUND_SCORES, SCENARIOS, SCORES
from pmqa.viewer import Viewer, check

NO_SUBMISSION = ("refused", "set_aside")  # outcomes
ERASED = "–"  # in place of a file's name
# What belongs to a submission and goes with it.
SUBMISSION_FACTS: Final = tuple(
    table.name
    for table in (
        ANSWERS,
        MEASURES,
        FINDINGS,
        SCORES,
        ROUND_SCORES,
        MOVED_SCORES,
        DERIVED,
        OUTCOMES,
        RAW_CELLS,
        WITHDRAWALS,
        SCENARIOS,
    )
)


@dataclass(frozen=True)
class Cleared:
    """A file without what was erased from it, and every cell of it as its reader packs them."""

    content: bytes
    raw_cells: bytes


class Tidying:
    """What is let go of. Every change raises AccessDenied for who is no administrator."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried
    def expire_refused(self, before: dt.datetime, *, who: str = "system") -> list[str]:
        """Let go of the bytes of files that became no submission and came before a moment (UTC); their receipts.

        Where the same bytes came again later, or are waiting, or became a submission, they stay.
        """
        sql = """
            WITH wanted AS (
                SELECT sha256 FROM receipts r LEFT JOIN outcomes o USING (receipt)
                WHERE coalesce(o.outcome, 'pending') NOT IN (SELECT unnest($outcomes)) OR r.received_at >= $before
                UNION SELECT sha256 FROM submissions
            )
            SELECT receipt, sha256 FROM receipts SEMI JOIN contents USING (sha256)
            WHERE sha256 NOT IN (SELECT sha256 FROM wanted) ORDER BY receipt
        """
        with self._database.transaction() as cursor:
            found = cursor.execute(sql, {"outcomes": list(NO_SUBMISSION), "before": before}).fetchall()
            if found:
                hashes = sorted({sha256 for _, sha256 in found})
                cursor.execute("DELETE FROM contents WHERE sha256 IN (SELECT unnest(?))", [hashes])
                self._database.log(cursor, who, [("expired", receipt, {"sha256": sha256}) for receipt, sha256 in found])
        return [receipt for receipt, _ in found]

    @retried
    def erase_file(self, receipt: str, *, reason: str, who: str, viewer: Viewer | None = None) -> None:
        """Forget a file that became no submission: its bytes, its name, what was found in it.

        Raises StoreError where there is none, it became a submission (withdraw that), or no reason is given.
        """
        check(viewer, "administer")
        _need_reason(reason)
        sql = "SELECT r.sha256, o.outcome FROM receipts r LEFT JOIN outcomes o USING (receipt) WHERE r.receipt = ?"
        with self._database.transaction() as cursor:
            found = cursor.execute(sql, [receipt]).fetchone()
            if not found:
                raise StoreError(both_languages("no_receipt", receipt=receipt))
            sha256, outcome = found
            if outcome not in NO_SUBMISSION:
                raise StoreError(both_languages("not_erasable", receipt=receipt))
            cursor.execute("UPDATE receipts SET file_name = ? WHERE receipt = ?", [ERASED, receipt])
            cursor.execute("UPDATE outcomes SET findings = '[]' WHERE receipt = ?", [receipt])
            others = "SELECT sha256 FROM receipts WHERE receipt <> $receipt UNION SELECT sha256 FROM submissions"
            values = {"sha256": sha256, "receipt": receipt}
            cursor.execute(f"DELETE FROM contents WHERE sha256 = $sha256 AND sha256 NOT IN ({others})", values)
            self._database.log(cursor, who, [("file_erased", receipt, {"reason": reason.strip(), "sha256": sha256})])

    def contacts(self, text: str, viewer: Viewer | None = None) -> dict[str, tuple[str, ...]]:
        """SHA-256 of each recorded file that names somebody as its contact, by name, address or number; and all that
        stands there about them.
        """
        check(viewer, "administer")
        sql = """
            SELECT DISTINCT sha256, contact_name, contact_email, contact_phone FROM submissions
            WHERE list_contains([lower(trim(contact_name)), lower(trim(contact_email)), trim(contact_phone)], ?)
            ORDER BY sha256
        """
        with self._database.reading() as cursor:
            found = cursor.execute(sql, [text.strip().lower()]).fetchall()
        return {sha256: tuple(one for one in about if one) for sha256, *about in found}

    def content(self, sha256: str, viewer: Viewer | None = None) -> bytes:
        """The bytes of a recorded file. Raises StoreError where there is none."""
        check(viewer, "administer")
        with self._database.reading() as cursor:
            found = cursor.execute("SELECT content FROM contents WHERE sha256 = ?", [sha256]).fetchone()
        if not found:
            raise StoreError(both_languages("no_receipt", receipt=sha256))
        return bytes(found[0])

    @retried
    def erase_contacts(
        self, files: Mapping[str, Cleared], *, reason: str, who: str, viewer: Viewer | None = None
    ) -> list[str]:
        """Put files without their contact in place of those that have these SHA-256; returns their submissions."""
        check(viewer, "administer")
        _need_reason(reason)
        blank = "contact_name = NULL, contact_email = NULL, contact_phone = NULL"
        changes: list[Change] = []
        with self._database.transaction() as cursor:
            for old, cleared in files.items():
                new = sha256_of(cleared.content)
                of_old = "SELECT submission FROM submissions WHERE sha256 = ? ORDER BY submission"
                ids = [key for (key,) in cursor.execute(of_old, [old]).fetchall()]
                changes += [
                    ("contact_erased", key, {"reason": reason.strip(), "was": old, "sha256": new}) for key in ids
                ]
                cursor.execute("DELETE FROM contents WHERE sha256 = ?", [old])
                put(cursor, CONTENTS, pd.DataFrame({"sha256": [new], "content": [cleared.content]}))
                size = len(cleared.content)
                cursor.execute("UPDATE receipts SET sha256 = ?, size = ? WHERE sha256 = ?", [new, size, old])
                cursor.execute(f"UPDATE submissions SET sha256 = ?, {blank} WHERE sha256 = ?", [new, old])
                cells = cursor.execute("SELECT submission FROM raw_cells WHERE submission IN (SELECT unnest(?))", [ids])
                with_cells = [key for (key,) in cells.fetchall()]
                cursor.execute("DELETE FROM raw_cells WHERE submission IN (SELECT unnest(?))", [with_cells])
                rows = {"submission": with_cells, "cells": [cleared.raw_cells] * len(with_cells)}
                append(cursor, RAW_CELLS, pd.DataFrame(rows, columns=list(RAW_CELLS.columns)))
            if changes:
                self._database.log(cursor, who, changes)
        return [str(key) for _, key, _ in changes]

    @retried
    def remove_samples(self, who: str = "system", viewer: Viewer | None = None) -> int:
        """Delete every sample submission and all that belongs to it; returns how many there were.

        The only deletion of submissions: nobody sent these. Raises AccessDenied where the viewer may not.
        """
        check(viewer, "remove_samples")
        with self._database.transaction() as cursor:
            samples = "SELECT submission FROM submissions WHERE sample"
            ids = [key for (key,) in cursor.execute(f"{samples} ORDER BY 1").fetchall()]
            if not ids:
                return 0
            sent = f"SELECT receipt FROM outcomes WHERE submission IN ({samples})"
            cursor.execute(f"DELETE FROM receipts WHERE receipt IN ({sent})")
            for name in SUBMISSION_FACTS:
                cursor.execute(f"DELETE FROM {name} WHERE submission IN ({samples})")
            forget_texts(cursor, ids)
            cursor.execute("DELETE FROM submissions WHERE sample")
            held = "SELECT sha256 FROM receipts UNION SELECT sha256 FROM announced"
            cursor.execute(f"DELETE FROM contents WHERE sha256 NOT IN ({held})")
            self._database.log(cursor, who, [("samples_removed", None, {"submissions": ids})])
        return len(ids)


def before_days(days: int) -> dt.datetime:
    """The moment so many days ago, in UTC without zone."""
    return now() - dt.timedelta(days=days)


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise StoreError(both_languages("no_reason_erased"))
