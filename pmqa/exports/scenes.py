"""What a figure shows as lines, surfaces and words at places: the geometry of a picture, before it is set.

A renderer of a kind (pmqa.charts.render) has placed everything in pixels, names that avoid each other included; here
its axes, traces, legend and annotations become marks of four sorts, which data/typst/picture.typ draws. So a picture
cannot say other than the screen, and a chart of an existing kind needs nothing here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from pmqa.charts.style import EDGE, EXPORT_WIDTH, FOOT, GAP, LEGEND_KEY, LEGEND_LINE, LINE
from pmqa.charts.words import width_of
from pmqa.exports.fonts import shown

ASCENT: Final = 1.068  # of the font's size, above a line's foot; with what hangs below it, a line is LINE high
TAG: Final = re.compile(r"<(/?)(b|br|span)(?: style=\"([^\"]*)\")?\s*/?>")
BESIDE: Final = 3.0  # pixels from an axis to its numbers, and around what is printed on a bar

Point = tuple[float, float]
Mark = Mapping[str, Any]


@dataclass(frozen=True)
class Words:
    """One line: its runs are (text, bold, size, colour)."""

    runs: tuple[tuple[str, bool, float, str], ...]

    @property
    def width(self) -> float:
        """Pixels, as measured for everything else."""
        return sum(width_of(text, size) for text, _, size, _ in self.runs)

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(text for text, *_ in self.runs)


@dataclass
class Scene:
    """A picture of width x height pixels, its marks in drawing order.

    title: what stands above the plot, of which `heading` lines are its finding; name: the finding; alt: what the plot
    shows; foot: notes and origin.
    """

    width: float
    height: float
    paper: str
    alt: str
    name: str = ""
    heading: int = 0
    title: list[Mark] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    foot: list[Mark] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        """What data/typst/marks.typ reads; a letter that cannot be set is a box."""
        return asdict(self) | {"name": shown(self.name), "alt": shown(self.alt)}

    def with_least(self, least: float) -> Scene:
        """The same with no words in smaller letters than so many pixels."""
        title, marks, foot = ([_enlarged(mark, least) for mark in part] for part in (self.title, self.marks, self.foot))
        return replace(self, title=title, marks=marks, foot=foot)

    def line(self, points: Sequence[Point | None], colour: str, width: float, dash: str = "solid") -> None:
        """A line through points; None breaks it."""
        self.path(_strokes(points), stroke=colour, width=width, dash=dash)

    def path(
        self,
        parts: Sequence[Sequence[Point]],
        *,
        fill: str = "",
        stroke: str = "",
        width: float = 0.0,
        dash: str = "solid",
        closed: bool = False,
    ) -> None:
        """Polygons or lines of one look."""
        kept = [[_rounded(point) for point in part] for part in parts if len(part) > 1]
        if kept:
            dashes = [] if dash == "solid" else [float(part.removesuffix("px")) for part in dash.split(",")]
            look = {"fill": hexed(fill), "stroke": hexed(stroke), "width": width, "dash": dashes}
            self.marks.append({"kind": "path", "parts": kept, "closed": closed, **look})

    def rect(self, left: float, top: float, width: float, height: float, marker: Mapping[str, Any]) -> None:
        """A bar in its marker's colour, edge or pattern."""
        edge, pattern = marker.get("line", {}), marker.get("pattern")
        self.marks.append(
            {
                "kind": "bar",
                "at": _rounded((left, top)),
                "size": _rounded((width, height)),
                "fill": hexed(marker["color"]),
                "stroke": hexed(edge.get("color", "")) if edge.get("width") else "",
                "width": edge.get("width", 0),
                "pattern": {"/": "hatch", ".": "dots"}[pattern["shape"]] if pattern else "",
                "ink": hexed(pattern["fgcolor"]) if pattern else "",
                "weight": 6 * pattern["solidity"] / 2 if pattern else 0,
            }
        )

    def circle(self, at: Point, radius: float, fill: str, stroke: str, width: float) -> None:
        """A ring or a dot."""
        look = {"fill": hexed(fill), "stroke": hexed(stroke), "width": width}
        self.marks.append({"kind": "circle", "at": _rounded(at), "radius": round(radius, 2), **look})

    def words(
        self, lines: Sequence[Words], at: Point, across: str, upright: str, size: float, *, paper: str = ""
    ) -> None:
        """Lines of text with a corner, side or middle of their block at a place."""
        tall = LINE * size * len(lines)
        top = at[1] - {"top": 0.0, "middle": tall / 2, "bottom": tall}[upright]
        for place, line in enumerate(lines):
            foot = top + (place * LINE + ASCENT) * size
            self.marks.append(words_mark(line, (at[0], foot), across, paper))


