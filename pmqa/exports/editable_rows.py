"""Rows as a chart that Office can edit: bars end to end, anything else as a scatter whose rows are named by labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pmqa.charts.drawing import Cell, Drawing, Layer
from pmqa.charts.palette import ink_on
from pmqa.charts.render.rows import BAR, bar_ends, side_of
from pmqa.charts.render.wording import Column, columns_of, row_name
from pmqa.charts.words import tied, width_of
from pmqa.exports.chart_parts import (
    FIRST_AXIS,
    INK,
    NO_LINE,
    NO_MARKER,
    SECOND_AXIS,
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
    bar_fill,
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

NAMES_SHARE: Final = 0.36  # of a chart's width, at most, for the names of its rows
WIDER: Final = 1.15  # than measured
NAME_LINES: Final = 2
NAME_LINE: Final = 1.5  # height of a name's line in font sizes
STROKE, RULE = 2.25, 1.5  # points of a line
THIN: Final = 0.006  # of the scale: a post as a piece of bars
UNSEEN: Final = "<c:spPr><a:noFill/></c:spPr>"
THROUGH: Final = '<a:alpha val="45000"/>'  # LibreOffice draws lines over marks: wide ones let them through
TOO_SHORT: Final = 0.04  # of the scale: a piece too short for what is printed on it

_Body = tuple[str, str, int]  # a series: its name, its look and labels, the column of its lengths
_Piece = tuple[Layer | None, float, Cell | None]  # nothing is between bars


def rows_chart(drawing: Drawing, place: Place, t: Translator) -> tuple[bytes, Sheet]:
    """The chart part, and the sheet that it is drawn from."""
    part = Part(place, sheet_of(drawing, place, [row_name(row) for row in drawing.rows]))
    columns = columns_of(drawing, t)
    chart = _Rows(drawing, part, columns)
    for column in columns:
        part.sheet.add(column.head, chart.derived(column) or column.values)
    return chart.bars() if any(layer.mark == "bar" for layer in drawing.layers) else chart.scatter()


@dataclass(frozen=True)
class _Series:
    """A series of a scatter before its sheet is complete."""

    name: str
    style: str
    across: int
    up: int
    legend: bool = False
    column: int = 0


@dataclass(frozen=True)
class _Rows:
    drawing: Drawing
    part: Part
    columns: Sequence[Column]

    # --- the sheet --------------------------------------------------------------------------------------------------

    def column(self, layer: Layer, end: str = "value") -> int:
        """The column of a layer's values or ends that people see; 0 where there is none."""
        found = (n for n, one in enumerate(self.columns, 1) if one.layer is layer and one.end == end)
        return next(found, 0)

    def cell(self, layer: Layer, place: int, end: str) -> tuple[int, int] | None:
        """Where an end of a layer's cell stands; of what only joins others, where theirs does."""
        cell = layer.cells[place]
        if column := self.column(layer, end):
            return column, place if cell.name else cell.row
        wanted = getattr(cell, end)
        for number, one in enumerate(self.columns, 1):
            row = 0 if one.layer.mark == "rule" else cell.row
            if one.end == "value" and row < len(one.values) and one.values[row] == wanted:
                return number, row
        return None

    def follows(self, layer: Layer, place: int, end: str) -> Value:
        """An end of a layer's cell, bound to where it stands."""
        value = getattr(layer.cells[place], end)
        at = self.cell(layer, place, end)
        return value if at is None else Formula("IF(ISNUMBER({0}),{0},NA())", (at,), value)

    def derived(self, column: Column) -> list[Value] | None:
        """The way from a bar's end to a post is what is left of it, whichever of the two is edited."""
        layer = column.layer
        if layer.mark != "bar" or any(cell.to is None for cell in layer.cells if cell.value is not None):
            return None
        starts, posts = (
            next((one for one in self.columns if one is not column and _at(one, layer, end)), None)
            for end in ("value", "to")
        )
        if starts is None or posts is None or posts.layer.mark != "post":
            return None
        first, second = (self.columns.index(one) + 1 for one in (starts, posts))
        return [
            Formula("IF(COUNT({0},{1})=2,MAX({1}-{0},0),NA())", ((first, row), (second, row)), _number(value))
            if starts.values[row] is not None and posts.values[row] is not None
            else None
            for row, value in enumerate(column.values)
        ]

    # --- a scatter --------------------------------------------------------------------------------------------------

    def scatter(self) -> tuple[bytes, Sheet]:
        drawing, part, sheet, place = self.drawing, self.part, self.part.sheet, self.part.place
        count, text = len(drawing.rows), place.size * PIXELS_A_POINT
        left = min(NAMES_SHARE, max(WIDER * width_of(name, text) for name in sheet.names) / place.width + 0.02)
        ends = [*self._ends(), drawing.end_title]
        right = max(width_of(end, text) for end in ends) / place.width + 0.04
        entries = [layer.name for layer in drawing.drawn() if layer.legend and layer.mark != "text"]
        below = (TICKS + TITLE + height_below(entries, place.width, place.size)) / place.height
        tall = 1 - place.top - below - 0.03
        row = tall * place.height / (count + 0.2) / PIXELS_A_POINT
        series = [one for layer in drawing.drawn() for one in self._marks(layer, row)]
        names = part.labels(
            [shortened(name, left * place.width, place.size, _name_lines(row, place)) for name in sheet.names],
            "l",
            align="r",
            width=left * place.width,
        )
        series.append(self._words(" ", names, drawing.scale.low, count))
        if any(ends):
            series.append(self._words("  ", part.labels(ends, "r"), drawing.scale.high, count))
        for one in series:
            refs = f'{sheet.ref("c:xVal", one.across)}{sheet.ref("c:yVal", one.up)}<c:smooth val="0"/>'
            part.add(one.name, one.style + refs, legend=one.legend, column=one.column)
        axes = scale_axis(drawing.scale, place.font, place.size) + _row_axis(count)
        plot = f'<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>{part.xml()}{axis_ids()}'
        layout = layout_of(left, place.top + 0.03, 0.99 - left - right, tall)
        return part.space(f"{layout}{plot}</c:scatterChart>{axes}"), sheet

    def _ends(self) -> list[str]:
        """The words right of the rows, in one line each."""
        return [" · ".join(row.end.split("\n")) for row in self.drawing.rows]

    def _words(self, name: str, labels: str, at: float, count: int) -> _Series:
        """A series without marks, whose labels stand at the rows; one more above them is the heading."""
        sheet = self.part.sheet
        up = [*(self.height(row) for row in range(count)), count + 0.55]
        return _Series(name, NO_LINE + NO_MARKER + labels, sheet.add("", [at] * len(up)), sheet.add("", up))

    def height(self, row: float) -> float:
        """Where a row stands on the upright axis: the first on top."""
        return float(len(self.drawing.rows) - row)

    def _marks(self, layer: Layer, row_points: float) -> Iterator[_Series]:
        known = [place for place, cell in enumerate(layer.cells) if cell.value is not None]
        column = self.column(layer)
        if layer.mark in ("dot", "text"):
            yield self._dots(layer, known, column)
            return
        across: list[Value] = []
        up: list[Value] = []
        for place in known:
            cell = layer.cells[place]
            at, half = self.height(cell.row + cell.lift), 0.4 * layer.style.weight
            low, high = {"post": (at - half, at + half), "rule": (0.4, len(self.drawing.rows) + 0.5)}.get(
                layer.mark, (at, at)
            )
            last = "value" if cell.to is None else "to"
            across += [self.follows(layer, place, "value"), self.follows(layer, place, last), None]
            up += [low, high, None]
        style = _stroke(layer, row_points) + NO_MARKER
        if layer.mark == "rule":
            texts = [text for place in known for text in ("", layer.cells[place].text, "")]
            style += self.part.labels(texts, "t")
        sheet = self.part.sheet
        headed = (
            0 if self.column(layer, "to") else column
        )  # a column of one end alone is not headed by the layer's name
        yield _Series(layer.name, style, sheet.add("", across), sheet.add("", up), layer.legend, headed)

    def _dots(self, layer: Layer, known: Sequence[int], column: int) -> _Series:
        sheet, crowded = self.part.sheet, any(cell.name for cell in layer.cells)
        lines = {place if crowded else layer.cells[place].row: layer.cells[place] for place in known}
        last = max(lines, default=-1) + 1
        if not column:
            column = sheet.add("", [lines[line].value if line in lines else None for line in range(last)])
        up: list[Value] = [None] * last
        for line, cell in lines.items():
            at = self.height(cell.row + cell.lift)
            up[line] = Formula(f"IF(ISNUMBER({{0}}),{at!r},NA())", ((column, line),), at)
        texts = [lines[line].text if line in lines else "" for line in range(last)]
        sides = [SIDES[side_of(self.drawing, lines[line])] if line in lines else "r" for line in range(last)]
        labels = self.part.labels(texts, sides)
        marker, points = NO_MARKER, ""
        if layer.mark == "dot":
            marker = marker_style(look_of(layer.style), mark_of(layer.style), size_of(layer))
            points = "".join(point_of(layer, line, cell) for line, cell in lines.items())
        legend = layer.legend and layer.mark == "dot"
        headed = column if self.column(layer) else 0
        return _Series(layer.name, f"{NO_LINE}{marker}{points}{labels}", column, sheet.add("", up), legend, headed)

    # --- bars -------------------------------------------------------------------------------------------------------

    def bars(self) -> tuple[bytes, Sheet]:
        drawing, part, place = self.drawing, self.part, self.part.place
        sheet, text = part.sheet, place.size * PIXELS_A_POINT
        left = min(NAMES_SHARE, max(WIDER * width_of(name, text) for name in sheet.names) / place.width + 0.02)
        ends = self._ends()
        right = max(width_of(end, text) for end in ends) / place.width + 0.03
        share = right / (0.97 - left) if any(ends) else 0.0
        beyond = (drawing.scale.high - drawing.scale.low) * share / (1 - share)
        entries = [layer.name for layer in drawing.drawn() if layer.legend]
        below = (TICKS + TITLE + height_below(entries, place.width, place.size)) / place.height
        row = (1 - place.top - below) * place.height / len(drawing.rows) / PIXELS_A_POINT
        lines, room = _name_lines(row, place), 0.85 * left * place.width
        sheet.names = [tied(shortened(name, room, place.size, lines)) for name in sheet.names]
        bodies = list(self._pieces())
        if beyond:
            bodies.append(self._beyond(ends, beyond))
        for (name, body, column), legend in list(self._with_legend(bodies)):
            refs = f"{sheet.ref('c:cat', 0)}{sheet.ref('c:val', column)}"
            part.add(name, f"{body}{refs}", legend=legend, column=column if 0 < column <= len(self.columns) else 0)
        axes = label_axis(place.font, place.size, reverse=True)
        axes += scale_axis(drawing.scale, place.font, place.size, across=False, crosses="max", beyond=beyond)
        plot = (
            '<c:barChart><c:barDir val="bar"/><c:grouping val="stacked"/><c:varyColors val="0"/>'
            f'{part.xml()}<c:gapWidth val="60"/><c:overlap val="100"/>{axis_ids()}</c:barChart>'
        )
        layout = layout_of(left, place.top, 0.97 - left, 1 - place.top - below)
        return part.space(f"{layout}{plot}{axes}"), sheet

    def _with_legend(self, bodies: Sequence[_Body]) -> Iterator[tuple[_Body, bool]]:
        """The series, with those that only the legend is of in their middle, and whether the legend has each.

        LibreOffice counts the entries of stacked bars from their end: what is left out must be as many on both sides.
        """
        blank = self.part.sheet.add("", [None] * len(self.drawing.rows))
        shown = [layer for layer in self.drawing.drawn() if layer.legend]
        keys = [(layer.name, f'{bar_fill(layer.style)}<c:invertIfNegative val="0"/>', blank) for layer in shown]
        even = [*bodies, *[(" ", f'{UNSEEN}<c:invertIfNegative val="0"/>', blank)] * (len(bodies) % 2)]
        half = len(even) // 2
        yield from ((body, False) for body in even[:half])
        yield from ((body, True) for body in keys)
        yield from ((body, False) for body in even[half:])

    def _pieces(self) -> Iterator[_Body]:
        """Series end to end: bars, what is between them unseen, a post as a thin piece at its bar's end."""
        rows = [list(self._row(row)) for row in range(len(self.drawing.rows))]
        for layer, column in _slots(rows):
            if layer is None:
                lengths = [self._before(row, piece) for row, piece in enumerate(column)]
                yield " ", f'{UNSEEN}<c:invertIfNegative val="0"/>', self.part.sheet.add("", lengths)
                continue
            number = self._lengths(layer, column)
            cells = [piece and piece[2] for piece in column]
            yield layer.name, f"{self._look(layer, cells)}{self._printed(layer, column)}", number

    def _row(self, row: int) -> Iterator[tuple[Layer | None, float, Cell | None]]:
        """Pieces of a row from 0: a layer or nothing, how long, its cell."""
        drawing = self.drawing
        thin = THIN * (drawing.scale.high - drawing.scale.low)
        own = [
            (*(bar_ends(drawing, layer, cell) if layer.mark == "bar" else (cell.value, cell.value + thin)), layer, cell)
            for layer in drawing.layers
            if layer.mark in ("bar", "post")
            for cell in layer.cells
            if cell.row == row and cell.value is not None
        ]
        at = 0.0
        for start, end, layer, cell in sorted(own, key=lambda piece: piece[:2]):
            if start < at - thin / 2 or end <= start:
                continue
            if start > at + thin / 2:
                yield None, start - at, None
            yield layer, end - start, cell
            at = end

    def _before(self, row: int, piece: _Piece | None) -> Value:
        """How long nothing is, before a bar that has a beginning of its own, bound to that."""
        around = self.drawing.scale.around
        if piece is None or not around:
            return piece and piece[1]
        (bar,) = (layer for layer in self.drawing.layers if layer.mark == "bar")
        return Formula(f"{{0}}-{around:g}", ((self.column(bar), row),), piece[1])

    def _lengths(self, layer: Layer, column: Sequence[_Piece | None]) -> int:
        """The column of a layer's lengths: what people edit, or what follows it."""
        own, sheet, around = self.column(layer), self.part.sheet, self.drawing.scale.around
        if layer.mark == "post":
            return sheet.add("", [None if piece is None else piece[1] for piece in column])
        if not around:
            return own
        last = self.column(layer, "to")
        return sheet.add(
            "",
            [
                None if piece is None else Formula("{1}-{0}+1", ((own, row), (last, row)), piece[1])
                for row, piece in enumerate(column)
            ],
        )

    def _look(self, layer: Layer, cells: Sequence[Cell | None]) -> str:
        points = "".join(
            f'<c:dPt><c:idx val="{row}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
            f"{bar_fill(cell.style)}</c:dPt>"
            for row, cell in enumerate(cells)
            if cell is not None and cell.style is not None
        )
        return f'{bar_fill(layer.style)}<c:invertIfNegative val="0"/>{points}'

    def _printed(self, layer: Layer, column: Sequence[_Piece | None]) -> str:
        least = TOO_SHORT * (self.drawing.scale.high - self.drawing.scale.low)
        texts = [piece[2].text if piece and piece[2] and piece[1] >= least else "" for piece in column]
        ink = ink_on(layer.style.hue("light")).lstrip("#") if layer.style.fill == "solid" else INK
        return self.part.labels(texts, "ctr", align="ctr", ink=ink)

    def _beyond(self, ends: Sequence[str], beyond: float) -> _Body:
        """The words of the rows in a piece of their own behind their bars."""
        number = self.part.sheet.add("", [beyond] * len(ends))
        return " ", f'{UNSEEN}<c:invertIfNegative val="0"/>{self.part.labels(ends, "inBase")}', number


