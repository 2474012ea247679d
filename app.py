"""The table of contents: who looks, in which language, and the pages. `streamlit run app.py`; many users: asgi.py."""

import streamlit as st

from pmqa import web

PAGES = {  # file and address -> section of the menu, icon; words are in data/text/pages.toml
    "overview": ("results", ":material/dashboard:"),
    "compare": ("results", ":material/hexagon:"),
    "agency": ("results", ":material/account_balance:"),
    "indicators": ("results", ":material/monitoring:"),
    "gaps": ("improve", ":material/stairs:"),
    "trace": ("trust", ":material/account_tree:"),
    "plan": ("improve", ":material/route:"),
    "leverage": ("improve", ":material/bar_chart:"),
    "trust": ("trust", ":material/verified:"),
    "assess": ("trust", ":material/fact_check:"),
    "followup": ("improve", ":material/task_alt:"),
    "years": ("results", ":material/timeline:"),
    "doctor": ("trust", ":material/stethoscope:"),
    "submit": ("data", ":material/upload_file:"),
    "register": ("data", ":material/fact_check:"),
    "framework": ("data", ":material/menu_book:"),
    "slides": ("along", ":material/co_present:"),
    "report": ("along", ":material/description:"),
    "people": ("data", ":material/admin_panel_settings:"),
    "gallery": ("data", ":material/palette:"),
}

if __name__ == "__main__":  # a visitor's run
    from pmqa import ui  # caches made before Streamlit's runtime exists would be thrown away

    with ui.started():
        t = ui.choose_language()
        page, viewer = ui.choose_page(t, PAGES, ui.may_open), ui.signed_in_viewer(t)
        ui.choose_view(t, viewer, filtered=PAGES.get(page.url_path, ("",))[0] != "data" and page.url_path != "slides")
        ui.show_notices(t, viewer)
        ui.run_page(page, t, viewer)
else:  # `streamlit run` looks for such a line and then starts the same as `uvicorn asgi:app`: never without the layers
    app = st.App(__file__, **web.surroundings())
