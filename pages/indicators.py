"""Are results on target, which way do they go, and how do they compare?"""

from typing import Any

import streamlit as st

from pmqa import ui
from pmqa.views.cards import indicators as parts

SECTIONS = ("agency", "category", "worse", "indicator", "core")
view = ui.selected_view(in_meetings=True)
t, framework = view.t, view.framework

agency = ui.open_agency_page(view, "indicators")
submission = view.submission_id(agency)
choices = ui.controls()
with choices:
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
elif section == "category":
    of: dict[str, Any] = {"kind": "indicator", "part": framework.scoring.results_category}
    with choices:
        peers = ui.choose_own_group(view, agency)
    ui.show(view, "compare.rest", agency=agency, peers=peers, **of)
    ui.show(view, "compare.heat", **of, marked=(agency,))
elif section == "worse":
    ui.show(view, "indicators.worse")
elif section == "indicator":
    with choices:
        indicator = ui.choose_scope(view, "indicator")
    ui.show(view, "indicators.across", indicator=indicator, agency=agency)
else:
    ui.show(view, "indicators.core")
