"""Two submissions of an agency side by side, on the page that shows what it has sent."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pmqa.ui import state
from pmqa.ui.showing import download, show
from pmqa.views.cards.agency import versions, versions_book
from pmqa.views.view import View

PARTS = ("versions", "effects", "criteria", "measures")


def compare_versions(view: View, agency: str) -> None:
    """Which two, what differs, and a workbook of it; nothing where the agency has sent once."""
    t, known = view.t, versions(view, agency)
    if len(known) < len(("before", "after")):
        return
    st.header(t("agency_page.versions"), anchor=False)
    latest, earlier = list(known)[:2]
    with st.container(horizontal=True):
        before, after = (
            state.choose_one(
                f"version_{side}",
                t(f"agency_page.version_{side}"),
                tuple(known),
                words=known.__getitem__,
                default=default,
            )
            for side, default in (("before", earlier), ("after", latest))
        )
    if before == after:
        st.info(t("agency_page.same_version"), icon=":material/info:")
        return
    for part in PARTS:
        show(view, "agency.versions", named=f"versions-{part}", before=before, after=after, part=part)
    make = partial(versions_book, view, before, after)
    download("versions", t("agency_page.versions_book"), (before, after), make)
