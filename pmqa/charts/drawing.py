"""A chart as data: what is drawn, not how. One frozen Drawing a chart, from which figure, editable chart, words and
table are rendered, a renderer a kind.

A builder is a pure function from a declared table (pmqa.charts.tables) to a Drawing; it says nothing of pixels,
Plotly or DrawingML. Every value stands in it once, with full precision; what is shown is worded by `Scale.words`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from pmqa.charts.chart_points import as_reported
from pmqa.charts.palette import ACCENT, CONTRAST, MEDIAN_DASH, ON_DARK, SHADES, Look, Theme, blend
from pmqa.charts.style import Caption
from pmqa.framework import BELOW, Framework
from pmqa.text import Translator

Kind = Literal["rows", "radar", "grid", "course", "field"]  # course: values over years or steps; field: two scores
Mark = Literal["dot", "bar", "span", "post", "rule", "link", "line", "step", "tile", "text"]
Ids = Literal["", "agency", "scope", "year"]  # what ids name
Fill = Literal["solid", "open", "hatch", "dotted", "outline", "faint"]


@dataclass(frozen=True)
class Style:
    """How a role looks everywhere.

    colour: a token (ink, muted, band, accent, contrast) or #rrggbb. weight: of the usual size of a mark, width of a
    line, height of a bar.
    """

    colour: str
    mark: str = "circle"
    fill: Fill = "solid"
    dash: str = "solid"
    weight: float = 1.0

    def hue(self, theme: Theme) -> str:
        """The colour as #rrggbb."""
        tokens = {"accent": ACCENT, "contrast": CONTRAST}
        if self.colour.startswith("#"):
            return ON_DARK.get(self.colour, self.colour) if theme == "dark" else self.colour
        found: str = tokens.get(self.colour) or getattr(SHADES[theme], self.colour)
        return found


LOOKS: Final[dict[str, Style]] = {
    "agency": Style("accent"),
    "picked": Style("contrast", "diamond"),
    "own": Style("accent", "diamond", weight=1.1),
    "behind": Style("contrast", "triangle-left", weight=1.1),
    "rising": Style("accent", "triangle-right"),
    "falling": Style("contrast", "triangle-left"),
    "other": Style("contrast", fill="open"),
    "before": Style("muted", fill="open"),
    "range": Style("band", weight=0.25),
    "quartiles": Style("muted", fill="faint", weight=0.9),
    "median": Style("ink", "x", dash=MEDIAN_DASH),
    "best": Style("ink", "star-open", dash="1px,3px"),
    "target": Style("ink", "cross", dash="2px,2px"),
    "aim": Style("contrast", dash="8px,4px"),
    "score": Style("accent"),
    "gap": Style("contrast", fill="hatch"),
    "link": Style("muted", weight=0.8),
    "zero": Style("ink"),
    "not_met": Style("muted", fill="outline"),
    "unanswered": Style("muted", fill="dotted"),
    "held_back": Style("muted", fill="hatch"),
    "missing": Style("muted", fill="hatch"),
}

MANY_COLUMNS: Final = 12  # of a grid: above it they are headed by numbers, and tiles hold whole points, smaller
MOST_STEPS: Final = 6  # of a scale of its own
ROOM_ABOVE: Final = 0.12  # of a scale of its own, for the numbers at its marks

BELOW_COLOUR: Final = "#fbe9e2"  # below every level: pale and warm, with bold ink
LEVEL_RAMP: Final = ("#9dbce0", "#4f86c6", "#0b3f7d")  # the levels by rank, low to high; L* 75, 55, 27


def level_colours(count: int) -> tuple[str, ...]:
    """Colours of below and of `count` levels, lowest first: told apart in grey, light to dark = low to high."""
    if count == 1:
        return (BELOW_COLOUR, LEVEL_RAMP[-1])
    ramp = []
    for place in range(count):
        at = place * (len(LEVEL_RAMP) - 1) / (count - 1)
        low = min(int(at), len(LEVEL_RAMP) - 2)
        ramp.append(blend(LEVEL_RAMP[low], LEVEL_RAMP[low + 1], at - low))
    return (BELOW_COLOUR, *ramp)


def of_level(framework: Framework, level: str, fill: Fill = "solid") -> Style:
    """A level's look goes by its rank, not its id; what is none of the edition's levels is below them."""
    ids = [one.id for one in framework.levels]
    return Style(level_colours(len(ids))[ids.index(level) + 1 if level in ids else 0], fill=fill)


def level_code(framework: Framework, level: str) -> str:
    """The letter of a level; of what is below them all, the first's with a "<"."""
    return framework.level[level].code if level in framework.level else f"<{framework.levels[0].code}"


def level_key(framework: Framework, t: Translator) -> str:
    """What the letters of levels mean, lowest first."""
    below = f"{level_code(framework, BELOW)} = {framework.level_name(BELOW, t)}"
    return " · ".join([below, *(f"{level.code} = {t.pick(level.name)}" for level in framework.levels)])


def of_agency(look: Look) -> Style:
    """An agency's look, the same on every page."""
    return Style(look.colour, look.marker, dash=look.dash)


