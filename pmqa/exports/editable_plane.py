"""Courses and fields as charts that Office can edit: lines over names of years, a scatter of what has two scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from pmqa.charts.drawing import Cell, Drawing, Layer, Scale
from pmqa.charts.render.field import called_in, free_sides
from pmqa.charts.render.wording import Column, columns_of
from pmqa.charts.words import width_of
from pmqa.exports.chart_parts import (
    EDGE,
    NO_LINE,
    NO_MARKER,
    TICKS,
    TITLE,
    axis_ids,
    label_axis,
    line_style,
    marker_style,
)
from pmqa.exports.editable import (
    SIDES,
    Part,
    Place,
    layout_of,
    look_of,
    mark_of,
    point_of,
    scale_axis,
    sheet_of,
    size_of,
)
from pmqa.exports.legends import PIXELS_A_POINT, height_below, shortened
from pmqa.exports.sheets import Formula, Sheet, Value
from pmqa.text import Translator

STROKE, RULE, EDGE_OF_BAND = 2.25, 1.5, 1.0  # points of a line
MARK: Final = 7  # points of a usual mark
POST: Final = 16  # of a stroke across a year
NAME: Final = 200.0  # pixels of the name beside a mark
CORNER: Final = 0.03  # of the scale, from a corner to its words
LEFT, RIGHT = 0.08, 0.97  # of the width, beside the plot
SEEN: Final = "IF(ISNUMBER({0}),{0},NA())"


def course_chart(drawing: Drawing, place: Place, t: Translator) -> tuple[bytes, Sheet]:
    """The chart part, and the sheet that it is drawn from: lines over the rows, a scatter where they have a scale."""
    return _Plane(drawing, place, t).scatter() if drawing.across else _lines(drawing, place, t)


def field_chart(drawing: Drawing, place: Place, t: Translator) -> tuple[bytes, Sheet]:
    """The chart part, and the sheet that it is drawn from."""
    return _Plane(drawing, place, t).scatter()


def _lines(drawing: Drawing, place: Place, t: Translator) -> tuple[bytes, Sheet]:
    part = Part(place, sheet_of(drawing, place, [row.name for row in drawing.rows]))
    for column in columns_of(drawing, t):
        layer, number = column.layer, part.sheet.add(column.head, column.values)
        shape = line_style(look_of(layer.style), STROKE) if layer.mark == "line" else NO_LINE
        look, mark, size = look_of(layer.style), mark_of(layer.style), size_of(layer, MARK)
        marker = marker_style(look, "dash", POST) if layer.mark == "post" else marker_style(look, mark, size)
        points = "".join(point_of(layer, cell.row, cell, shape, MARK) for cell in layer.cells if cell.value is not None)
        texts = {cell.row: cell.text for cell in layer.cells}
        labels = part.labels([texts.get(row, "") for row in range(len(drawing.rows))], "t", align="ctr")
        refs = f"{part.sheet.ref('c:cat', 0)}{part.sheet.ref('c:val', number)}"
        part.add(layer.name, f'{shape}{marker}{points}{labels}{refs}<c:smooth val="0"/>', legend=True, column=number)
    below = TICKS + max(height_below(part.entries(), place.width, place.size), EDGE)
    layout = layout_of(LEFT, place.top, RIGHT - LEFT, 1 - place.top - below / place.height)
    plot = (
        f'{layout}<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{part.xml()}<c:marker val="1"/>'
        f"{axis_ids()}</c:lineChart>{label_axis(place.font, place.size)}"
        f"{scale_axis(drawing.scale, place.font, place.size, across=False)}"
    )
    return part.space(plot), part.sheet


class _Series(NamedTuple):
    """A series of a scatter: its look, the columns of its places, the one that is headed by its name."""

    name: str
    style: str
    across: int
    up: int
    legend: bool
    headed: int


@dataclass
class _Plane:
    """A scatter that is being written: marks stand in columns that people see, what joins them follows these."""

    drawing: Drawing
    place: Place
    t: Translator

    def __post_init__(self) -> None:
        assert self.drawing.across is not None  # noqa: S101 - what has one scale is no scatter
        self.across: Scale = self.drawing.across
        self.part = Part(self.place, sheet_of(self.drawing, self.place, [row.name for row in self.drawing.rows]))
        self.series: list[_Series] = []
        self.columns: Sequence[Column] = columns_of(self.drawing, self.t)
        for column in self.columns:
            self.part.sheet.add(column.head, column.values)

    def scatter(self) -> tuple[bytes, Sheet]:
        part, place, drawing = self.part, self.place, self.drawing
        write = {"span": self._band, "rule": self._rule, "step": self._step, "text": self._words}
        for layer in drawing.drawn():
            write.get(layer.mark, self._dots)(layer)
        self._write()
        beside = max(
            (width_of(layer.name, place.size * PIXELS_A_POINT) for layer in drawing.drawn() if layer.mark == "span"),
            default=0.0,
        )
        below = TICKS + TITLE + max(height_below(part.entries(), place.width, place.size), EDGE)
        wide = RIGHT - LEFT - beside / place.width
        across = scale_axis(self.across, place.font, place.size)
        upright = scale_axis(drawing.scale, place.font, place.size, across=False).replace(
            '<c:crossBetween val="between"/>', '<c:crossBetween val="midCat"/>'
        )
        plot = (
            f"{layout_of(LEFT, place.top + 0.02, wide, 0.98 - place.top - below / place.height)}"
            f'<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>{part.xml()}{axis_ids()}'
            f"</c:scatterChart>{across}{upright}"
        )
        return part.space(plot), part.sheet

    def _number(self, layer: Layer, end: str = "value") -> int:
        """The column that people see of a layer's values, or of where they stand across."""
        found = [n for n, one in enumerate(self.columns, 1) if one.end == end and one.layer is layer]
        return found[0] if found else 1  # places across stand in the first column

    def _add(self, layer: Layer, style: str, across: int, up: int, *, legend: bool = False) -> None:
        self.series.append(_Series(layer.name or " ", style, across, up, legend, self._number(layer) if legend else 0))

    def _write(self) -> None:
        """The series, once all columns stand: LibreOffice loses those that are told of fewer rows than others."""
        for one in self.series:
            refs = f"{self.part.sheet.ref('c:xVal', one.across)}{self.part.sheet.ref('c:yVal', one.up)}"
            body = f'{one.style}{refs}<c:smooth val="0"/>'
            self.part.add(one.name, body, legend=one.legend, column=one.headed)

    def _dots(self, layer: Layer, *, legend: bool = True) -> None:
        """Marks where people see their numbers."""
        place, lines = self.place, {cell.row: cell for cell in layer.cells if cell.value is not None}
        sides = dict.fromkeys(lines, "t")
        if self.drawing.kind == "field":
            called = called_in(self.drawing)
            sides |= {
                cell.row: SIDES[side] for cell, side in zip(called, free_sides(self.drawing, called), strict=True)
            }
        rows = range(max(lines) + 1)
        printed = (lines[row].text if row in lines else "" for row in rows)
        texts = [shortened(text, NAME, place.size, 1) if text else "" for text in printed]
        labels = self.part.labels(texts, [sides.get(row, "t") for row in rows])
        marker = marker_style(look_of(layer.style), mark_of(layer.style), size_of(layer))
        points = "".join(point_of(layer, row, cell) for row, cell in lines.items())
        self._add(layer, f"{NO_LINE}{marker}{points}{labels}", 1, self._number(layer), legend=legend and layer.legend)

    def _step(self, layer: Layer) -> None:
        """A line of steps below its marks: level to the next, then up to it."""
        at, own = 1, self._number(layer)
        known = [cell for cell in layer.cells if cell.value is not None]
        across: list[Value] = []
        up: list[Value] = []
        for cell, after in zip(known, [*known[1:], None], strict=True):
            ends = ((cell, cell),) if after is None else ((cell, cell), (after, cell))
            for right, level in ends:
                across.append(Formula(SEEN, ((at, right.row),), right.to))
                up.append(Formula(SEEN, ((own, level.row),), level.value))
        sheet = self.part.sheet
        style = line_style(look_of(layer.style), STROKE) + NO_MARKER
        self._add(layer, style, sheet.add("", across), sheet.add("", up), legend=layer.legend)
        self._dots(layer, legend=False)

    def _rule(self, layer: Layer) -> None:
        """A line across, and where the cell has a place across, one upright."""
        sheet, (cell,) = self.part.sheet, layer.cells
        level = Formula(SEEN, ((self._number(layer), 0),), cell.value)
        across: list[Value] = [self.across.low, self.across.high]
        up: list[Value] = [level, level]
        if cell.to is not None:
            upright = Formula(SEEN, ((self._number(layer, "to"), 0),), cell.to)
            across += [None, upright, upright]
            up += [None, self.drawing.scale.low, self.drawing.scale.high]
        style = line_style(look_of(layer.style), RULE) + NO_MARKER
        self._add(layer, style, sheet.add("", across), sheet.add("", up), legend=layer.legend)

    def _band(self, layer: Layer) -> None:
        """Where a band begins, and its name beside its middle."""
        (cell,) = layer.cells
        sheet, ends = self.part.sheet, [self.across.low, self.across.high]
        edge = line_style(look_of(layer.style), EDGE_OF_BAND) + NO_MARKER
        self._add(layer, edge, sheet.add("", ends), sheet.add("", [cell.value, cell.value]))
        middle = ((cell.value or 0.0) + (cell.to or 0.0)) / 2
        name = replace(layer, cells=(Cell(0, middle, self.across.high, text=cell.text),))
        self._words(name)

    def _words(self, layer: Layer) -> None:
        """Words without marks: inside the plot from its sides, beside it where they name a band."""
        inside = layer.mark == "text"
        sides = ["l" if inside and cell.to == self.across.high else "r" for cell in layer.cells]
        labels = self.part.labels([cell.text for cell in layer.cells], sides)
        sheet = self.part.sheet
        low, high = self.drawing.scale.low, self.drawing.scale.high
        off = CORNER * (high - low) if inside else 0.0  # the plot's edge would strike them through
        heights = [None if cell.value is None else min(max(cell.value, low + off), high - off) for cell in layer.cells]
        across, up = sheet.add("", [cell.to for cell in layer.cells]), sheet.add("", heights)
        self._add(layer, NO_LINE + NO_MARKER + labels, across, up)
