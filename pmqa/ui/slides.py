"""Below a card: adding it to slides. What is kept is its address, and what it says today."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pmqa.errors import CardGone, StoreError
from pmqa.text import Translator
from pmqa.ui import state
from pmqa.viewer import Viewer
from pmqa.views import data
from pmqa.views.address import Address, write
from pmqa.views.building import build_with_view
from pmqa.views.storyboards import said_of
from pmqa.views.view import View
from pmqa.views.words import plain

STORYBOARD: Final = "storyboard"  # the choice of one, on the page Slides and for what is added
ADDED: Final = "_added"  # name of the card that was added last, and the sentence that says so


def offer_to_add(view: View, name: str, of: Address | None) -> None:
    """A button that puts the card of this address at the end of the viewer's slides; nothing where it has none."""
    if of is None:
        return
    t = view.t
    added, said = st.session_state.get(ADDED, ("", ""))
    if added == name:
        st.caption(plain(said), width="content")
        st.page_link("pages/slides.py", label=t("slides_page.open"), icon=":material/co_present:")
    st.button(
        t("slides_page.add"),
        on_click=_add,
        args=(view.viewer, t, name, of),
        key=f"add-slide-{name}",
        type="tertiary",
        icon=":material/add_to_photos:",
    )


def choose_target(view: View, name: str, of: Address | None) -> None:
    """Which storyboard cards are added to, where there are several; their names are no meeting's business."""
    own = {} if of is None or view.meeting else _own(view.viewer)
    if len(own) < 2:  # noqa: PLR2004 - nothing to choose
        return
    t, key = view.t, f"add-to-{name}"
    chosen = state.choose_one(STORYBOARD, "", tuple(own), shown=False)
    st.selectbox(
        t("slides_page.which_to"),
        list(own),
        index=list(own).index(chosen),
        format_func=lambda one: own[one] or t("slides_page.shared"),
        key=key,
        on_change=lambda: state.choose_from_afar(STORYBOARD, st.session_state[key]),
    )


def _own(viewer: Viewer) -> dict[str, str | None]:
    """The viewer's storyboards: id -> name, the one changed last first."""
    return {one.id: one.name for one in data.store().storyboards.of(viewer)}


def _add(viewer: Viewer, t: Translator, name: str, of: Address) -> None:
    """To the storyboard chosen last, else the one changed last, else a first one."""
    store, own = data.store(), tuple(_own(viewer))
    target = state.choose_one(STORYBOARD, "", own, shown=False) if own else ""
    try:
        view, card = build_with_view(of, viewer, store)
        target = target or store.storyboards.make_storyboard(t("slides_page.first_name"), viewer=viewer)
        said, version = said_of(card, view.t), data.short(view.version)
        number, new = store.storyboards.add_slide(
            target, write(of), finding=said.finding, digest=said.digest, version=version, viewer=viewer
        )
    except (CardGone, StoreError) as error:
        st.session_state[ADDED] = (name, str(error))
        return
    state.choose_from_afar(STORYBOARD, target)
    key = "added" if new else "there_already"
    st.session_state[ADDED] = (name, t(f"slides_page.{key}", number=number))
