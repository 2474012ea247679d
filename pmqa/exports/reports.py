"""What a report is before any format: pages with lines and a chart or a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import pandas as pd

from pmqa.charts.drawing import Drawing
from pmqa.exports.drawings import in_one_look
from pmqa.exports.stamp import Stamp

NUMBER: Final = r"[+−-]?\d[\d,]*(\.\d+)?%?\*?|[–-]?"  # or a dash or nothing where there is none
MOST_ROWS_PRINTED: Final = 10  # of a figure on a sheet of A4 landscape


@dataclass(frozen=True)
class Tinted:
    """A cell of a page's table on a colour of its own."""

    text: str
    fill: str
    ink: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Page:
    """One page. table: headings as columns, values worded. chart: its headline is its own.

    topic: what the title is about, with basis, year, edition and n: small below it. second: another table below the
    first, or beside it. spoken: what the speaker is to say, on slides. on_paper: whether a deck leaves it out, as its
    first slides say it. cover: whether it is the first of a deck, title and lines alone. link: what a code on it opens.
    """

    title: str
    lines: tuple[str, ...] = ()
    table: pd.DataFrame | None = None
    chart: Drawing | None = None
    spoken: str = ""
    cover: bool = False
    link: str = ""
    topic: str = ""
    second: pd.DataFrame | None = None
    beside: bool = False
    on_paper: bool = False


class Summary(NamedTuple):
    """What stands before the pages of a report: on paper a sheet, as data/typst/agency.typ takes it, or as slides."""

    sheet: Mapping[str, Any]
    slides: tuple[Page, ...]


NO_SUMMARY: Final = Summary({}, ())


@dataclass(frozen=True)
class Report:
    """A report as pages; stamp.title is its name."""

    stamp: Stamp
    pages: tuple[Page, ...]
    summary: Summary = NO_SUMMARY

    def drawn(self) -> Iterator[Page]:
        """The pages as they are drawn: an agency has one colour in all of them."""
        drawings = iter(in_one_look([page.chart for page in self.pages if page.chart is not None]))
        return (page if page.chart is None else replace(page, chart=next(drawings)) for page in self.pages)


def of_numbers(words: pd.Series[Any]) -> bool:
    """Whether a column of a page's table is of numbers, worded: they stand below each other by their last digits."""
    said = words.astype("str")
    return bool(said.str.fullmatch(NUMBER).all() and said.str.contains(r"\d").any())
