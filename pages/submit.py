"""Take the form, send filled ones, see what was found, and save; what was received, and taking it back."""

from functools import partial

import streamlit as st

from pmqa import ui
from pmqa.access import sources_of
from pmqa.submission import FIRST_YEAR, LAST_YEAR
from pmqa.ui.forms import outcomes as parts
from pmqa.views.cards import submit as forms
from pmqa.views.words import agency_words

view = ui.selected_view(closed="files")
t = view.t
ui.show_title(view, "submit")

st.header(t("submit_page.form"), anchor=False)
st.markdown(t("submit_page.form_lead"))
names = forms.known_names(view)
with st.container(horizontal=True, vertical_alignment="bottom"):
    year = ui.choose_number("form_year", t("ui.fiscal_year"), FIRST_YEAR, LAST_YEAR, default=ui.last_fiscal_year())
    editions = forms.editions(view)
    edition = ui.choose_one("edition", t("ui.edition"), tuple(editions), words=editions.__getitem__) if editions else ""
    agency = ui.choose_one(
        "form_agency",
        t("submit_page.form_agency"),
        ("", *names),
        words=lambda code: agency_words(code, names[code]) if code else t("submit_page.any"),
    )
    parts_of_name = (t("submit_page.form_file"), *([edition] if edition else []), year, agency)
    make = forms.form_maker(view, edition, year, agency)
    ui.download("form", t("submit_page.download_form"), parts_of_name, make, main=True)

if sources_of(view.viewer):
    st.header(t("submit_page.send"), anchor=False)
    (ui.receive_forms if ui.choose_way(view) == "forms" else ui.receive_others)(view)
    files = ui.uploaded(view)
    ui.say_what_was_saved(view)
    if files:
        ui.offer_to_combine(view, files)
        decided = ui.decided(view, files)
        files = decided.files
        st.markdown(parts.summary(view, files))
        if refused := parts.refused_words(view, files):
            st.error(refused, icon=":material/error:")
        ui.show_card(view, "outcomes", parts.outcomes(view, files))
        ui.offer_to_save(view, decided)
        if any(one.findings for one in files):
            found = tuple(files)
            with st.container(horizontal=True):
                label, name = t("submit_page.download_replies"), (t("submit_page.replies"),)
                ui.download("replies", label, name, partial(parts.replies, view, found), form="zip")
                label, name = t("submit_page.download_findings"), (t("submit_page.all_findings"),)
                ui.download("findings", label, name, partial(parts.all_findings, view, found))
        ui.show_staged(view, files)

ui.offer_reminders(view, view.fiscal_year)
st.header(t("submit_page.received"), anchor=False)
ui.show_received(view)
