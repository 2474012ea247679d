"""What goes back to those who sent: of each file the marked copy and a message, and one list of who must mend what."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import PurePath
from typing import Final

import pandas as pd

from pmqa.errors import SEVERITIES, Finding
from pmqa.text import MISSING, Translator
from pmqa.workbook import Reading, finding_text, marked_copy

CONTACTS: Final = ("contact_name", "contact_email", "contact_phone")
OUTCOMES: Final = ("must_mend", "may_check", "nothing_to_do")
COLUMNS: Final = ("file", "agency_code", "agency_name", "year", *CONTACTS, "outcome", "errors", "warnings", "reply")


@dataclass(frozen=True, slots=True)
class Reply:
    """What its sender is told of one file.

    agency: what the file says of its agency and whom to ask there, by field; what it does not say is left out.
    year: as worded. message: to be pasted into a mail. marked: the marked copy, None where nothing can be marked.
    """

    file: str
    agency: dict[str, str]
    year: str
    findings: tuple[Finding, ...]
    message: str
    marked: bytes | None

    @property
    def counts(self) -> Counter[str]:
        """Findings by severity."""
        return Counter(finding.severity for finding in self.findings)

    @property
    def outcome(self) -> str:
        """One of OUTCOMES."""
        if self.counts["error"]:
            return "must_mend"
        return "may_check" if self.counts["warning"] else "nothing_to_do"


def reply_to(file: str, reading: Reading, t: Translator) -> Reply:
    """The answer to a file by what was read of it, in the translator's language."""
    cells = reading.draft.agency if reading.draft else {}
    agency = {name: str(cell.value).strip() for name, cell in cells.items() if cell.value is not None}
    if reading.agency_code:
        agency["agency_code"] = reading.agency_code
    year = t.year(reading.fiscal_year) if reading.fiscal_year else ""
    marked = marked_copy(reading) if reading.findings else None
    reply = Reply(file, agency, year, reading.findings, "", marked)
    return replace(reply, message=_message(reply, t))


def reply_pack(replies: Iterable[Reply], t: Translator, made_on: dt.date) -> bytes:
    """A zip: the list of all files as a workbook, those who must mend something first; messages; marked copies.

    Files of one name are told apart by a number, as Windows tells names: by letters of any case. Files that need no
    answer stand on the list alone.
    """
    from pmqa.exports import Stamp, file_name, to_xlsx  # noqa: PLC0415 - loads what draws charts
    from pmqa.exports.archive import zip_of  # noqa: PLC0415

    title, files, rows = t("replies.list"), dict[str, bytes](), list[dict[str, object]]()
    names = {file_name((title,)).casefold()}
    for reply in sorted(replies, key=lambda reply: OUTCOMES.index(reply.outcome)):
        stem = ""
        if reply.findings:
            own = PurePath(reply.file).stem
            numbered = (file_name((own, number)) for number in chain((None,), count(2)))
            stem = next(name for name in numbered if name.casefold() not in names)
            names.add(stem.casefold())
            files[f"{stem}.txt"] = _as_text(reply.message)
            if reply.marked is not None:
                files[f"{stem}_{t('replies.marked')}.xlsx"] = reply.marked
        rows.append(_row(reply, stem, t))
    stamp = Stamp(title, "", "", "", None, "", "", made_on, t.language)
    return zip_of({f"{file_name((title,))}.xlsx": to_xlsx({title: _listed(rows, t)}, stamp), **files})


def _row(reply: Reply, stem: str, t: Translator) -> dict[str, object]:
    return {
        **{name: reply.agency.get(name, MISSING) for name in ("agency_code", "agency_name", *CONTACTS)},
        "file": reply.file,
        "year": reply.year or MISSING,
        "outcome": t(f"replies.{reply.outcome}"),
        "errors": reply.counts["error"],
        "warnings": reply.counts["warning"],
        "reply": f"{stem}.txt" if stem else MISSING,
    }


def _listed(rows: Sequence[dict[str, object]], t: Translator) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.rename(columns={name: t(f"replies.column_{name}") for name in COLUMNS})


def _message(reply: Reply, t: Translator) -> str:
    """What was found and what to do, the gravest first, numbered."""
    about = {
        "agency": reply.agency.get("agency_name", MISSING),
        "year": reply.year or MISSING,
        "file": PurePath(reply.file).name,
    }
    n = reply.counts["error"] or reply.counts["warning"]
    lines = [t("replies.subject", **about), "", t(f"replies.lead_{reply.outcome}", n=n)]
    for severity in SEVERITIES:
        found = [finding for finding in reply.findings if finding.severity == severity]
        lines += ["", t(f"replies.head_{severity}", n=len(found))] if found else []
        lines += [f"{number}. {_line(finding, t)}" for number, finding in enumerate(found, 1)]
    lines += ["", t("replies.close" if reply.marked is None else "replies.close_marked")] if reply.findings else []
    return "\n".join(lines) + "\n"


def _line(finding: Finding, t: Translator) -> str:
    place = " ".join(part for part in (finding.sheet, finding.cell) if part)
    text = finding_text(finding, t)
    return f"{place}: {text}" if place else text


def _as_text(message: str) -> bytes:
    """As Windows' editor opens it."""
    return message.replace("\n", "\r\n").encode("utf-8-sig")
