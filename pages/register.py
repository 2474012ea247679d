"""Who there is, who must send for which year and by when, and who has."""

import streamlit as st

from pmqa import ui
from pmqa.access import may

SECTIONS = ("expectations", "register", "import", "successions", "rounds")
view = ui.selected_view(closed="files")
t = view.t
ui.show_title(view, "register")
ui.say_what_was_done()

if may(view.viewer, "keep_register"):
    section = ui.choose_section(view, "register", SECTIONS)
    if section != "expectations":  # which offers them where it says that there is no register
        ui.offer_senders(view)
    if section == "expectations":
        ui.set_expectations(view)
    elif section == "register":
        st.markdown(t("register_page.edit_lead"))
        ui.edit_register(view)
        ui.show(view, "register.register")
    elif section == "successions":
        ui.edit_successions(view)
    elif section == "rounds":
        ui.edit_rounds(view)
    else:
        st.markdown(t("register_page.import_lead"))
        ui.offer_import(view)
else:
    ui.show_sending(view)
    ui.show(view, "register.register")
