"""A page printed by the browser: what it shows and of whom, without what only a screen can use; no chart cut in two."""

from __future__ import annotations

from functools import cache
from typing import Final

from pmqa.charts.palette import ON_DARK, SHADES, Theme

# A chart is as wide as it was drawn on the screen, so the page is made smaller until it fits on A4, by how much
# static/screen.js says. What is chosen stays, as its labels and values say of what the figures are; buttons go.
PRINTED: Final = """<style>
@media print {
  @page { size: A4 portrait; margin: 10mm; }
  :is(html, body, #root, #root > div, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"],
      [data-testid="stMainBlockContainer"]) {
    position: static !important; display: block !important; height: auto !important; min-height: 0 !important;
    max-height: none !important; max-width: none !important; overflow: visible !important;
  }
  body { zoom: var(--pmqa-paper, 0.66); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  [data-testid="stMainBlockContainer"] { padding: 0 !important; }
  :is([data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stStatusWidget"], [data-testid="stToast"],
      [data-testid="stTabs"] [role="tablist"], [data-testid="stElementToolbar"], [data-testid="stTooltipIcon"],
      .stButton, .stDownloadButton, [data-testid="stPopover"], [data-testid="stPageLink"],
      [data-testid="stFileUploader"], .stCheckbox, .modebar, button:not([aria-checked="true"])) {
    display: none !important;
  }
  .st-key-highlights [data-testid="stPageLink"] { display: block !important; }
  .st-key-filters, .st-key-controls { gap: 0.25rem 1rem !important; }
  :is([data-testid="stSelectbox"], [data-testid="stMultiSelect"]) [role="group"] {
    border-color: transparent !important; background: none !important;
  }
  :is(.stPlotlyChart, [data-testid="stMetric"], [data-testid="stDataFrame"], tr) { break-inside: avoid; }
  [class*="st-key-card-"] { break-inside: auto; border: none !important; padding-inline: 0 !important; }
  :is(h1, h2, h3, h4) { break-after: avoid; }
  [data-testid="stDialog"] { position: static !important; }
}
</style>"""

# What is written in the ink of the page; levels stay on their own paper. Bars have an edge, as those that are pale on
# white would have; tiles, which are one picture, and tables on a canvas are turned round.
_ON_WHITE: Final = """
  .stApp, .stApp :not(.main-svg *, [class^="pmqa-"] *, canvas) {
    color: %(ink)s !important; background: none !important; border-color: %(grid)s !important;
    box-shadow: none !important;
  }
  ::placeholder { color: %(muted)s !important; opacity: 1 !important; }
  :is(html, body) { background: %(paper)s !important; }
  .heatmaplayer:not(:empty) ~ .scatterlayer text[style*="fill: rgb(0, 0, 0)"] { fill: #fff !important; }
  .heatmaplayer:not(:empty) ~ .scatterlayer text[style*="fill: rgb(255, 255, 255)"] { fill: #000 !important; }
  .barlayer path[style*="stroke-width: 0px"] { stroke: %(muted)s !important; stroke-width: 1px !important; }
  :is(canvas, .heatmaplayer image, .cbfills) { filter: invert(1) hue-rotate(180deg); }
"""


@cache
def printed(theme: Theme) -> str:
    """How a page is printed from a screen of this theme: always on white. What was drawn for the dark has the colours
    of the light there, one by one: a filter over everything would print words as pictures and levels in other colours.
    """
    if theme == "light":
        return PRINTED
    dark, light = SHADES["dark"], SHADES["light"]
    neutral = {getattr(dark, name): getattr(light, name) for name in ("background", "ink", "muted", "grid", "band")}
    on_white = neutral | {seen: own for own, seen in ON_DARK.items()}
    drawn = "".join(_instead(*pair) for pair in on_white.items())
    page = _ON_WHITE % {"ink": light.ink, "grid": light.grid, "muted": light.muted, "paper": light.background}
    return f"<style>@media print {{{page}{drawn}}}</style>{PRINTED}"


def _instead(dark: str, light: str) -> str:
    """Fills and lines as browsers write them back, as Plotly words those of a hatch, and of a part of a title."""
    said = f"rgb({', '.join(str(int(dark[at : at + 2], 16)) for at in (1, 3, 5))})"
    return "".join(
        f'.main-svg :is([style*="{what}: {said}"], [style*="{what}:{dark}"], [{what}="{said}"])'
        f" {{ {what}: {light} !important; }}\n"
        for what in ("fill", "stroke")
    )
