"""Which numbers of category 7 deserve a second look, and do results match the process?"""

import streamlit as st

from pmqa import ui
from pmqa.views.cards import doctor as parts

SECTIONS = ("look", "ambition", "consistency", "shared")
view = ui.selected_view(in_meetings=True)
t, framework = view.t, view.framework

title = ui.open_page(view, "doctor")
choices = ui.controls()
with choices:
    section = ui.choose_section(view, "doctor", SECTIONS)
if section == "look":
    checks = parts.checks(view)
    with choices:
        check = ui.choose_one(
            "check", t("doctor_page.check"), ("all", *checks), words=lambda name: parts.check_words(view, name, checks)
        )
    with title:
        agency = ui.choose_one(
            "of_agency",
            t("ui.agency"),
            ("all", *view.agencies),
            words=lambda code: view.agency_label(code) if code in view.agencies else t("doctor_page.all_agencies"),
        )
    ui.show_metrics(view, "counts", parts.counts)
    ui.show(view, "doctor.diagnoses", check=check, agency=agency)
elif section == "ambition":
    ui.show(view, "doctor.ambition")
elif section == "consistency":
    with title:
        agency = ui.choose_agency(view)
    ui.show(view, "doctor.quadrant", agency=agency)
else:
    names = parts.shared_names(view)
    if not names:
        st.info(t("doctor_page.nothing_shared"), icon=":material/info:")
        ui.end_page()
    with title:
        agency = ui.choose_agency(view)
    with choices:
        measure = ui.choose_one("shared", t("ui.measure"), tuple(names), words=lambda name: names[name])
    ui.show(view, "doctor.shared", measure=measure, agency=agency)
