"""What the one-page documents of a view rest on: its tables by agency, quartiles, ranks; scores on every basis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple
from urllib.parse import urlencode

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pmqa.analysis.indicators import indicator_table
from pmqa.charts.drawing import Scale
from pmqa.scoring import OVERALL
from pmqa.settings import read_settings
from pmqa.sources import bases
from pmqa.text import Translator
from pmqa.views import derived
from pmqa.views.address import NAMES
from pmqa.views.memory import shared
from pmqa.views.view import View

OF_LINK: Final = ("language", "fiscal_year", "basis", "closed")  # of a view; a code has no room for filters
NOWHERE: Final = np.array([], dtype=np.intp)


class Parts(NamedTuple):
    """A table, and where in it the rows of an agency or a submission are: hundreds of pages ask for theirs."""

    table: pd.DataFrame
    places: Mapping[str, NDArray[np.intp]]

    @staticmethod
    def by(key: str, table: pd.DataFrame) -> Parts:
        """The table by the values of a column."""
        return Parts(table, table.groupby(table[key].astype("str"), sort=False).indices)

    def of(self, value: str) -> pd.DataFrame:
        """The rows of one agency or submission."""
        return self.table.iloc[self.places.get(value, NOWHERE)]


@dataclass(frozen=True)
class Group:
    """The tables of a view as its pages ask for them.

    quartiles: PEER_STATS of categories by scope. ranks: RANKS of the overall by agency. rated: INDICATORS that have a
    rate.
    """

    quartiles: pd.DataFrame
    ranks: pd.DataFrame
    scored: Parts
    year_before: Parts
    answers: Parts
    measures: Parts
    rated: Parts
    every_basis: Parts


@shared(most=4)
def group(view: View) -> Group:
    """What every agency's page of the view rests on, made once."""
    ids = tuple(view.submissions["submission"])
    peers = view.peers.astype({"kind": "str", "scope": "str"})
    table = indicator_table(view.measures(*ids), view.measure_results(*ids), view.framework)
    return Group(
        quartiles=peers[peers["kind"] == "category"].set_index("scope"),
        ranks=derived.ranks(view, OVERALL, OVERALL).astype({"agency_code": "str"}).set_index("agency_code"),
        scored=Parts.by("agency_code", view.scored),
        year_before=Parts.by("agency_code", view.of_year(view.fiscal_year - 1)),
        answers=Parts.by("submission", view.answers(*ids, texts=())),
        measures=Parts.by("submission", view.measures(*ids)),
        rated=Parts.by("submission", table[table["success_rate"].notna()].astype({"indicator": "str"})),
        every_basis=Parts.by("agency_code", on_every_basis(view)),
    )


def on_every_basis(view: View) -> pd.DataFrame:
    """SCORED of the year's overall on every basis, of every agency whatever the filters."""
    every = (replace(view, basis=basis).unfiltered for basis in bases())
    return pd.concat([rows[rows["kind"] == OVERALL] for rows in every])


def next_level(view: View, level: object) -> str | None:
    """The level after one; None after the highest, the first where there is none."""
    ids = [one.id for one in view.framework.levels]
    place = ids.index(level) + 1 if isinstance(level, str) and level in ids else 0
    return ids[place] if place < len(ids) else None


def signed(value: float, t: Translator) -> str:
    """A difference with its sign; none on what is shown as 0."""
    return Scale(0, 1, (), "", signed=True).words(value, t)


def link(view: View, page: str, **whose: str) -> str:
    """A page as the paper is of it; "" where the installation does not say where people open it."""
    chosen = {NAMES[name]: one for name in OF_LINK if (one := getattr(view, name))} | whose
    where = read_settings().address
    return f"{where}/{page}?{urlencode(chosen)}" if where else ""
