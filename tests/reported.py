"""Views as documents are made of them, and what the documents say about themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pmqa.exports import Stamp
from pmqa.store import Store
from pmqa.views import data, scores
from pmqa.views.view import View
from tests.pages import a_view

Change = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True, kw_only=True)
class Changed(View):
    """A view of which a test has changed the scores."""

    change: Change


def _changed(read: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    def of_edition(view: View, *asked: Any) -> pd.DataFrame:
        rows = read(view, *asked)
        return view.change(rows) if isinstance(view, Changed) else rows

    return of_edition


# All that a view reads of scores comes from here, whichever kinds and years it asks for.
scores._of_edition = _changed(scores._of_edition)


def view_of(store: Store, language: str = "th", change: Change | None = None, **said: Any) -> View:
    """A store's view with evidence. change: of its scores."""
    view = a_view(language, **{"basis": "evidenced", "version": data.version_of(store), **said})
    return view if change is None else Changed(**vars(view), change=change)


STAMPS = {
    "th": Stamp("", "เฉพาะที่มีหลักฐาน", "2569", "PMQA 4.0", 9, "", "a1b2c3", dt.date(2026, 11, 22)),
    "en": Stamp("", "With evidence", "2569 (2026)", "PMQA 4.0", 9, "", "a1b2c3", dt.date(2026, 11, 22), "en"),
}
