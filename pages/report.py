"""What can an agency or a ministry be handed, on slides or on paper?"""

from pmqa import ui
from pmqa.ui.forms import report as reporting

view = ui.selected_view(closed="reports")
ui.open_page(view, "report")
whose = ui.choose_word(view.t, "whose", "report_page.whose", ("agency", "ministry", "all"), style="segments")
document = reporting.choose_document(view, "briefing" if whose == "ministry" else "profile")
form = reporting.choose_form(view)
notes = reporting.choose_notes(view, document)
if whose == "agency":
    reporting.offer_agency(view, ui.choose_agency(view), form, document, notes=notes)
elif whose == "ministry":
    reporting.offer_ministry(view, reporting.choose_ministry(view), form, document, notes=notes)
else:
    reporting.offer_all(view, form, document, notes=notes)
