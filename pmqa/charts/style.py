"""The one look of every figure: fonts, title and subtitle, margins, footnotes and source, axes, and Plotly's config.

Heights are fixed and widths follow the page (MIN_WIDTH or more, on phones PHONE_WIDTH), so texts are wrapped here and
margins are counted in pixels: nothing is left to Plotly's automatic margins, which clip Thai marks and move the
footnotes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from pmqa.charts.palette import SHADES, Shades, Theme
from pmqa.charts.words import escaped, fitted, lines_of, width_of, wrapped
from pmqa.text import DEFAULT_LANGUAGE, Translator

FONT: Final = "Sarabun, 'Noto Sans Thai', 'Leelawadee UI', Thonburi, Loma, Garuda, sans-serif"
HALF_WIDTH: Final = 560  # pixels of a figure that stands beside something else
MIN_WIDTH: Final = 760  # pixels of one that has the page, of a screen that is none of a phone
PHONE_WIDTH: Final = 320  # pixels of one on a phone
EXPORT_WIDTH: Final = 760  # pixels of a picture: at a slide's full width its smallest words have 12 points
WIDE_EXPORT: Final = 960  # of one whose tiles would be too narrow for their numbers

TITLE_SIZE: Final = 18
PHONE_TITLE: Final = 16
SUBTITLE_SIZE: Final = 13
TEXT_SIZE: Final = 13
SMALL_SIZE: Final = 12
SMALLEST: Final = 11
LINE: Final = 1.3  # Plotly's own line height, in font sizes; Thai marks need all of it
EDGE: Final = 18  # empty pixels around everything
CAMERA: Final = 24  # pixels right of a title for the button that saves the chart
GAP: Final = 12
LEGEND_LINE: Final = 23
LEGEND_KEY: Final = 50  # pixels of an entry's mark and of the gap to the next
AXIS_TITLE: Final = 24
TICKS: Final = 26
FOOT: Final = "foot"  # name of the annotation that holds footnotes and source


@dataclass(frozen=True)
class Caption:
    """What every figure says about itself; already worded, plain text (charts escape it).

    title: the question or the finding. basis, edition, source, filters: as people read them. fiscal_year: as
    `t.year()` words it. n: agencies (or peers) in the figure. notes: what is missing, what to know. incomplete: whether
    statistics and ranks count agencies with incomplete answers too; the filters say so.
    """

    title: str
    basis: str
    fiscal_year: str
    edition: str
    n: int
    source: str
    notes: tuple[str, ...] = ()
    filters: str = ""
    incomplete: bool = False


@dataclass(frozen=True)
class Room:
    """Pixels around the plot, inside the texts: for row labels left, values right, column labels above, axis below."""

    left: int = 20
    right: int = 30
    above: int = 8
    below: int = TICKS


def drawn(
    traces: Sequence[Mapping[str, Any]],
    caption: Caption,
    t: Translator,
    *,
    theme: Theme,
    height: int,
    room: Room,
    layout: Mapping[str, Any],
    headline: str = "",
    notes: Sequence[str] = (),
    legend: Sequence[str] = (),
    legend_below: bool = False,
    width: int = MIN_WIDTH,
) -> go.Figure:
    """The figure: `traces` in a plot of `height` pixels, in this product's style.

    headline: its finding, above the caption's title, which then is its topic.
    notes: the chart's own, in front of the caption's. legend: plain names of the entries shown, for the space that
    they take; below the plot one a line (long names), otherwise above it in rows. width: the least that it has to fit.
    """
    shades = SHADES[theme]
    text_width = width - 2 * EDGE
    size = PHONE_TITLE if width <= PHONE_WIDTH else TITLE_SIZE
    title = lines_of(headline or caption.title, text_width - CAMERA, size)
    topic = lines_of(caption.title, text_width, SUBTITLE_SIZE) if headline else ()
    subtitle = [*topic, *lines_of(_subtitle(caption, t), text_width, SUBTITLE_SIZE)]
    foot = [line for note in (*notes, *caption.notes) for line in lines_of(note, text_width, SMALL_SIZE)]
    foot += lines_of(t("charts.source", source=caption.source), text_width, SMALL_SIZE)

    heading = EDGE + round(LINE * size * (len(title) + len(subtitle))) + GAP
    legend_rows = len(legend) if legend_below else _legend_rows(legend, width - room.left - room.right)
    legend_height = legend_rows * LEGEND_LINE + (GAP if legend_rows else 0)
    above = heading + room.above + (0 if legend_below else legend_height)
    foot_at = room.below + GAP + (legend_height if legend_below else 0)
    below = foot_at + round(LINE * len(foot) * SMALL_SIZE) + EDGE
    whole = above + height + below

    # In the plot's coordinates: above or below it, Plotly gives a legend the plot's width; beside it, half of that.
    legend_at = -(room.below + GAP) if legend_below else height + room.above + legend_height
    own = dict(layout)
    annotations = [*own.pop("annotations", ()), _footnote(foot, -foot_at, room, shades.muted)]
    return go.Figure(
        {
            "data": list(traces),
            "layout": {
                "template": {},
                "autosize": True,
                "height": whole,
                "margin": {"l": room.left, "r": room.right, "t": above, "b": below, "pad": 0, "autoexpand": False},
                "font": {"family": FONT, "size": TEXT_SIZE, "color": shades.ink},
                "paper_bgcolor": shades.background,
                "plot_bgcolor": shades.background,
                "title": _title(_heading(title, subtitle, shades.muted), size, whole, shades),
                "showlegend": bool(legend),
                "legend": _legend(EDGE / width, legend_at / height, shades, below=legend_below),
                "hovermode": "closest",
                "hoverlabel": _hover_label(shades),
                "dragmode": False,
                **own,
                "annotations": annotations,
            },
        },
        # Checking every property costs more than all the rest; the tests check every chart of the gallery.
        _validate=False,
    )


def _footnote(lines: Sequence[str], up: int, room: Room, colour: str) -> dict[str, Any]:
    """The lines below the plot. up: pixels from its lower edge to the top of the first, negative below."""
    return {
        "text": "<br>".join(escaped(line) for line in lines),
        "name": FOOT,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 0,
        "xanchor": "left",
        "yanchor": "top",
        "xshift": EDGE - room.left,
        "yshift": up,
        "align": "left",
        "showarrow": False,
        "borderpad": 0,
        "font": {"size": SMALL_SIZE, "color": colour},
    }


def _title(text: str, size: int, whole: int, shades: Shades) -> dict[str, Any]:
    return {
        "text": text,
        "font": {"size": size, "color": shades.ink},
        # By the first line's baseline: anchored at its top, Plotly moves a text of several lines up.
        "x": 0,
        "y": _title_at(whole),
        "xref": "container",
        "yref": "container",
        "xanchor": "left",
        "yanchor": "bottom",
        "pad": {"l": EDGE, "b": 0},
        "automargin": False,
    }


def _legend(x: float, y: float, shades: Shades, *, below: bool) -> dict[str, Any]:
    return {
        "orientation": "v" if below else "h",
        "xref": "container",
        "yref": "paper",
        "x": x,
        "y": y,
        "xanchor": "left",
        "yanchor": "top",
        "font": {"size": SMALL_SIZE, "color": shades.ink},
        "bgcolor": "rgba(0,0,0,0)",
        "itemclick": False,
        "itemdoubleclick": False,
        "traceorder": "normal",
    }


def _hover_label(shades: Shades) -> dict[str, Any]:
    return {
        "bgcolor": shades.background,
        "bordercolor": shades.muted,
        "font": {"family": FONT, "size": TEXT_SIZE, "color": shades.ink},
        "align": "left",
        "namelength": -1,
    }


def with_origin(figure: go.Figure, origin: str) -> go.Figure:
    """The figure of a file: below its source, which data it shows and when it was made. origin: plain text, worded."""
    made: dict[str, Any] = figure.to_dict()
    layout = made["layout"]
    lines = lines_of(origin, MIN_WIDTH - 2 * EDGE, SMALL_SIZE)
    more = round(LINE * len(lines) * SMALL_SIZE)
    foot = next(annotation for annotation in layout["annotations"] if annotation.get("name") == FOOT)
    foot["text"] = "<br>".join([foot["text"], *(escaped(line) for line in lines)])
    layout["height"] += more
    layout["margin"]["b"] += more
    layout["title"]["y"] = _title_at(layout["height"])
    return go.Figure(made, _validate=False)


def _title_at(whole: int) -> float:
    """Where the title's first line stands, as a share of the figure's height."""
    return 1 - (EDGE + TITLE_SIZE) / whole


def figure_config(file_name: str, language: str = DEFAULT_LANGUAGE, image: str = "svg") -> dict[str, Any]:
    """Plotly's config: a button that saves `file_name` (no extension) as svg or png (2x); no logo, zoom or MathJax."""
    return {
        "displaylogo": False,
        "displayModeBar": True,
        "responsive": True,
        "scrollZoom": False,
        "doubleClick": False,
        "typesetMath": False,
        "locale": language,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": image, "filename": file_name, "scale": 2},
    }


