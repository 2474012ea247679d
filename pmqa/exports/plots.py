"""A figure's axes and traces as marks of a Scene: upright plots, radars, grids, and their legend."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from pmqa.charts.palette import blend
from pmqa.charts.style import LINE
from pmqa.exports.scenes import (
    BESIDE,
    Places,
    Point,
    Scene,
    add_annotations,
    add_shapes,
    add_title,
    at_height,
    legend_places,
    lines_of_markup,
    new_scene,
    places_of,
)
from pmqa.exports.symbols import add_symbol

if TYPE_CHECKING:
    import plotly.graph_objects as go

Trace = Mapping[str, Any]

KEY: Final = (20.0, 40.0)  # pixels from an entry's left to its mark's middle and to its name
KEY_LINE: Final = 15.0  # pixels of a line to both sides of that middle
KEY_BAR: Final = 6.0
RING: Final = 4.0  # pixels from a radar's outermost ring to the names of its axes
ORDER: Final = {"heatmap": 0, "bar": 1, "scatter": 2, "scatterpolar": 3}
SCALE_STEPS: Final = 50  # of the bar that explains a grid's colours
SCALE_PAD: Final = 10.0


def scene_of(figure: go.Figure, *, width: int | None = None, height: int | None = None) -> Scene:
    """All of a figure of pmqa.charts, in its own size unless given another (pixels)."""
    drawn = figure.to_dict()
    seen = [trace for trace in drawn["data"] if trace.get("marker", {}).get("opacity") != 0]  # others are to be clicked
    layout = at_height(drawn["layout"], height) if height else drawn["layout"]
    traces = sorted(seen, key=lambda trace: ORDER[trace["type"]])
    scene = new_scene(layout, width)
    places = places_of(scene, layout)
    add_title(scene, layout)
    if "polar" in layout:
        for name in (name for name in layout if name.startswith("polar")):
            _radar(scene, layout[name], places, [trace for trace in traces if trace["subplot"] == name])
    else:
        _upright(scene, layout, places, traces)
    if layout.get("showlegend"):
        _legend(scene, layout, places, drawn["data"])
    add_annotations(scene, layout, places)
    return scene


# --- upright plots ----------------------------------------------------------------------------------------------------


def _upright(scene: Scene, layout: Mapping[str, Any], places: Places, traces: Sequence[Trace]) -> None:
    _grid_lines(scene, layout, places)
    add_shapes(scene, layout, places)
    for trace in traces:
        {"heatmap": _tiles, "bar": _bars, "scatter": _scatter}[trace["type"]](scene, trace, places)
    _numbers(scene, layout, places)


def _grid_lines(scene: Scene, layout: Mapping[str, Any], places: Places) -> None:
    across, upright = layout["xaxis"], layout["yaxis"]
    if across.get("showgrid", True):
        for tick in across["tickvals"]:
            at = places.x(tick)
            scene.line([(at, places.top), (at, places.bottom)], across["gridcolor"], 1)
    if upright.get("showgrid", True):
        for tick in upright["tickvals"]:
            at = places.y(tick)
            scene.line([(places.left, at), (places.right, at)], upright["gridcolor"], 1)


def _numbers(scene: Scene, layout: Mapping[str, Any], places: Places) -> None:
    """What stands along both axes: numbers, names of rows, headings of columns."""
    across, upright = layout["xaxis"], layout["yaxis"]
    size, colour, above = across["tickfont"]["size"], across["tickfont"]["color"], across.get("side") == "top"
    edge, side = (places.top - BESIDE, "bottom") if above else (places.bottom + BESIDE, "top")
    for tick, text in zip(across["tickvals"], across["ticktext"], strict=True):
        scene.words(lines_of_markup(text, size, colour), (places.x(tick), edge), "center", side, size)
    if "title" in across:
        font = across["title"]["font"]
        below = places.bottom + BESIDE + LINE * size + across["title"]["standoff"]
        title = lines_of_markup(across["title"]["text"], font["size"], font["color"])
        scene.words(title, ((places.left + places.right) / 2, below), "center", "top", font["size"])
    if upright.get("showticklabels", True):
        size, colour = upright["tickfont"]["size"], upright["tickfont"]["color"]
        left = places.left - BESIDE - (upright.get("ticklen", 0) if upright.get("ticks") else 0)
        for tick, text in zip(upright["tickvals"], upright["ticktext"], strict=True):
            scene.words(lines_of_markup(text, size, colour), (left, places.y(tick)), "right", "middle", size)


def _bars(scene: Scene, trace: Trace, places: Places) -> None:
    marker, half = trace["marker"], trace["width"] / 2
    colours = marker["color"] if isinstance(marker["color"], list) else [marker["color"]] * len(trace["x"])
    for colour, base, length, row in zip(colours, trace["base"], trace["x"], trace["y"], strict=True):
        ends, sides = sorted((places.x(base), places.x(base + length))), sorted(map(places.y, (row - half, row + half)))
        scene.rect(ends[0], sides[0], ends[1] - ends[0], sides[1] - sides[0], {**marker, "color": colour})
    if "text" not in trace:
        return
    size, inks = trace["textfont"]["size"], trace["textfont"]["color"]
    for text, ink, base, length, row in zip(trace["text"], inks, trace["base"], trace["x"], trace["y"], strict=True):
        at = (places.x(base + length) - BESIDE, places.y(row))
        scene.words(lines_of_markup(text, size, ink), at, "right", "middle", size)


def _scatter(scene: Scene, trace: Trace, places: Places) -> None:
    points = [
        None if x is None or y is None else (places.x(x), places.y(y))
        for x, y in zip(trace["x"], trace["y"], strict=True)
    ]
    if "lines" in trace["mode"]:
        line = trace["line"]
        drawn = _stairs(points) if line.get("shape") == "hv" else points
        scene.line(drawn, line["color"], line["width"], line.get("dash", "solid"))
    if "markers" in trace["mode"]:
        for place, point in enumerate(points):
            if point is not None:
                add_symbol(scene, point, *_mark(trace["marker"], place))
    if "text" in trace["mode"]:
        _printed(scene, trace, points)


def _printed(scene: Scene, trace: Trace, points: Sequence[Point | None]) -> None:
    size, marked = trace["textfont"]["size"], "markers" in trace["mode"]
    for place, (point, text) in enumerate(zip(points, trace["text"], strict=True)):
        if point is None or not text:
            continue
        upright, across = _of(trace.get("textposition", "middle center"), place).split()
        away = (_of(trace["marker"]["size"], place) / 2 / 0.8 + 1) if marked else 0.0
        x = point[0] + {"left": -away, "center": 0, "right": away}[across]
        y = point[1] + {"top": -away, "middle": 0, "bottom": away}[upright]
        sides = {"left": "right", "center": "center", "right": "left"}
        edges = {"top": "bottom", "middle": "middle", "bottom": "top"}
        ink = _of(trace["textfont"]["color"], place)
        scene.words(lines_of_markup(text, size, ink), (x, y), sides[across], edges[upright], size)


def _stairs(points: Sequence[Point | None]) -> list[Point | None]:
    """Across first, then up."""
    found: list[Point | None] = []
    before: Point | None = None
    for point in points:
        if point is not None and before is not None:
            found.append((point[0], before[1]))
        found.append(point)
        before = point
    return found


def _mark(marker: Mapping[str, Any], place: int) -> tuple[str, float, str, float]:
    """Symbol, size, colour and width of its edge."""
    name, size = _of(marker.get("symbol", "circle"), place), _of(marker["size"], place)
    return name, size, _of(marker["color"], place), _of(marker.get("line", {}).get("width", 0), place)


def _of(told: Any, place: int) -> Any:
    return told[place] if isinstance(told, list | tuple) else told


# --- grids ------------------------------------------------------------------------------------------------------------


def _tiles(scene: Scene, trace: Trace, places: Places) -> None:
    (_, low), (_, high) = trace["colorscale"]
    start, span, half = trace["zmin"], trace["zmax"] - trace["zmin"], trace["xgap"] / 2
    by_colour: dict[str, list[list[Point]]] = {}
    for row, values in zip(trace["y"], trace["z"], strict=True):
        top, bottom = sorted((places.y(row - 0.5), places.y(row + 0.5)))
        for column, value in zip(trace["x"], values, strict=True):
            if value is None:
                continue
            left, right = places.x(column - 0.5) + half, places.x(column + 0.5) - half
            box = [(left, top + half), (right, top + half), (right, bottom - half), (left, bottom - half)]
            share = min(max((value - start) / span, 0.0), 1.0)
            by_colour.setdefault(blend(low, high, share), []).append(box)
    for colour, boxes in by_colour.items():
        scene.path(boxes, fill=colour, closed=True)
    if trace.get("showscale"):
        _scale_bar(scene, trace["colorbar"], (low, high), (start, trace["zmax"]), places)


def _scale_bar(
    scene: Scene, told: Mapping[str, Any], colours: tuple[str, str], ends: tuple[float, float], places: Places
) -> None:
    left, top = places.right + told["xpad"], places.top + SCALE_PAD
    wide, tall = told["thickness"], told["len"] - 2 * SCALE_PAD
    for step in range(SCALE_STEPS):
        colour = blend(*colours, 1 - (step + 0.5) / SCALE_STEPS)
        scene.rect(left, top + step * tall / SCALE_STEPS, wide, tall / SCALE_STEPS + 0.5, {"color": colour})
    size, colour = told["tickfont"]["size"], told["tickfont"]["color"]
    for tick in told["tickvals"]:
        at = top + (ends[1] - tick) / (ends[1] - ends[0]) * tall
        words = lines_of_markup(f"{tick:,.10g}", size, colour)
        scene.words(words, (left + wide + BESIDE, at), "left", "middle", size)


# --- radars -----------------------------------------------------------------------------------------------------------


def _radar(scene: Scene, polar: Mapping[str, Any], places: Places, traces: Sequence[Trace]) -> None:
    (left, right), (low, high) = polar["domain"]["x"], polar["domain"]["y"]
    wide, tall = (right - left) * places.width, (high - low) * places.height
    middle = (places.share_x((left + right) / 2), places.share_y((low + high) / 2))
    radius = min(wide, tall) / 2
    rings, spokes = polar["radialaxis"], polar["angularaxis"]
    start, end = rings["range"]

    def at(value: float, angle: float) -> Point:
        """Clockwise from the top."""
        far, turned = (value - start) / (end - start) * radius, math.radians(angle)
        return middle[0] + far * math.sin(turned), middle[1] - far * math.cos(turned)

    for ring in rings["tickvals"]:
        scene.circle(middle, (ring - start) / (end - start) * radius, "", rings["gridcolor"], 1)
    for angle in spokes["tickvals"]:
        scene.line([middle, at(end, angle)], spokes["gridcolor"], 1)
    for trace in traces:
        _outline(scene, trace, at)
    size, colour = rings["tickfont"]["size"], rings["tickfont"]["color"]
    for ring, text in zip(rings["tickvals"], rings["ticktext"], strict=True):
        scene.words(lines_of_markup(text, size, colour), at(ring, 90 - rings["angle"]), "left", "top", size)
    _axis_names(scene, spokes, middle, radius)


def _outline(scene: Scene, trace: Trace, at: Any) -> None:
    points = [
        None if value is None else at(value, angle) for value, angle in zip(trace["r"], trace["theta"], strict=True)
    ]
    line, marker, share = trace["line"], trace["marker"], trace.get("opacity", 1.0)
    if trace.get("fill") == "toself":
        scene.path([[point for point in points if point is not None]], fill=trace["fillcolor"], closed=True)
    scene.line(points, _paler(line["color"], share, scene.paper), line["width"], line["dash"])
    for point in points:
        if point is not None:
            add_symbol(scene, point, marker["symbol"], marker["size"], _paler(marker["color"], share, scene.paper), 0)


def _axis_names(scene: Scene, spokes: Mapping[str, Any], middle: Point, radius: float) -> None:
    size, colour = spokes["tickfont"]["size"], spokes["tickfont"]["color"]
    for angle, text in zip(spokes["tickvals"], spokes["ticktext"], strict=True):
        lines = lines_of_markup(text, size, colour)
        across, upwards = math.sin(math.radians(angle)), math.cos(math.radians(angle))
        tall = LINE * size * len(lines)
        x = middle[0] + (radius + RING) * across
        y = middle[1] - (radius + RING) * upwards - tall / 2 * upwards
        side = "center" if abs(across) < 0.1 else "left" if across > 0 else "right"  # noqa: PLR2004 - nearly upright
        scene.words(lines, (x, y), side, "middle", size)


def _paler(colour: str, share: float, paper: str) -> str:
    return colour if share == 1 else blend(paper, colour, share)


# --- the legend -------------------------------------------------------------------------------------------------------


def _legend(scene: Scene, layout: Mapping[str, Any], places: Places, traces: Sequence[Trace]) -> None:
    font, entries = layout["legend"]["font"], list(_entries(traces))
    names = [lines_of_markup(trace["name"], font["size"], font["color"])[0] for trace in entries]
    for trace, name, (left, middle) in zip(entries, names, legend_places(scene, layout, places, names), strict=True):
        _key(scene, trace, (left + KEY[0], middle))
        scene.words([name], (left + KEY[1], middle), "left", "middle", font["size"])


def _entries(traces: Sequence[Trace]) -> Iterator[Trace]:
    """The traces with an entry."""
    return (trace for trace in traces if trace.get("showlegend", True) and trace.get("name"))


def _key(scene: Scene, trace: Trace, at: Point) -> None:
    if trace["type"] == "bar":
        marker = trace["marker"]
        colour = _of(marker["color"], 0)
        scene.rect(at[0] - KEY_BAR, at[1] - KEY_BAR, 2 * KEY_BAR, 2 * KEY_BAR, {**marker, "color": colour})
        return
    mode = trace["mode"]
    share = trace.get("opacity", 1.0)
    if "lines" in mode:
        line = trace["line"]
        ends = [(at[0] - KEY_LINE, at[1]), (at[0] + KEY_LINE, at[1])]
        scene.line(ends, _paler(line["color"], share, scene.paper), line["width"], line.get("dash", "solid"))
    if "markers" in mode:
        name, size, colour, edge = _mark(trace["marker"], 0)
        add_symbol(scene, at, name, size, _paler(colour, share, scene.paper), edge)
