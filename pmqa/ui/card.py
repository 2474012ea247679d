"""What a part of a page hands over to be drawn: a card with its columns, or a number above the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from pmqa.charts.drawing import Drawing

# How a column is shown. text: a word or a name; long: sentences, which must wrap between words; id: only in downloads;
# score: points, one decimal; index: two; percent: a share of 0..1; rate: percent already; count, value: numbers as they
# are.
Kind = Literal["text", "long", "id", "score", "index", "percent", "rate", "count", "value"]


@dataclass(frozen=True)
class Column:
    """A column of a card's table: its name in the frame, its heading, how it is shown."""

    name: str
    label: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Card:
    """A table, and the drawing that shows it.

    title: its topic; its headline is the drawing's finding.

    table: ids and full precision; columns: what of it is shown, in order. n: agencies in it, None where that means
    nothing. notes: for below the table. of_scores: whether basis, year and filters concern it; the table of the
    framework's items is the same in every year.
    numbers: NUMBERS of pmqa.ui.tracing, the scores in it that can be traced; None where there is none.
    fiscal_year: in words, where it shows more than the view's year.
    """

    title: str
    table: pd.DataFrame
    columns: tuple[Column, ...]
    n: int | None
    notes: tuple[str, ...] = ()
    of_scores: bool = True
    numbers: pd.DataFrame | None = None
    fiscal_year: str = ""
    drawing: Drawing | None = None

    @property
    def headline(self) -> str:
        """What it shows in one sentence; of a table alone its topic."""
        return self.drawing.finding if self.drawing else self.title


@dataclass(frozen=True)
class Metric:
    """A number above a page: its label (with n, where it is of many), and what to know about it."""

    label: str
    value: str
    help: str | None = None
