"""Where does this agency stand, what did it answer, on what evidence, and how has it changed?"""

from pmqa import ui
from pmqa.views.cards import agency as parts
from pmqa.views.cards.notes import notes_on

view = ui.selected_view(in_meetings=True)
SECTIONS = ("profile", "ladder", "answers", "history", "sent", "notes")
t = view.t

agency = ui.open_agency_page(view, "agency")
with ui.controls():
    noted = {"notes": 0 if view.meeting else len(notes_on(view, agency))}
    section = ui.choose_section(view, "agency", SECTIONS, closed=("sent", "notes"), name="part", counted=noted)
    if section in ("profile", "history"):
        kind = ui.choose_kind(view)
ui.show_metrics(view, "standing", parts.standing, agency)
ui.offer_trace(view, agency)
if section == "profile":
    ui.show(view, "agency.profile", agency=agency, kind=kind)
    peers = ui.choose_peers(view, agency)
    ui.show(view, "compare.peers", named="spine", agency=agency, kind=kind, peers=peers)
elif section == "ladder":
    ui.show(view, "agency.ladder", agency=agency)
    ui.show(view, "agency.results", agency=agency)
elif section == "answers":
    category = ui.choose_scope(view, "category")
    ui.show(view, "agency.answers", agency=agency, category=category)
elif section == "history":
    ui.say_years_left_out(view)
    ui.show(view, "agency.history", agency=agency)
    ui.show(view, "agency.history", named="history-parts", agency=agency, kind=kind)
elif section == "notes":
    ui.show_notes(view, agency)
else:
    ui.show(view, "agency.sent", agency=agency)
    ui.compare_versions(view, agency)
    for sent in parts.originals(view, agency):
        label = t("agency_page.original", submission=sent.submission)
        ui.download(f"original-{sent.submission}", label, (sent.submission, sent.file_name), sent.contents)
