"""Cards: a chart with its table, or a table alone, drawn once per view and replayed on later reruns, with downloads.

A page hands over a function that makes the card from the view; it is called only when the view, the arguments or the
function changed, and once more when somebody clicks a download.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, NamedTuple

import pandas as pd
import streamlit as st

from pmqa.charts import figure_config
from pmqa.charts.render import figure as figure_of
from pmqa.charts.render import headings_of
from pmqa.charts.render.wording import alt
from pmqa.errors import CardGone
from pmqa.exports import file_name
from pmqa.shown import rounded_each, rounded_share
from pmqa.text import MISSING
from pmqa.ui.downloads import MIME, Shown, drawn_on_page, offer
from pmqa.ui.noting import noted
from pmqa.ui.tracing import offer_traces
from pmqa.views.address import Address, address
from pmqa.views.building import card_of
from pmqa.views.cards import Card, Column, Kind, Metric, known_cards
from pmqa.views.files import name_of, stamp
from pmqa.views.memory import shared
from pmqa.views.numbers import no_numbers
from pmqa.views.view import View
from pmqa.views.wide import worded
from pmqa.views.words import plain

TALLEST: Final = 1800  # px of a chart that stands in the page as it is: about sixty agencies
SCROLLED: Final = 900  # of which a low screen shows eight tenths
# A chart right before another: the headings of its columns, laid over them, where they stay while the rows scroll.
HEADINGS: Final = ".stElementContainer:has(.stPlotlyChart):has(+ .stElementContainer .stPlotlyChart)"
HEADED: Final = ".stElementContainer + .stElementContainer .stPlotlyChart"
NUMERIC: Final = ("score", "index", "percent", "rate", "count", "value")  # kinds of columns
ENDS_ALIKE: Final = "text-align: right !important; font-variant-numeric: tabular-nums;"


class _Drawn(NamedTuple):
    """What was drawn of a card, for what is drawn after it."""

    title: str
    has_chart: bool
    has_numbers: bool
    styles: str  # CSS within the card


Build = Callable[..., Card]


def show(view: View, card: str, *, named: str = "", narrow: bool = False, **choices: Any) -> None:
    """Draw the card of this id with these choices, and its downloads; a sentence in its place where it is not there.

    named: what it is called within its page, where that is not the end of its id; a test finds it as
    `.st-key-card-<name>`. narrow: whether its chart stands beside something else. choices: hashable; they and the view
    decide whether the card is drawn anew.
    """
    of = address(card, view, choices)
    make = known_cards()[card].make
    _show(view, named or card.partition(".")[2], make, card_of, (card, of.choices), of, narrow=narrow)


def show_built(view: View, name: str, build: Build, *args: Any) -> None:
    """Draw the card that `build(view, *args)` makes, of a running upload: it has no address."""
    _show(view, name, build, build, args)


def _show(
    view: View,
    name: str,
    written: Build,
    build: Build,
    args: tuple[Any, ...],
    of: Address | None = None,
    *,
    narrow: bool = False,
) -> None:
    """written: the function whose change draws the card anew."""
    light = replace(view, theme="light")
    with st.container(border=True, key=f"card-{name}"):
        try:
            drawn = _draw(_key(view, name, written, (*args, narrow)), view, build, args, narrow)
        except CardGone as gone:
            st.info(plain(str(gone)), icon=":material/info:")
            return
        _finish(light, name, drawn, lambda: build(light, *args), lambda: _numbers(light, build, args), of)


def show_card(view: View, name: str, card: Card) -> None:
    """Draw a card that is at hand already, on every run anew: for what is of this visit only, such as an upload."""
    with st.container(border=True, key=f"card-{name}"):
        _finish(replace(view, theme="light"), name, _contents(view, card), lambda: card, lambda: _traceable(card))


def download(
    name: str,
    label: str,
    parts: tuple[object, ...],
    contents: Callable[[], bytes],
    *,
    main: bool = False,
    form: str = "xlsx",
) -> None:
    """A button for a file that is made on the click.

    parts: of the file's name. contents: with all that it needs bound. main: whether it is what the page is for.
    form: a key of MIME.
    """
    whole = file_name(parts, form)
    st.download_button(
        label,
        noted(whole, contents),
        file_name=whole,
        mime=MIME[form],
        key=f"download-{name}",
        on_click="ignore",
        icon=":material/download:",
        type="primary" if main else "secondary",
    )


def show_metrics(view: View, name: str, build: Callable[..., list[Metric]], *args: Any) -> None:
    """The numbers that `build(view, *args)` gives, side by side."""
    with st.container(key=f"metrics-{name}"):
        _draw_metrics(_key(view, name, build, args), view, build, args)


def _key(view: View, name: str, build: Callable[..., Any], args: tuple[Any, ...]) -> str:
    """All that what is drawn depends on, in one text: Streamlit hashes the parts of anything else one by one."""
    return repr((view.key, name, _written(build), args))


@lru_cache(maxsize=256)
def _written(build: Callable[..., Any]) -> str:
    """Names a function as it is written: what an earlier version of it drew is not shown after an update."""
    return hashlib.sha256(marshal.dumps(build.__code__)).hexdigest()


@st.cache_data(show_spinner=False, max_entries=512)
def _draw_metrics(key: str, _view: View, _build: Callable[..., list[Metric]], _args: tuple[Any, ...]) -> None:  # noqa: ARG001
    metrics = _build(_view, *_args)
    for column, metric in zip(st.columns(len(metrics)), metrics, strict=True):
        column.metric(plain(metric.label), metric.value, help=metric.help, border=True, height="stretch")


@st.cache_data(show_spinner=False, max_entries=512)
def _draw(key: str, _view: View, _build: Build, _args: tuple[Any, ...], _narrow: bool) -> _Drawn:  # noqa: ARG001
    """The parts that can be replayed: no widgets, no styles."""
    card = _build(_view, *_args)
    if _narrow and card.drawing is not None:
        card = replace(card, drawing=replace(card.drawing, narrow=True))
    return _contents(_view, card)


def _contents(view: View, card: Card) -> _Drawn:
    figure = None
    if card.drawing is None:
        _table(view, card)
    else:
        figure = figure_of(card.drawing, view.t, view.theme)
        _chart_and_table(view, card, figure, alt(card.drawing))
    if notes := notes_below(card):
        st.caption("\n\n".join(plain(note) for note in notes))  # one element: each costs every rerun
    styles = _widths(card) + _scrolling(figure)
    return _Drawn(card.title, card.drawing is not None, card.numbers is not None, styles)


def notes_below(card: Card) -> tuple[str, ...]:
    """What is said below a card; of a drawing without notes its details, which else only a screen reader would tell."""
    return card.notes or (card.drawing.details if card.drawing else ())


@shared(most=64)
def _numbers(view: View, build: Build, args: tuple[Any, ...]) -> pd.DataFrame:
    """NUMBERS of a card, kept: its menu asks for them on every run while it is open."""
    return _traceable(build(view, *args))


def _traceable(card: Card) -> pd.DataFrame:
    return no_numbers() if card.numbers is None else card.numbers


def _finish(
    view: View,
    name: str,
    drawn: _Drawn,
    card: Callable[[], Card],
    numbers: Callable[[], pd.DataFrame],
    of: Address | None = None,
) -> None:
    if drawn.styles:
        st.html(f"<style>.st-key-card-{name} {{ {drawn.styles} }}</style>")
    shown = Shown(view, name, drawn.title, drawn.has_chart, card, of)
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"):
        if drawn.has_numbers:
            offer_traces(view, name, numbers)
        offer(view, shown)
    drawn_on_page(shown)


def _chart_and_table(view: View, card: Card, figure: Any, said: str) -> None:
    chart, table = st.tabs([view.t("ui.tab_chart"), view.t("ui.tab_table")])
    height = _height_of(figure)
    # A chart of hundreds of rows scrolls by itself, so that what stands below it stays within reach.
    scrolls = st.container(height=SCROLLED, border=False, gap=None) if height > TALLEST else nullcontext()
    with chart, scrolls:
        if headings := _headings(figure):
            strip, _ = headings
            still = {"displayModeBar": False, "responsive": True}
            st.plotly_chart(strip, theme=None, config=still, alt=view.t("ui.headings"), height=int(strip.layout.height))
        st.plotly_chart(
            figure,
            theme=None,
            config=figure_config(name_of(view, card.title), view.language),
            alt=said,
            height=height,
        )
    with table:
        _table(view, card)


def _height_of(figure: Any) -> int:
    return int(figure.layout.height or 450)


def _headings(figure: Any) -> tuple[Any, int] | None:
    """Of a chart that scrolls: the headings of its columns, and the pixels above them."""
    if figure is None or _height_of(figure) <= TALLEST:
        return None
    return headings_of(figure)


def _scrolling(figure: Any) -> str:
    """CSS for headings that stay while the rows scroll."""
    headings = _headings(figure)
    if headings is None:
        return ""
    strip, above = headings
    return (
        f":has(> {HEADED}), :has(> * > {HEADED}) {{ max-height: 80vh; }} "
        f"{HEADINGS} {{ position: sticky; top: 0; z-index: 1; pointer-events: none; "
        f"margin: {above}px 0 -{above + int(strip.layout.height)}px; }}"
    )


def _table(view: View, card: Card) -> None:
    st.markdown(f"**{plain(card.headline)}**")
    topic = [card.title] if card.drawing else []
    st.caption(" · ".join(plain(line) for line in (*topic, *stamp(view, card).lines()[:1]) if line))
    shown = _shown(card)
    if card.table.empty:
        st.markdown(MISSING)  # Streamlit's own word for it is English; the card's notes say why
    elif _has_sentences(card):
        words = pd.DataFrame({column.label: _as_words(view, card.table[column.name], column.kind) for column in shown})
        st.table(words, hide_index=True, border="horizontal", alt=card.title)
    else:
        st.dataframe(
            pd.DataFrame({column.label: _as_values(card.table[column.name], column.kind) for column in shown}),
            hide_index=True,
            placeholder=MISSING,
            alt=card.title,
            column_config={column.label: _config(column) for column in shown},
        )


def _shown(card: Card) -> tuple[Column, ...]:
    return tuple(column for column in card.columns if column.kind != "id")


def _has_sentences(card: Card) -> bool:
    return any(column.kind == "long" for column in card.columns)


def _widths(card: Card) -> str:
    """CSS for a table with sentences: they get room, what is short stays on one line, numbers end below each other."""
    if not _has_sentences(card):
        return ""
    return " ".join(_width(number, column.kind) for number, column in enumerate(_shown(card), 1))


def _width(number: int, kind: Kind) -> str:
    rule = "min-width: 8rem;" if kind == "long" else "white-space: nowrap;"
    css = f"td:nth-of-type({number}), td:nth-of-type({number}) p {{ {rule} }}"
    if kind in NUMERIC:  # as words, they stand to the left by a style of their own
        css += f" :is(td, th):nth-of-type({number}) {{ {ENDS_ALIKE} }}"
    return css


def _as_words(view: View, values: pd.Series[Any], kind: Kind) -> list[str]:
    words = worded(view.t, values, kind)
    return words if kind in NUMERIC else [plain(word) for word in words]


def _as_values(values: pd.Series[Any], kind: Kind) -> pd.Series[Any]:
    if kind in ("score", "rate"):
        return rounded_each(values)
    if kind == "index":
        return rounded_each(values, 2)
    return rounded_each(values.map(rounded_share) * 100, 0) if kind == "percent" else values


def _config(column: Column) -> Any:
    formats: Mapping[Kind, str] = {"score": "%.1f", "index": "%.2f", "percent": "%d%%", "rate": "%.1f%%", "count": "%d"}
    if column.kind == "text":
        return st.column_config.TextColumn()
    return st.column_config.NumberColumn(format=formats.get(column.kind))
