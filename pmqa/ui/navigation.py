"""Every run of a page goes through the router, and every page checks who looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

import streamlit as st

from pmqa.access import check
from pmqa.text import Translator
from pmqa.ui import state
from pmqa.ui.downloads import begin_page, offer_everything
from pmqa.ui.drilling import close as close_panel
from pmqa.ui.links import linked
from pmqa.ui.panel import show_panel
from pmqa.ui.screen import watch_screen
from pmqa.ui.search import show_search
from pmqa.viewer import Viewer
from pmqa.views.guide import tasks
from pmqa.views.view import View

PAGES_FOLDER: Final = Path(__file__).parent.parent.parent / "pages"
# Pages that answer one question: the first is in the menu, and each leads to the others.
BESIDE: Final = (("gaps", "plan"), ("trust", "doctor"))
LED_TO: Final = tuple(page for first, *others in BESIDE for page in others)
GUIDE: Final = "guide"  # every page leads to what it says of it
OFF_THE_MENU: Final = ("gallery", GUIDE, *LED_TO)  # at their addresses; the first is for developers
FIRST: Final = "overview"  # the page at the root
LISTED: Final = "_listed"  # the pages of the menu, and those to which they lead
VIEW: Final = "_view"  # the view that the router made for the page it is about to run


def choose_page(t: Translator, pages: Mapping[str, tuple[str, str]], listed: Callable[[str], bool]) -> Any:
    """The menu in its sections, and the page that was chosen.

    pages: file and address -> section, icon. The first of them is at the root and nowhere else; a second, hidden one
    answers at its own address. listed: whether whoever looks finds a page in the menu.
    """
    menu: dict[str, list[Any]] = {}
    for number, (name, (section, icon)) in enumerate(pages.items()):
        title, group = t(f"pages.title.{name}"), menu.setdefault(t(f"pages.section.{section}"), [])
        if number == 0:
            group.append(st.Page(_file(name), title=title, icon=icon, url_path="root", default=True))
        seen = number and name not in OFF_THE_MENU and listed(name)
        visibility: Literal["hidden", "visible"] = "visible" if seen else "hidden"
        group.append(st.Page(_file(name), title=title, icon=icon, url_path=name, visibility=visibility))
    every = [page for group in menu.values() for page in group]
    st.session_state[LISTED] = [page for page in every if page.visibility == "visible" or page.url_path in LED_TO]
    return st.navigation(menu, expanded=True)


def show_title(view: View, page: str) -> Any:
    """A page's title, the question that it answers, and what stands beside it under the same entry of the menu.

    Returns the row of the title, for the choice on which all of the page depends.
    """
    t = view.t
    row = st.container(horizontal=True, vertical_alignment="center", gap="medium", key="title")
    with row:
        st.title(t(f"pages.title.{page}"), anchor=False, width="content")
        if (task := task_on(page, view.language)) is not None:
            st.page_link(f"pages/{GUIDE}.py", label="?", help=t("guide.how"), width="content", query_params=task)
        st.caption(t(f"pages.question.{page}"), width="content")
    for group in BESIDE:
        if page in group:
            with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="beside"):
                for name in group:
                    words = t(f"pages.beside.{name}")
                    if name == page:
                        st.markdown(f"**{words}**", width="content")
                    else:
                        st.page_link(f"pages/{name}.py", label=words)
    return row


def task_on(page: str, language: str) -> dict[str, str] | None:
    """Where the guide says how a page is used; None for one of which it says nothing."""
    found = (task.id for task in tasks(language) if page in task.about)
    return next(({"task": one, "lang": language} for one in found), None)


def controls() -> Any:
    """The rows of a page's other choices: as many beside each other as there is room for, each after its label."""
    return st.container(horizontal=True, vertical_alignment="center", gap="medium", key="controls")


class PageEnds(Exception):
    """What `end_page` raises and `run_page` takes."""


def run_page(page: Any, t: Translator, viewer: Viewer) -> None:
    """Run a page to its end, or to where it ends itself; below its cards, all of them in one file; over it, a panel."""
    with linked(t, page.url_path or FIRST, viewer):
        watch_screen(t)
        begin_page()
        view: View = st.session_state[VIEW]
        with suppress(PageEnds):
            page.run()
        offer_everything(page.title)
        if show_search(view, st.session_state[LISTED]):
            close_panel()
        else:
            show_panel(view)


def end_page() -> NoReturn:
    """End the page here, and not the run: after `st.stop`, Streamlit would let nothing be written into the address."""
    raise PageEnds


def selected_view(*, in_meetings: bool = False, closed: str = "names") -> View:
    """The view of this run; the first thing that every page calls.

    in_meetings: whether the page reads frames of the view alone, which know aliases only; any other is closed then.
    closed: why it is, for the sentence `ui.closed_<why>`.

    On a link straight to a page, a server that has not shown the router yet runs the page's file alone: without
    sidebar, language and access check. Such a run has no view; it is handed to the router instead.
    """
    view: View | None = st.session_state.pop(VIEW, None)
    if view is None:
        _hand_to_the_router()
    check(view.viewer, "see")
    if view.meeting and not in_meetings:
        st.info(f"{view.t(f'ui.closed_{closed}')} {view.t('ui.closed_next')}", icon=":material/visibility_off:")
        end_page()
    return view


def choose_section(
    view: View,
    page: str,
    sections: Sequence[str],
    *,
    closed: Sequence[str] = (),
    name: str = "",
    counted: Mapping[str, int] | None = None,
) -> str:
    """Which of a page's sections is shown: sentences `<page>_page.part` and `<page>_page.part_<section>`.

    closed: those that show what agencies wrote; a meeting has a line in their place. name: the choice's own, where it
    is not `<page>_part`. counted: how many things a section holds, said behind its name unless there are none.
    """
    t, words = view.t, f"{page}_page.part"
    if view.meeting and closed:
        st.caption(f":material/visibility_off: {t('ui.parts_closed')}")
        sections = tuple(section for section in sections if section not in closed)

    def said(section: str) -> str:
        n = (counted or {}).get(section)
        return f"{t(f'{words}_{section}')} ({t.number(n, 0)})" if n else t(f"{words}_{section}")

    return state.choose_one(name or f"{page}_part", t(words), sections, words=said, style="segments")


def _hand_to_the_router() -> NoReturn:
    # The first page of a list has no address of its own; so that every page keeps its address, an empty one is first.
    pages = [st.Page(_nothing, url_path="start"), *(st.Page(path) for path in sorted(PAGES_FOLDER.glob("*.py")))]
    st.navigation(pages, position="hidden")
    st.rerun()


def _file(name: str) -> Path:
    return PAGES_FOLDER / f"{name}.py"


def _nothing() -> None:
    """A page that is never shown."""