@dataclass(frozen=True)
class Scale:
    """A fixed scale: its ends, its ticks, what it measures.

    digits: of its values in words, None = as they were reported. around: how far a bar is drawn beyond both its ends
    (half a rank).
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    title: str
    unit: str = ""
    digits: int | None = 1
    signed: bool = False
    around: float = 0.0

    @staticmethod
    def points(framework: Framework, t: Translator) -> Scale:
        """The edition's points; ticks at its ends and at its levels' thresholds."""
        scoring = framework.scoring
        ticks = sorted({scoring.scale_min, *scoring.level_thresholds.values(), scoring.scale_max})
        low, high = scoring.scale_min, scoring.scale_max
        title = t("charts.scale_axis", low=t.number(low, 0), high=t.number(high, 0))
        return Scale(low, high, tuple(ticks), title)

    def words(self, value: float | None, t: Translator) -> str:
        """A value as it is shown; missing is "–"."""
        if value is None:
            return t.number(None)
        if self.digits is None:
            return as_reported(value, t) + self.unit
        if not self.signed:
            return t.number(value, self.digits) + self.unit
        shown = t.number(abs(value), self.digits)
        sign = "" if shown == t.number(0.0, self.digits) else "+" if value > 0 else "−"
        return sign + shown + self.unit


@dataclass(frozen=True)
class Row:
    """A row, an axis of a radar, a column of a grid, a year.

    key: its id. aside: small behind the name. end: right of the plot, in lines; quiet: it says that there is nothing.
    ruled: a group begins, with a thin rule above; of a course, that it is a slope: rules at its two ends, where each
    line is named, instead of numbers.
    """

    key: str
    name: str
    aside: str = ""
    end: str = ""
    bold: bool = False
    ruled: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Cell:
    """One value at a row. Blank where value is None.

    to: where a bar, span or link ends; of a bar, which has a length, that is its value in words; of what has a scale
    across, its place on that. incomplete: answers are, an open mark. text: printed at it. said: more than name and
    value, in lines, for the hover. style: where it is not its layer's. lift: off the row's middle, in rows, down is
    positive. name, key: whose it is, where a row has many. code: the letter of its level, beside what is printed.
    """

    row: int
    value: float | None
    to: float | None = None
    incomplete: bool = False
    text: str = ""
    said: str = ""
    style: Style | None = None
    lift: float = 0.0
    column: int = 0
    name: str = ""
    key: str = ""
    code: str = ""

    @property
    def printed(self) -> str:
        """What is printed at it, after the letter of its level."""
        return " ".join(part for part in (self.code, self.text) if part)


@dataclass(frozen=True)
class Layer:
    """Marks of one role, drawn in order, the last on top. cells: a tuple; of very many rows they may be made as they
    are asked for (pmqa.charts.cutting).

    legend: whether it has an entry; a line without one is named at its end. panel: the small multiple it is in, "" =
    every. plain: it repeats what others say, so no hover and no column of the table. key: the id of whose it is.
    """

    mark: Mark
    name: str
    style: Style
    cells: Sequence[Cell]
    legend: bool = True
    bold: bool = False
    panel: str = ""
    plain: bool = False
    key: str = ""


@dataclass(frozen=True)
class Drawing:
    """One chart.

    finding: ONE sentence with names and numbers, made by rule: headline of the card, title of the slide, beginning of
    the alternative text. caption: topic (its title), basis, year, edition, n, source. details: further sentences of
    the alternative text. notes: footnotes that follow from the values. levels_key: what the letters in a
    grid's tiles mean, said where they are printed. columns: of a grid; years of a course are its
    rows. across: of a field the other scale, of a course what it goes along where that is no row a step. end_title:
    heading of what stands right of the plot. panels: key and title of small multiples, in lines, the first bold.
    narrow: it has half of a page, so that a grid has a line a row and whole points in its tiles.
    phone: it is of a narrow screen: names above their rows, a radar as dots; of a phone where it is not narrow too.
    rows_of, marks_of: what the ids of its rows are, and those of its marks (`mark_id`); "" = of nothing that has a
    score of its own.
    """

    kind: Kind
    caption: Caption
    finding: str
    scale: Scale
    rows: tuple[Row, ...]
    layers: tuple[Layer, ...]
    details: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    levels_key: str = ""
    columns: tuple[Row, ...] = ()
    across: Scale | None = None
    end_title: str = ""
    panels: tuple[tuple[str, str], ...] = ()
    legend_below: bool = False
    narrow: bool = False
    phone: bool = False
    rows_of: Ids = ""
    marks_of: Ids = ""

    def mark_id(self, layer: Layer, cell: Cell) -> str:
        """The id of a mark within its row: of its column in a grid, else its own or its layer's."""
        return self.columns[cell.column].key if self.columns else cell.key or layer.key

    @property
    def footnotes(self) -> tuple[str, ...]:
        """The footnotes where levels have their letters."""
        return (self.levels_key, *self.notes) if self.levels_key else self.notes

    def drawn(self) -> Iterable[Layer]:
        """The layers that show something."""
        return (layer for layer in self.layers if any(cell.value is not None for cell in layer.cells))


def cells(values: Sequence[float | None], **more: Sequence[Any]) -> tuple[Cell, ...]:
    """A cell a row from columns: cells(scores, text=..., incomplete=...); nan and None are blank."""
    return tuple(
        Cell(
            row,
            None if value is None or value != value else float(value),  # noqa: PLR0124 - nan differs from itself
            **{name: column[row] for name, column in more.items()},
        )
        for row, value in enumerate(values)
    )


def round_step(span: float, most: int) -> float:
    """The least of 1, 2 and 5 times powers of ten that a span holds at most so often."""
    power = 10.0 ** math.floor(math.log10(span / most))
    return next(step for step in (round(many * power, 10) for many in (1, 2, 5, 10)) if step * most >= span)


def whole_steps(values: Sequence[float]) -> tuple[float, float, tuple[float, ...]]:
    """Ends and ticks of a scale of its own: whole steps that hold every value, zero, and room above for the numbers."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    top = high + ROOM_ABOVE * ((high - low) or 1.0)
    step = round_step(top - low, MOST_STEPS)
    first, last = math.floor(low / step), math.ceil(top / step)
    ticks = tuple(round(place * step, 10) for place in range(first, last + 1))
    return ticks[0], ticks[-1], ticks
