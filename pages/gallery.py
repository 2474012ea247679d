"""For developers: every chart from fictitious data, to look at. Not in the menu; the address is /gallery."""

import streamlit as st

from pmqa import ui
from pmqa.charts import figure_config
from pmqa.charts.gallery import gallery

view = ui.selected_view(in_meetings=True)
ui.show_title(view, "gallery")
every = {name: shown for name, *shown in gallery(view.language, view.theme)}
picked = ui.choose_one("chart", view.t("ui.tab_chart"), ("all", *every), words=lambda name: name)

for name, (figure, table, alt) in every.items():
    if picked not in ("all", name):
        continue
    with st.container(border=True, key=f"card-{name}"):
        st.subheader(name, anchor=False)
        st.plotly_chart(
            figure, theme=None, config=figure_config(name, view.language), alt=alt, height=int(figure.layout.height)
        )
        st.caption(ui.plain(alt))
        with st.expander(view.t("ui.tab_table"), key=f"table-{name}"):
            st.dataframe(table, hide_index=True, alt=alt)
