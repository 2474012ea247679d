"""How is a task done, page by page, and what does a word mean?"""

import streamlit as st

from pmqa import ui
from pmqa.views.guide import glossary, tasks

GLOSSARY = "glossary"

view = ui.selected_view(in_meetings=True)
t = view.t
every = {task.id: task for task in tasks(view.language)}
with ui.show_title(view, "guide"):
    task = ui.choose_one(
        "task",
        t("guide.task"),
        (*every, GLOSSARY),
        words=lambda name: every[name].heading if name in every else t("guide.glossary"),
    )
if task == GLOSSARY:
    meanings = [t(term.meaning) if t.has(term.meaning) else "" for term in glossary()]
    words = [(term.thai, term.english, meaning) for term, meaning in zip(glossary(), meanings, strict=True)]
    heads = (t("guide.thai"), t("guide.english"), t("guide.meaning"))
    st.table(
        [dict(zip(heads, map(ui.plain, row), strict=True)) for row in words],
        hide_index=True,
        border="horizontal",
        alt=t("guide.glossary"),
    )
else:
    st.header(every[task].heading, anchor=False)
    st.markdown(every[task].text)
