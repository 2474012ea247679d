"""Cards: a chart with its table, or a table alone, drawn once per view and replayed on later reruns, with downloads.

A page hands over a function that makes the card from the view; it is called only when the view, the arguments or the
function changed, and once more when somebody clicks a download.
"""

from __future__ import annotations

import datetime as dt
import marshal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Any, Final, Literal

import pandas as pd
import streamlit as st

from pmqa.charts import figure_config
from pmqa.exports import Stamp, file_name, to_csv, to_xlsx
from pmqa.scoring import rounded
from pmqa.text import BANGKOK, MISSING
from pmqa.ui.view import HASHES, View
from pmqa.ui.words import plain

# How a column is shown. text: a word or a name; long: sentences, which must wrap between words; id: only in downloads;
# score: points, one decimal; percent: a share of 0..1; rate: percent already; count, value: numbers as they are.
Kind = Literal["text", "long", "id", "score", "percent", "rate", "count", "value"]
ON_SHEET: Final[Mapping[Kind, str]] = {"percent": "0%", "score": "0.0", "rate": "0.0", "value": "General"}
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TALLEST_TABLE: Final = 480  # px; longer ones scroll


@dataclass(frozen=True)
class Column:
    """A column of a card's table: its name in the frame, its heading, how it is shown."""

    name: str
    label: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Card:
    """A table, and the figure that shows it.

    table: ids and full precision; columns: what of it is shown, in order. n: agencies in it, None where that means
    nothing. alt: the figure's finding in words. notes: for below the table. of_scores: whether basis, year and filters
    concern it; the table of the framework's items is the same in every year.
    """

    title: str
    table: pd.DataFrame
    columns: tuple[Column, ...]
    n: int | None
    figure: Any = None
    alt: str = ""
    notes: tuple[str, ...] = ()
    of_scores: bool = True


Build = Callable[..., Card]
Extra = tuple[str, str, str, Callable[[], bytes]]  # label, file suffix, mime, contents


def show(view: View, name: str, build: Build, *args: Any, extra: Extra | None = None) -> None:
    """Draw the card that `build(view, *args)` makes.

    name: of the card within its page; a test finds it as `.st-key-card-<name>`. args: hashable, they and the view
    decide whether the card is drawn anew. extra: one more download beside csv and xlsx.
    """
    with st.container(border=True, key=f"card-{name}"):
        title = _draw(view, name, marshal.dumps(_code(build)), args, _build=build)
        with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
            _download(view, name, title, "CSV", "csv", "text/csv", lambda: card_csv(view, build(view, *args)))
            _download(view, name, title, "XLSX", "xlsx", XLSX, lambda: card_xlsx(view, build(view, *args)))
            if extra:
                label, suffix, mime, contents = extra
                _download(view, name, title, label, suffix, mime, contents, key=f"{name}-extra")


def card_csv(view: View, card: Card) -> bytes:
    """The card's table, full precision, headed in the view's language."""
    return to_csv(_labelled(card), card.title, stamp(view, card))


def card_xlsx(view: View, card: Card) -> bytes:
    """The card's table as a workbook."""
    formats = {column.label: ON_SHEET[column.kind] for column in card.columns if column.kind in ON_SHEET}
    return to_xlsx({card.title: _labelled(card)}, stamp(view, card), formats)


def stamp(view: View, card: Card) -> Stamp:
    """What a download of the card says about itself."""
    return Stamp(
        title=card.title,
        basis=view.basis_name if card.of_scores else "",
        fiscal_year=view.t.year(view.fiscal_year) if card.of_scores else "",
        edition=f"{view.edition} {view.framework.version}",
        n=card.n,
        filters=view.filters if card.of_scores else "",
        data_version=view.version.rpartition("@")[2],
        made_on=dt.datetime.now(BANGKOK).date(),
        language=view.language,
    )


@st.cache_data(show_spinner=False, max_entries=512, hash_funcs=HASHES)
def _draw(view: View, name: str, code: bytes, args: tuple[Any, ...], _build: Build) -> str:
    """The parts that are no widgets. `code` draws the card anew when its function was edited. Returns the title."""
    card = _build(view, *args)
    if card.figure is None:
        st.markdown(f"**{plain(card.title)}**")
        _table(view, card)
        return card.title
    chart, table = st.tabs([view.t("ui.tab_chart"), view.t("ui.tab_table")])
    with chart:
        st.plotly_chart(
            card.figure,
            theme=None,
            config=figure_config(_file_name(view, card.title), view.language),
            alt=card.alt,
            height=int(card.figure.layout.height or 450),
        )
    with table:
        st.markdown(f"**{plain(card.title)}**")
        _table(view, card)
    return card.title


def _table(view: View, card: Card) -> None:
    st.caption(" · ".join(plain(line) for line in stamp(view, card).lines()[:1] if line))
    shown = tuple(column for column in card.columns if column.kind != "id")
    if any(column.kind == "long" for column in shown):
        words = pd.DataFrame({column.label: _as_words(view, card.table[column.name], column.kind) for column in shown})
        tall = len(words) > LONGEST_OPEN_TABLE
        st.table(
            words, hide_index=True, border="horizontal", alt=card.title, height=TALLEST_TABLE if tall else "content"
        )
    else:
        st.dataframe(
            pd.DataFrame({column.label: _as_values(card.table[column.name], column.kind) for column in shown}),
            hide_index=True,
            placeholder=MISSING,
            alt=card.title,
            column_config={column.label: _config(column) for column in shown},
        )
    for note in card.notes:
        st.caption(plain(note))


LONGEST_OPEN_TABLE: Final = 40  # rows


def _as_words(view: View, values: pd.Series[Any], kind: Kind) -> list[str]:
    t = view.t
    words: Mapping[Kind, Callable[[Any], str]] = {
        "score": t.number,
        "percent": t.percent,
        "rate": lambda value: MISSING if pd.isna(value) else f"{t.number(value)}%",
        "count": lambda value: MISSING if pd.isna(value) else t.number(value, 0),
        "value": lambda value: MISSING if pd.isna(value) else f"{value:,.10g}",
    }
    word = words.get(kind, lambda value: plain(None if pd.isna(value) else str(value)))
    return [word(value) for value in values]


def _as_values(values: pd.Series[Any], kind: Kind) -> pd.Series[Any]:
    if kind in ("score", "rate"):
        return rounded(values)
    return (values * 100).round() if kind == "percent" else values


def _config(column: Column) -> Any:
    formats: Mapping[Kind, str] = {"score": "%.1f", "percent": "%d%%", "rate": "%.1f%%", "count": "%d"}
    if column.kind == "text":
        return st.column_config.TextColumn()
    return st.column_config.NumberColumn(format=formats.get(column.kind))


def _labelled(card: Card) -> pd.DataFrame:
    return pd.DataFrame({column.label: card.table[column.name] for column in card.columns})


def _download(
    view: View,
    name: str,
    title: str,
    label: str,
    suffix: str,
    mime: str,
    contents: Callable[[], bytes],
    key: str | None = None,
) -> None:
    st.download_button(
        label,
        contents,
        file_name=f"{_file_name(view, title)}.{suffix}",
        mime=mime,
        key=f"download-{key or f'{name}-{suffix}'}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
        help=view.t("ui.download_help", title=plain(title), format=label),
    )


def _file_name(view: View, title: str) -> str:
    return file_name(("PMQA", title, view.fiscal_year, view.basis))


def _code(build: Build) -> CodeType:
    return build.__code__
