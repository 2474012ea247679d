"""Who has sent, at which level are they, and where are they strong or weak?"""

from functools import partial

import streamlit as st

from pmqa import ui
from pmqa.views.cards import overview as parts

view = ui.selected_view(in_meetings=True)
t = view.t

ui.show_title(view, "overview")
ui.show_sending(view)
ui.need_scores(view)
ui.say_moved(view)
ui.show_metrics(view, "summary", parts.summary)
ui.offer_traces(view, "summary", partial(parts.summed, view))

with st.container(horizontal=True, vertical_alignment="bottom"):
    kind = ui.choose_one(
        "by", t("ui.scope"), ("dimension", "category"), words=lambda name: t(f"ui.kind_{name}"), style="segments"
    )
    order = ui.choose_one(
        "order", t("ui.order"), ("score", "name"), words=lambda name: t(f"ui.order_{name}"), style="segments"
    )

ui.show(view, "overview.strengths", kind=kind, order=order)
ui.show(view, "overview.levels", kind=kind)
ui.show(view, "overview.totals")
