"""Forgetting somebody: their name, address and number in what was recorded, and in the files that it was read from."""

from __future__ import annotations

from dataclasses import dataclass

from pmqa.store import Cleared, Store
from pmqa.workbook.erasing import Remains, without
from pmqa.workbook.readers import packed


@dataclass(frozen=True)
class Erased:
    """Submissions whose contact is forgotten, and SHA-256 of files in which it can still be read, so that they stay."""

    submissions: tuple[str, ...]
    remain: tuple[str, ...]


def erase_contact(store: Store, text: str, *, reason: str, who: str) -> Erased:
    """Forget a contact by name, address or number, wherever they are named so. Answers and scores stay."""
    cleared, remain = {}, []
    for sha256, texts in store.tidying.contacts(text).items():
        try:
            content, cells = without(store.tidying.content(sha256), texts)
        except Remains:
            remain.append(sha256)
        else:
            cleared[sha256] = Cleared(content, packed(cells))
    return Erased(tuple(store.tidying.erase_contacts(cleared, reason=reason, who=who)), tuple(remain))
