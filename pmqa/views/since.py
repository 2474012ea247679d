"""What has changed since a closed round: told wherever its figures are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from pmqa.analysis.rounds import SINCE, since
from pmqa.views import data
from pmqa.views.memory import shared

if TYPE_CHECKING:
    from pmqa.views.view import View

MOST_NAMED: Final = 8  # agencies in a sentence


@shared(most=32)
def changes(view: View) -> pd.DataFrame:
    """SINCE of a view of a closed round; empty of the present."""
    if not view.closed:
        return SINCE.empty()
    present = replace(view, closed="", version=data.as_reported(view.version, ""))
    return since(view.scored, present.scored)


def changed_since(view: View) -> str:
    """In words, of how many agencies something has changed since; "" of the present."""
    if not view.closed:
        return ""
    n = len(changes(view))
    return view.t("rounds.since", n=view.t.number(n, 0)) if n else view.t("rounds.as_then")


def who_changed(view: View) -> tuple[str, ...]:
    """A sentence that says which agencies have changed since and why; none where none has."""
    t, rows = view.t, changes(view)
    if rows.empty:
        return ()
    first = rows.head(MOST_NAMED)
    named = [f"{name} ({t(f'rounds.why_{why}')})" for name, why in zip(first["agency_name"], first["why"], strict=True)]
    rest = [t("rounds.and_more", n=t.number(len(rows) - len(first), 0))] if len(rows) > len(first) else []
    return (t("rounds.who_changed", agencies=", ".join([*named, *rest])),)
