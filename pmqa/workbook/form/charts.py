"""The score sheet's own charts: native, so that every spreadsheet program draws them from the live scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from openpyxl.chart import BarChart, RadarChart, Reference, Series
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.chart.title import Title, title_maker
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from pmqa.sources import Basis
from pmqa.text import Translator
from pmqa.workbook.form.looks import FONT

COLOURS: Final = ("1F5FA8", "C8641E")  # told apart with any colour vision
DASHES: Final = ("solid", "sysDash")  # where two lines lie on each other, both are seen
GRID: Final = "D5DBE3"
LINE_WIDTH: Final = 28_575  # EMU, 2.25 points
STEPS: Final = 5  # of the scale
RADAR_ROWS: Final = (4, 18)  # table rows that the radar stands beside
BAR_ROWS: Final = (18, 29)


def add_charts(
    sheet: Worksheet,
    t: Translator,
    bases: Sequence[Basis],
    *,
    labels: str,
    columns: Mapping[str, str],
    categories: Sequence[int],
    items: Sequence[int],
    beside: tuple[str, str],
    scale: tuple[float, float],
) -> None:
    """A radar of the categories and bars of the items, on a fixed scale.

    labels, columns: letters of the labels and of each basis's chart copies; categories, items: their rows;
    beside: the first and last column that the charts stand in.
    """
    ends = dict(zip(("low", "high"), (t.number(end, 0) for end in scale), strict=True))
    radar: Any = RadarChart()
    radar.type = "marker"
    bars: Any = BarChart()
    bars.type, bars.gapWidth = "col", 60
    for chart, rows, title in ((radar, categories, "form.radar_title"), (bars, items, "form.bars_title")):
        chart.title = _title(t(title, **ends))
        for basis, colour, dash in zip(bases, COLOURS, DASHES, strict=False):
            series = Series(_cells(sheet, columns[basis.id], rows), title=t.pick(basis.name))
            if chart is radar:
                _draw_line(series, colour, dash)
            else:
                series.graphicalProperties = GraphicalProperties(solidFill=colour)
            chart.series.append(series)
        chart.set_categories(_cells(sheet, labels, rows))
        axis = chart.y_axis
        axis.scaling.min, axis.scaling.max = scale
        axis.majorUnit = (scale[1] - scale[0]) / STEPS
        axis.number_format = "0"
        axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=GRID))
        # openpyxl leaves axes marked as deleted for some programs unless told otherwise.
        axis.delete = chart.x_axis.delete = False
        axis.txPr = chart.x_axis.txPr = _rich(1000)
        chart.legend.position = "b"
        chart.legend.txPr = _rich(1100)
        # The copies that charts are drawn from stand in hidden columns; a missing score leaves a gap.
        chart.visible_cells_only = False
        chart.display_blanks = "gap"
    bars.layout = Layout(manualLayout=ManualLayout(x=0.06, y=0.14, w=0.92, h=0.66, xMode="edge", yMode="edge"))
    for chart, (first, last) in ((radar, RADAR_ROWS), (bars, BAR_ROWS)):
        chart.anchor = _between(beside, first, last)
        sheet.add_chart(chart)


def _between(columns: tuple[str, str], first: int, last: int) -> TwoCellAnchor:
    """From the top of the first row to the top of the last one: as wide as the columns in every program's font."""
    left, right = (column_index_from_string(letter) for letter in columns)
    anchor = TwoCellAnchor(editAs="oneCell")
    anchor._from = AnchorMarker(col=left - 1, row=first - 1)
    anchor.to = AnchorMarker(col=right, row=last - 1)
    return anchor


def _draw_line(series: Any, colour: str, dash: str) -> None:
    series.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=colour, w=LINE_WIDTH, prstDash=dash))
    series.marker.symbol, series.marker.size = "circle", 6
    series.marker.graphicalProperties = GraphicalProperties(solidFill=colour)


def _cells(sheet: Worksheet, column: str, rows: Sequence[int]) -> Reference:
    return Reference(sheet, min_col=column_index_from_string(column), min_row=rows[0], max_row=rows[-1])


def _letters(size: int, *, bold: bool = False) -> CharacterProperties:
    # Thai is a complex script: without `cs` programs fall back to a font of their own.
    return CharacterProperties(sz=size, b=bold, latin=Font(typeface=FONT), cs=Font(typeface=FONT))


def _rich(size: int) -> RichText:
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=_letters(size)), endParaRPr=_letters(size))])


def _title(words: str) -> Title:
    title = title_maker(words)
    for paragraph in title.tx.rich.p:
        paragraph.pPr = ParagraphProperties(defRPr=_letters(1600, bold=True))
        for run in paragraph.r or ():
            run.rPr = _letters(1600, bold=True)
    title.overlay = False
    return title
