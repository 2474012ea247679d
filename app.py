"""The table of contents: who looks, in which language, and the pages. `streamlit run app.py`; many users: asgi.py."""

from pmqa import ui

PAGES = {  # file and address -> section of the menu, icon; words are in data/text/pages.toml
    "overview": ("results", ":material/dashboard:"),
    "compare": ("results", ":material/hexagon:"),
    "agency": ("results", ":material/account_balance:"),
    "indicators": ("results", ":material/monitoring:"),
    "report": ("results", ":material/description:"),
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
    "gallery": ("data", ":material/palette:"),
}
WITHOUT_FILTERS = ("submit", "register", "framework", "gallery")

ui.start()
with ui.url_kept():
    t = ui.choose_language()
    page = ui.choose_page(t, PAGES)
    viewer = ui.signed_in_viewer(t)
    ui.choose_view(t, viewer, filtered=page.url_path not in WITHOUT_FILTERS)
    ui.show_notices(t, viewer)
    with ui.dropped_said(t):
        ui.run_page(page)
    ui.offer_link(t)
