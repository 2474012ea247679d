"""The table of contents: who looks, in which language, and the pages. `streamlit run app.py`; many users: asgi.py."""

import streamlit as st

from pmqa import web

PAGES = {  # file and address -> section of the menu, icon; words are in data/text/pages.toml
    "overview": ("look", ":material/dashboard:"),
    "compare": ("look", ":material/hexagon:"),
    "agency": ("look", ":material/account_balance:"),
    "indicators": ("look", ":material/monitoring:"),
    "years": ("look", ":material/timeline:"),
    "gaps": ("improve", ":material/stairs:"),
    "plan": ("improve", ":material/route:"),
    "leverage": ("improve", ":material/bar_chart:"),
    "followup": ("improve", ":material/task_alt:"),
    "trace": ("check", ":material/account_tree:"),
    "trust": ("check", ":material/verified:"),
    "doctor": ("check", ":material/stethoscope:"),
    "assess": ("check", ":material/fact_check:"),
    "submit": ("bring", ":material/upload_file:"),
    "register": ("bring", ":material/fact_check:"),
    "framework": ("bring", ":material/menu_book:"),
    "people": ("bring", ":material/admin_panel_settings:"),
    "guide": ("bring", ":material/help:"),
    "gallery": ("bring", ":material/palette:"),
    "slides": ("take", ":material/co_present:"),
    "report": ("take", ":material/description:"),
}

if __name__ == "__main__":  # a visitor's run
    from pmqa import ui  # caches made before Streamlit's runtime exists would be thrown away

    with ui.started():
        page, viewer = ui.choose_page(t := ui.choose_language(), PAGES, ui.may_open), ui.signed_in_viewer(t)
        ui.choose_view(t, viewer, filtered=PAGES.get(page.url_path, ("",))[0] != "bring" and page.url_path != "slides")
        ui.show_notices(t, viewer)
        ui.run_page(page, t, viewer)
else:  # `streamlit run` looks for such a line and then starts the same as `uvicorn asgi:app`: never without the layers
    app = st.App(__file__, **web.surroundings())
