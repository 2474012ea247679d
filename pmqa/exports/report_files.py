"""Reports as files: PPTX, and PDF through LibreOffice or, without it, through the browser that draws pictures."""

from __future__ import annotations

import base64
import html
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu, Inches, Pt

from pmqa.charts.render import figure
from pmqa.charts.render.wording import alt
from pmqa.errors import ExportError
from pmqa.exports.drawings import drawing_pages, topic_line
from pmqa.exports.fonts import FACES
from pmqa.exports.pictures import can_draw, to_svg
from pmqa.exports.reports import MOST_ROWS_PRINTED, Page, Report, ReportData, agency_report
from pmqa.exports.slides import (
    add_chart_slides,
    add_text,
    add_titled_slide,
    deck_bytes,
    new_deck,
    source_line,
    text_height,
    write_lines,
    write_notes,
)
from pmqa.exports.stamp import Stamp, clean_text, file_name
from pmqa.exports.tables import display_width
from pmqa.exports.template import Area, Deck
from pmqa.text import translator

if TYPE_CHECKING:
    import plotly.graph_objects as go

Form = Literal["pptx", "pdf"]
ROWS_A_SLIDE: Final = 12  # of a table
CELL_MARGINS: Final = Inches(0.2)
LINE: Final = Inches(0.36)  # of a row of a table
TEXT: Final = 14  # points
CELL: Final = 11
WIDEST: Final = 110  # characters of a column that count for its share of the width
HEAD, BAND, PLAIN, INK = "16202B", "F1F5F9", "FFFFFF", "16202B"
PICTURE_WIDTH: Final = 1150  # pixels; about the shape of a landscape page
OFFICES: Final = ("soffice", "libreoffice")
OFFICE_PLACES: Final = (
    Path("C:/Program Files/LibreOffice/program/soffice.exe"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)
OFFICE_SECONDS: Final = 180
ONE_OFFICE: Final = threading.Lock()  # LibreOffice takes a core and 300 MB for seconds; one at a time


def report_pptx(report: Report, *, template: bytes | None = None) -> bytes:
    """The report as slides with native charts and tables; the same report gives the same bytes.

    Raises ExportError where the template cannot be used.
    """
    deck = new_deck(report.stamp, template)
    for page in report.pages:
        if page.chart is not None:
            add_chart_slides(deck, page.chart, report.stamp)
        else:
            _add_text_slides(deck, page, report.stamp)
    return deck_bytes(deck, report.stamp)


def report_pdf(report: Report, *, template: bytes | None = None) -> bytes:
    """The report as PDF: the slides through LibreOffice, else its pages through the browser. Raises ExportError."""
    office = find_office()
    if office is not None:
        return _converted(office, report_pptx(report, template=template), report.stamp.language)
    if can_draw():
        return _printed(report_html(report), report.stamp.language)
    raise ExportError(translator(report.stamp.language)("exports.pdf.neither"))


def agency_reports(
    data: ReportData, agencies: Iterable[str], stamp: Stamp, form: Form = "pptx", *, template: bytes | None = None
) -> Iterator[tuple[str, bytes]]:
    """File name and content of the report of each agency, one by one, so that the caller shows progress and never
    holds more than one."""
    for agency in agencies:
        report = agency_report(data, agency, stamp)
        content = report_pptx(report, template=template) if form == "pptx" else report_pdf(report, template=template)
        yield file_name([report.stamp.title, agency, report.stamp.fiscal_year], form), content


def find_office() -> Path | None:
    """LibreOffice, where there is one."""
    for name in OFFICES:
        if found := shutil.which(name):
            return Path(found)
    return next((place for place in OFFICE_PLACES if place.is_file()), None)


def report_html(report: Report) -> str:
    """The report as one page of HTML for printing on A4 landscape; charts as pictures. Raises ExportError."""
    sheets = "".join(section for page in report.pages for section in _sections(page, report.stamp))
    fonts = "".join(face.rule() for face in FACES)
    style = (
        "@page{size:A4 landscape;margin:12mm}"
        "body{font:11pt/1.5 Sarabun,'TH Sarabun New',Loma,sans-serif;color:#16202b;margin:0}"
        "section{break-after:page}section:last-child{break-after:auto}h1{font-size:18pt;margin:0 0 4pt}"
        "p{margin:0 0 4pt}small{color:#4d5b6a}img{display:block;width:100%;max-height:158mm;object-fit:contain}"
        "table{border-collapse:collapse;width:100%;font-size:10pt}th{background:#16202b;color:#fff;text-align:left}"
        "th,td{padding:2pt 5pt;vertical-align:top}tr{break-inside:avoid}tr:nth-child(even) td{background:#f1f5f9}"
    )
    language = report.stamp.language
    title = html.escape(clean_text(report.stamp.title))
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{fonts}{style}</style></head><body>{sheets}</body></html>"
    )


# --- slides -----------------------------------------------------------------------------------------------------


def _add_text_slides(deck: Deck, page: Page, stamp: Stamp) -> None:
    tables = [None] if page.table is None else _parts(page.table)
    for number, table in enumerate(tables, start=1):
        title = page.title if len(tables) == 1 else f"{page.title} ({number}/{len(tables)})"
        slide, area = add_titled_slide(deck, title)
        used = 0
        if page.lines and number == 1:
            used = add_text(deck, slide, area, page.lines, TEXT) + LINE // 2
        if table is not None:
            _add_table(deck, slide, Area(area.left, area.top + used, area.width, area.height - used), table)
        write_notes(slide, "\n".join([*page.lines, *stamp.lines()]))


