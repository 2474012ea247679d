"""Where does this number come from, step by step down to the cell of the file that was sent?"""

from pmqa import ui
from pmqa.views.cards import trace as parts

view = ui.selected_view(closed="evidence")
t = view.t

agency = ui.open_agency_page(view, "trace")
ui.say_announced(view)
submission = view.submission_id(agency)

scopes = parts.scopes(view, submission)
with ui.controls():
    scope = ui.choose_one("trace", t("trace_page.number"), tuple(scopes), words=lambda name: scopes[name])
    detail = ui.choose_one(
        "detail",
        t("trace_page.detail"),
        parts.DETAILS,
        words=lambda name: t(f"trace_page.detail_{name}"),
        default=parts.first_detail(view, scope),
        style="segments",
    )
ui.show_metrics(view, "summary", parts.summary, submission, scope)
ui.show(view, "trace.steps", agency=agency, scope=scope, detail=detail)
ui.show_notes(view, agency, scope)

file = parts.original(view, submission)
ui.download("original", t("trace_page.original", name=file.name), (file.name,), file.contents)
