"""Scores that moved without anybody sending anything: said once to each viewer, until they put it away."""

from __future__ import annotations

import streamlit as st

from pmqa.ui import data
from pmqa.ui.cards import show
from pmqa.ui.parts import moved as parts
from pmqa.ui.view import View


def say_moved(view: View) -> None:
    """Whose scores moved, from what to what and by what; nothing once the viewer has put it away."""
    t, rows = view.t, parts.moved(view)
    if rows.empty:
        return
    words = {"agencies": t.number(rows["agency_code"].nunique(), 0), "rows": t.number(len(rows), 0)}
    st.info(t("moved.said", rules=parts.causes(view, rows), **words), icon=":material/published_with_changes:")
    with st.expander(t("moved.which"), icon=":material/list:", key="moved-list"):
        show(view, "moved", parts.table)
        last = int(rows["change"].max())
        st.button(t("moved.seen"), key="moved-seen", on_click=data.put_moved_away, args=(view.viewer, last))