def _parts(table: pd.DataFrame) -> list[pd.DataFrame]:
    """A table in parts of at most ROWS_A_SLIDE rows, as even as can be."""
    count = max(-(-len(table) // ROWS_A_SLIDE), 1)
    size = -(-len(table) // count)
    return [table.iloc[start : start + size] for start in range(0, max(len(table), 1), max(size, 1))]


def _add_table(deck: Deck, slide: Any, room: Area, table: pd.DataFrame) -> None:
    frame = slide.shapes.add_table(
        len(table) + 1, len(table.columns), Emu(room.left), Emu(room.top), Emu(room.width), LINE * (len(table) + 1)
    )
    grid = frame.table
    shares = [
        min(max(display_width(text) for text in [str(name), *table.iloc[:, column].astype(str)]), WIDEST) + 3
        for column, name in enumerate(table.columns)
    ]
    for column, share in enumerate(shares):
        grid.columns[column].width = Emu(room.width * share // sum(shares))
    for column, name in enumerate(table.columns):
        _write_cell(grid.cell(0, column), str(name), deck.font, HEAD, bold=True)
        for row, value in enumerate(table.iloc[:, column], start=1):
            _write_cell(grid.cell(row, column), str(value), deck.font, PLAIN if row % 2 else BAND)
    widths = [int(column.width) - CELL_MARGINS for column in grid.columns]
    for row, values in enumerate([list(table.columns), *table.to_numpy().tolist()]):
        tall = max(text_height([str(value)], CELL, width) for value, width in zip(values, widths, strict=True))
        grid.rows[row].height = Emu(max(LINE, tall + Pt(6)))


def _write_cell(cell: Any, text: str, font: str, background: str, *, bold: bool = False) -> None:
    cell.margin_top = cell.margin_bottom = Pt(2)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = _colour(background)
    write_lines(cell.text_frame, [text], CELL, font, bold=bold)
    for run in cell.text_frame.paragraphs[0].runs:
        run.font.color.rgb = _colour(PLAIN if background == HEAD else INK)


def _colour(digits: str) -> Any:
    return RGBColor.from_string(digits)  # type: ignore[no-untyped-call]


# --- pdf --------------------------------------------------------------------------------------------------------


def _converted(office: Path, content: bytes, language: str) -> bytes:
    with ONE_OFFICE, tempfile.TemporaryDirectory(prefix="pmqa-report-") as folder:
        source = Path(folder) / "report.pptx"
        source.write_bytes(content)
        command = [
            str(office),
            f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            str(source),
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=OFFICE_SECONDS, check=True)  # noqa: S603
            return source.with_suffix(".pdf").read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise ExportError(translator(language)("exports.pdf.failed")) from error


def _printed(page: str, language: str) -> bytes:
    from pmqa.exports.browser import WORKER  # noqa: PLC0415 - kaleido is slow to import

    with tempfile.TemporaryDirectory(prefix="pmqa-report-") as folder:
        source = Path(folder) / "report.html"
        source.write_text(page, encoding="utf-8")

        async def print_page(browser: Any) -> bytes:
            tab = await browser.create_tab("")
            try:
                await tab.send_command("Page.enable")
                loaded = tab.subscribe_once("Page.loadEventFired")
                await tab.send_command("Page.navigate", params={"url": source.as_uri()})
                await loaded
                answer = await tab.send_command(
                    "Page.printToPDF", params={"preferCSSPageSize": True, "printBackground": True}
                )
                return base64.b64decode(answer["result"]["data"])
            finally:
                await tab.close()

        return WORKER.run(print_page, language)


def _sections(page: Page, stamp: Stamp) -> Iterator[str]:
    """A page as sheets of paper: one, or one for each part of its picture."""
    t = translator(stamp.language)
    if page.chart is not None:
        small = f"{topic_line(page.chart, t)} · {source_line(page.chart, stamp, t)}"
        for part in drawing_pages(page.chart, MOST_ROWS_PRINTED):
            yield _picture(figure(part, t), alt(page.chart), small, stamp)
        return
    parts = [f"<h1>{html.escape(clean_text(page.title))}</h1>"]
    parts += [f"<p>{html.escape(clean_text(line))}</p>" for line in page.lines]
    if page.table is not None:
        heads = "".join(f"<th>{html.escape(clean_text(str(name)))}</th>" for name in page.table.columns)
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(clean_text(str(value)))}</td>" for value in row) + "</tr>"
            for row in page.table.itertuples(index=False)
        )
        parts.append(f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>")
    yield f"<section>{''.join(parts)}</section>"


def _picture(drawn: go.Figure, said: str, small: str, stamp: Stamp) -> str:
    """A figure as a sheet of paper, with its words and what stands below it."""
    # Each picture apart from the page: the parts of all of them have the same names. It carries its own title.
    picture = base64.b64encode(to_svg(drawn, stamp.language, width=PICTURE_WIDTH)).decode()
    image = f'<img alt="{html.escape(clean_text(said), quote=True)}" src="data:image/svg+xml;base64,{picture}">'
    return f"<section>{image}<p><small>{html.escape(clean_text(small))}</small></p></section>"
