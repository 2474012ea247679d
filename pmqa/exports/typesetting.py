"""Typst as a function: a template of data/typst and its data to PDF, PNG or SVG, the same bytes every time.

A wheel and no other program, so it works wherever the product does. One compiler a template, kept warm; a compiler
serves one caller at a time.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Literal

import typst

from pmqa.errors import ExportError
from pmqa.exports.fonts import FOLDER
from pmqa.settings import ROOT
from pmqa.text import translator

TEMPLATES: Final = ROOT / "data" / "typst"
Form = Literal["pdf", "png", "svg"]


def typeset(
    template: str, data: Mapping[str, Any], language: str, form: Form = "pdf", resolution: float = 144.0
) -> list[bytes]:
    """The pages that a template makes of its data; a PDF is one file whatever its pages, tagged for everybody.

    data: JSON values, text as it is (never source). resolution: pixels of a png an inch.
    Raises ExportError.
    """
    inputs = {"data": json.dumps(data, ensure_ascii=False, separators=(",", ":"))}
    compiler, lock = _compiler(template)
    standard: Literal["ua-1"] | None = "ua-1" if form == "pdf" else None
    try:
        with lock:
            made = compiler.compile(format=form, sys_inputs=inputs, ppi=resolution, pdf_standards=standard)
    except RuntimeError as error:
        raise ExportError(translator(language)("exports.picture.failed")) from error
    assert made is not None  # noqa: S101 - nothing is written to a file
    return made if isinstance(made, list) else [made]


@lru_cache(maxsize=8)
def _compiler(template: str) -> tuple[typst.Compiler, threading.Lock]:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FOLDER)])
    path = TEMPLATES / f"{template}.typ"
    return typst.Compiler(str(path), root=str(TEMPLATES), font_paths=fonts), threading.Lock()
