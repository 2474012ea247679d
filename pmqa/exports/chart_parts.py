"""What charts in DrawingML are made of: references to cells, axes, lines, fills, marks, and text in a Thai font."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from xml.sax import saxutils
from xml.sax.saxutils import quoteattr

from pmqa.charts import Look
from pmqa.charts.palette import blend
from pmqa.charts.words import lines_of
from pmqa.exports.legends import PIXELS_A_POINT, height_below, shortened
from pmqa.exports.native import NativeChart, Series
from pmqa.exports.stamp import clean_text
from pmqa.exports.tables import display_width

INK, GRID = "1F2937", "CBD5E1"
DASHES: Final = {"solid": "solid", "dot": "sysDot", "dash": "dash", "longdash": "lgDash", "dashdot": "dashDot"}
# Of the marks that Excel and PowerPoint know, those that are told apart at this size; plotly has others.
MARKS: Final = {
    "circle": "circle",
    "square": "square",
    "diamond": "diamond",
    "triangle-up": "triangle",
    "star": "star",
    "cross": "plus",
    "x": "x",
    "dash": "dash",
}
WHITE, PALE = "#ffffff", 0.6  # how much of it is in an open mark
OPEN_MARKS: Final = frozenset({"x", "star", "plus", "dash"})
NO_LINE: Final = "<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>"
NO_MARKER: Final = '<c:marker><c:symbol val="none"/></c:marker>'
# Shares of a chart's width, for a letter of a row's name and for the names.
NAME_LETTER, LEAST_NAMES, MOST_NAMES = 0.0093, 0.08, 0.45
NAMES_FILLED, NAME_LINES = 0.85, 2  # how much of a line of them programs use; lines of a name
# Pixels of its height: for its own title, for ticks and axis title below the plot, and at the edge.
HEADING, TICKS, TITLE, EDGE = 100, 40, 36, 10
FIRST_AXIS, SECOND_AXIS = 111111111, 222222222  # ids within the part


@dataclass(frozen=True)
class Source:
    """Where the numbers stand: labels in column A below the row of names (1-based), a series a column from B."""

    sheet: str = "Sheet1"
    names_row: int = 1

    def cells(self, column: int, rows: int) -> str:
        """Reference to the values of a column (0 = A)."""
        first, last = self.names_row + 1, self.names_row + rows
        return escape(f"{self._sheet()}!${letters(column)}${first}:${letters(column)}${last}")

    def name(self, column: int) -> str:
        """Reference to the name of a series."""
        return escape(f"{self._sheet()}!${letters(column)}${self.names_row}")

    def _sheet(self) -> str:
        return "'" + self.sheet.replace("'", "''") + "'"


OWN_SHEET: Final = Source()  # of the small workbook behind a slide's chart


def escape(text: str) -> str:
    """Text for XML: without markup, and without the characters that no XML may hold."""
    return saxutils.escape(clean_text(text))


def letters(column: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


@dataclass(frozen=True)
class Pen:
    """What all parts of one chart's XML need.

    width, height: pixels; top: share of the height that the title takes. names: of the series, as long as the
    legend has room for.
    """

    chart: NativeChart
    font: str
    size: int
    source: Source
    width: float
    height: float
    top: float
    names: Sequence[str]

    def drawn_names(self) -> list[str]:
        """The names in the legend."""
        return [name for series, name in zip(self.chart.series, self.names, strict=True) if not series.hidden]

    def named(self) -> list[tuple[Series, str]]:
        """The series with the names that they have in the legend."""
        return list(zip(self.chart.series, self.names, strict=False))


def plot_layout(pen: Pen) -> str:
    """The place of a plot: programs give long names beside it too little room, then break or drop them."""
    chart = pen.chart
    left = _names_share(chart)
    legend = height_below(pen.drawn_names(), pen.width, pen.size)
    below = (TICKS + TITLE * bool(chart.axis) + max(legend, EDGE)) / pen.height
    return (
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f'<c:x val="{left:.3f}"/><c:y val="{pen.top:.3f}"/><c:w val="{0.97 - left:.3f}"/>'
        f'<c:h val="{1 - pen.top - below:.3f}"/></c:manualLayout></c:layout>'
    )


def row_names(pen: Pen) -> list[str]:
    """The labels of rows, in at most two lines beside the plot: programs leave out what has no room."""
    if pen.chart.kind == "lines":
        return list(pen.chart.labels)
    room = NAMES_FILLED * _names_share(pen.chart) * pen.width
    return [shortened(label, room, pen.size, NAME_LINES) for label in pen.chart.labels]


def broken_name(pen: Pen, name: str) -> tuple[str, ...]:
    """A row's name in lines, for programs that do not break it."""
    return lines_of(name, _names_share(pen.chart) * pen.width, pen.size * PIXELS_A_POINT)


