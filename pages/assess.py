"""Where do assessors and agencies differ, and what does the assessor answer?"""

import streamlit as st

from pmqa import ui
from pmqa.access import may
from pmqa.sources import SELF, bases, bases_of
from pmqa.ui.forms import assess as assessing
from pmqa.views.cards import assess as parts
from pmqa.views.sides import own_view

chosen = ui.selected_view(closed="evidence")
view = own_view(chosen)
t, framework = view.t, view.framework
may_assess = may(view.viewer, "assess")
sections = ("differ", "one", "bias", "grid") if may_assess else ("differ", "one", "bias")

ui.open_page(view, "assess")
choices = ui.controls()
with choices:
    section = ui.choose_section(view, "assess", sections)
if section == "grid":
    agency = ui.choose_agency(view)
    source = assessing.choose_assessment(chosen)
    submission = view.submission_id(agency)
    st.markdown(t("assess_page.grid_lead"))
    name = (t("assess_page.form_file"), agency, view.fiscal_year)
    ui.download("assessor-form", t("assess_page.form"), name, parts.form_maker(view, submission, source))
    assessing.grid(view, submission, source)
    ui.end_page()

with choices:
    own = ui.choose_one(
        "own", t("assess_page.own"), bases_of(SELF.id), words=lambda name: t.pick(bases()[name].name), style="segments"
    )
    theirs = ui.choose_assessed(chosen)
assessed = parts.assessed(view, own, theirs)
if not assessed:
    st.info(t(f"assess_page.nobody{'' if may_assess else '_seen'}"), icon=":material/info:")
    ui.end_page()
ui.show_metrics(view, "summary", parts.summary, own, theirs)
if section == "differ":
    ui.show(view, "assess.agencies", own=own, theirs=theirs)
    ui.show(view, "assess.readings", own=own, theirs=theirs)
elif section == "one":
    agency = ui.choose_one("assessed", t("ui.agency"), tuple(assessed), words=view.agency_label)
    ui.show(view, "assess.items", agency=agency, own=own, theirs=theirs)
    ui.show(view, "assess.answers", agency=agency, theirs=theirs)
else:
    ui.show(view, "assess.bias", named="leniency", part="agency", own=own, theirs=theirs)
    ui.show(view, "assess.bias", named="difficulty", part="item", own=own, theirs=theirs)
    ui.show(view, "assess.rests", own=own, theirs=theirs)
