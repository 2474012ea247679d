"""The choices of the page Compare: what somebody wants to know, of whom, over what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from pmqa.ui import state
from pmqa.ui.forms.peers import choose_own_group, choose_peers, offer_groups
from pmqa.ui.navigation import controls, end_page
from pmqa.ui.notices import say_years_left_out
from pmqa.views.cards import compare, compare_over
from pmqa.views.choices import BY_VIEW, TOTAL, Theirs
from pmqa.views.sides import assessments, their_basis
from pmqa.views.view import View
from pmqa.views.words import basis_name, plain

QUESTIONS: Final = ("profile", "pair", "peers", "rest", "everyone", "one", "spread", "years", "assessor")
KINDS: Final = ("dimension", "category", "item", "indicator")
FIRST_SHOWN: Final = 3
MOST_AGENCIES: Final = 12
ONE_SCOPE: Final = ("one", "spread", "years", "assessor")  # questions about one scope
# What the rows of each question can be ordered by, the default first, and which words say so. The lines over years and
# the axes of a radar have an order of their own, which no other would make clearer.
BY_SCORE: Final = (("score", "name", "gap"), "ui.order")
ORDERS: Final = {
    "profile": (("given", "name", "score", "gap"), "compare_page.order_agencies"),
    "peers": (("given", "score", "gap"), "compare_page.order_scopes"),
    "rest": (("given", "score", "gap"), "compare_page.order_apart"),
    "spread": (("name", "score", "gap"), "compare_page.order_groups"),
    **dict.fromkeys(("pair", "everyone", "one", "years", "assessor"), BY_SCORE),
}
MARKING: Final = ("profile", "everyone", "one", "spread")
OF_PEERS: Final = ("profile", "peers")
OF_ONE: Final = ("peers", "rest", "years", "assessor")  # questions with a part about one agency


@dataclass(frozen=True)
class Choice:
    """What is compared.

    kind, part: what a chart is drawn over. scope: the one of questions about one. focus: the one agency; marked: those
    that stand out among all. peers: id of the group that agencies are held against. mixed: whether medians count
    announced scores. theirs: the assessors' basis, where they are asked about.
    """

    question: str
    agencies: tuple[str, ...]
    kind: str
    part: str
    scope: str
    focus: str
    marked: tuple[str, ...]
    peers: str
    median: bool
    order: str
    other_year: int | None
    group_by: str
    mixed: bool
    theirs: Theirs

    def scopes(self, view: View) -> tuple[str, ...]:
        """What a chart is drawn over, one by one."""
        return compare.scopes_of(view, self.kind, self.part)


def choose_comparison(view: View, row: Any) -> Choice:
    """The widgets of the page; stops the run where no agency is chosen. row: the title's, for the question."""
    t = view.t
    with row:
        question = state.choose_word(t, "ask", "compare_page.ask", QUESTIONS)
    choices = controls()
    theirs = BY_VIEW
    if question == "assessor":
        with choices:
            theirs = choose_assessed(view)
    assessed = compare_over.assessed(view, theirs) if question == "assessor" else ()
    with choices:
        agencies = tuple(
            state.choose_many(
                "agencies",
                t("ui.agencies"),
                list(view.agencies),
                words=view.agency_label,
                default=(assessed or list(view.agencies))[:FIRST_SHOWN],
                placeholder=t("compare_page.choose_agencies"),
                most=MOST_AGENCIES,
            )
        )
    if not agencies:
        st.info(t("compare_page.choose_first"), icon=":material/touch_app:")
        end_page()
    if question == "assessor":
        _need_assessed(view, agencies, assessed, theirs)
    with choices:
        kind = state.choose_one("by", t("ui.scope"), KINDS, words=lambda name: t(f"ui.kind_{name}"), style="segments")
        part = _part(view, kind)
        scope = _one_scope(view, kind, compare.scopes_of(view, kind, part)) if question in ONE_SCOPE else TOTAL
        orders, word = ORDERS[question]
        order = state.choose_one("order", t("ui.order"), orders, words=lambda name: t(f"{word}_{name}"))
        other = _other_year(view) if question == "years" else None
        mixed = question == "years" and not view.announced.empty
        mixed = mixed and state.choose_switch("mixed", t("compare_page.mixed"))
        group_by = "ministry"
        if question == "spread":
            group_by = state.choose_one(
                "group", t("compare_page.group_by"), ("ministry", "agency_type"), words=lambda name: t(f"ui.{name}")
            )
        focus = _focus(view, question, tuple(code for code in agencies if code in assessed) or agencies)
        marked = agencies if focus == compare.ALL else (focus,)
        focus = agencies[0] if focus == compare.ALL else focus
        peers, median = "view", True
        if question in OF_PEERS:
            peers = choose_peers(view, focus)
        elif question == "rest":
            peers = choose_own_group(view, focus)
        if question in (*OF_PEERS, "rest"):
            offer_groups(view)
        if question == "profile":
            median = not state.choose_switch("no_median", t("compare_page.no_median"))
    return Choice(
        question, agencies, kind, part, scope, focus, marked, peers, median, order, other, group_by, mixed, theirs
    )


