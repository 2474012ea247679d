"""What is to be told, with which cards, in which order?"""

from pmqa import ui
from pmqa.ui.forms import slides

view = ui.selected_view(closed="slides")
ui.show_title(view, "slides")
slides.show_page(view)
