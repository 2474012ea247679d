"""What happens once per process, and at the start of every run."""

from __future__ import annotations

import gc
from typing import Final

import streamlit as st

from pmqa.errors import StoreError
from pmqa.settings import ROOT
from pmqa.ui import data
from pmqa.ui.words import plain

ICON: Final = ROOT / "static" / "icon.png"

# Streamlit's metrics cut what is longer than a line and clip the tone marks of Thai's second storey; the primary colour
# that carries a button's white text is too dark to be text itself in the dark; a table's long words must break.
STYLE: Final = """<style>
:is([data-testid="stMetricLabel"], [data-testid="stMetricValue"]),
:is([data-testid="stMetricLabel"], [data-testid="stMetricValue"]) * {
  white-space: normal !important;
  overflow: visible !important;
}
[data-testid="stMetricLabel"] p { line-height: 1.75; }
[data-testid="stMetricValue"] { line-height: 1.4; }
:is([data-variant="segmented_control"][aria-checked="true"], [data-testid="stTab"][aria-selected="true"]) {
  color: inherit !important;
  font-weight: 700;
}
[data-testid="stTable"] td { overflow-wrap: anywhere; vertical-align: top; }
</style>"""


def start() -> None:
    """First of all in every run."""
    st.set_page_config(page_icon=str(ICON), layout="wide", initial_sidebar_state="expanded")
    try:
        freeze()
    except StoreError as error:  # busy, or written by a later version: says so in both languages
        st.error(plain(str(error)), icon=":material/database_off:")
        st.stop()
    st.html(STYLE)


@st.cache_resource(show_spinner=False)
def freeze() -> bool:
    """Open the store, then put all that is loaded out of the garbage collector's sight.

    Streamlit collects after every run, which takes 40 ms and more with pandas and plotly in memory. `asgi.py` calls
    this before the first visitor; under `streamlit run` the first run does.
    """
    data.store()
    gc.collect()
    gc.freeze()
    return True
