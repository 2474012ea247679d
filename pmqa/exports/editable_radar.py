"""Outlines as a radar that Office can edit; of panels, each one by itself over the numbers of all."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pmqa.charts.drawing import Drawing
from pmqa.charts.render.radar import PANEL_NAME, PANEL_SIZE, axes_of
from pmqa.charts.render.wording import columns_of
from pmqa.charts.style import SMALL_SIZE
from pmqa.exports.chart_parts import axis_ids, label_axis, line_style, marker_style
from pmqa.exports.editable import Part, Place, layout_of, look_of, mark_of, scale_axis, sheet_of
from pmqa.exports.legends import BESIDE_LEFT, BESIDE_WIDTH, LINE, PIXELS_A_POINT, beside, broken
from pmqa.exports.sheets import Sheet
from pmqa.text import Translator

AXIS_NAME: Final = 150.0  # pixels of a line of an axis's name: programs do not break Thai, or not where one may
# Shares of a chart's size for the outline; left to themselves, programs shrink it beside long names beyond reading.
LEFT, WIDE, MARGIN = 0.18, 0.32, 0.12
PANEL_LEFT, PANEL_WIDE = 0.2, 0.6
STROKE, BOLD, THIN = 2.25, 3.5, 1.5  # points of a line, of one that stands out, of a panel's
MARK, SMALL_MARK = 7, 4


def radar_chart(drawing: Drawing, place: Place, t: Translator, panel: str = "") -> tuple[bytes, Sheet]:
    """The chart part, and the sheet that it is drawn from; panel: the one to draw."""
    small = bool(drawing.panels)
    wide, text = (PANEL_NAME, PANEL_SIZE) if small else (AXIS_NAME, SMALL_SIZE)
    names = ["\n".join(broken(name, wide, text)) for name in axes_of(drawing)]
    part = Part(place, sheet_of(drawing, place, names))
    shown = [layer for layer in drawing.drawn() if layer.panel in ("", panel)]
    called = {id(layer): layer.name for layer in shown}
    if not small:
        fitting, tall = beside([layer.name for layer in shown], place.width, place.height, place.size)
        called = dict(zip(called, fitting, strict=True))
    for column in columns_of(drawing, t):
        number, layer = part.sheet.add(column.head, column.values), column.layer
        if id(layer) not in called:
            continue
        style = line_style(look_of(layer.style), BOLD if layer.bold else THIN if small else STROKE)
        marks = marker_style(look_of(layer.style), mark_of(layer.style), SMALL_MARK if small else MARK)
        refs = f"{part.sheet.ref('c:cat', 0)}{part.sheet.ref('c:val', number)}"
        part.add(called[id(layer)], f"{style}{marks}{refs}", legend=layer.legend, column=number)
    if axes_of(drawing) != [row.name for row in drawing.rows]:
        part.sheet.add(t("charts.axes"), [row.name for row in drawing.rows])
    below = LINE * place.size * PIXELS_A_POINT / place.height if small else 0.0
    left, wide = (PANEL_LEFT, PANEL_WIDE) if small else (LEFT, WIDE)
    plot = (
        f"{layout_of(left, place.top + MARGIN, wide, 1 - place.top - 2 * MARGIN - below)}"
        f'<c:radarChart><c:radarStyle val="marker"/><c:varyColors val="0"/>{part.xml()}{axis_ids()}</c:radarChart>'
        f"{label_axis(place.font, place.size, grid=True)}"
        f"{scale_axis(replace(drawing.scale, title=''), place.font, place.size, across=False)}"
    )
    if small:  # what is in every panel, which the panels' titles do not name
        at = layout_of(PANEL_LEFT, 1 - below, PANEL_WIDE, below, inner=False)
        return part.space(plot, part.legend("b", at) if part.entries() else ""), part.sheet
    at = layout_of(BESIDE_LEFT, (1 - tall) / 2, BESIDE_WIDTH, tall, inner=False)
    return part.space(plot, part.legend("r", at) if len(part.entries()) > 1 else ""), part.sheet
