"""Who may sign in, in which role, with which reach, until when; and who did what? For administrators."""

from pmqa import ui
from pmqa.ui.forms import people as administering
from pmqa.views.cards import people as parts

view = ui.selected_view(closed="people")
t = view.t
ui.show_title(view, "people")
ui.need_right(view, "people")
ui.say_what_was_done()

section = ui.choose_section(view, "people", parts.SECTIONS)
if section == "audit":
    administering.show_audit(view)
else:
    ui.show_metrics(view, "people", parts.metrics)
    ui.show(view, "people.people")
    administering.edit_people(view)
