"""What editable charts of every kind are made of: place on page or sheet, series with labels, axis, legend, space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pmqa.charts.drawing import Cell, Drawing, Layer, Scale, Style
from pmqa.charts.palette import SHADES, Look, contrast
from pmqa.charts.render.frame import SEEN
from pmqa.charts.words import lines_of, tied
from pmqa.exports.chart_parts import (
    EDGE,
    FIRST_AXIS,
    HEADING,
    INK,
    MARKS,
    NO_LINE,
    OWN_SHEET,
    SECOND_AXIS,
    Source,
    axis_line,
    escape,
    grid_lines,
    label_shows,
    marker_style,
    run_style,
    text_style,
)
from pmqa.exports.legends import ACROSS, PIXELS_A_POINT, height_below
from pmqa.exports.sheets import Sheet
from pmqa.exports.stamp import clean_text

SPACES: Final = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
# Marks that Office lacks, by the nearest that it has.
NEAREST: Final = {
    "triangle-left": "triangle",
    "triangle-right": "triangle",
    "triangle-down": "triangle",
    "pentagon": "square",
    "hexagram": "star",
    "star-open": "star",
}
SIDES: Final = {
    "middle right": "r",
    "middle left": "l",
    "top center": "t",
    "bottom center": "b",
}  # Office's names of Plotly's
PATTERNS: Final = {"hatch": "wdUpDiag", "dotted": "pct20"}  # DrawingML's names
MARK: Final = 9  # points of a usual mark
WHITE: Final = '<a:srgbClr val="FFFFFF"/>'


@dataclass(frozen=True)
class Place:
    """Where a chart is drawn: typeface (one that has Thai, or a theme's), points of its text, pixels of its area, where
    its numbers stand, the lines of its own title, the first bold, and the pixels that they take."""

    font: str
    size: int
    width: float
    height: float
    source: Source = OWN_SHEET
    title: tuple[str, ...] = ()
    heading: float = HEADING

    @property
    def top(self) -> float:
        """Share of the height above the plot."""
        return (self.heading if self.title else EDGE) / self.height


@dataclass
class Part:
    """A chart that is being written: its place, its sheet, its series so far and whether the legend shows each."""

    place: Place
    sheet: Sheet
    made: list[tuple[str, str, bool]] = field(default_factory=list)

    def add(self, name: str, body: str, *, legend: bool = False, column: int = 0) -> None:
        """A series; column: the one that is headed by its name."""
        number = len(self.made)
        said = f"<c:v>{escape(name)}</c:v>"
        if column:
            shown = f'<c:strCache><c:ptCount val="1"/><c:pt idx="0">{said}</c:pt></c:strCache>'
            said = f"<c:strRef><c:f>{self.sheet.source.name(column)}</c:f>{shown}</c:strRef>"
        head = f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/><c:tx>{said}</c:tx>'
        self.made.append((name, f"{head}{body}</c:ser>", legend))

    def xml(self) -> str:
        """The series."""
        return "".join(series for _, series, _ in self.made)

    def entries(self) -> list[str]:
        """The names in the legend."""
        return [name for name, _, legend in self.made if legend]

    def labels(
        self,
        texts: Sequence[str],
        position: str | Sequence[str],
        *,
        size: int = 0,
        align: str = "l",
        ink: str = INK,
        width: float = 0,
    ) -> str:
        """Texts at a series' points, "" for none; width: pixels of a line, 0 = as long as it is."""
        size = size or self.place.size
        places = [position] * len(texts) if isinstance(position, str) else position
        written = "".join(
            f'<c:dLbl><c:idx val="{row}"/><c:layout/><c:tx><c:rich><a:bodyPr wrap="none"/><a:lstStyle/>'
            f"{self._lines(text, size, align, width, ink)}</c:rich></c:tx>"
            f'<c:dLblPos val="{at}"/>{label_shows("c:showVal")}</c:dLbl>'
            for row, (text, at) in enumerate(zip(texts, places, strict=True))
            if text
        )
        if not written:
            return ""
        style = text_style(self.place.font, size)
        return f"<c:dLbls>{written}<c:spPr><a:noFill/></c:spPr>{style}{label_shows('')}</c:dLbls>"

    def _lines(self, text: str, size: int, align: str, width: float, ink: str) -> str:
        """A paragraph a line: LibreOffice joins what a line break parts."""
        font = self.place.font
        lines = lines_of(text, width, size * PIXELS_A_POINT) if width else tuple(text.split("\n"))
        return "".join(paragraph(run(line, font, size, ink), font, size, align) for line in lines)

    def space(self, plot: str, legend: str = "") -> bytes:
        """The chart part: a plot area with its legend, by default one below it."""
        place = self.place
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace {SPACES}>'
            '<c:date1904 val="0"/><c:roundedCorners val="0"/>'
            f'<c:chart>{own_title(place)}<c:autoTitleDeleted val="{0 if place.title else 1}"/>'
            f"<c:plotArea>{plot}</c:plotArea>"
            f'{legend or self.legend_below()}<c:plotVisOnly val="0"/><c:dispBlanksAs val="gap"/></c:chart>'
            f"{text_style(place.font, place.size)}</c:chartSpace>"
        ).encode()

    def legend_below(self) -> str:
        """A legend below the plot, where there is more than one entry."""
        place, entries = self.place, self.entries()
        if len(entries) < 2:  # noqa: PLR2004 - one thing needs no legend
            return ""
        tall = height_below(entries, place.width, place.size) / place.height
        layout = layout_of((1 - ACROSS) / 2, 1 - tall, ACROSS, tall, inner=False)
        return self.legend("b", layout)

    def legend(self, position: str, layout: str) -> str:
        """A legend without the entries of series that have none."""
        silent = "".join(
            f'<c:legendEntry><c:idx val="{number}"/><c:delete val="1"/></c:legendEntry>'
            for number, (_, _, shown) in enumerate(self.made)
            if not shown
        )
        style = text_style(self.place.font, self.place.size)
        return f'<c:legend><c:legendPos val="{position}"/>{silent}{layout}<c:overlay val="0"/>{style}</c:legend>'