def _enlarged(mark: Mark, least: float) -> Mark:
    if mark["kind"] != "words":
        return mark
    return {**mark, "runs": [(text, bold, max(size, least), ink) for text, bold, size, ink in mark["runs"]]}


def words_mark(line: Words, foot: Point, across: str, paper: str = "") -> Mark:
    """A line of text whose baseline's left, middle or right is at a place."""
    runs = [(shown(text), bold, size, hexed(colour)) for text, bold, size, colour in line.runs if text]
    return {"kind": "words", "at": _rounded(foot), "across": across, "runs": runs, "paper": hexed(paper)}


def lines_of_markup(markup: str, size: float, colour: str) -> list[Words]:
    """Plotly's little markup (b, br, span with size and colour) as lines of runs."""
    lines: list[list[tuple[str, bool, float, str]]] = [[]]
    looks, bold, place = [(size, colour)], 0, 0
    for found in [*TAG.finditer(markup), None]:
        text = html.unescape(markup[place : found.start() if found else None]).replace("\u200b", "")
        if text:
            lines[-1].append((text, bold > 0, *looks[-1]))
        if found is None:
            break
        place = found.end()
        closing, tag, style = found.groups()
        if tag == "br":
            lines.append([])
        elif tag == "b":
            bold += -1 if closing else 1
        elif closing:
            looks.pop()
        else:
            told = dict(part.split(":", 1) for part in (style or "").split(";") if ":" in part)
            own = float(told["font-size"].removesuffix("px")) if "font-size" in told else looks[-1][0]
            looks.append((own, told.get("color", looks[-1][1])))
    return [Words(tuple(runs)) for runs in lines]


def hexed(colour: str) -> str:
    """#rrggbb or #rrggbbaa of Plotly's colours; "" of what cannot be seen."""
    if not colour.startswith("rgba"):
        return colour
    *parts, share = (float(part) for part in colour[5:-1].split(","))
    return "" if share == 0 else "#" + "".join(f"{round(part):02x}" for part in (*parts, 255 * share))


def new_scene(layout: Mapping[str, Any], width: float | None) -> Scene:
    """An empty picture of the figure's size, or of another width."""
    meta = layout.get("meta", {})
    wide = width or layout.get("width") or meta.get("picture", EXPORT_WIDTH)
    return Scene(float(wide), float(layout["height"]), layout["paper_bgcolor"], str(meta.get("alt", "")))


def at_height(layout: Mapping[str, Any], height: float) -> dict[str, Any]:
    """The layout of a figure of another height: its plot grows or shrinks, all else keeps its distance from that."""
    margin = layout["margin"]["t"] + layout["margin"]["b"]
    ratio = (layout["height"] - margin) / (height - margin)
    title = {**layout["title"], "y": 1 - (1 - layout["title"]["y"]) * layout["height"] / height}
    legend = layout["legend"]
    beyond = 1 if legend["y"] > 0 else 0
    return {
        **layout,
        "height": height,
        "title": title,
        "legend": {**legend, "y": beyond + (legend["y"] - beyond) * ratio},
    }


def add_title(scene: Scene, layout: Mapping[str, Any]) -> None:
    """Finding, topic and what the figure is of: by the first line's baseline."""
    title = layout["title"]
    size, foot = title["font"]["size"], (1 - title["y"]) * scene.height
    lines = lines_of_markup(title["text"], size, title["font"]["color"])
    found = [line.text for line in lines if line.runs and line.runs[0][1]]
    scene.name, scene.heading = " ".join(found), len(found)
    scene.alt = scene.alt or scene.name
    for place, line in enumerate(lines):
        scene.title.append(words_mark(line, (EDGE, foot + place * LINE * size), "left"))


