"""Where do the chosen agencies differ, from each other and from their peers?"""

import streamlit as st

from pmqa import ui
from pmqa.ui.parts import compare as parts

FIRST_SHOWN = 3
view = ui.selected_view(in_meetings=True)
t, framework = view.t, view.framework

ui.show_title(view, "compare")
ui.need_scores(view)

agencies = tuple(
    ui.choose_many(
        "agencies",
        t("ui.agencies"),
        list(view.agencies),
        words=lambda code: view.agencies[code],
        default=list(view.agencies)[:FIRST_SHOWN],
        placeholder=t("compare_page.choose_agencies"),
        most=12,
    )
)
with st.container(horizontal=True, vertical_alignment="bottom"):
    kind = ui.choose_one(
        "by",
        t("ui.scope"),
        ("dimension", "category", "item"),
        words=lambda name: t(f"ui.kind_{name}"),
        style="segments",
    )
    median = not ui.choose_switch("no_median", t("compare_page.no_median"))
category = "1"
if kind == "item":
    category = ui.choose_one(
        "category",
        t("ui.category"),
        framework.scopes("category"),
        words=lambda scope: view.scope_name("category", scope),
    )
if not agencies:
    st.info(t("compare_page.choose_first"), icon=":material/touch_app:")
    st.stop()

scopes = parts.scopes_of(view, kind, category)
ui.show(view, "profile", parts.profile, agencies, kind, scopes, median)
ui.show(view, "values", parts.values, agencies, kind, scopes, median)

st.header(t("compare_page.one_scope"), anchor=False)
scope = ui.choose_one(
    "scope",
    t("ui.scope"),
    ("overall", *scopes),
    words=lambda name: view.scope_name("overall" if name == "overall" else kind, name),
)
ui.show(view, "everyone", parts.everyone, agencies, "overall" if scope == "overall" else kind, scope)
