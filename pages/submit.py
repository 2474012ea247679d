"""Take the form, send filled ones, see what was found, and save."""

import streamlit as st

from pmqa import ui
from pmqa.access import may
from pmqa.ui.parts import submit as parts

view = ui.selected_view()
t = view.t
ui.show_title(view, "submit")

st.header(t("submit_page.form"), anchor=False)
st.markdown(t("submit_page.form_lead"))
names = parts.known_names(view)
with st.container(horizontal=True, vertical_alignment="bottom"):
    year = ui.choose_number("form_year", t("ui.fiscal_year"), 2540, 2600, default=ui.last_fiscal_year())
    agency = ui.choose_one(
        "form_agency",
        t("submit_page.form_agency"),
        ("", *names),
        words=lambda code: names.get(code, t("submit_page.any")),
    )
    parts_of_name = (t("submit_page.form_file"), year, agency)
    ui.download("form", t("submit_page.download_form"), parts_of_name, parts.form_maker(view, year, agency), main=True)

if may(view.viewer, "submit"):
    st.header(t("submit_page.send"), anchor=False)
    received = ui.uploaded(view)
    if names_saved := ui.just_saved():
        st.success(t("submit_page.saved", n=len(names_saved)), icon=":material/task_alt:")
        st.page_link("pages/compare.py", label=t("submit_page.see_compare"), icon=":material/hexagon:")
    if received:
        ui.show_card(view, "outcomes", parts.outcomes(view, received))
        for number, one in enumerate(received):
            with st.expander(ui.plain(one.name), expanded=one.outcome == "refused", key=f"file-{number}"):
                ui.show_findings(view, one)
                if one.reading.submission:
                    ui.show_card(view, f"preview-{number}", parts.preview(view, one.reading.submission))
        accepted = sum(one.is_accepted for one in received)
        st.button(
            t("submit_page.save", n=accepted),
            on_click=ui.record,
            args=(view,),
            disabled=not accepted,
            type="primary",
            icon=":material/save:",
            key="save",
        )
        st.caption(t("submit_page.save_note"))
        if any(one.findings for one in received):
            ui.show_card(view, "findings", parts.findings(view, received))

st.header(t("submit_page.received"), anchor=False)
if view.received.empty:
    st.info(t("submit_page.nothing_received"), icon=":material/inbox:")
else:
    ui.show(view, "received", parts.received)
