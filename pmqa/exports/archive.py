"""Zip files whose bytes depend on their content alone, and those of others opened within limits."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Final

EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # the first time that a zip can hold


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files, in the order given, without the time of its making."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.create_system = 3  # else it would tell the system that it was made on
            entry.external_attr = 0o644 << 16
            # What is compressed already only costs time to compress again.
            packed = name.rpartition(".")[2].lower() in {"xlsx", "pptx", "png", "jpg", "jpeg", "parquet", "zip"}
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return content.getvalue()


def repacked(content: bytes, replaced: Mapping[str, bytes] | None = None) -> bytes:
    """The same zip without the time of its making, some of its files replaced."""
    own = replaced or {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return zip_of({name: own[name] if name in own else archive.read(name) for name in archive.namelist()})
