"""What the server does first, between its other work: how far it is, until it can be shown."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pmqa.views.cards.trust import comparing_texts
from pmqa.views.view import View

EVERY: Final = 5.0  # seconds between two looks


def texts_are_compared(view: View, column: str) -> bool:
    """Whether the year's texts are compared; where that takes long, says how far it is and runs the page again then."""
    with st.spinner(view.t("trust_page.comparing")):
        compared = comparing_texts(view, column) is None
    if not compared:
        _say_how_far(view, column)
    return compared


@st.fragment(run_every=EVERY)
def _say_how_far(view: View, column: str) -> None:
    if (far := comparing_texts(view, column)) is None:
        st.rerun()
    done, every = (view.t.number(number, 0) for number in far)
    st.info(view.t("trust_page.compared_so_far", done=done, every=every), icon=":material/hourglass_top:")