def own_title(place: Place) -> str:
    """The title within a chart, which needs none on a slide."""
    if not place.title:
        return ""
    font, size = place.font, place.size
    more = [run_style(font, size, "a:rPr")] * (len(place.title) - 1)
    heads = [run_style(font, size + 2, "a:rPr", bold=True), *more]
    paragraphs = "".join(
        f"<a:p><a:pPr>{run_style(font, size, 'a:defRPr')}</a:pPr><a:r>{head}<a:t>{escape(tied(line))}</a:t></a:r></a:p>"
        for head, line in zip(heads, place.title, strict=True)
    )
    return f'<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/>{paragraphs}</c:rich></c:tx><c:overlay val="0"/></c:title>'


def layout_of(left: float, top: float, width: float, height: float, *, inner: bool = True) -> str:
    """A fixed place, in shares of the chart; inner: of a plot without its names."""
    target = '<c:layoutTarget val="inner"/>' if inner else ""
    return (
        f'<c:layout><c:manualLayout>{target}<c:xMode val="edge"/><c:yMode val="edge"/><c:x val="{left:.3f}"/>'
        f'<c:y val="{top:.3f}"/><c:w val="{width:.3f}"/><c:h val="{height:.3f}"/></c:manualLayout></c:layout>'
    )


def scale_axis(
    scale: Scale,
    font: str,
    size: int,
    *,
    across: bool = True,
    crosses: str = "autoZero",
    beyond: float = 0.0,
) -> str:
    """The axis of values on the drawing's fixed scale. across: the first axis of a scatter, below it; beyond: room
    past the scale's end for words."""
    first, second = (FIRST_AXIS, SECOND_AXIS) if across else (SECOND_AXIS, FIRST_AXIS)
    said = paragraph(run(scale.title, font, size), font, size)
    title = f"<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/>{said}</c:rich></c:tx>"
    title = f'{title}<c:overlay val="0"/></c:title>' if scale.title else ""
    steps = [high - low for low, high in zip(scale.ticks, scale.ticks[1:], strict=False)]
    step = max(steps, default=scale.high - scale.low) if scale.around else min(steps, default=scale.high - scale.low)
    form, low = "0" if step >= 1 else "General", scale.low
    if beyond:
        form = f"[&gt;{scale.high:g}]&quot;&quot;;{form}"
    if scale.around:  # ticks stand at whole steps from 0, which is none
        form, low = f"[&lt;1]&quot;&quot;;{form}", 0.0
    return (
        f'<c:valAx><c:axId val="{first}"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{scale.high + beyond:g}"/>'
        f'<c:min val="{low:g}"/></c:scaling><c:delete val="0"/><c:axPos val="{"b" if across else "l"}"/>'
        f'{grid_lines()}{title}<c:numFmt formatCode="{form}" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'{axis_line()}{text_style(font, size)}<c:crossAx val="{second}"/><c:crosses val="{crosses}"/>'
        f'<c:crossBetween val="{"midCat" if across else "between"}"/><c:majorUnit val="{step:g}"/></c:valAx>'
    )


