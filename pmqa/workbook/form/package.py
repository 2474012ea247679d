"""A workbook as bytes: the same workbook always gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from pmqa.workbook.form.looks import Value
from pmqa.workbook.form.strings import with_shared_texts
from pmqa.workbook.form.values import with_values

CHART: Final = re.compile('name="Chart')
FIRST_MOMENT: Final = dt.datetime(1980, 1, 1)  # that a zip can carry


class _Parts:
    """What openpyxl writes its parts to instead of a zip."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}

    def writestr(self, name: str, data: bytes | str) -> None:
        self.parts[name] = data.encode() if isinstance(data, str) else data

    def write(self, path: str, name: str) -> None:
        self.writestr(name, Path(path).read_bytes())

    def namelist(self) -> list[str]:
        return list(self.parts)


def to_bytes(book: Workbook, moment: dt.datetime, values: Mapping[str, Mapping[str, Value]]) -> bytes:
    """The workbook as an .xlsx file, made at the moment that is given. values: sheet -> cell -> its formula's."""
    naive = moment.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    book.properties.created = book.properties.modified = naive
    said = [title_of(chart) for sheet in book for chart in sheet._charts]
    made = _Parts()
    # Not book.save: it stamps the time of writing into the properties and into the entries of the zip.
    ExcelWriter(book, made).write_data()
    for number, sheet in enumerate(book, 1):
        name = f"xl/worksheets/sheet{number}.xml"
        made.parts[name] = with_values(made.parts[name], values.get(sheet.title, {}))
    target = io.BytesIO()
    entry_time = max(naive, FIRST_MOMENT).timetuple()[:6]
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in with_shared_texts(described(made.parts, said)).items():
            entry = zipfile.ZipInfo(name, entry_time)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return target.getvalue()


def title_of(chart: Any) -> str:
    """The words of a chart's title."""
    return "".join(run.t for paragraph in chart.title.tx.rich.p for run in paragraph.r or ())


def described(parts: dict[str, bytes], said: list[str]) -> dict[str, bytes]:
    """The parts with an alternative text for each chart, in order: openpyxl writes none."""
    left = iter(said)
    drawings = (name for name in parts if name.startswith("xl/drawings/drawing"))
    changed = {
        name: CHART.sub(lambda _: f'descr={quoteattr(next(left))} name="Chart', parts[name].decode())
        for name in drawings
    }
    return parts | {name: text.encode() for name, text in changed.items()}
