"""What stands above a page or in its place: sign-in, sample data, nothing to show and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NoReturn

import streamlit as st

from pmqa import access
from pmqa.access import Deed, NotLetIn, may, sign_in_is_set_up, sources_of
from pmqa.demo import is_untouched
from pmqa.settings import read_settings, sign_in_providers
from pmqa.sources import SOURCES
from pmqa.text import Translator
from pmqa.ui import state
from pmqa.ui.home import fill
from pmqa.ui.navigation import end_page, show_title
from pmqa.ui.noting import WHO, leave, note_arrival
from pmqa.ui.selection import choose_agency
from pmqa.viewer import LOCAL_ANALYST, Viewer
from pmqa.views import data, derived
from pmqa.views.view import View
from pmqa.views.words import plain

DEED_OF_PAGE: Final[Mapping[str, Deed]] = {"people": "administer"}  # other pages are everybody's
MB: Final = 1_000_000
MOST_NAMED: Final = 3  # ministries or agencies of one's reach, in the sidebar


def current_viewer() -> Viewer | NotLetIn | None:
    """Who looks, and may look: looked up in every run, so that whoever is removed is out at the next click."""
    return access.current_viewer(data.store().people.one)


def signed_in_viewer(t: Translator) -> Viewer:
    """Who looks; the sidebar says who that is, and lets them leave.

    Stops the run with a way to sign in, or to another account and why it takes one, where nobody may.
    """
    viewer = current_viewer()
    note_arrival(viewer)
    if not isinstance(viewer, Viewer):
        _ask_to_sign_in(t, viewer)
    st.session_state[WHO] = viewer.name
    with st.sidebar, st.container(key="who"):
        st.caption(f":material/account_circle: {_who(t, viewer)}")
        if sign_in_is_set_up():
            st.button(t("ui.sign_out"), on_click=leave, key="sign-out", icon=":material/logout:")
    return viewer


def _who(t: Translator, viewer: Viewer) -> str:
    """Name, role and reach."""
    if viewer == LOCAL_ANALYST:
        return t("ui.who_local")
    limits = [plain(_some(sorted(names), t)) for names in (viewer.ministries, viewer.agencies) if names is not None]
    reach = " · ".join(limits) or t("ui.reach_all")
    return t("ui.who", name=plain(viewer.name), role=t(f"people.role_{viewer.role}"), reach=reach)


def _some(names: list[str], t: Translator) -> str:
    more = len(names) - MOST_NAMED
    shown = ", ".join(names[:MOST_NAMED]) or t("ui.reach_none")
    return t("ui.and_more", names=shown, n=more) if more > 0 else shown


def _ask_to_sign_in(t: Translator, refused: NotLetIn | None) -> NoReturn:
    if refused is not None:
        st.error(
            t(f"ui.not_let_in_{refused.why}", **({"what": plain(refused.what)} if refused.what else {})),
            icon=":material/block:",
        )
        st.button(t("ui.sign_out"), on_click=leave, key="sign-out")
    else:
        st.title(t("ui.product_long"))
        for provider in sign_in_providers():
            words = t("ui.sign_in_with", provider=plain(provider)) if provider else t("ui.sign_in")
            asked = (provider,) if provider else ()
            st.button(words, on_click=st.login, args=asked, key=f"sign-in{provider}", type="primary")
    st.stop()


def show_notices(t: Translator, viewer: Viewer) -> None:
    """Fills an empty database with samples where that is set up; says that data are samples, with the button."""
    version, settings = data.version(), read_settings()
    if settings.open_to_all and not sign_in_is_set_up():
        st.warning(t("ui.open_to_all"), icon=":material/lock_open:")
    if may(viewer, "administer" if sign_in_is_set_up() else "remove_samples"):
        free = data.store().database.free_bytes()
        if free is not None and free < settings.disk_mb * MB:
            st.warning(t("ui.short_of_disk", free=t.number(free / MB, 0)), icon=":material/hard_drive:")
    if settings.demo_on_first_start and is_untouched(data.store()):
        fill(t)
    if not data.has_samples(version):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="samples"):
        st.info(t("ui.samples"), icon=":material/science:")
        if may(viewer, "remove_samples"):
            st.button(t("ui.remove_samples"), on_click=_ask_to_remove, args=(t, viewer), key="remove-samples")


def need_scores(view: View) -> None:
    """Stop the page where its view has no submission, and say what to do next; say what its figures leave out."""
    t = view.t
    if view.tells_too_much:
        _stop_with(t("ui.tells_too_much"), t("ui.tells_too_much_next", minimum=view.peer_minimum))
    if not view.submissions.empty:
        if view.with_incomplete:
            st.caption(t("ui.with_incomplete_said"))
        if view.of_other_editions:
            edition = plain(view.framework.called(t))
            st.caption(t("ui.other_editions", n=view.of_other_editions, edition=edition))
        return
    with st.container(border=True, key="empty"):
        if all(data.submissions(view.version, view.viewer, source).empty for source in SOURCES):
            st.header(t("ui.no_data"), anchor=False)
            if sources_of(view.viewer):
                st.markdown(t("ui.no_data_own" if view.viewer.role == "agency" else "ui.no_data_next"))
                st.page_link("pages/submit.py", label=t("pages.title.submit"), icon=":material/upload_file:")
            else:
                st.markdown(t("ui.no_data_seen"))
        else:
            st.header(t("ui.nothing_passes"), anchor=False)
            st.markdown(t("ui.nothing_passes_next"))
            st.button(t("ui.clear_filters"), on_click=_clear_filters, key="clear-filters")
        say_announced(view)
    end_page()


def say_announced(view: View) -> None:
    """A line on agencies that have scores as announced alone in the view's year: why the page has nothing of them."""
    if told := derived.announced_alone(view):
        names = plain(_some(list(told), view.t))
        words = {"year": view.t.year(view.fiscal_year), "page": view.t("pages.title.years")}
        st.caption(f":material/campaign: {view.t('ui.announced_only', names=names, **words)}")


