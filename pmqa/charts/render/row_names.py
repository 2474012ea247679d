"""The upright axis of charts with a row a name: names wrapped, coverage below them, as tall as they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pmqa.charts.palette import SHADES, Theme
from pmqa.charts.style import EDGE, LINE, SMALL_SIZE, SMALLEST
from pmqa.charts.words import escaped, fitted, lines_of, width_of

ROW_PADDING: Final = 10
NAME_LINES: Final = 3  # of an agency: two that begin alike are told apart by their ends


@dataclass(frozen=True)
class Rows:
    """Rows of a horizontal chart: their axis, the pixels that their labels need, the height of one row."""

    axis: Mapping[str, Any]
    left: int
    row_height: int
    count: int = field(default=0)

    @property
    def height(self) -> int:
        """Pixels of all rows."""
        return self.row_height * max(self.count, 1)


def row_axis(
    names: Sequence[str],
    theme: Theme,
    *,
    suffixes: Sequence[str] = (),
    width: int = 210,
    lines: int = 2,
    least: int = 26,
    bold: Sequence[bool] = (),
) -> Rows:
    """The vertical axis of a chart with a row a name, first on top; suffixes go below the names, smaller.

    A name longer than `lines` gives way before its end: agencies that begin alike are told apart by it.
    """
    shades = SHADES[theme]
    texts: list[str] = []
    most = 1
    widest = 0.0
    for place, name in enumerate(names):
        parts = fitted(name, width, SMALL_SIZE, lines)
        text = "<br>".join(escaped(part) for part in parts)
        widths = [width_of(part, SMALL_SIZE) for part in parts]
        if bold and bold[place]:
            text = f"<b>{text}</b>"
        if suffixes and suffixes[place]:
            beside = f"· {suffixes[place]}"
            small = f'<span style="font-size:{SMALLEST}px;color:{shades.muted}">'
            if widths and widths[-1] + width_of(beside, SMALLEST) <= width:
                text += f"&nbsp;{small}{escaped(beside)}</span>"
                widths[-1] += width_of(beside, SMALLEST)
            else:
                below = lines_of(suffixes[place], width, SMALLEST)
                text += f"<br>{small}{'<br>'.join(escaped(line) for line in below)}</span>"
                widths += [width_of(line, SMALLEST) for line in below]
        texts.append(text)
        most = max(most, len(widths))
        widest = max(widest, *widths, 0.0)
    return Rows(
        {
            "range": [len(texts) - 0.5, -0.5],
            "autorange": False,
            "fixedrange": True,
            "tickvals": list(range(len(texts))),
            "ticktext": texts,
            "tickfont": {"size": SMALL_SIZE, "color": shades.ink},
            "ticks": "outside",
            "ticklen": 8,
            "tickcolor": "rgba(0,0,0,0)",
            "showgrid": False,
            "zeroline": False,
            "automargin": False,
        },
        round(EDGE + widest + 10),
        max(least, round(most * SMALL_SIZE * LINE) + ROW_PADDING),
        len(texts),
    )
