"""The CSS of a card: columns as wide as their words need, headings that stay while rows scroll, all of it on paper."""

from __future__ import annotations

import json
from typing import Any, Final

from pmqa.charts.render import headings_of
from pmqa.views.cards import Card, Column, Kind
from pmqa.views.view import View

TALLEST: Final = 1800  # px of a chart that stands in the page as it is: about sixty agencies
SCROLLED: Final = 900  # of which a low screen shows eight tenths
# A chart right before another: the headings of its columns, laid over them, where they stay while the rows scroll.
HEADINGS: Final = ".stElementContainer:has(.stPlotlyChart):has(+ .stElementContainer .stPlotlyChart)"
HEADED: Final = ".stElementContainer + .stElementContainer .stPlotlyChart"
WHOLE: Final = "height: auto !important; max-height: none; overflow: visible; display: block;"
CUT: Final = "break-inside: auto !important;"  # where a page ends
SEEN: Final = 10  # rows of a table on a canvas, of which paper has only what the screen shows
NUMERIC: Final = ("score", "index", "percent", "rate", "count", "value")  # kinds of columns
ENDS_ALIKE: Final = "text-align: right !important; font-variant-numeric: tabular-nums;"


def css_of(view: View, card: Card, figure: Any) -> str:
    """Rules for what is in a card's container; figure: None where it has no chart."""
    return _widths(card) + _scrolling(figure) + _cut_on_paper(view, card)


def columns_shown(card: Card) -> tuple[Column, ...]:
    """The columns of a card's table that a page shows."""
    return tuple(column for column in card.columns if column.kind != "id")


def has_sentences(card: Card) -> bool:
    """Whether a card's table has what no line would hold: it is written out then, row by row."""
    return any(column.kind == "long" for column in card.columns)


def height_of(figure: Any) -> int:
    """Pixels."""
    return int(figure.layout.height or 450)


def headings(figure: Any) -> tuple[Any, int] | None:
    """Of a chart that scrolls: the headings of its columns, and the pixels above them."""
    if figure is None or height_of(figure) <= TALLEST:
        return None
    return headings_of(figure)


def _scrolling(figure: Any) -> str:
    """Headings that stay while the rows scroll; on paper, all rows from page to page."""
    found = headings(figure)
    if found is None:
        return ""
    strip, above = found
    scrolls = f":has(> {HEADED}), :has(> * > {HEADED})"
    return (
        f"{scrolls} {{ max-height: 80vh; }} "
        f"@media print {{ {scrolls} {{ {WHOLE} }} {HEADINGS} {{ display: none; }} {HEADED} {{ {CUT} }} }} "
        f"{HEADINGS} {{ position: sticky; top: 0; z-index: 1; pointer-events: none; "
        f"margin: {above}px 0 -{above + int(strip.layout.height)}px; }}"
    )


def _cut_on_paper(view: View, card: Card) -> str:
    """What says on paper that a table goes on."""
    if has_sentences(card) or len(card.table) <= SEEN:
        return ""
    words = json.dumps(view.t("ui.rows_on_paper", n=view.t.number(len(card.table), 0)), ensure_ascii=False)
    return f'@media print {{ [data-testid="stDataFrame"]::after {{ content: {words}; font-size: 0.9rem; }} }}'


def _widths(card: Card) -> str:
    """For a table with sentences: they get room, what is short stays on one line, numbers end below each other."""
    if not has_sentences(card):
        return ""
    return " ".join(_width(number, column.kind) for number, column in enumerate(columns_shown(card), 1))


def _width(number: int, kind: Kind) -> str:
    rule = "min-width: 8rem;" if kind == "long" else "white-space: nowrap;"
    css = f"td:nth-of-type({number}), td:nth-of-type({number}) p {{ {rule} }}"
    if kind in NUMERIC:  # as words, they stand to the left by a style of their own
        css += f" :is(td, th):nth-of-type({number}) {{ {ENDS_ALIKE} }}"
    return css
