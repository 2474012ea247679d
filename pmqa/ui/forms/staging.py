"""Files between arriving and being saved: what is known of each, small enough to keep a thousand of them in a visit.

Their bytes are in the store from the moment they came; whoever wants more than the findings reads them again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pmqa.errors import Finding
from pmqa.framework import shipped_frameworks
from pmqa.intake import (
    Before,
    Claim,
    Outcome,
    Received,
    Said,
    Sent,
    Verdict,
    claim_again,
    compared,
    decided,
    findings_after,
    known_agencies,
    receive,
)
from pmqa.viewer import Viewer, sources_of
from pmqa.views import data
from pmqa.views.memory import shared
from pmqa.workbook import Known, Reading

SAVEABLE: Final = ("accepted", "warnings")


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that was read and is not saved.

    receipt: of its bytes in the store; None where the same content is recorded already, or where it is no form.
    before: what the same content has become before. claim: of a sound file; again: it is to count again.
    """

    name: str
    outcome: Outcome
    sha256: str
    receipt: str | None = None
    findings: tuple[Finding, ...] = ()
    agency_code: str | None = None
    agency_name: str | None = None
    fiscal_year: int | None = None
    source: str | None = None
    before: Before | None = None
    claim: Claim | None = None
    again: bool = False

    @property
    def key(self) -> str:
        """What tells it from other files of the visit."""
        return self.receipt or f"{self.sha256[:16]}{self.name}"

    @property
    def is_saveable(self) -> bool:
        """Whether the button would record it."""
        return self.outcome in SAVEABLE and self.receipt is not None

    @property
    def is_open(self) -> bool:
        """Whether anything can still become of it in this visit."""
        return self.is_saveable or (self.receipt is not None and self.before is not None and bool(self.before.counts))

    @property
    def is_form(self) -> bool:
        """Whether something was read that can be looked at again."""
        return self.receipt is not None and (self.agency_code is not None or self.fiscal_year is not None)


def staged(one: Received) -> Staged:
    """What is kept of a file in the visit."""
    reading = one.reading
    name = reading.submission.agency_name if reading.submission else None
    return Staged(
        name=one.name,
        outcome=one.outcome,
        sha256=one.sha256,
        receipt=one.sent.receipt,
        findings=reading.findings,
        agency_code=reading.agency_code,
        agency_name=name,
        fiscal_year=reading.fiscal_year,
        source=reading.source,
        before=one.before,
        claim=one.claim,
    )


def with_what_was_recorded(one: Staged, recorded: Mapping[str, Before]) -> Staged:
    """The same file, known where its content has been recorded, here or by somebody else, since it was read."""
    before = recorded.get(one.sha256)
    if before is None or one.outcome == "refused":
        return one
    claim = claim_again(Sent(one.name, None, receipt=one.receipt), one.sha256, before)
    claim = dataclasses.replace(claim, modified=one.claim.modified if one.claim else None)
    code, year, source = before.whose
    return dataclasses.replace(
        one,
        outcome="known",
        before=before,
        claim=claim,
        agency_code=code,
        agency_name=before.agency[0],
        fiscal_year=year,
        source=source,
    )


def by_verdict(one: Staged, verdict: Verdict) -> Staged:
    """The same file by what was judged of the whole list."""
    findings = findings_after(one.findings, one.agency_code, verdict)
    warned = any(finding.severity == "warning" for finding in findings)
    outcome = verdict.outcome or (("warnings" if warned else "accepted") if verdict.again else one.outcome)
    code = verdict.agency_code
    return dataclasses.replace(one, outcome=outcome, findings=findings, agency_code=code, again=verdict.again)


def known_to(viewer: Viewer) -> Known:
    """What the product knows of agencies, and for whom this viewer may send."""
    return dataclasses.replace(
        known_agencies(data.store()),
        submitters=viewer.agencies,
        ministries=viewer.ministries,
        sources=sources_of(viewer),
    )


def read_again(viewer: Viewer, files: Iterable[tuple[str, str]], said: Said | None = None) -> Iterator[Received]:
    """Receipts and names to what the files say now, in their order, and by what was said of them.

    One at a time: everybody's pages are drawn by this process.
    """
    sent = (Sent(name, data.received_file(viewer, receipt), from_zip=True, receipt=receipt) for receipt, name in files)
    read = receive(sent, shipped_frameworks(), known=known_to(viewer), workers=1)
    if said is not None:
        # A file that was chosen is wanted, whatever its content has been before.
        read = (
            dataclasses.replace(one, again=one.sha256 in said.chosen) for each in read for one in decided([each], said)
        )
    return compared(data.store(), read, viewer=viewer, at_once=1)


@shared(most=4)
def reading_of(version: str, viewer: Viewer, receipt: str, name: str) -> Reading:  # noqa: ARG001 - part of the key
    """All that a received file says, by today's rules and register."""
    return next(read_again(viewer, [(receipt, name)])).reading
