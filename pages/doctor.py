"""Which numbers of category 7 deserve a second look, and do results match the process?"""

import streamlit as st

from pmqa import ui
from pmqa.views.cards import doctor as parts

SECTIONS = ("look", "ambition", "consistency", "shared")
view = ui.selected_view(in_meetings=True)
t, framework = view.t, view.framework

ui.show_title(view, "doctor")
ui.need_scores(view)
section = ui.choose_one(
    "doctor_part", t("doctor_page.part"), SECTIONS, words=lambda name: t(f"doctor_page.part_{name}"), style="segments"
)
if section == "look":
    ui.show_metrics(view, "counts", parts.counts)
    checks = parts.checks(view)
    check = ui.choose_one(
        "check", t("doctor_page.check"), ("all", *checks), words=lambda name: parts.check_words(view, name, checks)
    )
    agency = ui.choose_one(
        "of_agency",
        t("ui.agency"),
        ("all", *view.agencies),
        words=lambda code: view.agency_label(code) if code in view.agencies else t("doctor_page.all_agencies"),
    )
    ui.show(view, "doctor.diagnoses", check=check, agency=agency)
elif section == "ambition":
    ui.show(view, "doctor.ambition")
elif section == "consistency":
    agency = ui.choose_agency(view)
    ui.show(view, "doctor.quadrant", agency=agency)
else:
    names = parts.shared_names(view)
    if not names:
        st.info(t("doctor_page.nothing_shared"), icon=":material/info:")
        ui.end_page()
    agency = ui.choose_agency(view)
    measure = ui.choose_one("shared", t("ui.measure"), tuple(names), words=lambda name: names[name])
    ui.show(view, "doctor.shared", measure=measure, agency=agency)
