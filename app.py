"""The table of contents: who looks, in which language, and the pages. `streamlit run app.py`; many users: asgi.py."""

import streamlit as st

from pmqa import ui

PAGES = {  # file and address -> icon; titles are in data/text/pages.toml
    "overview": ":material/dashboard:",
    "compare": ":material/hexagon:",
    "agency": ":material/account_balance:",
    "gaps": ":material/stairs:",
    "indicators": ":material/monitoring:",
    "submit": ":material/upload_file:",
    "framework": ":material/menu_book:",
}
FIRST = "overview"
WITHOUT_FILTERS = ("submit", "framework")

ui.start()
with ui.url_kept():
    t = ui.choose_language()
    titles = {name: t(f"pages.title.{name}") for name in PAGES}
    # The first page is at the root and nowhere else; a second, hidden one answers at its own address.
    pages = [st.Page(f"pages/{FIRST}.py", title=titles[FIRST], icon=PAGES[FIRST], url_path="root", default=True)]
    pages += [
        st.Page(
            f"pages/{name}.py",
            title=titles[name],
            icon=icon,
            url_path=name,
            visibility="hidden" if name == FIRST else "visible",
        )
        for name, icon in PAGES.items()
    ]
    page = st.navigation(pages)
    viewer = ui.signed_in_viewer(t)
    ui.choose_view(t, viewer, filtered=page.url_path not in WITHOUT_FILTERS)
    ui.show_notices(t, viewer)
    page.run()
