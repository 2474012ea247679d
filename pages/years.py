"""Like for like, what rose and what fell since another year, and which answers changed?"""

from typing import Literal

import streamlit as st

from pmqa import ui
from pmqa.views.cards import years as parts
from pmqa.views.cards.compare import ALL
from pmqa.views.words import agency_words

FEW = 4  # earlier years that have a button each
view = ui.selected_view(in_meetings=True)
t = view.t

title = ui.show_title(view, "years")
told = parts.announced_agencies(view)
if not told or not view.submissions.empty:
    ui.need_scores(view)
earlier = parts.earlier_years(view)
left_out = ui.say_years_left_out(view)
sections = (("agency", "everyone") if earlier else ()) + (("announced",) if told else ())
if not earlier and not left_out:
    st.info(t("years_page.no_earlier"), icon=":material/info:")
if not sections:
    ui.end_page()
choices = ui.controls()
with choices:
    section = ui.choose_section(view, "years", sections)
if section == "announced":
    with title:
        agency = ui.choose_one("agency", t("ui.agency"), tuple(told), words=lambda code: agency_words(code, told[code]))
    with choices:
        kinds = parts.announced_kinds(view, agency)
        kind = ui.choose_one("by", t("ui.scope"), kinds, words=lambda name: t(f"ui.kind_{name}"), style="segments")
    ui.show(view, "years.announced", agency=agency, kind=kind)
    ui.end_page()
with choices:
    style: Literal["segments", "menu"] = "segments" if len(earlier) <= FEW else "menu"
    before = ui.choose_one("before", t("years_page.before"), earlier, words=t.year, style=style)
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
