"""The upright axis of charts with a row a name: names wrapped, coverage below them, as tall as they need; on a phone
above the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pmqa.charts.palette import SHADES, Theme
from pmqa.charts.style import EDGE, LINE, SMALL_SIZE, SMALLEST, label
from pmqa.charts.words import escaped, fitted, lines_of, width_of

ROW_PADDING: Final = 10
NAME_LINES: Final = 3  # of an agency: two that begin alike are told apart by their ends


@dataclass(frozen=True)
class Rows:
    """Rows of a horizontal chart: their axis, the pixels that their labels need, the height of one row.

    labels: the names as annotations, where they stand above the rows. share: of a row, what is left for its marks.
    """

    axis: Mapping[str, Any]
    left: int
    row_height: int
    count: int = field(default=0)
    labels: tuple[Mapping[str, Any], ...] = ()
    share: float = 1.0

    @property
    def height(self) -> int:
        """Pixels of all rows."""
        return self.row_height * max(self.count, 1)

    def at(self, row: float, lift: float = 0) -> float:
        """Where a mark of a row stands on the axis."""
        if self.share == 1:
            return row + lift
        return row + (1 - self.share) / 2 + lift * self.share


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
        _axis(len(texts))
        | {
            "tickvals": list(range(len(texts))),
            "ticktext": texts,
            "tickfont": {"size": SMALL_SIZE, "color": shades.ink},
            "ticks": "outside",
            "ticklen": 8,
            "tickcolor": "rgba(0,0,0,0)",
        },
        round(EDGE + widest + 10),
        max(least, round(most * SMALL_SIZE * LINE) + ROW_PADDING),
        len(texts),
    )


def rows_below_names(
    names: Sequence[str], theme: Theme, *, below: Sequence[str] = (), width: int, least: int, bold: Sequence[bool] = ()
) -> Rows:
    """Rows whose names stand above them, from the plot's left edge, in lines of at most `width` pixels; what else there
    is to say of each (`below`) in smaller ones. least: pixels of what is drawn in a row."""
    texts, most = [], 1
    for place, name in enumerate(names):
        lines = fitted(name, width, SMALL_SIZE, NAME_LINES)
        text = "<br>".join(escaped(line) for line in lines)
        more = lines_of(below[place], width, SMALLEST) if below else ()
        small = [
            f'<span style="font-size:{SMALLEST}px;color:{SHADES[theme].muted}">{escaped(line)}</span>' for line in more
        ]
        texts.append("<br>".join([f"<b>{text}</b>" if bold and bold[place] else text, *small]))
        most = max(most, len(lines) + len(more))
    above = round(most * SMALL_SIZE * LINE) + ROW_PADDING
    bare = _axis(len(texts)) | {"showticklabels": False, "ticks": ""}
    rows = Rows(bare, EDGE, above + least, len(texts), share=least / (above + least))
    at: dict[str, Any] = {"xref": "paper", "xanchor": "left", "yanchor": "bottom", "align": "left", "borderpad": 0}
    labels = tuple(
        label(text, 0, rows.at(place, -0.5), theme, bgcolor=SHADES[theme].background, **at)
        for place, text in enumerate(texts)
    )
    return replace(rows, axis=bare | {"tickvals": [rows.at(row) for row in range(len(texts))]}, labels=labels)


def _axis(count: int) -> dict[str, Any]:
    return {
        "range": [count - 0.5, -0.5],
        "autorange": False,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "automargin": False,
    }
