"""A report as a PDF for everybody: A4, its pages as bookmarks, charts with their words, text that can be searched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from pmqa.charts.drawing import Drawing
from pmqa.charts.render import figure
from pmqa.exports.drawings import PAGED, drawing_pages
from pmqa.exports.fonts import shown
from pmqa.exports.plots import scene_of
from pmqa.exports.reports import MOST_ROWS_PRINTED, Page, Report, of_numbers
from pmqa.exports.scenes import Scene
from pmqa.exports.stamp import clean_text
from pmqa.exports.tables import display_width
from pmqa.exports.typesetting import typeset
from pmqa.text import Translator, translator

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

PICTURE_WIDTH: Final = 940  # pixels of a landscape page's width
ROOM: Final = (773.0, 510.0)  # points of a page for a picture: the room of data/typst/report.typ
LEAST: Final = 9.0  # points of the smallest words
SMALL: Final = 12.0  # pixels of words that are everywhere in a picture: they decide how tall one may be
LEAST_ROWS: Final = 4  # of a page, where names take many lines
MOST_STRETCHED: Final = 1.6  # times: a picture of few rows is so much taller where its page has room
NARROWEST, WIDEST = 4, 60  # letters of a column that count for its share of the width


def report_pdf(report: Report) -> bytes:
    """The report as PDF; the same report gives the same bytes. Raises ExportError."""
    language = report.stamp.language
    t = translator(language)
    data = {
        "language": language,
        "title": _clean(report.stamp.title),
        "footer": _clean(report.stamp.origin_line()),
        "summary": report.summary.sheet,
        "pages": [sheet for page in report.drawn() for sheet in _sheets(page, t)],
    }
    (content,) = typeset("report", data, language)
    return content


def _sheets(page: Page, t: Translator) -> Iterator[dict[str, Any]]:
    """A page as sheets of paper: one, or one for each part of its picture."""
    if page.chart is None:
        table = page.table
        yield {
            "title": _clean(page.title),
            "topic": _clean(page.topic),
            "lines": [_clean(line) for line in page.lines],
            "heads": [] if table is None else [_clean(str(name)) for name in table.columns],
            "numbers": [] if table is None else [of_numbers(table.iloc[:, at]) for at in range(len(table.columns))],
            "widths": [] if table is None else [_letters(table, at) for at in range(len(table.columns))],
            "rows": [] if table is None else [[_clean(str(value)) for value in row] for row in table.to_numpy()],
        }
        return
    for scene in printed(page.chart, t):
        yield {"picture": scene.data()}


def printed(drawing: Drawing, t: Translator) -> list[Scene]:
    """A drawing as pictures for a page each, with as many rows as leave their words large enough to read."""
    tallest = ROOM[1] * SMALL / LEAST
    for most in range(MOST_ROWS_PRINTED, LEAST_ROWS - 1, -1):
        figures = [figure(part, t) for part in drawing_pages(drawing, most)]
        if drawing.kind not in PAGED or all(one.layout.height <= tallest for one in figures):
            break
    if drawing.kind not in PAGED:
        return [_scene(one, min(one.layout.height, tallest)) for one in figures]
    page = PICTURE_WIDTH * ROOM[1] / ROOM[0]
    return [_scene(one, max(one.layout.height, min(page, MOST_STRETCHED * one.layout.height))) for one in figures]


def _scene(one: go.Figure, height: float) -> Scene:
    """A picture for a page, of so many pixels: its plot grows or gives way."""
    scene = scene_of(one, width=PICTURE_WIDTH, height=round(height))
    return scene.with_least(LEAST / min(ROOM[0] / scene.width, ROOM[1] / scene.height))


def _letters(table: pd.DataFrame, at: int) -> int:
    """The longest text of a column, in letters."""
    texts = [str(table.columns[at]), *table.iloc[:, at].astype("str")]
    return min(max(NARROWEST, *map(display_width, texts)), WIDEST)


def _clean(text: str) -> str:
    return shown(clean_text(text))
