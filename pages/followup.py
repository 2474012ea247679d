"""Who does what by when, how far is it, and what came of it a year later?"""

import streamlit as st

from pmqa import ui
from pmqa.access import may
from pmqa.ui.forms import plan as planning
from pmqa.views.cards import followup as parts

view = ui.selected_view(closed="plans")
t = view.t

agency = ui.open_agency_page(view, "followup")
submission = view.submission_id(agency)
today = parts.today()
may_plan = may(view.viewer, "plan")

ui.show_metrics(view, "summary", parts.summary, agency, submission, today)
if parts.has_actions(view, agency):
    ui.show(view, "followup.actions", agency=agency, day=today.isoformat())
else:
    st.info(t(f"followup_page.no_actions{'' if may_plan else '_seen'}"), icon=":material/edit_note:")
if may_plan:
    planning.offer_actions(view, agency, submission)
ui.show(view, "followup.coverage", agency=agency)
if parts.has_actions(view, agency):
    ui.show(view, "followup.effects", agency=agency)
