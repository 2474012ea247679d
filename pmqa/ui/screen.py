"""How wide the charts of a page can be: a script of ours measures it and presses a hidden button where it is another
width than the charts are drawn for. Before it has, its cookie says so, or the browser, of a phone."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal, get_args

import streamlit as st

from pmqa.charts.drawing import Drawing
from pmqa.charts.palette import Theme
from pmqa.text import Translator

Screen = Literal["page", "tablet", "phone"]  # tablet: a small window, or a page that is made larger
SCREENS: Final[tuple[Screen, ...]] = get_args(Screen)
HELD: Final = "_screen"
COOKIE: Final = "pmqa_screen"  # as static/screen.js writes it
PHONES: Final = "Mobi"  # what every browser of a phone says of itself


def screen() -> Screen:
    """The screen for which this visit's charts are drawn."""
    held: Screen | None = st.session_state.get(HELD)
    if held is None:
        said = st.context.cookies.get(COOKIE)
        on_phone = PHONES in (st.context.headers.get("User-Agent") or "")
        usual: Screen = "phone" if on_phone else "page"
        held = st.session_state[HELD] = next((one for one in SCREENS if one == said), usual)
    return held


def theme() -> Theme:
    """The theme in which this visit sees the page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def watch_screen(t: Translator) -> None:
    """The buttons that the script presses, one for each other screen; nobody sees them."""
    drawn_for = screen()
    for other in SCREENS:
        if other != drawn_for:
            st.button(t(f"ui.screen_{other}"), key=f"screen-{other}", on_click=_draw_for, args=(other,))


def fitting(drawing: Drawing, on: Screen, *, narrow: bool) -> Drawing:
    """The drawing as a screen has room for it. narrow: whether it stands beside something else, where there is room."""
    if on == "page":
        return replace(drawing, narrow=narrow)
    return replace(drawing, phone=True, narrow=on == "tablet" and not narrow)


def _draw_for(other: Screen) -> None:
    st.session_state[HELD] = other