def _names_share(chart: NativeChart) -> float:
    """Of a chart's width, for the names of its rows."""
    longest = 0 if chart.kind == "lines" else max((display_width(label) for label in chart.labels), default=0)
    return min(max(longest * NAME_LETTER, LEAST_NAMES), MOST_NAMES)


def series_head(pen: Pen, number: int, name: str, column: int, *, order: int | None = None) -> str:
    """Number, place in the legend and name of a series, which stands above its column."""
    return (
        f'<c:idx val="{number}"/><c:order val="{number if order is None else order}"/><c:tx><c:strRef>'
        f'<c:f>{pen.source.name(column)}</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0">'
        f"<c:v>{escape(name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>"
    )


def labels_ref(pen: Pen) -> str:
    """The chart's labels and where they stand."""
    labels = row_names(pen)
    points = "".join(f'<c:pt idx="{row}"><c:v>{escape(label)}</c:v></c:pt>' for row, label in enumerate(labels))
    return (
        f"<c:cat><c:strRef><c:f>{pen.source.cells(0, len(labels))}</c:f><c:strCache>"
        f'<c:ptCount val="{len(labels)}"/>{points}</c:strCache></c:strRef></c:cat>'
    )


def values_ref(pen: Pen, tag: str, column: int, values: Sequence[float | None]) -> str:
    """The values of a column and where they stand; a gap is left out."""
    points = "".join(
        f'<c:pt idx="{row}"><c:v>{value!r}</c:v></c:pt>' for row, value in enumerate(values) if value is not None
    )
    return (
        f"<{tag}><c:numRef><c:f>{pen.source.cells(column, len(values))}</c:f><c:numCache>"
        f'<c:formatCode>0.0</c:formatCode><c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef></{tag}>'
    )


def label_shows(part: str) -> str:
    """Which part of a point its label shows; the schema wants all of them, in this order."""
    parts = ("c:showLegendKey", "c:showVal", "c:showCatName", "c:showSerName", "c:showPercent", "c:showBubbleSize")
    return "".join(f'<{name} val="{int(name == part)}"/>' for name in parts)


def axis_ids() -> str:
    """The two axes of a plot."""
    return f'<c:axId val="{FIRST_AXIS}"/><c:axId val="{SECOND_AXIS}"/>'


def label_axis(font: str, size: int, *, reverse: bool = False, grid: bool = False) -> str:
    """An axis of names, first on top where it is reversed."""
    return (
        f'<c:catAx><c:axId val="{FIRST_AXIS}"/><c:scaling><c:orientation val="{"maxMin" if reverse else "minMax"}"/>'
        f'</c:scaling><c:delete val="0"/><c:axPos val="{"l" if reverse else "b"}"/>{grid_lines() if grid else ""}'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="low"/>{axis_line()}{text_style(font, size)}<c:crossAx val="{SECOND_AXIS}"/>'
        '<c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>'
        '<c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def value_axis(
    chart: NativeChart,
    font: str,
    size: int,
    *,
    axis: int = SECOND_AXIS,
    other: int = FIRST_AXIS,
    position: str = "l",
    crosses: str = "autoZero",
) -> str:
    """The axis of values: the chart's fixed scale, always; titled with what they measure."""
    return (
        f'<c:valAx><c:axId val="{axis}"/><c:scaling><c:orientation val="minMax"/><c:max val="{chart.maximum:g}"/>'
        f'<c:min val="{chart.minimum:g}"/></c:scaling><c:delete val="0"/><c:axPos val="{position}"/>{grid_lines()}'
        f"{_axis_title(chart.axis, font, size)}"
        f'<c:numFmt formatCode="{"0" if chart.unit >= 1 else "General"}" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/>{axis_line()}{text_style(font, size)}<c:crossAx val="{other}"/>'
        f'<c:crosses val="{crosses}"/><c:crossBetween val="{"midCat" if position == "b" else "between"}"/>'
        f'<c:majorUnit val="{chart.unit:g}"/></c:valAx>'
    )


