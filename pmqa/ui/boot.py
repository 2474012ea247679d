"""What happens once per process, and at the start of every run."""

from __future__ import annotations

import gc
import inspect
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Final

import streamlit as st

from pmqa.charts import Caption
from pmqa.charts.drawing import Drawing, Scale
from pmqa.charts.render import figure
from pmqa.errors import StoreError
from pmqa.settings import ROOT
from pmqa.store import Store
from pmqa.text import DEFAULT_LANGUAGE, translator
from pmqa.ui.paper import printed
from pmqa.ui.screen import theme
from pmqa.ui.state import url_kept
from pmqa.viewer import Person
from pmqa.views import data
from pmqa.views.cards import known_cards
from pmqa.views.words import plain

# Modules that are loaded at their first use otherwise.
PUT_OFF: Final = (
    "streamlit.emojis",
    "streamlit.material_icon_names",
    "plotly.tools",
    "plotly.graph_objs._bar",
    "plotly.graph_objs._scatterpolar",
    "plotly.io._json",
    "pyarrow.dataset",
    "PIL.PngImagePlugin",
)
MENU_WIDTH: Final = 228  # pixels; a menu that is drawn before its width has come is 300 wide and would stay so
ICON: Final = ROOT / "static" / "icon.png"

# Streamlit's metrics cut what is longer than a line and clip the tone marks of Thai's second storey; the primary colour
# that carries a button's white text is too dark to be text itself in the dark; a table's long words must break; choices
# in a row go to the next line before their words are cut. The menu and the language below it fit into a window of
# 768 px, and so does the better part of each page's first chart: filters show what is chosen and keep their labels for
# screen readers, choices have theirs before them, and beside an open menu nothing is left free for the closed one.
STYLE: Final = """<style>
:is([data-testid="stMetricLabel"], [data-testid="stMetricValue"]),
:is([data-testid="stMetricLabel"], [data-testid="stMetricValue"]) * {
  white-space: normal !important;
  overflow: visible !important;
}
[data-testid="stMetricLabel"] p { line-height: 1.75; }
.st-key-title h1 { padding-block: 0; }
[data-testid="stMetricValue"] { line-height: 1.4; }
:is([data-variant="segmented_control"][aria-checked="true"], [data-testid="stTab"][aria-selected="true"]) {
  color: inherit !important;
  font-weight: 700;
}
[data-testid="stButtonGroup"] [role="radiogroup"] { flex-wrap: wrap; }
[data-testid="stMetric"] > div { padding: 0.3rem 0.8rem; }
[data-testid="stMainBlockContainer"] { padding: 3.75rem 1.5rem 3rem; }
[data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] { gap: 0.4rem; }
@media (min-width: 768px) {
  [data-testid="stSidebar"][data-collapsed="false"] ~ div {
    [data-testid="stMainBlockContainer"] { padding-top: 0.6rem; }
    :is(.st-key-filters, .st-key-samples) { padding-right: 2.25rem; }
    :is([data-testid="stHeader"], [data-testid="stHeader"] *) { pointer-events: none; }
    [data-testid="stHeader"] :is(button, button *) { pointer-events: auto; }
    [data-testid="stHeader"] { background: transparent; }
  }
}
:is(.st-key-filters, .st-key-title) :is([data-testid="stSelectbox"], [data-testid="stMultiSelect"]) > label {
  margin: 0; min-height: 0; [data-testid="stMarkdownContainer"] { position: absolute; clip-path: inset(50%); }
}
.stPlotlyChart .maindrag { cursor: pointer; }
.stPlotlyChart :is(.angulardrag, .radialdrag) { display: none; }
.st-key-filters { gap: 0.5rem 1rem; }
@media (max-width: 640px) { .st-key-filters > :not(:last-child) { flex: 1 1 8rem; min-width: 0; width: auto; } }
.st-key-filters [data-testid="stSelectbox"] { display: flex; flex-direction: row-reverse; align-items: center; }
:is(.st-key-controls, .st-key-title) {
  row-gap: 0.5rem;
  > :has([data-testid="stSelectbox"]) { flex: 1 1 19rem; min-width: min(19rem, 100%); }
  > :has([data-testid="stMultiSelect"]) { flex: 1 1 100%; }
  :is([data-testid="stSelectbox"], [data-testid="stMultiSelect"], [data-testid="stButtonGroup"],
      [data-testid="stNumberInput"]) {
    display: flex; align-items: center; column-gap: 0.6rem;
    > label { flex: none; margin: 0; min-height: 0; width: auto; }
  }
}
.st-key-controls > :has([data-testid="stNumberInput"]) { flex: 0 0 auto; width: auto; }
.st-key-controls [data-testid="stNumberInputContainer"] { width: 8rem; }
.st-key-title { column-gap: 0.6rem; }
.st-key-title > :has([data-testid="stSelectbox"]) { flex-basis: 15rem; min-width: min(15rem, 100%); }
.st-key-title [data-testid="stSelectbox"] { column-gap: 0; }
:is(.st-key-filters, .st-key-controls, .st-key-title) [data-testid="stSelectbox"] > :not(label),
.st-key-controls [data-testid="stMultiSelect"] > :not(label) { flex: 1; min-width: 0; }
[class*="st-key-card-"] { padding-top: 0.5rem; }
[class*="st-key-card-"] [data-testid="stTabPanel"] { padding-top: 0.25rem; }
[data-testid="stSidebar"][style*="width: 300px"] { width: MENU_WIDTHpx !important; }
[data-testid="stSidebarHeader"] { height: 1.75rem; margin-bottom: 0; }
:is([data-testid="stSidebarNavItems"] li, [data-testid="stSidebarNavLink"]) { margin: 0; }
[data-testid="stNavSectionHeader"] { margin-block: 0 !important; }
[data-testid="stSidebarNavLink"] { min-height: 1.6rem; height: 1.6rem; }
[data-testid="stSidebarNavSeparator"] { margin-block: 0.25rem; }
[data-testid="stSidebarUserContent"] { padding-top: 0.5rem; [data-testid="stVerticalBlock"] { gap: 0.5rem; } }
:is([data-testid="stSidebarNav"], [data-testid="stSidebarUserContent"]) { margin-inline: -0.75rem; }
.st-key-samples { gap: 0.5rem; }
@media (min-width: 641px) and (max-width: 1000px) {
  .st-key-filters { flex-wrap: nowrap; gap: 0.25rem; }
  .st-key-filters > :not(:last-child) { flex: 1 1 5rem; min-width: 0; width: auto; }
  .st-key-filters > :nth-child(2) { flex: 0 0 9.25rem; }
  .st-key-filters > :last-child { flex: 0 1 6.75rem; min-width: 0; p { line-height: 1.3; } }
  .st-key-filters :is(input, p, [role="group"]) { font-size: 0.75rem; }
  .st-key-filters [role="group"] :is(input, button, div) { padding-inline: 0.2rem; }
  [class*="st-key-metrics-"] [data-testid="stColumn"]:first-child:nth-last-child(n + 5) {
    &, ~ [data-testid="stColumn"] { flex: 1 1 30%; min-width: 30%; }
  }
  .st-key-filters [data-testid="stTooltipIcon"] { display: none; }
  .st-key-samples { flex-wrap: nowrap; > :first-child { flex: 1; min-width: 0; } }
  .st-key-samples [data-testid="stAlertContainer"] p { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .st-key-controls > :has([data-testid="stSelectbox"]) { flex-basis: 14rem; min-width: 14rem; }
}
.st-key-samples [data-testid="stAlertContainer"] { padding: 0.1rem 0.75rem; }
.st-key-samples button { min-height: 1.75rem; padding-block: 0; }
[class*="st-key-screen-"], .st-key-words { display: none; }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-inline: 0.5rem; }
  [class*="st-key-card-"] { padding-inline: 0.25rem; }
  [class*="st-key-metrics-"] [data-testid="stColumn"] { flex: 1 1 40%; min-width: 40%; }
  .st-key-controls [data-testid="stMultiSelect"] :is([role="group"], [data-testid="stMultiSelectTagsContainer"]) {
    flex-wrap: wrap; height: auto; max-height: 9rem;
  }
  .st-key-controls [data-testid="stMultiSelect"] [role="group"] { flex-wrap: nowrap; }
}
[data-testid="stTable"] td { overflow-wrap: anywhere; vertical-align: top; }
</style>""".replace("MENU_WIDTH", str(MENU_WIDTH))
# Files of ours and no text of the page: they run under a policy that forbids inline scripts.
SCRIPTS: Final = "".join(
    f'<script src="app/static/{name}.js"></script>'
    for name in ("history", "uploader", "copy", "search", "screen", "words", "clicks", "focus")
)


