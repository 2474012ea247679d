"""The error tree, and findings: what is wrong with a file that somebody sent.

    PmqaError                 anything this product raises on purpose; its text is for the person who acts on it
    |-- FrameworkError        an edition's file is wrong; lists every problem of the file
    |-- TableError            a frame does not have the columns, types or keys that its Table declares
    |-- TextError             a sentence is missing, or lacks a blank that is filled
    |-- StoreError            the database cannot do what was asked
    |   |-- StoreBusy         another process holds the database
    |   |-- StoreChanged      somebody else changed the same since it was read
    |   |-- NameTaken         something else is kept under the name
    |   `-- StoreTooNew       the database was written by a later version of this product
    |-- AccessDenied          the viewer may not see or do this
    |-- CardGone              what an address names is not there, or not for whoever opens it
    |-- ExportError           a download cannot be made (a template that is none, a picture that fails)
    |-- SettingsError         what is set from outside cannot be; lists every problem
    `-- UsageError            the command line was given words that do not fit

A wrong workbook is not an exception: reading gathers Findings and returns them all at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


class PmqaError(Exception):
    """Base of everything that this product raises on purpose."""


class FrameworkError(PmqaError):
    """An edition's file is wrong; the message lists every problem of the file."""


class TableError(PmqaError):
    """A frame does not keep the contract of its Table."""


class TextError(PmqaError):
    """A sentence is missing, or is given other blanks than it has."""


class StoreError(PmqaError):
    """The database cannot do what was asked."""


class StoreBusy(StoreError):
    """Another process holds the database."""


class StoreTooNew(StoreError):
    """The database was written by a later version of this product."""


class StoreChanged(StoreError):
    """Somebody else changed the same since it was read; nothing was changed."""


class NameTaken(StoreError):
    """Something else is kept under the name; nothing was changed."""


class AccessDenied(PmqaError):
    """The viewer may not see or do this."""


class CardGone(PmqaError):
    """What the address of a card names is not there, or not for whoever opens it; the message says what."""


class ExportError(PmqaError):
    """A download cannot be made on this machine; the message says what is missing."""


class SettingsError(PmqaError):
    """What is set from outside (environment, secrets of sign-in) cannot be; the message lists every problem."""


class UsageError(PmqaError):
    """The command line was given words that do not fit."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a file that was sent: where it is, what was found.

    code: stable name, a row of docs/findings.md; its sentences are `finding.<code>` in data/text.
    sheet, cell: place in the file that was sent; cell may be a compressed range ("E4:E31, E40").
        None = the whole file or sheet.
    value: what was found there, as text; None = nothing, or too many to show.
    values: what else fills the blanks of the sentence.
    """

    code: str
    severity: Severity
    sheet: str | None = None
    cell: str | None = None
    value: str | None = None
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_error(self) -> bool:
        """Whether it refuses the submission."""
        return self.severity == "error"

    def plain(self) -> dict[str, Any]:
        """What it is and where, for JSON: all but `values`."""
        return {name: getattr(self, name) for name in ("code", "severity", "sheet", "cell", "value")}