def _name_lines(row_points: float, place: Place) -> int:
    """Lines of a row's name that its height has room for."""
    return NAME_LINES if row_points >= NAME_LINES * NAME_LINE * place.size else 1


def _number(value: float | str | None) -> float:
    """Of a way that there is none of, 0."""
    return value if isinstance(value, float) else 0.0


def _at(column: Column, layer: Layer, end: str) -> bool:
    """Whether a column holds what an end of a layer's cells is, row by row."""
    known = [cell for cell in layer.cells if cell.value is not None]
    return bool(known) and all(column.values[cell.row] == getattr(cell, end) for cell in known)


def _stroke(layer: Layer, row_points: float) -> str:
    """The line of what is no mark; of a span as tall as it is on screen."""
    look = look_of(layer.style)
    if layer.mark != "span":
        return line_style(look, RULE if layer.mark == "rule" else STROKE)
    colour = f'<a:srgbClr val="{look.colour.lstrip("#")}"'
    wide = line_style(look, row_points * BAR * layer.style.weight)
    return wide.replace(f"{colour}/>", f"{colour}>{THROUGH}</a:srgbClr>")


def _slots(rows: Sequence[list[_Piece]]) -> Iterator[tuple[Layer | None, list[_Piece | None]]]:
    """The rows' pieces as series: what stands first in most rows and in none later, then what stands next."""
    left = [list(row) for row in rows]
    while any(left):
        heads = Counter(id(row[0][0]) for row in left if row)
        later = {id(piece[0]) for row in left for piece in row[1:]}
        chosen = max(heads, key=lambda one: (one not in later, heads[one]))
        column = [row.pop(0) if row and id(row[0][0]) == chosen else None for row in left]
        yield next(piece[0] for piece in column if piece), column


def _row_axis(rows: int) -> str:
    """The axis of the rows' heights, which nobody needs to see."""
    return (
        f'<c:valAx><c:axId val="{SECOND_AXIS}"/><c:scaling><c:orientation val="minMax"/><c:max val="{rows + 0.6:g}"/>'
        '<c:min val="0.4"/></c:scaling><c:delete val="1"/><c:axPos val="l"/><c:numFmt formatCode="General" '
        'sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="none"/>'
        f'<c:crossAx val="{FIRST_AXIS}"/><c:crosses val="autoZero"/><c:crossBetween val="midCat"/>'
        '<c:majorUnit val="1"/></c:valAx>'
    )
