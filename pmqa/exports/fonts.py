"""The font of pages in pictures too: Sarabun, whatever fonts the server has, carried by each picture."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pmqa.settings import ROOT

FOLDER: Final = ROOT / "static"
FAMILY: Final = "Sarabun"
# What each file of the font covers, as .streamlit/config.toml tells the pages.
LETTERS: Final = {
    "thai": "U+02D7,U+0303,U+0331,U+0E01-0E5B,U+200C-200D,U+25CC",
    "latin": (
        "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-200B,U+200E-206F,U+20AC,U+2122,"
        "U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD"
    ),
}
WEIGHTS: Final = (400, 700)


@dataclass(frozen=True)
class Face:
    """One file of the font: a script in a weight."""

    script: str
    weight: int

    @property
    def path(self) -> Path:
        """Where the file is."""
        return FOLDER / f"sarabun-{self.script}-{self.weight}-normal.woff2"

    def rule(self) -> str:
        """The face as a rule of CSS that holds the whole file."""
        font = base64.b64encode(self.path.read_bytes()).decode()
        return (
            f"@font-face{{font-family:{FAMILY};font-weight:{self.weight};unicode-range:{LETTERS[self.script]};"
            f"src:url(data:font/woff2;base64,{font}) format('woff2')}}"
        )


FACES: Final = tuple(Face(script, weight) for script in LETTERS for weight in WEIGHTS)