def axis_room(title: str, width: float) -> int:
    """Pixels below a plot for an axis' numbers and its title in lines of at most `width` pixels."""
    lines = len(lines_of(title, width, SMALL_SIZE)) if title else 0
    return TICKS + (AXIS_TITLE if lines else 0) + round(max(lines - 1, 0) * LINE * SMALL_SIZE)


def value_axis(
    theme: Theme, title: str, limits: tuple[float, float], ticks: Sequence[float], width: float = math.inf
) -> dict[str, Any]:
    """An axis with a fixed range and thin rules; its title in lines of at most `width` pixels."""
    shades = SHADES[theme]
    return {
        "range": list(limits),
        "autorange": False,
        "fixedrange": True,
        "tickvals": list(ticks),
        "ticktext": [f"{tick:,.10g}" for tick in ticks],
        "tickfont": {"size": SMALL_SIZE, "color": shades.muted},
        **(
            {
                "title": {
                    "text": wrapped(title, width, SMALL_SIZE),
                    "font": {"size": SMALL_SIZE, "color": shades.muted},
                    "standoff": 6,
                }
            }
            if title
            else {}
        ),
        "gridcolor": shades.grid,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "automargin": False,
    }


def hatched(colour: str, background: str, shape: str, solidity: float = 0.3) -> dict[str, Any]:
    """A bar's marker with a pattern: held back, unanswered, no score."""
    return {
        "color": background,
        "line": {"width": 1, "color": colour},
        "pattern": {"shape": shape, "fgcolor": colour, "bgcolor": background, "size": 6, "solidity": solidity},
    }


