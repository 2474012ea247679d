"""What charts in DrawingML are made of: references to cells, axes, lines, fills, marks, and text in a Thai font."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from xml.sax import saxutils
from xml.sax.saxutils import quoteattr

from pmqa.charts.palette import Look, blend
from pmqa.exports.legends import PIXELS_A_POINT
from pmqa.exports.stamp import clean_text

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


def text_style(font: str, size: int) -> str:
    """Text of a part; size in points."""
    return (
        f"<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{run_style(font, size, 'a:defRPr')}</a:pPr>"
        '<a:endParaRPr lang="th-TH"/></a:p></c:txPr>'
    )


def run_style(font: str, size: int, tag: str, *, bold: bool = False, ink: str = INK) -> str:
    """Run properties with the font for Latin and for complex scripts: Thai follows the second."""
    complex_font = font.replace("-lt", "-cs") if font.startswith("+") else font
    return (
        f'<{tag} lang="th-TH" sz="{size * 100}" b="{int(bold)}"><a:solidFill><a:srgbClr val="{ink}"/></a:solidFill>'
        f"<a:latin typeface={quoteattr(font)}/><a:cs typeface={quoteattr(complex_font)}/></{tag}>"
    )
