"""Scores that moved without anybody sending anything: said once to each viewer, until they put it away."""

from __future__ import annotations

import streamlit as st

from pmqa.ui.showing import show
from pmqa.views import data
from pmqa.views.cards import moved as parts
from pmqa.views.view import View


def say_moved(view: View) -> None:
    """Whose scores moved, from what to what and by what; nothing once the viewer has put it away."""
    t, rows = view.t, parts.moved(view)
    if rows.empty:
        return
    words = {"agencies": t.number(rows["agency_code"].nunique(), 0), "rows": t.number(len(rows), 0)}
    st.info(t("moved.said", rules=parts.causes(view, rows), **words), icon=":material/published_with_changes:")
    with st.expander(t("moved.which"), icon=":material/list:", key="moved-list"):
        show(view, "overview.moved")
        last = int(rows["change"].max())
        st.button(t("moved.seen"), key="moved-seen", on_click=_put_away, args=(view, last))


def _put_away(view: View, change: int) -> None:
    """Say no more to this viewer of scores that moved up to this change of the audit."""
    data.store().values.change_setting(data.moved_away(view.viewer), str(change), who=view.viewer.name)
