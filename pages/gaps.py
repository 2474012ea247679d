"""How far is it to the target, and where to begin?"""

from pmqa import ui
from pmqa.views.cards import gaps as parts

view = ui.selected_view(in_meetings=True)
t, framework = view.t, view.framework
scale = framework.scoring

agency = ui.open_agency_page(view, "gaps")
ui.say_announced(view)

with ui.controls():
    target = ui.choose_one(
        "target", t("ui.target"), parts.TARGETS, words=lambda name: t(f"gaps_page.target_{name}"), style="segments"
    )
    level, number = framework.levels[0].id, int(scale.scale_max)
    if target == "level":
        level = ui.choose_one("level", t("ui.level"), tuple(framework.level), words=view.level_name)
    elif target == "number":
        low, high = int(scale.scale_min), int(scale.scale_max)
        number = ui.choose_number("points", t("gaps_page.points_label"), low, high, default=high, step=10)
    kind = ui.choose_kind(view, items=True)
to = {"agency": agency, "target": target, "level": level, "number": number}
ui.show(view, "gaps.to_target", named="gaps", kind=kind, **to)
ui.show(view, "gaps.blocking", agency=agency)
if parts.goal(view, **to) is not None:
    ui.show(view, "gaps.path", **to)
