"""Tables and charts of very many rows: some of them are drawn, found by a search, in an order, a page after another.

What is drawn is cut out of what is kept, in the server; downloads hold all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from pmqa.charts.cutting import CUT, rows_of
from pmqa.charts.drawing import Drawing
from pmqa.charts.render import figure as figure_of
from pmqa.text import Translator
from pmqa.ui.options import are_many
from pmqa.views.memory import shared
from pmqa.views.view import View

DRAWN: Final = 100  # rows at once, of more than are drawn as they are
AS_IT_IS: Final = ("", False)  # column, whether its values fall
A_LINE: Final = 70  # characters: longer than names of agencies
WRAPPED: Final = 66  # pixels of a row; above 64 Streamlit breaks what stands in it
ASKED: Final = "_cut"  # key -> what was asked for, and the places of the rows that it gave, all of its pages

Places = npt.NDArray[np.intp]


class Whole:
    """A drawing of very many rows, told from others by what it is and not by all that is in it."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing


def names_of_many(drawing: Drawing | None) -> pd.DataFrame | None:
    """Names of a chart's rows, in their order, where they are too many to be drawn at once."""
    if drawing is None or drawing.kind not in CUT or not are_many(drawing.rows):
        return None
    return pd.DataFrame({"": [f"{row.name} {row.key}" for row in drawing.rows]})


@shared(most=64)
def figure_of_rows(view: View, whole: Whole, places: tuple[int, ...]) -> tuple[Any, Drawing]:
    """The figure of some rows of a drawing, and their drawing without its marks."""
    drawing = rows_of(whole.drawing, places)
    return figure_of(drawing, view.t, view.theme), replace(drawing, layers=())


def sentences(frame: pd.DataFrame) -> frozenset[str]:
    """Columns of a table that scrolls with text that a line would cut."""
    return frozenset(
        name for name, values in frame.items() if values.dtype == "str" and values.str.len().max() > A_LINE
    )


def chart_rows(t: Translator, name: str, names: pd.DataFrame) -> Sequence[int]:
    """Which rows of a chart of very many are drawn. names: of all of them, in their order."""
    return [int(place) for place in _page(t, f"chart-{name}", names, orders=False)]


def table_rows(t: Translator, name: str, frame: pd.DataFrame) -> Places | None:
    """Which rows of a table are drawn, in which order; None = all."""
    return _page(t, f"table-{name}", frame, orders=True) if are_many(frame) else None


def _page(t: Translator, key: str, frame: pd.DataFrame, *, orders: bool) -> Places:
    """The widgets, and the places of the rows that they ask for."""
    turn = f"page-{key}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"cut-{key}"):
        label = t("ui.rows_find", of=t.number(len(frame), 0))
        text = st.text_input(label, key=f"find-{key}", icon=":material/search:", on_change=_to_first, args=(turn,))
        order = AS_IT_IS
        if orders:
            every = [AS_IT_IS, *((column, falls) for column in frame.columns for falls in (False, True))]
            order = st.selectbox(
                t("ui.rows_order"),
                every,
                key=f"order-{key}",
                format_func=lambda one: f"{one[0]} {'↓' if one[1] else '↑'}" if one[0] else t("ui.rows_as_it_is"),
                on_change=_to_first,
                args=(turn,),
            )
        found = _found(key, frame, (text or "").strip().casefold(), *order)
        pages = max(-(-len(found) // DRAWN), 1)
        if st.session_state.get(turn, 1) > pages:
            st.session_state[turn] = pages
        page = int(st.number_input(t("ui.rows_page", of=t.number(pages, 0)), 1, pages, key=turn, width=150))
    shown = found[(page - 1) * DRAWN : page * DRAWN]
    numbers = {"n": len(shown), "found": len(found), "of": len(frame), "left": len(frame) - len(shown)}
    st.caption(t("ui.rows_shown", **{name: t.number(number, 0) for name, number in numbers.items()}))
    return shown


def _to_first(turn: str) -> None:
    """Another search or order begins at its first page."""
    st.session_state[turn] = 1


def _found(key: str, frame: pd.DataFrame, text: str, column: str, falls: bool) -> Places:
    """Places of the rows that have a text in one of their words, in an order; kept until something else is asked."""
    kept: dict[str, tuple[pd.DataFrame, tuple[str, str, bool], Places]] = st.session_state.setdefault(ASKED, {})
    if key not in kept or kept[key][0] is not frame or kept[key][1] != (text, column, falls):
        kept[key] = (frame, (text, column, falls), _places(frame, text, column, falls))
    return kept[key][2]


def _places(frame: pd.DataFrame, text: str, column: str, falls: bool) -> Places:
    places = np.arange(len(frame), dtype=np.intp)
    if text:
        has = np.zeros(len(frame), dtype=np.bool_)
        for name in frame.columns:
            if not pd.api.types.is_numeric_dtype(frame[name]):
                words = frame[name].astype("str").str.casefold().str.contains(text, regex=False)
                has |= words.fillna(False).to_numpy(dtype=np.bool_)
        places = places[has]
    if column:
        values = frame[column].iloc[places].reset_index(drop=True)
        order = values.sort_values(ascending=not falls, kind="stable", na_position="last").index
        places = places[order.to_numpy()]
    return places
