"""A workbook as bytes: the same workbook always gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

FIRST_MOMENT: Final = dt.datetime(1980, 1, 1)  # that a zip can carry


class _Parts:
    """What openpyxl writes its parts to: a zip whose entries all carry one given moment, not the time of writing."""

    def __init__(self, archive: zipfile.ZipFile, moment: dt.datetime) -> None:
        self._archive = archive
        self._moment = max(moment, FIRST_MOMENT)

    def writestr(self, name: str, data: bytes | str) -> None:
        entry = zipfile.ZipInfo(name, self._moment.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        self._archive.writestr(entry, data)

    def write(self, path: str, name: str) -> None:
        self.writestr(name, Path(path).read_bytes())

    def namelist(self) -> list[str]:
        return self._archive.namelist()


def to_bytes(book: Workbook, moment: dt.datetime) -> bytes:
    """The workbook as an .xlsx file, made at the moment that is given."""
    target = io.BytesIO()
    naive = moment.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    book.properties.created = book.properties.modified = naive
    with zipfile.ZipFile(target, "w") as archive:
        # Not book.save: it stamps the time of writing into the properties.
        ExcelWriter(book, _Parts(archive, naive)).write_data()
    return target.getvalue()
