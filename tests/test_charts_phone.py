"""Charts on a phone: the same Drawing, its names above the rows, nothing beside the plot that takes its room."""

from __future__ import annotations

from dataclasses import replace

import plotly.graph_objects as go
import pytest

from pmqa.charts.drawing import Drawing
from pmqa.charts.gallery import drawings
from pmqa.charts.render import figure
from pmqa.charts.style import HALF_WIDTH, MIN_WIDTH, PHONE_WIDTH
from pmqa.text import translator
from pmqa.ui.screen import Screen, fitting

DRAWINGS = dict(drawings("th"))
TH = translator("th")
LEAST_PLOT = 200  # of the 320 pixels of a phone


def on_phone(drawing: Drawing) -> go.Figure:
    return figure(fitting(drawing, "phone", narrow=False), TH)


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_plot_has_most_of_the_width(name: str) -> None:
    margin = on_phone(DRAWINGS[name]).layout.margin
    assert PHONE_WIDTH - margin.l - margin.r >= LEAST_PLOT


@pytest.mark.parametrize("name", [name for name, drawing in DRAWINGS.items() if drawing.kind in ("rows", "grid")])
def test_every_row_is_named_above_its_marks_and_says_what_stood_beside_them(name: str) -> None:
    drawing = DRAWINGS[name]
    shown = on_phone(drawing)
    assert not shown.layout.yaxis.showticklabels
    labels = [note for note in shown.layout.annotations if note.xref == "paper" and note.yanchor == "bottom"]
    above = sorted(note.y for note in labels if note.bgcolor)
    marks = list(shown.layout.yaxis.tickvals)
    assert len(above) == len(marks) == len(drawing.rows)
    assert all(
        row - 0.5 <= label < mark < row + 0.5 for row, (label, mark) in enumerate(zip(above, marks, strict=True))
    )
    words = " ".join(note.text.replace("<br>", "").replace(" ", "") for note in labels)
    for row in drawing.rows:
        assert all(line.replace(" ", "") in words for line in row.end.split("\n")), row


@pytest.mark.parametrize("name", [name for name, drawing in DRAWINGS.items() if drawing.kind == "radar"])
def test_a_radar_is_dots_with_every_value_of_every_outline(name: str) -> None:
    drawing = DRAWINGS[name]
    shown = on_phone(drawing)
    assert {trace.type for trace in shown.data} == {"scatter"}
    dots = sorted(value for trace in shown.data for value in trace.x if value is not None)
    outlines = (cell.value for layer in drawing.layers for cell in layer.cells)
    assert dots == sorted(value for value in outlines if value is not None)


def test_what_is_named_at_the_ends_of_lines_is_in_the_legend_with_its_values() -> None:
    shown = on_phone(DRAWINGS["slope"])
    assert all(trace.showlegend and "→" in trace.name for trace in shown.data)


@pytest.mark.parametrize(
    ("screen", "beside", "width", "on_phone"),
    [
        ("page", False, MIN_WIDTH, False),
        ("page", True, HALF_WIDTH, False),
        ("tablet", False, HALF_WIDTH, True),
        ("tablet", True, PHONE_WIDTH, True),  # half of a small window
        ("phone", False, PHONE_WIDTH, True),
        ("phone", True, PHONE_WIDTH, True),  # there is nothing beside it
    ],
)
def test_a_drawing_is_fitted_to_the_screen(screen: Screen, beside: bool, width: int, on_phone: bool) -> None:
    made = fitting(DRAWINGS["heatmap"], screen, narrow=beside)
    assert made == replace(DRAWINGS["heatmap"], phone=on_phone, narrow=width == HALF_WIDTH)