def run(text: str, font: str, size: int, ink: str = INK) -> str:
    """A run of text."""
    return f"<a:r>{run_style(font, size, 'a:rPr', ink=ink)}<a:t>{escape(tied(text))}</a:t></a:r>"


def paragraph(runs: str, font: str, size: int, align: str = "ctr") -> str:
    """A paragraph of runs."""
    return f'<a:p><a:pPr algn="{align}">{run_style(font, size, "a:defRPr")}</a:pPr>{runs}</a:p>'


def look_of(style: Style, *, opened: bool = False) -> Look:
    """A style as the writers of lines and marks take it; files are of the light theme."""
    return Look(style.hue("light"), style.dash, style.mark + ("-open" if opened or style.fill == "open" else ""))


def size_of(layer: Layer, usual: float = MARK) -> int:
    """Points of a layer's marks."""
    return round(usual * layer.style.weight)


def point_of(layer: Layer, line: int, cell: Cell, shape: str = NO_LINE, usual: float = MARK) -> str:
    """A point that looks unlike its layer: open, or of a style of its own. shape: of the line that leads to it."""
    style = cell.style or layer.style
    if style == layer.style and not cell.incomplete:
        return ""
    # LibreOffice keeps the series' mark where a point's has the same size.
    mark = marker_style(look_of(style, opened=cell.incomplete), mark_of(style), size_of(layer, usual) + 1)
    return f'<c:dPt><c:idx val="{line}"/>{mark}<c:bubble3D val="0"/>{shape}</c:dPt>'


def sheet_of(drawing: Drawing, place: Place, names: Sequence[str]) -> Sheet:
    """The sheet of a drawing, still empty: names of its rows, how its numbers are written."""
    form = {0: "0", None: "General"}.get(drawing.scale.digits, "0.0")
    return Sheet([clean_text(name) for name in names], place.source, form)


def mark_of(style: Style) -> str:
    """Office's name of a mark."""
    return NEAREST.get(style.mark) or MARKS.get(style.mark, "circle")


def bar_fill(style: Style) -> str:
    """A bar's colour or pattern, outlined so that pieces are told apart."""
    colour = f'<a:srgbClr val="{style.hue("light").lstrip("#")}"/>'
    pattern = PATTERNS.get(style.fill)
    paper = WHITE if style.fill in ("outline", "open") else colour
    fill = (
        f'<a:pattFill prst="{pattern}"><a:fgClr>{colour}</a:fgClr><a:bgClr>{WHITE}</a:bgClr></a:pattFill>'
        if pattern
        else f"<a:solidFill>{paper}</a:solidFill>"
    )
    edge = WHITE if style.fill == "solid" else colour
    if style.fill == "solid" and contrast(style.hue("light"), "#ffffff") < SEEN:
        edge = f'<a:srgbClr val="{SHADES["light"].muted.lstrip("#")}"/>'
    return f'<c:spPr>{fill}<a:ln w="9525"><a:solidFill>{edge}</a:solidFill></a:ln></c:spPr>'