def label(
    text: str, x: float, y: float, theme: Theme, *, size: int = SMALL_SIZE, colour: str = "", **more: Any
) -> dict[str, Any]:
    """An annotation without arrow; `text` is escaped already (escaped, wrapped)."""
    return {
        "text": text,
        "x": x,
        "y": y,
        "showarrow": False,
        "font": {"size": size, "color": colour or SHADES[theme].ink},
        **more,
    }


def posts(
    x: Sequence[float | None], y: Sequence[float], name: str, colour: str, half: float, dash: str = "solid"
) -> dict[str, Any]:
    """Upright strokes at x, `half` a row up and down, as one line trace: medians, targets."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": escaped(name),
        "x": [part for value in x for part in (value, value, None)],
        "y": [part for row in y for part in (row - half, row + half, None)],
        "line": {"color": colour, "width": 3, "dash": dash},
        "hoverinfo": "skip",
    }


def above_plot(text: str, theme: Theme, width: float = math.inf) -> dict[str, Any]:
    """An annotation at the plot's upper left, plain text in lines of at most `width` pixels: what the upright axis
    measures, without turning the head."""
    return {
        "text": wrapped(text, width, SMALL_SIZE),
        "align": "left",
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 6,
        "showarrow": False,
        "font": {"size": SMALL_SIZE, "color": SHADES[theme].muted},
    }


def beside_plot(text: str, place: float, theme: Theme, *, quiet: bool = False) -> dict[str, Any]:
    """An annotation right of the plot at a row; `text` is escaped already."""
    shades = SHADES[theme]
    return {
        "text": text,
        "xref": "paper",
        "x": 1,
        "y": place,
        "xanchor": "left",
        "xshift": 12,
        "align": "left",
        "showarrow": False,
        "font": {"size": SMALL_SIZE, "color": shades.muted if quiet else shades.ink},
    }


def see_through(colour: str, share: float) -> str:
    """#rrggbb with an opacity of 0..1."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:g})"


def legend_name(name: str, suffix: str = "", width: int = MIN_WIDTH) -> str:
    """A legend's entry of one line, plain text: a long name gives way, what follows it never."""
    beside = f" · {suffix}" if suffix else ""
    return "".join(fitted(name, width - 2 * EDGE - LEGEND_KEY, SMALL_SIZE, 1, beside))


def key_of(what: str, entries: Iterable[str], width: int = MIN_WIDTH) -> list[str]:
    """Footnotes that say what numbers in the figure stand for, plain text: "what: 1 one · 2 two", no entry torn."""
    lines = [what]
    for place, entry in enumerate(entries):
        longer = f"{lines[-1]}{' · ' if place else ': '}{entry}"
        fits = not place or len(lines_of(longer, width - 2 * EDGE, SMALL_SIZE)) == 1
        lines[-1:] = [longer] if fits else [lines[-1], entry]
    return lines


def _heading(title: Sequence[str], subtitle: Sequence[str], muted: str) -> str:
    """Title and subtitle in one text: Plotly's own subtitle keeps a distance that depends on the font."""
    small = "<br>".join(escaped(line) for line in subtitle)
    lines = [
        *(f"<b>{escaped(line)}</b>" for line in title),
        f'<span style="font-size:{SUBTITLE_SIZE}px;color:{muted}">{small}</span>',
    ]
    return "<br>".join(lines)


def _subtitle(caption: Caption, t: Translator) -> str:
    line = t(
        "charts.subtitle",
        basis=caption.basis,
        year=caption.fiscal_year,
        edition=caption.edition,
        n=t.number(caption.n, 0),
    )
    return f"{line} · {caption.filters}" if caption.filters else line


def _legend_rows(names: Sequence[str], room: int) -> int:
    """Rows of a legend above the plot: one if it fits, otherwise Plotly sets columns as wide as the widest entry."""
    if not names:
        return 0
    widths = [width_of(name, SMALL_SIZE) + LEGEND_KEY for name in names]
    return 1 if sum(widths) <= room else math.ceil(len(widths) / max(1, int(room // max(widths))))
