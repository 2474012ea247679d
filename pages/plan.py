"""Which criteria to close for a target, with the least effort, and what would come of it?"""

import streamlit as st

from pmqa import ui
from pmqa.ui.forms import plan as planning
from pmqa.ui.forms import whatif
from pmqa.views.cards import plan as parts

view = ui.selected_view(in_meetings=True)
t, framework = view.t, view.framework
scale = framework.scoring

agency = ui.open_agency_page(view, "plan")
ui.say_announced(view)
submission = view.submission_id(agency)
choices = ui.controls()
with choices:
    section = ui.choose_section(view, "plan", parts.SECTIONS, closed=("whatif",))
if section == "whatif":
    whatif.show(view, agency, submission)
    ui.end_page()

scopes = parts.scopes(view)
with choices:
    scope = ui.choose_one("path_scope", t("ui.scope"), tuple(scopes), words=lambda name: scopes[name])
    target = ui.choose_one(
        "path_target",
        t("ui.target"),
        (*framework.level, "number"),
        words=lambda name: t("gaps_page.target_number") if name == "number" else view.level_name(name),
        default=parts.next_level(view, submission, scope),
    )
    points = int(scale.level_thresholds.get(target, scale.scale_max))
    if target == "number":
        low, high = int(scale.scale_min), int(scale.scale_max)
        points = ui.choose_number("points", t("gaps_page.points_label"), low, high, default=high, step=10)

drawn = st.container()  # above what is to be filled in, so that who fills it in sees what comes of it
weighed = not view.meeting and ui.choose_switch("effort", t("plan_page.by_effort"), help=t("plan_page.by_effort_help"))
efforts = whatif.edited_efforts(view, agency, submission) if weighed else ()
with drawn:
    ui.show_metrics(view, "path", parts.path_summary, submission, points, scope, efforts)
    ui.show(view, "plan.path", agency=agency, points=points, scope=scope, efforts=parts.written(efforts))
    ui.offer_trace(view, agency, scope)

if closing := parts.criteria_of_path(view, submission, points, scope, efforts):
    with st.container(horizontal=True):
        label, name = t("plan_page.download"), (t("plan_page.file"), view.agencies[agency], view.fiscal_year)
        made = parts.path_maker(view, agency, submission, points, scope, efforts)
        ui.download("plan", label, name, made, main=True)
        if not view.meeting:
            st.button(
                t("plan_page.try_out"),
                on_click=whatif.assume_path,
                args=(view, submission, points, scope, efforts),
                icon=":material/science:",
                key="try-path",
            )
    if not view.meeting:
        planning.offer_draft(view, agency, closing, "add_path")
