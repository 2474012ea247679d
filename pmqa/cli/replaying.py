"""The submissions and closed rounds of an export, recorded again in the order in which they once came about.

A round is what counted at a moment: what was sent until then is recorded, what had been withdrawn is, the round is
closed with the scores that were reported, and only then comes what was sent later.
"""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from pmqa.cli.checking import DONE
from pmqa.cli.console import complain
from pmqa.cli.ingesting import record
from pmqa.errors import NameTaken
from pmqa.intake import Sent
from pmqa.intake.published import Published, SentBefore
from pmqa.store import Store
from pmqa.store.receiving import sha256_of
from pmqa.tables import SCORES
from pmqa.text import Translator


@dataclass(frozen=True)
class Form:
    """A submission of an export as the form that is recorded."""

    before: SentBefore
    sent: Sent


class Replay:
    """An export, recorded into a store. by: who does it."""

    def __init__(
        self,
        store: Store,
        one: Published,
        content: bytes,
        forms: Sequence[Form],
        arguments: Namespace,
        by: str,
        t: Translator,
    ) -> None:
        self._store, self._one, self._content, self._forms = store, one, content, forms
        self._arguments, self._by, self._t = arguments, by, t
        self._first = store.history.all().empty
        self._recorded = 0
        self._code = DONE

    def run(self) -> int:
        """Record everything; the code of the command."""
        for row in self._rows("rounds").itertuples():
            reported = self._rows("reported")
            reported = reported[reported["round"] == row.round]
            if not self._first or not self._close(row.round, dt.date.fromisoformat(row.day), reported):
                known = set(self._store.rounds.all()["name"])
                if row.round not in known:
                    complain(self._t("cli.published.other_round", name=row.round))
        self._record(len(self._forms))
        self._announce(self._rows("announced"))
        ids = self._ids()
        ends = {ids[form.before.id]: form.before.withdrawn_reason for form in self._forms if form.before.id in ids}
        if self._first:
            self._settle(ends)
        return self._code

    def _rows(self, name: str) -> pd.DataFrame:
        return self._one.tables.get(name, pd.DataFrame(columns=["round"]))

    def _record(self, until: int) -> None:
        """Record the forms up to this place, none together with another of the same agency, year and source."""
        for batch in _batches(self._forms[self._recorded : until]):
            self._code = max(self._code, record(self._store, batch, len(batch), self._arguments, self._t))
        self._recorded = max(self._recorded, until)

    def _announce(self, rows: pd.DataFrame) -> None:
        """Announced scores, with the export as the file that they are from."""
        for _, each in rows.groupby("file_name") if len(rows) else ():
            told = each.drop(columns="round").reset_index(drop=True)
            self._store.announced.announce(told, self._content, who=self._by)

    def _close(self, name: str, day: dt.date, reported: pd.DataFrame) -> bool:
        """Whether a round could be closed as it was."""
        counted = set(reported["submission"])
        last = max((place for place, form in enumerate(self._forms, 1) if form.before.id in counted), default=0)
        self._record(last)
        ids = self._ids()
        if not counted or not counted <= set(ids):
            return False
        told = self._rows("announced")
        self._announce(told[told["round"] == name])
        reason = self._t("cli.published.was_withdrawn")
        reasons = {form.before.id: form.before.withdrawn_reason or reason for form in self._forms[: self._recorded]}
        counted_here = {ids[one] for one in counted}
        while gone := set(self._store.submissions.current(None, source=None)["submission"]) - counted_here:
            self._settle({here: reasons[there] for there, here in ids.items() if here in gone})
        self._settle(dict.fromkeys(counted_here))
        scores = reported.assign(submission=reported["submission"].map(ids))[list(SCORES.columns)]
        try:
            self._store.rounds.bring_in(name, day, scores, who=self._by)
        except NameTaken:
            return False
        return True

    def _settle(self, reasons: dict[str, str | None]) -> None:
        """Make submissions stand, or be withdrawn for a reason."""
        withdrawn = self._store.history.all().set_index("submission")["withdrawn"].astype("bool")
        for id_, reason in reasons.items():
            if reason and not withdrawn[id_]:
                self._store.history.withdraw(id_, reason=reason, who=self._by)
            elif not reason and withdrawn[id_]:
                self._store.history.restore(id_, who=self._by)

    def _ids(self) -> dict[str, str]:
        """Id in the export -> id here, of what is recorded here."""
        history = self._store.history.all()
        here = dict(zip(history["sha256"], history["submission"], strict=True))
        found = {form.before.id: here.get(sha256_of(form.sent.content or b"")) for form in self._forms}
        return {there: id_ for there, id_ in found.items() if id_}


def _batches(forms: Sequence[Form]) -> Iterator[list[Sent]]:
    batch: dict[tuple[str, int, str], Sent] = {}
    for form in forms:
        sent = form.before.submission
        key = (sent.agency_code, sent.fiscal_year, sent.source)
        if key in batch:
            yield list(batch.values())
            batch = {}
        batch[key] = form.sent
    if batch:
        yield list(batch.values())
