"""Language and meeting mode in the sidebar; year, basis and filters above what they choose. Makes a run's View."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

import streamlit as st

from pmqa.settings import read_settings
from pmqa.sources import SOURCES, source_of
from pmqa.text import Translator, languages, translator
from pmqa.ui import meeting, state
from pmqa.ui.links import show_pin
from pmqa.ui.navigation import VIEW
from pmqa.ui.rounds import choose_round, say_round
from pmqa.ui.screen import theme
from pmqa.ui.search import PLACE, offer_search
from pmqa.ui.theirs import put_into_words
from pmqa.viewer import Viewer
from pmqa.views import data
from pmqa.views.offered import NOBODY, fitting_bases, last_fiscal_year, offered, usual_basis
from pmqa.views.view import View
from pmqa.views.words import TYPE_KEYS, basis_name, type_name

YEAR_WIDTH, BASIS_WIDTH, TYPE_WIDTH = 140, 230, 180  # px; a ministry's name takes what is left
FIRST_MONTH: Final = 10  # a fiscal year begins in October before it


def choose_language() -> Translator:
    """The language's switch, below the menu and the place of the search; its sentences."""
    with st.sidebar:
        st.session_state[PLACE] = st.container()  # nobody searches before they are let in
        label = " / ".join(dict.fromkeys(translator(language)("ui.language") for language in languages()))
        language = state.choose_one(
            "lang", label, tuple(languages()), words=lambda code: languages()[code].name, style="segments"
        )
        put_into_words(language)
    return translator(language)


def choose_view(t: Translator, viewer: Viewer, *, filtered: bool = True) -> None:
    """Make the view of this run, for the page that is about to run.

    filtered: whether the page shows scores, and so offers year, basis and filters. Without, they stay as they were
    chosen on other pages.
    """
    offer_search(t)
    version = data.version()
    with st.sidebar, st.container(key="as-reported-choice"):
        version = choose_round(t, version)
    reported = st.container()
    there = {source: offered(version, viewer, source) for source in SOURCES}
    fitting = fitting_bases(there)
    with st.container(horizontal=True, vertical_alignment="center", key="filters"):
        year_place, basis_place = st.container(width=YEAR_WIDTH), st.container(width=BASIS_WIDTH)
        ministry_place, type_place = st.container(), st.container(width=TYPE_WIDTH)
        incomplete_place = st.container(width="content")
    with basis_place:
        basis = state.choose_one(
            "basis",
            t("ui.basis"),
            fitting,
            words=lambda name: basis_name(name, t),
            default=usual_basis(there),
            help=t("ui.basis_help"),
            shown=filtered,
        )
    of_source = there[source_of(basis).id]
    years = sorted({*of_source.groups, *of_source.expected}, reverse=True) or [last_fiscal_year()]
    with year_place:
        latest = max(of_source.groups, default=years[0])
        year = state.choose_one("year", t("ui.fiscal_year"), years, words=t.year, default=latest, shown=filtered)
    of_year = of_source.groups.get(year, NOBODY)
    show_pin(t, version)
    with st.sidebar, st.container(key="meeting-mode"):
        word = meeting.choose_meeting(t, version)
    minimum = read_settings().peer_minimum
    with ministry_place:
        ministries = state.choose_many(
            "ministry",
            t("ui.ministry"),
            sorted(_at_least(of_year.ministries, minimum if word else 1)),
            placeholder=t("ui.all_ministries"),
            shown=filtered,
        )
    with type_place:
        types = state.choose_many(
            "type",
            t("ui.agency_type"),
            _in_order(_at_least(of_year.agency_types, minimum if word else 1)),
            words=lambda name: type_name(name, t),
            placeholder=t("ui.all_types"),
            shown=filtered,
        )
    with incomplete_place:
        words, help_ = t("ui.with_incomplete"), t("ui.with_incomplete_help")
        incomplete = state.choose_switch("incomplete", words, help=help_, shown=filtered)
    st.session_state[VIEW] = View(
        language=t.language,
        theme=theme(),
        viewer=viewer,
        version=version,
        edition=of_year.edition,
        fiscal_year=year,
        basis=basis,
        ministries=tuple(sorted(ministries)),
        agency_types=tuple(sorted(types)),
        peer_minimum=minimum,
        meeting=word,
        with_incomplete=incomplete,
        closed=data.closed_of(version) or "",
    )
    with reported:
        say_round(st.session_state[VIEW])


def choose_agency(view: View) -> str:
    """One agency of the view, the same on every page that shows one."""
    return state.choose_one("agency", view.t("ui.agency"), tuple(view.agencies), words=view.agency_label)


def choose_scope(view: View, kind: str) -> str:
    """One scope of a kind of the edition."""
    words = partial(view.scope_name, kind)
    return state.choose_one(kind, view.t(f"ui.{kind}"), view.framework.scopes(kind), words=words)


def choose_kind(view: View, *, items: bool = False) -> str:
    """By which kind of scopes a page shows scores; by items too where it has room for them."""
    t, kinds = view.t, ("dimension", "category", "item") if items else ("dimension", "category")
    return state.choose_one("by", t("ui.scope"), kinds, words=lambda name: t(f"ui.kind_{name}"), style="segments")


def _at_least(groups: Mapping[str, int], least: int) -> set[str]:
    """The groups of at least so many agencies: in a meeting, a filter must not single anybody out."""
    return {name for name, agencies in groups.items() if agencies >= least}


def _in_order(there: set[str]) -> list[str]:
    """The types that there are, in the form's order; others after them."""
    return [name for name in TYPE_KEYS if name in there] + sorted(there - set(TYPE_KEYS))
