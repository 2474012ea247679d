"""The font of pages in pictures and PDFs too: Sarabun, whatever fonts the machine has.

static/sarabun-400.ttf and -700.ttf are the Thai and Latin files of the pages, merged once a weight (Typst takes one
file of a family and weight; merging again gives other bytes): `fontTools.merge.Merger` over the woff2 files beside.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

from pmqa.settings import ROOT

FOLDER: Final = ROOT / "static"
FAMILY: Final = "Sarabun"
WEIGHTS: Final = (400, 700)
UNITS: Final = 100  # pixels of a letter that is measured
FILES: Final[tuple[Path, ...]] = tuple(FOLDER / f"sarabun-{weight}.ttf" for weight in WEIGHTS)
# Signs that the font lacks and that the second one, of Typst itself, has: dots, arrows, comparisons.
SIGNS: Final = "●○◐▲▼◆◇■□→←↑↓≥≤≠≈✓✗⚠"
# What neither has: a PDF for everybody (PDF/UA) may not hold a letter that no reader can be told.
UNKNOWN: Final = re.compile(
    "[^\u0020-\u007e\u00a0-\u00ff\u0131\u0152\u0153\u0e01-\u0e3a\u0e3f-\u0e5b\u02bb\u02bc\u02c6\u02da\u02dc"
    f"\u2013\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026\u2039\u203a\u2044\u20ac\u2122\u2212\u2215{SIGNS}]"
)


def shown(text: str) -> str:
    """The text with a box for each letter that cannot be set."""
    return UNKNOWN.sub("□", text)


@lru_cache(maxsize=1024)
def bold_width(text: str) -> float:
    """What a line of a title takes in this font, in font sizes: the widest of those that Thai offices write in."""
    return _bold().getlength(text) / UNITS


@cache
def _bold() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FILES[-1], UNITS, layout_engine=ImageFont.Layout.BASIC)
