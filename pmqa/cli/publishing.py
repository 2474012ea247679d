"""export --what data: the tables of the database as they leave the product, today's or those of a closed round."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import Final

import pandas as pd

from pmqa.cli.choosing import submissions_asked_for
from pmqa.exports import DATA
from pmqa.exports.dictionary import WHOSE
from pmqa.sources import SOURCES, bases_of
from pmqa.store import Store
from pmqa.text import Translator

OF_SUBMISSIONS: Final = ("submissions", "answers", "measures", "scores")
OF_PLANS: Final = ("actions", "progress")
OF_ROUNDS: Final = ("rounds", "reported")
OF_A_ROUND: Final = (*OF_SUBMISSIONS, "announced")  # what a closed round keeps
BESIDE: Final[dict[str, Callable[[Store], pd.DataFrame]]] = {
    "agencies": lambda store: store.register.agencies(),
    "expectations": lambda store: store.register.expectations(),
    "successions": lambda store: store.successions.all().rename(columns={"kind": "became"}),
    "layouts": lambda store: store.layouts.all().rename(columns={"name": "layout", "text": "settings"}),
}


class DataTables:
    """Tables of pmqa.exports.DATA, of what the options of a command choose.

    closed: id of the closed round whose figures are asked for, "" for the present. moving: whether the tables are to be
    taken into another database, so that closed rounds and the submissions that counted in them come along.
    Raises UsageError where nothing fits the options.
    """

    def __init__(self, store: Store, arguments: Namespace, closed: str, t: Translator, *, moving: bool) -> None:
        self._store, self._arguments, self._closed = store, arguments, closed
        self.announced = self._announced()
        self.chosen = self._submissions(t)
        narrowed = arguments.year or arguments.agencies or arguments.ministry or arguments.source in SOURCES
        self._rounds = store.rounds.all().iloc[: 0 if closed or narrowed else None].sort_values("number")
        self._sent = self._with_those_of_rounds() if moving else self.chosen

    def of(self, names: Sequence[str]) -> dict[str, pd.DataFrame]:
        """The tables of these names."""
        return {name: DATA[name].conform(self._table(name)) for name in names}

    def _submissions(self, t: Translator) -> pd.DataFrame:
        """SUBMISSIONS that the options choose."""
        submissions, closed = self._store.submissions, self._closed or None
        found = (
            submissions.standing() if self._arguments.history else submissions.current(None, source=None, closed=closed)
        )
        if self._arguments.source in SOURCES:
            found = found[found["source"] == self._arguments.source]
        return submissions_asked_for(found, self._arguments, t, beside=self.announced)

    def _announced(self) -> pd.DataFrame:
        """ANNOUNCED that the options choose."""
        found, arguments = self._store.announced.counting(closed=self._closed or None), self._arguments
        if arguments.source in SOURCES:  # nobody fills in what is announced
            return found.iloc[:0]
        for column, asked in (
            ("fiscal_year", None if arguments.year is None else [arguments.year]),
            ("ministry", None if arguments.ministry is None else [arguments.ministry]),
            ("agency_code", arguments.agencies),
        ):
            found = found if asked is None else found[found[column].isin(asked)]
        return found.reset_index(drop=True)

    def _with_those_of_rounds(self) -> pd.DataFrame:
        """The chosen SUBMISSIONS and those that counted when a round was closed, withdrawn ones too."""
        counted = {one for round_ in self._rounds["round"] for one in self._counted(round_)["submission"]}
        more = self._store.history.all()
        more = more[more["submission"].isin(counted - set(self.chosen["submission"]))]
        both = pd.concat([self.chosen, more[list(self.chosen.columns)]])
        return both.sort_values("submission", ignore_index=True)

    def _counted(self, round_: str) -> pd.DataFrame:
        return self._store.submissions.current(None, source=None, closed=round_)

    def _table(self, name: str) -> pd.DataFrame:
        if name == "submissions":
            return self._with_their_state()
        if name in OF_SUBMISSIONS:
            # Whoever adds up scores finds those that count; what was reported then has a table of its own.
            of = self.chosen if name == "scores" else self._sent
            return of_submissions(self._store, name, of, self._closed)
        if name in OF_PLANS:
            return self._plans(name)
        if name == "announced":
            return self.announced.assign(round=self._first_rounds())
        if name in OF_ROUNDS:
            return self._of_rounds(name)
        return self._narrowed(BESIDE[name](self._store))

    def _with_their_state(self) -> pd.DataFrame:
        """The submissions, whether they count, and why they were withdrawn."""
        now = self._counted(self._closed) if self._closed else self._store.submissions.current(None, source=None)
        history = self._store.history.all().set_index("submission")["withdrawn_reason"]
        ids = self._sent["submission"]
        reasons = ids.map(history) if not self._closed else None
        return self._sent.assign(counts=ids.isin(now["submission"]), withdrawn_reason=reasons)

    def _plans(self, name: str) -> pd.DataFrame:
        actions = self._store.plans.actions().merge(self.chosen[["agency_code", "fiscal_year"]].drop_duplicates())
        if name == "actions":
            return actions
        reported = self._store.plans.progress()
        return reported[reported["action"].isin(actions["action"])]

    def _first_rounds(self) -> pd.Series:
        """The name of the first closed round that knew each announced score; blank where none did."""
        found = pd.Series(None, index=self.announced.index, dtype="object")
        for one in self._rounds.iloc[::-1].itertuples():
            found = found.mask(self.announced["record"] <= one.number, one.name)
        return found

    def _of_rounds(self, name: str) -> pd.DataFrame:
        if name == "rounds":
            return self._rounds.assign(round=self._rounds["name"])
        parts = [DATA[name].empty()]
        for round_, title in zip(self._rounds["round"], self._rounds["name"], strict=True):
            counted = self._counted(round_)
            parts.append(of_submissions(self._store, "scores", counted, round_).assign(round=title))
        return pd.concat([part.astype("object") for part in parts], ignore_index=True)

    def _narrowed(self, found: pd.DataFrame) -> pd.DataFrame:
        """A table that is of no submission: the whole, or what concerns the agencies and the year asked for."""
        arguments = self._arguments
        if arguments.year is not None and "fiscal_year" in found:
            found = found[found["fiscal_year"] == arguments.year]
        if arguments.agencies or arguments.ministry:
            sides = [side for side in ("agency_code", "predecessor", "successor") if side in found]
            if sides:  # a layout is of no agency
                codes = {*self.chosen["agency_code"], *self.announced["agency_code"]}
                found = found[found[sides].isin(codes).any(axis="columns")]
        return found


def of_submissions(store: Store, name: str, chosen: pd.DataFrame, closed: str = "") -> pd.DataFrame:
    """A table of OF_SUBMISSIONS, of the chosen SUBMISSIONS. closed: as it was reported when this round was closed."""
    if name == "submissions":
        return chosen
    ids, facts = chosen["submission"].to_list(), store.facts
    if name == "scores":
        return _with_whose(chosen, facts.reported(closed, ids) if closed else facts.scores(ids))
    if name == "answers":
        return _with_whose(chosen, facts.answers(ids))
    results = facts.measure_results(ids)
    if closed:
        results = results.drop(columns="score").merge(_points_of_measures(facts.reported(closed, ids)), how="left")
    return _with_results(_with_whose(chosen, facts.measures(ids)), results)


def _with_whose(submissions: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Facts of submissions with whose they are."""
    return submissions[list(WHOSE)].merge(facts.astype({"submission": "str"}), on="submission", validate="one_to_many")


def _points_of_measures(scores: pd.DataFrame) -> pd.DataFrame:
    """SCORES of measures by submission, basis, indicator and number."""
    found = scores[scores["kind"] == "measure"].astype(dict.fromkeys(("submission", "basis", "scope"), "str"))
    parts = found["scope"].str.split("#", expand=True).reindex(columns=[0, 1])
    found = found.assign(indicator=parts[0], number=parts[1].astype("int64"))
    return found[["submission", "basis", "indicator", "number", "score"]]


def _with_results(measures: pd.DataFrame, results: pd.DataFrame) -> pd.DataFrame:
    """Measures with what came of them, on the first basis of their source: others differ by criteria only."""
    own = measures["source"].map(lambda source: bases_of(source)[0]).rename("basis")
    key = ["submission", "basis", "indicator", "number"]
    known = results.rename(columns={"score": "band"}).astype(dict.fromkeys(("submission", "indicator"), "str"))
    return measures.assign(basis=own).astype({"indicator": "str"}).merge(known, on=key, how="left", validate="1:1")
