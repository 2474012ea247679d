"""A report as a PDF for everybody: A4, its pages as bookmarks, charts with their words, text that can be searched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pmqa.charts.render import figure
from pmqa.exports.drawings import drawing_pages, topic_line
from pmqa.exports.fonts import shown
from pmqa.exports.plots import scene_of
from pmqa.exports.reports import MOST_ROWS_PRINTED, Page, Report
from pmqa.exports.slides import source_line
from pmqa.exports.stamp import Stamp, clean_text
from pmqa.exports.typesetting import typeset
from pmqa.text import Translator, translator

PICTURE_WIDTH: Final = 940  # pixels of a landscape page's width, so that the smallest text has 9 points


def report_pdf(report: Report) -> bytes:
    """The report as PDF; the same report gives the same bytes. Raises ExportError."""
    language = report.stamp.language
    t = translator(language)
    data = {
        "language": language,
        "title": _clean(report.stamp.title),
        "footer": _clean(report.stamp.origin_line()),
        "pages": [sheet for page in report.drawn() for sheet in _sheets(page, report.stamp, t)],
    }
    (content,) = typeset("report", data, language)
    return content


def _sheets(page: Page, stamp: Stamp, t: Translator) -> Iterator[dict[str, Any]]:
    """A page as sheets of paper: one, or one for each part of its picture."""
    if page.chart is None:
        table = page.table
        yield {
            "title": _clean(page.title),
            "lines": [_clean(line) for line in page.lines],
            "heads": [] if table is None else [_clean(str(name)) for name in table.columns],
            "rows": [] if table is None else [[_clean(str(value)) for value in row] for row in table.to_numpy()],
        }
        return
    small = _clean(f"{topic_line(page.chart, t)} · {source_line(page.chart, stamp, t)}")
    for part in drawing_pages(page.chart, MOST_ROWS_PRINTED):
        yield {"picture": scene_of(figure(part, t), width=PICTURE_WIDTH).data(), "small": small}


def _clean(text: str) -> str:
    return shown(clean_text(text))
