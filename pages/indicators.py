"""Are results on target, which way do they go, and how do they compare?"""

import streamlit as st

from pmqa import ui
from pmqa.views.cards import indicators as parts

SECTIONS = ("agency", "indicator", "core")
view = ui.selected_view(in_meetings=True)
t, framework = view.t, view.framework

agency = ui.open_agency_page(view, "indicators")
submission = view.submission_id(agency)
with ui.controls():
    section = ui.choose_section(view, "indicators", SECTIONS, name="part")

if section == "agency":
    reported = parts.reported(view, submission)
    ui.show(view, "indicators.achievement", agency=agency)
    if reported:
        scope = ui.choose_one("measure", t("ui.measure"), tuple(reported), words=lambda name: reported[name])
        ui.show(view, "indicators.years", agency=agency, measure=scope)
    else:
        st.info(t("indicators_page.nothing_reported", **framework.kinds(t)), icon=":material/info:")
    ui.show(view, "indicators.reach", agency=agency)
elif section == "indicator":
    indicator = ui.choose_one(
        "indicator",
        t("ui.indicator"),
        framework.scopes("indicator"),
        words=lambda scope: view.scope_name("indicator", scope),
    )
    ui.show(view, "indicators.across", indicator=indicator, agency=agency)
else:
    ui.show(view, "indicators.core")