def choose_assessed(view: View) -> Theirs:
    """The assessment that agencies are held against, where there are several in the view."""
    there, usual = assessments(view), their_basis(view)
    if not there[1:]:
        return BY_VIEW
    chosen = state.choose_one(
        "against",
        view.t("ui.against"),
        there,
        words=lambda basis: basis_name(basis, view.t),
        default=usual if usual in there else None,
        style="segments",
    )
    return Theirs(chosen)


def _need_assessed(view: View, agencies: tuple[str, ...], assessed: tuple[str, ...], theirs: Theirs) -> None:
    """Stop the run where no assessor has sent for any of the agencies, and say what to do."""
    t = view.t
    if compare_over.tells_who_was_assessed(view, theirs):
        st.info(t("ui.few_assessed", minimum=view.peer_minimum), icon=":material/visibility_off:")
        end_page()
    if not assessed:
        st.info(t("compare_page.no_assessments"), icon=":material/rule:")
        end_page()
    if not set(agencies) & set(assessed):
        st.info(t("compare_page.none_assessed", n=len(assessed)), icon=":material/rule:")
        first = assessed[:FIRST_SHOWN]
        label = t("compare_page.choose_assessed", names=", ".join(plain(view.agencies[code]) for code in first))
        st.button(label, on_click=state.choose_from_afar, args=("agencies", *first), key="choose-assessed")
        end_page()


def _part(view: View, kind: str) -> str:
    """The category or item that items or indicators are shown of; all of a results category's are on one page."""
    framework = view.framework
    above = {"item": "category", "indicator": "item"}.get(kind)
    if above is None:
        return compare.ALL
    there = {indicator.item for indicator in framework.indicators}
    parts = [scope for scope in framework.scopes(above) if above == "category" or scope in there]
    whole = {framework.item[item].category for item in parts} if above == "item" else set()
    # A category and an item are chosen apart, so that going from one kind to the other keeps both.
    return state.choose_one(
        above,
        view.t(f"compare_page.part_{above}"),
        (*parts, *sorted(whole), compare.ALL),
        words=lambda scope: (
            view.t("compare_page.part_all")
            if scope == compare.ALL
            else view.scope_name("category" if scope in whole else above, scope)
        ),
    )


def _one_scope(view: View, kind: str, scopes: tuple[str, ...]) -> str:
    return state.choose_one(
        "scope",
        view.t("ui.one_scope"),
        ("overall", *scopes),
        words=lambda name: view.scope_name("overall" if name == "overall" else kind, name),
    )


def _other_year(view: View) -> int | None:
    say_years_left_out(view)
    years = compare_over.other_years(view)
    if not years:
        return None
    return state.choose_one("other", view.t("compare_page.other_year"), years, words=view.t.year)


def _focus(view: View, question: str, agencies: tuple[str, ...]) -> str:
    """The agency that the question is about, or the one to stand out among all; ALL = every one that is chosen."""
    if question not in MARKING and question not in OF_ONE:
        return compare.ALL
    options = agencies if question in OF_ONE else (compare.ALL, *agencies)
    label = "focus" if question in OF_ONE else "highlight"
    return state.choose_one(
        "highlight",
        view.t(f"compare_page.{label}"),
        options,
        words=lambda code: view.t("compare_page.highlight_all") if code == compare.ALL else view.agency_label(code),
    )
