"""What is assessed, and how points come about: the edition as data, for everybody to check."""

import streamlit as st

from pmqa import ui
from pmqa.exports import origin_lines
from pmqa.views.cards import framework as parts

view = ui.selected_view(in_meetings=True)
t, framework = view.t, view.framework

ui.show_title(view, "framework")
st.info(t("framework_page.own_choice", source=t.pick(framework.source)), icon=":material/info:")

ui.show(view, "framework.concepts")
ui.show(view, "framework.items")

st.header(t("framework_page.one_category"))
category = ui.choose_scope(view, "category")
st.markdown(f"**{t('framework_page.intent')}** {t.pick(framework.category[category].intent)}")
for line in origin_lines(framework, "intents", t):
    st.caption(line)
ui.show(view, "framework.contents", category=category)

st.header(t("framework_page.rules"))
st.markdown(parts.rules(view))
ui.show(view, "framework.origins")