def open_page(view: View, page: str) -> Any:
    """`show_title` of a page that shows scores; where its view has none, the page ends with what to do next."""
    row = show_title(view, page)
    need_scores(view)
    return row


def say_years_left_out(view: View) -> bool:
    """Whether a meeting leaves years out, and a line that says so; above what is drawn over the years."""
    if years := view.years_left_out:
        words = {"years": ", ".join(map(view.t.year, years)), "minimum": view.peer_minimum}
        st.caption(f":material/visibility_off: {view.t('ui.years_left_out', **words)}")
    return bool(years)


def open_agency_page(view: View, page: str) -> str:
    """`open_page` of a page about one agency, which is chosen in the row of its title."""
    with open_page(view, page):
        return choose_agency(view)


def _stop_with(heading: str, what_next: str) -> NoReturn:
    with st.container(border=True, key="empty"):
        st.header(heading, anchor=False)
        st.markdown(what_next)
    end_page()


def may_open(page: str) -> bool:
    """Whether whoever looks finds a page in the menu: those of administrators are in theirs alone."""
    viewer = current_viewer() if page in DEED_OF_PAGE else None
    return page not in DEED_OF_PAGE or (isinstance(viewer, Viewer) and may(viewer, DEED_OF_PAGE[page]))


def need_right(view: View, page: str) -> None:
    """Stop a page that is for others, and say for whom it is and how one becomes one of them."""
    if not may(view.viewer, DEED_OF_PAGE[page]):
        _stop_with(view.t("ui.for_administrators"), view.t("ui.for_administrators_next"))


def _clear_filters() -> None:
    state.choose_from_afar("ministry")
    state.choose_from_afar("type")


def _ask_to_remove(t: Translator, viewer: Viewer) -> None:
    @st.dialog(t("ui.remove_samples"))
    def ask() -> None:
        st.markdown(t("ui.remove_samples_sure"))
        label = t("ui.remove_samples_yes")
        st.button(label, type="primary", key="remove-samples-yes", on_click=_remove, args=(viewer,))

    ask()


def _remove(viewer: Viewer) -> None:
    data.store().tidying.remove_samples(viewer.name, viewer=viewer)
    st.rerun()
