"""How firm are the ranks, and how good is the evidence behind the scores?"""

import streamlit as st

from pmqa import ui
from pmqa.views.cards import trust as parts

SECTIONS = ("ranks", "evidence", "reuse")
view = ui.selected_view(in_meetings=True)
t = view.t

title = ui.open_page(view, "trust")
choices = ui.controls()
with choices:
    section = ui.choose_section(view, "trust", SECTIONS, closed=("reuse",))
if section == "ranks" and not parts.enough_to_rank(view):
    st.info(t("trust_page.too_few", counted=view.who_counts), icon=":material/info:")
elif section == "ranks":
    with title:
        agency = ui.choose_agency(view)
    with choices:
        band = ui.choose_word(t, "band", "trust_page.band", tuple(parts.BANDS), style="segments")
    ui.show_metrics(view, "rank", parts.rank, agency)
    ui.offer_trace(view, agency)
    ui.show(view, "trust.ranks", agency=agency, band=band)
elif section == "evidence":
    if ui.texts_are_compared(view, "evidence"):
        ui.show_metrics(view, "evidence-summary", parts.evidence_summary)
        ui.show(view, "trust.evidence")
else:
    column = ui.choose_one(
        "text", t("trust_page.text"), parts.TEXTS, words=lambda name: t(f"ui.{name}"), style="segments"
    )
    if ui.texts_are_compared(view, column):
        ui.show(view, "trust.reuse", column=column)