def add_annotations(scene: Scene, layout: Mapping[str, Any], places: Places) -> None:
    """What stands beside and below the plot."""
    for one in layout.get("annotations", ()):
        paper_x, paper_y = one.get("xref") == "paper", one.get("yref") == "paper"
        x = places.share_x(one["x"]) if paper_x else places.x(one["x"])
        y = places.share_y(one["y"]) if paper_y else places.y(one["y"])
        size = one["font"]["size"]
        before = len(scene.marks)
        scene.words(
            lines_of_markup(one["text"], size, one["font"]["color"]),
            (x + one.get("xshift", 0), y - one.get("yshift", 0)),
            one.get("xanchor", "center"),
            one.get("yanchor", "middle"),
            size,
            paper=one.get("bgcolor", ""),
        )
        if one.get("name") == FOOT:
            scene.foot += scene.marks[before:]
            del scene.marks[before:]


def add_shapes(scene: Scene, layout: Mapping[str, Any], places: Places) -> None:
    """Rules and bands behind everything, and leaders to names beside the plot."""
    for one in layout.get("shapes", ()):
        paper = one.get("xref") == "paper"
        ends = [_shape_end(one, name, places, paper) for name in ("x0", "x1")]
        (left, right), (low, high) = ends, (places.y(one["y0"]), places.y(one["y1"]))
        if one["type"] == "rect":
            box = [(left, low), (right, low), (right, high), (left, high)]
            scene.path([box], fill=one["fillcolor"], closed=True)
        else:
            line = one["line"]
            scene.line([(left, low), (right, high)], line["color"], line["width"], line.get("dash", "solid"))


def _shape_end(one: Mapping[str, Any], name: str, places: Places, paper: bool) -> float:
    if one.get("xsizemode") == "pixel":
        return places.share_x(one["xanchor"]) + float(one[name])
    return max(places.share_x(one[name]), EDGE) if paper else places.x(one[name])


@dataclass(frozen=True)
class Places:
    """Where the plot is (pixels), and of an upright figure its ranges."""

    left: float
    top: float
    width: float
    height: float
    across: tuple[float, float] = (0.0, 1.0)
    upright: tuple[float, float] = (0.0, 1.0)

    @property
    def right(self) -> float:
        """Its right side."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.top + self.height

    def x(self, value: float) -> float:
        """Pixels of a value across."""
        low, high = self.across
        return self.left + (value - low) / (high - low) * self.width

    def y(self, value: float) -> float:
        """Pixels of an upright value."""
        low, high = self.upright
        return self.bottom - (value - low) / (high - low) * self.height

    def share_x(self, share: float) -> float:
        """Pixels of a share of the plot's width."""
        return self.left + share * self.width

    def share_y(self, share: float) -> float:
        """Pixels of a share of the plot's height, from below."""
        return self.bottom - share * self.height


def places_of(scene: Scene, layout: Mapping[str, Any]) -> Places:
    """The plot inside its margins."""
    margin = layout["margin"]
    plot = (scene.width - margin["l"] - margin["r"], scene.height - margin["t"] - margin["b"])
    ranges = (tuple(layout[name]["range"]) for name in ("xaxis", "yaxis") if name in layout)
    return Places(margin["l"], margin["t"], *plot, *ranges)


def legend_places(scene: Scene, layout: Mapping[str, Any], places: Places, names: Sequence[Words]) -> Iterator[Point]:
    """Where each entry of the legend begins and its line's middle: in a row if they fit, else in columns as wide as
    the widest; below the plot one a line."""
    legend = layout["legend"]
    left, top = EDGE, places.share_y(legend["y"])
    widths = [line.width + LEGEND_KEY for line in names]
    room = scene.width - 2 * EDGE
    below = legend["orientation"] == "v"
    one_row = sum(widths) <= min(room, places.width)
    columns = 1 if below else len(names) if one_row else max(1, int(places.width // max(widths)))
    for place in range(len(names)):
        row, column = divmod(place, columns)
        across = sum(widths[:column]) if one_row else column * max(widths)
        yield left + across, top + (row + 0.5) * LEGEND_LINE + (0 if below else GAP / 4)


def _strokes(points: Sequence[Point | None]) -> list[list[Point]]:
    parts: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            parts.append([])
        else:
            parts[-1].append(point)
    return parts


def _rounded(point: Point) -> Point:
    return round(float(point[0]), 2), round(float(point[1]), 2)
