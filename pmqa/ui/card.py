"""What a part of a page hands over to be drawn: a card with its columns, or a number above the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from pmqa.charts.drawing import Drawing
from pmqa.charts.palette import Theme
from pmqa.charts.render import figure as drawn
from pmqa.charts.render.wording import alt as worded
from pmqa.exports import NativeChart
from pmqa.text import Translator

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
    nothing. alt: the figure's finding in words. notes: for below the table; a figure without any is read out by its
    `alt`. of_scores: whether basis, year and filters concern it; the table of the framework's items is the same in
    every year. native: the figure as a chart that Excel and PowerPoint can edit, made when somebody downloads it.
    numbers: NUMBERS of pmqa.ui.tracing, the scores in it that can be traced; None where there is none.
    fiscal_year: in words, where it shows more than the view's year.
    """

    title: str
    table: pd.DataFrame
    columns: tuple[Column, ...]
    n: int | None
    figure: Any = None
    alt: str = ""
    notes: tuple[str, ...] = ()
    of_scores: bool = True
    native: Callable[[], NativeChart] | None = None
    numbers: pd.DataFrame | None = None
    fiscal_year: str = ""
    drawing: Drawing | None = None

    @property
    def has_figure(self) -> bool:
        """Whether there is more than a table."""
        return self.drawing is not None or self.figure is not None

    @property
    def headline(self) -> str:
        """What it shows in one sentence; of a table alone its topic."""
        return self.drawing.finding if self.drawing else self.title

    @property
    def words(self) -> str:
        """The figure's alternative text."""
        return worded(self.drawing) if self.drawing else self.alt

    def figure_in(self, t: Translator, theme: Theme) -> Any:
        """The figure, for a screen's theme."""
        return drawn(self.drawing, t, theme) if self.drawing else self.figure

    def editable(self) -> NativeChart | Drawing | None:
        """The chart that Excel and PowerPoint can edit."""
        return self.drawing or (self.native() if self.native else None)


@dataclass(frozen=True)
class Metric:
    """A number above a page: its label (with n, where it is of many), and what to know about it."""

    label: str
    value: str
    help: str | None = None