@contextmanager
def started() -> Iterator[None]:
    """Around every run: what comes first of all, then the address read, and written at the end."""
    st.set_page_config(page_icon=str(ICON), layout="wide", initial_sidebar_state=MENU_WIDTH)
    try:
        freeze()
    except StoreError as error:  # busy, damaged, or written by a later version
        say_what_failed(error)
        st.stop()
    st.html(STYLE + printed(theme()))
    st.html(SCRIPTS, unsafe_allow_javascript=True)
    COLLECTING.relieve()
    try:
        with url_kept():
            yield
    except StoreError as error:
        say_what_failed(error)


def say_what_failed(error: Exception) -> bool:
    """On the page, in both languages, what the store could not do and what to do about it; False for other errors.

    For errors of a run, and of what runs apart from it: callbacks and fragments.
    """
    if isinstance(error, StoreError):
        st.error(plain(str(error)), icon=":material/database_off:")
        return True
    return False


def person(email: str) -> Person | None:
    """Who it is among the people whom administrators let in; None for anybody else."""
    return data.store().people.one(email)


def the_store() -> Store:
    """The one store of this process."""
    return data.store()


def is_ready() -> bool:
    """Whether the product can work: its database can be opened, read and written."""
    try:
        return data.store().database.is_ready()
    except StoreError:
        return False


