"""What needs me today; then everyone at a glance: who is strong or weak, at which level, with which total."""

from functools import partial

import streamlit as st

from pmqa import ui
from pmqa.views.cards import overview as parts

view = ui.selected_view(in_meetings=True)
t = view.t

ui.show_start(view)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="head"):
    ui.show_title(view, "overview")
    kind = ui.choose_kind(view)
    order = ui.choose_word(t, "order", "ui.order", ("score", "name"), style="segments")
if view.submissions.empty:
    ui.show_sending(view)
ui.need_scores(view)
ui.say_moved(view)
if view.closed:
    ui.show(view, "rounds.changes")
ui.show_status(view)
findings, everyone = st.columns([0.44, 0.56], gap="small")
with findings:
    ui.show_highlights(view)
with everyone:
    ui.show(view, "overview.strengths", narrow=True, kind=kind, order=order)

ui.show(view, "home.asks")
ui.show_metrics(view, "summary", parts.summary)
ui.offer_traces(view, "summary", partial(parts.summed, view))
ui.show_sending(view)
ui.show(view, "overview.levels", kind=kind)
ui.show(view, "overview.totals")
