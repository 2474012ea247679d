"""Like for like, what rose and what fell since another year, and which answers changed?"""

import streamlit as st

from pmqa import ui
from pmqa.views.cards import years as parts
from pmqa.views.cards.compare import ALL

SECTIONS = ("agency", "everyone")
view = ui.selected_view(in_meetings=True)
t = view.t

title = ui.open_page(view, "years")
earlier = parts.earlier_years(view)
left_out = ui.say_years_left_out(view)
if not earlier:
    if not left_out:
        st.info(t("years_page.no_earlier"), icon=":material/info:")
    ui.end_page()
choices = ui.controls()
with choices:
    before = ui.choose_one("before", t("years_page.before"), earlier, words=t.year)
    section = ui.choose_section(view, "years", SECTIONS)
ui.show_metrics(view, "summary", parts.summary, before)
if section == "everyone":
    ui.show(view, "years.agencies", before=before)
    ui.show(view, "years.regressions", before=before)
else:
    both = parts.agencies_of_both(view, before)
    if not both:
        st.info(t("years_page.nobody"), icon=":material/info:")
        ui.end_page()
    with title:
        agency = ui.choose_one("agency", t("ui.agency"), tuple(both), words=view.agency_label)
    with choices:
        kind = ui.choose_kind(view, items=True)
        dimension = ui.choose_one(
            "of_dimension",
            t("ui.dimension"),
            (ALL, *view.framework.dimension),
            words=lambda name: t("years_page.every_dimension") if name == ALL else view.scope_name("dimension", name),
        )
        every = ui.choose_switch("every_year", t("years_page.every_year"))
    ui.show(view, "years.moves", agency=agency, before=before, kind=kind)
    ui.show(view, "years.why", agency=agency, before=before, dimension=dimension)
    ui.show(view, "years.changes", agency=agency, before=before, dimension=dimension, every=every)