@st.cache_resource(show_spinner=False)
def freeze() -> bool:
    """Open the store, then put all that is loaded out of the garbage collector's sight.

    Streamlit collects after every run, which takes 40 ms and more with pandas and plotly in memory. The server
    calls this before the first visitor. What is loaded and cached later makes collecting slow again; then it is put
    out of sight as well.
    """
    data.store()
    known_cards()
    warm()
    if COLLECTING not in gc.callbacks:  # it is there when only what was cached has been forgotten
        out_of_sight()
        gc.callbacks.append(COLLECTING)
    return True


def warm() -> None:
    """Do what Streamlit and Plotly put off until the first page is drawn: a good second that is no visitor's."""
    for name in PUT_OFF:
        import_module(name)
    inspect.stack()  # finds the files of all modules, once; Streamlit asks it whether somebody sits at a prompt
    figure(
        Drawing("rows", Caption("", "", "", "", 1, ""), "", Scale(0.0, 1.0, (), ""), (), ()),
        translator(DEFAULT_LANGUAGE),
    ).to_json()


def out_of_sight() -> None:
    """Collect everything once, what was out of sight too, then put what is left there."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


class Collecting:
    """Times full collections, for `gc.callbacks`, and relieves them when they have become slow."""

    def __init__(self) -> None:
        self.began = 0.0
        self.took = 0.0
        self.rest_until = 0.0

    def __call__(self, phase: str, info: Mapping[str, int]) -> None:
        """Called by Python before and after each collection."""
        if info["generation"] != FULL:
            return
        now = time.monotonic()
        if phase == "start":
            self.began = now
        else:
            self.took = now - self.began

    def relieve(self) -> None:
        """Put what has come since out of sight where full collections are slow.

        That takes no time, as Streamlit has just collected; but what is put away alive and becomes a ring of garbage
        later stays. So now and then all of it is looked through, seldom enough to cost little.
        """
        if self.took < SLOW:
            return
        self.took = 0.0
        gc.freeze()
        now = time.monotonic()
        if now < self.rest_until:
            return
        self.rest_until = math.inf  # for others that run beside this one
        out_of_sight()
        self.took, done = 0.0, time.monotonic()
        self.rest_until = done + (done - now) / MOST_SHARE


FULL: Final = 2  # the generation of a full collection
SLOW: Final = 0.001  # seconds
MOST_SHARE: Final = 0.005  # of the time that looking through everything may take
COLLECTING: Final = Collecting()
