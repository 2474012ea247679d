"""The code of a link, which a telephone's camera opens: on paper and on slides."""

from __future__ import annotations

import io
from typing import Final

import segno

DOTS: Final = 10  # of a module of a picture
LONG: Final = 200  # letters of a link


def code_svg(link: str) -> str:
    """The code as lines, its quiet zone included; the same link gives the same text."""
    return str(_code(link).svg_inline(svgclass=None, lineclass=None, light="#ffffff", omitsize=True))


def code_png(link: str) -> bytes:
    """The code as dots, its quiet zone included; the same link gives the same bytes."""
    content = io.BytesIO()
    _code(link).save(content, kind="png", scale=DOTS)
    return content.getvalue()


def _code(link: str) -> segno.QRCode:
    # M: read with a seventh of it lost, as on a folded sheet. More would make its modules too small for a footer, as
    # would M of a long link (a ministry by its name in Thai).
    return segno.make(link, error="m" if len(link) <= LONG else "l", boost_error=False, micro=False)
