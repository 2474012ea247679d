"""A page printed by the browser: what it shows and of whom, without what only a screen can use; no chart cut in two."""

from __future__ import annotations

from typing import Final

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
