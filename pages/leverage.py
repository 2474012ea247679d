"""Where does closing one criterion help most agencies, and who can teach whom?"""

from pmqa import ui
from pmqa.views.cards import leverage as parts

SECTIONS = ("blocking", "missed", "teachers")
view = ui.selected_view(in_meetings=True)
t, framework = view.t, view.framework

ui.open_page(view, "leverage")
choices = ui.controls()
with choices:
    section = ui.choose_section(view, "leverage", SECTIONS, closed=("teachers",))
ui.show_metrics(view, "summary", parts.summary)
if section == "blocking":
    with choices:
        by = ui.choose_one(
            "leverage_by", t("ui.order"), ("points", "agencies"), words=lambda name: t(f"leverage_page.by_{name}")
        )
        number = ui.choose_number("first", t("leverage_page.number"), 1, 10, default=5)
    ui.show(view, "leverage.together", number=number, by=by)
    ui.show(view, "leverage.leverage", by=by)
    agency = ui.choose_agency(view)
    ui.show(view, "leverage.alone", agency=agency)
elif section == "missed":
    level = ui.choose_one(
        "level", t("ui.level"), ("all", *framework.level), words=lambda name: parts.level_words(view, name)
    )
    ui.show(view, "leverage.missed", level=level)
else:
    criteria = parts.criteria_to_learn(view)
    criterion = ui.choose_one(
        "criterion", t("ui.criterion"), tuple(criteria), words=lambda name: f"{name} {criteria[name]}"
    )
    ui.show(view, "leverage.teachers", criterion=criterion)
    ui.show(view, "leverage.learners", criterion=criterion)
