"""The marked copy: what a sender gets back in place of the file."""

from __future__ import annotations

from pmqa.framework import DEFAULT_EDITION, shipped_frameworks
from pmqa.workbook.form import write_form
from pmqa.workbook.read import Reading


def marked_copy(reading: Reading) -> bytes | None:
    """The sender's own answers in a fresh form, each finding marked at its cell; None where the file is no form."""
    if reading.draft is None:
        return None
    # A form whose edition cannot be told still has its agency's sheet to mark.
    framework = shipped_frameworks()[reading.edition or DEFAULT_EDITION]
    return write_form(framework, prefill=reading.draft, findings=reading.findings, source=reading.source)
