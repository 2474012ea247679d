"""What is to be told, with which cards, in which order?"""

import streamlit as st

from pmqa import ui
from pmqa.ui.forms import slides

view = ui.selected_view(closed="slides")
ui.show_title(view, "slides")
board = slides.choose_storyboard(view)
if board is None:
    slides.say_what_next(view, "no_storyboard")
    with st.container(horizontal=True):
        slides.offer_new(view)
else:
    slides.show_storyboard(view, board)
