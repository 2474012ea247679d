"""The submission form, both directions: write_form, read_submission.

Names load on first use: the child process that reads cells imports this package and must start without pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pmqa.workbook.copies import marked_copy as marked_copy
    from pmqa.workbook.findings import finding_text as finding_text
    from pmqa.workbook.form import write_form as write_form
    from pmqa.workbook.known import Known as Known
    from pmqa.workbook.read import Reading as Reading
    from pmqa.workbook.read import read_many as read_many
    from pmqa.workbook.read import read_submission as read_submission

PUBLIC: Final = {
    "Known": "known",
    "Reading": "read",
    "finding_text": "findings",
    "marked_copy": "copies",
    "read_many": "read",
    "read_submission": "read",
    "write_form": "form",
}


def __getattr__(name: str) -> object:
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{PUBLIC[name]}"), name)
