"""Cards: a chart with its table, or a table alone, drawn once per view and replayed on later reruns, with downloads.

A page hands over a function that makes the card from the view; it is called only when the view, the arguments or the
function changed, and once more when somebody clicks a download.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple
from zlib import crc32

import pandas as pd
import streamlit as st

from pmqa.charts import figure_config
from pmqa.charts.cutting import rows_of
from pmqa.charts.drawing import Drawing
from pmqa.charts.render import figure as figure_of
from pmqa.charts.render.wording import alt
from pmqa.errors import CardGone
from pmqa.exports import file_name
from pmqa.shown import rounded_each, rounded_share
from pmqa.text import MISSING
from pmqa.ui import drilling
from pmqa.ui.downloads import Shown, drawn_on_page, offer, take_file
from pmqa.ui.looks import NUMERIC, SCROLLED, TALLEST, columns_shown, css_of, has_sentences, headings, height_of
from pmqa.ui.options import are_many
from pmqa.ui.rows import (
    DRAWN,
    WRAPPED,
    Whole,
    chart_rows,
    figure_of_rows,
    names_of_many,
    sentences,
    table_rows,
)
from pmqa.ui.screen import Screen, fitting, screen
from pmqa.ui.tracing import offer_traces
from pmqa.views.address import Address, address
from pmqa.views.behind import RowsBehind, Subject, asked_for, has_marks_behind, mark_behind, rows_behind
from pmqa.views.building import card_of
from pmqa.views.cards import Card, Column, Kind, Metric, known_cards
from pmqa.views.files import name_of, stamp
from pmqa.views.guide import meaning_of
from pmqa.views.memory import shared
from pmqa.views.numbers import no_numbers
from pmqa.views.told import on_page
from pmqa.views.view import View
from pmqa.views.wide import worded
from pmqa.views.words import plain

NOBODY: Final = Subject("")  # of a card that has no address


class _Table(NamedTuple):
    """A card's table as it is drawn. words: whether it holds sentences, and so is worded and wraps.

    said: what stands above it. rows: what is behind each row, () = nothing. opens: whether anything is behind any:
    of thousands with nothing behind them, only all of them would show it.
    """

    frame: pd.DataFrame
    words: bool
    config: Mapping[str, Any]
    alt: str
    said: tuple[str, str]
    rows: Sequence[Subject | None]
    opens: bool
    row_height: int | None


class _Parts(NamedTuple):
    """What is drawn of a card, kept: the figure, the table, and what a click leads to.

    figure, drawing: None where it has no chart. drawing: without its marks; of what its ids are. marks: whether
    something is behind them. styles: CSS within the card. many: the names of its rows, where the figure is of the
    first of them alone; of others it is drawn from `whole`.
    """

    title: str
    figure: Any
    alt: str
    drawing: Drawing | None
    marks: bool
    table: _Table
    notes: str
    styles: str
    has_numbers: bool
    many: pd.DataFrame | None = None
    whole: Whole | None = None

    @property
    def has_chart(self) -> bool:
        return self.figure is not None

    @property
    def opens(self) -> bool:
        """Whether a click in it opens what is behind."""
        return self.marks or self.table.opens


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
    light, whole = replace(view, theme="light"), asked_for({} if of is None else dict(of.choices))
    with st.container(border=True, key=f"card-{name}"):
        room = (screen(), narrow)
        key = _key(view, name, written, (*args, *room))
        try:
            parts = _parts(key, view, build, args, room, whole)
        except CardGone as gone:
            st.info(plain(str(gone)), icon=":material/info:")
            return
        if parts.opens or parts.many is not None or are_many(parts.table.frame):
            _draw(view, name, parts, whole)
        else:
            _replay(key, view, name, parts)
        _finish(light, name, parts, lambda: build(light, *args), lambda: _numbers(light, build, args), of)


def show_card(view: View, name: str, card: Card) -> None:
    """Draw a card that is at hand already, on every run anew: for what is of this visit only, such as an upload."""
    with st.container(border=True, key=f"card-{name}"):
        parts = _parts_of(view, card, NOBODY, (screen(), False))
        _draw(view, name, parts, NOBODY)
        _finish(replace(view, theme="light"), name, parts, lambda: card, lambda: _traceable(card))


def show_table(view: View, name: str, card: Card) -> None:
    """Draw a table alone, on every run anew, below what says what it is of; its rows open what is behind them."""
    parts = _parts_of(view, card, NOBODY, (screen(), False))
    with st.container(key=f"table-{name}"):
        if parts.styles:
            st.html(f"<style>.st-key-table-{name} {{ {parts.styles} }}</style>")
        _table(view, name, parts.table._replace(said=(f"**{plain(card.title)}**", "")))
        if parts.notes:
            st.caption(parts.notes)


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
    take_file(label, file_name(parts, form), contents, name, type="primary" if main else "secondary")


def show_metrics(view: View, name: str, build: Callable[..., list[Metric]], *args: Any) -> None:
    """The numbers that `build(view, *args)` gives, side by side."""
    with st.container(key=f"metrics-{name}"):
        _draw_metrics(_key(view, name, build, args), view, build, args)


def _key(view: View, name: str, build: Callable[..., Any], args: tuple[Any, ...]) -> str:
    """All that what is drawn depends on, in one text: Streamlit hashes the parts of anything else one by one."""
    return repr((view.key, name, _digest_of(build), args))


@lru_cache(maxsize=256)
def _digest_of(build: Callable[..., Any]) -> str:
    """Names a function as it is written: what an earlier version of it drew is not shown after an update."""
    return hashlib.sha256(marshal.dumps(build.__code__)).hexdigest()


@st.cache_data(show_spinner=False, max_entries=512)
def _draw_metrics(key: str, _view: View, _build: Callable[..., list[Metric]], _args: tuple[Any, ...]) -> None:  # noqa: ARG001
    metrics = _build(_view, *_args)
    for column, metric in zip(st.columns(len(metrics)), metrics, strict=True):
        column.metric(
            plain(metric.label),
            metric.value,
            help=metric.help or meaning_of(metric.label),
            border=True,
            height="stretch",
        )


@st.cache_resource(show_spinner=False, max_entries=256)
def _parts(
    key: str,  # noqa: ARG001
    _view: View,
    _build: Build,
    _args: tuple[Any, ...],
    _room: tuple[Screen, bool],
    _whole: Subject,
) -> _Parts:
    return _parts_of(_view, _build(_view, *_args), _whole, _room)


def _parts_of(view: View, card: Card, whole: Subject, room: tuple[Screen, bool]) -> _Parts:
    on, narrow = room
    every = drawing = None if card.drawing is None else fitting(card.drawing, on, narrow=narrow)
    many = names_of_many(every)
    if every is not None and many is not None:
        drawing = rows_of(every, range(DRAWN))
    figure = None if drawing is None else figure_of(drawing, view.t, view.theme)
    marks = drawing is not None and has_marks_behind(view, drawing, whole)
    return _Parts(
        card.title,
        figure,
        "" if drawing is None else alt(drawing),
        None if drawing is None else replace(drawing, layers=()),
        marks,
        _table_of(view, card, rows_behind(view, card, whole)),
        # One element: each costs every rerun.
        "  \n".join([*map(plain, notes_below(card)), *([view.t("drill.click_chart")] if marks else [])]),
        css_of(view, card, figure),
        card.numbers is not None,
        many,
        None if many is None or every is None else Whole(every),
    )


def _draw(view: View, name: str, parts: _Parts, whole: Subject) -> None:
    if parts.has_chart:
        _chart_and_table(view, name, parts, whole)
    else:
        _table(view, name, parts.table)
    if parts.notes:
        st.caption(parts.notes)


@st.cache_data(show_spinner=False, max_entries=512)
def _replay(key: str, _view: View, _name: str, _parts: _Parts) -> None:  # noqa: ARG001
    """What no click leads away from is replayed: widgets could not be."""
    _draw(_view, _name, _parts, NOBODY)


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
    drawn: _Parts,
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


def _chart_and_table(view: View, name: str, parts: _Parts, whole: Subject) -> None:
    chart, table = st.tabs([view.t("ui.tab_chart"), view.t("ui.tab_table")])
    with chart:
        figure, drawing = _drawn(view, name, parts)
    height = height_of(figure)
    # A chart of hundreds of rows scrolls by itself, so that what stands below it stays within reach.
    scrolls = st.container(height=SCROLLED, border=False, gap=None) if height > TALLEST else nullcontext()
    with chart, scrolls:
        if head := headings(figure):
            strip, _ = head
            still = {"displayModeBar": False, "responsive": True}
            st.plotly_chart(strip, theme=None, config=still, alt=view.t("ui.headings"), height=int(strip.layout.height))
        config = figure_config(name_of(view, parts.title), view.language)
        if parts.marks and drawing is not None:
            behind = partial(mark_behind, view, drawing, whole)
            drilling.chart(figure, name, behind, config=config, alt=parts.alt, height=height)
        else:
            st.plotly_chart(figure, theme=None, config=config, alt=parts.alt, height=height)
    with table:
        _table(view, name, parts.table)


def _drawn(view: View, name: str, parts: _Parts) -> tuple[Any, Drawing | None]:
    """The figure and its drawing; of very many rows, of those that are asked for."""
    if parts.many is None or parts.whole is None:
        return parts.figure, parts.drawing
    places = chart_rows(view.t, name, parts.many)
    if places == list(range(DRAWN)):
        return parts.figure, parts.drawing
    return figure_of_rows(view, parts.whole, tuple(places))


def _table_of(view: View, card: Card, rows: RowsBehind) -> _Table:
    headline = on_page(card, view.t)
    topic = [card.title] if headline != card.title else []
    said = " · ".join(plain(line) for line in (*topic, *stamp(view, card).lines()[:1]) if line)
    shown, words = columns_shown(card), has_sentences(card)
    as_shown = partial(_as_words, view) if words else _as_values
    frame = pd.DataFrame({column.label: as_shown(card.table[column.name], column.kind) for column in shown})
    wraps = () if words else sentences(frame)
    config = {} if words else {column.label: _config(column, wraps=column.label in wraps) for column in shown}
    height = WRAPPED if wraps else None
    return _Table(frame, words, config, card.title, (f"**{plain(headline)}**", said), rows, any(rows), height)


def _table(view: View, name: str, table: _Table) -> None:
    opens = table.opens and not table.words
    headline, said = table.said
    st.markdown(headline)
    if below := "  \n".join(line for line in (said, view.t("drill.click_table") if opens else "") if line):
        st.caption(below)
    places = table_rows(view.t, name, table.frame)
    if places is not None:
        rows = tuple(table.rows[place] for place in places) if table.rows else ()
        table = table._replace(frame=table.frame.iloc[places], rows=rows)
        name = f"{name}-{crc32(places.tobytes())}"  # of other rows it is another table: none of them is ticked
    as_it_is: dict[str, Any] = {
        "hide_index": True,
        "placeholder": MISSING,
        "alt": table.alt,
        "row_height": table.row_height,
    }
    if table.frame.empty:
        st.markdown(MISSING)  # Streamlit's own word for it is English; the card's notes say why
    elif table.words:
        st.table(table.frame, hide_index=True, border="horizontal", alt=table.alt)
        if any(table.rows):
            drilling.choice(view, name, table.rows)
    elif opens:
        drilling.table(table.frame, name, table.rows, column_config=table.config, **as_it_is)
    else:
        st.dataframe(table.frame, column_config=table.config, **as_it_is)


def _as_words(view: View, values: pd.Series[Any], kind: Kind) -> list[str]:
    words = worded(view.t, values, kind)
    return words if kind in NUMERIC else [plain(word) for word in words]


def _as_values(values: pd.Series[Any], kind: Kind) -> pd.Series[Any]:
    if kind in ("score", "rate"):
        return rounded_each(values)
    if kind == "index":
        return rounded_each(values, 2)
    if kind != "percent":
        return values
    shares = {share: rounded_share(share) for share in values.dropna().unique().tolist()}
    return rounded_each(values.map(shares).astype("float64") * 100, 0)


def _config(column: Column, *, wraps: bool) -> Any:
    formats: Mapping[Kind, str] = {"score": "%.1f", "index": "%.2f", "percent": "%d%%", "rate": "%.1f%%", "count": "%d"}
    says = meaning_of(column.label)
    if column.kind == "text":
        return st.column_config.TextColumn(help=says, width="large" if wraps else None)
    return st.column_config.NumberColumn(format=formats.get(column.kind), help=says)