def _axis_title(text: str, font: str, size: int) -> str:
    if not text:
        return ""
    return (
        f"<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{run_style(font, size, 'a:defRPr')}</a:pPr>"
        f"<a:r>{run_style(font, size, 'a:rPr')}<a:t>{escape(text)}</a:t></a:r></a:p></c:rich></c:tx>"
        '<c:overlay val="0"/></c:title>'
    )


def grid_lines() -> str:
    """Thin rules across the plot."""
    return f"<c:majorGridlines>{axis_line()}</c:majorGridlines>"


def axis_line() -> str:
    """A thin grey line."""
    return f'<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="{GRID}"/></a:solidFill></a:ln></c:spPr>'


def line_style(look: Look, width: float) -> str:
    """A series' line; width in points."""
    return (
        f'<c:spPr><a:ln w="{round(width * 12700)}" cap="flat"><a:solidFill><a:srgbClr val="{look.colour.lstrip("#")}"/>'
        f"</a:solidFill>{_dashes(look.dash, width)}<a:round/></a:ln></c:spPr>"
    )


def _dashes(dash: str, width: float) -> str:
    """Plotly's dash: a name, or lengths in pixels ("9px,4px"), which DrawingML gives in widths of the line."""
    if "px" not in dash:
        return f'<a:prstDash val="{DASHES.get(dash, "solid")}"/>'
    lengths = [round(float(part.removesuffix("px")) / (width * PIXELS_A_POINT) * 100_000) for part in dash.split(",")]
    strokes = "".join(
        f'<a:ds d="{drawn}" sp="{left}"/>' for drawn, left in zip(lengths[::2], lengths[1::2], strict=True)
    )
    return f"<a:custDash>{strokes}</a:custDash>"


def marker_style(look: Look, mark: str, size: int) -> str:
    """A series' mark; open ones are outlines."""
    colour = f'<a:solidFill><a:srgbClr val="{look.colour.lstrip("#")}"/></a:solidFill>'
    fill = colour
    if mark in OPEN_MARKS:
        fill = "<a:noFill/>"
    elif look.marker.endswith("-open"):
        # LibreOffice draws no outline, and fills what has no fill: a pale one is seen everywhere.
        fill = f'<a:solidFill><a:srgbClr val="{blend(look.colour, WHITE, PALE).lstrip("#")}"/></a:solidFill>'
    return (
        f'<c:marker><c:symbol val="{mark}"/><c:size val="{size}"/>'
        f'<c:spPr>{fill}<a:ln w="15875">{colour}</a:ln></c:spPr></c:marker>'
    )


def open_marks(series: Series, mark: str, size: int, line: str) -> str:
    """The points of a series with incomplete answers: outlines. line: style of the line that leads to a point."""
    # LibreOffice keeps the series' mark where a point's has the same size.
    open_mark = marker_style(replace(series.look, marker=f"{series.look.marker}-open"), mark, size + 1)
    return "".join(
        f'<c:dPt><c:idx val="{row}"/>{open_mark}<c:bubble3D val="0"/>{line}</c:dPt>'
        for row, partial in enumerate(series.partial)
        if partial and series.values[row] is not None
    )


def text_style(font: str, size: int, ink: str = INK) -> str:
    """Text of a part; size in points."""
    return (
        f"<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{run_style(font, size, 'a:defRPr', ink=ink)}</a:pPr>"
        '<a:endParaRPr lang="th-TH"/></a:p></c:txPr>'
    )


def run_style(font: str, size: int, tag: str, *, bold: bool = False, ink: str = INK) -> str:
    """Run properties with the font for Latin and for complex scripts: Thai follows the second."""
    complex_font = font.replace("-lt", "-cs") if font.startswith("+") else font
    return (
        f'<{tag} lang="th-TH" sz="{size * 100}" b="{int(bold)}"><a:solidFill><a:srgbClr val="{ink}"/></a:solidFill>'
        f"<a:latin typeface={quoteattr(font)}/><a:cs typeface={quoteattr(complex_font)}/></{tag}>"
    )


def marks_of(chart: NativeChart) -> list[str]:
    """A mark for each series: that of its look where there is one like it, no two alike while they last."""
    wanted = [MARKS.get(series.look.marker.removesuffix("-open")) for series in chart.series]
    free = [mark for mark in MARKS.values() if mark not in wanted]
    found: list[str] = []
    for mark in wanted:
        if mark is not None and mark not in found:
            found.append(mark)
        else:
            found.append(free.pop(0) if free else "circle")
    return found
